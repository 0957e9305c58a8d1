"""VGG (2014) and ResNet (2015)."""

from numbers import Integral

from coursekit import arguments
from coursekit.specs import Activation, Add, Conv, Dense, Dropout, Flatten, GlobalPool, Input, Norm, Pool
from coursekit.specs.base import flag

# How many convolutions of which filters stand in each of the five blocks; "/1" marks a 1×1 kernel.
_VGG = {
    "A": ("64", "128", "256 256", "512 512", "512 512"),
    "A-LRN": ("64 lrn", "128", "256 256", "512 512", "512 512"),
    "B": ("64 64", "128 128", "256 256", "512 512", "512 512"),
    "C": ("64 64", "128 128", "256 256 256/1", "512 512 512/1", "512 512 512/1"),
    "D": ("64 64", "128 128", "256 256 256", "512 512 512", "512 512 512"),
    "E": ("64 64", "128 128", "256 256 256 256", "512 512 512 512", "512 512 512 512"),
}

# How many residual blocks stand in each of the four stages, by depth.
_RESNET = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def vgg(configuration="D", input_shape=(224, 224, 3), classes=1000):
    """Return VGG in configuration "A", "A-LRN", "B", "C", "D" (VGG16) or "E" (VGG19).

    Source: Simonyan and Zisserman (2015), "Very deep convolutional networks for large-scale image
    recognition", table 1; its table 2 gives 133 (A and A-LRN), 133, 134, 138 and 144 million parameters.
    Layers are named as in Keras.

    >>> len([layer for layer in vgg("D") if isinstance(layer, (Conv, Dense))])
    16
    """
    classes = arguments.integer("classes", classes, minimum=1)
    blocks = _VGG[arguments.choice("configuration", configuration, tuple(_VGG))]
    layers = [Input(input_shape, name="input")]
    for block, content in enumerate(blocks, start=1):
        for number, entry in enumerate(content.split(), start=1):
            if entry == "lrn":
                layers.append(Norm("local response", name=f"block{block}_lrn"))
                continue
            filters, _, kernel = entry.partition("/")
            settings = {"kernel": int(kernel or 3), "padding": "same", "activation": "relu"}
            layers.append(Conv(int(filters), name=f"block{block}_conv{number}", **settings))
        layers.append(Pool(2, name=f"block{block}_pool"))
    return (
        *layers,
        Flatten(name="flatten"),
        Dense(4096, activation="relu", name="fc1"),
        Dropout(0.5, name="drop1"),
        Dense(4096, activation="relu", name="fc2"),
        Dropout(0.5, name="drop2"),
        Dense(classes, activation="softmax", name="predictions"),
    )


def resnet(depth=50, input_shape=(224, 224, 3), classes=1000, bias=False):
    """Return ResNet of 18, 34, 50, 101 or 152 layers.

    Source: He, Zhang, Ren and Sun (2016), "Deep residual learning for image recognition", table 1; shortcuts
    that change the shape are 1×1 convolutions (option B), the stride stands in a block's first convolution.
    `bias`: whether the convolutions have biases. The normalisation that follows makes them superfluous, but
    `keras.applications` has them: with `bias=True` ResNet-50 counts 25,636,712 parameters as there.

    >>> len([layer for layer in resnet(18) if isinstance(layer, (Conv, Dense))]) - 3  # three are in shortcuts
    18
    """
    classes, bias = arguments.integer("classes", classes, minimum=1), flag("bias", bias)
    if isinstance(depth, bool) or not isinstance(depth, Integral) or depth not in _RESNET:
        listed = ", ".join(map(str, _RESNET))
        raise ValueError(f"depth must be one of {listed}. Received: {arguments.shown(depth)}")
    layers = [
        Input(input_shape, name="input"),
        Conv(64, kernel=7, stride=2, padding=3, bias=bias, name="conv1"),
        Norm("batch", name="conv1_norm"),
        Activation("relu", name="conv1_relu"),
        Pool(3, stride=2, padding=1, name="pool1"),
    ]
    for stage, blocks in enumerate(_RESNET[depth], start=2):
        for block in range(1, blocks + 1):
            stride = 2 if block == 1 and stage > 2 else 1
            shortcut = block == 1 and (stage > 2 or depth >= 50)
            name, filters = f"conv{stage}_block{block}", 2 ** (stage + 4)
            layers += _block(name, layers[-1].name, filters, stride, shortcut, depth >= 50, bias)
    return (*layers, GlobalPool(name="pool5"), Dense(classes, activation="softmax", name="predictions"))


def _block(name, source, filters, stride, shortcut, bottleneck, bias):
    """Return a residual block: two 3×3 convolutions, or 1×1, 3×3, 1×1 with four times the filters at last."""
    windows = [(filters, 1), (filters, 3), (4 * filters, 1)] if bottleneck else [(filters, 3), (filters, 3)]
    layers, skip = [], source
    if shortcut:
        skip = f"{name}_0_norm"
        layers = [
            Conv(windows[-1][0], 1, stride=stride, bias=bias, name=f"{name}_0_conv", inputs=source),
            Norm("batch", name=skip),
        ]
    for number, (outputs, kernel) in enumerate(windows, start=1):
        place = {"stride": stride, "inputs": source} if number == 1 else {}
        padding = kernel // 2
        layers += [
            Conv(outputs, kernel, padding=padding, bias=bias, name=f"{name}_{number}_conv", **place),
            Norm("batch", name=f"{name}_{number}_norm"),
        ]
        if number < len(windows):
            layers.append(Activation("relu", name=f"{name}_{number}_relu"))
    layers.append(Add(name=f"{name}_add", inputs=(skip, layers[-1].name)))
    return [*layers, Activation("relu", name=f"{name}_out")]
