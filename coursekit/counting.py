"""Parameters, multiply-adds and memory of a network, layer by layer, with the formula in words.

What is counted, for one picture:

- parameters: all numbers that the layer keeps, those learned by gradient descent and those not (frozen
  layers; the running mean and variance of a batch normalisation);
- multiply-adds: one for each product with a learned kernel or matrix that is added to a sum, as papers count
  them (He et al., 2016, call them FLOPs). Products with padded zeros are counted, because they are computed.
  Activations, pooling, normalisation and the addition of biases are not;
- memory: the bytes of the layer's output. Flatten and reshape give the same numbers in another shape: 0.
"""

from dataclasses import dataclass
from functools import singledispatch
from math import prod

from coursekit import arguments, specs
from coursekit.specs.base import along
from coursekit.tables import Column, Table

__all__ = ["CountTable", "Row", "multiply_adds", "table", "weights"]

_COLUMNS = (
    Column("layer", "name"),
    Column("kind", "kind"),
    Column("output shape", "shape", right=True),
    Column("parameters", "formula", right=True),
    Column("multiply-adds", "multiply_adds", right=True),
    Column("memory (bytes)", "memory", right=True),
)


@dataclass(frozen=True)
class Row:
    """One layer, counted: `formula` ends in "= parameters"; `memory` is in bytes for one picture."""

    name: str
    kind: str
    shape: tuple
    trainable: int
    non_trainable: int
    formula: str
    multiply_adds: int
    memory: int

    @property
    def parameters(self):
        """All numbers that the layer keeps."""
        return self.trainable + self.non_trainable


class CountTable(Table):
    """The rows of all layers and their totals, for one picture; see `table`."""

    def __init__(self, rows):
        rows = list(rows)
        self.trainable = sum(row.trainable for row in rows)
        self.non_trainable = sum(row.non_trainable for row in rows)
        self.parameters = self.trainable + self.non_trainable
        self.multiply_adds = sum(row.multiply_adds for row in rows)
        self.memory = sum(row.memory for row in rows)
        summary = (
            f"{self.parameters:,} parameters ({self.trainable:,} trainable, {self.non_trainable:,} not); "
            f"{self.multiply_adds:,} multiply-adds and {self.memory:,} bytes of activations for one picture"
        )
        super().__init__("Parameters, multiply-adds and memory", _COLUMNS, rows, summary)


def table(network, input_shape=None, bytes_per_value=None):
    """Return a `CountTable`: what every layer of a network keeps and computes, and the totals.

    `network`: a tuple of layer specs, or any built Keras 3 model. `input_shape`: (…, channels) without the
    batch, in pixels; needed when the network leaves it open. `bytes_per_value`: of one number in memory; by
    default what a Keras model says of itself, and 4 (float32) for specs.
    The table prints itself; it has `parameters`, `trainable`, `non_trainable`, `multiply_adds`, `memory` and
    the list `rows`. Raises `specs.LayerError`, with the layer and the reason, for what cannot be counted.

    >>> from coursekit.specs import Conv, Dense, Flatten, Input, Pool
    >>> counts = table((Input((128, 128, 1)), Conv(32, kernel=5), Pool(4), Flatten(), Dense(2)))
    >>> counts["conv1"].formula, counts.parameters
    ('(5·5·1 + 1)·32 = 832', 62338)
    """
    if bytes_per_value is not None:
        bytes_per_value = arguments.integer("bytes_per_value", bytes_per_value, minimum=1)
    nodes = specs.trace(network, input_shape)
    return CountTable(_row(node, nodes, bytes_per_value) for node in nodes)


def _row(node, nodes, bytes_per_value):
    learned, fixed, formula = _held(node, nodes)
    size = 0 if isinstance(node.layer, (specs.Flatten, specs.Reshape)) else prod(node.shape)
    return Row(
        name=node.name,
        kind=node.kind,
        shape=node.shape,
        trainable=learned,
        non_trainable=fixed,
        formula=formula,
        multiply_adds=multiply_adds(node.layer, node.shape, *node.input_shapes),
        memory=size * (bytes_per_value or node.bytes_per_value),
    )


def _held(node, nodes):
    """Return (trainable, non-trainable, formula) of the weights a layer keeps for itself."""
    terms = weights(node.layer, *node.input_shapes)
    total = sum(count for _, count, _ in terms)
    learned = sum(count for _, count, learns in terms if learns and node.layer.trainable)
    if node.original is not None:
        original = nodes[node.original]
        same = weights(original.layer, *original.input_shapes)
        if [count for _, count, _ in same] != [count for _, count, _ in terms]:
            raise node.cannot(f"it cannot share the weights of {original.name!r}, which have other shapes")
        return 0, 0, f"those of {original.name}"
    if node.fact:  # of each weight Keras knows whether it is frozen
        held, learned = node.fact.trainable + node.fact.frozen, node.fact.trainable
        if held != total:
            raise node.cannot(
                f"the formula gives {total:,} parameters for an input of shape {node.input_shapes[0]}, "
                f"but the layer holds {held:,}"
            )
    return learned, total - learned, f"{' + '.join(term for term, _, _ in terms)} = {total:,}" if terms else "0"


