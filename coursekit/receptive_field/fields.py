"""Size, stride and offset of the receptive field of every layer."""

from dataclasses import dataclass, field
from math import isfinite

from coursekit import arguments, shapes, specs
from coursekit.receptive_field.axis import Axis
from coursekit.receptive_field.reach import EVERYTHING, SAME_PLACE, looks
from coursekit.specs.base import along
from coursekit.tables import Column, Table

_COLUMNS = (
    Column("layer", "name"),
    Column("kind", "kind"),
    Column("output shape", "shape", right=True),
    Column("field (pixels)", "size", right=True),
    Column("stride", "stride", right=True),
    Column("offset", "offset_words", right=True),
    Column("size in words", "formula"),
)


@dataclass(frozen=True)
class Row:
    """The receptive field of one layer: tuples with one entry per axis of the input, in pixels.

    Output i sees pixels i·stride + offset to i·stride + offset + size - 1. A negative offset is padding.
    `stride` is 0 where all outputs see the same, and may be a Fraction after up-sampling. There outputs
    differ: `size` is the largest, `offset` that of output 0, and `at` tells the pixels of each. All are None
    for a layer that sees nothing of the input, `offset` also when output 0 alone sees nothing.
    """

    name: str
    kind: str
    shape: tuple
    size: tuple | None
    stride: tuple | None
    offset: tuple | None
    formula: str = ""
    axes: tuple | None = field(default=None, repr=False)

    @property
    def offset_words(self):
        """The offset as the table shows it."""
        return None if self.offset is None else f"({', '.join(map(str, self.offset))})"

    def at(self, position):
        """Return for each axis the (first, last) pixel that the output at `position` sees; None where none.

        >>> from coursekit.specs import Conv, Input
        >>> table((Input((9, 9, 1)), Conv(1, kernel=(3, 5), stride=2)))[-1].at((1, 0))
        ((2, 4), (0, 4))
        """
        if self.axes is None:
            return None
        if not isinstance(position, (tuple, list)) or len(position) != len(self.axes):
            raise ValueError(f"position must have {len(self.axes)} indices. Received: {position!r}")
        indices = (arguments.integer("position", index) for index in position)
        ends = (axis.at(index) for axis, index in zip(self.axes, indices))
        return tuple((first, last) if first <= last else None for first, last in ends)


class FieldTable(Table):
    """The rows of all layers; see `table`."""

    def __init__(self, rows, entrance):
        summary = (
            f"Output i sees as many pixels of {entrance.name} as the field has, from i·stride + offset on; "
            "negative ones are padding. Stride 0: all outputs see the same."
        )
        if any(len(axis.lows) > 1 for row in rows for axis in row.axes or ()):
            summary += " After up-sampling outputs differ: the size is the largest, the offset that of output 0."
        super().__init__("Receptive fields", _COLUMNS, rows, summary)


def table(network, input_shape=None, input_name=None):
    """Return a `FieldTable`: the receptive field of every layer of a network, in pixels of its input.

    `network`: a tuple of layer specs, or any built Keras 3 model. `input_shape`: (…, channels) without the
    batch; needed when the network leaves it open. `input_name`: which input is meant, when it has several.
    The fields are the theoretical ones: they may reach beyond the border. Layers that look at the whole
    picture (flatten, dense, global pooling, group normalisation) have as field the part of it that they see.
    Raises `specs.LayerError`, with the layer and the reason, when a field has no single size and stride.

    >>> from coursekit.specs import Conv, Input
    >>> fields = table((Input((32, 32, 3)), Conv(8, kernel=3), Conv(8, kernel=3), Conv(8, kernel=3)))
    >>> fields["conv3"].size, fields["conv3"].formula
    ((7, 7), '5 + (3 − 1)·1 = 7')
    """
    nodes = specs.trace(network, input_shape)
    entrance = entrance_of(nodes, input_name)
    pixels = entrance.shape[:-1]
    fields = []
    for node in nodes:
        fields.append(_field(node, nodes, fields, entrance, pixels))
    return FieldTable([_row(node, axes, fields) for node, axes in zip(nodes, fields)], entrance)


