"""Fake brain images: the shipped GAN generator, sampled in NumPy.

The network is that of `coursekit.models.gan`, one matrix product a layer; a test proves that the
Keras generator makes the same images to 1e-4. Its weights (data/brain_generator.npz) were trained
by `make generator` on simulated recordings, so the fakes are fakes of a simulation.
"""

from functools import lru_cache
from types import MappingProxyType

import numpy as np

from coursekit import arguments, datafiles
from coursekit.calcium.anatomy import animal
from coursekit.calcium.simulator import ANIMALS_OF_SEGMENT, BLOCK, FRAMES_PER_SEGMENT, order_of_animals
from coursekit.convolution import conv_layer, conv_transpose

WEIGHTS = "brain_generator.npz"
PROVENANCE = "brain_generator.json"  # how the weights were made, and their checksum
LATENT = 64  # random numbers an image grows from
START = 4  # pixels a side of the first features
LAYERS = ("grow_4", "grow_8", "grow_16", "grow_32", "grow_64")  # named by the size they reach
CHANNELS = (96, 80, 64, 32, 8)


def blocks(segment, images, seed=0):
    """Yield the first `images` fakes that go with a segment, block by block.

    Items are as those of `simulator.blocks`: float32 (b, 128, 128) in the unit of the recordings,
    0 outside the window, and the animal whose window each fake wears. The arguments are those of
    `simulator.blocks` too. The first fakes do not depend on how many are asked for; on another
    machine they are the same within 1e-4. Raises TypeError or ValueError for a bad argument, and what
    `load_weights` raises.

    >>> frames, animals = next(blocks(7, images=3))
    >>> frames.shape
    (3, 128, 128)
    """
    segment = arguments.integer("segment", segment, 0, len(ANIMALS_OF_SEGMENT) - 1)
    images = arguments.integer("images", images, 1, FRAMES_PER_SEGMENT)
    return _blocks(segment, images, arguments.integer("seed", seed, 0))


def _blocks(segment, images, seed):
    order = order_of_animals(segment, seed)
    for start in range(0, images, BLOCK):
        chosen = range(start, min(start + BLOCK, images))
        draws = [np.random.default_rng([800, seed, segment, i]) for i in chosen]
        z = np.stack([rng.standard_normal(LATENT, np.float32) for rng in draws])
        white = np.stack([rng.standard_normal((128, 128, 1), np.float32) for rng in draws])
        frames = sample(z, white)[..., 0]
        animals = order[chosen.start : chosen.stop]
        window = np.stack([animal(i, seed).window for i in animals])
        yield np.where(window, frames, np.float32(0)), animals


def sample(z, white_noise, weights=None):
    """Return the generator's images, float32 (n, 128, 128, 1), in the unit of the recordings.

    `z` is (n, 64) and `white_noise` (n, 128, 128, 1), both standard normal; `weights` the mapping
    that `load_weights` returns (the default). Raises ValueError for another shape.

    >>> rng = np.random.default_rng(0)
    >>> sample(rng.standard_normal((2, 64)), rng.standard_normal((2, 128, 128, 1))).shape
    (2, 128, 128, 1)
    """
    z = arguments.array("z", z, ndim=2, dtype=np.float32)
    white_noise = arguments.array("white_noise", white_noise, ndim=4, dtype=np.float32)
    if z.shape[1] != LATENT or white_noise.shape != (len(z), 128, 128, 1) or not len(z):
        raise ValueError(
            f"z and white_noise must have shapes (n, {LATENT}) and (n, 128, 128, 1), n > 0. "
            f"Received: {z.shape} and {white_noise.shape}"
        )
    w = load_weights() if weights is None else weights
    features = _leaky_relu(z @ w["grow_4.kernel"] + w["grow_4.bias"]).reshape(-1, START, START, CHANNELS[0])
    for name in LAYERS[1:]:
        grown = conv_transpose(features, w[f"{name}.kernel"], w[f"{name}.bias"], stride=2, padding="same")
        features = _leaky_relu(grown)
    signal = conv_layer(features, w["signal.kernel"], w["signal.bias"], padding="same")
    strength = np.logaddexp(0, conv_layer(features, w["strength.kernel"], w["strength.bias"], padding="same"))
    noise = conv_layer(white_noise, w["noise_kernel.kernel"], padding="same")
    return w["scale"] * (_doubled(signal) + _doubled(strength) * noise)


@lru_cache(maxsize=1)
def load_weights():
    """Return the shipped weights, {name: float32 array}, read-only, after comparing their checksum.

    They are stored as float16, which halves the file. Raises FileNotFoundError or ValueError, which say
    how to repair it, for a file that is missing or damaged.

    >>> load_weights()["grow_8.kernel"].shape    # height, width, output and input channels
    (4, 4, 80, 96)
    """
    with np.load(datafiles.path(WEIGHTS, checked=True)) as stored:
        weights = {name: stored[name].astype(np.float32) for name in stored.files}
    for values in weights.values():
        values.flags.writeable = False  # everyone gets the same arrays, from the cache
    return MappingProxyType(weights)


def _leaky_relu(x):
    return np.maximum(x, np.float32(0.2) * x)


def _doubled(x):
    """Enlarge (n, h, w, c) twofold by bilinear interpolation, pixel centres aligned, edges repeated."""
    for axis in (1, 2):
        padded = np.concatenate([x.take([0], axis), x, x.take([-1], axis)], axis)
        size = x.shape[axis]
        before, here, after = (padded.take(range(i, i + size), axis) for i in range(3))
        quarter, rest = np.float32(0.25), np.float32(0.75)
        pair = np.stack([quarter * before + rest * here, rest * here + quarter * after], axis + 1)
        x = pair.reshape(*x.shape[:axis], 2 * size, *x.shape[axis + 1 :])
    return x
