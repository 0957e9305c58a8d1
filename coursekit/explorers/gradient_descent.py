"""Explorer 6: gradient descent on a loss landscape."""

import numpy as np
import traitlets

from coursekit import arguments
from coursekit.explorers.base import Explorer, Real, module

# Each landscape: loss, gradient, and the part that is drawn, one (least, greatest) for each parameter.
# gradient_descent.js has the same; a test compares the two.
LANDSCAPES = {
    "parabola": (lambda x: x**2, lambda x: (2 * x,), ((-3, 3),)),
    "two valleys": (lambda x: x**4 / 4 - x**2 + 0.3 * x + 1.5, lambda x: (x**3 - 2 * x + 0.3,), ((-2.4, 2.4),)),
    "bowl": (lambda x, y: x**2 + y**2, lambda x, y: (2 * x, 2 * y), ((-3, 3), (-3, 3))),
    "ravine": (lambda x, y: (x**2 + 12 * y**2) / 2, lambda x, y: (x, 12 * y), ((-3, 3), (-3, 3))),
    "saddle": (lambda x, y: (x**2 - y**2) / 2 + y**4 / 16, lambda x, y: (x, y**3 / 4 - y), ((-3, 3), (-3, 3))),
    "curved valley": (
        lambda x, y: (1 - x) ** 2 + 5 * (y - x**2) ** 2,
        lambda x, y: (-2 * (1 - x) - 20 * x * (y - x**2), 10 * (y - x**2)),
        ((-2, 2), (-1, 3)),
    ),
}
FAR = 1e6  # a loss beyond this counts as divergence


class GradientDescent(Explorer):
    """A ball rolls down a loss landscape, step by step: what learning rate and momentum do, and when it diverges.

    With `second` another ball takes as many steps, with the learning rate `second_rate` and the momentum
    `second_momentum`; it begins at `second_start`, None for where the first one begins.

    `landscape` is one of `LANDSCAPES`, a loss of one parameter ("parabola", "two valleys") or of two ("bowl",
    "ravine", "saddle", "curved valley"). `start` holds the parameters (x,) or (x, y) at the beginning, None a
    place chosen for the landscape. A step is velocity ← `momentum` · velocity − `learning_rate` · gradient, then
    parameters ← parameters + velocity, as in Keras's SGD; `steps` (0 to 200) are taken.

    >>> GradientDescent(start=[2], learning_rate=0.2, steps=3).losses.round(4).tolist()
    [4.0, 1.44, 0.5184, 0.1866]
    """

    _esm = module("gradient_descent.js")
    title = "Gradient descent"
    usual_task = "Take steps, and find the learning rate at which the way down becomes a way up."
    landscape = traitlets.Enum(tuple(LANDSCAPES), "parabola").tag(sync=True)
    start = traitlets.List(Real(), allow_none=True, default_value=None).tag(sync=True)
    learning_rate = Real(0.2, min=0.001, max=2).tag(sync=True)
    momentum = Real(0.0, min=0, max=0.99).tag(sync=True)
    steps = traitlets.Int(0, min=0, max=200).tag(sync=True)
    second = traitlets.Bool(False).tag(sync=True)
    second_rate = Real(0.9, min=0.001, max=2).tag(sync=True)
    second_momentum = Real(0.0, min=0, max=0.99).tag(sync=True)
    second_start = traitlets.List(Real(), allow_none=True, default_value=None).tag(sync=True)

    @traitlets.validate("start", "second_start")
    def _as_many_as_parameters(self, proposal):
        value, name = proposal["value"], proposal["trait"].name
        if value is not None:
            arguments.array(name, value, ndim=1)
            if len(value) not in (1, 2):
                raise traitlets.TraitError(f"{name} must hold one or two numbers, or be None. Received: {value}")
        return value

    @property
    def path(self):
        """The parameters before and after each step, (steps + 1, parameters); it ends where the loss is beyond 1e6.

        Where `start` holds another number of parameters than the landscape has, the landscape's own is taken.
        """
        return self._walk(self._begin(), self.learning_rate, self.momentum)

    @property
    def losses(self):
        """The loss at each place of the path."""
        return self._losses(self.path)

    @property
    def second_path(self):
        """The path of the second ball, whether it is shown or not.

        Where `second_start` holds another number of parameters than the landscape has, the first ball's is taken.
        """
        begin = self._fitting(self.second_start, self._begin())
        return self._walk(begin, self.second_rate, self.second_momentum)

    @property
    def second_losses(self):
        """The loss at each place of the second ball's path."""
        return self._losses(self.second_path)

    @property
    def diverged(self):
        """Whether the loss grew beyond 1e6."""
        return not abs(self.losses[-1]) <= FAR

    def _fitting(self, start, other):
        return start if start is not None and len(start) == len(LANDSCAPES[self.landscape][2]) else other

    def _begin(self):
        flat = len(LANDSCAPES[self.landscape][2]) == 1
        usual = [2.0] if flat else [-1.6, 2.4] if self.landscape != "saddle" else [2.4, 0.1]
        return self._fitting(self.start, usual)

    def _walk(self, begin, rate, momentum):
        loss, gradient, _ = LANDSCAPES[self.landscape]
        place = np.array(begin, float)
        velocity, places = np.zeros(len(place)), [place]
        for _ in range(self.steps):
            if not abs(loss(*place)) <= FAR:
                break
            velocity = momentum * velocity - rate * np.array(gradient(*place))
            place = place + velocity
            places.append(place)
        return np.array(places)

    def _losses(self, path):
        return np.array([LANDSCAPES[self.landscape][0](*place) for place in path])
