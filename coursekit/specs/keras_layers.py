"""Translates one Keras layer or operation into a spec, by the name and the configuration of its class."""

import re

from coursekit.specs import pointwise, structure, windows
from coursekit.specs.base import Layer, LayerError

_MERGES = {name: getattr(structure, name) for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")}
_ACTIVATION_LAYERS = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "Softmax": "softmax"}
_TRAINING_ONLY = {
    "ActivityRegularization",
    "AlphaDropout",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "StochasticDepth",
}
_WHY_NOT = {
    "Lambda": "it holds a function of one's own, and nothing tells what that does",
    "Embedding": "it looks words up in a table; this course counts networks for images",
    "MultiHeadAttention": "attention mixes all positions with weights that depend on the input",
    "LSTM": "it carries a state from step to step",
    "GRU": "it carries a state from step to step",
    "SimpleRNN": "it carries a state from step to step",
}


def translate(operation, record, name):
    """Return the spec of a Keras layer or operation; `record` is the Keras node of the call.

    A layer of a class of one's own says itself what it is, in an attribute `spec`.
    Raises LayerError naming the layer `name` and why it has no spec.
    """
    if isinstance(getattr(operation, "spec", None), Layer):
        return operation.spec
    kind = _keras_class(operation, name)
    family = re.sub(r"[123]D", "", kind)  # Conv2DTranspose -> ConvTranspose
    try:
        if "src.ops" in type(operation).__module__:
            return _operation(kind, operation, record)
        config = operation.get_config()
        if hasattr(operation, "output_padding"):  # which Keras before 3.15 leaves out of the configuration
            config["output_padding"] = operation.output_padding
        if config.get("data_format") == "channels_first":
            raise ValueError("its data_format is 'channels_first'; specs have the channels last")
        if family in _TRANSLATIONS:
            return _TRANSLATIONS[family](config)
        return _by_name(kind, config, record)
    except (ValueError, TypeError) as error:
        raise LayerError(f"layer {name!r} ({kind}): {error}") from None


def _keras_class(operation, name):
    """Return the name of the Keras class that says what `operation` computes."""
    for cls in type(operation).__mro__:
        if cls.__module__.split(".")[0] == "keras":
            return cls.__name__
        if "call" in vars(cls) or "build" in vars(cls):
            break
    raise LayerError(
        f"layer {name!r} ({type(operation).__name__}): it is a class of one's own, and nothing tells what it "
        "computes; give it an attribute `spec`, the layer spec that describes it"
    )


def _by_name(kind, config, record):
    """Translate the layers that need little more than their names."""
    if kind in _MERGES:
        return _MERGES[kind]()
    if kind == "CustomScaleLayer":  # of InceptionResNetV2: x + scale * y
        return structure.Add()
    if kind in _ACTIVATION_LAYERS:
        axis, rank = config.get("axis", -1), len(record.output_tensors[0].shape)
        if axis not in (-1, rank - 1):
            raise ValueError(f"its axis is {axis!r}; only activations over the channels have a spec")
        return pointwise.Activation(_ACTIVATION_LAYERS[kind])
    if kind in _TRAINING_ONLY or kind.startswith("Random"):
        return pointwise.TrainingOnly(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower())
    raise ValueError(_WHY_NOT.get(kind, "layers of this class are not among those that the course counts"))


def _operation(kind, operation, record):
    """Translate a function of keras.ops: `x + y`, `x * 2`, `relu(x)` …"""
    arguments, tensors = record.arguments.args, record.input_tensors
    if len(tensors) > 1 and kind in _MERGES:
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
    over_channels = getattr(operation, "axis", -1) in (-1, len(tensors[0].shape) - 1)
    if len(tensors) == 1 and function in windows.ACTIVATIONS and over_channels:
        return pointwise.Activation(function)
    raise ValueError("this operation is not among those that the course counts")


def _with_constant(kind, left, right):
    """Return the spec of a tensor combined with a fixed number, or None where there is none."""
    number = left if isinstance(left, (int, float)) else right
    if not isinstance(number, (int, float)):
        return None
    if kind == "Add":
        return pointwise.Rescale(offset=number)
    if kind == "Multiply":
        return pointwise.Rescale(factor=number)
    if kind == "Subtract":
        return pointwise.Rescale(-1, number) if number is left else pointwise.Rescale(offset=-number)
    if kind in ("Divide", "TrueDivide") and number is right:
        return pointwise.Rescale(factor=1 / number)
    return None


def _activation(config):
    """Return the name of a layer's activation; "custom" for a function or layer that has no name here."""
    activation = config.get("activation")
    if isinstance(activation, dict):
        activation = _ACTIVATION_LAYERS.get(activation.get("class_name"), "custom")
    return activation if activation is None or activation in windows.ACTIVATIONS else "custom"


def _window(config):
    """Return the settings that all convolutions share."""
    settings = {
        "kernel": tuple(config["kernel_size"]),
        "stride": tuple(config["strides"]),
        "dilation": tuple(config["dilation_rate"]),
        "padding": config["padding"],
        "bias": config["use_bias"],
        "activation": _activation(config),
    }
    if settings["padding"] == "causal":  # all padding before the signal, so that no output sees the future
        settings["padding"] = (((settings["kernel"][0] - 1) * settings["dilation"][0], 0),)
    return settings


