"""What all ways back ask of their inputs: floating-point numbers, and gradients in the shape of the output."""

import numpy as np

from coursekit import arguments
from coursekit.convolution import operands


def floating(name, value, ndim=None):
    """Return `value` as a float array with at least one entry along each axis, or raise.

    >>> floating("x", [1, 2]).dtype
    dtype('float64')
    """
    array = operands.filled(name, value, ndim)
    return array.astype(operands.common_type(array, np.empty(0)), copy=False)


def arriving(gradient, shape, dtype):
    """Return `gradient` in that number type if it has the shape of the layer's output, or raise."""
    gradient = arguments.array("gradient", gradient, dtype=dtype)
    if gradient.shape != tuple(shape):
        raise ValueError(
            f"gradient must have the shape of the layer's output, {tuple(shape)}. Received: shape {gradient.shape}"
        )
    return gradient
