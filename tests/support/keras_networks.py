"""Random Keras models, with branches and all kinds of layers, for the tests that compare with Keras."""

import keras
import numpy as np
from keras import layers


def random_model(seed, positive=False):
    """Return a functional model of 5 to 9 random blocks on a picture that is not square.

    `positive`: only layers whose output grows with every input they see, with positive weights: then the
    support of the gradient is the whole receptive field.
    """
    rng = np.random.default_rng(seed)
    rank = int(rng.choice([1, 2, 2, 2, 3]))
    shape = (*(int(n) for n in rng.integers(11, 19, rank)), int(rng.integers(1, 4)))
    inputs = keras.Input(shape)
    blocks = [_convolution, _separated, _average, _transposed, _border, _point, _skip, _branches]
    blocks += [] if positive else [_normalised, _maximum]
    x = inputs
    for _ in range(rng.integers(5, 10)):
        x = rng.choice(blocks)(x, rank, rng)
    if not positive and rng.random() < 0.7:
        x = _head(x, rank, rng)
    model = keras.Model(inputs, x)
    if positive:
        make_positive(model, rng)
    return model


def random_nested(seed):
    """Return a model of two inputs alike in shape that calls others of two inputs, in every way that Keras knows.

    The inner models have lists, dicts and nested structures of inputs and outputs, are called with others, twice,
    and inside one another. All weights are positive.
    """
    rng = np.random.default_rng(seed)
    inner = _of_two(rng, lambda tensors, rng: [_seen_through(tensor, rng) for tensor in tensors])
    if rng.random() < 0.5:
        inner = _of_two(rng, lambda tensors, rng, used=inner: [_called(used, tensors, rng), tensors[0]])
    calls = int(rng.integers(1, 3))
    model = _of_two(rng, lambda tensors, rng: [_called(inner, tensors, rng) for _ in range(calls)], outermost=True)
    make_positive(model, rng)
    return model


def freeze_at_random(model, rng):
    """Set the flag `trainable` of some layers and nested models, then that of some weights, in any order."""
    everything = list(model._flatten_layers())
    for number in rng.permutation(len(everything))[: rng.integers(len(everything) + 1)]:
        everything[number].trainable = bool(rng.random() < 0.5)
    for weight in model.weights:
        if rng.random() < 0.3:
            weight.trainable = bool(rng.random() < 0.5)
    model.trainable = bool(rng.random() < 0.8) if rng.random() < 0.3 else model.trainable


def _of_two(rng, body, outermost=False):
    """Return a model of two inputs with random names, whose `body` makes tensors of them that are then joined."""
    names = [str(name) for name in rng.choice(list("abcdefg"), 2, replace=False)]
    tensors = [keras.Input((9, 10, 2), name=name) for name in names]
    joined = layers.Concatenate()(body(tensors, rng))
    output = layers.Conv2D(2, 1)(joined)
    kinds = ["list", "dict"] if outermost else ["list", "dict", "nested"]
    struct = {"list": tensors, "dict": dict(zip(names, tensors)), "nested": {"k": tensors[:1], "j": tensors[1:]}}
    outputs = [output, {"z": output, "a": joined}, [joined, output]][0 if outermost else rng.integers(3)]
    return keras.Model(struct[str(rng.choice(kinds))], outputs)


def _seen_through(x, rng):
    return layers.Conv2D(2, _numbers(rng, 1, 4, 2), padding="same")(x)


def _called(model, tensors, rng):
    """Return the output "z" or the last of a call of `model` with the tensors, one of them seen through a layer."""
    first, second = _seen_through(tensors[0], rng), tensors[1]
    struct = model._inputs_struct
    if isinstance(struct, dict) and "k" in struct and isinstance(struct["k"], list):
        given = {"j": [second], "k": [first]}
    elif isinstance(struct, dict) and (list(struct) != sorted(struct) or rng.random() < 0.7):
        given = dict(zip(rng.permutation(list(struct)), (first, second)))
        given = {str(name): tensor for name, tensor in given.items()}
    elif not isinstance(struct, dict) and rng.random() < 0.6:
        given = {str(name): x for name, x in zip(rng.permutation([t.name for t in struct]), (first, second))}
    else:
        given = (first, second)
    made = model(given)
    return made["z"] if isinstance(made, dict) else made[-1] if isinstance(made, (list, tuple)) else made


def make_positive(model, rng):
    """Set all weights to random numbers from 0.5 to 1."""
    model.set_weights([rng.uniform(0.5, 1, weight.shape) for weight in model.weights])


def _layer(name, rank, *args, **settings):
    """Return a layer of the right number of dimensions: _layer("Conv{}D", 2, …) is a Conv2D."""
    return getattr(layers, name.format(rank))(*args, **settings)


def _numbers(rng, low, high, count):
    return tuple(int(n) for n in rng.integers(low, high, count))


def _smallest(x):
    return min(x.shape[1:-1])


