"""The exact pixels that one value of a layer can depend on."""

import numpy as np

from coursekit import arguments, specs
from coursekit.receptive_field.fields import entrance_of
from coursekit.receptive_field.reach import EVERYTHING, SAME_PLACE, looks


def seen(network, layer=None, position=None, input_shape=None, input_name=None):
    """Return a mask of the input's spatial shape: True for the pixels that one output position depends on.

    `layer`: the name of a layer, by default the last. `position`: its pixel, one index per spatial axis, by
    default the middle one; a layer without spatial axes is meant as a whole. The other arguments are those of
    `table`. All channels of the position count together. Where `table` gives an interval, the mask has the
    holes of dilated kernels and the true shape where branches meet. Raises `LayerError` as `table` does.

    >>> from coursekit.specs import Conv, Input
    >>> seen((Input((5, 6, 1)), Conv(1, kernel=(2, 3), dilation=2)), position=(0, 1)).astype(int)
    array([[0, 1, 0, 1, 0, 1],
           [0, 0, 0, 0, 0, 0],
           [0, 1, 0, 1, 0, 1],
           [0, 0, 0, 0, 0, 0],
           [0, 0, 0, 0, 0, 0]])
    """
    nodes = specs.trace(network, input_shape)
    entrance = entrance_of(nodes, input_name)
    names = [node.name for node in nodes]
    last = names.index(names[-1] if layer is None else arguments.choice("layer", layer, names))
    masks = {last: _start(nodes[last].shape[:-1], position)}
    for index in range(last, -1, -1):  # from the layer back to the input; every layer comes after its sources
        node, mask = nodes[index], masks.get(index)
        if mask is None or node is entrance or not node.sources:
            continue
        places = looks(node)
        for source in node.sources:
            found = _back(mask, places, nodes[source].shape[:-1])
            masks[source] = masks[source] | found if source in masks else found
    return masks.get(nodes.index(entrance), np.zeros(entrance.shape[:-1], dtype=bool))


def _start(shape, position):
    """Return the mask of one position in a layer of that spatial shape."""
    if position is None:
        position = tuple(size // 2 for size in shape)
    if not isinstance(position, (tuple, list)) or len(position) != len(shape):
        raise ValueError(f"position must have one index for each axis of {shape}. Received: {position!r}")
    for index, size in zip(position, shape):
        arguments.integer("position", index, minimum=0, maximum=size - 1)
    mask = np.zeros(shape, dtype=bool)
    mask[tuple(position)] = True
    return mask


def _back(mask, places, shape):
    """Return which pixels of a layer's input, of that spatial shape, the masked outputs look at."""
    if places is EVERYTHING or mask.ndim == 0 or not shape:
        return np.full(shape, mask.any())
    mask = mask.any(axis=tuple(range(mask.ndim - len(shape))))  # axes along which a merging layer repeated it
    for axis, size in enumerate(shape):
        if places is SAME_PLACE:  # an axis of one pixel may have been repeated
            mask = mask.any(axis=axis, keepdims=True) if mask.shape[axis] != size else mask
        else:
            mask = _back_axis(mask, places[axis], axis, size)
    return mask


def _back_axis(mask, look, axis, size):
    """Return the mask one layer earlier, along one axis."""
    result = np.zeros((size, *np.delete(mask.shape, axis)), dtype=bool)
    for output, row in enumerate(np.moveaxis(mask, axis, 0)):
        if row.any():
            for pixel in look.pixels(output):
                if 0 <= pixel < size:
                    result[pixel] |= row
    return np.moveaxis(result, 0, axis)
