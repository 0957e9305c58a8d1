"""The way back through a convolutional layer: to its input, its kernels and its biases."""

import numpy as np

from coursekit import arguments, shapes
from coursekit.backprop.operands import arriving, floating
from coursekit.convolution import operands
from coursekit.convolution.windows import BLOCK_BYTES, BLOCK_PRODUCTS, window_view


def conv_gradients_loop(x, kernels, gradient, stride=1, padding="valid", dilation=1):
    """Return what `conv_gradients` returns, one number of `gradient` after the other.

    Each output number was a sum of products w · x. So its slope g reaches every pixel of its window as w · g,
    and every weight as x · g; the bias was added once and receives g itself.

    >>> x = np.array([1.0, 2.0, 3.0]).reshape(1, 1, 3, 1)
    >>> kernel = np.array([10.0, 20.0]).reshape(1, 2, 1, 1)
    >>> [part.ravel().tolist() for part in conv_gradients_loop(x, kernel, np.ones((1, 1, 2, 1)))]
    [[10.0, 30.0, 20.0], [3.0, 5.0], [2.0]]
    """
    padded, kernels, gradient, (down, right), (apart, aside), crop = _prepare(
        x, kernels, gradient, stride, padding, dilation
    )
    height = shapes.effective_kernel(kernels.shape[0], apart)
    width = shapes.effective_kernel(kernels.shape[1], aside)
    to_x, to_kernels = np.zeros_like(padded), np.zeros_like(kernels)
    to_bias = np.zeros(kernels.shape[3], kernels.dtype)
    for n, i, j, k in np.ndindex(gradient.shape):
        g = gradient[n, i, j, k]
        rows = slice(i * down, i * down + height, apart)
        columns = slice(j * right, j * right + width, aside)
        to_x[n, rows, columns] += kernels[:, :, :, k] * g
        to_kernels[:, :, :, k] += padded[n, rows, columns] * g
        to_bias[k] += g
    return to_x[crop], to_kernels, to_bias


def conv_gradients(x, kernels, gradient, stride=1, padding="valid", dilation=1):
    """Return (dL/dx, dL/dkernels, dL/dbias), in the shapes of `x`, `kernels` and (c_out,).

    `gradient` is dL/d(output) in the shape of `conv_layer(x, kernels, None, stride, padding, dilation)`, whose
    arguments these are. At stride 1 without padding, dL/dx is the "full" convolution of `gradient` with the kernels
    (turned by half a turn, as a convolution does), dL/dkernels is the correlation of `x` with `gradient`, and
    dL/dbias its sum. With a stride the gradient's numbers lie `stride` pixels apart; padding is cut off again.

    Raises what `conv_layer` raises, and ValueError for a gradient in another shape than the output's.
    Source: Goodfellow, Bengio and Courville, "Deep Learning", 2016, equations 9.11 and 9.13.

    >>> x, kernels = np.ones((2, 6, 5, 3), np.float32), np.ones((3, 3, 3, 4), np.float32)
    >>> parts = conv_gradients(x, kernels, np.ones((2, 4, 3, 4), np.float32))
    >>> [part.shape for part in parts], float(parts[0][0, 2, 2, 0])  # 9 places and 4 kernels reach the middle
    ([(2, 6, 5, 3), (3, 3, 3, 4), (4,)], 36.0)
    """
    padded, kernels, gradient, stride, dilation, crop = _prepare(x, kernels, gradient, stride, padding, dilation)
    height, width, c_in, c_out = kernels.shape
    images, rows, columns, _ = gradient.shape
    windows = window_view(padded, (height, width), stride, dilation).transpose(0, 4, 5, 3, 1, 2)
    matrix = kernels.reshape(-1, c_out)
    step = min(max(BLOCK_PRODUCTS // (matrix.size * columns), 1), rows)
    if step == 1:  # as in the forward pass: where no row is small, few large blocks
        step = min(max(BLOCK_BYTES // (len(matrix) * columns * padded.itemsize), 1), rows)
    canvas = np.zeros((images, c_in, *padded.shape[1:3]), padded.dtype)  # channels first: long runs to add
    sums = np.zeros((len(matrix) + 1, c_out), padded.dtype)
    scratch = np.ones((len(matrix) + 1) * step * columns, padded.dtype)
    for n in range(images):
        for top in range(0, rows, step):
            slopes = gradient[n, top : top + step].reshape(-1, c_out)
            block = windows[n, ..., top : top + step, :]
            copied = scratch[: block.size + len(slopes)].reshape(-1, len(slopes))
            np.copyto(copied[:-1].reshape(block.shape), block)
            copied[-1] = 1  # a last row of ones, whose product is the bias's sum
            sums += copied @ slopes
            stamps = copied[:-1]  # no longer needed: the ways to the input take its place
            np.matmul(matrix, slopes.T, out=stamps)
            _add_stamps(canvas[n, :, top * stride[0] :], stamps.reshape(block.shape), stride, dilation)
    to_x = np.ascontiguousarray(np.moveaxis(canvas, 1, 3)[crop])
    return to_x, sums[:-1].reshape(kernels.shape), sums[-1].copy()


def _add_stamps(canvas, stamps, stride, dilation):
    """Add stamps (height, width, c_in, rows, columns) to a canvas (c_in, rows', columns'), each at its place."""
    height, width, _, rows, columns = stamps.shape
    for u in range(height):
        down = slice(u * dilation[0], u * dilation[0] + (rows - 1) * stride[0] + 1, stride[0])
        for v in range(width):
            right = slice(v * dilation[1], v * dilation[1] + (columns - 1) * stride[1] + 1, stride[1])
            canvas[:, down, right] += stamps[u, v]


def _prepare(x, kernels, gradient, stride, padding, dilation):
    """Return padded x, kernels, gradient, stride, dilation, all checked, and the slices that cut the padding off."""
    x, kernels, _ = operands.layer(floating("x", x, 4), kernels, None, input_axis=2)
    stride = arguments.pair("stride", stride, minimum=1)
    dilation = arguments.pair("dilation", dilation, minimum=1)
    border = operands.border("kernels", x.shape[1:3], kernels.shape[:2], stride, padding, dilation)
    padded = operands.pad(x, ((0, 0), *border, (0, 0)))
    sizes = zip(padded.shape[1:3], kernels.shape[:2], stride, dilation)
    output = [shapes.output_size(size, kernel, step, dilation=gap) for size, kernel, step, gap in sizes]
    gradient = arriving(gradient, (len(x), *output, kernels.shape[3]), x.dtype)
    crop = tuple(slice(before, before + size) for (before, _), size in zip(border, x.shape[1:3]))
    return padded, kernels, gradient, stride, dilation, (slice(None), *crop)
