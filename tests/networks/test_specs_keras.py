"""Laws of reading Keras models: every layer becomes the spec one would write, or the error says why not."""

import keras
import pytest

from coursekit import shapes, specs
from coursekit.specs import Conv, Dense, Flatten, Input, Pool, trace


def keras_model(*layers, shape=(12, 15, 3)):
    return keras.Sequential([keras.Input(shape, name="in"), *layers], name="model")


def test_a_sequential_model_becomes_the_specs_one_would_write():
    layers = keras.layers
    model = keras_model(
        layers.Conv2D(8, (3, 5), strides=(2, 1), padding="same", activation="relu", name="c", groups=1),
        layers.MaxPooling2D(2, name="p"),
        layers.Flatten(name="f"),
        layers.Dense(4, use_bias=False, name="d"),
    )
    assert specs.from_keras(model) == (
        Input((12, 15, 3), name="in"),
        Conv(8, (3, 5), stride=(2, 1), padding="same", dilation=(1, 1), activation="relu", name="c"),
        Pool((2, 2), stride=(2, 2), name="p"),
        Flatten(name="f"),
        Dense(4, bias=False, activation="linear", name="d"),
    )


def test_branches_and_operations_keep_their_sources():
    x = keras.Input((8, 8, 2), name="in")
    a = keras.layers.Conv2D(2, 3, padding="same", name="a")(x)
    y = keras.layers.Add(name="sum")([x, a])
    z = keras.ops.relu(1.0 - y / 2) * 3
    read = specs.from_keras(keras.Model(x, keras.ops.concatenate([z, a], axis=-1)))
    assert [type(layer).__name__ for layer in read] == [
        "Input", "Conv", "Add", "Rescale", "Rescale", "Activation", "Rescale", "Concatenate",
    ]  # fmt: skip
    assert read[2].inputs == ("in", "a") and read[-1].inputs == (read[-2].name, "a")
    assert [(layer.factor, layer.offset) for layer in (read[3], read[4], read[6])] == [(0.5, 0), (-1, 1), (3, 0)]


def test_layers_of_nested_models_are_called_after_both_and_shared_ones_name_their_owner():
    inner = keras.Sequential([keras.Input((8, 8, 2)), keras.layers.Conv2D(2, 3, padding="same", name="c")], name="m")
    x = keras.Input((8, 8, 2), name="in")
    read = specs.from_keras(keras.Model(x, inner(inner(x))))
    assert [(layer.name, layer.shares) for layer in read] == [("in", None), ("m/c", None), ("m:2/c", "m/c")]


def test_a_frozen_model_freezes_the_layers_inside_it():
    inner = keras_model(keras.layers.Conv2D(2, 3, name="c"), keras.layers.BatchNormalization(name="b"))
    inner.trainable = False
    x = keras.Input((12, 15, 3))
    read = specs.from_keras(keras.Model(x, keras.layers.Dense(2, name="d")(inner(x))))
    assert [layer.trainable for layer in read[1:]] == [False, False, True]


def test_a_layer_thawed_inside_a_frozen_model_stays_frozen_as_in_keras():
    model = keras_model(keras.layers.Conv2D(2, 3, name="c"))
    model.trainable = False
    model.get_layer("c").trainable = True
    assert model.trainable_weights == [] and specs.from_keras(model)[1].trainable is False


def test_causal_padding_lies_before_the_signal():
    model = keras_model(keras.layers.Conv1D(2, 3, padding="causal", dilation_rate=2), shape=(20, 1))
    assert specs.from_keras(model)[1].padding == ((4, 0),)


def square(x):
    return x * x


def test_functions_of_ones_own_are_called_custom():
    model = keras_model(keras.layers.Conv2D(2, 3, activation=square), keras.layers.Activation("swish"))
    _, conv, activation = specs.from_keras(model)
    assert (conv.activation, activation.function) == ("custom", "silu")


class Doubling(keras.layers.Layer):
    """A user's own layer."""

    def call(self, x):
        return x * 2


class Described(Doubling):
    """A user's own layer that says what it is."""

    def __init__(self, spec, **settings):
        super().__init__(**settings)
        self.spec = spec


class Renamed(keras.layers.Conv2D):
    """A subclass that computes what its parent computes."""


class Hidden(keras.Model):
    """A subclassed model: its wiring is in its code."""

    def call(self, x):
        return x


def test_a_subclass_that_changes_nothing_is_read_as_its_parent():
    assert isinstance(specs.from_keras(keras_model(Renamed(2, 3)))[1], Conv)


def test_a_layer_of_ones_own_may_carry_the_spec_that_describes_it():
    described = trace(keras_model(Described(specs.Scale(center=False, scale=False), name="own")))[-1]
    assert (described.name, described.layer.name, described.shape) == ("own", "own", (12, 15, 3))
    with pytest.raises(specs.LayerError, match=r"layer 'own' \(crop 1\): Keras reports the shape \(12, 15, 3\)"):
        trace(keras_model(Described(specs.Crop(1), name="own")))


