"""The generative adversarial network (GAN) that makes the course's fake brain images.

A generator turns 64 random numbers into an image; a discriminator learns to tell its images from
(simulated) recordings; each is trained against the other (Goodfellow et al. 2014, "Generative
adversarial nets"). The networks are here, their training is in `gan_training`. Sampling the shipped
generator needs no TensorFlow: `coursekit.calcium.generator` does it in NumPy.
"""

import numpy as np

from coursekit.calcium.generator import CHANNELS, LATENT, LAYERS, START
from coursekit.models.backend import keras, tf

layers = keras.layers


def generator(normalised=False):
    """Return the generator: (z (n, 64), white noise (n, 128, 128, 1)) → images (n, 128, 128, 1).

    Four transposed convolutions grow 4 × 4 × 96 features to 64 × 64 × 8; two small convolutions read
    off the signal and the strength of the noise; both are enlarged to 128 × 128, and noise with a
    learned 3 × 3 correlation is added. With `normalised`, batch normalisation follows each of the
    growing layers, as in training; `folded` moves it into the weights of the plain network.

    >>> generator().count_params(), generator().output_shape
    (341843, (None, 128, 128, 1))
    """
    z = keras.Input((LATENT,), name="z")
    white = keras.Input((128, 128, 1), name="white_noise")
    features = _grow(
        layers.Dense(START * START * CHANNELS[0], use_bias=not normalised, name=LAYERS[0]),
        z,
        normalised,
        reshape=(START, START, CHANNELS[0]),
    )
    for name, channels in zip(LAYERS[1:], CHANNELS[1:]):
        grow = layers.Conv2DTranspose(
            channels,
            4,
            strides=2,
            padding="same",
            use_bias=not normalised,
            name=name,
            kernel_initializer=keras.initializers.RandomNormal(0, 0.04),
        )
        features = _grow(grow, features, normalised)
    signal = layers.Conv2D(1, 3, padding="same", name="signal")(features)
    strength = layers.Conv2D(
        1, 3, padding="same", name="strength", activation="softplus", bias_initializer=keras.initializers.Constant(-0.5)
    )(features)
    signal = layers.UpSampling2D(2, interpolation="bilinear", name="enlarged_signal")(signal)
    strength = layers.UpSampling2D(2, interpolation="bilinear", name="enlarged_strength")(strength)
    noise = layers.Conv2D(1, 3, padding="same", use_bias=False, name="noise_kernel")(white)
    image = layers.Add()([signal, layers.Multiply()([strength, noise])])
    network = keras.Model([z, white], image, name="generator")
    network.get_layer("noise_kernel").set_weights([_almost_white()])
    return network


def discriminator():
    """Return the discriminator: images (n, 128, 128, 1) → score (n, 1), high for images taken for real.

    >>> discriminator().output_shape
    (None, 1)
    """
    image = keras.Input((128, 128, 1))
    blocks = layers.Reshape((64, 2, 64, 2))(image)  # space to depth: 2 × 2 pixels become 4 channels
    features = layers.Reshape((64, 64, 4))(layers.Permute((1, 3, 2, 4))(blocks))
    for channels in (16, 32, 64, 128):
        features = layers.LeakyReLU(0.2)(layers.Conv2D(channels, 4, strides=2, padding="same")(features))
    features = MinibatchDeviation()(features)
    features = layers.LeakyReLU(0.2)(layers.Conv2D(96, 3, padding="same")(features))
    return keras.Model(image, layers.Dense(1)(layers.Flatten()(features)), name="discriminator")


@keras.saving.register_keras_serializable(package="coursekit")
class MinibatchDeviation(layers.Layer):
    """Append a channel that tells how much the images of the batch differ from each other.

    A generator that makes one image over and over gives itself away by it (Karras et al. 2018,
    "Progressive growing of GANs", arXiv 1710.10196). Shape (n, h, w, c) → (n, h, w, c + 1).

    >>> one = np.random.default_rng(0).standard_normal((1, 2, 2, 3)).astype("float32")
    >>> same, different = np.repeat(one, 4, axis=0), one * np.float32([1, 2, 3, 4]).reshape(4, 1, 1, 1)
    >>> [round(float(MinibatchDeviation()(images)[0, 0, 0, 3]), 1) for images in (same, different)]
    [0.0, 0.6]
    """

    def call(self, x):
        deviation = tf.reduce_mean(tf.sqrt(tf.math.reduce_variance(x, axis=0) + 1e-6))
        return tf.concat([x, tf.zeros_like(x[..., :1]) + deviation], axis=-1)

    def compute_output_shape(self, shape):
        return (*shape[:-1], shape[-1] + 1)


def folded(network):
    """Return the weights of a normalised generator for the plain one: {name: float32 array}.

    Batch normalisation at rest is a multiplication and an addition per channel, so it can be moved
    into the kernel and bias of the layer before it. Keys are `<layer>.kernel` and `<layer>.bias`.

    >>> folded(generator(normalised=True))["grow_4.bias"].shape
    (1536,)
    """
    weights = {}
    for name in LAYERS:
        kernel = network.get_layer(name).kernel.numpy()
        norm = network.get_layer(f"{name}_norm")
        scale = norm.gamma.numpy() / np.sqrt(norm.moving_variance.numpy() + norm.epsilon)
        shift = norm.beta.numpy() - norm.moving_mean.numpy() * scale
        if name == LAYERS[0]:  # the dense layer's outputs are reshaped to 4 × 4 × channels
            scale, shift = np.tile(scale, START * START), np.tile(shift, START * START)
            weights[f"{name}.kernel"] = kernel * scale
        else:
            weights[f"{name}.kernel"] = kernel * scale[:, None]  # (h, w, out, in)
        weights[f"{name}.bias"] = shift
    for name in ("signal", "strength"):
        weights[f"{name}.kernel"], weights[f"{name}.bias"] = network.get_layer(name).get_weights()
    weights["noise_kernel.kernel"] = network.get_layer("noise_kernel").get_weights()[0]
    return weights


def with_weights(weights):
    """Return the plain Keras generator with the weights of `folded` (or of the shipped file).

    Its images are in units of the standard deviation of the recordings: those of
    `calcium.generator.sample` are `weights["scale"]` times as large.

    >>> from coursekit.calcium.generator import load_weights
    >>> with_weights(load_weights()).name
    'generator'
    """
    network = generator()
    for name in (*LAYERS, "signal", "strength"):
        kernel, bias = weights[f"{name}.kernel"], weights[f"{name}.bias"]
        network.get_layer(name).set_weights([np.float32(kernel), np.float32(bias)])
    network.get_layer("noise_kernel").set_weights([np.float32(weights["noise_kernel.kernel"])])
    return network


def _grow(layer, x, normalised, reshape=None):
    x = layer(x)
    if reshape:
        x = layers.Reshape(reshape)(x)
    if normalised:
        x = layers.BatchNormalization(momentum=0.9, name=f"{layer.name}_norm")(x)
    return layers.LeakyReLU(0.2)(x)


def _almost_white():
    kernel = np.zeros((3, 3, 1, 1), np.float32)
    kernel[1, 1] = 1
    kernel[0, 1] = kernel[2, 1] = kernel[1, 0] = kernel[1, 2] = 0.1
    return kernel
