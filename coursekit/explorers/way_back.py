"""Explorer 10: the way back of a gradient through pooling, an activation and a convolution."""

import traitlets

from coursekit.explorers.base import Array, Explorer, module

_PICTURE = [[1, 0, 2, 1, 0], [0, 3, 1, 0, 1], [2, 1, 0, 1, 2], [0, 1, 2, 0, 1], [1, 0, 1, 3, 0]]
_KERNEL = [[1, -1], [0, 2]]
STAGES = ("input", "kernel", "convolution", "activation", "pooling")


class WayBack(Explorer):
    """A small convolution, ReLU and max pooling in numbers, with the gradient that each number gets.

    `picture` (rows, columns) and `kernel` are small arrays, at most 9 × 9 and 5 × 5, `bias` is added to every sum.
    `stride` (1 to 3) and `padding` ("valid", "same") are the convolution's; with `relu` negative sums become 0;
    `pool` and `pool_stride` (1 to 3) say how large the pooling windows are and how far they move, so that they may
    overlap. `loss` says of what the gradients are: "one" (the chosen number), "sum" (of all pooled values) or
    "squares" (half the squared distance of the pooled values from 1). `stage` ("input", "kernel", "convolution",
    "activation", "pooling"), `row` and `column` choose the number whose gradient is taken apart.

    >>> WayBack(loss="sum", stage="input", row=1, column=1).loss
    'sum'
    """

    _esm = module("way_back.js")
    title = "The way back"
    picture = Array(_PICTURE, ndim=2, largest=9)
    kernel = Array(_KERNEL, ndim=2, largest=5)
    bias = traitlets.Float(-1.0).tag(sync=True)
    stride = traitlets.Int(1, min=1, max=3).tag(sync=True)
    padding = traitlets.Enum(("valid", "same"), "valid").tag(sync=True)
    relu = traitlets.Bool(True).tag(sync=True)
    pool = traitlets.Int(2, min=1, max=3).tag(sync=True)
    pool_stride = traitlets.Int(2, min=1, max=3).tag(sync=True)
    loss = traitlets.Enum(("one", "sum", "squares"), "squares").tag(sync=True)
    stage = traitlets.Enum(STAGES, "input").tag(sync=True)
    row = traitlets.Int(1, min=0).tag(sync=True)
    column = traitlets.Int(1, min=0).tag(sync=True)
