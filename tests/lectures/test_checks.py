"""Laws of the exercise checks: what counts as right, what is said of what is not, and nothing escapes."""

import re
import sys
from collections import Counter

import numpy as np
import pytest

from coursekit import checks
from coursekit.checks import Exercise, Result, check, exercises
from coursekit.checks.exercise import finite_numbers


def two_by(matrix, vector):
    return matrix @ vector


MATRIX, VECTOR = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([1.0, 0.0, -1.0])
PRODUCT = Exercise(
    name="00.product",
    cases=((MATRIX, VECTOR), (MATRIX * 2, VECTOR + 1)),
    reference=two_by,
    misconceptions=(
        ("this is the other sign", lambda m, v: -m @ v),
        ("this lacks the last column", lambda m, v: m[:, :2] @ v[:2]),
    ),
)
DOUBLE = Exercise(
    "00.double",
    cases=((2,), (-3,), (10,)),
    reference=lambda n: 2 * n,
    misconceptions=(("this is the square", lambda n: n * n), ("the sign was lost", lambda n: 2 * abs(n))),
)
COUNT = Exercise(
    "00.count", reference=lambda: 138_357_544, misconceptions=(("this lacks the biases", lambda: 138_344_128),)
)


def value(expected, tolerance=1e-6):
    return Exercise("00.value", reference=lambda: expected, tolerance=tolerance)


# ---------------------------------------------------------------- no answer yet


@pytest.mark.parametrize("exercise", [PRODUCT, COUNT])
@pytest.mark.parametrize("answer", [None, ...])
def test_nothing_is_no_answer_and_no_mistake(exercise, answer):
    assert exercise.check(answer) == Result(exercise.name, None, "not answered yet")


def test_a_stub_is_no_answer_even_where_only_a_later_case_reaches_it():
    def half_done(n):
        if n > 0:
            return 2 * n
        raise NotImplementedError("negative numbers")

    assert DOUBLE.check(half_done).passed is None


# ---------------------------------------------------------------- right answers


def test_a_right_function_passes_in_all_cases():
    assert PRODUCT.check(lambda m, v: np.dot(m, v)) == Result("00.product", True, "right in all 2 cases")


def test_a_right_value_passes():
    assert COUNT.check(138_357_544) == Result("00.count", True, "right")


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        (3, 3.0),
        (3, np.int8(3)),
        (3, np.array(3)),
        (0.1 + 0.2, 0.3),
        (2.0, 2),
        (1e9, 1e9 * (1 + 1e-7)),
        (np.array([1.0, 2.0]), [1, 2]),
        (np.array([1, 2]), (1, 2)),
        (np.array([np.nan]), [np.nan]),
        ((1, 2), [1, 2]),
        ([1, 2], (1, 2)),
        ({"a": 1, 7: 0.5}, {7: 0.5, "a": 1}),
        ({7: [1]}, {np.int64(7): np.array([1])}),
        ((2, 3), np.array([2, 3])),
        ([[1, 2], [3, 4]], np.array([[1, 2], [3, 4]])),
        ("same", "same"),
        ("same", np.str_("same")),
        (None, None),
        (True, True),
        (True, np.bool_(True)),
        (len, len),
        (np.zeros((0, 2)), np.zeros((0, 2))),
        ((np.eye(2), "x"), (np.eye(2).tolist(), "x")),
    ],
)
def test_answers_that_are_the_same(expected, answer):
    if answer is None:  # as an item: alone it is no answer
        expected, answer = [None], [None]
    assert value(expected).check(answer).passed is True


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        (3, 4),
        (3, 3.001),
        (3, [3]),
        (3, "3"),
        (3, "three"),
        (3, None.__class__),
        (3, np.nan),
        (3, 1j),
        (0.3, 0.31),
        (np.array([1, 2]), [1, 2, 3]),
        (np.array([1, 2]), [[1, 2]]),
        (np.array([1, 2]), [[1], [2, 3]]),
        (np.array([1, 2]), np.array([2, 1])),
        (np.array([np.nan]), [0.0]),
        ((1, 2), (2, 1)),
        ((1, 2), (1, 2, 3)),
        ((1, 2), 1),
        ((1, 2), np.array(1)),
        ((1, 2), np.array([1, 3])),
        ([1, 2], {1: 2}),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1}, [("a", 1)]),
        ("same", "Same"),
        ("same", 1),
        ("same", np.array(["same", "same"])),
        ([None], [0]),
        ([0], [None]),
        (True, False),
        (len, abs),
        (1, object()),
        ({7: 1}, {"7": 1}),
        (0, ""),
        (0, []),
        (np.array([1.0, 2.0]), np.ma.masked_equal([1.0, 2.0], 2.0)),
        (3, np.ma.masked),
        (3, 10**400),
    ],
)
def test_answers_that_are_not_the_same(expected, answer):
    assert value(expected).check(answer).passed is False


