"""A model taken apart: the steps hold what Keras computes, whatever the model's shape."""

import keras
import numpy as np
import pytest
from keras import layers

from coursekit import models
from coursekit.convolution import conv_layer, max_pool


def sequence(*stack, shape=(9, 8, 2)):
    models.reproducible(0)
    return keras.Sequential([keras.Input(shape), *stack])


def image(model, seed=0):
    return np.random.default_rng(seed).normal(size=model.input_shape[1:])


def test_the_last_step_is_what_the_model_predicts_and_each_reads_the_one_before():
    model = sequence(layers.Conv2D(3, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(4))
    picture = image(model)
    steps = models.steps(model, picture)
    assert [step.kind for step in steps] == ["input", "convolution", "max pool", "flatten", "dense"]
    assert [step.sources for step in steps] == [(), (0,), (1,), (2,), (3,)]
    np.testing.assert_allclose(steps[-1].values, models.predict(model, picture[None])[0], atol=1e-6)
    assert sum(step.parameters for step in steps) == model.count_params()


def test_a_convolution_step_holds_all_that_the_course_needs_to_compute_it():
    model = sequence(
        layers.Conv2D(5, (2, 3), strides=2, padding="same", activation="relu"), layers.MaxPooling2D((2, 1))
    )
    before, convolution, pool = models.steps(model, image(model))
    expected = conv_layer(
        before.values[None],
        convolution.weights["kernel"],
        convolution.weights["bias"],
        stride=convolution.settings["stride"],
        padding=convolution.settings["padding"],
    )[0]
    np.testing.assert_allclose(convolution.values, np.maximum(expected, 0), atol=1e-5)
    np.testing.assert_allclose(pool.values, max_pool(convolution.values[None], pool.settings["kernel"])[0], atol=1e-6)


def test_layers_of_a_nested_model_are_steps_of_their_own():
    inner = keras.Sequential([keras.Input((6, 6, 1)), layers.Rescaling(2.0, offset=1.0, name="twice")], name="prepare")
    model = keras.Sequential([keras.Input((6, 6, 1)), inner, layers.GlobalAveragePooling2D(name="mean")])
    picture = image(model)
    steps = models.steps(model, picture)
    assert [step.name for step in steps[1:]] == ["prepare/twice", "mean"]
    np.testing.assert_allclose(steps[2].values, [2 * picture.mean() + 1], atol=1e-6)


def test_branches_name_all_their_sources():
    start = keras.Input((4, 4, 3))
    left, right = layers.Conv2D(3, 1, name="left")(start), layers.Dropout(0.5, name="right")(start)
    joined = layers.Concatenate(name="joined")([layers.Add(name="sum")([left, right]), start])
    steps = {step.name: step for step in models.steps(keras.Model(start, joined), np.ones((4, 4, 3)))}
    order = list(steps)
    assert [order[source] for source in steps["sum"].sources] == ["left", "right"]
    assert [order[source] for source in steps["joined"].sources] == ["sum", order[0]]
    np.testing.assert_array_equal(steps["right"].values, np.ones((4, 4, 3)))  # no dropout when looking
    np.testing.assert_allclose(steps["sum"].values, steps["left"].values + 1, atol=1e-6)


def test_a_batch_normalisation_is_one_factor_and_one_offset_for_each_channel():
    model = sequence(layers.BatchNormalization())
    rng = np.random.default_rng(1)
    model.layers[0].set_weights([rng.normal(size=2), rng.normal(size=2), rng.normal(size=2), rng.random(2) + 0.5])
    before, step = models.steps(model, image(model))
    np.testing.assert_allclose(step.values, before.values * step.weights["scale"] + step.weights["offset"], atol=1e-5)


def test_a_layer_used_twice_is_two_steps_with_the_same_weights():
    start, shared = keras.Input((5, 5, 2)), layers.Conv2D(2, 3, padding="same", name="shared")
    steps = models.steps(keras.Model(start, shared(shared(start))), np.ones((5, 5, 2)))
    assert [step.name for step in steps[1:]] == ["shared", "shared"] and steps[2].sources == (1,)
    np.testing.assert_array_equal(steps[1].weights["kernel"], steps[2].weights["kernel"])
    assert not np.allclose(steps[1].values, steps[2].values)


@pytest.mark.parametrize("swapped", [False, True])
def test_a_nested_model_called_with_a_dict_reads_its_inputs_by_name(swapped):
    one, two = keras.Input((3, 3, 1), name="one"), keras.Input((3, 3, 1), name="two")
    inner = keras.Model([one, two], layers.Subtract(name="less")([one, layers.Rescaling(2.0, name="twice")(two)]))
    start = keras.Input((3, 3, 1))
    left, right = layers.Rescaling(3.0, name="left")(start), layers.Rescaling(5.0, name="right")(start)
    given = {"two": right, "one": left} if swapped else [left, right]
    model, picture = keras.Model(start, inner(given)), np.ones((3, 3, 1))
    steps = models.steps(model, picture)
    (twice,) = [step for step in steps if step.name.endswith("twice")]
    assert steps[twice.sources[0]].name == "right"
    np.testing.assert_allclose(steps[-1].values, np.full((3, 3, 1), 3.0 - 2 * 5.0))
    np.testing.assert_allclose(steps[-1].values, models.predict(model, picture[None])[0])


def relu(x):
    """A user's own function with a known name."""
    return x - keras.ops.mean(x)


@pytest.mark.parametrize(
    ("layer", "kind", "activation"),
    [
        (layers.Conv2D(2, 3, activation="relu"), "convolution", "relu"),
        (layers.Conv2D(2, 3, activation=relu), "convolution", "own function"),
        (layers.Conv2D(2, 3, activation=layers.ReLU(6)), "convolution", "own function"),
        (layers.Activation(relu), "activation", "own function"),
        (layers.Softmax(), "activation", "softmax"),
        (layers.Softmax(axis=1), "other", None),
    ],
)
def test_an_activation_is_called_by_its_name_only_when_it_is_that_function(layer, kind, activation):
    model = sequence(layer)
    step = models.steps(model, image(model))[-1]
    assert (step.kind, step.settings.get("activation")) == (kind, activation)


def test_a_layer_of_which_a_method_was_replaced_is_not_taken_apart():
    layer = layers.Conv2D(2, 3)
    layer.call = relu
    assert models.steps(model := sequence(layer), image(model))[-1].kind == "other"


@pytest.mark.parametrize(
    "layer",
    [layers.UpSampling2D(2), layers.Conv2D(4, 3, groups=2), layers.LayerNormalization()],
    ids=lambda layer: type(layer).__name__,
)
def test_what_is_not_taken_apart_still_shows_its_values(layer):
    model = sequence(layer)
    picture = image(model)
    step = models.steps(model, picture)[-1]
    assert step.kind == "other" and step.weights == {}
    np.testing.assert_allclose(step.values, models.predict(model, picture[None])[0], atol=1e-5)


def test_the_whole_numbers_of_a_quantised_kernel_are_not_shown_as_weights():
    model = sequence(layers.Flatten(), layers.Dense(3))
    model.layers[-1].quantize("int8")
    step = models.steps(model, image(model))[-1]
    assert (step.kind, step.weights) == ("other", {})


@pytest.mark.parametrize(
    ("picture", "error", "words"),
    [
        (np.ma.masked_array(np.ones((9, 8, 2)), mask=np.eye(9, 8)[..., None] * [1, 0]), TypeError, "plain numbers"),
        (np.full((9, 8, 2), np.nan), ValueError, "must hold finite numbers only"),
        (np.full((9, 8, 2), 1e300), ValueError, "must hold numbers that float32 can hold"),
    ],
    ids=["masked", "NaN", "huge"],
)
def test_a_picture_with_values_that_are_none_is_refused(picture, error, words):
    with pytest.raises(error, match=f"image {words}|image must be {words}"):
        models.steps(sequence(layers.Conv2D(2, 3)), picture)


class Hidden(keras.Model):
    def call(self, x):
        return x


@pytest.mark.parametrize(
    ("model", "error", "words"),
    [
        ("vgg16", TypeError, "model must be a Keras model. Received: 'vgg16'"),
        (keras.Sequential([layers.Dense(2)]), ValueError, "model must be built"),
        (keras.Model([a := keras.Input((3,)), b := keras.Input((3,))], layers.Add()([a, b])), ValueError, "one input"),
        (sequence(layers.Flatten()), ValueError, r"image must have the shape \(9, 8, 2\)"),
    ],
    ids=["word", "not built", "two inputs", "other shape"],
)
def test_bad_input_is_told(model, error, words):
    with pytest.raises(error, match=words):
        models.steps(model, np.ones((8, 8, 2)))


def test_a_model_that_hides_its_wiring_is_refused():
    model = Hidden()
    model(np.ones((1, 3)))
    with pytest.raises(ValueError, match="model must be .*Received: Hidden"):
        models.steps(model, np.ones(3))


# ---------------------------------------------------------------- gradients


def nudged(model, image, layer_model, place, output):
    """The slope of an output with respect to one value of a layer, by central differences of the rest."""
    values = layer_model[0]([image[None]], training=False).numpy().astype("float64")
    scores = []
    for change in (1e-2, -1e-2):
        moved = values.copy()
        moved[(0, *place)] += change
        scores.append(float(layer_model[1](moved.astype("float32"), training=False)[0, output]))
    return (scores[0] - scores[1]) / 2e-2


def test_gradients_are_those_of_central_differences_at_every_layer():
    """A network without kinks; `head` and `tail` cut it at each layer."""
    smooth = [layers.Conv2D(3, 3, strides=2, activation="tanh"), layers.AveragePooling2D(2), layers.Flatten()]
    model = sequence(*smooth, layers.Dense(4, activation="sigmoid"), layers.Dense(3))
    picture = image(model)
    steps = models.steps(model, picture, output=2)
    rng = np.random.default_rng(0)
    for number, step in enumerate(steps[:-1]):
        tensor = model.layers[number - 1].output if number else model.inputs[0]
        cut = keras.Model(model.inputs, tensor), keras.Model(tensor, model.outputs[0])
        place = tuple(int(rng.integers(size)) for size in step.values.shape)
        assert step.gradient.shape == step.values.shape
        assert step.gradient[place] == pytest.approx(nudged(model, picture, cut, place, 2), abs=2e-3), step.name
    np.testing.assert_array_equal(steps[-1].gradient, [0, 0, 1])
    assert all(step.gradient is None for step in models.steps(model, picture))


def test_the_gradient_of_the_picture_is_its_saliency_before_the_sign_is_dropped():
    model = sequence(
        layers.Conv2D(3, 3, activation="relu"), layers.MaxPooling2D(3, 2), layers.Flatten(), layers.Dense(4)
    )
    picture = image(model)
    slopes = models.steps(model, picture, output=1)[0].gradient
    np.testing.assert_allclose(np.abs(slopes), models.saliency(model, picture, 1), atol=1e-6)
    assert slopes.min() < 0 < slopes.max()


def test_each_of_two_branches_gets_its_own_gradient_even_where_a_layer_hands_on_what_it_got():
    start = keras.Input((3,))
    twice, same = layers.Rescaling(2.0, name="twice")(start), layers.Dropout(0.5, name="same")(start)
    model = keras.Model(start, layers.Add(name="sum")([twice, same]))
    found = {step.name: step.gradient.tolist() for step in models.steps(model, np.ones(3), output=1)}
    assert found == {model.inputs[0].name: [0, 3, 0], "twice": [0, 1, 0], "same": [0, 1, 0], "sum": [0, 1, 0]}


def test_gradients_pass_through_nested_models_and_layers_used_twice():
    inner = keras.Sequential([keras.Input((2,)), layers.Rescaling(3.0, name="thrice")], name="inner")
    start = keras.Input((2,))
    model = keras.Model(start, inner(inner(start)))
    steps = models.steps(model, np.array([1.0, 2.0]), output=0)
    assert [(step.name, step.gradient.tolist()) for step in steps[1:]] == [
        ("inner/thrice", [3, 0]),
        ("inner/thrice", [1, 0]),
    ]
    assert steps[0].gradient.tolist() == [9, 0]


class Rounded(layers.Layer):
    """Nothing that could be differentiated: whole numbers."""

    def call(self, x):
        return keras.ops.cast(keras.ops.cast(x, "int32"), "float32")


class Root(layers.Layer):
    def call(self, x):
        return keras.ops.sqrt(x)


@pytest.mark.parametrize("layer", [Rounded(), Root()], ids=["not differentiable", "infinite"])
def test_a_gradient_that_cannot_be_known_is_none_and_never_a_number(layer):
    model = sequence(layers.Flatten(name="before"), layer, layers.Dense(2), shape=(2, 2, 1))
    steps = models.steps(model, np.zeros((2, 2, 1)), output=0)
    assert [step.gradient is None for step in steps] == [True, True, False, False]


class Restless(layers.Layer):
    """Another output at each call."""

    def call(self, x):
        return x + keras.random.normal(keras.ops.shape(x))


@pytest.mark.parametrize(
    ("model", "output", "words"),
    [
        (sequence(layers.Conv2D(2, 3)), 0, r"one vector of outputs.*Received: outputs of shape \(7, 6, 2\)"),
        (
            keras.Model(a := keras.Input((3,)), [layers.Dense(2)(a), layers.Dense(1)(a)]),
            0,
            "one output. Received: 2 outputs",
        ),
        (sequence(layers.Flatten(), layers.Dense(2)), 2, "output must be .*0 to 1. Received: 2"),
        (sequence(Restless(), layers.Flatten()), 0, "cannot be known: called again"),
    ],
    ids=["map", "two outputs", "number", "random"],
)
def test_gradients_of_other_models_and_outputs_are_refused(model, output, words):
    with pytest.raises(ValueError, match=words):
        models.steps(model, image(model), output)
