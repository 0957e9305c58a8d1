"""Sizes of what convolution and pooling give out: the one place that knows the formula.

Everything here is about one axis and in whole pixels; an image asks twice, once per axis. A window of
`effective_kernel` pixels steps over the padded input, `stride` pixels at a time. It stops at

    floor((size + before + after - effective_kernel) / stride) + 1

places (Dumoulin and Visin, 2016, "A guide to convolution arithmetic for deep learning", relation 6).

The argument `padding` is one of

- "valid": nothing is added, the window stays inside the input;
- "same": as many pixels as make the output ceil(size / stride) long; when their number is odd the extra
  one goes to the end (the rule of TensorFlow and Keras);
- "full": effective_kernel - 1 pixels on both sides, so the window touches the input with one pixel at least;
- an int: that many pixels on both sides; or a pair (before, after).
"""

from coursekit import arguments

__all__ = [
    "PADDINGS",
    "adaptive_windows",
    "effective_kernel",
    "leftover",
    "output_size",
    "padding_amounts",
    "transposed_size",
]

PADDINGS = ("valid", "same", "full")


def effective_kernel(kernel, dilation=1):
    """Return how many pixels a kernel of `kernel` entries spans when they lie `dilation` pixels apart.

    >>> effective_kernel(3), effective_kernel(3, dilation=2)
    (3, 5)
    """
    kernel = arguments.integer("kernel", kernel, minimum=1)
    dilation = arguments.integer("dilation", dilation, minimum=1)
    return (kernel - 1) * dilation + 1


def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    """Return the number of outputs along one axis of `size` pixels, an int of at least 1.

    Raises ValueError when the kernel is larger than the padded input, so that no output exists.

    >>> output_size(5, kernel=3)
    3
    >>> output_size(6, kernel=3, stride=5, padding=1)
    2
    >>> output_size(7, kernel=3, stride=2, padding="same")
    4
    >>> output_size(2, kernel=3)
    Traceback (most recent call last):
    ...
    ValueError: kernel covers 3 pixels, the padded input has 2 (2 and 0 + 0 of padding). Received: 3
    """
    rest, stride = _rest(size, kernel, stride, padding, dilation)
    return rest // stride + 1


def padding_amounts(size, kernel, stride=1, padding="valid", dilation=1, *, name="kernel"):
    """Return (before, after): how many pixels `padding` adds at the two ends of the axis.

    Source of the "same" rule: TensorFlow, "Notes on padding" in the documentation of tf.nn.
    Raises as `output_size` does; `name` is what the message then calls the kernel.

    >>> padding_amounts(5, kernel=3, padding="same")
    (1, 1)
    >>> padding_amounts(6, kernel=3, stride=2, padding="same")  # an odd number: the extra one goes to the end
    (0, 1)
    >>> padding_amounts(5, kernel=3, padding="full", dilation=2)
    (4, 4)
    """
    size = arguments.integer("size", size, minimum=1)
    stride = arguments.integer("stride", stride, minimum=1)
    arguments.integer(name, kernel, minimum=1)
    span = effective_kernel(kernel, dilation)
    before, after = _amounts(size, span, stride, padding)
    padded = size + before + after
    if span > padded:
        covered = f"{span} pixel" if span == 1 else f"{span} pixels"
        raise ValueError(
            f"{name} covers {covered}, the padded input has {padded} ({size} and {before} + {after} of padding). "
            f"Received: {kernel}{f', dilated by {dilation}' if dilation > 1 else ''}"
        )
    return before, after


def leftover(size, kernel, stride=1, padding="valid", dilation=1):
    """Return how many pixels at the end of the padded axis no window reaches: 0 when everything fits.

    They are lost: changing them changes no output. (Gaps between windows, where the stride is larger
    than the kernel, are not counted.)

    >>> leftover(6, kernel=3, stride=5, padding=1)  # (6 + 2 - 3) / 5 is whole
    0
    >>> leftover(6, kernel=3, stride=2)             # windows start at 0 and 2; the last pixel is never seen
    1
    """
    rest, stride = _rest(size, kernel, stride, padding, dilation)
    return rest % stride


