"""Reads a built Keras 3 model, nested ones included, into specs. Keras itself is never imported.

What is used of Keras: every tensor of a model built from layers knows in `_keras_history` which operation
made it and at which call; the record of that call, in the operation's `_inbound_nodes`, knows the tensors it
was made from. Following these from the outputs to the inputs gives the network. `_inputs_struct` is the list or
dict of inputs that a functional model was made with.
"""

import re
from dataclasses import dataclass, replace
from math import prod

from coursekit import arguments
from coursekit.specs.base import LayerError
from coursekit.specs.from_keras import translate
from coursekit.specs.keras_code import is_keras, keras_class, replaced
from coursekit.specs.pointwise import Norm


@dataclass(frozen=True)
class Fact:
    """What Keras itself reports of a layer, to be compared with what is computed from its spec."""

    shape: tuple  # of its output, without the batch, None where open
    bytes_per_value: int
    trainable: int  # numbers in its weights; 0 when it uses those of an earlier layer
    frozen: int
    partly: bool  # whether only some of the weights that training could change are frozen


def is_model(network):
    """Return whether `network` is a Keras model.

    >>> is_model(())
    False
    """
    return any(cls.__name__ == "Model" and is_keras(cls) for cls in type(network).__mro__)


def from_keras(model):
    """Return the tuple of specs that describes a built Keras 3 model, layers of nested models included.

    Settings that change no shape, no count and no receptive field (initial weights, slopes, the rate of an
    average) are left out. A layer of a nested model is called "model/layer". Raises TypeError when `model` is
    no Keras model, ValueError when it is not built or hides its wiring, LayerError naming the first layer
    that has no spec, or of whose weights some are frozen and others not. A layer of a custom class is
    described by its attribute `spec`, if it has one.

    >>> from_keras("vgg16")
    Traceback (most recent call last):
    ...
    TypeError: model must be a Keras model. Received: 'vgg16'
    """
    if not is_model(model):
        raise TypeError(f"model must be a Keras model. Received: {arguments.shown(model)}")
    layers, facts = read(model)
    for name, fact in facts.items():
        if fact.partly:
            raise LayerError(
                f"layer {name!r}: only some of its weights are frozen, and a spec freezes a layer or does not; "
                "the functions of this course read the model itself"
            )
    return layers


def read(model):
    """Return the specs of a Keras model and a dict from layer names to `Fact`s."""
    reader = _Reader({id(weight) for weight in model.trainable_weights})
    outputs = outputs_of(model)  # says why where there are none
    reader.walk([*model.inputs, *outputs], {})
    held = sum(fact.trainable + fact.frozen for fact in reader.facts.values())
    if held != model.count_params():
        raise ValueError(
            f"network must keep all its weights in layers of its own. Received: model {model.name!r} with "
            f"{model.count_params():,} parameters, of which its layers hold {held:,}"
        )
    return tuple(reader.specs), reader.facts


def outputs_of(model):
    """Return the symbolic outputs of a model as a list, or say why it has none."""
    try:
        tensors = getattr(model, "outputs", None)
    except ValueError:  # what the oldest versions raise for a Sequential model that is not built
        tensors = None
    if tensors is None and any(cls.__name__ == "Sequential" for cls in type(model).__mro__):
        raise ValueError(f"network must be built: give model {model.name!r} an Input, or call its build")
    own = replaced(model)
    if tensors is None or own or keras_class(model).__name__ == "Model":
        raise ValueError(
            f"network must be a Sequential or functional model: the wiring of {model.name!r} "
            f"({type(model).__name__}) is hidden in its {', '.join(own) or 'call'} method"
        )
    return list(tensors)


def given_to(model, record):
    """Return the tensors that one call of a model feeds into `model.inputs`, in the order of these.

    They are matched as Keras matches them when it computes: by the names of the inputs where a dict meets a
    model of a tensor or a list, else by structure. Raises LayerError where Keras would have to guess.
    """
    call_arguments = record.arguments
    given = call_arguments.args[0] if call_arguments.args else call_arguments.kwargs.get("inputs")
    wanted = getattr(model, "_inputs_struct", model.inputs)
    if isinstance(given, dict) and not isinstance(wanted, dict):
        pairs = [(tensor, given.get(tensor.name)) for tensor in model.inputs]
    else:
        if isinstance(wanted, dict) and isinstance(given, (list, tuple)) and list(wanted) == sorted(wanted):
            given = dict(zip(wanted, given)) if len(given) == len(wanted) else given
        found, places = dict(_leaves(given)), dict(_leaves(wanted))
        if len(found) == len(places) == 1:
            found = dict(zip(places, found.values()))
        pairs = [(tensor, found.get(place)) for place, tensor in places.items()] if set(found) == set(places) else []
    if not pairs or any(len(getattr(source, "shape", ())) != len(tensor.shape) for tensor, source in pairs):
        names = ", ".join(repr(tensor.name) for tensor in model.inputs)
        raise LayerError(
            f"layer {model.name!r} ({type(model).__name__}): what it is called with does not match its inputs "
            f"{names} in structure, names and number of axes"
        )
    sources = {id(tensor): source for tensor, source in pairs}
    return [sources[id(tensor)] for tensor in model.inputs]


