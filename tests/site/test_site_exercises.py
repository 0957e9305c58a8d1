"""Exercises on the pages of the web edition: the browser says what the notebook's check says, and shows no answer."""

import html
import importlib.util
import math
import re

import numpy as np
import pytest

import equipment
from coursekit import checks
from coursekit.checks.exercise import Exercise

if importlib.util.find_spec("myst_nb") is None:
    pytest.skip(
        "the web edition is built with Python 3.11 or newer, and what `pip install .[site]` brings",
        allow_module_level=True,
    )
from edition import FOLDER, SiteError, exercises

VALUES = {
    name: exercise
    for number in range(13)
    for name, exercise in checks.exercises(f"{number:02}").items()
    if not exercises._only_python(exercise)
}
# Answers of other kinds: what they mean in Python is what stands here.
OTHERS = ["True", "False", "'a'", '"it\'s"', "()", "[]", "[[]]", "(3,)", "[1, [2]]", "[[1, 2], [3]]", "('a', 2)"]
OTHERS += [
    "0",
    "-0.0",
    "1e5",
    "1e-5",
    "1.5e16",
    "12345678901234567890",
    "0.1 + 0.2",
    "-2**2",
    "2**-1",
    "7 // 2",
    "-7 // 2",
]
OTHERS += [
    "(3, 3)",
    "[3, 3]",
    "3, 3",
    "[[1, 2], [3, 4]]",
    "[(1, 2), [3, 4]]",
    "1_000",
    "0.5",
    "1 / 2",
    "1e-320",
    "1e22",
]
OTHERS += [
    "(102 - 6) ** 2",
    "2 * (3 + 4)",
    "+5",
    "--5",
    "2 ** 3 ** 2",
    "5e-324",
    "123456789.125",
    "1.",
    ".5",
    "True, 2",
]
ANSWERED = """(texts) => texts.map((text) => {
    const form = document.querySelector("form.exercise"), result = form.querySelector("[role=status]");
    form.querySelector("input").value = text;
    form.requestSubmit();
    return [result.querySelector("b").textContent, result.querySelector("p").textContent];
})"""


def shown(page, exercise):
    """Show the form of an exercise on an empty page, with the site's scripts and style, and return the page."""
    scripts = "".join(
        f"<script>{(FOLDER / 'static' / name).read_text()}</script>" for name in ("answers.js", "exercises.js")
    )
    page.set_content(
        f'<html lang="en"><title>x</title><main>{exercises.form(exercise, "answer", "there")}</main>{scripts}'
    )
    return page


def check_says(exercise, values):
    """What the notebook's check says of values given one after the other, as [badge, message]."""
    said, failed = [], 0
    for value in values:
        result = exercise.check(value)
        failed += result.passed is False
        hint = exercises.HINTS.get(exercise.name)
        told = f"\nHint: {hint}" if hint and result.passed is False and failed >= checks.TRIES_BEFORE_HINT else ""
        said.append([{True: "✓ right", False: "✗ not yet", None: "… open"}[result.passed], result.message + told])
    return said


def written(answer):
    """An answer of a bank as a student would write it."""
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()
    if isinstance(answer, (list, tuple)):
        return type(answer)(map(value_of, answer))
    return value_of(answer)


def value_of(answer):
    return written(answer) if isinstance(answer, (list, tuple, np.ndarray)) else np.asarray(answer).tolist()


def varied(answer, tolerance):
    """The answer moved in one of its numbers, the last: within the tolerance, just outside it, and by one."""
    if isinstance(answer, (list, tuple)):
        return [type(answer)([*answer[:-1], other]) for other in varied(answer[-1], tolerance)] if answer else []
    reach = tolerance * (1 if isinstance(answer, int) else 1 + abs(answer))
    moved = [answer + sign * share * reach for sign in (1, -1) for share in (0.5, 0.999, 1.001, 1.5, 3)]
    return [*moved, answer + 1, -answer, float(answer), math.nextafter(answer, math.inf)]


@pytest.fixture
def page(opened_tab):
    opened_tab.clear()
    yield opened_tab.page
    assert opened_tab.complaints == []


