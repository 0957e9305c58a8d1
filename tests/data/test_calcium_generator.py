"""Laws of the fakes: NumPy computes what Keras computes, from weights that are as they were shipped."""

import json
import shutil

import numpy as np
import pytest

from coursekit import datafiles
from coursekit.calcium import anatomy, generator, simulator


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of the two files, which a test may damage, in place of data/."""
    for name in (generator.WEIGHTS, datafiles.CHECKSUMS):
        shutil.copy(datafiles.path(name), tmp_path)
    monkeypatch.setattr(datafiles, "_folder", lambda name: tmp_path)
    generator.load_weights.cache_clear()
    yield tmp_path
    generator.load_weights.cache_clear()


def draws(count, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, 64)), rng.standard_normal((count, 128, 128, 1))


def fakes(segment, images, **settings):
    return np.concatenate([block for block, _ in generator.blocks(segment, images, **settings)])


# ---------------------------------------------------------------- the network


def test_numpy_computes_what_keras_computes():
    from coursekit.models import gan

    z, white = draws(6)
    weights = generator.load_weights()
    expected = weights["scale"] * gan.with_weights(weights)([z, white], training=False).numpy()
    got = generator.sample(z, white)
    assert got.shape == (6, 128, 128, 1) and got.dtype == np.float32 and got.std() > 0.5
    np.testing.assert_allclose(got, expected, atol=1e-4 * weights["scale"], rtol=0)


def test_numpy_computes_what_keras_computes_with_other_weights_too():
    """Random ones, with biases as large as the kernels: the shipped ones might hide one that is left out."""
    from coursekit.models import gan

    rng = np.random.default_rng(1)
    weights = {
        name: rng.normal(0, 0.1, values.shape).astype(np.float32) for name, values in generator.load_weights().items()
    } | {"scale": np.float32(3)}
    z, white = draws(2, seed=2)
    expected = 3 * gan.with_weights(weights)([z, white], training=False).numpy()
    assert expected.std() > 0.1
    np.testing.assert_allclose(generator.sample(z, white, weights), expected, atol=1e-4, rtol=1e-4)


def test_the_image_is_a_signal_plus_noise_in_proportion_to_its_strength():
    z, white = draws(2)
    signal = generator.sample(z, np.zeros_like(white))
    noise = generator.sample(z, white) - signal
    np.testing.assert_allclose(generator.sample(z, -2 * white) - signal, -2 * noise, atol=1e-4)
    twice = {**generator.load_weights(), "scale": 2 * generator.load_weights()["scale"]}
    np.testing.assert_allclose(generator.sample(z, white, twice), 2 * generator.sample(z, white), rtol=1e-6)


def test_images_do_not_depend_on_the_others_of_their_batch():
    z, white = draws(5)
    whole = generator.sample(z, white)
    for i in range(5):
        np.testing.assert_allclose(generator.sample(z[i : i + 1], white[i : i + 1])[0], whole[i], atol=1e-4)
    assert np.abs(whole[0] - whole[1]).mean() > 0.5  # another z, another image


def test_doubling_is_the_bilinear_enlargement_of_keras():
    import keras

    x = np.random.default_rng(0).standard_normal((2, 3, 5, 2)).astype(np.float32)
    expected = keras.layers.UpSampling2D(2, interpolation="bilinear")(x).numpy()
    got = generator._doubled(x)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("z", "white", "message"),
    [
        (
            np.zeros((2, 63)),
            np.zeros((2, 128, 128, 1)),
            r"z and white_noise must have shapes \(n, 64\) .*Received: \(2, 63\)",
        ),
        (np.zeros((2, 64)), np.zeros((3, 128, 128, 1)), r"Received: \(2, 64\) and \(3, 128, 128, 1\)"),
        (np.zeros((2, 64)), np.zeros((2, 64, 64, 1)), r"Received: \(2, 64\) and \(2, 64, 64, 1\)"),
        (np.zeros((0, 64)), np.zeros((0, 128, 128, 1)), r"n > 0. Received: \(0, 64\)"),
        (np.zeros(64), np.zeros((1, 128, 128, 1)), r"z must have 2 axes. Received: shape \(64,\)"),
        (np.zeros((1, 64)), np.zeros((128, 128)), r"white_noise must have 4 axes. Received: shape \(128, 128\)"),
        (np.full((1, 64), np.inf), np.zeros((1, 128, 128, 1)), "z must hold finite numbers only. Received: inf"),
    ],
)
def test_sample_names_what_does_not_fit(z, white, message):
    with pytest.raises(ValueError, match=message):
        generator.sample(z, white)


# ---------------------------------------------------------------- blocks


def test_blocks_have_the_documented_shapes_and_types():
    sizes = []
    for block, animals in generator.blocks(2, 70):
        assert block.shape == (len(animals), 128, 128) and block.dtype == np.float32 and animals.dtype == np.int64
        sizes.append(len(animals))
    assert sizes == [64, 6]


@pytest.mark.parametrize("few", [1, 5, 65])
def test_the_first_fakes_do_not_depend_on_how_many_are_asked_for(few):
    more, less = list(generator.blocks(8, 67)), list(generator.blocks(8, few))
    animals = np.concatenate([item[1] for item in more])
    np.testing.assert_array_equal(np.concatenate([item[1] for item in less]), animals[:few])
    frames = np.concatenate([item[0] for item in more])
    np.testing.assert_allclose(np.concatenate([item[0] for item in less]), frames[:few], atol=1e-4)


def test_fakes_wear_the_windows_of_the_recording_and_are_exactly_zero_outside():
    for segment, seed in ((0, 0), (7, 2)):
        ((block, animals),) = generator.blocks(segment, 12, seed)
        np.testing.assert_array_equal(animals, simulator.order_of_animals(segment, seed)[:12])
        for frame, identifier in zip(block, animals):
            window = anatomy.animal(identifier, seed).window
            assert not frame[~window].any() and not np.signbit(frame[~window]).any()
            assert np.all(frame[window] != 0)


def test_every_fake_is_another():
    """Of another block, segment or family of mice too."""
    taken = np.concatenate([fakes(0, 66)[[0, 1, 2, 63, 64, 65]], fakes(1, 3), fakes(0, 3, seed=1)])
    grain = np.diff(taken[:, 20:100, 30:100].reshape(12, -1))
    assert np.abs(np.corrcoef(grain) - np.eye(12)).max() < 0.2


def test_the_same_arguments_give_the_same_fakes():
    np.testing.assert_array_equal(fakes(3, 4, seed=1), fakes(3, 4, seed=1))


def test_fakes_are_in_the_unit_of_the_recordings():
    real = next(simulator.blocks(0, 60))[0]
    assert fakes(0, 60).std() == pytest.approx(real.std(), rel=0.2)


def test_fakes_are_those_that_were_shipped():
    """A few numbers of the first image. After `make generator` they are others, and to be renewed here."""
    frame = fakes(0, 1)[0]
    got = [frame[40, 60], frame[64, 64], frame[90, 100], frame.mean(dtype=float), frame.std(dtype=float)]
    np.testing.assert_allclose(got, [1.86991, -0.84895, -0.59465, 0.24677, 0.82554], atol=1e-4)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (dict(segment=10), ValueError, "segment must be an integer from 0 to 9. Received: 10"),
        (dict(segment=1.0), TypeError, "segment must be an integer from 0 to 9. Received: 1.0"),
        (dict(images=0), ValueError, "images must be an integer from 1 to 2048. Received: 0"),
        (dict(images=2049), ValueError, "images must be an integer from 1 to 2048. Received: 2049"),
        (dict(seed=-1), ValueError, "seed must be an integer of at least 0. Received: -1"),
    ],
)
def test_a_bad_argument_is_named_before_the_first_block(settings, error, message):
    with pytest.raises(error, match=message):
        generator.blocks(**{"segment": 0, "images": 2, **settings})


# ---------------------------------------------------------------- the shipped file


def test_the_shipped_weights_are_float16_and_as_many_as_their_description_says():
    with np.load(datafiles.path(generator.WEIGHTS)) as stored:
        assert {stored[name].dtype for name in stored.files if name != "scale"} == {np.dtype(np.float16)}
        count = sum(stored[name].size for name in stored.files if name != "scale")
    provenance = json.loads(datafiles.path(generator.PROVENANCE).read_text(encoding="utf-8"))
    assert provenance["parameters"] == count == 341_843
    assert datafiles.path(generator.WEIGHTS).stat().st_size < 700_000
    weights = generator.load_weights()
    assert {values.dtype for values in weights.values()} == {np.dtype(np.float32)}
    assert all(np.isfinite(values).all() for values in weights.values())


def test_the_description_tells_the_checksum_and_how_the_weights_were_made():
    provenance = json.loads(datafiles.path(generator.PROVENANCE).read_text(encoding="utf-8"))
    assert datafiles.checksums()[generator.WEIGHTS] == datafiles.checksum(datafiles.path(generator.WEIGHTS))
    assert "make generator" in provenance["made_by"] and "simulated" in provenance["trained_on"]
    assert {"seed", "warm_start_steps", "adversarial_steps", "versions"} <= set(provenance)


def test_an_intact_copy_is_loaded(data):
    assert set(generator.load_weights()) == set(np.load(data / generator.WEIGHTS).files)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:1000],
        lambda content: b"",
        lambda content: content[:5000] + bytes([content[5000] ^ 1]) + content[5001:],
    ],
)
def test_a_damaged_file_is_not_used(data, damage):
    file = data / generator.WEIGHTS
    file.write_bytes(damage(file.read_bytes()))
    for _ in range(2):  # the first failure is not remembered as success
        with pytest.raises(
            ValueError, match=r"'brain_generator\.npz' is damaged: its SHA-256 should be [0-9a-f]{64}\."
        ):
            generator.load_weights()
    with pytest.raises(ValueError, match="is damaged"):
        next(generator.blocks(0, 1))


@pytest.mark.parametrize("name", [generator.WEIGHTS, datafiles.CHECKSUMS])
def test_a_missing_file_is_named(data, name):
    (data / name).unlink()
    with pytest.raises(FileNotFoundError, match=f"no data file '{name}'"):
        generator.load_weights()


def test_the_cached_weights_cannot_be_changed():
    weights = generator.load_weights()
    with pytest.raises(ValueError, match="read-only"):
        weights["grow_4.bias"][0] = 1
    with pytest.raises(TypeError):
        weights["scale"] = 1
    assert generator.load_weights() is weights
