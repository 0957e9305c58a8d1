"""Reading answers from the text of a notebook: many forms of a number, and nothing else."""

import pytest

from coursekit.grading.quiz import answers

NUMBERS = {
    "832": 832,
    "5*5*32+32": 832,
    "1_280": 1280,
    "1,280": 1280,
    "1,080": 1080,
    "1 280": 1280,
    "-3": -3,
    "−3": -3,
    "0.25": 0.25,
    "0,25": 0.25,
    "1/4": 0.25,
    "2**10": 1024,
    "(3 + 1) · 2": 8,
    " 7 # seven": 7,
    '"12"': 12,
    "7 // 2": 3,
    "1.5e3": 1500,
    "+4": 4,
    "1,234,567": 1234567,
    "'1,280.5'": 1280.5,
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_are_read_in_many_forms(text):
    assert answers.value(text, options=False) == NUMBERS[text]


@pytest.mark.parametrize("text", ['"b"', "'b'", "b", "B", '"B "', '"b)"', "“b”", "b  # I think"])
def test_letters_are_read_in_many_forms(text):
    assert answers.value(text, options=True) == "b"


@pytest.mark.parametrize("text", ["", "...", "None", '""', "   # later", '"..."'])
def test_no_answer_is_none(text):
    assert answers.value(text, options=False) is None is answers.value(text, options=True)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "f(1)",
        "[1]",
        "(1, 2)",
        "1j",
        "True",
        "1 if 1 else 2",
        "lambda: 1",
        "1e999",
        "2**2**2**2**9",
        "9**9**9",
        "1/0",
        "1 +",
        "(" * 150,
        "-" * 190 + "1e",
        "9" * 201,
        "2**-99",
        "(-8)**0.5",
        "1 < 2",
        "'a' * 9",
        "0x",
        "1" * 20,
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(answers.BadAnswer):
        answers.value(text, options=False)


def test_a_text_that_is_too_long_is_not_even_parsed():
    with pytest.raises(answers.BadAnswer, match="at most 200 characters"):
        answers.value("1 + " * 60 + "1", options=False)


@pytest.mark.parametrize("text", ["e", "ab", "5", '["b"]', "'a' 'b'", '"a", "b"'])
def test_what_is_no_letter_is_refused(text):
    with pytest.raises(answers.BadAnswer, match="a letter a-d was asked"):
        answers.value(text, options=True)


@pytest.mark.parametrize(
    "source, found",
    [
        ("q1 = 5", "5"),
        ("q1=5", "5"),
        ("  q1 = 5  ", "5"),
        ("q1 = 4\nq1 = 5", "5"),
        ("q1: int = 5", "5"),
        ("q1 = 5;", "5"),
        ("q1 = 5\r\nq2 = 6", "5"),
        ("q11 = 5", None),
        ("# q1 = 5", None),
        ("q1 == 5", None),
        ("xq1 = 5", None),
    ],
)
def test_an_answer_is_found_in_its_cell(source, found):
    cells = [{"kind": "code", "source": source}, {"kind": "markdown", "source": "q1 = 9"}]
    assert answers.find(cells, "q1") == found
