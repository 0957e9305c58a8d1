"""Answers to the exercises of lecture 03, How can a handful of numbers look at a whole picture?"""

import numpy as np

from answers import Answers


def stub(*arguments):
    raise NotImplementedError


# ---------------------------------------------------------------- 3 · shift_zero(picture, down, right)


def shift_zero(picture, down, right):
    height, width = picture.shape
    return np.array(
        [
            [
                picture[i - down, j - right] if 0 <= i - down < height and 0 <= j - right < width else 0
                for j in range(width)
            ]
            for i in range(height)
        ]
    )


def shift_that_clamps(picture, down, right):
    height, width = picture.shape
    rows, columns = np.arange(height) - down, np.arange(width) - right
    return picture[np.clip(rows, 0, height - 1)][:, np.clip(columns, 0, width - 1)]


def shift_with_slices(picture, down, right):
    """Right only where both numbers are positive and smaller than the picture."""
    result = np.zeros_like(picture)
    result[down:, right:] = picture[:-down, :-right]
    return result


def shift_that_reads_from_the_other_end(picture, down, right):
    """Negative indices are legal in NumPy, and mean something else."""
    result = np.zeros_like(picture)
    for i in range(picture.shape[0]):
        for j in range(picture.shape[1]):
            if i - down < picture.shape[0] and j - right < picture.shape[1]:
                result[i, j] = picture[max(i - down, -picture.shape[0]), max(j - right, -picture.shape[1])]
    return result


def shift_that_edits_the_picture(picture, down, right):
    picture[:] = shift_zero(picture, down, right)
    return picture


def shift_of_squares_only(picture, down, right):
    size = len(picture)
    return shift_zero(picture[:size, :size], down, right)


def shift_that_enlarges(picture, down, right):
    return np.pad(picture, ((max(down, 0), 0), (max(right, 0), 0)))


# ---------------------------------------------------------------- 4 · correlate_same(picture, kernel)