def test_a_count_must_be_right_to_the_last_one():
    """A relative tolerance would forgive 138 parameters in 138 million."""
    assert [COUNT.check(138_357_544 + error).passed for error in (-1, 0, 1)] == [False, True, False]


@pytest.mark.parametrize(("tolerance", "passed"), [(0.01, True), (0.001, False)])
def test_the_tolerance_decides_how_close_is_right(tolerance, passed):
    assert value(0.5, tolerance).check(0.502).passed is passed
    assert value(np.array([0.5, 200.0]), tolerance).check([0.5, 200.4]).passed is passed  # relative too


def test_what_numpy_cannot_make_an_array_of_is_simply_wrong():
    class Awkward:
        def __array__(self, *unused, **also_unused):
            raise RuntimeError("no")

    assert value(np.ones(2)).check(Awkward()).passed is False


# ---------------------------------------------------------------- wrong answers


def test_the_smallest_wrong_case_is_shown_with_both_answers():
    result = DOUBLE.check(lambda n: 2 * n if n == 2 else 0)
    assert result == Result("00.double", False, "for -3:\nexpected -6\nreceived 0")


def test_a_misconception_is_named_where_it_explains_every_mistake():
    square = DOUBLE.check(lambda n: n * n)
    assert square.message == "for -3:\nexpected -6\nreceived 9\nLikely: this is the square"
    assert DOUBLE.check(lambda n: abs(2 * n)).message.endswith("Likely: the sign was lost")
    mixed = DOUBLE.check(lambda n: n * n if n > 5 else 2 * abs(n))
    assert mixed.passed is False and "Likely" not in mixed.message


def test_another_shape_is_told_as_such():
    message = PRODUCT.check(lambda m, v: m * v).message
    assert "expected an array of shape (2,), received one of shape (2, 3):" in message
    assert "shape" not in PRODUCT.check(lambda m, v: m @ v + 1).message
    ragged = PRODUCT.check(lambda m, v: [[1], [2, 3]])
    assert ragged.passed is False and "received [[1], [2, 3]]" in ragged.message


def test_of_a_value_the_right_one_is_not_given_away():
    result = COUNT.check(138_344_128)
    assert result.message == "138344128 is not it\nLikely: this lacks the biases"
    assert COUNT.check("138357544").message == "expected a number, received '138357544'"
    assert COUNT.check(len).message.startswith("expected a number, received <built-in function len>")
    for answer in (0, 138_344_128, "x", None.__class__, np.zeros(3)):
        assert "138357544" not in COUNT.check(answer).message.replace("_", "").replace(",", "")


def test_a_value_where_a_function_is_asked_for_is_told_as_such():
    result = DOUBLE.check(DOUBLE.reference(3))
    assert result.passed is False and result.message.startswith("expected a function, received 6")


def test_what_a_function_raises_is_part_of_the_result():
    def raising(n):
        raise KeyError("lost")

    assert DOUBLE.check(raising).message == "for 2:\nyour function raised KeyError: 'lost'"
    assert "your function raised TypeError: " in DOUBLE.check(lambda: 4).message
    assert "your function raised RecursionError" in DOUBLE.check(lambda n: endless(n)).message


def endless(n):
    return endless(n) + 1


class Mute(Exception):
    """What cannot even say what it is."""

    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __array__ = __str__


def test_what_cannot_be_shown_is_a_wrong_answer_and_no_error():
    assert DOUBLE.check(raising_with(Mute())).message.endswith("raised Mute: an object of Mute that cannot be shown")
    assert "an object of Mute that cannot be shown" in DOUBLE.check(lambda n: Mute()).message
    assert "an object of list that cannot be shown" in DOUBLE.check(lambda n: [Mute()]).message
    assert len(DOUBLE.check(raising_with(ValueError("x " * 10_000))).message) < 400


def raising_with(error):
    def function(n):
        raise error

    return function


def test_a_function_that_leaves_python_does_not_end_the_notebook():
    assert DOUBLE.check(lambda n: sys.exit(2)).message == "for 2:\nyour function raised SystemExit: 2"


@pytest.mark.parametrize(
    "answer",
    [
        lambda m, v: [m[:, :2], v[:2]],  # NumPy raises where it should make one array of these
        lambda m, v: (m @ v, np.eye(2)),
        lambda m, v: np.ma.masked_all(2),
        lambda m, v: [10**400] * 2,
    ],
)
def test_whatever_a_function_returns_is_a_wrong_answer_and_no_error(answer):
    assert PRODUCT.check(answer).passed is False


