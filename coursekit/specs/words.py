"""What a layer is, in a few words, for the second column of every table."""

from functools import singledispatch

from coursekit.specs import pointwise, sliding, structure
from coursekit.specs.base import along


@singledispatch
def words(layer, rank=2):
    """Return a short description of a layer spec whose input has `rank` spatial axes.

    >>> words(sliding.Conv(32, kernel=5, stride=2, activation="relu"))
    'convolution 5×5, stride 2, relu'
    """
    return type(layer).__name__.lower()


def by(value, rank):
    """Return sizes as people write them.

    >>> by(3, rank=2), by((3, 5), rank=2)
    ('3×3', '3×5')
    """
    return "×".join(str(size) for size in along(value, rank))


def _joined(*parts):
    return ", ".join(part for part in parts if part)


def _short(value):
    """Return a setting as one number where all axes and both sides agree, else all of it."""
    while isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    return value


def _setting(name, value, usual):
    """Return "name value", or nothing when it is the usual one."""
    return "" if _short(value) == usual else f"{name} {_short(value)}"


def _padding(layer):
    return layer.padding if layer.padding in ("same", "full") else _setting("padding", layer.padding, 0)


def _activation(layer):
    return "" if layer.activation in (None, "linear") else layer.activation


@words.register(sliding.Conv)
@words.register(sliding.DepthwiseConv)
@words.register(sliding.SeparableConv)
@words.register(sliding.ConvTranspose)
def _(layer, rank=2):
    kinds = {"DepthwiseConv": "depthwise ", "SeparableConv": "separable ", "ConvTranspose": "transposed "}
    return _joined(
        f"{kinds.get(type(layer).__name__, '')}convolution {by(layer.kernel, rank)}",
        _setting("stride", layer.stride, 1),
        _setting("dilation", layer.dilation, 1),
        "" if layer.padding == "valid" else _padding(layer),
        f"{layer.groups} groups" if getattr(layer, "groups", 1) > 1 else "",
        _activation(layer),
    )


@words.register(sliding.Pool)
def _(layer, rank=2):
    return _joined(
        f"{layer.kind} pooling {by(layer.size, rank)}",
        _setting("stride", layer.stride, _short(layer.size)),
        "" if layer.padding == "valid" else _padding(layer),
    )


@words.register(sliding.AdaptivePool)
def _(layer, rank=2):
    return f"adaptive {layer.kind} pooling to {by(layer.size, rank)}"


@words.register(sliding.Upsample)
def _(layer, rank=2):
    return f"up-sampling {by(layer.size, rank)}, {layer.interpolation}"


@words.register(sliding.Resize)
def _(layer, rank=2):
    return f"resizing to {by(layer.size, rank)}, {layer.interpolation}"


@words.register(sliding.Pad)
def _(layer, rank=2):
    return f"zero padding {_short(layer.amounts)}"


@words.register(sliding.Crop)
def _(layer, rank=2):
    return f"crop {_short(layer.amounts)}"


@words.register(structure.GlobalPool)
def _(layer, rank=2):
    return f"global {layer.kind} pooling"


@words.register(structure.Dense)
def _(layer, rank=2):
    return _joined("dense", _activation(layer))


@words.register(pointwise.Norm)
def _(layer, rank=2):
    return f"{layer.kind} normalisation"


@words.register(pointwise.Activation)
def _(layer, rank=2):
    return layer.function


@words.register(pointwise.PReLU)
def _(layer, rank=2):
    return "PReLU"


@words.register(pointwise.TrainingOnly)
def _(layer, rank=2):
    return layer.what
