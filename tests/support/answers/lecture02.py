"""Answers to the exercises of lecture 02, Convolution in one dimension."""

import numpy as np

from answers import Answers


def stub(*arguments):
    raise NotImplementedError


# ---------------------------------------------------------------- 3 · slide_same(signal, kernel)


def slide_same(signal, kernel):
    half = len(kernel) // 2
    sample = dict(enumerate(signal))  # outside it: 0
    return [sum(weight * sample.get(i + u - half, 0) for u, weight in enumerate(kernel)) for i in sample]


def padded(before, after, **how):
    """Return a function that pads the signal by numbers of samples that depend on k, and correlates."""

    def slide(signal, kernel):
        return np.correlate(np.pad(signal, (before(len(kernel)), after(len(kernel))), **how), kernel, "valid")

    return slide


def slide_with_one_zero(signal, kernel):
    around = np.pad(signal, 1)
    return np.array([around[i : i + len(kernel)] @ kernel for i in range(len(around) - len(kernel) + 1)])


def slide_within_whole_numbers(signal, kernel):
    output = np.zeros(len(signal), int)
    output[:] = slide_same(signal, kernel)
    return output


def slide_that_edits_the_signal(signal, kernel):
    signal[:] = slide_same(signal, kernel)
    return signal


def slide_without_return(signal, kernel):
    slide_same(signal, kernel)


def slide_for_kernels_of_three(signal, kernel):
    around = np.pad(signal, 1)
    return around[:-2] * kernel[0] + around[1:-1] * kernel[1] + around[2:] * kernel[2]


