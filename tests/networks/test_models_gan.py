"""Laws of the GAN: its networks, the folding of its normalisation, and a training that can be repeated."""

import json
import re
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers

import project
from coursekit import datafiles, disk
from coursekit.calcium import generator
from coursekit.models import gan, gan_training


def draws(count, seed=0):
    rng = np.random.default_rng(seed)
    return (
        rng.standard_normal((count, 64)).astype(np.float32),
        rng.standard_normal((count, 128, 128, 1)).astype(np.float32),
    )


def lively(network, seed=0):
    """Give every weight of a network a random value that matters; deviations stay positive."""
    rng = np.random.default_rng(seed)
    for weight in network.weights:
        positive = "variance" in weight.path or "gamma" in weight.path
        weight.assign(rng.uniform(0.5, 2, weight.shape) if positive else rng.normal(0, 0.2, weight.shape))
    return network


# ---------------------------------------------------------------- networks


def test_the_parameters_of_the_generator_counted_by_hand():
    first = 64 * (4 * 4 * 96) + 4 * 4 * 96
    growing = sum(4 * 4 * c_in * c_out + c_out for c_in, c_out in ((96, 80), (80, 64), (64, 32), (32, 8)))
    maps, noise = 2 * (3 * 3 * 8 + 1), 3 * 3
    assert gan.generator().count_params() == first + growing + maps + noise == 341_843


def test_normalisation_takes_the_place_of_the_biases():
    normalised = gan.generator(normalised=True)
    norms = [layer for layer in normalised.layers if isinstance(layer, layers.BatchNormalization)]
    assert [layer.gamma.shape[0] for layer in norms] == [96, 80, 64, 32, 8]
    assert all(normalised.get_layer(name).bias is None for name in generator.LAYERS)
    assert not any(isinstance(layer, layers.BatchNormalization) for layer in gan.generator().layers)


def test_features_grow_from_4_to_64_pixels_and_become_an_image_of_128():
    network = gan.generator()
    sizes = [network.get_layer(name).output.shape[1:] for name in generator.LAYERS[1:]]
    assert sizes == [(8, 8, 80), (16, 16, 64), (32, 32, 32), (64, 64, 8)]
    assert network.get_layer("signal").output.shape[1:] == (64, 64, 1)
    assert network.get_layer("enlarged_strength").output.shape[1:] == (128, 128, 1)
    z, white = draws(3)
    assert network([z, white]).shape == (3, 128, 128, 1)


def test_the_noise_starts_almost_white_and_with_positive_strength():
    network = gan.generator()
    kernel = network.get_layer("noise_kernel").kernel.numpy()[..., 0, 0]
    np.testing.assert_allclose(kernel, [[0, 0.1, 0], [0.1, 1, 0.1], [0, 0.1, 0]])
    z, white = draws(4)
    signal = network([z, 0 * white]).numpy()
    strength = keras.Model(network.inputs[0], network.get_layer("enlarged_strength").output)(z).numpy()
    drawn = (network([z, white]).numpy() - signal) / strength
    assert strength.min() > 0.1 and drawn.std() == pytest.approx(np.sqrt(1 + 4 * 0.1**2), rel=0.02)


def test_the_discriminator_gives_one_score_to_each_image():
    network = gan.discriminator()
    assert network.output_shape == (None, 1)
    scores = network(draws(5)[1]).numpy()
    assert scores.shape == (5, 1) and np.isfinite(scores).all() and len(np.unique(scores)) == 5
    shapes = [layer.output.shape[1:] for layer in network.layers if isinstance(layer, layers.Conv2D)]
    assert shapes == [(32, 32, 16), (16, 16, 32), (8, 8, 64), (4, 4, 128), (4, 4, 96)]


def test_the_discriminator_first_moves_2_by_2_pixels_into_4_channels():
    network = gan.discriminator()
    first = next(layer for layer in network.layers if isinstance(layer, layers.Conv2D))
    image = np.arange(128 * 128, dtype=np.float32).reshape(1, 128, 128, 1)
    got = keras.Model(network.inputs[0], first.input)(image).numpy()[0]
    assert got.shape == (64, 64, 4)
    for row, column in ((0, 0), (5, 40), (63, 62)):
        np.testing.assert_array_equal(
            got[row, column], image[0, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2].ravel()
        )


