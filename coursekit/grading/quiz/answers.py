"""Reads the answers in a notebook as text: letters, numbers and simple arithmetic. Nothing is executed.

The last cell of a quiz holds this module too, and so says "right form" of what is read here and of nothing else.
"""

import ast
import math
import operator
import re

LETTERS = "abcd"
MOST_CHARACTERS, MOST_CELL, MOST_VALUE = 200, 4000, 10**15
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:[, '\u00a0\u2009\u202f]\d{3})+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_WHOSE = re.compile(r"""student, *quiz *= *["']([^"'\n]+)["'], *["'](?:[\w.@+-]*-)?(\w+)["']""")
_DO = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_SIGNS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "÷": "/", "“": '"', "”": '"', "’": "'"})
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)
_STORED = (ast.Store, ast.Del)
_UNREAD = "it is set in a way that is not read here"


class BadAnswer(ValueError):
    """An answer that is neither a letter nor a number; the message says why."""


def read(sources, names):
    """Return {name: {"text", "letter", "number"}} of all `names` that code cells set, the last value of each.

    "letter" and "number" are [value or None, problem or None]: the answer as one and as the other.

    >>> read(["q1, q2 = 27, 260", "q1 += 1"], ["q1"])["q1"]["number"]
    [28, None]
    """
    known = {}
    for source in sources:
        text = source.replace("\r\n", "\n").replace("\r", "\n")
        try:
            if len(text) > MOST_CELL:
                raise ValueError
            for statement in ast.parse(text).body:
                _follow(statement, text, known)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            _line_by_line(text, known)
    return {name: known[name] for name in names if name in known}


def whose(sources):
    """Return [student's id, code of the quiz] that stand in the notebook, or None."""
    for source in sources:
        for line in source.splitlines():
            found = _WHOSE.match(line[:300])
            if found:
                return list(found.groups())
    return None


def _follow(statement, text, known):
    """Note what a statement sets; what stands in a loop, a function or a condition is not known."""
    if not isinstance(statement, _SIMPLE):
        for node in ast.walk(statement):
            stored = isinstance(node, ast.Name) and isinstance(node.ctx, _STORED)
            name = node.id if stored else getattr(node, "asname", None) or getattr(node, "name", None)
            if isinstance(name, str):
                known[name] = _unread(text[:MOST_CHARACTERS])
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.NamedExpr):
            _set(node.target, node.value, text, known)
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        name, part = statement.target.id, ast.get_source_segment(text, statement.value)
        sign = ast.get_source_segment(text, statement)[len(name) :].strip().split("=")[0]
        before = known.get(name, {"text": "...", "number": [None, None]})
        before = before["text"] if before["number"][0] is None else repr(before["number"][0])
        known[name] = _both(f"({before}) {sign} ({part})", known)
    elif isinstance(statement, ast.AnnAssign) and statement.value:
        _set(statement.target, statement.value, text, known)
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            _set(target, statement.value, text, known)


def _set(target, value, text, known):
    """Note that `target`, a name or several, becomes `value`."""
    known.update(_values(target, value, text, dict(known)))


