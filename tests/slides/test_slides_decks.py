"""What every deck notebook keeps: outputs that were computed, facts of the table, notes with times, sections that exist."""

import importlib
import json
import re
from collections import Counter

import nbformat
import pytest
import test_facts

import notebook_rules
import project
from slides import decks

DECKS = {path.stem: nbformat.read(path, as_version=4) for path in decks.paths()}
LECTURES = {path.name[:2]: nbformat.read(path, as_version=4) for path in project.notebooks()}
FACTS = {
    fact.name: fact
    for number in {stem[:2] for stem in DECKS}
    for fact in importlib.import_module(f"facts.lecture{number}").FACTS
}
QUOTED = [
    (stem, cell, name) for stem, deck in DECKS.items() for cell in deck.cells for name in cell.metadata.get("facts", [])
]
deck = pytest.mark.parametrize("stem", DECKS)
SHORT = {"00_start_here"}  # half an hour of talk: in the rest of the first lesson all make their computers run
SECTION = re.compile(r"\*\*Notebook (\d\d), section (\d+) · (.+?)\*\*")
NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d*)?")


def said(cells):
    """Return all words that cells show, those of figures too, with ✓ and ✗ as True and False."""
    texts = []
    for cell in cells:
        texts += [cell.source] if cell.cell_type == "markdown" else []
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            texts.append(output.get("text") or data.get("text/markdown") or data.get("text/plain") or "")
    text = "\n".join(texts).replace("**", "").replace("−", "-").replace("✓", "True").replace("✗", "False")
    return text.replace("<br>", "\n")


def value(word):
    """Return a number's value, or None where there is no number.

    >>> value("62,338"), value("29%"), value("3."), value("valid")
    (62338.0, 29.0, 3.0, None)
    """
    try:
        return float(word.replace(",", "").removesuffix("%"))
    except ValueError:
        return None


def absent(fact, text):
    """Return the numbers and words of a fact that a text does not say, each as often as the fact has it.

    >>> fact = test_facts.Fact("", "", "", ("62,338", "98.7", "valid", "2", "2"))
    >>> absent(fact, "62338 and 98.70% of 'valid', 2"), absent(fact, "162,338 98.71 invalid 2 2.0")
    (['2'], ['62,338', '98.7', 'valid'])
    """
    values = Counter(value(word.rstrip(",")) for word in NUMBER.findall(text))
    missing = []
    for word, times in Counter(fact.numbers).items():
        number = value(word)
        found = values[number] if number is not None else len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", text))
        missing += [word] * max(0, times - found)
    return missing


@pytest.mark.parametrize(("stem", "cell", "name"), QUOTED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_slide_says_what_the_lecture_computes(stem, cell, name):
    assert name in FACTS, f"cell {cell.id!r} quotes the fact {name!r}, which no lecture has"
    slide = next(slide for slide in decks.slides(DECKS[stem]) if cell in slide.cells)
    assert absent(FACTS[name], said(slide.cells)) == [], said(slide.cells)
    assert test_facts.typed(FACTS[name], cell) == []


@deck
def test_a_deck_quotes_facts_of_its_lecture(stem):
    names = {name for other, _, name in QUOTED if other == stem}
    assert len(names) >= 6 and {name[:2] for name in names} == {stem[:2]}


def test_another_number_on_a_slide_is_seen():
    stem, cell, name = next(quoted for quoted in QUOTED if quoted[2] == "03.four_parameters")
    cells = [nbformat.from_dict(json.loads(json.dumps(cell).replace("144", "145")))]
    assert absent(FACTS[name], said(cells)) == ["144"]


@deck
def test_numbers_in_prose_are_computed_or_published(stem):
    """A number of three digits or with a decimal point is typed nowhere but in sources and published results."""
    for slide in decks.slides(DECKS[stem]):
        for cell in slide.cells:
            if cell.cell_type == "markdown" and not {"small", "published"} & set(cell.metadata.get("tags", [])):
                text = re.sub(r"`[^`]*`|\$[^$]*\$", "", cell.source)
                assert not re.findall(r"\d[\d,]*\.\d|\d{3}", text), cell.id


def rules_of_decks():
    lectures_only = {
        "the_badge_leads_to_this_file",
        "the_first_code_cell_installs_the_package",
        "the_title_is_a_heading",
    }
    return [rule for rule in notebook_rules.RULES if rule.__name__ not in lectures_only]


@deck
@pytest.mark.parametrize("rule", rules_of_decks(), ids=lambda rule: rule.__name__)
def test_a_deck_keeps(rule, stem):
    assert rule(DECKS[stem], decks.paths(stem)[0]) == []


@deck
def test_every_cell_that_stands_on_a_slide_shows_something(stem):
    for slide in decks.slides(DECKS[stem]):
        for cell in slide.cells:
            assert cell.cell_type == "markdown" or cell.outputs or "shown" in cell.metadata.tags, cell.id


@deck
def test_every_slide_has_notes_that_begin_with_its_minutes(stem):
    slides = decks.slides(DECKS[stem])
    least, shortest = (12, 30) if stem in SHORT else (20, 50)
    assert least <= len(slides) <= 35
    for slide in slides:
        assert slide.notes and re.match(r"\d+(\.5)? min\. \w", slide.notes[0]), slide.cells[0].source
        assert 0 <= slide.minutes <= 5
    assert shortest <= sum(slide.minutes for slide in slides) <= 75


@deck
def test_a_question_is_answered_at_a_later_key_press(stem):
    slides = [slide for slide in decks.slides(DECKS[stem]) if slide.kind == "question"]
    assert len(slides) >= 5
    for slide in slides:
        later = [
            cell
            for cell in slide.cells[1:]
            if decks.slide_type(cell) == "fragment"
            or "steps" in cell.metadata.get("tags", [])
            and len(cell.outputs) > 1
        ]
        assert later or "answered-next" in slide.cells[0].metadata.tags, slide.cells[0].source


@deck
def test_what_to_try_is_a_section_of_the_notebook(stem):
    slides = [slide for slide in decks.slides(DECKS[stem]) if slide.kind == "try"]
    assert len(slides) >= 2
    for slide in slides:
        named = SECTION.findall("\n".join(cell.source for cell in slide.cells))
        assert named, slide.cells[0].source
        for number, section, title in named:
            headings = [
                line
                for cell in LECTURES[number].cells
                for line in cell.source.splitlines()
                if cell.cell_type == "markdown" and line.startswith("## ")
            ]
            assert number == stem[:2] and f"## {section} · {title}" in headings


@deck
def test_the_stem_is_that_of_the_lecture(stem):
    assert (project.ROOT / "notebooks" / f"{stem}.ipynb").is_file()


@deck
def test_figures_have_words_of_their_own(stem):
    alts = [
        output.metadata["image/png"]["alt"]
        for cell in DECKS[stem].cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert len(alts) >= 10 and len(set(alts)) == len(alts)
    assert all(len(alt) >= 20 for alt in alts)
