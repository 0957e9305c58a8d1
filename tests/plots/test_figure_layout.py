"""What is wrong with the words of a figure is seen, in a test and in a notebook, and nothing else is called wrong."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import figure_layout
import project


@pytest.fixture
def ax():
    """Axes of 4 × 3 inches, for a fault."""
    plt.close("all")
    yield plt.subplots(figsize=(4, 3), layout="constrained")[1]
    plt.close("all")


def test_a_plain_figure_has_no_fault(ax):
    ax.set(title="title", xlabel="time (s)", ylabel="response")
    ax.annotate("peak", (0.9, 0.9), (0.1, 0.1), arrowprops={"arrowstyle": "->"})  # the arrow runs over the words …
    ax.text(0.5, 0.5, "… here")
    assert figure_layout.faults(ax.figure) == []


def test_words_that_leave_the_figure_are_named(ax):
    ax.set(title="A title that is far too long for a figure of four inches, whatever its letters are")
    (fault,) = figure_layout.faults(ax.figure)
    assert fault.startswith("'A title that") and "is cut off: it leaves the paper by" in fault


def test_words_that_overlap_are_both_named(ax):
    ax.set_title("two words")
    ax.text(0.5, 0.5, "one")
    ax.text(0.52, 0.5, "other")
    (fault,) = figure_layout.faults(ax.figure)
    assert fault.startswith("'one' in 'two words' and 'other' in 'two words' overlap by")


def test_ticks_too_dense_to_read_overlap(ax):
    ax.set_xticks(range(0, 1000, 10))
    assert "'110' and '120' overlap" in " ".join(figure_layout.faults(ax.figure))


def test_what_is_not_drawn_is_no_fault(ax):
    ax.text(0.5, 0.5, "one")
    ax.text(0.5, 0.5, "hidden", visible=False)
    ax.text(0.5, 3, "outside the limits", clip_on=True)
    other = ax.figure.add_axes([0, 0, 0.1, 0.1])
    other.set_axis_off()  # its numbers would stand on those of the first
    assert figure_layout.faults(ax.figure) == []


DRAWING = """
from coursekit import plots
import matplotlib.pyplot as plt
"""
SHOWING = "plt.figure(); plt.figtext({place}, 0.5, 'some words'); plots.show(alt='Two words in the middle of nothing.')"


@pytest.mark.parametrize(("place", "fault"), [(0.5, None), (0.99, "'some words' is cut off")])
def test_in_a_watched_kernel_a_figure_with_a_fault_is_an_error(place, fault, monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", str(project.ROOT / "tests" / "support" / "kernel_startup.py"))
    cells = [nbformat.v4.new_code_cell(source) for source in (DRAWING, SHOWING.format(place=place), "sorted(vars())")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(notebook, kernel_name="python3")
    if fault:
        with pytest.raises(CellExecutionError, match=fault):
            client.execute()
    else:
        client.execute()
        assert "image/png" in notebook.cells[1].outputs[0].data
        assert "figure_layout" not in notebook.cells[2].outputs[0].data["text/plain"]
