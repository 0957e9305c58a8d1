"""Small generative adversarial networks, which a notebook trains in less than a minute.

Their pictures are brain images of 32 × 32 pixels: each pixel the mean of 4 × 4 pixels of a simulated frame.
There are generators of four kinds, which differ only in how they enlarge: by transposed convolutions with
kernels of 3, 4 or 5, or by repeating each pixel before an ordinary convolution.
"""

import numpy as np

from coursekit import arguments
from coursekit.calcium import anatomy
from coursekit.models.backend import keras, tf

__all__ = ["KINDS", "LATENT", "SIZE", "discriminator", "generator", "sample", "shrunk", "train", "windows"]

layers = keras.layers
SIZE = 32  # pixels a side
LATENT = 32  # random numbers a picture grows from
BATCH = 32
KINDS = ("kernel 3", "kernel 4", "kernel 5", "resize")


def shrunk(frames):
    """Return frames (n, 128, 128) or (n, 128, 128, 1) as float32 (n, 32, 32, 1): means of 4 × 4 pixels.

    Raises TypeError for input that is not a numeric array, ValueError for another shape.

    >>> shrunk(np.ones((2, 128, 128))).shape
    (2, 32, 32, 1)
    """
    frames = arguments.array("frames", frames, ndim=(3, 4), dtype=np.float32)
    if frames.shape[1:] not in ((128, 128), (128, 128, 1)):
        raise ValueError(f"frames must have shape (n, 128, 128) or (n, 128, 128, 1). Received: shape {frames.shape}")
    return frames.reshape(-1, SIZE, 4, SIZE, 4).mean(axis=(2, 4))[..., None]


def windows(animals):
    """Return the windows of simulated mice, float32 (n, 32, 32, 1): the share of a pixel that lies inside.

    >>> windows([0, 3]).shape
    (2, 32, 32, 1)
    """
    return shrunk(np.stack([anatomy.animal(int(i)).window for i in animals]).astype(np.float32))


def generator(kind="kernel 4"):
    """Return a generator: z (n, 32), standard normal → pictures (n, 32, 32, 1).

    A dense layer makes 4 × 4 × 48 features; three layers of stride 2, with batch normalisation between
    them, enlarge them to 8, 16 and 32 pixels. `kind` is one of `KINDS`. Source: Radford, Metz and Chintala,
    2016, "Unsupervised representation learning with deep convolutional generative adversarial networks".

    >>> generator("kernel 3").count_params() < generator("kernel 5").count_params()
    True
    """
    arguments.choice("kind", kind, KINDS)
    stack = [keras.Input((LATENT,)), layers.Dense(4 * 4 * 48, use_bias=False), layers.Reshape((4, 4, 48))]
    for channels in (32, 16, 1):
        stack += [layers.BatchNormalization(momentum=0.9), layers.LeakyReLU(0.2)]
        if kind == "resize":
            stack += [layers.UpSampling2D(2), layers.Conv2D(channels, 3, padding="same")]
        else:
            stack += [layers.Conv2DTranspose(channels, int(kind[-1]), strides=2, padding="same")]
    return keras.Sequential(stack, name="generator")


def discriminator():
    """Return a discriminator: pictures (n, 32, 32, 1) → scores (n, 1), high for pictures taken for real.

    >>> discriminator().output_shape
    (None, 1)
    """
    stack = [keras.Input((SIZE, SIZE, 1))]
    for channels in (16, 32, 64):
        stack += [layers.Conv2D(channels, 4, strides=2, padding="same"), layers.LeakyReLU(0.2)]
    return keras.Sequential([*stack, layers.Flatten(), layers.Dense(1)], name="discriminator")


def train(network, opponent, real, window, steps=400, seed=0, watch=(), progress=None):
    """Train a generator and a discriminator against each other, in place; return (losses, snapshots).

    `real` (n, 32, 32, 1) are the pictures to imitate, `window` (m, 32, 32, 1) the windows that fakes are given, so
    that the generator need not invent one. A step shows 32 of either; both networks move at once, by Adam.
    Losses is {"discriminator": [loss of each step], "generator": […]}, snapshots {step: pictures (6, 32, 32, 1)}
    for the steps in `watch` (0 is before the first), from the same z and windows. `progress` is called after
    each step. Raises TypeError or ValueError for arguments of another kind or shape.

    >>> losses, _ = train(generator(), discriminator(), np.zeros((9, 32, 32, 1)), windows([0]), steps=2)
    >>> len(losses["generator"])
    2
    """
    steps = arguments.integer("steps", steps, minimum=1)
    real, window = _pictures("real", real), _pictures("window", window)
    rng = np.random.default_rng([900, arguments.integer("seed", seed, 0)])
    z, shown = rng.standard_normal((6, LATENT), np.float32), window[rng.integers(0, len(window), 6)]
    losses, snapshots = {"discriminator": [], "generator": []}, {}
    step = _step(network, opponent)
    for number in range(steps + 1):
        if number in watch:
            snapshots[number] = network(z, training=False).numpy() * shown
        if number == steps:
            break
        x, over = (array[rng.integers(0, len(array), BATCH)] for array in (real, window))
        for name, loss in zip(losses, step(x, over, rng.standard_normal((BATCH, LATENT), np.float32))):
            losses[name].append(float(loss))
        if progress:
            progress()
    return losses, snapshots


def sample(network, window, seed=0):
    """Return one picture of a generator for each window: float32 (n, 32, 32, 1), as many as `window` (n, 32, 32, 1).

    >>> sample(generator(), windows([0, 1, 2])).shape
    (3, 32, 32, 1)
    """
    window = _pictures("window", window)
    rng = np.random.default_rng([901, arguments.integer("seed", seed, 0)])
    z = rng.standard_normal((len(window), LATENT), np.float32)
    parts = [network(z[i : i + 256], training=False).numpy() for i in range(0, len(z), 256)]
    return np.concatenate(parts) * window


def _step(network, opponent):
    """Return a compiled function (real, window, z) → (loss of the discriminator, of the generator): one step."""
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    optimizers = [keras.optimizers.Adam(rate, beta_1=0.5) for rate in (1e-3, 1e-3)]

    @tf.function
    def step(real, window, z):
        with tf.GradientTape(persistent=True) as tape:
            fake = network(z, training=True) * window
            on_real, on_fake = opponent(real, training=True), opponent(fake, training=True)
            loss_d = cross_entropy(0.9 * tf.ones_like(on_real), on_real)  # 0.9: real, but not beyond doubt
            loss_d += cross_entropy(tf.zeros_like(on_fake), on_fake)
            loss_g = cross_entropy(tf.ones_like(on_fake), on_fake)
        for loss, model, optimizer in zip((loss_d, loss_g), (opponent, network), optimizers):
            variables = model.trainable_variables
            optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss_d, loss_g

    return step


def _pictures(name, value):
    value = arguments.array(name, value, ndim=4, dtype=np.float32)
    if not len(value) or value.shape[1:] != (SIZE, SIZE, 1):
        raise ValueError(f"{name} must have shape (n, {SIZE}, {SIZE}, 1), n > 0. Received: shape {value.shape}")
    return value
