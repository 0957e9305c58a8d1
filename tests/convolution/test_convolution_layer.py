"""Laws of the convolutional layer, against the loop, TensorFlow, Keras and hand-worked feature maps."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coursekit import shapes
from coursekit.convolution import conv_layer, conv_layer_loop, correlate2d, windows

BOTH = pytest.mark.parametrize("layer", [conv_layer, conv_layer_loop])
sizes = st.tuples(st.integers(1, 3), st.integers(1, 7), st.integers(1, 7), st.integers(1, 3))
kernel_sizes = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
one_axis = st.one_of(st.sampled_from(["valid", "same", "full"]), st.integers(0, 3), st.just((0, 2)))
paddings = st.one_of(st.sampled_from(["valid", "same", "full"]), st.integers(0, 3), st.tuples(one_axis, one_axis))
steps = st.one_of(st.integers(1, 3), st.tuples(st.integers(1, 3), st.integers(1, 3)))


def random_arrays(*shapes_, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes_]


def result_or_error(function, *arguments):
    try:
        return function(*arguments)
    except ValueError as error:
        return str(error)


@BOTH
def test_hand_worked_two_channels_two_kernels_and_biases(layer):
    x = np.array([[[1, 10], [2, 20], [3, 30]]]).reshape(1, 1, 3, 2)
    kernels = np.zeros((1, 2, 2, 2), int)
    kernels[0, :, :, 0] = [[1, 1], [0, 0]]  # both channels of the left pixel
    kernels[0, :, :, 1] = [[0, 0], [-1, 2]]  # minus the first, plus twice the second channel of the right one
    expected = [[[11 + 5, -2 + 40 - 1], [22 + 5, -3 + 60 - 1]]]
    assert layer(x, kernels, [5, -1])[0].tolist() == expected


@BOTH
def test_hand_worked_five_by_five_input_with_two_by_two_kernel_and_bias(layer):
    x = np.arange(25).reshape(1, 5, 5, 1)
    kernels = np.array([[2, -1], [-1, 2]]).reshape(2, 2, 1, 1)
    # every window [a, a + 1; a + 5, a + 6] gives 2a - (a + 1) - (a + 5) + 2(a + 6) + 1 = 2a + 7
    np.testing.assert_array_equal(layer(x, kernels, [1])[0, :, :, 0], 2 * x[0, :4, :4, 0] + 7)


@given(sizes, kernel_sizes, paddings, steps, steps, st.booleans(), st.integers(0, 99))
@settings(max_examples=120, deadline=None)
def test_fast_form_equals_the_loop_or_fails_alike(size, kernel, padding, stride, dilation, biased, seed):
    x, kernels, bias = random_arrays(size, (*kernel[:2], size[3], kernel[2]), (kernel[2],), seed=seed)
    settings_ = (x, kernels, bias if biased else None, stride, padding, dilation)
    expected, received = result_or_error(conv_layer_loop, *settings_), result_or_error(conv_layer, *settings_)
    assert type(expected) is type(received)
    if isinstance(expected, str):
        assert received == expected
    else:
        np.testing.assert_allclose(received, expected, atol=1e-12)


@given(sizes, kernel_sizes, st.sampled_from(["VALID", "SAME"]), steps, steps, st.integers(0, 99))
@settings(max_examples=80, deadline=None)
def test_equals_tensorflow(size, kernel, padding, stride, dilation, seed):
    assume(stride in (1, (1, 1)) or dilation in (1, (1, 1)))
    x, kernels = random_arrays(size, (*kernel[:2], size[3], kernel[2]), seed=seed)
    received = result_or_error(conv_layer, x, kernels, None, stride, padding.lower(), dilation)
    assume(not isinstance(received, str))
    expected = tf.nn.convolution(x, kernels, stride, padding, dilations=dilation)
    np.testing.assert_allclose(received, expected, atol=1e-12)


@BOTH
@pytest.mark.parametrize(("stride", "padding"), [(1, "valid"), (2, "same"), ((2, 3), "valid")])
def test_equals_the_layer_of_keras(layer, stride, padding):
    x, kernels, bias = random_arrays((2, 9, 11, 3), (3, 2, 3, 4), (4,), dtype=np.float32)
    twin = keras.layers.Conv2D(4, (3, 2), stride, padding)
    twin.build(x.shape)
    twin.set_weights([kernels, bias])
    np.testing.assert_allclose(layer(x, kernels, bias, stride, padding), twin(x), atol=1e-5)


def test_explicit_padding_equals_tensorflow():
    x, kernels = random_arrays((2, 6, 7, 2), (3, 3, 2, 2))
    expected = tf.nn.conv2d(x, kernels, 2, [[0, 0], [2, 0], [1, 3], [0, 0]])
    np.testing.assert_allclose(conv_layer(x, kernels, None, 2, ((2, 0), (1, 3))), expected, atol=1e-12)


@BOTH
def test_the_output_has_the_size_that_shapes_predicts(layer):
    x, kernels = random_arrays((1, 8, 9, 1), (3, 2, 1, 2))
    rows, columns = shapes.output_size(8, 3, 2, 1, 2), shapes.output_size(9, 2, 3, 1, 1)
    assert layer(x, kernels, None, (2, 3), 1, (2, 1)).shape == (1, rows, columns, 2)


@BOTH
def test_each_output_channel_is_a_sum_of_correlations_of_the_input_channels(layer):
    x, kernels = random_arrays((2, 5, 6, 3), (2, 3, 3, 2))
    result = layer(x, kernels)
    for n in range(2):
        for k in range(2):
            expected = sum(correlate2d(x[n, :, :, c], kernels[:, :, c, k]) for c in range(3))
            np.testing.assert_allclose(result[n, :, :, k], expected)


@BOTH
def test_images_of_a_batch_do_not_see_each_other(layer):
    x, kernels = random_arrays((3, 5, 6, 2), (2, 3, 2, 2))
    for n in range(3):
        np.testing.assert_allclose(layer(x, kernels)[n : n + 1], layer(x[n : n + 1], kernels))


@BOTH
def test_bias_is_added_to_its_own_channel(layer):
    x, kernels = random_arrays((2, 4, 5, 2), (2, 2, 2, 3))
    difference = layer(x, kernels, [1.0, -2.0, 0.5]) - layer(x, kernels)
    np.testing.assert_allclose(difference, np.broadcast_to([1.0, -2.0, 0.5], difference.shape))


def test_every_block_size_gives_the_same_result(monkeypatch):
    kernels, bias = random_arrays((3, 2, 2, 3), (3,))
    row_products, row_bytes = 8 * 36, 8 * 12 * 8
    blocks = (
        (1, 1),  # one row
        (4 * row_products, 1),  # four rows, with a rest of one
        (1, 2 * row_bytes),  # two rows, with a rest of one
        (10**9, 1),  # everything
    )
    for seed, (products, block_bytes) in enumerate(blocks):
        (x,) = random_arrays((2, 11, 9, 2), seed=seed)  # new each time: forgotten rows must not hold old results
        monkeypatch.setattr(windows, "BLOCK_PRODUCTS", products)
        monkeypatch.setattr(windows, "BLOCK_BYTES", block_bytes)
        expected = conv_layer_loop(x, kernels, bias)
        np.testing.assert_allclose(conv_layer(x, kernels, bias), expected, atol=1e-12)


def test_a_float32_layer_is_as_exact_as_single_precision_allows():
    x, kernels = random_arrays((2, 20, 20, 8), (5, 5, 8, 4))
    single = conv_layer(x.astype(np.float32), kernels.astype(np.float32))
    assert np.abs(single - conv_layer(x, kernels)).max() < 1e-4


@BOTH
@pytest.mark.parametrize(
    ("given_type", "kernel_type", "expected"),
    [
        (np.float32, np.float64, np.float32),
        (np.float64, np.float32, np.float64),
        (np.float16, np.float32, np.float32),
        (np.uint8, np.int64, np.int64),
        (np.uint8, np.float32, np.float64),
    ],
)
def test_the_type_of_the_images_is_the_type_of_the_result(layer, given_type, kernel_type, expected):
    result = layer(np.ones((1, 3, 3, 1), given_type), np.ones((2, 2, 1, 1), kernel_type))
    assert result.dtype == expected


@BOTH
def test_uint8_pictures_do_not_overflow_or_wrap_below_zero(layer):
    x = np.full((1, 3, 3, 3), 255, np.uint8)
    assert (layer(x, np.full((3, 3, 3, 1), 255, np.uint8)) == 27 * 255 * 255).all()
    assert (layer(x, np.full((3, 3, 3, 1), -1), [-5]) == -27 * 255 - 5).all()


@BOTH
def test_inputs_stay_as_they_were(layer):
    x, kernels, bias = random_arrays((2, 4, 5, 2), (2, 2, 2, 3), (3,))
    copies = [array.copy() for array in (x, kernels, bias)]
    for array in (x, kernels, bias):
        array.flags.writeable = False
    layer(x, kernels, bias, 1, "valid")[:] = 0
    for array, copy in zip((x, kernels, bias), copies):
        np.testing.assert_array_equal(array, copy)


X, KERNELS = np.ones((2, 4, 5, 3)), np.ones((2, 3, 3, 6))


@BOTH
@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (dict(x=[[1, 2], [3]]), TypeError, "x must be a rectangular array of numbers"),
        (dict(x="picture.png"), TypeError, "x must be an array of real numbers. Received: 'picture.png'"),
        (dict(x=X[0]), ValueError, r"x must have 4 axes. Received: shape \(4, 5, 3\)"),
        (dict(x=X[:0]), ValueError, r"x must hold at least one entry .*Received: shape \(0, 4, 5, 3\)"),
        (dict(x=np.where(X > 0, np.nan, X)), ValueError, "x must hold finite numbers only. Received: nan"),
        (dict(x=X[..., :2]), ValueError, r"kernels must have 2 input channels along axis 2, .*\(2, 3, 3, 6\)"),
        (dict(kernels=np.ones((2, 3, 6, 3))), ValueError, r"kernels must have 3 input channels along axis 2"),
        (dict(kernels=KERNELS[..., :0]), ValueError, "kernels must hold at least one entry"),
        (dict(kernels=KERNELS[..., 0]), ValueError, "kernels must have 4 axes"),
        (dict(kernels=KERNELS * np.inf), ValueError, "kernels must hold finite numbers only"),
        (
            dict(kernels=np.ones((5, 3, 3, 6))),
            ValueError,
            r"kernels \(rows\) covers .* the padded input has 4 .*Received: 5",
        ),
        (
            dict(kernels=np.ones((2, 6, 3, 6))),
            ValueError,
            r"kernels \(columns\) covers .* the padded input has 5 .*Received: 6",
        ),
        (dict(bias=1.0), ValueError, "bias must have 1 axes"),
        (dict(bias=np.ones(3)), ValueError, r"bias must have shape \(6,\), .*Received: shape \(3,\)"),
        (dict(bias=np.full(6, np.nan)), ValueError, "bias must hold finite numbers only"),
        (dict(stride=-1), ValueError, "stride must be an integer of at least 1. Received: -1"),
        (dict(stride=(2, 2, 2)), ValueError, r"stride must be .* pair .*Received: \(2, 2, 2\)"),
        (dict(padding="SAME"), ValueError, "padding must be 'valid', 'same', 'full', an integer .*: 'SAME'"),
        (dict(padding=None), TypeError, "padding must be .*Received: None"),
        (dict(dilation=0), ValueError, "dilation must be an integer of at least 1. Received: 0"),
        (dict(dilation=(4, 1)), ValueError, r"kernels \(rows\) covers 5 pixels, .*Received: 2, dilated by 4"),
    ],
)
def test_wrong_arguments_are_named_with_what_was_received(layer, wrong, error, message):
    with pytest.raises(error, match=message):
        layer(**{"x": X, "kernels": KERNELS, **wrong})
