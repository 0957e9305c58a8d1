"""Answers to the exercises of lecture 07, Counting parameters."""

from answers import Answers
from coursekit import architectures
from coursekit.specs import Conv, Dense, Flatten, GlobalPool, Input, Norm, Pool


def stub(*arguments):
    raise NotImplementedError


# ---------------------------------------------------------------- 3 · slim(configuration)


def slim(configuration):
    *layers, last = architectures.vgg(configuration)
    return (*(layer for layer in layers if isinstance(layer, (Input, Conv, Pool, Norm))), GlobalPool(), last)


def slim_without_normalisation(configuration):
    return tuple(layer for layer in slim(configuration) if not isinstance(layer, Norm))


def slim_with(*tail):
    """Return a function that puts `tail` after the last block; "last" is the original's last layer."""

    def made(configuration):
        front = slim(configuration)[:-2]
        return *front, *(architectures.vgg(configuration)[-1] if part == "last" else part for part in tail)

    return made


def slim_without_the_last_pooling(configuration):
    return tuple(layer for layer in slim(configuration) if layer.name != "block5_pool")


def slim_in_another_order(configuration):
    """The last two convolutions of the third block have changed places."""
    layers = list(slim(configuration))
    first = next(place for place, layer in enumerate(layers) if layer.name == "block3_conv1") + 1
    layers[first], layers[first + 1] = layers[first + 1], layers[first]
    return tuple(layers)


def slim_one_dense_layer_too_many(configuration):
    *layers, last = architectures.vgg(configuration)
    return *(layer for layer in layers if layer.name not in ("flatten", "fc1")), GlobalPool(), last


# ---------------------------------------------------------------- 4 · count(layers, side, channels)


def count(layers, side, channels):
    sizes = (side, side, channels)
    found = []
    for layer in layers:
        if layer[0] == "conv":
            _, kernel, filters = layer
            found.append((kernel**2 * sizes[2] + 1) * filters)
            sizes = sizes[0] - kernel + 1, sizes[1] - kernel + 1, filters
        elif layer[0] == "pool":
            found.append(0)
            sizes = sizes[0] // layer[1], sizes[1] // layer[1], sizes[2]
        else:
            inputs = sizes[0] * sizes[1] * sizes[2]
            found.append((inputs + 1) * layer[1])
            sizes = 1, 1, layer[1]
    return found


