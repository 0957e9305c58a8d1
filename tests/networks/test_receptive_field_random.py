"""Laws of receptive fields on random networks: table and mask, computed in opposite directions, agree."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coursekit import receptive_field, specs
from coursekit.specs import Add, Conv, Input, Pool


@st.composite
def networks(draw):
    """A chain of windows on a signal, with padding, dilation, up-sampling and skip connections."""
    network = [Input((draw(st.integers(20, 60)), 1), name="0")]
    for number in range(1, draw(st.integers(2, 6))):
        kernel, stride, name = draw(st.integers(1, 4)), draw(st.integers(1, 3)), str(number)
        padding = draw(st.sampled_from(["valid", "valid", "same", "full", 1, ((2, 0),)]))
        kinds = ["conv", "conv", "pool", "transposed", "nearest", "bilinear", "pad", "skip"]
        kind = draw(st.sampled_from(kinds))
        if kind == "conv":
            dilation = draw(st.integers(1, 2))
            layer = Conv(1, kernel, stride=stride, padding=padding, dilation=dilation, name=name)
        elif kind == "pool":
            layer = Pool(kernel, stride=stride, padding="same", name=name)
        elif kind == "transposed":
            border = draw(st.sampled_from(["valid", "same"]))
            layer = specs.ConvTranspose(1, kernel, stride=stride, padding=border, name=name)
        elif kind == "pad":
            layer = specs.Pad(((kernel, 0),), name=name)
        elif kind == "skip":
            network.append(Conv(1, kernel, padding="same", name=f"branch of {name}"))
            layer = Add(inputs=(network[-2].name, network[-1].name), name=name)
        else:
            layer = specs.Upsample(stride, kind, name=name)
        network.append(layer)
    return tuple(network)


def traced(network):
    """Return the nodes of a network, or skip one in which a kernel is larger than what is left."""
    try:
        nodes = specs.trace(network)
    except specs.LayerError:
        assume(False)
    assume(nodes[-1].shape[0] < 200)
    return nodes


@settings(max_examples=150, deadline=None)
@given(networks(), st.data())
def test_every_output_sees_only_what_the_table_says_and_inside_the_picture_both_ends_of_it(network, data):
    nodes = traced(network)
    index = data.draw(st.integers(0, nodes[-1].shape[0] - 1))
    row = receptive_field.table(network)[-1]
    seen = np.flatnonzero(receptive_field.seen(network, position=(index,)))
    ends = row.at((index,))[0]
    if ends is None:
        assert len(seen) == 0
        return
    first, last = ends
    assert last - first + 1 <= row.size[0]
    assert len(seen) == 0 or (first <= seen[0] and seen[-1] <= last)
    enlarged = any(isinstance(layer, (specs.Upsample, specs.ConvTranspose)) for layer in network)
    if first >= 0 and last < nodes[0].shape[0] and not enlarged:  # then no padding lies inside the field
        assert (seen[0], seen[-1]) == (first, last)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_the_size_is_the_largest_number_of_pixels_from_first_to_last(network):
    nodes = traced(network)
    row = receptive_field.table(network)[-1]
    ends = [row.at((index,))[0] for index in range(60)]
    assert row.size[0] == max((last - first + 1 for first, last in filter(None, ends)), default=0)
    assert row.offset == (None if ends[0] is None else (ends[0][0],))
    assert len(nodes) == len(network)


@settings(max_examples=100, deadline=None)
@given(networks())
def test_the_stride_is_the_product_of_all_strides(network):
    traced(network)
    row = receptive_field.table(network)[-1]
    expected = 1.0
    for layer in network:
        if isinstance(layer, (Conv, Pool)):
            expected *= layer.stride
        elif isinstance(layer, (specs.Upsample, specs.ConvTranspose)):
            expected /= layer.size if isinstance(layer, specs.Upsample) else layer.stride
    assert float(row.stride[0]) == pytest.approx(expected)