@equipment.needs("chromium")
@pytest.mark.parametrize("name", VALUES)
def test_the_browser_says_what_the_check_says(page, name):
    exercise = VALUES[name]
    bank = [written(exercise.reference()), *(written(wrong()) for _, wrong in exercise.misconceptions)]
    near = [other for answer in bank for other in varied(answer, exercise.tolerance)]
    values = [*bank, *near, *map(eval, OTHERS)]
    texts = [*map(repr, [*bank, *near]), *OTHERS]
    said = shown(page, exercise).evaluate(ANSWERED, texts)
    wrong = [
        (text, *pair)
        for text, *pair in zip(texts, said, check_says(exercise, values), strict=True)
        if pair[0] != pair[1]
    ]
    assert wrong == []
    assert said[0] == ["✓ right", "right"] and "Likely: " in said[1][1]


NUMBER = Exercise("99.number", reference=lambda: 1024, misconceptions=(("half of it is missing", lambda: 512),))
SHAPE = Exercise("99.shape", reference=lambda: (3, 3), misconceptions=(("name rows, too", lambda: (3,)),))
SPELT = [
    *[(NUMBER, text, 1024) for text in ["1,024", "1 024", "1 024", "1_024", "2**10", "2 ** 10", "1024.0", "x = 1024"]],
    *[(NUMBER, text, (1024, 3)) for text in ["1024, 3", "1024 x 3", "1024×3", "(1024, 3)"]],
    *[(NUMBER, text, 1024.5) for text in ["1,024.5", "1 024.5", "2049/2"]],
    *[(NUMBER, text, -1024) for text in ["-1,024", "−1024", "- 1 024"]],
    *[(NUMBER, text, (1024, 512)) for text in ["(1024,512)", "1024 , 512"]],
    *[(NUMBER, text, (2, 7)) for text in ["2, 7", "(2,7)"]],
    *[
        (SHAPE, text, (3, 3))
        for text in ["3 x 3", "3x3", "3×3", "3 X 3", "(3, 3)", "3,3", " ( 3,3 ) ", "(3 x 3)", "6/2, 3"]
    ],
    *[(SHAPE, text, [3, 3]) for text in ["[3, 3]", "[3 x 3]", "[3, 3,]"]],
    *[(NUMBER, text, None) for text in ["", "  ", "...", "…", "None", "x = ..."]],
]


@equipment.needs("chromium")
@pytest.mark.parametrize("exercise, text, value", SPELT, ids=[f"{one.name} {text}" for one, text, _ in SPELT])
def test_other_spellings_of_a_value_are_read_as_it(page, exercise, text, value):
    assert shown(page, exercise).evaluate(ANSWERED, [text]) == check_says(exercise, [value])


@equipment.needs("chromium")
@pytest.mark.parametrize(
    "exercise, text, why",
    [
        (NUMBER, "about 3", "“about” cannot be read here; leave words and units out."),
        (NUMBER, "3 px", "“px” cannot be read here; leave words and units out."),
        (NUMBER, "50 %", "“%” cannot be read here; leave words and units out."),
        (NUMBER, "½", "“½” cannot be read here."),
        (NUMBER, "0,5", "A decimal number has a point here, as in 0.5."),
        (NUMBER, "−12,25", "A decimal number has a point here, as in 0.5."),
        (NUMBER, "10^3", "“^” cannot be read here."),
        (NUMBER, "0x10", "“0x” cannot be read here."),
        (NUMBER, "1/0", "This divides by zero."),
        (NUMBER, "0 ** -1", "This divides by zero."),
        (NUMBER, "(-8) ** 0.5", "This is not a real number."),
        (NUMBER, "9**9**9", "The number is too large."),
        (NUMBER, "1e999", "The number is too large."),
        (NUMBER, "(1, 2", "A bracket is not closed."),
        (NUMBER, "(1, 2]", "“]” stands at the wrong place."),
        (NUMBER, "1)", "“)” stands at the wrong place."),
        (NUMBER, "1 +", "Something is missing at the end."),
        (NUMBER, "(" * 30, "There are too many brackets."),
        (NUMBER, "'a' + 1", "“+” stands between two numbers."),
        (NUMBER, "-[1]", "“-” stands before a number."),
        (NUMBER, "1,,2", "“,” stands at the wrong place."),
        (SHAPE, "3 3", "A comma is missing between two values."),
        (SHAPE, "1,024", "“024” begins with a 0."),
        (SHAPE, "1 024", "“024” begins with a 0."),
        (SHAPE, ",".join(["10**40"] * 20), "The answer is too long."),
    ],
)
def test_what_cannot_be_read_is_said_and_is_no_try(page, exercise, text, why):
    assert shown(page, exercise).evaluate(ANSWERED, [text, text]) == [["… open", why]] * 2


