"""Activations and their slopes: ReLU, sigmoid, tanh. All work number by number, on arrays of any shape."""

import numpy as np

from coursekit.backprop.operands import arriving, floating


def relu(x):
    """Return max(x, 0).

    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    return np.maximum(floating("x", x), 0)


def relu_gradient(x, gradient):
    """Return dL/dx = gradient · 1(x > 0). At 0, the kink, the slope is taken as 0, as TensorFlow does.

    >>> relu_gradient([-2.0, 0.0, 3.0], [5.0, 5.0, 5.0])
    array([0., 0., 5.])
    """
    x = floating("x", x)
    return arriving(gradient, x.shape, x.dtype) * (x > 0)


def sigmoid(x):
    """Return 1 / (1 + exp(-x)), without overflow for any x.

    >>> sigmoid([0.0, -1000.0])
    array([0.5, 0. ])
    """
    x = floating("x", x)
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def sigmoid_gradient(x, gradient):
    """Return dL/dx = gradient · s (1 - s) with s = sigmoid(x).

    >>> sigmoid_gradient([0.0], [8.0])
    array([2.])
    """
    x = floating("x", x)
    small = np.exp(-np.abs(x))  # s (1 - s), written so that it does not vanish early for large x
    return arriving(gradient, x.shape, x.dtype) * (small / (1 + small) ** 2)


def tanh(x):
    """Return tanh(x).

    >>> tanh([0.0])
    array([0.])
    """
    return np.tanh(floating("x", x))


def tanh_gradient(x, gradient):
    """Return dL/dx = gradient · (1 - tanh²(x)).

    >>> tanh_gradient([0.0], [8.0])
    array([8.])
    """
    x = floating("x", x)
    return arriving(gradient, x.shape, x.dtype) * (1 - np.tanh(x) ** 2)
