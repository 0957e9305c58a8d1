"""Random choices that are the same for the same text, on every machine and in every version of Python."""

import hashlib
import math


class Dice:
    """Draws whole numbers from SHA-256 of a text and a counter; no generator whose stream may change.

    >>> dice = Dice("a student")
    >>> [dice.integer(1, 6) for _ in range(8)] == [Dice("a student").integer(1, 6)] * 8
    False
    >>> Dice("a student").shuffled("abcd") == Dice("a student").shuffled("abcd")
    True
    """

    def __init__(self, text):
        self._text, self._drawn = str(text), 0

    def integer(self, low, high):
        """Return an integer from `low` to `high`, both included."""
        digest = hashlib.sha256(f"{self._drawn}:{self._text}".encode()).digest()
        self._drawn += 1
        return low + int.from_bytes(digest, "big") % (high - low + 1)

    def one_of(self, options):
        """Return one of `options`, a sequence."""
        return options[self.integer(0, len(options) - 1)]

    def shuffled(self, values):
        """Return `values` as a list in a random order (Fisher and Yates)."""
        values = list(values)
        for last in range(len(values) - 1, 0, -1):
            other = self.integer(0, last)
            values[last], values[other] = values[other], values[last]
        return values

    def some_of(self, options, count):
        """Return `count` different ones of `options`, in a random order."""
        return self.shuffled(options)[:count]

    def integers(self, count, low, high, different=False):
        """Return a list of `count` integers from `low` to `high`, all different ones if so wished."""
        if different:
            return self.some_of(range(low, high + 1), count)
        return [self.integer(low, high) for _ in range(count)]

    def table(self, rows, columns, low, high, different=False):
        """Return a list of `rows` lists of `columns` integers from `low` to `high`."""
        values = self.integers(math.prod((rows, columns)), low, high, different)
        return [values[row * columns : (row + 1) * columns] for row in range(rows)]
