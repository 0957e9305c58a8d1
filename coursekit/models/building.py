"""Layer specs → a Keras model: the description that is counted and drawn becomes a network that computes."""

from dataclasses import replace

from coursekit import specs
from coursekit.models.backend import keras
from coursekit.models.to_keras import make


def build(network, input_shape=None):
    """Return a functional Keras model, with new random weights, of a network described in specs.

    `network`: a tuple of layer specs, or a built Keras model, whose structure is then built anew.
    `input_shape`: (…, channels) without the batch, where the network leaves it open, as in `specs.trace`.
    The layers keep their names, but Keras allows no "/": "model/layer" becomes "model_layer". A layer that
    `shares` the weights of another is that Keras layer, called again; what no layer reads is an output of the
    model. Padding in pixels, and "full", becomes a layer of zeros of its own, named "…_pad". Raises
    `specs.LayerError`, with the layer and the reason, for what Keras cannot do.

    >>> from coursekit import architectures
    >>> model = build(architectures.brain_classifier())
    >>> model.count_params(), [layer.name for layer in model.layers]
    (62338, ['input', 'conv1', 'pool1', 'flatten', 'dense'])
    """
    nodes = specs.trace(network, input_shape)
    taken = {node.name for node in nodes}
    tensors, made = [], []
    for node in nodes:
        chain = _chain(node, nodes, made, taken)
        made.append(chain)
        tensors.append(_connected(node, chain, [tensors[source] for source in node.sources]))
    read = {source for node in nodes for source in node.sources}
    inputs = [tensor for node, tensor in zip(nodes, tensors) if isinstance(node.layer, specs.Input)]
    unread = [
        number for number, node in enumerate(nodes) if number not in read and not isinstance(node.layer, specs.Input)
    ]
    outputs = [tensors[number] for number in unread] or inputs
    return keras.Model(*(several if len(several) > 1 else several[0] for several in (inputs, outputs)))


def _chain(node, nodes, made, taken):
    """Return the Keras layers, one after the other, that do what the node's spec says."""
    if isinstance(node.layer, specs.Input):
        return []
    if node.original is not None:
        original = nodes[node.original]
        if _settings(original.layer) != _settings(node.layer):
            raise node.cannot(f"it cannot be {original.name!r} called again, which has other settings")
        return made[node.original]
    rank = len(node.input_shapes[0]) - 1
    try:
        chain = make(replace(node.layer, name=_name(node, taken)), rank, node.input_shapes[0])
    except (ValueError, TypeError) as error:
        raise node.cannot(error) from None
    for part in chain:
        part.trainable = node.layer.trainable
    if len(chain) > 1:
        while chain[0].name in taken:
            chain[0].name += "_"
        taken.add(chain[0].name)
    return chain


def _name(node, taken):
    """Return the name of a node's Keras layer: its own, or one without "/" that no other has."""
    name = node.name.replace("/", "_")
    while name != node.name and name in taken:
        name += "_"
    taken.add(name)
    return name


def _settings(layer):
    """Return a spec without what says where it stands."""
    return replace(layer, name=None, inputs=None, shares=None, trainable=True)


def _connected(node, chain, sources):
    """Return the tensor that the layers of a node make, and prove its shape."""
    if isinstance(node.layer, specs.Input):
        return keras.Input(node.shape, name=node.name)
    tensor = sources if len(sources) > 1 else sources[0]
    for part in chain:
        try:
            tensor = part(tensor)
        except (ValueError, TypeError, NotImplementedError) as error:
            raise node.cannot(f"Keras refuses it: {error}") from None
    if tuple(tensor.shape[1:]) != node.shape:
        raise node.cannot(f"Keras makes the shape {tuple(tensor.shape[1:])} of it, not {node.shape}")
    return tensor
