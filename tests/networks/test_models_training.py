"""Laws of training and of looking inside: every example once an epoch, what Keras would learn, repeatable."""

import os
import random
import subprocess
import sys
import warnings

import keras
import numpy as np
import pytest
import tensorflow
from keras import layers

import project
from coursekit import models

SHAPE = (6, 5, 2)  # neither square nor of one channel


@pytest.fixture(autouse=True)
def fresh():
    """The same random state before every test; the library never gives a reason for a warning."""
    models.reproducible(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield


def bright_or_dark(count=40, seed=0):
    """Images of two classes that a line separates, and their labels."""
    labels = np.arange(count) % 2
    noise = np.random.default_rng(seed).normal(0, 0.3, (count, *SHAPE))
    return (noise + np.where(labels, 0.5, -0.5)[:, None, None, None]).astype(np.float32), labels


def classifier(metrics=("accuracy",), rate=0.05):
    model = keras.Sequential([keras.Input(SHAPE), layers.Flatten(), layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=list(metrics))
    return model


def twin(model):
    """A compiled model with the same layers and the same weights."""
    other = classifier()
    other.set_weights(model.get_weights())
    return other


def order(stream):
    """The numbers of the images in the order in which a stream of numbered images shows them."""
    return [int(value) for x, _ in stream for value in x.numpy()[:, 0]]


NUMBERED = np.arange(23.0)[:, None], np.arange(23) * 10


# ---------------------------------------------------------------- batches


def test_every_epoch_shows_each_example_once_in_a_new_order():
    stream = models.batches(*NUMBERED, batch_size=4)
    epochs = [order(stream) for _ in range(3)]
    assert [sorted(epoch) for epoch in epochs] == [list(range(23))] * 3
    assert len({tuple(epoch) for epoch in epochs} | {tuple(range(23))}) == 4


def test_the_same_seed_gives_the_same_orders_and_another_seed_others():
    first, again, other = (models.batches(*NUMBERED, seed=seed) for seed in (5, 5, 6))
    assert [order(first), order(first)] == [order(again), order(again)] != [order(other), order(other)]


def test_the_first_example_may_go_anywhere():
    """All are shuffled, not only neighbours: in 40 orders number 0 reaches the last quarter."""
    places = [order(models.batches(*NUMBERED, seed=seed)).index(0) for seed in range(40)]
    assert max(places) > 17 and min(places) < 6


def test_without_shuffling_the_order_is_kept_and_seed_does_not_matter():
    for seed in (0, 1):
        stream = models.batches(*NUMBERED, shuffle=False, seed=seed)
        assert order(stream) == order(stream) == list(range(23))


@pytest.mark.parametrize("shuffle", [True, False])
def test_labels_stay_with_their_images(shuffle):
    for x, y in models.batches(*NUMBERED, batch_size=4, shuffle=shuffle):
        np.testing.assert_array_equal(x.numpy()[:, 0] * 10, y.numpy())


@pytest.mark.parametrize(("size", "expected"), [(1, [1] * 23), (5, [5, 5, 5, 5, 3]), (23, [23]), (64, [23])])
def test_batches_have_the_size_asked_for_and_the_rest_comes_last(size, expected):
    stream = models.batches(*NUMBERED, batch_size=size)
    assert [len(x) for x, _ in stream] == expected and len(stream) == len(expected)


def test_a_batch_holds_32_unless_told_otherwise():
    assert [len(x) for x, _ in models.batches(np.zeros((40, 1)), np.zeros(40))] == [32, 8]


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.uint8])
def test_number_types_and_shapes_are_kept(kind):
    stream = models.batches(np.ones((3, *SHAPE), kind), np.zeros(3, np.int64))
    ((x, y),) = stream
    assert x.numpy().dtype == kind and y.numpy().dtype == np.int64 and x.shape == (3, *SHAPE)
    assert stream.element_spec[0].shape.as_list() == [None, *SHAPE]


