"""Explorers in a real JupyterLab: shown without error, moved by keys, and Python learns what the browser shows."""

import json
import re

import nbformat
import pytest
from edition.slicing import needed
from nbformat import v4

import browser
import project
from coursekit import explorers

# For each explorer: the part of it that takes the keyboard, keys to press, and what the live text must then
# hold, as Python computes it from the state that came back: words, and a number or None.
PLAY = {
    "Convolution1D": ("canvas", ["ArrowRight", "ArrowRight"], "[f'Output {e.position}', e.total]"),
    "Convolution2D": ("canvas", ["ArrowRight", "ArrowDown"], "[f'row {e.row}, column {e.column}', e.total]"),
    "ExplainModel": (
        "canvas[aria-label*='unit at']",
        ["ArrowRight", "ArrowDown"],
        "[f'row {e.unit[0]}, column {e.unit[1]}', e.value]",
    ),
    "GradientDescent": ("canvas", ["ArrowRight", "ArrowRight"], "[f'After {e.steps} steps', e.losses[-1]]"),
    "LayerShapes": ("input[type='range']", ["ArrowRight"], "[' × '.join(map(str, e.shape)), None]"),
    "NeuronToNetwork": (
        "canvas[tabindex='0']",
        ["ArrowRight", "ArrowUp"],
        "[f'{len(e.units)} units, {e.activation}', e.loss]",
    ),
    "ParameterCounter": ("input[type='number']", ["ArrowUp"], "['parameters', e.counts.parameters]"),
    "RealOrFake": ("canvas", ["r", "f"], "[f'{e.answered} labelled', None]"),
    "ReceptiveField": ("canvas[tabindex='0']", ["ArrowLeft"], "[f'Unit ({e.row}, {e.column})', None]"),
    "TransposedConvolution": (
        "canvas",
        ["ArrowDown", "ArrowRight"],
        "[f'x, row {e.row}, column {e.column}: ', e.value]",
    ),
    "WayBack": ("canvas", ["ArrowDown", "ArrowRight"], "[f'x, row {e.row}, column {e.column}: ', e.gradient]"),
}


# What every kernel runs first. Here explorers are looked at; that a lecture's networks learn, and what, nbval sees.
FEW_STEPS = """
def _one_step_an_epoch(info):
    import functools, sys
    model = getattr(sys.modules.get("keras"), "Model", None)
    if model is not None and not hasattr(model.fit, "whole"):
        whole = model.fit
        @functools.wraps(whole)
        def fit(self, x=None, y=None, *args, **settings):
            return whole(self, x, y, *args, **{**settings, "steps_per_epoch": 1, "validation_steps": 1})
        fit.whole = whole
        model.fit = fit
get_ipython().events.register("pre_run_cell", _one_step_an_epoch)
get_ipython().events.register("post_run_cell", _one_step_an_epoch)
"""


def used(path):
    """Return the names of the explorers that a notebook shows, in order."""
    return [name for cell in nbformat.read(path, as_version=4).cells for name in used_in(cell)]


def used_in(cell):
    return re.findall(rf"\b({'|'.join(explorers.__all__)})\(", cell.source) if cell.cell_type == "code" else []


def shows(cell):
    """Whether a cell shows an explorer that an earlier one made."""
    return cell.cell_type == "code" and cell.source.splitlines()[-1:] == ["explorer"]


def notebook_of(cells, path):
    kernel = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(
        v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel}), path
    )


def state_of(page, name, variable):
    """Ask the kernel of the open notebook, in a new last cell, for what the explorer's live text must hold."""
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    count = cells.count()
    cells.last.locator(".jp-InputPrompt").click()  # makes it the active cell; an explorer keeps clicks to itself
    page.locator(".jp-NotebookPanel-toolbar [data-command='notebook:insert-cell-below']").first.click()
    page.wait_for_function("(n) => document.querySelectorAll('.jp-Notebook .jp-CodeCell').length > n", arg=count)
    cells.last.locator(".cm-content").click()
    page.keyboard.insert_text(
        f"import json; e = {variable}; print('told of {variable}:', json.dumps({PLAY[name][2]}, default=float))"
    )
    page.keyboard.press("Shift+Enter")
    told = page.locator(".jp-OutputArea-output", has_text=f"told of {variable}: ").last
    told.wait_for()
    return json.loads(told.inner_text().split(f"told of {variable}: ")[1])


def play(page, name, number=-1, variable="explorer"):
    """Press the keys of an explorer in the open notebook; raise AssertionError unless both sides agree.

    `number` counts the explorers of the notebook, `variable` is what this one is called in Python.
    """
    root = page.locator(".jp-Notebook .ck").nth(number)
    root.wait_for(timeout=30_000)
    root.scroll_into_view_if_needed()
    status = root.locator(".ck-status")
    page.wait_for_function("(e) => !/^fetching|^$/.test(e.innerText)", arg=status.element_handle())
    before, (target, keys, _) = status.inner_text(), PLAY[name]
    root.locator(target).first.focus()
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function("([e, before]) => e.innerText !== before", arg=[status.element_handle(), before])
    for pause in (0, 300, 1000, 3000):  # what a key has changed reaches Python beside the cells, in its own time
        page.wait_for_timeout(pause)
        words, value = state_of(page, name, variable)
        after = status.inner_text()
        numbers = [float(text.replace(",", "")) for text in re.findall(r"-?[\d,]*\.?\d+", after.replace("−", "-"))]
        if words in after and (value is None or any(shown == pytest.approx(value, abs=0.006) for shown in numbers)):
            return
    raise AssertionError((words, value, after))


