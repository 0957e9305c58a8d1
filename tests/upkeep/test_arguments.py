"""Laws of the argument checks: what is right comes back as it was, what is wrong is named."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coursekit import arguments

INTEGERS = st.one_of(st.integers(-1000, 1000), st.integers(-100, 100).map(np.int16))
BOUNDS = st.one_of(st.none(), st.integers(-1000, 1000))


def message(text):
    """Return a pattern for the whole of an error's text."""
    return f"^{re.escape(text)}$"


# ---------------------------------------------------------------- integer


@given(INTEGERS, BOUNDS, BOUNDS)
@settings(max_examples=200)
def test_an_integer_comes_back_if_and_only_if_it_lies_within_its_bounds(value, minimum, maximum):
    assume(minimum is None or maximum is None or minimum <= maximum)
    inside = (minimum is None or minimum <= value) and (maximum is None or value <= maximum)
    if inside:
        result = arguments.integer("n", value, minimum, maximum)
        assert result == value and type(result) is int
    else:
        with pytest.raises(ValueError, match=rf"^n must be an integer .*\. Received: {re.escape(repr(value))}$"):
            arguments.integer("n", value, minimum, maximum)


@pytest.mark.parametrize("value", [True, np.bool_(False), 1.0, np.float32(2), "3", None, [1], 1j, np.arange(3)])
def test_what_is_no_integer_is_a_type_error(value):
    with pytest.raises(TypeError, match=r"^stride must be an integer of at least 0\. Received: "):
        arguments.integer("stride", value, minimum=0)


@pytest.mark.parametrize(
    ("minimum", "maximum", "expected"),
    [
        (None, None, "n must be an integer. Received: 'x'"),
        (2, None, "n must be an integer of at least 2. Received: 'x'"),
        (None, 5, "n must be an integer of at most 5. Received: 'x'"),
        (2, 5, "n must be an integer from 2 to 5. Received: 'x'"),
        (0, 0, "n must be an integer from 0 to 0. Received: 'x'"),
    ],
)
def test_the_message_tells_the_bounds(minimum, maximum, expected):
    with pytest.raises(TypeError, match=message(expected)):
        arguments.integer("n", "x", minimum, maximum)


def test_integers_are_not_cut_to_64_bits():
    assert arguments.integer("n", 2**80, minimum=0) == 2**80


# ---------------------------------------------------------------- pair


@given(st.integers(1, 9), st.integers(1, 9))
@settings(max_examples=20)
def test_a_pair_keeps_its_order_and_one_number_stands_for_both(rows, columns):
    assert arguments.pair("stride", (rows, columns), minimum=1) == (rows, columns)
    assert arguments.pair("stride", [np.int64(rows), columns]) == (rows, columns)
    assert arguments.pair("stride", rows) == (rows, rows)


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [
        ((1,), ValueError, "stride must be an integer or a pair (rows, columns). Received: (1,)"),
        ([1, 2, 3], ValueError, "stride must be an integer or a pair (rows, columns). Received: [1, 2, 3]"),
        ((1, 0), ValueError, "stride must be an integer of at least 1. Received: 0"),
        ((0, 1), ValueError, "stride must be an integer of at least 1. Received: 0"),
        ((1, 1.5), TypeError, "stride must be an integer of at least 1. Received: 1.5"),
        (0, ValueError, "stride must be an integer of at least 1. Received: 0"),
        (None, TypeError, "stride must be an integer of at least 1. Received: None"),
    ],
)
def test_a_bad_pair_is_named(value, error, expected):
    with pytest.raises(error, match=message(expected)):
        arguments.pair("stride", value, minimum=1)


# ---------------------------------------------------------------- real


@given(st.floats(-1e6, 1e6), st.one_of(st.none(), st.floats(-1e6, 1e6)))
@settings(max_examples=100)
def test_a_real_number_comes_back_if_and_only_if_it_is_above_its_bound(value, above):
    if above is None or value > above:
        assert arguments.real("sigma", value, above) == value
    else:
        expected = f"sigma must be a finite number greater than {above}. Received: {value!r}"
        with pytest.raises(ValueError, match=message(expected)):
            arguments.real("sigma", value, above)


@pytest.mark.parametrize("value", [2, np.int8(2), np.float32(2)])
def test_any_kind_of_real_number_becomes_a_float(value):
    result = arguments.real("sigma", value, above=0)
    assert result == 2 and type(result) is float


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        (-np.inf, ValueError),
        (True, TypeError),
        ("1", TypeError),
        (None, TypeError),
        (1j, TypeError),
        ([1.0], TypeError),
    ],
)
def test_what_is_no_finite_number_is_refused(value, error):
    with pytest.raises(error, match=r"^sigma must be a finite number\. Received: "):
        arguments.real("sigma", value)