def transposed_size(size, kernel, stride=1, padding="valid", dilation=1, output_padding=None):
    """Return the number of outputs of a transposed convolution along one axis, as Keras counts them.

    Several sizes lead to the same output of an ordinary convolution, so its transpose has to choose one.
    With `output_padding=None` that is size * stride for "same", and for "valid" the smallest that
    wastes no stride, (size - 1) * stride + max(effective_kernel, stride). An int `output_padding`
    from 0 to stride - 1 chooses (size - 1) * stride plus effective_kernel for "valid", or plus its
    remainder modulo 2 for "same", plus `output_padding`.

    >>> transposed_size(8, kernel=4, stride=2, padding="same")
    16
    >>> transposed_size(8, kernel=4, stride=2, padding="valid")
    18
    >>> transposed_size(8, kernel=3, stride=2, padding="same", output_padding=0)
    15
    """
    size = arguments.integer("size", size, minimum=1)
    stride = arguments.integer("stride", stride, minimum=1)
    span = effective_kernel(kernel, dilation)
    same = arguments.choice("padding", padding, ("valid", "same")) == "same"
    if output_padding is None:
        return size * stride if same else (size - 1) * stride + max(span, stride)
    extra = arguments.integer("output_padding", output_padding, minimum=0, maximum=stride - 1)
    reached = (size - 1) * stride + (span % 2 if same else span) + extra
    if reached < 1:
        raise ValueError(
            "output_padding must leave at least one output pixel "
            f"(size {size}, kernel spanning {span}, stride {stride}). Received: {output_padding}"
        )
    return reached


def adaptive_windows(size, outputs):
    """Return the list of (start, end) of the windows that pool `size` pixels to `outputs`.

    Window i covers the pixels from floor(i * size / outputs) to ceil((i + 1) * size / outputs), the end
    not included: all windows together cover the axis, and neighbours overlap where it does not divide.
    Source: the documentation of torch.nn.AdaptiveAvgPool2d.

    >>> adaptive_windows(6, 3)
    [(0, 2), (2, 4), (4, 6)]
    >>> adaptive_windows(5, 3)
    [(0, 2), (1, 4), (3, 5)]
    """
    size = arguments.integer("size", size, minimum=1)
    outputs = arguments.integer("outputs", outputs, minimum=1)
    return [(i * size // outputs, -(-(i + 1) * size // outputs)) for i in range(outputs)]


def _rest(size, kernel, stride, padding, dilation):
    """Return how far the window can move over the padded axis, and the stride, as Python's ints: NumPy's overflow."""
    before, after = padding_amounts(size, kernel, stride, padding, dilation)
    return int(size) + before + after - effective_kernel(kernel, dilation), int(stride)


def _amounts(size, span, stride, padding):
    """Return (before, after) without asking whether the kernel then fits."""
    if isinstance(padding, str) and padding in PADDINGS:
        if padding == "valid":
            return 0, 0
        if padding == "full":
            return span - 1, span - 1
        wanted = -(-size // stride)  # ceil(size / stride) in whole numbers
        total = max((wanted - 1) * stride + span - size, 0)
        return total // 2, total - total // 2
    try:
        before, after = padding if isinstance(padding, (tuple, list)) else (padding, padding)
        return tuple(arguments.integer("padding", amount, minimum=0) for amount in (before, after))
    except (TypeError, ValueError) as error:
        kind = ValueError if isinstance(padding, (str, tuple, list)) else type(error)
        expected = "'valid', 'same', 'full', an integer of at least 0 or a pair of them (before, after)"
        raise kind(f"padding must be {expected}. Received: {arguments.shown(padding)}") from None
