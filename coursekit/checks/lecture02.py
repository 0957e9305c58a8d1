"""Exercises of lecture 02, Convolution in one dimension."""

import numpy as np

from coursekit.checks.exercise import Exercise
from coursekit.convolution import convolve1d, correlate1d, toeplitz_matrix

_SIGNAL, _KERNEL = np.array([3, 0, 1, 2, 0]), np.array([1, 2, -1])


def _pairs(*lengths):
    """Return signals and kernels of these lengths, of random tenths."""
    rng = np.random.default_rng(2)
    return tuple((rng.integers(-40, 41, n) / 10, rng.integers(-40, 41, k) / 10) for n, k in lengths)


def _same(signal, kernel, boundary="zero"):
    return correlate1d(signal, kernel, padding="same", boundary=boundary)


def _with_zeros(signal, kernel, before, after):
    """The correlation of a signal with so many zeros at its ends, empty where the kernel does not fit."""
    padded = np.pad(signal, (before, after))
    return correlate1d(padded, kernel) if len(kernel) <= len(padded) else np.zeros(0)


def _band_to_the_edge(kernel, size):
    """A square matrix in which the kernel begins on the diagonal and is cut off at the right."""
    return toeplitz_matrix(kernel, size + len(kernel) - 1)[:, :size]


def _first_row(kernel, size):
    return np.pad(kernel, (0, size - len(kernel)))


def _circulant(kernel, size):
    return np.stack([np.roll(_first_row(kernel, size), i) for i in range(size)])


def _agreeing(strand, word, agree=lambda a, b: a == b):
    """How many letters agree, for each place where the word fits."""
    places = range(len(strand) - len(word) + 1)
    return np.array([sum(agree(a, b) for a, b in zip(strand[i:], word)) for i in places])


_CODES = {"A": 1, "C": 2, "G": 3, "T": 4}

