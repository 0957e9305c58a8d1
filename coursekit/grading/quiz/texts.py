"""What Canvas, Moodle and a plain text share: the rules, the feedback, numbers as text."""

import re
from decimal import Decimal
from html import escape

from coursekit.grading.quiz import printed
from coursekit.grading.texts import clean

_RULES = (
    "{minutes} minutes, {questions} questions, {points:g} points each. Where a number is asked, write it as 1280, -3 "
    "or 0.25: with a point, a hyphen as the minus sign, and no spaces or commas between thousands. Rows, columns and "
    "outputs are counted from 0; stride is 1, and there is no padding and no flip where nothing else is said."
)


def rules(settings):
    """Return what students should know beforehand."""
    return _RULES.format(minutes=settings.minutes, questions=settings.questions, points=settings.points)


def html(text):
    """Return a text of the bank as HTML that XML may hold."""
    return clean(printed.html(clean(text)))


def option(text):
    """Return an option as HTML that XML may hold."""
    return escape(clean(printed.together(text)), quote=False)


def sentence(thought):
    """Return a likely thought as a sentence; a symbol at its beginning stays small.

    >>> sentence("a bias is missing"), sentence("k − 1 is added")
    ('A bias is missing.', 'k − 1 is added.')
    """
    word = re.match("(a )?[a-z]{2}", thought)
    begin = thought[:1].upper() if word else thought[:1]
    return begin + thought[1:] + "." * (not thought.endswith((".", "?", "!")))


def number(value):
    """Return a number in full, without exponent, as both systems read it.

    >>> number(832), number(1e-06), number(0.015625)
    ('832', '0.000001', '0.015625')
    """
    return format(Decimal(repr(value)), "f")


def bounds(question):
    """Return the least and the largest right number as text, in exact decimals."""
    answer, tolerance = Decimal(repr(question.answer)), Decimal(repr(question.tolerance))
    return format(answer - tolerance, "f"), format(answer + tolerance, "f")
