"""Tables that Canvas and Moodle import."""

import unicodedata
from collections import Counter, defaultdict
from html import escape

from coursekit.grading import csvfiles
from coursekit.grading.texts import clean

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = ("Identifier", "Full name", "Email address", "Grade", "Maximum grade", "Feedback comments")


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
    """A gradebook that Canvas exported: each kind of number, login and name is looked up in a table of its own."""

    def __init__(self, path):
        self.tables = {kind: defaultdict(list) for kind in ("ID", "SIS User ID", "SIS Login ID", "name")}
        for _, row in csvfiles.read(path, {"Student", "ID"}, "be a gradebook exported by Canvas")[1]:
            if row["ID"].strip():  # the line "Points Possible" and the like have none
                person = {key: row.get(key, "") for key in CANVAS}
                for kind, table in self.tables.items():
                    found = _letters(row["Student"]) if kind == "name" else person[kind].strip().lower()
                    if found:
                        table[found].append(person)

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


def _letters(name):
    name = unicodedata.normalize("NFC", name)  # a Mac takes ü apart in names of files
    return "".join(letter for letter in name.lower() if letter.isalnum())


def moodle(rows, handed, comments):
    """Return (columns, rows) for "Upload grading worksheet" of Moodle; `comments` are {student: text}.

    Moodle shows comments as HTML, so they are escaped.
    """
    return list(MOODLE), [
        {
            "Identifier": f"Participant {one.identity}" if one.identity else "",
            "Full name": row["name"],
            "Email address": row["email"],
            "Grade": row["total"],
            "Maximum grade": row["possible"],
            "Feedback comments": escape(clean(comments.get(row["student"], ""))),
        }
        for row, one in zip(rows, handed)
    ]
