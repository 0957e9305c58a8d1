"""Measures on which pixels an output of a Keras model depends, by its gradient.

Run as a script it writes the supports of all `CASES` into a file. A Python of its own does that with oneDNN
switched off: TensorFlow 2.21 with oneDNN corrupts its memory in gradients of some tiny convolutions (1×1 with
stride 2, a few channels, sizes that change).
"""

import os
import subprocess
import sys

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from keras_networks import make_positive, random_model


def positive(seed):
    """Return a random model with positive weights and one of its output positions."""
    model = random_model(seed, positive=True)
    rng = np.random.default_rng(seed)
    return model, tuple(int(rng.integers(size)) for size in model.output_shape[1:-1])


def any_sign(seed):
    """Return a random model, maximum pooling and normalisation included, and its middle output position."""
    model = random_model(seed)
    return model, tuple(size // 2 for size in model.output_shape[1:-1])


def chain(*parts):
    """Return a chain of layers with positive weights and its middle output position."""
    model = keras.Sequential([keras.Input((23, 26, 2)), *parts])
    make_positive(model, np.random.default_rng(0))
    return model, tuple(size // 2 for size in model.output_shape[1:-1])


CASES = {f"positive {seed}": lambda seed=seed: positive(seed) for seed in range(40)}
CASES |= {f"any sign {seed}": lambda seed=seed: any_sign(seed) for seed in range(100, 108)}
CASES |= {
    "inside: strides": lambda: chain(
        layers.Conv2D(2, (3, 2), strides=(2, 1)), layers.AveragePooling2D((2, 3)), layers.Conv2D(1, 2)
    ),
    "inside: same": lambda: chain(
        layers.Conv2D(2, 3, padding="same"), layers.Conv2D(2, 3, strides=2, padding="same"), layers.Conv2D(1, 3)
    ),
    "inside: pooling, separable": lambda: chain(
        layers.AveragePooling2D(3, strides=2, padding="same"), layers.SeparableConv2D(2, 3, padding="same")
    ),
    "inside: borders, depthwise": lambda: chain(
        layers.ZeroPadding2D(((1, 0), (2, 1))), layers.DepthwiseConv2D(3), layers.Cropping2D(1)
    ),
    "inside: transposed, dense": lambda: chain(
        layers.Conv2D(2, 3), layers.Conv2DTranspose(2, 4, padding="same"), layers.Dense(2)
    ),
    "maximum": lambda: chain(layers.MaxPooling2D((3, 2))),
}


def support(model, position):
    """Return where the input gradient of one output position (all its channels) is not zero."""
    picture = tf.ones((1, *model.input_shape[1:]))
    with tf.GradientTape() as tape:
        tape.watch(picture)
        value = tf.reduce_sum(model(picture)[(0, *position)])
    gradient = tape.gradient(value, picture, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return np.any(gradient.numpy()[0] != 0, axis=-1)


def measure(path):
    """Write the supports of all cases to `path`, from a Python without oneDNN, and return them by name."""
    environment = {**os.environ, "TF_ENABLE_ONEDNN_OPTS": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([sys.executable, __file__, str(path)], env=environment, check=True)
    return dict(np.load(path))


if __name__ == "__main__":
    np.savez(sys.argv[1], **{name: support(*make()) for name, make in CASES.items()})
