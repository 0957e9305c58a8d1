"""The studies of lecture 12: what a row measures, what is written, and what the lecture claims of the stored ones."""

import json

import numpy as np
import pytest

from coursekit import datafiles, ntk
from coursekit.ntk import study


def test_movement_is_measured_in_lengths_and_shares():
    before = ntk.TwoLayer(np.array([[3.0, 0.0], [0.0, 1.0]]), np.array([0.0, 0.0]))
    after = before._replace(hidden=np.array([[3.0, 0.0], [0.0, -1.0]]), outer=np.array([0.0, 0.0]))
    found = study.movement(before, after, [[1.0, 2.0]])
    assert (found["absolute"], found["flipped"]) == (2, 0.5)
    assert found["relative"] == pytest.approx(2 / np.sqrt(10))
    assert found["kernel"] == pytest.approx(4 / 13)  # ½ (3² + 2²) before, ½ 3² after


def test_a_row_tells_its_width_and_seed_apart_and_is_repeatable():
    first, again, other, wide = (study.width_row(*case, steps=20) for case in ((8, 0), (8, 0), (8, 1), (2000, 0)))
    assert first == again != other
    assert wide["relative"] < first["relative"] and wide["infinite"] < first["infinite"] and wide["gap"] < first["gap"]


def test_the_target_of_parity_is_the_product_of_the_first_two_signs_alone():
    x, y = study.parity(300, inputs=5, seed=1)
    signs = np.sign(x)
    assert np.array_equal(signs[:, 0] * signs[:, 1], y) and x.shape == (300, 5)
    assert np.abs(x.T @ y / 300).max() < 0.15  # no input alone tells anything
    with pytest.raises(ValueError, match="inputs must be an integer of at least 2"):
        study.parity(3, inputs=1)
    with pytest.raises(TypeError, match="seed must be an integer of at least 0. Received: 1.5"):
        study.parity(3, seed=1.5)


def test_a_small_scale_moves_the_weights_further():
    lazy, rich = (study.scale_row(scale, 0, steps=200, width=50, count=60) for scale in (30.0, 0.3))
    assert lazy["relative"] < rich["relative"] / 5 and lazy["kernel"] < rich["kernel"] / 5
    assert lazy["regression"] == rich["regression"]


@pytest.fixture
def quick(monkeypatch):
    """Studies whose rows tell their setting and seed."""
    rows = {
        name: (*texts, (1, 2), lambda value, seed: {"sum": value + seed / 10}, 2)
        for name, (*texts, _, _, _) in study.STUDIES.items()
    }
    monkeypatch.setattr(study, "STUDIES", rows)


def test_what_is_written_is_what_is_read(quick, tmp_path, monkeypatch):
    study.main(tmp_path, "ntk_widths", seeds=(0, 3), progress=False)
    assert [path.name for path in tmp_path.iterdir()] == ["ntk_widths.json"]
    monkeypatch.setattr(datafiles, "_folder", lambda name: tmp_path)
    found = study.stored("ntk_widths")
    assert list(found) == [1, 2] and found[2]["sum"].tolist() == [2, 2.3] and found[1]["seed"].tolist() == [0, 3]


def test_an_unknown_study_is_named(quick, tmp_path):
    for call in (lambda: study.stored("widths"), lambda: study.main(tmp_path, "widths")):
        with pytest.raises(ValueError, match="one of 'ntk_widths', .* Received: 'widths'"):
            call()


# ---------------------------------------------------------------- what the lecture claims


@pytest.mark.parametrize("name", study.STUDIES)
def test_the_stored_study_says_how_it_was_made_and_has_all_its_rows(name):
    stored = json.loads(datafiles.path(f"{name}.json").read_text(encoding="utf-8"))
    assert "make kernels" in stored["made_by"]
    found = study.stored(name)
    assert tuple(found) == study.STUDIES[name][2]
    for columns in found.values():
        assert len(columns["seed"]) >= 3 and len(set(columns["seed"])) == len(columns["seed"])


def test_only_the_absolute_movement_stays_as_width_grows():
    widths = study.stored("ntk_widths")
    logs = np.log(list(widths)[1:])
    slopes = {
        what: np.polyfit(logs, np.log([found[what] for found in widths.values()][1:]), 1)[0]
        for what in ("relative", "absolute", "kernel", "flipped", "gap", "infinite")
    }
    assert np.all(np.abs(slopes["absolute"]) < 0.1) and np.all(slopes["kernel"] < -0.7)
    assert np.all((slopes["relative"] > -0.65) & (slopes["relative"] < -0.5))
    assert np.all((slopes["infinite"] > -0.7) & (slopes["infinite"] < -0.4))
    assert np.all(slopes["gap"] > -0.4) and np.all(slopes["flipped"] > -0.4) and np.all(slopes["gap"] < -0.1)


def test_the_rich_network_beats_kernel_regression_in_every_seed_and_the_lazy_one_equals_it():
    scales = study.stored("ntk_scales")
    lazy, rich = scales[30.0], scales[0.1]
    assert np.all(rich["test"] > rich["regression"] + 0.15) and np.all(rich["test"] > 0.95)
    assert np.all(np.abs(lazy["test"] - lazy["regression"]) < 0.03)
    assert np.all(rich["first two"] > 3 * lazy["first two"])


def test_on_digits_the_kernel_after_training_beats_the_network_and_that_the_kernel_before():
    (found,) = study.stored("ntk_digits").values()
    assert np.all(found["before"] < found["network"]) and np.all(found["network"] < found["after"])
    assert np.all(found["after"] - found["before"] > 0.08)
