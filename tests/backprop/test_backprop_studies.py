"""Laws of the studies of lecture 08: they train what the notebook shows, and say what it claims."""

import ast
import inspect
import json

import numpy as np
import pytest
from nbformat import v4

import project
from coursekit import backprop, datafiles
from coursekit.backprop import broken, studies

SEEDS = [0, 1, 2]
(LECTURE,) = (path for path in project.notebooks() if path.name.startswith("08_"))
CELLS = {cell.id: cell.source for cell in v4.reads(LECTURE.read_text(encoding="utf-8")).cells}


def small(n=120, kinds=3):
    """Pictures of 28 × 28 whose class is where they are bright: quickly learned."""
    labels = np.arange(n) % kinds
    images = np.random.default_rng(0).normal(0, 0.2, (n, 28, 28, 1)).astype(np.float32)
    for image, label in zip(images, labels):
        image[9 * label : 9 * label + 9] += 1
    return images, labels


@pytest.fixture
def quick(monkeypatch):
    """The studies on a few easy pictures."""
    monkeypatch.setattr(studies, "pictures", lambda source="simulated": (small(), small(60)))


# ---------------------------------------------------------------- the networks are those of the notebook


def lecture_kinds():
    """Return the ways back as the notebook writes them, run without its trainings."""
    names = {"np": np, "backprop": backprop, **{name: getattr(backprop, name) for name in backprop.__all__}}
    for cell in ("network", "broken", "broken-run"):
        for statement in ast.parse(CELLS[cell]).body:
            text = ast.unparse(statement)
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)) or text.startswith("kinds ="):
                exec(text, names)
    return names["kinds"]


@pytest.mark.parametrize("way", broken.WAYS)
def test_each_way_back_is_that_of_the_notebook(way):
    images, labels = small(6)
    found = []
    for make in (broken.WAYS[way], lecture_kinds()[way]):
        net = make(2)
        net.loss_and_gradients(images, labels)
        found.append([layer.gradients[name] for layer, name in net.parameters()])
    for ours, theirs in zip(*found):
        np.testing.assert_array_equal(ours, theirs)


def test_the_ways_back_differ_from_the_right_one_and_from_each_other():
    images, labels = small(6)
    slopes = []
    for make in broken.WAYS.values():
        net = make(2)
        net.loss_and_gradients(images, labels)
        slopes.append(net.layers[0].gradients["kernels"])
    assert all(not np.allclose(a, b) for i, a in enumerate(slopes) for b in slopes[:i])


@pytest.mark.parametrize("way", broken.WAYS)
def test_the_check_finds_every_wrong_way_and_passes_the_right_one(way):
    assert (studies.first_kernel_check(broken.WAYS[way], small(6)).error < 1e-4) == (way == "right")


# ---------------------------------------------------------------- the trainings


def test_a_training_that_diverges_counts_as_chance_and_is_said_to(quick):
    found = studies.rates("plain", 1e9, seed=0)
    assert found == {"accuracy": studies.CHANCE, "diverged": True}
    assert studies.rates("momentum 0.9", 0.02, seed=0)["accuracy"] > 0.8


def test_wrong_gradients_are_trained_and_checked(quick):
    right, spread = (studies.wrong_gradients(way, 0) for way in ("right", "pooling spread"))
    assert right["accuracy"] > 0.8 and right["check"] < 1e-4 < spread["check"] and not right["diverged"]


@pytest.fixture
def hundred(monkeypatch):
    """The study of overfitting, twenty epochs long, on noise: whatever it learns, it learns by heart."""
    rng = np.random.default_rng(0)
    data = rng.normal(size=(3600, 28, 28, 1)).astype(np.float32), rng.integers(0, 10, 3600)
    monkeypatch.setattr(studies, "pictures", lambda: (data, (data[0][3500:], data[1][3500:])))
    monkeypatch.setattr(studies, "EPOCHS", 20)


def test_what_is_learned_by_heart_helps_nowhere_else(hundred):
    found = studies.overfitting("nothing", 0)
    assert found["training"] > 0.5 and found["accuracy"] < 0.3 and found["epochs"] == 20


def test_early_stopping_keeps_an_earlier_and_better_network(hundred):
    nothing, stopped = (studies.overfitting(cure, 0) for cure in ("nothing", "early stopping"))
    assert stopped["epochs"] < 20 and stopped["loss"] < nothing["loss"] and stopped["training"] < nothing["training"]


def test_ten_times_the_data_gets_as_many_steps_and_every_cure_changes_something(hundred):
    found = [studies.overfitting(cure, 0) for cure in studies.CURES]
    assert [one["epochs"] for one in found] == [20, found[1]["epochs"], 20, 20, 2]
    assert len({one["loss"] for one in found}) == len(studies.CURES)


def test_shifted_pictures_are_the_same_ones_elsewhere():
    images = np.zeros((40, 9, 11, 2), np.float32)
    images[:, 4, 5] = 1, 2
    moved = studies.shifted(images, np.random.default_rng(0))
    _, rows, columns, _ = np.nonzero(moved[..., :1])
    assert moved.shape == images.shape and moved.sum() == images.sum()
    assert set(rows) == {2, 3, 4, 5, 6} and set(columns) == {3, 4, 5, 6, 7}
    assert images[:, 4, 5, 0].all()  # in place nothing changes


