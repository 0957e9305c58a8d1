"""The classic networks have the sizes that their papers, the lectures and Keras state."""

from math import prod

import keras
import pytest
from keras.src.backend.common import global_state

from coursekit import architectures, counting, receptive_field, specs
from coursekit.specs import Conv, ConvTranspose, Dense

EVERY = {
    "brain_classifier": architectures.brain_classifier(),
    "deeper_brain_classifier": architectures.deeper_brain_classifier(),
    "dense_cifar": architectures.dense_cifar(),
    "convolutional_cifar": architectures.convolutional_cifar(),
    "lenet5": architectures.lenet5(),
    "alexnet": architectures.alexnet(),
    **{f"vgg {name}": architectures.vgg(name) for name in ("A", "A-LRN", "B", "C", "D", "E")},
    **{f"resnet {depth}": architectures.resnet(depth) for depth in (18, 34, 50, 101, 152)},
    "unet": architectures.unet(),
}
COUNTS = {name: counting.table(network) for name, network in EVERY.items()}


def with_weights(network):
    """Return the layers that papers count: convolutions and dense layers."""
    return [layer for layer in network if isinstance(layer, (Conv, ConvTranspose, Dense))]


@pytest.mark.parametrize("name", EVERY)
def test_every_network_is_a_tuple_of_named_specs_with_a_field_for_every_layer(name):
    network = EVERY[name]
    assert isinstance(network, tuple) and all(layer.name for layer in network)
    assert len(receptive_field.table(network)) == len(COUNTS[name]) == len(network)


def test_the_brain_classifier_layer_by_layer():
    table = COUNTS["brain_classifier"]
    assert [row.parameters for row in table] == [0, 832, 0, 0, 61_506] and table.parameters == 62_338
    assert [row.shape for row in table][1:4] == [(124, 124, 32), (31, 31, 32), (30_752,)]
    assert table["conv1"].formula == "(5·5·1 + 1)·32 = 832"
    assert round(100 * table["dense"].parameters / table.parameters, 1) == 98.7
    colour = counting.table(architectures.brain_classifier((128, 128, 3)))
    assert [row.parameters for row in colour] == [0, 2_432, 0, 0, 61_506]  # only the first kernels grow


def test_the_second_brain_classifier_layer_by_layer():
    table = COUNTS["deeper_brain_classifier"]
    assert [row.parameters for row in table if row.parameters] == [832, 4_128, 200_832, 258]
    assert table.parameters == 206_050 and table["pool2"].shape == (7, 7, 32)


def test_two_convolutions_replace_two_matrices():
    assert COUNTS["dense_cifar"].parameters == 1024 * 500 + 500 * 100 + 100 * 2 == 562_200
    assert COUNTS["convolutional_cifar"].parameters == 10 * 10 + 10 * 10 + 1024 * 2 == 2_248


def test_lenet5_and_what_today_s_version_changes():
    table = COUNTS["lenet5"]
    assert [row.shape for row in table][1:6] == [(28, 28, 6), (14, 14, 6), (10, 10, 16), (5, 5, 16), (1, 1, 120)]
    assert [table[name].parameters for name in ("C1", "C3", "C5", "F6", "output")] == [156, 2_416, 48_120, 10_164, 850]
    assert table.parameters == 61_706
    connections = 6 * 3 + 6 * 4 + 3 * 4 + 1 * 6  # LeCun et al., table I: maps of C3 that read 3, 4, 4 and 6 maps
    original_c3 = 25 * connections + 16
    assert original_c3 == 1_516
    learned_pooling = 2 * 6 + 2 * 16
    assert table.parameters - 2_416 + original_c3 + learned_pooling - 850 == 60_000


def test_alexnet_has_the_seven_published_layers_and_parameters():
    table = COUNTS["alexnet"]
    neurons = [prod(table[layer.name].shape) for layer in with_weights(EVERY["alexnet"])]
    assert neurons[1:] == list(architectures.ALEXNET_NEURONS[1:])
    assert neurons[1:] == [186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]
    assert neurons[0] == 55 * 55 * 96 and architectures.ALEXNET_NEURONS[0] == 55 * 48 * 96 == 253_440
    assert prod(table["input"].shape) == 150_528  # the published dimension of the input
    assert table.parameters == 60_965_224
    field = receptive_field.table(EVERY["alexnet"])["pool5"]
    assert (field.size, field.stride) == ((195, 195), (32, 32))  # Araujo, Norris and Sim (2019)


@pytest.mark.parametrize(
    "name, weight_layers, millions, parameters",
    [
        ("A", 11, 133, 132_863_336),
        ("A-LRN", 11, 133, 132_863_336),
        ("B", 13, 133, 133_047_848),
        ("C", 16, 134, 133_638_952),
        ("D", 16, 138, 138_357_544),
        ("E", 19, 144, 143_667_240),
    ],
)
def test_vgg_has_the_published_layers_and_parameters(name, weight_layers, millions, parameters):
    assert len(with_weights(EVERY[f"vgg {name}"])) == weight_layers
    assert COUNTS[f"vgg {name}"].parameters == parameters
    assert round(parameters / 1e6) == millions
    assert COUNTS[f"vgg {name}"]["block5_pool"].shape == (7, 7, 512)


def test_local_response_normalisation_adds_no_parameters():
    lrn = [layer for layer in EVERY["vgg A-LRN"] if isinstance(layer, specs.Norm)]
    assert len(lrn) == 1 and len(EVERY["vgg A-LRN"]) == len(EVERY["vgg A"]) + 1


