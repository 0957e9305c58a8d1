"""The fast engine of two-dimensional convolution: windows as columns, one matrix product, block by block."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit import shapes

# Blocks of output rows, so that windows and sums stay in the processor's cache. A block of a million
# multiplications also passes OpenBLAS as a small product, on one thread. In the layer of the benchmark larger
# ones gained nothing on an idle machine, and on a busy one, where its threads wait for each other, they took
# ten times as long. Where not even one row is that small, threads pay, and the blocks are few and large.
BLOCK_PRODUCTS = 10**6
BLOCK_BYTES = 2**22


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
    row_bytes = len(matrix) * columns * padded.itemsize
    step = min(BLOCK_PRODUCTS // (matrix.size * columns) or BLOCK_BYTES // row_bytes or 1, rows)
    result = np.empty((images, rows, columns, c_out), padded.dtype)
    scratch = np.empty(len(matrix) * step * columns, padded.dtype)
    row_of_biases = np.tile(bias, columns)  # adds in long runs, many times faster than c_out at a time
    for n in range(images):
        for top in range(0, rows, step):
            block = views[n, ..., top : top + step, :]
            copied = scratch[: block.size].reshape(block.shape)
            np.copyto(copied, block)  # a column of the matrix below is one window
            sums = result[n, top : top + step]
            _product(copied.reshape(len(matrix), -1), matrix, sums.reshape(-1, c_out))
            if bias.any():  # adding zeros would still cost a pass over the memory
                sums.reshape(-1, columns * c_out)[:] += row_of_biases
    return result


def _product(columns, matrix, out):
    """Write into `out` the transpose of `columns` times `matrix`."""
    if matrix.shape[1] == 1:  # BLAS would use threads for the smallest product of a matrix and a vector
        np.einsum("kp,ko->po", columns, matrix, out=out)
    else:
        np.matmul(columns.T, matrix, out=out)
