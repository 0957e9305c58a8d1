"""Explorer 10: the way back of a gradient through pooling, an activation and a convolution."""

import numpy as np
import traitlets

from coursekit import backprop
from coursekit.convolution import conv_layer, max_pool
from coursekit.explorers.base import Array, Predicting, Real, module

_PICTURE = [[1, 0, 2, 1, 0], [0, 3, 1, 0, 1], [2, 1, 0, 1, 2], [0, 1, 2, 0, 1], [1, 0, 1, 3, 0]]
_KERNEL = [[1, -1], [0, 2]]
STAGES = ("input", "kernel", "convolution", "activation", "pooling")


class WayBack(Predicting):
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
    usual_task = "Choose a number and say which gradient it gets before you read where it comes from."
    picture = Array(_PICTURE, ndim=2, largest=9)
    kernel = Array(_KERNEL, ndim=2, largest=5)
    bias = Real(-1.0).tag(sync=True)
    stride = traitlets.Int(1, min=1, max=3).tag(sync=True)
    padding = traitlets.Enum(("valid", "same"), "valid").tag(sync=True)
    relu = traitlets.Bool(True).tag(sync=True)
    pool = traitlets.Int(2, min=1, max=3).tag(sync=True)
    pool_stride = traitlets.Int(2, min=1, max=3).tag(sync=True)
    loss = traitlets.Enum(("one", "sum", "squares"), "squares").tag(sync=True)
    stage = traitlets.Enum(STAGES, "input").tag(sync=True)
    row = traitlets.Int(1, min=0).tag(sync=True)
    column = traitlets.Int(1, min=0).tag(sync=True)

    @property
    def values(self):
        """The numbers of all stages, {stage: array (rows, columns)}. Raises ValueError where windows do not fit."""
        x, kernels = self._batch()
        z = conv_layer(x, kernels, [self.bias], self.stride, self.padding)
        a = np.maximum(z, 0) if self.relu else z
        stages = (x, kernels, z, a, max_pool(a, self.pool, self.pool_stride))
        return {
            stage: values.reshape(values.shape[:2] if stage == "kernel" else values.shape[1:3])
            for stage, values in zip(STAGES, stages)
        }

    @property
    def gradients(self):
        """The slopes of the loss with respect to these numbers, in the same form."""
        values, (x, kernels) = self.values, self._batch()
        asked = self.stage if self.loss == "one" else "pooling"
        place = tuple(min(at, size - 1) for at, size in zip((self.row, self.column), values[asked].shape))
        slopes = {stage: np.zeros_like(part) for stage, part in values.items()}
        if self.loss == "one":
            slopes[asked][place] = 1
        else:
            slopes[asked] += 1 if self.loss == "sum" else values[asked] - 1
        z, a = values["convolution"][None, :, :, None], values["activation"][None, :, :, None]
        arriving = {stage: part[None, :, :, None] for stage, part in slopes.items()}
        arriving["activation"] += backprop.max_pool_gradient(a, arriving["pooling"], self.pool, self.pool_stride)
        arriving["convolution"] += arriving["activation"] * (z > 0 if self.relu else 1)
        to_x, to_kernels, _ = backprop.conv_gradients(x, kernels, arriving["convolution"], self.stride, self.padding)
        arriving["input"] += to_x
        slopes["kernel"] += to_kernels[:, :, 0, 0]
        return slopes

    @property
    def gradient(self):
        """The slope that is taken apart: that of the chosen number, the nearest one inside its stage."""
        slopes = self.gradients[self.stage]
        return float(slopes[min(self.row, slopes.shape[0] - 1), min(self.column, slopes.shape[1] - 1)])

    def _batch(self):
        """Return picture and kernel as the course's layers take them."""
        return self.picture[None, :, :, None], self.kernel[:, :, None, None]
