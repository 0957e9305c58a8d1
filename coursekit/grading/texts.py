"""Makes what students wrote fit to be shown: in a terminal, in a table, on a page."""

import re
import unicodedata

_KEPT = "\n\t\u200c\u200d"  # the last two join or part letters, in Persian and in emoji
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, direction, half of a pair, private, unknown, breaks


def clean(text):
    """Return `text` with � for each character that steers a terminal, hides, or turns the direction of writing.

    >>> clean("a\\x1b[31mb\\u202ec")
    'a�[31mb�c'
    """
    text = str(text).replace("\r\n", "\n")
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if one in _KEPT or unicodedata.category(one) not in _UNSAFE else "�" for one in text)


def line(text, most=300):
    """Return `text`, clean, in one line of at most so many characters.

    >>> line("a\\nb " + 9 * "c", most=6)
    'a b c…'
    """
    text = re.sub(r"\s+", " ", clean(str(text)[: 4 * most])).strip()
    return text if len(text) <= most else text[: most - 1] + "…"
