"""The one comparison of answers: right answers of every form pass, and whatever is not the answer does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from coursekit.assignments.compare import assert_same, disagreement

EYE = np.eye(3)
FINITE = arrays.arrays(float, arrays.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6))


class Mine(np.ndarray):
    """A subclass that says that it is equal to everything."""

    def __eq__(self, other):
        return np.ones(self.shape, bool)


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (1, 1),
        (np.int8(3), 3),
        (np.uint64(3), 3),
        (np.array(3), 3),
        (2**62, 2**62),
        (1, 1.0),
        (np.float32(0.1), 0.1),
        (np.longdouble(0.1), 0.1),
        (np.array(0.1), 0.1),
        (0.0, -0.0),
        (EYE.astype(np.float32) / 3, EYE / 3),
        (EYE.astype(int), EYE),
        (EYE.astype(">f8"), EYE),
        (np.asfortranarray(EYE), EYE),
        (EYE.tolist(), EYE),
        (tuple(map(list, EYE)), EYE),
        ([*EYE], EYE),
        ([[np.float32(1), 2]], np.array([[1.0, 2.0]])),
        ([], np.zeros(0)),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        ((1, 2), (1, 2)),
        ([1, 2], (1, 2)),
        (np.array([1, 2]), (1, 2)),
        ({"b": EYE, "a": 1}, {"a": 1, "b": EYE}),
        ("b", "b"),
        (True, True),
        (np.bool_(False), False),
        (np.array([True, False]), np.array([True, False])),
        ((EYE.tolist(), [0.5]), (EYE, np.array([0.5]))),
        (1e300 * EYE, 1e300 * EYE),
    ],
)
def test_right_answers_of_every_form_pass(received, expected):
    assert_same(received, expected)


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (True, 1),
        (1.0, 1),
        (np.bool_(True), 1.0),
        ([True, True], np.ones(2)),
        (EYE.astype(bool), EYE),
        (1, True),
        ("1", 1),
        (b"1", 1),
        ("True", True),
        (1j, 1.0),
        (EYE.astype(complex), EYE),
        (np.zeros((0, 1, 1)), EYE),
        (np.zeros((0, 3)), EYE),
        (np.zeros(0), 0.0),
        ([], EYE),
        ([[], [], []], EYE),
        (np.ones((1, 3)), np.ones((3, 3))),
        (np.ones(3), np.ones((1, 3))),
        (np.ones((3, 1)), np.ones(3)),
        (1.0, np.ones(3)),
        (np.array(1.0), np.ones(1)),
        (np.ones(1), 1.0),
        ([1.0], 1.0),
        ((1.0,), 1.0),
        (np.ma.array(EYE), EYE),
        (np.ma.masked_all((3, 3)), EYE),
        (np.matrix(EYE), EYE),
        (EYE.view(Mine), EYE),
        (np.zeros((3, 3)).view(Mine), EYE),
        (EYE.astype(object), EYE),
        ([[object()] * 3] * 3, EYE),
        (np.full((3, 3), "1"), EYE),
        (np.zeros(3, "M8[s]"), np.zeros(3)),
        (np.zeros(3, [("a", float)]), np.zeros(3)),
        (np.nan, 1.0),
        (EYE * np.nan, EYE),
        (np.inf, 1e308),
        ([1.0, np.inf], np.ones(2)),
        ([[1], [1, 2]], np.ones((2, 2))),
        ([[[1.0]]], np.ones((1, 1))),
        (10**400, 1.0),
        (10**30, 5),
        ([10**400], np.ones(1)),
        (1e308, -1e308),
        (2**53 + 1, 2**53),
        (np.uint64(2**63), 2**62),
        (1.001, 1.0),
        (EYE + 1e-4, EYE),
        (1e-9, 0.0),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({}, {"a": 1}),
        ({"A": 1}, {"a": 1}),
        ([("a", 1)], {"a": 1}),
        ((1, 2, 3), (1, 2)),
        ((1,), (1, 2)),
        ((2, 1), (1, 2)),
        ({1, 2}, (1, 2)),
        ("ab", (1, 2)),
        ({0: 1, 1: 2}, (1, 2)),
        (np.array(3), (3,)),
        ("a", "b"),
        (["b"], "b"),
        (None, 1.0),
        (..., 1.0),
        (print, 1.0),
        (object(), EYE),
        (range(3), np.arange(3)),
        (memoryview(b"abc"), np.ones(3)),
    ],
)
def test_whatever_is_not_the_answer_is_refused_with_a_sentence(received, expected):
    with pytest.raises(AssertionError, match="^the loss.*: (expected|.*received)"):
        assert_same(received, expected, "the loss")


@given(FINITE, st.data())
def test_one_number_that_is_wrong_is_found_wherever_it_stands(array, data):
    assert_same(array.copy(), array)
    assert_same(array.astype(np.float32), array)
    wrong = array.copy()
    wrong.flat[data.draw(st.integers(0, array.size - 1))] += 1 + np.abs(array).max()
    with pytest.raises(AssertionError, match="expected .* received .* at"):
        assert_same(wrong, array)


@given(FINITE, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
def test_no_other_shape_passes_whatever_its_values(array, shape):
    if shape != array.shape:
        with pytest.raises(AssertionError):
            assert_same(np.full(shape, array.flat[0]), array)


def test_a_huge_answer_of_another_shape_is_refused_without_being_computed_with():
    with pytest.raises(AssertionError, match="expected shape"):
        assert_same(np.broadcast_to(np.float64(1), (1 << 40,)), np.ones(3))


def test_the_order_of_examples_tells_copies_from_other_networks():
    rng = np.random.default_rng(8)
    scores = rng.normal(size=(60, 2))
    for copy in (scores, 2 * scores, scores + 5, scores - scores[:, :1], np.tanh(scores - scores[:, :1])):
        assert disagreement(scores, copy) == 0
    assert disagreement(scores, scores[:, ::-1]) == 1
    assert 0.4 < disagreement(scores, rng.normal(size=(60, 2))) < 0.6
    assert disagreement(scores[:1], scores[:1]) == 0


def test_what_is_not_finite_is_called_so():
    for value in (np.nan, np.inf):
        with pytest.raises(AssertionError, match="expected finite numbers, received"):
            assert_same([1.0, value], np.ones(2))
