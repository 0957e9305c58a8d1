"""Every question of the quiz: well formed for any student, and its answer found again by another route."""

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
