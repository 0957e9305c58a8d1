"""Laws of the named kernels: what each answers to, with which sign and scale, and what leaves it silent."""

import re
from fractions import Fraction

import numpy as np
import pytest
from scipy import ndimage

from coursekit import filters
from coursekit.convolution import convolve2d, correlate1d, correlate2d

ROWS, COLUMNS = np.mgrid[0:9, 0:11]
EDGE_DETECTORS = [
    "horizontal edge",
    "vertical edge",
    "all edges",
    "sobel x",
    "sobel y",
    "prewitt x",
    "prewitt y",
    "laplacian",
]
# kernel: (slope to the right, slope downwards) that it reports as 1 after division by its stated scale
GRADIENTS = {
    "horizontal edge": (0, 6),
    "vertical edge": (-6, 0),
    "sobel x": (8, 0),
    "sobel y": (0, 8),
    "prewitt x": (6, 0),
    "prewitt y": (0, 6),
    "laplacian": (0, 0),
    "all edges": (0, 0),
}


def drawings():
    """Every kernel drawn in the module's text: {name of the constant: rows of numbers}."""
    drawn = re.findall(r"^([A-Z_]+): [^\n]*(?:\n\S[^\n]*)*\n\n((?:    +[-\d/ ]+\n){3})", filters.__doc__, re.MULTILINE)
    return {
        name: [[float(Fraction(number)) for number in row.split()] for row in rows.splitlines()] for name, rows in drawn
    }


def constants():
    return {
        name.lower().replace("_", " "): value for name, value in vars(filters).items() if isinstance(value, np.ndarray)
    }


def test_every_constant_is_drawn_and_equals_its_drawing():
    assert {name.lower().replace("_", " ") for name in drawings()} == set(constants())
    for name, rows in drawings().items():
        np.testing.assert_array_equal(getattr(filters, name), rows, err_msg=name, strict=False)


def test_every_constant_is_found_by_its_name_and_nothing_else_is():
    assert dict(filters.NAMED).keys() == constants().keys()
    for name, kernel in constants().items():
        assert filters.NAMED[name] is kernel and kernel.shape == (3, 3)


def test_nobody_can_change_a_named_kernel():
    for kernel in filters.NAMED.values():
        with pytest.raises(ValueError, match="read-only"):
            kernel[0, 0] = 7
    with pytest.raises(TypeError):
        filters.NAMED["sobel x"] = np.zeros((3, 3))


@pytest.mark.parametrize("name", EDGE_DETECTORS)
def test_a_constant_image_has_zero_response_to_every_edge_detector(name):
    assert not correlate2d(np.full((6, 7), 200, np.uint8), filters.NAMED[name]).any()


@pytest.mark.parametrize("name", ["smoothing", "sharpen", "emboss"])
def test_a_constant_image_passes_through_what_sums_to_one(name):
    np.testing.assert_allclose(correlate2d(np.full((6, 7), 0.25), filters.NAMED[name]), 0.25)


@pytest.mark.parametrize("name", GRADIENTS)
def test_the_response_to_a_slope_has_the_stated_scale_and_sign(name):
    to_the_right, downwards = GRADIENTS[name]
    assert (correlate2d(COLUMNS, filters.NAMED[name]) == to_the_right).all()
    assert (correlate2d(ROWS, filters.NAMED[name]) == downwards).all()


@pytest.mark.parametrize(("name", "sign"), [("horizontal edge", 1), ("sobel y", 1), ("prewitt y", 1)])
def test_a_horizontal_edge_gives_a_horizontal_line_positive_where_it_is_brighter_below(name, sign):
    edge = (ROWS >= 5).astype(float)
    response = correlate2d(edge, filters.NAMED[name], padding="same", boundary="symmetric")
    assert (sign * response[4:6] > 0).all()
    assert not response[:4].any() and not response[6:].any()
    assert not correlate2d((COLUMNS >= 5).astype(float), filters.NAMED[name]).any()


@pytest.mark.parametrize(("name", "sign"), [("vertical edge", -1), ("sobel x", 1), ("prewitt x", 1)])
def test_a_vertical_edge_gives_a_vertical_line_with_the_stated_sign(name, sign):
    edge = (COLUMNS >= 5).astype(float)  # brighter on the right
    response = correlate2d(edge, filters.NAMED[name], padding="same", boundary="symmetric")
    assert (sign * response[:, 4:6] > 0).all()
    assert not response[:, :4].any() and not response[:, 6:].any()
    assert not correlate2d((ROWS >= 5).astype(float), filters.NAMED[name]).any()


