"""Laws of the classifiers of lecture 09: those of the notebook, and the study says what is claimed."""

import ast
import json
import re

import keras
import numpy as np
import pytest
from keras import layers
from nbformat import v4

import project
from coursekit import calcium, datafiles
from coursekit.models import brain, training

BUILDERS = {"baseline": brain.baseline, "second": brain.second, "improved": brain.improved}
PATHS = [path for path in project.notebooks() if path.name.startswith("09_")]


def statements():
    """Return the top-level statements of all code cells of lecture 09."""
    notebook = v4.reads(PATHS[0].read_text(encoding="utf-8"))
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code" and "%pip" not in cell.source]
    return [statement for cell in cells for statement in ast.parse(cell).body]


def uses(statement, word):
    return word in ast.unparse(statement)


def described(model):
    """What a model is and how it is compiled, without names; a layer ReLU is an Activation("relu")."""
    inside = [layer for layer in model.layers if not isinstance(layer, layers.InputLayer)]
    plain = [layers.Activation("relu") if nameless(layer.get_config()) == RELU else layer for layer in inside]
    told = [(type(layer).__name__, nameless(layer.get_config())) for layer in plain]
    return model.input_shape, told, nameless(model.get_compile_config())


def nameless(value):
    if isinstance(value, dict):
        return {key: nameless(item) for key, item in value.items() if key not in ("name", "build_config")}
    return [nameless(item) for item in value] if isinstance(value, (list, tuple)) else value


RELU = nameless(layers.ReLU().get_config())

# ---------------------------------------------------------------- networks


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("baseline", [(5 * 5 * 1 + 1) * 32, (31 * 31 * 32 + 1) * 2]),
        ("second", [(5 * 5 * 1 + 1) * 32, (2 * 2 * 32 + 1) * 32, (7 * 7 * 32 + 1) * 128, (128 + 1) * 2]),
    ],
)
def test_the_parameters_counted_by_hand(name, counts):
    model = BUILDERS[name]()
    assert [layer.count_params() for layer in model.layers if layer.count_params()] == counts
    assert model.count_params() == sum(counts) == {"baseline": 62_338, "second": 206_050}[name]


def test_the_improved_network_is_the_smallest():
    assert brain.improved().count_params() < 62_338


@pytest.mark.parametrize("name", BUILDERS)
def test_networks_give_two_scores_and_train_on_them(name):
    model = BUILDERS[name]()
    assert (model.input_shape, model.output_shape) == ((None, 128, 128, 1), (None, 2)) and model.compiled
    images = np.random.default_rng(0).normal(size=(4, 128, 128, 1)).astype(np.float32)
    scores = training.predict(model, images)
    expected = -np.log(training.probabilities(scores)[range(4), [0, 1, 1, 0]]).mean()  # logits, not probabilities
    assert model.evaluate(images, np.array([0, 1, 1, 0]), verbose=0)[0] == pytest.approx(expected, rel=1e-4)


def test_the_improved_network_averages_over_places():
    """A picture moved by as much as its strides shrink it gets the same scores: places do not matter."""
    keras.utils.set_random_seed(0)
    model = brain.improved()
    image = np.zeros((1, 128, 128, 1), np.float32)
    image[0, 48:64, 40:60] = np.random.default_rng(0).normal(size=(16, 20, 1))
    moved = np.roll(image, (16, 32), axis=(1, 2))
    np.testing.assert_allclose(training.predict(model, moved), training.predict(model, image), atol=1e-5)
    baseline = brain.baseline()
    assert not np.allclose(training.predict(baseline, moved), training.predict(baseline, image), atol=1e-3)


@pytest.mark.skipif(not PATHS, reason="lecture 09 does not exist yet")
def test_the_networks_are_those_written_out_in_the_notebook():
    written = {"keras": keras, "layers": layers}
    building = re.compile(r"\b(layers|keras)\.[A-Z]|keras\.losses\.|\.compile\(")
    for statement in statements():
        if building.search(ast.unparse(statement)) and not uses(statement, "trapped"):
            exec(compile(ast.Module([statement], []), "notebook", "exec"), written)
    for name, build in BUILDERS.items():
        assert described(written[name]) == described(build()), name


