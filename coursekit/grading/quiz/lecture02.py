"""Questions on lecture 02, Convolution in one dimension."""

import numpy as np

from coursekit import convolution, counting, shapes
from coursekit.grading.quiz.items import choice, item, number, plain, written
from coursekit.specs import Conv, Dense, Input


def _sizes(dice):
    """Return the length of a signal, of a kernel, and the number of places where it fits."""
    n, k = dice.integer(8, 60), dice.integer(2, 6)
    return n, k, shapes.output_size(n, k)


def _signal_and_kernel(dice):
    """Return a signal (6,) and an asymmetric kernel (3,) whose order matters everywhere."""
    while True:
        x, w = np.array(dice.integers(6, -4, 6)), np.array(dice.integers(3, -3, 3, different=True))
        results = convolution.correlate1d(x, w), convolution.convolve1d(x, w)
        slid, flipped = (result.tolist() for result in results)
        if len(set(slid)) == 4 and slid != flipped[::-1] and all(a != b for a, b in zip(slid, flipped)):
            return x, w


@item("02")
def weights_of_a_full_layer(dice):
    n, k, m = _sizes(dice)
    found = counting.table((Input((n,)), Dense(m, bias=False))).parameters
    return (
        f"A layer without biases has {n} inputs and {m} neurons, and every neuron listens to every "
        "input. How many weights does it have?",
        number(
            found,
            {
                "you counted the biases too": found + m,
                "you added where you should multiply": n + m,
                "you took as many neurons as inputs": n * n,
            },
        ),
        f"Each of the {m} neurons has one weight per input: {m} · {n} = {plain(found)}.",
    )


@item("02")
def weights_of_a_sparse_layer(dice):
    n, k, m = _sizes(dice)
    found = np.count_nonzero(convolution.toeplitz_matrix(np.ones(k), n))
    return (
        f"{m} neurons look at {n} inputs; each listens only to {k} neighbouring inputs, with weights "
        "**of its own** and no bias. How many weights are there?",
        number(
            found,
            {
                "the weights are not shared: each neuron has its own": k,
                "you let every neuron listen to every input": n * m,
                "there are as many windows as neurons, not as inputs": n * k,
            },
        ),
        f"{m} neurons with {k} weights each: {m} · {k} = {plain(found)}.",
    )


@item("02")
def weights_of_a_shared_kernel(dice):
    n, k, m = _sizes(dice)
    found = counting.table((Input((n, 1)), Conv(1, kernel=(k,), bias=False))).parameters
    return (
        f"{m} neurons look at {n} inputs; each listens only to {k} neighbouring inputs, and **all share "
        "the same weights**, without a bias. How many different weights are there?",
        number(
            found,
            {"that would be without sharing": k * m, "that would be the full matrix": n * m, "there is no bias": k + 1},
        ),
        f"One kernel of {k} weights serves all {m} places, however long the signal is.",
    )


@item("02")
def one_output_of_a_correlation(dice):
    (x, w), place = _signal_and_kernel(dice), dice.integer(0, 2)
    found = convolution.correlate1d(x, w)
    flipped = convolution.convolve1d(x, w)[place]
    window = x[place : place + 3]
    return (
        f"The signal x = {written(x)} is **correlated** with the kernel w = {written(w)}, padding "
        f'"valid". Which number is output {place}, counted from 0?',
        number(
            found[place],
            {
                "you flipped the kernel: that is convolution": flipped,
                "you counted the outputs from 1": found[place - 1] if place else None,
                "you went one place too far": found[place + 1],
            },
        ),
        f"Lay w on x[{place}] … x[{place + 2}]: "
        + " + ".join(f"({plain(a)})·({plain(b)})" for a, b in zip(w, window))
        + f" = {plain(found[place])}.",
    )


@item("02")
def the_flip(dice):
    x, w = _signal_and_kernel(dice)
    right, slid = convolution.convolve1d(x, w), convolution.correlate1d(x, w)
    return (
        f"What is the **convolution** (with the flip) of x = {written(x)} with w = {written(w)}, where "
        "the kernel lies inside the signal?",
        choice(
            written(right),
            {
                "this slides the kernel unflipped: a correlation": written(slid),
                "this is the right row read backwards": written(right[::-1]),
                "the sign is wrong": written(-right),
                "this is a correlation read backwards": written(slid[::-1]),
            },
        ),
        f"Flip the kernel to {written(w[::-1])}, then slide it: {written(right)}.",
    )


