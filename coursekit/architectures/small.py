"""The small networks that the lectures count by hand: the brain classifiers and the CIFAR pair."""

from coursekit.specs import Activation, Conv, Dense, Flatten, GlobalPool, Input, Norm, Pool


def brain_classifier(input_shape=(128, 128, 1)):
    """Return the baseline that tells real brain images from made ones: 62,338 parameters.

    Source: "Convolutional neural networks", lecture with the problem "Brain food", Yale University.

    >>> len(brain_classifier())
    5
    """
    return (
        Input(input_shape, name="input"),
        Conv(32, kernel=5, activation="relu", name="conv1"),
        Pool(4, name="pool1"),
        Flatten(name="flatten"),
        Dense(2, name="dense"),
    )


def deeper_brain_classifier(input_shape=(128, 128, 1)):
    """Return the second brain classifier of the same lecture: 206,050 parameters.

    >>> deeper_brain_classifier()[-1].units
    2
    """
    return (
        Input(input_shape, name="input"),
        Conv(32, kernel=5, activation="relu", name="conv1"),
        Pool(4, name="pool1"),
        Conv(32, kernel=2, activation="relu", name="conv2"),
        Pool(4, name="pool2"),
        Flatten(name="flatten"),
        Dense(128, activation="relu", name="dense1"),
        Dense(2, name="dense2"),
    )


def texture_brain_classifier(input_shape=(128, 128, 1)):
    """Return this course's own brain classifier, made for texture: 49,786 parameters.

    Four normalised convolutions, whose last maps are averaged over the picture: places do not matter.

    >>> [layer.filters for layer in texture_brain_classifier() if isinstance(layer, Conv)]
    [24, 32, 48, 64]
    """
    layers = [Input(input_shape, name="input")]
    for number, (filters, kernel, stride) in enumerate(((24, 5, 2), (32, 3, 1), (48, 3, 1), (64, 3, 1)), start=1):
        layers += [
            Conv(filters, kernel, stride=stride, padding="same", bias=False, name=f"conv{number}"),
            Norm("batch", name=f"norm{number}"),
            Activation("relu", name=f"relu{number}"),
        ]
        if number > 1:
            layers.append(Pool(2, name=f"pool{number}"))
    return (*layers, GlobalPool(name="average"), Dense(2, name="dense"))


def dense_cifar():
    """Return three dense layers without biases for a 32×32 grey image: 562,200 weights.

    Source: lecture on convolutional neural networks, Duke University (1024·500 + 500·100 + 100·2).

    >>> dense_cifar()[-1].units
    2
    """
    return (
        Input((32, 32, 1), name="input"),
        Flatten(name="flatten"),
        Dense(500, bias=False, activation="relu", name="W1"),
        Dense(100, bias=False, activation="relu", name="W2"),
        Dense(2, bias=False, name="W3"),
    )


def convolutional_cifar():
    """Return the same with two convolutions in place of the first matrices: 2,248 weights.

    Source: as `dense_cifar` (10·10 + 10·10 + 1024·2).

    >>> convolutional_cifar()[1].kernel
    10
    """
    return (
        Input((32, 32, 1), name="input"),
        Conv(1, kernel=10, padding="same", bias=False, activation="relu", name="W1"),
        Conv(1, kernel=10, padding="same", bias=False, activation="relu", name="W2"),
        Flatten(name="flatten"),
        Dense(2, bias=False, name="W3"),
    )
