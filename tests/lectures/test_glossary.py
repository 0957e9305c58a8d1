"""One list of letters and words: lecture 00 shows it, and no lecture uses a word before it is explained."""

import pytest
from nbformat import v4

import glossary
import project

LECTURES = {path.name[:2]: v4.reads(path.read_text(encoding="utf-8")) for path in project.notebooks()}


def words_of(notebook):
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown" and cell.id != "glossary"]
    return "\n".join(texts).partition("### References")[0]


def test_lecture_00_shows_the_list():
    (cell,) = [cell for cell in LECTURES["00"].cells if cell.id == "glossary"]
    assert glossary.table() in cell.source, "put what tools/glossary.py says into the cell"


@pytest.mark.parametrize("number", LECTURES)
def test_no_word_is_used_before_the_lecture_that_explains_it_unless_it_links_there(number):
    assert glossary.used_too_early(number, words_of(LECTURES[number])) == []


@pytest.mark.parametrize("term", glossary.TERMS + glossary.MORE, ids=lambda term: term.word)
def test_the_lecture_that_explains_a_word_uses_it(term):
    text = words_of(LECTURES[term.lecture]).lower()
    assert term.word.lower() in text or term.word.lower() in text.replace("*", "")


def test_a_word_and_a_letter_mean_one_thing():
    words = [term.word.lower() for term in glossary.TERMS + glossary.MORE]
    letters = [letter for row in glossary.NOTATION for letter in row.word.split(", ")]
    assert len(set(words)) == len(words) and len(set(letters)) == len(letters)
