"""What a student calls: start, check, check_all; nothing escapes a check, and nothing prints."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from nbclient import NotebookClient

import badges
import masters
import project
from coursekit import assignments, datafiles
from coursekit.assignments import Grader, Report, misconceptions, testfiles
from coursekit.checks import recorded

HW1 = "hw1_numpy_network"


def eye(labels, classes):
    return np.eye(classes)[labels]


# ---------------------------------------------------------------- start


def test_start_looks_among_the_global_names_of_its_caller():
    names = {"assignments": assignments, "one_hot": eye}
    exec(f"grader = assignments.start({HW1!r})", names)
    assert names["grader"].check("q1").passed is True
    del names["one_hot"]
    assert names["grader"].check("q1").message == "not answered yet: no cell has defined `one_hot`"


def test_every_master_can_be_started():
    assert set(masters.NAMES) <= set(assignments.names())
    assert all(isinstance(assignments.start(name, {}), Grader) for name in assignments.names())


@pytest.mark.parametrize("name", ["hw1", "", None, 1, ["hw1_numpy_network"], "../hw1_numpy_network"])
def test_an_unknown_assignment_is_named(name):
    with pytest.raises(ValueError, match="name must be one of hw1_numpy_network.*Received: "):
        assignments.start(name)


def test_a_namespace_that_is_no_dictionary_is_refused():
    with pytest.raises(TypeError, match="namespace must be a dictionary of names. Received: 3"):
        assignments.start(HW1, 3)


# ---------------------------------------------------------------- check


@pytest.mark.parametrize("question", ["q0", "Q1", "", None, 1, "../q1", ["q1"]])
def test_an_unknown_question_is_named(question):
    with pytest.raises(ValueError, match="question must be one of q1, q2, .*Received: "):
        assignments.start(HW1, {}).check(question)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, "not answered yet"),
        (..., "not answered yet"),
        (3, "your code raised TypeError: 'int' object is not callable"),
        (lambda labels: labels, "your code raised TypeError"),
        (lambda labels, classes: None, "your function returned None: is a return missing?"),
        (lambda labels, classes: [[1], [2, 3]], "your code raised ValueError"),
        (lambda labels, classes: "text", "received ()"),
    ],
)
def test_whatever_stands_in_place_of_an_answer_gets_a_sentence(answer, message):
    result = assignments.start(HW1, {"one_hot": answer}).check("q1")
    assert message in result.message and result.passed is (None if "yet" in message else False)


def test_what_an_answer_raises_is_told_but_ctrl_c_is_not_held_back():
    def raising(error):
        def one_hot(labels, classes):
            raise error

        return assignments.start(HW1, {"one_hot": one_hot}).check("q1")

    assert raising(KeyError("lost")).message == "your code raised KeyError: 'lost'"
    assert raising(NotImplementedError()).passed is None
    with pytest.raises(KeyboardInterrupt):
        raising(KeyboardInterrupt())


def test_messages_stay_short():
    result = assignments.start(HW1, {"one_hot": lambda *_: np.zeros((3, 4)) + 1 / 3}).check("q1")
    assert result.passed is False and len(result.message) < 2000


def test_an_answer_corrected_is_seen_at_the_next_check():
    names = {"one_hot": lambda labels, classes: eye(labels, classes).T}
    grader = assignments.start(HW1, names)
    assert "Likely: this is the other way round" in grader.check("q1").message
    names["one_hot"] = eye
    assert [grader.check("q1").passed for _ in range(3)] == [True] * 3


def test_a_written_answer_is_left_to_a_person():
    result = assignments.start(HW1, {}).check("q12")
    assert result.passed is None and "a person reads your answer (1 point)" in result.message


def test_check_all_has_one_line_a_question_and_counts_them():
    report = assignments.start(HW1, {"one_hot": eye, "softmax": lambda z: z}).check_all()
    assert isinstance(report, Report) and len(report) == 12
    assert [result.name for result in report if result.passed] == ["q1"]
    assert repr(report).endswith("1 pass the public tests, 1 to be mended, 10 not answered or not checked")
    assert report._repr_html_().count("<pre") == 12 and "1 to be mended" in report._repr_html_()


def test_html_shows_an_answer_as_text():
    report = assignments.start(HW1, {"one_hot": lambda *_: {}["<script>"]}).check_all()
    assert "<script>" not in report._repr_html_() and "&lt;script&gt;" in report._repr_html_()


def test_checking_prints_nothing(capsys):
    assignments.start(HW1, {"one_hot": eye}).check_all()
    assert capsys.readouterr() == ("", "")


# ---------------------------------------------------------------- test files, as otter writes them

FILE = """from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = {points}

