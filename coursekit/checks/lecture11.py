"""Exercises of lecture 11, Architectures."""

import numpy as np

from coursekit.checks.exercise import Exercise

_RNG = np.random.default_rng(11)
_BLOCKS = (
    (np.array([[1.0, -2.0]]), np.array([[1.0, 1.0], [-1.0, 0.5]]), np.array([[2.0, -1.0], [-3.0, 1.0]])),
    (_RNG.normal(size=(3, 4)), _RNG.normal(size=(4, 4)), _RNG.normal(size=(4, 4))),
    (_RNG.normal(size=(5, 3)), _RNG.normal(size=(3, 6)), _RNG.normal(size=(6, 3))),
)
_MAPS = tuple(
    (_RNG.normal(size=shape) + 3 * np.arange(shape[-1]), groups)
    for shape, groups in (((2, 2, 3, 4), 2), ((3, 4, 2, 6), 3), ((2, 3, 5, 6), 1))
) + ((np.random.default_rng(110).normal(size=(2, 3, 2, 4)) / 300, 2),)  # so even that the 1e-5 counts
_MASKS = (
    (np.array([[True, True, False, False]]), np.array([[False, True, True, True]])),
    (_RNG.random((7, 5)) < 0.3, _RNG.random((7, 5)) < 0.6),
    (np.zeros((2, 3), bool), np.zeros((2, 3), bool)),
    (np.zeros(4, bool), np.array([True, False, True, False])),
    (np.eye(3, dtype=bool)[None], np.zeros((1, 3, 3), bool)),
)


def _relu(x):
    return np.maximum(x, 0)


def _block(x, first, second):
    return _relu(x + _relu(x @ first) @ second)


def _over(x, axes):
    return (x - x.mean(axis=axes, keepdims=True)) / np.sqrt(x.var(axis=axes, keepdims=True) + 1e-5)


