"""Receptive fields: the cone of connections below one unit, in one and two dimensions, and on a picture."""

from math import prod

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Polygon, Rectangle

from coursekit import arguments, receptive_field, specs
from coursekit.plots.pictures import BLUE, GREEN, GREY, ORANGE, PURPLE, VIOLET, image

_PALE, _SIDE = "#C4C4C4", 0.66  # connections outside the cone; the side of a unit in pixels of the input


def cone(layers, inputs=None, position=None, ax=None, title=None):
    """Draw one-dimensional layers above each other and what one unit of the last sees; return the Axes.

    `layers` are pairs (window, stride) without padding, the one next to the input first. `inputs` is the
    number of pixels, by default as many as give three outputs; `position` the number of the output, by
    default the middle one. Every unit stands above the middle of its field, its connections are lines; units
    and lines that lead to the chosen one are filled and dark, and beside each row stands how many pixels one
    of its units sees. Raises ValueError for no layers, for fewer inputs than a window needs and for an output
    that is not there.

    >>> ax = cone([(3, 1), (3, 1), (3, 1)])
    >>> [text.get_text() for text in ax.texts if text.get_text().startswith("sees")]
    ['sees 3', 'sees 5', 'sees 7']
    """
    layers = _pairs(layers)
    sizes, jumps = _fields(layers)
    inputs = sizes[-1] + 2 * jumps[-1] if inputs is None else arguments.integer("inputs", inputs, minimum=1)
    counts = _counts(layers, inputs)
    position = (counts[-1] - 1) // 2 if position is None else position
    spans = _spans(layers, counts, arguments.integer("position", position, 0, counts[-1] - 1))
    rise = max(1.7, inputs / 9)
    edges = (-7.5, inputs + 2.2), (-0.6, len(layers) * rise + 0.6)
    ax = ax or _paper(*edges, unit=min(0.38, 9 / (inputs + 9.7)), title=title)
    places = [np.arange(count) * jump + (size - 1) / 2 for count, size, jump in zip(counts, sizes, jumps)]
    _cone_lines(ax, layers, places, spans, rise)
    for level, (x, (first, last), size) in enumerate(zip(places, spans, sizes)):
        _units(ax, x, level * rise, first, last, ORANGE if level == len(layers) else BLUE)
        words = "layer {}: {} wide, stride {}".format(level, *layers[level - 1]) if level else "pixels"
        ax.text(-0.9, level * rise, words, ha="right", va="center", fontsize=9)
        if level:
            ax.text(inputs - 0.1, level * rise, f"sees {size}", va="center", fontsize=9)
    ax.set(xlim=edges[0], ylim=edges[1], aspect="equal")
    return _bare(ax, title)


