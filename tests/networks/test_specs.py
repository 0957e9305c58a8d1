"""Laws of the layer specs: what they accept, and how a network is laid out."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit import shapes, specs
from coursekit.specs import Add, Concatenate, Conv, Dense, Dropout, Flatten, Input, Norm, Pool, trace

PICTURE = Input((12, 15, 3), name="in")


def shape_of(*layers, input_shape=None):
    return trace(layers, input_shape)[-1].shape


# --- what a spec accepts ---


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: Conv(0, 3), "filters must be an integer of at least 1. Received: 0"),
        (
            lambda: Conv(8, 2.5),
            "kernel must be an integer of at least 1, or a tuple with one for each axis. Received: 2.5",
        ),
        (lambda: Conv(8, (3, 0)), "kernel must be an integer of at least 1. Received: 0"),
        (lambda: Conv(8, (3, 3, 3, 3)), r"kernel must have one entry for each of 1 to 3 axes"),
        (lambda: Conv(8, 3, stride=-1), "stride must be an integer of at least 1. Received: -1"),
        (lambda: Conv(8, 3, dilation=0), "dilation must be an integer of at least 1. Received: 0"),
        (
            lambda: Conv(8, 3, padding="Same"),
            "padding must be 'valid', 'same', 'full', an integer, or a tuple .*: 'Same'",
        ),
        (lambda: Conv(8, 3, padding=((1, 2, 3),)), r"padding must have pairs \(before, after\)"),
        (lambda: Conv(8, (3, 3), stride=(1, 1, 1)), "kernel and stride must have the same number of entries"),
        (
            lambda: Conv(8, 3, padding="sane"),
            r"padding must be 'valid', 'same', 'full', an integer, .* \(before, after\)",
        ),
        (lambda: Conv(8, 3, padding=None), "padding must be 'valid', 'same', 'full', an integer, .*Received: None"),
        (lambda: Conv(8, 3, padding=True), "padding must be 'valid', 'same', 'full', an integer, .*Received: True"),
        (lambda: Conv(8, [[3], [3]]), "kernel must be an integer of at least 1, or a tuple .*Received: "),
        (lambda: specs.PReLU(1), "shared_axes must be a tuple of axes. Received: 1"),
        (lambda: specs.Permute(("a", 1)), "order must be an integer. Received: 'a'"),
        (lambda: specs.Permute((True, 2)), "order must be an integer. Received: True"),
        (
            lambda: Norm("layer", axis=None),
            "axis must be an axis or a tuple of axes for a 'layer' norm. Received: None",
        ),
        (lambda: specs.Rescale(()), r"factor must be a number or a tuple of numbers. Received: \(\)"),
        (lambda: Conv(8, 3, groups=3), "filters must be a multiple of groups. Received: filters=8, groups=3"),
        (lambda: Conv(8, 3, bias=1), "bias must be True or False. Received: 1"),
        (lambda: Conv(8, 3, activation="rleu"), "activation must be one of 'linear', 'relu'.* Received: 'rleu'"),
        (lambda: Conv(8, 3, trainable=None), "trainable must be True or False. Received: None"),
        (lambda: Conv(8, 3, name=""), "name must be a name"),
        (lambda: Conv(8, 3, inputs=()), "inputs must be a name or a tuple of names"),
        (lambda: Conv(8, 3, inputs=("a", 1)), "inputs must be a name"),
        (lambda: Conv(8, 3, shares=3), "shares must be a name"),
        (lambda: specs.ConvTranspose(8, 3, padding=1), "padding must be one of 'valid', 'same'. Received: 1"),
        (lambda: specs.ConvTranspose(8, 3, output_padding=-1), "output_padding must be an integer of at least 0"),
        (lambda: specs.DepthwiseConv(3, multiplier=0), "multiplier must be an integer of at least 1"),
        (lambda: Pool(2, kind="mean"), "kind must be one of 'max', 'average'. Received: 'mean'"),
        (lambda: specs.AdaptivePool(2, kind="mean"), "kind must be one of 'max', 'average'. Received: 'mean'"),
        (lambda: specs.GlobalPool("mean"), "kind must be one of 'max', 'average'. Received: 'mean'"),
        (lambda: specs.GlobalPool(keepdims=0), "keepdims must be True or False. Received: 0"),
        (lambda: specs.Upsample(2, "cubic"), "interpolation must be one of .* Received: 'cubic'"),
        (lambda: specs.Pad((1, 2, 3, 4)), "amounts must have one entry for each of 1 to 3 axes"),
        (lambda: specs.Crop(-1), "amounts must be an integer of at least 0. Received: -1"),
        (lambda: Input(28), r"shape must be a tuple such as \(28, 28, 1\). Received: 28"),
        (lambda: Input((28, 0, 1)), "shape must be an integer of at least 1. Received: 0"),
        (lambda: Dense(0), "units must be an integer of at least 1. Received: 0"),
        (lambda: Dense(5, activation="relU"), "activation must be one of"),
        (lambda: specs.Reshape((-1, -1)), "shape must have positive entries and at most one -1"),
        (lambda: specs.Reshape(7), "shape must be a tuple of integers. Received: 7"),
        (lambda: specs.Permute((0, 1)), "order must hold each axis 1, 2, … once. Received: "),
        (lambda: specs.Activation("square"), "function must be one of"),
        (lambda: specs.PReLU((0,)), "shared_axes must be an integer of at least 1. Received: 0"),
        (lambda: Norm("btach"), "kind must be one of 'batch', .* Received: 'btach'"),
        (lambda: Norm("group", groups=0), "groups must be an integer of at least 1. Received: 0"),
        (lambda: Norm(axis=0), "axis must not be 0, the batch. Received: 0"),
        (lambda: specs.Rescale("x"), "factor must be a number or a tuple of numbers. Received: 'x'"),
        (lambda: Dropout(1.5), "rate must be a number from 0 to 1. Received: 1.5"),
        (lambda: specs.TrainingOnly(3), "what must be a string. Received: 3"),
        (lambda: Concatenate(axis=0.5), "axis must be an integer. Received: 0.5"),
    ],
)
def test_a_wrong_setting_is_refused_by_name_with_what_was_expected_and_received(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()


def test_specs_are_values_that_cannot_be_changed():
    assert Conv(8, [3, 5]) == Conv(8, (3, 5)) and hash(Conv(8, 3)) == hash(Conv(8, 3))
    assert Conv(8, 3) != Conv(8, 3, stride=2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        Conv(8, 3).filters = 9


# --- how a network is laid out ---


def test_layers_without_a_name_are_called_after_kind_and_number_and_never_like_another():
    network = (PICTURE, Conv(1, 3), Conv(1, 3, name="conv2"), Conv(1, 3), Pool(2))
    assert [node.name for node in trace(network)] == ["in", "conv1", "conv2", "conv3", "pool1"]


def test_a_layer_reads_the_one_before_it_or_those_it_names():
    nodes = trace((PICTURE, Conv(4, 3, name="a"), Conv(4, 3, inputs="in"), Add(inputs=("a", "conv1"))))
    assert [node.sources for node in nodes] == [(), (0,), (0,), (1, 2)]


@pytest.mark.parametrize(
    "layers, message",
    [
        ((Conv(1, 3, inputs="ni"),), r"layer 'conv1' \(Conv\): inputs must name an earlier layer; these are in"),
        ((Conv(1, 3, inputs="p"), Pool(2, name="p")), "it stands later. Received: 'p'"),
        ((Add(inputs="in"),), "inputs must name at least two earlier layers"),
        ((Pool(2, inputs=("in", "in")),), "inputs must name one layer"),
        ((Conv(1, 3, name="in"),), "network must give each name once. Received twice: 'in'"),
        ((Conv(1, 3, shares="in"),), "shares must name a layer of the same kind. Received: 'in'"),
        ((Conv(1, 13),), "kernel covers .* the padded input has 12"),
        ((Conv(1, (3, 3, 3)),), "is for 3 spatial axes, but its input has 2"),
        ((Conv(2, 3, groups=2),), "its 2 groups do not divide the 3 channels of its input"),
        ((Norm("group", groups=2),), "its 2 groups do not divide the 3 channels of its input"),
        ((Flatten(), Conv(1, 3)), r"needs an input with spatial axes and channels, but receives a vector \(540,\)"),
        ((Flatten(), specs.GlobalPool()), "needs an input with spatial axes"),
        ((specs.Reshape((7, -1)),), "cannot arrange the 540 values"),
        ((Norm(axis=4),), r"its axis 4 is none of the 3 axes of its input \(0 is the batch\)"),
        ((Norm(axis=-4),), "its axis -4 is none of the 3 axes"),
        ((specs.PReLU((1, 4)),), "its shared axis 4 is none of the 3 axes"),
        ((specs.Rescale((1.0, 2.0)),), "its factor has 2 numbers, but its input 3 channels"),
        ((specs.Permute((2, 1)),), "does not name the 3 axes of its input"),
        ((specs.Crop(6),), "leave none"),
        ((Pool(2), Add(inputs=("in", "pool1"))), r"do not match: \(12, 15, 3\), \(6, 7, 3\)"),
        ((Flatten(), Add(inputs=("in", "flatten1"))), "do not match"),
        ((specs.GlobalPool(), Dense(2), Add(inputs=("in", "dense1"))), "do not match"),
        ((Pool(2), Concatenate(inputs=("in", "pool1"))), "must agree except along axis -1"),
        ((Concatenate(axis=4, inputs=("in", "in")),), "its axis 4 is none of the 3 axes"),
    ],
)
def test_a_layer_that_does_not_fit_is_named_with_the_reason(layers, message):
    with pytest.raises(ValueError, match=message):
        trace((PICTURE, *layers))


@pytest.mark.parametrize("network", [None, "vgg16", 3, (Conv(1, 3), "pool"), (Conv,)])
def test_what_is_no_network_is_refused(network):
    with pytest.raises(TypeError, match="network must"):
        trace(network, input_shape=(8, 8, 1))


def test_an_empty_network_is_refused():
    with pytest.raises(ValueError, match="network must have at least one layer"):
        trace(())


@pytest.mark.parametrize(
    "layer, shape",
    [
        (Conv(8, (3, 4)), (10, 12, 8)),
        (Conv(8, 3, stride=(2, 4), padding="same"), (6, 4, 8)),
        (Conv(8, 3, padding=(1, (0, 2))), (12, 15, 8)),
        (Conv(8, 3, dilation=(2, 3)), (8, 9, 8)),
        (Conv(8, 3, padding="full"), (14, 17, 8)),
        (specs.DepthwiseConv(3, multiplier=2), (10, 13, 6)),
        (specs.SeparableConv(7, 3, multiplier=2), (10, 13, 7)),
        (specs.ConvTranspose(7, (3, 2), stride=2), (25, 30, 7)),
        (specs.ConvTranspose(7, 3, stride=2, padding="same"), (24, 30, 7)),
        (specs.ConvTranspose(7, 3, stride=2, padding="same", output_padding=(0, 1)), (23, 30, 7)),
        (Pool(2), (6, 7, 3)),
        (Pool((2, 3), stride=1, padding="same"), (12, 15, 3)),
        (specs.AdaptivePool((4, 5)), (4, 5, 3)),
        (specs.Upsample((2, 3)), (24, 45, 3)),
        (specs.Resize((5, 6)), (5, 6, 3)),
        (specs.Pad((1, (0, 2))), (14, 17, 3)),
        (specs.Crop(((1, 0), 2)), (11, 11, 3)),
        (Dense(5), (12, 15, 5)),
        (Flatten(), (540,)),
        (specs.Reshape((-1, 27)), (20, 27)),
        (specs.Permute((2, 3, 1)), (15, 3, 12)),
        (specs.GlobalPool(), (3,)),
        (specs.GlobalPool(keepdims=True), (1, 1, 3)),
        (Norm("group", groups=3), (12, 15, 3)),
        (Dropout(0.5), (12, 15, 3)),
        (Concatenate(inputs=("in", "in")), (12, 15, 6)),
        (Concatenate(axis=1, inputs=("in", "in")), (24, 15, 3)),
        (Add(inputs=("in", "in")), (12, 15, 3)),
    ],
)
def test_output_shapes_worked_by_hand(layer, shape):
    assert shape_of(PICTURE, layer) == shape


@pytest.mark.parametrize("kind", [Add, specs.Subtract, specs.Multiply, specs.Average, specs.Maximum, specs.Minimum])
def test_a_size_of_one_is_repeated_when_branches_are_joined_and_a_vector_meets_the_channels(kind):
    for keepdims in (True, False):
        gate = specs.GlobalPool(keepdims=keepdims, name="gate")
        for inputs in (("in", "gate"), ("gate", "in")):
            assert shape_of(PICTURE, gate, kind(inputs=inputs)) == (12, 15, 3)


def test_numbers_and_flags_of_numpy_are_welcome():
    layer = Conv(np.int64(8), (np.int8(3), 3), padding=((np.uint8(1), 2), 0), bias=np.bool_(False))
    assert layer == Conv(8, (3, 3), padding=((1, 2), 0), bias=False) and isinstance(layer.bias, bool)
    assert shapes.output_size(np.uint8(250), 3, padding=np.uint8(100)) == 250 + 200 - 3 + 1  # as a uint8 it overflows


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_axis_of_a_window_follows_the_one_formula(data):
    sizes = data.draw(st.lists(st.integers(8, 30), min_size=1, max_size=3))

    def draw(low, high):
        return tuple(data.draw(st.integers(low, high)) for _ in sizes)

    kernel, stride, dilation = draw(1, 4), draw(1, 4), draw(1, 2)
    padding = data.draw(st.sampled_from(["valid", "same", "full", 1]))
    layer = Conv(5, kernel, stride=stride, padding=padding, dilation=dilation)
    expected = [shapes.output_size(size, k, s, padding, d) for size, k, s, d in zip(sizes, kernel, stride, dilation)]
    assert shape_of(Input((*sizes, 2)), layer) == (*expected, 5)


def test_the_input_shape_is_taken_from_the_argument_when_given_and_from_the_network_otherwise():
    network = (Input((None, None, 3), name="in"), Conv(2, 3))
    assert shape_of(*network, input_shape=(8, 9, 3)) == (6, 7, 2)
    assert shape_of(PICTURE, Conv(2, 3), input_shape=(8, 9, 3)) == (6, 7, 2)
    assert shape_of(Conv(2, 3), input_shape=(8, 9, 3)) == (6, 7, 2)
    assert shape_of(PICTURE, Conv(2, 3)) == (10, 13, 2)


def test_several_inputs_get_their_shapes_by_name():
    network = (Input((None, 3), name="a"), Input((None, 3), name="b"), Concatenate(axis=1, inputs=("a", "b")))
    assert shape_of(*network, input_shape={"a": (4, 3), "b": (5, 3)}) == (9, 3)


@pytest.mark.parametrize(
    "network, input_shape, message",
    [
        ((Conv(2, 3),), None, r"input_shape must be a shape such as \(28, 28, 1\)"),
        ((Input((None, None, 3), name="in"),), None, "input_shape must say the sizes that the input 'in' leaves"),
        ((PICTURE,), (8, 8), r"input_shape must have 3 entries like \(12, 15, 3\). Received: \(8, 8\)"),
        ((PICTURE,), {"out": (8, 8, 3)}, r"input_shape must name inputs of the network. Received: \['out'\]"),
        ((PICTURE, Input((3,), name="two")), (3,), "input_shape must be a dict .* for each of the inputs 'in', 'two'"),
        ((Conv(2, 3),), 28, "shape must be a tuple"),
    ],
)
def test_an_input_shape_that_does_not_fit_is_refused(network, input_shape, message):
    with pytest.raises((TypeError, ValueError), match=message):
        trace(network, input_shape)


@pytest.mark.parametrize(
    "layer, words",
    [
        (Conv(8, 3), "convolution 3×3"),
        (Conv(8, (3, 5), stride=(1, 2), dilation=2), "convolution 3×5, stride (1, 2), dilation 2"),
        (Conv(8, 1, padding=((0, 1), 2)), "convolution 1×1, padding ((0, 1), 2)"),
        (Conv(8, 1, padding=2, groups=4, activation="tanh"), "convolution 1×1, padding 2, 4 groups, tanh"),
        (Conv(8, 3, activation="linear", padding="full"), "convolution 3×3, full"),
        (specs.ConvTranspose(8, 2, stride=(2, 2)), "transposed convolution 2×2, stride 2"),
        (specs.DepthwiseConv(3, padding="same"), "depthwise convolution 3×3, same"),
        (specs.SeparableConv(8, 3), "separable convolution 3×3"),
        (Pool((2, 2), stride=2), "max pooling 2×2"),
        (Pool(3, stride=2, padding=1, kind="average"), "average pooling 3×3, stride 2, padding 1"),
        (specs.AdaptivePool(7), "adaptive average pooling to 7×7"),
        (specs.GlobalPool("max"), "global max pooling"),
        (specs.Upsample(2, "bilinear"), "up-sampling 2×2, bilinear"),
        (specs.Resize(9), "resizing to 9×9, nearest"),
        (specs.Pad(((1, 1), (1, 1))), "zero padding 1"),
        (specs.Crop((1, 2)), "crop (1, 2)"),
        (Dense(3, activation="softmax"), "dense, softmax"),
        (Norm("layer"), "layer normalisation"),
        (specs.Activation("gelu"), "gelu"),
        (specs.PReLU(), "PReLU"),
        (specs.TrainingOnly("random flip"), "random flip"),
        (Flatten(), "flatten"),
    ],
)
def test_a_layer_in_words(layer, words):
    assert specs.words(layer, rank=2) == words


def test_words_write_a_kernel_once_per_axis():
    assert specs.words(Conv(8, 3), rank=1) == "convolution 3"
    assert specs.words(Conv(8, 3), rank=3) == "convolution 3×3×3"
