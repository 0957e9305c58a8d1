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
    network = [Input((draw(st.integers(20, 60)), 1), name="in")]
    for number in range(draw(st.integers(1, 5))):
        kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 3))
        padding = draw(st.sampled_from(["valid", "same", "full", 1, ((2, 0),)]))
        kind = draw(
            st.sampled_from(["conv", "conv", "pool", "transposed", "nearest", "bilinear", "pad", "skip"])
        )
        if kind == "conv":
            dilation = draw(st.integers(1, 2))
            network.append(Conv(1, kernel, stride=stride, padding=padding, dilation=dilation))
        elif kind == "pool":
            network.append(Pool(kernel, stride=stride, padding="same"))
        elif kind == "transposed":
            border = draw(st.sampled_from(["valid", "same"]))
            network.append(specs.ConvTranspose(1, kernel, stride=stride, padding=border))
        elif kind in ("nearest", "bilinear"):
            network.append(specs.Upsample(stride, kind))
        elif kind == "pad":
            network.append(specs.Pad(((kernel, 0),)))
        else:
            source = specs.trace(network)[-1].name
            network.append(Conv(1, kernel, padding="same", name=f"branch{number}"))
            network.append(Add(inputs=(source, f"branch{number}")))
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
    inner = nodes[0].shape[0] // 3 <= first and last < 2 * nodes[0].shape[0] // 3
    if inner and all(getattr(layer, "padding", "valid") == "valid" for layer in network):
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
