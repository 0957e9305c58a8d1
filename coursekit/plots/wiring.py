"""A layer as neurons and connections: who listens to whom, and which connections share one weight."""

import matplotlib.pyplot as plt
import numpy as np

from coursekit import arguments
from coursekit.plots.curves import STYLES
from coursekit.plots.pictures import BLUE, GREY

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_RADIUS = 0.28  # of a neuron, where neighbours are 1 apart
_LABEL_AT = 0.72  # of the way from input to output: there the labels keep clear of each other
_MOST_LABELS = 9  # more names than this on one drawing cannot be read


def wiring(connections, ax=None, title=None, inputs="x", outputs="a"):
    """Draw a layer, inputs at the left, outputs at the right, a line for each connection; return the Axes.

    `connections` (outputs, inputs) holds whole numbers: 0 where there is no connection, otherwise the number
    of the weight there. Connections with the same number have the same weight and are drawn alike. Where no
    number exceeds six, weights differ in colour and dash; where no more than nine weights are drawn, lines
    bear their names, w₁, w₂ …. `inputs` and `outputs` are the letters of the neurons. Raises TypeError or
    ValueError for any other array.

    >>> ax = wiring([[1, 2, 0], [0, 1, 2]], title="two weights")
    >>> len(ax.lines), [text.get_text() for text in ax.texts if text.get_text()[0] == "w"]
    (4, ['w₁', 'w₂', 'w₁', 'w₂'])
    """
    connections = _checked(connections)
    receivers, senders = connections.shape
    ax = ax or plt.subplots(figsize=(3.2, 0.65 * max(connections.shape) + 0.4), layout="constrained")[1]
    width = 0.75 * max(connections.shape)
    left = _places(senders, 0, connections.shape)
    right = _places(receivers, width, connections.shape)
    named = len(set(connections[connections > 0].tolist())) <= _MOST_LABELS
    styled = connections.max() <= len(STYLES)
    for i, j in np.argwhere(connections):
        _connect(ax, left[j], right[i], connections[i, j], named, styled)
    for letter, column, color in ((inputs, left, GREY), (outputs, right, BLUE)):
        for number, place in enumerate(column, start=1):
            ax.add_patch(plt.Circle(place, _RADIUS, facecolor="white", edgecolor=color, linewidth=1.5, zorder=3))
            ax.text(*place, _name(letter, number), ha="center", va="center", fontsize=9, zorder=4)
    ax.set(aspect="equal", xlim=(-0.4, width + 0.4), ylim=(max(connections.shape) - 0.5, -0.5))
    ax.set_axis_off()
    if title:
        ax.set_title(title, fontsize=10)
    return ax


def wirings(layers, titles=None, outputs=None, size=2.5):
    """Draw several layers side by side and return the array of their Axes.

    `layers` are as for `wiring`; `titles` and `outputs`, the letters of the outputs, have one entry for each;
    `size` is inches a layer. Raises ValueError for no layers and for another number of titles or letters.

    >>> [ax.get_title() for ax in wirings([[[1, 2]], [[1, 1]]], titles=["two weights", "one"])]
    ['two weights', 'one']
    """
    layers = [_checked(connections) for connections in layers]
    titles = [None] * len(layers) if titles is None else list(titles)
    outputs = ["a"] * len(layers) if outputs is None else list(outputs)
    if not layers or not len(titles) == len(outputs) == len(layers):
        raise ValueError(
            "layers must be one or more, with as many titles and outputs. "
            f"Received: {len(layers)} layers, {len(titles)} titles, {len(outputs)} outputs"
        )
    tall = max(max(connections.shape) / (0.75 * max(connections.shape) + 0.8) for connections in layers)
    axes = plt.subplots(
        1, len(layers), squeeze=False, layout="constrained", figsize=(size * len(layers), size * tall + 0.3)
    )[1][0]
    for ax, connections, title, letter in zip(axes, layers, titles, outputs):
        wiring(connections, ax, title, outputs=letter)
    return axes


def _places(count, x, shape):
    """Where the neurons of one column stand: 1 apart, centred on the taller column."""
    first = (max(shape) - count) / 2
    return [(x, first + number) for number in range(count)]


def _connect(ax, start, end, weight, named, styled):
    """Draw one line, in the style of its weight where all have one, with its name where there is room."""
    color, dash, _ = STYLES[weight - 1] if styled else (GREY, "-", None)
    ax.plot(*zip(start, end), color=color, linestyle=dash, linewidth=1.8 if styled else 1, zorder=1)
    if named:
        x, y = np.add(np.multiply(start, 1 - _LABEL_AT), np.multiply(end, _LABEL_AT))
        ax.text(
            x,
            y,
            _name("w", weight),
            ha="center",
            va="center",
            fontsize=8,
            zorder=2,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )


def _name(letter, number):
    """
    >>> _name("w", 12)
    'w₁₂'
    """
    return letter + str(number).translate(_SUBSCRIPTS)


def _checked(connections):
    connections = arguments.array("connections", connections)
    expected = "connections must be whole numbers of at least 0, shape (outputs, inputs)"
    if connections.ndim != 2 or not connections.size:
        raise ValueError(f"{expected}. Received: shape {connections.shape}")
    if np.any(connections < 0) or np.any(connections != np.round(connections)):
        wrong = connections[(connections < 0) | (connections != np.round(connections))][0]
        raise ValueError(f"{expected}. Received: {wrong}")
    return connections.astype(int)
