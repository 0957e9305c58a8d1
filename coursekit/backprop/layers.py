"""Layers for a `Network`: each remembers what went forward, and knows the way back.

A layer has `forward(x)`, `backward(gradient)`, which returns dL/dx of the last `forward`, and two dictionaries under
the same names: `parameters`, and `gradients` as `backward` left them.
"""

import numpy as np

from coursekit import arguments
from coursekit.backprop import activations
from coursekit.backprop.convolution import conv_gradients
from coursekit.backprop.dense import dense, dense_gradients, flatten, flatten_gradient
from coursekit.backprop.pooling import average_pool_gradient, max_pool_gradient
from coursekit.convolution import average_pool, conv_layer, max_pool


class Layer:
    """A layer without parameters, made of a function and its gradient, `way_back(x, gradient)`."""

    function = way_back = None

    def __init__(self):
        self.parameters, self.gradients, self.x = {}, {}, None

    def forward(self, x):
        """Return the layer's output for a batch `x`, and remember `x`."""
        self.x = x
        return type(self).function(x)

    def backward(self, gradient):
        """Return dL/dx, given dL/d(output). Raises RuntimeError where nothing went forward yet."""
        return type(self).way_back(self.remembered(), gradient)

    def remembered(self):
        if self.x is None:
            raise RuntimeError(f"forward must be called before backward. Received: a new {type(self).__name__}")
        return self.x


class ReLU(Layer):
    """max(x, 0)."""

    function, way_back = activations.relu, activations.relu_gradient


class Sigmoid(Layer):
    """1 / (1 + exp(-x))."""

    function, way_back = activations.sigmoid, activations.sigmoid_gradient


class Tanh(Layer):
    """tanh(x)."""

    function, way_back = activations.tanh, activations.tanh_gradient


class Flatten(Layer):
    """All numbers of an image in one row."""

    function, way_back = flatten, flatten_gradient


class MaxPool(Layer):
    """Max pooling, with the arguments of `coursekit.convolution.max_pool`."""

    function, way_back = max_pool, max_pool_gradient

    def __init__(self, pool_size=2, stride=None, padding="valid"):
        super().__init__()
        self.window = pool_size, stride, padding

    def forward(self, x):
        self.x = x
        return type(self).function(x, *self.window)

    def backward(self, gradient):
        return type(self).way_back(self.remembered(), gradient, *self.window)


class AveragePool(MaxPool):
    """Average pooling, with the arguments of `coursekit.convolution.average_pool`."""

    function, way_back = average_pool, average_pool_gradient


class Conv(Layer):
    """A convolutional layer; `kernels` is (height, width, c_in, c_out), `bias` (c_out,) or zeros where None."""

    def __init__(self, kernels, bias=None, stride=1, padding="valid", dilation=1):
        super().__init__()
        self.parameters = _copies("kernels", kernels, 4, bias)
        self.window = stride, padding, dilation

    def forward(self, x):
        self.x = x
        return conv_layer(x, *self.parameters.values(), *self.window)

    def backward(self, gradient):
        to_x, *rest = conv_gradients(self.remembered(), self.parameters["kernels"], gradient, *self.window)
        self.gradients = dict(zip(self.parameters, rest))
        return to_x


class Dense(Layer):
    """A dense layer; `weights` is (inputs, outputs), `bias` (outputs,) or zeros where None."""

    def __init__(self, weights, bias=None):
        super().__init__()
        self.parameters = _copies("weights", weights, 2, bias)

    def forward(self, x):
        self.x = x
        return dense(x, *self.parameters.values())

    def backward(self, gradient):
        to_x, *rest = dense_gradients(self.remembered(), self.parameters["weights"], gradient)
        self.gradients = dict(zip(self.parameters, rest))
        return to_x


def _copies(name, weights, ndim, bias):
    """Return {name: weights, "bias": bias} as arrays of the layer's own, in one floating-point type."""
    weights = np.array(arguments.array(name, weights, ndim=ndim))
    if not np.issubdtype(weights.dtype, np.floating):
        weights = weights.astype(np.float64)
    bias = arguments.array("bias", np.zeros(weights.shape[-1]) if bias is None else bias, 1, weights.dtype)
    if bias.shape != weights.shape[-1:]:
        raise ValueError(f"bias must have shape {weights.shape[-1:]}. Received: shape {bias.shape}")
    return {name: weights, "bias": np.array(bias)}
