"""Specs of the layers that treat values where they stand: activations, normalisation, scaling, dropout."""

from dataclasses import dataclass
from math import isfinite
from numbers import Real

from coursekit import arguments
from coursekit.specs.base import Layer, flag
from coursekit.specs.sliding import ACTIVATIONS


@dataclass(frozen=True)
class Activation(Layer):
    """A fixed function of every value by itself (softmax: of all channels of a position).

    >>> Activation("relu").function
    'relu'
    """

    function: str

    def __post_init__(self):
        super().__post_init__()
        arguments.choice("function", self.function, ACTIVATIONS)


@dataclass(frozen=True)
class PReLU(Layer):
    """A ReLU whose slope below zero is learned, one for each value; shared along `shared_axes` (from 1).

    >>> PReLU(shared_axes=(1, 2)).shared_axes
    (1, 2)
    """

    shared_axes: tuple = ()

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.shared_axes, (tuple, list)):
            raise TypeError(f"shared_axes must be a tuple of axes. Received: {arguments.shown(self.shared_axes)}")
        axes = tuple(arguments.integer("shared_axes", axis, minimum=1) for axis in self.shared_axes)
        self._set("shared_axes", axes)


@dataclass(frozen=True)
class Norm(Layer):
    """A normalisation: "batch", "layer", "rms", "group", "instance", "unit", "local response" or "dataset".

    `center`, `scale`: whether a shift and a factor are learned. `axis`: the axis of the channels, or a tuple
    of those over which a "layer" norm averages (0 is the batch). `groups`: for "group".
    "dataset" subtracts the mean and divides by the deviation of the training pictures, measured beforehand.

    >>> Norm("group", groups=8).groups
    8
    """

    kind: str = "batch"
    groups: int = 32
    center: bool = True
    scale: bool = True
    axis: int | tuple | None = -1

    KINDS = ("batch", "layer", "rms", "group", "instance", "unit", "local response", "dataset")

    def __post_init__(self):
        super().__post_init__()
        arguments.choice("kind", self.kind, self.KINDS)
        self._set("groups", arguments.integer("groups", self.groups, minimum=1))
        self._set("center", flag("center", self.center))
        self._set("scale", flag("scale", self.scale))
        if isinstance(self.axis, (tuple, list)):
            self._set("axis", tuple(arguments.integer("axis", axis) for axis in self.axis))
        elif self.axis is not None:
            self._set("axis", arguments.integer("axis", self.axis))
        if 0 in self.axes:
            raise ValueError(f"axis must not be 0, the batch. Received: {self.axis!r}")
        if self.axis is None and self.kind != "dataset":
            raise ValueError(f"axis must be an axis or a tuple of axes for a {self.kind!r} norm. Received: None")

    @property
    def axes(self):
        """The axes of `axis` as a tuple."""
        return () if self.axis is None else self.axis if isinstance(self.axis, tuple) else (self.axis,)


@dataclass(frozen=True)
class Scale(Layer):
    """A factor and a shift for each channel, learned.

    >>> Scale(center=False).scale
    True
    """

    center: bool = True
    scale: bool = True

    def __post_init__(self):
        super().__post_init__()
        self._set("center", flag("center", self.center))
        self._set("scale", flag("scale", self.scale))


@dataclass(frozen=True)
class Rescale(Layer):
    """Every value times `factor` plus `offset`, both fixed: numbers, or one number per channel.

    >>> Rescale(factor=1 / 255).offset
    0.0
    """

    factor: float | tuple = 1.0
    offset: float | tuple = 0.0

    def __post_init__(self):
        super().__post_init__()
        for name in ("factor", "offset"):
            value = getattr(self, name)
            numbers = value if isinstance(value, (tuple, list)) else (value,)
            if not numbers or not all(isinstance(n, Real) and not isinstance(n, bool) for n in numbers):
                raise TypeError(f"{name} must be a number or a tuple of numbers. Received: {arguments.shown(value)}")
            if not all(map(isfinite, numbers)):
                raise ValueError(f"{name} must hold finite numbers only. Received: {arguments.shown(value)}")
            self._set(name, tuple(value) if isinstance(value, list) else value)


@dataclass(frozen=True)
class Dropout(Layer):
    """In training a fraction `rate` of the values set to zero; afterwards nothing.

    >>> Dropout(0.5).rate
    0.5
    """

    rate: float

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.rate, Real) or isinstance(self.rate, bool) or not 0 <= self.rate <= 1:
            raise ValueError(f"rate must be a number from 0 to 1. Received: {self.rate!r}")


@dataclass(frozen=True)
class TrainingOnly(Layer):
    """Something that acts in training alone, named by `what`, such as noise or random flips.

    >>> TrainingOnly("random flip").what
    'random flip'
    """

    what: str = "identity"

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.what, str):
            raise TypeError(f"what must be a string. Received: {self.what!r}")
