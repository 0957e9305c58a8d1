"""Dense layers and flattening, forwards and backwards."""

import numpy as np

from coursekit import arguments
from coursekit.backprop.operands import arriving, floating
from coursekit.convolution import operands


def dense(x, weights, bias=None):
    """Return x W + b: (n, outputs) for `x` (n, inputs), `weights` (inputs, outputs), `bias` (outputs,) or None.

    >>> dense([[1.0, 2.0]], [[3.0], [4.0]], [0.5])
    array([[11.5]])
    """
    x, weights = _pair(x, weights)
    if bias is None:
        return x @ weights
    bias = arguments.array("bias", bias, ndim=1, dtype=x.dtype)
    if bias.shape != weights.shape[1:]:
        raise ValueError(f"bias must have shape {weights.shape[1:]}, one per output. Received: shape {bias.shape}")
    return x @ weights + bias


def dense_gradients_loop(x, weights, gradient):
    """Return what `dense_gradients` returns, one product after the other.

    >>> [part.tolist() for part in dense_gradients_loop([[1.0, 2.0]], [[3.0], [4.0]], [[10.0]])]
    [[[30.0, 40.0]], [[10.0], [20.0]], [10.0]]
    """
    x, weights = _pair(x, weights)
    gradient = arriving(gradient, (len(x), weights.shape[1]), x.dtype)
    to_x, to_weights, to_bias = np.zeros_like(x), np.zeros_like(weights), np.zeros(weights.shape[1], x.dtype)
    for n, k in np.ndindex(gradient.shape):
        for i in range(x.shape[1]):
            to_x[n, i] += weights[i, k] * gradient[n, k]
            to_weights[i, k] += x[n, i] * gradient[n, k]
        to_bias[k] += gradient[n, k]
    return to_x, to_weights, to_bias


def dense_gradients(x, weights, gradient):
    """Return (dL/dx, dL/dweights, dL/dbias) = (g Wᵀ, xᵀ g, sum of g); `gradient` g is (n, outputs).

    Raises TypeError for input that is not numeric, ValueError for shapes that do not fit.

    >>> [part.tolist() for part in dense_gradients([[1.0, 2.0]], [[3.0], [4.0]], [[10.0]])]
    [[[30.0, 40.0]], [[10.0], [20.0]], [10.0]]
    """
    x, weights = _pair(x, weights)
    gradient = arriving(gradient, (len(x), weights.shape[1]), x.dtype)
    return gradient @ weights.T, x.T @ gradient, gradient.sum(axis=0)


def flatten(x):
    """Return a batch with all but its first axis in one row per image: (n, numbers), an array of its own.

    >>> flatten(np.zeros((2, 3, 4, 5))).shape
    (2, 60)
    """
    x = floating("x", x, (1, 2, 3, 4))
    return x.reshape(len(x), -1).copy()


def flatten_gradient(x, gradient):
    """Return `gradient` (n, numbers) in the shape of `x`: flattening moves no number.

    >>> flatten_gradient(np.zeros((1, 2, 2, 1)), [[1.0, 2.0, 3.0, 4.0]])[0, :, :, 0].tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    x = floating("x", x, (1, 2, 3, 4))
    return arriving(gradient, (len(x), x[0].size), x.dtype).reshape(x.shape).copy()


def _pair(x, weights):
    """Return x and weights as floats of one type, or raise where their shapes do not fit."""
    x, weights = floating("x", x, 2), operands.filled("weights", weights, 2)
    if weights.shape[0] != x.shape[1]:
        expected = f"{x.shape[1]} rows, one per column of x"
        raise ValueError(f"weights must have {expected}. Received: shape {weights.shape}")
    return x, operands.cast("weights", weights, x.dtype)
