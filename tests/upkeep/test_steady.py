"""`make steady` names the cell that prints something else under another setting, and a setting that it does not know."""

import re

import nbformat
import pytest
from nbformat import v4

import project
import steady


@pytest.fixture
def unsteady(tmp_path):
    """A notebook with a steady cell and one that prints how many threads there are: one, as stored."""
    threads = "import os\nprint('threads:')\nprint(os.environ['OMP_NUM_THREADS'])"
    notebook = v4.new_notebook(cells=[v4.new_code_cell("print(1)"), v4.new_code_cell(threads, id="the-threads")])
    for cell, printed in zip(notebook.cells, ("1\n", "threads:\n1\n"), strict=True):
        cell.outputs = [v4.new_output("stream", name="stdout", text=printed)]
        cell.execution_count = 1
    path = tmp_path / "planted.ipynb"
    nbformat.write(notebook, path)
    return path


def test_an_unsteady_cell_is_named_with_the_lines_that_differ_and_a_steady_one_is_not(unsteady):
    assert steady.differences(unsteady, "one-thread") == []
    assert steady.differences(unsteady, "two-threads") == [{"cell": "Cell 1 (the-threads)", "lines": ["-1", "+2"]}]


def test_a_cell_that_raises_is_told_by_its_error(unsteady):
    notebook = nbformat.read(unsteady, as_version=4)
    notebook.cells[0].source = "print(1)\n1 / 0"
    nbformat.write(notebook, unsteady)
    (one,) = steady.differences(unsteady, "one-thread")
    assert one["cell"].startswith("Cell 0 (") and "ZeroDivisionError" in "\n".join(one["lines"])


def test_what_stops_the_run_is_told(tmp_path):
    (one,) = steady.differences(tmp_path / "not_there.ipynb", "here")
    assert one["cell"] == "the run" and "not_there.ipynb" in "\n".join(one["lines"])


def test_settings_that_differ_give_exit_status_1_and_each_cell_is_told_once_a_setting(monkeypatch, capsys):
    found = {"sse": [{"cell": "Cell 3 (abc)", "lines": ["-0.52", "+0.51"]}], "here": []}
    monkeypatch.setattr(steady, "differences", lambda path, setting: found[setting])
    given = ["--settings", "sse", "here", "--rounds", "3", "--notebooks", "notebooks/00"]
    assert steady.main(given) == 1
    said = capsys.readouterr().out
    assert said.count("00_start_here.ipynb, sse: 1 cell differed") == 2
    assert said.count("here: no cell differed") == 1 and said.count("+0.51") == 1
    assert steady.main([*given[:1], "here", *given[-2:]]) == 0


@pytest.mark.parametrize("words", [["--settings", "sse+three-threads"], ["--settings", "fast"]])
def test_a_setting_that_is_not_there_is_refused_by_name(words, capsys):
    with pytest.raises(SystemExit):
        steady.main(words)
    assert re.search(rf"joined by \+\. Received: '{words[1].split('+')[-1]}'", capsys.readouterr().err)


@pytest.mark.parametrize("rounds", ["0", "-1"])
def test_fewer_rounds_than_one_are_refused_and_not_taken_for_all(rounds, capsys, monkeypatch):
    monkeypatch.setattr(steady, "differences", lambda path, setting: pytest.fail("something ran"))
    with pytest.raises(SystemExit):
        steady.main(["--rounds", rounds])
    assert f"--rounds must be at least 1. Received: {rounds}" in capsys.readouterr().err


def test_a_notebook_that_is_not_there_is_refused_by_name():
    with pytest.raises(SystemExit, match="Received: '99'"):
        steady.main(["--notebooks", "99"])


def test_lectures_decks_and_masters_are_chosen_and_ten_settings_are_tried():
    every = steady.chosen(())
    assert len(every) == len(project.notebooks() + project.decks() + project.masters())
    assert [path.parent.name for path in steady.chosen(["11"])] == ["notebooks", "slides"]
    assert steady.chosen(["slides/09"])[0].parent.name == "slides" and steady.chosen(["hw1"])
    assert len(set(steady.UNLIKE)) == 10 and all(steady.variables(setting) for setting in steady.UNLIKE)
