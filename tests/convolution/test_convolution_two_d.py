"""Laws of correlation and convolution of images, against the loop, SciPy and TensorFlow."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import signal

from coursekit.convolution import convolve2d, convolve2d_loop, correlate2d, correlate2d_loop, windows

CORRELATE = pytest.mark.parametrize("correlate", [correlate2d, correlate2d_loop])
CONVOLVE = pytest.mark.parametrize("convolve", [convolve2d, convolve2d_loop])
ALL = pytest.mark.parametrize("function", [correlate2d, correlate2d_loop, convolve2d, convolve2d_loop])
PAIRS = pytest.mark.parametrize(("fast", "loop"), [(correlate2d, correlate2d_loop), (convolve2d, convolve2d_loop)])

numbers = st.integers(-9, 9)
images = arrays(np.int64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=numbers)
kernels = arrays(np.int64, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=numbers)
one_axis = st.one_of(
    st.sampled_from(["valid", "same", "full"]), st.integers(0, 3), st.tuples(st.integers(0, 3), st.integers(0, 3))
)
paddings = st.one_of(st.sampled_from(["valid", "same", "full"]), st.integers(0, 3), st.tuples(one_axis, one_axis))
boundaries = st.sampled_from(["zero", "symmetric", "circular"])
steps = st.one_of(st.integers(1, 3), st.tuples(st.integers(1, 3), st.integers(1, 3)))

SYLLABUS_IMAGE = [[1, 0.5, 1, 0], [0, 0.25, 0.5, 1], [1, 0.25, 0, 1], [0.5, 0, 1, 1]]


def result_or_error(function, *arguments):
    try:
        return function(*arguments)
    except ValueError as error:
        return str(error)


@CORRELATE
def test_hand_worked_correlation(correlate):
    expected = [[1.5, 1.5, 3], [0.5, 0.25, 2.5], [1, 2.25, 2]]
    assert correlate(SYLLABUS_IMAGE, [[1, 0], [0, 2]]).tolist() == expected


@CORRELATE
def test_hand_worked_settings_that_differ_between_rows_and_columns(correlate):
    image = np.arange(12).reshape(3, 4)
    kernel = [[1, 10]]
    assert correlate(image, kernel, stride=(2, 1)).tolist() == [[10, 21, 32], [98, 109, 120]]
    assert correlate(image, kernel, stride=(1, 2)).tolist() == [[10, 32], [54, 76], [98, 120]]
    assert correlate(image, kernel, dilation=(1, 2)).tolist() == [[20, 31], [64, 75], [108, 119]]
    assert correlate(image, kernel, padding=(0, (0, 1)), stride=2).tolist() == [[10, 32], [98, 120]]
    assert correlate(image, kernel, padding=((1, 0), 0), stride=(3, 3)).tolist() == [[0], [98]]
    assert correlate(image, kernel, ("valid", "same"), "circular", (2, 1)).tolist() == [
        [10, 21, 32, 3],
        [98, 109, 120, 91],
    ]


@CONVOLVE
def test_hand_worked_convolution_puts_the_kernel_on_a_lit_pixel(convolve):
    image = np.zeros((4, 5), int)
    image[1, 2] = 1
    kernel = [[1, 2, 3], [4, 5, 6]]
    assert convolve(image, kernel, "same").tolist() == [[0] * 5, [0, 1, 2, 3, 0], [0, 4, 5, 6, 0], [0] * 5]
    assert convolve(image, kernel).tolist() == [[1, 2, 3], [4, 5, 6], [0, 0, 0]]
    assert convolve(image, kernel, stride=(2, 1)).tolist() == [[1, 2, 3], [0, 0, 0]]
    assert convolve(image, kernel, dilation=(1, 2)).tolist() == [[2], [5], [0]]
    assert convolve(image, kernel, ((0, 1), (1, 0))).tolist() == [[0, 1, 2, 3], [0, 4, 5, 6], [0] * 4, [0] * 4]


def test_each_output_of_a_five_by_five_image_is_the_sum_of_nine_products():
    image, kernel = np.arange(25).reshape(5, 5) ** 2, np.array([[1, 2, 3], [4, 5, 6], [7, 8, 10]])
    for i in range(3):
        for j in range(3):
            nine = [image[i + u, j + v] * kernel[u, v] for u in range(3) for v in range(3)]
            assert len(nine) == 9 and correlate2d(image, kernel)[i, j] == sum(nine)


@PAIRS
@given(images, kernels, paddings, boundaries, steps, steps)
@settings(max_examples=120, deadline=None)
def test_fast_form_equals_the_loop_or_fails_alike(fast, loop, image, kernel, padding, boundary, stride, dilation):
    settings_ = (image, kernel, padding, boundary, stride, dilation)
    expected, received = result_or_error(loop, *settings_), result_or_error(fast, *settings_)
    assert type(expected) is type(received)
    np.testing.assert_array_equal(received, expected)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(correlate2d, signal.correlate2d), (convolve2d, signal.convolve2d)],
    ids=["correlate", "convolve"],
)
@given(
    images,
    kernels,
    st.sampled_from(["valid", "same", "full"]),
    st.sampled_from([("zero", "fill"), ("symmetric", "symm"), ("circular", "wrap")]),
)
@settings(max_examples=80, deadline=None)
def test_equals_scipy_in_all_modes_and_boundaries(ours, theirs, image, kernel, mode, boundary):
    assume(all(k <= n for k, n in zip(kernel.shape, image.shape)))  # SciPy swaps its operands otherwise
    expected = theirs(image, kernel, mode, boundary[1])
    np.testing.assert_array_equal(ours(image, kernel, mode, boundary[0]), expected)


@given(images, kernels, st.sampled_from(["VALID", "SAME"]), steps, steps)
@settings(max_examples=60, deadline=None)
def test_correlation_is_what_tensorflow_computes(image, kernel, padding, stride, dilation):
    assume(stride == 1 or dilation == 1)
    received = result_or_error(correlate2d, image, kernel, padding.lower(), "zero", stride, dilation)
    assume(not isinstance(received, str))
    x, w = (array.astype(np.float64) for array in (image[None, :, :, None], kernel[:, :, None, None]))
    expected = tf.nn.convolution(x, w, stride, padding, dilations=dilation)[0, :, :, 0]
    np.testing.assert_array_equal(received, expected)


@CORRELATE
@given(images, kernels, st.tuples(st.integers(-3, 3), st.integers(-3, 3)))
@settings(max_examples=30, deadline=None)
def test_translation_equivariance_a_shift_of_a_circular_image_shifts_the_output(correlate, image, kernel, shift):
    shifted = correlate(np.roll(image, shift, (0, 1)), kernel, "same", "circular")
    np.testing.assert_array_equal(shifted, np.roll(correlate(image, kernel, "same", "circular"), shift, (0, 1)))


@CORRELATE
@given(arrays(np.int64, (2, 4, 6), elements=numbers), kernels, numbers)
@settings(max_examples=30, deadline=None)
def test_linearity_in_the_image(correlate, two_images, kernel, factor):
    one, other = two_images
    together = correlate(one + factor * other, kernel, "full")
    np.testing.assert_array_equal(together, correlate(one, kernel, "full") + factor * correlate(other, kernel, "full"))


@CONVOLVE
@given(images, kernels)
@settings(max_examples=30, deadline=None)
def test_convolution_commutes_and_is_correlation_with_the_kernel_turned_around(convolve, image, kernel):
    np.testing.assert_array_equal(convolve(image, kernel, "full"), convolve(kernel, image, "full"))
    np.testing.assert_array_equal(convolve(image, kernel, "full"), correlate2d(image, kernel[::-1, ::-1], "full"))


def test_every_block_size_gives_the_same_result(monkeypatch):
    rng = np.random.default_rng(0)
    kernel = rng.normal(size=(4, 3))
    for products in (1, 15 * 12 * 3, 10**6):  # one row, three rows with a rest of two, everything
        monkeypatch.setattr(windows, "BLOCK_PRODUCTS", products)
        monkeypatch.setattr(windows, "BLOCK_BYTES", 1)
        image = rng.normal(size=(23, 17))  # a new one each time: forgotten rows must not hold old results
        np.testing.assert_allclose(correlate2d(image, kernel), correlate2d_loop(image, kernel))


@ALL
@pytest.mark.parametrize(
    ("image_type", "kernel_type", "expected"),
    [
        (np.float32, np.float64, np.float32),
        (np.float64, np.float32, np.float64),
        (np.float16, np.float64, np.float32),
        (np.uint8, np.int64, np.int64),
        (np.uint8, np.float64, np.float64),
    ],
)
def test_the_type_of_the_image_is_the_type_of_the_result(function, image_type, kernel_type, expected):
    assert function(np.ones((3, 4), image_type), np.ones((2, 2), kernel_type)).dtype == expected


@ALL
def test_uint8_pictures_do_not_overflow_or_wrap_below_zero(function):
    picture = np.full((3, 4), 255, np.uint8)
    assert (function(picture, np.full((2, 2), 255, np.uint8)) == 4 * 255 * 255).all()
    assert (function(picture, [[-1, -1]]) == -510).all()


@ALL
@pytest.mark.parametrize("number", [2**62, -(2**62), 2**31])
def test_whole_numbers_too_large_for_64_bits_become_floats(function, number):
    assert function(np.array([[number]]), np.array([[number]])).astype(float) == float(number) ** 2
    assert function(np.array([[2**62 - 1]]), np.array([[-1]])) == 1 - 2**62  # exact, as a float would not be


@ALL
def test_inputs_stay_as_they_were(function):
    image, kernel = np.arange(12.0).reshape(3, 4), np.array([[1.0, 2.0]])
    image.flags.writeable = kernel.flags.writeable = False
    result = function(image, np.array([[1.0]]))
    result[:] = 0  # and the result is no window onto the input
    function(image, kernel, "full", "symmetric")
    assert image.ravel().tolist() == list(range(12)) and kernel.tolist() == [[1, 2]]


@ALL
@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (dict(image=None), TypeError, "image must be an array of real numbers. Received: None"),
        (dict(image=np.ones((1, 4, 5, 1))), ValueError, r"image must have 2 axes. Received: shape \(1, 4, 5, 1\)"),
        (dict(image=np.ones((0, 5))), ValueError, r"image must hold at least one entry .*Received: shape \(0, 5\)"),
        (
            dict(image=[[1, np.nan]]),
            ValueError,
            r"image must hold finite numbers only. Received: nan at index \(0, 1\)",
        ),
        (dict(kernel=[1, 2]), ValueError, r"kernel must have 2 axes. Received: shape \(2,\)"),
        (dict(kernel=[[]]), ValueError, "kernel must hold at least one entry"),
        (
            dict(image=np.ones((4, 5), np.float32), kernel=[[1e300]]),
            ValueError,
            r"kernel must hold numbers that float32 can hold. Received: 1e\+300 at index \(0, 0\)",
        ),
        (dict(kernel=np.ones((5, 2))), ValueError, r"kernel \(rows\) covers .* the padded input has 4 .*Received: 5"),
        (
            dict(kernel=np.ones((2, 6))),
            ValueError,
            r"kernel \(columns\) covers .* the padded input has 5 .*Received: 6",
        ),
        (dict(padding="half"), ValueError, "padding must be 'valid', 'same', 'full', an integer .*: 'half'"),
        (dict(padding=(1, 2, 3)), ValueError, r"padding must be a pair \(rows, columns\). Received: \(1, 2, 3\)"),
        (dict(padding=-1), ValueError, "padding must be .*Received: -1"),
        (dict(boundary="wrap"), ValueError, "boundary must be one of 'zero', 'symmetric', 'circular'. .*'wrap'"),
        (dict(stride=-2), ValueError, "stride must be an integer of at least 1. Received: -2"),
        (dict(stride=1.5), TypeError, "stride must be an integer of at least 1. Received: 1.5"),
        (dict(dilation=(1, 0)), ValueError, "dilation must be an integer of at least 1. Received: 0"),
    ],
)
def test_wrong_arguments_are_named_with_what_was_received(function, wrong, error, message):
    with pytest.raises(error, match=message):
        function(**{"image": np.arange(20).reshape(4, 5), "kernel": [[1, 2], [3, 4]], **wrong})
