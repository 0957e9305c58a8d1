"""Laws of the small generators: their networks, their game, and pictures that can be made again."""

import keras
import numpy as np
import pytest

from coursekit import models
from coursekit.models import small_gan

KINDS = pytest.mark.parametrize("kind", small_gan.KINDS)
WINDOW = np.ones((2, 32, 32, 1), np.float32)


def test_a_shrunk_pixel_is_the_mean_of_16():
    frames = np.random.default_rng(0).normal(size=(3, 128, 128, 1))
    small = small_gan.shrunk(frames)
    assert small.shape == (3, 32, 32, 1) and small.dtype == np.float32
    assert small[2, 5, 30, 0] == pytest.approx(frames[2, 20:24, 120:124].mean(), abs=1e-6)
    np.testing.assert_array_equal(small, small_gan.shrunk(frames[..., 0]))


def test_windows_are_those_of_the_mice_asked_for():
    first, other, again = small_gan.windows([0, 3, 0])
    np.testing.assert_array_equal(first, again)
    assert (first != other).any() and first.min() == 0 and first.max() == 1 and ((first > 0) & (first < 1)).any()


@KINDS
def test_the_parameters_of_a_generator_counted_by_hand(kind):
    side = 3 if kind == "resize" else int(kind[-1])
    growing = sum(side**2 * c_in * c_out + c_out for c_in, c_out in ((48, 32), (32, 16), (16, 1)))
    assert small_gan.generator(kind).count_params() == 32 * 768 + 4 * (48 + 32 + 16) + growing


@KINDS
def test_a_generator_grows_from_4_to_32_pixels(kind):
    network = small_gan.generator(kind)
    enlarging = keras.layers.UpSampling2D if kind == "resize" else keras.layers.Conv2DTranspose
    sizes = [layer.output.shape[1] for layer in network.layers if isinstance(layer, enlarging)]
    assert sizes == [8, 16, 32] and network.output_shape == (None, 32, 32, 1)


def test_the_discriminator_gives_one_score_to_each_picture():
    scores = small_gan.discriminator()(np.random.default_rng(0).normal(size=(5, 32, 32, 1))).numpy()
    assert scores.shape == (5, 1) and len(np.unique(scores)) == 5


def played(seed=0, steps=3, real=None, window=WINDOW, **settings):
    models.reproducible(1)
    networks = small_gan.generator(), small_gan.discriminator()
    real = np.random.default_rng(0).normal(size=(40, 32, 32, 1)) if real is None else real
    return networks, *small_gan.train(*networks, real, window, steps, seed, **settings)


def test_one_seed_gives_one_game_and_another_seed_another():
    losses, again, other = (played(seed)[1] for seed in (0, 0, 1))
    assert losses == again != other and np.isfinite(list(losses.values())).all()
    assert {name: len(values) for name, values in losses.items()} == {"discriminator": 3, "generator": 3}


def test_both_networks_move_and_each_step_is_reported():
    (forger, judge), *_ = played(steps=1)
    models.reproducible(1)
    for before, after in zip((small_gan.generator(), small_gan.discriminator()), (forger, judge)):
        assert all((old != new.numpy()).any() for old, new in zip(map(np.array, before.get_weights()), after.weights))
    told = []
    played(steps=2, progress=lambda: told.append(1))
    assert len(told) == 2


def test_snapshots_are_of_the_steps_asked_for_and_wear_windows():
    half = WINDOW.copy()
    half[:, :16] = 0
    _, _, seen = played(steps=2, window=half, watch=[0, 2])
    assert list(seen) == [0, 2] and {pictures.shape for pictures in seen.values()} == {(6, 32, 32, 1)}
    assert not seen[2][:, :16].any() and seen[2][:, 16:].any() and (seen[0] != seen[2]).any()


def test_a_generator_learns_the_level_of_its_pictures():
    (forger, _), *_ = played(steps=60, real=np.full((8, 32, 32, 1), 3.0))
    assert small_gan.sample(forger, WINDOW).mean() > 0.5


def test_a_sample_has_a_picture_for_each_window_and_can_be_repeated():
    forger = small_gan.generator()
    window = np.concatenate([np.ones((1, 32, 32, 1)), np.zeros((299, 32, 32, 1))])
    first, again, other = (small_gan.sample(forger, window, seed) for seed in (0, 0, 1))
    assert first.shape == (300, 32, 32, 1) and first[0].any() and not first[1:].any()
    np.testing.assert_array_equal(first, again)
    assert (first[0] != other[0]).any()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: small_gan.generator("kernel 6"), ValueError, "kind must be one of 'kernel 3'.*Received: 'kernel 6'"),
        (lambda: small_gan.shrunk(np.ones((2, 64, 64))), ValueError, r"frames must have shape.*\(2, 64, 64\)"),
        (lambda: small_gan.shrunk("frames"), TypeError, "frames must be an array of real numbers"),
        (lambda: played(steps=0), ValueError, "steps must be an integer of at least 1. Received: 0"),
        (lambda: played(seed=-1), ValueError, "seed must be an integer of at least 0. Received: -1"),
        (lambda: played(real=WINDOW[:, :16]), ValueError, r"real must have shape \(n, 32, 32, 1\).*\(2, 16, 32, 1\)"),
        (lambda: played(window=WINDOW[:0]), ValueError, "window must have shape"),
        (lambda: played(real=WINDOW * np.nan), ValueError, "real must hold finite numbers only"),
    ],
)
def test_wrong_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
