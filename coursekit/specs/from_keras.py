"""Translates one Keras layer or operation into a spec, by the name of its class and what it holds."""

import re
from numbers import Real

import numpy as np

from coursekit.specs import pointwise, sliding, structure
from coursekit.specs.base import Layer, LayerError
from coursekit.specs.keras_code import ACTIVATION_LAYERS, activation, keras_class, over_channels, own_code, reshaping

_MERGES = {name: getattr(structure, name) for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")}
_TRAINING_ONLY = {
    "ActivityRegularization",
    "AlphaDropout",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "StochasticDepth",
}
_WHY_NOT = {
    "Lambda": "it holds a custom function, and nothing tells what that does",
    "Embedding": "it looks words up in a table; this course counts networks for images",
    "MultiHeadAttention": "attention mixes all positions with weights that depend on the input",
    "LSTM": "it carries a state from step to step",
    "GRU": "it carries a state from step to step",
    "SimpleRNN": "it carries a state from step to step",
    "RandomCrop": "it crops or resizes every picture, outside of training too",
}


def translate(operation, record, name, training=None):
    """Return the spec of a Keras layer or operation; `record` is the Keras node of the call.

    A layer of a custom class says itself what it is, in an attribute `spec`. `training`: what the call
    and the models around it say of that. Raises LayerError naming the layer `name` and why it has no
    spec: it is not among those known here, or it does not compute what its Keras class computes.
    """
    if isinstance(getattr(operation, "spec", None), Layer):
        return operation.spec
    own = own_code(operation)
    if own:
        raise LayerError(f"layer {name!r} ({type(operation).__name__}): {own}")
    kind = keras_class(operation).__name__
    try:
        spec = _spec(operation, record, kind)
        if training and isinstance(spec, pointwise.Norm) and spec.kind == "batch":
            raise ValueError("it is called with training=True and so averages over all places of all pictures")
        joins = isinstance(spec, (structure.Merge, structure.Concatenate))
        return pointwise.Activation("linear") if joins and len(record.input_tensors) == 1 else spec
    except (ValueError, TypeError) as error:
        raise LayerError(f"layer {name!r} ({kind}): {error}") from None


def _spec(operation, record, kind):
    if "src.ops" in keras_class(operation).__module__:
        return _operation(kind, operation, record)
    if getattr(operation, "data_format", None) == "channels_first":
        raise ValueError("its data_format is 'channels_first'; specs have the channels last")
    if getattr(operation, "lora_enabled", False):
        raise ValueError("LoRA has given it a second, smaller kernel, for which there is no spec")
    if getattr(operation, "quantization_mode", None):
        raise ValueError(f"it is quantised ({operation.quantization_mode}), for which there is no spec")
    if fault := reshaping(getattr(operation, "activation", None), record.output_tensors[0]):
        raise ValueError(fault)
    rank = len(record.output_tensors[0].shape)
    family = re.sub(r"[123]D", "", kind)  # Conv2DTranspose -> ConvTranspose
    if family in _TRANSLATIONS:
        return _TRANSLATIONS[family](operation, rank)
    if kind in _MERGES:
        return _MERGES[kind]()
    if kind == "CustomScaleLayer":  # of InceptionResNetV2: x + scale * y
        return structure.Add()
    if kind in ACTIVATION_LAYERS:
        return pointwise.Activation(activation(operation, rank))
    if kind in _TRAINING_ONLY or (kind.startswith("Random") and kind not in _WHY_NOT):
        return pointwise.TrainingOnly(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower())
    raise ValueError(_WHY_NOT.get(kind, "layers of this class are not among those that the course counts"))


def _operation(kind, operation, record):
    """Translate a function of keras.ops: `x + y`, `x * 2`, `relu(x)` …"""
    arguments, tensors = record.arguments.args, record.input_tensors
    if len(tensors) > 1 and kind in _MERGES and not hasattr(operation, "axis"):  # keras.ops.average has weights
        if len({len(tensor.shape) for tensor in tensors}) > 1:  # keras.layers.Add and the like align pictures
            raise ValueError("its inputs differ in their number of axes, so it lays the batch along another axis")
        return _MERGES[kind]()
    if kind == "Concatenate":
        return structure.Concatenate(axis=operation.axis)
    if kind == "Cast":  # to another precision
        return pointwise.Activation("linear")
    if len(tensors) == 1 and len(arguments) == 2:
        spec = _with_constant(kind, *arguments)
        if spec is not None:
            return spec
    function = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    along_channels = over_channels(getattr(operation, "axis", -1), len(tensors[0].shape))
    if len(tensors) == 1 and function in sliding.ACTIVATIONS and along_channels:
        return pointwise.Activation(function)
    raise ValueError("this operation is not among those that the course counts")


def _with_constant(kind, left, right):
    """Return the spec of a tensor combined with a fixed number, or None where there is none."""
    number = left if isinstance(left, Real) else right
    if not isinstance(number, Real):
        return None
    if kind == "Add":
        return pointwise.Rescale(offset=number)
    if kind == "Multiply":
        return pointwise.Rescale(factor=number)
    if kind == "Subtract":
        return pointwise.Rescale(-1, number) if number is left else pointwise.Rescale(offset=-number)
    if kind in ("Divide", "TrueDivide") and number is right and number:
        return pointwise.Rescale(factor=1 / number)
    return None


def _window(layer, rank):
    """Return the settings that all convolutions share."""
    settings = {
        "kernel": tuple(layer.kernel_size),
        "stride": tuple(layer.strides),
        "dilation": tuple(layer.dilation_rate),
        "padding": layer.padding,
        "bias": layer.use_bias,
        "activation": activation(layer.activation, rank),
    }
    if settings["padding"] == "causal":  # all padding before the signal, so that no output sees the future
        settings["padding"] = (((settings["kernel"][0] - 1) * settings["dilation"][0], 0),)
    return settings


def _transposed(layer, rank):
    return sliding.ConvTranspose(layer.filters, output_padding=_tuple(layer.output_padding), **_window(layer, rank))


def _pool(kind):
    def pool(layer, rank):
        size, stride = _tuple(layer.pool_size), _tuple(layer.strides)
        return sliding.Pool(size, stride=stride, padding=layer.padding, kind=kind)

    return pool


def _upsample(layer, rank):
    return sliding.Upsample(_tuple(layer.size), interpolation=getattr(layer, "interpolation", "nearest"))


def _resize(layer, rank):
    if layer.crop_to_aspect_ratio or getattr(layer, "pad_to_aspect_ratio", False):
        raise ValueError("it crops or pads to keep the aspect ratio, for which there is no spec")
    return sliding.Resize((layer.height, layer.width), interpolation=layer.interpolation)


def _amounts(amounts):
    """Return Keras's padding or cropping as one pair per axis; in one dimension Keras gives it bare."""
    pairs = [_tuple(pair) for pair in amounts]
    return (tuple(pairs),) if isinstance(pairs[0], int) else tuple(pairs)


def _tuple(value):
    return tuple(value) if isinstance(value, (list, tuple)) else value


def _numbers(value):
    """Return a number, or a tuple of the numbers of an array."""
    return _tuple(np.asarray(value).tolist())


def _axis(layer):
    """Return the axis of a normalisation, one that is listed alone as a number."""
    axis = _tuple(layer.axis)
    return axis[0] if isinstance(axis, tuple) and len(axis) == 1 else axis


def _norm(kind):
    def norm(layer, rank):
        chosen = "rms" if getattr(layer, "rms_scaling", False) else kind
        center = getattr(layer, "center", False) and chosen != "rms"
        return pointwise.Norm(chosen, center=center, scale=getattr(layer, "scale", chosen == "rms"), axis=_axis(layer))

    return norm


def _rms(layer, rank):
    return pointwise.Norm("rms", center=False, axis=_axis(layer))


def _unit(layer, rank):
    return pointwise.Norm("unit", center=False, scale=False, axis=_axis(layer))


def _group_norm(layer, rank):
    if not over_channels(layer.axis, rank):
        raise ValueError(f"its axis is {layer.axis!r}; only groups of channels, axis -1, have a spec")
    kind = "instance" if layer.groups == -1 else "group"  # -1 means a group for each channel
    return pointwise.Norm(kind, groups=max(layer.groups, 1), center=layer.center, scale=layer.scale)


def _dataset_norm(layer, rank):
    if layer.input_mean is not None:  # given as numbers: no weights at all
        return pointwise.Rescale()
    return pointwise.Norm("dataset", axis=_tuple(layer.axis) or None)


_TRANSLATIONS = {
    "InputLayer": lambda layer, _: structure.Input(tuple(layer.batch_shape[1:])),
    "Conv": lambda layer, rank: sliding.Conv(layer.filters, groups=layer.groups, **_window(layer, rank)),
    "DepthwiseConv": lambda layer, rank: sliding.DepthwiseConv(
        multiplier=layer.depth_multiplier, **_window(layer, rank)
    ),
    "SeparableConv": lambda layer, rank: sliding.SeparableConv(
        layer.filters, multiplier=layer.depth_multiplier, **_window(layer, rank)
    ),
    "ConvTranspose": _transposed,
    "MaxPooling": _pool("max"),
    "AveragePooling": _pool("average"),
    "AdaptiveMaxPooling": lambda layer, _: sliding.AdaptivePool(_tuple(layer.output_size), kind="max"),
    "AdaptiveAveragePooling": lambda layer, _: sliding.AdaptivePool(_tuple(layer.output_size)),
    "GlobalMaxPooling": lambda layer, _: structure.GlobalPool("max", keepdims=layer.keepdims),
    "GlobalAveragePooling": lambda layer, _: structure.GlobalPool("average", keepdims=layer.keepdims),
    "UpSampling": _upsample,
    "Resizing": _resize,
    "ZeroPadding": lambda layer, _: sliding.Pad(_amounts(layer.padding)),
    "Cropping": lambda layer, _: sliding.Crop(_amounts(layer.cropping)),
    "Dense": lambda layer, rank: structure.Dense(
        layer.units, bias=layer.use_bias, activation=activation(layer.activation, rank)
    ),
    "Flatten": lambda layer, _: structure.Flatten(),
    "Reshape": lambda layer, _: structure.Reshape(tuple(layer.target_shape)),
    "Permute": lambda layer, _: structure.Permute(tuple(layer.dims)),
    "Concatenate": lambda layer, _: structure.Concatenate(axis=layer.axis),
    "Activation": lambda layer, rank: pointwise.Activation(activation(layer.activation, rank)),
    "PReLU": lambda layer, _: pointwise.PReLU(tuple(layer.shared_axes or ())),
    "BatchNormalization": _norm("batch"),
    "LayerNormalization": _norm("layer"),
    "RMSNormalization": _rms,
    "UnitNormalization": _unit,
    "GroupNormalization": _group_norm,
    "Normalization": _dataset_norm,
    "LayerScale": lambda layer, _: pointwise.Scale(center=False),
    "Rescaling": lambda layer, _: pointwise.Rescale(_numbers(layer.scale), _numbers(layer.offset)),
    "Dropout": lambda layer, _: pointwise.Dropout(layer.rate),
    "SpatialDropout": lambda layer, _: pointwise.Dropout(layer.rate),
}
