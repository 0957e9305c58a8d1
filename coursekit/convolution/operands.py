"""What all convolutions ask of their inputs: number type, shape, and the padding around an image."""

import numpy as np

from coursekit import arguments, shapes

BOUNDARIES = {"zero": "constant", "symmetric": "symmetric", "circular": "wrap"}  # ours: numpy.pad's


def common_type(x, *others):
    """Return the dtype in which `x` and what is applied to it are computed (rule in the package's text)."""
    if np.issubdtype(x.dtype, np.floating):
        return np.promote_types(x.dtype, np.float32)  # lifts float16 and leaves the others
    whole = all(np.issubdtype(array.dtype, np.integer) for array in (x, *others))
    return np.dtype(np.int64 if whole and _most(x) * sum(map(_total, others)) < 2**63 else np.float64)


def _most(whole):
    """Return the largest size among whole numbers, as Python's int, which knows no limit; at least 1."""
    return max(int(whole.max()), -int(whole.min()), 1)


def _total(whole):
    """Return a bound of the sum of the sizes of whole numbers; for kernels and biases it is no sum of many."""
    return _most(whole) * whole.size


def filled(name, value, ndim):
    """Return `value` as an array with `ndim` axes and at least one entry along each of them, or raise."""
    array = arguments.array(name, value, ndim=ndim)
    if array.size == 0:
        expected = "at least one entry along each axis"
        raise ValueError(f"{name} must hold {expected}. Received: shape {array.shape}")
    return array


def cast(name, array, dtype):
    """Return a checked array in another number type, or raise where that cannot hold all of its numbers."""
    return array if array.dtype == dtype else arguments.array(name, array, dtype=dtype)


def pair_of(name, image, kernel, ndim):
    """Return `image` (called `name`) and `kernel`, checked, as arrays of one number type."""
    image, kernel = filled(name, image, ndim), filled("kernel", kernel, ndim)
    dtype = common_type(image, kernel)
    return cast(name, image, dtype), cast("kernel", kernel, dtype)


def layer(x, kernels, bias, input_axis):
    """Return x, kernels and bias of a layer, checked against each other and in one number type.

    `input_axis` is the axis of `kernels` that counts input channels, 2 or 3; the other one counts outputs.
    """
    x, kernels = filled("x", x, 4), filled("kernels", kernels, 4)
    channels, outputs = x.shape[3], kernels.shape[5 - input_axis]
    if kernels.shape[input_axis] != channels:
        raise ValueError(
            f"kernels must have {channels} input channels along axis {input_axis}, as many as x. "
            f"Received: shape {kernels.shape}"
        )
    bias = np.zeros(outputs, np.int8) if bias is None else arguments.array("bias", bias, ndim=1)
    if bias.shape != (outputs,):
        raise ValueError(f"bias must have shape ({outputs},), one per kernel. Received: shape {bias.shape}")
    dtype = common_type(x, kernels, bias)
    named = zip(("x", "kernels", "bias"), (x, kernels, bias))
    return tuple(cast(name, array, dtype) for name, array in named)


def border(name, sizes, kernel, stride, padding, dilation=(1, 1)):
    """Return ((top, bottom), (left, right)): how many pixels to add, or raise calling the kernel `name`.

    `padding` is what `shapes` understands, for both axes, or a pair with that of the rows and of the columns.
    """
    axes = zip(sizes, kernel, stride, both_axes(padding), dilation)
    names = (f"{name} (rows)", f"{name} (columns)")
    return tuple(shapes.padding_amounts(*axis, name=called) for called, axis in zip(names, axes))


def both_axes(padding):
    """Return the padding of the rows and that of the columns."""
    if not isinstance(padding, (tuple, list)):
        return padding, padding
    if len(padding) != 2:
        raise ValueError(f"padding must be a pair (rows, columns). Received: {arguments.shown(padding)}")
    return tuple(padding)


def pad(array, amounts, boundary="zero"):
    """Return `array` with (before, after) pixels added along each axis: zeros, a mirror image, repetition."""
    mode = BOUNDARIES[arguments.choice("boundary", boundary, tuple(BOUNDARIES))]
    return np.pad(array, amounts, mode) if np.any(amounts) else array
