"""One comparison for all tests of answers: type, shape, kind of numbers, finite, and only then values."""

import math

import numpy as np

_KINDS = {"b": "True and False", "i": "whole numbers", "u": "whole numbers", "f": "numbers", "c": "complex numbers"}


def assert_same(received, expected, what="the answer", tolerance=1e-5):
    """Raise AssertionError, with a sentence about `what`, unless `received` is as `expected`, a right answer.

    - a dictionary: a dictionary with the same keys, each value as expected;
    - a tuple: a tuple, a list or an array with as many items, each as expected;
    - an array or a list of numbers: a plain array, or lists of numbers, of the same shape;
    - a number: a number, of Python, of NumPy or an array of shape (); never a list with one number;
    - text, True and False: exactly that.

    Whole numbers must be whole numbers and equal. Others must be finite, may be whole or of any precision, and may
    differ by `tolerance`, relative to themselves or to the largest that is expected. Subclasses of arrays, masked
    arrays and arrays of objects are refused, and so are True for 1, text for numbers and complex numbers.

    >>> assert_same([[1, 2.0]], np.array([[1.0, 2.0]]))
    >>> assert_same(np.zeros((0, 1)), np.ones((2, 1)), "relu(z)")
    Traceback (most recent call last):
    ...
    AssertionError: relu(z): expected shape (2, 1), received (0, 1)
    """
    if isinstance(expected, dict):
        _demand(isinstance(received, dict), what, "a dictionary", received)
        same = set(received) == set(expected)
        assert same, f"{what}: expected the keys {_keys(expected)}, received {_keys(received)}"
        for key, value in expected.items():
            assert_same(received[key], value, f"{what}, {key!r}", tolerance)
    elif isinstance(expected, tuple):
        _demand(isinstance(received, (tuple, list)) or _is_plain(received, 1), what, "several values", received)
        same = len(received) == len(expected)
        assert same, f"{what}: expected {len(expected)} values, received {len(received)}"
        for place, (one, value) in enumerate(zip(received, expected)):
            assert_same(one, value, f"{what}, number {place + 1}", tolerance)
    elif isinstance(expected, str):
        _demand(isinstance(received, str), what, "text", received)
        assert received == expected, f"{what}: expected {expected!r}, received {str(received)[:80]!r}"
    else:
        _assert_numbers(received, np.asarray(expected), what, tolerance)


def _assert_numbers(received, expected, what, tolerance):
    array = _array(received, expected.ndim, what)
    assert array.shape == expected.shape, f"{what}: expected shape {expected.shape}, received {array.shape}"
    allowed = {"b": "b", "i": "iu", "u": "iu"}.get(expected.dtype.kind, "fiu")
    fits = array.dtype.kind in allowed
    assert fits, (
        f"{what}: expected {_KINDS[expected.dtype.kind]}, received {_KINDS.get(array.dtype.kind, 'other values')}"
    )
    if allowed == "fiu":
        assert np.isfinite(array).all(), f"{what}: expected finite numbers, received {_shown(array)}"
        same = _near(array, expected, tolerance)
    else:
        same = array == expected
    if not np.all(same):
        place = tuple(int(n) for n in np.argwhere(~np.atleast_1d(same))[0]) if expected.ndim else ""
        where = f" at {list(place)}" if expected.ndim else ""
        value, wanted = (part[place] if expected.ndim else part[()] for part in (array, expected))
        raise AssertionError(
            f"{what}: expected {wanted:.6g}, received {value:.6g}{where}"
            + (f"\nexpected\n{_shown(expected)}\nreceived\n{_shown(array)}" if expected.ndim else "")
        )


def _near(array, expected, tolerance):
    """Return where numbers are equal within the tolerance; half the difference cannot overflow."""
    array, expected = array.astype(float), expected.astype(float)
    largest = np.abs(expected).max(initial=0)
    room = tolerance * (np.abs(expected) / 2 + largest / 2) + 1e-12
    return np.abs(array / 2 - expected / 2) <= room / 2


def _array(received, dimensions, what):
    """Return numbers, or lists of numbers, as an array; an array as it is. Nothing else is asked what it is."""
    wanted = "a number" if dimensions == 0 else "an array of numbers"
    if dimensions and isinstance(received, (list, tuple)):
        assert _depth(received) <= dimensions, f"{what}: expected {dimensions} axes, received more"
        try:
            return np.asarray(received)
        except (ValueError, TypeError, OverflowError):
            raise AssertionError(f"{what}: expected {wanted}, received rows of different lengths") from None
    _demand(_is_plain(received) or isinstance(received, (bool, int, float, np.generic)), what, wanted, received)
    if type(received) is int and received.bit_length() > 63:
        raise AssertionError(f"{what}: expected {wanted}, received one with {int(math.log10(abs(received)))} digits")
    return np.asarray(received)


def _depth(value):
    """Return how deep lists are nested, along their first items."""
    depth = 0
    while isinstance(value, (list, tuple)) and depth < 40:
        depth, value = depth + 1, value[0] if value else None
    return depth + (value.ndim if isinstance(value, np.ndarray) else 0)


def _is_plain(value, dimensions=0):
    return type(value) is np.ndarray and value.ndim >= dimensions


def _demand(fits, what, wanted, received):
    assert fits, f"{what}: expected {wanted}, received a value of type {type(received).__name__[:60]}"


def _keys(values):
    return ", ".join(sorted(map(repr, values)))[:200] or "none"


def _shown(array):
    return np.array2string(array, threshold=40, precision=4)[:500]


def disagreement(scores, others):
    """Return the share of pairs of examples that two networks put in different orders, from their scores (n, 2).

    Each orders the examples by its second score minus its first. Of a copy, also of one that is scaled, it is 0.

    >>> scores = np.array([[0, 3], [1, 1], [2, 0.0]])
    >>> disagreement(scores, 2 * scores), disagreement(scores, scores[[1, 0, 2]])
    (0.0, 0.3333333333333333)
    """
    one, other = (np.sign(np.subtract.outer(part, part)) for part in (np.diff(scores)[:, 0], np.diff(others)[:, 0]))
    above = np.triu_indices(len(one), 1)
    return float(np.mean((one * other)[above] < 0)) if len(above[0]) else 0.0
