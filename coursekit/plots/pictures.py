"""Pictures, curves and bars: the figures that every lecture draws."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.text import Text
from PIL import Image

from coursekit import arguments

# Blue, vermilion, bluish green and reddish purple of Okabe and Ito (2008, https://jfly.uni-koeln.de/color/), whose
# paler colours are too faint for lines on white, with a grey and a violet. tests/plots/test_palettes.py computes the
# contrasts and the distances.
BLUE, ORANGE, GREEN, PURPLE, GREY, VIOLET = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#6B6B6B", "#A54BFF"
REAL, FAKE = "#004878", ORANGE  # a darker blue: the two differ in lightness too, for grey prints
MAGNITUDE, SIGNED = "viridis", "RdBu_r"
plt.rcParams["image.origin"] = "upper"  # somebody's matplotlibrc may turn pictures upside down


def image(picture, ax=None, title=None, signed=False, limits=None, unit=None):
    """Draw one image (h, w) or (h, w, 1) and return its Axes.

    `limits` are the values of the darkest and brightest colour (default: the image's own range, made
    symmetric about zero when `signed`). `unit` adds a colour bar with that label. Raises TypeError for
    input that is not a numeric array, ValueError for another shape or values that are not finite.

    >>> image(np.array([[0, 1], [2, 3]]), title="rows down").get_title()
    'rows down'
    """
    picture = flat(picture)
    ax = ax or plt.subplots(figsize=(3, 3), layout="constrained")[1]
    if limits is None:
        limits = (picture.min(), picture.max())
        limits = symmetric(limits) if signed else limits
    drawn = ax.imshow(picture, cmap=SIGNED if signed else MAGNITUDE, vmin=limits[0], vmax=limits[1])
    ax.set_xticks([]), ax.set_yticks([])
    if title:
        ax.set_title(title, fontsize=10)
    if unit:
        ax.figure.colorbar(drawn, ax=ax, label=unit, shrink=0.85)
    return ax


def images(pictures, titles=None, columns=6, size=1.7, signed=False, shared=True, unit=None, title=None):
    """Draw images (n, h, w) or (n, h, w, 1) in a grid and return the array of n Axes.

    With `shared` all have one colour scale, and `unit` labels its bar; otherwise each spans its own
    1st to 99.5th percentile, for pictures that differ much in brightness. A `signed` scale is symmetric
    about zero in both cases. `size` is inches a picture. Raises ValueError for a `unit` without a scale
    that all share, and for another number of titles than of pictures.

    >>> [ax.get_title() for ax in images(np.zeros((2, 4, 5)), titles=["left", "right"])]
    ['left', 'right']
    """
    pictures = [flat(picture) for picture in pictures]
    titles = [None] * len(pictures) if titles is None else list(titles)
    if not pictures or len(titles) != len(pictures):
        raise ValueError(
            "pictures must be one or more, with as many titles. "
            f"Received: {len(pictures)} pictures, {len(titles)} titles"
        )
    if unit and not shared:
        raise ValueError(f"unit must be None where the pictures share no colour scale. Received: {unit!r}")
    columns = min(arguments.integer("columns", columns, minimum=1), len(pictures))
    rows = -(-len(pictures) // columns)
    extra = 0.25 if any(titles) else 0.0
    height = rows * (size + extra) + 0.3 * bool(title)
    figure, axes = plt.subplots(rows, columns, figsize=(columns * size, height), squeeze=False, layout="constrained")
    everything = min(p.min() for p in pictures), max(p.max() for p in pictures)
    for ax, picture, text in zip(axes.flat, pictures, titles):
        limits = everything if shared else tuple(np.percentile(picture, [1, 99.5]))
        image(picture, ax, text, signed, symmetric(limits) if signed else limits)
    for ax in axes.flat[len(pictures) :]:
        ax.set_axis_off()
    if unit and shared:
        figure.colorbar(axes.flat[0].images[0], ax=axes, label=unit, shrink=0.7, pad=0.02)
    if title:
        figure.suptitle(title, fontsize=11)
    return axes.ravel()[: len(pictures)]


def learning_curves(history, ax=None, metric="accuracy", chance=None):
    """Draw training and validation values of a metric over the epochs and return the Axes.

    `history` is what `models.fit` returns: {metric: [value of each epoch], "val_" + metric: [...]}.
    `chance` draws a dotted line at what guessing would reach. Raises ValueError for a metric that
    `history` has not.

    >>> learning_curves({"accuracy": [0.6, 0.8], "val_accuracy": [0.7, 0.75]}).get_xlabel()
    'epoch'
    """
    if metric not in history:
        raise ValueError(f"metric must be one of {sorted(history)}. Received: {metric!r}")
    ax = ax or plt.subplots(figsize=(5, 3), layout="constrained")[1]
    epochs = np.arange(1, len(history[metric]) + 1)
    ax.plot(epochs, history[metric], "o-", color=BLUE, label="training")
    if f"val_{metric}" in history:
        ax.plot(epochs, history[f"val_{metric}"], "s--", color=ORANGE, label="validation")
    if chance is not None:
        ax.axhline(chance, color=GREY, linestyle=":", label="guessing")
    ax.set(xlabel="epoch", ylabel=metric, xticks=epochs)
    ax.legend(frameon=False)
    return plain(ax)


def confusion_matrix(counts, names, ax=None):
    """Draw a confusion matrix with its counts and the share of each row, and return the Axes.

    `counts` is (classes, classes): rows are the truth, columns the prediction, as in `names`. Raises
    ValueError for another shape.

    >>> [text.get_text() for text in confusion_matrix([[3, 1], [0, 4]], ["real", "fake"]).texts]
    ['3\\n75%', '1\\n25%', '0\\n0%', '4\\n100%']
    """
    counts = arguments.array("counts", counts, ndim=2)
    if counts.shape != (len(names), len(names)):
        raise ValueError(f"counts must have shape {(len(names), len(names))}. Received: {counts.shape}")
    ax = ax or plt.subplots(figsize=(3.2, 3), layout="constrained")[1]
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)  # a row may be empty
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (i, j), count in np.ndenumerate(counts):
        ax.text(
            j,
            i,
            f"{count}\n{share[i, j]:.0%}",
            ha="center",
            va="center",
            color="white" if share[i, j] > 0.5 else "black",
        )
    ax.set(xticks=range(len(names)), yticks=range(len(names)), xlabel="predicted", ylabel="truth")
    ax.set_xticklabels(names), ax.set_yticklabels(names)
    return ax


def bars(values, names, ax=None, ylabel=None, chance=None, colors=BLUE, limits=(0, 1.08)):
    """Draw one bar for each value, its number on top, and return the Axes.

    `values` is one-dimensional, `names` has as many entries; `chance` draws a dotted line at what
    guessing would reach. Raises ValueError where the lengths differ.

    >>> [float(bar.get_height()) for bar in bars([0.25, 0.75], ["first", "second"]).patches]
    [0.25, 0.75]
    """
    values = arguments.array("values", values, ndim=1)
    if len(values) != len(names):
        raise ValueError(f"names must be {len(values)}, one for each value. Received: {len(names)}")
    ax = ax or plt.subplots(figsize=(1.2 + 0.8 * len(values), 3), layout="constrained")[1]
    ax.bar_label(ax.bar(range(len(values)), values, color=colors, width=0.65), fmt="%.2f", padding=2)
    if chance is not None:
        ax.axhline(chance, color=GREY, linestyle=":")
        ax.annotate(" guessing", (1, chance), xycoords=("axes fraction", "data"), va="center", fontsize=8, color=GREY)
    ax.set(ylabel=ylabel, ylim=limits, xticks=range(len(values)))
    ax.set_xticklabels(names)
    return plain(ax)


def points(groups, names, ax=None, ylabel=None, limits=None):
    """Draw every value of each group as a dot and its mean as a line, and return the Axes.

    `groups` is a sequence of one-dimensional arrays: the accuracies of several seeds, for example.
    Raises ValueError for another number of names, and for a group without values.

    >>> points([[0.8, 0.9], [0.7]], ["first", "second"]).lines[0].get_ydata().tolist()
    [0.8, 0.9]
    """
    if len(groups) != len(names):
        raise ValueError(f"names must be {len(groups)}, one for each group. Received: {len(names)}")
    ax = ax or plt.subplots(figsize=(1.5 + 1.2 * len(groups), 3), layout="constrained")[1]
    for place, values in enumerate(groups):
        values = arguments.array("groups", values, ndim=1)
        if not len(values):
            raise ValueError(f"groups must have at least one value each. Received: none for {names[place]!r}")
        ax.plot(np.full(len(values), place), values, "o", color=BLUE, alpha=0.7)
        ax.plot([place - 0.2, place + 0.2], [values.mean()] * 2, color="black", linewidth=2)
        ax.annotate(f"{values.mean():.2f}".replace("-", "−"), (place + 0.24, values.mean()), va="center", fontsize=9)
    ax.set(xlim=(-0.5, len(groups) - 0.3), ylabel=ylabel, ylim=limits, xticks=range(len(groups)))
    ax.set_xticklabels(names)
    return plain(ax)


def show(alt, letters=None):
    """Show the current figure in the notebook, with a text for those who do not see it, and close it.

    `alt` says what a sighted reader learns from the figure; screen readers speak it, and it stands
    where pictures are not drawn. `letters` writes all words of the figure in one size, in points, as slides
    need it for the last row. Without a notebook the figure is only closed. The picture has 256 colours: a third
    of the size of a full one, and no difference to the eye. Raises ValueError for an `alt` that is not a sentence
    and for a size that is not positive, RuntimeError where there is no figure.

    >>> bars([0.5], ["only"]) and show(alt="One bar, half as high as the axis.")
    """
    if not isinstance(alt, str) or len(alt) < 20:
        raise ValueError(f"alt must be a sentence of 20 characters or more. Received: {alt!r}")
    if not plt.get_fignums():
        raise RuntimeError("there is no figure to show: draw one in the same cell, before plots.show")
    from IPython import get_ipython
    from IPython.display import display

    if letters is not None:
        arguments.real("letters", letters, above=0)
        for text in plt.gcf().findobj(Text):
            text.set_fontsize(letters)
    drawn, small = io.BytesIO(), io.BytesIO()
    plt.gcf().draw_without_rendering()  # laid out once more: after one round words may still leave the figure
    plt.gcf().savefig(drawn, dpi=100, format="png")
    plt.close()
    _few_colors(Image.open(drawn).convert("RGB")).save(small, "png", optimize=True)
    if get_ipython() is not None:
        picture = base64.b64encode(small.getvalue()).decode()  # JupyterLite, unlike Jupyter, does not encode bytes
        display({"image/png": picture, "text/plain": alt}, raw=True, metadata={"image/png": {"alt": alt}})


def _few_colors(picture):
    """Return a picture with 256 colours that span all of its own, so that rare ones keep their hue."""
    # The default, median cut, spends the palette on frequent colours: grey turned blue, and hues were lost.
    return picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)


def plain(ax):
    """Return the Axes without the lines above and at the right."""
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def symmetric(limits):
    """Return the smallest limits (-reach, reach) that hold both `limits`."""
    reach = max(abs(limits[0]), abs(limits[1]))
    return -reach, reach


def flat(picture):
    """Return a picture (h, w) or (h, w, 1) as an array (h, w), or raise ValueError."""
    if isinstance(picture, np.ndarray) and picture.dtype == bool:  # a mask
        picture = picture.astype(np.uint8)
    picture = arguments.array("picture", picture)
    if picture.ndim == 3 and picture.shape[-1] == 1:
        picture = picture[..., 0]
    if picture.ndim != 2 or not picture.size:
        raise ValueError(f"picture must have shape (h, w) or (h, w, 1). Received: shape {picture.shape}")
    return picture
