"""The drawn pictures have the values their formulas say, at every angle, size and shape."""

import cmath
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit import filters, patterns

SIZES = st.tuples(st.integers(1, 20), st.integers(1, 20))
DRAWN = [patterns.checkerboard, patterns.bars, patterns.edge]


@pytest.mark.parametrize("draw", DRAWN)
def test_pictures_are_float32_from_0_to_1_of_the_given_shape(draw):
    picture = draw(size=(24, 40))
    assert picture.dtype == np.float32 and picture.shape == (24, 40)
    assert picture.min() == pytest.approx(0, abs=1e-6) and picture.max() == 1


@pytest.mark.parametrize("draw", DRAWN)
def test_pictures_have_128_by_128_pixels_unless_told(draw):
    assert draw().shape == (128, 128)


@given(square=st.integers(1, 9), size=SIZES)
@settings(max_examples=50, deadline=None)
def test_neighbouring_squares_of_a_checkerboard_differ(square, size):
    board = patterns.checkerboard(square, size)
    assert board[0, 0] == 0
    np.testing.assert_array_equal(board[square:], 1 - board[:-square])
    np.testing.assert_array_equal(board[:, square:], 1 - board[:, :-square])
    assert np.ptp(board[:square, :square]) == 0


def distance(pixel, size, angle):
    """How far a pixel lies from the centre in the direction `angle`, by complex numbers, y upwards."""
    point = complex(pixel[1] - (size[1] - 1) / 2, (size[0] - 1) / 2 - pixel[0])
    return (point / cmath.rect(1, math.radians(angle))).real


ANGLES = st.floats(-400, 400)
WAVES = dict(orientation=ANGLES, wavelength=st.floats(1, 30), phase=st.floats(-800, 800), size=SIZES)


@given(**WAVES)
@settings(max_examples=60, deadline=None)
def test_smooth_bars_are_a_cosine_across_their_direction(orientation, wavelength, phase, size):
    picture = patterns.bars(orientation, wavelength, phase, smooth=True, size=size)
    expected = np.zeros(size)
    for pixel in np.ndindex(*size):
        turns = distance(pixel, size, orientation - 90) / wavelength + phase / 360
        expected[pixel] = (1 + math.cos(2 * math.pi * turns)) / 2
    np.testing.assert_allclose(picture, expected, atol=1e-6)


@given(**WAVES)
@settings(max_examples=60, deadline=None)
def test_sharp_bars_are_white_where_smooth_ones_are_brighter_than_half(orientation, wavelength, phase, size):
    sharp = patterns.bars(orientation, wavelength, phase, size=size)
    smooth = patterns.bars(orientation, wavelength, phase, smooth=True, size=size)
    clear = abs(smooth - 0.5) > 1e-5
    np.testing.assert_array_equal(sharp[clear], smooth[clear] > 0.5)


def test_bars_at_0_are_horizontal_at_90_upright_and_at_45_climb_to_the_right():
    assert np.ptp(patterns.bars(0, size=(24, 40)), axis=1).max() == 0
    assert np.ptp(patterns.bars(90, size=(24, 40)), axis=0).max() == 0
    climbing = patterns.bars(45, 8, size=(24, 40))
    np.testing.assert_array_equal(climbing[1:, :-1], climbing[:-1, 1:])  # the same, one down and one left


@pytest.mark.parametrize("orientation", range(-180, 361, 90))
def test_a_bar_at_right_angles_is_straight_even_where_its_border_meets_pixels(orientation):
    picture = patterns.bars(orientation, 4, size=(33, 21))
    assert np.ptp(picture, axis=1 if orientation % 180 == 0 else 0).max() == 0


@pytest.mark.parametrize("side", [31, 32])
@pytest.mark.parametrize("angle", [0, 17, 45, 90])
def test_a_quarter_turn_of_the_angle_is_a_quarter_turn_of_the_picture(side, angle):
    turned = patterns.bars(angle + 90, 8, 36, size=side)
    np.testing.assert_array_equal(turned, np.rot90(patterns.bars(angle, 8, 36, size=side)))
    np.testing.assert_allclose(patterns.edge(angle + 90, 3, side), np.rot90(patterns.edge(angle, 3, side)))