@item("02")
def outputs_of_valid(dice):
    n, k, found = _sizes(dice)
    return (
        f"A kernel of {k} weights slides over a signal of {n} samples with stride 1 and padding "
        '"valid". How many outputs are there?',
        number(
            found,
            {
                "count the first place too: n − k + 1": found - 1,
                "nothing is added at the ends": n,
                'that is "full", with padding': shapes.output_size(n, k, padding="full"),
            },
        ),
        f"n − k + 1 = {n} − {k} + 1 = {found}.",
    )


@item("02")
def zeros_for_same(dice):
    k, n = 2 * dice.integer(1, 7) + 1, dice.integer(20, 90)
    before, after = shapes.padding_amounts(n, k, padding="same")
    return (
        f"A signal of {n} samples meets a kernel of {k} weights, stride 1. How many zeros must be added "
        "**in total** so that the output is as long as the input?",
        number(
            before + after,
            {"that is one side only": before, "one less than the kernel is enough": k, 'that is "full"': 2 * (k - 1)},
        ),
        f"The output is n − k + 1 long, so k − 1 = {before + after} are missing, {before} at each end.",
    )


@item("02")
def outputs_of_full(dice):
    n, k, fits = _sizes(dice)
    found = shapes.output_size(n, k, padding="full")
    return (
        'With padding "full" the kernel may hang over the ends of the signal as long as it touches '
        f"one sample. How many outputs do {n} samples and a kernel of {k} weights give?",
        number(found, {'that is "valid"': fits, 'that is "same"': n, "one place too many": found + 1}),
        f"k − 1 = {k - 1} zeros stand at each end: n + 2(k − 1) − k + 1 = n + k − 1 = {found}.",
    )


@item("02")
def outputs_with_stride(dice):
    n, k, s = dice.integer(24, 70), dice.integer(3, 6), dice.integer(2, 4)
    found, nth = shapes.output_size(n, k, s), ("second", "third", "fourth")[s - 2]
    return (
        f"A kernel of {k} weights steps over {n} samples with stride {s}, without padding. How many outputs are there?",
        number(
            found,
            {
                "you left the stride out": shapes.output_size(n, k),
                "the first place counts too": found - 1,
                "windows that do not fit are dropped": found + 1 if (n - k) % s else None,
                "the kernel must stay inside the signal": -(-n // s),
            },
        ),
        f"It fits at {n - k + 1} places, and every {nth} of them is taken: ⌊({n} − {k}) / {s}⌋ + 1 = {found}.",
    )


@item("02")
def several_kernels(dice):
    k, channels, n = dice.integer(3, 9), dice.integer(2, 12), dice.integer(30, 99)
    found = counting.table((Input((n, 1)), Conv(channels, kernel=(k,), bias=False))).parameters
    return (
        f"A layer makes {channels} feature channels of a signal of {n} samples, with kernels of {k} "
        "weights and no biases. How many weights does it have?",
        number(
            found,
            {
                "each channel has a kernel of its own": k,
                "weights are shared by all places": found * n,
                "there are no biases": (k + 1) * channels,
            },
        ),
        f"{channels} kernels of {k} weights: {found}, whatever the length of the signal.",
    )


@item("02")
def a_row_of_the_toeplitz_matrix(dice):
    w, row = np.array(dice.integers(3, 1, 9, different=True)), dice.integer(0, 2)
    rows = convolution.toeplitz_matrix(w, 6)
    flipped = convolution.toeplitz_matrix(w[::-1].copy(), 6)
    return (
        'T is the matrix for which T x is the correlation ("valid") of six samples x with w = '
        f"{written(w)}. Which is row {row} of T, counted from 0?",
        choice(
            written(rows[row]),
            {
                "this row is flipped, as for a convolution": written(flipped[row]),
                "this row stands below it": written(rows[row + 1]),
                "this repeats the kernel: a row holds it once": written(np.tile(w, 2)),
                "this has its weights two places off": written(rows[(row + 2) % 4]),
            },
        ),
        f"Row i holds the kernel from column i on, and zeros elsewhere: {written(rows[row])}.",
    )


@item("02")
def answer_to_a_constant(dice):
    w, c = np.array(dice.integers(4, -4, 6)), dice.integer(2, 9)
    found = convolution.correlate1d(np.full(9, c), w)[2]
    return (
        f"A signal is {c} everywhere. What does the kernel {written(w)} answer, away from the ends?",
        number(
            found,
            {
                "only weights with the sum 1 leave it as it is": c,
                "that is the sum of the weights": w.sum(),
                "add all weights with their signs": c * np.abs(w).sum(),
                "the weights are added, not averaged": found / 4,
            },
        ),
        f"Every product has the factor {c}: {c} · ({plain(w.sum())}), the sum of the weights = {plain(found)}.",
    )
