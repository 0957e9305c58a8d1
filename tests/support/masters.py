"""What the tests of graded assignments read from a master notebook, without otter: questions, solutions, tests."""

import re
from typing import NamedTuple

from nbformat import v4

import project
from coursekit.assignments import testfiles

FOLDER = project.ROOT / "assignments"
ALL = tuple(sorted(path.stem for path in FOLDER.glob("*/*.ipynb") if path.stem == path.parent.name))
NAMES = tuple(
    name
    for name in ALL  # those with wrong answers written down, on which checks are tried
    if (project.ROOT / "tests" / "support" / "answers_assignments" / f"{name}.py").exists()
)


class Question(NamedTuple):
    """A question of a master: its solution as source, its stub, its tests as a TestFile (None if manual)."""

    name: str
    points: float
    manual: bool
    solution: str
    stub: str
    tests: object
    hidden: str  # the source of its hidden tests
    public: str  # and that of the others
    asked: str  # the text of the question


def cells(name):
    """Return the cells of the master called `name`."""
    return v4.reads((FOLDER / name / f"{name}.ipynb").read_text(encoding="utf-8")).cells


def student(name):
    """Return the student version of the assignment `name`."""
    return v4.reads((FOLDER / name / "student" / f"{name}.ipynb").read_text(encoding="utf-8"))


def solved(source):
    """Return the source of a solution cell as it runs: without the prompts and otter's marks."""
    return re.sub(r'(?ms)^ *# (BEGIN|END) SOLUTION.*?$\n?|^ *""" # BEGIN PROMPT.*?""" # END PROMPT\n?', "", source)


def stubbed(source):
    """Return the source of a solution cell as the student finds it."""
    source = re.sub(r"(?ms)^ *# BEGIN SOLUTION.*?# END SOLUTION\n?", "", source)
    return re.sub(r'(?m)^ *""" # (BEGIN|END) PROMPT\n?', "", source)


def script(name):
    """Return what runs before and between the questions, and the questions, in order: str or Question."""
    found, question, place = [], None, None
    for cell in cells(name):
        text = cell.source
        if cell.cell_type == "raw":
            if text.startswith("# BEGIN QUESTION"):
                question, place = dict(re.findall(r"(?m)^(\w+): *(.*?) *$", text)), "prompt"
                question.update(prompt=[], solution=[], tests=[])
            elif text.startswith("# END QUESTION"):
                found.append(_question(question))
                question = None
            elif text.startswith(("# BEGIN SOLUTION", "# BEGIN TESTS")):
                place = text.split()[2]
        elif question is None:
            if cell.cell_type == "code":
                found.append(text)
        else:
            question[{"SOLUTION": "solution", "TESTS": "tests"}.get(place, place)].append(text)
    return found


def questions(name):
    """Return the questions of the assignment `name`: {name: Question}."""
    return {part.name: part for part in script(name) if isinstance(part, Question)}


def namespace(name, changed=None, until=None):
    """Return what the notebook defines when its cells ran: solutions, but for `changed`, {question: source}.

    With `until`, the name of a question, it stops behind it.
    """
    values = {"__name__": "__main__"}
    for part in script(name):
        if isinstance(part, str):
            exec(compile(part.replace("print(", "(lambda *unused: None)("), name, "exec"), values)
        elif not part.manual:
            exec(compile((changed or {}).get(part.name, part.solution), part.name, "exec"), values)
        if until is not None and getattr(part, "name", None) == until:
            break
    return values


def _question(found):
    manual = found.get("manual") == "true"
    source = "\n\n\n".join(found["solution"])
    written = [_test(text) for text in found["tests"]]
    tests = (
        None
        if manual
        else testfiles.load(
            "\n\n".join(
                [
                    "from otter.test_files import test_case",
                    f"OK_FORMAT = False\nname = {found['name']!r}\npoints = None",
                    *written,
                ]
            ),
            found["name"],
        )
    )
    points = float(found.get("points", 0)) if manual else tests.points
    return Question(
        found["name"],
        points,
        manual,
        solved(source),
        "" if manual else stubbed(source),
        tests,
        *("\n\n".join(text for text in written if ("hidden=True" in text) is hidden) for hidden in (True, False)),
        "\n\n".join(found["prompt"]),
    )


def _test(text):
    """Return a test cell as otter writes it: the configuration becomes a decorator, the call goes."""
    config, function = text.split('""" # END TEST CONFIG\n')
    points, hidden = (re.search(rf"(?m)^{key}: (.*)$", config).group(1) for key in ("points", "hidden"))
    body, call = function.rsplit("\n\n", 1)
    assert call.startswith("test_"), f"a test cell ends in the call of its test, not in {call!r}"
    return f"@test_case(points={points}, hidden={hidden.title()})\n{body}"
