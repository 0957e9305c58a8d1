"""Questions on lecture 04, Edge filters."""

import math

import numpy as np

from coursekit import filters
from coursekit.convolution import correlate2d
from coursekit.grading.quiz.items import choice, inline, item, number, only, plain, written


def _step(dice):
    """Return two different brightnesses, whole numbers."""
    dark = dice.integer(1, 9)
    return dark, dark + dice.integer(2, 12)


@item("04")
def answer_to_a_step(dice):
    (low, high), upright, first = _step(dice), dice.integer(0, 1), dice.integer(0, 1)
    a, b = (low, high) if first else (high, low)
    kernel = filters.VERTICAL_EDGE if upright else filters.HORIZONTAL_EDGE
    patch = np.repeat([a, a, b, b], 4).reshape(4, 4)
    patch = patch.T if upright else patch
    found, other = correlate2d(patch, kernel)[0, 0], correlate2d(patch, kernel.T)[0, 0]
    before, after = ("left", "right") if upright else ("upper", "lower")
    return (
        f"The kernel{written(kernel)}lies on an edge: under its {before} three weights the brightness is "
        f"{a}, under its {after} three it is {b}. What does it answer (correlation, no flip)?",
        number(
            found,
            {
                "look at the signs of the weights": -found,
                "three pixels lie on each side": found / 3,
                "that is the answer of the other direction": other,
                "subtract, do not add": 3 * (a + b),
            },
        ),
        f"The middle counts with 0. ({plain(kernel[0, 0])}) · 3 · {a} + ({plain(kernel[2, 2])}) · 3 · "
        f"{b} = {plain(found)}.",
    )


@item("04")
def all_edges_beside_a_step(dice):
    (dark, bright), side = _step(dice), dice.integer(0, 1)
    patch = np.repeat([dark, dark, bright, bright], 3).reshape(4, 3)
    answers = correlate2d(patch, filters.ALL_EDGES)[:, 0]
    found, where = answers[side], ("dark", "bright")[side]
    own, across = (dark, bright) if side == 0 else (bright, dark)
    return (
        f"Above a horizontal edge the brightness is {dark}, below it is {bright}. The kernel has 8 in "
        "its centre and −1 at the eight other places. What does it answer where its centre lies on the "
        f"{where} side, right at the edge?",
        number(
            found,
            {
                "the sign is that of the other side": -found,
                "only three neighbours lie across": found * 2,
                "three neighbours lie across the edge, not one": found / 3,
                "only evenly bright areas give 0": 0,
            },
        ),
        f"Five neighbours are {own}, three are {across}: 8 · {own} − (5 · {own} + 3 · {across}) = {plain(found)}.",
    )


@item("04")
def which_keeps_brightness(dice):
    wanted = dice.integer(0, 1)
    while True:
        kernels = [np.array(dice.table(3, 3, -4, 6)) for _ in range(4)]
        sums = [int(kernel.sum()) for kernel in kernels]
        if wanted in sums and len(set(sums)) == 4 and 1 - wanted not in sums:
            break
    even = np.full((3, 3), 7)
    thoughts = {inline(kernel): f"its weights add up to {plain(total)}" for kernel, total in zip(kernels, sums)}
    arrays = dict(zip(thoughts, kernels))
    right, wrong = only(thoughts, lambda text: correlate2d(even, arrays[text])[0, 0] == 7 * wanted)
    what = ("answers 0 wherever the picture is evenly bright", "leaves evenly bright areas as they are")[wanted]
    return (
        f"Which of these kernels {what}?",
        choice(right, wrong),
        "To an even brightness c a kernel answers c times the sum of its weights. Only the weights of "
        f"{right} add up to {wanted}.",
    )


@item("04")
def noise_after_a_mean(dice):
    n, left = dice.one_of((3, 5, 7, 9)), dice.integer(1, 12)
    noise = n * left
    found = round(noise * math.sqrt(np.sum(np.full((n, n), 1 / n**2) ** 2)), 9)
    return (
        f"Independent noise in every pixel has the standard deviation {noise}. Each pixel is replaced by "
        f"the mean of the {n} × {n} pixels around it. What is the standard deviation of the noise then?",
        number(
            found,
            {
                "divide by the root of the number of pixels": noise / n**2,
                "a mean makes it smaller": noise,
                "that is its variance": (noise / n) ** 2,
                "it gets smaller, not larger": noise * n,
            },
        ),
        f"The root of the sum of squared weights: √({n * n} · (1/{n * n})²) = 1/{n}, and {noise} / {n} = "
        f"{plain(found)}.",
    )


