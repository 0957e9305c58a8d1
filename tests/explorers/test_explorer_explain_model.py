"""Explain my model: what the browser computes for any unit is the value that Keras computed."""

import keras
import numpy as np
import pytest
import traitlets
from keras import layers

import browser
from coursekit import models
from coursekit.explorers import ExplainModel


def branched():
    """A network with every kind of layer that the explorer takes apart."""
    models.reproducible(1)
    start = keras.Input((12, 10, 3))
    x = layers.Rescaling(2.0, offset=-1.0, name="rescaling")(start)
    x = layers.Conv2D(4, (3, 2), strides=(1, 2), padding="same", activation="tanh", name="first")(x)
    y = layers.BatchNormalization()(x)
    y = layers.DepthwiseConv2D(3, dilation_rate=2, padding="same", depth_multiplier=1, activation="relu")(y)
    x = layers.Add()([x, y])
    x = layers.Concatenate()([layers.ReLU()(x), layers.Dropout(0.3)(y)])
    x = layers.AveragePooling2D(3, strides=2, padding="same")(x)
    x = layers.Activation("sigmoid")(x)
    pooled = layers.MaxPooling2D(2, padding="same")(x)
    flat = layers.Dense(6, activation="elu", use_bias=False)(layers.Flatten()(pooled))
    x = layers.Concatenate()([flat, layers.GlobalMaxPooling2D()(x), layers.GlobalAveragePooling2D()(y)])
    return keras.Model(start, layers.Dense(3, activation="softmax")(x))


@pytest.fixture(scope="module")
def explorer():
    model = branched()
    normalisation = next(layer for layer in model.layers if isinstance(layer, layers.BatchNormalization))
    rng = np.random.default_rng(2)
    normalisation.set_weights([rng.normal(size=4), rng.normal(size=4), rng.normal(size=4), rng.random(4) + 0.5])
    return ExplainModel(model, rng.normal(size=(12, 10, 3)))


def test_the_network_of_these_tests_has_every_kind_of_layer(explorer):
    kinds = {step.kind for step in explorer.steps}
    assert kinds == {
        "input",
        "scale",
        "convolution",
        "depthwise",
        "add",
        "concatenate",
        "activation",
        "average pool",
        "max pool",
        "flatten",
        "dense",
        "global max",
        "global average",
        "same",
    }


def test_every_layer_is_computed_as_keras_does_it(explorer, tab):
    rng = np.random.default_rng(3)
    for number, step in enumerate(explorer.steps):
        rows, columns, channels = (1,) * (3 - step.values.ndim) + step.values.shape
        for _ in range(4):
            explorer.layer = number
            explorer.row, explorer.column, explorer.channel = (int(rng.integers(n)) for n in (rows, columns, channels))
            got = browser.computed(tab.page, explorer)
            assert got["keras"] == pytest.approx(explorer.value, abs=1e-6)
            if number:
                assert got["value"] == pytest.approx(explorer.value, abs=2e-5), step.name


def test_the_browser_gets_the_gradient_of_every_layer_from_an_independent_tape(explorer, tab):
    """The tape of these lines runs the network layer by layer, as it was written above."""
    import tensorflow as tf

    model, rng = explorer._model, np.random.default_rng(4)
    explorer.output = 1
    for layer in model.layers:
        rest = keras.Model(layer.output, model.outputs[0]) if single(model, layer) else None
        if rest is None:
            continue
        value = tf.constant(keras.Model(model.inputs, layer.output)([explorer.picture[None]], training=False))
        with tf.GradientTape() as tape:
            tape.watch(value)
            score = rest(value, training=False)[0, 1]
        expected = tape.gradient(score, value).numpy()[0]
        number = 0 if layer is model.layers[0] else [step.name for step in explorer.steps].index(layer.name)
        explorer.layer, shape = number, (1,) * (3 - expected.ndim) + expected.shape
        explorer.row, explorer.column, explorer.channel = (int(rng.integers(size)) for size in shape)
        got = browser.computed(tab.page, explorer)
        assert got["gradient"] == pytest.approx(float(expected.reshape(shape)[explorer.unit]), abs=1e-6), layer.name
        assert explorer.gradient == pytest.approx(got["gradient"], abs=1e-6)


def single(model, layer):
    """Whether the output depends on the picture only through this layer: then the rest is a network of its own."""
    try:
        keras.Model(layer.output, model.outputs[0])
    except ValueError:
        return False
    return layer.name != model.layers[-1].name


