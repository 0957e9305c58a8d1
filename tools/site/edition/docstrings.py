"""Docstrings as reStructuredText: they are plain text with `names` in backticks, and stay what they are."""

import re

_NAME = re.compile(r"(``[^`]+``|`[^`]+`)")
_OPENING = re.compile(r"(^|[\s'\"(\[{<\-/:])$")  # what may stand before a name in reStructuredText
_MARKUP = re.compile(r"[*|\\]|(?<=\w)_(?!\w)")


def as_written(lines):
    """Return the lines of a docstring so that Sphinx shows what stands there: an indented drawing stays a drawing.

    >>> as_written(["Tuples of `Node`s, *args too:", "", "    1  -1"])
    ['Tuples of ``Node``\\\\ s, \\\\*args too:', '', '::', '', '    1  -1']
    >>> as_written(["`first`..`last`"])
    ['``first``..\\\\ ``last``']
    """
    written = []
    for paragraph in re.split(r"\n(?=\s*\n)", "\n".join(lines)):
        body = paragraph.lstrip("\n")
        blank, first = [""] * (len(paragraph) - len(body)), body.partition("\n")[0].lstrip()
        if first.startswith(">>>"):
            written += blank + body.split("\n")
        elif body.startswith("    "):
            written += [*blank, "::", "", *body.split("\n")]
        else:
            written += blank + _escaped(body).split("\n")
    return written


def _escaped(text):
    pieces = _NAME.split(text)
    for number, piece in enumerate(pieces):
        if number % 2:
            joined = " ".join(piece.strip("`").split())
            before = "" if _OPENING.search(pieces[number - 1]) else "\\ "
            pieces[number] = f"{before}``{joined}``" + ("\\ " if pieces[number + 1][:1].isalnum() else "")
        else:
            pieces[number] = _MARKUP.sub(r"\\\g<0>", piece)
    return "".join(pieces)
