"""Exercises of lecture 05, What does one layer of a convolutional network compute?"""

import numpy as np

from coursekit import shapes
from coursekit.checks.exercise import Exercise
from coursekit.convolution import conv_layer, correlate2d

_PICTURE = np.array([[0, 1, 2, 3, 4], [-5, -6, -7, -8, -9], [1, 2, 3, -2, 1], [4, 3, 2, 1, 0], [-9, -8, -7, -6, -5]])
_KERNEL = np.array([[2, -1], [-1, 2]])
_RNG = np.random.default_rng(5)
_PICTURES = (
    (_PICTURE, _KERNEL, 1, 2),
    (_PICTURE, _KERNEL, 1, 1),
    (_RNG.normal(size=(7, 11)), _RNG.normal(size=(2, 3)), 0.5, 3),
    (_RNG.normal(size=(9, 6)), _RNG.normal(size=(3, 2)), -0.4, 2),
)
_AXES = ((7, 3, 3), (7, 3, 2), (6, 3, 5), (2, 5, 3), (10, 4, 4), (5, 5, 2), (12, 2, 1), (9, 2, 4))
_LAYERS = (
    (np.ones((1, 2, 2, 3)), np.ones((2, 2, 3, 2)), np.array([0.0, -20.0])),
    *(
        (_RNG.normal(size=size), _RNG.normal(size=kernels), _RNG.normal(size=kernels[3]))
        for size, kernels in (((1, 4, 5, 1), (2, 3, 1, 1)), ((2, 5, 7, 3), (3, 2, 3, 4)), ((3, 6, 4, 2), (3, 3, 2, 5)))
    ),
)


def _map(picture, kernel, b, s):
    return np.maximum(correlate2d(picture, kernel, stride=s) + b, 0)


def _tail(n, k, s):
    """How many pixels at the end of n no whole window covers, the picture itself where it is too small."""
    return shapes.leftover(n, k, s) if n >= k else n


def _zeros(n, k, s):
    return k - n if n < k else -(n - k) % s


def _layer(x, w, b):
    return np.maximum(conv_layer(x, w, b), 0)


