"""Writes the notebook of a student: questions and cells for answers, no solution, nothing to be installed."""

import ast
import json
from pathlib import Path

from coursekit.grading import choices
from coursekit.grading.quiz import answers
from coursekit.grading.quiz.answers import LETTERS

_RULES = """{minutes} minutes, {questions} questions, {points:g} points each. Type your answer in place of the
`...` below a question:

- a **letter** in quotes where there are options: `q1 = "b"`
- a **number** otherwise: `q2 = 1280`, or the way to it: `q2 = (5*5 + 1)*32`

Decimals have a point: `0.25`. Rows, columns and outputs are counted from 0, stride is 1 and there is no
padding and no flip where nothing else is said. The last cell tells whether your answers have the right
**form**, not whether they are right.{hand_in} The notebook needs no package and no internet."""
_HAND_IN = """ Then save the notebook and hand in the `.ipynb` file
(on Colab: *File*, *Download*, *Download .ipynb*)."""

_CHECK = """# @title Run this cell: it tells whether your answers can be read, and nothing of whether they are right.
# What follows reads answers as the grading will: from what you typed, the last time you ran each cell.
{reader}

letters, numbers = {letters}, {numbers}
found = read(get_ipython().history_manager.input_hist_raw[:-1], letters + numbers)

for name in sorted(letters + numbers, key=lambda name: int(name[1:])):
    answer, problem = found[name]["letter" if name in letters else "number"] if name in found else (None, None)
    if problem:
        print(name, "cannot be read:", problem)
    elif answer is None:
        print(name, "is not answered yet, or its cell has not been run")
    else:
        print(name, "has the right form")"""
_FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}


def write(settings, person, mark, questions, badge=""):
    """Return the notebook of a `person` as text (JSON); `mark` is the code of the quiz.

    A notebook for practice has no code, but a `badge` (Markdown) that opens it in Colab, and folded answers.
    """
    given = {"minutes": settings.minutes, "questions": len(questions), "points": settings.points}
    rules = _RULES.format(**given, hand_in=_HAND_IN if mark else "")  # for practice there is nobody to hand it to
    owner = f"for **{_plain(person.name or person.id)}**\n\n" if mark else f"{badge}\n\n**For practice.** "
    cells = [_markdown("title", f"# {settings.title}\n\n{owner}{rules}")]
    if mark:
        whose = f'student, quiz = "{person.id}", "{settings.name}-{mark}"  # leave this line as it is'
        cells.append(_code("whose", whose))
    for number, question in enumerate(questions, 1):
        cells += [_markdown(f"q{number}-asked", asked(number, question)), _code(f"q{number}", f"q{number} = ...")]
        if not mark:
            cells.append(_markdown(f"q{number}-solved", _solution(question)))
    cells += [
        _markdown("check-words", "## Are all answers in the right form?"),
        {**_code("check", _check(questions)), "metadata": _FOLDED},
    ]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        **choices.NO_HELPERS,
    }
    found = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def asked(number, question):
    """Return the cell that asks a question, as Markdown."""
    options = "".join(f"\n- **{letter})** {option}" for letter, option in zip(LETTERS, question.options))
    how = f"\n\nA letter, {LETTERS[0]} to {LETTERS[3]}:" if options else "\n\nA number:"
    return f"### Question {number}\n\n{markdown(question.text)}{chr(10) * bool(options)}{options}{how}"


def markdown(text):
    """Return a text of the bank as Markdown; what would be taken for a formula or a link is left as it is."""
    return "```".join(
        part if place % 2 else part.replace("[", "\\[").replace("]", "\\]").replace("$", "\\$")
        for place, part in enumerate(text.split("```"))
    )


def _solution(question):
    found = f"**{question.shown}** · {markdown(question.explanation)}"
    return f"<details><summary>Answer</summary>\n\n{found}\n\n</details>"


def _check(questions):
    """Return the cell that tells the form of the answers, with the very functions that grade them."""
    names = {
        kind: [f"q{number}" for number, one in enumerate(questions, 1) if bool(one.options) == kind]
        for kind in (True, False)
    }
    reader = ast.parse(Path(answers.__file__).read_text(encoding="utf-8"))
    reader.body = [one for one in reader.body if not (isinstance(one, ast.FunctionDef) and one.name == "whose")]
    for node in [reader, *reader.body]:
        if isinstance(node, (ast.Module, ast.FunctionDef)) and ast.get_docstring(node):
            del node.body[0]
    return _CHECK.format(reader=ast.unparse(reader), letters=json.dumps(names[True]), numbers=json.dumps(names[False]))


def _plain(name):
    """Return a person's name without what Markdown or HTML would take for a command."""
    return "".join(letter for letter in name if letter not in "<>`*_[]$\\\n")


def _markdown(name, text):
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(name, text):
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {},
        "outputs": [],
        "source": text.splitlines(keepends=True),
    }
