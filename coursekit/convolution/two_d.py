"""Correlation and convolution of one image with one kernel."""

import numpy as np

from coursekit import arguments, shapes
from coursekit.convolution import operands
from coursekit.convolution.windows import weighted_sums


def correlate2d_loop(image, kernel, padding="valid", boundary="zero", stride=1, dilation=1):
    """Return what `correlate2d` returns: cut out a window, multiply it with the kernel, add everything up.

    >>> correlate2d_loop([[1, 2, 3], [4, 5, 6]], [[1, 0], [0, 10]])  # 1 + 50, 2 + 60
    array([[51, 62]])
    """
    padded, kernel, (down, right), (apart, aside) = _prepare(image, kernel, padding, boundary, stride, dilation)
    rows = shapes.output_size(padded.shape[0], kernel.shape[0], down, dilation=apart)
    columns = shapes.output_size(padded.shape[1], kernel.shape[1], right, dilation=aside)
    height = shapes.effective_kernel(kernel.shape[0], apart)
    width = shapes.effective_kernel(kernel.shape[1], aside)
    result = np.zeros((rows, columns), padded.dtype)
    for i in range(rows):
        for j in range(columns):
            top, left = i * down, j * right
            window = padded[top : top + height : apart, left : left + width : aside]
            result[i, j] = np.sum(window * kernel)
    return result


def convolve2d_loop(image, kernel, padding="valid", boundary="zero", stride=1, dilation=1):
    """Return what `convolve2d` returns: each kernel entry meets the pixel opposite to it in the window.

    >>> convolve2d_loop([[1, 2, 3], [4, 5, 6]], [[1, 0], [0, 10]])  # 5 + 10, 6 + 20
    array([[15, 26]])
    """
    padded, kernel, (down, right), (apart, aside) = _prepare(
        image, kernel, padding, boundary, stride, dilation, mirrored=True
    )
    height, width = kernel.shape
    rows = shapes.output_size(padded.shape[0], height, down, dilation=apart)
    columns = shapes.output_size(padded.shape[1], width, right, dilation=aside)
    result = np.zeros((rows, columns), padded.dtype)
    for i in range(rows):
        for j in range(columns):
            for u in range(height):
                for v in range(width):
                    row = i * down + (height - 1 - u) * apart
                    column = j * right + (width - 1 - v) * aside
                    result[i, j] += kernel[u, v] * padded[row, column]
    return result


def correlate2d(image, kernel, padding="valid", boundary="zero", stride=1, dilation=1):
    """Return the correlation of an image with a kernel, a 2-D array: what one channel of a network computes.

    Entry (i, j) is the sum over u and v of kernel[u, v] * image[i + u, j + v]. `image` is (rows, columns),
    `kernel` (height, width). `padding` says how many pixels are added around the image: "valid", "same",
    "full" or an int, for both axes, or a pair that holds that of the rows and that of the columns, where
    each may itself be a pair (before, after); see `shapes`. `boundary` says which pixels: "zero",
    "symmetric" (mirrored, the outermost pixel repeated) or "circular" (the image starts again).
    `stride` and `dilation` are ints or pairs (rows, columns). "same" puts entry
    ((height - 1) // 2, (width - 1) // 2) of the kernel on each pixel. Number type: see the package's text.

    Raises TypeError for input that is not a numeric array, ValueError for empty input, NaN, or a kernel that
    is larger than the padded image.

    >>> image = np.arange(12).reshape(3, 4)
    >>> correlate2d(image, [[-1, 1]])  # each pixel minus its left neighbour
    array([[1, 1, 1],
           [1, 1, 1],
           [1, 1, 1]])
    >>> correlate2d(image, np.ones((3, 3)), padding="same", stride=2).shape
    (2, 2)
    """
    padded, kernel, stride, dilation = _prepare(image, kernel, padding, boundary, stride, dilation)
    return _sums(padded, kernel, stride, dilation)


def convolve2d(image, kernel, padding="valid", boundary="zero", stride=1, dilation=1):
    """Return the convolution of an image with a kernel, a 2-D array: correlation with the kernel turned 180°.

    Entry (i, j) is the sum over u and v of kernel[u, v] * image[i - u, j - v]. Arguments, number type and
    errors are those of `correlate2d`. With "same" an even kernel gets its extra pixel before, not after.

    >>> image = np.zeros((3, 4), int)
    >>> image[1, 1] = 1
    >>> convolve2d(image, [[1, 2, 3], [4, 5, 6]], padding="same")  # a lit pixel becomes the kernel itself
    array([[0, 0, 0, 0],
           [1, 2, 3, 0],
           [4, 5, 6, 0]])
    """
    padded, kernel, stride, dilation = _prepare(image, kernel, padding, boundary, stride, dilation, mirrored=True)
    return _sums(padded, kernel[::-1, ::-1], stride, dilation)


def _sums(padded, kernel, stride, dilation):
    batch, kernels = padded[np.newaxis, :, :, np.newaxis], kernel[:, :, np.newaxis, np.newaxis]
    return weighted_sums(batch, kernels, np.zeros(1, padded.dtype), stride, dilation)[0, :, :, 0]


def _prepare(image, kernel, padding, boundary, stride, dilation, mirrored=False):
    """Return padded image, kernel, stride and dilation, checked; `mirrored` swaps the two ends of "same"."""
    image, kernel = operands.pair_of("image", image, kernel, ndim=2)
    stride = arguments.pair("stride", stride, minimum=1)
    dilation = arguments.pair("dilation", dilation, minimum=1)
    amounts = operands.border("kernel", image.shape, kernel.shape, stride, padding, dilation)
    if mirrored:
        modes = operands.both_axes(padding)
        amounts = tuple(ends[::-1] if mode == "same" else ends for ends, mode in zip(amounts, modes))
    return operands.pad(image, amounts, boundary), kernel, stride, dilation
