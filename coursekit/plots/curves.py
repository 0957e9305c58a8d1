"""Curves, signals and paths: lines over one axis, sequences sample by sample, and what moves in a plane."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from coursekit import arguments
from coursekit.plots.pictures import BLUE, GREEN, GREY, ORANGE, PURPLE, plain

# Colour, dash and marker together tell lines apart, so that no colour carries a meaning alone.
STYLES = (
    (BLUE, "-", "o"),
    (ORANGE, "--", "s"),
    (GREEN, "-.", "^"),
    (PURPLE, ":", "D"),
    (GREY, "-", "v"),
    ("black", "--", "x"),
)


def curves(
    x,
    lines,
    ax=None,
    xlabel=None,
    ylabel=None,
    title=None,
    markers=False,
    logx=False,
    logy=False,
    faint=(),
    size=(5, 3),
):
    """Draw lines over a common axis, {label: values}, and return the Axes.

    `x` (n,) are the places of the values, each of `lines` (n,) too; up to six. `markers` draws a mark at each
    value, for few values. `logx` and `logy` make an axis logarithmic. `faint` names lines to draw thin and
    grey behind the others, such as noisy data. `size` is (width, height) in inches, where no `ax` is given.
    Raises ValueError for other lengths, for more lines than can be told apart and for a faint line that is
    not there.

    >>> curves([1, 2, 3], {"slow": [1, 2, 3], "fast": [1, 4, 9]}).get_legend_handles_labels()[1]
    ['slow', 'fast']
    """
    x = arguments.array("x", x, ndim=1)
    if not 1 <= len(lines) <= len(STYLES):
        raise ValueError(f"lines must be 1 to {len(STYLES)}. Received: {len(lines)}")
    if set(faint) - set(lines):
        raise ValueError(f"faint must name lines, {', '.join(map(repr, lines))}. Received: {faint!r}")
    ax = ax or plt.subplots(figsize=size, layout="constrained")[1]
    for (label, values), (color, dash, mark) in zip(lines.items(), STYLES):
        values = arguments.array("lines", values, ndim=1)
        if len(values) != len(x):
            raise ValueError(f"lines must have {len(x)} values each, as x. Received: {len(values)} for {label!r}")
        behind = {"color": GREY, "linestyle": "-", "linewidth": 0.7, "zorder": 1} if label in faint else {}
        style = {"color": color, "linestyle": dash, "marker": mark if markers else None, **behind}
        ax.plot(x, values, label=label, **style)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set(xscale="log" if logx else "linear", yscale="log" if logy else "linear")
    if np.issubdtype(x.dtype, np.integer) and not logx:
        ax.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 2.5, 5, 10], integer=True))  # there is no epoch 2.5
    if title:
        ax.set_title(title, fontsize=10)
    if len(lines) > 1:
        ax.legend(frameon=False, fontsize=9)
    return plain(ax)


def signals(sequences, titles=None, unit="samples", marked=None, shared=False, height=1.2, width=6):
    """Draw sequences (n,) below each other, one stem for each value, over one axis; return their Axes.

    `titles` has one entry for each; `unit` names what the axis counts. `marked` has for each a pair (first,
    last) of positions to shade, several such pairs, or None. With `shared` all have one vertical scale.
    `height` and `width` are inches, of one sequence. Raises ValueError for another number of titles or marks.

    >>> [ax.get_title(loc="left") for ax in signals([[1, 2, 3], [2, 1]], titles=["in", "out"])]
    ['in', 'out']
    """
    sequences = [arguments.array("sequences", values, ndim=1) for values in sequences]
    titles = [None] * len(sequences) if titles is None else list(titles)
    marked = [None] * len(sequences) if marked is None else list(marked)
    if not sequences or not len(titles) == len(marked) == len(sequences):
        raise ValueError(
            "sequences must be one or more, with as many titles and marks. Received: "
            f"{len(sequences)} sequences, {len(titles)} titles, {len(marked)} marks"
        )
    axes = plt.subplots(
        len(sequences),
        1,
        sharex=True,
        sharey=shared,
        squeeze=False,
        layout="constrained",
        figsize=(width, height * len(sequences) + 0.4),
    )[1][:, 0]
    for ax, values, text, extents in zip(axes, sequences, titles, marked):
        few = len(values) <= 60
        if few:
            ax.vlines(np.arange(len(values)), 0, values, color=BLUE, linewidth=1.2)
        ax.plot(values, "o" if few else "-", color=BLUE, markersize=4)
        ax.axhline(0, color=GREY, linewidth=0.8)
        for first, last in [extents] if np.ndim(extents) == 1 else extents or []:
            ax.axvspan(first - 0.5, last + 0.5, color=ORANGE, alpha=0.3, linewidth=0)
        if text:
            ax.set_title(text, fontsize=10, loc="left")
        plain(ax).margins(y=0.12)  # room for the marks of the largest values
    axes[-1].set_xlabel(unit)
    axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True))  # there is no sample 2.5
    return axes


def paths(routes, limits, xlabel=None, ylabel=None, dots=False, size=2.1):
    """Draw paths in a plane side by side, {title: points (n, 2)}, and return their Axes.

    A circle marks where a path begins, a square where it ends. `dots` draws the points alone, for points that
    form no path. `limits` is (low, high) of both axes; `size` is inches a panel. Raises ValueError for points of
    another shape.

    >>> [ax.get_title() for ax in paths({"out": [[0, 0], [1, 1]], "back": [[1, 1], [0, 0]]}, limits=(-1, 2))]
    ['out', 'back']
    """
    routes = {title: arguments.array("routes", route, ndim=2) for title, route in routes.items()}
    for title, route in routes.items():
        if not len(route) or route.shape[1] != 2:
            raise ValueError(f"routes must have shape (n, 2), n > 0. Received: shape {route.shape} for {title!r}")
    figure = {"figsize": (size * len(routes) + 0.5, size + 0.65), "layout": "constrained"}
    axes = plt.subplots(1, len(routes), squeeze=False, sharey=True, **figure)[1][0]
    for ax, (title, route) in zip(axes, routes.items()):
        if dots:
            ax.plot(*route.T, ".", color=BLUE, markersize=2)
        else:
            ax.plot(*route.T, color=BLUE, linewidth=1)
            ax.plot(*route[0], "o", color=ORANGE), ax.plot(*route[-1], "s", color="black")
        ax.set(xlim=limits, ylim=limits, aspect="equal", xlabel=xlabel)
        plain(ax).set_title(title, fontsize=10)
    axes[0].set_ylabel(ylabel)
    return axes
