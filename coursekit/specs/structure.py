"""Specs of the layers that join, reshape or mix whole pictures: input, dense, flatten, merging."""

from dataclasses import dataclass

from coursekit import arguments
from coursekit.specs.base import Layer, flag
from coursekit.specs.sliding import ACTIVATIONS


@dataclass(frozen=True)
class Input(Layer):
    """Where a picture enters: its shape without the batch, channels last; None where any size will do.

    >>> Input((28, 28, 1)).shape
    (28, 28, 1)
    """

    shape: tuple

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.shape, (tuple, list)) or not self.shape:
            raise TypeError(f"shape must be a tuple such as (28, 28, 1). Received: {self.shape!r}")
        sizes = (n if n is None else arguments.integer("shape", n, minimum=1) for n in self.shape)
        self._set("shape", tuple(sizes))


@dataclass(frozen=True)
class Dense(Layer):
    """`units` neurons that each read all channels of a position (of a vector: all of it), plus a bias.

    >>> Dense(10, activation="softmax").units
    10
    """

    units: int
    bias: bool = True
    activation: str | None = None

    def __post_init__(self):
        super().__post_init__()
        self._set("units", arguments.integer("units", self.units, minimum=1))
        self._set("bias", flag("bias", self.bias))
        if self.activation is not None:
            arguments.choice("activation", self.activation, ACTIVATIONS)


@dataclass(frozen=True)
class GlobalPool(Layer):
    """The average (or maximum) of each channel over the whole picture; `keepdims` keeps axes of one pixel.

    >>> GlobalPool().kind
    'average'
    """

    kind: str = "average"
    keepdims: bool = False

    def __post_init__(self):
        super().__post_init__()
        arguments.choice("kind", self.kind, ("max", "average"))
        self._set("keepdims", flag("keepdims", self.keepdims))


@dataclass(frozen=True)
class Flatten(Layer):
    """All values in one vector; nothing is computed.

    >>> Flatten().name is None
    True
    """


@dataclass(frozen=True)
class Reshape(Layer):
    """The same values in another shape (without the batch); one entry may be -1, "what is left".

    >>> Reshape((7, 7, -1)).shape
    (7, 7, -1)
    """

    shape: tuple

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.shape, (tuple, list)):
            raise TypeError(f"shape must be a tuple of integers. Received: {self.shape!r}")
        sizes = tuple(arguments.integer("shape", n, minimum=-1) for n in self.shape)
        if 0 in sizes or sizes.count(-1) > 1:
            raise ValueError(f"shape must have positive entries and at most one -1. Received: {self.shape!r}")
        self._set("shape", sizes)


@dataclass(frozen=True)
class Permute(Layer):
    """The axes in another order; counted from 1, as in Keras, because 0 is the batch.

    >>> Permute((2, 1, 3)).order
    (2, 1, 3)
    """

    order: tuple

    def __post_init__(self):
        super().__post_init__()
        given = self.order if isinstance(self.order, (tuple, list)) else ()
        order = tuple(arguments.integer("order", axis) for axis in given)
        if not order or sorted(order) != list(range(1, len(order) + 1)):
            raise ValueError(f"order must hold each axis 1, 2, … once. Received: {self.order!r}")
        self._set("order", order)


@dataclass(frozen=True)
class Merge(Layer):
    """What the merging layers share: value by value, of two or more inputs.

    Sizes of 1 are repeated, and so is an input with fewer axes: a vector meets the channels of every place.
    """


@dataclass(frozen=True)
class Add(Merge):
    """The sum of its inputs: the end of a skip connection.

    >>> Add(inputs=("conv2", "pool1")).inputs
    ('conv2', 'pool1')
    """


@dataclass(frozen=True)
class Subtract(Merge):
    """The first input minus the second."""


@dataclass(frozen=True)
class Multiply(Merge):
    """The product of its inputs, value by value."""


@dataclass(frozen=True)
class Average(Merge):
    """The mean of its inputs, value by value."""


@dataclass(frozen=True)
class Maximum(Merge):
    """The largest of its inputs, value by value."""


@dataclass(frozen=True)
class Minimum(Merge):
    """The smallest of its inputs, value by value."""


@dataclass(frozen=True)
class Concatenate(Layer):
    """Its inputs side by side along `axis`, by default the channels (0 is the batch).

    >>> Concatenate(inputs=("left", "right")).axis
    -1
    """

    axis: int = -1

    def __post_init__(self):
        super().__post_init__()
        self._set("axis", arguments.integer("axis", self.axis))
