"""Where there is no TensorFlow, all that is NumPy alone runs, shows what is stored, and its exercises are checked.

The kernel that runs the cells has no TensorFlow, and neither have the processes that it starts. One kernel runs all
lectures, emptied before each.
"""

import os
import re
import subprocess
import sys
from unittest import mock

import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat import v4

import needs_tensorflow
import project
from narrow_numpy import NumPyOf32Bits

SUPPORT = project.ROOT / "tests" / "support"
WITHOUT = {
    "PYTHONPATH": os.pathsep.join(map(str, (SUPPORT / "without_tensorflow", SUPPORT))),
    "OPENBLAS_NUM_THREADS": "1",  # the small products of lectures are no faster with two
}
CELLS = needs_tensorflow.CELLS
PATHS = {path.name[:2]: path for path in project.notebooks() if path.name[:2] in CELLS}
EMPTY = "%reset -f\nget_ipython().ast_transformers.clear()"


@pytest.fixture(scope="module")
def ran():
    """{lecture: {cell id: (the cell as stored, as it came out of the kernel)}} of all code cells."""
    stored = {
        lecture: [cell for cell in read(path).cells if cell.cell_type == "code"] for lecture, path in PATHS.items()
    }
    flat = [cell for cells in stored.values() for cell in [v4.new_code_cell(EMPTY), *map(copied, cells)]]
    run(flat)
    found, place = {}, 0
    for lecture, cells in stored.items():
        came = flat[place + 1 : place + 1 + len(cells)]
        found[lecture] = {one.id: (one, other) for one, other in zip(cells, came, strict=True)}
        place += 1 + len(cells)
    return found


def read(path):
    return v4.reads(path.read_text(encoding="utf-8"))


def copied(cell):
    return v4.new_code_cell(cell.source)


def run(cells):
    """Run `cells` in place in a kernel without TensorFlow, to the end whatever they raise."""
    book = v4.new_notebook(cells=cells)
    place = {"metadata": {"path": str(project.ROOT / "notebooks")}}
    client = NotebookClient(book, timeout=300, allow_errors=True, store_widget_state=False, resources=place)
    client.execute(env=project.environment(**WITHOUT))


def errors(cell):
    return [output for output in cell.outputs if output.output_type == "error"]


def said(cell):
    """All text that a cell shows, without colours and addresses, in one piece however it came."""
    text = "".join(one.get("text") or one.get("data", {}).get("text/plain", "") for one in cell.outputs)
    return re.sub(r"\x1b\[[0-9;]*m| at 0x[0-9a-fA-F]+", "", text)


# ---------------------------------------------------------------- cells


def test_nearly_all_cells_need_no_tensorflow():
    count = {lecture: sum(cell.cell_type == "code" for cell in read(path).cells) for lecture, path in PATHS.items()}
    listed = sum(map(len, CELLS.values()))
    assert (sum(count.values()), listed) == (451, 55)
    readme = " ".join((project.ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"{sum(count.values()) - listed} of {sum(count.values())} cells" in readme


@pytest.mark.parametrize("lecture", PATHS)
def test_each_cell_runs_and_shows_what_is_stored_unless_it_is_listed(ran, lecture):
    failed = {name: errors(came)[0].evalue for name, (_, came) in ran[lecture].items() if errors(came)}
    assert failed.keys() == CELLS[lecture].keys(), failed
    otherwise = failed.keys() | needs_tensorflow.SAYS_OTHERWISE.get(lecture, set())
    differing = [name for name, (stored, came) in ran[lecture].items() if said(stored) != said(came)]
    assert [name for name in differing if name not in otherwise] == []


@pytest.mark.parametrize("lecture", PATHS)
def test_a_cell_that_needs_tensorflow_says_so_in_a_sentence_and_where_it_runs(ran, lecture):
    for name in CELLS[lecture]:
        (error,) = errors(ran[lecture][name][1])
        (sentence,) = error.traceback
        assert sentence.startswith("This needs ") and "there is no TensorFlow here" in sentence, name
        assert "Colab (https://colab.research.google.com/github/" in sentence, name


def test_the_doctor_says_that_tensorflow_is_missing(ran):
    assert "TensorFlow is not installed" in said(ran["00"]["doctor"][1])


def test_a_name_is_lost_until_another_cell_makes_it():
    sources = ["from coursekit import models", "x = models", "y = x", "x = 1", "y = x\ny", "import keras.ops", "1"]
    cells = [v4.new_code_cell(source) for source in sources]
    run(cells)
    assert [bool(errors(cell)) for cell in cells] == [True, True, True, False, False, True, False]
    assert "`x`, which a cell with TensorFlow makes" in errors(cells[2])[0].evalue


def drawn(source, numpy):
    """All numbers that the curves of a cell show."""
    shown = []
    curves = type("", (), {"__getattr__": lambda self, name: lambda *a, **_: shown.append(a) or mock.MagicMock()})()
    exec(source, {"np": numpy, "plots": curves})
    return [np.asarray(values) for (x, ys) in (one for one in shown if len(one) == 2) for values in (x, *ys.values())]


def test_the_memory_of_dense_layers_does_not_overflow_in_a_browser():
    (source,) = (cell.source for cell in read(PATHS["01"]).cells if cell.id == "explosion-figure")
    assert len(drawn(source, np)) == 3
    for narrow, wide in zip(drawn(source, NumPyOf32Bits()), drawn(source, np), strict=True):
        np.testing.assert_array_equal(narrow, wide)


# ---------------------------------------------------------------- package and exercises


def python(script):
    """Return what a Python without TensorFlow prints that runs `script`."""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=project.ROOT, capture_output=True, text=True, env=project.environment(**WITHOUT))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_module_is_imported_except_those_that_hold_keras():
    script = """
import importlib, pkgutil, coursekit
for found in pkgutil.walk_packages(coursekit.__path__, "coursekit.", onerror=lambda name: None):
    if not found.name.endswith("__main__"):
        try:
            importlib.import_module(found.name)
        except ModuleNotFoundError as error:
            assert str(error).startswith("This needs TensorFlow"), (found.name, error)
            print(found.name)
"""
    lost = python(script).split()
    assert {name.split(".")[1] for name in lost} == {"models", "ntk"} and "coursekit.ntk.two_layer" not in lost


def test_every_exercise_knows_its_right_and_wrong_answers():
    script = """
import importlib
from coursekit import checks
for lecture in map("{:02}".format, range(8)):
    exercises = checks.exercises(lecture)
    for name, answers in importlib.import_module(f"answers.lecture{lecture}").BANK.items():
        assert exercises[name].check(answers.solution).passed is True, name
        assert exercises[name].check(answers.stub).passed is None, name
        for answer, part in answers.wrong:
            result = exercises[name].check(answer)
            here = "This needs TensorFlow" if getattr(answer, "__name__", "") == "in_keras" else part
            assert result.passed is False and here in result.message, (name, result)
    print(len(exercises))
"""
    assert min(map(int, python(script).split())) >= 3
