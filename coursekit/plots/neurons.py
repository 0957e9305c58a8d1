"""Neurons that see two numbers: what they make of every point of a plane, and where they change sign."""

import matplotlib.pyplot as plt
import numpy as np

from coursekit import arguments
from coursekit.plots.pictures import BLUE, ORANGE, SIGNED, symmetric

_FINE = 201  # points along each side of the plane


def plane(value, groups=None, ax=None, reach=3, arrow=None, title=None, labels=("x₁", "x₂"), unit=None):
    """Draw what a function makes of a plane, its zero line and groups of points in front; return the Axes.

    `value` turns points (n, 2) into n numbers: colours, blue below zero, red above, and a black line at zero.
    `groups` is {name: points (m, 2)}, two at most: circles and crosses. `reach` is how far the plane extends from
    the origin, one number or (across, up). `arrow` is a pair of points ((x, y), (x, y)) from which and to which an
    arrow is drawn. `labels` name the axes, `unit` the colour bar, which is left out without it. Raises ValueError
    for more groups than can be told apart and for a `value` that returns another shape.

    >>> ax = plane(lambda points: points @ [1, 2] - 2, {"a": [[0, 1]]}, title="a cut")
    >>> ax.get_title(), len(ax.collections) > 0
    ('a cut', True)
    """
    groups = {} if groups is None else groups
    if len(groups) > 2:
        raise ValueError(f"groups must be two at most. Received: {len(groups)}")
    across, up = (arguments.real("reach", side, above=0) for side in (reach if np.ndim(reach) else (reach, reach)))
    x, y = np.meshgrid(np.linspace(-across, across, _FINE), np.linspace(-up, up, _FINE))
    values = np.asarray(value(np.stack([x.ravel(), y.ravel()], axis=1)))
    if values.shape != (_FINE**2,):
        raise ValueError(f"value must return one number for each of {_FINE**2} points. Received: shape {values.shape}")
    ax = ax or plt.subplots(figsize=(4.2 if unit else 3.6, 3.4), layout="constrained")[1]
    drawn = _ground(ax, x, y, values.reshape(x.shape))
    _points(ax, groups)
    if arrow is not None:
        ax.annotate("", arrow[1], arrow[0], arrowprops={"arrowstyle": "-|>", "linewidth": 2, "color": "black"})
    if groups:
        ax.legend(fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)  # no point is covered
    if unit:
        ax.figure.colorbar(drawn, ax=ax, label=unit, shrink=0.85)
    ax.set(xlabel=labels[0], ylabel=labels[1])
    if title:
        ax.set_title(title, fontsize=10, pad=22 if groups else 6)
    return ax


def _ground(ax, x, y, values):
    """Colour the plane, draw the line at zero where there is one, and return the picture."""
    low, high = symmetric((values.min(), values.max()))
    extent = (x[0, 0], x[0, -1], y[0, 0], y[-1, 0])
    drawn = ax.imshow(values, cmap=SIGNED, vmin=low, vmax=high, alpha=0.6, origin="lower", extent=extent, aspect="auto")
    if values.min() < 0 < values.max():
        ax.contour(x, y, values, levels=[0], colors="black", linewidths=2)
    return drawn


def _points(ax, groups):
    for (name, points), (mark, colour) in zip(groups.items(), (("o", ORANGE), ("x", BLUE))):
        points = arguments.array("groups", points, ndim=2)
        outline = {"markeredgecolor": "black", "markeredgewidth": 0.5} if mark == "o" else {"markeredgewidth": 1.6}
        ax.plot(*points.T, mark, color=colour, label=name, markersize=5, **outline)
