"""Checks of arguments, so that every error names the argument, what was expected and what came."""

import operator

import numpy as np


def integer(name, value, minimum=None, maximum=None):
    """Return `value` as an int, or raise.

    `name` is the argument's name as the caller knows it. Booleans and floats are refused,
    NumPy integers are welcome. Raises TypeError for a wrong type, ValueError outside
    `minimum`..`maximum` (both inclusive, None means unbounded).

    >>> integer("stride", np.int64(2), minimum=1)
    2
    >>> integer("stride", 0, minimum=1)
    Traceback (most recent call last):
    ...
    ValueError: stride must be an integer of at least 1. Received: 0
    """
    bounds = _bounds(minimum, maximum)
    try:
        if isinstance(value, (bool, np.bool_)):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer{bounds}. Received: {shown(value)}") from None
    if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
        raise ValueError(f"{name} must be an integer{bounds}. Received: {shown(value)}")
    return number


def pair(name, value, minimum=None):
    """Return (rows, columns) as two ints, from one int for both or from a pair, or raise.

    >>> pair("stride", 2), pair("stride", (1, 3))
    ((2, 2), (1, 3))
    >>> pair("stride", (1, 2, 3))
    Traceback (most recent call last):
    ...
    ValueError: stride must be an integer or a pair (rows, columns). Received: (1, 2, 3)
    """
    values = value if isinstance(value, (tuple, list)) else (value, value)
    if len(values) != 2:
        raise ValueError(f"{name} must be an integer or a pair (rows, columns). Received: {shown(value)}")
    rows, columns = (integer(name, number, minimum) for number in values)
    return rows, columns


def real(name, value, above=None):
    """Return `value` as a finite float, greater than `above` when that is given, or raise.

    >>> real("sigma", 2, above=0)
    2.0
    >>> real("sigma", 0, above=0)
    Traceback (most recent call last):
    ...
    ValueError: sigma must be a finite number greater than 0. Received: 0
    """
    expected = f"{name} must be a finite number" + ("" if above is None else f" greater than {above}")
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{expected}. Received: {shown(value)}")
    if not np.isfinite(value) or (above is not None and not value > above):
        raise ValueError(f"{expected}. Received: {shown(value)}")
    return float(value)


def choice(name, value, options):
    """Return `value` if it is one of `options` (strings), or raise ValueError.

    >>> choice("padding", "valid", ("valid", "same"))
    'valid'
    """
    if not isinstance(value, str) or value not in options:
        listed = ", ".join(repr(option) for option in options)
        raise ValueError(f"{name} must be one of {listed}. Received: {shown(value)}")
    return value


def array(name, value, ndim=None, dtype=None, finite=True):
    """Return `value` as a numeric NumPy array (never copied when it already is one), or raise.

    `ndim` is the number of axes demanded (an int or a tuple of ints), `dtype` a dtype to cast to, `finite`
    whether NaN and infinity are refused, and numbers that would become so. Raises TypeError for anything but a
    numeric array, ValueError for a wrong number of axes or values that are not finite.

    >>> array("image", [[1, 2], [3, 4]], ndim=2).shape
    (2, 2)
    >>> array("image", [1.0, float("nan")])
    Traceback (most recent call last):
    ...
    ValueError: image must hold finite numbers only. Received: nan at index (1,)
    """
    try:
        result = np.asarray(value)
    except ValueError:
        raise TypeError(f"{name} must be a rectangular array of numbers. Received: {shown(value)}") from None
    if np.ma.is_masked(value):  # NumPy would take what stands below the mask for numbers
        raise TypeError(f"{name} must be plain numbers. Received: a masked array; fill what is masked, or cut it off")
    if result.dtype.kind not in "iuf":  # neither a bool nor a duration is a number here
        raise TypeError(f"{name} must be an array of real numbers. Received: {shown(value)}")
    allowed = (ndim,) if isinstance(ndim, int) else ndim
    if allowed is not None and result.ndim not in allowed:
        axes = " or ".join(str(n) for n in allowed)
        raise ValueError(f"{name} must have {axes} axes. Received: shape {result.shape}")
    if finite and (where := _not_finite(result)) is not None:
        raise ValueError(f"{name} must hold finite numbers only. Received: {result[where]} at index {where}")
    if dtype is None or result.dtype == dtype:
        return result
    with np.errstate(over="ignore"):
        cast = result.astype(dtype)
    if finite and (where := _not_finite(cast)) is not None:
        raise ValueError(
            f"{name} must hold numbers that {cast.dtype} can hold. Received: {result[where]} at index {where}"
        )
    return cast


def _not_finite(numbers):
    """Return the index of the first number of an array that is NaN or infinite, or None."""
    if not np.issubdtype(numbers.dtype, np.floating) or np.isfinite(numbers).all():
        return None
    return tuple(int(i) for i in np.argwhere(~np.isfinite(numbers))[0])


def shown(value):
    """Return a short description of `value` for the end of an error message.

    >>> shown(np.zeros((2, 3)))
    'array of shape (2, 3) and dtype float64'
    """
    if isinstance(value, np.ndarray) and value.ndim:
        return f"array of shape {value.shape} and dtype {value.dtype}"
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _bounds(minimum, maximum):
    if minimum is not None and maximum is not None:
        return f" from {minimum} to {maximum}"
    if minimum is not None:
        return f" of at least {minimum}"
    return "" if maximum is None else f" of at most {maximum}"
