"""Likely mistakes in homework 3, for the lecturer: `make assignments` keeps only what they return.

PROBES holds arguments to try an answer on, MISCONCEPTIONS pairs (sentence, wrong answer) for each name that
the student defines. Nothing here is shown to students but the sentences.
"""

import numpy as np

_RNG = np.random.default_rng(10)
_PROBE = (
    np.array([0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 1]),
    np.round(_RNG.normal(size=(13, 2)), 2) - 0.3,
    np.array([7, 7, 7, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9]),
)
_OTHER = (
    np.array([1, 0, 1, 1, 1, 0, 0, 1, 0]),
    np.round(_RNG.normal(size=(9, 2)), 2) + 0.4,
    np.array([2, 2, 2, 2, 2, 5, 5, 5, 5]),
)

PROBES = {"measure": (_PROBE, _OTHER)}


def _measure(
    labels, scores, recordings, guess=lambda scores: scores.argmax(axis=1), swapped=False, worst=np.min, of=None
):
    predicted = guess(scores)
    right = predicted == labels
    each = [right[recordings == n].mean() for n in np.unique(recordings)]
    classes = [right[(predicted if of == "predictions" else labels) == label].mean() for label in (0, 1)]
    if of == "all":
        classes = [np.mean(right & (labels == label)) for label in (0, 1)]
    if of == "count":
        classes = [np.mean(predicted == label) for label in (0, 1)]
    result = {"accuracy": right.mean(), "real": classes[swapped], "fake": classes[not swapped], "worst": worst(each)}
    return {name: float(value) for name, value in result.items()}


def _wrong(**how):
    return lambda labels, scores, recordings: _measure(labels, scores, recordings, **how)


def _mean_of_recordings(labels, scores, recordings):
    right = scores.argmax(axis=1) == labels
    mean = float(np.mean([right[recordings == n].mean() for n in np.unique(recordings)]))
    return {**_measure(labels, scores, recordings), "accuracy": mean}


def _percent(labels, scores, recordings):
    return {name: 100 * value for name, value in _measure(labels, scores, recordings).items()}


def _worst_class(labels, scores, recordings):
    found = _measure(labels, scores, recordings)
    return {**found, "worst": min(found["real"], found["fake"])}


def _which(labels, scores, recordings):
    right = scores.argmax(axis=1) == labels
    numbers = np.unique(recordings)
    shares = [right[recordings == n].mean() for n in numbers]
    return {**_measure(labels, scores, recordings), "worst": int(numbers[int(np.argmin(shares))])}


MISCONCEPTIONS = {
    "measure": (
        (
            "the smaller score wins here (argmax takes the larger one), or these are shares of mistakes",
            _wrong(guess=lambda scores: scores.argmin(axis=1)),
        ),
        (
            "only the score of fake is looked at: a score above 0 is not yet the larger one",
            _wrong(guess=lambda scores: (scores[:, 1] > 0).astype(int)),
        ),
        (
            "only the score of real is looked at: compare it with the other one",
            _wrong(guess=lambda scores: (scores[:, 0] < 0).astype(int)),
        ),
        (
            "a score is no probability: compare the two scores, not one with 0.5",
            _wrong(guess=lambda scores: (scores[:, 1] > 0.5).astype(int)),
        ),
        ("real and fake are exchanged: label 0 is real", _wrong(swapped=True)),
        ('"worst" is the best recording', _wrong(worst=np.max)),
        ('"worst" is a mean over recordings, not the smallest', _wrong(worst=np.mean)),
        ('"worst" is the number of the recording, not its share', _which),
        ('"worst" is the worse class, not the worst recording', _worst_class),
        ("of all frames that the network *calls* real (or fake): divide by those that *are*", _wrong(of="predictions")),
        ('"real" and "fake" are shares of all frames: divide by the frames of that class', _wrong(of="all")),
        ('"real" and "fake" count what the network says, right or wrong', _wrong(of="count")),
        ("shares lie between 0 and 1, these are percent", _percent),
        ('"accuracy" is a mean over recordings: every frame should count the same', _mean_of_recordings),
    )
}
