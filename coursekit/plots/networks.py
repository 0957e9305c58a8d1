"""A network of layer specs as a plan: boxes from left to right, lines for who reads whom, branches and skips."""

import matplotlib.pyplot as plt
import numpy as np

from coursekit import arguments, specs
from coursekit.plots.pictures import BLUE, GREEN, GREY, ORANGE, PURPLE

# These leave a map's pixels where they are: they are part of the box before them.
FOLDED = (
    specs.Activation, specs.Crop, specs.Dropout, specs.Flatten, specs.Norm, specs.Pad, specs.PReLU, specs.Rescale,
    specs.Scale, specs.TrainingOnly,
)  # fmt: skip
_COLORS = (
    (specs.ConvTranspose, GREEN),
    ((specs.Conv, specs.DepthwiseConv, specs.SeparableConv), BLUE),
    ((specs.Pool, specs.GlobalPool, specs.AdaptivePool), ORANGE),
    (specs.Dense, PURPLE),
)
_WIDE, _TALL, _STEP = 0.7, 2.6, 3.2  # of a box, and from level to level, where columns are 1 apart


def plan(network, ax=None, title=None, input_shape=None, size=0.34):
    """Draw a network as boxes, one column a step of the way, one level for each halving of its maps; return the Axes.

    `network` and `input_shape` are as for `specs.trace`. A box says what its layer is: "3×3, 64" for a convolution
    with a 3×3 kernel and 64 filters, "up" before it for a transposed one, "pool", "+" for a sum, "join" for a
    concatenation, "dense". Layers that leave pixels in place (`FOLDED`) are not drawn. Maps of about one size
    lie at one level, with their rows × columns at the left; numbers without place lie lowest. Connections that
    pass over other steps are orange and dashed: the skips. `size` is inches a column.

    >>> from coursekit.specs import Add, Conv, Input
    >>> ax = plan((Input((8, 8, 4), name="in"), Conv(4, 3, padding="same", name="c"), Add(inputs=("in", "c"))))
    >>> [text.get_text() for text in ax.texts], len(ax.patches) - 3
    (['8×8×4', '3×3, 4', '+'], 0)
    """
    nodes = specs.trace(network, input_shape)
    size = arguments.real("size", size, above=0)
    sources = _drawn_sources(nodes)
    places, levels = _places(nodes, sources)
    columns = 1 + max(column for column, _ in places.values())
    lowest = max(row for _, row in places.values())
    if ax is None:
        ax = plt.subplots(figsize=(size * columns + 0.9, size * (_STEP * (lowest + 1) + 0.6)), layout="constrained")[1]
    for number, (column, row) in sorted(places.items()):
        _box(ax, column, row * _STEP, nodes[number], 47 * size)
        for source in sources[number]:
            _line(ax, places[source], (column, row), set(places.values()))
    ax.set(xlim=(-0.6, columns - 0.4), ylim=(lowest * _STEP + 1.5, -2.3), xticks=[], aspect="equal")
    ax.set_yticks([row * _STEP for row, _ in levels], [_sizes(sizes) for _, sizes in levels], fontsize=8)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if title:
        ax.set_title(title, fontsize=10)
    return ax


def _drawn_sources(nodes):
    """Return {position of a drawn node: positions of the drawn nodes that it reads}, in order."""
    stands_for, drawn = {}, {}
    for number, node in enumerate(nodes):
        if isinstance(node.layer, FOLDED):
            stands_for[number] = stands_for[node.sources[0]]
        else:
            stands_for[number] = number
            drawn[number] = [stands_for[source] for source in node.sources]
    return drawn


