"""U-Net (2015), which gives every pixel a class."""

from coursekit import arguments
from coursekit.specs import Concatenate, Conv, ConvTranspose, Crop, Dropout, Input, Pool, trace


def unet(input_shape=(572, 572, 1), classes=2, filters=64, depth=4, padding="valid"):
    """Return U-Net: `depth` halvings, as many up-convolutions, and a map of `classes` for the picture.

    Source: Ronneberger, Fischer and Brox (2015), "U-Net: convolutional networks for biomedical image
    segmentation", figure 1: 572×572 pixels in, 388×388 out, 23 convolutional layers. `filters`: of the first
    layers, doubled with every halving. `padding="same"` keeps the size, as most later versions do; "valid"
    crops the copies that it joins. Raises ValueError when a picture cannot be halved so often without a rest.

    >>> unet()[-1].filters
    2
    """
    depth, classes, filters = (
        arguments.integer(name, value, minimum=1)
        for name, value in (("depth", depth), ("classes", classes), ("filters", filters))
    )
    arguments.choice("padding", padding, ("valid", "same"))
    layers = [Input(input_shape, name="input")]
    for level in range(1, depth + 1):
        layers += _two(f"down{level}", filters * 2 ** (level - 1), padding)
        layers.append(Pool(2, name=f"pool{level}"))
    _check_halvings(layers, input_shape)
    layers += _two("bottom", filters * 2**depth, padding)
    layers.append(Dropout(0.5, name="dropout"))
    for level in range(depth, 0, -1):
        width, copied = filters * 2 ** (level - 1), f"down{level}_conv2"
        layers.append(ConvTranspose(width, kernel=2, stride=2, name=f"up{level}"))
        border = _border(layers, copied)
        if border:
            layers.append(Crop(border, name=f"crop{level}", inputs=copied))
            copied = f"crop{level}"
        layers.append(Concatenate(name=f"join{level}", inputs=(copied, f"up{level}")))
        layers += _two(f"join{level}", width, padding)
    return (*layers, Conv(classes, kernel=1, name="output"))


def _two(name, filters, padding):
    """Return two 3×3 convolutions."""
    settings = {"kernel": 3, "padding": padding, "activation": "relu"}
    return [Conv(filters, name=f"{name}_conv{number}", **settings) for number in (1, 2)]


def _check_halvings(layers, input_shape):
    for node in trace(layers):
        sizes = node.shape if isinstance(node.layer, Input) else node.input_shapes[0][:-1]
        if isinstance(node.layer, Pool) and any(size % 2 for size in sizes):
            raise ValueError(
                f"input_shape must give even sizes before every halving; before {node.name} they are "
                f"{sizes}. Received: {input_shape}"
            )


def _border(layers, copied):
    """Return what to crop from `copied` to fit the last layer, at both ends of each axis; None if nothing."""
    nodes = trace(layers)
    sizes = next(node.shape[:-1] for node in nodes if node.name == copied)
    rests = [size - new for size, new in zip(sizes, nodes[-1].shape)]
    return tuple((rest // 2, rest - rest // 2) for rest in rests) if any(rests) else None
