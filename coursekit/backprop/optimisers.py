"""Steps down the gradient: plain, with momentum, and Adam, written as Keras writes them.

What one remembers, it remembers of each parameter, so that it may train several networks one after the other.
"""

import numpy as np

from coursekit import arguments


class SGD:
    """Gradient descent: v ← momentum · v - rate · gradient, then w ← w + v; without momentum the plain step.

    With weight `decay` every parameter first shrinks, w ← w - rate · decay · w.
    """

    def __init__(self, rate=0.01, momentum=0.0, decay=0.0):
        self.rate = arguments.real("rate", rate, above=0)
        self.momentum = _share("momentum", momentum)
        self.decay = arguments.real("decay", decay)
        if self.decay < 0:
            raise ValueError(f"decay must be at least 0. Received: {decay!r}")
        self.velocities = {}

    def step(self, network):
        """Change the parameters of `network` in place, by the gradients that its layers hold."""
        for layer, name in network.parameters():
            weights = layer.parameters[name]
            weights *= weights.dtype.type(1 - self.rate * self.decay)
            velocity = self.momentum * self.velocities.get((layer, name), 0) - self.rate * layer.gradients[name]
            self.velocities[layer, name] = velocity.astype(weights.dtype)
            weights += self.velocities[layer, name]


class Adam:
    """Adam: each weight's step is `rate` times the mean of its gradients over the root of their mean square.

    Both means run, with `first` and `second` as the share of the past, and are corrected for having begun at 0.
    Source: Kingma and Ba, 2015, algorithm 1; `tiny` stands where Keras puts it, and is 1e-7 as there (the paper: 1e-8).
    """

    def __init__(self, rate=0.001, first=0.9, second=0.999, tiny=1e-7):
        self.rate = arguments.real("rate", rate, above=0)
        self.first, self.second = _share("first", first), _share("second", second)
        self.tiny = arguments.real("tiny", tiny, above=0)
        self.means = {}  # of each parameter: number of steps, mean gradient, mean square

    def step(self, network):
        """Change the parameters of `network` in place, by the gradients that its layers hold."""
        for layer, name in network.parameters():
            weights, gradient = layer.parameters[name], layer.gradients[name]
            count, mean, square = self.means.get((layer, name), (0, 0, 0))
            count, mean = count + 1, self.first * mean + (1 - self.first) * gradient
            square = self.second * square + (1 - self.second) * gradient**2
            self.means[layer, name] = count, mean, square
            rate = self.rate * np.sqrt(1 - self.second**count) / (1 - self.first**count)
            weights -= (rate * mean / (np.sqrt(square) + self.tiny)).astype(weights.dtype)


def _share(name, value):
    """Return `value` as a float from 0 to less than 1, or raise."""
    if not 0 <= arguments.real(name, value) < 1:
        raise ValueError(f"{name} must be from 0 to less than 1. Received: {value!r}")
    return float(value)
