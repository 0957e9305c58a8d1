"""What the classifiers of lecture 09 listen to: the measures on networks that are known, and what the lecture claims."""

import json
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from coursekit import calcium, datafiles
from coursekit.calcium import statistics
from coursekit.models import brain, brain_grain

FRAMES = calcium.load([7], images_per_class=8).images


def listener(first, last):
    """A network whose score for fake is the energy of the waves of `first` to below `last` cycles; for real it is 0."""
    frames = keras.Input((128, 128, 1))
    cycles = 128 * np.hypot(np.fft.fftfreq(128)[:, None], np.fft.rfftfreq(128))
    kept = ((cycles >= first) & (cycles < last)).astype(np.float32)
    real, imaginary = keras.ops.rfft(frames[..., 0])  # along columns; rows by a second transform
    waves = keras.ops.fft((keras.ops.swapaxes(real, 1, 2), keras.ops.swapaxes(imaginary, 1, 2)))
    energy = keras.ops.sum((waves[0] ** 2 + waves[1] ** 2) * kept.T, axis=(1, 2))
    scores = keras.ops.stack([keras.ops.zeros_like(energy), energy], axis=1)
    return keras.Model(frames, scores)


@pytest.mark.parametrize("band", range(len(brain_grain.BANDS)))
def test_a_network_that_listens_to_one_band_rises_for_it_and_for_no_other(band):
    rises = brain_grain.rises(listener(*brain_grain.BANDS[band]), FRAMES)
    assert rises.shape == (len(brain_grain.BANDS),) and rises[band] > 0.1
    assert np.abs(np.delete(rises, band)).max() < 1e-3


def test_a_network_with_one_score_for_all_frames_is_refused():
    with pytest.raises(ValueError, match="images must have scores that differ. Received: 16 with"):
        brain_grain.rises(listener(100, 101), FRAMES)


def test_the_bands_and_the_two_parts_of_the_grain_leave_no_wave_out():
    assert [first for first, _ in brain_grain.BANDS[1:]] == [last for _, last in brain_grain.BANDS[:-1]]
    versions = brain_grain.blurred(FRAMES)
    window = FRAMES != 0
    back = versions["middling"] + versions["finest"] - versions["blurred"] * window
    np.testing.assert_allclose(back, FRAMES * window, atol=1e-5)
    assert all(np.all(versions[name][~window] == 0) for name in ("middling", "finest"))


def test_the_blur_takes_the_finest_waves_and_leaves_the_coarse_ones():
    def heard(images, first, last):
        return np.mean((images - statistics.scale_waves(images, first, last, gain=0)) ** 2)

    blurred = brain_grain.blurred(FRAMES)["blurred"]
    assert heard(blurred, 45, 64) < 0.1 * heard(FRAMES, 45, 64)
    assert heard(blurred, 0, 5) > 0.9 * heard(FRAMES, 0, 5)


def test_shares_called_fake_are_told_for_each_kind():
    frames = keras.Input((2, 2, 1))
    model = keras.Model(frames, keras.layers.Lambda(lambda x: x[:, 0, :, 0])(frames))
    images = np.zeros((5, 2, 2, 1), np.float32)
    images[[0, 3, 4], 0, 1] = 1  # their second score is the higher one
    assert brain_grain.called_fake(model, images, np.array([0, 0, 0, 0, 1])) == [0.5, 1.0]


@pytest.fixture
def quick(monkeypatch):
    """The study without training: every frame is called fake."""
    few = SimpleNamespace(images=np.repeat(FRAMES[:4], 8, axis=0), labels=np.repeat([0, 0, 1, 1], 8))
    asked = []

    def trained(make, epochs, seed, train):
        asked.append((make, epochs, seed, train))
        return listener(0, 10), None

    monkeypatch.setattr(calcium, "load", lambda segments, images_per_class: few)
    monkeypatch.setattr(brain, "trained", trained)
    return asked, few


def test_what_is_written_is_what_is_read_of_each_network_and_seed(quick, tmp_path, monkeypatch):
    brain_grain.main(tmp_path / "new", seeds=(4, 5), progress=False)
    asked, few = quick
    wanted = [(brain.baseline, brain.EPOCHS["baseline"]), (brain.improved, brain.EPOCHS["improved"])]
    assert asked == [(make, epochs, seed, few) for make, epochs in wanted for seed in (4, 5)]
    monkeypatch.setattr(datafiles, "_folder", lambda name: tmp_path / "new")
    table = brain_grain.stored()
    assert list(table) == ["baseline", "improved"] and table["improved"]["seed"] == [4, 5]
    assert table["baseline"]["unchanged"] == [[1, 1], [1, 1]]
    assert np.shape(table["baseline"]["rises"]) == (2, len(brain_grain.BANDS))


# ---------------------------------------------------------------- what the lecture claims


@pytest.fixture(scope="module")
def stored():
    return brain_grain.stored()


def test_each_network_was_trained_with_five_seeds(stored):
    study = json.loads(datafiles.path(brain_grain.STUDY).read_text(encoding="utf-8"))
    assert "make accuracies" in study["made_by"] and study["bands"] == [list(band) for band in brain_grain.BANDS]
    for network in stored.values():
        assert network["seed"] == [0, 1, 2, 3, 4] and len({tuple(rises) for rises in network["rises"]}) == 5


def test_improved_networks_take_middling_grain_for_real_and_baselines_finest_grain_for_fake(stored):
    baseline, improved = (np.array(stored[name]["rises"]) for name in ("baseline", "improved"))
    middling, finest = slice(2, 4), -1
    assert np.all(improved[:, middling] < -0.5) and np.all(np.abs(improved[:, finest]) < 0.2)
    assert np.all(baseline[:, middling] < -0.05) and np.all(baseline[:, finest] > 0.04)


def test_blurred_frames_are_fakes_to_all_improved_networks_and_baselines_disagree(stored):
    assert np.all(np.array(stored["improved"]["blurred"]) == 1)
    before, after = (np.array(stored["baseline"][key]) for key in ("unchanged", "blurred"))
    leaning = after[:, 1].argmin()
    assert np.isclose(1 - after[leaning, 1], 5 / 6, atol=0.01) and np.isclose(1 - before[leaning, 1], 2 / 3, atol=0.01)
    real = after[:, 0] - before[:, 0]
    assert real.max() > 0.15 and real.min() < -0.25


def test_what_comes_back_decides(stored):
    """Exercise 5: shares called fake of (real, fake) frames, with the middling or the finest waves put back."""
    base, improved = ({name: np.array(found) for name, found in stored[kind].items()} for kind in stored)
    assert np.all(improved["middling"][:, 1] == 1) and np.all(improved["finest"] > 0.99)
    assert np.round([improved["middling"][:, 0].min(), improved["middling"][:, 0].max()], 2).tolist() == [0, 0.41]
    assert np.all(base["middling"] <= base["blurred"])
    assert np.round([base["middling"][:, 1].min(), base["middling"][:, 1].max()], 2).tolist() == [0, 0.66]
    assert np.all(base["finest"][:, 1] > 0.96)
    assert np.round([base["finest"][:, 0].min(), base["finest"][:, 0].max()], 2).tolist() == [0.26, 0.83]
