"""A Keras model taken apart: what each layer reads, what it holds and what it makes of one image.

Arrays and names only, so that an explorer can show them without knowing Keras.
"""

import inspect
from dataclasses import dataclass, field, replace

import numpy as np

from coursekit import arguments
from coursekit.models.backend import keras, tf
from coursekit.models.training import batch_for, check_model
from coursekit.specs.keras_code import activation, over_channels, own_code
from coursekit.specs.keras_graph import calls, given_to


@dataclass(frozen=True)
class Step:
    """One layer at its place: `sources` are the numbers of the steps that it reads, `values` what it gives.

    `kind` says how a value comes about: "input", "convolution", "depthwise", "dense", "max pool", "average pool",
    "global average", "global max", "flatten", "activation", "scale" (batch normalisation, rescaling: value times
    `weights["scale"]` plus `weights["offset"]`), "same" (dropout), "add", "concatenate" (channels), or
    "other". `settings` are plain
    numbers and words (kernel, stride, padding, dilation, activation); `weights` are arrays, as Keras shapes them.
    `gradient` is the slope of one of the model's outputs with respect to `values`, where it was asked for and can be
    known, else None.
    """

    name: str
    layer: str  # Keras's word for it, "Conv2D"
    kind: str
    sources: tuple
    values: np.ndarray = field(repr=False)
    settings: dict
    weights: dict = field(repr=False)
    parameters: int
    gradient: np.ndarray | None = field(default=None, repr=False)


def steps(model, image, output=None):
    """Return the tuple of `Step`s of a built Keras model for one image (h, w, c), in the order of computation.

    Layers of nested models are steps of their own, named "model/layer". With `output`, the number of one of the
    model's outputs, each step has its gradient, as the tape computes it for training; it is None where nothing that
    can be differentiated leads to the output, and where it is not finite. Raises TypeError for anything but a
    Keras model and an array, ValueError for a model that is not built, has several inputs or hides its wiring in a
    `call` of its own, and for an image of another shape than the model's.

    >>> model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.MaxPooling2D(2, name="pool")])
    >>> first, last = steps(model, np.arange(16.0).reshape(4, 4, 1))
    >>> last.kind, last.sources, last.values[..., 0].tolist()
    ('max pool', (0,), [[5.0, 7.0], [13.0, 15.0]])
    """
    check_model(model)
    if not hasattr(model, "inputs") or len(getattr(model, "inputs", None) or ()) != 1:
        raise ValueError(
            "model must be a Sequential or functional model with one input. "
            f"Received: {type(model).__name__} with {len(getattr(model, 'inputs', None) or ())}"
        )
    if output is not None:
        if fault := no_gradient(model):
            raise ValueError(fault)
        output = arguments.integer("output", output, 0, model.output_shape[-1] - 1)
    batch = batch_for(model, "image", arguments.array("image", image, dtype=np.float32)[None])
    found = [Step(model.inputs[0].name, "InputLayer", "input", (), batch[0], {}, {}, 0)]
    tensors = [tf.constant(batch)]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(tensors)
        (result, _), *_ = _walk(model, [(tensors[0], 0)], "", found, tensors, tape)
        score = None if output is None else result[0, output]
    if output is None:
        return tuple(found)
    again = keras.Model(model.inputs, model.outputs)([batch], training=False)
    if not np.allclose(result, again[0] if isinstance(again, list) else again, rtol=1e-3, atol=1e-5):
        raise ValueError(f"gradients of {model.name!r} cannot be known: called again, it gives another output")
    return tuple(replace(step, gradient=_known(slope)) for step, slope in zip(found, tape.gradient(score, tensors)))


def no_gradient(model):
    """Return why `steps` cannot take an `output` of a model, as a sentence, or "" where it can."""
    outputs = getattr(model, "outputs", None) or ()
    if len(outputs) == 1 and len(outputs[0].shape) == 2:
        return ""
    shapes = " and ".join(str(tuple(tensor.shape[1:])) for tensor in outputs)
    return f"model must have one vector of outputs for gradients. Received: outputs of shape {shapes}"


def _known(slope):
    """Return the gradient of one image as an array, or None where the tape has none or it is not finite."""
    slope = None if slope is None else np.asarray(tf.convert_to_tensor(slope)[0], "float32")
    return slope if slope is not None and np.isfinite(slope).all() else None


def _walk(model, given, prefix, found, tensors, tape):
    """Append the steps of `model` to `found` and their values, which `tape` watches, to `tensors`.

    `given` holds (tensor, number of its step) of the model's inputs; returned are those of its outputs.
    """
    known = dict(zip(map(id, model.inputs), given))
    for record in _records(model, known):
        layer = record.operation
        if isinstance(layer, keras.Model) and layer.inputs:
            read = [known[id(tensor)] for tensor in given_to(layer, record)]
            made = _walk(layer, read, f"{prefix}{layer.name}/", found, tensors, tape)
        else:
            sources, made = tuple(known[id(tensor)][1] for tensor in record.input_tensors), []
            for value in _called(layer, record, known):
                if value.dtype.is_floating:  # else what a layer makes of whole numbers would have no gradient
                    tape.watch(value)
                found.append(_step(layer, prefix, sources, np.asarray(value)[0]))
                tensors.append(value)
                made.append((value, len(found) - 1))
        known.update(zip(map(id, record.output_tensors), made))
    return [known[id(tensor)] for tensor in model.outputs]


