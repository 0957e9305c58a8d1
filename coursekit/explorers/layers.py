"""Layers as a trait: a list of dicts in the words of the lectures, which are specs in another form."""

import traitlets

from coursekit import arguments, specs

SPECS = {
    "convolution": (specs.Conv, {}),
    "max pooling": (specs.Pool, {"kind": "max"}),
    "average pooling": (specs.Pool, {"kind": "average"}),
    "flatten": (specs.Flatten, {}),
    "dense": (specs.Dense, {}),
    "global average pooling": (specs.GlobalPool, {"kind": "average"}),
    "global max pooling": (specs.GlobalPool, {"kind": "max"}),
}
ACTIVATIONS = [None, "relu", "tanh", "sigmoid", "softmax"]


def whole(usual, least, largest):
    """Return the rule for a setting that is a whole number."""
    return {"usual": usual, "least": least, "largest": largest}


class Layers(traitlets.TraitType):
    """A trait that holds the layers of a network as a list of dicts, such as {"kind": "dense", "units": 10}.

    `kinds` says which kinds there may be and which settings each has: `whole` numbers, or a list of choices,
    the usual one first. The usual stride of pooling is its size. A layer may have a "name". Whoever sets the
    trait may give specs, too: an Input is passed over, and so is what `kinds` has no setting for. Raises
    TraitError, which names the layer and its setting. Assign a new list: an edit in place does not reach the
    browser.
    """

    def __init__(self, kinds, most, **settings):
        super().__init__([], **settings)
        self.kinds, self.most = kinds, most
        self.tag(sync=True)

    def validate(self, owner, value):
        name = self.name or "layers"
        try:
            if not isinstance(value, (list, tuple)):
                raise TypeError(f"{name} must be a list of dicts or of layer specs. Received: {arguments.shown(value)}")
            given = [layer for layer in value if not isinstance(layer, specs.Input)]
            if len(given) > self.most:
                raise ValueError(f"{name} must be at most {self.most} layers. Received: {len(given)}")
            layers = [self._layer(f"{name}[{i}]", layer) for i, layer in enumerate(given)]
            names = [layer["name"] for layer in layers if "name" in layer]
            if len(set(names)) < len(names):
                raise ValueError(f"{name} must give each name once. Received: {', '.join(names)}")
            return layers
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(str(error)) from None

    def _layer(self, place, layer):
        """Return one layer as a complete dict; `place` is what messages call it."""
        if isinstance(layer, specs.Layer):
            return self._from_spec(place, layer)
        if not isinstance(layer, dict):
            raise TypeError(f"{place} must be a dict or a layer spec. Received: {arguments.shown(layer)}")
        kind = arguments.choice(f"{place}['kind']", layer.get("kind"), tuple(self.kinds))
        rules = self.kinds[kind]
        unknown = sorted(set(layer) - {"kind", "name", *rules})
        if unknown:
            raise ValueError(
                f"{place} must have the settings {', '.join(rules) or '(none)'}. "
                f"Received: {', '.join(map(repr, unknown))}"
            )
        settings = {key: _checked(f"{place}['{key}']", layer, key, rule) for key, rule in rules.items()}
        result = {"kind": kind} | settings
        if "size" in result:
            result["stride"] = result["stride"] or result["size"]
        return result | _named(place, layer.get("name"))

    def _from_spec(self, place, spec):
        for kind, rules in self.kinds.items():
            made, fixed = SPECS[kind]
            if type(spec) is made and all(getattr(spec, key) == value for key, value in fixed.items()):
                settings = {key: _scalar(getattr(spec, key)) for key in rules}
                result = self._layer(place, {"kind": kind, "name": spec.name} | settings)
                _check_rest(place, to_spec(result), spec, rules)
                return result
        raise ValueError(f"{place} must be one of {', '.join(self.kinds)}. Received: {type(spec).__name__}")


def to_spec(layer):
    """Return the spec of one layer that is given as a dict.

    >>> to_spec({"kind": "average pooling", "size": 2, "stride": 2}).kind
    'average'
    """
    made, fixed = SPECS[layer["kind"]]
    settings = {key: value for key, value in layer.items() if key != "kind"}
    if made is specs.Conv:
        settings.setdefault("filters", 1)  # an explorer of places, not of channels, has no such setting
    return made(**settings, **fixed)


def _checked(place, layer, key, rule):
    """Return the setting `key` of a layer, or the usual one, by its rule in `kinds`."""
    number = isinstance(rule, dict)
    value = layer.get(key, rule["usual"] if number else rule[0])
    if number and key in layer:
        return arguments.integer(place, value, rule["least"], rule["largest"])
    if not number and (type(value), value) not in [(type(option), option) for option in rule]:
        listed = ", ".join(map(repr, rule))
        raise ValueError(f"{place} must be one of {listed}. Received: {arguments.shown(value)}")
    return value


def _named(place, name):
    if name is None:
        return {}
    if not isinstance(name, str) or not name.isidentifier():  # it becomes a part of exported code
        raise ValueError(f"{place}['name'] must be letters, digits and underscores. Received: {arguments.shown(name)}")
    return {"name": name}


def _scalar(value):
    """Return a setting that is the same for all axes as one number."""
    return value[0] if isinstance(value, tuple) and value and set(value) == {value[0]} else value


def _check_rest(place, made, given, rules):
    """Raise when a spec says more than `made` of it, in a way that shapes and counts depend on."""
    for key in ("dilation", "groups", "inputs", "shares", "keepdims"):
        value, usual = _scalar(getattr(given, key, None)), getattr(made, key, None)
        if key not in rules and value != usual:
            raise ValueError(
                f"{place} must have {key}={usual!r} to be shown here. Received: {key}={arguments.shown(value)}"
            )
