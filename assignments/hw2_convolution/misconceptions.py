"""Likely mistakes in homework 2, for the lecturer: `make assignments` keeps only what they return.

PROBES holds arguments to try an answer on, MISCONCEPTIONS pairs (sentence, wrong answer) for each name that
the student defines. NOT_ALLOWED are packages and functions that answers must not use. Nothing here is shown to
students but the sentences.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

NOT_ALLOWED = (
    "coursekit",
    "scipy",
    "tensorflow",
    "keras",
    "torch",
    "jax",
    "cv2",
    "skimage",
    "numba",
    "cffi",
    "numpy.convolve",
    "numpy.correlate",
    "numpy.fft",
    "numpy.lib.stride_tricks.as_strided",
    "numpy.lib.stride_tricks.sliding_window_view",
    "ctypes.CDLL",
    "ctypes.PyDLL",
    "ctypes.PYFUNCTYPE",
    "ctypes.CFUNCTYPE",
    "ctypes.cast",
)

_RNG = np.random.default_rng(6)
_X, _W = np.round(_RNG.normal(size=9), 2), np.round(_RNG.normal(size=3), 2)
_IMAGE, _KERNEL = np.round(_RNG.normal(size=(7, 9)), 2), np.round(_RNG.normal(size=(2, 3)), 2)
_MAPS, _KERNELS = np.round(_RNG.normal(size=(5, 6, 3)), 2), np.round(_RNG.normal(size=(2, 3, 3, 2)), 2)
_BIASES = np.array([0.25, -0.5])
_PICTURE = np.round(_RNG.normal(size=(7, 9)), 2) - 2

PROBES = {
    "output_size": (
        (11, 4, 1, 0),
        (9, 3, 2, 0),
        (10, 3, 2, 1),
        (12, 5, 3, 2),
        (7, 2, 4, 0),
        (3, 5, 1, 0),
        (7, 3, 1, 1),
        (2, 3, 2, 0),
    ),
    "correlate1d": ((_X, _W, 1, 0), (_X, _W, 2, 1), (_X, _W[:2], 3, 0)),
    "convolve1d": ((_X, _W, 1, 0), (_X, _W, 2, 1)),
    "toeplitz": ((_W, 8, 1, 0), (_W, 6, 2, 1), (_W[:2], 5, 1, 1)),
    "correlate2d": ((_IMAGE, _KERNEL, (1, 1), (0, 0)), (_IMAGE, _KERNEL, (2, 3), (1, 2))),
    "conv_layer": ((_MAPS, _KERNELS, _BIASES, 1), (_MAPS, _KERNELS, _BIASES, 2)),
    "max_pool": ((_PICTURE, 2, 2), (_PICTURE, 3, 2)),
    "count_parameters": (
        ((9, 11, 3), [("conv", 3, 4), ("pool", 2), ("conv", 2, 5), ("dense", 6), ("dense", 2)]),
        ((13, 7, 2), [("conv", 2, 5), ("dense", 3), ("dense", 4)]),
    ),
    "receptive_field": (([(3, 2), (5, 2), (2, 2), (3, 1)],), ([(4, 3), (2, 2)],), ([(1, 2), (3, 1)],)),
}


def _correlate1d(x, w, s=1, p=0, fill=0):
    return sliding_window_view(np.pad(x, p, constant_values=fill), len(w))[::s] @ w


def _same_border(x, w, s=1, p=0):
    return sliding_window_view(np.pad(x, p, mode="edge"), len(w))[::s] @ w


def _matrix(w, n, s=1, p=0):
    return _correlate1d_columns(w, n, s, p)


def _correlate1d_columns(w, n, s, p):
    return np.stack([_correlate1d(column, w, s, p) for column in np.eye(n)], axis=1)


def _windows(x, size, s=(1, 1), p=(0, 0)):
    padded = np.pad(x, [(p[0], p[0]), (p[1], p[1])])
    return sliding_window_view(padded, size)[:: s[0], :: s[1]]


def _correlate2d(x, w, s=(1, 1), p=(0, 0)):
    return np.einsum("ijkl,kl->ij", _windows(x, w.shape, s, p), w)


def _layer(x, w, b, s=1, cut=True, channels=slice(None), bias=1):
    windows = sliding_window_view(x, w.shape[:2], axis=(0, 1))[::s, ::s]
    maps = np.einsum("ijckl,klco->ijo", windows[:, :, channels], w[:, :, channels]) + bias * b
    return np.maximum(maps, 0) if cut else maps


def _pool(x, size, s, summary=np.max):
    return summary(_windows(x, (size, size), (s, s)), axis=(2, 3))


def _pool_from_zero(x, size, s):
    return np.maximum(_pool(x, size, s), 0)


def _pool_partial(x, size, s):
    rows, columns = (range(0, length, s) for length in x.shape)
    return np.array([[x[i : i + size, j : j + size].max() for j in columns] for i in rows])


def _count(bias=True, channels=True, filters_bias=True, shrink=1, pool=True, dense="all", chain=True):
    def count_parameters(shape, layers):
        h, w, c = shape
        counts = []
        for kind, n, *more in layers:
            if kind == "conv":
                counts.append(
                    (n * n * (c if channels else 1) + bias) * more[0] if filters_bias else n * n * c * more[0] + 1
                )
                h, w, c = h - shrink * (n - 1), w - shrink * (n - 1), more[0]
            elif kind == "pool":
                counts.append(0)
                h, w = (h // n, w // n) if pool else (h, w)
            else:
                arriving = {"all": h * w * c, "channels": c, "pixels": h * w}[dense]
                counts.append((arriving + bias) * n)
                h, w, c = (1, 1, n) if chain else (h, w, c)
        return counts

    return count_parameters


def _total(shape, layers):
    return [sum(_count()(shape, layers))]


def _sees(start=1, reach=lambda k: k - 1, after=False, jump=True, turned=False):
    def receptive_field(layers):
        field, distance = start, 1
        for k, s in layers[::-1] if turned else layers:
            field += reach(k) * (distance * s if after else distance if jump else 1)
            distance *= s
        return field, distance

    return receptive_field


def _sees_without_holes(layers):
    seen = {0}
    for k, s in layers[::-1]:
        seen = {place * s + j for place in seen for j in range(k)}
    return len(seen), _sees()(layers)[1]


MISCONCEPTIONS = {
    "output_size": (
        (
            "there is one place more than there are steps between the places: + 1 is missing",
            lambda n, k, s, p: max(0, (n + 2 * p - k) // s),
        ),
        ("the padding stands on both sides: 2p", lambda n, k, s, p: max(0, (n + p - k) // s + 1)),
        ("the stride is ignored", lambda n, k, s, p: max(0, n + 2 * p - k + 1)),
        ("the padding is ignored", lambda n, k, s, p: max(0, (n - k) // s + 1)),
        (
            "a window that does not fit whole does not count: round down",
            lambda n, k, s, p: max(0, -(-(n + 2 * p - k) // s) + 1),
        ),
        ("a window that fits nowhere is no window: 0, not less", lambda n, k, s, p: (n + 2 * p - k) // s + 1),
        (
            "int() cuts off towards 0, so that where a little is missing one window is counted too many: use //",
            lambda n, k, s, p: max(0, int((n + 2 * p - k) / s) + 1),
        ),
        ("a number of windows is whole: use //", lambda n, k, s, p: max(0, (n + 2 * p - k) / s + 1)),
        ("add 1 after the division by the stride, not before it", lambda n, k, s, p: max(0, (n + 2 * p - k + 1) // s)),
    ),
    "correlate1d": (
        ("the kernel is turned round: that is the next question", lambda x, w, s, p: _correlate1d(x, w[::-1], s, p)),
        ("the stride is ignored", lambda x, w, s, p: _correlate1d(x, w, 1, p)),
        ("the padding is ignored", lambda x, w, s, p: _correlate1d(x, w, s, 0)),
        ("the padding repeats the border: pad with zeros", _same_border),
        (
            "the padding stands before the signal only",
            lambda x, w, s, p: _correlate1d(np.concatenate([np.zeros(p), x]), w, s),
        ),
        (
            "this keeps every window's sum of inputs, without the weights",
            lambda x, w, s, p: _correlate1d(x, np.ones(len(w)), s, p),
        ),
        ("the last window is left out", lambda x, w, s, p: _correlate1d(x, w, s, p)[:-1]),
    ),
    "convolve1d": (
        ("this is the cross-correlation: turn the kernel round", _correlate1d),
        ("the signal is turned round, where the kernel should be", lambda x, w, s, p: _correlate1d(x[::-1], w, s, p)),
        ("the result is turned round, where the kernel should be", lambda x, w, s, p: _correlate1d(x, w, s, p)[::-1]),
        ("the signs are turned, where the order should be", lambda x, w, s, p: -_correlate1d(x, w, s, p)),
        ("the stride is lost on the way", lambda x, w, s, p: _correlate1d(x, w[::-1], 1, p)),
        ("the padding is lost on the way", lambda x, w, s, p: _correlate1d(x, w[::-1], s, 0)),
    ),
    "toeplitz": (
        (
            "the kernel is turned round: T @ x should be the cross-correlation",
            lambda w, n, s, p: _matrix(w[::-1], n, s, p),
        ),
        ("this is the transpose: a row belongs to an output", lambda w, n, s, p: _matrix(w, n, s, p).T),
        ("the stride is ignored", lambda w, n, s, p: _matrix(w, n, 1, p)),
        ("the padding is ignored", lambda w, n, s, p: _matrix(w, n, s, 0)),
        (
            "what reaches over the border at the left is written at the right end: it meets zeros, leave it out",
            lambda w, n, s, p: _wrapped(w, n, s, p),
        ),
        (
            "the padding has columns of its own: only the n inputs have one",
            lambda w, n, s, p: _matrix(w, n + 2 * p, s, 0),
        ),
        ("the kernel starts in column 0 in every row: move it on", lambda w, n, s, p: _unmoved(w, n, s, p)),
    ),
    "correlate2d": (
        (
            "the kernel is turned round, in both directions: this is a convolution",
            lambda x, w, s, p: _correlate2d(x, w[::-1, ::-1], s, p),
        ),
        ("the stride is ignored", lambda x, w, s, p: _correlate2d(x, w, (1, 1), p)),
        ("the padding is ignored", lambda x, w, s, p: _correlate2d(x, w, s)),
        ("rows and columns of the stride are exchanged", lambda x, w, s, p: _correlate2d(x, w, s[::-1], p)),
        ("rows and columns of the padding are exchanged", lambda x, w, s, p: _correlate2d(x, w, s, p[::-1])),
        ("the stride of the rows is used for the columns, too", lambda x, w, s, p: _correlate2d(x, w, (s[0], s[0]), p)),
        ("the result is transposed", lambda x, w, s, p: _correlate2d(x, w, s, p).T),
        ("only the first row of the kernel is used", lambda x, w, s, p: _correlate2d(x, w * [[1], [0]], s, p)),
    ),
    "conv_layer": (
        ("the ReLU is missing", lambda x, w, b, s: _layer(x, w, b, s, cut=False)),
        ("the biases are missing", lambda x, w, b, s: _layer(x, w, b, s, bias=0)),
        ("only the first channel of the image is used", lambda x, w, b, s: _layer(x, w, b, s, channels=slice(1))),
        (
            "the bias is added once per channel of the image: once is enough",
            lambda x, w, b, s: _layer(x, w, b, s, bias=3),
        ),
        ("the stride is ignored", lambda x, w, b, s: _layer(x, w, b)),
        (
            "the bias is added after the ReLU: it comes before it",
            lambda x, w, b, s: np.maximum(_layer(x, w, b, s, cut=False, bias=0), 0) + b,
        ),
        ("the channels of the output come last", lambda x, w, b, s: np.moveaxis(_layer(x, w, b, s), -1, 0)),
        ("the kernels are turned round: this is a convolution", lambda x, w, b, s: _layer(x, w[::-1, ::-1], b, s)),
    ),
    "max_pool": (
        ("this is the mean of each window", lambda x, size, s: _pool(x, size, s, np.mean)),
        ("this is the smallest number of each window", lambda x, size, s: _pool(x, size, s, np.min)),
        ("the search starts from 0, which is larger than any negative number", _pool_from_zero),
        ("the stride is ignored", lambda x, size, s: _pool(x, size, 1)),
        ("the windows are always `size` apart: use the stride", lambda x, size, s: _pool(x, size, size)),
        ("windows that reach beyond the border are used: leave them out", _pool_partial),
        ("this is the sum of each window", lambda x, size, s: _pool(x, size, s, np.sum)),
    ),
    "count_parameters": (
        ("the biases are missing", _count(bias=False)),
        ("a kernel has as many channels as its input: k · k · channels", _count(channels=False)),
        ("each filter has a bias of its own, not each layer", _count(filters_bias=False)),
        ("a convolution without padding makes the picture smaller: by k − 1", _count(shrink=0)),
        ("pooling makes the picture smaller, in both directions", _count(pool=False)),
        ("a dense layer sees every pixel of every channel, not one number per channel", _count(dense="channels")),
        ("a dense layer sees every channel of every pixel", _count(dense="pixels")),
        ("return one number per layer, not their sum", _total),
    ),
    "receptive_field": (
        ("the field starts at the one pixel that sees itself", _sees(start=0)),
        ("a window reaches over k − 1 distances, not over k", _sees(reach=lambda k: k)),
        ("the strides are ignored: a later window steps over larger distances", _sees(jump=False)),
        ("a window steps with the distance before it, not with its own stride", _sees(after=True)),
        ("the layers are taken from the last to the first", _sees(turned=True)),
        ("return the field first, then the distance", lambda layers: _sees()(layers)[::-1]),
        (
            "distances are multiplied by the stride, not added up",
            lambda layers: (_sees()(layers)[0], 1 + sum(s - 1 for _, s in layers)),
        ),
        ("a field reaches from its first pixel to its last: count those between them, too", _sees_without_holes),
        ("return both, field and distance", lambda layers: _sees()(layers)[0]),
    ),
}


def _wrapped(w, n, s, p):
    rows = _matrix(w, n, s, p)
    for i in range(len(rows)):
        for j in range(len(w)):
            if i * s + j - p < 0:
                rows[i, i * s + j - p] = w[j]
    return rows


def _unmoved(w, n, s, p):
    rows = np.zeros((len(_matrix(w, n, s, p)), n))
    rows[:, : len(w)] = w
    return rows