def test_gradients_are_computed_when_they_are_shown_and_for_another_output_anew(monkeypatch):
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3, use_bias=False, name="scores")])
    model.layers[0].set_weights([np.array([[1.0, 2.0, 9.0], [4.0, 5.0, 6.0]])])
    explorer = ExplainModel(model, np.ones(2), layer=0, channel=1)
    assert explorer.output == 2 and explorer.steps[0].gradient is None and explorer.gradient == 6
    explorer.show = "gradient"
    assert explorer.steps[0].gradient.tolist() == [9, 6] and explorer._own_output == 2
    explorer.output = 0
    assert explorer.steps[0].gradient.tolist() == [1, 4] and explorer._own_output == 0
    sent = []
    monkeypatch.setattr(explorer, "send", lambda content, buffers=None: sent.append((content, buffers)))
    explorer._answer(explorer, {"ask": 0, "version": 1}, [])
    assert sent[0][0]["shapes"] == {"values": [2], "gradient": [2]}
    np.testing.assert_array_equal(np.frombuffer(sent[0][1][1], np.float32), [1, 4])
    model.layers[0].set_weights([np.array([[7.0, 2.0, 3.0], [8.0, 5.0, 6.0]])])
    explorer.refresh()
    assert explorer.gradient == 8


def test_gradients_are_shown_by_choice_beside_the_value(explorer, tab):
    explorer.layer, explorer.row, explorer.column, explorer.channel = 2, 5, 3, 1
    page = tab.show(explorer)
    status, before = page.locator(".ck-status"), page.locator(".ck-status").inner_text()
    assert "gradient" not in before
    page.get_by_label("show", exact=True).select_option("gradients")
    assert status.inner_text().startswith(before + f"; gradient of output {explorer.output}: ")
    told = status.inner_text().rsplit(" ", 1)[1].replace("−", "-")
    assert float(told) == pytest.approx(explorer.gradient, rel=1e-2)
    assert page.get_by_text(f"gradient of output {explorer.output}: 4 feature maps").count() == 1
    assert page.get_by_text("The outputs have gone through softmax").count() == 1
    assert tab.complaints == []


def test_a_small_probability_is_no_zero(tab):
    model = keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(2, activation="softmax")])
    model.layers[-1].set_weights([np.zeros((4, 2)), np.array([0.0, 20.0])])
    page = tab.show(ExplainModel(model, np.zeros((2, 2)), layer=2, channel=0))
    assert page.locator(".ck-status").inner_text().endswith("unit 0: 2.06e−9")
    assert page.get_by_text("softmax(all scores) = 2.06e−9").count() == 1
    assert tab.complaints == []


def test_a_model_without_a_vector_of_outputs_says_why_it_has_no_gradients(tab):
    model = keras.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(2, 3)])
    explorer = ExplainModel(model, np.ones((4, 4, 1)))
    page = tab.show(explorer)
    assert page.get_by_label("show", exact=True).is_disabled()
    assert page.get_by_text("No gradients: model must have one vector of outputs").count() == 1
    with pytest.raises((ValueError, traitlets.TraitError), match="one vector of outputs"):
        explorer.show = "gradient"
    assert explorer.show == "value"
    with pytest.raises((ValueError, traitlets.TraitError), match="output must be"):
        ExplainModel(keras.Sequential([keras.Input((2,)), layers.Dense(2)]), np.ones(2), output=2)


def test_a_gradient_that_is_not_known_is_called_so(tab):
    class Whole(layers.Layer):
        def call(self, x):
            return keras.ops.cast(keras.ops.cast(x, "int32"), "float32")

    model = keras.Sequential([keras.Input((2,)), Whole(), layers.Dense(2)])
    explorer = ExplainModel(model, np.ones(2), layer=0, show="gradient", output=1)
    assert explorer.gradient is None and browser.computed(tab.page, explorer)["gradient"] is None
    assert tab.show(explorer).locator(".ck-status").inner_text().endswith("gradient of output 1: not known")


