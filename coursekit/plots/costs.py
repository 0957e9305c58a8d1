"""What a network costs: bars layer by layer, and networks side by side."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator, NullFormatter

from coursekit import arguments
from coursekit.plots.pictures import BLUE, GREEN, GREY, ORANGE, plain

TITLES = {"parameters": "parameters", "multiply_adds": "multiply-adds", "memory": "memory of the output (bytes)"}
# Colour and hatch together tell convolutions from dense layers.
_DENSE, _OTHER = {"facecolor": ORANGE, "hatch": "///", "edgecolor": "white"}, {"facecolor": BLUE}
# With each mark its area as a share of the square that matplotlib calls its size.
_MARKS = ((BLUE, "o", np.pi / 4), (ORANGE, "s", 1), (GREEN, "D", 1), (GREY, "^", 1 / 2))


def costs(table, what=("parameters", "multiply_adds"), title=None):
    """Draw what each layer with parameters costs, one panel of bars for each cost, and return the Axes.

    `table` is a `counting.table`; `what` names one or more of its columns, "parameters", "multiply_adds" and
    "memory". At each bar stand the number (M: million, G: billion) and its share of the whole network's,
    layers without parameters included. Dense layers are orange and hatched. Raises ValueError for another
    cost and for a table in which no layer has parameters.

    >>> from coursekit import architectures, counting
    >>> left, right = costs(counting.table(architectures.brain_classifier()))
    >>> [text.get_text() for text in left.texts]
    ['832 · 1.3%', '61,506 · 98.7%']
    """
    what = [what] if isinstance(what, str) else what
    what = [arguments.choice("what", name, tuple(TITLES)) for name in what]
    rows = [row for row in table if row.parameters]
    if not what or not rows:
        raise ValueError(
            "table must have a layer with parameters, and what a name. Received: "
            f"{len(rows)} layers with parameters, what={what}"
        )
    size = (1.1 + (3 if len(what) < 3 else 2.4) * len(what), 1.1 + 0.26 * len(rows))
    axes = plt.subplots(1, len(what), sharey=True, squeeze=False, figsize=size, layout="constrained")[1][0]
    dense = [row.kind.startswith("dense") for row in rows]
    for ax, name in zip(axes, what):
        _bars(ax, [getattr(row, name) for row in rows], dense, getattr(table, name))
        ax.set_title(TITLES[name], fontsize=10)
    axes[0].set_yticks(range(len(rows)), [row.name for row in rows])
    axes[0].invert_yaxis()
    if any(dense) and not all(dense):
        axes[-1].figure.legend(
            [Patch(**_OTHER), Patch(**_DENSE)],
            ["convolution", "dense layer"],
            ncols=2,
            loc="outside lower center",
            frameon=False,
            fontsize=9,
        )
    if title:
        axes[0].figure.suptitle(title, fontsize=11)
    return axes


def _bars(ax, values, dense, total):
    for place, (value, is_dense) in enumerate(zip(values, dense)):
        ax.barh(place, value, height=0.72, **(_DENSE if is_dense else _OTHER))
        share = value / max(total, 1)
        percent = "< 0.1%" if 0 < share < 0.0005 else f"{share:.1%}"
        ax.annotate(
            f"{_short(value)} · {percent}", (value, place), (3, 0), textcoords="offset points", va="center", fontsize=8
        )
    ax.set(xlim=(0, 1.9 * max(max(values), 1)), xticks=[])  # room for the words
    ax.spines["bottom"].set_visible(False)
    plain(ax)


def _short(number):
    """
    >>> _short(832), _short(1_792), _short(102_764_544), _short(15_470_264_320)
    ('832', '1,792', '102.8 M', '15.5 G')
    """
    for size, letter in ((1e9, "G"), (1e6, "M")):
        if number >= size:
            return f"{number / size:.1f} {letter}"
    return f"{number:,}"


def bubbles(x, y, sizes, names, groups=None, ax=None, xlabel=None, ylabel=None, legend=None, logx=True):
    """Draw networks (or anything) as marks whose areas are `sizes`, each with its name, and return the Axes.

    `x`, `y`, `sizes` (positive) and `names` have one entry each. `groups` says for each to which group it
    belongs, by a word; a group has a colour and a mark of its own, up to four. `legend` says what the area
    means. Names are put where they hide no other name. Raises ValueError for other lengths.

    >>> ax = bubbles([1, 10], [60, 70], [61, 138], ["AlexNet", "VGG-16"], logx=False)
    >>> [text.get_text() for text in ax.texts]
    ['AlexNet', 'VGG-16']
    """
    x, y, sizes = (
        arguments.array(key, given, ndim=1).astype(float) for key, given in (("x", x), ("y", y), ("sizes", sizes))
    )
    groups = [""] * len(x) if groups is None else list(groups)
    if not len(x) == len(y) == len(sizes) == len(names) == len(groups) or not len(x):
        raise ValueError(
            "x, y, sizes, names and groups must have one entry for each mark. Received: "
            f"{len(x)}, {len(y)}, {len(sizes)}, {len(names)}, {len(groups)}"
        )
    kinds = list(dict.fromkeys(groups))
    if len(kinds) > len(_MARKS) or sizes.min() <= 0:
        raise ValueError(
            f"groups must be at most {len(_MARKS)}, and sizes above 0. "
            f"Received: {len(kinds)} groups, sizes from {sizes.min():g}"
        )
    ax = ax or plt.subplots(figsize=(7.2, 4.4), layout="constrained")[1]
    areas = 700 * sizes / sizes.max()  # points squared
    for kind, (color, mark, share) in zip(kinds, _MARKS):
        chosen = np.array([group == kind for group in groups])
        ax.scatter(
            x[chosen],
            y[chosen],
            areas[chosen] / share,
            color=color,
            marker=mark,
            alpha=0.55,
            edgecolor="black",
            linewidth=0.8,
            label=kind or None,
        )
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if logx:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.xaxis.set_major_formatter("{x:g}")
        ax.xaxis.set_minor_formatter(NullFormatter())
    ax.margins(x=0.16, y=0.16)
    if len(kinds) > 1 or legend:
        marks = ax.legend(title=legend, frameon=False, fontsize=9, title_fontsize=9, loc="lower right")
        for handle in marks.legend_handles:
            handle.set_sizes([60])
    _place_names(ax, x, y, np.sqrt(areas / np.pi), names)
    return plain(ax)


def _place_names(ax, x, y, radii, names):
    """Write each name beside its mark, on the first side where it covers no mark and no earlier name."""
    figure = ax.figure
    figure.draw_without_rendering()
    places = ax.transData.transform(np.column_stack([x, y]))
    reach = radii * figure.dpi / 72
    taken = [(px - r, py - r, px + r, py + r) for (px, py), r in zip(places, reach)]
    if ax.get_legend() is not None:
        taken.append(ax.get_legend().get_window_extent().extents)
    for place, radius, name in zip(zip(x, y), radii, names):
        for side in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.8, 0.8), (-0.8, 0.8), (0.8, -0.8), (-0.8, -0.8)):
            text = ax.annotate(
                name,
                place,
                ((radius + 3) * side[0], (radius + 3) * side[1]),
                textcoords="offset points",
                fontsize=8.5,
                ha={1: "left", -1: "right", 0: "center"}[np.sign(side[0])],
                va={1: "bottom", -1: "top", 0: "center"}[np.sign(side[1])],
            )
            box = text.get_window_extent().extents
            if not any(_overlap(box, other) for other in taken) or side == (-0.8, -0.8):
                break
            text.remove()
        taken.append(box)


def _overlap(one, two):
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