def test_images_on_disk_give_what_images_in_memory_give(tmp_path):
    images, labels = bright_or_dark(9)
    images.tofile(tmp_path / "images")
    stored = np.memmap(tmp_path / "images", np.float32, "r", shape=images.shape)
    for (x, y), (a, b) in zip(models.batches(stored, labels, 4), models.batches(images, labels, 4)):
        np.testing.assert_array_equal(x, a)
        np.testing.assert_array_equal(y, b)


def test_only_the_images_of_the_batches_are_taken_into_memory():
    """A terabyte that exists only as an index: to copy it, or to look at all its values, is a MemoryError."""
    images = np.broadcast_to(np.float32([1, 2]), (1_000_000, 512, 256, 2))
    assert images.nbytes > 1e12
    for shuffle in (True, False):
        x, y = next(iter(models.batches(images, np.arange(len(images)), batch_size=2, shuffle=shuffle)))
        assert x.shape == (2, 512, 256, 2) and x[0, 0, 0, 1] == 2 and len(y) == 2


def test_lists_are_welcome():
    ((x, y),) = models.batches([[1.0], [2.0]], [3, 4], shuffle=False)
    assert (x.numpy().tolist(), y.numpy().tolist()) == ([[1.0], [2.0]], [3, 4])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.zeros((3, 2)), np.zeros(4)), ValueError, r"images and labels must be equally many, .*\(3, 2\) and \(4,\)"),
        ((np.zeros((0, 2)), np.zeros(0)), ValueError, r"at least one. Received: shapes \(0, 2\) and \(0,\)"),
        ((np.zeros(()), np.zeros(())), ValueError, r"Received: shapes \(\) and \(\)"),
        (("images", np.zeros(3)), TypeError, "images must be an array of real numbers. Received: 'images'"),
        ((np.zeros((3, 2)), ["a", "b", "c"]), TypeError, r"labels must be an array of real numbers. Received: \['a'"),
        ((np.zeros((3, 2)), None), TypeError, "labels must be an array of real numbers. Received: None"),
        ((np.zeros((3, 2)), np.zeros(3), 0), ValueError, "batch_size must be an integer of at least 1. Received: 0"),
        ((np.zeros((3, 2)), np.zeros(3), 1.5), TypeError, "batch_size must be an integer .* Received: 1.5"),
        (
            (np.zeros((3, 2)), np.zeros(3), 2, True, -1),
            ValueError,
            "seed must be an integer of at least 0. Received: -1",
        ),
    ],
)
def test_bad_examples_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        models.batches(*arguments)


# ---------------------------------------------------------------- fit


def test_fit_learns_what_keras_fit_learns():
    """With all examples in one batch their order does not matter, and the weights must agree."""
    data, held_out = bright_or_dark(), bright_or_dark(20, seed=1)
    ours = classifier()
    theirs = twin(ours)
    history = models.fit(ours, data, held_out, epochs=4, batch_size=40, progress=False)
    expected = theirs.fit(*data, validation_data=held_out, epochs=4, batch_size=40, verbose=0).history
    for a, b in zip(ours.get_weights(), theirs.get_weights()):
        np.testing.assert_allclose(a, b, atol=1e-5)
    assert list(history) == list(expected) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    for name in expected:
        assert history[name] == pytest.approx(expected[name], abs=1e-4)
        assert all(type(value) is float for value in history[name])


def test_fit_solves_a_problem_that_a_line_solves():
    data, held_out = bright_or_dark(200), bright_or_dark(100, seed=1)
    history = models.fit(classifier(), data, held_out, epochs=5, progress=False)
    assert history["accuracy"][-1] > 0.97 and history["val_accuracy"][-1] > 0.97
    assert history["loss"][-1] < history["loss"][0] and len(history["loss"]) == 5


def test_without_validation_there_are_no_curves_of_it():
    assert set(models.fit(classifier(), bright_or_dark(), epochs=1, progress=False)) == {"loss", "accuracy"}
    assert set(models.fit(classifier(metrics=()), bright_or_dark(), epochs=1, progress=False)) == {"loss"}


