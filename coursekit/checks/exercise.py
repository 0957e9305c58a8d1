"""How an answer is checked: cases from small to large, and a bank of likely misconceptions."""

import copy
import functools
import html
import numbers
import re
import textwrap
import types
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit import tables

FEW = 30  # numbers that are shown one by one
NUMPY_SCALAR = re.compile(r"\bnp\.(?:(?:float|int|uint|longdouble|complex)\w*\(([^()]*)\)|(True|False)_)")


@dataclass(frozen=True)
class Result:
    """What a check found: `passed` is True, False, or None for no answer yet; `message` says why.

    >>> Result("00.sum", False, "5 is not it")
    ✗ 00.sum: 5 is not it
    """

    name: str
    passed: bool | None
    message: str

    def __repr__(self):
        mark = {True: "✓", False: "✗", None: "…"}[self.passed]
        return tables.printable(f"{mark} {self.name}: {self.message}")

    def _repr_html_(self):
        # White on each colour, and each colour on white and on black, can be read: it fits light and dark pages.
        color, word = {True: ("#0a7d5a", "✓ right"), False: ("#c8283c", "✗ not yet"), None: ("#6f6f6f", "… open")}[
            self.passed
        ]
        badge = f'<b style="background:{color};color:#fff;padding:.1em .6em;border-radius:.3em">{word}</b>'
        # JupyterLab breaks the lines of a <pre> within words, unless it is told not to.
        pre = "white-space:pre-wrap;word-break:normal;overflow-wrap:break-word;margin:.4em 0 0"
        text = f'<pre style="{pre}">{html.escape(self.message)}</pre>'
        box = f"border-left:.5em solid {color};padding:.3em .8em"
        return f'<div style="{box}">{badge} {html.escape(self.name)}{text}</div>'


@dataclass(frozen=True)
class Exercise:
    """A question with cases to try an answer on, and misconceptions to recognise.

    For an answer that is a function, `cases` are tuples of arguments, the smallest first; for an answer
    that is a value, they are `((),)`. What is right is said in one of two ways: `reference` is a
    function that returns the right answer for a case; or, where many answers are right, `judge` returns
    a sentence that says what is wrong with one, given the case and the answer, or None. Each of
    `misconceptions` is a pair (sentence, wrong reference): the sentence is shown for an answer that
    equals the wrong reference wherever it is wrong. Numbers are compared within `tolerance` (absolute
    and relative), but whole numbers, such as counts, exactly.

    >>> double = Exercise("00.double", cases=((2,), (-3,)), reference=lambda n: 2 * n,
    ...                   misconceptions=(("this is the square", lambda n: n * n),))
    >>> double.check(lambda n: n + n)
    ✓ 00.double: right in all 2 cases
    >>> double.check(lambda n: n**2)
    ✗ 00.double: for -3:
    expected -6
    received 9
    Likely: this is the square
    """

    name: str
    cases: tuple = ((),)
    reference: Callable | None = None
    judge: Callable | None = None
    misconceptions: tuple = ()
    tolerance: float = 1e-6

    @functools.cached_property
    def _kept(self):
        return {}

    def check(self, answer):
        """Return the Result for `answer`; what a student's function raises is part of the result."""
        if answer is None or answer is Ellipsis:
            return self._result(None, "not answered yet")
        if self.cases == ((),):
            return self._compare([((), answer)])
        if not callable(answer):
            return self._result(
                False, f"expected a function, received {_shown(answer)} (name it without brackets behind)"
            )
        received = []
        for case in self.cases:
            given = copy.deepcopy(case)
            self._spoil(case)
            try:
                received.append((case, answer(*given)))
            except NotImplementedError:
                return self._result(None, "not answered yet")
            except (Exception, SystemExit) as error:
                said = textwrap.shorten(_words(str, error), 300, placeholder=" …")
                return self._complain(case, f"your function raised {type(error).__name__}: {said}")
            if not _same(case, given, 0):
                return self._complain(case, "your function changed its argument: work on a copy")
            if received[-1][1] is None:
                return self._complain(case, "your function returned None: is a return missing?")
        return self._compare(received)

    def _compare(self, received):
        """Judge all (case, answer) pairs; the first that is wrong is shown."""
        wrong = [(case, answer, text) for case, answer in received if (text := self._fault(case, answer))]
        if not wrong:
            return self._result(True, f"right in all {len(received)} cases" if received[0][0] else "right")
        for sentence, misconception in self.misconceptions:
            if all(_same(misconception(*case), answer, self.tolerance) for case, answer, _ in wrong):
                return self._result(False, f"{wrong[0][2]}\nLikely: {sentence}")
        return self._result(False, wrong[0][2])

    def _expected(self, case):
        """Return what is right for a case, computed once."""
        if id(case) not in self._kept:
            self._kept[id(case)] = self.reference(*case)
        return self._kept[id(case)]

    def _spoil(self, case):
        """Fill what memory NumPy hands out next with NaN: an array that is never filled must not hold the answer."""
        expected = self._expected(case) if self.reference else ()
        for part in expected if isinstance(expected, tuple | list) else (expected,):
            if isinstance(part, np.ndarray):
                _ = [np.full(part.shape, np.nan, kind) for kind in (np.float32, np.float64) for _ in range(8)]

    def _fault(self, case, answer):
        if self.judge is not None:
            sentence = self.judge(*case, answer)
            return sentence and f"{_call(case)}{sentence}"
        expected = self._expected(case)
        if _same(expected, answer, self.tolerance):
            return None
        if np.ma.is_masked(answer):
            return f"{_call(case)}expected plain numbers, received masked ones: fill what is masked"
        if case:
            return f"{_call(case)}{_difference(expected, answer, self.tolerance)}"
        if _is_number(expected) and not _is_number(answer):
            return f"expected a number, received {_shown(answer)}"
        # To show what is expected would give the answer away; its kind does not.
        return f"{_shown(answer)} is not it{_other_kind(expected, answer)}"

    def _complain(self, case, message):
        return self._result(False, f"{_call(case)}{message}")

    def _result(self, passed, message):
        return Result(self.name, passed, message)


