"""Homework 3: what a network earns by its scores on recordings that no student has, whatever file it comes in."""

import io
import json
import pickle
import re
import shutil
import zipfile
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from nbformat import v4

import equipment
import masters
import project
from answers_assignments import edited
from answers_assignments.brain_food import WRONG
from coursekit import assignments, datafiles, digits
from coursekit.assignments import misconceptions
from coursekit.calcium import generator, simulator
from coursekit.grading import assignment as grading_assignments
from coursekit.grading import build, grader, heldout, stored
from coursekit.grading.networks import Networks
from coursekit.models import keeping
from coursekit.models.backend import keras

NAME = "hw3_brain_food"
QUESTIONS = masters.questions(NAME)
FRAMES = 25  # held out in these tests; frame i has the mean value i − 12.5, and is fake if that is positive
layers = keras.layers


def frames():
    """Return held-out arrays of frames, on which scores can be worked out by hand: the left half is a little brighter
    or darker than the right one, in no order, but of the same sign."""
    values = np.arange(FRAMES) - 12.5
    halves = np.random.default_rng(4).uniform(-0.4, 0.4, FRAMES) * np.abs(values)
    sides = np.where(np.arange(128) < 64, 1, -1)
    images = values[:, None] + halves[:, None] * sides
    return {
        "images": np.ones((FRAMES, 128, 128, 1), np.float16) * images[:, None, :, None].astype(np.float16),
        "labels": (values > 0).astype(np.int64),
    }


def small(border=0.0, scale=1.0):
    """Return a network that calls frames with a value above `border` fake."""
    model = keras.Sequential([keras.Input((128, 128, 1)), layers.GlobalAveragePooling2D(), layers.Dense(2)])
    model.layers[-1].set_weights([np.float32([[0, scale]]), np.float32([0, -border * scale])])
    return model


def left():
    """Return a network that knows the left half of a frame only: as right as `small`, in another order."""
    model = keras.Sequential(
        [
            keras.Input((128, 128, 1)),
            layers.RandomFlip("vertical"),  # in training only
            layers.Cropping2D(((0, 0), (0, 64))),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.9),
            layers.Dense(2),
        ]
    )
    model.layers[-1].set_weights([np.float32([[0, 1]]), np.zeros(2, np.float32)])
    return model


