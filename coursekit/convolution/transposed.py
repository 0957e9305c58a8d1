"""Transposed convolution: every input pixel stamps a scaled kernel onto a larger output."""

import numpy as np

from coursekit import arguments, shapes
from coursekit.convolution import operands

BLOCK_BYTES = 2**20  # of stamps made at a time: they are read again at once, while still in the cache


def conv_transpose_loop(x, kernels, bias=None, stride=1, padding="same"):
    """Return what `conv_transpose` returns, one stamp after the other.

    >>> image = np.array([1.0, 10.0]).reshape(1, 1, 2, 1)    # one row of two pixels
    >>> stamp = np.array([1.0, 2.0, 3.0]).reshape(1, 3, 1, 1)
    >>> conv_transpose_loop(image, stamp, stride=(1, 2), padding="valid").ravel()  # 3 + 10 where they overlap
    array([ 1.,  2., 13., 20., 30.])
    """
    x, kernels, bias = operands.layer(x, kernels, bias, input_axis=3)
    canvas, (step_down, step_right), crop = _canvas(x, kernels, stride, padding)
    images, rows, columns, _ = x.shape
    height, width = kernels.shape[:2]
    for n in range(images):
        for i in range(rows):
            for j in range(columns):
                stamp = kernels @ x[n, i, j]  # (height, width, c_out): the kernels, weighted by the pixel
                top, left = i * step_down, j * step_right
                canvas[n, top : top + height, left : left + width] += stamp
    return canvas[crop] + bias


def conv_transpose(x, kernels, bias=None, stride=1, padding="same"):
    """Return the transposed convolution of a batch: float array (images, rows', columns', c_out).

    `x` is (images, rows, columns, c_in), `kernels` is (height, width, c_out, c_in) as in Keras'
    Conv2DTranspose, `bias` is (c_out,) or None, `stride` an int or a pair (rows, columns), `padding`
    "valid" or "same"; rows' and columns' follow `shapes.transposed_size`. Each pixel of `x` multiplies
    the kernels and adds the result to the output, `stride` pixels further than its neighbour did. "same"
    then crops the border to rows * stride by columns * stride. As a linear map this is the transpose
    of the convolution with the same kernels, stride and padding.

    Raises TypeError for input that is not an array, ValueError for channels that do not match, an empty batch, or NaN.
    Source: Dumoulin and Visin, 2016, "A guide to convolution arithmetic for deep learning", chapter 4.

    >>> small = np.ones((2, 8, 8, 3), np.float32)
    >>> large = conv_transpose(small, np.ones((4, 4, 5, 3)), stride=2)
    >>> large.shape, str(large.dtype)
    ((2, 16, 16, 5), 'float32')
    """
    x, kernels, bias = operands.layer(x, kernels, bias, input_axis=3)
    canvas, steps, crop = _canvas(x, kernels, stride, padding)
    images, rows, columns, c_in = x.shape
    height, width, c_out, _ = kernels.shape
    matrix = kernels.reshape(-1, c_in).T  # (c_in, height * width * c_out)
    image_bytes = rows * columns * matrix.shape[1] * x.itemsize
    block = max(1, BLOCK_BYTES // image_bytes)
    for first in range(0, images, block):
        pixels = x[first : first + block].reshape(-1, c_in)
        stamps = (pixels @ matrix).reshape(-1, rows, columns, height, width, c_out)
        _overlap_add(canvas[first : first + block], stamps, steps)
    return canvas[crop] + bias


def overlap_counts(size, kernel, stride=1, padding="valid"):
    """Return how many stamps reach each output of a transposed convolution along one axis: int64 (outputs,).

    `size` pixels stamp a kernel of `kernel` entries, each `stride` further than its neighbour did; `padding` is
    "valid" or "same", which crops the border as `conv_transpose` does. Far from the border the counts repeat
    with period `stride`, and are all equal only where `stride` divides `kernel`. In two dimensions they are the
    outer product of those of both axes. Raises TypeError or ValueError for other arguments.

    Source: Odena, Dumoulin and Olah, 2016, "Deconvolution and checkerboard artifacts", Distill.

    >>> overlap_counts(4, kernel=3, stride=2)    # the pixel in the middle of two stamps gets both
    array([1, 1, 2, 1, 2, 1, 2, 1, 1])
    """
    size, kernel = (arguments.integer(name, value, 1) for name, value in (("size", size), ("kernel", kernel)))
    stride = arguments.integer("stride", stride, minimum=1)
    pixels, stamp = np.ones((1, 1, size, 1), np.int64), np.ones((1, kernel, 1, 1), np.int64)
    return conv_transpose(pixels, stamp, stride=(1, stride), padding=padding).ravel()


def _overlap_add(canvas, stamps, steps):
    """Add to `canvas` all stamps: entry (u, v) of every stamp lands on a grid that starts at (u, v)."""
    _, rows, columns, height, width, _ = stamps.shape
    step_down, step_right = steps
    for u in range(height):
        for v in range(width):
            grid = canvas[:, u : u + rows * step_down : step_down, v : v + columns * step_right : step_right]
            grid += stamps[:, :, :, u, v]


def _canvas(x, kernels, stride, padding):
    """Return zeros on which all stamps fit, the steps between stamps, and the slices that crop the output."""
    steps = arguments.pair("stride", stride, minimum=1)
    lengths, crop = [], [slice(None)]
    for size, kernel, step in zip(x.shape[1:3], kernels.shape[:2], steps):
        output = shapes.transposed_size(size, kernel, step, padding)
        start, _ = shapes.padding_amounts(output, kernel, step, padding)
        lengths.append(max(start + output, (size - 1) * step + kernel))
        crop.append(slice(start, start + output))
    return np.zeros((len(x), *lengths, kernels.shape[2]), x.dtype), steps, tuple(crop)