def checked(page, address, name, seconds):
    """Open a notebook, run it, and raise AssertionError where anything went wrong."""
    browser.open_notebook(page, address, name)
    browser.run_all(page, seconds)
    assert browser.faults(page) == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def lab(folder, chromium):
    with browser.jupyterlab(folder, FEW_STEPS) as address:
        yield address


@pytest.fixture(scope="module")
def windows(chromium):
    """A browser for all notebooks, which fetches JupyterLab once: to load it takes longer than most notebooks do."""
    opened = browser.Page(chromium, {"width": 1300, "height": 950})
    yield opened.context
    opened.close()


@pytest.fixture
def window(windows, lab):
    page = windows.new_page()
    yield page
    page.close()
    browser.stop_kernels(lab)


def test_every_explorer_is_played():
    assert set(PLAY) == set(explorers.__all__) - {"Explorer"}


# Two that are broken, with their faults, and one that Python moves.
DEAF = """class Deaf(Convolution2D):
    pass
Deaf._esm = Convolution2D._esm.replace('keydown', 'keynever')
deaf = Deaf()
deaf"""
WRONG = """class Wrong(Convolution2D):
    total = property(lambda self: 99.0)
wrong = Wrong()
wrong"""
MOVED = ["moved = Convolution2D()\nmoved", "moved.row = 12\nmoved.stride = 2\nround(moved.total, 2)"]


@pytest.fixture(scope="class")
def gallery(windows, lab, folder):
    """The page of a notebook with all explorers, the two that are broken, and the one that Python moves."""
    page, shown = windows.new_page(), [f"e{n} = {name}()\ne{n}" for n, name in enumerate(PLAY)]
    notebook_of(["from coursekit.explorers import *", *shown, DEAF, WRONG, *MOVED], folder / "gallery.ipynb")
    checked(page, lab, "gallery.ipynb", 240)
    yield page
    page.close()
    browser.stop_kernels(lab)


class TestInOneNotebook:
    """All explorers, each in a cell of its own, with one kernel."""

    @pytest.mark.parametrize("name", PLAY)
    def test_an_explorer_and_its_python_side_agree_after_keys_were_pressed(self, name, gallery):
        number = list(PLAY).index(name)
        play(gallery, name, number, f"e{number}")
        assert browser.faults(gallery) == []

    def test_setting_a_trait_in_python_moves_the_picture(self, gallery):
        gallery.locator(".jp-Notebook .ck").last.get_by_text("Output row 12, column 0").wait_for()

    def test_an_explorer_whose_two_sides_disagree_is_seen(self, gallery):
        with pytest.raises(AssertionError, match="99"):
            play(gallery, "Convolution2D", len(PLAY) + 1, "wrong")

    def test_an_explorer_that_ignores_keys_is_seen(self, gallery):
        gallery.set_default_timeout(4_000)
        with pytest.raises(Exception, match="Timeout 4000ms"):
            play(gallery, "Convolution2D", len(PLAY), "deaf")


NOTEBOOKS = [path for path in project.notebooks() if used(path)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lectures_explorers_stand_in_jupyterlab_and_the_last_one_answers(path, lab, folder, window):
    """Run with the cells that they need; that all cells run and print what is stored, nbval has seen."""
    lecture = nbformat.read(path, as_version=4)
    if path != NOTEBOOKS[0]:  # the first lecture is run whole
        code = [cell for cell in lecture.cells if cell.cell_type == "code"]
        kept = needed(code, {cell.id for cell in code if used_in(cell) or shows(cell)})
        lecture.cells = [cell for cell in lecture.cells if cell.cell_type == "markdown" or cell in kept]
    nbformat.write(lecture, folder / path.name)
    checked(window, lab, path.name, 900)
    shown = window.locator(".jp-Notebook .ck")
    shown.nth(len(used(path)) - 1).wait_for()  # the last cell has its number before the browser has drawn
    assert shown.count() == len(used(path))
    play(window, used(path)[-1])


@pytest.mark.parametrize(
    ("source", "fault"), [("1 / 0", "ZeroDivisionError"), ("import sys\nprint('careful', file=sys.stderr)", "careful")]
)
def test_a_broken_notebook_is_seen(source, fault, lab, folder, window):
    notebook_of([source], folder / "broken.ipynb")
    with pytest.raises(AssertionError, match=fault):
        checked(window, lab, "broken.ipynb", 60)