EXERCISES = (
    Exercise(
        name="05.output_shape",
        reference=lambda: (8, *(shapes.output_size(side, 3, 2, "same") for side in (65, 33)), 100),
        misconceptions=(
            ("same with stride 2 rounds the half upwards: the last pixel gets a window too", lambda: (8, 32, 16, 100)),
            ("'same' keeps the size only when the stride is 1", lambda: (8, 65, 33, 100)),
            (
                "the number of kernels decides how many channels go out, not the channels that came in",
                lambda: (8, 33, 17, 16),
            ),
            (
                "the channels that come in are merged into one sum: they do not multiply those that go out",
                lambda: (8, 33, 17, 1600),
            ),
            ("the first axis is the batch: as many pictures come out as go in", lambda: (33, 17, 100)),
            ("channels come last in this course and in Keras", lambda: (8, 100, 33, 17)),
            ("rows come before columns, as in the input", lambda: (8, 17, 33, 100)),
            ("this is the shape of the array of kernels", lambda: (3, 3, 16, 100)),
        ),
    ),
    Exercise(
        name="05.parameters",
        reference=lambda: (5 * 5 * 3 + 1) * 100 + (3 * 3 * 100 + 1) * 20,
        misconceptions=(
            ("each kernel has one bias", lambda: 5 * 5 * 3 * 100 + 3 * 3 * 100 * 20),
            (
                "the second layer's kernels must reach through all channels of the first one's output",
                lambda: (5 * 5 * 3 + 1) * 100 + (3 * 3 * 3 + 1) * 20,
            ),
            ("a kernel has weights for each channel of its input", lambda: (5 * 5 + 1) * 100 + (3 * 3 + 1) * 20),
            (
                "the bias is one number per kernel, however many channels there are",
                lambda: (5 * 5 + 1) * 3 * 100 + (3 * 3 + 1) * 100 * 20,
            ),
            ("this is the first layer alone", lambda: (5 * 5 * 3 + 1) * 100),
            ("this is the second layer alone", lambda: (3 * 3 * 100 + 1) * 20),
            ("a layer has as many biases as kernels, not only one", lambda: 5 * 5 * 3 * 100 + 1 + 3 * 3 * 100 * 20 + 1),
        ),
    ),
    Exercise(
        name="05.feature_map",
        cases=_PICTURES,
        reference=_map,
        misconceptions=(
            (
                "the stride is ignored: the window must jump s pixels",
                lambda p, k, b, s: np.maximum(correlate2d(p, k) + b, 0),
            ),
            (
                "entry [i, j] must look at the window that starts at [i * s, j * s]",
                lambda p, k, b, s: np.maximum(correlate2d(p, k) + b, 0)[
                    : _map(p, k, b, s).shape[0], : _map(p, k, b, s).shape[1]
                ],
            ),
            ("this equals the flipped kernel: networks do not flip", lambda p, k, b, s: _map(p, k[::-1, ::-1], b, s)),
            ("the bias is missing", lambda p, k, b, s: _map(p, k, 0, s)),
            ("ReLU is missing", lambda p, k, b, s: correlate2d(p, k, stride=s) + b),
            (
                "the bias is added before ReLU, not after it",
                lambda p, k, b, s: np.maximum(correlate2d(p, k, stride=s), 0) + b,
            ),
            (
                "columns must jump s pixels too, not only rows",
                lambda p, k, b, s: np.maximum(correlate2d(p, k, stride=(s, 1)) + b, 0),
            ),
            ("the bias is added once to each sum, not to each product", lambda p, k, b, s: _map(p, k, b * k.size, s)),
            (
                "an array of whole numbers cuts off what stands behind the point: make the result of floats",
                lambda p, k, b, s: np.trunc(_map(p, k, b, s)),
            ),
        ),
    ),
    Exercise(
        name="05.zeros_needed",
        cases=_AXES,
        reference=_zeros,
        misconceptions=(
            ("this is how many pixels are left over; the question is how many zeros to add", _tail),
            (
                "when nothing is left over, no zeros are needed; this adds a whole stride",
                lambda n, k, s: k - n if n < k else s - (n - k) % s,
            ),
            (
                "the first window takes k pixels: only what comes after it, n - k, is spent in steps of s",
                lambda n, k, s: -n % s,
            ),
            (
                "this makes the number of outputs ⌈n/s⌉, as 'same' does; fewer zeros may be enough here",
                lambda n, k, s: max((-(-n // s) - 1) * s + k - n, 0),
            ),
            ("where not even one window fits, the axis must be filled up to k pixels", lambda n, k, s: -(n - k) % s),
            ("this is for one end only of 'same' at stride 1; here the stride counts", lambda n, k, s: (k - 1) // 2),
        ),
    ),
    Exercise(
        name="05.layer",
        cases=_LAYERS,
        reference=_layer,
        misconceptions=(
            ("this equals the flipped kernel: networks do not flip", lambda x, w, b: _layer(x, w[::-1, ::-1], b)),
            ("ReLU is missing", conv_layer),
            ("the biases are missing", lambda x, w, b: _layer(x, w, 0 * b)),
            ("the biases are added before ReLU, not after it", lambda x, w, b: _layer(x, w, 0 * b) + b),
            (
                "only the first channel of the input is used: the sum runs over all",
                lambda x, w, b: _layer(x[..., :1], w[:, :, :1], b),
            ),
            ("the products of the channels are averaged: add them up", lambda x, w, b: _layer(x, w / w.shape[2], b)),
            (
                "the bias belongs to the kernel: here it is added once for each channel that comes in",
                lambda x, w, b: _layer(x, w, b * w.shape[2]),
            ),
            (
                "each picture of the batch has its own output; here the first one is repeated",
                lambda x, w, b: np.repeat(_layer(x[:1], w, b), len(x), axis=0),
            ),
            (
                "every kernel makes a channel of its own; here the first kernel makes them all",
                lambda x, w, b: _layer(x, np.repeat(w[..., :1], w.shape[3], axis=3), b),
            ),
            ("no padding is asked for", lambda x, w, b: np.maximum(conv_layer(x, w, b, padding="same"), 0)),
        ),
    ),
)