def test_all_edges_is_nine_times_the_excess_over_the_neighbourhood():
    image = np.random.default_rng(0).normal(size=(6, 8))
    excess = image[1:-1, 1:-1] - correlate2d(image, filters.SMOOTHING)
    np.testing.assert_allclose(correlate2d(image, filters.ALL_EDGES), 9 * excess, atol=1e-12)


def test_smoothing_is_the_mean_of_the_neighbourhood():
    assert correlate2d(np.arange(9).reshape(3, 3), filters.SMOOTHING) == pytest.approx(4)


def test_laplacian_is_the_sum_of_second_differences():
    np.testing.assert_array_equal(
        correlate2d(3 * ROWS**2 + 5 * COLUMNS**2, filters.LAPLACIAN), np.full((7, 9), 2 * 3 + 2 * 5)
    )


def test_sharpen_is_the_picture_minus_its_laplacian():
    image = np.random.default_rng(0).integers(0, 256, (6, 8)).astype(np.uint8)
    expected = image[1:-1, 1:-1].astype(int) - correlate2d(image, filters.LAPLACIAN)
    np.testing.assert_array_equal(correlate2d(image, filters.SHARPEN), expected)


def test_emboss_adds_six_times_the_slopes_to_the_brightness():
    inside = (slice(1, -1), slice(1, -1))
    for image in (ROWS, COLUMNS):
        np.testing.assert_array_equal(correlate2d(image, filters.EMBOSS), image[inside] + 6)


def test_relations_between_the_named_kernels():
    np.testing.assert_array_equal(filters.HORIZONTAL_EDGE, filters.PREWITT_Y)
    np.testing.assert_array_equal(filters.VERTICAL_EDGE, -filters.PREWITT_X)
    np.testing.assert_array_equal(filters.SOBEL_X, filters.SOBEL_Y.T)
    np.testing.assert_array_equal(filters.PREWITT_X, filters.PREWITT_Y.T)


@pytest.mark.parametrize(("axis", "name"), [(1, "sobel x"), (0, "sobel y")])
def test_sobel_and_prewitt_equal_those_of_scipy(axis, name):
    image = np.random.default_rng(0).normal(size=(7, 9))
    ours = correlate2d(image, filters.NAMED[name], padding="same", boundary="symmetric")
    np.testing.assert_allclose(ours, ndimage.sobel(image, axis), atol=1e-12)
    ours = correlate2d(image, filters.NAMED[name.replace("sobel", "prewitt")], padding="same", boundary="symmetric")
    np.testing.assert_allclose(ours, ndimage.prewitt(image, axis), atol=1e-12)


def test_convolution_reverses_the_sign_of_an_odd_kernel():
    image = np.random.default_rng(0).normal(size=(7, 9))
    np.testing.assert_allclose(convolve2d(image, filters.SOBEL_X), -correlate2d(image, filters.SOBEL_X))


# Gaussian


@pytest.mark.parametrize("size", [1, 2, 5, (3, 6)])
def test_gaussian_sums_to_one_is_symmetric_and_has_the_asked_shape(size):
    kernel = filters.gaussian(size, 1.3)
    assert kernel.shape == (size if isinstance(size, tuple) else (size, size))
    assert kernel.sum() == pytest.approx(1)
    np.testing.assert_allclose(kernel, kernel[::-1, ::-1])


def test_gaussian_falls_to_exp_of_minus_a_half_at_sigma():
    kernel = filters.gaussian(9, sigma=3)
    assert kernel[4, 7] / kernel[4, 4] == pytest.approx(np.exp(-1 / 2))
    assert kernel[1, 4] / kernel[4, 4] == pytest.approx(np.exp(-1 / 2))


def test_gaussian_equals_the_one_of_scipy():
    image = np.random.default_rng(0).normal(size=(12, 17))
    expected = ndimage.gaussian_filter(image, sigma=1.5, truncate=2)  # radius 3: 7 entries
    ours = correlate2d(image, filters.gaussian(7, 1.5), padding="same", boundary="symmetric")
    np.testing.assert_allclose(ours, expected, atol=1e-12)


