"""What a question of the quiz is, and how the modules of the bank write one."""

import math
from dataclasses import dataclass

import numpy as np

from coursekit.grading.quiz.answers import LETTERS

_TRIES = 1000  # draws of one question, until none of its wrong numbers is right
BANK = {}  # name of the item: (lecture, function from Dice to Question), filled by `item`


@dataclass(frozen=True)
class Question:
    """One question as a student gets it, with what only the lecturer knows.

    `options` are the texts of a multiple choice, () where a number is asked. `answer` is a letter or a
    number, `tolerance` how far a number may be off. `wrong` holds pairs (wrong answer, its likely thought),
    `explanation` is shown after closing. Texts are paragraphs with `code`, **bold**, and lines of
    fixed width between ``` marks.
    """

    item: str
    lecture: str
    text: str
    options: tuple
    answer: object
    tolerance: float
    wrong: tuple
    explanation: str

    def is_right(self, given):
        """Return whether `given`, a letter or a finite number, is the answer."""
        if self.options:
            return given == self.answer
        return abs(given - self.answer) <= self.tolerance

    def diagnosis(self, given):
        """Return what was probably thought by one who answered `given`, or None."""
        for value, thought in self.wrong:
            if given == value if self.options else abs(given - value) <= self.tolerance:
                return thought
        return None

    @property
    def shown(self):
        """The answer as text: a letter, or a number with no more decimals than were asked."""
        if self.options:
            return self.answer
        return plain(round(self.answer, 3 if self.tolerance > 1e-3 else 6))


def item(lecture):
    """Return a decorator that puts a function from Dice to (text, answers, explanation) into the bank.

    The answers are those of `number` or `choice`. The item is named after the lecture and the function. Numbers
    for which a wrong thought leads to the right answer are not asked: it draws others.
    """

    def enter(function):
        name = f"{lecture}_{function.__name__}"
        if name in BANK:
            raise ValueError(f"the functions of a lecture must have different names. Received: {name!r} twice")

        def ask(dice):
            for _ in range(_TRIES):
                text, answers, explanation = function(dice)
                found = answers(dice)
                if found:
                    options, answer, tolerance, wrong = found
                    texts = text.strip(), options, answer, tolerance, wrong, explanation.strip()
                    return Question(name, lecture, *texts)
            raise ValueError(f"{name} must have numbers for which no wrong thought is right. Received: {text!r}")

        BANK[name] = (lecture, ask)
        return function

    return enter


def number(answer, wrong=None, digits=None):
    """Return the answers of a question for a number; `wrong` is {what was thought: the number that it gives}.

    With `digits`, the number of decimals that the text asks for, both rounding and cutting off are right.
    Where several thoughts lead to one wrong number, it may have been any of them. A number that is None is
    left out. Where a wrong number is the answer, there is no question: what is returned gives None.
    """
    tolerance = 1e-6 if digits is None else 1.001 * 10.0**-digits
    answer = _plain(answer)

    def found(dice):
        kept = {}
        for thought, value in (wrong or {}).items():
            if value is None:
                continue
            value = _plain(value)
            if abs(value - answer) <= 2 * tolerance:
                return None
            near = next((other for other in kept if abs(value - other) <= 2 * tolerance), value)
            kept.setdefault(near, []).append(thought)
        return (), answer, tolerance, tuple((value, _either(thoughts)) for value, thoughts in kept.items())

    return found


def choice(right, wrong):
    """Return the answers of a multiple choice in random order; `wrong` is {what was thought: option}.

    Wrong options that equal the right one are left out, and the first three others are kept, each with all
    thoughts that lead to it. Raises ValueError where fewer than three are left.
    """

    def found(dice):
        kept = {}
        for thought, option in wrong.items():
            if option != right:
                kept.setdefault(option, []).append(thought)
        if len(kept) < 3:
            raise ValueError(f"a choice needs three wrong options beside {right!r}. Received: {list(kept)}")
        options = dice.shuffled([right, *list(kept)[:3]])
        thoughts = tuple((letter, _either(kept[option])) for letter, option in zip(LETTERS, options) if option in kept)
        return tuple(options), LETTERS[options.index(right)], 0, thoughts

    return found


def _either(thoughts):
    """Return thoughts between which an answer cannot tell, as one."""
    return "; or ".join(thoughts)


def only(options, is_right):
    """Return (the right option, the others) of {option: what was thought}; exactly one may be right.

    The answer is found by trying all: `is_right` tells of each option whether it is right.
    """
    right = [option for option in options if is_right(option)]
    if len(right) != 1:
        raise ValueError(f"exactly one option must be right. Received: {right}")
    return right[0], {thought: option for option, thought in options.items() if option != right[0]}


def written(values):
    """Return an array as text: one axis in one line, two as a block of fixed width.

    >>> written([1, -2, 0.5])
    '[1, −2, 0.5]'
    """
    values = np.asarray(values)
    if values.ndim == 1:
        return "[" + ", ".join(map(plain, values.tolist())) + "]"
    rows = [[plain(value) for value in row] for row in values.tolist()]
    width = max(len(text) for row in rows for text in row)
    return "\n```\n" + "\n".join("  ".join(text.rjust(width) for text in row) for row in rows) + "\n```\n"


def inline(values):
    """Return a two-dimensional array in one line.

    >>> inline([[1, 2], [3, 4]])
    '[[1, 2], [3, 4]]'
    """
    return "[" + ", ".join(written(row) for row in values) + "]"


def plain(value):
    """Return a number as text: six decimals at most, a real minus sign, thousands apart."""
    value = _plain(value)
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.6f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def shape(sizes):
    """Return sizes as text: "3 × 4"."""
    return " × ".join(plain(size) for size in sizes)


def _plain(value):
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"an answer must be a finite number. Received: {value!r}")
    return int(value) if value == int(value) else float(value)
