"""Which pixels of its input each layer looks at, along each axis: one rule per kind of layer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch
from math import floor

from coursekit import shapes, specs
from coursekit.specs.base import along
from coursekit.specs.sizes import both_sides

SAME_PLACE = "same place"  # each output looks at the pixel where it stands
EVERYTHING = "everything"  # each output looks at the whole input


@dataclass(frozen=True)
class Look:
    """Where outputs look along one axis: `pixels(i)` are the input pixels of output i, padding included.

    The pattern repeats: `period` outputs further on, everything is `shift` pixels further on.
    """

    pixels: Callable
    period: int = 1
    shift: int = 1


def looks(node):
    """Return SAME_PLACE, EVERYTHING, or a tuple with a `Look` for each spatial axis.

    `node` is a layer in its place (`specs.trace`). Raises `specs.LayerError` when no rule says it.
    """
    function = getattr(node.layer, "activation", None) or getattr(node.layer, "function", None)
    if function == "custom" and len(node.shape) > 1:  # a vector has seen the whole picture already
        raise node.cannot("its activation is a custom function, and nothing tells where that looks")
    return reach(node.layer, node)


@singledispatch
def reach(layer, node):
    """Return what `looks` returns, whatever activation follows: one rule for each kind of layer."""
    return SAME_PLACE


def _window(node, kernel, dilation=1):
    """Return the looks of a window that steps over the input."""
    layer, sizes = node.layer, node.input_shapes[0][:-1]
    settings = (along(value, len(sizes)) for value in (kernel, layer.stride, layer.padding, dilation))
    return tuple(_stepping(*setting) for setting in zip(sizes, *settings))


def _stepping(size, kernel, stride, padding, dilation):
    before, _ = shapes.padding_amounts(size, kernel, stride, padding, dilation)
    return Look(lambda i: [i * stride - before + k * dilation for k in range(kernel)], 1, stride)


@reach.register(specs.Conv)
@reach.register(specs.DepthwiseConv)
@reach.register(specs.SeparableConv)
def _(layer, node):
    return _window(node, layer.kernel, layer.dilation)


@reach.register
def _(layer: specs.Pool, node):
    return _window(node, layer.size)


@reach.register
def _(layer: specs.ConvTranspose, node):
    rank = len(node.shape) - 1
    names = ("kernel", "stride", "padding", "dilation")
    settings = (along(getattr(layer, name), rank) for name in names)
    return tuple(_stamping(*setting) for setting in zip(node.shape[:-1], *settings))


def _stamping(size, kernel, stride, padding, dilation):
    """Return the look of a transposed convolution with `size` outputs.

    Output i receives from input j where the ordinary convolution, of `size` pixels, would let j look at i.
    """
    before = 0 if padding == "valid" else shapes.padding_amounts(size, kernel, stride, padding, dilation)[0]

    def pixels(i):
        starts = (i + before - k * dilation for k in range(kernel))
        return [start // stride for start in starts if start % stride == 0]

    return Look(pixels, stride, 1)


@reach.register
def _(layer: specs.Upsample, node):
    looks = {"nearest": _nearest, "bilinear": _bilinear}
    if layer.interpolation not in looks:
        raise node.cannot(f"the receptive field of {layer.interpolation!r} interpolation is not known here")
    return tuple(looks[layer.interpolation](factor) for factor in along(layer.size, len(node.shape) - 1))


def _nearest(factor):
    return Look(lambda i: [i // factor], factor, 1)


def _bilinear(factor):
    def pixels(i):
        place = (i + 0.5) / factor - 0.5  # centres of pixels lie at halves
        return [floor(place)] if place == floor(place) else [floor(place), floor(place) + 1]

    return Look(pixels, factor, 1)


@reach.register
def _(layer: specs.Resize, node):
    if node.shape == node.input_shapes[0]:
        return SAME_PLACE
    raise node.cannot("resizing by a factor that is not whole has no single stride")


@reach.register
def _(layer: specs.AdaptivePool, node):
    pairs = list(zip(node.input_shapes[0][:-1], node.shape[:-1]))
    if set(node.shape[:-1]) == {1}:
        return EVERYTHING
    if any(size % bins for size, bins in pairs):
        raise node.cannot("its bins differ in size, because their number does not divide that of the pixels")
    return tuple(_stepping(size, size // bins, size // bins, "valid", 1) for size, bins in pairs)


@reach.register
def _(layer: specs.Pad, node):
    return tuple(_moved(before) for before, _ in both_sides(layer, len(node.shape) - 1))


@reach.register
def _(layer: specs.Crop, node):
    return tuple(_moved(-before) for before, _ in both_sides(layer, len(node.shape) - 1))


def _moved(before):
    return Look(lambda i: [i - before])


@reach.register(specs.GlobalPool)
@reach.register(specs.Flatten)
def _(layer, node):
    return EVERYTHING


@reach.register
def _(layer: specs.Dense, node):
    return EVERYTHING if len(node.shape) == 1 else SAME_PLACE


@reach.register
def _(layer: specs.Reshape, node):
    if min(len(node.shape), len(node.input_shapes[0])) == 1:
        return EVERYTHING
    if node.shape == node.input_shapes[0]:
        return SAME_PLACE
    raise node.cannot("it moves pixels to other places, so neighbours are no longer neighbours")


@reach.register
def _(layer: specs.Permute, node):
    if layer.order == tuple(range(1, len(layer.order) + 1)):
        return SAME_PLACE
    raise node.cannot("it exchanges axes; receptive fields are followed along axes that keep their places")


@reach.register
def _(layer: specs.Norm, node):
    rank = len(node.shape)
    axes = {axis % (rank + 1) for axis in layer.axes}  # with the batch, the channels are axis `rank`
    if layer.kind in ("group", "instance"):
        return EVERYTHING  # mean and variance are taken over the whole picture
    if layer.kind in ("layer", "rms", "unit") and axes != {rank}:
        if len(axes - {rank}) < rank - 1:
            raise node.cannot(f"it averages over some spatial axes and not over others (axis {layer.axis})")
        return EVERYTHING
    return SAME_PLACE


@reach.register
def _(layer: specs.Concatenate, node):
    rank = len(node.shape)
    if layer.axis not in (-1, rank):
        raise node.cannot(f"it puts pictures side by side in space (axis {layer.axis})")
    return SAME_PLACE
