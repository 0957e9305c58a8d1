"""Reads the answers in a notebook as text: letters, numbers and simple arithmetic. Nothing is executed."""

import ast
import math
import operator
import re

from coursekit.grading.quiz.items import LETTERS

MOST_CHARACTERS, MOST_VALUE = 200, 10**15
_LINE = r"(?m)^[ \t]*{name}[ \t]*(?::[ \t]*\w+[ \t]*)?=(?!=)[ \t]*(.*?)[ \t]*;?[ \t]*$"
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:[, '\u00a0\u2009\u202f]\d{3})+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_WHOSE = re.compile(r"""(?m)^student, *quiz *= *["']([^"'\n]+)["'], *["'][\w.@+-]*-(\w+)["']""")
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


class BadAnswer(ValueError):
    """An answer that is no letter or number; the message says why."""


def find(cells, name):
    """Return the text to the right of `name = ` in the code cells, the last of several, or None."""
    found = None
    for cell in cells:
        if cell["kind"] == "code":
            hits = re.findall(_LINE.format(name=re.escape(name)), cell["source"].replace("\r\n", "\n"))
            found = hits[-1] if hits else found
    return found


def whose(cells):
    """Return (student's id, code of the quiz) that stand in the notebook, or None."""
    for cell in cells:
        found = _WHOSE.search(cell["source"])
        if cell["kind"] == "code" and found:
            return found.groups()
    return None


def value(text, options):
    """Return the answer in a text: a letter where there are `options`, else a number; None if there is none.

    Raises BadAnswer for all else. Thousands may be apart, and letters may lack their quotes.

    >>> [value(text, options=False) for text in ("5*5*32 + 32", "1,280  # weights", "0,5")]
    [832, 1280, 0.5]
    >>> value("B", options=True)
    'b'
    >>> value("...", options=False) is None
    True
    """
    text = _without_comment(text or "").translate(_SIGNS).strip()
    if len(text) > MOST_CHARACTERS:
        raise BadAnswer(f"an answer has at most {MOST_CHARACTERS} characters")
    bare = re.sub(r"^([\"'])(.*)\1$", r"\2", text).strip()
    if bare in ("", "...", "None"):
        return None
    if options:
        letter = bare.strip("() .").lower()
        if letter not in tuple(LETTERS):
            raise BadAnswer(f"a letter {LETTERS[0]}-{LETTERS[-1]} was asked")
        return letter
    return _number(bare)


def _without_comment(text):
    return re.sub(r"#.*$", "", text)


def _number(text):
    if _THOUSANDS.fullmatch(text):
        text = re.sub(r"[^\d.+-]", "", text)
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    try:
        found = _calculate(ast.parse(text, mode="eval").body)
        if isinstance(found, complex) or not math.isfinite(found):
            raise BadAnswer("a finite number was asked")
        return found
    except (SyntaxError, ValueError, TypeError, ArithmeticError, RecursionError, MemoryError) as error:
        if isinstance(error, BadAnswer):
            raise
        raise BadAnswer("one number, or simple arithmetic such as 5*5*32 + 32, was asked") from None


def _calculate(node):
    """Return the value of an expression of numbers; every step is small, so nothing can take long."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        found = node.value
    elif isinstance(node, ast.UnaryOp) and type(node.op) in _DO:
        found = _DO[type(node.op)](_calculate(node.operand))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        base, exponent = _calculate(node.left), _calculate(node.right)
        if abs(exponent) > 60 or abs(base) > 10**6:
            raise BadAnswer("the powers in an answer must be small")
        found = base**exponent
    elif isinstance(node, ast.BinOp) and type(node.op) in _DO:
        found = _DO[type(node.op)](_calculate(node.left), _calculate(node.right))
    else:
        raise ValueError
    if isinstance(found, (int, float)) and abs(found) > MOST_VALUE:
        raise BadAnswer("no answer is as large as that")
    return found
