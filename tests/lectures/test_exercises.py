"""Every exercise of every lecture: the solution passes, each wrong answer gets the message it deserves.

The worked answers in the notebooks pass too, and the stubs there are not answered yet.
"""

import ast
import copy
import importlib
import inspect
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from nbformat import v4

import project
from answers import Answers
from coursekit import checks

FOLDER = Path(checks.__file__).parent
LECTURES = sorted(path.stem.removeprefix("lecture") for path in FOLDER.glob("lecture[0-9][0-9].py"))
EXERCISES = {name: exercise for lecture in LECTURES for name, exercise in checks.exercises(lecture).items()}
BANKS = {lecture: importlib.import_module(f"answers.lecture{lecture}").BANK for lecture in LECTURES}
BANK = {name: answers for bank in BANKS.values() for name, answers in bank.items()}
WRONG = [
    pytest.param(name, answer, part, id=f"{name}-{number}")
    for name, answers in BANK.items()
    for number, (answer, part) in enumerate(answers.wrong)
]


# ---------------------------------------------------------------- the bank


def test_the_bank_has_a_module_for_each_lecture_that_has_checks():
    folder = project.ROOT / "tests" / "support" / "answers"
    assert {path.stem.removeprefix("lecture") for path in folder.glob("lecture*.py")} == set(LECTURES)
    assert LECTURES


@pytest.mark.parametrize("lecture", LECTURES)
def test_the_bank_covers_every_exercise_of_a_lecture(lecture):
    exercises = checks.exercises(lecture)
    assert set(BANKS[lecture]) == set(exercises) and len(exercises) >= 3
    assert all(name.startswith(f"{lecture}.") for name in exercises)
    assert all(isinstance(answers, Answers) and len(answers.wrong) >= 8 for answers in BANKS[lecture].values())


@pytest.mark.parametrize("name", BANK)
def test_the_solution_passes(name):
    assert EXERCISES[name].check(BANK[name].solution).passed is True
    assert checks.check(name, BANK[name].solution).passed is True


@pytest.mark.parametrize("name", BANK)
def test_the_untouched_stub_is_not_answered_yet(name):
    result = EXERCISES[name].check(BANK[name].stub)
    assert (result.passed, result.message) == (None, "not answered yet")


@pytest.mark.parametrize(("name", "answer", "part"), WRONG)
def test_a_wrong_answer_fails_and_is_told_why(name, answer, part):
    result = EXERCISES[name].check(answer)
    assert result.passed is False and part in result.message, result.message


def diagnosis(name, answer):
    """The sentence about a misconception in the message that an answer gets, or None."""
    _, found, sentence = EXERCISES[name].check(answer).message.partition("\nLikely: ")
    return sentence if found else None


@pytest.mark.parametrize("name", BANK)
def test_every_misconception_is_recognised_in_an_answer_of_its_own(name):
    given = [sentence for answer, _ in BANK[name].wrong if (sentence := diagnosis(name, answer))]
    assert sorted(given) == sorted(sentence for sentence, _ in EXERCISES[name].misconceptions)


@pytest.mark.parametrize("name", BANK)
def test_checking_twice_gives_the_same_result(name):
    answers = [BANK[name].solution, *(answer for answer, _ in BANK[name].wrong)]
    for first, again in zip(*([EXERCISES[name].check(answer) for answer in answers] for _ in range(2))):
        assert re.sub(" at 0x[0-9a-f]+", "", first.message) == re.sub(" at 0x[0-9a-f]+", "", again.message)


@pytest.mark.parametrize("name", BANK)
def test_no_message_gives_the_reference_away(name):
    """Neither the code that computes the right answer nor, where the answer is a value, the value itself."""
    exercise = EXERCISES[name]
    references = [exercise.reference or exercise.judge, *(wrong for _, wrong in exercise.misconceptions)]
    lines = {line.strip() for reference in references for line in inspect.getsource(reference).splitlines()}
    code = [line for line in lines if len(line) > 20 and not line.startswith(('"', "'", 'return (f"', 'return f"'))]
    for answer, _ in BANK[name].wrong:
        message = EXERCISES[name].check(answer).message
        assert not [line for line in code if line in message]
        if exercise.cases == ((),) and not isinstance(answer, (str, list)):
            assert str(exercise.reference()) not in message.replace(",", "").replace("_", "")


