"""A small convolutional network for digits, and what regression with its kernel reads."""

import numpy as np

from coursekit import ntk
from coursekit.models.backend import keras, tf

CLASSES = 10


def small_network(seed=0):
    """Return a compiled network for digits (28, 28, 1) with ten scores: two convolutions and a dense layer.

    `seed` decides the weights.

    >>> small_network().count_params()    # 208 + 1,168 + 4,010
    5386
    """
    starts = (keras.initializers.HeNormal(seed=3 * seed + i) for i in range(3))
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(8, 5, 2, activation="relu", kernel_initializer=next(starts)),
            keras.layers.Conv2D(16, 3, 2, activation="relu", kernel_initializer=next(starts)),
            keras.layers.Flatten(),
            keras.layers.Dense(CLASSES, kernel_initializer=next(starts)),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.003), loss, metrics=["accuracy"])
    return model


def mean_kernel(model, x, new):
    """Return (K of x, K between `new` and x) of a `small_network`, averaged over its outputs: (n, n), (n', n), float64.

    Of an infinitely wide network all outputs have one kernel, and different outputs none in common. Images are
    (n, 28, 28, 1). It is the kernel of `model_features`, computed for all images at once: a weight of a kernel met one
    patch at each place, so its slope is the sum of patch times slope of the place.
    """
    first, second, _, last = model.layers
    images = tf.constant(np.concatenate([x, new]), tf.float32)
    with tf.GradientTape(persistent=True) as tape:
        z1 = tf.nn.conv2d(images, first.kernel, 2, "VALID") + first.bias
        a1 = tf.nn.relu(z1)
        z2 = tf.nn.conv2d(a1, second.kernel, 2, "VALID") + second.bias
        flat = tf.reshape(tf.nn.relu(z2), (len(images), -1))
        scores = tf.unstack(flat @ last.kernel + last.bias, axis=1)
    total = _products(flat, len(x)) + 1.0  # the dense layer: its inputs, and 1 for the bias
    for score in scores:
        to_z1, to_z2 = tape.gradient(score, (z1, z2))
        for inputs, size, arriving in ((images, 5, to_z1), (a1, 3, to_z2)):
            total += _products(_kernel_slopes(inputs, size, arriving), len(x)) / len(scores)
    return total[: len(x)], total[len(x) :]


def _kernel_slopes(inputs, size, arriving):
    """Return the slopes of the kernels and the bias of a layer with stride 2, (n, parameters)."""
    patches = tf.image.extract_patches(inputs, (1, size, size, 1), (1, 2, 2, 1), (1, 1, 1, 1), "VALID")
    count, places, filters = len(arriving), arriving.shape[1] * arriving.shape[2], arriving.shape[3]
    arriving = tf.reshape(arriving, (count, places, filters))
    to_kernels = tf.matmul(tf.reshape(patches, (count, places, -1)), arriving, transpose_a=True)
    return tf.concat([tf.reshape(to_kernels, (count, -1)), tf.reduce_sum(arriving, axis=1)], axis=1)


def _products(slopes, count):
    """Return the inner products of all rows with the first `count`, float64."""
    return tf.matmul(slopes, slopes[:count], transpose_b=True).numpy().astype(np.float64)


def regression_accuracy(model, train, test, ridge=1e-3):
    """Return the share of test images that kernel regression with the model's kernel reads, a float.

    `train` and `test` are pairs (images, labels). The ten targets are 1 for the right class and 0 for others. To the
    diagonal of K, `ridge` times its mean is added, since the kernel was computed in float32.
    """
    (x, y), (new, truth) = train, test
    square, across = mean_kernel(model, x, new)
    square += ridge * np.trace(square) / len(square) * np.eye(len(square))
    scores = ntk.kernel_regression(square, np.eye(CLASSES)[y] - 1 / CLASSES, across)
    return float(np.mean(scores.argmax(axis=1) == truth))
