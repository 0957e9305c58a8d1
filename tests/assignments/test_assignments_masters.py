"""Each graded assignment: the solution earns all points, a stub is no answer, every wrong answer is told why."""

import ast
import functools
import importlib
import json
import re

import numpy as np
import pytest
from nbformat import v4

import masters
import notebook_rules
from answers_assignments import edited
from coursekit import assignments, datafiles
from coursekit.assignments import misconceptions

QUESTIONS = {name: masters.questions(name) for name in masters.NAMES}
WRONG = {name: importlib.import_module(f"answers_assignments.{name}").WRONG for name in masters.NAMES}
AUTOMATIC = [(name, question) for name, found in QUESTIONS.items() for question in found if not found[question].manual]
MISTAKES = [
    pytest.param(name, question, answer, id=f"{name.split('_')[0]}-{question}-{number}")
    for name, found in WRONG.items()
    for question, answers in found.items()
    for number, answer in enumerate(answers)
]


@pytest.fixture(scope="module")
def solutions():
    """A function that returns what the notebook of a name defines, with all solutions."""
    return functools.cache(masters.namespace)


def earned(question, values):
    """Return the points that the tests of a question give to the answers in `values`."""
    points = 0
    for case in question.tests.cases:
        try:
            with np.errstate(all="ignore"):
                case.function(*(values[parameter] for parameter in case.parameters))
        except Exception:
            continue
        points += case.points
    return points


@pytest.mark.parametrize("name", masters.NAMES)
def test_an_assignment_is_worth_twenty_points(name):
    assert sum(question.points for question in QUESTIONS[name].values()) == 20


@pytest.mark.parametrize(("name", "question"), AUTOMATIC)
def test_the_solution_earns_all_points_and_passes_the_public_tests(name, question, solutions):
    found = QUESTIONS[name][question]
    assert earned(found, solutions(name)) == found.points > 0
    result = assignments.start(name, solutions(name)).check(question)
    assert result.passed is True, result.message


@pytest.mark.parametrize(("name", "question"), AUTOMATIC)
def test_points_are_in_the_hidden_tests_which_ask_the_same_names(name, question):
    cases = QUESTIONS[name][question].tests.cases
    public, hidden = ([case for case in cases if case.hidden is kind] for kind in (False, True))
    assert public and sum(case.points for case in public) == 0 < min(case.points for case in hidden)
    assert {p for case in hidden for p in case.parameters} <= {p for case in public for p in case.parameters}


@pytest.mark.parametrize(("name", "question"), AUTOMATIC)
def test_a_stub_is_not_answered_yet_and_earns_nothing(name, question):
    found = QUESTIONS[name][question]
    values = masters.namespace(name, {question: found.stub}, until=question)
    result = assignments.start(name, values).check(question)
    assert (result.passed, result.message) == (None, "not answered yet") and earned(found, values) == 0


@pytest.mark.parametrize("name", masters.NAMES)
def test_before_any_cell_ran_nothing_is_answered(name):
    report = assignments.start(name, {}).check_all()
    assert [result.passed for result in report] == [None] * len(QUESTIONS[name])


@pytest.mark.parametrize("name", masters.NAMES)
def test_the_bank_of_wrong_answers_covers_every_question(name):
    assert set(WRONG[name]) == {question for owner, question in AUTOMATIC if owner == name}
    for answers in WRONG[name].values():
        assert len(answers) >= 8 and len({answer.part for answer in answers}) == len(answers)


@pytest.mark.parametrize(("name", "question", "answer"), MISTAKES)
def test_a_wrong_answer_is_told_why_and_does_not_earn_all_points(name, question, answer):
    found = QUESTIONS[name][question]
    with np.errstate(all="ignore"):
        values = masters.namespace(name, {question: edited(found.solution, answer.edits)}, until=question)
    result = assignments.start(name, values).check(question)
    assert result.passed is False and answer.part in result.message, result.message
    SENTENCES.setdefault(name, set()).add((question, result.message.partition("\nLikely: ")[2]))
    if "changed" in result.message or "not allowed" in result.message:
        return  # the grader hands over copies, and replaces what is not allowed: no test of values finds that
    assert earned(found, values) < found.points


