"""Answers to the exercises of lecture 09, Real or fake?"""

import numpy as np

from answers import Answers


def stub(*arguments):
    raise NotImplementedError


# ---------------------------------------------------------------- 2 · confusion(labels, predictions)


def confusion(labels, predictions):
    return np.array([[np.sum((labels == truth) & (predictions == guess)) for guess in (0, 1)] for truth in (0, 1)])


def confusion_counting_each_pair_once(labels, predictions):
    counts = np.zeros((2, 2), int)
    counts[labels, predictions] += 1
    return counts


def confusion_with_as_many_rows_as_classes_occur(labels, predictions):
    return np.array(
        [
            [np.sum((labels == truth) & (predictions == guess)) for guess in np.unique(predictions)]
            for truth in np.unique(labels)
        ]
    )


def confusion_that_edits_its_labels(labels, predictions):
    labels *= 2
    labels += predictions
    return np.bincount(labels, minlength=4).reshape(2, 2)


def confusion_of_the_classes_that_occur(labels, predictions):
    classes = np.union1d(labels, predictions)
    return np.array([[np.sum((labels == t) & (predictions == guess)) for guess in classes] for t in classes])


def confusion_as_in_medicine(labels, predictions):
    right, found = labels == predictions, predictions == 1
    return np.array(
        [[np.sum(right & found), np.sum(~right & found)], [np.sum(~right & ~found), np.sum(right & ~found)]]
    )


def confusion_without_return(labels, predictions):
    confusion(labels, predictions)


def confusion_row_by_row(labels, predictions):
    counts = confusion(labels, predictions)
    return counts / counts.sum(axis=1, keepdims=True).clip(1)


# ---------------------------------------------------------------- 3 · accuracy_by_group(labels, …)


def accuracy_by_group(labels, predictions, groups):
    result = {}
    for group in set(groups.tolist()):
        members = groups == group
        result[group] = np.count_nonzero(labels[members] == predictions[members]) / np.count_nonzero(members)
    return result


def of_each_group(measure):
    """Return a function that gives each group what `measure` makes of its labels and predictions."""

    def measured(labels, predictions, groups):
        return {int(g): measure(labels[groups == g], predictions[groups == g]) for g in np.unique(groups)}

    return measured


def accuracy_over_all_repeated(labels, predictions, groups):
    return {int(g): np.mean(labels == predictions) for g in np.unique(groups)}


def accuracy_divided_by_all(labels, predictions, groups):
    return {int(g): np.sum((labels == predictions) & (groups == g)) / len(labels) for g in np.unique(groups)}


def accuracy_that_marks_hits_in_the_labels(labels, predictions, groups):
    labels[:] = labels == predictions
    return {int(g): labels[groups == g].mean() for g in np.unique(groups)}


def accuracy_of_every_number_between(labels, predictions, groups):
    every = range(groups.min(), groups.max() + 1)
    return {g: np.sum((labels == predictions)[groups == g]) / max(np.sum(groups == g), 1) for g in every}


def accuracy_of_two_groups_only(labels, predictions, groups):
    return {g: np.sum((labels == predictions) & (groups == g)) / max(np.sum(groups == g), 1) for g in (7, 8)}


# ---------------------------------------------------------------- 4 · split(labels, share)


def split(labels, share):
    rng = np.random.default_rng(1)
    return split_by(lambda members, count: rng.choice(members, count, replace=False), labels, share)


def split_by(choose, labels, share):
    """Hold out what `choose(members, count)` returns for the indices of each class."""
    classes = [np.flatnonzero(labels == label) for label in (0, 1)]
    validation = np.concatenate([choose(members, round(share * len(members))) for members in classes])
    return np.delete(np.arange(len(labels)), validation), validation


def split_off_the_end(labels, share):
    cut = len(labels) - round(share * len(labels))
    return np.arange(cut), np.arange(cut, len(labels))


def split_off_the_end_of_each_class(labels, share):
    return split_by(lambda members, count: members[-count:], labels, share)