@pytest.mark.parametrize("metrics", [[keras.metrics.SparseCategoricalAccuracy(name="hits")], ["accuracy"], [], None])
def test_metrics_may_be_given_in_every_way_that_keras_knows(metrics):
    """Also for a network that is trained in the cheaper order."""
    model = keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(3, 2, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=metrics)
    other = keras.models.clone_model(model)
    other.set_weights(model.get_weights())
    other.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=metrics)
    data = bright_or_dark()
    history = models.fit(model, data, epochs=1, batch_size=40, progress=False)
    expected = other.fit(*data, epochs=1, batch_size=40, verbose=0).history
    assert set(history) == set(expected)
    for name in expected:
        assert history[name] == pytest.approx(expected[name], abs=1e-4)


def test_validation_examples_are_not_learned():
    model = classifier()
    alone = twin(model)
    models.fit(model, bright_or_dark(), bright_or_dark(30, seed=7), progress=False)
    models.fit(alone, bright_or_dark(), progress=False)
    for a, b in zip(model.get_weights(), alone.get_weights()):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("change", [dict(seed=1), dict(batch_size=8), dict(epochs=3)])
def test_seed_batch_size_and_epochs_reach_the_training(change):
    plain = classifier()
    changed, again = twin(plain), twin(plain)
    for model, settings in ((plain, {}), (changed, change), (again, {})):
        models.fit(model, bright_or_dark(), progress=False, **{"epochs": 2, "batch_size": 10, "seed": 0, **settings})
    np.testing.assert_array_equal(plain.get_weights()[0], again.get_weights()[0])
    assert not np.allclose(plain.get_weights()[0], changed.get_weights()[0], atol=1e-6)


def test_two_epochs_unless_told_otherwise():
    assert len(models.fit(classifier(), bright_or_dark(), progress=False)["loss"]) == 2


def test_without_progress_training_is_silent(capfd):
    models.fit(classifier(), bright_or_dark(), bright_or_dark(), progress=False)
    assert capfd.readouterr() == ("", "")


def test_progress_is_one_bar_over_all_batches_of_all_epochs(capsys):
    models.fit(classifier(), bright_or_dark(40), epochs=2, batch_size=10, progress=True)
    out, err = capsys.readouterr()
    last = err.replace("\n", "\r").rstrip("\r").split("\r")[-1]
    assert out == "" and "epoch 1/2" in err
    assert last.startswith("epoch 2/2") and "8/8 batches" in last and "loss" in last and "accuracy" in last


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (dict(model="model"), TypeError, "model must be a Keras model. Received: 'model'"),
        (
            dict(train=np.zeros(3)),
            TypeError,
            r"train must be a pair \(images, labels\). Received: array of shape \(3,\)",
        ),
        (dict(train=(1, 2, 3)), TypeError, r"train must be a pair .* Received: tuple of 3 items"),
        (dict(validation=np.zeros(2)), TypeError, r"validation must be a pair \(images, labels\)"),
        (dict(train=(np.zeros((3, *SHAPE)), np.zeros(2))), ValueError, "images and labels must be equally many"),
        (
            dict(train=(np.zeros((3, *SHAPE)), [0, 1, 2])),
            ValueError,
            "labels of train must be whole .* 0 to 1, .* Received: 2",
        ),
        (dict(train=(np.zeros((2, *SHAPE)), [0, 0.5])), ValueError, "labels of train must be whole .* Received: 0.5"),
        (dict(validation=(np.zeros((2, *SHAPE)), [-1, 0])), ValueError, "labels of validation must be .* Received: -1"),
        (
            dict(validation=(np.zeros((0, *SHAPE)), np.zeros(0))),
            ValueError,
            "images and labels must be .* at least one",
        ),
        (dict(epochs=0), ValueError, "epochs must be an integer of at least 1. Received: 0"),
        (dict(batch_size=0), ValueError, "batch_size must be an integer of at least 1. Received: 0"),
        (dict(seed=-1), ValueError, "seed must be an integer of at least 0. Received: -1"),
    ],
)
def test_fit_names_what_it_cannot_use(settings, error, message):
    with pytest.raises(error, match=message):
        models.fit(**{"model": classifier(), "train": bright_or_dark(), "progress": False, **settings})


