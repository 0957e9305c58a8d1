"""Explorer 11: a transposed convolution, stamp by stamp."""

import numpy as np
import traitlets

from coursekit.convolution import conv_transpose, overlap_counts
from coursekit.explorers.base import Array, Predicting, module

_PICTURE = [[1, 2, 0], [3, 4, 1]]
_KERNEL = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


class TransposedConvolution(Predicting):
    """A small picture made larger: each of its pixels stamps the kernel, times its own value, onto the output.

    `picture` (rows, columns) and `kernel` are small arrays, at most 5 × 5, `stride` (1 to 3) says how far apart
    neighbours stamp, `padding` ("valid", "same") whether the border is cropped. `stage` ("input", "output"), `row`
    and `column` choose a pixel, whose stamp is framed, or an output, which is taken apart into its stamps.

    >>> TransposedConvolution(stride=3).output.shape
    (6, 9)
    """

    _esm = module("transposed_convolution.js")
    title = "Transposed convolution"
    usual_task = "Choose an input to see its stamp, or an output to see which stamps reach it."
    picture = Array(_PICTURE, ndim=2, largest=5)
    kernel = Array(_KERNEL, ndim=2, largest=5)
    stride = traitlets.Int(2, min=1, max=3).tag(sync=True)
    padding = traitlets.Enum(("valid", "same"), "valid").tag(sync=True)
    stage = traitlets.Enum(("input", "output"), "input").tag(sync=True)
    row = traitlets.Int(0, min=0).tag(sync=True)
    column = traitlets.Int(0, min=0).tag(sync=True)

    @property
    def output(self):
        """The sum of all stamps, float32 (rows', columns')."""
        kernels = self.kernel[:, :, None, None]
        return conv_transpose(self.picture[None, :, :, None], kernels, None, self.stride, self.padding)[0, :, :, 0]

    @property
    def counts(self):
        """How many stamps reach each output, int64 (rows', columns')."""
        sizes = zip(self.picture.shape, self.kernel.shape)
        return np.multiply.outer(*(overlap_counts(n, k, self.stride, self.padding) for n, k in sizes))

    @property
    def value(self):
        """The number that is chosen, the nearest one inside its stage."""
        values = self.picture if self.stage == "input" else self.output
        return float(values[min(self.row, values.shape[0] - 1), min(self.column, values.shape[1] - 1)])
