"""What an explorer says of a layer in short: its extent, its strongest unit, its map at a glance."""

import numpy as np


def extent(values):
    """Return (rows, columns, channels): a vector is one pixel, a sequence one row."""
    return (1,) * (3 - values.ndim) + np.shape(values)


def strongest(values):
    """Return where the value of the largest size stands, {"row", "column", "channel"}."""
    shape = extent(values)
    if len(shape) != 3 or not np.size(values):
        return {}
    place = np.unravel_index(np.abs(np.nan_to_num(values)).argmax(), shape)
    return dict(zip(("row", "column", "channel"), map(int, place)))


def glance(values):
    """Return a layer at a glance, at most 24 × 24: the map of its strongest channel, thinned; a vector folded."""
    if values.ndim != 3:
        flat = values.ravel()
        wide = min(24, int(np.ceil(np.sqrt(flat.size))))
        flat = flat[: wide * 24]
        return np.pad(flat, (0, -flat.size % wide)).reshape(-1, wide)
    plane = values[..., strongest(values)["channel"]]
    step = -(-max(plane.shape) // 24)
    return plane[::step, ::step]
