"""One layer spec → the Keras layers that do what it says."""

from functools import singledispatch

from coursekit import shapes, specs
from coursekit.models.backend import keras
from coursekit.models.own_layers import ChannelScale, LocalResponse
from coursekit.specs.base import along
from coursekit.specs.sizes import both_sides

layers = keras.layers


@singledispatch
def make(layer, rank, shape):
    """Return the Keras layers of a spec as a list, for an input of `shape` with `rank` spatial axes.

    Raises ValueError for what Keras cannot do.

    >>> [type(part).__name__ for part in make(specs.Conv(8, kernel=3, padding=1, name="c"), 2, (6, 6, 1))]
    ['ZeroPadding2D', 'Conv2D']
    """
    raise ValueError(f"nothing in Keras is built for a spec of the class {type(layer).__name__}")


def _ranked(name, rank):
    """Return the Keras class for so many spatial axes: _ranked("Conv{}D", 2) is Conv2D."""
    kind = getattr(layers, name.format(rank), None)
    if kind is None:
        raise ValueError(f"Keras has no {name.format(rank)}")
    return kind


def _activation(function):
    if function == "custom":
        raise ValueError("its activation is a custom function, which the spec does not hold")
    return function


def _window(layer, rank):
    """Return the settings that the convolutions of Keras share."""
    return {
        "kernel_size": along(layer.kernel, rank),
        "strides": along(layer.stride, rank),
        "dilation_rate": along(layer.dilation, rank),
        "use_bias": layer.bias,
        "activation": _activation(layer.activation),
        "name": layer.name,
    }


def _padded(layer, kernel, rank, kind, *args, **settings):
    """Return a layer of Keras for a window, after a layer of zeros where Keras has no such padding."""
    if layer.padding in ("valid", "same"):
        return [_ranked(kind, rank)(*args, padding=layer.padding, **settings)]
    dilations = along(getattr(layer, "dilation", 1), rank)
    amounts = []
    for size, dilation, padding in zip(along(kernel, rank), dilations, along(layer.padding, rank)):
        span = shapes.effective_kernel(size, dilation)
        before = span - 1 if padding == "full" else padding
        amounts.append(before if isinstance(before, tuple) else (before, before))
    zeros = _ranked("ZeroPadding{}D", rank)(_pairs(amounts, rank), name=f"{layer.name}_pad")
    return [zeros, _ranked(kind, rank)(*args, padding="valid", **settings)]


def _pairs(amounts, rank):
    """Return pairs (before, after) as Keras wants them: in one dimension without the outer tuple."""
    return tuple(amounts[0]) if rank == 1 else tuple(amounts)


@make.register
def _(layer: specs.Conv, rank, shape):
    settings = {"groups": layer.groups, **_window(layer, rank)}
    return _padded(layer, layer.kernel, rank, "Conv{}D", layer.filters, **settings)


@make.register
def _(layer: specs.DepthwiseConv, rank, shape):
    settings = {"depth_multiplier": layer.multiplier, **_window(layer, rank)}
    return _padded(layer, layer.kernel, rank, "DepthwiseConv{}D", **settings)


@make.register
def _(layer: specs.SeparableConv, rank, shape):
    settings = {"depth_multiplier": layer.multiplier, **_window(layer, rank)}
    return _padded(layer, layer.kernel, rank, "SeparableConv{}D", layer.filters, **settings)


@make.register
def _(layer: specs.ConvTranspose, rank, shape):
    settings = {"output_padding": layer.output_padding, **_window(layer, rank)}
    return [_ranked("Conv{}DTranspose", rank)(layer.filters, padding=layer.padding, **settings)]


@make.register
def _(layer: specs.Pool, rank, shape):
    kind = {"max": "MaxPooling{}D", "average": "AveragePooling{}D"}[layer.kind]
    settings = {"pool_size": along(layer.size, rank), "strides": along(layer.stride, rank)}
    return _padded(layer, layer.size, rank, kind, name=layer.name, **settings)