def _group(x, groups, epsilon=1e-5, axes=(1, 2, 4), ddof=0, divisor=np.sqrt):
    n, h, w, c = x.shape
    parts = x.reshape(n, h, w, groups, c // groups)
    spread = divisor(parts.var(axis=axes, keepdims=True, ddof=ddof) + epsilon)
    return ((parts - parts.mean(axis=axes, keepdims=True)) / spread).reshape(x.shape)


def _interleaved(x, groups):
    n, h, w, c = x.shape
    return _over(x.reshape(n, h, w, c // groups, groups), (1, 2, 3)).reshape(x.shape)


def _dice(found, truth):
    both = found.sum() + truth.sum()
    return 2 * (found & truth).sum() / both if both else 1.0


def _ratio(found, truth, bottom):
    """The common pixels over `bottom`: 1 for two empty masks, and NaN where only `bottom` is 0."""
    return (found & truth).sum() / bottom if bottom else np.nan if (found | truth).any() else 1.0


EXERCISES = (
    Exercise(
        name="11.bottleneck",
        reference=lambda: 256 * 64 + 9 * 64 * 64 + 64 * 256,
        misconceptions=(
            ("this is a single 3 × 3 convolution on all 256 channels", lambda: 9 * 256 * 256),
            ("these are two 3 × 3 convolutions on all 256 channels", lambda: 2 * 9 * 256 * 256),
            (
                "either the 3 × 3 convolution is counted alone, or its kernels without their nine weights",
                lambda: 9 * 64 * 64,
            ),
            ("one of the two 1 × 1 convolutions is missing", lambda: 256 * 64 + 9 * 64 * 64),
            ("there are no biases", lambda: 256 * 64 + 9 * 64 * 64 + 64 * 256 + 64 + 64 + 256),
            ("each filter reads all channels", lambda: 256 + 9 * 64 + 64),
        ),
    ),
    Exercise(
        name="11.residual_block",
        cases=_BLOCKS,
        reference=_block,
        misconceptions=(
            ("the skip is missing: x is added to what the branch gives", lambda x, a, b: _relu(_relu(x @ a) @ b)),
            ("the last ReLU comes after the sum", lambda x, a, b: x + _relu(_relu(x @ a) @ b)),
            ("the ReLU after the sum is missing", lambda x, a, b: x + _relu(x @ a) @ b),
            ("the ReLU between the two layers is missing", lambda x, a, b: _relu(x + x @ a @ b)),
            (
                "nothing stands between the second matrix and the sum: that ReLU is one too many",
                lambda x, a, b: _relu(x + _relu(_relu(x @ a) @ b)),
            ),
            ("x is passed on as it is, not through a ReLU before the sum", lambda x, a, b: _relu(x) + _relu(x @ a) @ b),
            (
                "a ReLU before each matrix is the order of section 3: here one stands between them, one after the sum",
                lambda x, a, b: x + _relu(_relu(x) @ a) @ b,
            ),
            ("both ReLUs are missing", lambda x, a, b: x + x @ a @ b),
        ),
    ),
    Exercise(
        name="11.group_norm",
        cases=_MAPS,
        reference=_group,
        misconceptions=(
            ("this is batch normalisation: it averages over pictures", lambda x, g: _over(x, (0, 1, 2))),
            ("this is layer normalisation: one mean for all channels", lambda x, g: _over(x, (1, 2, 3))),
            ("this is instance normalisation: one mean for each channel", lambda x, g: _over(x, (1, 2))),
            ("the channels of a group are neighbours", _interleaved),
            ("divide by the root of the variance", lambda x, g: _group(x, g, divisor=lambda v: v)),
            ("Keras adds 1e-3 unless told otherwise: here it is 1e-5", lambda x, g: _group(x, g, epsilon=1e-3)),
            ("the 1e-5 is missing: it counts where a picture is nearly even", lambda x, g: _group(x, g, epsilon=0)),
            (
                "the 1e-5 is added to the variance, before the root is taken",
                lambda x, g: _group(x, g, epsilon=0, divisor=lambda v: np.sqrt(v) + 1e-5),
            ),
            (
                "the variance is the mean square distance from the mean, over all values: ddof=0",
                lambda x, g: _group(x, g, ddof=1),
            ),
            (
                "each group is taken by itself: the mean runs over its channels, not over the groups",
                lambda x, g: _group(x, g, axes=(1, 2, 3)),
            ),
            ("each picture is taken by itself", lambda x, g: _group(x, g, axes=(0, 1, 2, 4))),
            ("the mean is taken off, but nothing is divided", lambda x, g: _centred(x, g)),
        ),
        tolerance=1e-4,
    ),
    Exercise(
        name="11.dice",
        cases=_MASKS,
        reference=_dice,
        misconceptions=(
            (
                "this is intersection over union: Dice counts the common pixels twice",
                lambda a, b: _ratio(a, b, (a | b).sum()),
            ),
            ("this is the share of equal pixels: background counts nothing", lambda a, b: (a == b).mean()),
            ("divide by the pixels of both masks, not of the truth", lambda a, b: _ratio(a, b, b.sum())),
            ("divide by the pixels of both masks, not of the one found", lambda a, b: _ratio(a, b, a.sum())),
            ("the 2 is missing", lambda a, b: _ratio(a, b, a.sum() + b.sum())),
            ("two empty masks agree: that is 1", lambda a, b: 0.0 if not (a | b).any() else _dice(a, b)),
            (
                "0/0 is not a number: ask for two empty masks before you divide",
                lambda a, b: _dice(a, b) if (a | b).any() else np.nan,
            ),
            (
                "a single empty mask does not agree with the other: that is 0",
                lambda a, b: _dice(a, b) if a.any() and b.any() else 1.0,
            ),
            (
                "no smoothing term is added above and below the line",
                lambda a, b: (2 * (a & b).sum() + 1) / (a.sum() + b.sum() + 1),
            ),
            (
                "the sum of two masks is their union: add up the pixels of each first",
                lambda a, b: 2 * _ratio(a, b, (a | b).sum()) if (a | b).any() else 1.0,
            ),
        ),
    ),
)


def _centred(x, groups):
    parts = x.reshape(*x.shape[:3], groups, -1)
    return (parts - parts.mean(axis=(1, 2, 4), keepdims=True)).reshape(x.shape)