def count_with(conv_bias=1, dense_bias=1, depth=None, cut=1, up=0, dense_depth=True, again=False, uses=False):
    """Return a counter that makes one mistake."""

    def counter(layers, side, channels):
        found, start, inputs = [], channels, None
        for kind, size, *filters in layers:
            if kind == "conv":
                side -= cut * (size - 1)
                kernels = (size**2 * (start if depth == "first" else channels) + conv_bias) * filters[0]
                found.append(kernels * side**2 if uses else kernels)
                channels = filters[0]
            elif kind == "pool":
                found.append(0)
                side = -(-side // size) if up else side // size
            else:
                picture = side**2 * (channels if dense_depth else 1)
                found.append(((picture if again or inputs is None else inputs) + dense_bias) * size)
                inputs = size
        return found

    return counter


def count_only_what_holds_weights(layers, side, channels):
    return [number for number in count(layers, side, channels) if number]


def count_the_sum(layers, side, channels):
    return sum(count(layers, side, channels))


def count_for_pictures_of_128_pixels(layers, side, channels):
    return count(layers, 128, channels)


def count_in_grey(layers, side, channels):
    return count(layers, side, 1)


def in_keras(configuration):
    from coursekit import models  # the other answers need no TensorFlow

    return models.build(architectures.lenet5())


BANK = {
    "07.larger_picture": Answers(
        solution=(14 * 14 * 512 + 1) * 4096,
        stub=...,
        wrong=(
            ((7 * 7 * 512 + 1) * 4096, "but fc1 does"),
            ((2 * 25_088 + 1) * 4096, "four times the pixels, not twice"),
            (4 * (25_088 + 1) * 4096, "there are still 4096 biases"),
            (4 * 25_088 * 4096, "each of the 4096 neurons has a bias"),
            ((28 * 28 * 512 + 1) * 4096, "five poolings halve the side"),
            ((196 + 1) * 4096, "fc1 reads all 512 channels"),
            ((448 * 448 * 512 + 1) * 4096, "has been pooled five times"),
            (0, "0 is not it"),
            (14 * 14 * 512, "100352 is not it"),
            ("411 million", "expected a number, received '411 million'"),
            ((14, 14, 512), "expected a number, received (14, 14, 512)"),
        ),
    ),
    "07.work": Answers(
        solution=18,
        stub=...,
        wrong=(
            (36_864 / 102_760_448, "this is the ratio of the parameters"),
            (224**2 * 576 / 102_760_448, "each kernel reaches through all 64 channels"),
            (2, "a kernel has 3·3 weights for each channel"),
            (6, "a kernel of 3×3 has nine weights"),
            (1 / 18, "this is the other way round"),
            (4.5, "the picture is still 224 pixels wide"),
            (224**2 * 1_728 / 102_760_448, "this is block1_conv1"),
            (1, "1 is not it"),
            (0, "0 is not it"),
            (1_849_688_064, "1849688064 is not it"),
            (9, "9 is not it"),
            ("eighteen", "expected a number, received 'eighteen'"),
        ),
    ),
    "07.slim": Answers(
        solution=slim,
        stub=stub,
        wrong=(
            (architectures.vgg, "it still has more than one dense layer, and 138,357,544 parameters"),
            (slim_one_dense_layer_too_many, "it still has more than one dense layer"),
            (slim_without_normalisation, "for 'A-LRN':\nthe layers before flatten must stay as they are; block1_lrn"),
            (lambda configuration: slim("D"), "for 'A-LRN':\nthe layers before flatten must stay"),
            (slim_with(GlobalPool()), "the last layer must be the last layer of the original"),
            (slim_with(GlobalPool(), Dense(1000, name="predictions")), "1000 classes and its softmax"),
            (slim_with(GlobalPool(), Dense(1000, activation="softmax")), "of the original, with its name"),
            (slim_in_another_order, "for 'D':\nthe layers before flatten must come first, in their order"),
            (slim_with("last", GlobalPool()), "the last layer must be the last layer of the original"),
            (slim_with(Flatten(), "last"), "there is no GlobalPool: the last layer reads an input of shape (25088,)"),
            (slim_with("last"), "there is no GlobalPool: the last layer reads an input of shape (7, 7, 512)"),
            (slim_with(GlobalPool("max"), "last"), "the average was asked for"),
            (slim_with(GlobalPool(keepdims=True), "last"), "has the shape (1, 1, 1000)"),
            (
                slim_with(Pool(2), GlobalPool(), "last"),
                "after the last block stand pool1, globalpool1, predictions: expected",
            ),
            (slim_without_the_last_pooling, "block5_pool must not go"),
            (slim_with(Flatten(), GlobalPool(), "last"), "the layers do not fit together"),
            (lambda configuration: slim(configuration)[-2:], "the layers do not fit together"),
            (lambda configuration: "VGG", "expected a tuple of layer specs"),
            (in_keras, "expected a tuple of layer specs"),
            (lambda configuration: print(end=""), "is a return missing?"),
        ),
    ),
    "07.count": Answers(
        solution=count,
        stub=stub,
        wrong=(
            (count_with(conv_bias=0, dense_bias=0), "every kernel and every neuron has a bias"),
            (count_with(depth="first"), "a kernel reaches through all channels"),
            (count_with(cut=0), "makes the side shorter by kernel − 1"),
            (count_with(up=1), "a pooling rounds down"),
            (count_with(dense_depth=False), "a dense layer reads side · side · channels numbers"),
            (count_with(again=True), "reads its neurons, not the picture again"),
            (count_with(uses=True), "its parameters are counted once"),
            (count_with(conv_bias=0), "for (('conv', 3, 4), ('dense', 2)), 5, 2:\nexpected [76, 74]"),
            (count_only_what_holds_weights, "expected [832, 0, 61506]\nreceived [832, 61506]"),
            (count_the_sum, "expected [20]\nreceived 20"),
            (count_for_pictures_of_128_pixels, "expected [20]"),
            (count_in_grey, "expected [76, 74]\nreceived [40, 74]"),
            (lambda layers, side, channels: [0 for layer in layers], "received [0]"),
            (lambda layers, side, channels: print(end=""), "is a return missing?"),
            (lambda layers: [], "your function raised TypeError"),
        ),
    ),
}
