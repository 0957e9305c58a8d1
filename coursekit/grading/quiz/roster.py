"""Reads who takes part: a table of our own, or the gradebook that Canvas or Moodle exports."""

from dataclasses import dataclass
from pathlib import Path

from coursekit.grading import csvfiles
from coursekit.grading.quiz import drawing

_COLUMNS = {
    "id": ("id", "student id", "sis user id", "id number"),
    "name": ("name", "student", "full name"),
    "first": ("first name", "firstname"),  # where the name stands in two columns
    "last": ("last name", "lastname", "surname"),
    "email": ("email", "email address", "sis login id"),
}


@dataclass(frozen=True)
class Person:
    """A student: `aliases` are other numbers under which a platform may know them."""

    id: str
    name: str
    email: str = ""
    aliases: tuple = ()


def read(path):
    """Return the list of Persons in a CSV file with a column "id", and, if there are any, "name" and "email".

    Canvas's columns (Student or LastName and FirstName, ID, SIS User ID, SIS Login ID) do as well, and Moodle's (First
    name, Last name, ID number, Email address). Raises ValueError, with the line, for an id that is missing, cannot be
    part of a file name, or is there twice; and for an empty table.
    """
    people, seen = [], {}
    try:
        names, rows = csvfiles.read(path, (), "be a CSV file")
    except OSError as error:
        raise ValueError(f"ROSTER must be a CSV file in UTF-8. Received: {path} ({error})") from None
    columns = _columns(path, names)
    for line, row in rows:
        if any(value.strip() for value in row.values()):
            _add(people, seen, row, columns, f"{Path(path).name}, line {line}")
    if not people:
        raise ValueError(f"ROSTER must have one line a student. Received: {path} without any")
    return people


def variants(count):
    """Return Persons A, B, C … for a printed quiz without names."""
    if not 1 <= count <= 26:
        raise ValueError(f"variants must be a number from 1 to 26. Received: {count}")
    return [Person(letter, "") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:count]]


def _columns(path, names):
    """Return {"id": column, …} of the columns that are there."""
    known = {(name or "").strip().lower(): name for name in names}
    found = {key: next((known[one] for one in options if one in known), None) for key, options in _COLUMNS.items()}
    if found["id"] is None:
        listed = ", ".join(names) or "an empty file"
        raise ValueError(f"{path} must have a column id. Received: {listed}")
    return {**found, "other": known.get("sis user id")}


def _add(people, seen, row, columns, where):
    found = {key: (row.get(column) or "").strip() for key, column in columns.items()}
    number, email, other = found["id"], found["email"], found["other"]
    name = found["name"] or f"{found['first']} {found['last']}".strip()
    if not number and (name.lower().endswith("points possible") or not name and not email):
        return  # a line of Canvas that stands for no student: the second is "Manual Posting" below an assignment
    number = drawing.student_id(f"{where}: id", number)
    if number.lower() in seen:
        first = seen[number.lower()]
        raise ValueError(f"{where}: id must be there once. Received: {number!r}, as in {first}")
    seen[number.lower()] = where
    people.append(Person(number, name, email, tuple(one for one in (other,) if one and one != number)))
