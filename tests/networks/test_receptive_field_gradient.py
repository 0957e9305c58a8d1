"""Laws of receptive fields: the pixels seen are those on which the output's gradient says it depends."""

import numpy as np
import pytest

import gradient_supports
from coursekit import receptive_field


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Where the gradient of an output is not zero, for each case of `gradient_supports`."""
    return gradient_supports.measure(tmp_path_factory.mktemp("supports") / "supports.npz")


def cases(kind):
    """Parametrise a test with the cases whose names begin with `kind`."""
    return pytest.mark.parametrize("name", [name for name in gradient_supports.CASES if name.startswith(kind)])


def rectangle(row, position, sizes):
    """Return the mask of the rectangle that the table gives for a position, cut at the borders."""
    mask = np.zeros(sizes, dtype=bool)
    ends = row.at(position)
    if None not in ends:
        mask[tuple(slice(max(first, 0), last + 1) for first, last in ends)] = True
    return mask


@cases("positive")
def test_for_positive_weights_the_mask_is_the_support_of_the_gradient(name, measured):
    model, position = gradient_supports.CASES[name]()
    support = measured[name]
    np.testing.assert_array_equal(receptive_field.seen(model, position=position), support)
    row = receptive_field.table(model)[-1]
    assert not (support & ~rectangle(row, position, support.shape)).any()
    if all(len(axis.lows) == 1 for axis in row.axes):  # all outputs alike: what the numbers in the table say
        starts = [index * stride + offset for index, stride, offset in zip(position, row.stride, row.offset)]
        assert row.at(position) == tuple((start, start + size - 1) for start, size in zip(starts, row.size))


@cases("any sign")
def test_for_any_weights_the_mask_contains_the_support_of_the_gradient(name, measured):
    model, position = gradient_supports.CASES[name]()
    assert not (measured[name] & ~receptive_field.seen(model, position=position)).any()


@cases("inside")
def test_inside_the_picture_the_field_is_exactly_the_support_of_the_gradient(name, measured):
    model, position = gradient_supports.CASES[name]()
    row = receptive_field.table(model)[-1]
    np.testing.assert_array_equal(measured[name], rectangle(row, position, (23, 26)))


def test_max_pooling_lets_the_gradient_through_at_the_winners_alone(measured):
    model, position = gradient_supports.CASES["maximum"]()
    seen = receptive_field.seen(model, position=position)
    assert seen.sum() == 3 * 2 and measured["maximum"].sum() == 1
    assert not (measured["maximum"] & ~seen).any()
