"""What all layer specs share: the base class, its error, and checks of settings given per axis."""

from dataclasses import dataclass, field

import numpy as np

from coursekit import arguments


class LayerError(ValueError):
    """A layer does not fit where it stands, or cannot be counted; the message begins with its name."""


@dataclass(frozen=True)
class Layer:
    """One layer of a network, described and nothing else: no weights, no framework.

    Every kind of layer adds its own settings to these four, which are given by keyword:

    - `name`: how other layers and tables call it; None means the kind and a running number, "conv1";
    - `inputs`: the names of the earlier layers it reads (one may be given as a plain string); None means
      the layer just before it. This is how branches and skip connections are written;
    - `shares`: the name of an earlier layer of the same kind whose weights it uses again, or None;
    - `trainable`: False for a layer whose weights are frozen.
    """

    name: str | None = field(default=None, kw_only=True)
    inputs: tuple[str, ...] | None = field(default=None, kw_only=True)
    shares: str | None = field(default=None, kw_only=True)
    trainable: bool = field(default=True, kw_only=True)

    def __post_init__(self):
        _optional_name("name", self.name)
        _optional_name("shares", self.shares)
        self._set("trainable", flag("trainable", self.trainable))
        if isinstance(self.inputs, str):
            self._set("inputs", (self.inputs,))
        elif self.inputs is not None:
            if not isinstance(self.inputs, (tuple, list)) or not self.inputs:
                raise TypeError(f"inputs must be a name or a tuple of names. Received: {self.inputs!r}")
            for name in self.inputs:
                _optional_name("inputs", name, optional=False)
            self._set("inputs", tuple(self.inputs))

    def _set(self, name, value):
        """Store a checked value: a frozen dataclass allows it in no other way."""
        object.__setattr__(self, name, value)


def flag(name, value):
    """Return `value` if it is True or False, or raise TypeError.

    >>> flag("bias", True)
    True
    """
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False. Received: {arguments.shown(value)}")
    return bool(value)


def per_axis(name, value, minimum):
    """Return `value` as an int, or as a tuple of one to three ints, one for each spatial axis.

    Raises TypeError for anything else, ValueError for numbers below `minimum` and more than three axes.

    >>> per_axis("kernel", [3, 5], minimum=1)
    (3, 5)
    >>> per_axis("kernel", 2.5, minimum=1)
    Traceback (most recent call last):
    ...
    TypeError: kernel must be an integer of at least 1, or a tuple with one for each axis. Received: 2.5
    """
    try:
        if not isinstance(value, (tuple, list)):
            return arguments.integer(name, value, minimum=minimum)
        return tuple(arguments.integer(name, entry, minimum=minimum) for entry in _one_to_three(name, value))
    except TypeError:
        expected = f"an integer of at least {minimum}, or a tuple with one for each axis"
        raise TypeError(f"{name} must be {expected}. Received: {arguments.shown(value)}") from None


def amounts_per_axis(name, value, words=""):
    """Return numbers of pixels to add or remove: an int, or for each axis an int or a pair (before, after).

    `words`, such as "'valid', ", begin the list of all that is allowed in the message of a TypeError.

    >>> amounts_per_axis("padding", ((0, 1), 2))
    ((0, 1), 2)
    """
    try:
        if not isinstance(value, (tuple, list)):
            return arguments.integer(name, value, minimum=0)
        return tuple(_amount(name, entry) for entry in _one_to_three(name, value))
    except TypeError:
        expected = f"{words}an integer, or a tuple with an integer or a pair (before, after) for each axis"
        raise TypeError(f"{name} must be {expected}. Received: {arguments.shown(value)}") from None


def _one_to_three(name, value):
    if not 1 <= len(value) <= 3:
        raise ValueError(f"{name} must have one entry for each of 1 to 3 axes. Received: {value!r}")
    return value


def along(value, rank):
    """Return `value` once per spatial axis: an int is repeated, a tuple must have `rank` entries.

    >>> along(3, rank=2), along((3, 5), rank=2)
    ((3, 3), (3, 5))
    """
    if not isinstance(value, tuple):
        return (value,) * rank
    if len(value) != rank:
        raise ValueError(f"its setting {value} is for {len(value)} spatial axes, but its input has {rank}")
    return value


def same_number_of_axes(layer, *names):
    """Raise ValueError when settings given per axis speak of different numbers of axes."""
    given = {name: getattr(layer, name) for name in names if isinstance(getattr(layer, name), tuple)}
    if len({len(value) for value in given.values()}) > 1:
        listed = ", ".join(f"{name}={value}" for name, value in given.items())
        raise ValueError(f"{' and '.join(given)} must have the same number of entries. Received: {listed}")


def _amount(name, entry):
    if isinstance(entry, (tuple, list)):
        if len(entry) != 2:
            raise ValueError(f"{name} must have pairs (before, after). Received: {entry!r}")
        return tuple(arguments.integer(name, amount, minimum=0) for amount in entry)
    return arguments.integer(name, entry, minimum=0)


def _optional_name(argument, value, optional=True):
    if value is None and optional:
        return
    if not isinstance(value, str) or not value:
        raise TypeError(f"{argument} must be a name (a string that is not empty). Received: {value!r}")
