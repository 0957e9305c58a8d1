"""Arrays with channels as stacks of sheets: a layer with its kernels, and shapes on their way through a network."""

import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from coursekit import arguments, shapes
from coursekit.plots.pictures import BLUE, GREEN, GREY, ORANGE, PURPLE

_COLORS = (ORANGE, BLUE, GREEN, PURPLE)
_RGB = ("#D1603D", "#6FA84F", "#5B7FBF")
_STEP = 0.22  # how far a sheet stands behind the one before it, in units of the paper
_MOST = 9     # sheets drawn of a stack; the words below say how many there are


def layer_stacks(input_shape, kernels_shape, stride=1, padding="valid", title=None):
    """Draw a convolutional layer as input, kernels and output, three kinds of stacks; return the Axes.

    `input_shape` is (height, width, c_in), `kernels_shape` (height, width, c_in, c_out) with one to four kernels.
    Every kernel is a stack of as many sheets as the input has channels; kernel k has the colour and the number of
    the one output channel that it makes. Sheets are divided into pixels. Raises ValueError for channels that do
    not match, for another number of kernels, and what `shapes.output_size` raises.

    >>> [text.get_text() for text in layer_stacks((5, 5, 3), (2, 2, 3, 2)).texts if "×" in text.get_text()]
    ['5 × 5 × 3', '2 × 2 × 3', '2 × 2 × 3', '4 × 4 × 2']
    """
    rows, columns, c_in = _sizes("input_shape", input_shape, 3)
    kernel_rows, kernel_columns, reach, c_out = _sizes("kernels_shape", kernels_shape, 4)
    if reach != c_in or c_out > len(_COLORS):
        raise ValueError(f"kernels_shape must have {c_in} input channels, as the input has, and 1 to {len(_COLORS)} "
                         f"kernels. Received: {tuple(kernels_shape)}")
    made = [shapes.output_size(side, kernel, stride, padding)
            for side, kernel in ((rows, kernel_rows), (columns, kernel_columns))]
    unit = 2.4 / max(rows, columns)
    fills = _RGB if c_in == 3 else ("#D8D8D8",) * c_in
    tall = kernel_rows * unit + _depth(c_in) + 0.62                     # a kernel with its words
    height = max(c_out * tall, rows * unit + _depth(max(c_in, c_out)) + 0.6)
    ax, x = _paper(), 0.0
    right = _stack(ax, x, height / 2, (rows, columns), fills, unit, _written(input_shape))
    x = right + 1.3
    for k in range(c_out):
        middle = height / 2 + (c_out - 1) / 2 * tall - k * tall
        end = _stack(ax, x, middle, (kernel_rows, kernel_columns), fills, unit, _written(kernels_shape[:3]),
                     edge=_COLORS[k])
        ax.text(x - 0.1, middle, f"{k + 1}", ha="right", va="center", fontsize=11, fontweight="bold")
    ax.text((right + x) / 2 - 0.1, height / 2, "∗", ha="center", va="center", fontsize=18)
    ax.annotate("", (end + 1.15, height / 2), (end + 0.45, height / 2), arrowprops={"arrowstyle": "->", "linewidth": 1.5})
    end = _stack(ax, end + 1.5, height / 2, made, _COLORS[:c_out], unit, _written((*made, c_out)), numbered=True)
    return _finish(ax, end, height, title)


