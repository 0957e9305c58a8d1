"""Explorer 5: a network is put together, and its parameters, multiply-adds and memory are counted."""

import traitlets

from coursekit import architectures, arguments, counting, specs
from coursekit.explorers.base import Predicting, module
from coursekit.explorers.layers import ACTIVATIONS, Layers, to_spec, whole

_POOLING = {"size": whole(2, 1, 15), "stride": whole(None, 1, 15), "padding": ["valid", "same"]}
_NEURONS = {"activation": ACTIVATIONS, "bias": [True, False]}
_KERNEL = {"kernel": whole(3, 1, 15), "stride": whole(1, 1, 15), "padding": ["valid", "same"]}
KINDS = {
    "convolution": {"filters": whole(8, 1, 4096)} | _KERNEL | _NEURONS,
    "max pooling": _POOLING,
    "average pooling": _POOLING,
    "flatten": {},
    "dense": {"units": whole(10, 1, 1_000_000)} | _NEURONS,
    "global average pooling": {},
    "global max pooling": {},
}
PRESETS = {
    "dense, CIFAR size": architectures.dense_cifar(),
    "convolutional, CIFAR size": architectures.convolutional_cifar(),
    "brain classifier": architectures.brain_classifier(),
    "second brain classifier": architectures.deeper_brain_classifier(),
    "LeNet-5": architectures.lenet5(),
    "dense, 200×200 in colour": (specs.Input((200, 200, 3)), specs.Flatten(), specs.Dense(120_000)),
    "convolutional, 200×200 in colour": (specs.Input((200, 200, 3)), specs.Conv(3, 3, padding="same")),
}


class Shape(traitlets.TraitType):
    """A trait that holds the shape of a picture: (rows, columns, channels), three whole numbers."""

    largest = (1024, 1024, 4096)

    def validate(self, owner, value):
        try:
            if not isinstance(value, (list, tuple)) or len(value) != 3:
                raise ValueError(f"{self.name} must be (rows, columns, channels). Received: {arguments.shown(value)}")
            limits = zip(value, self.largest)
            return tuple(arguments.integer(self.name, size, 1, most) for size, most in limits)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(str(error)) from None


class ParameterCounter(Predicting):
    """A network that is put together layer by layer, with what each layer keeps and computes.

    `layers` is the name of a network in `PRESETS`, a tuple of layer specs, or a list of at most 16 dicts such
    as {"kind": "convolution", "filters": 8, "kernel": 3, "stride": 1, "padding": "same", "activation":
    "relu", "bias": True}, {"kind": "max pooling", "size": 2} (or "average pooling"), {"kind": "flatten"},
    {"kind": "dense", "units": 10} and {"kind": "global average pooling"} (or "global max pooling").
    `input_shape` is (rows, columns, channels); by default that of the network that is named, or (32, 32, 1).
    `other` is a second network, given in the same way and counted for the same input, to compare; an empty
    list for none.

    >>> explorer = ParameterCounter("brain classifier")
    >>> explorer.input_shape, explorer.counts.parameters, explorer.counts["dense"].formula
    ((128, 128, 1), 62338, '(30752 + 1)·2 = 61,506')
    """

    _esm = module("parameter_counter.js")
    title = "Parameter counter"
    usual_task = "Change a layer and see where parameters, multiply-adds and memory go."
    input_shape = Shape((32, 32, 1)).tag(sync=True)
    layers = Layers(KINDS, most=16)
    other = Layers(KINDS, most=16)
    _own_kinds = traitlets.Dict(KINDS).tag(sync=True)
    _own_presets = traitlets.Dict().tag(sync=True)

    def __init__(self, layers="convolutional, CIFAR size", other="dense, CIFAR size", **state):
        layers, other = _named("layers", layers), _named("other", other)
        first = layers[0] if isinstance(layers, (list, tuple)) and len(layers) else None
        if isinstance(first, specs.Input):
            state = {"input_shape": first.shape} | state
        super().__init__(layers=layers, other=other, **state)
        check = type(self).layers.validate
        self._own_presets = {
            name: {"input_shape": list(network[0].shape), "layers": check(self, network)}
            for name, network in PRESETS.items()
        }

    @property
    def network(self):
        """The input and the layers as a tuple of specs."""
        return (specs.Input(self.input_shape, name="input"), *map(to_spec, self.layers))

    @property
    def counts(self):
        """The `counting.table` of the network. Raises LayerError, with the layer and the reason."""
        return counting.table(self.network)

    @property
    def other_counts(self):
        """The `counting.table` of the other network for the same input. Raises as `counts` does."""
        return counting.table((specs.Input(self.input_shape, name="input"), *map(to_spec, self.other)))

    @property
    def code(self):
        """Python code (a str) that builds the network in Keras, as `model`. Raises as `counts` does."""
        counts = self.counts
        lines = [f"    layers.{_call(layer, row.name)}," for layer, row in zip(self.layers, counts[1:])]
        return "\n".join(
            [
                "import keras",
                "from keras import layers",
                "",
                "model = keras.Sequential([",
                f"    keras.Input({self.input_shape}),",
                *lines,
                "])",
                f'print(f"{{model.count_params():,}} parameters")  # {counts.parameters:,}',
                "",
            ]
        )


_KERAS = {
    "convolution": "Conv2D",
    "max pooling": "MaxPooling2D",
    "average pooling": "AveragePooling2D",
    "flatten": "Flatten",
    "dense": "Dense",
    "global average pooling": "GlobalAveragePooling2D",
    "global max pooling": "GlobalMaxPooling2D",
}


def _call(layer, name):
    """Return the Keras call for one layer; settings that are usual in Keras are left out."""
    given = [str(layer[key]) for key in ("filters", "kernel", "size", "units") if key in layer]
    if layer.get("stride", 1) != layer.get("size", 1):
        given.append(f"strides={layer['stride']}")
    texts = [key for key in ("padding", "activation") if layer.get(key) not in (None, "valid")]
    given += [f'{key}="{layer[key]}"' for key in texts]
    if not layer.get("bias", True):
        given.append("use_bias=False")
    given.append(f'name="{name}"')
    return f"{_KERAS[layer['kind']]}({', '.join(given)})"


def _named(argument, network):
    """Return the network of that name, or what was given instead of a name."""
    if not isinstance(network, str):
        return network
    if network not in PRESETS:
        listed = "; ".join(PRESETS)
        raise ValueError(f"{argument} must be one of {listed}; or a list of layers. Received: {network!r}")
    return PRESETS[network]
