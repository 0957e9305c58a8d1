"""Questions on lecture 03, Convolution of images."""

import numpy as np

from coursekit import convolution, counting, shapes
from coursekit.grading.quiz.items import choice, inline, item, number, only, plain, shape, written
from coursekit.specs import Conv, Dense, Flatten, Input


def _sizes(dice):
    """Return the shapes of a picture and a kernel, neither of them square."""
    rows = dice.integer(9, 40)
    height = dice.integer(2, 5)
    return (rows, rows + dice.integer(1, 20)), (height, height + dice.integer(1, 3))


def _mapped(sizes, kernel, padding="valid", stride=1):
    return tuple(shapes.output_size(n, k, stride, padding) for n, k in zip(sizes, kernel))


def _picture_and_kernel(dice):
    """Return a picture (4, 4), a kernel (2, 2), both results, all asymmetric."""
    while True:
        image, kernel = np.array(dice.table(4, 4, 0, 5)), np.array(dice.table(2, 2, -3, 3, different=True))
        slid, flipped = convolution.correlate2d(image, kernel), convolution.convolve2d(image, kernel)
        if (slid != flipped).all() and slid[0, 1] != slid[1, 0] and slid[1, 2] != slid[2, 1]:
            return image, kernel, slid, flipped


@item("03")
def one_output(dice):
    image, kernel, slid, flipped = _picture_and_kernel(dice)
    i, j = dice.one_of(((0, 1), (1, 0), (1, 2), (2, 1)))
    window = image[i : i + 2, j : j + 2]
    return (
        f'The picture{written(image)}is correlated ("valid", not flipped) with the '
        f"kernel{written(kernel)}Which number stands in row {i}, column {j} of the output, counted from "
        "0?",
        number(
            slid[i, j],
            {
                "you flipped the kernel": flipped[i, j],
                "you swapped row and column": slid[j, i],
                "you counted from 1": slid[i - 1, j - 1] if i and j else None,
            },
        ),
        "The window is "
        + inline(window)
        + ": "
        + " + ".join(f"({plain(a)})·({plain(b)})" for a, b in zip(kernel.ravel(), window.ravel()))
        + f" = {plain(slid[i, j])}.",
    )


@item("03")
def size_of_the_map(dice):
    sizes, kernel = _sizes(dice)
    right = _mapped(sizes, kernel)
    return (
        f"A picture of {shape(sizes)} pixels (rows × columns) is correlated with a kernel of "
        f'{shape(kernel)}, stride 1, padding "valid". How large is the output?',
        choice(
            shape(right),
            {
                'the kernel stays inside: this is "same"': shape(sizes),
                'this is "full"': shape(_mapped(sizes, kernel, "full")),
                "count the first place too": shape(size - 1 for size in right),
                "the kernel's sides are swapped": shape(_mapped(sizes, kernel[::-1])),
            },
        ),
        f"Along each axis n − k + 1: {sizes[0]} − {kernel[0]} + 1 and {sizes[1]} − {kernel[1]} + 1, so {shape(right)}.",
    )


@item("03")
def dense_instead_of_kernel(dice):
    n, k = dice.integer(5, 14), dice.integer(2, 4)
    m = shapes.output_size(n, k)
    found = counting.table((Input((n, n, 1)), Flatten(), Dense(m * m, bias=False))).parameters
    return (
        f"A kernel of {k} × {k} makes a map of {m} × {m} numbers from a picture of {n} × {n} pixels. How "
        "many weights would a dense layer without biases need for a map of that size?",
        number(
            found,
            {
                "that is the kernel": k * k,
                "that is without sharing, but still sparse": m * m * k * k,
                "the output is smaller than the picture": n**4,
                "there are no biases": (n * n + 1) * m * m,
            },
        ),
        f"Every output listens to every pixel: {n * n} · {m * m} = {plain(found)}, against {k * k} shared ones.",
    )


@item("03")
def size_of_full(dice):
    sizes, kernel = _sizes(dice)
    axis = dice.integer(0, 1)
    found = _mapped(sizes, kernel, "full")[axis]
    what = ("rows", "columns")[axis]
    return (
        f"A picture of {shape(sizes)} pixels meets a kernel of {shape(kernel)}, stride 1, padding "
        f'"full". How many {what} does the output have?',
        number(
            found,
            {
                'that is "valid"': _mapped(sizes, kernel)[axis],
                'that is "same"': sizes[axis],
                f"those are not its {what}": _mapped(sizes, kernel, "full")[1 - axis],
                "one too many: the kernel must touch a pixel": found + 1,
            },
        ),
        f"k − 1 = {kernel[axis] - 1} zeros at both ends: {sizes[axis]} + {kernel[axis]} − 1 = {found}.",
    )


@item("03")
def which_kernel_convolves(dice):
    kernel = np.array(dice.table(2, 2, 1, 9, different=True))
    image = np.arange(30).reshape(5, 6) ** 2 % 17
    options = {
        inline(kernel[::-1, ::-1]): "",
        inline(kernel): "this is the kernel itself, unflipped",
        inline(kernel[::-1]): "this is turned upside down only",
        inline(kernel[:, ::-1]): "this is mirrored left to right only",
    }
    arrays = dict(zip(options, (kernel[::-1, ::-1], kernel, kernel[::-1], kernel[:, ::-1])))
    wanted = convolution.convolve2d(image, kernel)
    right, wrong = only(options, lambda o: np.array_equal(convolution.correlate2d(image, arrays[o]), wanted))
    return (
        "Keras correlates. Which kernel must be given to it so that the result is the **convolution** "
        f"with {inline(kernel)}?",
        choice(right, wrong),
        f"Convolution turns the kernel by 180°, both rows and columns: {right}.",
    )


