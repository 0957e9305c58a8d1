"""Exercises of lecture 12, Why do very wide networks hardly move and still learn?"""

import numpy as np

from coursekit import ntk
from coursekit.checks.exercise import Exercise

_RNG = np.random.default_rng(12)
_NETWORKS = (
    (np.array([[1.0, 0.0], [1.0, -1.0]]), np.array([2.0, 3.0]), np.array([1.0, 2.0])),
    (np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([3.0, -1.0]), np.array([4.0, 1.0])),
    (_RNG.normal(size=(5, 3)), _RNG.normal(size=5), _RNG.normal(size=3)),
)
_V = np.array([0.2, 0.43])  # its cosines with itself and -V come out beyond 1 and -1
_PAIRS = (
    (np.array([3.0, 4.0]), np.array([3.0, 4.0])),
    (np.array([2.0, 0.0]), np.array([0.0, 5.0])),
    (_RNG.normal(size=4), _RNG.normal(size=4)),
    (_RNG.normal(size=3), _RNG.normal(size=3)),
    (_V, _V.copy()),
    (_V, -_V),
)


def _regression(inputs, new):
    """A case: the infinite kernel of `inputs` random points, targets, the kernel to `new` points, outputs at start."""
    x, z = _RNG.normal(size=(inputs, 3)), _RNG.normal(size=(new, 3))
    square, across = ntk.infinite_kernel(x), ntk.infinite_kernel(z, x)
    return square, _RNG.normal(size=inputs), across, _RNG.normal(size=inputs), _RNG.normal(size=new)


_REGRESSIONS = (
    (np.diag([2.0, 4.0]), np.array([3.0, 5.0]), np.array([[1.0, 2.0]]), np.ones(2), np.array([0.5])),
    _regression(4, 3),
    _regression(6, 2),
)


def _slopes(hidden, outer, x):
    return ntk.features((hidden, outer), x[None])[0]


def _parts(hidden, outer, x):
    """The slopes with respect to the hidden and to the outer weights, without 1/√m."""
    z = hidden @ x
    return np.outer((z > 0) * outer, x).ravel(), np.maximum(z, 0)


def _joined(hidden, outer, to_hidden, to_outer):
    return np.concatenate([to_hidden, to_outer]) / np.sqrt(len(outer))


def _unmasked(w, v, x):
    return _joined(w, v, np.outer(v, x).ravel(), _parts(w, v, x)[1])


def _negative(w, v, x):
    return _joined(w, v, _parts(w, v, x)[0], w @ x)


def _swapped(w, v, x):
    return _joined(w, v, *_parts(w, v, x)[::-1])


def _interleaved(w, v, x):
    hidden, outer = _parts(w, v, x)
    return np.column_stack([hidden.reshape(w.shape), outer]).ravel() / np.sqrt(len(v))


def _without_outer(w, v, x):
    return _joined(w, v, np.outer(w @ x > 0, x).ravel(), _parts(w, v, x)[1])


def _solved(square, y, across, f, g):
    return ntk.kernel_regression(square, y, across, f, g)


def _limit(x, z):
    return float(ntk.infinite_kernel(x[None], z[None])[0, 0])


def _mean(x, z, degree):
    return float(ntk.arc_cosine(x[None], z[None], degree)[0, 0])


def _angle(x, z, low=-1, high=1):
    return np.arccos(np.clip(x @ z / (np.linalg.norm(x) * np.linalg.norm(z)), low, high))


def _at_angle(x, z, angle, rest=None):
    """The formula with what stands for φ and for π − φ in it."""
    rest = np.pi - angle if rest is None else rest
    lengths = np.linalg.norm(x) * np.linalg.norm(z)
    return (x @ z * rest + lengths * (np.sin(angle) + rest * np.cos(angle))) / (2 * np.pi)


def _turned(x, z):
    return _at_angle(x, z, _angle(x, z), rest=_angle(x, z))