def _kernel(settings, shape, depth, outputs, bias):
    """Return (formula, count) of `outputs` kernels, each with `depth` (its formula and number) channels."""
    sizes = along(settings.kernel, len(shape) - 1)
    words, channels = depth
    inside = "·".join([*map(str, sizes), words] if words else map(str, sizes))
    count = (prod(sizes) * channels + bias) * outputs
    return (f"({inside} + 1)·{outputs}" if bias else f"{inside}·{outputs}"), count


@singledispatch
def weights(layer, *shapes):
    """Return the weights of a layer spec as a list of (formula, number, whether they are learned).

    `shapes` are those of its inputs, without the batch.

    >>> weights(specs.Conv(32, kernel=5), (128, 128, 1))
    [('(5·5·1 + 1)·32', 832, True)]
    """
    return []


@weights.register
def _(layer: specs.Conv, shape):
    words = f"{shape[-1]}/{layer.groups}" if layer.groups > 1 else str(shape[-1])
    return [(*_kernel(layer, shape, (words, shape[-1] // layer.groups), layer.filters, layer.bias), True)]


@weights.register
def _(layer: specs.ConvTranspose, shape):
    return [(*_kernel(layer, shape, (str(shape[-1]), shape[-1]), layer.filters, layer.bias), True)]


@weights.register
def _(layer: specs.DepthwiseConv, shape):
    return [(*_kernel(layer, shape, ("", 1), shape[-1] * layer.multiplier, layer.bias), True)]


@weights.register
def _(layer: specs.SeparableConv, shape):
    middle = shape[-1] * layer.multiplier
    depthwise = (*_kernel(layer, shape, ("", 1), middle, False), True)
    return [depthwise, _matrix(middle, layer.filters, layer.bias)]


@weights.register
def _(layer: specs.Dense, shape):
    return [_matrix(shape[-1], layer.units, layer.bias)]


def _matrix(inputs, outputs, bias):
    return (f"({inputs} + 1)·{outputs}" if bias else f"{inputs}·{outputs}"), (inputs + bias) * outputs, True


@weights.register
def _(layer: specs.PReLU, shape):
    sizes = [1 if axis in layer.shared_axes else size for axis, size in enumerate(shape, start=1)]
    return [("·".join(map(str, sizes)), prod(sizes), True)]


@weights.register
def _(layer: specs.Scale, shape):
    times = layer.center + layer.scale
    return [(f"{times}·{shape[-1]}", times * shape[-1], True)]


@weights.register
def _(layer: specs.Norm, shape):
    if layer.kind in ("unit", "local response"):
        return []
    sizes = [(None, *shape)[axis] for axis in layer.axes]  # axes are counted with the batch
    words, size = "·".join(map(str, sizes)) or "1", prod(sizes)
    if layer.kind == "dataset":  # mean and variance, and how many pictures they were measured on
        return [(f"2·{words} + 1", 2 * size + 1, False)]
    learned = layer.scale + (layer.center and layer.kind != "rms")
    terms = [(f"{learned}·{words}", learned * size, True)] if learned else []
    tracked = [(f"2·{words}", 2 * size, False)] if layer.kind == "batch" else []
    return terms + tracked


@singledispatch
def multiply_adds(layer, shape, *inputs):
    """Return how many products with learned kernels a layer spec needs for one picture.

    `shape` is that of its output, `inputs` those of what it reads, without the batch.

    >>> multiply_adds(specs.Conv(32, kernel=5), (124, 124, 32), (128, 128, 1))
    12300800
    """
    return 0


@multiply_adds.register
def _(layer: specs.Conv, shape, source):
    return prod(shape) * prod(along(layer.kernel, len(shape) - 1)) * (source[-1] // layer.groups)


@multiply_adds.register
def _(layer: specs.DepthwiseConv, shape, source):
    return prod(shape) * prod(along(layer.kernel, len(shape) - 1))


@multiply_adds.register
def _(layer: specs.SeparableConv, shape, source):
    middle = source[-1] * layer.multiplier
    return prod(shape[:-1]) * middle * (prod(along(layer.kernel, len(shape) - 1)) + layer.filters)


@multiply_adds.register
def _(layer: specs.ConvTranspose, shape, source):
    # Each input value stamps every kernel once, also where the stamp is then cut off at the border.
    return prod(source) * prod(along(layer.kernel, len(shape) - 1)) * layer.filters


@multiply_adds.register
def _(layer: specs.Dense, shape, source):
    return prod(shape) * source[-1]
