"""Exercises of lecture 10, How the fakes were made."""

import numpy as np

from coursekit import shapes
from coursekit.checks.exercise import Exercise
from coursekit.convolution import conv_transpose, overlap_counts

_RNG = np.random.default_rng(10)
_ROWS = (
    (np.array([1.0, 10.0]), np.array([1.0, 2.0, 3.0]), 2),
    (_RNG.normal(size=4), _RNG.normal(size=5), 2),
    (_RNG.normal(size=5), _RNG.normal(size=4), 3),
)
_SCORES = ((np.array([0.0, 2.0]), np.array([1.0, -2.0])), (_RNG.normal(size=5), _RNG.normal(size=3)))


def _stamped(x, w, stride):
    return conv_transpose(x.reshape(1, 1, -1, 1), w.reshape(1, -1, 1, 1), stride=(1, stride), padding="valid").ravel()


def _losses(real, fake):
    return np.log1p(np.exp(-real)).mean() + np.log1p(np.exp(fake)).mean(), np.log1p(np.exp(-fake)).mean()


def _pattern(kernel, stride):
    middle = overlap_counts(4 * kernel, kernel, stride)
    start = (len(middle) // 2) // stride * stride
    return middle[start : start + stride]


def _unevenness(kernel, stride):
    counts = _pattern(kernel, stride)
    return float((counts.max() - counts.min()) / counts.mean())


EXERCISES = (
    Exercise(
        name="10.size",
        reference=lambda: shapes.transposed_size(7, 5, 3, "valid"),
        misconceptions=(
            ("the first stamp needs its whole length: only the six others add a stride", lambda: 7 * 3),
            ("the stride is ignored: each stamp begins 3 further than the one before", lambda: 7 + 5 - 1),
            ("kernel and stride have changed places", lambda: 6 * 5 + 3),
            ("this is as if the stamps lay beside each other", lambda: 7 * 5),
            ("there are six steps between seven pixels", lambda: 7 * 3 + 5),
            ("that is the size of a convolution", lambda: (7 - 5) // 3 + 1),
            ("the kernel is 5 long, and the last stamp begins at 18", lambda: 6 * 3),
        ),
    ),
    Exercise(
        name="10.stamps",
        cases=_ROWS,
        reference=_stamped,
        misconceptions=(
            ("the stride is ignored: stamp i begins at i * stride", lambda x, w, s: _stamped(x, w, 1)),
            ("the kernel is turned round: a stamp shows it as it is", lambda x, w, s: _stamped(x, w[::-1], s)),
            ("where stamps overlap they add up: += in place of =", lambda x, w, s: _written_over(x, w, s)),
            (
                "nothing comes after the last stamp: n values, spread apart, take (n - 1) * stride + 1 places",
                lambda x, w, s: np.append(_stamped(x, w, s), np.zeros(s - 1)),
            ),
            ("an array of whole numbers cuts fractions off: make it one of floats", lambda x, w, s: _cut_off(x, w, s)),
            ("the output has (n - 1) * stride + k entries", lambda x, w, s: _stamped(x, w, s)[: len(x) * s]),
        ),
    ),
    Exercise(
        name="10.unevenness",
        cases=((3, 2), (4, 2), (5, 3), (7, 3), (6, 4)),
        reference=_unevenness,
        misconceptions=(
            ("divide by the mean of the counts, which is k / s", lambda k, s: float(np.ptp(_pattern(k, s)))),
            ("the border counts are not the pattern: take pixels far from it", lambda k, s: _with_border(k, s)),
            ("where the stride divides the kernel, all counts are equal", lambda k, s: s / k),
            (
                "k // s is the smallest count: divide by the mean, k / s, which need not be whole",
                lambda k, s: float(k % s > 0) / (k // s),
            ),
            ("the counts differ by 1 at most, whatever is left over", lambda k, s: k % s / (k / s)),
            (
                "divide by the mean, not by the largest count",
                lambda k, s: np.ptp(_pattern(k, s)) / _pattern(k, s).max(),
            ),
            (
                "the whole way from the smallest count to the largest, not half of it",
                lambda k, s: _unevenness(k, s) / 2,
            ),
            (
                "the mean is that of all outputs of a period, not of its smallest and largest count",
                lambda k, s: 2 * np.ptp(_pattern(k, s)) / (_pattern(k, s).max() + _pattern(k, s).min()),
            ),
        ),
    ),
    Exercise(
        name="10.losses",
        cases=_SCORES,
        reference=_losses,
        misconceptions=(
            ("the two losses are in the other order", lambda r, f: _losses(r, f)[::-1]),
            (
                "this is the zero-sum loss: the generator's own is -log of the probability of real",
                lambda r, f: (_losses(r, f)[0], -np.log1p(np.exp(f)).mean()),
            ),
            ("scores are no probabilities yet: put them through the sigmoid", lambda r, f: _of_scores(r, f)),
            (
                "the discriminator's two parts are added up, not averaged",
                lambda r, f: (_losses(r, f)[0] / 2, _losses(r, f)[1]),
            ),
            ("the sign: a loss is minus the mean logarithm", lambda r, f: tuple(-loss for loss in _losses(r, f))),
            ("the logarithm is the natural one", lambda r, f: tuple(loss / np.log(2) for loss in _losses(r, f))),
            (
                "in the discriminator's loss a fake has the label 0",
                lambda r, f: (_losses(r, f)[0] - f.mean(), _losses(r, f)[1]),
            ),
            (
                "in the generator's loss a fake has the label 1: it wants to be taken for real",
                lambda r, f: (_losses(r, f)[0], _losses(r, -f)[1]),
            ),
            (
                "the labels are 1 and 0 here, not 0.9",
                lambda r, f: (_losses(r, f)[0] + 0.1 * r.mean(), _losses(r, f)[1]),
            ),
            ("take the logarithm of each picture first, then the mean", lambda r, f: _of_mean_probabilities(r, f)),
            ("real and fake are exchanged", lambda r, f: _losses(f, r)),
            ("each part is a mean over its pictures, not a sum", lambda r, f: _summed(r, f)),
        ),
    ),
)


def _written_over(x, w, stride):
    out = np.zeros((len(x) - 1) * stride + len(w))
    for i, value in enumerate(x):
        out[i * stride : i * stride + len(w)] = value * w
    return out


def _cut_off(x, w, stride):
    out = np.zeros((len(x) - 1) * stride + len(w), int)
    for i, value in enumerate(x):
        for u, weight in enumerate(w):
            out[i * stride + u] += value * weight
    return out


def _with_border(kernel, stride):
    counts = overlap_counts(4 * kernel, kernel, stride)
    return float((counts.max() - counts.min()) / counts.mean())


def _summed(real, fake):
    return np.log1p(np.exp(-real)).sum() + np.log1p(np.exp(fake)).sum(), np.log1p(np.exp(-fake)).sum()


def _of_mean_probabilities(real, fake):
    real, fake = ((1 / (1 + np.exp(-scores))).mean() for scores in (real, fake))
    return -np.log(real) - np.log(1 - fake), -np.log(fake)


def _of_scores(real, fake):
    """The losses where the scores stand for probabilities: mostly no numbers at all."""
    with np.errstate(all="ignore"):
        return -np.log(real).mean() - np.log(1 - fake).mean(), -np.log(fake).mean()