def compiled():
    """Return a network of the shapes of `small`, with random weights, ready to be trained."""
    model = keras.Sequential([keras.Input((128, 128, 1)), layers.GlobalAveragePooling2D(), layers.Dense(2)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def baseline(border=0.0):
    """Return the baseline with weights that do the same: 31 · 31 places, each with a feature of value max(0, ±v)."""
    model = keras.Sequential(
        [
            keras.Input((128, 128, 1)),
            layers.Conv2D(32, (5, 5), activation="relu"),
            layers.MaxPooling2D((4, 4)),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )
    kernel, dense = np.zeros((5, 5, 1, 32), np.float32), np.zeros((31, 31, 32, 2), np.float32)
    kernel[..., 0], kernel[..., 1] = 1 / 25, -1 / 25
    dense[..., 0, 1], dense[..., 1, 1] = 1 / 961, -1 / 961
    model.set_weights([kernel, np.zeros(32), dense.reshape(-1, 2), np.float32([0, -border])])
    return model


def file_of(model, folder, name="model"):
    """Return the bytes of the file in which `model` is handed in."""
    keeping.save(folder / f"{name}.keras", model, {"loss": [1.0]})
    return (folder / f"{name}.keras").read_bytes()


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    """The assignment as `make assignments` and `make held-out` leave it, but for what is held out."""
    root = tmp_path_factory.mktemp("course")
    shutil.copy(project.ROOT / "pyproject.toml", root)
    shutil.copytree(
        masters.FOLDER / NAME, root / "assignments" / NAME, ignore=shutil.ignore_patterns("student", "*.keras")
    )
    build.main([NAME], root)
    with pytest.raises(ValueError, match="graded on recordings that are not there: run `make held-out` first"):
        grading_assignments.load("hw3", root / "assignments")
    held = root / "assignments" / "_build" / NAME / "held_out"
    held.mkdir()
    np.savez(held / f"{heldout.NAME}.npz", **frames())
    return grading_assignments.load("hw3", root / "assignments")


TINY = """
def build_{name}():
    network = keras.Sequential([keras.Input((128, 128, 1)), layers.GlobalAveragePooling2D(), layers.Dense(2)])
    network.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return network
"""


def notebook(**answers):
    """Return a handed-in notebook: the released one with answers to questions, and little to train on."""
    found = v4.reads((masters.FOLDER / NAME / "student" / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    for cell in found.cells:
        cell.source = answers.get(cell.id, cell.source)
        cell.source = cell.source.replace("images_per_class=512", "images_per_class=2")
        cell.source = cell.source.replace("images_per_class=128", "images_per_class=2")
    return v4.writes(found).encode()


def answered(**changed):
    """Return the notebook of somebody who has answered all that is graded by measurement."""
    answers = {"q1-answer": QUESTIONS["q1"].solution}
    head, train = QUESTIONS["q2"].solution.split("\n\n\n")
    answers.update({"q2-answer": head, "q2-train": train})
    for question, name in (("q4", "first"), ("q5", "second")):
        answers[f"{question}-answer"] = TINY.format(name=name)
        answers[f"{question}-train"] = f'{name}, curves = trained("{name}.keras", build_{name}, learn, epochs=1)'
    return notebook(**{**answers, **changed})


def points(report):
    return {name: one["points"] for name, one in report["questions"].items() if not one["manual"]}


def messages(report, question):
    return " ".join(case["message"] for case in report["questions"][question]["cases"] if not case["passed"])


# ---------------------------------------------------------------- the real grader, in the sandbox


@equipment.needs("bubblewrap", "otter")
def test_networks_that_are_right_earn_all_points(assignment, tmp_path):
    files = {
        "baseline.keras": file_of(baseline(), tmp_path),
        "first (2).keras": file_of(small(), tmp_path),
        "second-1.keras": file_of(left(), tmp_path),
    }
    report = grader.grade(assignment, answered(), files)
    assert (report["graded"], report["problem"], report["errors"]) == (True, None, [])
    assert points(report) == {"q1": 2, "q2": 3, "q4": 3, "q5": 3}
    assert messages(report, "q2") == "" and len(report["questions"]["q2"]["cases"]) == 6  # the public ones, too
    assert report["points"] == report["possible"] == 11
    assert report["recorded"] == {"accuracy": 1.0}


@equipment.needs("bubblewrap", "otter")
def test_as_good_as_the_baseline_earns_the_base_points_and_a_missing_file_is_trained(assignment, tmp_path):
    wrong = 6  # frames between 0 and the border: 19 of 25 are right
    files = {"baseline.keras": file_of(baseline(wrong), tmp_path), "first.keras": file_of(small(wrong), tmp_path)}
    report = grader.grade(assignment, answered(), files)
    assert (report["graded"], report["errors"]) == (True, [])
    found = points(report)
    assert (found["q2"], found["q4"]) == (3, 1)
    assert "fewer than 92% of the held-out frames are right" in messages(report, "q4")
    public = [case for case in report["questions"]["q5"]["cases"] if not case["hidden"]]
    assert [case["passed"] for case in public] == [True] * 3  # it was trained here, on eight frames
    assert report["recorded"]["accuracy"] >= 0.76


@equipment.needs("bubblewrap", "otter")
@pytest.mark.parametrize("copy", [small, lambda: small(0.5, scale=3)])
def test_a_second_that_answers_as_the_first_earns_nothing(copy, assignment, tmp_path):
    files = {"first.keras": file_of(small(), tmp_path), "second.keras": file_of(copy(), tmp_path)}
    report = grader.grade(assignment, answered(**{"q2-answer": "", "q2-train": "baseline = ..."}), files)
    assert (points(report)["q4"], points(report)["q5"]) == (3, 0)
    assert "as a copy would" in messages(report, "q5") and "second is a copy of first" in messages(report, "q5")


CLAIMS = """
class Layer:
    def __init__(self, count): self.count = count
    def count_params(self): return self.count
class Liar:
    layers = [Layer(832), Layer(61506)]
    output_shape, input_shape = (None, 2), (None, 128, 128, 1)
    def __call__(self, images, training=False): return np.array(images).mean(axis=(1, 2)) * [[0, 1.0]]
    def save(self, path):
        with open(path, "wb") as file: file.write(b"claims")
def build_baseline(): return Liar()
"""


@equipment.needs("bubblewrap", "otter")
def test_what_an_object_says_of_itself_earns_nothing(assignment):
    """It passes public tests, which ask it, and no hidden one, which asks the file."""
    report = grader.grade(
        assignment,
        answered(
            **{
                "q2-answer": CLAIMS,
                "q2-train": "baseline = build_baseline()",
                "q4-answer": "first = build_baseline()",
                "q4-train": "",
                "q5-answer": "second = build_baseline()",
                "q5-train": "",
            }
        ),
    )
    assert report["graded"] and len(report["errors"]) <= 1  # the cell that draws all three
    assert points(report) == {"q1": 2, "q2": 0, "q4": 0, "q5": 0}
    assert all(case["passed"] for case in report["questions"]["q4"]["cases"] if not case["hidden"])


@equipment.needs("bubblewrap", "otter")
def test_hostile_files_and_scores_that_are_none_earn_nothing_and_the_rest_is_graded(assignment, tmp_path):
    files = {
        "baseline.keras": zip_bomb(),
        "first.keras": with_lambda(tmp_path),
        "second.keras": file_of(small(np.nan), tmp_path),
    }
    report = grader.grade(assignment, answered(), files)
    assert (report["graded"], report["problem"]) == (True, None)
    assert points(report) == {"q1": 2, "q2": 2, "q4": 0, "q5": 0}  # q2: build_baseline itself is right
    said = " ".join(message for _, _, message in report["errors"])
    assert "baseline.keras must be a network stored by Keras. Received: 200 MB when unpacked" in said
    assert "first.keras must be a network stored by Keras. Received: a network with a Lambda layer" in said
    assert "the notebook does not define `first`" in messages(report, "q4")
    assert "scores should be finite numbers, received" in messages(report, "q5")
    assert not (tmp_path / "ran").exists() and report["recorded"] == {}


@equipment.needs("bubblewrap", "otter")
def test_the_released_notebook_untouched_runs_and_earns_nothing(assignment):
    report = grader.grade(assignment, notebook())
    assert (report["graded"], report["errors"], report["points"]) == (True, [], 0)
    kinds = {case["kind"] for one in report["questions"].values() for case in one["cases"]}
    assert kinds == {"unanswered"}


def zip_bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", bytes(200_000_000))
    return packed.getvalue()


def with_lambda(folder):
    """Return the file of a network whose Lambda layer writes a file when it is read or called."""
    target = str(folder / "ran")
    code = layers.Lambda(lambda x: (open(target, "w").close(), x)[1], output_shape=(128, 128, 1))
    model = keras.Sequential([keras.Input((128, 128, 1)), code, layers.GlobalAveragePooling2D(), layers.Dense(2)])
    (folder / "ran").unlink(missing_ok=True)
    model.save(folder / "lambda.keras")
    (folder / "ran").unlink(missing_ok=True)
    return (folder / "lambda.keras").read_bytes()


# ---------------------------------------------------------------- networks in files


def test_a_file_is_read_the_first_time_and_trained_anew_the_second(tmp_path):
    keeping.save(tmp_path / "kept.keras", small(3.0), {"loss": [0.5]})
    examples = frames()["images"][:4].astype(np.float32), np.array([0, 0, 1, 1])
    model, curves = keeping.trained(tmp_path / "kept.keras", compiled, examples, progress=False)
    assert curves == {"loss": [0.5]} and model.get_weights()[1].tolist() == [0, -3]
    model, curves = keeping.trained(tmp_path / "kept.keras", compiled, examples, epochs=3, progress=False)
    assert len(curves["loss"]) == 3 and keeping.load(tmp_path / "kept.keras")[1] == curves
    assert [one.name for one in tmp_path.iterdir()] == ["kept.keras"]


def test_the_seed_decides_the_training_and_another_shape_is_trained_anew(tmp_path):
    examples = frames()["images"][:4].astype(np.float32), np.array([0, 0, 1, 1])
    keeping.save(tmp_path / "a.keras", baseline(), {})
    found = [
        keeping.trained(tmp_path / f"{name}.keras", compiled, examples, seed=seed, progress=False)[0]
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    weights = [model.get_weights()[0] for model in found]
    assert weights[0].shape == (1, 2) and np.array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


@pytest.mark.parametrize("name", ["mine-1.keras", "mine (2).keras", "mine(3).keras"])
def test_a_file_is_found_under_the_name_that_a_platform_gave_it(name, tmp_path):
    keeping.save(tmp_path / name, small(2.0))
    keeping.save(tmp_path / "mine2.keras", small(9.0))
    keeping.save(tmp_path / "mine-0.keras", small(8.0))  # an older version
    model, _ = keeping.trained(tmp_path / "mine.keras", compiled, ([], []), progress=False)
    assert model.get_weights()[1].tolist() == [0, -2]


def damaged_files():
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("config.json", "{")
        archive.writestr("model.weights.h5", b"no HDF5")
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    return {
        "damaged, or of another kind": pickle.dumps({"weights": [1, 2]}),
        "damaged": b"",
        "without config.json": empty.getvalue(),
        "Expecting": whole.getvalue(),
        "200 MB when unpacked": zip_bomb(),
    }


@pytest.mark.parametrize("reason", damaged_files())
def test_what_is_no_stored_network_is_refused_with_the_reason(reason, tmp_path):
    (tmp_path / "odd.keras").write_bytes(damaged_files()[reason])
    with pytest.raises(ValueError, match=f"^odd.keras must be a network stored by Keras. Received: .*{reason}"):
        keeping.trained(tmp_path / "odd.keras", compiled, ([], []))


def test_code_in_a_file_is_not_run(tmp_path):
    (tmp_path / "odd.keras").write_bytes(with_lambda(tmp_path))
    with pytest.raises(ValueError, match="Received: a network with a Lambda layer, which holds code"):
        keeping.load(tmp_path / "odd.keras")
    assert not (tmp_path / "ran").exists()


def test_a_network_that_is_too_large_to_be_handed_in_is_not_kept(tmp_path):
    large = keras.Sequential([keras.Input((3000,)), layers.Dense(2000)])
    with pytest.raises(ValueError, match="at most 20 MB to be handed in. Received: 2. MB, 6,002,000 parameters"):
        keeping.save(tmp_path / "large.keras", large)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "build", "error", "message"),
    [
        ("net.h5", small, ValueError, "path must end in .keras. Received: 'net.h5'"),
        ("net.keras", None, TypeError, "build must be a function that returns a network. Received: None"),
        ("net.keras", lambda: None, TypeError, "build must return a Keras model. Received: None"),
    ],
)
def test_bad_arguments_are_named(path, build, error, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=re.escape(message)):
        keeping.trained(path, build, ([], []))


# ---------------------------------------------------------------- what is held out


def test_held_out_recordings_are_of_other_mice_and_of_another_generator(tmp_path):
    path = heldout.make(tmp_path, seed=5, images=3, frames=16, warm_steps=1, steps=1)
    found = dict(np.load(path, allow_pickle=False))
    assert found["images"].shape == (18, 128, 128, 1) and found["images"].dtype == np.float16
    for column, values in (("labels", [0, 1]), ("recordings", [7, 8, 9])):
        numbers, counts = np.unique(found[column], return_counts=True)
        assert numbers.tolist() == values and set(counts) == {18 // len(values)}
    about = json.loads((tmp_path / "held_out.json").read_text())
    assert about["seed"] == 5 and "keep them, and this seed, from students" in about["what"]
    for segment in heldout.GRADED:
        given, _ = simulator.simulate(segment, 3, seed=0)
        mine = found["images"][(found["recordings"] == segment) & (found["labels"] == 0), ..., 0]
        assert all(np.corrcoef(a.ravel(), b.ravel())[0, 1] < 0.99 for a in given for b in mine.astype(float))


def test_the_seed_decides_the_recordings_and_the_weights_decide_the_fakes():
    weights = generator.load_weights()
    first, again, other = (heldout.recordings(seed, 2, weights) for seed in (1, 1, 2))
    assert np.array_equal(first["images"], again["images"])
    assert not np.array_equal(first["images"], other["images"])
    louder = heldout.recordings(1, 2, {**weights, "scale": 2 * weights["scale"]})
    real = first["labels"] == 0
    assert np.array_equal(first["images"][real], louder["images"][real])
    assert np.allclose(2 * first["images"][~real], louder["images"][~real], atol=0.05)
    outside = first["images"] == 0
    assert 0.01 < outside.mean() < 0.5  # fakes wear the window of a mouse, as real frames do
    assert np.allclose(outside[real].mean(), outside[~real].mean(), atol=0.01)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"seed": 0}, "seed must be"),
        ({"images": 0}, "images must be"),
        ({"frames": 15}, "frames must be"),
        ({"warm_steps": 0}, "warm_steps must be"),
        ({"steps": -1}, "steps must be"),
    ],
)
def test_a_bad_argument_of_the_held_out_recordings_is_named_before_anything_is_made(wrong, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        heldout.make(tmp_path / "new", **wrong)
    assert not (tmp_path / "new").exists()


def test_a_seed_is_drawn_when_none_is_given_and_the_command_does_not_show_it(tmp_path, monkeypatch, capsys):
    seeds = []
    monkeypatch.setattr(
        heldout, "trained_generator", lambda seed, *settings: seeds.append(seed) or generator.load_weights()
    )
    for _ in range(2):
        heldout.main(["--out", str(tmp_path), "--images", "1"])
    assert seeds[0] != seeds[1] and all(1 <= seed <= heldout.MOST_SEED for seed in seeds)
    shown = capsys.readouterr()
    assert "6 frames" in shown.out and str(seeds[1]) not in shown.out + shown.err
    assert json.loads((tmp_path / "held_out.json").read_text())["seed"] == seeds[1]


def test_accuracy_is_the_share_of_right_frames_and_the_best_is_recorded():
    noted, networks = {}, Networks(held_out=frames())
    assert networks.accuracy("a", small(6), noted.__setitem__) == 19 / 25
    assert networks.accuracy("b", small(2), noted.__setitem__) == 23 / 25
    assert noted == {"accuracy": 23 / 25}
    assert networks.accuracy("a", None, noted.__setitem__) == 19 / 25  # asked once
    assert noted == {"accuracy": 23 / 25}


def test_a_second_network_must_order_frames_differently_not_only_have_other_numbers():
    networks = Networks(held_out=frames(), names={"first": small(), "nothing": ...})
    assert networks.accuracy("scaled", small(0.5, scale=7), unlike="first") == 0
    assert networks.accuracy("left", left(), unlike="first") == 1
    assert networks.accuracy("alone", small(), unlike="nothing") == networks.accuracy("alone", small(), unlike="x") == 1


def test_the_same_file_gives_the_same_scores_whatever_happens_in_training():
    found = [Networks(held_out=frames())._scores("left", left()) for _ in range(2)]
    assert np.array_equal(*found) and found[0].std() > 1


def test_frames_are_shown_once_in_an_order_of_the_files_own(monkeypatch):
    seen = {}

    def scores(data, chosen):
        shown = np.concatenate([stored._shown[number] for number in sorted(stored._shown)])
        seen.setdefault(data, []).append(shown[chosen, 0, 0, 0])
        raise ValueError("seen")

    monkeypatch.setattr(stored, "scores", scores)
    networks = Networks(held_out=frames())
    for data in (b"one", b"two"):
        monkeypatch.setattr(networks, "_file", lambda network, data=data: data)
        for error in (ValueError, AssertionError, AssertionError):
            with pytest.raises(error):
                networks.accuracy(data, None)
    assert [len(found) for found in seen.values()] == [1, 1]
    assert not np.array_equal(*(found[0] for found in seen.values()))
    assert np.array_equal(*(np.sort(found[0]) for found in seen.values()))


def test_a_process_that_has_not_seen_the_frames_is_shown_them(monkeypatch):
    class Apart:
        """A second sandbox whose process dies when told to, so that the next question starts another."""

        generation, shown, alive = 0, {}, False

        def get(self, question):
            if not self.alive:
                self.generation, self.alive = self.generation + 1, True
                self.shown.clear()
            return getattr(self, question)

        def show(self, number, images):
            self.shown[number] = images

        def scores(self, data, chosen):
            frames = np.concatenate([self.shown[number] for number in range(len(self.shown))])[chosen]
            return np.stack([0 * frames[:, 0, 0, 0], frames.mean(axis=(1, 2, 3))], axis=1).astype(np.float32)

    monkeypatch.setattr(stored, "BLOCK", 10)
    networks = Networks(object(), frames())
    networks.apart = apart = Apart()
    for generation, name in enumerate((b"one", b"two"), 1):
        monkeypatch.setattr(networks, "_file", lambda network, data=name: data)
        assert networks.accuracy(name, None) == 1
        assert (len(apart.shown), apart.generation) == (3, generation)
        apart.alive = False


def test_scores_are_those_of_the_network_called_as_promised(tmp_path):
    images = np.random.default_rng(3).normal(size=(70, 128, 128, 1)).astype(np.float16)
    networks = Networks(held_out={"images": images, "labels": np.zeros(70, int)})
    model = keras.Sequential(
        [keras.Input((128, 128, 1)), layers.Conv2D(3, 5, strides=9), layers.BatchNormalization(), layers.Dropout(0.5)]
        + [layers.GlobalMaxPooling2D(), layers.Dense(2)]
    )
    expected = np.asarray(model(images.astype(np.float32), training=False))
    np.testing.assert_allclose(networks._scores("a", model), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    "scores",
    [
        np.full((25, 2), np.nan),
        np.full((25, 2), 1e31),
        np.zeros((25, 3)),
        np.zeros(25),
        np.zeros((24, 2)),
        np.zeros((25, 2), int),
        np.array([["1", "2"]] * 25),
        np.zeros((25, 2), object),
        [[0.0, 1.0]] * 25,
        None,
    ],
)
def test_scores_that_are_no_scores_have_no_accuracy(scores, monkeypatch):
    monkeypatch.setattr(stored, "scores", lambda data, images: scores)
    with pytest.raises(AssertionError):
        Networks(held_out=frames()).accuracy("a", small())


def test_the_structure_is_read_from_the_file_as_data():
    found = Networks(held_out=frames()).layers(baseline())
    assert [kind for kind, _ in found] == ["Conv2D", "MaxPooling2D", "Dense"]
    assert found[0][1]["filters"] == 32 and list(found[0][1]["kernel_size"]) == [5, 5]
    inner = keras.Sequential([keras.Input((128, 128, 1)), layers.Conv2D(3, 2)])
    outer = keras.Sequential([keras.Input((128, 128, 1)), inner, layers.Flatten(), layers.Dense(1)])
    assert [kind for kind, _ in Networks().layers(outer)] == ["Conv2D", "Dense"]


def test_digits_that_nobody_has_are_drawn_from_a_seed():
    images, labels = heldout.digits(5)
    assert images.shape == (1000, 784) and images.min() == 0 and images.max() == 1
    assert np.bincount(labels).tolist() == [100] * 10
    shipped = digits.load("test")[0].reshape(1000, -1)
    assert max(np.abs(shipped - one).mean(axis=1).min() < 0.01 for one in images[:50]) == 0


def test_they_are_drawn_where_matplotlib_is_older_and_lacks_a_font(tmp_path, monkeypatch):
    fonts = tmp_path / "fonts" / "ttf"
    fonts.mkdir(parents=True)
    for file in Path(matplotlib.get_data_path(), "fonts", "ttf").glob("*.ttf"):
        if file.stem != "cmti10":
            (fonts / file.name).symlink_to(file)
    monkeypatch.setattr(matplotlib, "get_data_path", lambda: str(tmp_path))
    images, labels = heldout.digits(6)
    assert images.max() == 1 and np.bincount(labels).tolist() == [100] * 10


# ---------------------------------------------------------------- the notebook and its checks


def values(question, solution=None):
    """Return the names that `question` needs, its answer being `solution`, in a namespace."""
    found = {
        "keras": keras,
        "layers": layers,
        "np": np,
        "baseline": small(),
        "trained": lambda *a, **k: (small(), {}),
        "learn": None,
        "watch": None,
    }
    exec(solution or QUESTIONS[question].solution, found)
    return found


@pytest.mark.parametrize("question", ["q1", "q2"])
def test_the_solution_passes_and_a_stub_is_not_answered_yet(question):
    found = QUESTIONS[question]
    assert assignments.start(NAME, values(question)).check(question).passed is True
    stub = assignments.start(NAME, {**values(question, found.stub), "baseline": ...}).check(question)
    assert (stub.passed, stub.message) == (None, "not answered yet")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        pytest.param(question, answer, id=f"{question}-{number}")
        for question, answers in WRONG.items()
        for number, answer in enumerate(answers)
    ],
)
def test_a_wrong_answer_is_told_why(question, answer):
    found = QUESTIONS[question]
    changed = values(question, edited(found.solution, answer.edits))
    result = assignments.start(NAME, changed).check(question)
    assert result.passed is False and answer.part in result.message, result.message


