"""What a copy for students must not hold: searched before it is released, and with `release --check` afterwards."""

import json
import re
from pathlib import Path

from coursekit.grading import build, choices

_SOLUTION = re.compile(r"(?s)# BEGIN SOLUTION NO PROMPT\n(.*?)# END SOLUTION")
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
_CODE = re.compile(r"(?s)```python\n(.*?)```")


def check(folder, root=build.ROOT, answers=True):
    """Raise ValueError where a students' copy in `folder` holds what only the lecturer of `root` may have.

    Searched are seeds of hidden tests in all files, and lines of solutions and of hidden tests in the
    assignments and their data. There must be no master, no part of `coursekit.grading` and no likely mistake
    as code; and, where `answers` is False, no answer of a lecture's exercise.
    """
    seeds, lines = secrets(root)
    folder = Path(folder)
    if not (folder / "coursekit").is_dir():
        raise ValueError(f"out must be a copy of the course, with the package coursekit. Received: {folder}")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or ".venv" in path.parts:
            continue
        if (
            name.startswith(("coursekit/grading/", "assignments/_build/"))
            or path.name == "misconceptions.py"
            and name.startswith("assignments/")
            or "/student/" in name
        ):
            raise ValueError(f"students must not have {name}")
        text = _text(path)
        found = next((number for number in _NUMBER.findall(text) if number in seeds), None)
        if not found and "assignments/" in name:
            found = next((line for line in map(str.strip, text.splitlines()) if line in lines), None)
        if found:
            raise ValueError(f"students must not have {found!r}, which is a secret of an assignment, in {name}")
    found = None if answers else _answer(folder, Path(root))
    if found:
        raise ValueError(f"students must not have {found}, where answers are withheld")


def secrets(root=build.ROOT):
    """Return (seeds, lines) of all masters below `root`: sets of texts that occur in no file for students."""
    seeds, lines, shown, solved = set(), set(), set(), False
    for path in sorted(Path(root).glob("assignments/*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text = "".join(cell["source"])
            if cell["cell_type"] == "raw" and "SOLUTION" in text:
                solved = text.startswith("# BEGIN")
            elif "hidden: true" in text:
                seeds |= {seed for seed in re.findall(r"default_rng\((\d+)\)", text) if len(seed) > 3}
                lines |= set(_lines(text))
            elif solved and cell["cell_type"] == "markdown":
                lines |= set(_lines(text))
            else:
                lines |= {line for solution in _SOLUTION.findall(text) for line in _lines(solution)}
                shown |= set(_lines(_SOLUTION.sub("", text)))
    return seeds, lines - shown


def _lines(text):
    """Yield the lines that tell something: short ones occur in many programs."""
    return (line for line in map(str.strip, text.splitlines()) if len(line) > 24)


def _text(path):
    """Return what a file says; of a notebook the sources, without the JSON around them, and the printed text."""
    text = path.read_text(encoding="utf-8", errors="ignore")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    outputs = [
        json.dumps({key: value for key, value in output.items() if key != "data"})
        for cell in cells
        for output in cell.get("outputs", [])
    ]
    return "\n".join(["".join(cell["source"]) for cell in cells] + outputs)


def _answer(folder, root):
    """Return a sentence for an answer of a lecture that the copy in `folder` holds, or None; `root` is the course.

    Looked for are folded answers, modules of checks, and lines of the answers' code that stand nowhere else in the
    lectures.
    """
    lines = _answer_lines(root)
    for path in sorted((folder / choices.CHECKS).glob("lecture*.py")):
        return f"the checks with their answers, {path.relative_to(folder).as_posix()}"
    for path in sorted([*folder.glob("notebooks/*.ipynb"), *folder.glob(f"{choices.CHECKS}*.*")]):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        folded = next((found[0] for found in choices.FOLDED.finditer(text) if choices.is_answer(found[1])), None)
        line = next((line for line in map(str.strip, text.splitlines()) if line in lines), None)
        if folded or line:
            return f"an answer, {(folded or line)[:80]!r}, in {path.relative_to(folder).as_posix()}"
    return None


def _answer_lines(root):
    """Return the lines of code that stand in answers and nowhere else in the lectures of the course `root`."""
    answers, others = set(), set()
    for path in sorted(root.glob("notebooks/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text = "".join(cell["source"])
            for found in choices.FOLDED.finditer(text):
                if choices.is_answer(found[1]):
                    answers |= {line for code in _CODE.findall(found[2]) for line in _lines(code)}
            others |= set(_lines(choices.FOLDED.sub("", text)))
    return answers - others