def test_a_growing_phase_moves_horizontal_bars_up_and_upright_ones_left():
    lying, upright = patterns.bars(0, 16), patterns.bars(90, 16)
    np.testing.assert_array_equal(patterns.bars(0, 16, 90)[:-4], lying[4:])
    np.testing.assert_array_equal(patterns.bars(90, 16, 90)[:, :-4], upright[:, 4:])
    np.testing.assert_array_equal(patterns.bars(90, 16, 180), 1 - upright)
    np.testing.assert_array_equal(patterns.bars(90, 16, 360), upright)


def test_bars_take_half_of_each_wavelength():
    assert patterns.bars(0, 6, size=(60, 3)).mean() == 0.5
    np.testing.assert_array_equal(patterns.bars(90, 6, size=(1, 10))[0], [0, 0, 0, 1, 1, 1, 0, 0, 0, 1])


@pytest.mark.parametrize("orientation, phase", [(0, 0), (90, -90), (30, 20), (135, 90)])
def test_orientation_wavelength_and_phase_are_those_of_a_gabor_kernel(orientation, phase):
    kernel = filters.gabor((9, 15), orientation, 5, phase, sigma=1e6)  # a window wide open
    picture = patterns.bars(orientation, 5, phase, smooth=True, size=(9, 15))
    np.testing.assert_allclose(picture, 0.5 + 0.5 * kernel, atol=1e-6)


@pytest.mark.parametrize("angle", [0, 30, 90, 225])
def test_the_angle_and_profile_of_an_edge_are_those_of_a_soft_edge_kernel(angle):
    kernel = filters.soft_edge((9, 15), angle, scale=1.5)
    np.testing.assert_allclose(patterns.edge(angle, 1.5, (9, 15)), 0.5 + 0.5 * kernel, atol=1e-6)


@given(angle=ANGLES, blur=st.floats(0.1, 20), size=SIZES)
@settings(max_examples=60, deadline=None)
def test_an_edge_is_the_tanh_of_the_distance_from_it(angle, blur, size):
    picture = patterns.edge(angle, blur, size)
    for pixel in ((0, 0), (size[0] - 1, 0), (0, size[1] - 1)):
        expected = (1 + math.tanh(distance(pixel, size, angle) / blur)) / 2
        assert picture[pixel] == pytest.approx(expected, abs=1e-6)


def test_an_edge_gets_brighter_to_the_right_at_angle_0_and_upwards_at_90():
    right, up = patterns.edge(0, size=(8, 6)), patterns.edge(90, size=(8, 6))
    assert np.diff(right, axis=1).min() > 0 and np.ptp(right, axis=0).max() == 0
    assert np.diff(up, axis=0).max() < 0 and np.ptp(up, axis=1).max() == 0


def test_an_edge_without_blur_is_a_step_and_half_bright_on_itself():
    np.testing.assert_array_equal(patterns.edge(90, blur=0, size=(3, 2)), [[1, 1], [0.5, 0.5], [0, 0]])
    np.testing.assert_array_equal(patterns.edge(135, blur=0, size=3), [[1, 1, 0.5], [1, 0.5, 0], [0.5, 0, 0]])


def test_the_phantom_has_toft_s_values_at_points_read_off_its_table():
    phantom = patterns.shepp_logan(1000)
    for x, y, value in (
        (0, 0.9, 1.0),
        (0, 0.87, 1.0),
        (0, -0.91, 1.0),  # skull
        (0, 0, 0.2),
        (0, -0.88, 0.2),  # brain: 1 - 0.8
        (0.22, 0, 0.0),
        (-0.22, 0, 0.0),  # ventricles: 1 - 0.8 - 0.2
        (0, 0.4, 0.3),
        (0, 0.08, 0.3),
        (0, -0.1, 0.3),  # 1 - 0.8 + 0.1
        (-0.08, -0.605, 0.3),
        (0, -0.605, 0.3),
        (0.06, -0.605, 0.3),
        (0.8, 0.8, 0.0),
    ):  # outside
        row, column = round((1 - y) * 500 - 0.5), round((1 + x) * 500 - 0.5)
        assert phantom[row, column] == np.float32(value), (x, y)


