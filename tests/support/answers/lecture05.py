"""Answers to the exercises of lecture 05, What does one layer of a convolutional network compute?"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from answers import Answers


def stub(*arguments):
    raise NotImplementedError


# ---------------------------------------------------------------- 3 · feature_map(picture, kernel, b, s)


def sums(picture, kernel, down=1, right=1):
    """The sums of products at all places, by sliding windows: another way than the package's."""
    windows = sliding_window_view(picture, kernel.shape)[::down, ::right]
    return np.einsum("ijuv,uv->ij", windows, kernel)


def feature_map(picture, kernel, b, s):
    return np.maximum(sums(picture, kernel, s, s) + b, 0)


def map_from_neighbouring_windows(picture, kernel, b, s):
    rows, columns = feature_map(picture, kernel, b, s).shape
    return np.maximum(sums(picture, kernel)[:rows, :columns] + b, 0)


def map_one_row_and_column_short(picture, kernel, b, s):
    return feature_map(picture, kernel, b, s)[:-1, :-1]


def map_for_square_kernels(picture, kernel, b, s):
    h = kernel.shape[0]
    rows, columns = ((side - h) // s + 1 for side in picture.shape)
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            result[i, j] = max(np.sum(picture[i * s : i * s + h, j * s : j * s + h] * kernel) + b, 0)
    return result


def map_that_pads_the_picture(picture, kernel, b, s):
    return feature_map(np.pad(picture, 1), kernel, b, s)


def map_that_edits_the_picture(picture, kernel, b, s):
    result = feature_map(picture, kernel, b, s)
    picture[picture < 0] = 0
    return result


def map_of_whole_numbers(picture, kernel, b, s):
    """As the loop of section 3, whose sums are whole, begins: np.zeros((4, 4), int)."""
    result = np.zeros(feature_map(picture, kernel, b, s).shape, int)
    result[:] = feature_map(picture, kernel, b, s)
    return result


def map_without_return(picture, kernel, b, s):
    feature_map(picture, kernel, b, s)


# ---------------------------------------------------------------- 4 · zeros_needed(n, k, s)


def zeros_needed(n, k, s):
    zeros = 0
    while n + zeros < k or (n + zeros - k) % s:
        zeros += 1
    return zeros


def left_over(n, k, s):
    end = k
    while end + s <= n:
        end += s
    return n - end if end <= n else n


# ---------------------------------------------------------------- 5 · layer(x, w, b)


def linear(x, w, b):
    windows = sliding_window_view(x, w.shape[:2], axis=(1, 2))
    return np.einsum("nijcuv,uvck->nijk", windows, w) + b


def layer(x, w, b):
    return linear(x, w, b).clip(0)


def layer_of_the_first_channel(x, w, b):
    return layer(x[..., :1], w[:, :, :1], b)


def layer_that_pads(x, w, b):
    extra = [(size - 1) // 2 for size in w.shape[:2]], [size // 2 for size in w.shape[:2]]
    (top, left), (bottom, right) = extra
    return layer(np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0))), w, b)


def layer_of_the_first_picture(x, w, b):
    return layer(np.stack([x[0]] * len(x)), w, b)


def layer_of_the_first_kernel(x, w, b):
    return np.maximum(linear(x, w[..., :1], 0) + b, 0)


def layer_that_keeps_the_channels_apart(x, w, b):
    windows = sliding_window_view(x, w.shape[:2], axis=(1, 2))
    return np.einsum("nijcuv,uvck->nijck", windows, w).clip(0)


def layer_with_an_axis_too_few(x, w, b):
    return layer(x, w, b)[0]


def layer_that_edits_its_bias(x, w, b):
    b += 1
    return layer(x, w, b - 1)


