"""Laws of correlation and convolution of signals, against the loop, NumPy, SciPy and hand-worked sums."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import ndimage

from coursekit.convolution import convolve1d, convolve1d_loop, correlate1d, correlate1d_loop

CORRELATE = pytest.mark.parametrize("correlate", [correlate1d, correlate1d_loop])
CONVOLVE = pytest.mark.parametrize("convolve", [convolve1d, convolve1d_loop])
ALL = pytest.mark.parametrize("function", [correlate1d, correlate1d_loop, convolve1d, convolve1d_loop])
PAIRS = pytest.mark.parametrize(("fast", "loop"), [(correlate1d, correlate1d_loop), (convolve1d, convolve1d_loop)])

numbers = st.integers(-9, 9)
signals = st.lists(numbers, min_size=1, max_size=12).map(np.array)
kernels = st.lists(numbers, min_size=1, max_size=5).map(np.array)
paddings = st.one_of(
    st.sampled_from(["valid", "same", "full"]), st.integers(0, 4), st.tuples(st.integers(0, 4), st.integers(0, 4))
)
boundaries = st.sampled_from(["zero", "symmetric", "circular"])
steps = st.integers(1, 3)


def result_or_error(function, *arguments):
    try:
        return function(*arguments)
    except ValueError as error:
        return str(error)


@CORRELATE
def test_hand_worked_correlation(correlate):
    signal, kernel = [1, 2, 3, 4, 5], [1, 0, -2]
    assert correlate(signal, kernel).tolist() == [1 - 6, 2 - 8, 3 - 10]
    assert correlate(signal, kernel, "same").tolist() == [0 - 4, 1 - 6, 2 - 8, 3 - 10, 4 - 0]
    assert correlate(signal, kernel, "full").tolist() == [-2, -4, -5, -6, -7, 4, 5]
    assert correlate(signal, kernel, padding=(1, 0)).tolist() == [-4, -5, -6, -7]
    assert correlate(signal, kernel, stride=2).tolist() == [-5, -7]
    assert correlate(signal, kernel, dilation=2).tolist() == [1 - 10]
    assert correlate(signal, kernel, 1, "symmetric").tolist() == [1 - 4, -5, -6, -7, 4 - 10]
    assert correlate(signal, kernel, 1, "circular").tolist() == [5 - 4, -5, -6, -7, 4 - 2]


@CONVOLVE
def test_hand_worked_convolution(convolve):
    signal, kernel = [1, 2, 3, 4, 5], [1, 0, -2]
    assert convolve(signal, kernel).tolist() == [3 - 2, 4 - 4, 5 - 6]
    assert convolve(signal, kernel, "full").tolist() == [1, 2, 1, 0, -1, -8, -10]
    assert convolve(signal, kernel, stride=2).tolist() == [1, -1]
    assert convolve(signal, kernel, dilation=2).tolist() == [5 - 2]
    assert convolve(signal, [10, 1], "same").tolist() == [10, 21, 32, 43, 54]
    assert convolve(signal, [10, 1], "same", "circular").tolist() == [10 + 5, 21, 32, 43, 54]
    assert convolve(signal, kernel, (0, 1)).tolist() == [1, 0, -1, -8]


@PAIRS
@given(signals, kernels, paddings, boundaries, steps, steps)
@settings(max_examples=150, deadline=None)
def test_fast_form_equals_the_loop_or_fails_alike(fast, loop, signal, kernel, padding, boundary, stride, dilation):
    settings_ = (signal, kernel, padding, boundary, stride, dilation)
    expected, received = result_or_error(loop, *settings_), result_or_error(fast, *settings_)
    assert type(expected) is type(received)
    np.testing.assert_array_equal(received, expected)


@given(signals, kernels, st.sampled_from(["valid", "same", "full"]))
@settings(max_examples=80, deadline=None)
def test_convolution_is_that_of_numpy(signal, kernel, mode):
    assume(len(kernel) <= len(signal))
    np.testing.assert_array_equal(convolve1d(signal, kernel, mode), np.convolve(signal, kernel, mode))


@given(signals, kernels, st.sampled_from(["VALID", "SAME"]), steps, steps)
@settings(max_examples=60, deadline=None)
def test_correlation_is_what_tensorflow_computes(signal, kernel, padding, stride, dilation):
    assume(padding == "SAME" or (len(kernel) - 1) * dilation < len(signal))
    assume(stride == 1 or dilation == 1)
    x, w = (array.astype(np.float64) for array in (signal.reshape(1, -1, 1), kernel.reshape(-1, 1, 1)))
    expected = tf.nn.convolution(x, w, stride, padding, dilations=dilation).numpy().ravel()
    received = correlate1d(signal, kernel, padding.lower(), stride=stride, dilation=dilation)
    np.testing.assert_array_equal(received, expected)


@given(signals, kernels, st.sampled_from([("zero", "constant"), ("symmetric", "reflect"), ("circular", "grid-wrap")]))
@settings(max_examples=80, deadline=None)
def test_boundaries_are_those_of_scipy(signal, kernel, boundary):
    ours, theirs = boundary
    origin = 0 if len(kernel) % 2 else -1  # SciPy centres an even kernel on the entry after the middle
    expected = ndimage.correlate1d(signal.astype(float), kernel.astype(float), mode=theirs, origin=origin)
    np.testing.assert_allclose(correlate1d(signal, kernel, "same", ours), expected)


@PAIRS
@given(signals, kernels, boundaries)
@settings(max_examples=30, deadline=None)
def test_a_stride_keeps_every_so_many_outputs(fast, loop, signal, kernel, boundary):
    dense = fast(signal, kernel, 3, boundary)
    for form in (fast, loop):
        np.testing.assert_array_equal(form(signal, kernel, 3, boundary, stride=2), dense[::2])


@PAIRS
@given(signals, kernels, steps)
@settings(max_examples=30, deadline=None)
def test_dilation_is_a_kernel_with_zeros_between_its_entries(fast, loop, signal, kernel, dilation):
    spread = np.zeros((len(kernel) - 1) * dilation + 1, int)
    spread[::dilation] = kernel
    for form in (fast, loop):
        np.testing.assert_array_equal(form(signal, kernel, "full", dilation=dilation), form(signal, spread, "full"))


@CONVOLVE
@given(signals, kernels)
@settings(max_examples=40, deadline=None)
def test_convolution_commutes_and_is_correlation_with_the_flipped_kernel(convolve, signal, kernel):
    np.testing.assert_array_equal(convolve(signal, kernel, "full"), convolve(kernel, signal, "full"))
    np.testing.assert_array_equal(convolve(signal, kernel, "full"), correlate1d(signal, kernel[::-1], "full"))


@CONVOLVE
@given(signals, kernels)
@settings(max_examples=40, deadline=None)
def test_convolution_of_the_mirrored_signal_is_the_mirrored_correlation(convolve, signal, kernel):
    np.testing.assert_array_equal(convolve(signal[::-1], kernel, "same"), correlate1d(signal, kernel, "same")[::-1])


@CORRELATE
@given(signals, kernels, st.integers(-3, 3))
@settings(max_examples=40, deadline=None)
def test_a_shift_of_a_circular_signal_shifts_the_output(correlate, signal, kernel, shift):
    shifted = correlate(np.roll(signal, shift), kernel, "same", "circular")
    np.testing.assert_array_equal(shifted, np.roll(correlate(signal, kernel, "same", "circular"), shift))


@ALL
@pytest.mark.parametrize(
    ("signal_type", "kernel_type", "expected"),
    [
        (np.float32, np.float64, np.float32),
        (np.float64, np.float32, np.float64),
        (np.float16, np.float64, np.float32),
        (np.float32, np.int64, np.float32),
        (np.uint8, np.int8, np.int64),
        (np.uint8, np.float32, np.float64),
        (np.uint64, np.uint8, np.int64),
    ],
)
def test_the_type_of_the_signal_is_the_type_of_the_result(function, signal_type, kernel_type, expected):
    assert function(np.ones(4, signal_type), np.ones(2, kernel_type)).dtype == expected


@ALL
def test_whole_numbers_do_not_overflow_or_wrap_below_zero(function):
    signal = np.array([200, 250, 255], np.uint8)
    assert function(signal, np.array([100, 100], np.uint8)).tolist() == [45000, 50500]
    assert function(signal, np.array([-1, -1], np.int8)).tolist() == [-450, -505]


@ALL
def test_inputs_stay_as_they_were(function):
    signal, kernel = np.arange(5.0), np.array([1.0, 2.0, 4.0])
    signal.flags.writeable = kernel.flags.writeable = False
    result = function(signal, kernel, "full", "circular")
    result[:] = 0  # and the result is no window onto the input
    assert signal.tolist() == [0, 1, 2, 3, 4] and kernel.tolist() == [1, 2, 4]


@ALL
@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (dict(signal="abc"), TypeError, "signal must be an array of real numbers. Received: 'abc'"),
        (dict(signal=[[1], [2, 3]]), TypeError, "signal must be a rectangular array"),
        (dict(signal=np.ones((2, 3))), ValueError, r"signal must have 1 axes. Received: shape \(2, 3\)"),
        (dict(signal=[]), ValueError, r"signal must hold at least one entry .*Received: shape \(0,\)"),
        (
            dict(signal=[1, np.nan, 2]),
            ValueError,
            r"signal must hold finite numbers only. Received: nan at index \(1,\)",
        ),
        (dict(kernel=[]), ValueError, "kernel must hold at least one entry"),
        (dict(kernel=[1, np.inf]), ValueError, "kernel must hold finite numbers only. Received: inf"),
        (dict(kernel=[True, False]), TypeError, "kernel must be an array of real numbers"),
        (dict(kernel=[1j]), TypeError, "kernel must be an array of real numbers"),
        (dict(kernel=np.ones(6)), ValueError, "kernel covers .* the padded input has 5 .*Received: 6"),
        (dict(padding="half"), ValueError, "padding must be 'valid', 'same', 'full', an integer .*: 'half'"),
        (dict(boundary="mirror"), ValueError, "boundary must be one of 'zero', 'symmetric', 'circular'. .*'mirror'"),
        (dict(stride=-1), ValueError, "stride must be an integer of at least 1. Received: -1"),
        (dict(dilation=0), ValueError, "dilation must be an integer of at least 1. Received: 0"),
    ],
)
def test_wrong_arguments_are_named_with_what_was_received(function, wrong, error, message):
    with pytest.raises(error, match=message):
        function(**{"signal": np.arange(5), "kernel": [1, 2], **wrong})