def _transposed(config):
    extra = _tuple(config["output_padding"])
    return windows.ConvTranspose(config["filters"], output_padding=extra, **_window(config))


def _pool(kind):
    def pool(config):
        size, stride = _tuple(config["pool_size"]), _tuple(config["strides"])
        return windows.Pool(size, stride=stride, padding=config["padding"], kind=kind)

    return pool


def _upsample(config):
    return windows.Upsample(_tuple(config["size"]), interpolation=config.get("interpolation", "nearest"))


def _resize(config):
    if config.get("crop_to_aspect_ratio") or config.get("pad_to_aspect_ratio"):
        raise ValueError("it crops or pads to keep the aspect ratio, for which there is no spec")
    return windows.Resize((config["height"], config["width"]), interpolation=config["interpolation"])


def _amounts(amounts):
    """Return Keras's padding or cropping as one pair per axis; in one dimension Keras gives it bare."""
    pairs = [_tuple(pair) for pair in amounts]
    return (tuple(pairs),) if isinstance(pairs[0], int) else tuple(pairs)


def _tuple(value):
    return tuple(value) if isinstance(value, (list, tuple)) else value


def _numbers(value):
    """Return a number or a tuple of them; Keras stores an array as a dict."""
    if isinstance(value, dict):
        value = value["config"]["value"]
    return _tuple(value)


def _norm(kind):
    def norm(config):
        chosen = "rms" if config.get("rms_scaling") else kind
        center = config.get("center", False) and chosen != "rms"
        axis = _tuple(config.get("axis", -1))
        return pointwise.Norm(chosen, center=center, scale=config.get("scale", chosen == "rms"), axis=axis)

    return norm


def _group_norm(config):
    groups, learned = config["groups"], {name: config[name] for name in ("center", "scale")}
    if config["axis"] != -1:
        raise ValueError(f"its axis is {config['axis']!r}; only groups of channels, axis -1, have a spec")
    kind = "instance" if groups == -1 else "group"  # -1 means a group for each channel
    return pointwise.Norm(kind, groups=max(groups, 1), **learned)


def _dataset_norm(config):
    if config.get("mean") is not None:  # given as numbers: no weights at all
        return pointwise.Rescale()
    return pointwise.Norm("dataset", axis=_tuple(config["axis"]))


_TRANSLATIONS = {
    "InputLayer": lambda c: structure.Input(tuple((c.get("batch_shape") or c.get("shape"))[1:])),
    "Conv": lambda c: windows.Conv(c["filters"], groups=c["groups"], **_window(c)),
    "DepthwiseConv": lambda c: windows.DepthwiseConv(multiplier=c["depth_multiplier"], **_window(c)),
    "SeparableConv": lambda c: windows.SeparableConv(c["filters"], multiplier=c["depth_multiplier"], **_window(c)),
    "ConvTranspose": _transposed,
    "MaxPooling": _pool("max"),
    "AveragePooling": _pool("average"),
    "AdaptiveMaxPooling": lambda c: windows.AdaptivePool(_tuple(c["output_size"]), kind="max"),
    "AdaptiveAveragePooling": lambda c: windows.AdaptivePool(_tuple(c["output_size"])),
    "GlobalMaxPooling": lambda c: structure.GlobalPool("max", keepdims=c["keepdims"]),
    "GlobalAveragePooling": lambda c: structure.GlobalPool("average", keepdims=c["keepdims"]),
    "UpSampling": _upsample,
    "Resizing": _resize,
    "ZeroPadding": lambda c: windows.Pad(_amounts(c["padding"])),
    "Cropping": lambda c: windows.Crop(_amounts(c["cropping"])),
    "Dense": lambda c: structure.Dense(c["units"], bias=c["use_bias"], activation=_activation(c)),
    "Flatten": lambda c: structure.Flatten(),
    "Reshape": lambda c: structure.Reshape(tuple(c["target_shape"])),
    "Permute": lambda c: structure.Permute(tuple(c["dims"])),
    "Concatenate": lambda c: structure.Concatenate(axis=c["axis"]),
    "Activation": lambda c: pointwise.Activation(_activation(c)),
    "PReLU": lambda c: pointwise.PReLU(tuple(c["shared_axes"] or ())),
    "BatchNormalization": _norm("batch"),
    "LayerNormalization": _norm("layer"),
    "RMSNormalization": _norm("rms"),
    "UnitNormalization": _norm("unit"),
    "GroupNormalization": _group_norm,
    "Normalization": _dataset_norm,
    "LayerScale": lambda c: pointwise.Scale(center=False),
    "Rescaling": lambda c: pointwise.Rescale(_numbers(c["scale"]), _numbers(c["offset"])),
    "Dropout": lambda c: pointwise.Dropout(c["rate"]),
    "SpatialDropout": lambda c: pointwise.Dropout(c["rate"]),
}