def _unbounded(x, z):
    with np.errstate(invalid="ignore"):
        return _at_angle(x, z, _angle(x, z, -np.inf, np.inf))


def _units(*vectors):
    return [vector / np.linalg.norm(vector) for vector in vectors]


EXERCISES = (
    Exercise(
        name="12.kernel_value",
        reference=lambda: float(ntk.kernel(([[1, 1], [2, -1]], [1, -2]), [[1, 1]], [[2, 1]])[0, 0]),
        misconceptions=(
            ("the factor 1/√m comes twice, once from each feature map", lambda: 24.0 / np.sqrt(2)),
            ("the factor 1/m is missing", lambda: 24.0),
            ("the factor 1/√m of both feature maps makes 1/m, not 1/m²", lambda: 6.0),
            (
                "either the slopes with respect to the outer weights are missing, or the factor v² of the hidden ones",
                lambda: 7.5,
            ),
            ("the slopes with respect to the hidden weights are missing", lambda: 4.5),
            ("v stands in both slopes: it is squared", lambda: 3.0),
        ),
    ),
    Exercise(
        name="12.feature_map",
        cases=_NETWORKS,
        reference=_slopes,
        misconceptions=(
            ("the factor 1/√m is missing", lambda w, v, x: _slopes(w, v, x) * np.sqrt(len(v))),
            ("the factor is 1/√m, not 1/m", lambda w, v, x: _slopes(w, v, x) / np.sqrt(len(v))),
            ("m is the number of units, not of inputs", lambda w, v, x: _slopes(w, v, x) * np.sqrt(len(v) / len(x))),
            (
                "unit by unit: all slopes of the first unit come first, then those of the second",
                lambda w, v, x: _joined(w, v, _parts(w, v, x)[0].reshape(w.shape).T.ravel(), _parts(w, v, x)[1]),
            ),
            ("the slopes of v come at the end, after all hidden weights", _interleaved),
            ("a silent ReLU stops the slope to its hidden weights", _unmasked),
            ("the slope to an outer weight is the ReLU's output, not its input", _negative),
            ("the hidden weights come first, then the outer ones", _swapped),
            ("the slope to a hidden weight has the factor v", _without_outer),
        ),
    ),
    Exercise(
        name="12.infinite_kernel",
        cases=_PAIRS,
        reference=_limit,
        misconceptions=(
            ("this is the share of the outer weights alone", lambda x, z: _mean(x, z, 1)),
            ("this is the share of the hidden weights alone", lambda x, z: float(x @ z) * _mean(x, z, 0)),
            ("the means are divided by 2π, not by π", lambda x, z: 2 * _limit(x, z)),
            ("x · z is missing before the first mean", lambda x, z: _mean(x, z, 0) + _mean(x, z, 1)),
            ("a cosine beyond 1 or −1, by rounding, has no angle: keep it within them", _unbounded),
            ("the second mean has the factor |x| |z|", lambda x, z: _mean(x, z, 0) * x @ z + _mean(*_units(x, z), 1)),
            ("the formula takes the angle in radians", lambda x, z: _at_angle(x, z, np.degrees(_angle(x, z)))),
            ("the angle counts from the other side: it is π − φ", _turned),
        ),
        tolerance=1e-4,  # near 1 an arc cosine loses half of the digits
    ),
    Exercise(
        name="12.kernel_regression",
        cases=_REGRESSIONS,
        reference=_solved,
        misconceptions=(
            ("the outputs before training are ignored", lambda k, y, a, f, g: _solved(k, y, a, 0, 0)),
            ("the network begins at its own output for the new inputs", lambda k, y, a, f, g: _solved(k, y, a, f, 0)),
            ("only y minus the output before training has to be learned", lambda k, y, a, f, g: _solved(k, y, a, 0, g)),
            ("the inverse of the kernel is missing", lambda k, y, a, f, g: g + a @ (y - f)),
            ("the sign: what is missing is y − f", lambda k, y, a, f, g: 2 * g - _solved(k, y, a, f, g)),
        ),
    ),
)
