"""Explorer 3: what a convolutional layer gives out, what it costs, and which pixels it never sees."""

import traitlets

from coursekit import counting, shapes, specs
from coursekit.explorers.base import Predicting, module


def _whole(default, largest, least=1):
    return traitlets.Int(default, min=least, max=largest).tag(sync=True)


class LayerShapes(Predicting):
    """A convolutional layer in numbers: output shape, parameters, multiply-adds, and a cut through it.

    The input has `height` × `width` pixels and `channels`, each up to 4096. A kernel has `kernel_height` ×
    `kernel_width` weights per channel (1 to 11), `stride` (1 to 8) pixels lie between windows and `dilation`
    (1 to 4) between weights. `padding` is "valid", "same" or the number of zeros on each side (0 to 12).
    `filters` is the number of kernels, `bias` whether each has one. The cut shows one row of pixels, or one
    column: `axis` is "width" or "height". `position` says which output of that cut is looked at.

    >>> layer = LayerShapes(height=6, width=7, kernel_height=3, kernel_width=3, stride=3)
    >>> layer.shape, layer.formula, layer.leftover
    ((2, 2, 4), '(3·3·3 + 1)·4 = 112', (0, 1))
    """

    _esm = module("layer_shapes.js")
    title = "Shapes of a layer"
    usual_task = "Change one setting at a time: what happens to the output, and which pixels are never seen?"
    height = _whole(7, 4096)
    width = _whole(7, 4096)
    channels = _whole(3, 4096)
    kernel_height = _whole(3, 11)
    kernel_width = _whole(3, 11)
    stride = _whole(3, 8)
    padding = traitlets.Union(
        [traitlets.Enum(("valid", "same")), traitlets.Int(min=0, max=12)], default_value="valid"
    ).tag(sync=True)
    dilation = _whole(1, 4)
    filters = _whole(4, 4096)
    bias = traitlets.Bool(True).tag(sync=True)
    axis = traitlets.Enum(("width", "height"), "width").tag(sync=True)
    position = _whole(0, None, least=0)

    @property
    def layer(self):
        """The layer as a spec."""
        kernel = (self.kernel_height, self.kernel_width)
        return specs.Conv(self.filters, kernel, self.stride, self.padding, self.dilation, bias=self.bias)

    @property
    def shape(self):
        """The shape of the output, (rows, columns, channels). ValueError where the kernel does not fit."""
        return (*(shapes.output_size(**sizes) for sizes in self._axes()), self.filters)

    @property
    def missing(self):
        """How many pixels the padded input lacks for the kernel, along (height, width); 0 if it fits."""
        return tuple(max(0, self._span(sizes) - self._padded(sizes)) for sizes in self._axes())

    @property
    def leftover(self):
        """The places at the end of the padded input that no window reaches, along (height, width)."""
        return tuple(shapes.leftover(**sizes) for sizes in self._axes())

    @property
    def parameters(self):
        """The number of weights and biases."""
        return self._row().parameters

    @property
    def formula(self):
        """The parameters counted, in words that end in "= parameters"."""
        return self._row().formula

    @property
    def multiply_adds(self):
        """The products that are computed for one picture."""
        return self._row().multiply_adds

    @property
    def taps(self):
        """The pixels along `axis` that output `position` reads; those outside the picture are padding."""
        sizes = self._cut()
        return self._reads(sizes, min(self.position, shapes.output_size(**sizes) - 1))

    @property
    def unseen(self):
        """The pixels along `axis` that no output reads, counted from 0."""
        sizes = self._cut()
        seen = {pixel for i in range(shapes.output_size(**sizes)) for pixel in self._reads(sizes, i)}
        return [pixel for pixel in range(sizes["size"]) if pixel not in seen]

    def _axes(self):
        """Return the arguments of `shapes.output_size` along height and width."""
        shared = {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}
        return (
            {"size": self.height, "kernel": self.kernel_height, **shared},
            {"size": self.width, "kernel": self.kernel_width, **shared},
        )

    def _cut(self):
        return self._axes()[self.axis == "width"]

    def _span(self, sizes):
        return shapes.effective_kernel(sizes["kernel"], sizes["dilation"])

    def _padded(self, sizes):
        """Return the pixels along an axis with its padding; "same" adds what the kernel needs."""
        if sizes["padding"] == "same":
            return sizes["size"] + sum(shapes.padding_amounts(**sizes))
        return sizes["size"] + 2 * (0 if sizes["padding"] == "valid" else sizes["padding"])

    def _reads(self, sizes, place):
        first = place * sizes["stride"] - shapes.padding_amounts(**sizes)[0]
        return [first + u * sizes["dilation"] for u in range(sizes["kernel"])]

    def _row(self):
        network = (specs.Input((self.height, self.width, self.channels)), self.layer)
        return counting.table(network).rows[-1]