@pytest.mark.skipif(not PATHS, reason="lecture 09 does not exist yet")
def test_the_notebook_trains_each_network_for_as_many_epochs_as_the_study():
    epochs = {}
    for statement in statements():
        for call in ast.walk(statement):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "models.fit":
                settings = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
                epochs[ast.unparse(call.args[0])] = settings["epochs"]
    assert {name: epochs.get(name) for name in BUILDERS} == brain.EPOCHS


@pytest.mark.skipif(not PATHS, reason="lecture 09 does not exist yet")
def test_the_notebook_uses_the_images_of_the_study():
    loaded = {
        statement.targets[0].id: {k.arg: ast.literal_eval(k.value) for k in statement.value.keywords}
        for statement in statements()
        if isinstance(statement, ast.Assign) and uses(statement, "calcium.load(")
    }
    images = json.loads(datafiles.path(brain.STUDY).read_text(encoding="utf-8"))["images_per_class"]
    assert loaded == {
        "train": dict(segments=list(brain.TRAINING_SEGMENTS), images_per_class=images),
        "test": dict(segments=list(brain.TEST_SEGMENTS), images_per_class=images),
    }


# ---------------------------------------------------------------- the study


def recordings(segments, images, wrong=()):
    """Small images whose classes differ in brightness, in the segments `wrong` the other way round."""
    labels = np.tile(np.repeat([0, 1], images), len(segments))
    numbers = np.repeat(segments, 2 * images)
    bright = np.where(np.isin(numbers, wrong), 1 - labels, labels)
    noise = np.random.default_rng(sum(segments)).normal(0, 0.2, (len(labels), 4, 4, 1))
    return calcium.Recordings((noise + bright[:, None, None, None]).astype(np.float32), labels, numbers, numbers * 0)


def small():
    model = keras.Sequential([keras.Input((4, 4, 1)), layers.GlobalAveragePooling2D(), layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.1), loss, metrics=["accuracy"])
    return model


def test_accuracies_are_told_by_segment_and_by_kind():
    got = brain.accuracies(small, 8, 0, recordings([0, 1], 50), recordings([7, 8], 30, wrong=[8]))
    assert got == pytest.approx(
        {"validation": 1, "test": 0.5, "test 7": 1, "test 8": 0, "test real": 0.5, "test fake": 0.5}, abs=0.06
    )


def test_real_and_fake_are_not_confused(monkeypatch):
    def takes_everything_for_real():
        model = small()
        model.layers[-1].set_weights([np.zeros((1, 2)), np.array([1.0, 0.0])])
        return model

    monkeypatch.setattr(training, "fit", lambda *given, **settings: None)
    got = brain.accuracies(takes_everything_for_real, 1, 0, recordings([0], 10), recordings([7], 10))
    assert (got["test real"], got["test fake"], got["test"]) == (1, 0, 0.5)


def test_a_fifth_is_held_out_at_random_and_the_rest_is_trained_on(monkeypatch):
    seen = []

    def fit(model, train, epochs, seed, progress):
        seen.append((train, epochs, seed, progress))

    monkeypatch.setattr(training, "fit", fit)
    train = recordings([0, 1], 50)
    for seed in (0, 1):
        brain.accuracies(small, 3, seed, train, recordings([7], 5))
    (images, labels), epochs, _, progress = seen[0]
    assert images.shape == (160, 4, 4, 1) and (epochs, progress) == (3, False) and [s[2] for s in seen] == [0, 1]
    assert len(np.unique(images.reshape(160, -1), axis=0)) == 160
    assert 60 < labels.sum() < 100  # both kinds are in both parts
    assert not np.array_equal(images, seen[1][0][0])


def test_the_same_seed_gives_the_same_accuracies_and_another_seed_another_network():
    weights = []

    def built():
        model = small()
        weights.append(model.get_weights()[0])
        return model

    data = recordings([0, 1], 20), recordings([7], 20)
    first, again, _ = (brain.accuracies(built, 1, seed, *data) for seed in (3, 3, 4))
    assert first == again
    np.testing.assert_array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


