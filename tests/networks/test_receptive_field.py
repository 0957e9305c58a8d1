"""Laws of receptive fields: sizes worked by hand, and what is refused."""

import pytest

from coursekit import architectures, receptive_field, specs
from coursekit.specs import Add, Concatenate, Conv, Dense, Flatten, GlobalPool, Input, Norm, Pool


def last(*network, **arguments):
    row = receptive_field.table(network, **arguments)[-1]
    return row.size, row.stride, row.offset


def test_three_small_windows_see_as_much_as_a_large_one():
    rows = receptive_field.table((Input((20, 20, 1)), Conv(1, 3), Conv(1, 3), Conv(1, 3)))
    assert [row.size for row in rows] == [(1, 1), (3, 3), (5, 5), (7, 7)]
    assert [row.formula for row in rows] == ["", "1 + (3 − 1)·1 = 3", "3 + (3 − 1)·1 = 5", "5 + (3 − 1)·1 = 7"]


def test_each_axis_has_a_field_of_its_own():
    network = (Input((40, 50, 1)), Conv(1, (3, 5), stride=(2, 3)), Conv(1, (2, 3), dilation=(1, 2)))
    assert last(*network) == ((5, 17), (2, 3), (0, 0))
    row = receptive_field.table(network)[-1]
    assert row.formula == "3 + (2 − 1)·2 = 5; 5 + (5 − 1)·3 = 17"


def test_signals_and_volumes_have_one_and_three():
    assert last(Input((40, 1)), Conv(1, 3), Pool(2), Conv(1, 3)) == ((8,), (2,), (0,))
    assert last(Input((9, 9, 9, 1)), Conv(1, (1, 2, 3))) == ((1, 2, 3), (1, 1, 1), (0, 0, 0))


@pytest.mark.parametrize(
    "layer, field",
    [
        (Conv(1, 3, padding="same"), ((3, 3), (1, 1), (-1, -1))),
        (Conv(1, 3, stride=2, padding="same"), ((3, 3), (2, 2), (0, -1))),  # SAME depends on the size: 10, 11
        (Conv(1, 3, padding=((2, 0), 1)), ((3, 3), (1, 1), (-2, -1))),
        (Conv(1, 3, padding="full", dilation=2), ((5, 5), (1, 1), (-4, -4))),
        (Pool((2, 3)), ((2, 3), (2, 3), (0, 0))),
        (Pool(3, stride=1, padding="same", kind="average"), ((3, 3), (1, 1), (-1, -1))),
        (specs.DepthwiseConv(4), ((4, 4), (1, 1), (0, 0))),
        (specs.SeparableConv(2, 4, dilation=(1, 2)), ((4, 7), (1, 1), (0, 0))),
        (specs.ConvTranspose(1, 4), ((4, 4), (1, 1), (-3, -3))),
        (specs.Pad(((2, 1), 3)), ((1, 1), (1, 1), (-2, -3))),
        (specs.Crop(((2, 1), 3)), ((1, 1), (1, 1), (2, 3))),
        (specs.AdaptivePool((5, 11)), ((2, 1), (2, 1), (0, 0))),
        (specs.Resize((10, 11)), ((1, 1), (1, 1), (0, 0))),
        (Dense(4), ((1, 1), (1, 1), (0, 0))),
        (specs.Activation("relu"), ((1, 1), (1, 1), (0, 0))),
        (Norm("batch"), ((1, 1), (1, 1), (0, 0))),
        (Norm("layer"), ((1, 1), (1, 1), (0, 0))),
        (Norm("local response"), ((1, 1), (1, 1), (0, 0))),
        (Norm("layer", axis=(1, 2, 3)), ((10, 11), (0, 0), (0, 0))),
        (Norm("group", groups=2), ((10, 11), (0, 0), (0, 0))),
        (Norm("instance"), ((10, 11), (0, 0), (0, 0))),
        (GlobalPool(), ((10, 11), (0, 0), (0, 0))),
        (specs.AdaptivePool(1), ((10, 11), (0, 0), (0, 0))),
        (Flatten(), ((10, 11), (0, 0), (0, 0))),
        (specs.Reshape((-1,)), ((10, 11), (0, 0), (0, 0))),
        (specs.Permute((1, 2, 3)), ((1, 1), (1, 1), (0, 0))),
        (Concatenate(inputs=("in", "in")), ((1, 1), (1, 1), (0, 0))),
    ],
)
def test_the_field_of_one_layer_by_hand(layer, field):
    assert last(Input((10, 11, 2), name="in"), layer) == field


def test_a_layer_that_sees_everything_sees_no_pixel_that_those_before_it_skip():
    # Windows of 3 pixels, 3 apart: of 11 pixels the last two are seen by nobody.
    assert last(Input((11, 1)), Conv(1, 3, stride=3), GlobalPool(), Dense(4)) == ((9,), (0,), (0,))
    mask = receptive_field.seen((Input((11, 1)), Conv(1, 3, stride=3), GlobalPool()))
    assert mask.tolist() == [True] * 9 + [False] * 2


