"""A deck: the slides of a notebook, read from its cells, and run in a kernel."""

import re
from dataclasses import dataclass, field

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from slides import FOLDER, SlidesError

KINDS = ("title", "question", "try")
_MINUTES = re.compile(r"(\d+(?:\.5)?) min\.")


@dataclass
class Slide:
    """One slide: its cells in order, without notes, and what the speaker needs."""

    kind: str  # one of KINDS, or ""
    cells: list = field(default_factory=list)
    notes: list = field(default_factory=list)  # Markdown

    @property
    def minutes(self):
        """The time that the notes give this slide."""
        found = _MINUTES.match(self.notes[0]) if self.notes else None
        return float(found[1]) if found else 0.0


def paths(beginning=""):
    """Return the paths of all deck notebooks whose names begin so, in their order. Raises SlidesError for none."""
    found = sorted(path for path in FOLDER.glob("[0-9][0-9]_*.ipynb") if path.name.startswith(beginning))
    if not found:
        raise SlidesError(f"There is no deck that begins with {beginning!r} in slides/.")
    return found


def run(path):
    """Return the notebook at `path` with the outputs that slides need: SVG figures and living explorers.

    Raises SlidesError that names the deck and the cell when one fails.
    """
    notebook = nbformat.read(path, as_version=4)
    prepare = (FOLDER / "kernel.py").read_text(encoding="utf-8") + "\nprepare()"
    first = nbformat.v4.new_code_cell(prepare, id="slides-kernel")
    notebook.cells.insert(0, first)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],  # it warns of its own TCP ports
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError):
        where = next(filter(None, map(_failure, notebook.cells)), "a cell that took longer than ten minutes")
        raise SlidesError(
            f"The deck {path.name} stopped at {where}\nOpen slides/{path.name} in JupyterLab, "
            "mend that cell and repeat the command."
        ) from None
    del notebook.cells[0]
    return notebook


def _failure(cell):
    """Return which cell this is and its error, or None if it has none."""
    return next(
        (
            f"cell {cell.id!r}: {output.ename}: {output.evalue}"
            for output in cell.get("outputs", [])
            if output.output_type == "error"
        ),
        None,
    )


def slides(notebook):
    """Return the slides of a notebook as a list of `Slide`. Raises SlidesError for a cell before the first slide."""
    found = []
    for cell in notebook.cells:
        role, tags = slide_type(cell), cell.metadata.get("tags", [])
        if role == "skip":
            continue
        if role == "slide":
            found.append(Slide(next((tag for tag in tags if tag in KINDS), "")))
        if not found:
            raise SlidesError(
                f"Cell {cell.id!r} stands before the first slide: give it the slide type 'slide' or 'skip'."
            )
        if role == "notes":
            found[-1].notes.append(cell.source)
        else:
            found[-1].cells.append(cell)
    return found


def slide_type(cell):
    """Return the slide type of a cell: "slide", "fragment", "notes", "skip" or "", which goes on."""
    role = cell.metadata.get("slideshow", {}).get("slide_type", "")
    return "" if role == "-" else role