@pytest.fixture
def quick(monkeypatch):
    """The study without training: accuracies tell which network and seed they belong to."""
    loaded = []

    def load(segments, images_per_class):
        loaded.append((segments, images_per_class))
        return f"recordings {segments}"

    def accuracies(build, epochs, seed, train, test):
        assert (train, test) == ("recordings (0, 1)", "recordings (7, 8)")
        return {"validation": seed / 10, "test": len(build.__name__) + seed / 100}

    monkeypatch.setattr(calcium, "load", load)
    monkeypatch.setattr(brain, "accuracies", accuracies)
    return loaded


def test_the_study_trains_each_network_with_each_seed(quick):
    study = brain.study(seeds=(4, 5), images_per_class=7, progress=False)
    assert quick == [((0, 1), 7), ((7, 8), 7)] and study["images_per_class"] == 7
    assert [(row["network"], row["seed"], row["epochs"]) for row in study["rows"]] == [
        (name, seed, epochs) for name, epochs in (("baseline", 2), ("second", 2), ("improved", 4)) for seed in (4, 5)
    ]
    assert study["rows"][1]["test"] == 8.05 and study["rows"][1]["validation"] == 0.5


def test_progress_is_shown_while_the_study_runs(quick, capsys):
    brain.study(seeds=(0,))
    assert "3/3" in capsys.readouterr().err
    brain.study(seeds=(0,), progress=False)
    assert capsys.readouterr() == ("", "")


def test_what_is_written_is_what_is_read(quick, tmp_path, monkeypatch):
    brain.main(tmp_path / "new", seeds=(0, 2), progress=False)
    assert [path.name for path in (tmp_path / "new").iterdir()] == [brain.STUDY]
    monkeypatch.setattr(datafiles, "_folder", lambda name: tmp_path / "new")
    table = brain.stored_accuracies()
    assert list(table) == ["baseline", "second", "improved"]
    assert table["second"] == {"epochs": [2, 2], "seed": [0, 2], "validation": [0, 0.2], "test": [6, 6.02]}


def test_an_interrupted_study_leaves_the_old_one(tmp_path, monkeypatch):
    (tmp_path / brain.STUDY).write_text("old")
    monkeypatch.setattr(brain, "study", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        brain.main(tmp_path)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(brain.STUDY, "old")]


def test_a_folder_that_cannot_be_written_is_known_before_the_study(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(brain, "study", lambda: pytest.fail("the study had begun"))
    with pytest.raises(NotADirectoryError, match="is a file. Expected: a folder"):
        brain.main(tmp_path / "file")


# ---------------------------------------------------------------- what the lecture claims


@pytest.fixture(scope="module")
def stored():
    return brain.stored_accuracies()


def test_each_network_was_trained_with_five_seeds(stored):
    assert list(stored) == list(BUILDERS)
    for name, columns in stored.items():
        assert columns["seed"] == [0, 1, 2, 3, 4] and columns["epochs"] == [brain.EPOCHS[name]] * 5
        assert len(set(columns["test"])) == 5  # five trainings, not one written five times


def test_the_stored_columns_agree_with_each_other(stored):
    """Both test recordings, and both kinds, hold the same number of images."""
    for columns in stored.values():
        for pair in (("test 7", "test 8"), ("test real", "test fake")):
            np.testing.assert_allclose(np.mean([columns[name] for name in pair], axis=0), columns["test"], atol=1e-4)


def test_the_baseline_is_about_as_good_as_on_the_original_images(stored):
    assert 0.78 <= np.mean(stored["baseline"]["test"]) <= 0.88  # published: 0.832


def test_the_second_network_is_no_better_than_the_first(stored):
    difference = np.mean(stored["second"]["test"]) - np.mean(stored["baseline"]["test"])  # published: -0.022
    assert abs(difference) < 0.06


def test_the_improved_network_is_better_in_every_training(stored):
    others = np.maximum(stored["baseline"]["test"], stored["second"]["test"])
    assert np.all(np.array(stored["improved"]["test"]) > others)
    assert np.mean(stored["improved"]["test"]) > np.mean(others) + 0.05


def test_the_description_of_the_study_says_how_it_was_made():
    study = json.loads(datafiles.path(brain.STUDY).read_text(encoding="utf-8"))
    assert "make accuracies" in study["made_by"] and "simulated" in study["what"]
    assert study["training_segments"] == list(brain.TRAINING_SEGMENTS)
    assert study["test_segments"] == list(brain.TEST_SEGMENTS)
