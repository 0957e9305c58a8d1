"""Curves and signals: several lines over one axis, and sequences drawn sample by sample."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from coursekit import arguments
from coursekit.plots.pictures import BLUE, GREEN, GREY, ORANGE, PURPLE, _plain

# Colour, dash and marker together tell lines apart, so that no colour carries a meaning alone.
STYLES = ((BLUE, "-", "o"), (ORANGE, "--", "s"), (GREEN, "-.", "^"), (PURPLE, ":", "D"), (GREY, "-", "v"),
          ("black", "--", "x"))


def curves(x, lines, ax=None, xlabel=None, ylabel=None, title=None, markers=False, logx=False, logy=False,
           size=(5, 3)):
    """Draw lines over a common axis, {label: values}, and return the Axes.

    `x` (n,) are the places of the values, each of `lines` (n,) too; up to six. `markers` draws a mark at each
    value, for few values. `logx` and `logy` make an axis logarithmic. `size` is (width, height) in inches, where
    no `ax` is given. Raises ValueError for other lengths and for more lines than can be told apart.

    >>> curves([1, 2, 3], {"slow": [1, 2, 3], "fast": [1, 4, 9]}).get_legend_handles_labels()[1]
    ['slow', 'fast']
    """
    x = arguments.array("x", x, ndim=1)
    if not 1 <= len(lines) <= len(STYLES):
        raise ValueError(f"lines must be 1 to {len(STYLES)}. Received: {len(lines)}")
    ax = ax or plt.subplots(figsize=size, layout="constrained")[1]
    for (label, values), (color, dash, mark) in zip(lines.items(), STYLES):
        values = arguments.array("lines", values, ndim=1)
        if len(values) != len(x):
            raise ValueError(f"lines must have {len(x)} values each, as x. Received: {len(values)} for {label!r}")
        ax.plot(x, values, color=color, linestyle=dash, marker=mark if markers else None, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel, xscale="log" if logx else "linear", yscale="log" if logy else "linear")
    if title:
        ax.set_title(title, fontsize=10)
    if len(lines) > 1:
        ax.legend(frameon=False, fontsize=9)
    return _plain(ax)


def signals(sequences, titles=None, unit="samples", marked=None, shared=False, height=1.2, width=6):
    """Draw sequences (n,) below each other, one stem for each value, over one axis; return their Axes.

    `titles` has one entry for each; `unit` names what the axis counts. `marked` has one pair (first, last)
    or None for each: positions to shade. With `shared` all have one vertical scale. `height` is
    inches a sequence, `width` inches. Raises ValueError for another number of titles or marks.

    >>> [ax.get_title(loc="left") for ax in signals([[1, 2, 3], [2, 1]], titles=["in", "out"])]
    ['in', 'out']
    """
    sequences = [arguments.array("sequences", values, ndim=1) for values in sequences]
    titles = [None] * len(sequences) if titles is None else list(titles)
    marked = [None] * len(sequences) if marked is None else list(marked)
    if not sequences or not len(titles) == len(marked) == len(sequences):
        raise ValueError("sequences must be one or more, with as many titles and marks. Received: "
                         f"{len(sequences)} sequences, {len(titles)} titles, {len(marked)} marks")
    axes = plt.subplots(len(sequences), 1, sharex=True, sharey=shared, squeeze=False, layout="constrained",
                        figsize=(width, height * len(sequences) + 0.4))[1][:, 0]
    for ax, values, text, extent in zip(axes, sequences, titles, marked):
        few = len(values) <= 60
        if few:
            ax.vlines(np.arange(len(values)), 0, values, color=BLUE, linewidth=1.2)
        ax.plot(values, "o" if few else "-", color=BLUE, markersize=4)
        ax.axhline(0, color=GREY, linewidth=0.8)
        if extent is not None:
            ax.axvspan(extent[0] - 0.5, extent[1] + 0.5, color=ORANGE, alpha=0.3, linewidth=0)
        if text:
            ax.set_title(text, fontsize=10, loc="left")
        _plain(ax)
    axes[-1].set_xlabel(unit)
    axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True))  # there is no sample 2.5
    return axes
