"""Exercises of lecture 08, How does a network find its weights?"""

import numpy as np

from coursekit import backprop
from coursekit.checks.exercise import Exercise

_RNG = np.random.default_rng(8)
_SCORES = (
    (np.array([[0.0, 0.0], [0.0, np.log(3)]]), np.array([0, 1])),
    (_RNG.normal(size=(3, 4)), np.array([3, 0, 2])),
    (_RNG.normal(size=(5, 3)), np.array([1, 1, 0, 2, 1])),
)
_DENSE = (
    (np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0, 0.0, 2.0], [0.5, -1.0, 1.0]]), np.ones((2, 3))),
    (_RNG.normal(size=(4, 3)), _RNG.normal(size=(3, 2)), _RNG.normal(size=(4, 2))),
)
_ROWS = (
    (np.array([1.0, 2, 4, 8, 16]), np.array([1.0, 10]), 3, 2),
    (_RNG.normal(size=7), _RNG.normal(size=5), 3, 1),
    (_RNG.normal(size=11), _RNG.normal(size=4), 2, 3),
    (_RNG.normal(size=10), _RNG.normal(size=4), 3, 2),  # the last sample is in no window
)


def _slope(scores, labels):
    return backprop.softmax_cross_entropy(scores, labels)[1]


def _slope_with(probability, scores, labels):
    """The slope where `probability` stands for the softmax of each row."""
    return (probability - _hits(scores, labels)) / len(scores)


def _columns(scores, labels):
    """What comes out where 1 is taken from whole columns."""
    return (backprop.softmax(scores) - np.isin(np.arange(scores.shape[1]), labels)) / len(scores)


def _hits(scores, labels):
    return np.eye(scores.shape[1])[labels]


def _both(x, weights, gradient):
    return backprop.dense_gradients(x, weights, gradient)[:2]


def _weights(x, gradient, size, stride):
    taken = [np.dot(gradient, x[u : u + stride * len(gradient) : stride]) for u in range(size)]
    return np.array(taken)


_LOSSES = (
    ([5.0, 3, 4, 4, 1], 2),
    ([2.0, 1, 3, 0.5, 4], 2),
    ([9.0, 7, 8, 7, 8, 8, 8, 1], 3),
    ([3.0, 2, 1], 2),
    ([6.0, 4, 5, 3, 5, 4, 5, 2], 3),
    ([5.0, 3, 4, 4, 1, 2, 2, 2, 0], 2),
    ([6.0, 7, 5, 6, 4, 9, 3], 2),
    ([6.0, 5, 7, 7, 4, 8, 8, 8, 3], 4),
    ([4.0, 5, 3], 1),
    ([3e4, 2e4, 2.5e4, 2.6e4, 1], 2),
)