def test_scores_that_happen_to_be_positive_are_not_taken_for_probabilities():
    lucky = "layers.Dense(2, bias_initializer=keras.initializers.Constant(100.0))"
    changed = values("q2", edited(QUESTIONS["q2"].solution, [("layers.Dense(2)", lucky)]))
    assert assignments.start(NAME, changed).check("q2").passed is True


def test_every_misconception_is_recognised_in_a_wrong_answer():
    bank = misconceptions.read(datafiles.path("assignments", NAME, "misconceptions.json"))
    sentences = [sentence for sentence, _ in bank["measure"][1]]
    assert len(set(sentences)) == len(sentences) == 14
    assert all(any(answer.part in sentence for answer in WRONG["q1"]) for sentence in sentences)


def test_it_is_worth_twenty_points_of_which_measured_ones_are_in_hidden_tests():
    assert sum(question.points for question in QUESTIONS.values()) == 20
    assert sum(question.points for question in QUESTIONS.values() if not question.manual) == 11
    for question in QUESTIONS.values():
        for case in question.tests.cases if question.tests else ():
            assert (case.points > 0) == case.hidden


def test_the_stated_thresholds_are_those_of_the_tests():
    stated = next(cell.source for cell in masters.student(NAME).cells if "share of held-out" in cell.source)
    tested = re.findall(r">= (0\.\d+)", "".join(one.hidden for one in QUESTIONS.values()))
    shares = {float(share) for share in tested}
    assert len(shares) == 3 and all(f"{share:.0%} or more" in stated for share in shares)


def test_nothing_of_solutions_hidden_tests_or_held_out_data_is_in_a_file_for_students():
    folder = datafiles.path("assignments", NAME)
    texts = [path.read_text(encoding="utf-8").replace("\\n", "\n") for path in sorted(folder.iterdir())]
    texts += [cell.source for cell in masters.student(NAME).cells]
    given = {line.strip() for text in texts for line in text.splitlines()}
    for question in QUESTIONS.values():
        stubbed = {line.strip() for line in question.stub.splitlines()}
        secret = {line.strip() for line in question.solution.splitlines()} - stubbed
        secret = {line for line in secret if len(line) > 12 and not line.startswith("baseline, baseline_curves")}
        assert secret and not secret & given
    text = "\n".join(texts)
    assert not any(word in text for word in ("def test_hidden", "heldout", "Rubric", "Model answer", "BEGIN SOLUTION"))
    assert not {
        number
        for one in QUESTIONS.values()
        for number in re.findall(r"\b\d{5}\b", one.hidden)
        if number not in ("62338", "61506")
    } & set(re.findall(r"\d+", text))
