"""The course's words and letters, each with the lecture that explains it: shown in lecture 00 and the web edition.

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
    Term("x, w", "02", "picture or signal, and kernel"),
    Term("n, k, s, p, d", "05", "size of an axis, and kernel size, stride, padding and dilation along it"),
    Term("⋆", "02", "cross-correlation: slide, multiply, add, without flipping the kernel; what networks compute"),
    Term("∗", "02", "convolution: the same with the kernel flipped"),
    Term("N, H, W, C", "05", "the axes of a batch: pictures, rows, columns, channels"),
    Term("i, j", "03", "row and column, counted from 0"),
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

# Explained where the course first uses them, so lecture 00 does not list them.
MORE = (
    Term("seed", "00", "the number that a generator of random numbers begins with: same seed, same numbers"),
    Term("softmax", "00", "turns scores into probabilities: exponentials, divided by their sum"),
    Term("gradient descent", "00", "steps against the slope of the loss, until it hardly falls any more"),
    Term("learning rate", "00", "what the slope is multiplied by to give the step"),
    Term("bias", "01", "the number that is added to a weighted sum"),
    Term("ReLU", "01", "max(0, z): negative numbers become 0, others stay"),
    Term("hidden unit", "01", "a neuron of a layer that is not the last"),
    Term("stride", "02", "how far a window moves from one output to the next"),
    Term("cross-correlation", "02", "slide a kernel along, multiply, add"),
    Term("mini-batch", "05", "the few examples that a network looks at together"),
    Term("overfitting", "08", "rising accuracy on the training pictures, and none gained on new ones"),
    Term("transposed convolution", "10", "each input stamps the kernel, times its value, onto a larger output"),
    Term("discriminator", "10", "the network that learns to tell pictures of the data set from a generator's"),
    Term("residual block", "11", "a few layers, and a connection around them that adds what enters to what leaves"),
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
    letters = [f"| {term.word} | {term.means} |" for term in NOTATION]
    words = [f"| {term.word} | {term.means} | {term.lecture} |" for term in _sorted(TERMS)]
    return "\n".join(
        ["| letter | what it stands for |", "|---|---|", *letters, ""]
        + ["| word | meaning | lecture |", "|---|---|---|", *words]
    )


def page(link):
    """Return notation and all words as the Markdown of the web edition; `link` writes a lecture, given its number.

    >>> page(lambda number: f"[{number}](there)").splitlines()[4]
    '| x, w | picture or signal, and kernel | [02](there) |'
    """
    rows = {"Notation": ("Letter", NOTATION), "Words": ("Word", _sorted(TERMS + MORE))}
    lines = []
    for title, (head, terms) in rows.items():
        lines += [f"## {title}", "", f"| {head} | Meaning | Lecture |", "|---|---|---|"]
        lines += [f"| {term.word} | {term.means} | {link(term.lecture)} |" for term in terms] + [""]
    return "\n".join(lines)


def _sorted(terms):
    return sorted(terms, key=lambda term: term.word.lower())
