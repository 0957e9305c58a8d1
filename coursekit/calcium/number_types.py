"""Whether bytes are float32 numbers of an image, and if not, of which type they probably are.

Nothing in a raw file says what its numbers are, and many a wrong reading gives a picture. Two things give it away.
ΔF/F in percent has a plausible size. And in a float32 the last bits are as good as random: where the two halves of
a word, or its first and last byte, go up and down together, they are numbers of their own, neighbours in an image.
"""

import numpy as np

LARGEST = 1e6  # no ΔF/F in percent, nor a raw brightness of 16 bits, comes near it
LEAST = 1e-9  # half of the numbers that are not zero are above it
_ALIKE = 0.5  # correlation of neighbours: about 0 for random bits, .9 in the simulated images
_GUESSED = 0.3  # the least at which a type is named
_LEVELS = 17  # different numbers that a correlation needs
_SAMPLE = 1 << 17  # bytes that are looked at: two images
_TYPES = {  # how a type is called, and read
    "float32, big-endian": ">f4",
    "float64": "<f8",
    "float64, big-endian": ">f8",
    "float16": "<f2",
    "int16": "<i2",
    "uint16": "<u2",
    "uint16, big-endian": ">u2",
    "int16, big-endian": ">i2",
    "int32": "<i4",
    "uint32": "<u4",
    "int64": "<i8",
    "uint8": "u1",
    "int8": "i1",
}


def fault(raw):
    """Return what is wrong with bytes `raw` as little-endian float32 numbers, as a clause, or None.

    Numbers that are not finite are left to the caller, who knows their place, unless their type can be guessed.

    >>> images = 1 + np.random.default_rng(0).random((2, 128, 128)).cumsum(axis=2) / 100
    >>> fault(images.astype("<f4").tobytes())
    >>> fault(images.astype("<f8").tobytes())
    'its numbers look like float64 or int64'
    """
    sample = raw[:_SAMPLE]
    values = _values(sample, "<f4")
    reason = _bad_size(values)
    if not (values != 0).any() or (reason is None and not _packed(sample)):
        return None
    likely = guess(sample)
    if likely:
        return f"its numbers look like {likely}"
    return reason if np.isfinite(values).all() else None


def guess(raw):
    """Return which type the numbers in `raw` look like, other than little-endian float32, or None.

    A type is considered where all its numbers have a plausible size and neighbours are alike. Where two of
    the same width fit equally well, both are named: "float16 or uint16".
    """
    found = {}
    for name, kind in _TYPES.items():
        values = _values(raw, kind)
        if np.issubdtype(values.dtype, np.integer) or not _bad_size(values):
            found[name] = _alike(values[:-1], values[1:])
    best = max(found.values(), default=0)
    if best < _GUESSED:
        return None if _bad_size(_values(raw, "<f4")) or not _packed(raw) else "a type of 8 bytes, float64 perhaps"
    likely = [name for name, alike in found.items() if alike > best - 0.02]
    width = np.dtype(_TYPES[likely[0]]).itemsize
    return " or ".join([name for name in likely if np.dtype(_TYPES[name]).itemsize == width][:2])


def _values(raw, kind):
    return np.frombuffer(raw[: len(raw) - len(raw) % np.dtype(kind).itemsize], kind)


def _bad_size(values):
    with np.errstate(invalid="ignore", over="ignore"):
        sizes = np.abs(values.astype(np.float64))
    sizes = sizes[sizes != 0]
    if not np.isfinite(sizes).all():
        return "it holds numbers that are not finite"
    if sizes.size and sizes.max() > LARGEST:
        return f"it holds {sizes.max():.3g}, and ΔF/F in percent stays far below {LARGEST:.0e}"
    if sizes.size and np.median(sizes) < (1e-4 if values.dtype.itemsize == 2 else LEAST):
        return f"half of its numbers are below {np.median(sizes):.1e}, and ΔF/F in percent is not so small"
    return None


def _packed(raw):
    """Return whether each word of four bytes seems to hold two or four numbers, or half a number."""
    for kind, last in (("<u2", 1), ("<i2", 1), ("<f2", 1), ("u1", 3), ("i1", 3)):
        parts = _values(raw, kind).reshape(-1, last + 1)
        if _alike(parts[:, 0], parts[:, last]) > _ALIKE:
            return True
    words = _values(raw, "<i4")[: len(raw) // 8 * 2].reshape(-1, 2)
    for empty, full in ((0, 1), (1, 0)):  # whole numbers in float64, or small ones in int64: every second word is zero
        if not words[:, empty].any() and np.count_nonzero(words[:, full]) > 100:
            return True
    return bool(_alike(words[:-1, 1], words[1:, 1]) > _ALIKE and abs(_alike(words[:, 0], words[:, 1])) < 0.2)


def _alike(one, other):
    """Return the correlation of two arrays where neither is zero; 0 where too few numbers, or different ones, are left.

    Large numbers are drawn in, so that a few of them decide nothing.
    """
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    both = (one != 0) & (other != 0) & np.isfinite(one) & np.isfinite(other)
    if both.sum() < 100:
        return 0.0
    if min(len(np.unique(one[both])), len(np.unique(other[both]))) < _LEVELS:
        return 0.0  # two steps always go up and down together
    one, other = (np.arctan(values[both] / np.median(np.abs(values[both]))) for values in (one, other))
    return float(np.corrcoef(one, other)[0, 1])