@equipment.needs("chromium")
@pytest.mark.parametrize("right, other", [(True, False), (False, True), ("max", "mean")])
def test_a_choice_is_answered_by_its_button(page, right, other):
    exercise = Exercise("99.choice", reference=lambda: right, misconceptions=(("the other one", lambda: other),))
    button = shown(page, exercise).get_by_role("button", name="Check")
    for answer in (None, right, other):
        if answer is not None:
            page.get_by_label(str(answer), exact=True).check()
        button.click()
        badge, message = check_says(exercise, [answer])[0]
        assert page.get_by_role("status").inner_text().split() == f"{badge} {message}".split()


@equipment.needs("chromium")
def test_a_form_is_answered_by_keys_alone_with_a_hint_from_the_second_try(page):
    exercise = VALUES["10.size"]
    shown(page, exercise)
    page.keyboard.press("Tab")
    for tried, hint in ((21, False), (26, True)):
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(str(tried))
        page.keyboard.press("Enter")
        told = page.get_by_role("status").inner_text()
        assert "✗ not yet" in told and "Likely: " in told and (exercises.HINTS["10.size"] in told) == hint
        assert page.get_by_label("Your answer").get_attribute("aria-invalid") == "true"
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("23")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_role("status").inner_text().split() == ["✓", "right", "right"]


@pytest.mark.parametrize("name", VALUES)
def test_neither_an_answer_nor_a_diagnosis_can_be_read_in_the_source(name):
    exercise = VALUES[name]
    source = html.unescape(exercises.form(exercise, "answer", "there"))
    plain = re.sub(r'"[0-9a-f]{16,}"', "", source)  # digests, and what they lock
    assert plain != source
    right, *wrong = [exercise.reference(), *(other() for _, other in exercise.misconceptions)]
    for answer in (right, *(one for one in wrong if np.ndim(one))):
        assert not re.search(rf"(?<![\d.,\[]){re.escape(repr(written(answer)))}(?![\d.])", plain)
    assert [sentence for sentence, _ in exercise.misconceptions if sentence in source] == []


def test_an_answer_with_its_tolerance_never_lies_on_the_border_of_a_cell():
    rng = np.random.default_rng(0)
    for tolerance in (1e-9, 1e-6, 1e-3, 0.1):
        answers = [(value, "") for value in [0.0, 1 / 8, *(rng.normal(size=5) * 10.0 ** rng.integers(-3, 6, 5))]]
        exercise = Exercise("99.grid", tolerance=tolerance)
        told = exercises._grid(answers, exercise)
        for value, _ in answers:
            reach = tolerance * (1 + abs(value))
            assert exercises._place(value - reach, told) == exercises._place(value + reach, told)


def test_what_needs_python_says_so_and_leads_to_colab():
    for name, why in (
        ("00.softmax", "is a function, which needs Python"),
        ("04.diagonal", "is judged by a program, which needs Python"),
    ):
        note = exercises.form(checks.exercises(name[:2])[name], "answer", "https://there")
        assert why in note and 'href="https://there"' in note and "<form" not in note


def test_an_exercise_whose_reference_its_own_check_refuses_is_named():
    with pytest.raises(SiteError, match="99.wrong: the page cannot ask"):
        exercises.bank(Exercise("99.wrong", reference=lambda: {"a": 1}))


def test_each_cell_of_a_lecture_that_checks_is_recognised():
    assert exercises.asked('def f(x):\n    return x\n\ncheck("00.softmax", f)')[1] == "f"
    assert exercises.asked("print('check')") is None
