"""Answers to the exercises of lecture 08, How does a network find its weights?"""

import numpy as np

from answers import Answers


def stub(*arguments):
    raise NotImplementedError


def probabilities(scores, axis=1):
    powers = np.exp(scores)
    return powers / powers.sum(axis=axis, keepdims=True)


def slope(scores, labels):
    result = probabilities(scores)
    for row, label in enumerate(labels):
        result[row, label] -= 1
    return result / len(scores)


def slope_of(probability):
    """The slope with what `probability` makes of the scores in place of the softmax of each row."""
    return lambda s, y: slope(s, y) + (probability(s) - probabilities(s)) / len(s)


def slope_of_columns(scores, labels):
    result = probabilities(scores)
    result[:, labels] -= 1
    return result / len(scores)


def slope_in_place(scores, labels):
    result = slope(scores, labels)
    scores[:] = result
    return result


def slope_without_return(scores, labels):
    slope(scores, labels)


def dense(x, w, g):
    return np.einsum("nk,ik->ni", g, w), np.einsum("ni,nk->ik", x, g)


def dense_in_place(x, w, g):
    result = dense(x, w, g)
    w -= result[1]
    return result


def kernel(x, g, size, stride):
    return np.array([sum(g[i] * x[i * stride + u] for i in range(len(g))) for u in range(size)])


def kernel_of_whole_numbers(x, g, size, stride):
    result = np.zeros(size, int)
    for u in range(size):
        result[u] = kernel(x, g, size, stride)[u]
    return result


def kernel_by_spreading(x, g, size, stride):
    """Right only where the last window ends with the row."""
    spread = np.zeros((len(g) - 1) * stride + 1)
    spread[::stride] = g
    return np.correlate(x, spread, "valid")


def kernel_in_place(x, g, size, stride):
    result = kernel(x, g, size, stride)
    g *= 2
    return result