@test_case(points=0, hidden=False, failure_message="look again")
def test_public(a, b):
    import numpy
    assert a < b

@test_case(points=2, hidden=True)
def test_hidden(b):
    assert b == 7
"""


def test_a_test_file_is_read_without_otter():
    before = set(sys.modules)
    file = testfiles.load(FILE.format(points=None))
    public, hidden = file.cases
    assert (file.name, file.points, file.parameters) == ("q1", 2, ("a", "b"))
    assert (public.hidden, public.points, public.failure_message) == (False, 0, "look again")
    assert (hidden.hidden, hidden.points, hidden.parameters) == (True, 2, ("b",))
    public.function(1, 2)
    with pytest.raises(AssertionError):
        hidden.function(8)
    assert not {name for name in set(sys.modules) - before if name.startswith("otter")}


@pytest.mark.parametrize(("points", "total"), [("3", 3), ("[0, 2]", 2), ("None", 2)])
def test_points_are_given_for_the_file_for_each_test_or_not(points, total):
    assert testfiles.load(FILE.format(points=points)).points == total


@pytest.mark.parametrize(
    ("source", "received"),
    [
        ("x = 1", "no OK_FORMAT, name, points"),
        ("OK_FORMAT = False\nname = 'q1'", "no points"),
        ("OK_FORMAT = True\nname = 'q1'\npoints = 1", "OK_FORMAT"),
    ],
)
def test_what_is_no_test_file_is_refused(source, received):
    with pytest.raises(ValueError, match=f"exception format.*Received: {received}"):
        testfiles.load(source, "q1.py")


# ---------------------------------------------------------------- misconceptions

BANK = {
    "double": (((2,), (3,)), (("the square", (4, 9)), ("the half", (1.0, 1.5)))),
    "n": (((),), (("one too many", (8,)),)),
}


@pytest.mark.parametrize(
    ("name", "answer", "sentence"),
    [
        ("double", lambda n: n * n, "the square"),
        ("double", lambda n: n / 2, "the half"),
        ("double", lambda n: 2 * n, None),
        ("double", lambda n: 4, None),
        ("double", lambda n: 1 / 0, None),
        ("n", 8, "one too many"),
        ("n", 7, None),
        ("other", 8, None),
    ],
)
def test_a_misconception_is_recognised_by_all_that_it_returns(name, answer, sentence):
    assert misconceptions.likely(name, answer, BANK) == sentence


def test_an_answer_that_changes_its_argument_is_told_so():
    bank = {"f": (((np.zeros(2),),), ())}
    assert "changed its argument" in misconceptions.likely("f", lambda a: a.fill(1) or a, bank)


@pytest.mark.parametrize(
    "value",
    [
        1,
        1.5,
        True,
        None,
        "text",
        (1, [2, (3,)]),
        {"a": np.eye(2), 1: [None]},
        np.arange(6).reshape(2, 3),
        np.zeros((0, 2)),
        np.array([np.nan, np.inf]),
        np.array([True, False]),
        np.float32([1.5]),
        (),
        [],
    ],
)
def test_values_survive_the_bank(value):
    again = recorded.decode(json.loads(json.dumps(recorded.encode(value))))
    assert type(again) is type(value) and getattr(again, "dtype", 0) == getattr(value, "dtype", 0)
    np.testing.assert_equal(again, value)


def test_a_value_that_json_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="containers of them. Received: <object"):
        recorded.encode(object())


# ---------------------------------------------------------------- the student's notebook


@pytest.mark.parametrize("name", masters.NAMES)
def test_the_first_code_cell_is_one_line_that_installs_only_the_course(name):
    first = next(cell for cell in masters.student(name).cells if cell.cell_type == "code")
    (pinned,) = re.findall(r"git\+\S+", badges.first_cell(badges.here()))  # as in the lectures
    assert first.source.count("\n") == 0 and f'{pinned}"' in first.source
    assert "otter" not in "".join(cell.source for cell in masters.student(name).cells)
    exec(first.source, {})  # where the course is installed it does nothing: get_ipython is not even there


@pytest.mark.parametrize("name", masters.NAMES)
def test_a_check_stands_below_every_question(name):
    notebook = masters.student(name)
    sources = [cell.source for cell in notebook.cells]
    asked = [question for question, found in masters.questions(name).items() if not found.manual]
    assert [s for s in sources if s.startswith("grader.check(")] == [f'grader.check("{q}")' for q in asked]
    assert sources[-1] == "grader.check_all()"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids) and {f"{question}-asked" for question in asked} <= set(ids)
    link = f"{badges.here().colab()}assignments/{name}/student/{name}.ipynb"
    assert re.findall(r"\((https://colab[^()]+/github/[^()]+)\)", sources[0]) == [link]


def run(notebook, folder, monkeypatch):
    """Run a notebook as a student does who has no grading framework, and return what its cells show, by id."""
    shadow = folder / "shadow"
    shadow.mkdir()
    (shadow / "otter.py").write_text("raise ImportError('students have no otter')\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(shadow), str(project.ROOT)]))
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    return {
        cell.id: output.data["text/plain"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "execute_result"
    }


@pytest.mark.parametrize("name", masters.NAMES)
def test_the_untouched_notebook_runs_from_top_to_bottom(name, tmp_path, monkeypatch):
    shown = run(masters.student(name), tmp_path, monkeypatch)
    checks = {place: text for place, text in shown.items() if place.endswith("-check")}
    assert checks and all("not answered yet" in text for text in checks.values())
    assert "0 pass the public tests, 0 to be mended" in shown["check-all"]


def test_a_student_answers_is_corrected_and_answers_again(tmp_path, monkeypatch):
    notebook = masters.student(HW1)
    cells = {cell.id: cell for cell in notebook.cells}
    solution = masters.questions(HW1)["q1"].solution
    cells["q1-answer"].source = solution.replace("return coded", "return coded.T")
    cells["q2-answer"].source = solution + "\ngrader.check('q1')"
    shown = run(notebook, tmp_path, monkeypatch)
    assert shown["q1-check"].startswith("✗ q1: ") and "Likely: this is the other way round" in shown["q1-check"]
    assert shown["q2-answer"].startswith("✓ q1: passes the public tests; hidden ones")
    assert "1 pass the public tests, 0 to be mended" in shown["check-all"]


def test_starting_needs_neither_network_nor_a_grading_framework_nor_a_clone(tmp_path):
    script = (
        f"import socket, sys; socket.socket = None\nfrom coursekit import assignments\n"
        f"assignments.start({HW1!r}, {{'one_hot': abs}}).check_all()\n"
        "print([m for m in ('otter', 'tensorflow', 'matplotlib', 'IPython') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=project.environment(PYTHONPATH=str(project.ROOT)),
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize("name", masters.NAMES)
def test_what_travels_agrees_with_the_master(name):
    about = json.loads(datafiles.path("assignments", name, "assignment.json").read_text(encoding="utf-8"))
    expected = [(q.name, q.points, q.manual) for q in masters.questions(name).values()]
    assert [(q["name"], q["points"], q["manual"]) for q in about["questions"]] == expected
    for question in masters.questions(name).values():
        if not question.manual:
            file = datafiles.path("assignments", name, f"{question.name}.py")
            public = [case.name for case in question.tests.cases if not case.hidden]
            assert [case.name for case in testfiles.load(file.read_text(encoding="utf-8")).cases] == public