def test_the_ventricles_lean_outwards_and_the_left_one_is_larger():
    phantom = patterns.shepp_logan(1000)
    inside = np.indices((1000, 1000))[1][(phantom == 0) & (np.hypot(*(np.indices((1000, 1000)) - 500)) < 300)]
    assert (inside < 500).sum() > (inside > 500).sum() > 0
    upper, lower = phantom[380, :], phantom[600, :]  # y = 0.24 and -0.2
    assert np.flatnonzero(upper[500:750] == 0).mean() > np.flatnonzero(lower[500:750] == 0).mean()
    assert np.flatnonzero(upper[250:500] == 0).mean() < np.flatnonzero(lower[250:500] == 0).mean()


@pytest.mark.parametrize("original", [False, True])
def test_the_mean_of_the_phantom_is_the_sum_of_density_times_area(original):
    """Pi a b each, on a square of area 4: the picture's mean knows nothing of places and angles."""
    published = sum(row[0] / 2 * math.pi * row[2] * row[3] for row in patterns.SHEPP_LOGAN) / 4
    contrast = sum(row[1] * math.pi * row[2] * row[3] for row in patterns.SHEPP_LOGAN) / 4
    expected = published if original else contrast
    assert patterns.shepp_logan(1500, original=original).mean() == pytest.approx(expected, rel=1e-3)


def test_the_original_phantom_has_half_the_published_densities():
    phantom = patterns.shepp_logan(1000, original=True)
    values = {round(float(value), 4) for value in np.unique(phantom)}
    # outside; ventricles (2 - 0.98 - 0.02)/2; where one meets a tumour; brain; tumours; two of them; skull
    assert values == {0, 0.5, 0.505, 0.51, 0.515, 0.52, 1}


def test_the_phantom_keeps_its_proportions_at_every_side():
    small, large = patterns.shepp_logan(100), patterns.shepp_logan(500)
    np.testing.assert_array_equal(small, large[2::5, 2::5])  # these pixels have the same middles
    assert small.dtype == np.float32


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: patterns.checkerboard(0), ValueError, "square must be an integer of at least 1. Received: 0"),
        (lambda: patterns.checkerboard(2.0), TypeError, "square must be an integer of at least 1. Received: 2.0"),
        (lambda: patterns.checkerboard(size=0), ValueError, "size must be .* at least 1.*Received: 0"),
        (lambda: patterns.bars(size=(4, 5, 3)), ValueError, r"size must be .* Received: \(4, 5, 3\)"),
        (lambda: patterns.edge(size=(4, -1)), ValueError, "size must be .* Received: -1"),
        (lambda: patterns.bars(wavelength=0), ValueError, "wavelength must be .* greater than 0. Received: 0"),
        (lambda: patterns.bars(wavelength="wide"), TypeError, "wavelength must be .* Received: 'wide'"),
        (lambda: patterns.bars(float("nan")), ValueError, "orientation must be a finite number. Received: nan"),
        (lambda: patterns.bars([0, 90]), TypeError, r"orientation must be a finite number. Received: \[0, 90\]"),
        (lambda: patterns.bars(phase=float("inf")), ValueError, "phase must be a finite number. Received: inf"),
        (lambda: patterns.edge("left"), TypeError, "angle must be a finite number. Received: 'left'"),
        (lambda: patterns.edge(blur=-1), ValueError, "blur must be a finite number of at least 0. Received: -1"),
        (lambda: patterns.edge(blur=None), TypeError, "blur must be a finite number. Received: None"),
        (lambda: patterns.shepp_logan(0), ValueError, "side must be an integer of at least 1. Received: 0"),
        (lambda: patterns.shepp_logan(64.0), TypeError, "side must be an integer of at least 1. Received: 64.0"),
    ],
)
def test_a_setting_out_of_range_is_named_with_its_range(call, error, message):
    with pytest.raises(error, match=message):
        call()


# ---------------------------------------------------------------- what repeats in a picture


