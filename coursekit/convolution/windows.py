"""The fast engine of two-dimensional convolution: windows as columns, one matrix product, block by block."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit import shapes

# One block of output rows at a time, so that its windows and its sums stay in the processor's cache. A million
# multiplications also pass OpenBLAS as a small product, on one thread: measured, larger ones gain nothing when
# the machine is idle and take ten times as long when it is busy, because its threads then wait for each other.
# With fewer than 256 pixels, however, the matrix gets too thin.
BLOCK_PRODUCTS = 10**6
BLOCK_PIXELS = 256


def window_view(padded, kernel_size, stride, dilation):
    """Return all windows of a padded batch, (images, rows', columns', channels, height, width), as a view.

    Entry [n, i, j, c, u, v] is padded[n, i * stride + u * dilation, j * stride + v * dilation, c],
    with rows and columns each using their own stride and dilation. Nothing is copied.
    """
    spans = [shapes.effective_kernel(*pair) for pair in zip(kernel_size, dilation)]
    every = sliding_window_view(padded, spans, axis=(1, 2))
    return every[:, :: stride[0], :: stride[1], :, :: dilation[0], :: dilation[1]]


def weighted_sums(padded, kernels, bias, stride, dilation):
    """Return (images, rows', columns', c_out): every kernel summed over every window, plus the bias."""
    height, width, _, c_out = kernels.shape
    views = window_view(padded, (height, width), stride, dilation).transpose(0, 4, 5, 3, 1, 2)
    images, *_, rows, columns = views.shape  # (images, height, width, c_in, rows', columns')
    matrix = kernels.reshape(-1, c_out)
    pixels = max(BLOCK_PRODUCTS // matrix.size, BLOCK_PIXELS)
    step = min(rows, max(1, pixels // columns))
    result = np.empty((images, rows, columns, c_out), padded.dtype)
    scratch = np.empty(len(matrix) * step * columns, padded.dtype)
    row_of_biases = np.tile(bias, columns)  # adds in long runs, many times faster than c_out at a time
    for n in range(images):
        for top in range(0, rows, step):
            block = views[n, ..., top : top + step, :]
            copied = scratch[: block.size].reshape(block.shape)
            np.copyto(copied, block)  # a column of the matrix below is one window
            sums = result[n, top : top + step]
            np.matmul(copied.reshape(len(matrix), -1).T, matrix, out=sums.reshape(-1, c_out))
            if bias.any():  # adding zeros would still cost a pass over the memory
                sums.reshape(-1, columns * c_out)[:] += row_of_biases
    return result