@pytest.mark.parametrize(
    "loss", ["sparse_categorical_crossentropy", keras.losses.sparse_categorical_crossentropy], ids=["name", "function"]
)
def test_labels_of_no_class_are_refused_however_the_loss_is_given(loss):
    model = classifier()
    model.compile("sgd", loss)
    with pytest.raises(ValueError, match="labels of train must be whole .* Received: 0.5"):
        models.fit(model, (np.zeros((2, *SHAPE)), [0, 0.5]), progress=False)


def test_a_model_that_cannot_be_trained_yet_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match="model must be built: begin it with keras.Input"):
        models.fit(keras.Sequential([layers.Dense(2)]), bright_or_dark())
    with pytest.raises(ValueError, match="model must be compiled: call model.compile first"):
        models.fit(keras.Sequential([keras.Input(SHAPE), layers.Flatten()]), bright_or_dark())


# ---------------------------------------------------------------- predict and probabilities


@pytest.mark.parametrize("batch_size", [1, 7, 128])
def test_predictions_come_in_the_order_of_the_images(batch_size):
    model, (images, _) = classifier(), bright_or_dark(23)
    expected = images.reshape(23, -1) @ model.layers[-1].kernel.numpy() + model.layers[-1].bias.numpy()
    got = models.predict(model, images, batch_size=batch_size)
    assert got.shape == (23, 2) and got.dtype == np.float32
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_prediction_leaves_out_what_is_for_training_only():
    model = keras.Sequential([keras.Input(SHAPE), layers.Flatten(), layers.Dropout(0.5), layers.BatchNormalization()])
    images = bright_or_dark(5)[0]
    weights = [value.copy() for value in model.get_weights()]
    expected = images.reshape(5, -1) / np.sqrt(1 + model.layers[-1].epsilon)
    np.testing.assert_allclose(models.predict(model, images), expected, atol=1e-6)
    got = models.activations(model, images[0])[model.layers[-1].name]
    np.testing.assert_allclose(got, expected[0], atol=1e-6)
    for value, before in zip(model.get_weights(), weights):
        np.testing.assert_array_equal(value, before)


def test_softmax_by_hand():
    got = models.probabilities(np.log([[3.0, 1.0], [1.0, 4.0]]))
    np.testing.assert_allclose(got, [[0.75, 0.25], [0.2, 0.8]])


@pytest.mark.parametrize("shift", [0, 1000, -1000])
def test_probabilities_sum_to_1_and_do_not_change_when_all_scores_rise(shift):
    scores = np.random.default_rng(0).normal(size=(4, 3)) * 5
    got = models.probabilities(scores + shift)
    np.testing.assert_allclose(got.sum(axis=1), 1)
    np.testing.assert_allclose(got, models.probabilities(scores), rtol=1e-9)
    np.testing.assert_allclose(got, keras.ops.softmax(scores).numpy(), rtol=1e-6)


def test_whole_scores_do_not_wrap_round():
    np.testing.assert_allclose(
        models.probabilities(np.array([[0, 200], [255, 3]], np.uint8)), [[0, 1], [1, 0]], atol=1e-9
    )


def test_probabilities_of_float32_are_float32_and_the_scores_are_kept():
    scores = np.float32([[1, 2], [3, 4]])
    assert models.probabilities(scores).dtype == np.float32
    assert scores.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        (np.zeros(3), r"scores must have 2 axes. Received: shape \(3,\)"),
        ([[np.nan, 0]], r"scores must hold finite numbers only. Received: nan at index \(0, 0\)"),
    ],
)
def test_bad_scores_are_named(scores, message):
    with pytest.raises(ValueError, match=message):
        models.probabilities(scores)