def _call(arguments):
    return f"for {', '.join(_shown(a) for a in arguments)}:\n" if arguments else ""


def _shown(value):
    if isinstance(value, np.ndarray):
        return _shown_array(value)
    if isinstance(value, types.FunctionType):
        return value.__name__  # without its address
    # NumPy 2 writes its numbers as np.float64(0.5), also within a list; earlier ones, and the course, write 0.5.
    text = _words(repr, value)
    text = text if isinstance(value, str) else NUMPY_SCALAR.sub(r"\1\2", text)
    return textwrap.shorten(text, 300, placeholder=" …") if "\n" not in text else text[:600]


def _words(how, value):
    """What `how`, str or repr, makes of a student's object, which may be unable to say anything."""
    try:
        return how(value)
    except Exception:
        return f"an object of {type(value).__name__} that cannot be shown"


def _shown_array(array):
    """The numbers of a small array; of a large one its shape and range, and where it begins."""
    if array.size <= FEW and array.ndim <= 2:
        return np.array2string(array, precision=4)
    text = f"an array of shape {array.shape}"
    if array.size and np.issubdtype(array.dtype, np.number) and not np.iscomplexobj(array):
        if array.min() == array.max():
            return f"{text}, all {array.min():.4g}"
        text += f", {array.min():.4g} to {array.max():.4g}"
    begins = ", ".join(f"{value:.4g}" if isinstance(value, np.floating) else str(value) for value in array.flat[:6])
    return f"{text} ({begins}{', …' if array.size > 6 else ''})"


def _difference(expected, received, tolerance):
    """What was expected and what came, for the eye: of several arrays the first that differs, of large ones where."""
    if isinstance(expected, (tuple, list)) and any(isinstance(part, np.ndarray) for part in expected):
        return _first_wrong_part(expected, received, tolerance)
    if isinstance(expected, np.ndarray):
        try:
            shape = np.shape(received)
        except ValueError:  # rows of different lengths
            shape = None
        if shape not in (None, expected.shape):
            return f"expected an array of shape {expected.shape}, received one of shape {shape}:\n{_shown(received)}"
        got = np.asarray(None if shape is None else received)
        if (expected.size > FEW or expected.ndim > 2) and np.issubdtype(got.dtype, np.number):
            return _first_difference(expected, got, tolerance)
    return f"expected {_shown(expected)}\nreceived {_shown(received)}{_other_kind(expected, received)}"


