"""Pictures of digits to learn on: simulated ones that ship with the course, and MNIST on request.

A digit is a float32 array of 28 × 28 values from 0 (paper) to 1 (ink). The shipped ones are *simulated*:
drawn from fonts by data/make_digits.py, then turned, slanted, shifted, made thicker or thinner, and disturbed
by noise. They need no network. MNIST holds real, handwritten ones.
"""

import importlib

import numpy as np

from coursekit import arguments, datafiles

__all__ = ["PARTS", "SOURCES", "load"]

SOURCES = ("simulated", "mnist")
PARTS = ("train", "test")


def load(part, count=None, *, source="simulated"):
    """Return (images, labels): float32 (n, 28, 28), from 0 for paper to 1 for ink, and int64 (n,), 0 to 9.

    `part` is "train" or "test"; no digit stands in both. `count` takes the first `count` of them, in a
    random but fixed order; None takes all: 4,000 and 1,000 simulated ones, 60,000 and 10,000 of MNIST.
    The arrays are the caller's own. `source` is "simulated" or "mnist"; the latter is downloaded once, 11 MB,
    by Keras, which keeps it.

    Raises TypeError or ValueError for other arguments, ValueError where a shipped file is damaged, and
    OSError, with what to do, where MNIST cannot be downloaded.

    >>> images, labels = load("test", 5)
    >>> images.shape, images.dtype, labels.shape
    ((5, 28, 28), dtype('float32'), (5,))
    """
    arguments.choice("part", part, PARTS)
    arguments.choice("source", source, SOURCES)
    shades, labels = _mnist(part) if source == "mnist" else _simulated(part)
    if count is not None:
        count = arguments.integer("count", count, 1, len(labels))
    images = shades[:count].astype(np.float32)
    return images / np.float32(255 if source == "mnist" else 15), labels[:count].astype(np.int64)


def _simulated(part):
    """Return (shades from 0 to 15, labels) of a shipped file, in which two shades share one byte."""
    with np.load(datafiles.path("digits", f"{part}.npz", checked=True)) as stored:
        pairs, labels = stored["images"], stored["labels"]
    return np.stack([pairs >> 4, pairs & 15], axis=-1).reshape(len(pairs), 28, 28), labels


def _mnist(part):
    """Return (shades from 0 to 255, labels); Keras, which takes seconds to import, only comes along here."""
    return importlib.import_module("coursekit.models.downloads").download("mnist", part)
