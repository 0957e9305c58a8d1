"""Tables that Canvas and Moodle import."""

import csv

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = ("Identifier", "Full name", "Email address", "Grade", "Maximum grade", "Feedback comments")


def canvas(rows, title, known):
    """Return (columns, rows) for "Import Grades" of Canvas; `rows` are those of `reports.grades`.

    Canvas finds students by ID, which its file names hold, and assignments by their `title`; one that says
    "HW 1 (4711)" fills the assignment of that number. `known` is what `roster` returned: names and numbers
    are taken from it, also for students without a number in a file name.
    """
    written = []
    for row in rows:
        person = known.get(row["id"]) or known.get(row["name"].lower()) or {}
        line = {"Student": row["name"], "ID": row["id"], **dict.fromkeys(CANVAS[2:], ""), **person}
        written.append({**line, title: row["total"]})
    most = rows[0]["possible"] if rows else ""
    first = {**dict.fromkeys(CANVAS, ""), "Student": "    Points Possible", title: most}
    return [*CANVAS, title], [first, *written]


def roster(path):
    """Return {ID, login or name in the file names: columns} of a gradebook that Canvas exported.

    Raises ValueError for a file that is none.
    """
    found = {}
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        if not {"Student", "ID"} <= set(reader.fieldnames or ()):
            raise ValueError(f"{path} must be a gradebook exported by Canvas. Received: {reader.fieldnames}")
        for row in reader:
            if not (row["ID"] or "").strip():
                continue  # "Points Possible" and the like
            person = {key: row.get(key) or "" for key in CANVAS}
            name = "".join(letter for letter in row["Student"].lower() if letter.isalnum())
            for key in (row["ID"], row.get("SIS User ID"), (row.get("SIS Login ID") or "").lower(), name):
                if key:
                    found[key] = person
    return found


def moodle(rows, comments):
    """Return (columns, rows) for "Upload grading worksheet" of Moodle; `comments` are {student: text}."""
    return list(MOODLE), [
        {
            "Identifier": f"Participant {row['id']}" if row["id"] else "",
            "Full name": row["name"],
            "Email address": row["email"],
            "Grade": row["total"],
            "Maximum grade": row["possible"],
            "Feedback comments": comments.get(row["student"], ""),
        }
        for row in rows
    ]