# ---------------------------------------------------------------- minibatch deviation


def test_images_that_are_all_alike_have_no_deviation():
    x = np.repeat(np.random.default_rng(0).normal(size=(1, 3, 4, 5)), 6, axis=0).astype(np.float32)
    got = gan.MinibatchDeviation()(x).numpy()
    assert got.shape == (6, 3, 4, 6)
    np.testing.assert_array_equal(got[..., :5], x)
    np.testing.assert_allclose(got[..., 5], 0, atol=2e-3)


def test_the_deviation_is_the_mean_over_all_places_of_that_over_the_batch():
    x = np.random.default_rng(0).normal(0, 3, (7, 3, 4, 5)).astype(np.float32)
    got = gan.MinibatchDeviation()(x).numpy()[..., 5]
    np.testing.assert_allclose(got, x.std(axis=0).mean(), rtol=1e-4)
    by_hand = np.float32([[1.0], [3.0]]).reshape(2, 1, 1, 1) * np.ones((2, 1, 2, 1), np.float32)
    np.testing.assert_allclose(gan.MinibatchDeviation()(by_hand)[..., 1], 1, atol=1e-3)


def test_a_discriminator_can_be_saved_and_loaded(tmp_path):
    network, image = gan.discriminator(), draws(3)[1]
    network.save(tmp_path / "network.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "network.keras")(image), network(image))


# ---------------------------------------------------------------- folding


@pytest.mark.parametrize("seed", [0, 1])
def test_folding_the_normalisation_changes_no_image(seed):
    normalised = lively(gan.generator(normalised=True), seed)
    z, white = draws(4, seed)
    weights = gan.folded(normalised)
    assert {values.dtype for values in weights.values()} == {np.dtype(np.float32)}
    expected = normalised([z, white], training=False).numpy()
    got = gan.with_weights(weights)([z, white], training=False).numpy()
    assert expected.std() > 0.5
    np.testing.assert_allclose(got, expected, atol=1e-4 * expected.std(), rtol=1e-4)


def test_folded_weights_have_the_names_and_shapes_of_the_shipped_file():
    weights = {**gan.folded(gan.generator(normalised=True)), "scale": np.float32(1)}
    shipped = generator.load_weights()
    assert {name: np.shape(values) for name, values in weights.items()} == {
        name: values.shape for name, values in shipped.items()
    }


# ---------------------------------------------------------------- warm start


def frames_of(patterns, count=120, seed=0):
    """Frames (count, 128, 128, 1) that are mixtures of `patterns` smooth images, of falling strength."""
    rng = np.random.default_rng(seed)
    grid = np.arange(128) / 128
    images = np.array(
        [np.outer(np.cos(np.pi * (k % 4) * grid), np.cos(np.pi * (k // 4) * grid)) for k in range(patterns)]
    )
    images /= np.sqrt((images**2).mean(axis=(1, 2), keepdims=True))
    strengths = rng.normal(size=(count, patterns)) * 0.7 ** np.arange(patterns)
    return np.tensordot(strengths, images, 1).astype(np.float32) + 0.01 * rng.normal(size=(count, 128, 128)).astype(
        "f4"
    )


def test_principal_scores_are_those_of_the_singular_value_decomposition():
    frames = frames_of(8)
    got = gan_training._principal_scores(frames, seed=0)
    assert got.shape == (120, 64) and got.dtype == np.float32 and np.abs(got).max() <= 3.5
    half = frames.reshape(120, 64, 2, 64, 2).mean((2, 4)).reshape(120, -1)
    u, _, _ = np.linalg.svd(half - half.mean(axis=0), full_matrices=False)
    expected = np.clip(u[:, :6] / u[:, :6].std(axis=0), -3.5, 3.5)
    np.testing.assert_allclose(np.abs(got[:, :6]), np.abs(expected), atol=0.02)  # signs are free


class Sketch:
    """A generator of almost no size, with the names of layers that the warm start looks for."""

    def __init__(self):
        z, white = keras.Input((64,)), keras.Input((128, 128, 1))
        features = layers.Reshape((1, 1, 2))(layers.Dense(2, kernel_initializer="zeros")(z))
        signal = layers.UpSampling2D(128, name="enlarged_signal")(features[..., :1])
        raw = layers.UpSampling2D(128)(features[..., 1:])
        strength = layers.Activation("softplus", name="enlarged_strength")(raw)
        self.network = keras.Model([z, white], signal + strength * white)


def test_the_warm_start_minimises_the_negative_log_likelihood_of_a_gaussian():
    frames = frames_of(8)[..., None]
    told = []
    losses = gan_training.warm_start(Sketch().network, frames, steps=30, seed=4, progress=told.append)
    deviation = 1.03 * np.log(2) + 0.01  # softplus of 0; the signal is 0 too
    chosen = np.random.default_rng([500, 4]).integers(0, 120, 64)
    expected = np.mean(0.5 * (frames[chosen] / deviation) ** 2 + np.log(deviation))
    assert losses[0] == pytest.approx(expected, rel=1e-4)
    assert len(losses) == len(told) == 30 and np.isfinite(losses).all()
    assert np.mean(losses[-10:]) < losses[0]
    assert told[0] == f"warm start 1/30, loss {losses[0]:.3f}"


# ---------------------------------------------------------------- the game, with networks of a few weights


def players():
    """A generator whose images are all its one weight, and a discriminator that sees their mean."""
    z, white = keras.Input((64,)), keras.Input((128, 128, 1))
    level = layers.Dense(1, use_bias=True, kernel_initializer="zeros")(z * 0)
    network = keras.Model([z, white], layers.Reshape((1, 1, 1))(level) + 0 * white)
    image = keras.Input((128, 128, 1))
    return network, keras.Model(image, layers.Dense(1)(layers.GlobalAveragePooling2D()(image)))


def play(steps, windows=1.0, seed=0, told=None):
    keras.utils.set_random_seed(seed)
    network, opponent = players()
    frames = np.full((5, 128, 128, 1), 2, np.float32)
    average = gan_training.adversarial(
        network, opponent, frames, np.full((1, 128, 128, 1), windows, np.float32), steps, seed, told
    )
    return network.get_weights()[1][0], average[1][0]


def test_the_generator_moves_towards_what_is_real():
    level, average = play(100)
    assert 0.01 < level <= 0.04  # Adam takes a step of 3e-4 each time
    assert 0 < average < level  # the average follows behind


def test_every_fifth_step_enters_the_average_with_2_percent():
    assert play(4)[1] == 0
    level, average = play(5)
    assert average == pytest.approx(0.02 * level, rel=1e-5) and level != 0


def test_what_lies_outside_the_window_is_not_judged():
    assert play(5, windows=0.0) == (0, 0)


def test_each_step_of_the_game_is_reported():
    told = []
    play(3, told=told.append)
    assert [re.sub(r"\d+\.\d+", "x", text) for text in told] == [f"adversarial {i}/3, D x, G x" for i in (1, 2, 3)]


# ---------------------------------------------------------------- the whole training, shortened

SHORT = dict(warm_steps=2, steps=5, seed=0)
SCRIPT = (
    "import sys; from coursekit.models import gan_training\n"
    "gan_training.FRAMES_PER_SEGMENT = 8\n"
    f"gan_training.main(sys.argv[1], **{SHORT})"
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Folders of two short trainings, each in a process of its own, and what the second one said."""
    folders = [tmp_path_factory.mktemp("trained") / "new" for _ in range(2)]
    for folder, seed in zip(folders, ("1", "2")):  # of hashes, which order sets
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(folder)],
            cwd=project.ROOT,
            text=True,
            env={**project.environment(), "PYTHONHASHSEED": seed},
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
    return folders, done.stdout


def test_two_trainings_with_one_seed_write_the_same_bytes_in_any_process(trained):
    (first, second), _ = trained
    names = (generator.WEIGHTS, generator.PROVENANCE, datafiles.CHECKSUMS)
    differ = [name for name in names if (first / name).read_bytes() != (second / name).read_bytes()]
    assert differ == []  # pytest would look for the difference of two large files for hours


def test_training_leaves_three_files_and_nothing_else(trained):
    (folder, _), _ = trained
    assert {path.name for path in folder.iterdir()} == {generator.WEIGHTS, generator.PROVENANCE, datafiles.CHECKSUMS}


def test_losses_are_finite_and_shown_while_training(trained):
    _, said = trained
    warm = [float(value) for value in re.findall(r"warm start \d/2, loss ([-\d.]+)", said)]
    game = [float(value) for pair in re.findall(r"adversarial \d/5, D ([-\d.]+), G ([-\d.]+)", said) for value in pair]
    assert "7/7" in said and warm[-1] < warm[0] and len(game) >= 10 and np.isfinite(game).all()


def test_what_was_trained_describes_itself_and_can_be_sampled(trained, monkeypatch):
    (folder, _), _ = trained
    provenance = json.loads((folder / generator.PROVENANCE).read_text())
    stated = json.loads((folder / datafiles.CHECKSUMS).read_text())
    assert stated == {generator.WEIGHTS: datafiles.checksum(folder / generator.WEIGHTS)}
    assert (provenance["seed"], provenance["warm_start_steps"], provenance["adversarial_steps"]) == (0, 2, 5)
    assert provenance["parameters"] == 341_843 and "first 8 simulated frames" in provenance["trained_on"]
    monkeypatch.setattr(datafiles, "_folder", lambda name: folder)
    generator.load_weights.cache_clear()
    try:
        weights = generator.load_weights()
        images = generator.sample(*draws(2), weights)
    finally:
        generator.load_weights.cache_clear()
    assert np.isfinite(images).all() and images.std() > 0.1
    with np.load(folder / generator.WEIGHTS) as stored:
        assert {stored[name].dtype.name for name in stored.files if name != "scale"} == {"float16"}
        assert stored["scale"].dtype == np.float32 and 0.5 < stored["scale"] < 2


# ---------------------------------------------------------------- files

WEIGHTS = {"scale": np.float32(1.5), "layer.kernel": np.float32([[1, 2], [3, 4]])}


def test_weights_are_saved_with_their_checksum_and_replace_older_ones(tmp_path):
    gan_training.save(tmp_path, {**WEIGHTS, "scale": np.float32(9)}, {"seed": 1})
    gan_training.save(tmp_path, WEIGHTS, {"seed": 2})
    provenance = json.loads((tmp_path / generator.PROVENANCE).read_text())
    assert provenance["seed"] == 2 and provenance["parameters"] == 4
    stated = json.loads((tmp_path / datafiles.CHECKSUMS).read_text())
    assert stated == {generator.WEIGHTS: datafiles.checksum(tmp_path / generator.WEIGHTS)}
    with np.load(tmp_path / generator.WEIGHTS) as stored:
        assert stored["scale"] == np.float32(1.5) and stored["layer.kernel"].tolist() == [[1, 2], [3, 4]]


def test_a_disk_that_is_full_at_the_second_file_leaves_both_as_they_were(tmp_path, monkeypatch):
    gan_training.save(tmp_path, WEIGHTS, {"seed": 1})
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    require_space = disk.require_space

    def full(path, needed):
        if path.name == generator.PROVENANCE:
            raise OSError("the disk is full")
        require_space(path, needed)

    monkeypatch.setattr(disk, "require_space", full)
    with pytest.raises(OSError, match="the disk is full"):
        gan_training.save(tmp_path, {"scale": np.float32(2)}, {"seed": 2})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("part", ["warm_start", "adversarial", "save"])
def test_an_interrupted_training_leaves_nothing(tmp_path, monkeypatch, part):
    def interrupted(*unused):
        raise KeyboardInterrupt

    monkeypatch.setattr(gan_training, "FRAMES_PER_SEGMENT", 1)
    monkeypatch.setattr(gan_training, "warm_start", lambda *unused: [])
    monkeypatch.setattr(gan_training, "adversarial", lambda network, *unused: network.get_weights())
    monkeypatch.setattr(*((gan_training.io, "BytesIO") if part == "save" else (gan_training, part)), interrupted)
    with pytest.raises(KeyboardInterrupt):
        gan_training.main(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_known_before_the_training(tmp_path, monkeypatch):
    monkeypatch.setattr(gan_training.simulator, "blocks", lambda *unused: pytest.fail("the training had begun"))
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="is a file. Expected: a folder"):
        gan_training.main(tmp_path / "file")
