"""Answers to the exercises of lecture 06, Pooling and receptive fields."""

import math

import numpy as np

from answers import Answers
from coursekit.convolution import average_pool


def stub(*arguments):
    raise NotImplementedError


# ---------------------------------------------------------------- 3 · layers_needed(pixels, kernel)


def layers_needed(pixels, kernel):
    depth, field = 0, 1
    while field < pixels:
        depth, field = depth + 1, field + kernel - 1
    return depth


# ---------------------------------------------------------------- 4 · max_pool_backward(picture, …)


def backward_by(send):
    """Return a way back in which `send(received, window, slices, number)` serves each window in turn."""

    def backward(picture, gradient, size, stride):
        received = np.zeros(picture.shape)
        for i in range(gradient.shape[0]):
            for j in range(gradient.shape[1]):
                place = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
                send(received[place], picture[place], gradient[i, j])
        return received

    return backward


def to_the_winner(received, window, number):
    received[np.unravel_index(window.argmax(), window.shape)] += number


def to_the_last_winner(received, window, number):
    rows, columns = np.nonzero(window == window.max())
    received[rows[-1], columns[-1]] += number


def to_the_winner_alone(received, window, number):
    received[np.unravel_index(window.argmax(), window.shape)] = number


def to_all_winners(received, window, number):
    received[window == window.max()] += number


def to_the_smallest(received, window, number):
    received[np.unravel_index(window.argmin(), window.shape)] += number


def evenly(received, window, number):
    received += number / window.size


def to_everyone(received, window, number):
    received += number


def times_the_pixel(received, window, number):
    to_the_winner(received, window, number * window.max())


def one_to_the_winner(received, window, number):
    to_the_winner(received, window, 1)


max_pool_backward = backward_by(to_the_winner)


def with_touching_windows(picture, gradient, size, stride):
    received = np.zeros(picture.shape)
    for i, j in np.ndindex(gradient.shape):
        place = slice(i * size, (i + 1) * size), slice(j * size, (j + 1) * size)
        if picture[place].size:
            to_all_winners(received[place], picture[place], gradient[i, j])
    return received


def in_an_array_like_the_picture(picture, gradient, size, stride):
    received = np.zeros_like(picture)  # whole numbers, as the picture is
    for i, j in np.ndindex(gradient.shape):
        place = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
        to_the_winner(received[place], picture[place], gradient[i, j])
    return received


def in_the_picture_itself(picture, gradient, size, stride):
    result = max_pool_backward(picture, gradient, size, stride)
    picture[:] = result
    return picture


# ---------------------------------------------------------------- 5 · order_error(maps, size, pooling)


def relu(x):
    return x * (x > 0)


def both_orders(maps, size, pooling, activation=relu):
    return pooling(activation(maps), size), activation(pooling(maps, size))


def order_error(maps, size, pooling):
    early, late = both_orders(maps, size, pooling)
    return max(abs(a - b) for a, b in zip(early.flat, late.flat))


def order_error_by(summary):
    """Return an answer that makes `summary(early, late)` of the two results."""
    return lambda maps, size, pooling: summary(*both_orders(maps, size, pooling))


def order_error_in_place(maps, size, pooling):
    late = relu(pooling(maps, size))
    maps[maps < 0] = 0
    return np.abs(pooling(maps, size) - late).max()


def twice_the_same_order(maps, size, pooling):
    return np.abs(pooling(relu(maps), size) - relu(pooling(relu(maps), size))).max()


def with_magnitudes(maps, size, pooling):
    early, late = both_orders(maps, size, pooling, activation=np.abs)
    return np.abs(early - late).max()


# ---------------------------------------------------------------- 6 · sees(stack, position)


def sees(stack, position):
    first = last = position
    for kernel, stride, padding in reversed(stack):
        first, last = first * stride - padding, last * stride - padding + kernel - 1
    return first, last


def sees_with(change):
    """Return the answer that is right for layers changed by `change(kernel, stride, padding)`."""
    return lambda stack, position: sees([change(*layer) for layer in stack], position)