def test_the_parts_of_a_convolution_add_up_to_its_sum(explorer, tab):
    explorer.layer, explorer.row, explorer.column, explorer.channel = 2, 5, 3, 1
    step = explorer.steps[2]
    got = browser.computed(tab.page, explorer)
    padded = np.pad(explorer.steps[1].values, ((1, 1), (0, 0), (0, 0)))
    window = padded[5:8, 6:8]
    expected = (window * step.weights["kernel"][..., 1]).sum(axis=(0, 1))
    np.testing.assert_allclose(got["parts"], expected, atol=1e-5)
    assert got["total"] == pytest.approx(expected.sum() + step.weights["bias"][1], abs=1e-5)
    assert got["window"] == [4, 6, 3, 2]


def test_a_unit_outside_the_layer_is_the_nearest_one(explorer, tab):
    explorer.layer, explorer.row, explorer.column, explorer.channel = 2, 99, 0, 99
    assert explorer.unit == (11, 0, 3)
    assert browser.computed(tab.page, explorer)["unit"] == {"row": 11, "column": 0, "channel": 3}


def test_layers_units_and_channels_are_chosen_by_key_and_by_pointer(explorer, tab):
    explorer.layer, explorer.row, explorer.column, explorer.channel = 1, 5, 4, 0
    page = tab.show(explorer)
    status = page.locator(".ck-status")
    assert status.inner_text().startswith("rescaling")
    page.locator(".ck-layer[aria-pressed=true]").focus()
    page.keyboard.press("ArrowDown")
    assert status.inner_text().startswith("first, channel 0, row 5, column 2")  # the same place of a narrower map
    page.get_by_label("feature maps").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("unit at row").focus()
    page.keyboard.press("ArrowDown")
    expected = explorer.steps[2].values[6, 2, 1]
    assert status.inner_text() == f"first, channel 1, row 6, column 2: {expected:.3f}".replace("-", "−").rstrip("0")
    page.get_by_label("input channel 2").click()
    assert page.get_by_text("value · weight in input channel 2").count() == 1
    page.get_by_role("button", name="go to this channel").click()
    assert status.inner_text().startswith("rescaling, channel 2, row 6, column 5")
    assert tab.complaints == []


def test_a_network_of_vectors_is_explained_too(tab):
    models.reproducible(0)
    model = keras.Sequential([keras.Input((5,)), layers.Dense(4, activation="relu"), layers.Dense(2)])
    explorer = ExplainModel(model, np.arange(5.0), layer=2, channel=1)
    assert browser.computed(tab.page, explorer)["value"] == pytest.approx(explorer.value, abs=1e-5)
    assert tab.show(explorer).locator(".ck-status").inner_text().startswith("dense")


def test_a_new_picture_and_new_weights_are_computed_at_once():
    model = keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(1, use_bias=False)])
    model.layers[-1].set_weights([np.ones((4, 1))])
    explorer = ExplainModel(model, np.ones((2, 2, 1)), layer=2)
    before = explorer._own_version
    explorer.picture = 2 * np.ones((2, 2, 1))
    assert explorer.value == 8 and explorer._own_version > before
    model.layers[-1].set_weights([np.zeros((4, 1))])
    explorer.refresh()
    assert explorer.value == 0


def test_the_browser_is_answered_with_the_arrays_of_the_step_it_asks_for(explorer, monkeypatch):
    sent = []
    monkeypatch.setattr(explorer, "send", lambda content, buffers=None: sent.append((content, buffers)))
    explorer._answer(explorer, {"ask": 2, "version": 1}, [])
    explorer._answer(explorer, {"ask": 99, "version": 1}, [])
    explorer._answer(explorer, "nonsense", [])
    ((content, buffers),) = sent
    assert content == {
        "answer": 2,
        "version": explorer._own_version,
        "shapes": {"values": [12, 5, 4], "kernel": [3, 2, 3, 4], "bias": [4]},
    }
    np.testing.assert_array_equal(
        np.frombuffer(buffers[1], np.float32).reshape(3, 2, 3, 4), explorer.steps[2].weights["kernel"]
    )


@pytest.mark.parametrize(
    ("model", "picture", "error", "words"),
    [
        ("vgg16", np.ones((2, 2, 1)), TypeError, "model must be a Keras model"),
        (
            keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten()]),
            np.ones((3, 2, 1)),
            ValueError,
            "must have the shape",
        ),
        (keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten()]), None, ValueError, "picture must be given"),
        (keras.Sequential([keras.Input((5, 2)), layers.Flatten()]), np.ones((5, 2)), ValueError, "must take pictures"),
    ],
    ids=["word", "shape", "no picture", "sequences"],
)
def test_bad_input_is_told(model, picture, error, words):
    with pytest.raises(error, match=words):
        ExplainModel(model, picture)