# ---------------------------------------------------------------- choice


def test_a_choice_is_one_of_its_options_and_nothing_else():
    assert arguments.choice("padding", "same", ("valid", "same")) == "same"
    for value in ("Same", "", None, 1, ["same"], ("valid", "same")):
        expected = f"padding must be one of 'valid', 'same'. Received: {value!r}"
        with pytest.raises(ValueError, match=message(expected)):
            arguments.choice("padding", value, ("valid", "same"))


# ---------------------------------------------------------------- array


def test_an_array_is_not_copied_and_a_list_becomes_one():
    image = np.arange(6.0).reshape(2, 3)
    assert arguments.array("image", image) is image
    assert arguments.array("image", image, dtype=np.float64) is image
    np.testing.assert_array_equal(arguments.array("image", [[1, 2], [3, 4]]), [[1, 2], [3, 4]])


def test_a_memory_mapped_file_is_not_read_into_memory(tmp_path):
    stored = np.memmap(tmp_path / "images", np.float32, "w+", shape=(3, 4))
    assert np.shares_memory(arguments.array("images", stored, finite=False), stored)


def test_the_number_type_asked_for_is_returned_and_the_argument_kept():
    whole = np.array([1, 2, 3], np.int64)
    result = arguments.array("image", whole, dtype=np.float32)
    assert result.dtype == np.float32 and whole.dtype == np.int64 and result.tolist() == [1.0, 2.0, 3.0]


def test_numbers_below_a_mask_are_not_taken_for_numbers():
    values = np.ma.masked_greater([[1.0, 999.0]], 100)
    with pytest.raises(TypeError, match=r"^image must be plain numbers\. Received: a masked array"):
        arguments.array("image", values)
    assert arguments.array("image", np.ma.masked_greater(values.data, 1000)).tolist() == [[1.0, 999.0]]


@pytest.mark.parametrize(
    "value",
    [
        [True],
        np.array([False]),
        ["1"],
        [None],
        [1j],
        None,
        "image",
        object(),
        [[1, 2], [3]],
        {"a": 1},
        np.array(["2020-01-01"], "datetime64[D]"),
        np.array([2], "timedelta64[s]"),
    ],
)
def test_what_is_no_array_of_real_numbers_is_a_type_error(value):
    with pytest.raises(TypeError, match=r"^image must be an? (rectangular )?array of (real )?numbers\. Received: "):
        arguments.array("image", value)


@pytest.mark.parametrize(("ndim", "expected"), [(3, "3"), ((3, 4), "3 or 4"), ((1,), "1"), (0, "0")])
def test_the_number_of_axes_is_demanded(ndim, expected):
    text = f"image must have {expected} axes. Received: shape (2, 5)"
    with pytest.raises(ValueError, match=message(text)):
        arguments.array("image", np.zeros((2, 5)), ndim=ndim)


@pytest.mark.parametrize("ndim", [None, 2, (2,), (1, 2)])
def test_a_right_number_of_axes_passes(ndim):
    assert arguments.array("image", np.zeros((2, 5)), ndim=ndim).shape == (2, 5)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_the_first_value_that_is_not_finite_is_shown_with_its_place(kind, value):
    image = np.zeros((2, 3), kind)
    image[1, 0] = image[1, 2] = value
    expected = f"image must hold finite numbers only. Received: {value} at index (1, 0)"
    with pytest.raises(ValueError, match=message(expected)):
        arguments.array("image", image)
    assert arguments.array("image", image, finite=False) is image


@pytest.mark.parametrize(("kind", "value"), [(np.float32, 1e300), (np.float16, 70000)])
def test_a_number_type_that_cannot_hold_a_number_is_refused_and_not_infinite(kind, value):
    name = np.dtype(kind).name
    text = f"image must hold numbers that {name} can hold. Received: {value} at index (1,)"
    with pytest.raises(ValueError, match=message(text)):
        arguments.array("image", np.array([0, value]), dtype=kind)


# ---------------------------------------------------------------- shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, "3"),
        ("same", "'same'"),
        (None, "None"),
        ((1, 2), "(1, 2)"),
        (np.zeros((2, 3), np.float32), "array of shape (2, 3) and dtype float32"),
        ("x" * 78, "'" + "x" * 78 + "'"),
        ("x" * 79, "'" + "x" * 76 + "..."),
    ],
)
def test_what_was_received_is_described_in_80_characters(value, expected):
    assert arguments.shown(value) == expected and len(expected) <= 80
