"""Whether an answer uses what an assignment does not allow, such as a framework that does the work."""

import ast
import re
import types


def borrowed(function, names):
    """Return the first of `names` that the code of `function` uses, or None; `names` are packages or attributes.

    Functions that it calls and that stand in the same notebook are read as well. This tells an honest
    student; it is no lock. What has no code of its own, such as a NumPy function, is looked up by its name.

    >>> import math
    >>> borrowed(lambda x: math.hypot(x, 1), ("scipy", "hypot")), borrowed(lambda x: x + 1, ("math",))
    ('hypot', None)
    """
    return _search(function, tuple(names), set())


def borrowed_in(sources, answer, names):
    """Return the first of `names` that the function `answer` uses, as the cells `sources` define it, or None.

    This is `borrowed` without running anything: the grader reads the notebook with it. The last definition
    counts. An answer that is a value, or is not defined, is not searched; a cell that is no Python is left out.

    >>> borrowed_in(["import numpy as np", "def f(x):\\n    return np.convolve(x, x)"], "f", ("convolve",))
    'convolve'
    """
    defined = {}
    for statement in (statement for source in sources for statement in _statements(source)):
        defined.update(_definitions(statement))
    waiting, seen = [answer], set()
    while waiting:  # no recursion: a notebook decides how many functions call each other
        name = waiting.pop()
        if name in seen or defined.get(name) is None:
            continue
        seen.add(name)
        for word in _said(defined[name]):
            if word in names:
                return word
            waiting.append(word)
    return None


def _statements(source):
    """Return the statements of a cell, without the lines that only IPython understands."""
    for text in (source, re.sub(r"(?m)^(\s*)[%!?].*$", r"\1pass", source)):
        try:
            return ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return []


def _definitions(statement):
    """Yield (name, node) for each function, import and alias that a statement of a cell defines."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name, statement
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield (alias.asname or alias.name).split(".")[0], statement
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                plain = isinstance(statement.value, (ast.Name, ast.Attribute, ast.Lambda))
                yield target.id, statement.value if plain else None


def _said(node):
    """Yield every name, attribute, imported module and short text in a syntax tree."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            yield from (getattr(part, "module", None) or "").split(".")
            for alias in part.names:
                yield from alias.name.split(".")
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield from part.value.split(".")


def _search(function, names, seen):
    code = getattr(function, "__code__", None)
    if code is None:
        return _named(function, names)
    if code in seen:
        return None
    seen.add(code)
    for name in _words(code):
        if name in names:
            return name
        value = function.__globals__.get(name)
        if callable(value) or isinstance(value, types.ModuleType):
            same = getattr(value, "__globals__", None) is function.__globals__
            found = _search(value, names, seen) if same else _named(value, names)
            if found:
                return found
    return None


def _words(code):
    """Yield the names, and the parts of names, that a code object and those inside it use."""
    for name in code.co_names:
        yield from name.split(".")
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _words(constant)


def _named(value, names):
    """Return which of `names` is a part of the full name of a module or function, or None."""
    full = f"{getattr(value, '__module__', '')}.{getattr(value, '__name__', '')}".split(".")
    return next((name for name in names if name in full), None)
