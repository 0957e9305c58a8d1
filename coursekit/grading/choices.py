"""What a lecturer chooses of a release: its lectures, whether the answers to their exercises come along, the term.

Every folded text of a lecture is an answer, but for hints and what leads further. A copy without answers has a
sentence in its place, and checks that hold no code of an answer (`coursekit.checks.recorded`).
"""

import datetime
import json
import re
from dataclasses import dataclass

from coursekit import checks, lectures
from coursekit.checks import hints, recorded

ANSWERS = ("all", "none", "after-date")
FIRST = lectures.LECTURES[0]  # how to begin, and the words and letters to which all others lead
CHECKS = "coursekit/checks/"
NO_HELPERS = {"colab": {"generative_ai_disabled": True}}  # of a notebook; Colab then hides its own helpers
_NOT_ANSWERS = re.compile(r"Hint|Further\b.*|The list")
FOLDED = re.compile(r"(?s)<details>\s*<summary>(.*?)</summary>(.*?)</details>")
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORDS += ("eleven", "twelve", "thirteen", "fourteen", "fifteen")


@dataclass(frozen=True)
class Choices:
    """What is released: `lectures` (a tuple of Lecture), and whether `answers` come along: one of ANSWERS.

    `date` (a datetime.date) is that of "after-date". `colab_helpers` leaves Colab's own AI helpers on in assignments.
    """

    lectures: tuple = lectures.LECTURES
    answers: str = "all"
    date: datetime.date | None = None
    colab_helpers: bool = False

    def __post_init__(self):
        if self.answers not in ANSWERS:
            raise ValueError(f"answers must be one of {', '.join(ANSWERS)}. Received: {self.answers!r}")
        if (self.answers == "after-date") != (self.date is not None):
            raise ValueError(
                f"date must be given with answers after-date, and only then. Received: {self.date} with {self.answers}"
            )
        if self.date is not None and self.date <= datetime.date.today():
            raise ValueError(f"date must be a day to come; from then on it is answers all. Received: {self.date}")

    @property
    def absent(self):
        """The lectures that are left out, as a tuple."""
        return tuple(one for one in lectures.LECTURES if one not in self.lectures)

    @property
    def note(self):
        """What stands in the place of an answer."""
        if self.date is None:
            return "Your lecturer has the answer."
        return f"The answer is released on {self.date.day} {self.date:%B %Y}."

    @property
    def unchecked(self):
        """What a check says of an exercise that is withheld."""
        return f"your answer is not checked in this copy of the course. {self.note}"


def chosen(text):
    """Return the lectures that `text` names, "00-04" or "00,02,05-07", in their order; the first always comes along.

    Raises ValueError for a number that no lecture has, and for a range that runs backwards.

    >>> [one.number for one in chosen("05-07,03")]
    ['00', '03', '05', '06', '07']
    """
    numbers = {FIRST.number}
    for part in str(text).split(","):
        found = re.fullmatch(r"\s*(\d\d)(?:-(\d\d))?\s*", part, re.ASCII)
        if not found or (found[2] and found[2] < found[1]):
            raise ValueError(
                f"lectures must be numbers and ranges of two digits, such as 00-09 or 00,02,05-07. Received: {text!r}"
            )
        numbers |= {f"{number:02}" for number in range(int(found[1]), int(found[2] or found[1]) + 1)}
    for number in sorted(numbers):
        try:
            lectures.find(number)
        except ValueError as error:
            raise ValueError(f"lectures: {error}") from None
    return tuple(one for one in lectures.LECTURES if one.number in numbers)


def date(text):
    """Return the day that `text` names, 2026-12-15. Raises ValueError for another text."""
    try:
        return datetime.date.fromisoformat(str(text))
    except ValueError:
        raise ValueError(f"date must be a day, such as 2026-12-15. Received: {text!r}") from None


def rests_on(folder):
    """Return the numbers of the lectures that the assignment or quiz in `folder` rests on, as its settings say."""
    for name in ("grading.json", "quiz.json"):
        if (folder / name).is_file():
            return tuple(json.loads((folder / name).read_text(encoding="utf-8")).get("lectures", ()))
    return ()


# ---------------------------------------------------------------- texts


def without_lectures(text, choices):
    """Return a text or notebook (as text) without links to lectures that are left out, and without their rows."""
    if not choices.absent:
        return text
    stems = "|".join(one.stem for one in choices.absent)
    numbers = "|".join(one.number for one in choices.absent)
    text = re.sub(rf"(?m)^\| (?:{numbers}) \| \[.*\n", "", text)
    text = re.sub(rf"(?<!!)\[([^][]*)\]\((?:[^()\s]*/)?(?:{stems})\.ipynb(?:#[^()\s]*)?\)", r"\1", text)
    shown = choices.lectures[-1].number
    text = re.sub(rf"(?<=LECTURE=)(?:{numbers})\b", shown, text)
    return text.replace(f"in {_WORDS[len(lectures.LECTURES)]} lectures", f"in {_counted(len(choices.lectures))}")


def _counted(count):
    return f"{_WORDS[count]} lecture{'s' * (count != 1)}"


def listed(text, choices):
    """Return the text of coursekit/lectures.py with the chosen lectures alone in its list.

    Raises ValueError where that list cannot be found in it, each lecture on lines of its own.
    """
    for one in choices.absent:
        text, count = re.subn(rf'(?ms)^    Lecture\(\n        "{one.number}",\n.*?^    \),\n', "", text)
        if count != 1:
            raise ValueError(f"coursekit/lectures.py must list lecture {one.number} once, on lines of its own")
    return text


def is_answer(summary):
    """Return whether a folded text is an answer, given the words that stay visible when it is folded.

    >>> is_answer("Answer"), is_answer("What to look for"), is_answer("Hint"), is_answer("Further: why a bell")
    (True, True, False, False)
    """
    return not _NOT_ANSWERS.fullmatch(summary.strip())


def without_answers(text, note):
    """Return a notebook (as text) with the sentence `note` in the place of each folded answer."""
    notebook = json.loads(text)
    for position, cell in enumerate(notebook["cells"]):
        source = "".join(cell["source"])
        changed = FOLDED.sub(lambda found: f"*{note}*" if is_answer(found[1]) else found[0], source)
        if changed != source:
            cell["source"] = changed.splitlines(keepends=True)
            cell["id"] = f"without-answer-{position}"  # ids begin as their cells do
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def with_helpers(text):
    """Return the notebook of an assignment (as text) in which Colab's AI helpers are not switched off."""
    notebook = json.loads(text)
    for key in NO_HELPERS:
        notebook["metadata"].pop(key, None)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


# ---------------------------------------------------------------- checks


def recorded_checks(choices):
    """Return {file in the copy: text} of the checks without answers of the chosen lectures, hints included.

    Hints stay for the exercises that are still checked.
    """
    files, checked = {}, {}
    for one in choices.lectures:
        entries = [recorded.record(exercise, choices.unchecked) for exercise in checks.exercises(one.number).values()]
        if entries:
            files[f"{CHECKS}lecture{one.number}.json"] = json.dumps(entries, ensure_ascii=False) + "\n"
        checked |= {e["name"]: hints.HINTS[e["name"]] for e in entries if "cases" in e and e["name"] in hints.HINTS}
    lines = "".join(
        f"    {json.dumps(name)}: {json.dumps(hint, ensure_ascii=False)},\n" for name, hint in checked.items()
    )
    files[f"{CHECKS}hints.py"] = f'"""{hints.__doc__}"""\n\nHINTS = {{\n{lines}}}\n'
    return files
