"""Arrays as grids of numbers, side by side as in a calculation: picture ⋆ kernel = output."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from coursekit import arguments
from coursekit.plots.pictures import GREY, MAGNITUDE, ORANGE, SIGNED, symmetric


def grid(
    values, ax=None, title=None, frame=None, signed=False, limits=None, places=2, size=0.5, rows=None, columns=None
):
    """Draw an array (rows, columns) as cells with their values written in, and return the Axes.

    `values` are numbers, or strings (symbols such as "a + 2b", of one line or more), which get no colour.
    `frame` outlines one window, (top, left, height, width) in cells, or a sequence of windows; the first is
    orange and solid, the others grey and dashed. Colours span `limits` (default: the array's own range,
    symmetric about zero when `signed`); a number is rounded to `places` decimals, without closing zeros. NaN
    is an empty cell. `size` is inches a cell, for the letters to fit in. `rows` and `columns` are their names,
    written beside and below. Raises ValueError for another number of dimensions, no values, another number of
    names, and a window outside the array.

    >>> [text.get_text() for text in grid([[1.5, 0], [-2, 1 / 3]]).texts]
    ['1.5', '0', '−2', '0.33']
    """
    cells, words = _cells(values, arguments.integer("places", places, minimum=0))
    for name, given, expected in zip(("rows", "columns"), (rows, columns), cells.shape):
        if given is not None and len(given) != expected:
            raise ValueError(f"{name} must be {expected} names, one for each. Received: {len(given)}")
    width, height = size * cells.shape[1] + 0.4, size * cells.shape[0] + 0.5
    ax = ax or plt.subplots(figsize=(width, height), layout="constrained")[1]
    if limits is None:
        limits = (np.nanmin(cells), np.nanmax(cells)) if np.isfinite(cells).any() else (0, 1)
        limits = symmetric(limits) if signed else limits
    drawn = ax.imshow(cells, cmap=SIGNED if signed else MAGNITUDE, vmin=limits[0], vmax=limits[1], alpha=0.55)
    points = letter_size(words, size)
    for (i, j), word in np.ndenumerate(words):
        ax.text(j, i, word, ha="center", va="center", fontsize=points, color="black")
    ax.set(xticks=np.arange(cells.shape[1] + 1) - 0.5, yticks=np.arange(cells.shape[0] + 1) - 0.5)
    ax.grid(color="white" if np.isfinite(cells).any() else GREY, linewidth=1.5)
    ax.tick_params(length=0, labelbottom=False, labelleft=False)
    ax.tick_params(which="minor", length=0)
    if rows is not None:
        ax.set_yticks(range(len(rows)), rows, minor=True)
    if columns is not None:
        ax.set_xticks(range(len(columns)), columns, minor=True)
    ax.spines[:].set_color(GREY)
    drawn.set_zorder(0)
    for number, window in enumerate(windows_of(frame)):
        outline(ax, window, cells.shape, first=number == 0)
    if title:
        ax.set_title(title, fontsize=10)
    return ax


def grids(arrays, signs=None, titles=None, frames=None, signed=False, shared=False, places=2, size=0.45, limits=None):
    """Draw several arrays side by side with `signs` between them, and return their Axes.

    `arrays` are as for `grid`; `signs` are one fewer, "⋆" and "=" for example; `titles`, `frames` and `limits` hold
    one entry for each array, or None. With `shared` all have one colour scale; `limits` give an array those that it
    will have when it is filled in. `size` is inches a cell: one number, or one for each array. Raises ValueError for
    another number of signs, titles, frames, limits or sizes.

    >>> axes = grids([np.eye(3), [[2]], 2 * np.eye(3)], signs=["·", "="], titles=["a", None, "b"])
    >>> [ax.get_title() for ax in axes]
    ['a', '', 'b']
    """
    tables = [_cells(values, places)[0] for values in arrays]
    signs = [""] * (len(tables) - 1) if signs is None else list(signs)
    titles = [None] * len(tables) if titles is None else list(titles)
    frames = [None] * len(tables) if frames is None else list(frames)
    sizes = list(size) if np.ndim(size) else [size] * len(tables)
    if limits is None:
        limits = [common_limits(tables, signed) if shared else None] * len(tables)
    for name, given, expected in (
        ("signs", signs, len(tables) - 1),
        ("titles", titles, len(tables)),
        ("frames", frames, len(tables)),
        ("limits", limits, len(tables)),
        ("size", sizes, len(tables)),
    ):
        if len(given) != expected:
            raise ValueError(f"{name} must be {expected} for {len(tables)} arrays. Received: {len(given)}")
    # The first and the last title may be wider than their arrays: a letter takes up to a tenth of an inch.
    ends = [0.1 * len(titles[i] or "") - sizes[i] * tables[i].shape[1] for i in (0, -1)]
    shapes = [table.shape for table in tables]
    axes = rows_of_axes(shapes, sizes, room=0.35 * any(titles), margin=max(0.1, *(end / 2 for end in ends)))[0]
    for ax, values, text, frame, ends, inches in zip(axes, arrays, titles, frames, limits, sizes):
        grid(values, ax, text, frame, signed, ends, places, inches)
    for ax, sign in zip(axes[1:], signs):
        sign_before(ax, sign, min(sizes))
    return axes


_NARROW = " ₀₁₂₃₄₅₆₇₈₉"


def rows_of_axes(shapes, sizes, room, rows=1, below=0.0, margin=0.1):
    """Return Axes (rows, arrays) on a new figure for arrays of these (rows, columns) and inches a cell.

    There are `room` inches above the first row, `below` under each, `margin` around all, and one cell (the smallest)
    between them.
    """
    gap = min(sizes)
    high = max(lines * inches for (lines, _), inches in zip(shapes, sizes))
    width = sum(columns * inches + gap for (_, columns), inches in zip(shapes, sizes)) - gap + 2 * margin
    height = rows * (high + below) + room + 2 * margin
    figure, axes = plt.figure(figsize=(width, height)), []
    for row in range(rows):
        left, middle = margin, height - margin - room - row * (high + below) - high / 2
        for (lines, columns), inches in zip(shapes, sizes):
            tall, wide = lines * inches, columns * inches
            box = left / width, (middle - tall / 2) / height, wide / width, tall / height
            axes.append(figure.add_axes(box))
            left += wide + gap
    return np.array(axes).reshape(rows, len(shapes))


def sign_before(ax, sign, gap):
    """Write a sign in the middle of the `gap` inches on the left of `ax`."""
    ax.annotate(
        sign,
        (0, 0.5),
        (-gap * 36, 0),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="center",
        va="center",
        fontsize=15,
        annotation_clip=False,
    )


def letter_size(words, size):
    """Return the size, in points, of letters that let every word fit into a cell of `size` inches."""
    lines = [line for word in words.flat for line in word.split("\n")]
    widest = max(len(line) - 0.4 * sum(letter in _NARROW for letter in line) for line in lines)
    deepest = max(word.count("\n") + 1 for word in words.flat)
    return min(11, 100 * size / max(1, widest), 50 * size / deepest)


def common_limits(tables, signed):
    """Return (low, high) of all finite numbers of the arrays, symmetric about zero when `signed`."""
    finite = np.concatenate([table[np.isfinite(table)] for table in tables])
    if not finite.size:
        return 0, 1
    return symmetric((finite.min(), finite.max())) if signed else (finite.min(), finite.max())


def _cells(values, places):
    """Return the numbers that colour the cells (NaN for none) and the words written in them."""
    try:
        values = np.asarray(values)
    except ValueError:
        values = np.empty(0)
    if values.dtype.kind in "US":
        cells, words = np.full(values.shape, np.nan), values
    else:
        cells = np.array(arguments.array("values", np.nan_to_num(values)), float)
        cells[np.isnan(values)] = np.nan
        words = np.array([written(value, places) for value in cells.flat], object).reshape(cells.shape)
    if cells.ndim != 2 or not cells.size:
        raise ValueError(
            f"values must be an array of shape (rows, columns) with one or more entries. Received: shape {cells.shape}"
        )
    return cells, words


def written(value, places):
    """Return a number in the figure's letters, without closing zeros; nothing for NaN.

    >>> written(-0.001, 2), written(1234.5, 1), written(float("nan"), 1)
    ('0', '1234.5', '')
    """
    if np.isnan(value):
        return ""
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def windows_of(frame):
    """Return the windows of a `frame` argument (None, one window or several) as a list."""
    if frame is None:
        return []
    return [frame] if np.ndim(frame) == 1 else list(frame)


def outline(ax, window, shape, first, later=GREY):
    """Draw a window (top, left, height, width) of a table of that `shape`: solid when `first`, else dashed."""
    top, left, height, width = (arguments.integer("frame", part, minimum=0) for part in window)
    if not height or not width or top + height > shape[0] or left + width > shape[1]:
        raise ValueError(
            f"frame must be (top, left, height, width) inside {shape[0]} x {shape[1]} cells. Received: {tuple(window)}"
        )
    color, dash, thick = (ORANGE, "-", 3) if first else (later, "--", 2)
    ax.add_patch(
        Rectangle(
            (left - 0.5, top - 0.5),
            width,
            height,
            fill=False,
            zorder=5,
            clip_on=False,
            edgecolor=color,
            linestyle=dash,
            linewidth=thick,
        )
    )
