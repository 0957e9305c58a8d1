"""Chooses the questions of a student, always the same ones for the same student and secret."""

import hashlib
import hmac
import importlib
import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path

from coursekit import arguments, lectures
from coursekit.grading.quiz.dice import Dice
from coursekit.grading.quiz.items import BANK

LECTURES = tuple(  # those with a bank
    one.number for one in lectures.LECTURES if importlib.util.find_spec(f"coursekit.grading.quiz.lecture{one.number}")
)
SHORTEST_SECRET = 8
_NAME = re.compile(r"[\w@+-][\w.@+-]{0,63}")


@dataclass(frozen=True)
class Settings:
    """What a lecturer decides; `points` are those of one question, `closes` is "" or a time of ISO 8601."""

    name: str
    title: str
    minutes: int
    questions: int
    points: float
    lectures: tuple = LECTURES
    closes: str = ""

    def __post_init__(self):
        if not _NAME.fullmatch(str(self.name)):
            raise ValueError(f"name must be made of letters, digits and _. Received: {self.name!r}")
        arguments.integer("minutes", self.minutes, minimum=1)
        arguments.real("points", self.points, above=0)
        object.__setattr__(self, "lectures", tuple(self.lectures))
        unknown = [one for one in self.lectures if one not in LECTURES]
        if unknown or not self.lectures or len(set(self.lectures)) < len(self.lectures):
            listed = ", ".join(LECTURES)
            raise ValueError(f"lectures must be different ones of {listed}. Received: {list(self.lectures)}")
        most = min(sum(lecture == one for lecture, _ in bank().values()) for one in self.lectures)
        arguments.integer("questions", self.questions, len(self.lectures), most * len(self.lectures))


def settings(path):
    """Return the Settings in a JSON file. Raises ValueError, naming the file, for what is not right."""
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
        return Settings(**found)
    except FileNotFoundError:
        example = "assignments/quiz1/quiz.json"
        raise ValueError(f"settings must be a file such as {example}. Received: {path}") from None
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from None


def bank():
    """Return {name of an item: (lecture, function from Dice to Question)} of all lectures."""
    for lecture in LECTURES:
        importlib.import_module(f"coursekit.grading.quiz.lecture{lecture}")
    return BANK


def student_id(name, value):
    """Return an id that can be part of a file name, or raise ValueError."""
    text = str(value).strip()
    if not _NAME.fullmatch(text):
        raise ValueError(f"{name} must be 1 to 64 letters, digits or . _ - @ +. Received: {value!r}")
    return text


def code(secret, quiz, student):
    """Return the code that a quiz bears, eight characters that nobody can compute without the secret.

    >>> code("correct horse", "quiz1", "4711") == code("correct horse", "quiz1", "4711")
    True
    >>> code("correct horse", "quiz1", "4711") == code("correct horse", "quiz1", "4712")
    False
    """
    return _digest(secret, "code", quiz, student)[:8]


def draw(chosen, student, secret):
    """Return the tuple of Questions of a student, in the order of the lectures, no item twice.

    Each lecture has at least one, and none has two more than another. Nobody can draw them without the
    `secret`, a text of at least eight characters. Raises ValueError for one that is shorter.
    """
    student, items = student_id("student", student), bank()
    found = seed(secret, "draw", chosen.name, student)
    return tuple(items[name][1](Dice(f"{found}:{name}")) for name in choose(chosen, items, Dice(found)))


def choose(chosen, names, dice):
    """Return which of the items `names` make a quiz, in the order of the lectures.

    Raises ValueError where a lecture has fewer of them than it is asked for.
    """
    each, more = divmod(chosen.questions, len(chosen.lectures))
    twice, drawn = dice.some_of(chosen.lectures, more), []
    for lecture in chosen.lectures:
        asked, known = each + (lecture in twice), sorted(name for name in names if BANK[name][0] == lecture)
        if len(known) < asked:
            raise ValueError(f"lecture {lecture} must have {asked} items to choose from. Received: {len(known)}")
        drawn += dice.some_of(known, asked)
    return drawn


def seed(secret, *parts):
    """Return the text that dice start from. Raises ValueError for a `secret` that is too short."""
    if not isinstance(secret, str) or len(secret) < SHORTEST_SECRET:
        raise ValueError(f"secret must have at least {SHORTEST_SECRET} characters. Received: {secret!r}")
    return _digest(secret, *parts)


def _digest(secret, *parts):
    return hmac.new(secret.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
