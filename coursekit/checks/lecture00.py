"""Exercises of lecture 00, Start here."""

import numpy as np

from coursekit.checks.exercise import Exercise


def _places(start, rate, steps, slope=lambda x: 2 * (x - 3), sign=-1):
    """The places of a descent on (x - 3)², the start included."""
    places = [start]
    for _ in range(steps):
        places.append(places[-1] + sign * rate * slope(places[-1]))
    return places


def _descent(start, rate, steps):
    return [float(place) for place in _places(start, rate, steps)]


def _softmax(scores, axis=-1):
    powers = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def _draws(seed, count):
    return np.random.default_rng(seed).uniform(-1, 1, count)


_SCORES = np.random.default_rng(0).integers(-30, 31, (5, 3)) / 10

EXERCISES = (
    Exercise(
        name="00.three_steps",
        reference=lambda: [4.0, 3.2, 2.56],
        misconceptions=(
            ("the step goes against the gradient: subtract it", lambda: [6.0, 7.2, 8.64]),
            ("the gradient of x² is 2x, not x", lambda: [4.5, 4.05, 3.645]),
            ("multiply the gradient by the learning rate before you subtract it", lambda: [-5.0, 5.0, -5.0]),
            ("these are the losses; the question asks where x stands", lambda: [16.0, 10.24, 6.5536]),
            ("the start is no step: begin with the place after the first", lambda: [5.0, 4.0, 3.2]),
            ("take the gradient anew at each place: it becomes smaller on the way", lambda: [4.0, 3.0, 2.0]),
            ("these are the gradients, and not yet the places", lambda: [10.0, 8.0, 6.4]),
            (
                "this subtracts the loss; what is subtracted is the gradient, times the learning rate",
                lambda: [2.5, 1.875, 1.5234375],
            ),
            ("this is the place after three steps only; list all three", lambda: 2.56),
        ),
    ),
    Exercise(
        name="00.one_step",
        reference=lambda: 0.5,
        tolerance=1e-4,
        misconceptions=(
            ("with 1 the ball jumps to the same height on the other side, and so for ever", lambda: 1),
            ("with 0.25 it goes half the way in each step", lambda: 0.25),
            ("2 is where the ball starts; with this learning rate every step leads three times as far away", lambda: 2),
            ("4 is the slope at the start; the learning rate is what it is multiplied by", lambda: 4),
            ("with 0.2 it is the ball of section 6, which needs many steps", lambda: 0.2),
            ("with a negative learning rate the ball climbs", lambda: -0.2),
            ("with 0 the ball stays where it is", lambda: 0),
            ("with 0.75 it goes too far, to -1", lambda: 0.75),
        ),
    ),
    Exercise(
        name="00.draws",
        reference=_draws,
        cases=((0, 3), (7, 1), (7, 6), (2026, 10)),
        misconceptions=(
            (
                "these are between 0 and 1: stretch and shift them",
                lambda seed, count: np.random.default_rng(seed).random(count),
            ),
            (
                "these are normal, and not bounded by -1 and 1",
                lambda seed, count: np.random.default_rng(seed).normal(size=count),
            ),
            (
                "the seed is ignored: this makes the generator with seed 0 each time",
                lambda seed, count: _draws(0, count),
            ),
            (
                "these are numbers of the legacy generator (RandomState); use default_rng",
                lambda seed, count: np.random.RandomState(seed).uniform(-1, 1, count),
            ),
            (
                "these are between -0.5 and 0.5: multiply by 2 first",
                lambda seed, count: np.random.default_rng(seed).random(count) - 0.5,
            ),
            (
                "these are between -1 and 0: the interval is two units long, so multiply by 2",
                lambda seed, count: np.random.default_rng(seed).random(count) - 1,
            ),
            (
                "one number is repeated: the generator is made anew for each draw; make it once",
                lambda seed, count: np.repeat(_draws(seed, 1), count),
            ),
            ("the seed and the count have changed places", lambda seed, count: _draws(count, seed)),
            ("the signs are turned around: -1 is the lower end", lambda seed, count: -_draws(seed, count)),
        ),
    ),
    Exercise(
        name="00.softmax",
        reference=_softmax,
        cases=(
            (np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),),
            (np.array([[0.0, 1.0], [2.0, 0.0]]),),
            (_SCORES,),
            (np.array([[1000.0, 1001.0, 990.0], [-2000.0, -2001.0, -2002.0]]),),
        ),
        misconceptions=(
            (
                "the columns add up to 1, and the rows should: this is the wrong axis",
                lambda scores: _softmax(scores, axis=0),
            ),
            (
                "all entries together add up to 1: each row is one example, and should alone",
                lambda scores: _softmax(scores, axis=None),
            ),
            ("these are not yet divided by their sum", lambda scores: np.exp(np.clip(scores, None, 700))),
            (
                "this is the sigmoid of each entry by itself",
                lambda scores: 1 / (1 + np.exp(-np.clip(scores, -700, 700))),
            ),
            ("this is the logarithm of the softmax", lambda scores: np.log(_softmax(scores))),
            (
                "this is 1 for the largest and 0 for the others; softmax leaves the others something",
                lambda scores: (scores == scores.max(axis=1, keepdims=True)).astype(float),
            ),
            (
                "these are divided by the largest of the row, and not by the sum",
                lambda scores: np.exp(scores - scores.max(axis=1, keepdims=True)),
            ),
            (
                "exponentials of large scores exceed what a float holds: subtract the largest of each row first",
                lambda scores: np.where(np.abs(scores) > 700, np.nan, _softmax(scores)),
            ),
            ("the small scores win: the exponent has the wrong sign", lambda scores: _softmax(-scores)),
        ),
    ),
    Exercise(
        name="00.descend",
        reference=_descent,
        cases=((5.0, 0.1, 1), (5.0, 0.1, 3), (-1.0, 0.25, 4), (3.5, 0.9, 5), (2.0, 0.5, 0)),
        tolerance=1e-4,  # TensorFlow counts in float32
        misconceptions=(
            ("this climbs: subtract the gradient", lambda *case: _places(*case, sign=1)),
            ("this descends on x²: the minimum should lie at 3", lambda *case: _places(*case, slope=lambda x: 2 * x)),
            (
                "the gradient of (x - 3)² is 2(x - 3): the factor 2 is missing",
                lambda *case: _places(*case, slope=lambda x: x - 3),
            ),
            ("the start is missing: it is the first of the places", lambda *case: _descent(*case)[1:]),
            ("one step too many", lambda start, rate, steps: _descent(start, rate, steps + 1)),
            ("this is the last place alone; the exercise asks for all", lambda *case: _descent(*case)[-1]),
            (
                "these are the losses on the way; the exercise asks for the places",
                lambda *case: [(place - 3) ** 2 for place in _descent(*case)],
            ),
            (
                "the learning rate is ignored: this is the descent with 0.2",
                lambda start, rate, steps: _descent(start, 0.2, steps),
            ),
            (
                "the gradient is that of the start all the way: take it anew at each place",
                lambda start, rate, steps: [start - n * rate * 2 * (start - 3) for n in range(steps + 1)],
            ),
            (
                "this subtracts the loss; what is subtracted is the gradient",
                lambda *case: _places(*case, slope=lambda x: (x - 3) ** 2),
            ),
        ),
    ),
)
