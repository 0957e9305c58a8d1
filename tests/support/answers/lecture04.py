"""Answers to the exercises of lecture 04, Edge filters."""

import numpy as np

from answers import Answers


def stub(*arguments):
    raise NotImplementedError


# ---------------------------------------------------------------- 3 · separable(image, column, row)


def slide(image, height, width, answer):
    """Return answer(window) for each window of an image, as an array."""
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    return np.array([[answer(image[i : i + height, j : j + width]) for j in range(columns)] for i in range(rows)])


def separable(image, column, row):
    across = slide(image, 1, len(row), lambda window: window[0] @ row)
    return slide(across, len(column), 1, lambda window: window[:, 0] @ column)


def separable_flipped(image, column, row):
    return separable(image, column[::-1], row[::-1])


def separable_padded(image, column, row):
    ends = [((n - 1) // 2, n - 1 - (n - 1) // 2) for n in (len(column), len(row))]
    return separable(np.pad(image, ends), column, row)


def separable_with_all_zeros_around(image, column, row):
    return separable(np.pad(image, [(len(column) - 1,) * 2, (len(row) - 1,) * 2]), column, row)


def separable_added(image, column, row):
    across = slide(image, 1, len(row), lambda window: window[0] @ row)
    down = slide(image, len(column), 1, lambda window: window[:, 0] @ column)
    return across[len(column) - 1 :] + down[:, len(row) - 1 :]


def separable_that_edits_its_image(image, column, row):
    result = separable(image, column, row)
    image[: result.shape[0], : result.shape[1]] = 0
    return result


def separable_one_short(image, column, row):
    return separable(image, column, row)[:-1]


def separable_for_squares(image, column, row):
    return separable(image, column[:2], row[:2])


# ---------------------------------------------------------------- 4 · preferred_orientation


def components(orientations, responses, times=2):
    turns = times * np.deg2rad(orientations)
    return np.dot(responses, np.sin(turns)), np.dot(responses, np.cos(turns))


def preferred(orientations, responses):
    return np.rad2deg(np.arctan2(*components(orientations, responses))) % 360 / 2


def preferred_by_mean(orientations, responses):
    return np.average(orientations, weights=responses)


def preferred_without_doubling(orientations, responses):
    return np.rad2deg(np.arctan2(*components(orientations, responses, times=1))) % 180


def preferred_negative(orientations, responses):
    return np.rad2deg(np.arctan2(*components(orientations, responses))) / 2


def preferred_by_degrees(orientations, responses):
    sine, cosine = responses @ np.sin(2 * orientations), responses @ np.cos(2 * orientations)
    return np.rad2deg(np.arctan2(sine, cosine)) / 2 % 180


def preferred_by_arctan(orientations, responses):
    sine, cosine = components(orientations, responses)
    return np.rad2deg(np.arctan(sine / cosine)) / 2 % 180


def preferred_at_right_angles(orientations, responses):
    return (preferred(orientations, responses) + 90) % 180


def preferred_that_normalises_in_place(orientations, responses):
    responses /= 2 * responses.sum()
    return preferred(orientations, responses)


BANK = {
    "04.ramp": Answers(
        solution=np.array([12, -30, 0, 40]),
        stub=...,
        wrong=(
            ([12, 30, 0, 40], "VERTICAL_EDGE has its positive column on the left"),
            ([-12, 30, 0, -40], "kernels are not flipped here"),
            ([30, -12, 0, 16], "a horizontal edge is a change from top to bottom"),
            ([6, -15, 0, 20], "are two steps apart"),
            ([4, -10, 0, 10], "add up all three"),
            ([12, -30, 0, 30], "the middle row of SOBEL_X counts twice"),
            ([12, -30, 7, 40], "on an even slope these balance"),
            ([6, -15, 7, 20], "the neighbours on both sides count"),
            ([0, 0, 0, 0], "not right yet: HORIZONTAL_EDGE, VERTICAL_EDGE, SOBEL_X"),
            ([12, -30, 0, -40], "not right yet: SOBEL_X"),
            ([12, -30, 0], "expected a list of four numbers"),
            ("12, -30, 0, 40", "expected a list of four numbers"),
        ),
    ),
    "04.diagonal": Answers(
        solution=np.array([[-2, -1, 4], [-1, 2, -1], [2, -1, -2]]),
        stub=...,
        wrong=(
            ([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]], "the first row of a kernel is the upper one"),
            ([[0, 0, 1], [0, 1, 0], [1, 0, 0]], "an even area of brightness 1 gives 3"),
            ([[1, 1, -2], [1, -2, 1], [-2, 1, 1]], "this kernel answers to dark lines"),
            ([[1, 1, 0], [1, 0, -1], [0, -1, -1]], "every line through the centre gives 0"),
            ([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], "a line — gives 6, more than half"),
            ([[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]], "a line / through the centre gives 0"),
            ([[-1, 1, 0], [-1, 2, -1], [1, 1, -2]], "a line | gives 4, more than half"),
            ([[0, 0, 0]] * 3, "a kernel of zeros"),
            ([[-1, 1], [1, -1]], "expected 3 x 3 numbers"),
            ([[-1, -1, 2], [-1, 2], [2]], "expected 3 x 3 numbers"),
            ([-1, -1, 2, -1, 2, -1, 2, -1, -1], "expected 3 x 3 numbers"),
            ("/", "expected 3 x 3 numbers"),
        ),
    ),
    "04.separable": Answers(
        solution=separable,
        stub=stub,
        wrong=(
            (lambda image, column, row: separable(image, row, column), "column and row are exchanged"),
            (separable_flipped, "this is a convolution"),
            (lambda image, column, row: separable(image, [1], row), "the pass along the rows alone"),
            (lambda image, column, row: separable(image, column, [1]), "the pass down the columns alone"),
            (separable_padded, "this is padded to the size of the picture"),
            (separable_added, "you add two passes over the picture"),
            (separable_with_all_zeros_around, "expected an array of shape (1, 1), received one of shape (3, 3)"),
            (separable_one_short, "received one of shape (0, 1)"),
            (separable_for_squares, "expected an array of shape (2, 4), received one of shape (3, 4)"),
            (lambda image, column, row: np.zeros_like(separable(image, column, row)), "received [[0]]"),
            (separable_that_edits_its_image, "your function changed its argument"),
            (lambda image, column, row: None, "is a return missing?"),
            (lambda image, kernel: image, "your function raised TypeError"),
            (np.ones((3, 3)), "expected a function"),
        ),
    ),
    "04.preferred_orientation": Answers(
        solution=preferred,
        stub=stub,
        wrong=(
            (preferred_by_mean, "this is an ordinary mean"),
            (preferred_without_doubling, "double the angles first"),
            (lambda orientations, responses: 2 * preferred(orientations, responses), "halve the direction"),
            (lambda orientations, responses: orientations[np.argmax(responses)], "use all of them"),
            (lambda orientations, responses: preferred(orientations, responses > 0), "weigh them with the responses"),
            (lambda orientations, responses: np.deg2rad(preferred(orientations, responses)), "this is in radians"),
            (preferred_negative, "bring negative ones there with % 180"),
            (preferred_by_degrees, "take radians"),
            (preferred_by_arctan, "take np.arctan2(y, x)"),
            (preferred_at_right_angles, "expected 0 degrees, received 90"),
            (lambda orientations, responses: 0.0, "expected 22.5 degrees, received 0"),
            (lambda orientations, responses: [preferred(orientations, responses)], "expected one number in degrees"),
            (preferred_that_normalises_in_place, "your function changed its argument"),
            (lambda orientations, responses: None, "is a return missing?"),
            (90, "expected a function"),
        ),
    ),
}
