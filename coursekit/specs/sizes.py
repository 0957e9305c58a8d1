"""The shape of what each layer puts out; all arithmetic of windows is asked of `shapes`."""

from functools import singledispatch
from math import prod

from coursekit import shapes
from coursekit.specs import pointwise, sliding, structure
from coursekit.specs.base import along


@singledispatch
def output_shape(layer, shape):
    """Return the shape (without the batch) of what a layer spec makes of an input of that shape.

    Raises ValueError when the layer cannot take it. Merging layers take several shapes.

    >>> output_shape(sliding.Conv(32, kernel=5), (128, 128, 1))
    (124, 124, 32)
    """
    return shape  # most layers change values, not shapes


def spatial(shape):
    """Return the spatial sizes of a shape with channels last, or raise ValueError for a vector.

    >>> spatial((128, 96, 3))
    (128, 96)
    """
    if len(shape) < 2:
        raise ValueError(f"it needs an input with spatial axes and channels, but receives a vector {shape}")
    return shape[:-1]


def windowed(layer, kernel, shape):
    """Return the spatial sizes after a window of `kernel` pixels with the layer's stride, padding, dilation.

    >>> windowed(sliding.Conv(1, kernel=3, stride=2, padding="same"), 3, (7, 10, 1))
    (4, 5)
    """
    sizes = spatial(shape)
    settings = (along(value, len(sizes)) for value in (kernel, layer.stride, layer.padding))
    dilations = along(getattr(layer, "dilation", 1), len(sizes))
    return tuple(shapes.output_size(*setting) for setting in zip(sizes, *settings, dilations))


@output_shape.register
def _(layer: sliding.Conv, shape):
    sizes = windowed(layer, layer.kernel, shape)
    if shape[-1] % layer.groups:
        raise ValueError(f"its {layer.groups} groups do not divide the {shape[-1]} channels of its input")
    return *sizes, layer.filters


@output_shape.register
def _(layer: sliding.DepthwiseConv, shape):
    return *windowed(layer, layer.kernel, shape), shape[-1] * layer.multiplier


@output_shape.register
def _(layer: sliding.SeparableConv, shape):
    return *windowed(layer, layer.kernel, shape), layer.filters


@output_shape.register
def _(layer: sliding.ConvTranspose, shape):
    sizes = spatial(shape)
    names = ("kernel", "stride", "padding", "dilation", "output_padding")
    settings = (along(getattr(layer, name), len(sizes)) for name in names)
    return *(shapes.transposed_size(*setting) for setting in zip(sizes, *settings)), layer.filters


@output_shape.register
def _(layer: sliding.Pool, shape):
    return *windowed(layer, layer.size, shape), shape[-1]


@output_shape.register(sliding.AdaptivePool)
@output_shape.register(sliding.Resize)
def _(layer, shape):
    return *along(layer.size, len(spatial(shape))), shape[-1]


@output_shape.register
def _(layer: sliding.Upsample, shape):
    sizes = spatial(shape)
    return *(size * factor for size, factor in zip(sizes, along(layer.size, len(sizes)))), shape[-1]


def both_sides(layer, rank):
    """Return the amounts of a `Pad` or `Crop` as one pair (before, after) for each spatial axis.

    >>> both_sides(sliding.Pad((1, (0, 2))), rank=2)
    ((1, 1), (0, 2))
    """
    amounts = along(layer.amounts, rank)
    return tuple(amount if isinstance(amount, tuple) else (amount, amount) for amount in amounts)


@output_shape.register
def _(layer: sliding.Pad, shape):
    sizes = spatial(shape)
    return *(size + sum(pair) for size, pair in zip(sizes, both_sides(layer, len(sizes)))), shape[-1]


@output_shape.register
def _(layer: sliding.Crop, shape):
    sizes = spatial(shape)
    left = tuple(size - sum(pair) for size, pair in zip(sizes, both_sides(layer, len(sizes))))
    if min(left) < 1:
        raise ValueError(f"it would cut {layer.amounts} from {sizes} pixels and leave none")
    return *left, shape[-1]


@output_shape.register
def _(layer: structure.Dense, shape):
    return *shape[:-1], layer.units


@output_shape.register
def _(layer: structure.GlobalPool, shape):
    ones = (1,) * len(spatial(shape))
    return (*ones, shape[-1]) if layer.keepdims else shape[-1:]


@output_shape.register
def _(layer: structure.Flatten, shape):
    return (prod(shape),)


@output_shape.register
def _(layer: structure.Reshape, shape):
    known = prod(size for size in layer.shape if size != -1)
    new = tuple(prod(shape) // known if size == -1 else size for size in layer.shape)
    if prod(new) != prod(shape):
        raise ValueError(f"it cannot arrange the {prod(shape)} values of {shape} as {layer.shape}")
    return new


@output_shape.register
def _(layer: structure.Permute, shape):
    if len(layer.order) != len(shape):
        raise ValueError(f"its order {layer.order} does not name the {len(shape)} axes of its input")
    return tuple(shape[axis - 1] for axis in layer.order)


def _check_axes(name, axes, shape):
    """Raise ValueError when an axis, counted with the batch as axis 0, is none of those of a shape."""
    ends = len(shape) + 1
    wrong = [axis for axis in axes if axis % ends == 0 or not -ends <= axis < ends]
    if wrong:
        raise ValueError(f"its {name} {wrong[0]} is none of the {len(shape)} axes of its input (0 is the batch)")


@output_shape.register
def _(layer: pointwise.PReLU, shape):
    _check_axes("shared axis", layer.shared_axes, shape)
    return shape


@output_shape.register
def _(layer: pointwise.Rescale, shape):
    for name in ("factor", "offset"):
        value = getattr(layer, name)
        if isinstance(value, tuple) and len(value) not in (1, shape[-1]):
            raise ValueError(f"its {name} has {len(value)} numbers, but its input {shape[-1]} channels")
    return shape


@output_shape.register
def _(layer: pointwise.Norm, shape):
    if layer.kind in ("batch", "layer", "rms", "unit", "dataset"):
        _check_axes("axis", layer.axes, shape)
    if layer.kind == "group" and shape[-1] % layer.groups:
        raise ValueError(f"its {layer.groups} groups do not divide the {shape[-1]} channels of its input")
    return shape


@output_shape.register
def _(layer: structure.Merge, *several):
    result, rank = [], max(map(len, several))
    for sizes in zip(*((1,) * (rank - len(shape)) + shape for shape in several)):
        largest = max(sizes)
        if not set(sizes) <= {1, largest}:
            raise ValueError(f"the shapes of its inputs do not match: {', '.join(map(str, several))}")
        result.append(largest)
    return tuple(result)


@output_shape.register
def _(layer: structure.Concatenate, *several):
    rank = len(several[0])
    axis = layer.axis - 1 if layer.axis > 0 else layer.axis + rank
    if layer.axis == 0 or not 0 <= axis < rank:
        raise ValueError(f"its axis {layer.axis} is none of the {rank} axes of its inputs (0 is the batch)")
    if len({shape[:axis] + ("any",) + shape[axis + 1 :] for shape in several}) > 1:
        listed = ", ".join(map(str, several))
        raise ValueError(f"the shapes of its inputs must agree except along axis {layer.axis}: {listed}")
    return several[0][:axis] + (sum(shape[axis] for shape in several),) + several[0][axis + 1 :]
