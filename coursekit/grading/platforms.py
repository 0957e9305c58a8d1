"""Tables that Canvas and Moodle import, and names by which Moodle knows whose file is whose.

What they ask for stands in their sources: Canvas's lib/gradebook_importer.rb and lib/gradebook_exporter.rb, and
Moodle's mod/assign/feedback/offline/importgradeslib.php and mod/assign/feedback/file/importziplib.php.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from html import escape

from coursekit.grading import csvfiles
from coursekit.grading.texts import clean

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MODIFIED = "Last modified (grade)"  # without it Moodle refuses the whole worksheet
MOODLE = ("Identifier", "Full name", "Email address", "Grade", "Maximum grade", MODIFIED, "Feedback comments")


def canvas(rows, handed, title, known):
    """Return (columns, rows, problems) for "Import Grades" of Canvas; `rows` are those of `reports.grades`.

    Canvas finds students by ID, which its file names hold, and assignments by their `title`; one that says
    "HW 1 (4711)" fills the assignment of that number. `known` is what `roster` returned. An ID that two rows
    claim is given to neither, and `problems` names them, and all whom the roster does not tell.
    """
    people = [known.get(one) if known else None for one in handed]
    numbers = [
        person["ID"] if person else one.identity if one.platform in ("canvas", "") else ""
        for one, person in zip(handed, people)
    ]
    claims, written, problems = Counter(filter(None, numbers)), [], []
    for row, person, number in zip(rows, people, numbers):
        shared = claims[number] > 1
        person = {} if shared or not person else person
        line = {"Student": row["name"], "ID": "" if shared else number, **dict.fromkeys(CANVAS[2:], ""), **person}
        written.append({**line, title: row["total"]})
        problems += [f"{row['student']}: Canvas's number {number} is claimed by several; enter by hand"] * shared
        if known and not number:
            problems.append(f"{row['student']}: nobody, or more than one, in the gradebook may be meant; enter by hand")
    most = rows[0]["possible"] if rows else ""
    first = {**dict.fromkeys(CANVAS, ""), "Student": "    Points Possible", title: most}
    return [*CANVAS, title], [first, *written], problems


class Roster:
    """A gradebook that Canvas exported: each kind of number, login and name is looked up in a table of its own.

    `columns` are the titles of its columns. Names are one column, Student, or two, LastName and FirstName.
    """

    def __init__(self, path):
        self.tables = {kind: defaultdict(list) for kind in ("ID", "SIS User ID", "SIS Login ID", "name")}
        self.columns, lines = csvfiles.read(path, {"ID"}, "be a gradebook exported by Canvas")
        if not {"Student", "LastName"} & set(self.columns):
            raise ValueError(
                f"{path} must be a gradebook exported by Canvas, with a column Student, or LastName and FirstName. "
                f"Received: {', '.join(self.columns)[:200]}"
            )
        for _, row in lines:
            if row["ID"].strip():  # the line "Points Possible" and the like have none
                self._add({**{key: row.get(key, "") for key in CANVAS}, "Student": _student(row)})

    def _add(self, person):
        last, _, first = person["Student"].partition(",")
        keys = {kind: {person[kind].strip().lower()} for kind in self.tables if kind != "name"}
        keys["name"] = {_letters(last + first), _letters(first + last)}  # others write "Marie Curie"
        for kind, found in keys.items():
            for key in found - {""}:
                self.tables[kind][key].append(person)

    def require(self, column):
        """Raise ValueError where the gradebook has no such column: Canvas would make a new assignment of it."""
        if column not in (*self.columns, *(re.sub(r" \(\d+\)$", "", one) for one in self.columns)):
            known = ", ".join(one for one in self.columns if re.search(r" \(\d+\)$", one)) or "none yet"
            raise ValueError(f"--column must be a column of the gradebook ({known}). Received: {column!r}")

    def get(self, one):
        """Return the columns of a student who handed in, or None if none, or more than one, may be meant."""
        asked = {
            "canvas": [("ID", one.identity)],
            "moodle": [("SIS Login ID", one.email), ("name", _letters(one.name))],
            "gradescope": [("SIS User ID", one.identity), ("SIS Login ID", one.email)],
        }.get(one.platform)
        if asked is None:  # the lecturer wrote the name: it may be any of them, if all agree
            asked = [
                (kind, word) for kind in ("ID", "SIS User ID", "SIS Login ID") for word in (one.identity, one.name)
            ]
            asked.append(("name", _letters(one.name)))
        found = [person for kind, word in asked if word for person in self.tables[kind].get(word.strip().lower(), ())]
        same = len({person["ID"] for person in found}) == 1  # who is in two sections has two lines
        return found[0] if same and not one.clash else None


def _student(row):
    """Return the name of a line in Canvas's order, "Curie, Marie"."""
    return row["Student"] if "Student" in row else ", ".join(filter(None, map(row.get, ("LastName", "FirstName"))))


def _letters(name):
    name = unicodedata.normalize("NFC", name)  # a Mac takes ü apart in names of files
    return "".join(letter for letter in name.lower() if letter.isalnum())


def moodle(rows, handed, comments, when):
    """Return (columns, rows) for "Upload grading worksheet" of Moodle; `comments` are {student: text}.

    `when`, a datetime with a time zone, is the time of these grades: Moodle keeps a grade of its own that is younger.
    Moodle shows comments as HTML, so they are escaped.
    """
    return list(MOODLE), [
        {
            "Identifier": f"Participant {one.identity}" if one.identity else "",
            "Full name": row["name"],
            "Email address": row["email"],
            "Grade": row["total"],
            "Maximum grade": row["possible"],
            MODIFIED: when.isoformat(timespec="seconds"),
            "Feedback comments": escape(clean(comments.get(row["student"], ""))),
        }
        for row, one in zip(rows, handed)
    ]


def moodle_page(one, name):
    """Return what a file must be called for "Upload multiple feedback files in a zip" to give it to a Person as `name`.

    >>> from coursekit.grading.people import Person
    >>> moodle_page(Person("ann", "Ann", "9001"), "hw1.html")
    'Participant_9001_assignfeedback_file_hw1.html'
    """
    return f"Participant_{one.identity}_assignfeedback_file_{name}"
