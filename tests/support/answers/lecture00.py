"""Answers to the exercises of lecture 00, Start here."""

import numpy as np

from answers import Answers


def stub(*arguments):
    raise NotImplementedError


# ---------------------------------------------------------------- 3 · draws(seed, count)


def draws(seed, count):
    return 2 * np.random.default_rng(seed).random(count) - 1


def draws_that_begin_again(seed, count):
    return [np.random.default_rng(seed).uniform(-1, 1) for _ in range(count)]


def draws_in_a_column(seed, count):
    return draws(seed, count)[:, None]


# ---------------------------------------------------------------- 4 · softmax(scores)


def softmax(scores):
    rows = []
    for row in scores:
        powers = np.exp(row - max(row))
        rows.append(powers / sum(powers))
    return np.array(rows)


def softmax_along(axis):
    def answer(scores):
        powers = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
        return powers / np.sum(powers, axis=axis, keepdims=True)

    return answer


def softmax_that_overflows(scores):
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        powers = np.exp(scores)
        return powers / powers.sum(axis=1, keepdims=True)


def softmax_without_keepdims(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum(axis=1)


def softmax_that_edits_the_scores(scores):
    scores -= scores.max(axis=1, keepdims=True)
    return softmax(scores)


def exponentials(scores):
    return np.exp(np.clip(scores, None, 700))


def sigmoid(scores):
    return 1 / (1 + np.exp(-np.clip(scores, -700, 700)))


def logarithm(scores):
    with np.errstate(divide="ignore"):
        return np.log(softmax(scores))


# ---------------------------------------------------------------- 5 · descend(start, rate, steps)


def descend(start, rate, steps):
    """Each step takes the same share of the way to 3: (x - 3) becomes (1 - 2 rate)(x - 3)."""
    return [3 + (1 - 2 * rate) ** n * (start - 3) for n in range(steps + 1)]


def descend_by(step):
    def answer(start, rate, steps):
        x, places = start, [start]
        for _ in range(steps):
            x = step(x, rate)
            places.append(x)
        return places

    return answer


def descend_without_return(start, rate, steps):
    descend(start, rate, steps)


BANK = {
    "00.three_steps": Answers(
        solution=[5 * 0.8, 5 * 0.8**2, 5 * 0.8**3],
        stub=...,
        wrong=(
            ([5 * 1.2, 5 * 1.2**2, 5 * 1.2**3], "against the gradient"),
            ([5 * 0.9, 5 * 0.9**2, 5 * 0.9**3], "2x, not x"),
            ([-5, 5, -5], "multiply the gradient by the learning rate"),
            ([4**2, 3.2**2, 2.56**2], "these are the losses"),
            ([5, 4, 3.2], "the start is no step"),
            ([4, 3, 2], "take the gradient anew"),
            ([10, 8, 6.4], "these are the gradients"),
            ([2.5, 1.875, 1.5234375], "this subtracts the loss"),
            (2.56, "list all three"),
            ([0, 0, 0], "[0, 0, 0] is not it"),
            ([4, 3.2], "[4, 3.2] is not it"),
            ("4, 3.2, 2.56", "is not it"),
        ),
    ),
    "00.one_step": Answers(
        solution=1 / 2,
        stub=...,
        wrong=(
            (1.0, "to the same height on the other side"),
            (1 / 4, "half the way"),
            (2, "where the ball starts"),
            (4, "the slope at the start"),
            (0.2, "the ball of section 6"),
            (-0.2, "the ball climbs"),
            (0, "stays where it is"),
            (3 / 4, "it goes too far"),
            (0.45, "0.45 is not it"),
            ("1/2", "expected a number"),
            ([0.5], "expected a number"),
        ),
    ),
    "00.draws": Answers(
        solution=draws,
        stub=stub,
        wrong=(
            (lambda seed, count: np.random.default_rng(seed).uniform(size=count), "stretch and shift them"),
            (lambda seed, count: np.random.default_rng(seed).standard_normal(count), "these are normal"),
            (lambda seed, count: draws(0, count), "the seed is ignored"),
            (lambda seed, count: 2 * np.random.RandomState(seed).rand(count) - 1, "the legacy generator"),
            (lambda seed, count: np.random.default_rng(seed).uniform(-0.5, 0.5, count), "multiply by 2 first"),
            (lambda seed, count: np.random.default_rng(seed).uniform(-1, 0, count), "two units long"),
            (draws_that_begin_again, "make it once"),
            (lambda seed, count: draws(count, seed), "have changed places"),
            (lambda seed, count: -draws(seed, count), "the signs are turned around"),
            (lambda seed, count: np.zeros(count), "received [0. 0. 0.]"),
            (draws_in_a_column, "received one of shape (3, 1)"),
            (lambda seed, count: draws(seed, 3), "received one of shape (3,)"),
            (lambda seed, count: draws("seed", count), "your function raised"),
            (lambda seed, count: print(end=""), "is a return missing?"),
            (draws(0, 3), "expected a function"),
        ),
    ),
    "00.softmax": Answers(
        solution=softmax,
        stub=stub,
        wrong=(
            (softmax_along(0), "this is the wrong axis"),
            (softmax_along(None), "each row is one example"),
            (exponentials, "not yet divided by their sum"),
            (sigmoid, "this is the sigmoid"),
            (logarithm, "this is the logarithm"),
            (lambda scores: np.where(scores < scores.max(axis=1)[:, None], 0.0, 1.0), "leaves the others something"),
            (lambda scores: np.exp((scores.T - scores.max(axis=1)).T), "divided by the largest of the row"),
            (softmax_that_overflows, "subtract the largest of each row first"),
            (lambda scores: softmax(-scores), "the exponent has the wrong sign"),
            (softmax_without_keepdims, "your function raised ValueError"),
            (lambda scores: softmax(scores / 2), "expected [["),
            (lambda scores: softmax(scores).T, "received one of shape (3, 2)"),
            (lambda scores: np.zeros(scores.shape), "received [[0. 0. 0.]"),
            (softmax_that_edits_the_scores, "your function changed its argument"),
            (lambda scores: softmax(scores)[0], "received one of shape (3,)"),
            (lambda scores: print(end=""), "is a return missing?"),
        ),
    ),
    "00.descend": Answers(
        solution=descend,
        stub=stub,
        wrong=(
            (descend_by(lambda x, rate: x + rate * 2 * (x - 3)), "this climbs"),
            (descend_by(lambda x, rate: x - rate * 2 * x), "this descends on x²"),
            (descend_by(lambda x, rate: x - rate * (x - 3)), "the factor 2 is missing"),
            (lambda start, rate, steps: descend(start, rate, steps)[1:], "the start is missing"),
            (lambda start, rate, steps: descend(start, rate, steps + 1), "one step too many"),
            (lambda start, rate, steps: descend(start, rate, steps)[-1], "the last place alone"),
            (lambda start, rate, steps: [(x - 3) ** 2 for x in descend(start, rate, steps)], "these are the losses"),
            (lambda start, rate, steps: descend(start, 0.2, steps), "the learning rate is ignored"),
            (
                lambda start, rate, steps: [start - n * 2 * rate * (start - 3) for n in range(steps + 1)],
                "take it anew at each place",
            ),
            (descend_by(lambda x, rate: x - rate * (x - 3) ** 2), "this subtracts the loss"),
            (lambda start, rate, steps: descend(start, rate, 3), "expected [5.0, 4.6]"),
            (lambda start, rate, steps: [0.0] * (steps + 1), "received [0.0, 0.0]"),
            (lambda start, rate, steps: descend(start, steps), "your function raised TypeError"),
            (descend_without_return, "is a return missing?"),
            ([5.0, 4.6], "expected a function"),
        ),
    ),
}