def _places(nodes, sources):
    """Return ({node: (column, row)}, [(first row, sizes there)]); what meets in one place lies one below another."""
    column, readers = {}, {number: [] for number in sources}
    for number, read in sources.items():
        column[number] = 1 + max((column[source] for source in read), default=-1)
        for source in read:
            readers[source].append(number)
    halved = _halvings(nodes)
    groups = {}  # {level: {column: nodes there}}, the one that is read first on top: a shortcut waits for the others
    for number in sorted(sources, key=lambda one: min((column[reader] for reader in readers[one]), default=0)):
        groups.setdefault(halved[number], {}).setdefault(column[number], []).append(number)
    levels, places, row = [], {}, 0
    for _, here in sorted(groups.items()):
        levels.append((row, {nodes[number].shape[:-1] for group in here.values() for number in group}))
        places |= {number: (at, row + lane) for at, group in here.items() for lane, number in enumerate(group)}
        row += max(map(len, here.values()))
    return places, levels


def _halvings(nodes):
    """Return for each node how often its maps were halved on the way to it; infinity for numbers without place."""
    found = []
    for node in nodes:
        if not node.shape[:-1]:
            found.append(np.inf)
        elif not node.sources or isinstance(node.layer, FOLDED):
            found.append(found[node.sources[0]] if node.sources else 0)
        else:
            smaller = np.log2(node.input_shapes[-1][0] / node.shape[0])
            found.append(found[node.sources[-1]] + round(smaller))
    return found


def _box(ax, column, y, node, points):
    """Draw one box with its words, from bottom to top where they are long."""
    layer = node.layer
    color = next((color for kind, color in _COLORS if isinstance(layer, kind)), GREY)
    ax.add_patch(
        plt.Rectangle(
            (column - _WIDE / 2, y - _TALL / 2),
            _WIDE,
            _TALL,
            facecolor="white",
            edgecolor=color,
            linewidth=1.6,
            zorder=3,
        )
    )
    word = _word(node)
    turned = {"rotation": 90} if len(word) > 2 else {}
    ax.text(column, y, word, ha="center", va="center", fontsize=points * 0.52, zorder=4, color="black", **turned)


def _word(node):
    """Return what a box says."""
    layer, filters = node.layer, node.shape[-1]
    if isinstance(layer, specs.Input):
        return _size(node.shape)
    if isinstance(layer, (specs.Conv, specs.ConvTranspose, specs.DepthwiseConv, specs.SeparableConv)):
        kernel = layer.kernel if isinstance(layer.kernel, tuple) else (layer.kernel,) * (len(node.shape) - 1)
        return f"{'up ' * isinstance(layer, specs.ConvTranspose)}{_size(kernel)}, {filters}"
    words = {specs.Add: "+", specs.Multiply: "·", specs.Concatenate: "join", specs.Dense: f"dense {filters}"}
    pooling = (specs.Pool, specs.GlobalPool, specs.AdaptivePool)
    return words.get(type(layer), "pool" if isinstance(layer, pooling) else type(layer).__name__.lower())


def _line(ax, start, end, taken):
    """Draw who reads whom: a straight line, or an arc where it would cross a box of its own level."""
    (left, top), (right, bottom) = start, end
    begin, stop = (left + _WIDE / 2, top * _STEP), (right - _WIDE / 2, bottom * _STEP)
    if right - left == 1:
        ax.plot(*zip(begin, stop), color=GREY, linewidth=1, zorder=1)
    elif top == bottom and any((column, top) in taken for column in range(left + 1, right)):
        above = top * _STEP - _TALL / 2
        height = above - min(0.7, 0.25 * (right - left))
        bend = [left, left, right, right], [above, height, height, above]
        ax.plot(*bend, color=ORANGE, linestyle="--", linewidth=1.3, zorder=2)
    else:
        skip = {"color": ORANGE, "linestyle": "--", "linewidth": 1.3} if right - left > 2 else {"color": GREY}
        ax.plot(*zip(begin, stop), zorder=1, **skip)


def _size(sides):
    """
    >>> _size((28, 28)), _size(())
    ('28×28', 'numbers')
    """
    return "×".join(map(str, sides)) or "numbers"


def _sizes(sizes):
    """
    >>> _sizes({(28, 28)}), _sizes({(28, 28), (24, 24)})
    ('28×28', '24–28')
    """
    rows = sorted(size[0] for size in sizes if size)
    return _size(next(iter(sizes))) if len(sizes) == 1 else f"{rows[0]}–{rows[-1]}"
