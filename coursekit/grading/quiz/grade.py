"""Grades the notebooks of a quiz by what stands in them; nothing that a student wrote is executed."""

import re
from datetime import datetime

from coursekit.grading import submissions
from coursekit.grading.assignment import Assignment
from coursekit.grading.assignment import Question as Column
from coursekit.grading.quiz import notebook


def grade(handed, quiz):
    """Return (Assignment, {key: report}) of what was handed in of the quiz; `quiz` is what `keyfile.read` returned.

    Students of a plain folder get the name and number that the roster has.
    """
    settings, students = quiz
    names = [f"q{number}" for number in range(1, settings.questions + 1)]
    columns = tuple(Column(name, f"Question {name[1:]}", settings.points, False) for name in names)
    graded = {one.key: report(one, settings, students) for one in handed}
    for one in handed:
        _name(one, students.get(graded[one.key]["owner"]))
    _flag_copies(graded)
    return Assignment(settings.name, columns, {}), graded


def is_over(settings, now=None):
    """Return whether the closing time of the quiz is over; without a time zone it is this machine's."""
    closes = closing(settings)
    return closes is not None and (now or datetime.now().astimezone()) >= closes


def closing(settings):
    """Return when the quiz closes, with its time zone, or None. Raises ValueError for a text that is not a time."""
    if not settings.closes:
        return None
    try:
        told = datetime.fromisoformat(settings.closes)
    except ValueError:
        received = repr(settings.closes)
        raise ValueError(f"closes must be a time such as 2026-11-23T10:15. Received: {received}") from None
    if told.astimezone() != told.replace(fold=1).astimezone():  # where summer time begins or ends
        raise ValueError(
            "closes must be a time that the clock shows once, or have an offset, such as "
            f"{settings.closes}+01:00. Received: {settings.closes!r}"
        )
    return told.astimezone()


def report(one, settings, students):
    """Return the report on what one student handed in, with the keys of `grader.unread`, and "quiz", "owner".

    "quiz" holds for each question (Question, answer as text, what was read or None, problem or None, right).
    """
    names = [f"q{number}" for number in range(1, settings.questions + 1)]
    found = {
        "questions": {name: _blank(settings, name[1:]) for name in names},
        "written": {},
        "errors": [],
        "recorded": {},
        "problem": None,
        "graded": True,
        "safe": True,
        "note": "",
        "taken": "",
        "quiz": [],
        "owner": None,
    }
    try:
        answer, _ = one.ask(settings.name, names)
        person, questions = _owner(one, answer["whose"], settings, students)
    except (submissions.BadArchive, _Flag) as error:
        found["problem"] = str(error)
        return found
    except OSError as error:  # the file has gone, or may not be read
        return {**found, "problem": str(error), "graded": False}
    notes = [answer["note"], *_changed(answer["texts"], questions), *_stranger(one, person)]
    for name, question in zip(names, questions):
        read = answer["answers"].get(name, _NOTHING)
        given, problem = read["letter" if question.options else "number"]
        right = given is not None and question.is_right(given)
        found["questions"][name]["points"] = settings.points if right else 0
        found["quiz"].append((question, read["text"], given, problem, right))
        notes += [f"{name}: {problem}"] if problem else []
    found.update(owner=person.id, taken=answer["note"], note="; ".join(filter(None, notes)))
    return found


_NOTHING = {"text": "", "letter": [None, None], "number": [None, None]}


class _Flag(ValueError):
    """A quiz that is not the student's own."""


def _blank(settings, number):
    return {"title": f"Question {number}", "points": 0, "possible": settings.points, "manual": False, "cases": []}


def _owner(one, whose, settings, students):
    """Return (Person, Questions) of a notebook, or raise _Flag."""
    if whose is None:
        raise _Flag("the line `student, quiz = …` is missing or was changed: whose quiz is it?")
    if whose[0] not in students:
        raise _Flag(f"nobody in the roster has the id {whose[0]!r}")
    person, mark, questions = students[whose[0]]
    if whose[1] != mark:
        raise _Flag(f"this is no quiz that was drawn for {whose[0]}: its code is wrong")
    others = [other for other, _, _ in students.values() if other.id != person.id and is_of(one, other)]
    if others and not is_of(one, person):
        raise _Flag(f"someone else's quiz: it was drawn for {person.id}, and handed in by {others[0].id}")
    return person, questions


def is_of(one, person):
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
    if not is_of(one, person):
        yield f"whose it is was read from the notebook: {person.id}"


def _changed(texts, questions):
    """Say which questions do not stand in the notebook as they were drawn."""
    asked = set(texts)
    changed = [
        f"q{number}"
        for number, question in enumerate(questions, 1)
        if " ".join(notebook.asked(number, question).split()) not in asked
    ]
    if changed:
        yield f"the text of {', '.join(changed)} was changed"


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
