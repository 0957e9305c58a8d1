"""The sheet that `make contact-sheet` writes shows every stored figure once, with its text and a link to its notebook."""

import base64
import json
import re

import contact_sheet
import project


def notebook(*outputs):
    return {"cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": list(outputs)}]}


def picture(alt, png="iVBO\nRw0K\n"):
    return {"data": {"image/png": png, "text/plain": alt}, "metadata": {"image/png": {"alt": alt} if alt else {}}}


def test_every_figure_is_on_the_sheet_with_its_text_and_a_link(tmp_path):
    path = tmp_path / "slides" / "01_a.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(notebook(picture("A < B."), {"name": "stdout", "text": "1"}, picture(""))), "utf-8")
    html = contact_sheet.page([path])
    assert re.findall(r'src="([^"]*)" alt="([^"]*)"', html) == [
        ("data:image/png;base64,iVBORw0K", text) for text in ("A &lt; B.", "")
    ]
    assert html.count('<a href="../slides/01_a.ipynb">cell 1</a>') == 2
    assert html.count("<strong>no alternative text</strong>") == 1 and "2 figures" in html


def test_no_lecture_and_no_deck_stores_a_figure_without_a_text():
    stored = {
        path.name: contact_sheet.figures(json.loads(path.read_text(encoding="utf-8")))
        for path in project.notebooks() + project.decks()
    }
    found = [figure for figures in stored.values() for figure in figures]
    assert len(found) > 300 and [figure for figure in found if len(figure.alt) < 20] == []
    assert all(base64.b64decode(figure.png).startswith(b"\x89PNG") for figure in found)