@pytest.mark.parametrize("answer", [10**400, [10**400] * 3, np.ma.masked_all(3)])
def test_what_is_no_finite_number_is_none(answer):
    assert finite_numbers(answer) is None


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_an_array_that_was_never_filled_does_not_hold_the_answer(kind):
    """NumPy hands out small pieces of memory again, with what stood in them: the right answer of an earlier try."""
    got = []
    for _ in range(20):
        assert not PRODUCT.check(lambda m, v: got.append(np.empty(2, kind).copy()) or np.empty(2, kind)).passed
    assert np.isnan(got).all()


def test_ctrl_c_is_not_held_back():
    def interrupted(n):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        DOUBLE.check(interrupted)


def test_a_forgotten_return_is_recognised():
    assert DOUBLE.check(lambda n: None).message == "for 2:\nyour function returned None: is a return missing?"


def test_an_edited_argument_is_recognised_and_does_no_harm():
    def in_place(matrix, vector):
        vector *= 2
        return matrix @ vector

    before = [(m.copy(), v.copy()) for m, v in PRODUCT.cases]
    for _ in range(2):
        assert PRODUCT.check(in_place).message.endswith("your function changed its argument: work on a copy")
    for (m, v), (old_m, old_v) in zip(PRODUCT.cases, before):
        np.testing.assert_array_equal(m, old_m)
        np.testing.assert_array_equal(v, old_v)


@pytest.mark.parametrize(
    "edit",
    [
        lambda a: a["list"].append(1),
        lambda a: a.pop("none"),
        lambda a: a.update(text="y"),
        lambda a: a["array"].fill(1e-9),
        lambda a: a.update(none=0),
    ],
)
def test_the_smallest_edit_of_any_kind_of_argument_is_seen(edit):
    exercise = Exercise(
        "00.edit",
        reference=lambda a: 1,
        cases=(({"list": [1], "none": None, "text": "x", "array": np.zeros(2), "call": len},),),
    )
    assert exercise.check(lambda a: 1).passed is True
    assert "changed its argument" in exercise.check(lambda a: edit(a) or 1).message


def test_each_call_gets_arguments_of_its_own():
    exercise = Exercise("00.own", cases=(([1],), ([1],)), reference=lambda a: a)
    assert exercise.check(lambda a: a).passed is True


# ---------------------------------------------------------------- where many answers are right


def test_a_judge_says_what_is_wrong_and_may_accept_many_answers():
    exercise = Exercise(
        "00.divisor",
        cases=((12,), (7,)),
        judge=lambda n, answer: None if n % answer == 0 else f"{answer} does not divide it",
    )
    assert exercise.check(lambda n: 1).passed is exercise.check(lambda n: n).passed is True
    assert exercise.check(lambda n: 4).message == "for 7:\n4 does not divide it"


# ---------------------------------------------------------------- what is shown


def test_results_speak_by_mark_and_words_not_by_colour_alone():
    texts = [repr(Result("00.x", passed, "because")) for passed in (True, False, None)]
    assert texts == ["✓ 00.x: because", "✗ 00.x: because", "… 00.x: because"]


def test_html_shows_what_a_student_wrote_as_text():
    result = COUNT.check("<script>alert(1)</script>")
    shown = result._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "✗ not yet</b> 00.count" in shown
    assert len({Result("x", passed, "")._repr_html_() for passed in (True, False, None)}) == 3


class Talkative:
    def __repr__(self):
        return "one more line\n" * 10_000


def test_numbers_are_shown_as_numbers_whatever_numpy_calls_them():
    answer = (np.float64(0.5), [np.int64(-3), {"a": np.float32(1.5)}], np.bool_(True), 2.0)
    assert value(3).check(answer).message.startswith("expected a number, received (0.5, [-3, {'a': 1.5}], True, 2.0)")
    assert (
        value(3).check("np.float64(0.5)").message == "expected a number, received 'np.float64(0.5)'"
    )  # a text is a text
    total = Exercise("00.sum", cases=((np.float64(1.5), 2),), reference=lambda a, b: a + b)
    assert total.check(lambda a, b: a).message == "for 1.5, 2:\nexpected 3.5\nreceived 1.5"


def test_messages_stay_short():
    big = Exercise("00.big", cases=((np.arange(10_000.0),),), reference=lambda a: a)
    for answer in (
        lambda a: Talkative(),
        lambda a: a + 1,
        lambda a: a.tolist()[1:],
        lambda a: "x" * 10_000,
        lambda a: list(range(10_000)),
    ):
        assert len(big.check(answer).message) < 2000


def test_of_a_large_array_the_first_number_that_differs_is_shown_and_not_the_whole():
    big = Exercise("00.big", cases=((np.arange(120.0).reshape(2, 3, 4, 5),),), reference=lambda a: a)

    def wrong(a):
        a = a.copy()
        a[1, 0, 2, 3] = -7
        return a

    assert big.check(wrong).message == (
        "for an array of shape (2, 3, 4, 5), 0 to 119 (0, 1, 2, 3, 4, 5, …):\n"
        "expected 73 at [1, 0, 2, 3]\nreceived -7; 1 of 120 numbers differ"
    )


