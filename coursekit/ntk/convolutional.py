"""A small convolutional network for digits, and what regression with its kernel reads."""

import numpy as np

from coursekit import ntk
from coursekit.models.backend import keras
from coursekit.ntk.automatic import model_features

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
    """Return (K of x, K between `new` and x), the mean of the kernels of all outputs: (n, n) and (n', n), float64.

    Of an infinitely wide network all outputs have one kernel, and different outputs none in common.
    """
    slopes = model_features(model, np.concatenate([x, new]), output=None)
    rows = slopes.reshape(len(slopes), -1)  # the outputs' slopes one after the other: products add up over all
    kernel = (rows @ rows[: len(x)].T).astype(np.float64) / model.output_shape[1]
    return kernel[: len(x)], kernel[len(x) :]


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
