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
    """A function of one's own with a known name."""
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
