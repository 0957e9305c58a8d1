"""Explorer 4: what one unit of a deep layer sees of the picture."""

import numpy as np
import traitlets

from coursekit import architectures, convolution, receptive_field, specs
from coursekit.explorers.base import Predicting, module
from coursekit.explorers.layers import Layers, to_spec, whole
from coursekit.explorers.pictures import PictureExplorer

_WINDOW = {"stride": whole(1, 1, 8), "padding": ["valid", "same"]}
_POOLING = {"size": whole(2, 1, 15)} | _WINDOW | {"stride": whole(None, 1, 8)}
KINDS = {
    "convolution": {"kernel": whole(3, 1, 15)} | _WINDOW | {"dilation": whole(1, 1, 8)},
    "max pooling": _POOLING,
    "average pooling": _POOLING,
}


def _windows(network):
    """Return the convolutions and poolings before the first layer that reads the whole picture."""
    layers = [layer for layer in network if not isinstance(layer, specs.Input)]
    whole_picture = (specs.Flatten, specs.GlobalPool, specs.Dense)
    ends = [i for i, layer in enumerate(layers) if isinstance(layer, whole_picture)]
    return layers[: min(ends, default=len(layers))]


PRESETS = {
    "three 3×3": [specs.Conv(1, 3)] * 3,
    "one 7×7": [specs.Conv(1, 7)],
    "brain classifier": _windows(architectures.brain_classifier()),
    "second brain classifier": _windows(architectures.deeper_brain_classifier()),
    "VGG, first two blocks": architectures.vgg("D")[1:7],
    "dilated 1, 2, 4": [specs.Conv(1, 3, dilation=dilation) for dilation in (1, 2, 4)],
    "dilated 2, 2, 2": [specs.Conv(1, 3, dilation=2)] * 3,
}


class ReceptiveField(Predicting, PictureExplorer):
    """A stack of windows on a picture: which cells of every layer, and which pixels, one unit sees.

    `picture` is what `images.load` takes, or an array (rows, columns); at most 256 pixels are kept per side.
    `layers` is the name of a stack in `PRESETS`, or a list of at most 8 dicts such as {"kind": "convolution",
    "kernel": 3, "stride": 1, "padding": "valid", "dilation": 1} and {"kind": "max pooling", "size": 2} (or
    "average pooling"), or layer specs; those from a flatten, dense or global layer on are left out.
    `layer` is the number of the layer whose unit is looked at, 0 the picture, and `row` and `column` say
    which; without them it is the unit in the middle of the last layer. With `magnify` only the surroundings
    of its field are drawn, otherwise the whole picture.

    >>> explorer = ReceptiveField(layers="three 3×3", row=0, column=5)
    >>> explorer.fields[-1].size, explorer.box  # rows and columns of the picture, first and last
    ((7, 7), ((0, 6), (5, 11)))
    """

    _esm = module("receptive_field.js")
    title = "Receptive fields"
    usual_task = "Choose a unit of a layer and see which pixels of the picture it depends on."
    layers = Layers(KINDS, most=8)
    layer = traitlets.Int(0, min=0, max=8).tag(sync=True)
    row = traitlets.Int(0, min=0).tag(sync=True)
    column = traitlets.Int(0, min=0).tag(sync=True)
    magnify = traitlets.Bool(True).tag(sync=True)
    _own_kinds = traitlets.Dict(KINDS).tag(sync=True)
    _own_presets = traitlets.Dict().tag(sync=True)

    def __init__(self, picture="brain_axial", layers="second brain classifier", **state):
        if isinstance(layers, str):
            if layers not in PRESETS:
                listed = ", ".join(PRESETS)
                raise ValueError(f"layers must be one of {listed}, or a list. Received: {layers!r}")
            layers = PRESETS[layers]
        elif isinstance(layers, (list, tuple)):
            layers = _windows(layers)
        super().__init__(picture, layers=layers, **state)
        check = type(self).layers.validate
        self._own_presets = {name: check(self, stack) for name, stack in PRESETS.items()}
        self._look_at_the_middle(state)

    def _look_at_the_middle(self, given):
        """Set what the caller left open: the last layer that fits, the middle of its map."""
        shapes = self._shapes()
        if "layer" not in given:
            self.layer = len(shapes) - 1
        height, width = shapes[min(self.layer, len(shapes) - 1)]
        self.row, self.column = given.get("row", height // 2), given.get("column", width // 2)

    def _shapes(self):
        """Return the sizes of the picture and of the maps of all layers up to the first that does not fit."""
        layers = self.network
        for count in range(len(layers), 0, -1):
            try:
                return [node.shape[:2] for node in specs.trace(layers[:count])]
            except specs.LayerError:
                continue

    @property
    def network(self):
        """The picture and the layers as a tuple of specs."""
        return (specs.Input((*self.picture.shape, 1), name="picture"), *map(to_spec, self.layers))

    @property
    def fields(self):
        """The `receptive_field.table` of picture and layers. Raises LayerError where one does not fit."""
        return receptive_field.table(self.network)

    @property
    def unit(self):
        """(layer, row, column) of the unit looked at, moved into the maps that there are."""
        shapes = self._shapes()
        layer = min(self.layer, len(shapes) - 1)
        return layer, *(min(place, size - 1) for place, size in zip((self.row, self.column), shapes[layer]))

    @property
    def seen(self):
        """Masks of the picture and each layer up to the unit's, in a list: True where it sees a cell."""
        (layer, *position), layers, shapes = self.unit, self.network, self._shapes()
        parts = [(specs.Input((*shapes[i], 1)), *layers[i + 1 : layer + 1]) for i in range(layer + 1)]
        return [receptive_field.seen(part, position=tuple(position)) for part in parts]

    @property
    def box(self):
        """((top, bottom), (left, right)): the first and last pixel that the unit sees, inside the picture.

        None where its windows find nothing but padding.
        """
        places = np.argwhere(self.seen[0])
        if not len(places):
            return None
        return tuple((int(low), int(high)) for low, high in zip(places.min(axis=0), places.max(axis=0)))

    @property
    def maps(self):
        """The picture and what the layers that fit make of it when each convolution takes the mean."""
        maps = [self.picture]
        for layer in self.layers[: len(self._shapes()) - 1]:
            maps.append(_averaged(maps[-1], **layer))
        return maps


def _averaged(values, kind, padding, stride, kernel=None, dilation=1, size=None, name=None):
    if kind == "convolution":
        mean = np.full((kernel, kernel), 1 / kernel**2, np.float32)
        return convolution.correlate2d(values, mean, padding, stride=stride, dilation=dilation)
    pool = convolution.max_pool if kind == "max pooling" else convolution.average_pool
    return pool(values, size, stride, padding)
