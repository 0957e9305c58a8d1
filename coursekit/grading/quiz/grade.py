"""Grades the notebooks of a quiz by what stands in them; nothing that a student wrote is executed."""

import re
from datetime import datetime

from coursekit.grading import feedback, notebooks, platforms, reports, submissions
from coursekit.grading.assignment import Assignment
from coursekit.grading.assignment import Question as Column
from coursekit.grading.quiz import answers, keyfile, notebook, pages


def grade(source, folder, out, closed=False, roster=None, column=None):
    """Grade what was handed in, `source`, of the quiz in `folder`; return the rows of the table of grades.

    `source` is a folder or a zip file, as `submissions.collect` reads them.

    Written to `out`: grades.csv, canvas.csv, moodle.csv and feedback/. Explanations are part of the feedback
    when the quiz is `closed`, or its closing time is over; before, pages say only that it was handed in.
    Raises ValueError for a folder that holds no quiz or no submission, FileNotFoundError for a missing one.
    """
    settings, students = keyfile.read(folder)
    handed = submissions.collect(source)
    if not handed:
        raise ValueError(f"SUBMISSIONS must hold at least one submission. Received: {source}, empty")
    assignment = Assignment(
        settings.name,
        tuple(
            Column(f"q{number}", f"Question {number}", settings.points, False)
            for number in range(1, settings.questions + 1)
        ),
        {},
    )
    graded = {one.key: report(one, settings, students) for one in handed}
    for one in handed:
        _name(one, students.get(graded[one.key]["owner"]))
    _flag_copies(graded)
    _write(out, assignment, handed, graded, closed or is_over(settings), roster, column)
    return reports.grades(assignment, handed, graded, {})


def is_over(settings, now=None):
    """Return whether the closing time of the quiz is over; without a time zone it is this machine's."""
    if not settings.closes:
        return False
    try:
        closes = datetime.fromisoformat(settings.closes)
    except ValueError:
        received = repr(settings.closes)
        raise ValueError(f"closes must be a time such as 2026-11-23T10:15. Received: {received}") from None
    return (now or datetime.now().astimezone()) >= closes.astimezone()


def report(one, settings, students):
    """Return the report on what one student handed in, with the keys of `grader.unread`, and "quiz", "owner".

    "quiz" holds for each question (Question, answer as text, what was read or None, problem or None, right).
    """
    columns = range(1, settings.questions + 1)
    found = {
        "questions": {f"q{number}": _blank(settings, number) for number in columns},
        "written": {},
        "errors": [],
        "recorded": {},
        "problem": None,
        "graded": True,
        "safe": True,
        "note": "",
        "quiz": [],
        "owner": None,
    }
    try:
        data, _, note = one.read(settings.name)
        cells = notebooks.read(data)
        person, questions = _owner(one, cells, settings, students)
    except (submissions.BadArchive, notebooks.NotANotebook, _Flag, OSError) as error:
        found["problem"] = str(error)
        return found
    notes = [note, *_changed(cells, questions), *_stranger(one, person)]
    for number, question in enumerate(questions, 1):
        name = f"q{number}"
        text = answers.find(cells, name)
        given, problem = _read(text, question)
        right = given is not None and question.is_right(given)
        found["questions"][name]["points"] = settings.points if right else 0
        found["quiz"].append((question, text or "", given, problem, right))
        notes += [f"{name}: {problem}"] if problem else []
    found.update(owner=person.id, note="; ".join(filter(None, notes)))
    return found


class _Flag(ValueError):
    """A quiz that is not the student's own."""


def _blank(settings, number):
    return {"title": f"Question {number}", "points": 0, "possible": settings.points, "manual": False, "cases": []}


def _owner(one, cells, settings, students):
    """Return (Person, Questions) of a notebook, or raise _Flag."""
    whose = answers.whose(cells)
    if whose is None:
        raise _Flag("the line `student, quiz = …` is missing or was changed: whose quiz is it?")
    if whose[0] not in students:
        raise _Flag(f"nobody in the roster has the id {whose[0]!r}")
    person, mark, questions = students[whose[0]]
    if whose[1] != mark:
        raise _Flag(f"this is no quiz that was drawn for {whose[0]}: its code is wrong")
    others = [other for other, _, _ in students.values() if other.id != person.id and _is(one, other)]
    if others and not _is(one, person):
        raise _Flag(f"someone else's quiz: it was drawn for {person.id}, and handed in by {others[0].id}")
    return person, questions


def _is(one, person):
    """Return whether a Handed bears the number, the address or the name of a Person."""
    numbers = {person.id.lower(), *(alias.lower() for alias in person.aliases)}
    if one.identity.lower() in numbers or (person.email and one.email.lower() == person.email.lower()):
        return True
    words = set(re.split(r"[^\w@.+-]+|_", one.name.lower())) | {one.name.lower()}
    return bool(person.name) and _letters(person.name) == _letters(one.name) or bool(words & numbers)


def _letters(name):
    return sorted(letter for letter in name.lower() if letter.isalnum())


def _name(one, student):
    """Give what was handed in without a platform the name and number that the roster has."""
    if student and not one.platform:
        person = student[0]
        one.name, one.identity, one.email = person.name or one.name, person.id, person.email


def _stranger(one, person):
    if not _is(one, person):
        yield f"whose it is was read from the notebook: {person.id}"


def _changed(cells, questions):
    """Say which questions do not stand in the notebook as they were drawn."""
    asked = {" ".join(cell["source"].split()) for cell in cells if cell["kind"] == "markdown"}
    changed = [
        f"q{number}"
        for number, question in enumerate(questions, 1)
        if " ".join(notebook.asked(number, question).split()) not in asked
    ]
    if changed:
        yield f"the text of {', '.join(changed)} was changed"


def _read(text, question):
    try:
        return answers.value(text, bool(question.options)), None
    except answers.BadAnswer as error:
        return None, str(error)


def _flag_copies(graded):
    """Note where the quiz of one student was handed in by several."""
    owners = {}
    for key, one in graded.items():
        if one["owner"]:
            owners.setdefault(one["owner"], []).append(key)
    for owner, keys in owners.items():
        for key in keys if keys[1:] else ():
            others = ", ".join(other for other in keys if other != key)
            notes = graded[key]["note"], f"the quiz of {owner}, also from {others}"
            graded[key]["note"] = "; ".join(filter(None, notes))


def _write(out, assignment, handed, graded, closed, roster, column):
    folder = out / "feedback"
    folder.mkdir(parents=True, exist_ok=True)
    rows = reports.grades(assignment, handed, graded, {})
    names = [one.name for one in assignment.questions]
    reports.write(out / "grades.csv", rows, [*reports.COMMON, *names, "total", "possible", "to_read", "note"])
    known = platforms.roster(roster) if roster else {}
    columns, lines = platforms.canvas(rows, column or assignment.name, known)
    reports.write(out / "canvas.csv", lines, columns)
    comments = {one.key: feedback.comment(one, graded[one.key], {}) if closed else "" for one in handed}
    columns, lines = platforms.moodle(rows, comments)
    reports.write(out / "moodle.csv", lines, columns)
    for one in handed:
        text = pages.page(assignment, one, graded[one.key], closed)
        (folder / f"{one.key}.html").write_text(text, encoding="utf-8")
