"""Laws of counting: numbers worked by hand, those that the lectures state among them."""

import pytest

from counted import value_of
from coursekit import counting, specs
from coursekit.specs import Conv, Dense, Flatten, Input, Norm, Pool


def single(layer, shape):
    return counting.table((Input(shape), layer))[-1]


@pytest.mark.parametrize(
    "layer, shape, formula",
    [
        (Conv(32, 5), (128, 128, 1), "(5·5·1 + 1)·32 = 832"),
        (Conv(32, 5), (128, 128, 3), "(5·5·3 + 1)·32 = 2,432"),
        (Conv(3, 3, padding="same"), (200, 200, 3), "(3·3·3 + 1)·3 = 84"),
        (Conv(1, 2, bias=False), (4, 4, 1), "2·2·1·1 = 4"),
        (Conv(8, (3, 5), groups=2), (9, 9, 4), "(3·5·4/2 + 1)·8 = 248"),
        (Conv(2, 3), (9, 9, 9, 4), "(3·3·3·4 + 1)·2 = 218"),
        (specs.DepthwiseConv(3, multiplier=2), (9, 9, 4), "(3·3 + 1)·8 = 80"),
        (specs.SeparableConv(5, 3, multiplier=2), (9, 9, 4), "3·3·8 + (8 + 1)·5 = 117"),
        (specs.ConvTranspose(5, (2, 3), bias=False), (9, 9, 4), "2·3·4·5 = 120"),
        (Dense(2), (30752,), "(30752 + 1)·2 = 61,506"),
        (Dense(40000), (40000,), "(40000 + 1)·40000 = 1,600,040,000"),
        (Dense(120000), (120000,), "(120000 + 1)·120000 = 14,400,120,000"),
        (Dense(9, bias=False), (16,), "16·9 = 144"),
        (Norm("batch"), (9, 9, 4), "2·4 + 2·4 = 16"),
        (Norm("batch", center=False), (9, 9, 4), "1·4 + 2·4 = 12"),
        (Norm("batch", center=False, scale=False), (9, 9, 4), "2·4 = 8"),
        (Norm("batch", axis=1), (9, 8, 4), "2·9 + 2·9 = 36"),
        (Norm("layer", axis=(1, 3)), (9, 8, 4), "2·9·4 = 72"),
        (Norm("rms"), (9, 9, 4), "1·4 = 4"),
        (Norm("group", groups=2), (9, 9, 4), "2·4 = 8"),
        (Norm("instance", scale=False), (9, 9, 4), "1·4 = 4"),
        (Norm("local response"), (9, 9, 4), "0"),
        (Norm("dataset"), (9, 9, 4), "2·4 + 1 = 9"),
        (Norm("dataset", axis=None), (9, 9, 4), "2·1 + 1 = 3"),
        (specs.Scale(), (9, 9, 4), "2·4 = 8"),
        (specs.Scale(center=False), (9, 9, 4), "1·4 = 4"),
        (specs.PReLU(), (9, 8, 4), "9·8·4 = 288"),
        (specs.PReLU((1, 2)), (9, 8, 4), "1·1·4 = 4"),
        (Pool(2), (9, 9, 4), "0"),
    ],
)
def test_parameters_by_hand_with_the_formula_in_words(layer, shape, formula):
    row = single(layer, shape)
    assert row.formula == formula
    assert row.parameters == value_of(formula) == int(formula.split(" = ")[-1].replace(",", ""))


def test_three_small_kernels_need_fewer_parameters_than_the_large_one_they_replace():
    three = counting.table((Input((9, 9, 1)), Conv(1, 3), Conv(1, 3), Conv(1, 3)))
    assert (three.parameters, counting.table((Input((9, 9, 1)), Conv(1, 7))).parameters) == (30, 50)