def test_both_networks_fit_any_pictures(monkeypatch):
    colour = np.random.default_rng(0).random((20, 32, 32, 3), dtype=np.float32), np.arange(20) % 10
    seen = []
    monkeypatch.setattr(studies, "pictures", lambda source: seen.append(source) or (colour, colour))
    dense, convolutional = (
        studies.dense_or_convolutional(kind, 0, source="cifar10", epochs=1) for kind in ("dense", "convolutional")
    )
    assert dense["parameters"] == (3072 + 1) * 128 + 129 * 10 and seen == ["cifar10"] * 2
    assert convolutional["parameters"] == (75 + 1) * 8 + (72 + 1) * 16 + (5 * 5 * 16 + 1) * 10


def test_pictures_of_each_source_come_in_one_form(monkeypatch):
    (images, labels), (new, _) = studies.pictures()
    assert images.shape == (4000, 28, 28, 1) and new.shape == (1000, 28, 28, 1) and labels.shape == (4000,)
    from coursekit.models import downloads

    asked = []

    def download(name, part):
        asked.append((name, part))
        return np.full((3, 32, 32, 3), 255, np.uint8), np.array([[1], [0], [9]], np.uint8)

    monkeypatch.setattr(downloads, "download", download)
    (images, labels), _ = studies.pictures("cifar10")
    assert (images.shape, images.dtype, images.max()) == ((3, 32, 32, 3), np.float32, 1)
    assert labels.tolist() == [1, 0, 9] and asked == [("cifar10", "train"), ("cifar10", "test")]
    with pytest.raises(ValueError, match="source must be"):
        studies.pictures("cifar100")


# ---------------------------------------------------------------- the stored study


def test_what_is_written_is_what_is_read(tmp_path, monkeypatch):
    def told(case, seed, *more):
        return {"accuracy": 0.123456 + seed, "parameters": 101_770}

    short = [("networks", told, ("dense",), 4), ("networks", told, ("dense",), 7)]
    monkeypatch.setattr(studies, "jobs", lambda seeds: iter(short))
    studies.main(tmp_path / "new", progress=False)
    monkeypatch.setattr(datafiles, "_folder", lambda name: tmp_path / "new")
    expected = {"seed": [4, 7], "accuracy": [4.123, 7.123], "parameters": [101_770] * 2}
    assert studies.stored("networks") == {"dense": expected}
    with pytest.raises(ValueError, match="name must be"):
        studies.stored("what")


def test_an_interrupted_study_leaves_the_old_one(tmp_path, monkeypatch):
    (tmp_path / studies.FILE).write_text("old")
    monkeypatch.setattr(studies, "study", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        studies.main(tmp_path)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(studies.FILE, "old")]


def test_every_case_has_three_seeds_and_the_file_says_how_it_was_made():
    study = json.loads(datafiles.path(studies.FILE).read_text(encoding="utf-8"))
    assert "simulated" in study["what"] and "make studies" in study["made_by"]
    stated = {}
    for name, function, case, seed in studies.jobs(SEEDS):
        assert len(inspect.signature(function).parameters) >= len(case) + 1
        stated.setdefault(name, {}).setdefault(" ".join(map(str, case)), []).append(seed)
    for name, cases in stated.items():
        assert {case: columns["seed"] for case, columns in studies.stored(name).items()} == cases, name
    assert stated["wrong gradients"]["right"] == SEEDS


def test_no_training_is_written_three_times():
    for name in ("wrong gradients", "overfitting", "networks"):
        for case, columns in studies.stored(name).items():
            learned = [value for value in columns["accuracy"] if value != studies.CHANCE]
            assert len(set(learned)) == len(learned), (name, case)


# ---------------------------------------------------------------- what the lecture claims


def means(name, column="accuracy"):
    return {case: np.mean(columns[column]) for case, columns in studies.stored(name).items()}


def test_three_of_five_wrong_ways_read_digits_and_the_check_sees_all_five():
    accuracy, check = means("wrong gradients"), studies.stored("wrong gradients")
    assert [way for way in broken.WAYS if accuracy[way] > 0.85] == list(broken.WAYS)[:4]
    assert all(max(check["right"]["check"]) < 1e-6 < 0.9 < min(check[way]["check"]) for way in list(broken.WAYS)[1:])
    assert accuracy["right"] > max(accuracy[way] for way in list(broken.WAYS)[1:])


def test_each_optimiser_has_a_best_rate_within_those_tried():
    accuracy = means("rates")
    best = {way: max(studies.RATES, key=lambda rate: accuracy[f"{way} {rate}"]) for way in studies.OPTIMISERS}
    assert all(studies.RATES[0] < rate < studies.RATES[-1] for rate in best.values())
    assert best["Adam"] < best["momentum 0.9"] < best["plain"]
    reached = {way: studies.stored("rates")[f"{way} {rate}"]["accuracy"] for way, rate in best.items()}
    assert min(reached["Adam"]) > max(reached["plain"]) and np.mean(reached["momentum 0.9"]) > np.mean(reached["plain"])


def test_shifted_copies_and_more_data_help_most():
    accuracy, loss = means("overfitting"), means("overfitting", "loss")
    assert all(value > 0.9 for value in means("overfitting", "training").values())
    assert min(accuracy["shifted copies"], accuracy["ten times the data"]) > 0.85 > 0.7 > accuracy["nothing"]
    assert max(abs(accuracy[cure] - accuracy["nothing"]) for cure in ("early stopping", "weight decay")) < 0.1
    assert max(loss["early stopping"], loss["weight decay"]) < 0.8 * loss["nothing"]


def test_the_convolutional_network_is_about_as_good_with_a_twenty_sixth_of_the_parameters():
    accuracy, sizes = means("networks"), means("networks", "parameters")
    assert abs(accuracy["dense"] - accuracy["convolutional"]) < 0.015
    assert round(sizes["dense"] / sizes["convolutional"]) == 26