# ---------------------------------------------------------------- activations and saliency


def smooth(dtype="float32"):
    return keras.Sequential(
        [
            keras.Input(SHAPE, dtype=dtype),
            layers.Conv2D(3, (3, 2), activation="tanh", name="see", dtype=dtype),
            layers.Flatten(name="flat", dtype=dtype),
            layers.Dense(4, name="decide", dtype=dtype),
        ]
    )


def test_activations_are_what_each_layer_makes_of_the_one_before():
    model, image = smooth(), bright_or_dark(1)[0][0]
    got = models.activations(model, image)
    assert {name: value.shape for name, value in got.items()} == {"see": (4, 4, 3), "flat": (48,), "decide": (4,)}
    x = image[None]
    for layer in model.layers:
        x = layer(x)
        np.testing.assert_allclose(got[layer.name], x[0], atol=1e-6)


def test_activations_of_branches_are_there_too():
    x = keras.Input(SHAPE, name="image")
    left, right = layers.Conv2D(2, 3, name="left")(x), layers.Conv2D(2, 3, name="right")(x)
    model = keras.Model(x, layers.Add(name="sum")([left, right]))
    image = bright_or_dark(1)[0][0]
    got = models.activations(model, image)
    assert set(got) == {"image", "left", "right", "sum"}
    np.testing.assert_array_equal(got["image"], image)
    np.testing.assert_allclose(got["sum"], got["left"] + got["right"], atol=1e-6)


@pytest.mark.parametrize("output", [0, 3])
def test_saliency_is_the_size_of_the_slope_measured_by_central_differences(output):
    model, exact = smooth(), smooth("float64")
    exact.set_weights(model.get_weights())
    image = bright_or_dark(1)[0][0]
    steps = 1e-5 * np.eye(image.size).reshape(-1, *SHAPE)
    above, below = (exact(image.astype(float) + sign * steps).numpy()[:, output] for sign in (1, -1))
    expected = np.abs((above - below) / 2e-5).reshape(SHAPE)
    got = models.saliency(model, image, output)
    assert got.shape == SHAPE and got.dtype == np.float32 and expected.max() > 0.05
    np.testing.assert_allclose(got, expected, atol=1e-4)


def test_saliency_changes_neither_image_nor_model():
    model, image = smooth(), bright_or_dark(1)[0][0]
    before, weights = image.copy(), [value.copy() for value in model.get_weights()]
    models.saliency(model, image, 0)
    np.testing.assert_array_equal(image, before)
    for value, old in zip(model.get_weights(), weights):
        np.testing.assert_array_equal(value, old)


