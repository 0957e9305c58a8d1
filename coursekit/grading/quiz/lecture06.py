"""Questions on lecture 06, Pooling and receptive fields."""

import numpy as np

from coursekit import counting, receptive_field, shapes
from coursekit.convolution import average_pool, max_pool
from coursekit.grading.quiz.items import choice, inline, item, number, plain, shape, written
from coursekit.specs import Conv, Dense, Flatten, GlobalPool, Input, Pool, trace


def _picture(dice):
    """Return a picture (4, 4) of different numbers, so that each window has one winner."""
    return np.array(dice.table(4, 4, 0, 40, different=True))


@item("06")
def max_pooling(dice):
    x = _picture(dice)
    right = max_pool(x, 2)
    return (
        f"What does max pooling (2 × 2, stride 2) make of this picture?{written(x)}",
        choice(
            inline(right),
            {
                "these are the smallest numbers": inline(-max_pool(-x, 2)),
                "rows and columns are swapped": inline(right.T),
                "these are the upper left corners": inline(x[::2, ::2]),
                "these are the largest of each row": inline(x.max(1).reshape(2, 2)),
                "these are the lower right corners": inline(x[1::2, 1::2]),
            },
        ),
        f"The largest number of each of the four windows: {inline(right)}.",
    )


@item("06")
def average_pooling(dice):
    x, i, j = _picture(dice), dice.integer(0, 1), dice.integer(0, 1)
    found, window = average_pool(x, 2)[i, j], x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
    return (
        f"Average pooling (2 × 2, stride 2) of{written(x)}Which number stands in row {i}, column {j} of "
        "the result, counted from 0?",
        number(
            found,
            {
                "that is max pooling": window.max(),
                "divide by four": window.sum(),
                "you swapped row and column": average_pool(x, 2)[j, i],
                "windows do not overlap: the stride is 2": average_pool(x, 2, stride=1)[i, j],
            },
        ),
        f"({' + '.join(map(str, window.ravel()))}) / 4 = {plain(found)}.",
    )