def sees_forwards(pad, grow):
    """Return an answer whose padding moves by `pad(padding, jump, stride)` and whose size grows by `grow`."""

    def answer(stack, position):
        size, jump, first = 1, 1, 0
        for kernel, stride, padding in stack:
            first -= pad(padding, jump, stride)
            size += grow(kernel, jump, stride)
            jump *= stride
        return first + position * jump, first + position * jump + size - 1

    return answer


def padded(padding, jump, stride):
    return padding * jump


def grown(kernel, jump, stride):
    return (kernel - 1) * jump


def sees_of_output_0_and_one_pixel_each(stack, position):
    first, last = sees(stack, 0)
    return first + position, last + position


BANK = {
    "06.pooled_shape": Answers(
        solution=(27, 27, 96),
        stub=...,
        wrong=(
            ((18, 18, 96), "only where nothing is said does it equal the window"),
            ((28, 28, 96), 'this is what "same" gives'),
            ((27, 27, 48), "their number stays"),
            ((27, 27, 1), "by itself and mixes none"),
            ((26, 26, 96), "one more than the number of steps"),
            ((53, 53, 96), "that would be stride 1"),
            ((27, 27), "name the channels, too"),
            ((96, 27, 27), "channels come last here"),
            ((27.5, 27.5, 96), "(27.5, 27.5, 96) is not it"),
            ((55, 55, 96), "(55, 55, 96) is not it"),
            (27, "27 is not it"),
            ("27×27×96", "'27×27×96' is not it"),
        ),
    ),
    "06.resnet_field": Answers(
        solution=27,
        stub=...,
        wrong=(
            (13, "as if all strides were 1"),
            (37, "that is the jump *before* its own stride"),
            (19, "count both convolutions behind the pooling"),
            (38, "neighbouring fields overlap"),
            (15, "the pooling counts like any other window"),
            (23, "its window widens the field, too"),
            (4, "this is the jump"),
            (26, "the field starts at one pixel"),
            (729, "this is its area"),
            (11, "11 is not it"),
            (28, "28 is not it"),
            (0, "0 is not it"),
            ([27, 27], "expected a number, received [27, 27]"),
        ),
    ),
    "06.layers_needed": Answers(
        solution=layers_needed,
        stub=stub,
        wrong=(
            (lambda pixels, kernel: int((pixels - 1) / (kernel - 1)), "this rounds down"),
            (lambda pixels, kernel: math.ceil(pixels / kernel), "neighbouring fields overlap"),
            (lambda pixels, kernel: math.ceil(pixels / (kernel - 1)), "the field starts at 1 pixel"),
            (lambda pixels, kernel: pixels // kernel, "for 7, 3:\nexpected 3\nreceived 2"),
            (lambda pixels, kernel: layers_needed(pixels, 3), "a kernel of 3, whatever is given"),
            (lambda pixels, kernel: math.ceil((pixels - 1) / (kernel - 1) / 2), "not on each side"),
            (lambda pixels, kernel: (pixels - 1) / (kernel - 1), "a number of layers is whole"),
            (lambda pixels, kernel: round((pixels - 1) / (kernel - 1)), "not to the nearest"),
            (lambda pixels, kernel: max(1, layers_needed(pixels, kernel)), "a single pixel is seen without any layer"),
            (lambda pixels, kernel: 0, "for 7, 3:\nexpected 3\nreceived 0"),
            (
                lambda pixels, kernel: 1 + layers_needed(pixels, kernel) * (kernel - 1),
                "for 7, 3:\nexpected 3\nreceived 7",
            ),
            (lambda pixels, kernel: print(end=""), "is a return missing?"),
            (3, "expected a function"),
        ),
    ),
    "06.max_pool_backward": Answers(
        solution=max_pool_backward,
        stub=stub,
        wrong=(
            (backward_by(evenly), "the way back through average pooling"),
            (backward_by(to_everyone), "every pixel of a window gets the gradient"),
            (backward_by(to_all_winners), "yours all get the gradient"),
            (backward_by(to_the_last_winner), "yours is the last"),
            (backward_by(to_the_winner_alone), "the *sum* of their gradients"),
            (backward_by(one_to_the_winner), "but forgets the gradient"),
            (backward_by(times_the_pixel), "multiplies the gradient by the pixel"),
            (backward_by(to_the_smallest), "the smallest pixel of each window"),
            (with_touching_windows, "the stride is not the size here"),
            (in_an_array_like_the_picture, "an array of whole numbers cuts them off"),
            (in_the_picture_itself, "your function changed its argument"),
            (
                lambda picture, gradient, size, stride: gradient,
                "expected an array of shape (2, 2), received one of shape (1, 1)",
            ),
            (
                lambda picture, gradient, size, stride: np.zeros(picture.shape),
                "expected [[0. 7.]\n [0. 0.]]\nreceived [[0. 0.]\n [0. 0.]]",
            ),
            (lambda picture, gradient, size, stride: None, "is a return missing?"),
        ),
    ),
    "06.order_error": Answers(
        solution=order_error,
        stub=stub,
        wrong=(
            (twice_the_same_order, "this is always 0"),
            (lambda maps, size, pooling: order_error(maps, size, average_pool), "call `pooling`"),
            (order_error_by(lambda early, late: np.mean(np.abs(early - late))), "the mean of the differences"),
            (order_error_by(lambda early, late: np.sum(np.abs(early - late))), "adds the differences up"),
            (order_error_by(lambda early, late: np.max(late - early)), "take absolute values first"),
            (
                lambda maps, size, pooling: np.abs(pooling(relu(maps), size) - pooling(maps, size)).max(),
                "the second result lacks its ReLU",
            ),
            (
                lambda maps, size, pooling: np.abs(pooling(maps, size) - relu(pooling(maps, size))).max(),
                "the first result lacks its ReLU",
            ),
            (with_magnitudes, "this takes magnitudes"),
            (lambda maps, size, pooling: order_error(maps, 2, pooling), "windows of 2, whatever `size` is given"),
            (order_error_by(lambda early, late: abs(early.max() - late.max())), "compare place by place"),
            (order_error_in_place, "your function changed its argument"),
            (order_error_by(lambda early, late: np.abs(early - late)), "received an array"),
            (order_error_by(np.array_equal), "received False"),
            (lambda maps, size, pooling: print(end=""), "is a return missing?"),
            (0.75, "expected a function"),
        ),
    ),
    "06.sees": Answers(
        solution=sees,
        stub=stub,
        wrong=(
            (lambda stack, position: (sees(stack, position)[0], sees(stack, position)[1] + 1), "not the one after it"),
            (lambda stack, position: sees(stack, 0), "this is the field of output 0"),
            (sees_of_output_0_and_one_pixel_each, "a whole jump apart, not one pixel"),
            (sees_with(lambda kernel, stride, padding: (kernel, stride, 0)), "and you left it out"),
            (sees_with(lambda kernel, stride, padding: (kernel, stride, -padding)), "not to the right"),
            (sees_forwards(lambda padding, jump, stride: padding, grown), "whose places are a jump apart"),
            (
                sees_forwards(lambda padding, jump, stride: padding * jump * stride, grown),
                "use the jump before its stride",
            ),
            (
                sees_forwards(padded, lambda kernel, jump, stride: (kernel - 1) * jump * stride),
                "the window steps with the jump before its own stride",
            ),
            (sees_with(lambda kernel, stride, padding: (kernel, 1, padding)), "you left the strides out"),
            (sees_forwards(padded, lambda kernel, jump, stride: kernel * jump), "a layer adds kernel − 1 jumps"),
            (
                lambda stack, position: (max(0, sees(stack, position)[0]), sees(stack, position)[1]),
                "a negative pixel number means padding",
            ),
            (lambda stack, position: sees(stack[::-1], position), "the one next to the picture"),
            (
                lambda stack, position: sees(stack, position)[1] - sees(stack, position)[0] + 1,
                "expected (-1, 1)\nreceived 3",
            ),
            (lambda stack, position: (0, 0), "expected (-1, 1)\nreceived (0, 0)"),
            (lambda stack, position: print(end=""), "is a return missing?"),
        ),
    ),
}