def maps(outputs):
    """A model of one layer with maps, put out so many times."""
    inputs = keras.Input((6, 5, 2))
    return keras.Model(
        inputs, [keras.layers.Conv2D(3, 1)(inputs)] * outputs if outputs > 1 else keras.layers.Conv2D(3, 1)(inputs)
    )


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: models.predict(smooth(), np.zeros((6, 5, 2))),
            ValueError,
            r"images must have the shape \(6, 5, 2\) that the model takes, after an axis that counts them. "
            r"Received: shape \(6, 5, 2\)",
        ),
        (
            lambda: models.predict(smooth(), np.zeros((3, 5, 6, 2))),
            ValueError,
            r"images must .*Received: shape \(3, 5, 6, 2\)",
        ),
        (lambda: models.predict(smooth(), np.zeros((0, 6, 5, 2))), ValueError, "at least one"),
        (lambda: models.predict(smooth(), "images"), TypeError, "images must be an array of real numbers"),
        (
            lambda: models.predict(None, np.zeros((1, 6, 5, 2))),
            TypeError,
            "model must be a Keras model. Received: None",
        ),
        (lambda: models.predict(smooth(), np.zeros((1, 6, 5, 2)), 0), ValueError, "batch_size must be .*Received: 0"),
        (
            lambda: models.activations(smooth(), np.zeros((6, 5))),
            ValueError,
            r"image must have the shape \(6, 5, 2\) that the model takes. Received: shape \(6, 5\)",
        ),
        (lambda: models.activations(smooth(), np.zeros((1, 6, 5, 2))), ValueError, r"Received: shape \(1, 6, 5, 2\)"),
        (lambda: models.activations("model", np.zeros((6, 5, 2))), TypeError, "model must be a Keras model"),
        (
            lambda: models.saliency(smooth(), np.zeros((6, 5, 1)), 0),
            ValueError,
            r"image must .* Received: shape \(6, 5, 1\)",
        ),
        (
            lambda: models.saliency(smooth(), np.zeros((6, 5, 2)), 4),
            ValueError,
            "output must be an integer from 0 to 3",
        ),
        (lambda: models.saliency(smooth(), np.zeros((6, 5, 2)), -1), ValueError, "output must be .* Received: -1"),
        (lambda: models.saliency(smooth(), np.zeros((6, 5, 2)), None), TypeError, "output must be .* Received: None"),
        (lambda: models.saliency(smooth, np.zeros((6, 5, 2)), 0), TypeError, "model must be a Keras model"),
        (lambda: models.saliency(maps(1), np.zeros((6, 5, 2)), 0), ValueError, r"a score for each class.* \(6, 5, 3\)"),
        (lambda: models.predict(maps(2), np.zeros((4, 6, 5, 2))), ValueError, "one output. Received: 2 outputs"),
    ],
)
def test_looking_inside_names_what_it_cannot_use(call, error, message):
    with pytest.raises(error, match=message):
        call()


# ---------------------------------------------------------------- reproducible


def trained(seed):
    models.reproducible(seed)
    model = keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(4, 3, activation="relu"),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(2),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    models.fit(model, bright_or_dark(), epochs=2, batch_size=8, progress=False)
    return np.concatenate([value.ravel() for value in model.get_weights()])


def test_the_same_seed_trains_the_same_weights_bit_for_bit():
    first, again, other = trained(3), trained(3), trained(4)
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


def test_tensorflow_is_told_to_add_in_a_fixed_order(monkeypatch):
    """Small trainings agree without it: what it changes shows only on larger machines."""
    told = []
    monkeypatch.setattr(tensorflow.config.experimental, "enable_op_determinism", lambda: told.append(True))
    models.reproducible(0)
    assert told == [True]


def test_python_and_numpy_are_seeded_too():
    def drawn(seed):
        models.reproducible(seed)
        return random.random(), np.random.rand()

    assert drawn(1) == drawn(1) and not set(drawn(1)) & set(drawn(2))


@pytest.mark.parametrize(
    ("seed", "error"), [(-1, ValueError), (2**32, ValueError), (0.5, TypeError), (None, TypeError)]
)
def test_a_seed_is_an_integer_of_32_bits(seed, error):
    with pytest.raises(error, match=f"seed must be an integer from 0 to 4294967295. Received: {seed}"):
        models.reproducible(seed)


# ---------------------------------------------------------------- backend


def test_importing_and_starting_tensorflow_says_nothing():
    script = (
        "import os; os.environ.pop('TF_CPP_MIN_LOG_LEVEL', None)\n"
        "from coursekit import models; import numpy as np; from coursekit.models.backend import keras\n"
        "assert os.environ['TF_CPP_MIN_LOG_LEVEL'] == '2'  # for what TensorFlow notes later\n"
        "models.reproducible(0)\n"
        "model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])\n"
        "models.predict(model, np.ones((3, 4)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=project.ROOT, env=project.environment()
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_why_an_import_fails_is_shown(tmp_path):
    (tmp_path / "tensorflow.py").write_text(
        "import os\nos.write(2, b'a note of the runtime')\nraise ImportError('no tensorflow here')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "import coursekit.models"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=project.environment(PYTHONPATH=f"{tmp_path}{os.pathsep}{project.ROOT}"),
    )
    assert done.returncode == 1
    assert "a note of the runtime" in done.stderr and "no tensorflow here" in done.stderr
