"""Max and average pooling: one number for each window, channel by channel."""

import numpy as np

from coursekit import arguments, shapes
from coursekit.convolution import operands


def max_pool_loop(x, pool_size=2, stride=None, padding="valid", return_positions=False):
    """Return what `max_pool` returns, window by window.

    >>> max_pool_loop([[1, 2, 0, 0], [4, 3, 5, 0]])
    array([[4, 5]])
    """
    batch, pool_size, stride, amounts, output = _prepare(x, pool_size, stride, padding)
    result = np.zeros(output, batch.dtype)
    positions = np.zeros((*output, 2), np.intp)
    for (n, i, j, c), top, left, window in _clipped_windows(batch, pool_size, stride, amounts, output):
        row, column = np.unravel_index(window.argmax(), window.shape)
        result[n, i, j, c] = window[row, column]
        positions[n, i, j, c] = top + row, left + column
    return _as_given(x, result, positions if return_positions else None)


def average_pool_loop(x, pool_size=2, stride=None, padding="valid"):
    """Return what `average_pool` returns, window by window.

    >>> average_pool_loop([[1, 2, 0, 0], [4, 3, 5, 0]])
    array([[2.5 , 1.25]])
    """
    batch, pool_size, stride, amounts, output = _prepare(x, pool_size, stride, padding)
    batch = batch.astype(fractional_type(batch), copy=False)
    result = np.zeros(output, batch.dtype)
    for place, _, _, window in _clipped_windows(batch, pool_size, stride, amounts, output):
        result[place] = window.mean()
    return _as_given(x, result)


def max_pool(x, pool_size=2, stride=None, padding="valid", return_positions=False):
    """Return the largest value of each window: (images, rows', columns', channels), number type of `x`.

    `x` is a batch (images, rows, columns, channels) or one picture (rows, columns); the result has the
    same axes. `pool_size` is an int or a pair (rows, columns), `stride` too, and equals `pool_size` when
    None. With padding "valid" windows lie inside the picture and what is left over at the end is dropped;
    "same" adds partial windows at the border, so that rows' = ceil(rows / stride), and only real pixels
    count in them.

    With `return_positions=True` the result is a pair (values, positions), where positions has one more
    axis of length 2: row and column in `x` of the pixel that won, the first one in reading order when
    several are equal. That is where backpropagation sends the gradient.

    Raises TypeError for input that is not a numeric array, ValueError for empty input, NaN, or a window that is
    larger than the picture.

    >>> values, positions = max_pool([[1, 2, 0, 0], [4, 3, 5, 0]], return_positions=True)
    >>> values, positions.tolist()
    (array([[4, 5]]), [[[1, 0], [1, 2]]])
    """
    batch, pool_size, stride, amounts, output = _prepare(x, pool_size, stride, padding)
    # Repeating the border pixels leaves every maximum as it is, whatever the number type.
    padded = np.pad(batch, amounts, "edge") if np.any(amounts) else batch
    result, winner = None, np.zeros(output, np.intp)
    for entry, candidates in enumerate(_entries(padded, pool_size, stride, output)):
        if result is None:
            result = candidates.copy()
        elif return_positions:
            winner[candidates > result] = entry
        np.maximum(result, candidates, out=result)
    if not return_positions:
        return _as_given(x, result)
    return _as_given(x, result, _positions(winner, batch.shape, pool_size, stride, amounts))


def average_pool(x, pool_size=2, stride=None, padding="valid"):
    """Return the mean of each window: (images, rows', columns', channels), float64 for whole numbers.

    Arguments and errors are those of `max_pool`. In the partial windows of "same" the mean is taken over
    the real pixels alone, as Keras does; zeros outside the picture do not pull it down.

    >>> average_pool([[1, 2, 0, 0], [4, 3, 5, 0]])
    array([[2.5 , 1.25]])
    """
    batch, pool_size, stride, amounts, output = _prepare(x, pool_size, stride, padding)
    batch = batch.astype(fractional_type(batch), copy=False)
    sums, pixels = (
        sum(_entries(operands.pad(array, amounts), pool_size, stride, output))
        for array in (batch, np.ones((1, *batch.shape[1:3], 1), batch.dtype))
    )
    return _as_given(x, sums / pixels)


