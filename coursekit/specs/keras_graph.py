"""Reads a built Keras 3 model, nested ones included, into specs. Keras itself is never imported.

What is used of Keras: every tensor of a model built from layers knows in `_keras_history` which operation
made it and at which call; the record of that call, in the operation's `_inbound_nodes`, knows the tensors it
was made from. Following these from the outputs to the inputs gives the network.
"""

import re
from dataclasses import dataclass, replace
from math import prod

from coursekit import arguments
from coursekit.specs.base import LayerError
from coursekit.specs.keras_layers import translate


@dataclass(frozen=True)
class Fact:
    """What Keras itself reports of a layer, to be compared with what is computed from its spec."""

    shape: tuple  # of its output, without the batch, None where open
    bytes_per_value: int
    trainable: int  # numbers in its weights; 0 when it uses those of an earlier layer
    frozen: int


def is_model(network):
    """Return whether `network` looks like a Keras model.

    >>> is_model(())
    False
    """
    return hasattr(network, "layers") and hasattr(network, "count_params")


def from_keras(model):
    """Return the tuple of specs that describes a built Keras 3 model, layers of nested models included.

    Settings that change no shape, no count and no receptive field (initial weights, slopes, the rate of an
    average) are left out. A layer of a nested model is called "model/layer". Raises TypeError when `model` is
    no Keras model, ValueError when it is not built or hides its wiring, LayerError naming the first layer
    that has no spec. A layer of a class of one's own is described by its attribute `spec`, if it has one.

    >>> from_keras("vgg16")
    Traceback (most recent call last):
    ...
    TypeError: model must be a Keras model. Received: 'vgg16'
    """
    if not is_model(model):
        raise TypeError(f"model must be a Keras model. Received: {arguments.shown(model)}")
    return read(model)[0]


def read(model):
    """Return the specs of a Keras model and a dict from layer names to `Fact`s."""
    reader = _Reader()
    reader.walk(model, _tensors(model, "outputs"), {}, prefix="", frozen=False)
    held = sum(fact.trainable + fact.frozen for fact in reader.facts.values())
    if held != model.count_params():
        raise ValueError(
            f"network must keep all its weights in layers of its own. Received: model {model.name!r} with "
            f"{model.count_params():,} parameters, of which its layers hold {held:,}"
        )
    return tuple(reader.specs), reader.facts


def _tensors(model, which):
    """Return the symbolic inputs or outputs of a model as a list, or say why it has none."""
    try:
        tensors = getattr(model, which, None)
    except ValueError:  # what the oldest versions raise for a Sequential model that is not built
        tensors = None
    own_call = type(model).call.__module__.split(".")[0] != "keras"
    if tensors is None and any(cls.__name__ == "Sequential" for cls in type(model).__mro__):
        raise ValueError(f"network must be built: give model {model.name!r} an Input, or call its build")
    if tensors is None or own_call:
        raise ValueError(
            f"network must be a Sequential or functional model: the wiring of {model.name!r} "
            f"({type(model).__name__}) is hidden in its call method"
        )
    return list(_leaves(tensors))


def _leaves(structure):
    """Yield the tensors of nested lists, tuples and dicts (dicts by sorted key, as Keras orders them)."""
    if isinstance(structure, dict):
        structure = [structure[key] for key in sorted(structure)]
    if isinstance(structure, (list, tuple)):
        for part in structure:
            yield from _leaves(part)
    else:
        yield structure


def calls(tensors, known):
    """Yield the calls (Keras nodes) that lead from `known` tensors to `tensors`, each after those it needs.

    `known` holds ids; whoever iterates adds those of a call's outputs before asking for the next. Depth first
    with a stack of its own: networks are deeper than Python's recursion may be.
    """
    stack = list(reversed(tensors))
    while stack:
        if id(stack[-1]) in known:
            stack.pop()
            continue
        operation, call, _ = stack[-1]._keras_history
        record = operation._inbound_nodes[call]
        missing = [source for source in record.input_tensors if id(source) not in known]
        if missing:
            stack.extend(reversed(missing))
        else:
            yield record


class _Reader:
    """Collects specs while walking the graph."""

    def __init__(self):
        self.specs, self.facts = [], {}
        self.owners = {}  # id of a Keras layer with weights -> name of its first use
        self.names = set()

    def walk(self, model, tensors, known, prefix, frozen):
        """Add all layers between `known` tensors (id -> name) and `tensors`; return the names of the latter."""
        frozen = frozen or not model.trainable
        for record in calls(tensors, known):
            sources = [known[id(source)] for source in record.input_tensors]
            known.update(self._outputs(record.operation, record, sources, prefix, frozen))
        return [known[id(tensor)] for tensor in tensors]

    def _outputs(self, operation, record, sources, prefix, frozen):
        """Return {id of output tensor: layer name} of one call, having added what was called."""
        name = self._free_name(prefix + operation.name)
        if is_model(operation):
            inside = dict(zip(map(id, _tensors(operation, "inputs")), sources))
            names = self.walk(operation, _tensors(operation, "outputs"), inside, f"{name}/", frozen)
            return dict(zip(map(id, record.output_tensors), names))
        if len(record.output_tensors) != 1:
            kind = type(operation).__name__
            raise LayerError(f"layer {name!r} ({kind}): it has {len(record.output_tensors)} outputs, not one")
        self._add(operation, record, name, sources, frozen)
        return {id(record.output_tensors[0]): name}

    def _free_name(self, name):
        """Return `name`, or "name:2" and so on where a layer is used again."""
        times, free = 1, name
        while free in self.names:
            times += 1
            free = f"{name}:{times}"
        self.names.add(free)
        return free

    def _add(self, operation, record, name, sources, frozen):
        tensor = record.output_tensors[0]
        spec = replace(translate(operation, record, name), name=name, inputs=None, shares=None)
        if sources and sources != [self.specs[-1].name]:
            spec = replace(spec, inputs=tuple(sources))
        trainable = fixed = 0
        if getattr(operation, "weights", None):
            learns = operation.trainable and not frozen
            spec = replace(spec, shares=self.owners.get(id(operation)), trainable=learns)
            if self.owners.setdefault(id(operation), name) == name:
                every = _numbers(operation.weights)
                trainable = _numbers(operation.trainable_weights) if learns else 0
                fixed = every - trainable
        self.specs.append(spec)
        self.facts[name] = Fact(tuple(tensor.shape[1:]), _bytes(tensor.dtype), trainable, fixed)


def _numbers(weights):
    return sum(prod(weight.shape) for weight in weights)


def _bytes(dtype):
    """Return the bytes of one number of a dtype name such as "bfloat16"; a truth value takes one."""
    bits = re.search(r"\d+$", str(dtype))
    return int(bits.group()) // 8 if bits else 1
