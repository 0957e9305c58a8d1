"""`make assignments`: the same bytes wherever and whenever it runs, and those that are committed. It needs otter."""

import ast
import os
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest

import equipment
import masters
import project
from coursekit.assignments import testfiles
from coursekit.grading import assignment as grading_assignments
from coursekit.grading import build, grader, published

SCRIPT = "import pathlib, sys; from coursekit.grading import build; build.main(root=pathlib.Path(sys.argv[1]))"


def written(root):
    """Return {path: bytes} of all that a build has written below `root`."""
    folders = [
        folder / name
        for name in masters.ALL
        for folder in (root / "data" / "assignments", root / "assignments" / "_build")
    ]
    folders += [root / "assignments" / name / "student" for name in masters.ALL]
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Two folders, built at the same time in other places, time zones and orders of sets."""
    started = []
    for name, zone in (("one", "Pacific/Auckland"), ("the other one", "America/Lima")):
        root = tmp_path_factory.mktemp("build") / name
        shutil.copytree(masters.FOLDER, root / "assignments", ignore=shutil.ignore_patterns("student", "_build"))
        shutil.copy(project.ROOT / "pyproject.toml", root)
        clean = project.environment(PYTHONPATH=str(project.ROOT), TZ=zone, PYTHONHASHSEED=str(len(started)))
        started.append(
            (
                root,
                subprocess.Popen(
                    [sys.executable, "-c", SCRIPT, str(root)],
                    env=clean,
                    cwd=root,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                ),
            )
        )
    for _, process in started:
        shown, _ = process.communicate(timeout=300)
        assert process.returncode == 0, shown
    return [root for root, _ in started]


@equipment.needs("otter")
def test_two_builds_write_the_same_bytes(built):
    one, other = map(written, built)
    assert one == other and sum("_build" in name for name in one) > 20


@equipment.needs("otter")
@pytest.mark.parametrize("name", masters.ALL)
def test_what_is_committed_is_what_a_build_writes(name, built):
    """After a change of a master or of build.py: make assignments."""
    fresh = {path: data for path, data in written(built[0]).items() if f"/{name}/" in path and "_build" not in path}
    assert len(fresh) > 3
    for path, data in fresh.items():
        stored = (project.ROOT / path).read_bytes()
        same = ast.dump(ast.parse(stored)) == ast.dump(ast.parse(data)) if path.endswith(".py") else stored == data
        assert same, f"{path} is not what make assignments writes"  # Python 3.10 writes other brackets
    stored = {path for path in written(project.ROOT) if f"/{name}/" in path and "_build" not in path}
    assert stored == set(fresh)


@equipment.needs("otter")
@pytest.mark.parametrize("name", masters.ALL)
def test_the_grader_gets_all_tests_and_the_student_the_public_ones(name, built):
    private = built[0] / "assignments" / "_build" / name
    for question in masters.questions(name).values():
        if question.manual:
            continue
        every = testfiles.load((private / "tests" / f"{question.name}.py").read_text(encoding="utf-8"))
        public = testfiles.load(
            (built[0] / "data" / "assignments" / name / f"{question.name}.py").read_text(encoding="utf-8")
        )
        assert every.points == question.points
        assert [case.name for case in every.cases] == [case.name for case in question.tests.cases]
        assert [case.name for case in public.cases] == [case.name for case in every.cases if not case.hidden]
        assert any(case.hidden for case in every.cases)


@equipment.needs("otter")
@pytest.mark.parametrize("name", masters.ALL)
def test_the_archive_for_gradescope_holds_all_tests_and_no_time(name, built):
    (path,) = (built[0] / "assignments" / "_build" / name).glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert archive.testzip() is None and names == sorted(names)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        asked = [f"tests/{question.name}.py" for question in masters.questions(name).values() if not question.manual]
        assert {"run_autograder", "setup.sh", "otter_config.json", *asked} <= set(names)
        assert "hidden=True" in archive.read(asked[0]).decode()


def handed_in(name, **answers):
    """Return the bytes of a student's notebook in which {question: source} are answered, others not."""
    notebook = masters.student(name)
    for cell in notebook.cells:
        question, _, part = cell.id.partition("-")
        if question in answers and part in ("answer", "answer-1"):
            cell.source = answers[question]
        elif question in answers and part.startswith("answer-"):
            cell.source = ""
    return nbformat.writes(notebook).encode()


@equipment.needs("bubblewrap", "otter")
@pytest.mark.parametrize("name", ["hw1_numpy_network", "hw2_convolution"])
def test_the_grader_gives_solutions_all_points_and_stubs_none(name, built):
    assignment = grading_assignments.load(name, built[0] / "assignments")
    solutions = {
        question.name: question.solution for question in masters.questions(name).values() if not question.manual
    }
    full, blank = (grader.grade(assignment, handed_in(name, **answers)) for answers in (solutions, {}))
    assert (full["points"], full["possible"], full["problem"], full["errors"]) == (19, 19, None, [])
    assert (blank["points"], blank["problem"], blank["errors"]) == (0, None, [])
    assert {case["kind"] for one in blank["questions"].values() for case in one["cases"]} == {"unanswered"}


@equipment.needs("bubblewrap", "otter")
@pytest.mark.parametrize(
    "answer",
    [
        "def correlate1d(signal, kernel, stride=1, padding=0):\n"
        "    return np.correlate(np.pad(signal, padding), kernel, 'valid')[::stride]",
        "helper = np.correlate\ndef correlate1d(signal, kernel, stride=1, padding=0):\n"
        "    return helper(np.pad(signal, padding), kernel, 'valid')[::stride]",
    ],
)
def test_what_homework_2_asks_to_be_written_by_hand_earns_nothing_when_borrowed_from_numpy(answer, built):
    assignment = grading_assignments.load("hw2", built[0] / "assignments")
    report = grader.grade(assignment, handed_in("hw2_convolution", q2=answer))
    cases = report["questions"]["q2"]["cases"]
    assert report["points"] == 0 and report["errors"] == []
    assert "numpy.correlate is not allowed in this assignment: write it by hand" in cases[0]["message"]
    assert {case["message"] for case in cases if case["hidden"]} == {grader.HIDDEN}


