"""Pictures and what kernels make of them: kernels above their results, directions, tuning curves."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import hsv_to_rgb

from coursekit import arguments
from coursekit.plots.curves import curves
from coursekit.plots.grids import grid
from coursekit.plots.pictures import flat, image, symmetric


def photographs(pictures, titles=None, size=2.4, limits=(0, 1)):
    """Draw pictures side by side as one sees them, grey (h, w) or in colour (h, w, 3); return their Axes.

    `limits` are the values of black and white, the same for all. `size` is the inches of height of the
    tallest picture; all have the same number of pixels per inch. Raises ValueError for other shapes, and for
    another number of titles.

    >>> [ax.get_title() for ax in photographs([np.zeros((4, 6)), np.ones((4, 4, 3))], ["night", "snow"])]
    ['night', 'snow']
    """
    pictures = [_photograph(picture) for picture in pictures]
    titles = [None] * len(pictures) if titles is None else list(titles)
    if not pictures or len(titles) != len(pictures):
        raise ValueError(
            "pictures must be one or more, with as many titles. "
            f"Received: {len(pictures)} pictures, {len(titles)} titles"
        )
    inch = max(picture.shape[0] for picture in pictures) / size  # pixels
    widths = [picture.shape[1] / inch for picture in pictures]
    axes = plt.subplots(
        1,
        len(pictures),
        squeeze=False,
        layout="constrained",
        width_ratios=widths,
        figsize=(sum(widths) + 0.1 * len(widths), size + 0.3 * any(titles)),
    )[1][0]
    for ax, picture, text in zip(axes, pictures, titles):
        _show_photograph(ax, picture, text, limits)
    return axes


def filtered(picture, kernels, results, names, signed=True, limits=None, shades=(0, 1), unit="response", size=2.1):
    """Draw a picture, and beside it each kernel above what it makes of the picture; return the Axes.

    The Axes are those of the picture, then of the kernels, then of the results. Small kernels of short
    numbers are drawn with their numbers, others as pictures; all share one scale, symmetric about zero.
    So do the results when `signed`: from blue, below zero, to red; `limits` are the ends of that scale
    (default: symmetric, at the 99.5th percentile of the magnitudes), and its bar is labelled `unit`. Where
    results are pictures again, `signed=False` draws them in greys like the picture, both black to white at
    `shades`. `size` is inches a picture. Raises ValueError where kernels, results and names differ in number.

    >>> axes = filtered(np.eye(4), [np.ones((3, 3))], [np.eye(4)], ["sum"])
    >>> [ax.get_title() for ax in axes]
    ['picture', 'sum', '']
    """
    results, kernels = [flat(result) for result in results], [flat(kernel) for kernel in kernels]
    if not len(kernels) == len(results) == len(names) > 0:
        raise ValueError(
            "kernels, results and names must be as many, one or more. Received: "
            f"{len(kernels)}, {len(results)}, {len(names)}"
        )
    figure, axes = _two_rows(len(kernels), size, results[0].shape)
    start = axes[1, 0]
    _show_photograph(start, _photograph(picture), "picture", shades)
    axes[0, 0].set_axis_off()
    reach = max(np.abs(kernel).max() for kernel in kernels)
    if limits is None:
        limits = symmetric((0, np.percentile(np.abs(np.stack(results)), 99.5))) if signed else shades
    for above, below, kernel, result, name in zip(axes[0, 1:], axes[1, 1:], kernels, results, names):
        _kernel(above, kernel, name, (-reach, reach))
        if signed:
            image(result, below, signed=True, limits=limits)
        else:
            _show_photograph(below, result, None, limits)
    if signed:
        figure.colorbar(axes[1, 1].images[0], ax=axes[1, 1:], label=unit, shrink=0.8, pad=0.02, extend="both")
    return np.array([start, *axes[0, 1:], *axes[1, 1:]])


def directions(angle, strength, ax=None, title=None, period=360, spacing=8, limit=None):
    """Draw directions as colours, as bright as they are strong, with strokes and a wheel to read them by.

    `angle` (h, w) is in degrees, counter-clockwise as one sees the picture; `strength` (h, w) is not negative
    and as bright as can be from `limit` on (default: its 99th percentile). `period` is 360 for directions,
    whose strokes have arrow heads, and 180 for the orientations of lines, which have none. At most one stroke
    is drawn in each square of `spacing` pixels, where it is strongest. Returns the Axes. Raises ValueError
    for arrays of different shapes and another period.

    >>> directions(np.zeros((8, 8)), np.ones((8, 8)), title="all to the right").get_title()
    'all to the right'
    """
    angle, strength = flat(angle), flat(strength)
    if angle.shape != strength.shape or period not in (180, 360):
        raise ValueError(
            "angle and strength must have one shape, and period be 180 or 360. "
            f"Received: {angle.shape}, {strength.shape}, {period}"
        )
    ax = ax or plt.subplots(figsize=(6, 4.9), layout="constrained")[1]
    limit = np.percentile(strength, 99) or 1.0 if limit is None else arguments.real("limit", limit, above=0)
    bright = np.clip(strength / limit, 0, 1)
    ax.imshow(_hues(angle, bright, period))
    rows, columns = _strongest(bright, spacing, least=0.35)
    turn = np.radians(angle[rows, columns])
    head = {} if period == 360 else {"headlength": 0, "headaxislength": 0, "headwidth": 0}
    ax.quiver(
        columns,
        rows,
        np.cos(turn),
        np.sin(turn),
        color="white",
        angles="uv",
        pivot="mid",
        scale_units="xy",
        scale=1 / (0.7 * spacing),
        width=0.0035,
        **head,
    )
    ax.set_xticks([]), ax.set_yticks([])
    if title:
        ax.set_title(title, fontsize=10)
    _wheel(ax.inset_axes([1.02, 0.36, 0.24, 0.28]), period)
    return ax


def tuning_curves(orientations, responses, stimuli=(), ax=None, ylabel="response", title=None):
    """Draw responses over the orientation of what was shown, {name: (n,)}, with the stimuli below the axis.

    `orientations` (n,) are in degrees. `stimuli` is a sequence of pairs (orientation, picture): each is drawn
    as a small picture under its place on the axis. Returns the Axes. Errors as in `curves`.

    >>> ax = tuning_curves([0, 90, 180], {"cell": [0, 1, 0]}, stimuli=[(90, np.eye(3))])
    >>> ax.get_xlabel(), len(ax.child_axes)
    ('orientation of the bars (degrees)', 1)
    """
    ax = ax or plt.subplots(figsize=(6.4, 3.6), layout="constrained")[1]
    curves(orientations, responses, ax, ylabel=ylabel, title=title)
    first, last = min(orientations), max(orientations)
    ax.set(xlim=(first, last), xticks=np.arange(first, last + 1, 45), ylim=(0, None))
    ax.set_xlabel("orientation of the bars (degrees)", labelpad=46 if len(stimuli) else None)
    if len(responses) > 1:
        ax.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1.01, 0.5))
    for place, picture in stimuli:
        middle = (place - first) / (last - first)
        small = ax.inset_axes([middle - 0.05, -0.30, 0.10, 0.17])
        _show_photograph(small, _photograph(picture), None, (0, 1))
        small.set_anchor("C")
    return ax


def _two_rows(count, size, shape):
    """Return a figure with a low row of Axes above a high one, 1 + `count` of each."""
    tall = size * shape[0] / shape[1]
    return plt.subplots(
        2,
        count + 1,
        squeeze=False,
        layout="constrained",
        height_ratios=(0.8, tall),
        figsize=((count + 1) * size + 0.6, tall + 1.3),
    )


def _kernel(ax, kernel, name, limits):
    short = np.all(kernel == np.round(kernel)) and np.abs(kernel).max() < 10
    if max(kernel.shape) <= 5 and short:
        grid(kernel, ax, name, signed=True, limits=limits)
    else:
        image(kernel, ax, name, signed=True, limits=limits)


def _photograph(picture):
    picture = arguments.array("picture", picture, ndim=(2, 3))
    if not picture.size or picture.ndim == 3 and picture.shape[2] != 3:
        raise ValueError(f"picture must have shape (h, w) or (h, w, 3). Received: shape {picture.shape}")
    return picture


def _show_photograph(ax, picture, title, limits):
    picture = np.clip(picture, *limits) if picture.ndim == 3 else picture
    ax.imshow(picture, cmap="gray", vmin=limits[0], vmax=limits[1])
    ax.set_xticks([]), ax.set_yticks([])
    if title:
        ax.set_title(title, fontsize=10)


def _hues(angle, bright, period):
    """Return colours (h, w, 3): the hue goes round once in `period` degrees."""
    hue = np.mod(angle, period) / period
    return hsv_to_rgb(np.stack([np.minimum(hue, 1 - 1e-9), np.full_like(hue, 0.85), bright], axis=-1))


def _strongest(bright, spacing, least):
    """Return rows and columns of the brightest pixel of each square of `spacing`, if it reaches `least`."""
    rows, columns = [], []
    for top in range(0, bright.shape[0], spacing):
        for left in range(0, bright.shape[1], spacing):
            square = bright[top : top + spacing, left : left + spacing]
            row, column = np.unravel_index(np.argmax(square), square.shape)
            if square[row, column] >= least:
                rows.append(top + row)
                columns.append(left + column)
    return np.array(rows, int), np.array(columns, int)


def _wheel(ax, period):
    """Draw the colour of each direction around a circle, with their degrees."""
    right, up = np.meshgrid(np.linspace(-1, 1, 121), np.linspace(1, -1, 121))
    radius = np.hypot(right, up)
    colors = _hues(np.degrees(np.arctan2(up, right)), np.ones_like(radius), period)
    colors[(radius > 1) | (radius < 0.55)] = 1
    ax.imshow(colors, extent=(-1, 1, -1, 1))
    marks = (0, 90, 180, 270) if period == 360 else (0, 45, 90, 135)
    for degrees in marks:
        turn = np.radians(degrees)
        ax.text(1.45 * np.cos(turn), 1.35 * np.sin(turn), f"{degrees}°", ha="center", va="center", fontsize=8)
    ax.set(xlim=(-2.1, 2.1), ylim=(-1.7, 1.7))
    ax.set_axis_off()
