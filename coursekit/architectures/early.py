"""LeNet-5 (1998) and AlexNet (2012)."""

from coursekit.specs import Conv, Dense, Dropout, Flatten, Input, Norm, Pool

# Krizhevsky et al. (2012), caption of figure 2: "the number of neurons in the network's remaining layers".
ALEXNET_NEURONS = (253_440, 186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000)


def lenet5():
    """Return LeNet-5 as it is built today: 61,706 parameters.

    Source: LeCun, Bottou, Bengio and Haffner (1998), "Gradient-based learning applied to document
    recognition", section II.B. The paper counts 60,000 trainable ones: there a map of C3 reads only some of
    the six maps below (1,516 parameters, not 2,416), the pooling layers learn a factor and a bias for each
    map (12 + 32), and the output compares F6 with fixed pictures of the digits (none, not 850):
    61,706 − 900 + 44 − 850 = 60,000.

    >>> [layer.name for layer in lenet5()[1:]]
    ['C1', 'S2', 'C3', 'S4', 'C5', 'flatten', 'F6', 'output']
    """
    return (
        Input((32, 32, 1), name="input"),
        Conv(6, kernel=5, activation="tanh", name="C1"),
        Pool(2, kind="average", name="S2"),
        Conv(16, kernel=5, activation="tanh", name="C3"),
        Pool(2, kind="average", name="S4"),
        Conv(120, kernel=5, activation="tanh", name="C5"),
        Flatten(name="flatten"),
        Dense(84, activation="tanh", name="F6"),
        Dense(10, activation="softmax", name="output"),
    )


def alexnet():
    """Return AlexNet: 60,965,224 parameters, the paper's "60 million".

    Source: Krizhevsky, Sutskever and Hinton (2012), "ImageNet classification with deep convolutional neural
    networks", section 3.5; `groups=2` are the two graphics cards. The paper's seven numbers of neurons from
    186,624 to 1000 (`ALEXNET_NEURONS`) are those of conv2 … fc8 here. Its number for conv1, 253,440 =
    55·48·96, fits no square map of 96 channels: the 55×55×96 of its own figure are 290,400. Its 224 pixels
    give 55 outputs only with padding, here 2.

    >>> len([layer for layer in alexnet() if isinstance(layer, (Conv, Dense))])
    8
    """
    same = {"padding": "same", "activation": "relu"}
    return (
        Input((224, 224, 3), name="input"),
        Conv(96, kernel=11, stride=4, padding=2, activation="relu", name="conv1"),
        Norm("local response", name="norm1"),
        Pool(3, stride=2, name="pool1"),
        Conv(256, kernel=5, groups=2, name="conv2", **same),
        Norm("local response", name="norm2"),
        Pool(3, stride=2, name="pool2"),
        Conv(384, kernel=3, name="conv3", **same),
        Conv(384, kernel=3, groups=2, name="conv4", **same),
        Conv(256, kernel=3, groups=2, name="conv5", **same),
        Pool(3, stride=2, name="pool5"),
        Flatten(name="flatten"),
        Dense(4096, activation="relu", name="fc6"),
        Dropout(0.5, name="drop6"),
        Dense(4096, activation="relu", name="fc7"),
        Dropout(0.5, name="drop7"),
        Dense(1000, activation="softmax", name="fc8"),
    )