ZEROS = "import numpy as np\n{names} = lambda *given, **named: np.zeros((0, 1, 1))"
WHOLE = """
import numpy as np
def output_size(n, kernel, stride=1, padding=0):
    return np.int64(max(0, (n + 2 * padding - kernel) // stride + 1))"""


@equipment.needs("bubblewrap", "otter")
@pytest.mark.parametrize("name", ["hw1_numpy_network", "hw2_convolution"])
def test_functions_that_return_nothing_but_emptiness_earn_nothing(name, built):
    assignment = grading_assignments.load(name, built[0] / "assignments")
    answers = {
        question.name: ZEROS.format(names=" = ".join(question.tests.parameters))
        for question in masters.questions(name).values()
        if not question.manual
    }
    report = grader.grade(assignment, handed_in(name, **answers))
    assert (report["points"], report["problem"], report["errors"]) == (0, None, [])


@equipment.needs("bubblewrap", "otter")
def test_a_whole_number_of_numpy_is_a_whole_number(built):
    assignment = grading_assignments.load("hw2", built[0] / "assignments")
    report = grader.grade(assignment, handed_in("hw2_convolution", q1=WHOLE))
    assert report["points"] == 2 and all(case["passed"] for case in report["questions"]["q1"]["cases"])


@equipment.needs("bubblewrap", "otter")
def test_training_on_the_digits_that_everybody_has_for_testing_is_no_help(built):
    """Homework 1, question 11: a network that knows all of them by heart does not reach the second point."""
    assignment = grading_assignments.load("hw1", built[0] / "assignments")
    solutions = {one.name: one.solution for one in masters.questions("hw1_numpy_network").values() if not one.manual}
    heart = solutions["q11"].split("digit_parameters, digit_losses")[0] + (
        "learned, known = digits.load('test')\n"
        "digit_parameters, digit_losses = mini_batch_descent(learned.reshape(len(learned), -1), one_hot(known, 10), "
        "digit_parameters, rate=0.2, epochs=40, size=32, seed=0)\n"
        "h, p = forward(learned.reshape(len(learned), -1), digit_parameters)\n"
        "assert (p.argmax(axis=1) == known).mean() > 0.99"
    )
    report = grader.grade(assignment, handed_in("hw1_numpy_network", **{**solutions, "q11": heart}))
    assert (report["errors"], report["questions"]["q11"]["points"]) == ([], 1)


def test_gradescope_knows_a_students_notebook_by_its_assignment():
    for name in masters.ALL:
        assert masters.student(name).metadata["otter"] == {"assignment_name": name}


@equipment.needs("bubblewrap", "otter")
@pytest.mark.parametrize(
    "borrowed",
    [
        "scipy.signal import correlate",
        "tensorflow import nn",
        "keras import ops",
        "coursekit.convolution import correlate2d",
    ],
)
def test_the_grader_has_no_framework_for_homework_2(borrowed, built):
    assignment = grading_assignments.load("hw2", built[0] / "assignments")
    answer = f"from {borrowed}\ndef output_size(n, kernel, stride=1, padding=0): return 1"
    report = grader.grade(assignment, handed_in("hw2_convolution", q1=answer))
    (error,) = report["errors"]
    assert report["points"] == 0 and error[1] in ("ImportError", "ModuleNotFoundError")


def test_a_build_leaves_what_it_did_not_write(tmp_path):
    """Such as the recordings that no student has, which take minutes to make."""
    folder = tmp_path / "tests"
    kept = tmp_path / "held_out" / "held_out.npz"
    kept.parent.mkdir()
    kept.write_bytes(b"kept")
    (build._emptied(folder) / "q1.py").write_text("")
    assert os.listdir(build._emptied(folder)) == [] and kept.read_bytes() == b"kept"


def test_a_students_notebook_has_its_badge_under_the_title():
    notebook = {"metadata": {}, "cells": [{"id": "a", "cell_type": "markdown", "metadata": {}, "source": "# T\n\nx"}]}
    badge = published.Repository("https://github.com/someone/fork").badge("assignments/hw9/student/hw9.ipynb")
    first = "".join(build._student("hw9", notebook, badge)["cells"][0]["source"])
    assert first.startswith(f"# T\n\n{badge}\n") and first.rstrip().endswith("x")


@equipment.needs("otter")
def test_an_unknown_name_is_refused(tmp_path):
    with pytest.raises(ValueError, match="names must be among hw1.*Received: 'hw0'"):
        build.main(["hw0"])
    shutil.copy(project.ROOT / "pyproject.toml", tmp_path)
    assert build.main([], tmp_path) == ()


def test_without_otter_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(build.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="otter-grader is missing: install the lecturer's extra"):
        build.main()


@equipment.needs("otter")
def test_a_master_that_otter_cannot_read_is_told(tmp_path, monkeypatch):
    shutil.copy(project.ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "assignments" / "bad" / "bad.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    fails = subprocess.CompletedProcess([], 1, "", "KeyError: 'cells'")  # to import otter takes seconds
    monkeypatch.setattr(build.subprocess, "run", lambda *words, **named: fails)
    with pytest.raises(RuntimeError, match="otter assign failed on one of bad:\nKeyError: 'cells'"):
        build.main([], tmp_path)
    assert not (path.parent / "student").exists()
