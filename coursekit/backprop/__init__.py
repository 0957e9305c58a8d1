"""The way back through a network: each layer's gradients beside its forward pass, in NumPy alone.

Functions that end in `_loop` compute what those without the ending compute, in the order in which one would do it
by hand. `gradient` is always dL/d(output), the slope of the loss with respect to what the layer gave out, in the
shape of that output; what comes back is dL/d(input) and dL/d(parameters), each in the shape of its variable.

Number types are those of `coursekit.convolution`: float32 in, float32 out, float64 stays float64, and whole numbers
become float64. Inputs are never changed; NaN and infinity are refused.
"""

from coursekit.backprop.activations import relu, relu_gradient, sigmoid, sigmoid_gradient, tanh, tanh_gradient
from coursekit.backprop.checking import GradientCheck, central_differences, gradient_check
from coursekit.backprop.convolution import conv_gradients, conv_gradients_loop
from coursekit.backprop.dense import dense, dense_gradients, dense_gradients_loop, flatten, flatten_gradient
from coursekit.backprop.layers import AveragePool, Conv, Dense, Flatten, MaxPool, ReLU, Sigmoid, Tanh
from coursekit.backprop.losses import logistic_loss, softmax, softmax_cross_entropy, squared_loss
from coursekit.backprop.network import Network
from coursekit.backprop.optimisers import SGD, Adam
from coursekit.backprop.pooling import (
    average_pool_gradient,
    average_pool_gradient_loop,
    max_pool_gradient,
    max_pool_gradient_loop,
)

__all__ = [
    "SGD",
    "Adam",
    "AveragePool",
    "Conv",
    "Dense",
    "Flatten",
    "GradientCheck",
    "MaxPool",
    "Network",
    "ReLU",
    "Sigmoid",
    "Tanh",
    "average_pool_gradient",
    "average_pool_gradient_loop",
    "central_differences",
    "conv_gradients",
    "conv_gradients_loop",
    "dense",
    "dense_gradients",
    "dense_gradients_loop",
    "flatten",
    "flatten_gradient",
    "gradient_check",
    "logistic_loss",
    "max_pool_gradient",
    "max_pool_gradient_loop",
    "relu",
    "relu_gradient",
    "sigmoid",
    "sigmoid_gradient",
    "softmax",
    "softmax_cross_entropy",
    "squared_loss",
    "tanh",
    "tanh_gradient",
]
