"""The pages for those who teach: minutes add up, sections and slides exist, quoted mistakes are the course's own."""

import json
import re

import nbformat
import pytest

import project
import teaching
from coursekit import checks
from coursekit.grading.quiz import drawing
from coursekit.grading.quiz.dice import Dice
from coursekit.lectures import LECTURES
from slides import decks

PAGES = {lecture: path.read_text(encoding="utf-8") for lecture, path in teaching.pages().items()}
SECTIONS = {lecture: teaching.sections(project.ROOT / "notebooks" / f"{lecture.stem}.ipynb") for lecture in PAGES}
PLANS = (teaching.FOLDER / "README.md").read_text(encoding="utf-8")
NEEDS = {  # the lectures that an assignment asks about; a quiz says so itself
    "hw1_numpy_network": {"00", "01", "08"},
    "hw2_convolution": {"02", "03", "04", "05", "06", "07"},
    "hw3_brain_food": {"09"},
}
page = pytest.mark.parametrize("lecture", PAGES, ids=lambda one: one.number)
plan = pytest.mark.parametrize("title", ["Thirteen weeks", "Five days"])


def numbered(names):
    """Those of some headings that begin with a number, exercises aside."""
    return [name for name in names if re.match(r"\d+ · (?!Exercises$)", name)]


def test_every_lecture_has_a_page_and_nothing_else_lies_there():
    expected = {f"{lecture.stem}.md" for lecture in LECTURES} | {"README.md"}
    assert {path.name for path in teaching.FOLDER.iterdir()} == expected


@page
def test_the_head_is_that_of_lecture_and_deck(lecture):
    assert teaching.renewed(PAGES[lecture], lecture) == PAGES[lecture], "run `make badges`"


@page
def test_a_page_has_every_part_and_stays_short(lecture):
    text = PAGES[lecture]
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == teaching.PARTS
    assert [title for title in teaching.PARTS if len(teaching.part(text, title).split()) < 50] == []
    prose = re.sub(r"^\|.*$", "", text, flags=re.MULTILINE)
    assert 350 <= len(prose.split()) <= 650
    assert len(teaching.quotes(teaching.part(text, "What students get wrong"))) >= 4
    asked = re.split(r"^\d\. ", teaching.part(text, "What to ask"), flags=re.MULTILINE)[1:]
    assert len(asked) >= 3 and [one for one in asked if "*Hope for:*" not in one] == []
    assert "*Answer:*" in teaching.part(text, "In the room")


# ---------------------------------------------------------------- minutes


@page
def test_the_minutes_add_up(lecture):
    table = teaching.minutes(PAGES[lecture])
    said = table.pop(teaching.TOGETHER)
    assert said == tuple(teaching.COLUMNS.values()) == tuple(map(sum, zip(*table.values(), strict=True)))
    assert f"| Section | {' | '.join(teaching.COLUMNS)} |" in PAGES[lecture]


@page
def test_the_sections_are_those_of_the_lecture_in_their_order(lecture):
    added = {teaching.OPENING, teaching.ROOM, teaching.TOGETHER}
    named = [name for name in teaching.minutes(PAGES[lecture]) if name not in added]
    assert named == [name for name in SECTIONS[lecture] if name in named]
    assert numbered(named) == numbered(SECTIONS[lecture]) and teaching.CLOSING in named


@page
def test_no_section_stands_in_both_halves_and_none_of_the_first_after_the_second(lecture):
    table = teaching.minutes(PAGES[lecture])
    del table[teaching.TOGETHER]
    halves = ["first" if first else "second" for *_, first, second in table.values() if first or second]
    assert not any(first and second for *_, first, second in table.values())
    assert halves == sorted(halves)


@page
def test_what_fifty_minutes_leave_out_is_named_where_it_is_said_what_is_lost(lecture):
    out = [name.split()[0] for name, (fifty, *_) in teaching.minutes(PAGES[lecture]).items() if not fifty]
    text = teaching.part(PAGES[lecture], "What to skip")
    assert [number for number in out if not re.search(rf"\b[Ss]ections? [^.:;]*\b{number}\b", text)] == []


# ---------------------------------------------------------------- what is quoted


@page
def test_a_quoted_mistake_is_one_that_the_course_recognises(lecture):
    bank, exercises = drawing.bank(), checks.exercises(lecture.number)
    for sentence, kind, name in teaching.quotes(PAGES[lecture]):
        assert name[:2] == lecture.number, name
        if kind == "check":
            known = {text for text, _ in exercises[name].misconceptions}
        else:
            drawn = (thought for i in range(40) for _, thought in bank[name][1](Dice(f"{i}")).wrong)
            known = {thought for one in drawn for thought in one.split("; or ")}
        assert sentence in known, f"{kind} {name}: {sorted(known)}"


