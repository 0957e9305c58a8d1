"""Laws of receptive fields: the pixels seen are those on which the output's gradient says it depends."""

import numpy as np
import pytest

import gradient_supports
from coursekit import receptive_field, specs


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Where the gradient of an output is not zero, for each case of `gradient_supports` and each input."""
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
    (support,) = measured[name].values()
    np.testing.assert_array_equal(receptive_field.seen(model, position=position), support)
    row = receptive_field.table(model)[-1]
    assert not (support & ~rectangle(row, position, support.shape)).any()
    if all(len(axis.lows) == 1 for axis in row.axes):  # all outputs alike: what the numbers in the table say
        starts = [index * stride + offset for index, stride, offset in zip(position, row.stride, row.offset)]
        assert row.at(position) == tuple((start, start + size - 1) for start, size in zip(starts, row.size))


@cases("any sign")
def test_for_any_weights_the_mask_contains_the_support_of_the_gradient(name, measured):
    model, position = gradient_supports.CASES[name]()
    (support,) = measured[name].values()
    assert not (support & ~receptive_field.seen(model, position=position)).any()


@cases("inside")
def test_inside_the_picture_the_field_is_exactly_the_support_of_the_gradient(name, measured):
    model, position = gradient_supports.CASES[name]()
    row = receptive_field.table(model)[-1]
    (support,) = measured[name].values()
    np.testing.assert_array_equal(support, rectangle(row, position, (23, 26)))


def test_max_pooling_lets_the_gradient_through_at_the_winners_alone(measured):
    model, position = gradient_supports.CASES["maximum"]()
    seen = receptive_field.seen(model, position=position)
    (support,) = measured["maximum"].values()
    assert seen.sum() == 3 * 2 and support.sum() <= 2  # one in each of two channels
    assert not (support & ~seen).any()


@cases("nested")
def test_each_input_of_a_model_that_calls_others_is_seen_where_its_gradient_says(name, measured):
    model, position = gradient_supports.CASES[name]()
    for entrance, support in measured[name].items():
        seen = receptive_field.seen(model, position=position, input_name=entrance)
        np.testing.assert_array_equal(seen, support, err_msg=entrance)


@cases("own")
def test_what_looks_further_than_can_be_known_is_refused_by_name(name, measured):
    model, position = gradient_supports.CASES[name]()
    (support,) = measured[name].values()
    try:
        row, seen = receptive_field.table(model)[-1], receptive_field.seen(model, position=position)
    except specs.LayerError as refused:
        assert str(refused).startswith("layer '")
        return
    assert not (support & ~seen).any() and not (support & ~rectangle(row, position, support.shape)).any()


KNOWN = [
    f"own: {kind}, {name}" for kind in gradient_supports.ACTIVATED for name in list(gradient_supports.ACTIVATIONS)[:5]
]
KNOWN += [f"own: {name}" for name in gradient_supports.OWN if name.startswith(("unch", "short", "squeeze", "gate"))]


@pytest.mark.parametrize("name", KNOWN)
def test_what_can_be_known_is_read(name):
    assert receptive_field.table(gradient_supports.CASES[name]()[0])[-1].size is not None
