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
_PAIRS = (
    (np.array([3.0, 4.0]), np.array([3.0, 4.0])),
    (np.array([2.0, 0.0]), np.array([0.0, 5.0])),
    (_RNG.normal(size=4), _RNG.normal(size=4)),
    (_RNG.normal(size=3), _RNG.normal(size=3)),
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


def _without_outer(w, v, x):
    return _joined(w, v, np.outer(w @ x > 0, x).ravel(), _parts(w, v, x)[1])


def _solved(square, y, across, f, g):
    return ntk.kernel_regression(square, y, across, f, g)


def _limit(x, z):
    return float(ntk.infinite_kernel(x[None], z[None])[0, 0])


def _mean(x, z, degree):
    return float(ntk.arc_cosine(x[None], z[None], degree)[0, 0])


def _turned(x, z):
    """The infinite kernel with φ where π − φ belongs."""
    a = np.arccos(np.clip(x @ z / np.linalg.norm(x) / np.linalg.norm(z), -1, 1))
    return (x @ z * a + np.linalg.norm(x) * np.linalg.norm(z) * (np.sin(a) + a * np.cos(a))) / (2 * np.pi)


EXERCISES = (
    Exercise(
        name="12.kernel_value",
        reference=lambda: float(ntk.kernel(([[1, 1], [2, -1]], [1, -2]), [[1, 1]], [[2, 1]])[0, 0]),
        misconceptions=(
            ("the factor 1/√m comes twice, once from each feature map", lambda: 24.0 / np.sqrt(2)),
            ("the factor 1/m is missing", lambda: 24.0),
            ("the slopes with respect to the outer weights are missing", lambda: 7.5),
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
            ("the angle counts from the other side: it is π − φ", _turned),
        ),
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
