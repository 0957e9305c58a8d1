"""`make outputs`: run notebooks anew and store what they show. NOTEBOOK=06 takes only those that begin so.

A notebook is written back only when every cell ran. What a running widget leaves behind is not stored, since it
shows nothing without its kernel: its text form stays, which says how to start it.
"""

import sys

import nbformat
from nbclient import NotebookClient

import project

VIEW = "application/vnd.jupyter.widget-view+json"


def run(path):
    """Run the notebook at `path` and write it back, outputs included; ids stay. Raises at the first error."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=900,
        kernel_name="python3",
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    nbformat.write(tidy(notebook), path)


def tidy(notebook):
    """Return the notebook without widget views, widget state, times, and what jupytext notes in it."""
    for key in ("widgets", "jupytext"):
        notebook.metadata.pop(key, None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)
    return notebook


def main(beginning=""):
    every = [*project.notebooks(), *project.masters(), *project.decks()]
    chosen = [path for path in every if path.name.startswith(beginning)]
    if not chosen:
        sys.exit(f"no notebook begins with {beginning!r}")
    for path in chosen:
        print(path.name, flush=True)
        run(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
