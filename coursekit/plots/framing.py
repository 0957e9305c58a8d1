"""Windows on pictures: zoomed to their numbers, slid step by step, framed, and above their outputs."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import ConnectionPatch

from coursekit import arguments
from coursekit.plots.grids import (
    common_limits,
    grid,
    letter_size,
    outline,
    rows_of_axes,
    sign_before,
    windows_of,
    written,
)
from coursekit.plots.pictures import GREY, ORANGE, flat, image


def zoom(picture, frame, places=2, size=3.6, limits=(0, 1)):
    """Draw a grey picture with a window framed in it, and beside it that window's numbers; return both Axes.

    `picture` is (h, w), black and white at `limits`; `frame` is (top, left, height, width) in pixels. Numbers
    are rounded to `places` decimals. `size` is inches of height. Raises ValueError for a window outside the
    picture.

    >>> left, right = zoom(np.eye(20), frame=(0, 0, 2, 3))
    >>> [text.get_text() for text in right.texts]
    ['1', '0', '0', '0', '1', '0']
    """
    picture = flat(picture)
    widths = size * picture.shape[1] / picture.shape[0], size * frame[3] / frame[2]
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(sum(widths) + 0.9, size), width_ratios=widths, layout="constrained"
    )
    _grey(left, picture, frame, limits=limits)
    left.set(xlabel="column", ylabel="row")
    left.tick_params(bottom=True, left=True, labelbottom=True, labelleft=True)
    top, first, height, width = frame
    shown = picture[top : top + height, first : first + width]
    right.imshow(shown, cmap="gray", vmin=limits[0], vmax=limits[1])
    words = np.array([written(value, places) for value in shown.flat], object).reshape(shown.shape)
    points, middle = letter_size(words, 0.85 * size / max(shown.shape)), np.mean(limits)
    for (i, j), word in np.ndenumerate(words):
        right.text(
            j, i, word, ha="center", va="center", fontsize=points, color="black" if shown[i, j] > middle else "white"
        )
    right.set(
        xticks=range(width),
        yticks=range(height),
        xticklabels=range(first, first + width),
        yticklabels=range(top, top + height),
    )
    right.spines[:].set(color=ORANGE, linewidth=3)
    for down, corner in ((-0.5, -0.5), (height - 0.5, height - 0.5)):
        figure.add_artist(
            ConnectionPatch(
                (first + width - 0.5, top + down),
                (-0.5, corner),
                coordsA="data",
                coordsB="data",
                axesA=left,
                axesB=right,
                color=ORANGE,
            )
        )
    return left, right


def steps(picture, kernel, output, places, decimals=2, signed=False, size=0.42):
    """Draw one row for each of `places`: the window in the picture, kernel, products, and the output so far.

    `picture`, `kernel` and `output` are small arrays of numbers; entry (i, j) of `output` belongs to the
    window of the kernel's shape that begins at pixel (i, j): padding "valid", stride 1. `places` is a
    sequence of (i, j). The output is filled in reading order up to that entry. Under the products stands
    their sum. All arrays share one colour scale. `size` is inches a cell. Returns the Axes (places, 4).
    Raises ValueError for an output of another shape than the windows give, a place outside it, and an entry
    of it that is not the sum of its products.

    >>> axes = steps([[1, 2], [3, 4]], [[10, 1]], [[12], [34]], places=[(0, 0), (1, 0)])
    >>> axes[1, 2].get_xlabel(), [text.get_text() for text in axes[0, 3].texts if text.get_text()]
    ('30 + 4 = 34', ['12', '→'])
    """
    picture, kernel, output = (
        np.asarray(arguments.array(name, values, ndim=2), float)
        for name, values in (("picture", picture), ("kernel", kernel), ("output", output))
    )
    everything = [_products(picture, kernel, output, *place) for place in places]
    limits, (height, width) = common_limits([picture, kernel, output], signed), kernel.shape
    shapes = [picture.shape, kernel.shape, kernel.shape, output.shape]
    axes = rows_of_axes(shapes, [size] * 4, room=0.35, rows=len(places), below=0.4)
    for number, (row, (i, j), products) in enumerate(zip(axes, places, everything)):
        reached = np.arange(output.size).reshape(output.shape) <= i * output.shape[1] + j
        drawn = (
            (picture, (i, j, height, width)),
            (kernel, None),
            (products, None),
            (np.where(reached, output, np.nan), (i, j, 1, 1)),
        )
        for ax, (values, frame), text in zip(row, drawn, ("picture", "kernel", "products", "output")):
            grid(values, ax, None if number else text, frame, signed, limits, decimals, size)
        for ax, sign in zip(row[1:], ("·", "=", "→")):
            sign_before(ax, sign, size)
        terms = " + ".join(written(value, decimals) for value in products.flat).replace("+ −", "− ")
        row[2].set_xlabel(f"{terms} = {written(products.sum(), decimals)}", fontsize=9)
    return axes


def _products(picture, kernel, output, i, j):
    """Return the products whose sum is entry (i, j) of `output`, or raise if it is not."""
    expected = tuple(p - k + 1 for p, k in zip(picture.shape, kernel.shape))
    if output.shape != expected:
        raise ValueError(f"output must have shape {expected}, one entry for each window. Received: {output.shape}")
    if not (0 <= i < expected[0] and 0 <= j < expected[1]):
        raise ValueError(f"places must lie inside the output of shape {expected}. Received: {(i, j)}")
    products = picture[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel
    if not np.isclose(products.sum(), output[i, j]):
        raise ValueError(
            f"output must be the sums of the products, {products.sum():g} at {(i, j)}. Received: {output[i, j]:g}"
        )
    return products


def framed(pictures, titles=None, frames=None, columns=4, size=2.1, limits=(0, 1)):
    """Draw grey pictures side by side, each with windows framed in it or none, and return their Axes.

    `pictures` are (h, w); `frames` has one entry for each: (top, left, height, width), a sequence of such
    (the first solid, the others dashed), or None. `limits` are the values of black and white, the same for
    all. `size` is inches a picture. Raises ValueError for another number of titles or frames, and for a
    window outside its picture.

    >>> axes = framed([np.eye(4), np.eye(6)], frames=[None, (1, 1, 4, 4)])
    >>> [len(ax.patches) for ax in axes]
    [0, 1]
    """
    pictures = [flat(picture) for picture in pictures]
    titles = [None] * len(pictures) if titles is None else list(titles)
    frames = [None] * len(pictures) if frames is None else list(frames)
    if not len(pictures) == len(titles) == len(frames) > 0:
        raise ValueError(
            "pictures must be one or more, with as many titles and frames. Received: "
            f"{len(pictures)} pictures, {len(titles)} titles, {len(frames)} frames"
        )
    columns = min(arguments.integer("columns", columns, minimum=1), len(pictures))
    axes = _sheet(-(-len(pictures) // columns), columns, size, pictures[0].shape, any(titles))
    for ax, picture, text, frame in zip(axes.flat, pictures, titles, frames):
        _grey(ax, picture, frame, text, limits)
    for ax in axes.flat[len(pictures) :]:
        ax.set_axis_off()
    return axes.ravel()[: len(pictures)]


def pairs(pictures, outputs, titles=None, frames=None, unit="response", size=2.4, limits=(0, 1)):
    """Draw grey pictures, and under each the output that a kernel makes of it; return the Axes (2, pictures).

    `pictures` are (h, w), black and white at `limits`; the outputs share one colour scale, symmetric about
    zero, whose bar is labelled `unit`. `frames` has one entry for each pair, as for `framed`, drawn in both.
    `size` is inches a picture. Raises ValueError for another number of outputs, titles or frames, and for a
    window outside a picture or its output.

    >>> axes = pairs([np.eye(4)], [-np.eye(3)], titles=["before"])
    >>> axes[1, 0].images[0].get_clim()
    (-1.0, 1.0)
    """
    pictures, outputs = [flat(picture) for picture in pictures], [flat(output) for output in outputs]
    titles = [None] * len(pictures) if titles is None else list(titles)
    frames = [None] * len(pictures) if frames is None else list(frames)
    if not len(pictures) == len(outputs) == len(titles) == len(frames) > 0:
        raise ValueError(
            "pictures must be one or more, with as many outputs, titles and frames. Received: "
            f"{len(pictures)}, {len(outputs)}, {len(titles)}, {len(frames)}"
        )
    reach = common_limits(outputs, signed=True)
    axes = _sheet(2, len(pictures), size, pictures[0].shape, any(titles), beside=0.9)
    for above, under, picture, output, text, frame in zip(*axes, pictures, outputs, titles, frames):
        _grey(above, picture, frame, text, limits)
        image(output, under, signed=True, limits=reach)
        for number, window in enumerate(windows_of(frame)):
            outline(under, window, output.shape, number == 0, later=ORANGE)
    above.figure.colorbar(under.images[0], ax=axes[1], label=unit, shrink=0.85, pad=0.02)
    return axes


def _grey(ax, picture, frame=None, title=None, limits=(0, 1)):
    ax.imshow(picture, cmap="gray", vmin=limits[0], vmax=limits[1])
    ax.tick_params(bottom=False, left=False, labelbottom=False, labelleft=False)
    ax.spines[:].set_color(GREY)
    for number, window in enumerate(windows_of(frame)):
        outline(ax, window, picture.shape, number == 0, later=ORANGE)
    if title:
        ax.set_title(title, fontsize=10)


def _sheet(rows, columns, size, shape, titled, beside=0.0):
    """Return Axes (rows, columns) on a new figure for pictures of `shape`, and `beside` inches of room."""
    tall = size * shape[0] / shape[1] + 0.28 * titled
    return plt.subplots(
        rows, columns, figsize=(columns * size + beside, rows * tall), squeeze=False, layout="constrained"
    )[1]
