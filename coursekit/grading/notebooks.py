"""Reads a submitted notebook as the text that it is: cells, language, answers. Nothing is executed."""

import json
import re

_PLACEHOLDER = re.compile(r"_?Type your answer here,? replacing this text\.?_?", re.IGNORECASE)
MOST_BYTES = 50 << 20


class NotANotebook(ValueError):
    """What was handed in is no Python notebook; the message says what it is."""


def read(data):
    """Return the cells of a notebook in bytes: a list of {"kind", "source", "id"}.

    Raises NotANotebook for any other file, and for a notebook in another language.
    """
    return parsed(data)[0]


def parsed(data):
    """Return (cells, language or "") of a notebook in bytes; raises NotANotebook as `read` does."""
    if len(data) > MOST_BYTES:
        raise NotANotebook(f"the notebook has more than {MOST_BYTES >> 20} MB: clear its outputs")
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
        sheets = [notebook] if "cells" in notebook else notebook["worksheets"]  # of version 3
        found = [_cell(cell) for sheet in sheets for cell in sheet["cells"]]
        if not sheets:
            raise ValueError
    except RecursionError:
        raise NotANotebook("the file is nested too deeply for a notebook") from None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise NotANotebook("the file is not a Jupyter notebook (.ipynb)") from None
    language = _language(notebook)
    if not re.fullmatch(r"([ci]?python[\d. ]*)?", language):
        raise NotANotebook(f"the notebook is written in {language[:40]}, not in Python")
    return found, language


def slim(cells, language=""):
    """Return a notebook (dictionary) of these cells alone, without outputs; `parsed` reads it back."""
    made = [{"cell_type": one["kind"], "source": one["source"], "id": one["id"]} for one in cells]
    return {"cells": made, "metadata": {"language_info": {"name": language}}, "nbformat": 4, "nbformat_minor": 5}


def _cell(cell):
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(map(str, source))
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    return {
        "kind": str(cell["cell_type"]),
        "source": str(source),
        "id": str(cell.get("id") or metadata.get("id") or ""),
    }


def _language(notebook):
    metadata = notebook.get("metadata")
    for key, name in (("language_info", "name"), ("kernelspec", "language")):  # a kernel may have any name
        part = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(part, dict) and part.get(name):
            return str(part[name]).lower()
    return ""


def code(cells):
    """Return [[index, source], …] of the code cells."""
    return [[index, cell["source"]] for index, cell in enumerate(cells) if cell["kind"] == "code"]


def written(cells, questions):
    """Return {name: text} of the answers to the manual `questions`, "" where there is none.

    An answer is found by the id that its cell has in the released notebook, or else as the text between the
    heading of the question and the next heading or end mark.
    """
    return {one.name: _answer(cells, one) for one in questions if one.manual}


def _answer(cells, question):
    found = [cell["source"] for cell in cells if cell["id"] == f"{question.name}-answer"]
    if not found:
        found = _below(cells, question)
    return _PLACEHOLDER.sub("", "\n\n".join(found)).strip()


def _below(cells, question):
    """Return the cells between the one that asks a question and the next question."""
    asks = [
        index
        for index, cell in enumerate(cells)
        if cell["id"] == f"{question.name}-asked"
        or (cell["kind"] == "markdown" and re.search(rf"(?m)^#+ .*{re.escape(question.title)}", cell["source"]))
    ]
    below = []
    for cell in cells[asks[0] + 1 :] if asks else ():
        if cell["kind"] == "markdown" and re.match(r"<!-- (END|BEGIN) QUESTION|#+ ", cell["source"].lstrip()):
            break
        if "grader.check" in cell["source"]:
            break
        below.append(cell["source"])
    return below
