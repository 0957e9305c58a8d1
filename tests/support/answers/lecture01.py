"""Answers to the exercises of lecture 01, From a neuron to a network."""

import math

import numpy as np

from answers import Answers


def stub(*arguments):
    raise NotImplementedError


# ---------------------------------------------------------------- 4 · collapse(W1, b1, W2, b2)


def collapse(W1, b1, W2, b2):
    """Found by asking the two layers: what they make of zero is the bias, of unit vectors the columns."""
    two = lambda x: np.dot(W2, np.dot(W1, x) + b1) + b2  # noqa: E731
    bias = two(np.zeros(W1.shape[1]))
    return np.transpose([two(unit) - bias for unit in np.eye(W1.shape[1])]), bias


def collapse_in_the_wrong_order(W1, b1, W2, b2):
    matrix, bias = collapse(W1, b1, W2, b2)
    return (W1 @ W2 if W1.shape == W2.shape else matrix), bias


def collapse_with_biases_added(W1, b1, W2, b2):
    return W2 @ W1, (np.add(b1, b2) if b1.size == b2.size else b2)


def collapse_by_sum(W1, b1, W2, b2):
    matrix, bias = collapse(W1, b1, W2, b2)
    return (W2 + W1 if W1.shape == W2.shape else matrix), bias


def collapse_that_edits(W1, b1, W2, b2):
    b1 *= 2
    return collapse(W1, b1 / 2, W2, b2)


# ---------------------------------------------------------------- 5 · logistic(w, b, X, y)


def logistic(w, b, X, y):
    """Picture by picture, with numbers of plain Python."""
    loss, by_w, by_b = 0.0, [0.0] * len(w), 0.0
    for x, truth in zip(np.asarray(X).tolist(), np.asarray(y).tolist()):
        f = sum(one * other for one, other in zip(w, x)) + b
        loss += math.log1p(math.exp(-truth * f)) / len(y)
        s = -truth * math.exp(-truth * f) / (1 + math.exp(-truth * f)) / len(y)
        by_w = [old + s * value for old, value in zip(by_w, x)]
        by_b += s
    return loss, by_w, by_b


def wrong(change):
    return lambda *case: change(*(np.asarray(part) for part in logistic(*case)), *case)


def slopes(s_of):
    """The right loss with slopes that come from another s."""

    def answer(w, b, X, y):
        s = s_of(X @ w + b, y)
        return logistic(w, b, X, y)[0], np.mean(s[:, None] * X, axis=0), np.mean(s)

    return answer


PLATEAU = [(1, 2, 1), (1, 1, -1), (1, 0, -1), (1, -1, 1)]

