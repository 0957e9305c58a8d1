"""Writes what a graded class gets: the tables, a page for each student, and the lecturer's log."""

import os

from coursekit.grading import csvfiles, platforms, reports
from coursekit.grading.texts import clean


def write(out, assignment, handed, found, manual, known, column, pages):
    """Write everything to the folder `out`; return (rows of the table of grades, [what a person must settle]).

    `found` are {key: report}, `manual` is that of `reports.read_manual`, `known` a `platforms.Roster` or None,
    `column` the title in Canvas. `pages` is a function from (Handed, report) to (page, comment) for a student.
    """
    rows = reports.grades(assignment, handed, found, manual)
    names = [one.name for one in assignment.questions]
    made = {one.key: pages(one, found[one.key]) for one in handed}
    (out / "feedback").mkdir(parents=True, exist_ok=True)
    for one in handed:
        _text(out / "feedback" / f"{one.key}.html", made[one.key][0])
    _text(out / "lecturer.log", clean("\n".join(line for one in handed for line in _log(one, found[one.key]))) + "\n")
    csvfiles.write(out / "grades.csv", rows, [*reports.COMMON, *names, "total", "possible", "to_read", "note"])
    if any(one.manual for one in assignment.questions):
        csvfiles.write(out / "manual.csv", reports.manual_rows(handed, found, manual), reports.MANUAL)
    columns, lines, problems = platforms.canvas(rows, handed, column or assignment.name, known)
    csvfiles.write(out / "canvas.csv", lines, columns)
    columns, lines = platforms.moodle(rows, handed, {key: comment for key, (_, comment) in made.items()})
    csvfiles.write(out / "moodle.csv", lines, columns)
    if assignment.leaderboard:
        board = reports.leaderboard(assignment, handed, found)
        csvfiles.write(out / "leaderboard.csv", board, ["rank", "name", assignment.leaderboard["record"]])
    return rows, [*(f"{one.key}: {one.clash}" for one in handed if one.clash), *problems]


def _log(one, report):
    """Yield lines on what failed, with what no student may read."""
    if report["problem"] or report.get("log"):
        yield f"{one.key}: {report['problem'] or ''} {report.get('log', '')}".rstrip()
    for name, question in report["questions"].items():
        for case in question["cases"]:
            if case.get("log"):
                yield f"{one.key}, {name}, {case['name']}: {case['log']}"


def _text(path, text):
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)
