"""Exercise checks: `check("09.colour", my_answer)` says at once what is right, or what went wrong.

The exercises of a lecture are in the module of that lecture, `lecture09` for example. A copy of the course that was
released without answers has files `lecture09.json` in their place (`recorded`).
"""

import dataclasses
import importlib
from collections import Counter
from pathlib import Path

from coursekit.checks import recorded
from coursekit.checks.exercise import Exercise, Result
from coursekit.checks.hints import HINTS

__all__ = ["Exercise", "Result", "check", "exercises"]

TRIES_BEFORE_HINT = 2
_failed = Counter()  # wrong answers to each exercise since the kernel was started


def check(name, answer):
    """Return the result of checking `answer`, a function or a value, against exercise `name`.

    The result is printed by a notebook as a sentence, and its `passed` is True, False, or None
    where there is no answer yet (None, `...`, or a function that raises NotImplementedError). A wrong
    answer never raises: what it raised is in the result. From the second wrong answer on, its hint in `hints` is
    part of the message. Raises ValueError for an unknown exercise.

    >>> check("00.softmax", lambda scores: scores).passed
    False
    >>> check("00.softmax", ...)
    … 00.softmax: not answered yet
    """
    known = exercises(name[:2]) if isinstance(name, str) and name[:2].isdecimal() else {}
    if name not in list(known):
        expected = ", ".join(known) or "the exercises of a lecture"
        raise ValueError(f"name must be one of {expected}. Received: {name!r}")
    result = known[name].check(answer)
    _failed[name] += result.passed is False
    if result.passed is False and name in HINTS and _failed[name] >= TRIES_BEFORE_HINT:
        result = dataclasses.replace(result, message=f"{result.message}\nHint: {HINTS[name]}")
    return result


def exercises(lecture):
    """Return the exercises of a lecture, named by its two digits: {name: Exercise}, empty if it has none.

    >>> list(exercises("00"))[0]
    '00.three_steps'
    """
    module = f"coursekit.checks.lecture{lecture}"
    try:
        module = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:  # the module is there, and lacks another one
            raise
        file = Path(__file__).with_name(f"lecture{lecture}.json")
        return recorded.read(file) if file.exists() else {}
    return {exercise.name: exercise for exercise in module.EXERCISES}
