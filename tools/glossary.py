"""The course's words and letters, each with the lecture that explains it: one list, shown in lecture 00.

A test sees to it that no lecture uses one of these words before the lecture that explains it, unless it links there.
"""

import re
from typing import NamedTuple


class Term(NamedTuple):
    """A word of the course: what it means in one sentence, and the number of the lecture that explains it."""

    word: str
    lecture: str
    means: str


NOTATION = (
    ("x, w", "picture or signal, and kernel"),
    ("n, k, s, p, d", "size of an axis, and kernel size, stride, padding and dilation along it"),
    ("⋆", "cross-correlation: slide, multiply, add, without flipping the kernel; what networks compute"),
    ("∗", "convolution: the same with the kernel flipped"),
    ("N, H, W, C", "the axes of a batch: pictures, rows, columns, channels"),
    ("i, j", "row and column, counted from 0"),
)

TERMS = (
    Term("padding", "02", "values added around a signal or picture, so that windows fit at its ends"),
    Term("Toeplitz matrix", "02", "a matrix whose diagonals are constant; multiplying by it slides a kernel"),
    Term("feature map", "02", "what one kernel makes of a whole signal or picture"),
    Term("dilation", "05", "a kernel whose weights lie several pixels apart"),
    Term("max pooling", "06", "of each window only the largest value stays"),
    Term("receptive field", "06", "the pixels that a number of a network can depend on"),
    Term("multiply-add", "07", "one product added to a sum: the unit of a network's work"),
    Term("dropout", "07", "in training a random share of the numbers is set to 0; in use nothing is"),
    Term("epoch", "08", "one pass over all training examples"),
    Term("momentum", "08", "each step keeps a part of the step before"),
    Term("Adam", "08", "a descent that suits its step to each weight"),
    Term("cross-entropy", "08", "minus the logarithm of the probability given to the right answer, averaged"),
    Term("saliency", "09", "how much each pixel moves a score"),
    Term("batch normalisation", "09", "each channel is shifted and scaled to mean 0 and deviation 1 over the batch"),
)


def used_too_early(number, text):
    """Return the words that lecture `number`, with the text cells `text`, uses before they are explained, unlinked.

    >>> used_too_early("05", "In six epochs it learns."), used_too_early("05", "Six epochs ([see](08_training.ipynb)).")
    (['epoch'], [])
    >>> used_too_early("08", "An epoch is one pass."), used_too_early("05", "`epochs=3` is code.")
    ([], [])
    """
    plain = re.sub(r"```.*?```|`[^`\n]*`", " ", text, flags=re.DOTALL)
    return [
        term.word
        for term in TERMS
        if number < term.lecture and f"]({term.lecture}_" not in text
        if re.search(rf"\b{re.escape(term.word)}(s|es)?\b", plain, 0 if term.word[0].isupper() else re.IGNORECASE)
    ]


def table():
    """Return notation and words as the Markdown that lecture 00 shows.

    >>> table().splitlines()[0]
    '| letter | what it stands for |'
    """
    letters = [f"| {letter} | {means} |" for letter, means in NOTATION]
    words = [f"| {term.word} | {term.means} | {term.lecture} |" for term in sorted(TERMS, key=lambda t: t.word.lower())]
    return "\n".join(
        ["| letter | what it stands for |", "|---|---|", *letters, ""]
        + ["| word | meaning | lecture |", "|---|---|---|", *words]
    )
