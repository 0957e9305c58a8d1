"""Is a gradient right? Central differences, entry by entry, for any function of an array."""

from dataclasses import dataclass

import numpy as np

from coursekit import arguments, tables


@dataclass(frozen=True)
class GradientCheck:
    """What `gradient_check` found; `passed` is True or False, and shown as a sentence in a notebook.

    `worst` is the index of the entry with the largest error, `claimed` its slope as given, `measured` that of
    central differences, `error` |claimed - measured| / max(|claimed|, |measured|, scale), where scale is a
    thousandth of the largest slope; `kink` is True where slopes to the left and to the right of it differ.
    """

    passed: bool
    error: float
    worst: tuple
    claimed: float
    measured: float
    kink: bool

    def __repr__(self):
        where = f"entry {self.worst}: given {self.claimed:.6g}, central differences {self.measured:.6g}"
        text = f"{'✓' if self.passed else '✗'} largest relative error {self.error:.1e} at {where}"
        if self.kink and not self.passed:
            text += "\nThe slope jumps within the step there: a kink of ReLU or of a maximum is the likely cause."
        return tables.printable(text)


def central_differences(function, x, step=1e-5):
    """Return (f(x + h) - f(x - h)) / 2h for each entry of `x`: float64, in the shape of `x`.

    `function` takes an array like `x` and returns one number; it is called twice per entry, always with a float64
    copy of its own. `step` is h; one that rounding swallows raises ValueError.

    >>> central_differences(lambda x: np.sum(x**2), [1.0, 3.0]).round(6)
    array([2., 6.])
    """
    x, step = _checked(function, x, step)
    return _slopes(function, x, np.ndindex(x.shape), step).reshape(x.shape)


def gradient_check(function, x, gradient, step=1e-5, tolerance=1e-6, entries=None, seed=0):
    """Return a GradientCheck: does `gradient`, dL/dx in the shape of `x`, equal the central differences?

    `function` takes an array like `x` (float64) and returns the loss, one number. `entries` checks so many of the
    entries, drawn at random with `seed`, where all would take too long. Where the worst entry is wrong, the
    differences to its left and to its right are compared: where these disagree, a kink lies within `step`.
    Raises TypeError for a function that is not one or that does not return a number, ValueError for other shapes.

    >>> gradient_check(lambda x: np.sum(x**3), [1.0, 2.0], gradient=[3.0, 8.0])
    ✗ largest relative error 3.3e-01 at entry (1,): given 8, central differences 12
    """
    x, step = _checked(function, x, step)
    tolerance = arguments.real("tolerance", tolerance, above=0)
    gradient = arguments.array("gradient", gradient)
    if gradient.shape != x.shape:
        raise ValueError(f"gradient must have the shape of x, {x.shape}. Received: shape {gradient.shape}")
    chosen = np.arange(x.size)
    if entries is not None:
        entries = min(arguments.integer("entries", entries, minimum=1), x.size)
        chosen = np.random.default_rng(arguments.integer("seed", seed, 0)).choice(x.size, entries, replace=False)
    places = [tuple(map(int, np.unravel_index(place, x.shape))) for place in chosen]
    measured = _slopes(function, x, places, step)
    claimed = np.array([gradient[place] for place in places], float)
    size = np.maximum(np.abs(claimed), np.abs(measured))
    scale = max(1e-3 * size.max(), np.finfo(float).tiny)
    errors = np.abs(claimed - measured) / np.maximum(size, scale)
    worst = int(np.argmax(errors))
    error, place = float(errors[worst]), places[worst]
    kink = bool(error > tolerance and _is_kink(function, x, place, step, scale))
    return GradientCheck(error <= tolerance, error, place, float(claimed[worst]), float(measured[worst]), kink)


def _checked(function, x, step):
    if not callable(function):
        raise TypeError(f"function must be a function of x that returns a number. Received: {function!r}")
    x = arguments.array("x", x).astype(np.float64)
    if not x.size:
        raise ValueError(f"x must hold at least one entry. Received: shape {x.shape}")
    step = arguments.real("step", step, above=0)
    lost = np.abs((x + step) - x - step) > 1e-3 * step  # by rounding: no slope can be measured then
    if lost.any():
        entry = float(x[lost][0])
        raise ValueError(f"step must be large enough beside each entry of x. Received: {step} beside {entry}")
    return x, step


def _value(function, x, place, change):
    moved = x.copy()
    moved[place] += change
    value = np.asarray(function(moved))
    if value.size != 1 or value.dtype.kind not in "iuf":
        raise TypeError(f"function must return one number. Received: {arguments.shown(value)}")
    if not np.isfinite(value).all():
        raise ValueError(f"function must return a finite number. Received: {value} at entry {place} {change:+g}")
    return float(value.reshape(()))


def _slopes(function, x, places, step):
    changes = (_value(function, x, place, step) - _value(function, x, place, -step) for place in places)
    return np.array([change / (2 * step) for change in changes])


def _is_kink(function, x, place, step, scale):
    """Whether the slope jumps within `step`: unlike a curve's, a jump does not shrink with the step.

    A curve's two slopes, to the left and to the right, differ by a multiple of the step; at a kink they differ by
    the same amount for a tenth of it, or, where the kink lies between, the difference of a tenth is near 0.
    """

    def jump(h):
        values = [_value(function, x, place, change) for change in (-h, 0, h)]
        return abs(values[2] - 2 * values[1] + values[0]) / h

    wide, narrow, noise = jump(step), jump(step / 10), 1e-6 * scale
    return wide > max(1e-3 * scale, noise) and not 0.05 * wide < narrow < 0.2 * wide
