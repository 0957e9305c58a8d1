"""The lecturer's file with all that was drawn, so that a quiz can be graded when the bank has changed."""

import json
from dataclasses import asdict
from pathlib import Path

from coursekit.grading.quiz.drawing import Settings
from coursekit.grading.quiz.items import Question
from coursekit.grading.quiz.roster import Person

NAME = "key.json"


def write(path, settings, drawn, marks):
    """Write the settings, and of every student the code and the questions with their answers."""
    students = [
        {"person": asdict(person), "mark": marks[person.id], "questions": [asdict(one) for one in questions]}
        for person, questions in drawn
    ]
    text = json.dumps({"settings": asdict(settings), "students": students}, ensure_ascii=False, indent=1)
    Path(path).write_text(text + "\n", encoding="utf-8")


def read(folder):
    """Return (Settings, {id: (Person, code, Questions)}) of what `draw` has written to a folder.

    Raises ValueError for a folder without a key, or with a damaged one.
    """
    path = Path(folder) / "lecturer" / NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        students = {
            one["person"]["id"]: (
                Person(**_tuples(one["person"], "aliases")),
                one["mark"],
                tuple(_question(each) for each in one["questions"]),
            )
            for one in found["students"]
        }
        return Settings(**found["settings"]), students
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ValueError(f"quiz must be a folder that `draw` wrote. Received: {folder} ({error})") from None


def _question(found):
    found["wrong"] = tuple(map(tuple, found["wrong"]))
    return Question(**_tuples(found, "options"))


def _tuples(found, *names):
    return {**found, **{name: tuple(found[name]) for name in names}}