def stacks(shapes_on_the_way, steps, names=None, title=None):
    """Draw arrays (height, width, channels) as stacks on their way through a network, and return the Axes.

    Between two of the `shapes_on_the_way` stands one of `steps`, a short text that may have several lines; `names`,
    one for each shape, stand above. Sheets are to scale with each other, and of many channels only nine are drawn. Raises ValueError for
    another number of steps or names, and for what is no such shape.

    >>> [text.get_text() for text in stacks([(8, 8, 1), (6, 6, 4)], ["3 × 3"], ["A", "B"]).texts]
    ['8 × 8 × 1', 'A', '3 × 3', '6 × 6 × 4', 'B']
    """
    triples = [_sizes("shapes_on_the_way", shape, 3) for shape in shapes_on_the_way]
    steps = list(steps)
    names = [None] * len(triples) if names is None else list(names)
    if not triples or len(steps) != len(triples) - 1 or len(names) != len(triples):
        raise ValueError("shapes_on_the_way must be one or more, with one step fewer and as many names. "
                         f"Received: {len(triples)} shapes, {len(steps)} steps, {len(names)} names")
    unit = 1.7 / max(max(shape[:2]) for shape in triples)
    height = max(rows * unit + _depth(channels) for rows, _, channels in triples) + 1.1
    ax, x = _paper(), 0.0
    for number, (rows, columns, channels) in enumerate(triples):
        if number:
            ax.annotate("", (x + 1.65, height / 2), (x + 0.25, height / 2), arrowprops={"arrowstyle": "->", "linewidth": 1.5})
            ax.text(x + 0.92, height / 2 + 0.1, steps[number - 1], ha="center", va="bottom", fontsize=8.5)
            x += 1.9
        fills = _RGB if channels == 3 else ("#C9DCEB",) * channels
        x = _stack(ax, x, height / 2, (rows, columns), fills, unit, _written((rows, columns, channels)),
                   lines=False, name=names[number])
    return _finish(ax, x, height, title)


def _sizes(name, shape, axes):
    if not isinstance(shape, (tuple, list)) or len(shape) != axes:
        raise ValueError(f"{name} must hold {axes} sizes. Received: {arguments.shown(shape)}")
    return [arguments.integer(name, size, minimum=1) for size in shape]


def _written(shape):
    return " × ".join(map(str, shape))


def _depth(channels):
    """How far the sheets of a stack reach beyond the first one, to the right and upwards."""
    return _STEP * (min(channels, _MOST) - 1)


def _stack(ax, x, middle, sides, fills, unit, words, edge="#4A4A4A", numbered=False, lines=True, name=None):
    """Draw sheets around the height `middle`, the first in front, words below; return where the stack ends."""
    (rows, columns), depth = sides, _depth(len(fills))
    tall, wide = rows * unit, columns * unit
    bottom = middle - (tall + depth) / 2
    fills = fills[:_MOST]
    for k in reversed(range(len(fills))):
        left, low = x + k * _STEP, bottom + k * _STEP
        ax.add_patch(Rectangle((left, low), wide, tall, facecolor=fills[k], edgecolor=edge,
                               linewidth=1.8 if edge != "#4A4A4A" else 1, label="sheet", zorder=2 * (_MOST - k)))
        if lines and max(rows, columns) <= 12:
            style = {"color": "white", "linewidth": 0.8, "zorder": 2 * (_MOST - k) + 0.5}
            for i in range(1, rows):
                ax.plot([left, left + wide], [low + i * unit] * 2, **style)
            for j in range(1, columns):
                ax.plot([left + j * unit] * 2, [low, low + tall], **style)
        if numbered:
            ax.text(left + wide - 0.04, low + tall - 0.03, f"{k + 1}", ha="right", va="top", fontsize=8,
                    zorder=2 * (_MOST - k) + 1)
    ax.text(x + (wide + depth) / 2, bottom - 0.1, words, ha="center", va="top", fontsize=9)
    if name:
        ax.text(x + (wide + depth) / 2, bottom + tall + depth + 0.1, name, ha="center", va="bottom", fontsize=10,
                fontweight="bold")
    return x + wide + depth


def _paper():
    return plt.subplots(layout="constrained")[1]


def _finish(ax, width, height, title):
    """Make the paper as large as what is on it, an inch for 1.35 units."""
    ax.set(xlim=(-0.45, width + 0.45), ylim=(-0.15, height + 0.1), aspect="equal")
    ax.figure.set_size_inches((width + 0.9) / 1.35, (height + 0.25) / 1.35 + 0.25 * bool(title))
    ax.set_axis_off()
    if title:
        ax.set_title(title, fontsize=10)
    return ax