def test_gaussian_is_separable_rows_then_columns_do_the_same():
    image = np.random.default_rng(0).normal(size=(8, 10))
    weights = filters.gaussian_1d(5, 0.8)
    rows = np.array([correlate1d(row, weights) for row in image])
    both = np.array([correlate1d(column, weights) for column in rows.T]).T
    np.testing.assert_allclose(correlate2d(image, filters.gaussian(5, 0.8)), both)
    assert np.linalg.matrix_rank(filters.gaussian(5, 0.8)) == 1


def test_a_very_narrow_gaussian_is_a_single_point_or_the_two_in_the_middle():
    np.testing.assert_array_equal(filters.gaussian_1d(5, 1e-3), [0, 0, 1, 0, 0])
    np.testing.assert_array_equal(filters.gaussian_1d(4, 1e-3), [0, 0.5, 0.5, 0])
    np.testing.assert_array_equal(filters.gaussian_1d(4, 1e-300), [0, 0.5, 0.5, 0])
    np.testing.assert_array_equal(filters.gaussian_1d(4, 1e300), [0.25] * 4)


# Soft edge


def test_soft_edge_hand_worked_at_zero_degrees():
    np.testing.assert_allclose(filters.soft_edge((1, 3), 0, 2), [[np.tanh(-1 / 2), 0, np.tanh(1 / 2)]])
    np.testing.assert_allclose(filters.soft_edge((2, 1), 90, 2), [[np.tanh(1 / 4)], [np.tanh(-1 / 4)]])


@pytest.mark.parametrize(
    ("angle", "brighter"), [(0, COLUMNS), (90, -ROWS), (180, -COLUMNS), (270, ROWS), (45, COLUMNS - ROWS)]
)
def test_soft_edge_answers_most_to_what_gets_brighter_in_its_direction(angle, brighter):
    responses = {a: correlate2d(brighter, filters.soft_edge(5, a, 2))[0, 0] for a in range(0, 360, 15)}
    assert max(responses, key=responses.get) == angle
    assert min(responses, key=responses.get) == (angle + 180) % 360


@pytest.mark.parametrize("size", [3, 4, (5, 2)])
@pytest.mark.parametrize("angle", [0, 33, 90.5, -120])
def test_soft_edge_is_silent_on_a_constant_and_its_own_negative_when_turned(size, angle):
    kernel = filters.soft_edge(size, angle, 0.7)
    assert kernel.sum() == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(kernel[::-1, ::-1], -kernel, atol=1e-15)
    np.testing.assert_allclose(filters.soft_edge(size, angle + 180, 0.7), -kernel, atol=1e-12)


def test_a_hard_soft_edge_is_a_jump_and_a_very_soft_one_a_ramp():
    np.testing.assert_allclose(filters.soft_edge(3, 90, 1e-3), filters.HORIZONTAL_EDGE[::-1], atol=1e-12)
    ramp = filters.soft_edge(5, 0, 1e4) * 1e4
    np.testing.assert_allclose(ramp, np.tile([-2, -1, 0, 1, 2], (5, 1)), atol=1e-6)


# Gabor


def test_gabor_hand_worked_along_a_row():
    expected = np.exp(-np.array([4, 1, 0, 1, 4]) / (2 * 3**2)) * np.cos(2 * np.pi * np.arange(-2, 3) / 8 + np.pi / 6)
    np.testing.assert_allclose(filters.gabor((1, 5), 90, 8, phase=30, sigma=3)[0], expected)
    np.testing.assert_allclose(filters.gabor((5, 1), 0, 8, phase=30, sigma=3)[:, 0], expected)


@pytest.mark.parametrize("orientation", [0, 30, 90, 135])
def test_gabor_answers_most_to_stripes_of_its_own_orientation_and_wavelength(orientation):
    def stripes(angle, wavelength):
        rows, columns = np.mgrid[-15:16, -15:16]
        across = columns * np.sin(np.radians(angle)) + rows * np.cos(np.radians(angle))
        return np.cos(2 * np.pi * across / wavelength)

    kernel = filters.gabor(31, orientation, wavelength=8)
    by_angle = {a: (kernel * stripes(a, 8)).sum() for a in range(0, 180, 15)}
    by_wavelength = {w: (kernel * stripes(orientation, w)).sum() for w in (4, 6, 8, 11, 16)}
    assert max(by_angle, key=by_angle.get) == orientation
    assert max(by_wavelength, key=by_wavelength.get) == 8