def entrance_of(nodes, input_name):
    """Return the `Input` node whose pixels are meant; raises ValueError when that is not clear."""
    inputs = [node for node in nodes if isinstance(node.layer, specs.Input)]
    if input_name is None and len(inputs) > 1:
        listed = ", ".join(repr(node.name) for node in inputs)
        raise ValueError(f"input_name must be one of {listed}, the inputs of the network. Received: None")
    name = inputs[0].name if input_name is None else input_name
    arguments.choice("input_name", name, [node.name for node in inputs])
    entrance = next(node for node in inputs if node.name == name)
    if len(entrance.shape) < 2:
        raise entrance.cannot(f"a receptive field needs spatial axes, and its shape is {entrance.shape}")
    return entrance


def _field(node, nodes, fields, entrance, pixels):
    """Return the `Axis` of each spatial axis of the input, or None when the node sees nothing of it."""
    if node is entrance:
        return (Axis((0,), (0,), 1),) * len(pixels)
    known = [(nodes[source], fields[source]) for source in node.sources if fields[source] is not None]
    if not known:
        return None
    places = looks(node)
    result = None
    for source, axes in known:
        passed = _through(axes, places, source, node, pixels)
        result = passed if result is None else _united(result, passed, node, pixels)
    return result


def _through(axes, places, source, node, pixels):
    """Return the field of a node that looks at the `places` of a source with these `axes`."""
    if _fixed(axes):  # all outputs see the same already, and so does whatever is made of them
        return axes
    sizes = source.shape[:-1]
    if places is EVERYTHING:
        return tuple(axis.whole(*counts) for axis, *counts in zip(axes, sizes, pixels))
    if places is SAME_PLACE:
        if len(source.shape) != len(node.shape):
            raise node.cannot(f"its input {source.shape} and its output {node.shape} differ in their spatial axes")
        repeated = zip(axes, sizes, node.shape[:-1], pixels)
        return tuple(axis if size == new else axis.whole(1, all_) for axis, size, new, all_ in repeated)
    return tuple(axis.through(look) for axis, look in zip(axes, places))


def _fixed(axes):
    return all(axis.shift == 0 for axis in axes)


def _united(one, two, node, pixels):
    """Return the union of two fields, axis by axis."""
    outputs = node.shape[:-1] or pixels
    return tuple(_united_axis(node, *axes) for axes in zip(one, two, outputs, pixels))


def _united_axis(node, one, two, outputs, pixels):
    if one.stride == two.stride:
        return one.united(two)
    if outputs == 1:  # with a single output the stride says nothing
        return one.whole(1, pixels).united(two.whole(1, pixels))
    for fixed, moving in ((one, two), (two, one)):
        inside = moving.whole(outputs, pixels)
        if fixed.shift == 0 and fixed.lows[0] <= inside.lows[0] and inside.highs[0] <= fixed.highs[0]:
            return fixed
    raise node.cannot(
        f"its branches move over the input by {one.stride} and {two.stride} pixels per output, so its "
        "receptive field has no single stride; receptive_field.seen gives the pixels that one output sees"
    )


def _row(node, axes, fields):
    if axes is None:
        return Row(node.name, node.kind, node.shape, None, None, None)
    starts = tuple(axis.at(0)[0] for axis in axes)
    return Row(
        name=node.name,
        kind=node.kind,
        shape=node.shape,
        size=tuple(axis.size for axis in axes),
        stride=tuple(_whole_number(axis.stride) for axis in axes),
        offset=starts if all(map(isfinite, starts)) else None,
        formula=_formula(node, axes, fields),
        axes=axes,
    )


def _whole_number(stride):
    return int(stride) if stride.denominator == 1 else stride


def _formula(node, axes, fields):
    """Return how the size came about, where one sum says it: a window over evenly stepping fields."""
    kernel = getattr(node.layer, "size" if isinstance(node.layer, specs.Pool) else "kernel", None)
    if kernel is None or isinstance(node.layer, specs.ConvTranspose) or _fixed(axes):
        return ""
    before = fields[node.sources[0]]
    dilations = along(getattr(node.layer, "dilation", 1), len(axes))
    sums = []
    for axis, old, size, dilation in zip(axes, before, along(kernel, len(axes)), dilations):
        if len(old.lows) > 1:
            return ""
        span = shapes.effective_kernel(size, dilation)
        sums.append(f"{old.size} + ({span} − 1)·{old.stride} = {axis.size}")
    return sums[0] if len(set(sums)) == 1 else "; ".join(sums)