def _convolution(x, rank, rng):
    settings = {"strides": _numbers(rng, 1, 3, rank)}
    kernel = _numbers(rng, 1, min(_smallest(x), 4) + 1, rank)
    if rank < 3 and rng.random() < 0.3 and _smallest(x) > 2 * max(kernel):
        settings = {"dilation_rate": 2}  # TensorFlow takes no stride beside it
    settings["padding"] = str(rng.choice(["valid", "same", "causal"] if rank == 1 else ["valid", "same"]))
    divisors = [n for n in range(1, x.shape[-1] + 1) if x.shape[-1] % n == 0]
    groups = int(rng.choice(divisors)) if rank == 2 else 1  # on a CPU TensorFlow has no others in groups
    filters = groups * int(rng.integers(1, 3))
    activation = rng.choice(["relu", None])
    settings.update(groups=groups, use_bias=bool(rng.random() < 0.5), activation=activation)
    return _layer("Conv{}D", rank, filters, kernel, **settings)(x)


def _separated(x, rank, rng):
    if rank == 3:
        return x
    kernel = _numbers(rng, 1, min(_smallest(x), 3) + 1, rank)
    settings = {"strides": int(rng.integers(1, 3)), "padding": str(rng.choice(["valid", "same"]))}
    settings["depth_multiplier"] = int(rng.integers(1, 3))
    if rng.random() < 0.5:
        return _layer("DepthwiseConv{}D", rank, kernel, **settings)(x)
    return _layer("SeparableConv{}D", rank, int(rng.integers(1, 4)), kernel, **settings)(x)


def _average(x, rank, rng):
    size = _numbers(rng, 1, min(_smallest(x), 3) + 1, rank)
    strides = None if rng.random() < 0.5 else int(rng.integers(1, 3))
    return _layer("AveragePooling{}D", rank, size, strides, padding=str(rng.choice(["valid", "same"])))(x)


def _maximum(x, rank, rng):
    return _layer("MaxPooling{}D", rank, min(_smallest(x), 2), padding="same")(x)


def _transposed(x, rank, rng):
    if max(x.shape[1:-1]) > 20:
        return x
    if rng.random() < 0.4:
        settings = {"interpolation": str(rng.choice(["nearest", "bilinear"]))} if rank == 2 else {}
        return _layer("UpSampling{}D", rank, int(rng.integers(2, 4)), **settings)(x)
    settings = {"strides": int(rng.integers(1, 4)), "padding": str(rng.choice(["valid", "same"]))}
    kernel = int(rng.integers(1, 5))
    if settings["strides"] > 1 and rng.random() < 0.3:  # what TensorFlow can do: "same" needs a rest above zero
        settings["output_padding"] = int(rng.integers(1 - kernel % 2, settings["strides"]))
    return _layer("Conv{}DTranspose", rank, int(rng.integers(1, 3)), kernel, **settings)(x)


def _border(x, rank, rng):
    before, after = _numbers(rng, 0, 3, 2)
    if rng.random() < 0.5 or _smallest(x) < 6:
        amounts = (before, after) if rank == 1 else ((before, after),) * rank
        return _layer("ZeroPadding{}D", rank, amounts)(x)
    amounts = (after, before) if rank == 1 else ((after, before), *((1, 0),) * (rank - 1))
    return _layer("Cropping{}D", rank, amounts)(x)


def _point(x, rank, rng):
    kind = rng.choice(["dense", "prelu", "dropout", "rescale", "sum"])
    if kind == "dense":
        return layers.Dense(int(rng.integers(1, 4)))(x)
    if kind == "prelu":
        return layers.PReLU(shared_axes=list(range(1, rank + 1)))(x)
    if kind == "dropout":
        return layers.Dropout(0.5)(x)
    return layers.Rescaling(0.5, 0.1)(x) if kind == "rescale" else x * 0.5 + 3.0


def _normalised(x, rank, rng):
    kind = rng.choice(["batch", "batch without shift", "layer", "group", "unit"])
    if kind == "layer":
        return layers.LayerNormalization(scale=bool(rng.random() < 0.5))(x)
    if kind == "group":
        return layers.GroupNormalization(groups=-1)(x)
    if kind == "unit":
        return layers.UnitNormalization()(x)
    return layers.BatchNormalization(center=kind == "batch")(x)


def _skip(x, rank, rng):
    """Add two convolutions of different sizes, or one and the picture itself."""
    one = _layer("Conv{}D", rank, x.shape[-1], 3, padding="same")(x)
    two = _layer("Conv{}D", rank, x.shape[-1], 2, padding="same")(x) if rng.random() < 0.5 else x
    return one + two if rng.random() < 0.3 else layers.Add()([one, two])


def _branches(x, rank, rng):
    """Concatenate branches whose fields lie side by side."""
    ones = (1,) * (rank - 1)
    along_rows = _layer("Conv{}D", rank, 1, (*ones, min(3, x.shape[-2])), padding="same")(x)
    size = (min(2, x.shape[1]), *ones)
    along_columns = _layer("AveragePooling{}D", rank, size, strides=1, padding="same")(x)
    return layers.Concatenate()([along_rows, along_columns])


def _head(x, rank, rng):
    pooled = _layer("GlobalAveragePooling{}D", rank)(x) if rng.random() < 0.5 else layers.Flatten()(x)
    return layers.Dense(3, activation="softmax")(pooled)