HALF, ALL, NONE = (lambda k: k // 2), (lambda k: k - 1), (lambda k: 0)


# ---------------------------------------------------------------- 4 · toeplitz(kernel, size)


def toeplitz(kernel, size):
    offset = np.arange(size) - np.arange(size - len(kernel) + 1)[:, None]  # column minus row
    inside = (offset >= 0) & (offset < len(kernel))
    return np.where(inside, np.take(kernel, offset, mode="clip"), 0)


def toeplitz_from_lags(kernel, rows, size, first):
    """A matrix that is constant along diagonals, with kernel[column - row + first]."""
    matrix = np.zeros((rows, size))
    for i in range(rows):
        for u, weight in enumerate(kernel):
            if 0 <= i + u - first < size:
                matrix[i, i + u - first] = weight
    return matrix


def toeplitz_that_comes_back(kernel, size):
    matrix = np.zeros((size, size))
    for i in range(size):
        for u, weight in enumerate(kernel):
            matrix[i, (i + u) % size] = weight
    return matrix


def toeplitz_that_stands_still(kernel, size):
    matrix = np.zeros((size - len(kernel) + 1, size))
    matrix[:, : len(kernel)] = kernel
    return matrix


def toeplitz_of_three_weights(kernel, size):
    matrix = np.zeros((size - 2, size))
    for i in range(size - 2):
        matrix[i, i : i + 3] = kernel
    return matrix


def toeplitz_within_whole_numbers(kernel, size):
    return toeplitz(kernel, size).astype(int)


def toeplitz_that_turns_its_kernel_around(kernel, size):
    kernel[:] = kernel[::-1].copy()
    return toeplitz(kernel[::-1], size)


# ---------------------------------------------------------------- 5 · count_matches(strand, word)


def count_matches(strand, word):
    hits = np.array(list(strand))[:, None] == np.array(list(word))  # (letters of strand, letters of word)
    return np.array([np.trace(hits[i:]) for i in range(len(strand) - len(word) + 1)])


def of_each_piece(number, strand, word):
    """What `number` makes of each piece of the strand on which the word may lie."""
    return np.array([number(strand[i : i + len(word)]) for i in range(len(strand) - len(word) + 1)])


def matches_at_every_letter(strand, word):
    return np.array([sum(a == b for a, b in zip(strand[i:], word)) for i in range(len(strand))])


def matches_of_numbers(strand, word):
    code = {letter: number for number, letter in enumerate("ACGT", start=1)}
    return np.correlate([code[a] for a in strand], [code[b] for b in word], "valid")


BANK = {
    "02.by_hand": Answers(
        solution=[2, 0, 5],
        stub=...,
        wrong=(
            ([-2, 4, 3], "this flips the kernel"),
            ([6, 2, 0, 5, 2], "without padding"),
            ([-3, 6, 2, 0, 5, 2, 0], "every overlap counts here"),
            ([4, 4, 5], "the last weight is negative"),
            ([2 / 3, 0, 5 / 3], "these are means"),
            ([2, 5], "one sample at a time, not by two"),
            ([2], "not by its own length"),
            ([5, 0, 2], "your order is reversed"),
            ([3, 0, -1], "the three products of the first window"),
            ([0, 0, 0], "[0, 0, 0] is not it"),
            (7, "7 is not it"),
            ("2, 0, 5", "is not it"),
            ([[2, 0, 5]], "is not it"),
            ([2, 0, 5.5], "is not it"),
        ),
    ),
    "02.delay": Answers(
        solution=(1, 0, 0, 0, 0),
        stub=...,
        wrong=(
            ([0, 0, 0, 0, 1], "two samples earlier"),
            ([0, 1, 0, 0, 0], "by one sample only"),
            ([0, 0, 0, 1, 0], "to earlier places"),
            ([0, 0, 1, 0, 0], "leaves the signal where it is"),
            ([1 / 5] * 5, "it blurs"),
            ([2, 0, 0, 0, 0], "doubles the values"),
            ([1, 1, 0, 0, 0], "two copies"),
            ([-1, 0, 0, 0, 0], "turns the sign around"),
            ([0, 0, 1, 2, 3], "this is the moved signal"),
            ([0, 0, 0, 0, 0], "[0, 0, 0, 0, 0] is not it"),
            ([1, 0, 0], "[1, 0, 0] is not it"),
            ([0, 0, 0, 0, 0, 0, 1], "is not it"),
            (2, "2 is not it"),
            ("10000", "is not it"),
        ),
    ),
    "02.same": Answers(
        solution=slide_same,
        stub=stub,
        wrong=(
            (lambda signal, kernel: slide_same(signal, kernel[::-1]), "the kernel is flipped"),
            (lambda signal, kernel: np.correlate(signal, kernel, "valid"), "the output without padding"),
            (lambda signal, kernel: np.correlate(signal, kernel, "full"), "this is full padding"),
            (padded(HALF, HALF, mode="symmetric"), "a mirror at each end"),
            (padded(HALF, HALF, mode="wrap"), "start again at its ends"),
            (padded(ALL, NONE), "all zeros stand before the signal"),
            (padded(NONE, ALL), "all zeros stand behind the signal"),
            (slide_with_one_zero, "for a kernel of three only"),
            (
                lambda signal, kernel: np.pad(np.correlate(signal, kernel, "valid"), len(kernel) // 2),
                "not around the output",
            ),
            (lambda signal, kernel: np.zeros(len(signal)), "received [0. 0. 0. 0. 0.]"),
            (padded(HALF, HALF, mode="edge"), "received [ 0 12  2 -7 -2]"),
            (slide_for_kernels_of_three, "your function raised IndexError"),
            (slide_within_whole_numbers, "received [-"),
            (slide_that_edits_the_signal, "your function changed its argument"),
            (slide_without_return, "is a return missing?"),
            ([2, 12, 2, -7, -8], "expected a function"),
        ),
    ),
    "02.toeplitz": Answers(
        solution=toeplitz,
        stub=stub,
        wrong=(
            (lambda kernel, size: toeplitz(kernel[::-1], size), "the flipped kernel"),
            (lambda kernel, size: toeplitz(kernel, size).T, "rows belong to outputs"),
            (
                lambda kernel, size: toeplitz_from_lags(kernel, size, size, (len(kernel) - 1) // 2),
                "the matrix with zero padding",
            ),
            (toeplitz_that_comes_back, "the matrix is circulant"),
            (lambda kernel, size: toeplitz_from_lags(kernel, size, size, 0), "the kernel is cut off"),
            (
                lambda kernel, size: toeplitz_from_lags(kernel, size + len(kernel) - 1, size, len(kernel) - 1),
                "a row for every overlap",
            ),
            (lambda kernel, size: toeplitz(kernel, size)[::-1], "yours moves to the left"),
            (toeplitz_that_stands_still, "yours stands still"),
            (lambda kernel, size: toeplitz(kernel, size)[:-1], "one row is missing"),
            (toeplitz_of_three_weights, "your function raised ValueError"),
            (toeplitz_within_whole_numbers, "received [[1 0]\n [0 1]]"),
            (lambda kernel, size: np.zeros((size - len(kernel) + 1, size)), "received [[0. 0. 0. 0.]"),
            (toeplitz_that_turns_its_kernel_around, "your function changed its argument"),
            (lambda kernel, size: print(end=""), "is a return missing?"),
            (lambda kernel, size: kernel, "received one of shape (3,)"),
            (np.eye(3), "expected a function"),
        ),
    ),
    "02.matches": Answers(
        solution=count_matches,
        stub=stub,
        wrong=(
            (lambda strand, word: count_matches(strand, word[::-1]), "the word is read backwards"),
            (lambda strand, word: count_matches(strand, word) / len(word), "these are shares of the word"),
            (
                lambda strand, word: of_each_piece(lambda piece: int(piece == word), strand, word),
                "1 where the whole word stands",
            ),
            (
                lambda strand, word: of_each_piece(lambda p: sum(map(str.__ne__, p, word)), strand, word),
                "these are the letters that differ",
            ),
            (matches_at_every_letter, "the word no longer fits"),
            (lambda strand, word: count_matches(strand[:-1], word), "the last place where the word fits"),
            (lambda strand, word: int(np.argmax(count_matches(strand, word))), "the place where the word fits best"),
            (
                lambda strand, word: of_each_piece(lambda piece: int(piece[0] == word[0]), strand, word),
                "the first letter of the word",
            ),
            (
                lambda strand, word: of_each_piece(lambda piece: sum(a in word for a in piece), strand, word),
                "not with any of its letters",
            ),
            (matches_of_numbers, "letters written as 1, 2, 3, 4 mean nothing"),
            (lambda strand, word: np.zeros(len(strand) - len(word) + 1, int), "received [0 0 0 0]"),
            (lambda strand, word: strand.count(word), "received one of shape ()"),
            (lambda strand, word: np.convolve(strand, word), "your function raised"),
            (lambda strand, word: count_matches(strand, word)[:, None], "received one of shape (4, 1)"),
            (lambda strand, word: print(end=""), "is a return missing?"),
        ),
    ),
}