def test_the_phase_of_a_gabor_sets_its_sign_and_symmetry():
    even, dark = filters.gabor(9, 20, 6, 0), filters.gabor(9, 20, 6, 180)
    rising, falling = filters.gabor(9, 90, 6, -90), filters.gabor(9, 90, 6, 90)
    assert even[4, 4] == 1
    np.testing.assert_allclose(dark, -even)
    np.testing.assert_allclose(even, even[::-1, ::-1])
    np.testing.assert_allclose(falling, -rising, atol=1e-12)
    assert rising.sum() == pytest.approx(0, abs=1e-12)
    assert rising[4, 5] > 0 > rising[4, 3]  # t points to the right for vertical stripes
    downwards = filters.gabor(9, 0, 6, -90)
    assert downwards[5, 4] > 0 > downwards[3, 4]  # and down for horizontal ones


def test_the_usual_window_of_a_gabor_is_one_octave_wide_at_half_height():
    spectrum = np.abs(np.fft.rfft(filters.gabor((1, 4001), 90, wavelength=100)[0], 2**18))
    frequencies = np.fft.rfftfreq(2**18)
    band = frequencies[spectrum >= spectrum.max() / 2]
    assert np.log2(band[-1] / band[0]) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("size", [1e-320, 1e-200, 1e200, 1e308])
@pytest.mark.parametrize("name", ["wavelength", "sigma", "aspect"])
def test_a_gabor_of_any_size_has_finite_numbers(name, size):
    kernel = filters.gabor(5, 30, **{"wavelength": 4, name: size})
    assert np.abs(kernel).max() <= 1 and kernel[2, 2] == 1


def test_aspect_and_sigma_shape_the_window_of_a_gabor():
    kernel = filters.gabor(21, 0, wavelength=8, sigma=4, aspect=0.5)
    assert kernel[10, 18] == pytest.approx(np.exp(-((8 * 0.5) ** 2) / (2 * 4**2)))  # along the stripe
    assert kernel[18, 10] == pytest.approx(np.exp(-(8**2) / (2 * 4**2)))  # one wavelength across
    np.testing.assert_array_equal(filters.gabor(9, 0, 8), filters.gabor(9, 0, 8, phase=0, sigma=0.56 * 8, aspect=1))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: filters.gaussian(0, 1), ValueError, "size must be an integer of at least 1. Received: 0"),
        (lambda: filters.gaussian((3, 3, 3), 1), ValueError, r"size must be .* pair .*Received: \(3, 3, 3\)"),
        (lambda: filters.gaussian(3, 0), ValueError, "sigma must be a finite number greater than 0. Received: 0"),
        (lambda: filters.gaussian(3, "wide"), TypeError, "sigma must be a finite number .*Received: 'wide'"),
        (lambda: filters.gaussian_1d(3.0, 1), TypeError, "size must be an integer .*Received: 3.0"),
        (lambda: filters.soft_edge(3, 0, -1), ValueError, "scale must be .*greater than 0. Received: -1"),
        (lambda: filters.soft_edge(3, float("nan"), 1), ValueError, "angle must be a finite number. Received: nan"),
        (lambda: filters.soft_edge(3, None, 1), TypeError, "angle must be a finite number. Received: None"),
        (lambda: filters.gabor(-3, 0, 4), ValueError, "size must be .*Received: -3"),
        (lambda: filters.gabor(3, np.inf, 4), ValueError, "orientation must be a finite number. Received: inf"),
        (lambda: filters.gabor(3, 0, 0), ValueError, "wavelength must be .*greater than 0. Received: 0"),
        (lambda: filters.gabor(3, 0, 4, phase="odd"), TypeError, "phase must be .*Received: 'odd'"),
        (lambda: filters.gabor(3, 0, 4, sigma=0), ValueError, "sigma must be .*greater than 0. Received: 0"),
        (lambda: filters.gabor(3, 0, 4, aspect=True), TypeError, "aspect must be .*Received: True"),
    ],
)
def test_wrong_settings_are_named_with_what_was_received(make, error, message):
    with pytest.raises(error, match=message):
        make()
