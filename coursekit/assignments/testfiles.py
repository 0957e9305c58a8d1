"""Reads the test files that otter writes (exception format), without otter.

Such a file imports `test_case` from `otter.test_files`, says `OK_FORMAT = False`, its `name` and `points`,
and holds functions decorated with `@test_case(points=..., hidden=...)`, whose parameters are names that
the student's notebook defines. A stand-in takes the place of otter, for the file alone.
"""

import builtins
import functools
import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One test: `function` raises where an answer is wrong; `parameters` are the names it asks for.

    `success_message` and `failure_message` are for the student, None where the file gives none.
    """

    name: str
    function: Callable
    parameters: tuple
    points: float | None
    hidden: bool
    success_message: str | None = None
    failure_message: str | None = None


@dataclass(frozen=True)
class TestFile:
    """The tests of one question, in the order of the file; `points` is what the question is worth."""

    __test__ = False  # no test of pytest, in spite of its name

    name: str
    points: float
    cases: tuple

    @property
    def parameters(self):
        """The names that its tests ask for, each once, in the order of the tests."""
        return tuple(dict.fromkeys(name for case in self.cases for name in case.parameters))


def load(source, filename="<test file>"):
    """Return the TestFile that `source`, the text of a file, describes.

    The file is executed: it must come from the lecturer. Raises ValueError for any other file.

    >>> file = load('''from otter.test_files import test_case
    ... OK_FORMAT, name, points = False, "q1", 2
    ... @test_case(points=2, hidden=True)
    ... def test_two(two):
    ...     assert two == 2''')
    >>> file.name, file.points, file.parameters, file.cases[0].hidden
    ('q1', 2, ('two',), True)
    """
    values = {"__name__": "tests", "__builtins__": {**vars(builtins), "__import__": _import}}
    exec(_compiled(source, str(filename)), values)
    missing = [name for name in ("OK_FORMAT", "name", "points") if name not in values]
    if missing or values["OK_FORMAT"]:
        raise ValueError(
            f"{filename} must be a test file in otter's exception format, with OK_FORMAT = False, "
            f"name and points. Received: {'no ' + ', '.join(missing) if missing else 'OK_FORMAT'}"
        )
    cases = tuple(value for value in values.values() if isinstance(value, Case))
    points = values["points"]
    if points is None:
        points = sum(case.points or 0 for case in cases)
    return TestFile(values["name"], sum(points) if isinstance(points, list) else points, cases)


@functools.cache
def _compiled(source, filename):
    return compile(source, filename, "exec")


def _test_case(name=None, points=None, hidden=False, success_message=None, failure_message=None):
    """Stand in for otter's decorator: turn a function into a Case."""

    def decorate(function):
        parameters = tuple(inspect.signature(function).parameters)
        return Case(name or function.__name__, function, parameters, points, hidden, success_message, failure_message)

    return decorate


_OTTER = types.ModuleType("otter.test_files")
_OTTER.test_case = _test_case


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    if name == _OTTER.__name__ and fromlist:
        return _OTTER
    return __import__(name, globals, locals, fromlist, level)
