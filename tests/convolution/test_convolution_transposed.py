"""Laws of the transposed convolution, against the loop, Keras, TensorFlow and the transposed matrix."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit import shapes
from coursekit.convolution import conv_transpose, conv_transpose_loop, overlap_counts, transposed

BOTH = pytest.mark.parametrize("transpose", [conv_transpose, conv_transpose_loop])


def random_arrays(*shapes_, seed=0, dtype=np.float32):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes_]


@BOTH
def test_hand_worked_stamps_in_two_dimensions(transpose):
    x = np.array([[1.0, 2.0]]).reshape(1, 1, 2, 1)
    stamp = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1, 1)
    apart = [[1, 2, 2, 4], [3, 4, 6, 8]]
    overlapping = [[1, 2 + 2, 4], [3, 4 + 6, 8]]
    np.testing.assert_array_equal(transpose(x, stamp, stride=2, padding="valid")[0, :, :, 0], apart)
    np.testing.assert_array_equal(transpose(x, stamp, stride=1, padding="valid")[0, :, :, 0], overlapping)
    np.testing.assert_array_equal(transpose(x, stamp, stride=(1, 2), padding="valid")[0, :, :, 0], apart)


@BOTH
def test_one_lit_pixel_stamps_the_kernel_and_gaps_stay_empty(transpose):
    x = np.zeros((1, 2, 3, 1))
    x[0, 1, 2] = 1
    kernel = np.arange(1.0, 7).reshape(2, 3, 1, 1)
    expected = np.zeros((6, 12))
    expected[3:5, 8:11] = [[1, 2, 3], [4, 5, 6]]
    np.testing.assert_array_equal(transpose(x, kernel, stride=(3, 4), padding="valid")[0, :, :, 0], expected)


@BOTH
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(
    ("kernel", "stride"),
    [((4, 4), 2), ((3, 3), 1), ((2, 5), 3), ((5, 2), 2), ((1, 1), 2), ((3, 4), (2, 3)), ((1, 2), 4)],
)
def test_equals_the_layer_of_keras(transpose, kernel, stride, padding):
    x, kernels, bias = random_arrays((2, 5, 7, 3), (*kernel, 4, 3), (4,))
    layer = keras.layers.Conv2DTranspose(4, kernel, stride, padding)
    layer.build(x.shape)
    layer.set_weights([kernels, bias])
    np.testing.assert_allclose(transpose(x, kernels, bias, stride, padding), layer(x), atol=1e-4)


@given(
    st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(1, 6), st.integers(1, 3)),
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 3)),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.sampled_from(["same", "valid"]),
    st.integers(0, 100),
)
@settings(max_examples=60, deadline=None)
def test_fast_form_equals_loop_and_tensorflow(shape, kernel, stride, padding, seed):
    x, kernels = random_arrays(shape, (*kernel, shape[3]), seed=seed, dtype=np.float64)
    fast = conv_transpose(x, kernels, stride=stride, padding=padding)
    np.testing.assert_allclose(fast, conv_transpose_loop(x, kernels, None, stride, padding), atol=1e-12)
    expected = tf.nn.conv2d_transpose(x, kernels, fast.shape, stride, padding.upper())
    np.testing.assert_allclose(fast, expected, atol=1e-12)
    for axis in (0, 1):
        size = shapes.transposed_size(shape[1 + axis], kernel[axis], stride[axis], padding)
        assert fast.shape[1 + axis] == size


def test_is_the_transpose_of_convolution():
    """<conv(y), x> = <y, conv_transpose(x)> for the same kernels: the definition of a transpose."""
    for padding in ("SAME", "VALID"):
        kernels, y = random_arrays((4, 3, 2, 5), (1, 12, 15, 2), dtype=np.float64)
        forward = tf.nn.conv2d(y, kernels, (2, 3), padding).numpy()
        (x,) = random_arrays(forward.shape, seed=1, dtype=np.float64)
        back = conv_transpose(x, kernels, stride=(2, 3), padding=padding.lower())
        seen = y[:, : back.shape[1], : back.shape[2]]  # what the windows reach
        np.testing.assert_allclose((forward * x).sum(), (seen * back).sum())


def test_many_images_are_stamped_in_blocks_with_the_same_result(monkeypatch):
    x, kernels = random_arrays((7, 4, 5, 2), (4, 3, 3, 2))
    expected = conv_transpose_loop(x, kernels, stride=2)
    for block_bytes in (1, 4 * 5 * 36 * 4 * 2, 2**30):  # one image, two images, all images at a time
        monkeypatch.setattr(transposed, "BLOCK_BYTES", block_bytes)
        np.testing.assert_allclose(conv_transpose(x, kernels, stride=2), expected, atol=1e-5)


@BOTH
def test_the_padding_given_when_none_is_named_is_same(transpose):
    x, kernels = random_arrays((1, 3, 4, 2), (4, 3, 1, 2))
    np.testing.assert_array_equal(transpose(x, kernels), transpose(x, kernels, None, 1, "same"))
    assert transpose(x, kernels).shape == (1, 3, 4, 1)


@BOTH
def test_bias_is_added_once_per_channel_and_pixel(transpose):
    x, kernels = random_arrays((1, 3, 4, 2), (2, 2, 3, 2))
    bias = np.array([1.0, -2.0, 0.5], np.float32)
    np.testing.assert_allclose(
        transpose(x, kernels, bias) - transpose(x, kernels), np.ones((1, 3, 4, 1)) * bias, atol=1e-6
    )


@BOTH
@pytest.mark.parametrize(
    ("given_type", "kernel_type", "expected"),
    [
        (np.float32, np.float32, np.float32),
        (np.float32, np.float64, np.float32),
        (np.float64, np.float32, np.float64),
        (np.float16, np.float64, np.float32),
        (np.uint8, np.int8, np.int64),
        (np.uint8, np.float32, np.float64),
    ],
)
def test_the_type_of_the_images_is_the_type_of_the_result(transpose, given_type, kernel_type, expected):
    result = transpose(np.ones((1, 2, 2, 1), given_type), np.ones((2, 2, 1, 1), kernel_type))
    assert result.dtype == expected


@BOTH
def test_whole_numbers_do_not_overflow(transpose):
    x = np.full((1, 2, 2, 1), 200, np.uint8)
    result = transpose(x, np.full((2, 2, 1, 1), 100, np.uint8), padding="valid")
    assert result[0, 1, 1, 0] == 4 * 200 * 100


@BOTH
def test_inputs_stay_as_they_were(transpose):
    x, kernels, bias = random_arrays((2, 3, 4, 2), (2, 3, 3, 2), (3,))
    before = [array.copy() for array in (x, kernels, bias)]
    for array in (x, kernels, bias):
        array.flags.writeable = False
    transpose(x, kernels, bias, 2)
    for array, copy in zip((x, kernels, bias), before):
        np.testing.assert_array_equal(array, copy)


X, KERNELS = np.ones((1, 4, 5, 2)), np.ones((3, 3, 4, 2))


@BOTH
@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (dict(x="image"), TypeError, r"x must be an array of real numbers\. Received: 'image'"),
        (dict(x=X[0]), ValueError, r"x must have 4 axes\. Received: shape \(4, 5, 2\)"),
        (dict(x=X[:0]), ValueError, r"x must hold at least one entry.*Received: shape \(0, 4, 5, 2\)"),
        (dict(x=np.full_like(X, np.nan)), ValueError, r"x must hold finite numbers only\. Received: nan"),
        (dict(x=X[..., :1]), ValueError, r"kernels must have 1 input channels along axis 3.*\(3, 3, 4, 2\)"),
        (dict(kernels=KERNELS[:0]), ValueError, r"kernels must hold at least one entry.*\(0, 3, 4, 2\)"),
        (dict(kernels=KERNELS * np.inf), ValueError, "kernels must hold finite numbers only"),
        (dict(bias=np.ones(2)), ValueError, r"bias must have shape \(4,\).*Received: shape \(2,\)"),
        (dict(stride=0), ValueError, "stride must be an integer of at least 1. Received: 0"),
        (dict(stride=(1, -1)), ValueError, "stride must be an integer of at least 1. Received: -1"),
        (dict(stride=(1, 2, 3)), ValueError, r"stride must be an integer or a pair .* Received: \(1, 2, 3\)"),
        (dict(padding="full"), ValueError, "padding must be one of 'valid', 'same'. Received: 'full'"),
        (dict(padding=1), ValueError, "padding must be one of 'valid', 'same'. Received: 1"),
    ],
)
def test_wrong_arguments_are_named_with_what_was_received(transpose, wrong, error, message):
    with pytest.raises(error, match=message):
        transpose(**{"x": X, "kernels": KERNELS, **wrong})


# ---------------------------------------------------------------- overlaps


@pytest.mark.parametrize(
    ("kernel", "stride", "pattern"),
    [(3, 2, [1, 2, 1, 2]), (5, 2, [2, 3, 2, 3]), (4, 2, [2, 2, 2, 2]), (5, 3, [1, 2, 2, 1]), (2, 3, [0, 1, 1, 0])],
)
def test_the_counts_far_from_the_border_are_those_of_a_pencil(kernel, stride, pattern):
    counts = overlap_counts(9, kernel, stride)
    assert counts.dtype == np.int64 and counts[11:15].tolist() == pattern


@given(st.integers(1, 9), st.integers(1, 7), st.integers(1, 5), st.sampled_from(["valid", "same"]))
@settings(max_examples=60, deadline=None)
def test_counts_are_what_tensorflow_makes_of_ones(size, kernel, stride, padding):
    counts = overlap_counts(size, kernel, stride, padding)
    output = [1, 1, shapes.transposed_size(size, kernel, stride, padding), 1]
    ones = tf.ones((1, 1, size, 1)), tf.ones((1, kernel, 1, 1))
    expected = tf.nn.conv2d_transpose(*ones, output, (1, stride), padding.upper())
    np.testing.assert_array_equal(counts, expected.numpy().ravel())


@given(st.integers(1, 9), st.integers(1, 5))
@settings(deadline=None)
def test_counts_are_even_only_where_the_stride_divides_the_kernel(kernel, stride):
    middle = overlap_counts(5 * kernel, kernel, stride)[2 * kernel * stride : 3 * kernel * stride]
    np.testing.assert_array_equal(middle, np.resize(middle[:stride], len(middle)))
    assert middle.mean() == kernel / stride and (np.ptp(middle) == 0) == (kernel % stride == 0)


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (dict(size=0), ValueError, "size must be an integer of at least 1. Received: 0"),
        (dict(kernel=2.5), TypeError, "kernel must be an integer.*Received: 2.5"),
        (dict(stride=-1), ValueError, "stride must be an integer of at least 1. Received: -1"),
        (dict(stride=(1, 2)), TypeError, r"stride must be an integer.*Received: \(1, 2\)"),
        (dict(padding="full"), ValueError, "padding must be one of 'valid', 'same'. Received: 'full'"),
    ],
)
def test_wrong_arguments_of_the_counts_are_named(wrong, error, message):
    with pytest.raises(error, match=message):
        overlap_counts(**{"size": 4, "kernel": 3, "stride": 2, **wrong})
