"""Arrays with channels as stacks of sheets: a layer and its kernels, shapes on the way through a network."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from coursekit import arguments, shapes
from coursekit.plots.pictures import BLUE, GREEN, ORANGE, PURPLE

_COLORS = (ORANGE, BLUE, GREEN, PURPLE)
_RGB = ("#D1603D", "#6FA84F", "#5B7FBF")
_MOST = 9  # sheets drawn of a stack; the words below it say how many there are


def layer_stacks(input_shape, kernels_shape, stride=1, padding="valid", title=None):
    """Draw a convolutional layer as input, kernels and output, three kinds of stacks; return the Axes.

    `input_shape` is (height, width, c_in), `kernels_shape` (height, width, c_in, c_out) with one to four
    kernels. Every kernel is a stack of as many sheets as the input has channels; kernel k has the colour and
    the number of the one output channel that it makes. Sheets are divided into pixels. Raises ValueError for
    channels that do not match, for another number of kernels, and what `shapes.output_size` raises.

    >>> [text.get_text() for text in layer_stacks((5, 5, 3), (2, 2, 3, 2)).texts if "×" in text.get_text()]
    ['5 × 5 × 3', '2 × 2 × 3', '2 × 2 × 3', '4 × 4 × 2']
    """
    rows, columns, c_in, *kernel, c_out = _layer_sizes(input_shape, kernels_shape)
    made = [shapes.output_size(side, size, stride, padding) for side, size in zip((rows, columns), kernel)]
    unit, fills = 2.4 / max(rows, columns), _RGB if c_in == 3 else ("#C9DCEB",) * c_in
    each = kernel[0] * unit + _depth(c_in) + 0.62  # a kernel with its words
    height = max(c_out * each, rows * unit + _depth(max(c_in, c_out)) + 0.6)
    ax = _paper()
    right = _stack(ax, 0, height / 2, (rows, columns), fills, unit, _written(input_shape))
    left = right + 1.3
    for k in range(c_out):
        middle = height / 2 + ((c_out - 1) / 2 - k) * each
        end = _stack(ax, left, middle, kernel, fills, unit, _written(kernels_shape[:3]), edge=_COLORS[k])
        ax.text(left - 0.1, middle, f"{k + 1}", ha="right", va="center", fontsize=11, weight="bold")
    ax.text((right + left) / 2 - 0.1, height / 2, "⋆", ha="center", va="center", fontsize=18)
    _arrow(ax, end + 0.45, end + 1.15, height / 2)
    end = _stack(ax, end + 1.5, height / 2, made, _COLORS[:c_out], unit, _written((*made, c_out)), numbered=True)
    return _finish(ax, end, height, title, inch=1.35)


def stacks(shapes_on_the_way, steps, names=None, title=None):
    """Draw arrays (height, width, channels) as stacks on their way through a network, and return the Axes.

    Between two of the `shapes_on_the_way` stands one of `steps`, a short text of one or several lines;
    `names`, one for each shape, stand above. Sheets are to scale with each other, and of many channels only
    nine are drawn. Raises ValueError for another number of steps or names, and for anything but such a shape.

    >>> [text.get_text() for text in stacks([(8, 8, 1), (6, 6, 4)], ["3 × 3"]).texts if text.get_text()]
    ['8 × 8 × 1', '3 × 3', '6 × 6 × 4']
    """
    triples = [_sizes("shapes_on_the_way", shape, 3) for shape in shapes_on_the_way]
    steps = list(steps)
    names = [None] * len(triples) if names is None else list(names)
    if not triples or len(steps) != len(triples) - 1 or len(names) != len(triples):
        raise ValueError(
            "shapes_on_the_way must be one or more, with one step fewer and as many names. "
            f"Received: {len(triples)} shapes, {len(steps)} steps, {len(names)} names"
        )
    unit = 1.7 / max(max(shape[:2]) for shape in triples)
    height = max(rows * unit + _depth(channels) for rows, _, channels in triples) + 1.2
    ax, x = _paper(), 0.0
    for number, (rows, columns, channels) in enumerate(triples):
        if number:
            _arrow(ax, x + 0.25, x + 1.65, height / 2)
            ax.text(x + 0.92, height / 2 + 0.1, steps[number - 1], ha="center", va="bottom", fontsize=8.5)
            x += 1.9
        fills = _RGB if channels == 3 else ("#C9DCEB",) * channels
        x = _stack(
            ax,
            x,
            height / 2,
            (rows, columns),
            fills,
            unit,
            _written((rows, columns, channels)),
            lines=False,
            name=names[number],
        )
    return _finish(ax, x, height, title, inch=1.7)


def _layer_sizes(input_shape, kernels_shape):
    """Return rows, columns and channels of the input, rows and columns of the kernels, and their number."""
    *image, c_in = _sizes("input_shape", input_shape, 3)
    *kernel, reach, c_out = _sizes("kernels_shape", kernels_shape, 4)
    if reach != c_in or c_out > len(_COLORS):
        raise ValueError(
            f"kernels_shape must have {c_in} input channels, as the input has, and at most "
            f"{len(_COLORS)} kernels. Received: {tuple(kernels_shape)}"
        )
    return *image, c_in, *kernel, c_out


def _sizes(name, shape, axes):
    if not isinstance(shape, (tuple, list)) or len(shape) != axes:
        raise ValueError(f"{name} must hold {axes} sizes. Received: {arguments.shown(shape)}")
    return [arguments.integer(name, size, minimum=1) for size in shape]


def _written(shape):
    return " × ".join(map(str, shape))


def _step(channels):
    """How far a sheet stands behind the one before it, to the right and upwards, in units of the paper."""
    return 0.22 if channels <= 4 else 0.12


def _depth(channels):
    return _step(channels) * (min(channels, _MOST) - 1)


def _stack(ax, x, middle, sides, fills, unit, words, edge=None, numbered=False, lines=True, name=None):
    """Draw sheets around the height `middle`, the first in front, words below; return where it ends."""
    depth, (tall, wide) = _depth(len(fills)), (side * unit for side in sides)
    bottom = middle - (tall + depth) / 2
    for k in reversed(range(min(len(fills), _MOST))):
        corner = x + k * _step(len(fills)), bottom + k * _step(len(fills))
        ax.add_patch(
            Rectangle(
                corner,
                wide,
                tall,
                facecolor=fills[k],
                edgecolor=edge or "#4A4A4A",
                linewidth=1.8 if edge else 1,
                label="sheet",
                zorder=3 * (_MOST - k),
            )
        )
        if lines:
            _mesh(ax, corner, sides, unit, 3 * (_MOST - k) + 1)
        if numbered:
            ax.text(
                corner[0] + wide - 0.04,
                corner[1] + tall - 0.03,
                f"{k + 1}",
                ha="right",
                va="top",
                fontsize=8,
                zorder=3 * (_MOST - k) + 2,
            )
    ax.text(x + (wide + depth) / 2, bottom - 0.1, words, ha="center", va="top", fontsize=9)
    if name:
        ax.text(
            x + (wide + depth) / 2,
            bottom + tall + depth + 0.1,
            name,
            ha="center",
            va="bottom",
            fontsize=10,
            weight="bold",
        )
    return x + wide + depth


def _mesh(ax, corner, sides, unit, zorder):
    """Divide a sheet into pixels by white lines."""
    (left, low), (tall, wide) = corner, (side * unit for side in sides)
    ax.hlines(low + unit * np.arange(1, sides[0]), left, left + wide, "white", linewidth=0.8, zorder=zorder)
    ax.vlines(left + unit * np.arange(1, sides[1]), low, low + tall, "white", linewidth=0.8, zorder=zorder)


def _arrow(ax, start, end, height):
    ax.annotate("", (end, height), (start, height), arrowprops={"arrowstyle": "->", "linewidth": 1.5})


def _paper():
    return plt.subplots(layout="constrained")[1]


def _finish(ax, width, height, title, inch):
    """Make the paper as large as what is on it, an inch for `inch` units."""
    ax.set(xlim=(-0.45, width + 0.45), ylim=(-0.15, height + 0.1), aspect="equal")
    ax.figure.set_size_inches((width + 0.9) / inch, (height + 0.25) / inch + 0.25 * bool(title))
    ax.set_axis_off()
    if title:
        ax.set_title(title, fontsize=10)
    return ax