SENTENCES = {}


@pytest.mark.parametrize("name", masters.NAMES)
def test_every_misconception_is_recognised_in_a_wrong_answer(name):
    bank = misconceptions.read(datafiles.path("assignments", name, "misconceptions.json"))
    asking = {
        answer: question.name
        for question in QUESTIONS[name].values()
        if question.tests
        for answer in question.tests.parameters
    }
    sentences = [(asking[answer], sentence) for answer, (_, entries) in bank.items() for sentence, _ in entries]
    assert len(set(sentences)) == len(sentences) >= 40
    if len(SENTENCES.get(name, ())) < 10:
        pytest.skip("the wrong answers above were not run")
    assert set(sentences) - SENTENCES[name] == set()


@pytest.mark.parametrize(("name", "question"), AUTOMATIC)
def test_the_public_answers_written_down_earn_nothing(name, question):
    """An answer that knows only what the public tests ask for, and raises elsewhere, gets no hidden point."""
    found = QUESTIONS[name][question]
    values = masters.namespace(name, until=question)
    known, recording = {}, True

    def parrot(function):
        def answer(*given):
            key = repr(given)
            if recording:
                known[function, key] = function(*given)
            return known[function, key]

        return answer

    wrapped = {
        name: parrot(values[name]) if callable(values[name]) else values[name] for name in found.tests.parameters
    }
    if wrapped == {name: values[name] for name in found.tests.parameters}:
        return  # a value is not a function of its tests
    for case in found.tests.cases:
        if not case.hidden:
            case.function(*(wrapped[name] for name in case.parameters))
    recording = False
    assert earned(found, wrapped) == 0


@pytest.mark.parametrize(
    ("name", "said", "limits"),
    [
        ("hw1_numpy_network", "under a minute: a cell that takes longer than two is stopped", {"cell_seconds": 120}),
        ("hw3_brain_food", "each cell ten minutes, and all", {"cell_seconds": 600, "total_seconds": 1800}),
    ],
)
def test_the_stated_times_are_the_limits(name, said, limits):
    assert any(said in cell.source for cell in masters.student(name).cells)
    given = json.loads((masters.FOLDER / name / "grading.json").read_text(encoding="utf-8"))["limits"]
    assert limits.items() <= given.items()


@pytest.mark.parametrize("name", masters.ALL)
def test_hidden_tests_compare_with_the_one_comparator(name):
    """They assert nothing themselves but that a share is large enough."""
    for question in masters.questions(name).values():
        tree = ast.parse(question.hidden)
        for function in tree.body:
            text = ast.unparse(function)
            assert not re.search(r"allclose|isclose|array_equal|testing|\braise\b", text)
            assert "assert_same(" in text or ">= 0." in text
            for check in [part for part in ast.walk(function) if isinstance(part, ast.Assert)]:
                share = check.test
                assert isinstance(share, ast.Compare) and [type(one) for one in share.ops] == [ast.GtE]
                assert re.match(r"networks\.accuracy\(|np\.mean\(np\.argmax\(z", ast.unparse(share.left))


@pytest.mark.parametrize("name", masters.NAMES)
@pytest.mark.parametrize(
    "rule",
    [
        rule
        for rule in notebook_rules.RULES
        if rule
        not in (notebook_rules.the_badge_leads_to_this_file, notebook_rules.the_first_code_cell_installs_the_package)
    ],
)
def test_a_master_keeps_the_rules_of_notebooks(rule, name):
    path = masters.FOLDER / name / f"{name}.ipynb"
    assert rule(v4.reads(path.read_text(encoding="utf-8")), path) == []


@pytest.mark.parametrize("name", masters.NAMES)
def test_a_written_answer_has_a_solution_and_a_rubric(name):
    manual = [question for question in QUESTIONS[name].values() if question.manual]
    assert manual and all("**Rubric** (" in question.solution for question in manual)
