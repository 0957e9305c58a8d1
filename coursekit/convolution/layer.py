"""The convolutional layer of a network: batches of images with channels, several kernels, a bias."""

import numpy as np

from coursekit import arguments, shapes
from coursekit.convolution import operands
from coursekit.convolution.windows import weighted_sums


def conv_layer_loop(x, kernels, bias=None, stride=1, padding="valid", dilation=1):
    """Return what `conv_layer` returns, one output number after the other.

    >>> x = np.arange(8.0).reshape(1, 2, 2, 2)  # one image, 2 by 2 pixels, 2 channels
    >>> conv_layer_loop(x, np.ones((2, 2, 2, 1)), bias=[100.0])  # 0 + 1 + ... + 7 + 100
    array([[[[128.]]]])
    """
    x, kernels, bias, (down, right), (apart, aside) = _prepare(x, kernels, bias, stride, padding, dilation)
    images, padded_rows, padded_columns, _ = x.shape
    kernel_rows, kernel_columns, _, c_out = kernels.shape
    rows = shapes.output_size(padded_rows, kernel_rows, down, dilation=apart)
    columns = shapes.output_size(padded_columns, kernel_columns, right, dilation=aside)
    height = shapes.effective_kernel(kernel_rows, apart)
    width = shapes.effective_kernel(kernel_columns, aside)
    result = np.zeros((images, rows, columns, c_out), x.dtype)
    for n in range(images):
        for i in range(rows):
            for j in range(columns):
                top, left = i * down, j * right
                window = x[n, top : top + height : apart, left : left + width : aside]  # all channels
                for k in range(c_out):
                    result[n, i, j, k] = np.sum(window * kernels[:, :, :, k]) + bias[k]
    return result


def conv_layer(x, kernels, bias=None, stride=1, padding="valid", dilation=1):
    """Return the output of a convolutional layer before its activation: (images, rows', columns', c_out).

    `x` is (images, rows, columns, c_in); `kernels` is (height, width, c_in, c_out) as in Keras' Conv2D:
    each of the c_out kernels has all channels of the input and makes one channel of the output. `bias` is
    (c_out,) or None. `stride` and `dilation` are ints or pairs (rows, columns); `padding` adds zeros:
    "valid", "same", "full" or an int, or a pair of them for rows and columns; see `shapes`, whose
    `output_size` gives rows' and columns'. Kernels are not flipped. Number type: see the package's text.

    Raises TypeError for input that is not a numeric array, ValueError for channels that do not match, an
    empty batch, NaN, or kernels larger than the padded image.
    Source: Goodfellow, Bengio and Courville, "Deep Learning", 2016, equation 9.7 (there with a stride: 9.8).

    >>> batch = np.ones((32, 28, 28, 3), np.float32)
    >>> kernels = np.ones((5, 5, 3, 8), np.float32)
    >>> conv_layer(batch, kernels).shape, float(conv_layer(batch, kernels)[0, 0, 0, 0])  # 5 * 5 * 3 ones
    ((32, 24, 24, 8), 75.0)
    """
    return weighted_sums(*_prepare(x, kernels, bias, stride, padding, dilation))


def _prepare(x, kernels, bias, stride, padding, dilation):
    """Return the padded batch, kernels, bias, stride and dilation, all checked."""
    x, kernels, bias = operands.layer(x, kernels, bias, input_axis=2)
    stride = arguments.pair("stride", stride, minimum=1)
    dilation = arguments.pair("dilation", dilation, minimum=1)
    sizes, window = x.shape[1:3], kernels.shape[:2]
    border = operands.border("kernels", sizes, window, stride, padding, dilation)
    return operands.pad(x, ((0, 0), *border, (0, 0))), kernels, bias, stride, dilation