def _values(target, value, text, known):
    rows = (ast.Tuple, ast.List)
    if isinstance(target, ast.Name):
        return {target.id: _both(" ".join(ast.get_source_segment(text, value).split("\n")), known)}
    if isinstance(target, rows) and isinstance(value, rows) and len(target.elts) == len(value.elts):
        found = {}
        for one, part in zip(target.elts, value.elts):
            found.update(_values(one, part, text, known))
        return found
    stored = (node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return dict.fromkeys(stored, _unread(text[:MOST_CHARACTERS]))


def _line_by_line(text, known):
    """Note what lines such as `q1 = 1 280` set, in a cell that is not valid Python, or very long."""
    for line in text.split("\n"):
        left, equals, right = line[: 2 * MOST_CHARACTERS].partition("=")
        name = left.partition(":")[0].strip()
        if equals and not right.startswith("=") and name.isidentifier():
            known[name] = _both(right.strip().rstrip(";").strip() if len(line) <= 2 * MOST_CHARACTERS else line, known)
        elif equals and all(part.strip().isidentifier() for part in left.split(",")):
            known.update({part.strip(): _unread(line[:MOST_CHARACTERS]) for part in left.split(",")})


def _both(text, known):
    made = {"text": text[: MOST_CHARACTERS + 1]}
    for kind in ("letter", "number"):
        try:
            made[kind] = [value(text, kind == "letter", known), None]
        except BadAnswer as error:
            made[kind] = [None, str(error)]
    return made


def _unread(text):
    letter = f'{_UNREAD}: write a letter {LETTERS[0]}-{LETTERS[-1]} in quotes, such as "b"'
    number = f"{_UNREAD}: write one number, or simple arithmetic such as 5*5*32 + 32"
    return {"text": text, "letter": [None, letter], "number": [None, number]}


def value(text, options, known=None):
    """Return the answer in a text: a letter where there are `options`, else a number; None if there is none.

    Raises BadAnswer for all else. Thousands may be apart, and letters may lack their quotes. `known` is what
    other names were set to, as `read` notes it.

    >>> [value(text, options=False) for text in ("5*5*32 + 32", "1,280  # weights", "0,5")]
    [832, 1280, 0.5]
    >>> value("B", options=True)
    'b'
    >>> value("...", options=False) is None
    True
    """
    known = known or {}
    text = (text or "").partition("#")[0].translate(_SIGNS).strip()
    if len(text) > MOST_CHARACTERS:
        raise BadAnswer(f"an answer has at most {MOST_CHARACTERS} characters")
    if text in known:
        found, problem = known[text]["letter" if options else "number"]
        if problem:
            raise BadAnswer(problem)
        return found
    bare = text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
    if bare in ("", "...", "None"):
        return None
    if options:
        letter = bare.strip("() .").lower()
        if letter not in tuple(LETTERS):
            raise BadAnswer(f'a letter {LETTERS[0]}-{LETTERS[-1]} was asked: write one in quotes, such as "b"')
        return letter
    return _number(bare, known)


def _number(text, known):
    if _THOUSANDS.fullmatch(text):
        text = re.sub(r"[^\d.+-]", "", text)
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    try:
        found = _calculate(ast.parse(text, mode="eval").body, known)
        if isinstance(found, complex) or not math.isfinite(found):
            raise BadAnswer("a finite number was asked")
        return found
    except BadAnswer:
        raise
    except (SyntaxError, ValueError, TypeError, ArithmeticError, RecursionError, MemoryError):
        raise BadAnswer("one number, or simple arithmetic such as 5*5*32 + 32, was asked: write that") from None


def _calculate(node, known):
    """Return the value of an expression of numbers; every step is small, so nothing can take long."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        found = node.value
    elif isinstance(node, ast.Name) and node.id in known:
        found = known[node.id]["number"][0]
        if found is None:
            raise ValueError
    elif isinstance(node, ast.NamedExpr):
        found = _calculate(node.value, known)
    elif isinstance(node, ast.UnaryOp) and type(node.op) in _DO:
        found = _DO[type(node.op)](_calculate(node.operand, known))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        base, exponent = _calculate(node.left, known), _calculate(node.right, known)
        if abs(exponent) > 60 or abs(base) > 10**6:
            raise BadAnswer("the powers in an answer must be small")
        found = base**exponent
    elif isinstance(node, ast.BinOp) and type(node.op) in _DO:
        found = _DO[type(node.op)](_calculate(node.left, known), _calculate(node.right, known))
    else:
        raise ValueError
    if isinstance(found, (int, float)) and abs(found) > MOST_VALUE:
        raise BadAnswer("no answer is as large as that")
    return found
