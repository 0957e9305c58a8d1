"""Adaptive pooling: the size of the output is given, the windows follow from it."""

import numpy as np

from coursekit import arguments, shapes
from coursekit.convolution import pooling


def adaptive_max_pool_loop(x, output_size):
    """Return what `adaptive_max_pool` returns, window by window.

    >>> adaptive_max_pool_loop([[1, 2, 3, 4, 5]], (1, 3))
    array([[2, 4, 5]])
    """
    return _window_by_window(x, pooling.images_of(x), output_size, np.max)


def adaptive_average_pool_loop(x, output_size):
    """Return what `adaptive_average_pool` returns, window by window.

    >>> adaptive_average_pool_loop([[1, 2, 3, 4, 5]], (1, 3))
    array([[1.5, 3. , 4.5]])
    """
    batch = pooling.images_of(x)
    batch = batch.astype(pooling.fractional_type(batch), copy=False)
    return _window_by_window(x, batch, output_size, np.mean)


def adaptive_max_pool(x, output_size):
    """Return the largest value of each of output_size windows, in the number type of `x`.

    `x` is a batch (images, rows, columns, channels) of any size or one picture (rows, columns). The result
    has the same axes, and `output_size` (an int or a pair) rows and columns. The windows are those of
    `shapes.adaptive_windows`: equally large when the size divides, and the whole picture for one output.
    Errors as in `max_pool`.

    >>> adaptive_max_pool(np.arange(20).reshape(4, 5), 2)
    array([[ 7,  9],
           [17, 19]])
    """
    return _axis_by_axis(x, pooling.images_of(x), output_size, np.max)


def adaptive_average_pool(x, output_size):
    """Return the mean of each of output_size windows, float64 for whole numbers; see `adaptive_max_pool`.

    >>> adaptive_average_pool(np.arange(20).reshape(4, 5), (1, 2))
    array([[ 8.5, 10.5]])
    """
    batch = pooling.images_of(x)
    batch = batch.astype(pooling.fractional_type(batch), copy=False)
    return _axis_by_axis(x, batch, output_size, np.mean)


def _window_by_window(x, batch, output_size, summary):
    rows, columns = arguments.pair("output_size", output_size, minimum=1)
    result = np.zeros((len(batch), rows, columns, batch.shape[3]), batch.dtype)
    for i, (top, bottom) in enumerate(shapes.adaptive_windows(batch.shape[1], rows)):
        for j, (left, right) in enumerate(shapes.adaptive_windows(batch.shape[2], columns)):
            result[:, i, j] = summary(batch[:, top:bottom, left:right], axis=(1, 2))
    return result if np.ndim(x) == 4 else result[0, :, :, 0]


def _axis_by_axis(x, batch, output_size, summary):
    """Summarise rows, then columns: the maximum (mean) of maxima (means over equally many) is that of all."""
    for axis, outputs in enumerate(arguments.pair("output_size", output_size, minimum=1), start=1):
        windows = shapes.adaptive_windows(batch.shape[axis], outputs)
        parts = [summary(batch.take(range(start, end), axis), axis=axis) for start, end in windows]
        batch = np.stack(parts, axis=axis)
    return batch if np.ndim(x) == 4 else batch[0, :, :, 0]