@item("04")
def noise_after_sharpening(dice):
    centre, neighbour = dice.one_of(((3, 2), (6, 4), (5, 6), (15, 4), (8, 3), (9, 6), (12, 8), (21, 10)))
    noise = dice.integer(1, 6)
    kernel = np.array([[0, -neighbour, 0], [-neighbour, centre, -neighbour], [0, -neighbour, 0]])
    found = round(noise * math.sqrt(np.sum(kernel**2)), 9)
    return (
        f"Independent noise has the standard deviation {noise} in every pixel. What is its standard "
        f"deviation behind this kernel?{written(kernel)}",
        number(
            found,
            {
                "squares have no sign: all add": noise * (centre - 4 * neighbour),
                "take the root of the sum of squares": noise * np.sum(kernel**2),
                "independent noise adds in squares": noise * np.abs(kernel).sum(),
                "all four neighbours count": noise * math.hypot(centre, neighbour),
            },
        ),
        f"√({centre}² + 4 · {neighbour}²) = √{centre**2 + 4 * neighbour**2} = {plain(found / noise)}, "
        f"times {noise} is {plain(found)}.",
    )


@item("04")
def steepness_by_sobel(dice):
    steep = dice.shuffled(dice.one_of(((3, 4), (6, 8), (5, 12), (8, 15), (9, 12), (20, 21), (7, 24))))
    a, b = (slope * dice.one_of((-1, 1)) for slope in steep)
    rows, columns = np.mgrid[0:3, 0:3]
    ramp = a * columns + b * rows
    g_x, g_y = (int(correlate2d(ramp, kernel)[0, 0]) for kernel in (filters.SOBEL_X, filters.SOBEL_Y))
    found = round(math.hypot(g_x / 8, g_y / 8), 9)
    return (
        f"Sobel's two kernels (weights −1, 0, 1 and −2, 0, 2) answer {plain(g_x)} to the right and "
        f"{plain(g_y)} downwards. How steep is the brightness there, in units per pixel, in its steepest direction?",
        number(
            found,
            {
                "a Sobel response is 8 times the slope": found * 8,
                "slopes add in squares": abs(a) + abs(b),
                "take the root": a * a + b * b,
                "both directions count": max(abs(a), abs(b)),
                "divide by 8, not by 4: the difference spans 2 pixels": found * 2,
            },
        ),
        f"The slopes are {plain(g_x)} / 8 = {plain(a)} and {plain(g_y)} / 8 = {plain(b)}: "
        f"√({abs(a)}² + {abs(b)}²) = {plain(found)}.",
    )


@item("04")
def direction_by_sobel(dice):
    size = dice.integer(1, 20)
    right, down = dice.one_of(((1, -1), (0, -1), (-1, -1), (-1, 1), (0, 1), (1, 1)))
    found = round(math.degrees(math.atan2(-down * size, right * size))) % 360
    return (
        f"The slope of the brightness is {plain(right * size)} to the right and {plain(down * size)} "
        "downwards. Towards which direction does it get brighter? Angles run counter-clockwise from the "
        "right, as one sees the picture.",
        choice(
            f"{found}°",
            {
                "rows count downwards: change the sign of the second": f"{-found % 360}°",
                "this points to where it gets darker": f"{(found + 180) % 360}°",
                "0° is to the right, not at the top": f"{(found - 90) % 360}°",
                "0° is to the right, not at the bottom": f"{(found + 90) % 360}°",
            },
        ),
        f"atan2(−({plain(down * size)}), {plain(right * size)}) = {found}°.",
    )


@item("04")
def cost_of_a_separable_kernel(dice):
    height, width = dice.integer(3, 30), dice.integer(31, 60)
    found = np.ones((height, 1)).size + np.ones((1, width)).size
    return (
        f"A kernel of {height} × {width} weights is the product of a column and a row. How many "
        "multiplications a pixel does it take with two passes, first the row, then the column?",
        number(
            found,
            {
                "that is one pass with the whole kernel": height * width,
                "both passes count": width,
                "add the two passes": 2 * height * width,
                "each pass is as long as its line": 2 * width,
            },
        ),
        f"{width} for the row and {height} for the column: {found} instead of {plain(height * width)}.",
    )


@item("04")
def which_is_separable(dice):
    column, row = dice.integers(2, 2, 5, different=True), dice.integers(3, 1, 5, different=True)
    good = np.outer(column, row)
    kernels = [good]
    while len(kernels) < 4:
        other = good.copy()
        other[dice.integer(0, 1), dice.integer(0, 2)] += dice.one_of((-1, 1, 2))
        if all((other != one).any() for one in kernels):
            kernels.append(other)
    arrays = {inline(kernel): kernel for kernel in kernels}
    thoughts = {
        text: "its rows " + " and ".join(map(written, kernel)) + " are no multiples of each other"
        for text, kernel in arrays.items()
    }
    right, wrong = only(thoughts, lambda text: np.linalg.matrix_rank(arrays[text]) == 1)
    return (
        "Which of these kernels is separable, the product of a column and a row?",
        choice(right, wrong),
        f"In {right} one row is a multiple of the other: the column {written(column)} times the row "
        f"{written(row)}. It has rank 1.",
    )
