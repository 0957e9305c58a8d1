"""Reads and writes the tables of the grader: whole or not at all, and no spreadsheet runs what stands in them."""

import contextlib
import csv
import os
import re
from pathlib import Path

from coursekit.grading.texts import clean

csv.field_size_limit(2**31 - 1)  # an essay may be long; the largest number that every platform takes
# A spreadsheet may split a text at any of these, whatever stands in quotes, and then runs what begins with a sign.
_SPLITS = frozenset(";,\t\n|")
# All that may stand before a sign is one match, so that a long run of it is looked at once and not from each place.
_BEFORE = re.compile(r"""(^[\s";,|]*|(?<![\s";,|])[\s";,|]+)'*(?=[=+@＝＋－＠﹦﹢﹣﹫−-])""")


def inert(text):
    """Return a text, clean, with an apostrophe before each sign that would make a spreadsheet calculate.

    >>> inert("=1+1"), inert("x; =cmd"), inert("a = 1")
    ("'=1+1", "x; '=cmd", 'a = 1')
    """
    return _BEFORE.sub(lambda found: found[0] + "'" * _begins(found), clean(text).replace("\r", "�"))


def _begins(found):
    """Return whether a cell may begin where the match of a sign ends."""
    return found.start() == 0 or not _SPLITS.isdisjoint(found[1])


def plain(text):
    """Return the text of which `inert` made this one.

    >>> plain(inert("@ann")), plain("it's"), plain(inert("'=1"))
    ('@ann', "it's", "'=1")
    """
    return _BEFORE.sub(lambda found: found[0].removesuffix("'" * _begins(found)), text)


@contextlib.contextmanager
def replacing(path):
    """Give a text file in UTF-8 that takes the place of `path` once it is whole; after an error all is as before.

    Raises OSError with the name of the file, also for a disk that is full.
    """
    part = Path(path).with_name(f"{Path(path).name}.part")
    try:
        with open(part, "w", newline="", encoding="utf-8") as file:
            yield file
        os.replace(part, path)
    except OSError as error:
        raise error if error.filename else OSError(error.errno, error.strerror, str(path)) from None
    finally:
        part.unlink(missing_ok=True)


def write(path, rows, columns=None):
    """Write rows, dictionaries, to a CSV file in UTF-8 and return its path; texts are made `inert`."""
    columns = columns or list(rows[0])
    with replacing(path) as file:
        writer = csv.DictWriter(file, [inert(one) for one in columns])
        writer.writeheader()
        writer.writerows(
            {inert(key): inert(row[key]) if isinstance(row[key], str) else row[key] for key in columns} for row in rows
        )
    return Path(path)


def read(path, must_have, what, ours=False, only=None):
    """Return (names of the columns, [(line number, row)]) of a CSV file, split at commas or semicolons.

    Rows are {column: text} of all columns or of `only` some. `ours` undoes what `write` did to the texts. Raises
    ValueError, naming the file, for one that is not CSV in UTF-8, or lacks a column of `must_have`; `what` says what
    the file must be.
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=";" if first.count(";") > first.count(",") else ",")
            names = reader.fieldnames or []
            if not set(must_have) <= set(names):
                raise ValueError(f"{path} must {what}. Received: {', '.join(map(str, names))[:200] or 'an empty file'}")
            made = plain if ours else str
            return names, [(reader.line_num, {key: made(row[key] or "") for key in only or names}) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path} must be saved as CSV in UTF-8. Received: {error}") from None
