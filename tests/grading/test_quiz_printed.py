"""Printed quizzes in a real Chromium: one A4 sheet a student, nothing sticks out, a PDF of so many pages."""

import re

import pytest

import browser
import equipment
from coursekit.grading.quiz import drawing, printed, roster
from coursekit.grading.quiz.dice import Dice
from project import ROOT

SETTINGS = drawing.settings(ROOT / "assignments/quiz1/quiz.json")
PEOPLE = [
    roster.Person(str(4700 + number), "Maximiliane von der Langenstraße-Überlang"[: 8 + number]) for number in range(25)
] + roster.variants(5)
DRAWN = [(person, drawing.draw(SETTINGS, person.id, "correct horse")) for person in PEOPLE]
TALLER = """() => [...document.querySelectorAll(".sheet")].map(sheet => sheet.getBoundingClientRect().height)"""
WIDER = """() => [...document.querySelectorAll(".sheet *")].filter(one => one.getBoundingClientRect().right
    > one.closest(".sheet").getBoundingClientRect().right - 60).map(one => one.outerHTML.slice(0, 120))"""
A4_PIXELS = 297 / 25.4 * 96  # at 96 pixels an inch
MARGINS = (2 * 16 - 27) / 25.4 * 96  # the sheet on the screen has more of them than on paper


@pytest.fixture(scope="module")
def page(chromium):
    return browser.Page(chromium).page


@pytest.mark.parametrize("name", ["quiz1", "quiz2"])
def test_every_quiz_fits_on_one_sheet_and_nothing_sticks_out(name, page):
    settings = drawing.settings(ROOT / "assignments" / name / "quiz.json")
    page.set_content(
        printed.sheets(settings, [(person, drawing.draw(settings, person.id, "correct horse")) for person in PEOPLE])
    )
    heights = page.evaluate(TALLER)
    assert len(heights) == 30 and max(heights) < A4_PIXELS + MARGINS
    assert page.evaluate(WIDER) == []


def test_every_item_fits_into_the_width_of_the_paper(page):
    questions = [ask(Dice(f"{name} {turn}")) for name, (_, ask) in drawing.bank().items() for turn in range(12)]
    page.set_content(printed.sheets(SETTINGS, [(PEOPLE[0], questions)]))
    assert page.locator("li.q").count() == len(questions) and page.evaluate(WIDER) == []


def test_the_key_fits_into_the_width_of_the_paper(page):
    page.set_content(printed.key(SETTINGS, DRAWN))
    assert page.evaluate(WIDER) == []


def test_what_sticks_out_would_be_seen(page):
    page.set_content(printed.sheets(SETTINGS, DRAWN[:1]).replace("</h1>", " wide" * 40 + "</h1>"))
    assert page.evaluate(WIDER)


@equipment.needs("chromium")
def test_the_pdf_has_one_page_a_student(tmp_path):
    sheets = tmp_path / "print.html"
    sheets.write_text(printed.sheets(SETTINGS, DRAWN[:8]), encoding="utf-8")
    assert printed.pdf(sheets, tmp_path / "print.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "print.pdf").read_bytes())) == 8


def test_without_a_browser_there_is_no_pdf(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not printed.pdf(tmp_path / "print.html", tmp_path / "print.pdf") and not list(tmp_path.iterdir())
