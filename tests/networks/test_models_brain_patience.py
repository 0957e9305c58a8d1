"""What more epochs do to the classifiers of lecture 09: the study without training, and what the lecture claims."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from coursekit import calcium, datafiles
from coursekit.models import brain, brain_patience, training

RECORDINGS = SimpleNamespace(images=np.zeros((10, 2)), labels=np.array([0, 1] * 5))


@pytest.fixture
def quick(monkeypatch):
    """Training without a network: a model is the list of its trainings, and is right about all once it has had 4 epochs."""

    def trained(make, epochs, seed, train):
        return [(make, epochs, seed)], np.array([1, 2])

    def fit(model, pair, epochs, seed, progress):
        model.append((pair[0].tolist(), pair[1].tolist(), epochs))

    def predict(model, images):
        epochs = sum(leg[-1] for leg in model[1:]) + model[0][1]
        right = RECORDINGS.labels if len(images) == 10 else RECORDINGS.labels[[1, 2]]
        return np.eye(2)[right if epochs >= 4 else 1 - right]

    asked = []
    monkeypatch.setattr(calcium, "load", lambda segments, images_per_class: RECORDINGS)
    monkeypatch.setattr(brain, "trained", lambda *wanted: asked.append(trained(*wanted)) or asked[-1])
    monkeypatch.setattr(training, "fit", fit)
    monkeypatch.setattr(training, "predict", predict)
    return asked


def test_a_training_goes_on_from_where_it_was_measured_with_the_pictures_it_had(quick):
    rows = brain_patience.curve(brain.second, 3, RECORDINGS, RECORDINGS, epochs=(2, 4, 8))
    ((first, *later), _), kept = quick[0], [0, *range(3, 10)]
    assert first == (brain.second, 2, 3) and [leg[-1] for leg in later] == [2, 4]
    assert all(
        leg[0] == RECORDINGS.images[kept].tolist() and leg[1] == RECORDINGS.labels[kept].tolist() for leg in later
    )
    assert [(row["epochs"], row["validation"], row["test"]) for row in rows] == [(2, 0, 0), (4, 1, 1), (8, 1, 1)]


def test_what_is_written_is_what_is_read_of_each_network_and_seed(quick, tmp_path, monkeypatch):
    brain_patience.main(tmp_path / "new", seeds=(4, 5), progress=False)
    assert [model[0][0] for model, _ in quick] == [make for make in brain_patience.NETWORKS.values() for _ in (4, 5)]
    monkeypatch.setattr(datafiles, "_folder", lambda name: tmp_path / "new")
    table = brain_patience.stored()
    assert list(table) == [(name, epochs) for name in brain_patience.NETWORKS for epochs in brain_patience.EPOCHS]
    assert table["improved", 4] == {"seed": [4, 5], "validation": [1, 1], "test": [1, 1]}


# ---------------------------------------------------------------- what the lecture claims


def test_each_network_was_trained_with_five_seeds():
    study = json.loads(datafiles.path(brain_patience.STUDY).read_text(encoding="utf-8"))
    assert "make accuracies" in study["made_by"]
    for columns in brain_patience.stored().values():
        assert columns["seed"] == [0, 1, 2, 3, 4] and len(set(columns["test"])) > 1


def test_after_two_epochs_it_is_the_study_of_the_accuracies():
    accuracies = brain.stored_accuracies()
    for name in ("baseline", "second"):
        two = brain_patience.stored()[name, 2]["test"]
        np.testing.assert_allclose(two, accuracies[name]["test"], atol=0.02)  # two processors add in different orders


def test_with_eight_epochs_every_network_beats_the_slope():
    stored = brain_patience.stored()
    for name in brain_patience.NETWORKS:
        assert min(stored[name, 8]["test"]) > 0.92
    assert max(stored["baseline", 2]["test"] + stored["second", 2]["test"]) < 0.92
