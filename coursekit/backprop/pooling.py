"""The way back through pooling: all to the winner of a window, or an equal share to each of its pixels."""

import numpy as np

from coursekit import arguments, shapes
from coursekit.backprop.operands import arriving, floating
from coursekit.convolution import max_pool, operands


def max_pool_gradient_loop(x, gradient, pool_size=2, stride=None, padding="valid"):
    """Return what `max_pool_gradient` returns, window by window.

    >>> x = np.array([[1.0, 9.0, 2.0]]).reshape(1, 1, 3, 1)  # 9 wins both windows
    >>> max_pool_gradient_loop(x, np.array([10.0, 1.0]).reshape(1, 1, 2, 1), (1, 2), 1).ravel()
    array([ 0., 11.,  0.])
    """
    x, gradient, windows = _prepare(x, gradient, pool_size, stride, padding)
    result = np.zeros_like(x)
    for n, i, j, c in np.ndindex(gradient.shape):
        rows, columns = windows(i, j)
        window = x[n, rows, columns, c]
        row, column = np.unravel_index(window.argmax(), window.shape)
        result[n, rows.start + row, columns.start + column, c] += gradient[n, i, j, c]
    return result


def max_pool_gradient(x, gradient, pool_size=2, stride=None, padding="valid"):
    """Return dL/dx of max pooling, in the shape of `x` (images, rows, columns, channels).

    `gradient` is dL/d(output); the other arguments are those of `max_pool`. Each number goes to the pixel that won
    its window, the first in reading order where several are equal, and is added there: with overlapping windows a
    pixel may win more than once. Raises what `max_pool` raises, and ValueError for a gradient of another shape.

    >>> x = np.array([[3.0, 1.0], [5.0, 2.0]]).reshape(1, 2, 2, 1)
    >>> max_pool_gradient(x, np.full((1, 1, 1, 1), 7.0))[0, :, :, 0].tolist()
    [[0.0, 0.0], [7.0, 0.0]]
    """
    x, gradient, _ = _prepare(x, gradient, pool_size, stride, padding)
    _, positions = max_pool(x, pool_size, stride, padding, return_positions=True)
    n, channel = np.indices(gradient.shape, sparse=True)[::3]
    flat = np.ravel_multi_index((n, positions[..., 0], positions[..., 1], channel), x.shape)
    # bincount adds where several meet, several times as fast as np.add.at
    sums = np.bincount(flat.ravel(), gradient.ravel().astype(np.float64), x.size)
    return sums.reshape(x.shape).astype(x.dtype)


def average_pool_gradient_loop(x, gradient, pool_size=2, stride=None, padding="valid"):
    """Return what `average_pool_gradient` returns, window by window.

    >>> average_pool_gradient_loop(np.ones((1, 1, 3, 1)), [[[[6], [2]]]], (1, 2), 1).ravel()
    array([3., 4., 1.])
    """
    x, gradient, windows = _prepare(x, gradient, pool_size, stride, padding)
    result = np.zeros_like(x)
    for n, i, j, c in np.ndindex(gradient.shape):
        rows, columns = windows(i, j)
        window = result[n, rows, columns, c]
        window += gradient[n, i, j, c] / window.size
    return result


def average_pool_gradient(x, gradient, pool_size=2, stride=None, padding="valid"):
    """Return dL/dx of average pooling, in the shape of `x` (images, rows, columns, channels).

    Arguments and errors are those of `max_pool_gradient`. Each number is shared equally by the pixels of its
    window; in the partial windows of "same" only the real pixels share.

    >>> average_pool_gradient(np.ones((1, 2, 2, 1)), np.full((1, 1, 1, 1), 8.0)).ravel()
    array([2., 2., 2., 2.])
    """
    x, gradient, windows = _prepare(x, gradient, pool_size, stride, padding)
    result = np.zeros_like(x)
    for i, j in np.ndindex(gradient.shape[1:3]):
        rows, columns = windows(i, j)
        window = result[:, rows, columns]
        window += gradient[:, i : i + 1, j : j + 1] / (window.shape[1] * window.shape[2])
    return result


def _prepare(x, gradient, pool_size, stride, padding):
    """Return x and gradient, checked, and a function from (i, j) to the rows and columns of that window."""
    x = floating("x", x, 4)
    pool_size = arguments.pair("pool_size", pool_size, minimum=1)
    stride = pool_size if stride is None else arguments.pair("stride", stride, minimum=1)
    arguments.choice("padding", padding, ("valid", "same"))
    axes = list(zip(x.shape[1:3], pool_size, stride))
    border = operands.border("pool_size", x.shape[1:3], pool_size, stride, padding)
    output = [shapes.output_size(*axis, padding) for axis in axes]

    def windows(*place):
        firsts = [index * step - before for index, step, (before, _) in zip(place, stride, border)]
        ends = [first + size for first, size in zip(firsts, pool_size)]
        return tuple(slice(max(first, 0), min(end, side)) for first, end, side in zip(firsts, ends, x.shape[1:3]))

    return x, arriving(gradient, (len(x), *output, x.shape[3]), x.dtype), windows
