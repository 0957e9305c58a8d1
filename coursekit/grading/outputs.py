"""Writes what a graded class gets: the tables, a page for each student, and the lecturer's log."""

import contextlib
import os
import zipfile
from datetime import datetime, timezone

from coursekit.grading import analysis, csvfiles, feedback, platforms, reports
from coursekit.grading.texts import clean


@contextlib.contextmanager
def alone(out):
    """Hold the folder `out`, which is made if need be: two runs must not write there at a time.

    Raises ValueError where another one does. On systems without such locks nothing is held.
    """
    out.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl  # which Windows has not
    except ImportError:
        yield
        return
    folder = os.open(out, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system of a network may have no locks
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ValueError(f"OUT must be a folder into which nobody else grades now. Received: {out}") from None
        yield
    finally:
        os.close(folder)


def write(out, assignment, handed, found, manual, known, column, pages, answers):
    """Write everything to the folder `out`; return (rows of grades, not graded, not read, [to be settled]).

    The second and third are {key: why}: the machine failed, or what was handed in is no notebook and earned no points.

    `found` are {key: report}, of which one at a time is held here. `manual` is that of `reports.read_manual`, `known`
    a `platforms.Roster` or None, `column` the title in Canvas. `pages` is a function from (Handed, report) to (page,
    comment) for a student.
    """
    rows = reports.grades(assignment, handed, found, manual)
    names = [one.name for one in assignment.questions]
    comments, failed, unread = {}, {}, {}
    (out / "feedback").mkdir(parents=True, exist_ok=True)
    with csvfiles.replacing(out / "lecturer.log") as log:
        for one in handed:
            report = found[one.key]
            page, comments[one.key] = pages(one, report)
            with csvfiles.replacing(out / "feedback" / f"{one.key}.html") as file:
                file.write(page)
            if report["problem"]:
                (unread if report["graded"] else failed)[one.key] = report["problem"]
            log.writelines(clean(line) + "\n" for line in _log(one, report))
    csvfiles.write(out / "grades.csv", rows, [*reports.COMMON, *names, "total", "possible", "to_read", "note"])
    if any(one.manual for one in assignment.questions):
        csvfiles.write(out / "manual.csv", reports.manual_rows(handed, found, manual), reports.MANUAL)
    columns, lines, problems = platforms.canvas(rows, handed, column or assignment.name, known)
    csvfiles.write(out / "canvas.csv", lines, columns)
    columns, lines = platforms.moodle(rows, handed, comments, datetime.now(timezone.utc))
    csvfiles.write(out / "moodle.csv", lines, columns)
    _pages_for_moodle(out, f"{assignment.name}.html", handed)
    if assignment.leaderboard:
        board = reports.leaderboard(assignment, handed, found)
        csvfiles.write(out / "leaderboard.csv", board, ["rank", "name", assignment.leaderboard["record"]])
    items = analysis.items(answers)
    csvfiles.write(out / "class.csv", analysis.rows(items), analysis.COLUMNS)
    with csvfiles.replacing(out / "class.html") as file:
        file.write(analysis.page(assignment.name, items, feedback.PAGE))
    return rows, failed, unread, [*(f"{one.key}: {one.clash}" for one in handed if one.clash), *problems]


def _pages_for_moodle(out, name, handed):
    """Put the pages of those whom Moodle numbers into `moodle_feedback.zip`, for each of whom it will hold `name`."""
    known = [one for one in handed if one.platform == "moodle" and one.identity]
    if known:
        with csvfiles.replacing(out / "moodle_feedback.zip") as file, zipfile.ZipFile(file.buffer, "w") as archive:
            for one in known:
                entry = zipfile.ZipInfo(platforms.moodle_page(one, name))  # of 1980, whenever it is written
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, (out / "feedback" / f"{one.key}.html").read_bytes())


def _log(one, report):
    """Yield lines on what failed, with what no student may read."""
    if report["problem"] or report.get("log"):
        yield f"{one.key}: {report['problem'] or ''} {report.get('log', '')}".rstrip()
    for name, question in report["questions"].items():
        for case in question["cases"]:
            if case.get("log"):
                yield f"{one.key}, {name}, {case['name']}: {case['log']}"
