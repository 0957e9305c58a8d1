"""Simulated cells with their masks, traces and films: tasks of lecture 11 whose right answer is known.

Nothing here was recorded. Each task is made so that one thing decides it: the outline of cells that nearly touch,
the order of a rise and a decay in time, the direction in which a spot moves.
"""

import numpy as np

from coursekit import arguments

__all__ = ["FRAMES", "SAMPLES", "cells", "films", "traces"]

SAMPLES = 128  # of a trace
FRAMES = 8  # of a film
_FILM_SIDE = 16


def cells(count, side=48, seed=0):
    """Return (pictures, masks): float32 and bool, both (count, side, side, 1); a mask is true on cells.

    Each picture holds bright discs, slightly elongated, with radii of 2 to 5 pixels and at least one pixel between
    neighbours; about one for each 120 pixels. Some cells are dim and some bright, the background is brighter
    on one side, the optics blur a little, and each value carries noise. The same arguments give the same pictures.
    Raises TypeError or ValueError for a `count` below 1, a `side` below 16 and a `seed` below 0.

    >>> pictures, masks = cells(3, side=32, seed=1)
    >>> pictures.shape, masks.dtype
    ((3, 32, 32, 1), dtype('bool'))
    """
    count, side = arguments.integer("count", count, minimum=1), arguments.integer("side", side, minimum=16)
    rng = np.random.default_rng(arguments.integer("seed", seed, minimum=0))
    drawn = [_one_field(side, rng) for _ in range(count)]
    light, masks = (np.stack(part) for part in zip(*drawn))
    light = _blurred(light) + _slope(count, side, rng) + rng.normal(0, 0.08, light.shape)
    return light.astype(np.float32)[..., np.newaxis], masks[..., np.newaxis]


def traces(count, seed=0):
    """Return (signals, labels): float32 (count, 128, 1) and int (count,), 1 where the rise is fast.

    A trace is flat but for two or three events and noise. In those labelled 1 an event rises within two samples and
    decays with a time constant of eight, as calcium does after a spike; in those labelled 0 time runs backwards.
    Height and place of the events are drawn alike for both, so neither the mean nor the histogram tells them apart.

    >>> signals, labels = traces(4, seed=2)
    >>> signals.shape, labels.tolist()
    ((4, 128, 1), [1, 0, 1, 0])
    """
    count = arguments.integer("count", count, minimum=1)
    rng = np.random.default_rng(arguments.integer("seed", seed, minimum=0))
    time, signals = np.arange(SAMPLES), np.zeros((count, SAMPLES))
    for signal in signals:
        for start in rng.integers(8, SAMPLES - 40, size=rng.integers(2, 4)):
            since = np.maximum(time - start, 0)
            signal += rng.uniform(0.6, 1.4) * np.exp(-since / 8) * np.minimum(since / 2, 1)
    labels = 1 - np.arange(count) % 2
    signals[labels == 0] = signals[labels == 0, ::-1]
    return (signals + rng.normal(0, 0.15, signals.shape)).astype(np.float32)[..., np.newaxis], labels


def films(count, seed=0):
    """Return (volumes, labels): float32 (count, 8, 16, 16, 1), frames first, and int (count,), 1 for "to the right".

    A bright spot crosses the picture, one column for each frame, to the right or to the left; the left films are
    right ones backwards, so no single frame tells which it is.

    >>> volumes, labels = films(2, seed=0)
    >>> volumes.shape, labels.tolist()
    ((2, 8, 16, 16, 1), [1, 0])
    """
    count = arguments.integer("count", count, minimum=1)
    rng = np.random.default_rng(arguments.integer("seed", seed, minimum=0))
    row, column = rng.uniform(3, 12, count), rng.uniform(2, 6, count)
    frame, rows, columns = np.indices((FRAMES, _FILM_SIDE, _FILM_SIDE))
    across = columns - frame - column[:, None, None, None]
    volumes = np.exp(-((rows - row[:, None, None, None]) ** 2 + across**2) / 4)
    labels = 1 - np.arange(count) % 2
    volumes[labels == 0] = volumes[labels == 0, ::-1]
    return (volumes + rng.normal(0, 0.3, volumes.shape)).astype(np.float32)[..., np.newaxis], labels


def _one_field(side, rng):
    """Return (light, mask) of one picture before the optics: (side, side) each."""
    light, mask, rows, columns = np.zeros((side, side)), np.zeros((side, side), bool), *np.indices((side, side))
    near = np.zeros((side, side), bool)  # within two pixels of a cell
    for _ in range(side * side // 60):  # about half of the places are free
        middle, radius = rng.uniform(0, side, 2), rng.uniform(2, 5)
        turn, longer, strength = rng.uniform(0, np.pi), rng.uniform(1, 1.3), rng.uniform(0.4, 1)
        y, x = rows - middle[0], columns - middle[1]
        along, across = np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x
        reach = np.hypot(along / longer, across * longer)
        inside = reach <= radius
        if inside.any() and not (inside & near).any():
            light[inside], mask[inside] = strength, True
            near |= reach <= radius + 2
    return light, mask


def _slope(count, side, rng):
    """Return backgrounds (count, side, side) that grow by up to 0.5 from one side to the other."""
    turn = rng.uniform(0, 2 * np.pi, (count, 1, 1))
    rows, columns = (np.indices((side, side)) + 0.5) / side - 0.5
    return 0.25 + 0.35 * rng.uniform(0.3, 1, turn.shape) * (np.sin(turn) * rows + np.cos(turn) * columns)


def _blurred(light):
    """Return pictures (n, side, side) through the optics: weights 1 2 1 along both axes, light beyond the edge 0."""
    for axis in (1, 2):
        around = np.pad(light, [(0, 0)] + [(1, 1) if at == axis else (0, 0) for at in (1, 2)])
        before, after = (np.take(around, range(first, first + light.shape[axis]), axis) for first in (0, 2))
        light = (before + 2 * light + after) / 4
    return light