def test_up_sampling_divides_the_stride_and_the_size_is_the_largest():
    network = (Input((12, 12, 1)), Conv(1, 3), specs.Upsample(2), Conv(1, 2))
    row = receptive_field.table(network)[-1]
    assert [str(stride) for stride in row.stride] == ["1/2", "1/2"]
    assert row.size == (4, 4)
    assert row.at((0, 1)) == ((0, 2), (0, 3))  # output 1 lies on the border of two enlarged pixels
    printed = str(receptive_field.table(network))
    assert "1/2×1/2" in printed and printed.endswith("the size is the largest, the offset that of output 0.")


def test_branches_are_united():
    network = (
        Input((20, 20, 1), name="in"),
        Conv(1, (1, 7), padding="same", name="wide"),
        Conv(1, (5, 1), padding="same", inputs="in", name="high"),
        Add(inputs=("wide", "high")),
    )
    assert last(*network) == ((5, 7), (1, 1), (-2, -3))
    cross = receptive_field.seen(network, position=(10, 10))
    assert cross.sum() == 5 + 7 - 1 and cross[10, 7:14].all() and cross[8:13, 10].all()


def test_a_residual_block_sees_what_its_convolutions_see():
    block = architectures.resnet(18)[:12]
    assert last(*block) == ((27, 27), (4, 4), (-13, -13))


def test_branches_of_different_strides_have_no_field_but_a_mask():
    network = (
        Input((8, 1), name="in"),
        Pool(2, name="coarse"),
        Conv(1, 5, inputs="in", name="fine"),
        Add(inputs=("coarse", "fine"), name="both"),
    )
    message = r"layer 'both' \(add\): its branches move over the input by 2 and 1 pixels .*field.seen"
    with pytest.raises(specs.LayerError, match=message):
        receptive_field.table(network)
    assert receptive_field.seen(network, position=(3,)).tolist() == [False] * 3 + [True] * 5


def test_a_gate_of_the_whole_picture_makes_the_field_the_whole_picture():
    gate = (GlobalPool(keepdims=True, name="gate"), specs.Multiply(inputs=("in", "gate")), Conv(2, 3))
    assert last(Input((9, 9, 2), name="in"), *gate) == ((9, 9), (0, 0), (0, 0))
    for kind in (Add, specs.Subtract, specs.Multiply, specs.Average, specs.Maximum, specs.Minimum):
        flat = (GlobalPool(name="gate"), Dense(2, activation="custom"), kind(inputs=("dense1", "in"), name="joined"))
        assert last(Input((9, 8, 2), name="in"), *flat) == ((9, 8), (0, 0), (0, 0))
        assert receptive_field.seen((Input((9, 8, 2), name="in"), *flat), position=(8, 0)).all()
    squeezed = (gate[0], Conv(2, 1), specs.Multiply(inputs=("in", "conv1")))
    network = (Input((9, 9, 2), name="in"), *squeezed)
    assert receptive_field.seen(network, position=(8, 7)).all()


def test_a_signal_repeated_over_a_picture_has_a_mask_but_no_table():
    network = (Input((6, 2), name="signal"), Input((4, 6, 2), name="picture"), Add(inputs=("signal", "picture")))
    assert (
        receptive_field.seen(network, position=(3, 2), input_name="signal").tolist()
        == [False] * 2 + [True] + [False] * 3
    )
    with pytest.raises(specs.LayerError, match="differ in their spatial axes"):
        receptive_field.table(network, input_name="signal")


def test_with_a_single_output_branches_of_different_strides_have_a_field():
    network = (
        Input((6, 1), name="in"),
        Conv(1, 3, stride=4, name="left"),
        Conv(1, 4, stride=3, padding=((0, 0),), inputs="in", name="right"),
        Add(inputs=("left", "right")),
    )
    assert last(*network) == ((4,), (0,), (0,))


def test_fields_are_those_of_the_input_that_is_meant():
    network = (
        Input((9, 1), name="a"),
        Conv(1, 3, name="c"),
        Input((7, 1), name="b"),
        Add(inputs=("c", "b"), name="sum"),
    )
    from_a, from_b = (receptive_field.table(network, input_name=name) for name in "ab")
    assert (from_a["sum"].size, from_b["sum"].size) == ((3,), (1,))
    assert from_b["c"].size is from_b["c"].stride is from_b["c"].offset is None
    assert from_b["c"].at((0,)) is None
    assert receptive_field.seen(network, "c", input_name="b").tolist() == [False] * 7
    assert receptive_field.seen(network, position=(0,), input_name="a").sum() == 3
    with pytest.raises(ValueError, match="input_name must be one of 'a', 'b', the inputs of the network"):
        receptive_field.table(network)
    with pytest.raises(ValueError, match="input_name must be one of 'a', 'b'. Received: 'c'"):
        receptive_field.table(network, input_name="c")


