"""Measures on which pixels an output of a Keras model depends, by its gradient.

Run as a script it writes the supports of all `CASES` into a file. A Python of its own does that with oneDNN
switched off: TensorFlow 2.21 with oneDNN corrupts its memory in gradients of some tiny convolutions (1×1 with
stride 2, a few channels, sizes that change).
"""

import functools
import os
import subprocess
import sys

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from keras_networks import make_positive, random_model, random_nested


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


def nested(seed):
    """Return a random model of two inputs that calls others, and one of its output positions."""
    model, rng = random_nested(seed), np.random.default_rng(seed)
    return model, tuple(int(rng.integers(size)) for size in model.output_shape[1:-1])


def less_the_mean(x):
    """What looks around: every value less the mean of the picture."""
    return x - keras.ops.mean(x, axis=(1, 2), keepdims=True)


def renamed(function, name):
    """Return a custom function that calls itself as one of Keras's."""
    own = functools.wraps(function)(lambda x: function(x))
    own.__name__ = own.__qualname__ = name
    return own


ACTIVATIONS = {
    "tanh": "tanh",
    "softmax": keras.activations.softmax,
    "of TensorFlow": tf.nn.sigmoid,
    "layer ELU": layers.ELU(),
    "layer Softmax": layers.Softmax(),
    "own": less_the_mean,
    "own relu": renamed(less_the_mean, "relu"),
    "own softmax": renamed(lambda x: keras.activations.softmax(x, axis=(1, 2)), "softmax"),
    "partial": functools.partial(keras.activations.softmax, axis=1),
    "layer Softmax over space": layers.Softmax(axis=(1, 2)),
    "layer Softmax over rows": layers.Softmax(axis=1),
}
ACTIVATED = {
    "Conv2D": lambda f: layers.Conv2D(2, 3, activation=f),
    "SeparableConv2D": lambda f: layers.SeparableConv2D(2, 3, activation=f),
    "DepthwiseConv2D": lambda f: layers.DepthwiseConv2D(3, activation=f),
    "Conv2DTranspose": lambda f: layers.Conv2DTranspose(2, 2, strides=2, activation=f),
    "Dense": lambda f: layers.Dense(2, activation=f),
    "Activation": layers.Activation,
}


class Unchanged(layers.Conv2D):
    """A convolution that changes nothing."""


class Short(layers.Conv2D):
    """A convolution with a short way to make it and a short configuration."""

    def __init__(self, filters):
        super().__init__(filters, 3)

    def get_config(self):
        return {"filters": self.filters}


class Hooked(layers.Conv2D):
    """A convolution of the picture less its mean."""

    def convolution_op(self, inputs, kernel):
        return super().convolution_op(less_the_mean(inputs), kernel)


class Mixin:
    """What makes of any layer one that looks around."""

    def call(self, inputs):
        return less_the_mean(super().call(inputs))


class Mixed(Mixin, layers.Dense):
    """A dense layer that looks around."""


class Weighed(layers.Conv2D):
    """A convolution with a kernel of its own."""

    @property
    def kernel(self):
        return less_the_mean(super().kernel)


class Joined(layers.Add):
    """A sum that moves one of its inputs."""

    def _merge_function(self, inputs):
        return inputs[0] + keras.ops.roll(inputs[1], 3, axis=1)


def patched(name, function):
    """Return a convolution of whose own methods one was replaced after it was made."""
    layer = layers.Conv2D(2, 3)
    setattr(layer, name, function)
    return layer