def noise(count=40, side=48, seed=0):
    return np.random.default_rng(seed).normal(size=(count, side, side))


def test_white_noise_has_the_same_power_everywhere():
    frequencies, power = patterns.spectrum(3 * noise())
    np.testing.assert_allclose(frequencies, np.arange(25) / 48)
    np.testing.assert_allclose(power, 9 * 3 / 8 * 48, rtol=0.15)


@pytest.mark.parametrize("axis", [1, 2])
def test_the_spectrum_of_a_wave_is_where_it_should_be_along_either_axis(axis):
    wave = np.broadcast_to(np.cos(2 * np.pi * np.arange(48) / 6)[:, None], (1, 48, 48))
    frequencies, power = patterns.spectrum(wave if axis == 1 else wave.transpose(0, 2, 1))
    assert frequencies[2 + np.argmax(power[2:])] == pytest.approx(1 / 6)
    assert power[8] == pytest.approx((48 / 4) ** 2 / 2)  # half of the lines are constant


@pytest.mark.parametrize("period", [2, 3, 4, 6])
def test_only_the_period_that_is_there_stands_out(period):
    stripes = np.where(np.arange(48) % period == 0, 4, 0)
    for other in (2, 3, 4, 6):
        peak = patterns.spectrum_peak(noise() + stripes, other)
        assert peak > 3 if period % other == 0 else peak < 1.4  # a comb holds 1/period and its multiples


def test_a_peak_needs_no_unit_and_a_channel_axis_changes_nothing():
    striped = noise() + np.arange(48) % 2
    peak = patterns.spectrum_peak(striped, 2)
    assert patterns.spectrum_peak(1000 * striped[..., None], 2) == pytest.approx(peak)


def test_a_slope_across_the_picture_is_no_peak():
    slope = np.linspace(0, 50, 48)
    assert 0.7 < patterns.spectrum_peak(noise() + slope, 2) < 1.4


@pytest.mark.parametrize("find", [patterns.spectrum, lambda pictures: patterns.spectrum_peak(pictures, 2)])
@pytest.mark.parametrize(
    ("pictures", "error", "message"),
    [
        ("picture", TypeError, "pictures must be an array of real numbers. Received: 'picture'"),
        (np.ones((3, 16, 20)), ValueError, r"pictures must have shape \(n, side, side\).*\(3, 16, 20\)"),
        (np.ones((3, 16, 16, 2)), ValueError, r"Received: shape \(3, 16, 16, 2\)"),
        (np.ones((0, 16, 16)), ValueError, r"n > 0.*Received: shape \(0, 16, 16\)"),
        (np.ones((1, 3, 3)), ValueError, "side at least 4"),
        (np.full((1, 16, 16), np.nan), ValueError, "pictures must hold finite numbers only"),
    ],
)
def test_pictures_without_a_spectrum_are_refused(find, pictures, error, message):
    with pytest.raises(error, match=message):
        find(pictures)


@pytest.mark.parametrize(
    ("period", "error", "message"),
    [
        (1, ValueError, "period must be an integer of at least 2. Received: 1"),
        (2.0, TypeError, "period must be an integer.*Received: 2.0"),
        (5, ValueError, "period must divide the side of the pictures, 48, at least 8 times. Received: 5"),
        (8, ValueError, "at least 8 times. Received: 8"),
    ],
)
def test_a_period_that_cannot_be_looked_for_is_refused(period, error, message):
    with pytest.raises(error, match=message):
        patterns.spectrum_peak(noise(2), period)


@pytest.mark.parametrize("picture", [np.ones((1, 48, 48)), np.tile([0.0, 1.0], (1, 48, 24))])
def test_a_picture_without_power_beside_the_peak_is_refused(picture):
    with pytest.raises(ValueError, match="pictures must have some power beside the frequency 1/period"):
        patterns.spectrum_peak(picture, 2)


def test_the_power_of_a_picture_is_finite_or_refused():
    with pytest.raises(ValueError, match="the power of pictures must hold finite numbers only. Received: inf"):
        patterns.spectrum(noise(2) * 1e300)
