"""Every question of the quiz: well formed for any student, and its answer found again by another route."""

import math
import re

import pytest

from coursekit.grading.quiz import answers, drawing, items, variants
from coursekit.grading.quiz.dice import Dice

BANK = drawing.bank()
IDS = 200
UNRENDERED = re.compile(r"[{}<>\\]|\bnan\b|\binf\b|None|array|np\.|  +\S+ [a-z]")


def asked(name, student):
    """Return the Question of that name for a student."""
    return BANK[name][1](Dice(f"{student} {name}"))


def test_the_bank_has_sixty_items_and_nine_of_each_lecture():
    lectures = [lecture for lecture, _ in BANK.values()]
    assert (
        len(BANK) >= 60
        and {one: lectures.count(one) >= 9 for one in drawing.LECTURES} == dict.fromkeys(drawing.LECTURES, True)
        and set(lectures) == set(drawing.LECTURES)
    )


@pytest.mark.parametrize("name", sorted(BANK))
def test_an_item_is_well_formed_for_every_student_and_has_twenty_variants(name):
    seen, every_place = set(), set()
    for student in range(IDS):
        question = asked(name, student)
        seen.add((question.text, frozenset(question.options)))
        every_place.add(question.answer if question.options else "")
        well_formed(question)
    assert len(seen) >= variants.FEWEST
    assert every_place == ({*"abcd"} if question.options else {""})


def well_formed(question):
    given = question.answer
    assert question.is_right(given) and question.diagnosis(given) is None
    assert question.wrong and not any(question.is_right(value) for value, _ in question.wrong)
    assert all(question.diagnosis(value) and thought for value, thought in question.wrong)
    assert len({value for value, _ in question.wrong}) == len(question.wrong)
    thoughts = [thought for _, thought in question.wrong]
    for text in [question.text, question.explanation, *question.options, *thoughts]:
        assert text == text.strip() != "" and not UNRENDERED.search(text)
        assert text.count("```") % 2 == 0 and text.replace("```", "").count("`") % 2 == 0
        assert "-" not in re.sub(r"[a-z]-[a-z]|`.*?`", "", text), f"a hyphen instead of a minus sign: {text}"
    assert question.text.endswith(("?", ".", "```", ")")) and question.explanation.endswith(".")
    if question.options:
        assert len(set(question.options)) == 4 == len(question.wrong) + 1 and given in "abcd"
        assert question.options["abcd".index(given)] in question.explanation
    else:
        exact = items.plain(given) in question.explanation
        assert exact or question.tolerance > 1e-6 and f"{given:.3f}"[:-1] in question.explanation
        assert abs(answers.value(question.shown, options=False) - given) <= max(question.tolerance, 1e-6)


def test_items_refuse_what_is_no_question(monkeypatch):
    monkeypatch.setattr(items, "BANK", {})
    with pytest.raises(ValueError, match="finite number"):
        items.number(float("nan"))
    with pytest.raises(ValueError, match="three wrong options"):
        items.choice("1", {"a": "1", "b": "2", "c": "2"})(Dice("x"))
    with pytest.raises(ValueError, match="exactly one option"):
        items.only({"1": "", "2": ""}, lambda option: True)
    with pytest.raises(ValueError, match="different names"):
        items.item("02")(well_formed) and items.item("02")(well_formed)


def draws(monkeypatch, *answers):
    """Return the Question of an item whose first draw has the first of `answers`, and so on."""
    monkeypatch.setattr(items, "BANK", {})
    left = iter(answers)
    items.item("02")(lambda dice: ("How many?", next(left), "So many."))
    return items.BANK["02_<lambda>"][1](Dice("x"))


def test_numbers_for_which_a_wrong_thought_is_right_are_not_asked(monkeypatch):
    by_luck = items.number(4, {"add": 4, "subtract": 0}), items.number(0.25, {"halve": 0.252}, digits=3)
    question = draws(monkeypatch, *by_luck, items.number(9, {"add": 6, "subtract": 0}))
    assert (question.answer, question.wrong) == (9, ((6, "add"), (0, "subtract")))
    monkeypatch.setattr(items, "_TRIES", 2)
    with pytest.raises(ValueError, match="02_<lambda> must have numbers for which no wrong thought is right"):
        draws(monkeypatch, *by_luck)


def test_thoughts_that_lead_to_the_same_answer_are_all_named(monkeypatch):
    wrong = {"add": 6, "subtract": 0, "take twice": 6.0, "divide": None}
    question = draws(monkeypatch, items.number(9, wrong))
    assert question.wrong == ((6, "add; or take twice"), (0, "subtract"))
    question = draws(
        monkeypatch, items.choice("9", {"add": "6", "root": "3", "take twice": "6", "none": "0", "one": "1"})
    )
    assert {question.options["abcd".index(letter)]: thought for letter, thought in question.wrong} == {
        "6": "add; or take twice",
        "3": "root",
        "0": "none",
    }


def numbers_in(question):
    return [int(text.replace("−", "-")) for text in re.findall(r"(?<![\w.])[−]?\d+", question.text)]


@pytest.mark.parametrize("student", range(60))
def test_a_diagnosis_is_that_of_the_slip_it_names(student):
    padded = asked("05_size_with_padding_and_stride", student)
    n, f, s, p = numbers_in(padded)
    rounded = padded.diagnosis(padded.answer + 1)
    assert bool(rounded and "round down" in rounded) == ((n + 2 * p - f) % s > 0)

    sobel = asked("04_steepness_by_sobel", student)
    assert "spans 2 pixels" in sobel.diagnosis(2 * sobel.answer)  # the weights 1, 2, 1 taken off, the span not

    for name in ("02_one_output_of_a_correlation", "03_one_output"):
        question = asked(name, student)
        last = "output 0," in question.text or re.search("row 0|column 0", question.text)
        assert not last or not any("counted" in thought and "from 1" in thought for _, thought in question.wrong)

    score = asked("08_slope_of_a_score", student)
    parts, total = numbers_in(score)[3:9:2], numbers_in(score)[4]
    right = int(re.search(r"right class is (\d)", score.text)[1])
    assert score.diagnosis(-total / parts[right]) == "that is the slope with respect to p of the right class"

    pooled = asked("06_average_pooling", student)
    row, column = re.search(r"row (\d), column (\d)", pooled.text).groups()
    assert row != column  # where they are equal, whoever swaps them is right


def test_no_option_is_a_map_without_channels():
    for student in range(IDS):
        assert not any(option.endswith("× 0") for option in asked("06_shape_after_pooling", student).options)


@pytest.mark.parametrize("name", sorted(BANK))
def test_a_number_that_goes_on_says_how_many_decimals_it_takes(name):
    for student in range(50):
        question = asked(name, student)
        if not question.options and "decimal" not in question.text:
            assert question.answer == pytest.approx(round(question.answer, 3), abs=1e-9), question.text


def test_keras_cuts_off_as_many_pictures_as_the_question_says():
    for student in range(IDS):
        text = asked("09_validation_cut_off", student).text
        each, recordings = int(re.search(r"(\d+) real ones", text)[1]), int(re.search(r"(\d+) recordings in", text)[1])
        share = float(re.search(r"split=([\d.]+)", text)[1])
        pictures = 2 * each * recordings
        assert pictures - math.floor(pictures * (1 - share)) == round(share * pictures), (
            text
        )  # Keras cuts at this floor