@pytest.mark.parametrize(
    ("expected", "answer", "said"),
    [
        ((2, 3), 6, "6 is not it (expected 2 values, received a number)"),
        ((2, 3), (1, 2, 3), "(1, 2, 3) is not it (expected 2 values, received 3 values)"),
        ({"a": 1, "b": 2}, [1, 2], "(expected a dictionary with 2 entries, received 2 values)"),
        ("same", 3, "3 is not it (expected a text, received a number)"),
        (True, "yes", "(expected True or False, received a text)"),
        ((1, 2), len, "(expected 2 values, received builtin_function_or_method)"),
        ((2, 3), (3, 2), "(3, 2) is not it"),
    ],
)
def test_another_kind_of_answer_is_told_which_kind_was_expected(expected, answer, said):
    assert value(expected).check(answer).message.endswith(said)


@pytest.mark.parametrize("passed", [True, False, None])
def test_a_result_can_be_read_on_light_and_dark_pages_and_keeps_its_words_whole(passed):
    shown = Result("00.x", passed, "because")._repr_html_()
    color = re.search("background:#([0-9a-f]{6})", shown).group(1)
    channels = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = np.dot(linear, [0.2126, 0.7152, 0.0722])
    assert 1.05 / (luminance + 0.05) >= 4.5  # white words on it, and the bar on a white page
    assert (luminance + 0.05) / (0.006 + 0.05) >= 3  # the bar on JupyterLab's dark page, #111111
    assert "word-break:normal" in shown and shown.count(f"#{color}") == 2


# ---------------------------------------------------------------- hints


@pytest.fixture
def hinted(monkeypatch):
    exercise = Exercise("09.double", cases=((2,),), reference=lambda n: 2 * n)
    plain = Exercise("09.plain", cases=((2,),), reference=lambda n: 2 * n)
    monkeypatch.setattr(checks, "exercises", lambda lecture: {e.name: e for e in (exercise, plain)})
    monkeypatch.setattr(checks, "HINTS", {"09.double": "Add the number to itself."})
    monkeypatch.setattr(checks, "_failed", Counter())
    return lambda answer, name="09.double": checks.check(name, answer)


def test_the_second_wrong_answer_brings_the_hint_and_the_first_does_not(hinted):
    assert "Hint" not in hinted(lambda n: 0).message
    for _ in range(2):
        assert hinted(lambda n: 1).message.endswith("received 1\nHint: Add the number to itself.")
    assert hinted(lambda n: 2 * n).message == "right in all 1 cases"


def test_no_answer_is_no_try_and_each_exercise_counts_for_itself(hinted):
    for _ in range(3):
        assert hinted(...).message == "not answered yet"
        assert "Hint" not in hinted(lambda n: 0, "09.plain").message  # it has none
    assert "Hint" not in hinted(lambda n: 0).message


# ---------------------------------------------------------------- finding exercises


def test_exercises_are_found_by_the_digits_of_their_lecture():
    assert exercises("99") == {} and list(exercises("09")) == [e.name for e in exercises("09").values()]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("09.nothing", r"name must be one of 09\.colour_parameters, 09\.confusion, .*\. Received: '09\.nothing'"),
        ("99.nothing", r"name must be one of the exercises of a lecture\. Received: '99\.nothing'"),
        ("", "Received: ''"),
        ("confusion", "Received: 'confusion'"),
        ("../x", "Received: '../x'"),
        (9, "Received: 9"),
        (["09.confusion"], r"Received: \['09\.confusion'\]"),
        (len, "Received: <built-in function len>"),
    ],
)
def test_an_unknown_exercise_is_named(name, message):
    with pytest.raises(ValueError, match=message):
        check(name, 1)


def test_a_lecture_that_lacks_a_module_of_its_own_is_not_taken_for_one_without_exercises(tmp_path, monkeypatch):
    (tmp_path / "lecture98.py").write_text("import no_such_module_of_anyone\nEXERCISES = ()\n")
    (tmp_path / "lecture97.py").write_text(
        "from coursekit.checks import Exercise\nEXERCISES = (Exercise('97.a', reference=lambda: 2),)\n"
    )
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])
    with pytest.raises(ModuleNotFoundError, match="no_such_module_of_anyone"):
        exercises("98")
    assert check("97.a", 2).passed is True
    for name in ("lecture97", "lecture98"):
        sys.modules.pop(f"coursekit.checks.{name}", None)


def test_checking_prints_nothing(capsys):
    assert check("09.colour_parameters", 1).passed is False
    assert capsys.readouterr() == ("", "")