class Short(keras.layers.Conv2D):
    """A convolution with a short way to make it, and nothing else in its configuration."""

    def __init__(self, filters):
        super().__init__(filters, 3, strides=2, name="short")

    def get_config(self):
        return {"filters": self.filters}


def test_a_short_configuration_hides_no_setting():
    assert specs.from_keras(keras_model(Short(4)))[1] == Conv(
        4, (3, 3), stride=(2, 2), dilation=(1, 1), activation="linear", name="short"
    )


class Trained(keras.Model):
    """A functional model with a training of its own."""

    def train_step(self, data):
        return {}


def test_how_a_model_is_trained_does_not_matter():
    inputs = keras.Input((12, 15, 3))
    model = Trained(inputs, keras.layers.Conv2D(2, 3)(inputs))
    assert [type(layer).__name__ for layer in specs.from_keras(model)] == ["Input", "Conv"]


class Turned(keras.Sequential):
    """A stack that turns its pictures over."""

    def call(self, inputs, training=None, mask=None):
        return super().call(inputs[:, ::-1])


def two_inputs(order=("p", "q"), kind=list):
    """Return a model of two inputs: a 5×5 convolution sees p, a 1×1 convolution q."""
    p, q = keras.Input((8, 8, 2), name="p"), keras.Input((8, 8, 2), name="q")
    wide = keras.layers.Conv2D(2, 5, padding="same", name="wide")(p)
    total = keras.layers.Add(name="sum")([wide, keras.layers.Conv2D(2, 1, name="narrow")(q)])
    given = {"p": p, "q": q}
    return keras.Model(
        [given[name] for name in order] if kind is list else {name: given[name] for name in order}, total
    )


@pytest.mark.parametrize("order", ["pq", "qp"])
@pytest.mark.parametrize(
    ("kind", "call"),
    [
        (list, lambda a, z, order: [{"p": a, "q": z}[name] for name in order]),
        (list, lambda a, z, order: {"q": z, "p": a}),
        (list, lambda a, z, order: {"p": a, "q": z, "more": a}),
        (dict, lambda a, z, order: {"q": z, "p": a}),
        (dict, lambda a, z, order: {"p": a, "q": z}),
    ],
)
def test_inputs_of_a_nested_model_are_matched_as_keras_does(order, kind, call):
    a, z = keras.Input((8, 8, 2), name="a"), keras.Input((8, 8, 2), name="z")
    model = keras.Model([z, a], two_inputs(order, kind)(call(a, z, order)))
    nodes = {node.name.split("/")[-1]: node for node in trace(model)}
    names = [node.name for node in trace(model)]
    read = {layer: names[nodes[layer].sources[0]] for layer in ("wide", "narrow")}
    assert read == {"wide": "a", "narrow": "z"}


@pytest.mark.parametrize("given", [lambda a, z: {"p": a, "r": z}, lambda a, z: [[a, z]], lambda a, z: [a, a, z]])
def test_inputs_that_would_have_to_be_guessed_are_refused(given):
    a, z = keras.Input((8, 8, 2), name="a"), keras.Input((8, 8, 2), name="z")
    try:
        model = keras.Model([a, z], two_inputs()(given(a, z)))
    except ValueError:
        return  # Keras refuses it already
    with pytest.raises(specs.LayerError, match="does not match its inputs 'p', 'q'"):
        trace(model)


def test_an_input_that_nothing_reads_is_a_layer_too():
    a, b = keras.Input((5, 5, 1), name="a"), keras.Input((5, 5, 1), name="b")
    assert [layer.name for layer in specs.from_keras(keras.Model([a, b], keras.layers.Dense(2, name="d")(b)))] == [
        "a", "b", "d",
    ]  # fmt: skip


def test_an_array_that_no_layer_makes_is_noticed():
    x = keras.Input((5, 5, 1))
    fixed = keras.ops.ones((1, 5, 5, 1))
    for joined in (keras.layers.Concatenate()([x, x, fixed]), x + fixed):
        with pytest.raises(specs.LayerError, match="it reads an array that no layer of the network makes"):
            trace(keras.Model(x, joined))


def test_operations_that_would_lay_the_batch_along_an_axis_are_refused():
    x = keras.Input((5, 5, 5), batch_size=5)
    pooled = keras.layers.GlobalAveragePooling2D()(x)
    assert trace(keras.Model(x, keras.layers.Multiply()([x, pooled])))[-1].shape == (5, 5, 5)
    with pytest.raises(specs.LayerError, match="its inputs differ in their number of axes"):
        trace(keras.Model(x, x * pooled))


def split(x):
    return keras.ops.concatenate(keras.ops.split(x, 3, axis=-1)[:2])


