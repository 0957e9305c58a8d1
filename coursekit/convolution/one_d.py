"""Correlation and convolution of one-dimensional signals."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit import shapes
from coursekit.convolution import operands


def correlate1d_loop(signal, kernel, padding="valid", boundary="zero", stride=1, dilation=1):
    """Return what `correlate1d` returns: slide, multiply, add.

    >>> correlate1d_loop([1, 2, 3, 4], [1, 10])  # 1 + 20, 2 + 30, 3 + 40
    array([21, 32, 43])
    """
    padded, kernel = _prepare(signal, kernel, padding, boundary, stride, dilation)
    outputs = shapes.output_size(len(padded), len(kernel), stride, dilation=dilation)
    result = np.zeros(outputs, padded.dtype)
    for i in range(outputs):
        for u in range(len(kernel)):
            result[i] += kernel[u] * padded[i * stride + u * dilation]
    return result


def convolve1d_loop(signal, kernel, padding="valid", boundary="zero", stride=1, dilation=1):
    """Return what `convolve1d` returns: the kernel is read forwards, the signal backwards.

    >>> convolve1d_loop([1, 2, 3, 4], [1, 10])  # 2 + 10, 3 + 20, 4 + 30
    array([12, 23, 34])
    """
    padded, kernel = _prepare(signal, kernel, padding, boundary, stride, dilation, mirrored=True)
    outputs = shapes.output_size(len(padded), len(kernel), stride, dilation=dilation)
    result = np.zeros(outputs, padded.dtype)
    last = len(kernel) - 1
    for i in range(outputs):
        for u in range(len(kernel)):
            result[i] += kernel[u] * padded[i * stride + (last - u) * dilation]
    return result


def correlate1d(signal, kernel, padding="valid", boundary="zero", stride=1, dilation=1):
    """Return the correlation of a signal with a kernel, a 1-D array: sum over u of kernel[u] * signal[i + u].

    `signal` is (n,), `kernel` (k,). `padding` says how many samples are added at the ends, "valid", "same",
    "full", an int or a pair (see `shapes`), and `boundary` which ones: "zero", "symmetric" (mirrored, the
    last sample repeated) or "circular" (the signal starts again). Windows start `stride` samples apart
    and their entries lie `dilation` samples apart. "same" puts entry (k - 1) // 2 of the kernel on each
    sample. The length of the result is `shapes.output_size`; its number type is told in the package's text.

    Raises TypeError for input that is not a numeric array, ValueError for empty input, NaN, or a kernel that
    is longer than the padded signal.

    >>> correlate1d([1, 2, 3, 4], [1, 10])
    array([21, 32, 43])
    >>> correlate1d([1, 2, 3, 4], [1, 10], padding="same", boundary="circular")  # the last one is 4 + 10
    array([21, 32, 43, 14])
    """
    padded, kernel = _prepare(signal, kernel, padding, boundary, stride, dilation)
    return _window_products(padded, kernel, stride, dilation)


def convolve1d(signal, kernel, padding="valid", boundary="zero", stride=1, dilation=1):
    """Return the convolution of a signal with a kernel, a 1-D array: sum over u of kernel[u] * signal[i - u].

    It is the correlation with the flipped kernel; arguments, number type and errors are those of
    `correlate1d`. "same" gives what `numpy.convolve` gives (for a signal that is not shorter than the
    kernel): an even kernel needs one sample more at the start than at the end.

    >>> convolve1d([1, 2, 3, 4], [1, 10], padding="full")  # the product of two polynomials
    array([ 1, 12, 23, 34, 40])
    """
    padded, kernel = _prepare(signal, kernel, padding, boundary, stride, dilation, mirrored=True)
    return _window_products(padded, kernel[::-1], stride, dilation)


def _window_products(padded, kernel, stride, dilation):
    windows = sliding_window_view(padded, shapes.effective_kernel(len(kernel), dilation))
    return windows[::stride, ::dilation] @ kernel  # (outputs, k) @ (k,)


def _prepare(signal, kernel, padding, boundary, stride, dilation, mirrored=False):
    """Return the padded signal and the kernel, checked; `mirrored` swaps the two ends of "same"."""
    signal, kernel = operands.pair_of("signal", signal, kernel, ndim=1)
    amounts = shapes.padding_amounts(len(signal), len(kernel), stride, padding, dilation)
    if mirrored and padding == "same":
        amounts = amounts[::-1]
    return operands.pad(signal, amounts, boundary), kernel
