"""Exercises of lecture 09, Real or fake?"""

import numpy as np

from coursekit.checks.exercise import Exercise


def _predictions(count, groups=3):
    rng = np.random.default_rng(count)
    return rng.integers(0, 2, count), rng.integers(0, 2, count), rng.integers(0, groups, count) + 7


_APART = (np.array([1, 0, 1, 1, 0]), np.array([1, 1, 1, 0, 0]), np.array([12, 3, 3, 12, 12]))  # no group 4 to 11
_SMALL = (np.array([0, 0, 0, 1, 1]), np.array([0, 1, 1, 1, 0]), np.array([7, 7, 7, 8, 8]))


def _confusion(labels, predictions):
    counts = np.zeros((2, 2), int)
    np.add.at(counts, (labels, predictions), 1)
    return counts


def _accuracy_by_group(labels, predictions, groups):
    return {int(g): float(np.mean((labels == predictions)[groups == g])) for g in np.unique(groups)}


def _split_fault(labels, share, answer):
    """What is wrong with a split into training and validation indices, or None."""
    try:
        train, validation = (np.asarray(part) for part in answer)
    except (TypeError, ValueError):
        return "expected two arrays of indices: train, validation"
    for name, part in (("train", train), ("validation", validation)):
        if not part.size:
            return f"{name} is empty"
        if part.ndim != 1 or not np.issubdtype(part.dtype, np.integer):
            return f"expected two 1-D arrays of whole numbers, received one of shape {part.shape} and {part.dtype}"
    both = np.intersect1d(train, validation)
    if both.size:
        return f"index {both[0]} is in both parts: the validation would reward memory"
    if not np.array_equal(np.sort(np.concatenate([train, validation])), np.arange(len(labels))):
        return f"together the parts must hold each index from 0 to {len(labels) - 1} once"
    for label in (0, 1):
        total, held = np.sum(labels == label), np.sum(labels[validation] == label)
        if abs(held - share * total) >= 1:
            return (
                f"the validation part holds {held} of the {total} images of class {label}; "
                f"a share of {share} of each class would be {share * total:g}"
            )
    for label in (0, 1):
        distances = np.diff(np.flatnonzero(np.isin(np.flatnonzero(labels == label), validation)))
        gaps = np.sum(distances > 1)
        if len(distances) < 8 or (np.ptp(distances) > 1 and gaps > 1):  # fewer images may well be drawn so by chance
            continue
        runs = ("a run of neighbours, images of one recording", "two runs of neighbours")
        how = runs[gaps] if gaps < 2 else "taken at regular steps"
        return f"the validation part of class {label} is {how}: draw at random instead"
    return None


def _stacked(segments, images):
    return np.tile(np.repeat([0, 1], images), segments)


_MIXED = np.random.default_rng(0).permutation(np.repeat([0, 1], [80, 20]))  # classes of unequal size


EXERCISES = (
    Exercise(
        name="09.colour_parameters",
        reference=lambda: (5 * 5 * 3 + 1) * 32 + (31 * 31 * 32 + 1) * 2,
        misconceptions=(
            ("this is the count for one channel: each kernel must reach through all three", lambda: 62_338),
            ("the bias is one number per kernel, however many channels there are", lambda: 832 * 3 + 61_506),
            (
                "the dense layer sees 31·31·32 numbers as before: the kernels have already merged the colours",
                lambda: 2_432 + (31 * 31 * 32 * 3 + 1) * 2,
            ),
            ("only the first layer changes", lambda: 3 * 62_338),
            ("each kernel has one bias of its own", lambda: 5 * 5 * 3 * 32 + 61_506),
            ("this is the first layer alone", lambda: 2_432),
            ("the two neurons of the dense layer have a bias each", lambda: 2_432 + 31 * 31 * 32 * 2),
        ),
    ),
    Exercise(
        name="09.confusion",
        reference=_confusion,
        cases=(
            _SMALL[:2],
            _predictions(40)[:2],
            (np.array([0, 0, 0]), np.array([1, 1, 0])),
            (np.ones(2, int), np.ones(2, int)),
        ),
        misconceptions=(
            (
                "rows are the truth and columns the prediction; yours are the other way round",
                lambda y, p: _confusion(y, p).T,
            ),
            ("these are shares; the exercise asks for counts", lambda y, p: _confusion(y, p) / len(y)),
            (
                "these are shares of each row; the exercise asks for counts",
                lambda y, p: _confusion(y, p) / np.maximum(_confusion(y, p).sum(axis=1, keepdims=True), 1),
            ),
            (
                "this is TP, FP above FN, TN; here class 0 comes first, and rows are the truth",
                lambda y, p: _confusion(y, p)[::-1, ::-1].T,
            ),
            ("class 0 comes first, in rows and in columns", lambda y, p: _confusion(y, p)[::-1, ::-1]),
            (
                "counts[labels, predictions] += 1 counts each pair of classes once, however often it occurs",
                lambda y, p: np.minimum(_confusion(y, p), 1),
            ),
        ),
    ),
    Exercise(
        name="09.accuracy_by_group",
        reference=_accuracy_by_group,
        cases=(_SMALL, _predictions(30), _predictions(200, groups=5), _APART),
        misconceptions=(
            (
                "this is the accuracy over all images, repeated for each group",
                lambda y, p, g: {int(k): float(np.mean(y == p)) for k in np.unique(g)},
            ),
            (
                "this is the error rate, one minus the accuracy",
                lambda y, p, g: {k: 1 - a for k, a in _accuracy_by_group(y, p, g).items()},
            ),
            (
                "the keys are the numbers of the groups themselves, and not 0, 1, …",
                lambda y, p, g: dict(enumerate(_accuracy_by_group(y, p, g).values())),
            ),
            (
                "these are numbers of hits: divide by the size of the group",
                lambda y, p, g: {int(k): int(np.sum((y == p)[g == k])) for k in np.unique(g)},
            ),
            (
                "divide by the size of the group, not by the number of all images",
                lambda y, p, g: {int(k): float(np.sum((y == p)[g == k]) / len(y)) for k in np.unique(g)},
            ),
            (
                "these are percentages: an accuracy is a number from 0 to 1",
                lambda y, p, g: {k: 100 * a for k, a in _accuracy_by_group(y, p, g).items()},
            ),
            (
                "this is the share of images predicted as fake: compare with the labels",
                lambda y, p, g: {int(k): float(np.mean(p[g == k])) for k in np.unique(g)},
            ),
        ),
    ),
    Exercise(
        name="09.split",
        judge=_split_fault,
        cases=((_stacked(1, 5), 0.2), (_stacked(2, 30), 0.2), (_stacked(1, 40), 0.5), (_MIXED, 0.25)),
    ),
)
