"""Refuses functions and packages that an assignment wants written by hand: when they are *called*, not when named.

Names are packages ("scipy"), modules ("numpy.fft", which stands for all its functions) or functions
("numpy.convolve"). This file is used on both sides, and on the grader's alone, without coursekit: it imports
nothing but the standard library.

`forbid` replaces them for good, in the process in which the grader runs a notebook, before its first cell. The code
*inside* a function of Python is exchanged: whoever has the function, under whatever name, has the refusal. What is
written in C is replaced where NumPy keeps it. Another program would have them all, so none starts: a command, such as
one that installs a package, seems to end well and to say nothing. `watching` refuses for a while and changes nothing,
for a check in a student's own kernel.
"""

import contextlib
import importlib
import io
import os
import subprocess
import sys
import types

WHY = "{} is not allowed in this assignment: write it by hand"
_BEHIND = {  # what they hand over to, in C or in private: (module, names)
    "numpy.convolve": ("numpy._core._multiarray_umath", ("correlate",)),
    "numpy.correlate": ("numpy._core._multiarray_umath", ("correlate2",)),
    "numpy.fft": ("numpy.fft._pocketfft_umath", ("fft", "ifft", "rfft_n_even", "rfft_n_odd", "irfft")),
}
_OURS = ("coursekit.assignments",)  # which runs the checks
_STARTS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.system")  # as Python audits
_VIEWS = "as_strided"  # NumPy itself calls it, without strides, which makes no windows


class NotAllowed(RuntimeError):
    """A function that is not allowed was called."""


def forbid(names):
    """Replace the functions `names` in this process, let none of the packages be imported and no program be started."""
    guarded = set()
    if names:
        _start_no_programs()
    for name in names:
        for full, function in _functions(name):
            guarded.add(getattr(function, "__module__", None))
            _refuse(full, function)
        if name in _BEHIND:
            _replace_everywhere(name, *_BEHIND[name])
        _replace_class(name)
    packages = tuple(name for name in names if not _functions(name))
    once = {name for name in sys.modules if name.split(".")[0] == "numpy"} if guarded else set()
    sys.meta_path.insert(0, _Finder(packages, once))
    if guarded:
        reload = importlib.reload
        importlib.reload = lambda module: module if getattr(module, "__name__", "") in once else reload(module)


@contextlib.contextmanager
def watching(names):
    """Raise NotAllowed inside this context where a function among `names`, or one of these packages, is called."""
    codes = {_inner(function).__code__: full for name in names for full, function in _functions(name)}
    packages = tuple(name for name in names if not _functions(name))

    def look(frame, event, _):
        if event != "call":
            return
        module = frame.f_globals.get("__name__")
        full = codes.get(frame.f_code) or (None if _package(module, _OURS) else _package(module, packages))
        if full and not (full.endswith(_VIEWS) and frame.f_locals.get("strides") is None):
            raise NotAllowed(WHY.format(full))

    before = sys.getprofile()
    sys.setprofile(look if names else before)
    try:
        yield
    finally:
        sys.setprofile(before)


class _NoProgram:
    """What `subprocess.Popen` gives in place of a program: one that has ended well and written nothing."""

    returncode, pid = 0, 1 << 22  # which no process has

    def __init__(self, args, *_, stdin=None, stdout=None, stderr=None, **named):
        texts = any(named.get(name) for name in ("text", "universal_newlines", "encoding", "errors"))
        new = io.StringIO if texts else io.BytesIO
        pipes = (new() if stream == subprocess.PIPE else None for stream in (stdin, stdout, stderr))
        self.args, (self.stdin, self.stdout, self.stderr) = args, pipes

    def communicate(self, input=None, timeout=None):
        return tuple(None if stream is None else stream.read() for stream in (self.stdout, self.stderr))

    def poll(self, timeout=None):
        return self.returncode

    wait = poll

    def kill(self, number=None):
        pass

    terminate = send_signal = kill

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def _start_no_programs():
    """Let commands do nothing, and let nobody who has kept or loads what starts a program start one."""

    def refuse(event, _):
        if event in _STARTS:
            raise PermissionError("no program can be started in this assignment")

    subprocess.Popen, os.system = _NoProgram, lambda command: 0
    sys.addaudithook(refuse)


def _functions(name):
    """Return [(full name, function)] for a function, or for all functions of a module of NumPy; [] for a package."""
    if "." not in name:
        return []
    head, _, last = name.rpartition(".")
    try:
        owner = importlib.import_module(head)
    except ImportError:
        return []
    found = getattr(owner, last, None)
    if isinstance(found, types.ModuleType):
        inner = vars(found).items() if head == "numpy" else ()
        return [(f"{name}.{key}", one) for key, one in inner if _is_python(one)]
    return [(name, found)] if found is not None and _is_python(found) else []


def _inner(function):
    """Return the function of Python behind one that NumPy dispatches."""
    return getattr(function, "_implementation", None) or function


def _is_python(value):
    return isinstance(getattr(_inner(value), "__code__", None), types.CodeType)


def _refuse(full, function):
    """Exchange the code of a function of Python for one that says no."""
    inner, says = _inner(function), WHY.format(full)
    if inner.__code__.co_freevars:
        return  # a wrapper around another function, which is refused itself
    source = f"def refused(*arguments, **named):\n    raise RuntimeError({says!r})"
    if full.endswith(_VIEWS):
        source = (
            "def refused(x, shape=None, strides=None, *arguments, **named):\n"
            f"    if strides is not None: raise RuntimeError({says!r})\n"
            "    return np.broadcast_to(x, shape)"
        )
    made = {}
    exec(source, made)
    inner.__code__, inner.__kwdefaults__ = made["refused"].__code__, None
    inner.__defaults__ = made["refused"].__defaults__


def _replace_everywhere(name, home, functions):
    """Put a refusal in the place of what is written in C, in every module of NumPy that holds it."""

    def refused(*arguments, **named):
        raise RuntimeError(WHY.format(name))

    with contextlib.suppress(ImportError):
        found = [vars(importlib.import_module(home)).get(function) for function in functions]
        originals = {id(one) for one in found if one is not None}
        for module in [one for key, one in sys.modules.items() if key.startswith("numpy")]:
            for key in [key for key, one in vars(module).items() if id(one) in originals]:
                setattr(module, key, refused)


def _replace_class(name):
    """Put a refusal in the place of a class, such as ctypes.CDLL."""
    head, _, last = name.rpartition(".")
    if isinstance(getattr(sys.modules.get(head), last, None), type):

        def refused(*arguments, **named):
            raise RuntimeError(WHY.format(name))

        setattr(sys.modules[head], last, refused)


def _package(module, packages):
    """Return which of `packages` a module belongs to, or None."""
    return next((one for one in packages if module and f"{module}.".startswith(f"{one}.")), None)


class _Finder:
    """Stands first where modules are looked for: refuses packages, and NumPy a second time."""

    def __init__(self, packages, once):
        self.packages, self.once = packages, once

    def find_spec(self, name, path=None, target=None):
        found = _package(name, self.packages)
        if found:
            raise ImportError(WHY.format(found))
        if name in self.once:
            raise ImportError(f"{name} cannot be imported a second time in this assignment")
        return None