def global_max_pool(x):
    """Return the largest value of each channel of each image: (images, channels), in the number type of `x`.

    >>> global_max_pool(np.arange(12).reshape(1, 2, 3, 2))
    array([[10, 11]])
    """
    return operands.filled("x", x, 4).max(axis=(1, 2))


def global_average_pool(x):
    """Return the mean of each channel of each image: (images, channels), float64 for whole numbers.

    >>> global_average_pool(np.arange(12).reshape(1, 2, 3, 2))
    array([[5., 6.]])
    """
    x = operands.filled("x", x, 4)
    return x.mean(axis=(1, 2), dtype=fractional_type(x))


def images_of(x):
    """Return `x`, a batch or one picture, checked, as a batch."""
    x = operands.filled("x", x, (2, 4))
    return x if x.ndim == 4 else x[np.newaxis, :, :, np.newaxis]


def fractional_type(x):
    """Return the dtype in which means of `x` are taken."""
    return operands.common_type(x, np.empty(0))


def _prepare(x, pool_size, stride, padding):
    """Return the batch, pool size and stride as pairs, padding for each axis, and the shape of the output."""
    batch = images_of(x)
    pool_size = arguments.pair("pool_size", pool_size, minimum=1)
    stride = pool_size if stride is None else arguments.pair("stride", stride, minimum=1)
    arguments.choice("padding", padding, ("valid", "same"))
    images, *sizes, channels = batch.shape
    border = operands.border("pool_size", sizes, pool_size, stride, padding)
    rows, columns = (shapes.output_size(*axis, padding) for axis in zip(sizes, pool_size, stride))
    return batch, pool_size, stride, ((0, 0), *border, (0, 0)), (images, rows, columns, channels)


def _clipped_windows(batch, pool_size, stride, amounts, output):
    """Yield (place in the output, top, left, window) for all windows, cut off where the picture ends."""
    for n, i, j, c in np.ndindex(output):
        top, left = i * stride[0] - amounts[1][0], j * stride[1] - amounts[2][0]
        bottom, right = top + pool_size[0], left + pool_size[1]
        top, left = max(top, 0), max(left, 0)
        yield (n, i, j, c), top, left, batch[n, top:bottom, left:right, c]


def _entries(padded, pool_size, stride, output):
    """Yield, for each place (u, v) in a window, the pixels that lie there in all windows: shape `output`."""
    for u, v in np.ndindex(*pool_size):
        rows = slice(u, u + (output[1] - 1) * stride[0] + 1, stride[0])
        columns = slice(v, v + (output[2] - 1) * stride[1] + 1, stride[1])
        yield padded[:, rows, columns]


def _positions(winner, shape, pool_size, stride, amounts):
    """Return row and column in the picture for the number of the window's entry that won."""
    _, rows, columns, _ = winner.shape
    u, v = np.divmod(winner, pool_size[1])
    row = u + np.arange(rows).reshape(-1, 1, 1) * stride[0] - amounts[1][0]
    column = v + np.arange(columns).reshape(-1, 1) * stride[1] - amounts[2][0]
    # A repeated border pixel stands for the one that it repeats.
    return np.stack([row.clip(0, shape[1] - 1), column.clip(0, shape[2] - 1)], axis=-1)


def _as_given(x, *results):
    """Return the results with the axes of `x`: without those of images and channels for a single picture."""
    shown = [result if np.ndim(x) == 4 else result[0, :, :, 0] for result in results if result is not None]
    return shown[0] if len(shown) == 1 else tuple(shown)
