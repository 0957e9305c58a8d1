"""The list of lectures, what each consists of, and the skeleton of a new one."""

import json
import re

import pytest
from nbformat import v4

import lecture as scaffold
import notebook_rules
import project
import timing
from coursekit import lectures
from coursekit.lectures import LECTURES, Lecture

WRITTEN = [one for one in LECTURES if (project.ROOT / "notebooks" / f"{one.stem}.ipynb").exists()]
NEW = Lecture(
    "99", "a_new_one", "What is still empty?", "Something new: and all that follows", "about a second", "about 1 GB"
)


def opening(one):
    """The first cell of a lecture's notebook."""
    return v4.reads((project.ROOT / "notebooks" / f"{one.stem}.ipynb").read_text(encoding="utf-8")).cells[0].source


def test_the_list_numbers_the_lectures_from_zero_and_names_each_once():
    assert [one.number for one in LECTURES] == [f"{i:02}" for i in range(len(LECTURES))] and len(LECTURES) == 13
    assert len({one.name for one in LECTURES}) == len(LECTURES)
    assert all(re.fullmatch(r"[a-z][a-z_]+", one.name) and ": " in one.teaches for one in LECTURES)


@pytest.mark.parametrize("folder", ["notebooks", "slides"])
def test_every_notebook_of_a_lecture_is_of_the_list(folder):
    known = {f"{one.stem}.ipynb" for one in LECTURES}
    assert {path.name for path in (project.ROOT / folder).glob("*.ipynb")} - known == set()


@pytest.mark.parametrize("one", WRITTEN, ids=lambda one: one.number)
def test_the_list_says_the_title_and_the_running_time_and_memory_of(one):
    assert opening(one).startswith(f"# {one.number} · {one.title}\n")
    assert f"*Running time on a laptop with two cores: {one.runs}" in opening(one)
    assert one.memory and f"needs {one.memory} of memory" in opening(one)


@pytest.mark.parametrize("one", WRITTEN, ids=lambda one: one.number)
def test_nothing_is_missing_of(one):
    parts = [name for name in scaffold.files(one) if not name.startswith("slides/")]  # tests/slides asks for those
    if one.number == "00":  # what it teaches is not asked in a quiz
        parts = [name for name in parts if "/quiz/" not in name]
    assert [name for name in parts if not (project.ROOT / name).exists()] == []


@pytest.mark.parametrize("name", [name for one in LECTURES for name in scaffold.files(one)])
def test_nothing_is_still_to_be_written_in(name):
    path = project.ROOT / name
    assert not path.exists() or scaffold.GAP not in path.read_text(encoding="utf-8"), "it is a skeleton: fill it"


# ---------------------------------------------------------------- the skeleton


def test_a_skeleton_has_every_part_and_keeps_what_is_there(tmp_path):
    (tmp_path / "coursekit/checks").mkdir(parents=True)
    (tmp_path / "coursekit/checks/lecture99.py").write_text("mine")
    written = scaffold.write(NEW, tmp_path)
    assert len(written) == 6 and all((tmp_path / name).is_file() for name in scaffold.files(NEW))
    assert (tmp_path / "coursekit/checks/lecture99.py").read_text() == "mine"
    assert scaffold.write(NEW, tmp_path) == []


def test_every_part_of_a_skeleton_says_that_it_is_empty(tmp_path):
    for name, text in scaffold.files(NEW).items():
        assert scaffold.GAP in text, name


def test_the_notebook_of_a_skeleton_breaks_no_rule_but_that_it_was_not_run(tmp_path):
    scaffold.write(NEW, tmp_path)
    path = tmp_path / f"notebooks/{NEW.stem}.ipynb"
    notebook = v4.reads(path.read_text(encoding="utf-8"))
    breaches = [fault for rule in notebook_rules.RULES for fault in rule(notebook, path)]
    assert breaches and all(re.search("was not run|output is not stored", fault) for fault in breaches)


def test_the_modules_of_a_skeleton_fit_together(tmp_path):
    texts = {name.split("/")[-2]: text for name, text in scaffold.files(NEW).items() if name.endswith(".py")}
    spaces = {folder: {} for folder in texts}
    for folder, text in texts.items():
        if folder != "quiz":  # which would join the bank of this process
            exec(text, spaces[folder])
    (exercise,) = spaces["checks"]["EXERCISES"]
    answers = spaces["answers"]["BANK"][exercise.name]
    assert exercise.check(answers.solution).passed
    assert all(part in exercise.check(wrong).message for wrong, part in answers.wrong)
    cells = json.loads(scaffold.files(NEW)[f"notebooks/{NEW.stem}.ipynb"])["cells"]
    assert spaces["facts"]["FACTS"][0].cell in [cell["id"] for cell in cells]
    compile(texts["quiz"], "quiz", "exec")


def test_a_lecture_without_title_or_an_unknown_number_is_refused(tmp_path):
    with pytest.raises(ValueError, match="lecture 99 needs title, runs and memory in coursekit/lectures.py"):
        scaffold.write(NEW._replace(title=""), tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="number must be one of 00, 01, .*, 12. Received: '99'"):
        lectures.find("99")
    with pytest.raises(SystemExit, match=r"number must be one of .*\n.*a line in coursekit/lectures.py first"):
        scaffold.main("99")


def test_time_and_memory_that_a_lecture_states_can_be_compared_with_what_it_took():
    assert all(10 <= timing.seconds(one.runs) <= 300 for one in LECTURES)
    assert all(2e8 <= timing.stated_bytes(one.memory) <= 4e9 for one in LECTURES)
    twice = {one.stem: (2.1 * timing.seconds(one.runs), 8.1e9) for one in LECTURES}
    report = timing.lines(twice)
    assert len(report) == len(LECTURES) and all("MORE THAN TWICE AS LONG" in line for line in report)
    assert all("MORE THAN TWICE AS MUCH" in line for line in report)