def best_epoch(losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            return best
    return best


def ties_count_as_better(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss <= losses[best]:
            best = epoch
        elif epoch - best == patience:
            break
    return best


def waits_in_all(losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        else:
            waited += 1
        if waited == patience:
            return best
    return best


def compares_with_the_epoch_before(losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        waited = 0 if losses[epoch] < losses[epoch - 1] else waited + 1
        best = epoch if waited == 0 else best
        if waited == patience:
            return best
    return best


def waits_for_epoch_0(losses, patience):
    best, waited = 0, 0
    for epoch, loss in enumerate(losses):
        best, waited = (epoch, 0) if loss < losses[best] else (best, waited + 1)
        if waited == patience:
            break
    return best


def starts_at(lowest):
    """Right only for losses below `lowest`."""

    def answer(losses, patience):
        best, least, waited = 0, lowest, 0
        for epoch, loss in enumerate(losses):
            best, least, waited = (epoch, loss, 0) if loss < least else (best, least, waited + 1)
            if waited == patience:
                break
        return best

    return answer


def rise(losses, patience):
    for epoch in range(1, len(losses)):
        if losses[epoch] >= losses[epoch - 1]:
            return epoch - 1
    return len(losses) - 1


def best_epoch_in_place(losses, patience):
    result = best_epoch(losses, patience)
    losses.sort()
    return result


BANK = {
    "08.steps": Answers(
        solution=420,
        stub=...,
        wrong=(
            (415, "the last, smaller batch"),
            (84, "the steps of one epoch"),
            (20_000, "not one per picture"),
            (5, "not one per epoch"),
            (240, "divide the pictures"),
            (83, "83 is not it"),
            (417, "each epoch starts a new batch"),
            (4000 / 48 * 5, "steps are whole"),
            (0, "0 is not it"),
            ("420", "expected a number, received '420'"),
            ((84, 5), "expected a number, received (84, 5)"),
        ),
    ),
    "08.softmax_slope": Answers(
        solution=slope,
        stub=stub,
        wrong=(
            (lambda s, y: slope(s, y) * len(s), "divide by n"),
            (lambda s, y: -slope(s, y), "the sign"),
            (lambda s, y: probabilities(s) / len(s), "1(y = k) is missing"),
            (lambda s, y: (probabilities(s) - 1) / len(s), "at the right class alone"),
            (lambda s, y: slope(s, y) / s.shape[1], "not over pictures and classes"),
            (lambda s, y: slope(s, y) - probabilities(s) / len(s), "the probabilities are missing"),
            (lambda s, y: slope(s, y) * len(s) / s.shape[1], "not of classes"),
            (lambda s, y: probabilities(s, axis=0), "expected [["),
            (slope_of_columns, "whole columns"),
            (slope_of(lambda s: np.exp(s) / np.exp(s).sum()), "a softmax of its own"),
            (slope_of(lambda s: probabilities(s, axis=0)), "down the columns"),
            (slope_of(lambda s: s), "no probabilities yet"),
            (lambda s, y: np.zeros_like(s), "received [[0. 0.]"),
            (lambda s, y: slope(s, y).sum(0), "received one of shape (2,)"),
            (lambda s, y: slope(s, y).T, "received [["),
            (slope_in_place, "changed its argument"),
            (slope_without_return, "is a return missing?"),
        ),
    ),
    "08.dense_gradients": Answers(
        solution=dense,
        stub=stub,
        wrong=(
            (lambda x, w, g: dense(x, w, g)[::-1], "in the other order"),
            (lambda x, w, g: (g @ w.T, g.T @ x), "transpose it"),
            (lambda x, w, g: (g @ w.T, x.T @ g / len(x)), "only sum"),
            (lambda x, w, g: (g @ w.T / len(x), x.T @ g / len(x)), "divide neither result"),
            (lambda x, w, g: (-g @ w.T, -x.T @ g), "the sign is turned"),
            (lambda x, w, g: (g @ w.T, x.T @ g, g), "expected 2 results"),
            (lambda x, w, g: (g @ w, x.T @ g), "your function raised ValueError"),
            (
                lambda x, w, g: g @ w.T,
                "expected 2 results (an array of shape (2, 2), an array of shape (2, 3)), received an array",
            ),
            (lambda x, w, g: (np.zeros_like(x), np.zeros_like(w)), "result 1 of 2 is wrong"),
            (lambda x, w, g: (w @ g[0], x.T @ g), "result 1 of 2 is wrong: expected an array of shape"),
            (dense_in_place, "changed its argument"),
            (lambda x, w, g: None, "is a return missing?"),
        ),
    ),
    "08.kernel_gradient": Answers(
        solution=kernel,
        stub=stub,
        wrong=(
            (lambda x, g, k, s: kernel(x, g, k, 1), "the stride is ignored"),
            (lambda x, g, k, s: kernel(x, g, k, s)[::-1], "turned round"),
            (lambda x, g, k, s: kernel(x, g, k, s) / len(g), "take no mean"),
            (lambda x, g, k, s: kernel(x, g * (np.arange(len(g)) == len(g) - 1), k, s), "so += and not ="),
            (lambda x, g, k, s: kernel(x, g[::-1], k, s), "do not turn g round"),
            (lambda x, g, k, s: kernel(x, g * 0 + 1, k, s), "the slope g of its own output"),
            (lambda x, g, k, s: kernel(x, g, k, s)[:-1], "received one of shape (2,)"),
            (lambda x, g, k, s: np.correlate(x, g, "valid"), "right for stride 1 only"),
            (kernel_of_whole_numbers, "cuts fractions off"),
            (kernel_by_spreading, "expected an array of shape (3,), received one of shape (4,)"),
            (lambda x, g, k, s: np.zeros(k), "received [0. 0. 0.]"),
            (lambda x, g, k, s: kernel(x, g, 3, 2), "your function raised IndexError"),
            (lambda x, g, k, s: kernel(x, g, k, s).sum(), "received one of shape ()"),
            (kernel_in_place, "changed its argument"),
            (lambda x, g, k, s: None, "is a return missing?"),
        ),
    ),
    "08.best_epoch": Answers(
        solution=best_epoch,
        stub=stub,
        wrong=(
            (lambda v, p: v.index(min(v)), "once patience was used up"),
            (lambda v, p: min(best_epoch(v, p) + p, len(v) - 1), "its weights are not kept"),
            (waits_for_epoch_0, "waiting begins after it"),
            (rise, "is not enough to stop"),
            (lambda v, p: v[best_epoch(v, p)], "not its loss"),
            (lambda v, p: best_epoch(v, p) + 1, "counted from 0"),
            (lambda v, p: best_epoch(v, p + 1), "one epoch earlier"),
            (ties_count_as_better, "an equal loss"),
            (waits_in_all, "starts the count afresh"),
            (compares_with_the_epoch_before, "the lowest loss so far"),
            (starts_at(1000), "for [30000.0, 20000.0, 25000.0, 26000.0, 1], 2:\nexpected 1\nreceived 0"),
            (lambda v, p: best_epoch(v, 2), "expected 8\nreceived 1"),
            (lambda v, p: 1, "received 1"),
            (lambda v, p: len(v) - 1, "received"),
            (best_epoch_in_place, "changed its argument"),
            (lambda v, p: None, "is a return missing?"),
        ),
    ),
}