BANK = {
    "05.output_shape": Answers(
        solution=(8, 33, 17, 100),
        stub=...,
        wrong=(
            ((8, 32, 16, 100), "rounds the half upwards"),
            ((8, 65, 33, 100), "'same' keeps the size only when the stride is 1"),
            ((8, 33, 17, 16), "the number of kernels decides how many channels go out"),
            ((8, 33, 17, 1600), "they do not multiply"),
            ((33, 17, 100), "the first axis is the batch"),
            ((8, 100, 33, 17), "channels come last"),
            ((8, 17, 33, 100), "rows come before columns"),
            ((3, 3, 16, 100), "the shape of the array of kernels"),
            ((8, 31, 15, 100), "(8, 31, 15, 100) is not it"),
            ((8, 32, 17, 100), "(8, 32, 17, 100) is not it"),
            (56_100, "56100 is not it"),
            ("(8, 33, 17, 100)", "is not it"),
        ),
    ),
    "05.parameters": Answers(
        solution=7_600 + 18_020,
        stub=...,
        wrong=(
            (7_500 + 18_000, "each kernel has one bias"),
            (7_600 + 560, "must reach through all channels of the first one's output"),
            (2_600 + 200, "a kernel has weights for each channel of its input"),
            (7_800 + 20_000, "the bias is one number per kernel"),
            (7_600, "this is the first layer alone"),
            (18_020, "this is the second layer alone"),
            (7_500 + 1 + 18_000 + 1, "as many biases as kernels"),
            (25_600, "25600 is not it"),
            (7_600 * 18_020, "is not it"),
            (0, "0 is not it"),
            ("25,620", "expected a number, received '25,620'"),
            ((7_600, 18_020), "expected a number, received (7600, 18020)"),
        ),
    ),
    "05.feature_map": Answers(
        solution=feature_map,
        stub=stub,
        wrong=(
            (lambda p, k, b, s: feature_map(p, k, b, 1), "the stride is ignored"),
            (map_from_neighbouring_windows, "the window that starts at [i * s, j * s]"),
            (lambda p, k, b, s: feature_map(p, np.rot90(k, 2), b, s), "this equals the flipped kernel"),
            (lambda p, k, b, s: feature_map(p, k, 0, s), "the bias is missing"),
            (lambda p, k, b, s: sums(p, k, s, s) + b, "ReLU is missing"),
            (lambda p, k, b, s: feature_map(p, k, 0, s) + b, "the bias is added before ReLU"),
            (lambda p, k, b, s: np.maximum(sums(p, k, s, 1) + b, 0), "columns must jump s pixels too"),
            (lambda p, k, b, s: feature_map(p, k, b * k.shape[0] * k.shape[1], s), "not to each product"),
            (map_of_whole_numbers, "make the result of floats"),
            (map_one_row_and_column_short, "expected an array of shape (2, 2), received one of shape (1, 1)"),
            (map_for_square_kernels, "your function raised ValueError"),
            (map_that_pads_the_picture, "received one of shape (3, 3)"),
            (lambda p, k, b, s: np.zeros((2, 2)), "received [[0. 0.]"),
            (lambda p, k, b, s: feature_map(p, k, b, s).sum(), "received one of shape ()"),
            (map_that_edits_the_picture, "your function changed its argument"),
            (map_without_return, "is a return missing?"),
        ),
    ),
    "05.zeros_needed": Answers(
        solution=zeros_needed,
        stub=stub,
        wrong=(
            (left_over, "this is how many pixels are left over"),
            (lambda n, k, s: k - n if n < k else s - (n - k) % s, "this adds a whole stride"),
            (lambda n, k, s: (s - n % s) % s, "the first window takes k pixels"),
            (lambda n, k, s: max(-(-n // s) * s - s + k - n, 0), "as 'same' does"),
            (lambda n, k, s: (s - (n - k) % s) % s, "must be filled up to k pixels"),
            (lambda n, k, s: (k - 1) // 2, "here the stride counts"),
            (lambda n, k, s: max(k - n, 0), "for 7, 3, 3:\nexpected 2\nreceived 0"),
            (lambda n, k, s: -(n - k + 1) % s if n >= k else k - n, "for 7, 3, 3:"),
            (lambda n, k, s: zeros_needed(n, k, 3), "for 7, 3, 2:"),
            (lambda n, k, s: zeros_needed(n, 3, s), "for 2, 5, 3:"),
            (lambda n, k, s: 2, "for 7, 3, 2:\nexpected 0\nreceived 2"),
            (lambda n, k, s: n + zeros_needed(n, k, s), "received 9"),
            (lambda n, k, s: -zeros_needed(n, k, s), "received -2"),
            (lambda n, k, s: (zeros_needed(n, k, s),), "received (2,)"),
            (lambda n, k, s: None, "is a return missing?"),
        ),
    ),
    "05.layer": Answers(
        solution=layer,
        stub=stub,
        wrong=(
            (lambda x, w, b: layer(x, np.flip(w, (0, 1)), b), "this equals the flipped kernel"),
            (linear, "ReLU is missing"),
            (lambda x, w, b: layer(x, w, 0), "the biases are missing"),
            (lambda x, w, b: layer(x, w, 0) + b, "the biases are added before ReLU"),
            (layer_of_the_first_channel, "only the first channel of the input is used"),
            (lambda x, w, b: layer(x, w / x.shape[-1], b), "the channels are averaged"),
            (lambda x, w, b: layer(x, w, b * x.shape[-1]), "the bias belongs to the kernel"),
            (layer_of_the_first_picture, "each picture of the batch has its own output"),
            (layer_of_the_first_kernel, "every kernel makes a channel of its own"),
            (layer_that_pads, "no padding is asked for"),
            (layer_that_keeps_the_channels_apart, "expected an array of shape (1, 1, 1, 2), received one of shape"),
            (layer_with_an_axis_too_few, "received one of shape (1, 1, 2)"),
            (lambda x, w, b: np.moveaxis(layer(x, w, b), -1, 1), "received one of shape (1, 2, 1, 1)"),
            (lambda x, w, b: np.zeros((1, 1, 1, 2)), "received 0; 1 of 2 numbers differ"),
            (layer_that_edits_its_bias, "your function changed its argument"),
            (lambda x, w, b: print(end=""), "is a return missing?"),
        ),
    ),
}