def _first_wrong_part(expected, received, tolerance):
    if not isinstance(received, (tuple, list)) or len(received) != len(expected):
        wanted = ", ".join(_kind(part) for part in expected)
        came = _kind(received) or type(received).__name__
        if isinstance(received, (tuple, list)):
            came = f"{len(received)} of them"
        return f"expected {len(expected)} results ({wanted}), received {came}:\n{_shown(received)}"
    place = next(i for i, pair in enumerate(zip(expected, received)) if not _same(*pair, tolerance))
    difference = _difference(expected[place], received[place], tolerance)
    return f"result {place + 1} of {len(expected)} is wrong: {difference}"


def _first_difference(expected, got, tolerance):
    differs = ~np.isclose(expected, got, rtol=tolerance, atol=tolerance, equal_nan=True)
    if not differs.any():
        return f"expected {_shown(expected)}\nreceived {_shown(got)}"
    place = tuple(int(i) for i in np.argwhere(differs)[0])
    return (
        f"expected {expected[place]:.5g} at {list(place)}\nreceived {got[place]:.5g}; "
        f"{differs.sum()} of {expected.size} numbers differ"
    )


def _other_kind(expected, received):
    """What kind of answer was expected, where another came, as the end of a sentence; else nothing."""
    wanted, came = _kind(expected), _kind(received)
    return "" if wanted in (None, came) else f" (expected {wanted}, received {came or type(received).__name__})"


def _kind(value):
    """What sort of answer `value` is, in words: "a number", "3 values", "an array of shape (2, 3)", … or None."""
    if isinstance(value, (bool, np.bool_)):
        return "True or False"
    if _is_number(value) or isinstance(value, np.ndarray) and value.ndim == 0:
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, dict):
        return f"a dictionary with {_count(len(value), 'entry', 'entries')}"
    if isinstance(value, (tuple, list, np.ndarray)):
        try:
            shape = np.shape(value)
            return _count(shape[0], "value", "values") if len(shape) == 1 else f"an array of shape {shape}"
        except Exception:  # mostly rows of different lengths; a student's objects may do anything
            return "rows of different lengths"
    return None


def _count(number, one, several):
    return f"{number} {one if number == 1 else several}"


def _is_number(value):
    return isinstance(value, numbers.Number) and not isinstance(value, bool)  # a Fraction, too


def _array(value):
    """The value as an array; Fractions and Decimals as floats, masked numbers as NaN, which is nowhere expected."""
    array = np.ma.filled(np.ma.asarray(value, float), np.nan) if np.ma.is_masked(value) else np.asarray(value)
    every_number = array.dtype == object and all(isinstance(item, numbers.Number) for item in array.flat)
    return array.astype(float) if every_number else array


def finite_numbers(answer):
    """Return an answer as an array of floats, or None unless it is a rectangular array of finite numbers.

    >>> finite_numbers([[1, 2], [3, 4]]).shape, finite_numbers([1, float("nan")]), finite_numbers("three")
    ((2, 2), None, None)
    """
    try:
        values = _array(answer)
    except (TypeError, ValueError, OverflowError):
        return None
    return values.astype(float) if values.dtype.kind in "iuf" and np.isfinite(values).all() else None


def _same(expected, received, tolerance):
    """Whether two answers are equal: numbers and arrays within `tolerance`, containers item by item."""
    if isinstance(expected, dict):
        return (
            isinstance(received, dict)
            and set(expected) == set(received)
            and all(_same(expected[key], received[key], tolerance) for key in expected)
        )
    if isinstance(expected, (tuple, list)):
        if isinstance(received, range) or isinstance(received, np.ndarray) and received.ndim:
            received = list(received)
        return (
            isinstance(received, (tuple, list))
            and len(expected) == len(received)
            and all(_same(a, b, tolerance) for a, b in zip(expected, received))
        )
    if expected is None or callable(expected):
        return expected is received
    if isinstance(expected, str):
        return isinstance(received, str) and expected == received
    try:
        a, b = np.asarray(expected), _array(received)
        if a.shape != b.shape or not np.issubdtype(b.dtype, np.number) and b.dtype != bool:
            return False
        whole = np.issubdtype(a.dtype, np.integer)  # a relative tolerance would forgive 1 in a million
        return bool(np.allclose(a, b, rtol=0 if whole else tolerance, atol=tolerance, equal_nan=True))
    except Exception:  # whatever a student's object does when it is made an array
        return False
