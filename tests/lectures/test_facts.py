"""Every number that the syllabus promises is computed by a cell of its lecture, which printed it."""

import ast
import importlib
import re

import pytest
from nbformat import v4

import project
from facts import Fact  # noqa: F401  (for the examples)

FOLDER = project.ROOT / "tests" / "support" / "facts"
LECTURES = sorted(path.stem.removeprefix("lecture") for path in FOLDER.glob("lecture[0-9][0-9].py"))
NOTEBOOKS = {path.name[:2]: v4.reads(path.read_text(encoding="utf-8")) for path in project.notebooks()}
FACTS = [fact for lecture in LECTURES for fact in importlib.import_module(f"facts.lecture{lecture}").FACTS]


def printed(cell):
    """Return all text that a code cell shows, without commas between digits: 62,338 is 62338."""
    text = "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)
    return plain(text)


def plain(text):
    """
    >>> plain("−62,338 of (1, 2)")
    '-62338 of (1, 2)'
    """
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text.replace("−", "-"))


def missing(fact, cell):
    """Return the first of the fact's numbers that the output does not hold after the ones before, or None.

    >>> cell = v4.new_code_cell(outputs=[v4.new_output("stream", text="15 weights, then 9; 62,338 together")])
    >>> missing(Fact("", "", "", ("15", "9", "62,338")), cell), missing(Fact("", "", "", ("9", "15")), cell)
    (None, '15')
    >>> missing(Fact("", "", "", ("5",)), cell), missing(Fact("", "", "", ("338",)), cell)
    ('5', '338')
    """
    text, place = printed(cell), 0
    for number in fact.numbers:
        found = re.compile(rf"(?<![\w.]){re.escape(plain(number))}(?![\w]|\.\d)").search(text, place)
        if not found:
            return number
        place = found.end()
    return None


def typed(fact, cell):
    """Return the fact's numbers of three or more digits that are typed in the cell, instead of computed.

    >>> cell = v4.new_code_cell("print(f'it is 62,338 or {250 * 4}')")
    >>> typed(Fact("", "", "", ("62,338", "1,000", "250", "4")), cell)
    ['62,338', '250']
    """
    constants = [str(node.value) for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Constant)]
    words = {word for text in constants for word in re.findall(r"[\d.]*\d", plain(text))}
    return [number for number in fact.numbers if len(re.sub(r"\D", "", number)) > 2 and plain(number) in words]


def cell_of(fact):
    lecture = NOTEBOOKS[fact.name[:2]]
    found = [cell for cell in lecture.cells if cell.id == fact.cell and cell.cell_type == "code"]
    assert found, f"lecture {fact.name[:2]} has no code cell {fact.cell!r}"
    return found[0]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_the_cell_computes_and_shows(fact):
    cell = cell_of(fact)
    assert fact.numbers and missing(fact, cell) is None, f"{missing(fact, cell)} is not in:\n{printed(cell)}"
    assert not typed(fact, cell), f"typed in the source, not computed: {typed(fact, cell)}"


def test_facts_have_names_of_their_own():
    names = [fact.name for fact in FACTS]
    assert names and len(set(names)) == len(names)
    assert all(re.fullmatch(r"\d\d\.[a-z0-9_]+", name) for name in names)


@pytest.mark.parametrize("lecture", LECTURES)
def test_a_module_holds_the_facts_of_its_own_lecture(lecture):
    facts = importlib.import_module(f"facts.lecture{lecture}").FACTS
    assert facts and {fact.name[:2] for fact in facts} == {lecture}