def _arguments(record):
    """Return all values, tensors among them, that a call was made with."""
    return [leaf for _, leaf in _leaves([record.arguments.args, record.arguments.kwargs])]


def _leaves(structure, place=()):
    """Yield (place, leaf) of nested lists, tuples and dicts; lists and tuples are alike."""
    if isinstance(structure, dict):
        parts = structure.items()
    elif isinstance(structure, (list, tuple)):
        parts = enumerate(structure)
    else:
        yield place, structure
        return
    for key, part in parts:
        yield from _leaves(part, (*place, key))


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
    """Collects specs while walking the graph; `learned` are the ids of the weights that training changes."""

    def __init__(self, learned):
        self.learned = learned
        self.specs, self.facts = [], {}
        self.owners = {}  # id of a Keras layer with weights -> name of its first use
        self.names = set()

    def walk(self, tensors, known, prefix="", training=None):
        """Add all layers between `known` tensors (id -> name) and `tensors`; return the names of the latter."""
        for record in calls(tensors, known):
            known.update(self._outputs(record, known, prefix, training))
        return [known[id(tensor)] for tensor in tensors]

    def _outputs(self, record, known, prefix, training):
        """Return {id of output tensor: layer name} of one call, having added what was called."""
        operation, name = record.operation, self._free_name(prefix + record.operation.name)
        if training is None:  # what a model is called with goes before what the layers inside it are called with
            training = record.arguments.kwargs.get("training")
        kind = type(operation).__name__
        if any(id(leaf) not in known and getattr(leaf, "shape", ()) for leaf in _arguments(record)):
            raise LayerError(f"layer {name!r} ({kind}): it reads an array that no layer of the network makes")
        if is_model(operation):
            sources = given_to(operation, record)
            inside = {id(inner): known[id(outer)] for inner, outer in zip(operation.inputs, sources)}
            names = self.walk(outputs_of(operation), inside, f"{name}/", training)
            return dict(zip(map(id, record.output_tensors), names))
        if len(record.output_tensors) != 1:
            raise LayerError(f"layer {name!r} ({kind}): it has {len(record.output_tensors)} outputs, not one")
        self._add(operation, record, name, [known[id(source)] for source in record.input_tensors], training)
        return {id(record.output_tensors[0]): name}

    def _free_name(self, name):
        """Return `name`, or "name:2" and so on where a layer is used again."""
        times, free = 1, name
        while free in self.names:
            times += 1
            free = f"{name}:{times}"
        self.names.add(free)
        return free

    def _add(self, operation, record, name, sources, training):
        tensor = record.output_tensors[0]
        spec = replace(translate(operation, record, name, training), name=name, inputs=None, shares=None)
        if sources and sources != [self.specs[-1].name]:
            spec = replace(spec, inputs=tuple(sources))
        trainable = fixed = 0
        partly = False
        weights = getattr(operation, "weights", None)
        if weights:
            learned = [weight for weight in weights if id(weight) in self.learned]
            could = [weight for weight in weights if not _is_statistic(weight, spec, operation)]
            partly = 0 < len(learned) < len(could)
            spec = replace(spec, shares=self.owners.get(id(operation)), trainable=bool(learned) or not could)
            if self.owners.setdefault(id(operation), name) == name:
                trainable = _numbers(learned)
                fixed = _numbers(weights) - trainable
        self.specs.append(spec)
        self.facts[name] = Fact(tuple(tensor.shape[1:]), _bytes(tensor.dtype), trainable, fixed, partly)


def _is_statistic(weight, spec, operation):
    """Return whether a weight is measured and never learned, as the running mean of a batch normalisation."""
    learns = (getattr(operation, "gamma", None), getattr(operation, "beta", None))
    return isinstance(spec, Norm) and spec.kind in ("batch", "dataset") and not any(weight is own for own in learns)


def _numbers(weights):
    return sum(prod(weight.shape) for weight in weights)


def _bytes(dtype):
    """Return the bytes of one number of a dtype name such as "bfloat16"; a truth value takes one."""
    bits = re.search(r"\d+$", str(dtype))
    return int(bits.group()) // 8 if bits else 1