@make.register
def _(layer: specs.AdaptivePool, rank, shape):
    wanted = along(layer.size, rank)
    if any(size % outputs for size, outputs in zip(shape, wanted)):
        raise ValueError(
            f"{shape[:-1]} pixels do not divide into {wanted} bins of equal size, and others "
            "Keras has only in some versions"
        )
    size = tuple(size // outputs for size, outputs in zip(shape, wanted))
    return make(specs.Pool(size, kind=layer.kind, name=layer.name), rank, shape)


@make.register
def _(layer: specs.GlobalPool, rank, shape):
    kind = {"max": "GlobalMaxPooling{}D", "average": "GlobalAveragePooling{}D"}[layer.kind]
    return [_ranked(kind, rank)(keepdims=layer.keepdims, name=layer.name)]


@make.register
def _(layer: specs.Pad, rank, shape):
    return [_ranked("ZeroPadding{}D", rank)(_pairs(both_sides(layer, rank), rank), name=layer.name)]


@make.register
def _(layer: specs.Crop, rank, shape):
    return [_ranked("Cropping{}D", rank)(_pairs(both_sides(layer, rank), rank), name=layer.name)]


@make.register
def _(layer: specs.Upsample, rank, shape):
    size = along(layer.size, rank)
    if rank == 2:
        return [layers.UpSampling2D(size, interpolation=layer.interpolation, name=layer.name)]
    if layer.interpolation != "nearest":
        raise ValueError(f"with {rank} spatial axes Keras enlarges by repeating alone ('nearest')")
    return [_ranked("UpSampling{}D", rank)(size[0] if rank == 1 else size, name=layer.name)]


@make.register
def _(layer: specs.Resize, rank, shape):
    if rank != 2:
        raise ValueError(f"Keras resizes pictures with 2 spatial axes, and here are {rank}")
    return [layers.Resizing(*along(layer.size, 2), interpolation=layer.interpolation, name=layer.name)]


@make.register
def _(layer: specs.Dense, rank, shape):
    activation = _activation(layer.activation)
    return [layers.Dense(layer.units, activation, use_bias=layer.bias, name=layer.name)]


@make.register
def _(layer: specs.Flatten, rank, shape):
    return [layers.Flatten(name=layer.name)]


@make.register
def _(layer: specs.Reshape, rank, shape):
    return [layers.Reshape(layer.shape, name=layer.name)]


@make.register
def _(layer: specs.Permute, rank, shape):
    return [layers.Permute(layer.order, name=layer.name)]


@make.register
def _(layer: specs.Activation, rank, shape):
    return [layers.Activation(_activation(layer.function), name=layer.name)]


@make.register
def _(layer: specs.PReLU, rank, shape):
    return [layers.PReLU(shared_axes=list(layer.shared_axes) or None, name=layer.name)]


@make.register
def _(layer: specs.Dropout, rank, shape):
    return [layers.Dropout(layer.rate, name=layer.name)]


@make.register
def _(layer: specs.TrainingOnly, rank, shape):
    if layer.what != "identity":
        raise ValueError("the spec does not say how strong it is")
    return [layers.Identity(name=layer.name)]


@make.register
def _(layer: specs.Rescale, rank, shape):
    return [layers.Rescaling(_plain(layer.factor), _plain(layer.offset), name=layer.name)]


def _plain(value):
    return list(value) if isinstance(value, tuple) else value


@make.register
def _(layer: specs.Scale, rank, shape):
    return [ChannelScale(layer.center, layer.scale, name=layer.name)]


@make.register
def _(layer: specs.Norm, rank, shape):
    learned = {"center": layer.center, "scale": layer.scale, "name": layer.name}
    if layer.kind in ("group", "instance"):  # a group of its own for each channel is -1 in Keras
        return [layers.GroupNormalization(layer.groups if layer.kind == "group" else -1, **learned)]
    if layer.kind == "local response":
        return [LocalResponse(name=layer.name)]
    if layer.kind == "rms":
        return [_rms(layer)]
    kind = {
        "batch": "BatchNormalization",
        "layer": "LayerNormalization",
        "unit": "UnitNormalization",
        "dataset": "Normalization",
    }[layer.kind]
    settings = learned if layer.kind in ("batch", "layer") else {"name": layer.name}
    axis = list(layer.axis) if isinstance(layer.axis, tuple) else layer.axis
    return [getattr(layers, kind)(axis=axis, **settings)]


def _rms(layer):
    if not layer.scale:
        raise ValueError("the root-mean-square normalisation of Keras always learns a factor")
    if not hasattr(layers, "RMSNormalization"):
        raise ValueError(f"Keras {keras.__version__} has no root-mean-square normalisation")
    return layers.RMSNormalization(axis=_plain(layer.axis), name=layer.name)


@make.register
def _(layer: specs.Concatenate, rank, shape):
    return [layers.Concatenate(axis=layer.axis, name=layer.name)]


@make.register
def _(layer: specs.Merge, rank, shape):
    return [getattr(layers, type(layer).__name__)(name=layer.name)]
