"""Where a kernel stands: the pixels of a picture, the zeros around it, the windows that step over them."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from coursekit import shapes
from coursekit.plots.pictures import BLUE, GREEN, GREY, ORANGE

# Colour, dash and mark together tell windows apart, so that no colour carries a meaning alone.
_STYLES = ((ORANGE, "-", "o", "first"), (BLUE, "--", "s", "second"), (GREEN, ":", "^", "last"))
_ZERO, _LOST = "#E4E4E4", "#F6C9C9"


def placing(size, kernel, stride=1, padding=0, dilation=1, ax=None, title=None):
    """Draw the pixels of a picture and where a kernel is placed that steps over it; return the Axes.

    `size` is the side of the square picture in pixels; the other settings are those of
    `shapes.output_size`, the same for rows and columns. Every pixel is a white cell and every zero of the
    padding a grey one, with its number where no mark stands. The first window, the second of the first row
    and the last one are outlined, and a mark stands on each pixel that gets a weight there. Pixels beyond
    the last step, which no window reaches, are red and crossed out. Raises what `shapes.output_size` raises.

    >>> ax = placing(6, kernel=3, stride=5, padding=1)
    >>> [(patch.get_x(), patch.get_width()) for patch in ax.patches if patch.get_label() == "last"]
    [(3.5, 3)]
    """
    outputs = shapes.output_size(size, kernel, stride, padding, dilation)
    before, after = shapes.padding_amounts(size, kernel, stride, padding, dilation)
    reach = size + after - shapes.leftover(size, kernel, stride, padding, dilation)  # lost from here on
    ax = ax or _paper([size + before + after], 0.3, title)[0]
    places = list(dict.fromkeys([(0, 0), (0, min(1, outputs - 1)), (outputs - 1, outputs - 1)]))
    taken = {
        tuple(stride * np.array(place) - before + dilation * np.array(weight))
        for place in places
        for weight in np.ndindex(kernel, kernel)
    }
    for i, j in np.ndindex(size + before + after, size + before + after):
        _cell(ax, i - before, j - before, size, reach, (i - before, j - before) in taken)
    for number, (row, column) in enumerate(places):
        style = _STYLES[2 if number and number == len(places) - 1 else number]
        overlap = stride < shapes.effective_kernel(kernel, dilation)
        shift = 0.12 * overlap * (number - (len(places) - 1) / 2)  # keeps the marks of windows apart
        _window(ax, row * stride - before, column * stride - before, kernel, dilation, style, shift)
    ax.set(xlim=(-before - 0.7, size + after - 0.3), ylim=(size + after - 0.3, -before - 0.7), aspect="equal")
    ax.set_axis_off()
    if title:
        ax.set_title(title, fontsize=10)
    return ax


def placings(settings, titles=None, cell=0.3):
    """Draw `placing` for each of some settings, side by side and to one scale, and return their Axes.

    `settings` are dictionaries of the arguments of `placing`, `titles` has one entry for each, `cell` is
    inches a pixel. Raises ValueError for no settings and for another number of titles.

    >>> axes = placings([dict(size=7, kernel=3, stride=s) for s in (1, 2)], ["stride 1", "stride 2"])
    >>> [ax.get_title() for ax in axes]
    ['stride 1', 'stride 2']
    """
    settings = list(settings)
    titles = [None] * len(settings) if titles is None else list(titles)
    if not settings or len(titles) != len(settings):
        raise ValueError(
            "settings must be one or more, with as many titles. "
            f"Received: {len(settings)} settings, {len(titles)} titles"
        )
    padded = [{"stride": 1, "padding": 0, "dilation": 1, **setting} for setting in settings]
    sides = [chosen["size"] + sum(shapes.padding_amounts(**chosen)) for chosen in padded]
    axes = _paper([max(sides)] * len(sides), cell, any(titles))
    for ax, chosen, side, title in zip(axes, padded, sides, titles):
        placing(**chosen, ax=ax, title=title)
        room = (max(sides) - side) / 2  # the same number of cells on all Axes makes cells equally large
        (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
        ax.set(xlim=(left - room, right + room), ylim=(low + room, high - room))
    return axes


def _paper(sides, cell, titled):
    """Return one Axes for each of these sides in cells, each cell about `cell` inches, on a new figure."""
    widths = [side + 1.4 for side in sides]
    return plt.subplots(
        1,
        len(sides),
        squeeze=False,
        width_ratios=widths,
        layout="constrained",
        figsize=(cell * sum(widths) + 0.1 * len(sides), cell * max(widths) + 0.3 * bool(titled)),
    )[1][0]


def _cell(ax, i, j, size, reach, taken):
    """Draw one cell, a zero of the padding with its number where it is not `taken` by a mark."""
    inside, lost = min(i, j) >= 0 and max(i, j) < size, max(i, j) >= reach
    color = _LOST if lost else "white" if inside else _ZERO
    ax.add_patch(
        Rectangle(
            (j - 0.5, i - 0.5),
            1,
            1,
            facecolor=color,
            edgecolor=GREY,
            linewidth=0.7,
            label="lost" if lost else "pixel" if inside else "zero",
        )
    )
    if not inside and not taken:
        ax.text(j, i, "0", ha="center", va="center_baseline", fontsize=6, color="black")
    if lost:
        ax.plot([j - 0.25, j + 0.25], [i - 0.25, i + 0.25], color=GREY, linewidth=1)
        ax.plot([j - 0.25, j + 0.25], [i + 0.25, i - 0.25], color=GREY, linewidth=1)


def _window(ax, top, left, kernel, dilation, style, shift):
    """Outline one window and mark the pixels under its weights."""
    color, dash, mark, label = style
    span = shapes.effective_kernel(kernel, dilation)
    ax.add_patch(
        Rectangle(
            (left - 0.5, top - 0.5),
            span,
            span,
            fill=False,
            edgecolor=color,
            linestyle=dash,
            linewidth=3,
            zorder=4,
            label=label,
        )
    )
    steps = np.arange(kernel) * dilation
    columns, rows = np.meshgrid(left + steps, top + steps)
    ax.plot(
        columns.ravel() + shift * 1.6,
        rows.ravel() + shift,
        mark,
        color=color,
        markeredgecolor="black",
        markeredgewidth=0.6,
        markersize=5.5,
        zorder=5,
        label=label,
    )