BANK = {
    "01.by_hand": Answers(
        solution=2.7,
        stub=...,
        wrong=(
            (0.7, "the ReLU is missing"),
            (4.7, "it does not turn it around"),
            (-2.3, "the biases of the hidden units are missing"),
            (2.0, "the bias of the output is missing"),
            (-3.3, "added, not subtracted"),
            (14.7, "the inputs themselves stay"),
            (26.7, "mind its sign"),
            (6.7, "the third weight in W₂"),
            ([1, 0, 2], "these are the three hidden units"),
            (3.7, "each is multiplied by its weight"),
            (3.4, "3.4 is not it"),
            ("2.8", "expected a number"),
            ([2.8, 2.8], "expected a number"),
            (0, "0 is not it"),
        ),
    ),
    "01.kinks": Answers(
        solution=[1 / 2, 3],
        stub=...,
        wrong=(
            ([-1, 0.5, 3], "add up the changes of slope"),
            ([-1, -1, 0.5, 3], "listed twice"),
            ([-1, 0.5, 3, -1], "in the order of the units"),
            ([-3, -0.5], "mind the sign"),
            ([-3, -0.5, 1], "mind the sign of −b/w, and look"),
            ([-3, 1], "divide by w"),
            ([-5, 0.5, 3], "never crosses zero"),
            ([-1, 0.5], "only downwards"),
            ([0.5], "its line falls"),
            (2, "this is the number of kinks"),
            ([3, 0.5], "in increasing order"),
            ({0.5, 3}, "expected 2 values, received set"),
            ("0.5, 3", "is not it"),
            ([], "[] is not it"),
        ),
    ),
    "01.plateau": Answers(
        solution=[(2, 4, 0.5), (0.5, 0.5, -2), (1, 9, 0), (-1, 0, -1), (-1, 1, 1), (0, 1, -1)],
        stub=...,
        wrong=(
            ([(w, -b, v) for w, b, v in PLATEAU], "for a bend at −2 the bias must be 2"),
            ([(w, b, -v) for w, b, v in PLATEAU], "upside down"),
            ([(1, 1, 1), (1, 0, -2), (1, -1, 1)], "this is the tent"),
            (PLATEAU[:2], "it rises and never comes down"),
            (PLATEAU[:3], "goes on falling"),
            ([(w, b, abs(v)) for w, b, v in PLATEAU], "the slopes only grow"),
            ([(w, b, 2 * v) for w, b, v in PLATEAU], "it is twice too high"),
            ([(v, b, w) for w, b, v in PLATEAU], "the order is (w, b, v)"),
            ([(-w, b, v) for w, b, v in PLATEAU], "a unit bends at b"),
            ([(0, 0, 0)], "at x = -1.95 the curve is 0.05, and your shares add up to 0"),
            ([(1, 2)], "expected a list of units (w, b, v)"),
            ([(1, 2, 1), (1, 1)], "expected a list of units"),
            ([(1, 2, float("nan"))], "expected a list of units"),
            ("plateau", "expected a list of units"),
            ([], "expected a list of units"),
            ([1, 2, 3], "expected a list of units"),
        ),
    ),
    "01.collapse": Answers(
        solution=collapse,
        stub=stub,
        wrong=(
            (collapse_in_the_wrong_order, "stands on the right"),
            (collapse_with_biases_added, "the second layer multiplies b1, too"),
            (lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1), "the bias of the second layer is missing"),
            (lambda W1, b1, W2, b2: (W2 @ W1, b2), "the bias of the first layer is missing"),
            (lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1 + b2 + b2), "b2 is not multiplied"),
            (lambda W1, b1, W2, b2: (W1.T @ W2.T, W2 @ b1 + b2), "a row for each output"),
            (collapse_by_sum, "they act one after the other"),
            (lambda W1, b1, W2, b2: (W2 @ W1, W2 @ np.where(b1 > 0, b1, 0) + b2), "there is no ReLU"),
            (lambda W1, b1, W2, b2: W2 @ W1, "this is the matrix alone"),
            (lambda *layers: collapse(*layers)[::-1], "have changed places"),
            (lambda W1, b1, W2, b2: (0 * (W2 @ W1), 0 * b2), "result 1 of 2 is wrong: expected [["),
            (lambda W1, b1, W2, b2: W1 @ W2, "your function raised ValueError"),
            (collapse_that_edits, "your function changed its argument"),
            (lambda W1, b1, W2, b2: print(end=""), "is a return missing?"),
            (collapse(np.eye(2), np.ones(2), np.eye(2), np.ones(2)), "expected a function"),
        ),
    ),
    "01.logistic": Answers(
        solution=logistic,
        stub=stub,
        wrong=(
            (
                wrong(lambda loss, by_w, by_b, w, b, X, y: tuple(len(y) * p for p in (loss, by_w, by_b))),
                "these are sums",
            ),
            (wrong(lambda loss, by_w, by_b, w, b, X, y: (len(y) * loss, by_w, by_b)), "as its slopes are"),
            (
                wrong(lambda loss, by_w, by_b, w, b, X, y: (loss, len(y) * by_w, len(y) * by_b)),
                "both slopes are means as well",
            ),
            (wrong(lambda loss, by_w, by_b, w, b, X, y: (loss, len(y) * by_w, by_b)), "as the slope in b is"),
            (lambda w, b, X, y: logistic(w, 0, X, y), "b is missing"),
            (slopes(lambda f, y: -y / (1 + np.exp(-y * f))), "has a small slope"),
            (
                lambda w, b, X, y: (np.log(1 + np.exp(y * (X @ w + b))).mean(), *logistic(w, b, X, y)[1:]),
                "has a small loss",
            ),
            (
                wrong(lambda loss, by_w, by_b, *case: (loss, by_w.mean(), by_b)),
                "result 2 of 3 is wrong: expected an array of shape (2,), received one of shape ()",
            ),
            (slopes(lambda f, y: y / (1 + np.exp(y * f))), "the slopes have the wrong sign"),
            (slopes(lambda f, y: -1 / (1 + np.exp(y * f))), "has the factor y"),
            (slopes(lambda f, y: 1 / (1 + np.exp(-f)) - y), "this takes y for 0 or 1"),
            (wrong(lambda loss, by_w, by_b, *case: (loss, by_w, by_w.sum())), "the slope of f in b is 1"),
            (slopes(lambda f, y: 2 * (f - y)), "belong to the squared error"),
            (wrong(lambda loss, by_w, by_b, *case: (by_w, by_b, loss)), "the order is"),
            (wrong(lambda loss, by_w, by_b, *case: (by_w, by_b)), "the loss is missing"),
            (wrong(lambda loss, by_w, by_b, *case: loss), "this is the loss alone"),
            (wrong(lambda loss, by_w, by_b, *case: (loss / math.log(2), by_w, by_b)), "the natural one"),
            (wrong(lambda loss, by_w, by_b, *case: (loss, -by_w, by_b)), "against them"),
            (lambda w, b, X, y: (0.0, np.zeros(len(w)), 0.0), "result 1 of 3 is wrong"),
            (lambda w, b, X, y: (math.log(2), np.array([0.5, 0.5]), 0), "result 1 of 3 is wrong"),
            (lambda w, b, X, y: X.T @ w + b, "your function raised"),
            (lambda w, b, X, y: None, "is a return missing?"),
            (0.6931, "expected a function"),
        ),
    ),
}
