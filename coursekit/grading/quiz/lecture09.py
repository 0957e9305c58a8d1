"""Questions on lecture 09, Brain images, real or fake?"""

import math

import numpy as np

from coursekit import counting, shapes
from coursekit.grading.quiz.items import choice, item, number, plain, written
from coursekit.specs import Conv, Dense, Flatten, Input, Pool


def _baseline(side, kernel, pool, filters):
    """Return the counted rows of a network like the lecture's first one."""
    layers = Input((side, side, 1)), Conv(filters, kernel=kernel), Pool(pool), Flatten(), Dense(2)
    return counting.table(layers)


def _settings(dice):
    return dice.integer(60, 140), dice.one_of((3, 5, 7)), dice.integer(2, 5), dice.integer(8, 40)


def _confusion(dice):
    """Return counts (2, 2): rows the truth, columns the prediction, real first; both classes of 100."""
    hits = dice.integers(2, 55, 97, different=True)
    return np.array([[hits[0], 100 - hits[0]], [100 - hits[1], hits[1]]])


@item("09")
def inputs_of_the_dense_layer(dice):
    side, kernel, pool, filters = _settings(dice)
    found = _baseline(side, kernel, pool, filters)[3].shape[0]
    after = shapes.output_size(side, kernel)
    left = after // pool
    return (
        f"A grey picture of {side} × {side} pixels; {filters} kernels of {kernel} × {kernel} without "
        f"padding; max pooling of {pool} × {pool}; flattening. How many numbers does the dense layer "
        "read?",
        number(
            found,
            {
                "the pooling makes the maps smaller": after * after * filters,
                "each kernel gives a map": left * left,
                "without padding the map gets smaller": (side // pool) ** 2 * filters,
                "windows that do not fit are dropped": math.ceil(after / pool) ** 2 * filters,
                "both axes count": left * filters,
            },
        ),
        f"{side} − {kernel} + 1 = {after}, pooled {left}: {left} · {left} · {filters} = {plain(found)}.",
    )


@item("09")
def parameters_of_the_baseline(dice):
    side, kernel, pool, filters = _settings(dice)
    table = _baseline(side, kernel, pool, filters)
    found, conv, dense = table.parameters, table[1].parameters, table[-1].parameters
    return (
        f"The brain classifier with other numbers: grey pictures of {side} × {side}, {filters} kernels "
        f'of {kernel} × {kernel} ("valid"), max pooling {pool} × {pool}, flattening, two neurons. How '
        "many parameters does it have, with biases?",
        number(
            found,
            {
                "the convolution counts, too": dense,
                "the dense layer counts, too": conv,
                "there are two neurons": conv + dense // 2,
                "you left the biases out": found - filters - 2,
                "you left the neurons' biases out": found - 2,
            },
        ),
        f"{plain(conv)} in the convolution and {plain(dense)} in the dense layer: {plain(found)}.",
    )


@item("09")
def validation_cut_off(dice):
    each, recordings = 100 * dice.integer(2, 9), dice.integer(2, 4)
    share = dice.one_of((10, 20, 25, 40))  # no 30: in floating point 1 − 0.3 is a little less than 0.7
    labels = np.tile(np.repeat([0, 1], each), recordings)
    last = labels[len(labels) - len(labels) * share // 100 :]
    found = int(np.sum(last == 0))
    return (
        f"Pictures are stacked recording by recording: {each} real ones of recording 0, {each} fakes of "
        f"0, then {each} real ones of 1, and so on, {recordings} recordings in all. "
        f"`validation_split={share / 100}` cuts off the end before anything is shuffled. How many "
        "**real** pictures are in the validation set?",
        number(
            found,
            {
                "it is cut off before it is shuffled": len(last) // 2,
                "those are the fakes": len(last) - found,
                "that is the whole validation set": len(last),
                "the last recording ends with fakes": each if len(last) > 2 * each else None,
            },
        ),
        f"The last {plain(len(last))} of {plain(len(labels))} pictures: the fakes of the last recording "
        f"come last, {each} of them; {plain(found)} are real.",
    )


@item("09")
def accuracy_of_a_confusion_matrix(dice):
    counts = _confusion(dice)
    found = np.trace(counts) / counts.sum()
    return (
        f"Rows are the truth, columns the prediction, in the order real, fake:{written(counts)}How large "
        "is the accuracy, as a number from 0 to 1?",
        number(
            found,
            {
                "those are the mistakes": 1 - found,
                "a number from 0 to 1 is asked": 100 * found,
                "only real ones are counted": counts[0, 0] / 100,
                "only fakes are counted": counts[1, 1] / 100,
            },
            digits=3,
        ),
        f"Right are the numbers on the diagonal: ({counts[0, 0]} + {counts[1, 1]}) / {counts.sum()} = {plain(found)}.",
    )


@item("09")
def real_ones_recognised(dice):
    counts, kind = _confusion(dice), dice.integer(0, 1)
    counts = counts * np.array([[dice.integer(1, 4)], [dice.integer(5, 8)]])
    found, name = counts[kind, kind] / counts[kind].sum(), ("real", "fake")[kind]
    return (
        f"Rows are the truth, columns the prediction, in the order real, fake:{written(counts)}Which "
        f"share of the {name} pictures was recognised as {name}, as a number from 0 to 1?",
        number(
            found,
            {
                "that is the accuracy on all": np.trace(counts) / counts.sum(),
                "divide by the row, not by the column": counts[kind, kind] / counts[:, kind].sum(),
                "that is the share that was missed": 1 - found,
                "that is the other kind": np.diag(counts)[1 - kind] / counts[1 - kind].sum(),
            },
            digits=3,
        ),
        f"{plain(counts[kind, kind])} of {plain(counts[kind].sum())} pictures in its row: {found:.4f}.",
    )


@item("09")
def always_the_same_answer(dice):
    real, fake, kind = dice.integer(10, 90), dice.integer(110, 190), dice.integer(0, 1)
    labels = np.repeat([0, 1], [real, fake])
    found, name = float(np.mean(labels == kind)), ("real", "fake")[kind]
    return (
        f'A test set holds {real} real and {fake} fake pictures. A program answers "{name}" to every '
        "one. Which accuracy does it get, as a number from 0 to 1 with two decimals?",
        number(
            found,
            {
                "the classes are not equally large": 0.5,
                "that is the share of the other kind": 1 - found,
                "it is right on one kind only": 1,
                "divide by all pictures": (real, fake)[kind] / (fake, real)[kind],
            },
            digits=2,
        ),
        f"It is right on the {name} ones only: {(real, fake)[kind]} / {real + fake} = {found:.3f}.",
    )


@item("09")
def steps_of_an_epoch(dice):
    n, batch, epochs = dice.integer(300, 3000), dice.one_of((16, 32, 64, 100)), dice.integer(2, 9)
    n += n % batch == 0
    found = math.ceil(n / batch) * epochs
    return (
        f"A network is trained on {plain(n)} pictures in batches of {batch} for {epochs} epochs; the "
        "last batch of an epoch may be smaller. How many steps of gradient descent are made?",
        number(
            found,
            {
                "that is one epoch": found // epochs,
                "the smaller last batch makes a step, too": n // batch * epochs,
                "each epoch ends with a batch of its own": math.ceil(n * epochs / batch),
                "one step a batch, not one a picture": n * epochs,
            },
        ),
        f"⌈{n} / {batch}⌉ = {math.ceil(n / batch)} batches an epoch, times {epochs} is {plain(found)}.",
    )


@item("09")
def cross_entropy(dice):
    bits = dice.integers(4, 1, 6)
    given = [2.0**-n for n in bits]
    losses = [-math.log(p) for p in given]
    found = sum(losses) / 4

    def text(value):
        return f"{value:.3f}"

    fractions = ", ".join(f"1/{2**n}" for n in bits)
    return (
        f"To the **right** answers of four pictures a network gives the probabilities {fractions}. How "
        "large is the cross-entropy, averaged over the four? (ln 2 = 0.693)",
        choice(
            text(found),
            {
                "average them, do not only add": text(sum(losses)),
                "that is the mean probability": text(sum(given) / 4),
                "average logarithms, not probabilities": text(-math.log(sum(given) / 4)),
                "the natural logarithm is meant": text(sum(bits) / 4),
                "that is the worst of them": text(max(losses)),
                "that is twice the loss": text(2 * found),
            },
        ),
        f"−ln(1/2ⁿ) = n · ln 2, so ({' + '.join(map(str, bits))}) / 4 · 0.693 = {text(found)}.",
    )


@item("09")
def fair_test(dice):
    a, b, c, d = dice.some_of(range(10), 4)

    def said(train, test):
        return f"train on recordings {train[0]} and {train[1]}, test on {test}"

    fair = said((a, b), f"{c} and {d}")
    return (
        "Frames of one recording resemble each other. Which accuracy tells how the network will do on a "
        "**new** recording?",
        choice(
            fair,
            {
                "both recordings of the test were seen in training": said((a, b), f"other frames of {a} and {b}"),
                "one recording of the test was seen in training": said((a, c), f"{c} and {d}"),
                "part of the test was seen in training": said((b, d), f"all frames of {d}"),
                "those frames were seen in training": said((a, b), "the same frames"),
            },
        ),
        f"Hold out whole recordings: {fair}.",
    )


@item("09")
def coin_tossing(dice):
    n = dice.integer(5, 12)
    least = n - dice.integer(0, 2)
    ways = sum(math.comb(n, k) for k in range(least, n + 1))

    def text(value):
        return f"{value} of {2**n}"

    return (
        f"Somebody guesses {n} pictures, real or fake, by tossing a coin. In how many of the {2**n} "
        f"equally likely rounds are {least} **or more** right?",
        choice(
            text(ways),
            {
                "more than that number counts, too": text(math.comb(n, least)),
                "that number itself counts, too": text(ways - math.comb(n, least)),
                "those are all rounds with fewer right": text(2**n - ways),
                "that is half of all rounds": text(2**n // 2),
                "count all ways to choose the right ones": text(n - least + 1),
            },
        ),
        f"{' + '.join(f'C({n}, {k})' for k in range(least, n + 1))} = {ways}, so {text(ways)}.",
    )


@item("09")
def uses_of_a_kernel(dice):
    side, kernel, pool, filters = _settings(dice)
    table = _baseline(side, kernel, pool, filters)
    found = table[1].shape[0] * table[1].shape[1]
    return (
        f"{filters} kernels of {kernel} × {kernel} slide over a brain image of {side} × {side} pixels, "
        "stride 1, no padding. At how many places is **each** kernel used?",
        number(
            found,
            {
                "the kernel stays inside the picture": side * side,
                "both axes count": table[1].shape[0],
                "that is behind the pooling": table[2].shape[0] ** 2,
                "each kernel, not all": found * filters,
                "those are its weights": kernel**2,
            },
        ),
        f"{side} − {kernel} + 1 = {table[1].shape[0]} along each axis: {table[1].shape[0]}² = {plain(found)}.",
    )
