"""A chain of layers: forwards to the loss, backwards to every parameter, and training in mini-batches."""

import numpy as np

from coursekit import arguments
from coursekit.backprop.layers import Layer
from coursekit.backprop.losses import class_labels, softmax_cross_entropy


class Network:
    """A chain of layers with a loss, softmax cross-entropy unless another is given.

    `loss(outputs, targets)` returns (value, dL/doutputs).

    >>> from coursekit.backprop import Dense, squared_loss
    >>> line = Network([Dense([[2.0]])], squared_loss)
    >>> float(line.loss_and_gradients([[3.0]], [[5.0]])), line.layers[0].gradients["weights"].tolist()
    (0.5, [[3.0]])
    """

    def __init__(self, layers, loss=softmax_cross_entropy):
        self.layers, self.loss = list(layers), loss
        if not self.layers or not all(isinstance(layer, Layer) for layer in self.layers):
            raise TypeError(f"layers must be one or more layers of coursekit.backprop. Received: {self.layers!r}")

    def forward(self, x):
        """Return the outputs for a batch `x`."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss_and_gradients(self, x, targets):
        """Return the loss of a batch; each layer's `gradients` are then those of this batch."""
        value, gradient = self.loss(self.forward(x), targets)
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        return value

    def parameters(self):
        """Return the list of all (layer, name) that have a parameter, first layer first."""
        return [(layer, name) for layer in self.layers for name in layer.parameters]

    def train(self, x, targets, optimiser, epochs=1, batch_size=32, seed=0):
        """Change the parameters in place and return the loss of every step, a list.

        One epoch shows each example once, in a new random order that `seed` fixes, `batch_size` at a time; the last
        batch of an epoch may be smaller. `optimiser` is an `SGD` or an `Adam`.
        """
        x, targets = arguments.array("x", x), arguments.array("targets", targets)
        if len(x) != len(targets) or not len(x):
            raise ValueError(
                f"x and targets must be equally many, and at least one. Received: {len(x)} and {len(targets)}"
            )
        if not hasattr(optimiser, "step"):
            raise TypeError(f"optimiser must be an SGD or an Adam. Received: {arguments.shown(optimiser)}")
        epochs = arguments.integer("epochs", epochs, minimum=1)
        batch_size = arguments.integer("batch_size", batch_size, minimum=1)
        rng, losses = np.random.default_rng(arguments.integer("seed", seed, minimum=0)), []
        for _ in range(epochs):
            order = rng.permutation(len(x))
            for first in range(0, len(x), batch_size):
                chosen = order[first : first + batch_size]
                losses.append(float(self.loss_and_gradients(x[chosen], targets[chosen])))
                optimiser.step(self)
        return losses

    def accuracy(self, x, labels, batch_size=250):
        """Return the share of examples whose largest output is at its label; labels are 0, 1, … outputs - 1."""
        labels = arguments.array("labels", labels, ndim=1)
        if len(x) != len(labels) or not len(x):
            raise ValueError(f"x and labels must be equally many, and at least one. Received: {len(x)}, {len(labels)}")
        batches = range(0, len(x), arguments.integer("batch_size", batch_size, minimum=1))
        outputs = np.concatenate([self.forward(x[i : i + batch_size]) for i in batches])
        return float(np.mean(outputs.argmax(axis=1) == class_labels(labels, *outputs.shape)))