def test_what_does_not_fit_is_refused_and_the_old_stays(explorer):
    before = explorer.picture
    with pytest.raises(ValueError, match="must have the shape"):
        explorer.picture = np.ones((3, 3, 3))
    assert explorer.picture.shape == before.shape
    with pytest.raises((ValueError, traitlets.TraitError), match="layer must be"):
        explorer.layer = 99


# ---------------------------------------------------------------- what it opens with


def small(shape=(28, 28, 1), outputs=3):
    return keras.Sequential([keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(outputs, name="scores")])


def test_it_opens_at_the_strongest_unit_with_the_arrays_that_the_first_drawing_needs():
    explorer = ExplainModel()
    values = explorer.steps[1].values
    assert explorer.value == values[explorer.unit] == values.flat[np.abs(values).argmax()] and explorer.value != 0
    assert set(explorer._own_first["steps"]) == {"0", "1"} and set(explorer._own_first["steps"]["1"]) >= {"values"}
    assert len(explorer._own_first["glances"]) == len(explorer.steps)
    assert ExplainModel(row=2).unit[0] == 2


@pytest.mark.parametrize("form", [(28, 28), (1, 28, 28), (1, 28, 28, 1), (28, 28, 1)])
def test_a_grey_picture_may_lack_its_last_axis_and_be_a_batch_of_one(form):
    picture = np.linspace(0, 1, 784, dtype=np.float32)
    explorer = ExplainModel(small(), picture.reshape(form))
    np.testing.assert_array_equal(explorer.steps[0].values, picture.reshape(28, 28, 1))
    explorer.picture = 1 - picture.reshape(form)
    np.testing.assert_array_equal(explorer.steps[0].values, 1 - picture.reshape(28, 28, 1))


@pytest.mark.parametrize("form", [(2, 28, 28, 1), (28, 1, 28), (14, 56)])
def test_any_other_form_of_a_picture_is_still_refused(form):
    with pytest.raises(ValueError, match="image must"):
        ExplainModel(small(), np.zeros(form))


def test_classes_are_named_and_the_five_largest_lead_to_their_units(tab):
    names = [f"kind {i}" for i in range(1000)]
    explorer = ExplainModel(small((4, 4, 1), 1000), np.ones((4, 4)), class_names=names, layer=2)
    page = tab.show(explorer)
    order = np.argsort(-explorer.steps[-1].values)[:5]
    assert page.locator(".ck-best button").all_inner_texts() == [f"kind {i}" for i in order]
    page.get_by_role("button", name=f"go to kind {order[1]}").click()
    assert page.locator(".ck-status").inner_text().startswith(f"scores, unit {order[1]} (kind {order[1]}): ")
    with pytest.raises(
        traitlets.TraitError, match="class_names must be 1000, one for each output of the model. Received: 2"
    ):
        explorer.class_names = ["a", "b"]


def test_a_picture_in_colour_is_shown_in_colour(tab):
    page = tab.show(ExplainModel(small((6, 6, 3)), np.full((6, 6, 3), [1, 0.5, 0]), layer=0))
    pixel = page.evaluate("""() => { const canvas = [...document.querySelectorAll(".ck canvas")].find((one) => one.getAttribute("aria-label")?.includes("unit at"));
        return [...canvas.getContext("2d").getImageData(canvas.width - 9, canvas.height / 2, 1, 1).data]; }""")
    assert pixel == pytest.approx([255, 128, 0, 255], abs=1)


@pytest.mark.parametrize(
    ("kernel", "words"),
    [
        ("{ kernel: { status: 'busy' } }", "Python is busy: this layer is shown when the running cell is done."),
        ("{ kernel: { status: 'idle' } }", "run the cell again"),
        ("undefined", "It is busy, or it no longer knows this model"),
    ],
)
def test_while_python_does_not_answer_no_other_layer_stands_under_the_new_name(kernel, words, tab):
    html = ExplainModel(small(), np.ones((28, 28))).to_html()
    assert html.count("local: true,") == 1
    tab.page.set_content(html.replace("local: true,", f"local: false, widget_manager: {kernel},"))
    tab.page.get_by_text(words).wait_for(timeout=10_000)
    assert not tab.page.locator("canvas[aria-label*='unit at']").is_visible()
    assert tab.complaints == []
