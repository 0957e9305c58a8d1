"""Explorer 2: a kernel slides over a picture."""

import numpy as np
import traitlets

from coursekit import convolution, filters, shapes
from coursekit.explorers.base import Array, Predicting, module
from coursekit.explorers.pictures import PictureExplorer


class Convolution2D(Predicting, PictureExplorer):
    """A window moves over a picture: its products with the kernel, their sum, and the map of all sums.

    `picture` is the name of a shipped picture, whatever else `images.load` takes, or an array (rows, columns);
    its longer side is shrunk to 256 pixels. `kernel` is the name of a kernel in `filters.NAMED` or an array of
    1 × 1 to 7 × 7. `row` and `column` say which output is looked at. `stride`, `dilation` (1 to 4) and `padding`
    ("valid", "same", "full") are those of `convolution.correlate2d`; with `flip` the kernel is turned by 180°
    first, as in `convolution.convolve2d`.

    >>> explorer = Convolution2D(picture=[[1, 2, 3], [4, 5, 6]], kernel=[[1, 0], [0, 10]])
    >>> explorer.output, explorer.total
    (array([[51., 62.]], dtype=float32), 51.0)
    """

    _esm = module("convolution_2d.js")
    title = "Convolution of a picture"
    usual_task = "Hold the window on an edge, change the kernel, and see which weights make the sum large."
    kernel = Array([[0]], ndim=2, largest=7)
    row = traitlets.Int(0, min=0).tag(sync=True)
    column = traitlets.Int(0, min=0).tag(sync=True)
    stride = traitlets.Int(1, min=1, max=4).tag(sync=True)
    dilation = traitlets.Int(1, min=1, max=4).tag(sync=True)
    padding = traitlets.Enum(("valid", "same", "full"), "valid").tag(sync=True)
    flip = traitlets.Bool(False).tag(sync=True)
    _own_presets = traitlets.Dict().tag(sync=True)

    def __init__(self, picture="photographer", kernel="sobel x", **state):
        if isinstance(kernel, str):
            if kernel not in filters.NAMED:
                raise ValueError(f"kernel must be one of {', '.join(filters.NAMED)}, or an array. Received: {kernel!r}")
            kernel = filters.NAMED[kernel]
        super().__init__(picture, kernel=kernel, **state)
        self._own_presets = {name: np.asarray(values, float).tolist() for name, values in filters.NAMED.items()}

    @property
    def output(self):
        """The map of all sums, (rows, columns) float32. Raises ValueError where the kernel does not fit."""
        apply = convolution.convolve2d if self.flip else convolution.correlate2d
        return apply(self.picture, self.kernel, self.padding, stride=self.stride, dilation=self.dilation)

    @property
    def window(self):
        """The values under the kernel, of the kernel's shape; padded pixels are 0."""
        top, left = self._corner()
        height, width = self.kernel.shape
        values = np.zeros((height, width), np.float32)
        for i in range(height):
            for j in range(width):
                y, x = top + i * self.dilation, left + j * self.dilation
                if 0 <= y < self.picture.shape[0] and 0 <= x < self.picture.shape[1]:
                    values[i, j] = self.picture[y, x]
        return values

    @property
    def products(self):
        """Each value of the window times its weight, of the kernel's shape."""
        return self.window * (self.kernel[::-1, ::-1] if self.flip else self.kernel)

    @property
    def total(self):
        """The sum of the products: the output at (`row`, `column`)."""
        return float(self.products.sum())

    def _corner(self):
        """Return (top, left), the pixel under the first entry of the window, which may lie in the padding."""
        corner = []
        for axis, place in enumerate((self.row, self.column)):
            size, kernel = self.picture.shape[axis], self.kernel.shape[axis]
            count = shapes.output_size(size, kernel, self.stride, self.padding, self.dilation)
            before, after = shapes.padding_amounts(size, kernel, self.stride, self.padding, self.dilation)
            if self.flip and self.padding == "same":
                before = after
            corner.append(min(place, count - 1) * self.stride - before)
        return corner