@pytest.mark.parametrize(
    "layers, message",
    [
        ([Doubling(name="twice")], r"layer 'twice' \(Doubling\): it is a custom class"),
        ([keras.layers.Lambda(lambda x: x, name="l")], r"layer 'l' \(Lambda\): it holds a custom function"),
        (
            [keras.layers.Conv2D(2, 3, data_format="channels_first", name="c")],
            "layer 'c' .* data_format is 'channels_f",
        ),
        ([keras.layers.Softmax(axis=1, name="s")], "layer 's' .* its axis is 1; only activations over the channels"),
        ([keras.layers.GroupNormalization(groups=3, axis=1, name="g")], "layer 'g' .* its axis is 1"),
        ([keras.layers.Reshape((12, 45)), keras.layers.LSTM(4, name="r")], r"layer 'r' \(LSTM\): it carries a state"),
        ([keras.layers.RandomCrop(5, 5, name="r")], r"layer 'r'"),
        ([keras.layers.Masking(name="m")], r"layer 'm' \(Masking\): layers of this class are not among those"),
        ([keras.layers.Resizing(4, 4, crop_to_aspect_ratio=True, name="r")], "layer 'r' .* aspect ratio"),
        ([keras.layers.Conv2D(4, 3, activation="glu", name="c")], r"layer 'c' .* \(10, 13, 2\) of \(10, 13, 4\)"),
        ([keras.layers.Dense(4, activation=lambda x: x[:, 1:], name="d")], r"'d' .* \(11, 15, 4\) of \(12, 15, 4\)"),
    ],
)
def test_a_keras_layer_without_a_spec_is_named_with_the_reason(layers, message):
    with pytest.raises(specs.LayerError, match=message):
        trace(keras_model(*layers))


@pytest.mark.parametrize("change", [lambda d: d.enable_lora(2), lambda d: d.quantize("int8")])
def test_a_layer_that_keeps_other_weights_than_its_class_is_named(change):
    model = keras_model(keras.layers.Dense(4, name="d"))
    change(model.get_layer("d"))
    model.trainable = False  # else a frozen kernel beside weights that learn would be named, not what it is
    for read in (trace, specs.from_keras):
        with pytest.raises(specs.LayerError, match=r"layer 'd' \(Dense\): (LoRA|it is quantised)"):
            read(model)


@pytest.mark.parametrize(
    "function",
    [
        split,
        lambda x: keras.ops.flip(x, axis=1),
        lambda x: 1 / (x + 1),
        lambda x: x / 0,
        lambda x: keras.ops.average(x, axis=1, weights=x),
    ],
)
@pytest.mark.parametrize("shape", [(12, 15, 3), (None, None, 3)])
def test_an_operation_without_a_spec_is_named_with_the_reason(function, shape):
    x = keras.Input(shape)
    with pytest.raises(
        specs.LayerError, match=r"layer '.*' \((Split|Flip|Divide|TrueDivide|Average)\): (this|it has 3)"
    ):
        trace(keras.Model(x, function(x)), (12, 15, 3))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_factor_that_is_no_number_is_refused(number):
    x = keras.Input((4, 4, 1))
    with pytest.raises(specs.LayerError, match="factor must hold finite numbers only. Received: (nan|inf)"):
        trace(keras.Model(x, x * number))


def test_a_model_that_is_not_built_or_hides_its_wiring_or_is_none_is_refused():
    with pytest.raises(ValueError, match="network must be built: give model 's' an Input, or call its build"):
        trace(keras.Sequential([keras.layers.Dense(2)], name="s"))
    hidden = Hidden(name="hidden")
    hidden.build((None, 5))
    with pytest.raises(ValueError, match=r"the wiring of 'hidden' \(Hidden\) is hidden in its call method"):
        trace(hidden)
    with pytest.raises(ValueError, match=r"the wiring of 'turned' \(Turned\) is hidden in its call method"):
        trace(Turned([keras.Input((4, 4, 1)), keras.layers.Dense(2)], name="turned"))
    with pytest.raises(TypeError, match="model must be a Keras model. Received: 'vgg16'"):
        specs.from_keras("vgg16")


def test_weights_outside_of_all_layers_are_noticed():
    model = keras_model(keras.layers.Dense(2))
    model.add_weight(shape=(7,), name="extra")
    with pytest.raises(ValueError, match="with 15 parameters, of which its layers hold 8"):
        trace(model)


def test_a_shape_that_differs_from_that_of_keras_is_refused(monkeypatch):
    monkeypatch.setattr(shapes, "output_size", lambda *settings: 9)
    with pytest.raises(specs.LayerError, match=r"Keras reports the shape \(10, 13, 2\), but \(9, 9, 2\)"):
        trace(keras_model(keras.layers.Conv2D(2, 3)))
    described = keras_model(Described(specs.Conv(5, 1), name="own"), shape=(None, None, 3))
    with pytest.raises(specs.LayerError, match=r"Keras reports the shape \(None, None, 3\), but \(9, 9, 5\)"):
        trace(described, (9, 9, 3))
    flat = keras_model(Described(specs.Flatten(), name="own"))
    with pytest.raises(specs.LayerError, match=r"Keras reports the shape \(12, 15, 3\), but \(75,\)"):
        trace(flat, (5, 5, 3))  # other sizes than the model's: the number of axes is compared


def test_reading_leaves_the_model_as_it_was():
    model = keras_model(keras.layers.Conv2D(2, 3), keras.layers.BatchNormalization())
    before = model.to_json()
    trace(model)
    assert model.to_json() == before
