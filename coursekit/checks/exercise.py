"""How an answer is checked: cases from small to large, and a bank of likely misconceptions."""

import copy
import html
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit import tables


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
        color = {True: "#00664b", False: "#b00020", None: "#6b6b6b"}[self.passed]
        return f'<pre style="border-left:4px solid {color};padding-left:.6em">{html.escape(repr(self))}</pre>'


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
            try:
                received.append((case, answer(*given)))
            except NotImplementedError:
                return self._result(None, "not answered yet")
            except Exception as error:
                return self._complain(case, f"your function raised {type(error).__name__}: {error}")
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

    def _fault(self, case, answer):
        if self.judge is not None:
            sentence = self.judge(*case, answer)
            return sentence and f"{_call(case)}{sentence}"
        expected = self.reference(*case)
        if _same(expected, answer, self.tolerance):
            return None
        if case:
            return f"{_call(case)}{_difference(expected, answer)}"
        if isinstance(expected, (int, float)) and not _is_number(answer):
            return f"expected a number, received {_shown(answer)}"
        return f"{_shown(answer)} is not it"  # to show what is expected would give the answer away

    def _complain(self, case, message):
        return self._result(False, f"{_call(case)}{message}")

    def _result(self, passed, message):
        return Result(self.name, passed, message)


def _call(arguments):
    return f"for {', '.join(_shown(a) for a in arguments)}:\n" if arguments else ""


def _shown(value):
    text = np.array2string(value, threshold=40, precision=4) if isinstance(value, np.ndarray) else repr(value)
    return textwrap.shorten(text, 300, placeholder=" …") if "\n" not in text else text[:600]


def _difference(expected, received):
    """What was expected and what came, for the eye."""
    if isinstance(expected, np.ndarray):
        try:
            shape = np.shape(received)
        except ValueError:  # rows of different lengths
            shape = None
        if shape not in (None, expected.shape):
            return f"expected an array of shape {expected.shape}, received one of shape {shape}:\n{_shown(received)}"
    return f"expected {_shown(expected)}\nreceived {_shown(received)}"


def _is_number(value):
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def _same(expected, received, tolerance):
    """Whether two answers are equal: numbers and arrays within `tolerance`, containers item by item."""
    if isinstance(expected, dict):
        return (
            isinstance(received, dict)
            and set(expected) == set(received)
            and all(_same(expected[key], received[key], tolerance) for key in expected)
        )
    if isinstance(expected, (tuple, list)):
        if isinstance(received, np.ndarray) and received.ndim:
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
        a, b = np.asarray(expected), np.asarray(received)
        if a.shape != b.shape or not np.issubdtype(b.dtype, np.number) and b.dtype != bool:
            return False
        whole = np.issubdtype(a.dtype, np.integer)  # a relative tolerance would forgive 1 in a million
        return bool(np.allclose(a, b, rtol=0 if whole else tolerance, atol=tolerance, equal_nan=True))
    except Exception:  # whatever a student's object does when it is made an array
        return False