def functional(function):
    """Return a model that computes `function` of a picture, and its middle output position."""
    inputs = keras.Input((23, 26, 2))
    model = keras.Model(inputs, function(inputs))
    make_positive(model, np.random.default_rng(0))
    return model, tuple(size // 2 for size in model.output_shape[1:-1])


def called(inner, **training):
    """Return a function that calls a model of one batch normalisation, itself called with training=`inner`."""

    def function(x):
        inputs = keras.Input(x.shape[1:])
        model = keras.Model(inputs, layers.BatchNormalization()(inputs, training=inner))
        return model(x, **training)

    return function


OWN = {
    "unchanged": lambda x: Unchanged(2, 3)(x),
    "short": lambda x: Short(2)(x),
    "hook": lambda x: Hooked(2, 3)(x),
    "mixin": lambda x: Mixed(2)(x),
    "kernel": lambda x: Weighed(2, 3)(x),
    "merge": lambda x: Joined()([x, layers.Dense(2)(x)]),
    "patched call": lambda x: patched("call", less_the_mean)(x),
    "patched hook": lambda x: patched("convolution_op", lambda x, kernel: less_the_mean(x))(x),
    "training": lambda x: layers.BatchNormalization()(x, training=True),
    "unchanged, nested training": called(True, training=False),
    "nested training": called(None, training=True),
    "nested training, not inside": called(False, training=True),
    "group": lambda x: layers.GroupNormalization(2)(x),
    "layer over space": lambda x: layers.LayerNormalization(axis=(1, 2))(x),
    "unit over rows": lambda x: layers.UnitNormalization(axis=1)(x),
    "roll": lambda x: keras.ops.roll(x, 3, axis=1),
    "slice": lambda x: x[:, ::2],
    "lambda": lambda x: layers.Lambda(less_the_mean)(x),
    "spectral": lambda x: layers.SpectralNormalization(layers.Conv2D(2, 3))(x),
    "squeeze": lambda x: layers.Multiply()([x, layers.Dense(2)(layers.GlobalAveragePooling2D()(x))]),
    "squeeze, other order": lambda x: layers.Add()([layers.GlobalMaxPooling2D()(x), x]),
    "squeeze, kept": lambda x: layers.Maximum()([x, layers.GlobalMaxPooling2D(keepdims=True)(x)]),
    "gate of rows": lambda x: layers.Average()([x, layers.AveragePooling2D((23, 1))(x)]),
    "gate of one channel": lambda x: layers.Subtract()([x, layers.Conv2D(1, 3, padding="same")(x)]),
}

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
CASES |= {f"nested {seed}": lambda seed=seed: nested(seed) for seed in range(24)}
CASES |= {
    f"own: {kind}, {name}": lambda make=make, f=f: chain(make(f))
    for kind, make in ACTIVATED.items()
    for name, f in ACTIVATIONS.items()
}
CASES |= {f"own: {name}": lambda function=function: functional(function) for name, function in OWN.items()}


def supports(model, position):
    """Return for each input, by name, where the gradient of one output position (all its channels) is not zero."""
    rng = np.random.default_rng(1)  # all different, or what is normalised would have no gradient
    pictures = {t.name: tf.constant(rng.uniform(0.5, 1, (1, *t.shape[1:])), tf.float32) for t in model.inputs}
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        several = pictures if isinstance(getattr(model, "_inputs_struct", None), dict) else list(pictures.values())
        value = model(several if len(pictures) > 1 else several[0])[(0, *position)]
        value = tf.reduce_sum(value * np.linspace(1, 2, value.shape[-1], dtype=np.float32))
    gradients = tape.gradient(value, pictures, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return {name: np.any(gradient.numpy()[0] != 0, axis=-1) for name, gradient in gradients.items()}


def measure(path):
    """Write the supports of all cases to `path`, from a Python without oneDNN; return {case: {input: mask}}."""
    environment = {**os.environ, "TF_ENABLE_ONEDNN_OPTS": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([sys.executable, __file__, str(path)], env=environment, check=True)
    found = {}
    for name, mask in np.load(path).items():
        case, entrance = name.split("|")
        found.setdefault(case, {})[entrance] = mask
    return found


if __name__ == "__main__":
    measured = {case: supports(*make()) for case, make in CASES.items()}
    np.savez(
        sys.argv[1], **{f"{case}|{name}": mask for case, masks in measured.items() for name, mask in masks.items()}
    )
