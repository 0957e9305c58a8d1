"""Laws of output sizes, against windows that are counted one by one, NumPy, TensorFlow and Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coursekit import shapes

SIZES = st.integers(1, 40)
KERNELS = st.integers(1, 7)
STRIDES = st.integers(1, 5)
DILATIONS = st.integers(1, 3)
PADDINGS = st.one_of(
    st.sampled_from(shapes.PADDINGS), st.integers(0, 4), st.tuples(st.integers(0, 4), st.integers(0, 4))
)


def counted_windows(size, kernel, stride, before, after, dilation):
    """The start of every window that lies inside the padded axis, found by trying them all."""
    padded = range(size + before + after)
    return [start for start in padded[::stride] if start + (kernel - 1) * dilation in padded]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (dict(size=5, kernel=3), 3),
        (dict(size=4, kernel=2), 3),
        (dict(size=6, kernel=3, stride=5, padding=1), 2),
        (dict(size=7, kernel=3, stride=2, padding="same"), 4),
        (dict(size=128, kernel=5), 124),
        (dict(size=224, kernel=2, stride=2), 112),
        (dict(size=227, kernel=11, stride=4), 55),
        (dict(size=5, kernel=3, padding="full"), 7),
        (dict(size=5, kernel=3, padding=(0, 1)), 4),
        (dict(size=9, kernel=3, dilation=2), 5),
    ],
)
def test_hand_worked_output_sizes(arguments, expected):
    assert shapes.output_size(**arguments) == expected


@given(SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS)
@settings(max_examples=300, deadline=None)
def test_the_formula_counts_the_windows_and_the_leftover_pixels(size, kernel, stride, padding, dilation):
    try:
        before, after = shapes.padding_amounts(size, kernel, stride, padding, dilation)
    except ValueError:
        amounts = {"valid": (0, 0)}.get(padding, padding if isinstance(padding, tuple) else (padding, padding))
        assert counted_windows(size, kernel, stride, *amounts, dilation) == []  # "same" and "full" always fit
        return
    starts = counted_windows(size, kernel, stride, before, after, dilation)
    assert shapes.output_size(size, kernel, stride, padding, dilation) == len(starts)
    last_read = starts[-1] + (kernel - 1) * dilation
    assert shapes.leftover(size, kernel, stride, padding, dilation) == size + before + after - 1 - last_read


@given(SIZES, KERNELS, STRIDES, DILATIONS, st.sampled_from(["SAME", "VALID"]))
@settings(max_examples=60, deadline=None)
def test_same_and_valid_give_the_sizes_of_tensorflow(size, kernel, stride, dilation, padding):
    assume(padding == "SAME" or (kernel - 1) * dilation < size)
    assume(stride == 1 or dilation == 1)  # TensorFlow refuses both together
    x = tf.zeros((1, size, 1))
    expected = tf.nn.convolution(x, tf.zeros((kernel, 1, 1)), stride, padding, dilations=dilation).shape[1]
    assert shapes.output_size(size, kernel, stride, padding.lower(), dilation) == expected


@given(st.integers(1, 20), KERNELS, STRIDES)
@settings(max_examples=60, deadline=None)
def test_same_pads_on_the_side_where_tensorflow_pads(size, kernel, stride):
    signal = np.arange(1.0, size + 1)
    first = np.zeros((kernel, 1, 1))
    first[0] = 1  # the first entry of the kernel: its output shows where each window starts
    starts = tf.nn.conv1d(signal.reshape(1, -1, 1), first, stride, "SAME").numpy().ravel()
    before, after = shapes.padding_amounts(size, kernel, stride, "same")
    padded = np.pad(signal, (before, after))
    np.testing.assert_array_equal(padded[::stride][: len(starts)], starts)


@given(SIZES, KERNELS)
@settings(max_examples=50, deadline=None)
def test_full_has_the_length_of_numpys_full_convolution(size, kernel):
    expected = len(np.convolve(np.ones(size), np.ones(kernel), "full"))
    assert shapes.output_size(size, kernel, padding="full") == expected


@given(SIZES, KERNELS, STRIDES, DILATIONS)
@settings(max_examples=100, deadline=None)
def test_same_output_is_the_size_divided_by_the_stride_rounded_up(size, kernel, stride, dilation):
    assert shapes.output_size(size, kernel, stride, "same", dilation) == int(np.ceil(size / stride))
    before, after = shapes.padding_amounts(size, kernel, stride, "same", dilation)
    assert after - before in (0, 1)


@given(SIZES, KERNELS, DILATIONS)
@settings(max_examples=50, deadline=None)
def test_a_dilated_kernel_gives_the_size_of_the_kernel_it_spans(size, kernel, dilation):
    span = shapes.effective_kernel(kernel, dilation)
    assert span == len(np.arange(100)[: (kernel - 1) * dilation + 1])
    assume(span <= size)
    assert shapes.output_size(size, kernel, dilation=dilation) == shapes.output_size(size, span)


def test_effective_kernel_hand_worked():
    assert [shapes.effective_kernel(k, d) for k, d in [(3, 1), (3, 2), (5, 2), (1, 9), (2, 4)]] == [3, 5, 9, 1, 5]


def test_leftover_hand_worked():
    assert shapes.leftover(6, 3, stride=5, padding=1) == 0
    assert shapes.leftover(7, 3, stride=5, padding=1) == 1
    assert shapes.leftover(227, 11, stride=4) == 0
    assert shapes.leftover(224, 11, stride=4) == 1
    assert shapes.leftover(5, 2, stride=2) == 1
    assert shapes.leftover(8, 3, stride=3, dilation=2) == 0


@given(SIZES, KERNELS, STRIDES, st.sampled_from(["same", "valid"]), DILATIONS, st.none() | st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_transposed_size_is_that_of_keras(size, kernel, stride, padding, dilation, extra):
    from keras.src.backend.common.backend_utils import compute_conv_transpose_output_shape as keras_shape

    assume(extra is None or extra < stride)
    expected = keras_shape((1, size, 1), (kernel,), 1, stride, padding, extra, dilation_rate=dilation)[1]
    if expected < 1:
        with pytest.raises(ValueError, match="output_padding"):
            shapes.transposed_size(size, kernel, stride, padding, dilation, extra)
    else:
        assert shapes.transposed_size(size, kernel, stride, padding, dilation, extra) == expected


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("size", "kernel", "stride", "dilation"), [(5, 4, 2, 1), (7, 3, 1, 2), (4, 2, 3, 1)])
def test_transposed_size_is_that_of_a_keras_layer(size, kernel, stride, dilation, padding):
    layer = keras.layers.Conv1DTranspose(1, kernel, stride, padding, dilation_rate=dilation)
    expected = layer.compute_output_shape((1, size, 1))[1]
    assert shapes.transposed_size(size, kernel, stride, padding, dilation) == expected


@given(SIZES, KERNELS, STRIDES, st.sampled_from(["same", "valid"]), DILATIONS)
@settings(max_examples=100, deadline=None)
def test_convolution_returns_from_the_transposed_size(size, kernel, stride, padding, dilation):
    larger = shapes.transposed_size(size, kernel, stride, padding, dilation)
    assert shapes.output_size(larger, kernel, stride, padding, dilation) == size


@pytest.mark.parametrize("function", [shapes.output_size, shapes.padding_amounts, shapes.leftover])
@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (dict(kernel=6), ValueError, r"kernel covers .* the padded input has 5.*Received: 6"),
        (dict(kernel=3, dilation=3), ValueError, r"kernel covers 7 pixels, .* has 5 .*Received: 3, dilated by 3"),
        (dict(kernel=0), ValueError, r"kernel must be an integer of at least 1\. Received: 0"),
        (dict(size=0), ValueError, r"size must be an integer of at least 1\. Received: 0"),
        (dict(size=5.0), TypeError, r"size must be an integer.*Received: 5\.0"),
        (dict(stride=0), ValueError, r"stride must be.*Received: 0"),
        (dict(stride=-2), ValueError, r"stride must be.*Received: -2"),
        (dict(dilation=0), ValueError, r"dilation must be.*Received: 0"),
        (dict(padding="reflect"), ValueError, "padding must be 'valid', .* or a pair .*: 'reflect'"),
        (dict(padding=-1), ValueError, r"padding must be.*Received: -1"),
        (dict(padding=(1, 2, 3)), ValueError, r"padding must be .* a pair .*Received: \(1, 2, 3\)"),
        (dict(padding=(1, -2)), ValueError, r"padding must be.*Received: \(1, -2\)"),
        (dict(padding=1.5), TypeError, r"padding must be 'valid', 'same', 'full', an integer .*a pair.*1\.5"),
        (dict(padding=True), TypeError, r"padding must be 'valid', 'same', 'full', an integer .*Received: True"),
        (dict(padding=None), TypeError, r"padding must be 'valid'.*Received: None"),
    ],
)
def test_wrong_settings_are_named_with_what_was_received(function, wrong, error, message):
    with pytest.raises(error, match=message):
        function(**{"size": 5, "kernel": 3, **wrong})


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (dict(size=0), ValueError, "size must be"),
        (dict(stride=0), ValueError, "stride must be"),
        (dict(padding="full"), ValueError, r"padding must be one of 'valid', 'same'\. Received: 'full'"),
        (dict(output_padding=2), ValueError, r"output_padding must be an integer from 0 to 1\. Received: 2"),
        (dict(output_padding=-1), ValueError, "output_padding must be"),
    ],
)
def test_wrong_settings_of_the_transposed_size_are_named(wrong, error, message):
    with pytest.raises(error, match=message):
        shapes.transposed_size(**{"size": 5, "kernel": 3, "stride": 2, **wrong})
