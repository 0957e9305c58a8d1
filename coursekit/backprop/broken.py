"""Ways back that are wrong on purpose, for lecture 08: what a network learns all the same.

`WAYS` holds {name: function from a seed to a Network}, the right way first. The lecture writes the same classes out.
"""

import numpy as np

from coursekit.backprop.convolution import conv_gradients
from coursekit.backprop.layers import Conv, Dense, Flatten, MaxPool, ReLU
from coursekit.backprop.network import Network
from coursekit.backprop.pooling import average_pool_gradient


def he(rng, *shape):
    """Return float32 weights of `shape` with He's standard deviation, √(2 / inputs)."""
    return (rng.normal(size=shape) * np.sqrt(2 / np.prod(shape[:-1]))).astype(np.float32)


def network(seed, conv=Conv, pool=MaxPool, relu=ReLU, shape=(28, 28, 1)):
    """Return the convolutional network of lecture 08, from pictures of `shape` to ten scores.

    >>> sum(layer.parameters[name].size for layer, name in network(0).parameters())
    3946
    """
    rng = np.random.default_rng(seed)
    layers = [Conv(he(rng, 5, 5, shape[-1], 8), stride=2), relu(), pool(2), conv(he(rng, 3, 3, 8, 16)), relu()]
    layers.append(Flatten())
    inputs = Network(layers).forward(np.zeros((1, *shape), np.float32)).shape[1]
    return Network([*layers, Dense(he(rng, inputs, 10))])


class NotFlipped(Conv):
    """The slopes go back through the kernel as it lies, not turned."""

    def backward(self, gradient):
        super().backward(gradient)  # leaves the right slopes of kernels and bias
        turned = self.parameters["kernels"][::-1, ::-1]
        return conv_gradients(self.x, turned, gradient)[0]


class Spread(MaxPool):
    """Each slope is shared by the whole window instead of going to its winner."""

    def backward(self, gradient):
        return average_pool_gradient(self.x, gradient, *self.window)


class NoMask(ReLU):
    """Slopes pass where the ReLU was silent."""

    def backward(self, gradient):
        return gradient


def scaled(net, factor):
    """Return `net`, the slopes of its first layer multiplied by `factor`."""
    first, right = net.layers[0], net.layers[0].backward

    def backward(gradient):
        right(gradient)
        first.gradients = {k: factor * v for k, v in first.gradients.items()}

    first.backward = backward
    return net


WAYS = {
    "right": network,
    "kernel not flipped": lambda seed: network(seed, conv=NotFlipped),
    "pooling spread": lambda seed: network(seed, pool=Spread),
    "first layer never": lambda seed: scaled(network(seed), 0),
    "ReLU mask forgotten": lambda seed: network(seed, relu=NoMask),
    "sign of first layer": lambda seed: scaled(network(seed), -1),
}