# ---------------------------------------------------------------- other forms of an answer


def each(change, value):
    """Return an answer with every number and array in it changed; what else it holds stays."""
    if isinstance(value, dict):
        return {key: each(change, item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(each(change, item) for item in value)
    if isinstance(value, (str, bool, np.bool_)) or np.asarray(value).dtype.kind not in "iuf":
        return value
    return change(value)


def given(name, change):
    """Return the solution of an exercise in another form: as a value, or as a function that returns it so."""
    solution = BANK[name].solution
    return (lambda *case: change(solution(*case))) if callable(solution) else change(solution)


HONEST = {
    "float32": lambda value: each(np.float32, value),
    "0-d arrays": lambda value: each(np.asarray, value),
    "lists": lambda value: each(lambda one: np.asarray(one).tolist(), value),
    "fractions": lambda value: each(fractions, value),
    "the other container": lambda value: {tuple: list, list: tuple}.get(type(value), lambda same: same)(value),
}
WRONG_FORMS = {
    "text": str,
    "in a list": lambda value: [value],
    "one more": lambda value: each(lambda one: one + 1, value),
    "not a number": lambda value: each(lambda one: one * float("nan"), value),
    "an axis more": lambda value: each(lambda one: np.asarray(one)[..., None], value),
}


def fractions(value):
    return np.vectorize(Fraction, otypes=[object])(value) if np.ndim(value) else Fraction(float(value))


def has_numbers(name):
    solution, found = BANK[name].solution, []
    each(found.append, solution(*copy.deepcopy(EXERCISES[name].cases[0])) if callable(solution) else solution)
    return bool(found)


@pytest.mark.parametrize("form", HONEST)
@pytest.mark.parametrize("name", BANK)
def test_a_right_answer_is_right_in_every_honest_form(name, form):
    indices = name == "09.split" and form in ("float32", "fractions")  # what is not a whole number is no index
    if has_numbers(name) and not indices:
        result = EXERCISES[name].check(given(name, HONEST[form]))
        assert result.passed is True, result.message


@pytest.mark.parametrize("form", WRONG_FORMS)
@pytest.mark.parametrize("name", BANK)
def test_a_right_answer_in_a_wrong_form_is_told_so(name, form):
    if has_numbers(name):
        result = EXERCISES[name].check(given(name, WRONG_FORMS[form]))
        assert result.passed is False and "your function raised" not in result.message, result.message


# ---------------------------------------------------------------- the hints


def test_every_exercise_has_a_hint():
    assert list(checks.HINTS) == list(EXERCISES)


@pytest.mark.parametrize("name", checks.HINTS)
def test_a_hint_is_a_sentence_that_does_not_hold_the_answer(name):
    hint, exercise = checks.HINTS[name], EXERCISES[name]
    assert 30 < len(hint) < 130 and hint[-1] in ".?"
    code = inspect.getsource(BANK[name].solution) if callable(BANK[name].solution) else ""
    lines = [line.strip().removeprefix("return ") for line in code.splitlines()]
    assert not [line for line in lines if len(line) > 20 and line in hint]
    if exercise.cases == ((),) and exercise.reference is not None:
        answer = exercise.reference()
        assert not isinstance(answer, (int, float)) or not re.search(rf"(?<![\d.]){answer}(?![\d.])", hint)


# ---------------------------------------------------------------- the notebooks


def asked(path):
    """Return what a notebook asks: {exercise: (source of the cell with the stub, answer's name, worked answer)}.

    The worked answer is the Python of the first folded block in the text after the cell, or None.
    """
    cells = v4.reads(path.read_text(encoding="utf-8")).cells
    found = {}
    for position, cell in enumerate(cells):
        for call in calls_of_check(cell):
            name, answer = ast.literal_eval(call.args[0]), ast.unparse(call.args[1])
            below = cells[position + 1].source if position + 1 < len(cells) else ""
            folded = re.search(r"<details>.*?```python\n(.*?)```.*?</details>", below, re.DOTALL)
            assert name not in found, f"{path.name} asks {name} twice"
            found[name] = cell.source, answer, folded and folded.group(1)
    return found


def calls_of_check(cell):
    """Return the calls of `check` with two arguments in a code cell."""
    if cell.cell_type != "code" or "check(" not in cell.source:
        return []
    return [
        node
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "check" and len(node.args) == 2
    ]


def imported(path):
    """Return a namespace with what the cells of a notebook import, and nothing else that they define."""
    namespace = {}
    for cell in v4.reads(path.read_text(encoding="utf-8")).cells:
        if cell.cell_type == "code":
            try:
                body = ast.parse(cell.source).body
            except SyntaxError:  # a cell with a command of IPython
                continue
            imports = [line for line in body if isinstance(line, (ast.Import, ast.ImportFrom))]
            exec(compile(ast.Module(imports, []), path.name, "exec"), namespace)
    return namespace


NOTEBOOKS = {path.name[:2]: path for path in project.notebooks()}
ASKED = [
    pytest.param(NOTEBOOKS[lecture], name, id=name)
    for lecture in LECTURES
    if lecture in NOTEBOOKS
    for name in asked(NOTEBOOKS[lecture])
]


@pytest.mark.parametrize("lecture", [lecture for lecture in LECTURES if lecture in NOTEBOOKS])
def test_a_notebook_asks_every_exercise_of_its_lecture_once_and_in_order(lecture):
    assert list(asked(NOTEBOOKS[lecture])) == list(checks.exercises(lecture))


@pytest.mark.parametrize(("path", "name"), ASKED)
def test_the_stub_in_the_notebook_is_not_answered_yet(path, name):
    source, answer, _ = asked(path)[name]
    namespace = imported(path)
    exec(source, namespace)
    assert checks.check(name, namespace[answer]).passed is None


@pytest.mark.parametrize(("path", "name"), ASKED)
def test_the_worked_answer_in_the_notebook_is_right_and_needs_only_its_imports(path, name):
    _, answer, worked = asked(path)[name]
    assert worked, f"no folded answer stands below the check of {name}"
    namespace = imported(path)
    exec(worked, namespace)
    result = checks.check(name, namespace[answer])
    assert result.passed is True, result.message


@pytest.mark.parametrize(("path", "name"), ASKED)
def test_the_stub_is_the_worked_answer_without_its_body(path, name):
    source, answer, worked = asked(path)[name]
    assert signature(source, answer) == signature(worked, answer)


def signature(source, name):
    """Return the arguments, defaults included, of the function `name` that a source defines; "a value" for others."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.unparse(node.args)
    return "a value"


# ---------------------------------------------------------------- the reading of notebooks


def test_what_a_notebook_asks_is_read_from_its_cells(tmp_path):
    cells = [
        v4.new_code_cell("%pip install x"),
        v4.new_code_cell("import math\nfrom coursekit.checks import check\nx = 1"),
        v4.new_code_cell("answer = ...\n\ncheck('00.a', answer)"),
        v4.new_markdown_cell(
            "<details><summary>Answer</summary>\n\nSo:\n\n```python\nanswer = math.pi\n```\n</details>"
        ),
        v4.new_code_cell("def f(n):\n    raise NotImplementedError\n\ncheck('00.b', f)"),
        v4.new_markdown_cell("Next."),
    ]
    path = tmp_path / "00_x.ipynb"
    path.write_text(v4.writes(v4.new_notebook(cells=cells)), encoding="utf-8")
    assert {name: (answer, worked) for name, (_, answer, worked) in asked(path).items()} == {
        "00.a": ("answer", "answer = math.pi\n"),
        "00.b": ("f", None),
    }
    namespace = imported(path)
    assert {"math", "check"} <= set(namespace) and "x" not in namespace