def _called(layer, record, known):
    """Return the tensors that one call of a layer gives, each a tensor of its own."""

    def filled(leaf):
        return known[id(leaf)][0] if id(leaf) in known else leaf

    args, kwargs = keras.tree.map_structure(filled, (record.arguments.args, record.arguments.kwargs))
    if "training" in inspect.signature(layer.call).parameters:
        kwargs = {**kwargs, "training": False}
    # Dropout hands on the very tensor that it got: without a copy, both steps would get the gradient of both.
    return [tf.identity(value) for value in keras.tree.flatten(layer(*args, **kwargs))]


def _records(model, known):
    """Return the calls between the `known` tensors and the model's outputs, each after those it needs."""
    records, done = [], set(known)
    for record in calls(model.outputs, done):
        records.append(record)
        done.update(map(id, record.output_tensors))
    return records


def _step(layer, prefix, sources, values):
    kind, settings, weights = _anatomy(layer, values.ndim)
    own = sum(int(np.prod(weight.shape)) for weight in getattr(layer, "weights", ()))
    return Step(
        prefix + layer.name,
        type(layer).__name__,
        kind,
        sources,
        values.astype("float32"),
        settings,
        {name: np.asarray(value, "float32") for name, value in weights.items()},
        own,
    )


def _anatomy(layer, ndim):
    """Return (kind, settings, weights) of a Keras layer; what is not known here is of the kind "other"."""
    kinds = keras.layers
    if getattr(layer, "data_format", "channels_last") != "channels_last" or own_code(layer):
        return "other", {}, {}
    if getattr(layer, "quantization_mode", None):  # its kernel is whole numbers, to be scaled
        return "other", {}, {}
    if type(layer) is kinds.Conv2D and layer.groups == 1:
        return "convolution", _window(layer, layer.kernel_size) | _activation(layer), _kernel(layer)
    if type(layer) is kinds.DepthwiseConv2D:
        return "depthwise", _window(layer, layer.kernel_size) | _activation(layer), _kernel(layer)
    if type(layer) is kinds.Dense and ndim == 1:
        return "dense", _activation(layer), _kernel(layer)
    if type(layer) in (kinds.MaxPooling2D, kinds.AveragePooling2D):
        kind = "max pool" if type(layer) is kinds.MaxPooling2D else "average pool"
        return kind, _window(layer, layer.pool_size), {}
    if type(layer) in (kinds.GlobalAveragePooling2D, kinds.GlobalMaxPooling2D):
        return "global average" if "Average" in type(layer).__name__ else "global max", {}, {}
    if type(layer) is kinds.BatchNormalization and layer.axis in (-1, ndim):
        return "scale", {}, _normalisation(layer)
    if type(layer) is kinds.Rescaling and np.ndim(layer.scale) == np.ndim(layer.offset) == 0:
        return "scale", {}, {"scale": [layer.scale], "offset": [layer.offset]}
    if type(layer) is kinds.ReLU and layer.max_value is None and not layer.negative_slope and not layer.threshold:
        return "activation", {"activation": "relu"}, {}
    if type(layer) is kinds.Activation:
        return "activation", _activation(layer), {}
    if type(layer) is kinds.Concatenate and layer.axis in (-1, ndim):
        return "concatenate", {}, {}
    if type(layer) is kinds.Softmax:
        return (
            ("activation", {"activation": "softmax"}, {}) if over_channels(layer.axis, ndim + 1) else ("other", {}, {})
        )
    plain = {
        kinds.Flatten: "flatten",
        kinds.Dropout: "same",
        kinds.SpatialDropout2D: "same",
        kinds.Identity: "same",
        kinds.GaussianNoise: "same",
        kinds.Add: "add",
    }
    return plain.get(type(layer), "other"), {}, {}


def _window(layer, size):
    dilation = getattr(layer, "dilation_rate", (1, 1))
    return {
        "kernel": [int(k) for k in size],
        "stride": [int(s) for s in layer.strides],
        "dilation": [int(d) for d in dilation],
        "padding": layer.padding,
    }


def _activation(layer):
    """Return the activation by name when it is one of Keras's functions, without settings of its own."""
    own = isinstance(layer.activation, keras.layers.Layer)
    name = "custom" if own else activation(layer.activation, rank=None)
    return {"activation": "own function" if name == "custom" else name}


def _kernel(layer):
    held = {"kernel": layer.kernel}
    return held | {"bias": layer.bias} if layer.use_bias else held


def _normalisation(layer):
    """Return what a trained batch normalisation does: value * scale + offset in each channel."""
    scale = 1 / np.sqrt(np.asarray(layer.moving_variance) + layer.epsilon)
    scale = scale * np.asarray(layer.gamma) if layer.scale else scale
    offset = -np.asarray(layer.moving_mean) * scale
    return {"scale": scale, "offset": offset + np.asarray(layer.beta) if layer.center else offset}
