"""Convolution as a matrix: few different numbers, repeated along the diagonals."""

import numpy as np

from coursekit import arguments, shapes
from coursekit.convolution import operands
from coursekit.convolution.one_d import correlate1d_loop
from coursekit.convolution.two_d import correlate2d_loop


def toeplitz_matrix_loop(kernel, size, padding="valid", boundary="zero", stride=1, dilation=1):
    """Return what `toeplitz_matrix` returns: column j is the response to an image with pixel j lit alone.

    >>> toeplitz_matrix_loop([1, 2, 3], 5)
    array([[1, 2, 3, 0, 0],
           [0, 1, 2, 3, 0],
           [0, 0, 1, 2, 3]])
    """
    kernel, size = _operands(kernel, size)
    correlate = correlate1d_loop if kernel.ndim == 1 else correlate2d_loop
    columns = []
    for j in range(np.prod(size)):
        image = np.zeros(size, kernel.dtype)
        image.flat[j] = 1
        columns.append(correlate(image, kernel, padding, boundary, stride, dilation).ravel())
    return np.stack(columns, axis=1)


def toeplitz_matrix(kernel, size, padding="valid", boundary="zero", stride=1, dilation=1):
    """Return the matrix whose product with a signal or a flattened image is its correlation with `kernel`.

    For a kernel (k,) `size` is the length of the signal, and the matrix (outputs, size) is banded, with
    the same k numbers in each row. With stride 1 and zeros at the boundary it is Toeplitz: constant along
    each diagonal; with padding "same" and a circular boundary it is circulant. For a kernel
    (height, width) `size` is (rows, columns), and the matrix (rows' * columns', rows * columns) consists
    of Toeplitz blocks that are themselves arranged as in a Toeplitz matrix: it is doubly blocked. Images
    are flattened row by row. The other arguments and the errors are those of `correlate1d` and
    `correlate2d`; the matrix of a convolution is that of the flipped kernel.

    Source: Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 9.1.

    >>> toeplitz_matrix([1, 2, 3], 5)
    array([[1, 2, 3, 0, 0],
           [0, 1, 2, 3, 0],
           [0, 0, 1, 2, 3]])
    >>> toeplitz_matrix([[1, 2], [3, 4]], (2, 3))
    array([[1, 2, 0, 3, 4, 0],
           [0, 1, 2, 0, 3, 4]])
    """
    kernel, size = _operands(kernel, size)
    if kernel.ndim == 1:
        return _band(kernel, size, padding, boundary, stride, dilation)
    down, right = arguments.pair("stride", stride, minimum=1)
    apart, aside = arguments.pair("dilation", dilation, minimum=1)
    operands.border("kernel", size, kernel.shape, (down, right), padding, (apart, aside))  # or raise
    above, beside = operands.both_axes(padding)
    matrix = 0
    for row, place in zip(kernel, np.eye(len(kernel), dtype=kernel.dtype)):
        block = _band(row, size[1], beside, boundary, right, aside)  # a kernel row on an image row
        pattern = _band(place, size[0], above, boundary, down, apart)  # 1 where this block stands
        matrix = matrix + np.kron(pattern, block)
    return matrix


def _band(kernel, size, padding, boundary, stride, dilation):
    """Return the matrix of a one-dimensional correlation."""
    amounts = shapes.padding_amounts(size, len(kernel), stride, padding, dilation)
    source = operands.pad(np.arange(1, size + 1), amounts, boundary) - 1  # the sample at each place; -1: zero
    outputs = shapes.output_size(len(source), len(kernel), stride, dilation=dilation)
    matrix = np.zeros((outputs, size), kernel.dtype)
    for i in range(outputs):
        for u, weight in enumerate(kernel):
            j = source[i * stride + u * dilation]
            if j >= 0:
                matrix[i, j] += weight  # adds: beyond a mirror the same sample is read twice
    return matrix


def _operands(kernel, size):
    """Return the kernel in its computing type and the size, an int or a pair of ints, both checked."""
    kernel = operands.filled("kernel", kernel, ndim=(1, 2))
    ones = np.ones(kernel.shape, np.int8)  # beyond a mirror, one entry may be the sum of all weights
    kernel = operands.cast("kernel", kernel, operands.common_type(kernel, ones))
    if kernel.ndim == 1:
        return kernel, arguments.integer("size", size, minimum=1)
    if not isinstance(size, (tuple, list)):
        expected = "size must be a pair (rows, columns) for a 2-D kernel"
        raise TypeError(f"{expected}. Received: {arguments.shown(size)}")
    return kernel, arguments.pair("size", size, minimum=1)
