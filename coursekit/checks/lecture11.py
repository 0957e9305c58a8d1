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
)
_MASKS = (
    (np.array([[True, True, False, False]]), np.array([[False, True, True, True]])),
    (_RNG.random((7, 5)) < 0.3, _RNG.random((7, 5)) < 0.6),
    (np.zeros((2, 3), bool), np.zeros((2, 3), bool)),
)


def _relu(x):
    return np.maximum(x, 0)


def _block(x, first, second):
    return _relu(x + _relu(x @ first) @ second)


def _over(x, axes):
    return (x - x.mean(axis=axes, keepdims=True)) / np.sqrt(x.var(axis=axes, keepdims=True) + 1e-5)


def _group(x, groups, epsilon=1e-5, root=True):
    n, h, w, c = x.shape
    parts = x.reshape(n, h, w, groups, c // groups)
    spread = parts.var(axis=(1, 2, 4), keepdims=True) + epsilon
    return ((parts - parts.mean(axis=(1, 2, 4), keepdims=True)) / (np.sqrt(spread) if root else spread)).reshape(
        x.shape
    )


def _interleaved(x, groups):
    n, h, w, c = x.shape
    return _over(x.reshape(n, h, w, c // groups, groups), (1, 2, 3)).reshape(x.shape)


def _dice(found, truth):
    both = found.sum() + truth.sum()
    return 2 * (found & truth).sum() / both if both else 1.0


def _ratio(top, bottom):
    return top / bottom if bottom else 1.0


EXERCISES = (
    Exercise(
        name="11.bottleneck",
        reference=lambda: 256 * 64 + 9 * 64 * 64 + 64 * 256,
        misconceptions=(
            ("this is a single 3 × 3 convolution on all 256 channels", lambda: 9 * 256 * 256),
            ("these are two 3 × 3 convolutions on all 256 channels", lambda: 2 * 9 * 256 * 256),
            ("a 3 × 3 kernel has nine weights for each pair of channels", lambda: 256 * 64 + 64 * 64 + 64 * 256),
            ("the last 1 × 1 convolution is missing: back to 256 channels", lambda: 256 * 64 + 9 * 64 * 64),
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
            ("x is passed on as it is, not through a ReLU before the sum", lambda x, a, b: _relu(x) + _relu(x @ a) @ b),
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
            ("divide by the root of the variance", lambda x, g: _group(x, g, root=False)),
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
                lambda a, b: _ratio((a & b).sum(), (a | b).sum()),
            ),
            ("this is the share of equal pixels: background counts nothing", lambda a, b: (a == b).mean()),
            ("divide by the pixels of both masks, not of the truth", lambda a, b: _ratio((a & b).sum(), b.sum())),
            ("divide by the pixels of both masks, not of the one found", lambda a, b: _ratio((a & b).sum(), a.sum())),
            ("the 2 is missing", lambda a, b: _ratio((a & b).sum(), a.sum() + b.sum()) if (a | b).any() else 1.0),
            ("two empty masks agree: that is 1", lambda a, b: 0.0 if not (a | b).any() else _dice(a, b)),
        ),
    ),
)


def _centred(x, groups):
    parts = x.reshape(*x.shape[:3], groups, -1)
    return (parts - parts.mean(axis=(1, 2, 4), keepdims=True)).reshape(x.shape)