def test_the_input_shape_may_be_given():
    for function, expected in ((receptive_field.table, (7,)), (receptive_field.seen, None)):
        network = (Input((None, 1)), Conv(1, 3), Flatten())
        found = function(network, input_shape=(7, 1))
        assert (found[-1].size if expected else found.shape) == (7,)


@pytest.mark.parametrize(
    "layer, message",
    [
        (specs.Upsample(2, "bicubic"), r"layer 'upsample1' .* 'bicubic' interpolation is not known"),
        (specs.Resize(5), "layer 'resize1' .* resizing by a factor that is not whole"),
        (specs.AdaptivePool(3), "layer 'adaptivepool1' .* its bins differ in size"),
        (specs.Reshape((11, 10, 2)), "layer 'reshape1' .* moves pixels to other places"),
        (specs.Permute((2, 1, 3)), "layer 'permute1' .* exchanges axes"),
        (Norm("layer", axis=(1, 3)), "layer 'norm1' .* averages over some spatial axes and not over others"),
        (Concatenate(axis=1, inputs=("in", "in")), "layer 'concatenate1' .* side by side in space"),
        (specs.Activation("custom"), "layer 'activation1' .* a custom function"),
        (Conv(2, 3, activation="custom"), "layer 'conv1' .* a custom function"),
        (Dense(2, activation="custom"), "layer 'dense1' .* a custom function"),
    ],
)
def test_a_layer_without_a_field_is_named_with_the_reason(layer, message):
    network = (Input((10, 11, 2), name="in"), layer)
    for function in (receptive_field.table, receptive_field.seen):
        with pytest.raises(specs.LayerError, match=message):
            function(network)


def test_a_vector_has_no_receptive_fields():
    with pytest.raises(specs.LayerError, match=r"layer 'input1' \(input\): a receptive field needs spatial axes"):
        receptive_field.table((Input((784,)), Dense(10)))


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"layer": "conv2"}, "layer must be one of 'in', 'conv1'. Received: 'conv2'"),
        ({"position": (1,)}, r"position must have one index for each axis of \(8, 9\). Received: \(1,\)"),
        ({"position": 3}, "position must have one index"),
        ({"position": (8, 0)}, "position must be an integer from 0 to 7. Received: 8"),
        ({"position": (0, -1)}, "position must be an integer from 0 to 8. Received: -1"),
    ],
)
def test_a_position_or_layer_that_does_not_exist_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        receptive_field.seen((Input((10, 11, 1), name="in"), Conv(1, 3)), **arguments)


def test_a_row_tells_the_pixels_of_positions_with_one_index_per_axis():
    row = receptive_field.table((Input((10, 11, 1)), Conv(1, 3, stride=2)))[-1]
    assert row.at((1, 2)) == ((2, 4), (4, 6)) and row.at((-1, 9)) == ((-2, 0), (18, 20))
    for position in ((1,), 1):
        with pytest.raises(ValueError, match="position must have 2 indices. Received: "):
            row.at(position)
    with pytest.raises(TypeError, match="position must be an integer. Received: 0.5"):
        row.at((0.5, 1))


def test_the_layer_and_the_position_are_those_asked_for():
    network = (Input((10, 11, 1)), Conv(1, 3, name="a"), Conv(1, 3))
    inside = receptive_field.seen(network, "a", (2, 5))
    assert inside[2:5, 5:8].all() and inside.sum() == 9
    assert receptive_field.seen(network, position=(0, 0))[:5, :5].all()
    middle = receptive_field.seen(network)  # the middle of 6×7 outputs is (3, 3)
    assert middle[3:8, 3:8].all() and middle.sum() == 25


PRINTED = """\
Receptive fields
layer     kind                   output shape  field (pixels)  stride    offset  size in words
--------  ---------------------  ------------  --------------  ------  --------  -----------------
input1    input                       28×28×1             1×1     1×1    (0, 0)
conv1     convolution 5×5, same       28×28×8             5×5     1×1  (-2, -2)  1 + (5 − 1)·1 = 5
pool1     max pooling 2×2             14×14×8             6×6     2×2  (-2, -2)  5 + (2 − 1)·1 = 6
flatten1  flatten                        1568           28×28     0×0    (0, 0)
dense1    dense                            10           28×28     0×0    (0, 0)
Output i sees as many pixels of input1 as the field has, from i·stride + offset on; \
negative ones are padding. Stride 0: all outputs see the same."""


def test_the_printed_table():
    network = (Input((28, 28, 1)), Conv(8, 5, padding="same"), Pool(2), Flatten(), Dense(10))
    assert str(receptive_field.table(network)) == PRINTED
    assert receptive_field.table(network)._repr_html_().count("<tr>") == 7