def padded(picture, kernel, mode="constant"):
    return np.pad(picture, [(size // 2, size // 2) for size in kernel.shape], mode)


def sums(picture, kernel, shape):
    """The loop over an output of `shape`."""
    height, width = kernel.shape
    return np.array(
        [[np.sum(picture[i : i + height, j : j + width] * kernel) for j in range(shape[1])] for i in range(shape[0])]
    )


def correlate_same(picture, kernel):
    return sums(padded(picture, kernel), kernel, picture.shape)


def correlate_valid(picture, kernel):
    return sums(picture, kernel, [max(0, p - k + 1) for p, k in zip(picture.shape, kernel.shape)])


def correlate_full(picture, kernel):
    around = np.pad(picture, [(size - 1, size - 1) for size in kernel.shape])
    return sums(around, kernel, [p + k - 1 for p, k in zip(picture.shape, kernel.shape)])


def correlate_padded_after(picture, kernel):
    return sums(np.pad(picture, [(0, size - 1) for size in kernel.shape]), kernel, picture.shape)


def correlate_with_one_padding_for_both_axes(picture, kernel):
    around = np.pad(picture, kernel.shape[0] // 2)
    return sums(around, kernel, [p - k + 1 for p, k in zip(around.shape, kernel.shape)])


def correlate_three_by_three(picture, kernel):
    return sums(np.pad(picture, 1), kernel[:3, :3], picture.shape)


def correlate_without_the_last_row(picture, kernel):
    result = correlate_same(picture, kernel)
    result[-1] = 0
    return result


def correlate_into_a_copy_of_the_picture(picture, kernel):
    result = picture.copy()
    inner = correlate_valid(picture, kernel)
    above, beside = kernel.shape[0] // 2, kernel.shape[1] // 2
    result[above : above + inner.shape[0], beside : beside + inner.shape[1]] = inner
    return result


def correlate_that_turns_the_kernel_in_place(picture, kernel):
    kernel[:] = kernel[::-1, ::-1].copy()
    return correlate_same(picture, kernel[::-1, ::-1])


# ---------------------------------------------------------------- 5 · equivariance_error(layer, picture, …)


def roll(array, *by):
    return np.roll(np.roll(array, by[0], axis=0), by[1], axis=1)


def equivariance_error(layer, picture, down, right):
    return float(np.max(np.abs(roll(layer(picture), down, right) - layer(roll(picture, down, right)))))


def error_of(measure):
    """Return an answer that makes `measure` of the outputs after and before."""
    return lambda layer, picture, down, right: measure(
        layer(roll(picture, down, right)), roll(layer(picture), down, right)
    )


def error_with_shift_zero(layer, picture, down, right):
    after = layer(shift_zero(picture, down, right))
    return np.abs(after - shift_zero(layer(picture), down, right)).max()


def error_that_rolls_flat(layer, picture, down, right):
    return np.abs(layer(np.roll(picture, (down, right))) - np.roll(layer(picture), (down, right))).max()


def error_that_shifts_in_place(layer, picture, down, right):
    before = roll(layer(picture), down, right)
    picture[:] = roll(picture, down, right)
    return np.abs(layer(picture) - before).max()


BANK = {
    "03.by_hand": Answers(
        solution=[[4, 3, 2], [4, 3, 4]],
        stub=...,
        wrong=(
            ([[3, 2, 1], [2, 3, 0]], "the kernel is turned by 180° here"),
            ([[3, 2, 1], [5, 3, 3]], "rows and columns of the kernel are exchanged"),
            ([[4, 4], [3, 3], [2, 4]], "rows and columns of the output are exchanged"),
            ([[4, 3, 2, 2], [4, 3, 4, 1], [0, 4, 2, 2]], "the output is as large as the picture"),
            (
                [[-1, -1, 2, -1, 1], [-3, 4, 3, 2, 2], [0, 4, 3, 4, 1], [0, 0, 4, 2, 2]],
                "the output is larger than the picture",
            ),
            ([[6, 7, 2], [8, 5, 6]], "its product is taken away, not added"),
            ([[7, 5, 3], [6, 6, 4]], "these are the sums of the windows"),
            ([[4, 2]], "the window moves by one pixel at a time"),
            ([[4, 3, 2], [4, 3, 3]], "[[4, 3, 2], [4, 3, 3]] is not it"),
            ([4, 3, 2, 4, 3, 4], "is not it"),
            (np.zeros((2, 3)), "is not it"),
            ("4 3 2 / 4 3 4", "is not it"),
        ),
    ),
    "03.border_outputs": Answers(
        solution=2 * 3 * 102 + 2 * 3 * 96,
        stub=...,
        wrong=(
            (1_224, "the pixels in the corners are counted twice"),
            (1_152, "the corners are missing"),
            (9_216, "these are the outputs that do not depend"),
            (1_568, "reaches three pixels beyond its middle, not four"),
            (404, "as deep as the window reaches beyond its middle"),
            (612, "the picture has four sides"),
            (1_260, "these are the invented pixels"),
            (2_304, "not by six"),
            (10_404, "10404 is not it"),
            (49, "49 is not it"),
            (0.114, "0.114 is not it"),
            ("1,188", "expected a number, received '1,188'"),
        ),
    ),
    "03.shift_zero": Answers(
        solution=shift_zero,
        stub=stub,
        wrong=(
            (roll, "what leaves comes in again on the other side"),
            (lambda picture, down, right: shift_zero(picture, -down, -right), "this moves up and left"),
            (lambda picture, down, right: shift_zero(picture, right, down), "down counts rows"),
            (shift_that_clamps, "the border is repeated"),
            (lambda picture, down, right: shift_zero(picture, abs(down), abs(right)), "negative numbers shift"),
            (lambda picture, down, right: shift_zero(picture, down, 0), "this moves down only"),
            (shift_with_slices, "your function raised ValueError"),
            (shift_that_reads_from_the_other_end, "expected [[0 0]\n [1 2]]\nreceived [[3 4]\n [1 2]]"),
            (lambda picture, down, right: shift_zero(picture.astype(int), down, right), "received [[0 0 9 9 6]"),
            (shift_that_edits_the_picture, "your function changed its argument"),
            (shift_of_squares_only, "expected an array of shape (4, 5), received one of shape (4, 4)"),
            (shift_that_enlarges, "expected an array of shape (2, 2), received one of shape (3, 2)"),
            (lambda picture, down, right: np.zeros_like(picture), "received [[0 0]\n [0 0]]"),
            (lambda picture, down, right: None, "is a return missing?"),
        ),
    ),
    "03.correlate_same": Answers(
        solution=correlate_same,
        stub=stub,
        wrong=(
            (lambda picture, kernel: correlate_same(picture, kernel[::-1, ::-1]), "the kernel is turned by 180°"),
            (lambda picture, kernel: correlate_same(picture, kernel.T), "rows and columns of the kernel are exchanged"),
            (correlate_valid, "padding is missing"),
            (correlate_full, "the output is larger than the picture"),
            (
                lambda picture, kernel: sums(padded(picture, kernel, "symmetric"), kernel, picture.shape),
                "the border is mirrored",
            ),
            (
                lambda picture, kernel: sums(padded(picture, kernel, "wrap"), kernel, picture.shape),
                "the picture starts again beyond its border",
            ),
            (lambda picture, kernel: correlate_same(picture, kernel) / kernel.size, "this is the mean"),
            (correlate_padded_after, "all zeros lie on one side"),
            (correlate_with_one_padding_for_both_axes, "expected an array of shape (1, 3), received"),
            (correlate_three_by_three, "expected [["),
            (correlate_without_the_last_row, "received [[0 0 0]]"),
            (correlate_into_a_copy_of_the_picture, "expected [[4 7 2]]\nreceived [[1 7 3]]"),
            (correlate_that_turns_the_kernel_in_place, "your function changed its argument"),
            (lambda picture, kernel: picture * kernel, "your function raised ValueError"),
            (lambda picture, kernel: np.zeros(picture.shape), "received [[0. 0. 0.]]"),
        ),
    ),
    "03.equivariance_error": Answers(
        solution=equivariance_error,
        stub=stub,
        wrong=(
            (error_of(lambda after, before: np.abs(after - before).mean()), "this is the mean"),
            (error_of(lambda after, before: (after - before).max()), "a large negative difference"),
            (error_of(lambda after, before: abs(after.max() - before.max())), "compare place by place"),
            (lambda layer, picture, down, right: equivariance_error(layer, picture, right, down), "down counts rows"),
            (
                lambda layer, picture, down, right: np.abs(layer(roll(picture, down, right)) - layer(picture)).max(),
                "the output of the picture has to be shifted too",
            ),
            (
                lambda layer, picture, down, right: np.abs(
                    layer(roll(picture, down, right)) - roll(layer(picture), -down, -right)
                ).max(),
                "in the opposite direction",
            ),
            (lambda layer, picture, down, right: equivariance_error(layer, picture, down, 0), "this moves down only"),
            (error_of(lambda after, before: np.abs(after - before).sum()), "this is the sum"),
            (error_with_shift_zero, "expected "),
            (error_that_rolls_flat, "runs all rows together"),
            (error_that_shifts_in_place, "your function changed its argument"),
            (error_of(np.allclose), "expected 0.0\nreceived True"),
            (error_of(lambda after, before: np.abs(after - before)), "received [["),
            (lambda layer, picture, down, right: 0.0, "multiplies row i by i"),
            (lambda layer, picture, down, right: layer(picture, down, right), "your function raised TypeError"),
        ),
    ),
}
