"""Writes a quiz and its key as plain text, to read, or to copy from into a system that imports neither format."""

from textwrap import indent

from coursekit.grading.quiz import texts
from coursekit.grading.quiz.items import LETTERS, plain
from coursekit.grading.texts import clean


def write(settings, groups):
    """Return the bytes of the text; `groups` is {item: Questions}."""
    parts = [clean(settings.title), texts.rules(settings), "FOR THE LECTURER: answers follow each question."]
    for name, questions in groups.items():
        parts.append(f"=== {name}: each student gets one of these {len(questions)}")
        parts += [f"--- {name} · {place:02}\n\n{_question(question)}" for place, question in enumerate(questions, 1)]
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def _question(question):
    """Return a question in lines that are set in, so that none can be taken for a heading."""
    options = "".join(f"\n{letter}) {option}" for letter, option in zip(LETTERS, question.options))
    key = [f"answer: {_answer(question)}"]
    for value, thought in question.wrong:
        key.append(f"wrong: {value if question.options else plain(value)}: {texts.sentence(thought)}")
    key.append(f"why: {question.explanation}")
    return indent(clean(f"{question.text}{options}\n\n" + "\n".join(key)), "    ")


def _answer(question):
    if question.options:
        return question.answer
    low, high = texts.bounds(question)
    return f"{texts.number(question.answer)} (right from {low} to {high})"