@pytest.mark.parametrize(
    "depth, shortcuts, parameters, billions",
    [
        (18, 3, 11_689_512, 1.8),  # trainable parameters without biases of convolutions; multiply-adds: He et al.,
        (34, 3, 21_797_672, 3.6),  # table 1
        (50, 4, 25_557_032, 3.8),
        (101, 4, 44_549_160, 7.6),
        (152, 4, 60_192_808, 11.3),
    ],
)
def test_resnet_has_the_published_layers_and_multiply_adds(depth, shortcuts, parameters, billions):
    table = COUNTS[f"resnet {depth}"]
    assert len(with_weights(EVERY[f"resnet {depth}"])) == depth + shortcuts
    assert table.trainable == parameters
    assert table.multiply_adds / 1e9 == pytest.approx(billions, rel=0.025)
    assert table["conv5_block1_out"].shape == (7, 7, 512 if depth < 50 else 2048)


@pytest.mark.parametrize(
    "name, network",
    [
        ("VGG16", architectures.vgg("D")),
        ("VGG19", architectures.vgg("E")),
        ("ResNet50", architectures.resnet(50, bias=True)),
        ("ResNet101", architectures.resnet(101, bias=True)),
        ("ResNet152", architectures.resnet(152, bias=True)),
    ],
)
def test_counts_and_kernels_equal_those_of_keras_applications(name, network):
    with keras.StatelessScope():  # shapes of weights without their values
        model = getattr(keras.applications, name)(weights=None)
        global_state.set_global_attribute("uninitialized_variables", [])
    ours, theirs = counting.table(network), counting.table(model)
    assert ours.parameters == model.count_params() == theirs.parameters
    assert (ours.trainable, ours.multiply_adds) == (theirs.trainable, theirs.multiply_adds)

    def kernels(table):
        return sorted((row.formula, row.shape) for row in table if row.multiply_adds)

    assert kernels(ours) == kernels(theirs)


def test_unet_has_the_published_sizes_and_layers():
    table = COUNTS["unet"]
    assert len(with_weights(EVERY["unet"])) == 23
    sizes = [table[f"down{level}_conv2"].shape[0] for level in (1, 2, 3, 4)] + [table["bottom_conv2"].shape[0]]
    assert sizes == [568, 280, 136, 64, 28]
    assert [table[f"join{level}"].shape for level in (4, 3, 2, 1)] == [
        (56, 56, 1024), (104, 104, 512), (200, 200, 256), (392, 392, 128),
    ]  # fmt: skip
    assert table["output"].shape == (388, 388, 2)
    down = sum(9 * (a * b + b * b) + 2 * b for a, b in [(1, 64), (64, 128), (128, 256), (256, 512), (512, 1024)])
    up = sum(9 * 2 * b * b + 9 * b * b + 2 * b + 4 * 2 * b * b + b for b in (512, 256, 128, 64))
    assert table.parameters == down + up + 64 * 2 + 2 == 31_030_658


def test_unet_takes_other_pictures_classes_widths_and_depths():
    network = architectures.unet((64, 96, 3), classes=5, filters=8, depth=3, padding="same")
    table = counting.table(network)
    assert table["output"].shape == (64, 96, 5)  # the size of the picture is kept
    assert table["down1_conv1"].shape == (64, 96, 8) and table["bottom_conv2"].shape == (8, 12, 64)
    assert not [layer for layer in network if isinstance(layer, specs.Crop)]  # nothing to crop


def test_sizes_and_classes_are_those_asked_for():
    assert counting.table(architectures.vgg("A", (64, 96, 1), classes=7))["block5_pool"].shape == (2, 3, 512)
    assert counting.table(architectures.vgg("A", (64, 96, 1), classes=7))[-1].shape == (7,)
    resnet = counting.table(architectures.resnet(18, (64, 96, 1), classes=7))
    assert resnet["conv5_block2_out"].shape == (2, 3, 512) and resnet[-1].shape == (7,)
    assert resnet["conv1"].parameters == 7 * 7 * 64
    assert counting.table(architectures.deeper_brain_classifier((64, 64, 1)))["pool2"].shape == (3, 3, 32)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: architectures.vgg("F"), "configuration must be one of 'A', 'A-LRN', .* Received: 'F'"),
        (lambda: architectures.resnet(20), "depth must be one of 18, 34, 50, 101, 152. Received: 20"),
        (lambda: architectures.resnet([18]), r"depth must be one of 18, 34, 50, 101, 152. Received: \[18\]"),
        (lambda: architectures.resnet({}), r"depth must be one of 18, 34, 50, 101, 152. Received: \{\}"),
        (lambda: architectures.resnet(18.0), "depth must be one of 18, 34, 50, 101, 152. Received: 18.0"),
        (lambda: architectures.resnet(18, classes="ten"), "classes must be an integer of at least 1. Received: 'ten'"),
        (lambda: architectures.vgg(["D"]), r"configuration must be one of .* Received: \['D'\]"),
        (lambda: architectures.vgg(classes=True), "classes must be an integer of at least 1. Received: True"),
        (lambda: architectures.unet(filters="64"), "filters must be an integer of at least 1. Received: '64'"),
        (lambda: architectures.unet(padding=["same"]), "padding must be one of 'valid', 'same'. Received: "),
        (lambda: architectures.resnet(18, bias=1), "bias must be True or False. Received: 1"),
        (lambda: architectures.unet((100, 100, 1)), r"before every halving; before pool4 they are \(5, 5\)"),
        (lambda: architectures.unet(depth=0), "depth must be an integer of at least 1. Received: 0"),
        (lambda: architectures.unet(padding="full"), "padding must be one of 'valid', 'same'. Received: 'full'"),
        (lambda: architectures.brain_classifier(128), "shape must be a tuple"),
    ],
)
def test_an_architecture_that_does_not_exist_is_refused(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()
