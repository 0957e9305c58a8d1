"""`make contact-sheet`: one page with every figure of every lecture and deck, as the notebooks store it, to look at.

Below each figure stand its alternative text and a link to the cell's notebook, so that what is drawn and what is said
of it can be compared. Nothing is run.
"""

import json
from html import escape
from typing import NamedTuple

import project

OUT = project.ROOT / "dist" / "contact_sheet.html"
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Every figure of the course</title>
<style>
body {{ font: 15px/1.4 system-ui, sans-serif; margin: 1rem; color: #1c1c1c; background: #fff }}
section {{ display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start }}
figure {{ margin: 0; max-width: 30rem; border: 1px solid #8a8a8a; padding: .5rem }}
img {{ max-width: 100% }}
</style>
<h1>Every figure of the course</h1>
<p>{count} figures.</p>
{parts}
</html>
"""


class Figure(NamedTuple):
    """A stored picture (PNG, in base64), its alternative text, "" for none, and the number of its cell from 0."""

    cell: int
    png: str
    alt: str


def figures(notebook):
    """Return every `Figure` that a notebook, as a dictionary of its JSON, stores, in order.

    >>> picture = {"data": {"image/png": "iVBO"}, "metadata": {"image/png": {"alt": "A line."}}}
    >>> figures({"cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": [picture, {"text": "1"}]}]})
    [Figure(cell=1, png='iVBO', alt='A line.')]
    """
    return [
        Figure(i, "".join(output["data"]["image/png"]).replace("\n", ""), _alt(output))
        for i, cell in enumerate(notebook["cells"])
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]


def _alt(output):
    return output.get("metadata", {}).get("image/png", {}).get("alt", "")


def page(paths):
    """Return the HTML of the sheet for the notebooks at `paths`, which lie in folders beside that of the sheet."""
    parts, count = [], 0
    for path in paths:
        found = figures(json.loads(path.read_text(encoding="utf-8")))
        name = f"{path.parent.name}/{path.name}"
        count += len(found)
        parts += [f"<h2>{escape(name)}: {len(found)}</h2>", "<section>"]
        parts += [
            f'<figure><img src="data:image/png;base64,{figure.png}" alt="{escape(figure.alt)}">'
            f'<figcaption><a href="../{escape(name)}">cell {figure.cell}</a>: '
            f"{escape(figure.alt) or '<strong>no alternative text</strong>'}</figcaption></figure>"
            for figure in found
        ]
        parts += ["</section>"]
    return PAGE.format(count=count, parts="\n".join(parts))


if __name__ == "__main__":
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(page(project.notebooks() + project.decks()), encoding="utf-8")
    print(f"Open {OUT.relative_to(project.ROOT)} in a browser.")
