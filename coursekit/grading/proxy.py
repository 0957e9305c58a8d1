"""What a test sees of a function or an object that stays in the student's process.

Calling the proxy runs the function there; arguments and results are copies. What the student's code raises
arrives as an error of the same built-in type.
"""

import builtins
import inspect

from coursekit.grading.wire import WireError


class WorkerDied(Exception):
    """The process of the notebook has ended, or was ended: the message says why."""


class RemoteError(Exception):
    """What a student's code raised. It is also an instance of the built-in error of the same name, if any."""

    kind = "Exception"


class ChangedArgument(AssertionError):
    """A student's function changed an argument in place."""


class _Missing:
    def __repr__(self):
        return "a name that the notebook does not define"


Missing = _Missing()
_KINDS = {}


def builtin_error(description):
    """Return the error that a worker described as [type name, message].

    >>> error = builtin_error(["ValueError", "no"])
    >>> isinstance(error, ValueError), isinstance(error, RemoteError), str(error)
    (True, True, 'no')
    >>> builtin_error(["Mine", "x"]).kind
    'Exception'
    """
    try:
        name, message = (str(part)[:600] for part in description)
    except (TypeError, ValueError):
        name, message = "Exception", ""
    if name in ("TimeLimit", "WireError", "SystemExit", "KeyboardInterrupt"):
        kind = _kind(name, Exception)
    else:
        known = getattr(builtins, name, None)
        usual = isinstance(known, type) and issubclass(known, Exception) and not issubclass(known, UnicodeError)
        kind = _kind(name, known) if usual and known.__name__ == name else RemoteError
    try:
        return kind(message)
    except TypeError:  # an error that wants more than a message
        return RemoteError(message)


def _kind(name, known):
    if name not in _KINDS:
        bases = (RemoteError,) if known is Exception else (RemoteError, known)
        _KINDS[name] = type(name, bases, {"kind": name, "__str__": Exception.__str__})
    return _KINDS[name]


def proxy(session, tag, parts):
    """Return the proxy for what a worker sent in place of a function ("fn") or another object ("obj")."""
    if tag == "fn":
        number, name, parameters = parts
        return RemoteFunction(session, int(number), str(name)[:80], parameters)
    if tag == "obj":
        number, name = parts
        return RemoteObject(session, int(number), str(name)[:80])
    raise WireError("a value of an unknown kind")


class RemoteObject:
    """An object that stays in the student's process; its attributes are read there."""

    def __init__(self, session, number, name):
        self._session, self._number, self._name = session, number, name
        self._generation = session.generation

    def __getattr__(self, name):
        if name.startswith("__") or name in ("_session", "_number", "_generation"):
            raise AttributeError(name)
        return self._session.attribute(self, name)

    def __repr__(self):
        return f"an object of type {self._name}"


class RemoteFunction(RemoteObject):
    """A function of the student, to be called as usual."""

    def __init__(self, session, number, name, parameters):
        super().__init__(session, number, name)
        self.__name__ = name
        self.__signature__ = _signature(parameters)

    def __call__(self, *arguments, **named):
        value, changed = self._session.call(self, arguments, named)
        for key, new in changed.items():
            old = named[key] if isinstance(key, str) and key in named else arguments[int(key)]
            if not _moved_on(old, new):
                place = f"`{key}`" if isinstance(key, str) else f"number {int(key) + 1}"
                raise ChangedArgument(f"{self._name} changed its argument {place} in place: work on a copy")
        return value

    def __repr__(self):
        return f"the function {self._name} of the notebook"


def _moved_on(old, new):
    """Give a random generator the state that it has after use; return whether `old` is one."""
    state = getattr(getattr(new, "bit_generator", None), "state", None)
    if state is None or type(old) is not type(new):
        return False
    old.bit_generator.state = state
    return True


def _signature(parameters):
    try:
        kinds = list(inspect._ParameterKind)
        return inspect.Signature(
            [
                inspect.Parameter(name, kinds[kind], default=... if default else inspect.Parameter.empty)
                for name, kind, default in parameters[:64]
            ]
        )
    except (TypeError, ValueError, LookupError):  # from Python 3.12 on, a dictionary can be asked for a slice
        return None