@item("03")
def shifted_picture(dice):
    rows, columns = dice.integer(12, 18), dice.integer(19, 26)
    place = dice.integer(5, 6), dice.integer(6, 8)
    down, right = dice.integer(1, 3), dice.integer(4, 6)
    image = np.zeros((rows, columns))
    image[place] = 1
    moved = np.roll(image, (down, right), (0, 1))

    def peak(picture):
        answer = convolution.correlate2d(picture, np.array([[1, 2, 1], [2, 9, 2], [1, 2, 1]]))
        return tuple(int(i) for i in np.unravel_index(answer.argmax(), answer.shape))

    before, after = peak(image), peak(moved)
    return (
        f"The output of a convolution (stride 1) is largest in row {before[0]}, column {before[1]}. Now "
        f"everything in the picture moves down by {down} and to the right by {right}, not over the "
        "border. Where is the output largest?",
        choice(
            f"row {after[0]}, column {after[1]}",
            {
                "the output moves along with the picture": f"row {before[0]}, column {before[1]}",
                "down adds to the row, right to the column": f"row {before[0] + right}, column {before[1] + down}",
                "down is where the row numbers grow": f"row {before[0] - down}, column {before[1] + right}",
                "right is where the column numbers grow": f"row {after[0]}, column {before[1] - right}",
            },
        ),
        f"Convolution is equivariant: shift the picture and the map shifts alike, to {before[0]} + "
        f"{down} and {before[1]} + {right}: row {after[0]}, column {after[1]}.",
    )


@item("03")
def linearity(dice):
    first, second = (np.array(dice.table(3, 3, -3, 5)) for _ in range(2))
    a, b = dice.integer(2, 5), dice.integer(-4, -2)
    kernel = np.array(dice.table(3, 3, -2, 3))
    pictures = first, second, a * first + b * second
    p, q, found = (convolution.correlate2d(image, kernel)[0, 0] for image in pictures)
    return (
        f"One kernel, no bias, no activation. It answers {plain(p)} to a picture A and {plain(q)} to a "
        f"picture B of the same size. What does it answer to {a}·A − {-b}·B?",
        number(
            found,
            {
                "B is subtracted": a * p - b * q,
                "the factors count too": p + q,
                "the factors belong the other way round": b * p + a * q,
                "the minus goes with B's factor": a * p + q,
            },
        ),
        f"Convolution is linear: {a}·({plain(p)}) − {-b}·({plain(q)}) = {plain(found)}.",
    )


@item("03")
def zeros_at_the_border(dice):
    c, k, corner = dice.integer(2, 9), dice.one_of((3, 5)), dice.integer(0, 1)
    answer = convolution.correlate2d(np.full((6, 7), c), np.ones((k, k), int), padding="same")
    found, where = (answer[0, 0], "corner") if corner else (answer[0, 3], "middle of the first row")
    return (
        f"A picture of 6 × 7 pixels is {c} everywhere. The kernel is {k} × {k} and all ones, padding "
        f'"same" with zeros. What is the output in the {where}?',
        number(
            found,
            {
                "outside the picture there are zeros": answer[2, 3],
                "that is another border": answer[0, 3] if corner else answer[0, 0],
                "the ones add, they do not average": c,
            },
        ),
        f"Only {found // c} of its {k * k} pixels lie inside the picture: {found // c} · {c} = {found}.",
    )


@item("03")
def products(dice):
    n, k = dice.integer(20, 60), dice.one_of((3, 5, 7))
    m = shapes.output_size(n, k)
    found = counting.table((Input((n, n, 1)), Conv(1, kernel=k, bias=False))).multiply_adds
    return (
        f"How many multiplications does the direct correlation of {n} × {n} pixels with one {k} × {k} "
        'kernel need, padding "valid", stride 1?',
        number(
            found,
            {
                "the kernel fits at fewer places than there are pixels": n * n * k * k,
                "those are the outputs; each takes several": m * m,
                "that is a dense layer": n * n * m * m,
            },
        ),
        f"{m} · {m} places with {k * k} products each: {plain(found)}.",
    )


@item("03")
def size_with_stride(dice):
    sizes, kernel, s = *_sizes(dice), dice.integer(2, 4)
    right = _mapped(sizes, kernel, stride=s)
    up, same = tuple(-(-(n - k) // s) + 1 for n, k in zip(sizes, kernel)), _mapped(sizes, kernel, "same", s)
    more = tuple(size + 1 for size in right)
    return (
        f"A picture of {shape(sizes)} pixels, a kernel of {shape(kernel)}, stride {s}, padding "
        '"valid". How large is the output?',
        choice(
            shape(right),
            {
                "you left the stride out": shape(_mapped(sizes, kernel)),
                "windows that do not fit are dropped: round down": shape(up),
                "count the first place too": shape(size - 1 for size in right),
                'this is "same"': shape(same),
                **({} if more in (up, same) else {"one place too many": shape(more)}),
            },
        ),
        f"⌊({sizes[0]} − {kernel[0]}) / {s}⌋ + 1 = {right[0]} and ⌊({sizes[1]} − {kernel[1]}) / {s}⌋ + 1 "
        f"= {right[1]}: {shape(right)}.",
    )