def pyramid(layers, size=None, ax=None, title=None):
    """Draw square layers in perspective, in each the square that one unit of the last sees; return the Axes.

    `layers` are pairs (window, stride) without padding, as for `cone`; `size` is the side of the input in
    pixels, by default two more than the field. Beside each layer stands the size of the square seen there.
    Raises ValueError as `cone` does.

    >>> [text.get_text() for text in pyramid([(3, 1), (3, 1)]).texts]
    ['1 of layer 2', '3×3 of layer 1', '5×5 pixels']
    """
    layers = _pairs(layers)
    field = _fields(layers)[0][-1]
    counts = _counts(layers, field + 2 if size is None else arguments.integer("size", size, minimum=1))
    spans = _spans(layers, counts, (counts[-1] - 1) // 2)
    rise, widest, upper = 0.56 * counts[0], counts[0], None
    edges = (-0.1 * widest, 2.3 * widest), (-0.05 * widest, len(layers) * rise + 0.45 * widest)
    ax = ax or _paper(*edges, unit=2 / widest, title=title)
    for level in range(len(layers), -1, -1):
        corner = (widest - counts[level]) / 2
        whole = _slanted(corner, corner + counts[level], level * rise, widest)
        seen = _slanted(corner + spans[level][0], corner + spans[level][1] + 1, level * rise, widest)
        ax.add_patch(Polygon(whole, facecolor="#F3F3F3", edgecolor=GREY, linewidth=1, zorder=2 * level + 1))
        color = ORANGE if level == len(layers) else BLUE
        ax.add_patch(Polygon(seen, facecolor=color, edgecolor="black", alpha=0.7, zorder=2 * level + 1.2))
        ax.add_collection(
            LineCollection(_mesh(whole, counts[level]), colors="#B0B0B0", linewidths=0.6, zorder=2 * level + 1.4)
        )
        if upper is not None:
            ax.add_collection(
                LineCollection(list(zip(upper, seen)), colors="black", linewidths=0.9, zorder=2 * level + 2)
            )
        side = spans[level][1] - spans[level][0] + 1
        words = "1" if side == 1 else f"{side}×{side}"
        ax.text(
            1.66 * widest,
            level * rise + 0.2 * widest,
            f"{words} of layer {level}" if level else f"{words} pixels",
            va="center",
            fontsize=10,
        )
        upper = seen
    ax.set(xlim=edges[0], ylim=edges[1], aspect="equal")
    return _bare(ax, title)


def fields(picture, boxes, names, ax=None, title=None):
    """Draw a picture (h, w) in grey with one outlined rectangle for each receptive field; return the Axes.

    `boxes` are ((first row, last row), (first column, last column)) in pixels, both ends included: what
    `receptive_field.table(network)[layer].at(position)` returns. A part outside the picture, in the padding,
    is drawn outside it. `names` label them, joined to the rectangle's upper right corner by a line. Raises
    ValueError for another number of names and for a box that ends before it begins.

    >>> ax = fields(np.zeros((20, 30)), [((8, 12), (10, 14)), ((5, 15), (7, 17))], ["5 pixels", "11 pixels"])
    >>> [(patch.get_xy(), patch.get_width(), patch.get_height()) for patch in ax.patches]
    [((9.5, 7.5), 5, 5), ((6.5, 4.5), 11, 11)]
    """
    boxes = [_box(box) for box in boxes]
    if not boxes or len(names) != len(boxes):
        raise ValueError(
            f"boxes must be one or more, with as many names. Received: {len(boxes)} boxes, {len(names)} names"
        )
    height, width = np.shape(picture)[:2]
    everything = [(0, 0, height, width), *boxes]
    top, left = (min(box[axis] for box in everything) for axis in (0, 1))
    bottom, right = (max(box[axis] + box[axis + 2] for box in everything) for axis in (0, 1))
    space = 0.03 * (bottom - top)
    edges = (left - space, right + 22 * space), (bottom + space, top - space)
    ax = image(picture, ax or _paper(*edges, unit=4 / (bottom - top), title=title), title)
    ax.images[0].set_cmap("gray")
    labels = _apart([box[0] for box in boxes], (bottom - top) / 12, top, bottom)
    for number, ((row, column, tall, wide), name, y) in enumerate(zip(boxes, names, labels)):
        color = (ORANGE, BLUE, GREEN, PURPLE, VIOLET, GREY)[number % 6]
        ax.add_patch(Rectangle((column - 0.5, row - 0.5), wide, tall, fill=False, edgecolor=color, linewidth=2.2))
        ax.annotate(
            name,
            (column + wide - 0.5, row - 0.5),
            (right + 2 * space, y),
            va="center",
            fontsize=9,
            arrowprops={"arrowstyle": "-", "color": color, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0},
        )
    ax.set(xlim=edges[0], ylim=edges[1])
    ax.spines[:].set_visible(False)
    return ax


def _pairs(layers):
    layers = [arguments.pair("layers", layer, minimum=1) for layer in layers]
    if not layers:
        raise ValueError("layers must be one or more pairs (window, stride). Received: none")
    return layers


def _network(layers, pixels):
    """Return the specs of one-dimensional windows over so many pixels."""
    return (specs.Input((pixels, 1)), *(specs.Pool(window, stride=stride) for window, stride in layers))


def _fields(layers):
    """Return for input and layers how many pixels a unit sees, and how far apart neighbours' fields lie.

    >>> _fields([(3, 1), (2, 2), (3, 1)])
    ([1, 3, 4, 8], [1, 1, 2, 2])
    """
    enough = prod(window + stride for window, stride in layers)  # pixels for at least one output
    rows = receptive_field.table(_network(layers, enough))
    return [row.size[0] for row in rows], [row.stride[0] for row in rows]


def _counts(layers, inputs):
    return [node.shape[0] for node in specs.trace(_network(layers, inputs))]


def _spans(layers, counts, position):
    """Return (first, last) unit of the input and of each layer that the output at `position` depends on."""
    below = [receptive_field.table(_network(layers[level:], count)) for level, count in enumerate(counts)]
    return [table[-1].at((position,))[0] for table in below]


def _cone_lines(ax, layers, places, spans, rise):
    """Draw the connections between rows, those of the cone in blue and above the others, and its shadow."""
    outline = [
        (x[ends[side]] + (side - 0.5) * _SIDE * 1.7, level * rise)
        for side, levels in ((0, range(len(places))), (1, reversed(range(len(places)))))
        for level in levels
        for x, ends in [(places[level], spans[level])]
    ]
    ax.add_patch(Polygon(outline, facecolor=BLUE, alpha=0.12, linewidth=0, zorder=0))
    inside, outside = [], []
    for level, (window, stride) in enumerate(layers):
        first, last = spans[level + 1]
        for i, x in enumerate(places[level + 1]):
            lines = [((places[level][i * stride + j], level * rise), (x, (level + 1) * rise)) for j in range(window)]
            (inside if first <= i <= last else outside).extend(lines)
    ax.add_collection(LineCollection(outside, colors=_PALE, linewidths=0.8, zorder=1))
    ax.add_collection(LineCollection(inside, colors=BLUE, linewidths=1.3, zorder=2))


def _units(ax, places, y, first, last, color):
    """Draw a row of units: those from `first` to `last` filled, the others hollow."""
    squares = [Rectangle((x - _SIDE / 2, y - _SIDE / 2), _SIDE, _SIDE) for x in places]
    filled = squares[first : last + 1]
    hollow = squares[:first] + squares[last + 1 :]
    ax.add_collection(PatchCollection(hollow, facecolor="white", edgecolor=GREY, linewidth=1, zorder=3))
    ax.add_collection(PatchCollection(filled, facecolor=color, edgecolor="black", linewidth=1, zorder=4))


def _slanted(first, last, height, widest):
    """Return the corners on paper of the square from `first` to `last` of a plane that lies at `height`."""
    corners = [(first, first), (last, first), (last, last), (first, last)]
    return [(x + 0.55 * (widest - y), height + 0.4 * (widest - y)) for x, y in corners]


def _mesh(corners, cells):
    """Return the lines that part a plane with these corners into cells × cells."""
    (a, b, c, d), lines = map(np.array, corners), []
    for part in np.arange(1, cells) / cells:
        lines += [(a + part * (b - a), d + part * (c - d)), (a + part * (d - a), b + part * (c - b))]
    return lines


def _box(box):
    """Return (top, left, height, width) of ((first row, last row), (first column, last column))."""
    (top, bottom), (left, right) = (tuple(arguments.integer("boxes", end) for end in ends) for ends in box)
    if bottom < top or right < left:
        raise ValueError(f"boxes must end where they begin or later. Received: {box!r}")
    return top, left, bottom - top + 1, right - left + 1


def _apart(wanted, gap, low, high):
    """Return places near `wanted`, in the same order, at least `gap` apart and from `low` to `high`.

    >>> _apart([5, 5, 9], 2, 0, 20)
    [5.0, 7.0, 9.0]
    """
    order, places = np.argsort(wanted, kind="stable"), np.array(wanted, float)
    for before, after in zip(order, order[1:]):
        places[after] = max(places[after], places[before] + gap)
    surplus = max(0.0, places[order[-1]] - (high - gap / 2))
    places -= surplus
    return np.maximum(places, low).tolist()


def _paper(x, y, unit, title):
    """Return the only Axes of a new figure, just as large as the limits `x` and `y` at `unit` inches each."""
    size = abs(x[1] - x[0]) * unit, abs(y[1] - y[0]) * unit + 0.3 * bool(title)
    return plt.subplots(figsize=size, layout="constrained")[1]


def _bare(ax, title):
    ax.set_axis_off()
    if title:
        ax.set_title(title, fontsize=10)
    return ax