def test_the_running_mean_and_variance_are_not_trainable():
    row = single(Norm("batch"), (9, 9, 4))
    assert (row.trainable, row.non_trainable) == (8, 8)
    frozen = single(Norm("batch", trainable=False), (9, 9, 4))
    assert (frozen.trainable, frozen.non_trainable) == (0, 16)
    assert single(Norm("dataset"), (9, 9, 4)).trainable == 0


def test_shared_weights_are_counted_once():
    network = (Input((9, 9, 4)), Conv(4, 3, name="a"), Conv(4, 3, shares="a"))
    table = counting.table(network)
    assert [row.parameters for row in table] == [0, 148, 0] and table["conv1"].formula == "those of a"
    assert table["conv1"].multiply_adds == 5 * 5 * 9 * 4 * 4
    with pytest.raises(specs.LayerError, match="layer 'conv1' .* cannot share the weights of 'a', which have other"):
        counting.table((Input((9, 9, 3)), Conv(4, 3, name="a"), Conv(4, 3, shares="a")))


@pytest.mark.parametrize(
    "layer, shape, products",
    [
        (Conv(32, 5), (128, 128, 1), 124 * 124 * 25 * 32),
        (Conv(8, (3, 5), stride=2, groups=2, padding="same"), (9, 9, 4), 5 * 5 * 15 * 2 * 8),
        (specs.DepthwiseConv(3, multiplier=2), (9, 8, 4), 7 * 6 * 9 * 8),
        (specs.SeparableConv(5, 3, multiplier=2), (9, 8, 4), 7 * 6 * (9 * 8 + 8 * 5)),
        (specs.ConvTranspose(5, 3, stride=2), (4, 6, 7), 4 * 6 * 7 * 9 * 5),
        (Dense(10), (7,), 70),
        (Dense(10), (4, 6, 7), 4 * 6 * 70),
        (Pool(2), (9, 9, 4), 0),
        (Norm("batch"), (9, 9, 4), 0),
    ],
)
def test_multiply_adds_by_hand(layer, shape, products):
    assert single(layer, shape).multiply_adds == products


def test_memory_is_that_of_the_outputs_and_none_for_the_same_numbers_in_another_shape():
    table = counting.table((Input((6, 8, 3)), Conv(5, 3), Flatten(), Dense(7)))
    assert [row.memory for row in table] == [6 * 8 * 3 * 4, 4 * 6 * 5 * 4, 0, 7 * 4]
    assert table.memory == 576 + 480 + 28
    assert counting.table((Input((6, 8, 3)),), bytes_per_value=2).memory == 6 * 8 * 3 * 2
    assert counting.table((Input((None, None, 3)),), input_shape=(3, 4, 3)).memory == 3 * 4 * 3 * 4


@pytest.mark.parametrize("value, error", [(0, ValueError), (2.5, TypeError)])
def test_bytes_per_value_must_be_a_positive_integer(value, error):
    with pytest.raises(error, match=f"bytes_per_value must be an integer of at least 1. Received: {value}"):
        counting.table((Input((3, 3, 1)),), bytes_per_value=value)


PRINTED = """\
Parameters, multiply-adds and memory
layer     kind                   output shape              parameters  multiply-adds  memory (bytes)
--------  ---------------------  ------------  ----------------------  -------------  --------------
input1    input                       28×28×1                       0              0           3,136
conv1     convolution 5×5, relu       24×24×8     (5·5·1 + 1)·8 = 208        115,200          18,432
pool1     max pooling 2×2             12×12×8                       0              0           4,608
flatten1  flatten                        1152                       0              0               0
dense1    dense                            10  (1152 + 1)·10 = 11,530         11,520              40
11,738 parameters (11,738 trainable, 0 not); \
126,720 multiply-adds and 26,216 bytes of activations for one picture"""


def test_the_printed_table():
    network = (Input((28, 28, 1)), Conv(8, 5, activation="relu"), Pool(2), Flatten(), Dense(10))
    assert str(counting.table(network)) == PRINTED
    assert counting.table(network)._repr_html_().count("<tr>") == 7
