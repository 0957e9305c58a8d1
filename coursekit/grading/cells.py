"""What the worker needs to run one cell: its statements, a time limit, a description of its errors."""

import ast
import contextlib
import importlib.util
import inspect
import re
import signal
import sys
import types

_TIMED = re.compile(r"\s*%%(?:time|prun)\b[^\n]*\n")  # run what follows, and nothing else that lasts
_PROMPT = re.compile(r"\s*In \[\d+\]: ")  # which Python takes for an annotation
_NEWER = (  # (since, what it looks like)
    ((3, 11), re.compile(r"(?m)^\s*except\s*\*")),
    ((3, 12), re.compile(r"(?m)^\s*(?:type\s+\w+.*=|(?:async\s+)?def\s+\w+\s*\[|class\s+\w+\s*\[)")),
    ((3, 12), re.compile(r"\b[fF][rR]?(\"|')(?:(?!\1).)*\{(?:(?!\1)[^}])*\1[^\n]*\}")),
    ((3, 14), re.compile(r"\b[tT][rR]?[\"']|(?m:^\s*except\s+\w[\w.]*\s*,)")),
)


class TimeLimit(BaseException):
    """The time of a cell or a call is over; no `except Exception` of a student catches it."""


class time_limit:
    """A context that raises TimeLimit once a second after so many seconds, where the platform can."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __enter__(self):
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, self.over)
            signal.setitimer(signal.ITIMER_REAL, self.seconds, 0.5)

    def __exit__(self, *_):
        disarm()

    def over(self, *_):
        raise TimeLimit(f"stopped after {self.seconds:g} seconds")


def disarm():
    """End every time limit."""
    if hasattr(signal, "SIGALRM"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def parse(source):
    """Return the statements of a cell; what only IPython understands becomes calls of `get_ipython()`.

    >>> [ast.unparse(line) for line in parse("%matplotlib inline\\nx = 5 % 3")]
    ["get_ipython().run_line_magic('matplotlib', 'inline')", 'x = 5 % 3']
    >>> [ast.unparse(line) for line in parse(">>> x = 1")], [ast.unparse(line) for line in parse("%%time\\ny = 2")]
    (['x = 1'], ['y = 2'])
    """
    timed = _TIMED.match(source)
    if timed:
        return parse(source[timed.end() :])
    try:
        if not _PROMPT.match(source):
            return ast.parse(source, "this cell").body
    except SyntaxError:
        pass
    source = transformer().transform_cell(source)
    try:
        return ast.parse(source, "this cell").body
    except SyntaxError as error:
        newer = max((since for since, looks in _NEWER if looks.search(source)), default=(0, 0))
        if newer <= sys.version_info[:2]:
            raise
        runs, needs = (".".join(map(str, one)) for one in (sys.version_info[:2], newer))
        raise SyntaxError(f"this needs Python {needs}, the grader runs Python {runs}: {error}") from None


def transformer():
    """Return IPython's own translator of cells, without the rest of IPython, which takes longer to import."""
    before = {name for name in sys.modules if name.split(".")[0] == "IPython"}
    if "IPython" not in before:
        package = types.ModuleType("IPython")
        package.__path__ = importlib.util.find_spec("IPython").submodule_search_locations
        sys.modules["IPython"] = package
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "IPython"]:
            if name not in before and "IPython" not in before:
                del sys.modules[name]
    return TransformerManager()


def describe(error):
    """Return [name of the type, message] of an error; the message is cut off after 600 characters."""
    with contextlib.suppress(BaseException):  # an error of a student's own class can do anything
        return [str(type(error).__name__), str(error)[:600]]
    return ["Exception", ""]


def parameters(function):
    """Return [[name, kind, whether it has a default], …] of a function, or None."""
    try:
        found = inspect.signature(function).parameters.values()
        return [[one.name, int(one.kind), one.default is not one.empty] for one in found][:64]
    except Exception:
        return None
