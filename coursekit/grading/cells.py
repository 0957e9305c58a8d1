"""What the worker needs to run one cell: its statements, a time limit, a description of its errors."""

import ast
import inspect
import re
import signal

_CELL_OF_ANOTHER_LANGUAGE = re.compile(
    r"\s*%%(bash|sh|script|html|javascript|js|latex|svg|markdown|perl|ruby|cmd|writefile|file|R)\b"
)
_MAGIC = re.compile(r"^(\s*)(\w+\s*=\s*)?([%!?].*|[\w.]+\?+)$")


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
    """Return the statements of a cell; what only IPython understands is left out, if it stands alone.

    >>> [ast.unparse(line) for line in parse("%matplotlib inline\\nx = 5 % 3\\ny = !ls")]
    ['pass', 'x = 5 % 3', 'y = None']
    """
    if _CELL_OF_ANOTHER_LANGUAGE.match(source):
        return []
    try:
        return ast.parse(source, "this cell").body
    except SyntaxError:
        lines = source.splitlines()
        kept = "\n".join(_MAGIC.sub(lambda m: m[1] + (f"{m[2]}None" if m[2] else "pass"), line) for line in lines)
        if kept == source:
            raise
        return ast.parse(kept, "this cell").body


def describe(error):
    """Return [name of the type, message] of an error; the message is cut off after 600 characters."""
    try:
        return [str(type(error).__name__), str(error)[:600]]
    except BaseException:  # an error of a student's own class can do anything
        return ["Exception", ""]


def parameters(function):
    """Return [[name, kind, whether it has a default], …] of a function, or None."""
    try:
        found = inspect.signature(function).parameters.values()
        return [[one.name, int(one.kind), one.default is not one.empty] for one in found][:64]
    except Exception:
        return None