@page
def test_no_mistake_is_quoted_without_its_source(lecture):
    items = re.findall(r"^- ", teaching.part(PAGES[lecture], "What students get wrong"), re.MULTILINE)
    assert len(items) == len(teaching.quotes(PAGES[lecture]))


@page
def test_a_slide_that_is_named_is_one_of_the_deck(lecture):
    path = project.ROOT / "slides" / f"{lecture.stem}.ipynb"
    headings = [one.cells[0].source.split("\n")[0].lstrip("# ") for one in decks.slides(nbformat.read(path, 4))]
    assert [name for name in teaching.slides_named(PAGES[lecture]) if name not in headings] == []


def test_slides_are_named_and_an_explorer_wherever_a_lecture_has_one():
    assert sum(len(teaching.slides_named(text)) for text in PAGES.values()) >= 5
    for lecture, text in PAGES.items():
        cells = nbformat.read(project.ROOT / "notebooks" / f"{lecture.stem}.ipynb", 4).cells
        if any("from coursekit.explorers import" in cell.source for cell in cells):
            assert "xplorer" in teaching.part(text, "Minutes"), lecture.number


@pytest.mark.parametrize("path", sorted(teaching.FOLDER.glob("*.md")), ids=lambda path: path.stem[:6])
def test_every_link_leads_to_a_file(path):
    links = re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8"))
    assert links and [link for link in links if not (path.parent / link).is_file()] == []


# ---------------------------------------------------------------- the plans


def rows(title):
    """The rows of a plan, each as {heading of a column: the numbers of lectures or names of assignments linked there}."""
    header, _, *lines = re.findall(r"^\|(.+)\|$", teaching.part(PLANS, title), re.MULTILINE)
    names = [name.strip() for name in header.split("|")]
    found = []
    for line in lines:
        cells = [re.findall(r"\]\(([^)]+)\)", cell) for cell in line.split("|")]
        linked = [
            [re.sub(r"^(?:\.\./\.\./assignments/(\w+)/.*|(\d\d)_.*)$", r"\1\2", one) for one in cell] for cell in cells
        ]
        found.append(dict(zip(names, linked, strict=True)))
    return found


def days(plan, column):
    """{assignment or lecture: the row in which the plan's column has it}; each may stand there once."""
    named = [(name, row) for row, cells in enumerate(plan) for name in cells[column]]
    assert len({name for name, _ in named}) == len(named), column
    return dict(named)


@plan
def test_a_plan_has_each_lecture_once_in_order(title):
    (column,) = [name for name in rows(title)[0] if name.startswith("Lecture")]
    assert list(days(rows(title), column)) == [lecture.number for lecture in LECTURES]
    assert len(rows(title)) == {"Thirteen weeks": 13, "Five days": 5}[title]


@plan
def test_an_assignment_is_due_after_it_was_given_out_and_after_what_it_asks_about(title):
    table = rows(title)
    (column,) = [name for name in table[0] if name.startswith("Lecture")]
    taught, out, due = (days(table, name) for name in (column, "Out", "Due"))
    assert set(out) == set(due) == set(NEEDS) == {path.parent.name for path in project.masters()}
    for name, needed in NEEDS.items():
        assert out[name] < due[name] >= max(taught[number] for number in needed), name


@plan
def test_a_quiz_comes_when_all_its_lectures_were_taught(title):
    table = rows(title)
    (column,) = [name for name in table[0] if name.startswith("Lecture")]
    taught, quizzes = days(table, column), days(table, "Quiz")
    asked = {path.parent.name: json.loads(path.read_text()) for path in project.ROOT.glob("assignments/*/quiz.json")}
    assert set(quizzes) == set(asked)
    for name, settings in asked.items():
        assert quizzes[name] >= max(taught[number] for number in settings["lectures"]), name


def test_a_day_of_the_short_course_has_at_most_four_hours_of_lectures():
    lines = re.findall(r"^\| \d \| (.+?) \|", teaching.part(PLANS, "Five days"), re.MULTILINE)
    for line in lines:
        lengths = [90 if word == "2 × 45" else int(word) for word in re.findall(r"\) \(([^)]+)\)", line)]
        assert set(lengths) <= {50, 75, 90} and sum(lengths) <= 240
