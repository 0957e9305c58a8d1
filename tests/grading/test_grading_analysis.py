"""What a class found hard: counted right, told by the lecturer's sentences alone, and without a name."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from coursekit.grading import analysis, feedback, grader
from coursekit.grading.analysis import Answer


def case(passed=False, kind="wrong", message="not right", hidden=False):
    return {"passed": passed, "kind": "passed" if passed else kind, "message": message, "hidden": hidden}


def report(*cases, points=0, possible=4, manual=False, graded=True, likely=None, problem=None):
    question = {"title": "Sum", "points": points, "possible": possible, "manual": manual, "cases": list(cases)}
    question["likely"] = likely
    return {"graded": graded, "problem": problem, "questions": {"q1": question}}


def answers(reports, manual=None):
    handed = [SimpleNamespace(key=key) for key in reports]
    return list(analysis.of_homework(handed, reports, manual or {}))


def random_class(students, seed=0):
    """Answers of students of different strength to four questions, of which the last is answered by chance."""
    rng = np.random.default_rng(seed)
    for number, strength in enumerate(rng.normal(size=students)):
        for question, ease in (("q1", 1.0), ("q2", 0.0), ("q3", -1.0), ("q4", None)):
            right = rng.random() < (0.5 if ease is None else 1 / (1 + math.exp(-3 * (strength + ease))))
            yield Answer(f"s{number}", question, "title", float(right))


def test_shares_and_the_correlation_with_the_other_questions_are_those_of_numpy():
    given = list(random_class(60))
    table = np.array([one.share for one in given]).reshape(60, 4)
    found = analysis.items(given)
    assert [item.question for item in found] == ["q1", "q2", "q3", "q4"]
    for column, item in enumerate(found):
        others = table.sum(axis=1) - table[:, column]
        assert item.students == 60 and item.share == item.right == pytest.approx(table[:, column].mean())
        assert item.discrimination == pytest.approx(np.corrcoef(table[:, column], others)[0, 1])
    assert found[1].discrimination > 0.3 > abs(found[3].discrimination)
    assert any("q4: who did well elsewhere" in text for text in analysis.sentences(found)) == (
        found[3].discrimination < 0.1
    )


@pytest.mark.parametrize("students", [1, 9])
def test_of_few_students_no_correlation_is_told(students):
    assert {item.discrimination for item in analysis.items(random_class(students))} == {None}


def test_where_all_reached_the_same_no_correlation_is_told():
    given = [Answer(f"s{n}", name, "", share) for n in range(12) for name, share in (("q1", 1.0), ("q2", n / 12))]
    assert [item.discrimination for item in analysis.items(given)] == [None, None]


def test_a_mistake_counts_once_for_each_student_whatever_the_number_of_tests_that_saw_it():
    hidden = case(message="it fails for pictures that are not square", hidden=True)
    (item,) = analysis.items(answers({"a": report(hidden, hidden), "b": report(hidden, case(True))}))
    assert item.mistakes == ((hidden["message"], 2),)


def test_a_likely_mistake_is_told_in_place_of_the_hidden_test_that_saw_it():
    hidden = case(message=grader.HIDDEN, hidden=True)
    found = answers({"a": report(hidden, case(kind="late"), likely="the sign was lost"), "b": report(hidden)})
    assert [one.mistakes for one in found] == [("the sign was lost", "took longer than allowed"), (grader.HIDDEN,)]


@pytest.mark.parametrize(
    ("failed", "told"),
    [
        (case(message="expected 3, received 'my name is Ada'"), ()),  # what came is the student's
        (case(kind="raised", message="your code raised Ada: I am Ada\nLikely: Ada"), ("the code raised an error",)),
        (case(kind="unanswered", message="not answered yet"), ("not answered",)),
        (
            case(message="it fails for pictures that are not square", hidden=True),
            ("it fails for pictures that are not square",),
        ),
        (case(kind="late", message="took longer than allowed", hidden=True), ("took longer than allowed",)),
    ],
)
def test_only_the_lecturers_sentences_are_told(failed, told):
    assert answers({"a": report(failed)})[0].mistakes == told


def test_what_nobody_has_read_yet_is_not_counted_and_then_is():
    reports = {"a": report(manual=True), "b": report(manual=True)}
    (item,) = analysis.items(answers(reports, {("a", "q1"): (3, "good")}))
    assert (item.students, item.share, item.right) == (1, 0.75, 0)
    (item,) = analysis.items(answers(reports))
    assert (item.students, item.share, item.discrimination) == (0, 0, None)
    assert analysis.sentences([item]) == []  # nobody found it hard
    (row,) = analysis.rows([item])
    assert (row["students"], row["share"], row["right"]) == (0, "", "")


def test_a_submission_that_was_not_graded_is_not_a_wrong_one():
    (item,) = analysis.items(answers({"a": report(points=4), "b": report(graded=False)}))
    assert (item.students, item.share, item.right) == (1, 1, 1)


def test_an_empty_class_has_a_page():
    assert analysis.items([]) == [] and "For the next lecture" in analysis.page("hw1", [], feedback.PAGE)


def test_the_page_shows_texts_as_texts():
    found = analysis.items([Answer("a", "q1", "<b>&", 0.0, ("x < 0 & y",))])
    page = analysis.page("hw<1>", found, feedback.PAGE)
    assert "&lt;b&gt;&amp;" in page and "x &lt; 0 &amp; y" in page and "hw&lt;1&gt;" in page and "<b>" not in page


def test_a_row_has_the_three_most_frequent_mistakes():
    given = [Answer(f"s{n}", "q1", "t", 0.0, tuple("abcd"[: n + 1])) for n in range(4)]
    (row,) = analysis.rows(analysis.items(given))
    assert row["mistakes"] == "4 × a; 3 × b; 2 × c" and list(row) == list(analysis.COLUMNS)


def test_the_page_says_that_tries_are_not_known():
    assert "How often a question was tried is not known" in analysis.page("hw1", [], feedback.PAGE)


def test_that_some_hidden_test_failed_is_no_sentence_for_the_next_lecture():
    unknown = [Answer(f"s{n}", "q1", "Sum", 0.0, (grader.HIDDEN,)) for n in range(3)]
    assert len(analysis.sentences(analysis.items(unknown))) == 1
    told = analysis.sentences(analysis.items([*unknown, Answer("t", "q1", "Sum", 0.0, ("the sign was lost",))]))
    assert told[1] == "The most frequent mistake, 1 student: the sign was lost (q1)."
