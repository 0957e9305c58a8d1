"""`make outputs`: run notebooks anew and store what they show. NOTEBOOK=06 takes only those that begin so.

A notebook is written back only when every cell ran. What a running widget leaves behind is not stored, since it
shows nothing without its kernel: its text form stays, which says how to start it, and of an explorer a picture with
an alt text, drawn by Chromium, for GitHub, for HTML and for JupyterLab before the cell is run.
"""

import base64
import sys

import nbformat
from nbclient import NotebookClient

import project

sys.path.insert(0, str(project.ROOT / "tests" / "support"))
import browser

VIEW = "application/vnd.jupyter.widget-view+json"
PAGE = "application/x-explorer-page"
# Run by the kernel before the first cell, uncounted: an explorer comes as its page, to be drawn here.
AS_PAGES = f"""
from IPython.display import display as show_page
get_ipython().display_formatter.ipython_display_formatter.for_type_by_name("coursekit.explorers.base", "Explorer",
    lambda explorer: show_page({{"{PAGE}": explorer.to_html(), "text/plain": repr(explorer)}}, raw=True))
"""
WIDTH = {"width": 900, "height": 600}  # pixels, those of a notebook's column


def run(path):
    """Run the notebook at `path` and write it back, outputs included; ids stay. Raises at the first error."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=900,
        kernel_name="python3",
        store_widget_state=False,
        extra_arguments=[f"--IPKernelApp.exec_lines={AS_PAGES}"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    draw_pages(notebook)
    nbformat.write(tidy(notebook), path)


def draw_pages(notebook):
    """Put a picture in the place of each explorer's page; its alt text is what the explorer says of itself."""
    outputs = [
        output for cell in notebook.cells for output in cell.get("outputs", []) if PAGE in output.get("data", {})
    ]
    if not outputs:
        return
    with browser.running() as chromium:
        tab = browser.Page(chromium, WIDTH)
        for output in outputs:
            picture, words = tab.picture(output.data.pop(PAGE))
            output.data["image/png"] = base64.b64encode(picture).decode()
            output.metadata["image/png"] = {"alt": words}
        tab.close()


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
