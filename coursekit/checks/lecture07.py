"""Exercises of lecture 07, Counting parameters."""

from coursekit import architectures, counting, specs
from coursekit.checks.exercise import Exercise

_BRAIN = (("conv", 5, 32), ("pool", 4), ("dense", 2))
_DEEPER = (("conv", 5, 32), ("pool", 4), ("conv", 2, 32), ("pool", 4), ("dense", 128), ("dense", 2))


def _count(layers, side, channels, bias=1, shrinks=1, rounding=0, deep=True, flat=True, places=False):
    """Parameters of each layer; the settings after `channels` make the mistakes of the misconceptions."""
    result, inputs = [], None
    first = channels
    for kind, *settings in layers:
        if kind == "conv":
            kernel, filters = settings
            side -= shrinks * (kernel - 1)
            seen = channels if deep else first
            result.append((kernel * kernel * seen + bias) * filters * (side * side if places else 1))
            channels = filters
        elif kind == "pool":
            side = (side + rounding * (settings[0] - 1)) // settings[0]
            result.append(0)
        else:
            inputs = inputs or side * side * (channels if flat else 1)
            result.append((inputs + bias) * settings[0])
            inputs = settings[0]
    return result


def _count_forgetting_dense(layers, side, channels):
    """Every dense layer reads the picture again, not the neurons before it."""
    number = next((place for place, layer in enumerate(layers) if layer[0] == "dense"), len(layers) - 1)
    return [
        _count((*layers[:number], layer), side, channels)[-1]
        if layer[0] == "dense"
        else _count(layers, side, channels)[place]
        for place, layer in enumerate(layers)
    ]


def _slim_fault(configuration, answer):
    """What is wrong with a VGG in which one average replaces two large dense layers, or None."""
    if not isinstance(answer, (tuple, list)) or not all(isinstance(layer, specs.Layer) for layer in answer):
        return "expected a tuple of layer specs, as architectures.vgg returns it"
    original = architectures.vgg(configuration)
    try:
        table = counting.table(tuple(answer))
    except (TypeError, ValueError) as error:
        return f"the layers do not fit together: {error}"
    front = original[: [layer.name for layer in original].index("flatten")]
    if sum(isinstance(layer, specs.Dense) for layer in answer) > 1:
        return f"it still has more than one dense layer, and {table.parameters:,} parameters"
    missing = [layer.name for layer in front if layer not in answer]
    if missing:
        return f"the layers before flatten must stay as they are; {', '.join(missing)} must not go or change"
    if answer[-1] != original[-1]:
        return "the last layer must be the last layer of the original, with its name, 1000 classes and its softmax"
    if tuple(answer[: len(front)]) != front:
        return "the layers before flatten must come first, in their order"
    return _pooling_fault(answer, len(front), table)


def _pooling_fault(answer, front, table):
    pools = [layer for layer in answer if isinstance(layer, specs.GlobalPool)]
    if not pools:
        inputs = table.rows[-2].shape
        return f"there is no GlobalPool: the last layer reads an input of shape {inputs}"
    if pools[0].kind != "average":
        return "it keeps the largest value of each map; the average was asked for"
    if table[-1].shape != (1000,):
        return f"the result should be 1000 numbers, and has the shape {table[-1].shape}"
    if len(answer) != front + 2:
        names = ", ".join(row.name for row in table.rows[front:])
        return f"after the last block stand {names}: expected a GlobalPool and the last layer alone"
    return None


EXERCISES = (
    Exercise(
        name="07.larger_picture",
        reference=lambda: (14 * 14 * 512 + 1) * 4096,
        misconceptions=(
            ("a convolution does not care about the size of the picture, but fc1 does", lambda: 102_764_544),
            ("a picture of twice the side has four times the pixels, not twice", lambda: (2 * 7 * 7 * 512 + 1) * 4096),
            ("there are still 4096 biases, one for each neuron", lambda: 4 * 102_764_544),
            ("each of the 4096 neurons has a bias", lambda: 14 * 14 * 512 * 4096),
            ("five poolings halve the side, not four", lambda: (28 * 28 * 512 + 1) * 4096),
            ("fc1 reads all 512 channels", lambda: (14 * 14 + 1) * 4096),
            ("before fc1 the picture has been pooled five times", lambda: (448 * 448 * 512 + 1) * 4096),
        ),
    ),
    Exercise(
        name="07.work",
        reference=lambda: 224 * 224 * 9 * 64 * 64 / (25_088 * 4096),
        misconceptions=(
            (
                "this is the ratio of the parameters: a kernel is used once at every place",
                lambda: 9 * 64 * 64 / (25_088 * 4096),
            ),
            ("each kernel reaches through all 64 channels of its input", lambda: 224 * 224 * 9 * 64 / (25_088 * 4096)),
            ("a kernel has 3·3 weights for each channel", lambda: 224 * 224 * 64 * 64 / (25_088 * 4096)),
            ("a kernel of 3×3 has nine weights, not three", lambda: 224 * 224 * 3 * 64 * 64 / (25_088 * 4096)),
            (
                "this is the other way round: the dense layer's work over the convolution's",
                lambda: 25_088 * 4096 / (224 * 224 * 9 * 64 * 64),
            ),
            (
                "the picture is still 224 pixels wide: the padding is 'same', and the pooling comes later",
                lambda: 112 * 112 * 9 * 64 * 64 / (25_088 * 4096),
            ),
            ("this is block1_conv1, which reads three channels", lambda: 224 * 224 * 27 * 64 / (25_088 * 4096)),
        ),
    ),
    Exercise(name="07.slim", judge=_slim_fault, cases=(("D",), ("A-LRN",), ("C",))),
    Exercise(
        name="07.count",
        reference=_count,
        cases=(
            ((("dense", 2),), 3, 1),
            ((("conv", 3, 4), ("dense", 2)), 5, 2),
            (_BRAIN, 128, 1),
            (_DEEPER, 128, 1),
            ((("conv", 3, 6), ("conv", 3, 5), ("pool", 2), ("dense", 7), ("dense", 3)), 15, 3),
        ),
        misconceptions=(
            ("every kernel and every neuron has a bias", lambda *case: _count(*case, bias=0)),
            (
                "a kernel reaches through all channels that the layer before it made, not those of the picture",
                lambda *case: _count(*case, deep=False),
            ),
            (
                "a convolution without padding makes the side shorter by kernel − 1",
                lambda *case: _count(*case, shrinks=0),
            ),
            (
                "what is left over at the border is dropped: a pooling rounds down",
                lambda *case: _count(*case, rounding=1),
            ),
            ("a dense layer reads side · side · channels numbers", lambda *case: _count(*case, flat=False)),
            ("a dense layer after another reads its neurons, not the picture again", _count_forgetting_dense),
            (
                "a kernel is used at many places, and its parameters are counted once",
                lambda *case: _count(*case, places=True),
            ),
        ),
    ),
)
