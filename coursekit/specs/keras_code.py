"""Whether an object of Keras computes what its class says: by the identity of its code, never by a name alone.

Keras itself is never imported: whoever hands over one of its objects has imported it.
"""

import sys

from coursekit.specs.sliding import ACTIVATIONS

# Layers that may also serve as the activation of another; they hold no weights.
ACTIVATION_LAYERS = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "Softmax": "softmax"}
_REMEDY = "give it an attribute `spec`, the layer spec that describes it"
# What a subclass may replace and still compute the same.
_HARMLESS = {
    "__init__", "__new__", "__module__", "__dict__", "__weakref__", "__doc__", "__annotations__",
    "__annotate__", "__annotate_func__",
    "get_config", "from_config", "get_build_config", "build_from_config", "get_compile_config",
    "compile_from_config", "compute_output_shape", "compute_output_spec", "count_params", "summary",
    "save_own_variables", "load_own_variables", "quantize", "_auto_config", "_obj_type",
}  # fmt: skip


def is_keras(cls):
    """Return whether a class is one of Keras's own.

    >>> is_keras(int)
    False
    """
    module = cls.__module__
    return module.split(".")[0] == "keras" and getattr(sys.modules.get(module), cls.__name__, None) is cls


def keras_class(operation):
    """Return the first class of Keras among those that an object inherits from, or None.

    >>> keras_class(3) is None
    True
    """
    return next((cls for cls in type(operation).__mro__ if is_keras(cls)), None)


def replaced(operation):
    """Return the sorted names of Keras's methods that an object's class, or the object itself, replaces.

    Whatever these do instead, nothing tells; without any, the object computes what its `keras_class` computes.
    How a model trains is not asked, and what saves, prints or states a shape computes no values.

    >>> replaced(3)
    []
    """
    cls, base = type(operation), keras_class(operation)
    if base is None:
        return []
    names = set() if cls is base else {name for name in dir(base) if _lookup(cls, name) is not _lookup(base, name)}
    names |= {name for name, value in vars(operation).items() if _hides_a_method(base, name, value)}
    return sorted(name for name in names - _HARMLESS if _computes(base, name) and _is_code(_lookup(base, name)))


def _lookup(cls, name):
    """Return what a class holds under a name, unbound, or None."""
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)


def _hides_a_method(base, name, value):
    """Return whether an attribute of an object takes the place of a method; Keras itself wraps `build`."""
    wrapped = getattr(value, "__wrapped__", value) if name == "build" else value
    methods = [vars(cls)[name] for cls in base.__mro__ if name in vars(cls)]
    return callable(methods[0] if methods else None) and getattr(wrapped, "__func__", wrapped) not in methods


def _computes(base, name):
    """Return whether a method of a Keras class may have a part in what a call computes."""
    owner = next(cls for cls in base.__mro__ if name in vars(cls))
    return name == "__getattribute__" if owner is object else "trainer" not in owner.__module__


def _is_code(value):
    return callable(value) or hasattr(value, "__get__")


def own_code(operation):
    """Return why nothing tells what an operation computes, or None when its code is Keras's own.

    >>> own_code(len)[:20]
    'it is a custom class'
    """
    kind = getattr(keras_class(operation), "__name__", "Layer")
    if kind in ("Layer", "Operation"):
        return f"it is a custom class, and nothing tells what it computes; {_REMEDY}"
    methods = replaced(operation)
    if methods:
        return f"it replaces {', '.join(methods)} of Keras's {kind}, and nothing tells what it then computes; {_REMEDY}"
    return None


def activation(function, rank):
    """Return the name of an activation (of a tensor of `rank` axes): a function or a layer.

    A function that is not one of Keras's or TensorFlow's own is "custom", whatever its name; so is one of
    theirs with some arguments filled in. Raises ValueError for a layer that looks at more than the channels
    of a place, that learns, or that is not Keras's.

    >>> activation(abs, rank=4)
    'custom'
    """
    if function is None:
        return None
    base = keras_class(function)
    if base is None:
        return next((name for name in ACTIVATIONS for shelf in _shelves() if _get(shelf, name) is function), "custom")
    axis = getattr(function, "axis", -1)
    if not over_channels(axis, rank):
        raise ValueError(f"its axis is {axis!r}; only activations over the channels have a spec")
    if base.__name__ not in ACTIVATION_LAYERS or replaced(function):
        raise ValueError(f"its activation is a layer of the class {type(function).__name__}, which has no spec as such")
    return ACTIVATION_LAYERS[base.__name__]


def reshaping(function, tensor):
    """Return why an activation does not keep the shape of a symbolic tensor, or None.

    Keras takes it for granted that an activation does, and states the shape before it; a custom one, or Keras's
    "glu", is tried here. What cannot be tried without numbers is left to the network itself.

    >>> reshaping(None, None)
    """
    if function is None or keras_class(function) or activation(function, len(tensor.shape)) != "custom":
        return None
    try:
        made = sys.modules["keras"].layers.Lambda(function).compute_output_spec(tensor)
    except Exception:  # whatever a custom function does
        return None
    if getattr(made, "shape", tensor.shape) == tensor.shape:
        return None
    return f"its activation makes the shape {made.shape[1:]} of {tensor.shape[1:]}, and Keras itself states the latter"


def _shelves():
    """Return the modules that hold well-known activation functions, as far as they are imported."""
    return (
        sys.modules.get("keras.activations"),
        sys.modules.get("keras.ops"),
        _get(sys.modules.get("tensorflow"), "nn"),
    )


def _get(module, name):
    return getattr(module, name, None)


def over_channels(axis, rank):
    """Return whether an axis setting of Keras means the channels of a tensor of `rank` axes, the batch included.

    >>> over_channels(-1, 4), over_channels((3,), 4), over_channels((1, 2), 4)
    (True, True, False)
    """
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    return axes in ((-1,), (rank - 1,))
