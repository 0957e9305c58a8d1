"""Laws of the study of small generators: what it measures, and that the stored one says what is claimed."""

import json

import numpy as np
import pytest

from coursekit import datafiles
from coursekit.models import gan_study, small_gan


def noise(count=60, seed=0):
    return np.random.default_rng(seed).normal(size=(count, 32, 32, 1)).astype(np.float32)


def test_smoothing_takes_away_period_2_and_keeps_what_is_even():
    stripes = np.tile(np.float32([1, -1]), 16)
    for pattern in (stripes, stripes[:, None], stripes * stripes[:, None]):
        picture = np.broadcast_to(pattern, (32, 32)).reshape(1, 32, 32, 1)
        inside = gan_study.smoothed(5 + picture)[0, 1:-1, 1:-1]
        np.testing.assert_allclose(inside, 5, atol=1e-6)


def test_measures_tell_stripes_grain_and_sameness():
    plain, real = gan_study.measures(noise(), noise(seed=1)), noise(seed=1)
    assert plain["variety"] == pytest.approx(1, abs=0.05) and plain["grain"] == pytest.approx(9 / 17, abs=0.03)
    striped = gan_study.measures(noise() + np.arange(32).reshape(1, 1, 32, 1) % 2, real)
    assert striped["peak 2"] > 2 * plain["peak 2"] and striped["peak 4"] == pytest.approx(plain["peak 4"], rel=0.1)
    assert striped["variety"] == pytest.approx(plain["variety"], rel=1e-3)
    assert gan_study.measures(np.repeat(noise(1), 9, axis=0), real)["variety"] == pytest.approx(0, abs=1e-6)


def test_a_classifier_learns_what_is_plain_and_is_repeatable():
    real, fake = noise(200), noise(200, seed=1) + 4 * (np.arange(32).reshape(1, 1, 32, 1) % 2)
    first, again = (gan_study.classifier(real, fake, seed=2) for _ in range(2))
    assert gan_study._called_fake(first, fake) > 0.9 and gan_study._called_fake(first, real) < 0.1
    np.testing.assert_array_equal(first(real[:5]), again(real[:5]))


def test_a_short_study_has_a_row_for_each_kind_and_seed_and_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(gan_study, "EPOCHS", 1)
    gan_study.main(tmp_path / "new", seeds=[3], images_per_class=16, steps=2, progress=False)
    monkeypatch.setattr(datafiles, "_folder", lambda name: tmp_path / "new")
    table = gan_study.stored_study()
    assert list(table) == ["real", *small_gan.KINDS]
    shown = {f"on {kind}" for kind in (*small_gan.KINDS, "shipped")}
    for kind in small_gan.KINDS:
        assert table[kind]["seed"] == [3] and shown <= set(table[kind])
        assert all(0 <= table[kind][name][0] <= 1 for name in (*shown, "smoothed", "real recognised", "grain"))


# ---------------------------------------------------------------- the stored study


@pytest.fixture(scope="module")
def stored():
    return gan_study.stored_study()


def test_the_stored_study_says_how_it_was_made():
    study = json.loads(datafiles.path(gan_study.STUDY).read_text(encoding="utf-8"))
    assert "make gans" in study["made_by"] and "simulated" in study["what"]
    assert (study["steps"], study["epochs"]) == (gan_study.STEPS, gan_study.EPOCHS)


def test_three_seeds_of_each_kind_are_stored(stored):
    assert [stored[kind]["seed"] for kind in small_gan.KINDS] == [[0, 1, 2]] * 4


def test_a_generator_that_resizes_first_leaves_no_peak_and_each_other_kind_does(stored):
    assert max(stored["resize"]["peak 2"]) < min(min(stored[kind]["peak 2"]) for kind in small_gan.KINDS[:3])


def test_each_classifier_catches_the_generator_it_was_trained_against(stored):
    for kind in small_gan.KINDS:
        assert np.mean(stored[kind][f"on {kind}"]) > 0.9