EXERCISES = (
    Exercise(
        name="02.by_hand",
        reference=lambda: correlate1d(_SIGNAL, _KERNEL).tolist(),
        misconceptions=(
            (
                "this flips the kernel, as the convolution of the mathematicians does; networks do not",
                lambda: convolve1d(_SIGNAL, _KERNEL).tolist(),
            ),
            (
                "as many outputs as samples need zeros at the ends, and the exercise says: without padding",
                lambda: _same(_SIGNAL, _KERNEL).tolist(),
            ),
            (
                "every overlap counts here; without padding the kernel must lie within the signal",
                lambda: correlate1d(_SIGNAL, _KERNEL, padding="full").tolist(),
            ),
            (
                "the last weight is negative, so its product is subtracted",
                lambda: correlate1d(_SIGNAL, np.abs(_KERNEL)).tolist(),
            ),
            (
                "these are means: add the products, and do not divide",
                lambda: (correlate1d(_SIGNAL, _KERNEL) / 3).tolist(),
            ),
            (
                "the kernel moves on by one sample at a time, not by two",
                lambda: correlate1d(_SIGNAL, _KERNEL, stride=2).tolist(),
            ),
            (
                "the windows overlap: the kernel moves on by one sample, not by its own length",
                lambda: correlate1d(_SIGNAL, _KERNEL, stride=3).tolist(),
            ),
            (
                "the first output belongs to the window at the start of the signal; your order is reversed",
                lambda: correlate1d(_SIGNAL, _KERNEL)[::-1].tolist(),
            ),
            (
                "these are the three products of the first window: their sum is the first output",
                lambda: (_SIGNAL[:3] * _KERNEL).tolist(),
            ),
        ),
    ),
    Exercise(
        name="02.delay",
        reference=lambda: [1, 0, 0, 0, 0],
        misconceptions=(
            (
                "this moves the signal two samples earlier; only a convolution, which flips, moves it later",
                lambda: [0, 0, 0, 0, 1],
            ),
            ("this moves the signal by one sample only", lambda: [0, 1, 0, 0, 0]),
            ("this moves the signal by one sample, and to earlier places", lambda: [0, 0, 0, 1, 0]),
            (
                "this leaves the signal where it is: the middle weight lies on the sample itself",
                lambda: [0, 0, 1, 0, 0],
            ),
            ("this takes a mean of five samples: it blurs, and moves nothing", lambda: [0.2] * 5),
            ("a weight of 2 doubles the values; by how much they move is told by its place", lambda: [2, 0, 0, 0, 0]),
            ("two weights add two copies of the signal", lambda: [1, 1, 0, 0, 0]),
            ("this also turns the sign around", lambda: [-1, 0, 0, 0, 0]),
            ("this is the moved signal, and the question asks for the kernel that moves it", lambda: [0, 0, 1, 2, 3]),
        ),
    ),
    Exercise(
        name="02.same",
        reference=_same,
        cases=((np.array([1, 1, 5, 3, 2]), np.array([-2, -1, 3])), *_pairs((4, 1), (6, 3), (8, 5), (7, 7))),
        misconceptions=(
            ("this is the convolution: the kernel is flipped", lambda s, k: convolve1d(s, k, padding="same")),
            ("this is the output without padding: put zeros around the signal first", correlate1d),
            (
                "this is full padding; to keep the length, (k - 1)/2 zeros at each end are enough",
                lambda s, k: correlate1d(s, k, padding="full"),
            ),
            ("this pads with a mirror at each end; the exercise asks for zeros", lambda s, k: _same(s, k, "symmetric")),
            (
                "this lets the signal start again at its ends; the exercise asks for zeros",
                lambda s, k: _same(s, k, "circular"),
            ),
            (
                "all zeros stand before the signal: half of them belong behind it",
                lambda s, k: _with_zeros(s, k, len(k) - 1, 0),
            ),
            (
                "all zeros stand behind the signal: half of them belong before it",
                lambda s, k: _with_zeros(s, k, 0, len(k) - 1),
            ),
            ("one zero at each end is enough for a kernel of three only", lambda s, k: _with_zeros(s, k, 1, 1)),
            (
                "the zeros belong around the signal, not around the output",
                lambda s, k: np.pad(correlate1d(s, k), len(k) // 2),
            ),
        ),
    ),
    Exercise(
        name="02.toeplitz",
        reference=toeplitz_matrix,
        cases=(
            (np.array([1, 2, 3]), 4),
            (np.array([2, -1]), 3),
            (np.array([1.5]), 2),
            (np.array([3, 1, 4, 1, 5]), 5),
            (np.array([0.5, -1, 2, 7]), 9),
        ),
        misconceptions=(
            (
                "each row holds the flipped kernel: this is the matrix of the convolution",
                lambda kernel, size: toeplitz_matrix(kernel[::-1], size),
            ),
            (
                "rows belong to outputs and columns to samples; yours are the other way round",
                lambda kernel, size: toeplitz_matrix(kernel, size).T,
            ),
            (
                "this is the matrix with zero padding, which keeps the length; the exercise asks for none",
                lambda kernel, size: toeplitz_matrix(kernel, size, padding="same"),
            ),
            (
                "the kernel comes back at the left (the matrix is circulant): leave out the rows where it does",
                _circulant,
            ),
            ("in the last rows the kernel is cut off: leave out the rows where it does not fit", _band_to_the_edge),
            (
                "this has a row for every overlap (full padding); the kernel must lie within the signal",
                lambda kernel, size: toeplitz_matrix(kernel, size, padding="full"),
            ),
            (
                "the kernel must move to the right from row to row; yours moves to the left",
                lambda kernel, size: toeplitz_matrix(kernel, size)[::-1],
            ),
            (
                "the kernel must move one place further in each row; yours stands still",
                lambda kernel, size: np.tile(_first_row(kernel, size), (size - len(kernel) + 1, 1)),
            ),
            (
                "one row is missing: a kernel of k samples fits at size - k + 1 places",
                lambda kernel, size: toeplitz_matrix(kernel, size)[:-1],
            ),
        ),
    ),
    Exercise(
        name="02.matches",
        reference=_agreeing,
        cases=(("GATTA", "AT"), ("ACGT", "ACG"), ("TTGCA", "T"), ("CATACATTAGACA", "TACA"), ("GAT", "GAT")),
        misconceptions=(
            ("the word is read backwards: correlate, do not convolve", lambda s, w: _agreeing(s, w[::-1])),
            (
                "these are shares of the word; the exercise asks for numbers of letters",
                lambda s, w: _agreeing(s, w) / len(w),
            ),
            (
                "1 where the whole word stands is not asked for: count the letters that agree",
                lambda s, w: (_agreeing(s, w) == len(w)).astype(int),
            ),
            ("these are the letters that differ; count those that agree", lambda s, w: len(w) - _agreeing(s, w)),
            (
                "at the last places the word no longer fits into the strand: leave them out",
                lambda s, w: _agreeing(s + "-" * (len(w) - 1), w),
            ),
            ("the last place where the word fits is missing", lambda s, w: _agreeing(s, w)[:-1]),
            (
                "this is the place where the word fits best; the exercise asks for a number at every place",
                lambda s, w: int(np.argmax(_agreeing(s, w))),
            ),
            (
                "these are the places that agree with the first letter of the word",
                lambda s, w: np.array([int(a == w[0]) for a in s[: len(s) - len(w) + 1]]),
            ),
            (
                "a letter must agree with the letter at the same place of the word, not with any of its letters",
                lambda s, w: _agreeing(s, w, lambda a, _: a in w),
            ),
            (
                "products of letters written as 1, 2, 3, 4 mean nothing: give each letter a channel of its own",
                lambda s, w: _agreeing(s, w, lambda a, b: _CODES[a] * _CODES[b]),
            ),
        ),
    ),
)