@item("06")
def where_the_gradient_goes(dice):
    x, i, j, g = _picture(dice), dice.integer(0, 1), dice.integer(0, 1), dice.integer(2, 60)
    _, positions = max_pool(x, 2, return_positions=True)
    row, column = positions[i, j].tolist()

    def place(r, c):
        return f"row {r}, column {c}"

    window = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
    low = int(2 * i + window.argmin() // 2), int(2 * j + window.argmin() % 2)
    others = {
        "the window is right, but not the largest in it": (4 * i + 1 - row, column),
        "this one is beside the winner": (row, 4 * j + 1 - column),
        "another number in the window is larger": (4 * i + 1 - row, 4 * j + 1 - column),
    }
    top = np.unravel_index(x.argmax(), x.shape)
    return (
        f"Max pooling (2 × 2, stride 2) of{written(x)}On the way back, output [{i}, {j}] brings the "
        f"gradient {g}, the others bring 0. Which pixel receives {g}? Rows and columns count from 0.",
        choice(
            place(row, column),
            {
                "this is the largest of all, but of another window": place(*top),
                "the largest wins, not the smallest": place(*low),
                **{thought: place(*spot) for thought, spot in others.items() if spot != low},
            },
        ),
        f"Window [{i}, {j}] was won by {x[row, column]}, in {place(row, column)}; only the winner "
        "receives the gradient.",
    )


@item("06")
def shape_after_pooling(dice):
    size = dice.integer(2, 4)
    h, c = size * dice.integer(6, 40), dice.integer(8, 64)
    w = h + size * dice.integer(1, 9)
    out = trace((Input((h, w, c)), Pool(size)))[-1].shape
    return (
        f"{shape((h, w, c))} numbers (rows, columns, channels) go through max pooling of {size} × "
        f"{size}; no stride is given. Which shape comes out?",
        choice(
            shape(out),
            {
                "the stride equals the window": shape((h - size + 1, w - size + 1, c)),
                "pooling never mixes channels": shape((*out[:2], 1)),
                "channels are not pooled": shape((*out[:2], c // size)),
                "divide by the window's side": shape((h // size**2, w // size**2, c)),
            },
        ),
        f"{h} / {size} = {out[0]} and {w} / {size} = {out[1]}; the depth {c} stays: {shape(out)}.",
    )


@item("06")
def partial_windows(dice):
    n, size = dice.integer(3, 15), dice.integer(3, 6)
    n = n * size + dice.integer(1, size - 1)
    same, valid = shapes.output_size(n, size, size, "same"), shapes.output_size(n, size, size)
    asked = dice.integer(0, 1)
    found, other = (same, valid) if asked else (valid, same)
    name = "same" if asked else "valid"
    return (
        f"Pooling with windows of {size} (and the usual stride) along an axis of {n} pixels, padding "
        f'"{name}". How many outputs?',
        number(
            found,
            {
                "that is the other kind of padding": other,
                "that is the pixels that are left over": n % size,
                "the stride is the window's size": n - size + 1,
            },
        ),
        f'{n} / {size} = {n // size}, and {n % size} left over. "Valid" drops them ({valid} outputs), '
        f'"same" adds a window, padded at the border ({same} outputs). So {found}.',
    )


@item("06")
def adaptive_windows(dice):
    while True:
        n, m = dice.integer(7, 30), dice.integer(3, 6)
        windows = shapes.adaptive_windows(n, m)
        if n % m:
            break
    i = dice.integer(1, m - 2)
    start, stop = windows[i]

    def span(first, end):
        return f"pixels {first} to {end - 1}"

    return (
        f"Adaptive pooling makes {m} outputs of {n} pixels. Which pixels does output {i} cover? Outputs "
        "and pixels count from 0.",
        choice(
            span(start, stop),
            {
                "this output is one too early": span(*windows[i - 1]),
                "this output is one too late": span(*windows[i + 1]),
                "its end is rounded up and not included": span(start, stop + 1),
                "round the end up": span(start, stop - 1),
                "round the beginning down": span(start + 1, stop),
            },
        ),
        f"From ⌊{i} · {n} / {m}⌋ = {start} up to, not including, ⌈{i + 1} · {n} / {m}⌉ = {stop}: {span(start, stop)}.",
    )


@item("06")
def field_of_a_stack(dice):
    depth, k = dice.integer(3, 12), dice.one_of((3, 5, 7))
    network = (Input((200, 200, 1)), *(Conv(1, kernel=k, padding="same") for _ in range(depth)))
    found = receptive_field.table(network)[-1].size[0]
    return (
        f"{depth} convolutions with kernels of {k} × {k} and stride 1, one behind the other. How many "
        "pixels wide is the receptive field of one number at the end?",
        number(
            found,
            {
                "neighbouring fields overlap": depth * k,
                "you left the first pixel out": found - 1,
                "each layer adds k − 1": depth * k - 1,
                "fields add, they do not multiply": k**depth,
            },
        ),
        f"Each layer adds {k} − 1 pixels: 1 + {depth} · {k - 1} = {found}.",
    )


@item("06")
def field_with_strides(dice):
    a, b, p, q = dice.one_of((3, 5, 7)), dice.one_of((3, 5)), dice.integer(2, 4), dice.integer(2, 3)
    network = Input((200, 200, 1)), Conv(1, kernel=a), Pool(p), Conv(1, kernel=b), Pool(q)
    fields = receptive_field.table(network)
    found = fields[-1].size[0]
    sizes = [row.size[0] for row in list(fields)[1:]]
    return (
        f"Convolution {a} × {a}, max pooling {p} × {p}, convolution {b} × {b}, max pooling {q} × {q}; "
        "the poolings step by their own size, the convolutions by 1. How many pixels wide is the field "
        "of one number at the end?",
        number(
            found,
            {
                "behind a stride, neighbours are further apart": 1 + a - 1 + p - 1 + b - 1 + q - 1,
                "a window steps with the jump before it": 1 + (a - 1) + (p - 1) * p + (b - 1) * p + (q - 1) * p * q,
                "the last pooling sees several, too": sizes[2],
                "fields add up": a * p * b * q,
            },
        ),
        f"r grows by (k − 1) · jump: {', '.join(map(str, sizes))} pixels; the jump is 1, then {p} behind "
        f"the first pooling. So {found}.",
    )


@item("06")
def jump_and_place(dice):
    s, t, i = dice.integer(2, 4), dice.integer(2, 4), dice.integer(3, 12)
    network = Input((400, 400, 1)), Conv(1, kernel=5, stride=s), Conv(1, kernel=3), Pool(t)
    found = receptive_field.table(network)[-1].at((i, i))[0][0]
    return (
        f"Convolution 5 × 5 with stride {s}, convolution 3 × 3 with stride 1, pooling {t} × {t} with "
        f"stride {t}, all without padding. Output 0 of the last layer sees pixels from pixel 0 on. From "
        f"which pixel on does output {i} see?",
        number(
            found,
            {
                "strides multiply": i * (s + t),
                "the first stride counts too": i * t,
                "the second stride counts too": i * s,
                "one place earlier": (i - 1) * s * t,
            },
        ),
        f"Strides multiply: neighbours are {s} · 1 · {t} = {s * t} pixels apart, and {i} · {s * t} = {found}.",
    )


@item("06")
def small_kernels_or_a_large_one(dice):
    depth, c = dice.integer(2, 5), dice.integer(2, 40)
    k = 2 * depth + 1
    small = (Input((99, 99, c)), *(Conv(c, kernel=3, bias=False) for _ in range(depth)))
    large = counting.table((Input((99, 99, c)), Conv(c, kernel=k, bias=False)))
    found = counting.table(small).parameters
    return (
        f"{depth} layers of 3 × 3 kernels see as much as one layer of {k} × {k}. All have {c} channels, "
        f"in and out, and no biases. How many weights do the {depth} small layers have together?",
        number(
            found,
            {
                "that is the large layer": large.parameters,
                "all channels are connected with all": found // c,
                "that is one layer of them": found // depth,
                "there are channels, too": 9 * depth,
            },
        ),
        f"{depth} · 3 · 3 · {c} · {c} = {plain(found)}, against {plain(large.parameters)}.",
    )


@item("06")
def head_with_global_pooling(dice):
    side, c, classes = dice.integer(5, 31), dice.integer(8, 128), dice.integer(2, 20)
    found = counting.table((Input((side, side, c)), GlobalPool(), Dense(classes))).parameters
    flat = counting.table((Input((side, side, c)), Flatten(), Dense(classes))).parameters
    return (
        f"{c} feature maps of {side} × {side} numbers go through global average pooling and then into a "
        f"dense layer of {classes} neurons with biases. How many parameters does the dense layer have?",
        number(
            found,
            {
                "that is without the pooling": flat,
                "the neurons have biases": c * classes,
                "one number a map is left, not one in all": 2 * classes,
                "each neuron has one bias, not each input": c * classes + c,
            },
        ),
        f"One number a map is left: ({c} + 1) · {classes} = {plain(found)}, instead of {plain(flat)} for all places.",
    )
