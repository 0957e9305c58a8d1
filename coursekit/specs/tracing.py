"""A network laid out: every layer with its name, where it reads from, and the shapes that meet it."""

from collections import Counter
from dataclasses import dataclass

from coursekit import arguments
from coursekit.specs import keras_graph
from coursekit.specs.base import Layer, LayerError
from coursekit.specs.sizes import output_shape
from coursekit.specs.structure import Concatenate, Input, Merge
from coursekit.specs.words import words

FLOAT32 = 4  # bytes


@dataclass(frozen=True)
class Node:
    """A layer in its place. Shapes are without the batch, channels last.

    `sources` are the positions (in the tuple that `trace` returns) of the layers it reads; `original` is the
    position of the layer whose weights it uses again, or None; `fact` is what Keras reports, or None.
    """

    layer: Layer
    name: str
    sources: tuple
    input_shapes: tuple
    shape: tuple
    original: int | None = None
    fact: object = None

    @property
    def kind(self):
        """The layer in words."""
        return words(self.layer, len((self.input_shapes or (self.shape,))[0]) - 1)

    @property
    def bytes_per_value(self):
        """How many bytes one number takes in its output: 4 for float32."""
        return self.fact.bytes_per_value if self.fact else FLOAT32

    def cannot(self, reason):
        """Return the error to raise when `reason` keeps this layer from being counted."""
        return LayerError(f"layer {self.name!r} ({self.kind}): {reason}")


def trace(network, input_shape=None):
    """Return a tuple of `Node`s, one for each layer, in an order in which each comes after all it reads.

    `network`: a tuple of layer specs, or any built Keras 3 model (read by `specs.from_keras`).
    `input_shape`: (…, channels) without the batch. It is needed when the network states none or leaves sizes
    open, and otherwise replaces what the network states; for several inputs a dict from name to shape.
    Raises TypeError for anything but a network, LayerError when a layer does not fit where it stands.

    >>> from coursekit.specs import Conv, Flatten
    >>> [node.shape for node in trace((Conv(8, kernel=5), Flatten()), input_shape=(28, 28, 1))]
    [(28, 28, 1), (24, 24, 8), (4608,)]
    """
    facts = {}
    if keras_graph.is_model(network):
        network, facts = keras_graph.read(network)
    layers = _with_inputs(_checked(network), input_shape)
    names = _names(layers)
    nodes = []
    for layer, name in zip(layers, names):
        nodes.append(_node(layer, name, names[: len(nodes)], nodes, facts.get(name), names))
    _compare_shapes(nodes)
    return tuple(nodes)


def _checked(network):
    if not isinstance(network, (tuple, list)):
        expected = "a tuple of layer specs or a built Keras model"
        raise TypeError(f"network must be {expected}. Received: {arguments.shown(network)}")
    for layer in network:
        if not isinstance(layer, Layer):
            raise TypeError(f"network must hold layer specs only. Received: {arguments.shown(layer)}")
    if not network:
        raise ValueError("network must have at least one layer. Received: an empty tuple")
    return tuple(network)


def _with_inputs(layers, input_shape):
    """Return the layers with an `Input` in front and every input's shape known."""
    if not isinstance(layers[0], Input):
        if input_shape is None or isinstance(input_shape, dict):
            raise ValueError(
                "input_shape must be a shape such as (28, 28, 1), because the network does not begin with an "
                f"Input. Received: {input_shape!r}"
            )
        layers = (Input(input_shape), *layers)
    found = [layer for layer in layers if isinstance(layer, Input)]
    if input_shape is not None and not isinstance(input_shape, dict):
        if len(found) > 1:
            listed = ", ".join(repr(layer.name) for layer in found)
            raise ValueError(f"input_shape must be a dict with a shape for each of the inputs {listed}")
        input_shape = {found[0].name: input_shape}
    unknown = set(input_shape or {}) - {layer.name for layer in found}
    if unknown:
        raise ValueError(f"input_shape must name inputs of the network. Received: {sorted(unknown, key=str)}")
    return tuple(_sized(layer, input_shape) if isinstance(layer, Input) else layer for layer in layers)


def _sized(layer, input_shape):
    """Return an `Input` whose shape has no open sizes."""
    shape = (input_shape or {}).get(layer.name, layer.shape)
    result = Input(shape, name=layer.name)  # checks it
    if len(result.shape) != len(layer.shape):
        raise ValueError(f"input_shape must have {len(layer.shape)} entries like {layer.shape}. Received: {shape!r}")
    if None in result.shape:
        raise ValueError(
            f"input_shape must say the sizes that the input {layer.name!r} leaves open. Received: {shape!r}"
        )
    return result


def _names(layers):
    """Return one name per layer; those without one are called after their kind and numbered."""
    given = Counter(layer.name for layer in layers if layer.name is not None)
    twice = [name for name, times in given.items() if times > 1]
    if twice:
        raise ValueError(f"network must give each name once. Received twice: {', '.join(map(repr, twice))}")
    names, numbers = [], Counter()
    for layer in layers:
        name = layer.name
        while name is None:
            kind = type(layer).__name__.lower()
            numbers[kind] += 1
            name = None if f"{kind}{numbers[kind]}" in given else f"{kind}{numbers[kind]}"
        names.append(name)
    return names


def _node(layer, name, earlier, nodes, fact, names):
    """Return the layer in its place, or raise LayerError when it does not fit there."""
    try:
        sources = _sources(layer, earlier, names)
        original = None if layer.shares is None else _position(layer.shares, "shares", earlier, names)
        if original is not None and type(nodes[original].layer) is not type(layer):
            raise ValueError(f"shares must name a layer of the same kind. Received: {layer.shares!r}")
        incoming = tuple(nodes[source].shape for source in sources)
        shape = layer.shape if isinstance(layer, Input) else output_shape(layer, *incoming)
        return Node(layer, name, sources, incoming, shape, original, fact)
    except ValueError as error:
        raise LayerError(f"layer {name!r} ({type(layer).__name__}): {error}") from None


def _sources(layer, earlier, names):
    if isinstance(layer, Input):
        return ()
    if layer.inputs is None:
        sources = (len(earlier) - 1,)
    else:
        sources = tuple(_position(source, "inputs", earlier, names) for source in layer.inputs)
    merging = isinstance(layer, (Merge, Concatenate))
    if merging and len(sources) < 2:
        raise ValueError(f"inputs must name at least two earlier layers. Received: {layer.inputs!r}")
    if not merging and len(sources) > 1:
        raise ValueError(f"inputs must name one layer. Received: {layer.inputs!r}")
    return sources


def _position(source, argument, earlier, names):
    if source in earlier:
        return earlier.index(source)
    known = "it stands later" if source in names else f"these are {', '.join(earlier)}"
    raise ValueError(f"{argument} must name an earlier layer; {known}. Received: {source!r}")


def _compare_shapes(nodes):
    """Raise when Keras reports another shape than the one computed here: better no table than a wrong one.

    Where `input_shape` has replaced sizes that the model states, only the number of axes can be compared.
    """
    known = [(node, node.fact.shape) for node in nodes if node.fact]
    replaced = any(isinstance(node.layer, Input) and not _alike(stated, node.shape) for node, stated in known)
    for node, stated in known:
        if len(stated) != len(node.shape) or not (replaced or _alike(stated, node.shape)):
            raise node.cannot(f"Keras reports the shape {stated}, but {node.shape} was computed for it")


def _alike(stated, shape):
    """Return whether a shape is one that Keras states, in which None is any size."""
    return all(one in (None, size) for one, size in zip(stated, shape))