def _best_epoch(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best == patience:
            break
    return best


def _first_rise(losses, patience):
    rises = [epoch for epoch in range(1, len(losses)) if losses[epoch] >= losses[epoch - 1]]
    return (rises[0] if rises else len(losses)) - 1


def _waited(losses, patience, better, afresh):
    """The epoch kept where `better(epoch, best)` decides, and waiting begins `afresh` after each better one or not."""
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if better(epoch, best):
            best, waited = epoch, 0 if afresh else waited
        else:
            waited += 1
        if waited == patience:
            break
    return best


def _waited_for_the_first(losses, patience):
    """The epoch kept where epoch 0, not being lower than itself, counts as one that brought nothing."""
    return max(_best_epoch([losses[0], *losses], patience) - 1, 0)


def _last_shown(losses, patience):
    return min(_best_epoch(losses, patience) + patience, len(losses) - 1)


EXERCISES = (
    Exercise(
        name="08.steps",
        reference=lambda: -(-4000 // 48) * 5,
        misconceptions=(
            ("the last, smaller batch of an epoch is a step too", lambda: 4000 // 48 * 5),
            (
                "each epoch starts a new batch: its last one is not filled up from the next epoch",
                lambda: -(-20000 // 48),
            ),
            ("steps are whole: round up, epoch by epoch", lambda: 4000 * 5 / 48),
            ("these are the steps of one epoch", lambda: -(-4000 // 48)),
            ("there is one step per mini-batch, not one per picture", lambda: 4000 * 5),
            ("there is one step per mini-batch, not one per epoch", lambda: 5),
            ("divide the pictures by the size of a batch", lambda: 48 * 5),
        ),
    ),
    Exercise(
        name="08.softmax_slope",
        cases=_SCORES,
        reference=_slope,
        misconceptions=(
            ("the loss is a mean over the batch: divide by n", lambda s, y: _slope(s, y) * len(s)),
            ("the sign: it is p minus 1(y = k)", lambda s, y: -_slope(s, y)),
            ("1(y = k) is missing", lambda s, y: backprop.softmax(s) / len(s)),
            ("1 is subtracted at the right class alone", lambda s, y: (backprop.softmax(s) - 1) / len(s)),
            ("the loss is a mean over pictures, not over pictures and classes", lambda s, y: _slope(s, y) / s.shape[1]),
            ("this is only -1(y = k): the probabilities are missing", lambda s, y: -_hits(s, y) / len(s)),
            ("p[:, labels] means whole columns: name the row of each label as well", _columns),
            (
                "each row has a softmax of its own: add up along axis 1",
                lambda s, y: _slope_with(np.exp(s) / np.exp(s).sum(), s, y),
            ),
            (
                "this is a softmax down the columns: the classes lie along axis 1",
                lambda s, y: _slope_with(backprop.softmax(s.T).T, s, y),
            ),
            ("the scores are no probabilities yet: take the softmax", lambda s, y: _slope_with(s, s, y)),
            ("divide by the number of pictures, not of classes", lambda s, y: _slope(s, y) * len(s) / s.shape[1]),
        ),
    ),
    Exercise(
        name="08.dense_gradients",
        cases=_DENSE,
        reference=_both,
        misconceptions=(
            ("the two results are in the other order", lambda x, w, g: _both(x, w, g)[::-1]),
            ("dL/dweights has the shape of weights: transpose it", lambda x, w, g: (_both(x, w, g)[0], g.T @ x)),
            (
                "the mean over the batch is already in the gradient: only sum",
                lambda x, w, g: (_both(x, w, g)[0], _both(x, w, g)[1] / len(x)),
            ),
            (
                "the mean over the batch is already in the gradient: divide neither result",
                lambda x, w, g: tuple(part / len(x) for part in _both(x, w, g)),
            ),
            ("the sign is turned: descent subtracts later", lambda x, w, g: tuple(-part for part in _both(x, w, g))),
        ),
    ),
    Exercise(
        name="08.kernel_gradient",
        cases=_ROWS,
        reference=_weights,
        misconceptions=(
            ("the stride is ignored: output i looked at x[i * stride + u]", lambda x, g, k, s: _weights(x, g, k, 1)),
            (
                "this is turned round: the kernel's slope is a correlation",
                lambda x, g, k, s: _weights(x, g, k, s)[::-1],
            ),
            (
                "np.correlate moves on by one sample at a time: that is right for stride 1 only",
                lambda x, g, k, s: np.correlate(x, g, "valid"),
            ),
            (
                "an array of whole numbers cuts fractions off: use np.zeros(size)",
                lambda x, g, k, s: np.trunc(_weights(x, g, k, s)),
            ),
            (
                "this is the share of the last output alone: all shares add up, so += and not =",
                lambda x, g, k, s: _weights(x[(len(g) - 1) * s :], g[-1:], k, s),
            ),
            ("output i has the slope g[i]: do not turn g round", lambda x, g, k, s: _weights(x, g[::-1], k, s)),
            ("sum over the outputs, take no mean", lambda x, g, k, s: _weights(x, g, k, s) / len(g)),
            ("each product has the slope g of its own output", lambda x, g, k, s: _weights(x, np.ones_like(g), k, s)),
        ),
    ),
    Exercise(
        name="08.best_epoch",
        cases=_LOSSES,
        reference=_best_epoch,
        misconceptions=(
            ("training had stopped before that epoch, once patience was used up", lambda v, p: int(np.argmin(v))),
            ("that is the epoch at which training stops; its weights are not kept", _last_shown),
            ("epoch 0 brings the first lowest loss: waiting begins after it", _waited_for_the_first),
            ("one epoch without a new lowest loss is not enough to stop", _first_rise),
            (
                "an equal loss is no new lowest one",
                lambda v, p: _waited(v, p, lambda epoch, best: v[epoch] <= v[best], afresh=True),
            ),
            (
                "each new lowest loss starts the count afresh: only epochs in a row matter",
                lambda v, p: _waited(v, p, lambda epoch, best: v[epoch] < v[best], afresh=False),
            ),
            (
                "compare with the lowest loss so far, not with the epoch before",
                lambda v, p: _waited(v, p, lambda epoch, best: v[epoch] < v[epoch - 1], afresh=True),
            ),
            ("the number of the epoch is asked for, not its loss", lambda v, p: v[_best_epoch(v, p)]),
            ("epochs are counted from 0", lambda v, p: _best_epoch(v, p) + 1),
            ("training stops once patience is used up, one epoch earlier", lambda v, p: _best_epoch(v, p + 1)),
        ),
    ),
)
