"""Explorer 9: a few hidden units on one input, their shares and the sum of them."""

import numpy as np
import traitlets

from coursekit import arguments
from coursekit.explorers.base import Array, Explorer, Real, module

# Each activation and its slope, as functions of z; neuron_to_network.js has the same, and a test compares the two.
ACTIVATIONS = {
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (lambda z: 0.5 + 0.5 * np.tanh(z / 2), lambda z: 0.25 - 0.25 * np.tanh(z / 2) ** 2),
    "linear": (lambda z: z, np.ones_like),
}
FEWEST, MOST, REACH, RATE = 2, 6, 2.0, 0.05  # units; the input runs from -REACH to REACH; the learning rate of fit
_PLACES = np.linspace(-1.9, 1.9, 20)
_START = ((1, 1, 1), (1, 0, -1), (-1, -0.5, 0.5))


class _Rows(Array):
    """An array trait (rows, columns) with a fixed number of columns and at least `fewest` rows."""

    def __init__(self, default, columns, fewest, most):
        super().__init__(default, ndim=2, largest=most)
        self.columns, self.fewest = columns, fewest

    def validate(self, owner, value):
        value = super().validate(owner, value)
        if value.shape[1] != self.columns or len(value) < self.fewest:
            expected = f"{self.name} must have {self.fewest} to {self.largest} rows of {self.columns} numbers"
            raise traitlets.TraitError(f"{expected}. Received: shape {value.shape}")
        if np.abs(value).max() > 1000:
            raise traitlets.TraitError(f"{self.name} must lie between -1000 and 1000. Received: {np.abs(value).max()}")
        return value


class NeuronToNetwork(Explorer):
    """Two to six hidden units on one input x: each one's line, bend and share, and the sum, which is the network.

    `units` (2 to 6, 3) holds w, b and v of each unit: its line is z = w·x + b, its share v·f(z). The output is the
    sum of the shares plus `offset`. `activation` is f: "ReLU", "tanh", "sigmoid" or "linear". `points` (1 to 60, 2)
    are pairs (x, y) to be met; the button "fit" in the browser, and `fit` in Python, train all numbers by gradient
    descent on the mean squared error, with learning rate 0.05. x runs from -2 to 2.

    >>> explorer = NeuronToNetwork(units=[[1, 1, 1], [1, 0, -2], [1, -1, 1]])
    >>> explorer.kinks.tolist(), explorer.output([-1, -0.5, 0, 1]).tolist()
    ([-1.0, 0.0, 1.0], [0.0, 0.5, 1.0, 0.0])
    """

    _esm = module("neuron_to_network.js")
    title = "From a neuron to a network"
    usual_task = (
        "Bend and scale the units until the sum of their shares meets the points; then let “fit” do it, "
        "and compare the activations."
    )
    units = _Rows(_START, columns=3, fewest=FEWEST, most=MOST)
    offset = Real(0.0, min=-1000, max=1000).tag(sync=True)
    activation = traitlets.Enum(tuple(ACTIVATIONS), "ReLU").tag(sync=True)
    points = _Rows(np.stack([_PLACES, np.sin(2 * _PLACES) + 0.3 * _PLACES], axis=1), columns=2, fewest=1, most=60)

    def lines(self, x):
        """Return z = w·x + b of each unit at the inputs x (n,): (units, n)."""
        w, b, _ = np.float64(self.units).T[..., None]
        return w * arguments.array("x", x, ndim=1) + b

    def shares(self, x):
        """Return v·f(z) of each unit at the inputs x (n,): (units, n)."""
        return np.float64(self.units[:, 2:]) * ACTIVATIONS[self.activation][0](self.lines(x))

    def output(self, x):
        """Return what the network makes of the inputs x (n,): the sum of the shares, plus `offset`."""
        return self.shares(x).sum(axis=0) + self.offset

    @property
    def kinks(self):
        """Where the output bends sharply between -2 and 2, in order: only ReLU has such places.

        A unit bends the output at x = -b/w, and there changes its slope by v·|w|. Bends at one place are one kink,
        and none where their changes cancel.
        """
        w, b, v = np.float64(self.units[self.units[:, 0] != 0]).T
        places = 0 - b / w  # without minus zero
        turns = [np.sum((v * np.abs(w))[np.abs(places - place) < 1e-6]) for place in places]
        bent = np.sort(places[(np.abs(turns) > 1e-6) & (np.abs(places) < REACH)])
        apart = np.diff(bent, prepend=-np.inf) > 1e-6
        return bent[apart & (self.activation == "ReLU")]

    @property
    def loss(self):
        """The mean of the squared errors at the points."""
        x, y = np.float64(self.points).T
        return float(np.mean((self.output(x) - y) ** 2))

    @property
    def gradient(self):
        """The slope of the loss in each number: (of `units`, shape (units, 3); of `offset`, a float)."""
        return _gradient(np.float64(self.units), self.offset, self.activation, np.float64(self.points))

    def fit(self, steps=1000):
        """Take so many steps of gradient descent on `units` and `offset`, as the button does, unless it diverges."""
        units, offset = np.float64(self.units), self.offset
        for _ in range(arguments.integer("steps", steps, minimum=0)):
            by_units, by_offset = _gradient(units, offset, self.activation, np.float64(self.points))
            after, offset_after = units - RATE * by_units, offset - RATE * by_offset
            if not max(np.abs(after).max(), abs(offset_after)) <= 1000:
                break
            units, offset = after, offset_after
        self.units, self.offset = units, float(offset)


def _gradient(units, offset, activation, points):
    """Return the slopes of the mean squared error in all numbers; the error goes back along each share."""
    (x, y), (w, b, v) = points.T, units.T[..., None]
    value, slope = ACTIVATIONS[activation]
    z = w * x + b  # (units, points)
    error = 2 * ((v * value(z)).sum(axis=0) + offset - y) / len(x)
    back = error * v * slope(z)
    return np.stack([back @ x, back.sum(axis=1), value(z) @ error], axis=1), float(error.sum())
