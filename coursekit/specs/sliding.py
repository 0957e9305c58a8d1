"""Specs of the layers that move a window over the picture: convolutions, pooling, padding, up-sampling."""

from dataclasses import dataclass

from coursekit import arguments, shapes
from coursekit.specs.base import Layer, amounts_per_axis, flag, per_axis, same_number_of_axes

# What may follow a layer. "custom" stands for a custom function that a Keras model brings along.
ACTIVATIONS = (
    "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "sigmoid",
    "hard_sigmoid", "hard_silu", "log_sigmoid", "tanh", "hard_tanh", "softplus", "softsign", "exponential",
    "hard_shrink", "soft_shrink", "tanh_shrink", "sparse_plus", "sparse_sigmoid", "squareplus",
    "softmax", "log_softmax", "sparsemax", "custom",
)  # fmt: skip


@dataclass(frozen=True)
class _Window(Layer):
    """Checks of the settings that every window has."""

    def __post_init__(self):
        super().__post_init__()
        self._check("kernel", "size", "stride", "dilation", minimum=1)
        self._check("filters", "multiplier", "groups", minimum=1, scalar=True)
        if hasattr(self, "padding"):
            self._set("padding", self._checked_padding(self.padding))
        if hasattr(self, "bias"):
            self._set("bias", flag("bias", self.bias))
        if getattr(self, "activation", None) is not None:
            arguments.choice("activation", self.activation, ACTIVATIONS)
        names = ("kernel", "size", "stride", "dilation", "padding")
        same_number_of_axes(self, *(name for name in names if hasattr(self, name)))

    def _check(self, *names, minimum, scalar=False):
        for name in names:
            value = getattr(self, name, None)
            if value is not None:
                check = arguments.integer if scalar else per_axis
                self._set(name, check(name, value, minimum=minimum))

    def _checked_padding(self, padding):
        if isinstance(padding, str) and padding in shapes.PADDINGS:
            return padding
        return amounts_per_axis("padding", padding, words="'valid', 'same', 'full', ")


@dataclass(frozen=True)
class Conv(_Window):
    """A convolution (in truth a correlation) of `filters` kernels, each as deep as its input, plus a bias.

    `kernel`, `stride`, `dilation`: pixels, one int for all spatial axes or a tuple with one per axis.
    `padding`: "valid", "same", "full", pixels on both sides, or per axis an int or a pair (before, after).
    `groups`: into how many groups the input channels are split; each kernel sees one group.
    `activation`: what is applied afterwards, None for nothing.

    >>> Conv(32, kernel=5, activation="relu").filters
    32
    """

    filters: int
    kernel: int | tuple
    stride: int | tuple = 1
    padding: str | int | tuple = "valid"
    dilation: int | tuple = 1
    groups: int = 1
    bias: bool = True
    activation: str | None = None

    def __post_init__(self):
        super().__post_init__()
        if self.filters % self.groups:
            given = f"filters={self.filters}, groups={self.groups}"
            raise ValueError(f"filters must be a multiple of groups. Received: {given}")


@dataclass(frozen=True)
class DepthwiseConv(_Window):
    """A convolution of every channel by itself, with `multiplier` kernels for each of them.

    >>> DepthwiseConv(3).multiplier
    1
    """

    kernel: int | tuple
    stride: int | tuple = 1
    padding: str | int | tuple = "valid"
    dilation: int | tuple = 1
    multiplier: int = 1
    bias: bool = True
    activation: str | None = None


@dataclass(frozen=True)
class SeparableConv(_Window):
    """A depthwise convolution without bias, then a 1×1 convolution of `filters` kernels with bias.

    >>> SeparableConv(64, kernel=3).filters
    64
    """

    filters: int
    kernel: int | tuple
    stride: int | tuple = 1
    padding: str | int | tuple = "valid"
    dilation: int | tuple = 1
    multiplier: int = 1
    bias: bool = True
    activation: str | None = None


@dataclass(frozen=True)
class ConvTranspose(_Window):
    """A transposed ("up-") convolution: each input value stamps the kernel, `stride` pixels apart.

    `padding` is "valid" or "same"; `output_padding` chooses among the sizes that are possible, see
    `shapes.transposed_size`.

    >>> ConvTranspose(64, kernel=2, stride=2).stride
    2
    """

    filters: int
    kernel: int | tuple
    stride: int | tuple = 1
    padding: str = "valid"
    dilation: int | tuple = 1
    output_padding: int | tuple | None = None
    bias: bool = True
    activation: str | None = None

    def __post_init__(self):
        super().__post_init__()
        self._check("output_padding", minimum=0)
        same_number_of_axes(self, "kernel", "output_padding")

    def _checked_padding(self, padding):
        return arguments.choice("padding", padding, ("valid", "same"))


@dataclass(frozen=True)
class Pool(_Window):
    """The maximum or the average of each window of `size` pixels; `stride=None` means `size`.

    >>> Pool(2).stride, Pool(3, stride=2, kind="average").kind
    (2, 'average')
    """

    size: int | tuple
    stride: int | tuple | None = None
    padding: str | int | tuple = "valid"
    kind: str = "max"

    def __post_init__(self):
        if self.stride is None:
            self._set("stride", self.size)
        super().__post_init__()
        arguments.choice("kind", self.kind, ("max", "average"))


@dataclass(frozen=True)
class AdaptivePool(_Window):
    """The maximum or the average of bins that split each axis into `size` parts, as equal as may be.

    >>> AdaptivePool(7).kind
    'average'
    """

    size: int | tuple
    kind: str = "average"

    def __post_init__(self):
        super().__post_init__()
        arguments.choice("kind", self.kind, ("max", "average"))


@dataclass(frozen=True)
class Upsample(_Window):
    """The picture enlarged `size` times along each axis, without parameters.

    >>> Upsample(2).interpolation
    'nearest'
    """

    size: int | tuple = 2
    interpolation: str = "nearest"

    def __post_init__(self):
        super().__post_init__()
        options = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
        arguments.choice("interpolation", self.interpolation, options)


@dataclass(frozen=True)
class Resize(Upsample):
    """The picture resampled to `size` pixels along each axis, without parameters.

    >>> Resize((224, 224), interpolation="bilinear").size
    (224, 224)
    """


@dataclass(frozen=True)
class Pad(Layer):
    """Rows, columns … of zeros added: `amounts` pixels, or per axis an int or a pair (before, after).

    >>> Pad(((0, 1), (0, 1))).amounts
    ((0, 1), (0, 1))
    """

    amounts: int | tuple

    def __post_init__(self):
        super().__post_init__()
        self._set("amounts", amounts_per_axis("amounts", self.amounts))


@dataclass(frozen=True)
class Crop(Pad):
    """Rows, columns … cut off: `amounts` as for `Pad`.

    >>> Crop(4).amounts
    4
    """