def split_off_the_start_of_each_class_and_shuffle(labels, share):
    train, validation = split_by(lambda members, count: members[:count], labels, share)
    return np.random.default_rng(0).permutation(train), np.random.default_rng(1).permutation(validation)


def split_off_both_ends_of_each_class(labels, share):
    return split_by(
        lambda members, count: np.delete(members, np.s_[(count + 1) // 2 : len(members) - count // 2]), labels, share
    )


def split_in_regular_steps(labels, share):
    return split_by(lambda members, count: members[:: round(1 / share)], labels, share)


def split_evenly_spread(labels, share):
    return split_by(lambda members, count: members[np.linspace(0, len(members) - 1, count).astype(int)], labels, share)


def split_drawn_in_one_class_only(labels, share):
    rng = np.random.default_rng(0)
    of_one = lambda members: rng.permutation(members) if labels[members[0]] else members  # noqa: E731
    return split_by(lambda members, count: of_one(members)[:count], labels, share)


def split_without_regard_to_classes(labels, share):
    order = np.random.default_rng(0).permutation(len(labels))
    count = round(share * len(labels))
    return order[count:], order[:count]


def split_with_replacement(labels, share):
    rng = np.random.default_rng(0)
    count = round(share * len(labels))
    return rng.integers(0, len(labels), len(labels) - count), rng.integers(0, len(labels), count)


def split_that_keeps_all_for_training(labels, share):
    return np.arange(len(labels)), split(labels, share)[1]


def split_that_loses_what_it_does_not_hold(labels, share):
    train, validation = split(labels, share)
    return train[1:], validation


def split_into_masks(labels, share):
    held = np.zeros(len(labels), bool)
    held[split(labels, share)[1]] = True
    return ~held, held


def split_for_two_halves(labels, share):
    """Right only where the first half is of one class and the second of the other."""
    half = len(labels) // 2
    rng = np.random.default_rng(0)
    validation = np.concatenate([start + rng.choice(half, round(share * half), replace=False) for start in (0, half)])
    return np.delete(np.arange(len(labels)), validation), validation


BANK = {
    "09.colour_parameters": Answers(
        solution=3 * 5 * 5 * 32 + 32 + 2 * 31 * 31 * 32 + 2,
        stub=...,
        wrong=(
            (62_338, "this is the count for one channel"),
            (3 * 832 + 61_506, "the bias is one number per kernel"),
            (2_432 + (3 * 30_752 + 1) * 2, "the kernels have already merged the colours"),
            (3 * 62_338, "only the first layer changes"),
            (2_400 + 61_506, "each kernel has one bias of its own"),
            (2_432, "this is the first layer alone"),
            (2_432 + 61_504, "the two neurons of the dense layer have a bias each"),
            (76 + 61_506, "61582 is not it"),
            (63_937, "63937 is not it"),
            (0, "0 is not it"),
            ("63,938", "expected a number, received '63,938'"),
            ([2_432, 61_506], "expected a number, received [2432, 61506]"),
        ),
    ),
    "09.confusion": Answers(
        solution=confusion,
        stub=stub,
        wrong=(
            (
                lambda labels, predictions: confusion(predictions, labels),
                "rows are the truth and columns the prediction",
            ),
            (confusion_counting_each_pair_once, "counts each pair of classes once"),
            (
                lambda labels, predictions: confusion(labels, predictions) / len(labels),
                "these are shares; the exercise",
            ),
            (confusion_row_by_row, "these are shares of each row"),
            (lambda labels, predictions: confusion(1 - labels, 1 - predictions), "class 0 comes first"),
            (confusion_as_in_medicine, "TP, FP above FN, TN"),
            (confusion_of_the_classes_that_occur, "expected an array of shape (2, 2), received one of shape (1, 1)"),
            (lambda labels, predictions: np.zeros((2, 2), int), "received [[0 0]\n [0 0]]"),
            (
                confusion_with_as_many_rows_as_classes_occur,
                "expected an array of shape (2, 2), received one of shape (1, 2)",
            ),
            (lambda labels, predictions: confusion(labels, predictions).ravel(), "received one of shape (4,)"),
            (lambda labels, predictions: np.mean(labels == predictions), "received one of shape ()"),
            (
                lambda labels, predictions: np.diag(np.bincount(labels[labels == predictions], minlength=2)),
                "expected [[1 2]\n [1 1]]\nreceived [[1 0]\n [0 1]]",
            ),
            (confusion_that_edits_its_labels, "your function changed its argument"),
            (confusion_without_return, "is a return missing?"),
            (lambda labels: 0, "your function raised TypeError"),
            (np.zeros((2, 2)), "expected a function"),
        ),
    ),
    "09.accuracy_by_group": Answers(
        solution=accuracy_by_group,
        stub=stub,
        wrong=(
            (accuracy_over_all_repeated, "this is the accuracy over all images, repeated"),
            (of_each_group(lambda labels, predictions: np.mean(labels != predictions)), "this is the error rate"),
            (of_each_group(lambda labels, predictions: np.sum(labels == predictions)), "these are numbers of hits"),
            (accuracy_divided_by_all, "divide by the size of the group, not by the number of all images"),
            (of_each_group(lambda labels, predictions: 100 * np.mean(labels == predictions)), "these are percentages"),
            (of_each_group(lambda labels, predictions: np.mean(predictions)), "the share of images predicted as fake"),
            (of_each_group(lambda labels, predictions: 0.0), "received {7: 0.0, 8: 0.0}"),
            (of_each_group(lambda labels, predictions: np.sum(labels == predictions) // len(labels)), "received {7: "),
            (lambda *given: {str(key): value for key, value in accuracy_by_group(*given).items()}, "'7': "),
            (lambda *given: list(accuracy_by_group(*given).values()), "received ["),
            (accuracy_of_two_groups_only, "expected {7: "),
            (accuracy_of_every_number_between, "(expected a dictionary with 2 entries, received a dictionary with 10"),
            (
                lambda *given: dict(enumerate(a for _, a in sorted(accuracy_by_group(*given).items()))),
                "themselves, and not 0",
            ),
            (accuracy_that_marks_hits_in_the_labels, "your function changed its argument"),
            (lambda *given: print(end=""), "is a return missing?"),
        ),
    ),
    "09.split": Answers(
        solution=split,
        stub=stub,
        wrong=(
            (split_off_the_end, "the validation part holds 0 of the 5 images of class 0"),
            (split_off_the_end_of_each_class, "class 0 is a run of neighbours"),
            (split_off_the_start_of_each_class_and_shuffle, "class 0 is a run of neighbours"),
            (split_off_both_ends_of_each_class, "class 0 is two runs of neighbours"),
            (split_drawn_in_one_class_only, "class 0 is a run of neighbours"),
            (split_evenly_spread, "class 0 is taken at regular steps"),
            (split_in_regular_steps, "class 0 is taken at regular steps"),
            (split_without_regard_to_classes, "a share of 0.2 of each class would be"),
            (lambda labels, share: split(labels, 0.2), "a share of 0.5 of each class would be 20"),
            (lambda labels, share: split(labels, share)[::-1], "the validation part holds 4 of the 5 images"),
            (split_for_two_halves, "of the 60 images of class 0; a share of 0.2 of each class would be 12"),
            (split_that_keeps_all_for_training, "is in both parts"),
            (split_with_replacement, "is in both parts"),
            (lambda labels, share: (np.arange(len(labels)), []), "validation is empty"),
            (split_that_loses_what_it_does_not_hold, "together the parts must hold each index from 0 to 9 once"),
            (split_into_masks, "two 1-D arrays of whole numbers, received one of shape (10,) and bool"),
            (lambda labels, share: split(labels, share)[1], "expected two 1-D arrays of whole numbers"),
            (lambda labels, share: round(share * len(labels)), "expected two arrays of indices: train, validation"),
        ),
    ),
}
