"""Reading answers from the text of a notebook: many forms of a number, and nothing else."""

import time

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
    read = answers.read([source], ["q1"])
    assert (read["q1"]["text"] if read else None) == found


@pytest.mark.parametrize(
    "source, number",
    [
        ("q1, q2 = 27, 260", 27),
        ("q2, q1 = 260, 27", 27),
        ("(q2, q1), x = (1, 27), 3", 27),
        ("print(q1 := 27)", 27),
        ("q1 = 26\nq1 += 1", 27),
        ("x = 1\nq1 = x\nx = 5\nq1 += 26", 27),
        ("q2 = q1 = 27", 27),
        ("n = 9\nq1 = 3 * n", 27),
        ("q1: int = 27", 27),
        ("%%time\nq1 = 27", 27),
        ("!ls\nq1 = 27", 27),
        ("q1 = (3\n * 9)", 27),
        ("for q1 in range(28): pass", None),
        ("if True:\n    q1 = 27", None),
        ("def q1(): return 27", None),
        ("q1 = int(27)", None),
        ("*q1, q2 = 1, 2", None),
        ("q1 = 1\ndel q1", None),
        ("q1 = 27\nprint(q1)", 27),
    ],
)
def test_an_answer_is_read_however_it_is_set_or_what_to_write_is_told(source, number):
    found, problem = answers.read([source], ["q1"])["q1"]["number"]
    assert found == number and (problem is None) == (number is not None)
    assert number is not None or "write" in problem


@pytest.mark.parametrize(
    "source",
    [
        "q1 = x" + " " * 20_000,
        "(" + "\n" * 19_900,
        "(" * 19_000,
        "q1 = " + "-" * 19_000 + "1",
        "\n".join(["q1 = q1"] * 9999),
    ],
)
def test_no_cell_takes_long_to_read(source):
    begun = time.process_time()
    answers.read([source] * 10, ["q1"])
    assert time.process_time() - begun < 2
