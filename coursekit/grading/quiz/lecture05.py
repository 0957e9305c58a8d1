"""Questions on lecture 05, Convolutional layers."""

import numpy as np

from coursekit import counting, shapes
from coursekit.convolution import conv_layer
from coursekit.grading.quiz.items import choice, item, number, plain, shape, written
from coursekit.specs import Conv, Input, trace


def _one(image, kernel, bias):
    """Return the only output of a layer with one kernel; image and kernel are (rows, columns, channels)."""
    return int(conv_layer(np.array(image)[None], np.array(kernel)[..., None], [bias])[0, 0, 0, 0])


@item("05")
def one_value_with_bias_and_relu(dice):
    while True:
        window, kernel = dice.table(2, 2, -5, 5), dice.table(2, 2, -3, 3, different=True)
        bias = dice.integer(-6, 6)
        before = _one(np.array(window)[..., None], np.array(kernel)[..., None], bias)
        flipped = _one(np.array(window)[::-1, ::-1, None], np.array(kernel)[..., None], bias)
        if bias and flipped != before and (before > 0 or before < 0 < before - bias):  # the bias always counts
            break
    found = max(before, 0)
    return (
        f"In a layer with one kernel, the window{written(window)}meets the kernel{written(kernel)}with "
        f"the bias b = {plain(bias)} and ReLU. Which number comes out?",
        number(
            found,
            {
                "ReLU makes negative numbers 0": None if found else before,
                "you left the bias out": max(before - bias, 0),
                "you flipped the kernel; layers do not": max(flipped, 0) if found or flipped > 0 else None,
                "you subtracted the bias": max(before - 2 * bias, 0),
                "ReLU leaves positive numbers as they are": 0 if found else None,
            },
        ),
        f"The products and the bias add up to {plain(before)}; ReLU gives max({plain(before)}, 0) = {plain(found)}.",
    )


@item("05")
def channels_are_merged(dice):
    while True:
        red, green, a, b = (dice.table(2, 2, -4, 5) for _ in range(4))
        first, second = int(np.sum(np.multiply(red, a))), int(np.sum(np.multiply(green, b)))
        found = _one(np.stack([red, green], -1), np.stack([a, b], -1), 0)
        if first and second and found:
            break
    return (
        f"A window of 2 × 2 pixels has two channels,{written(red)}and{written(green)}For them "
        f"one kernel has the weights{written(a)}and{written(b)}What comes out, without bias and activation?",
        number(
            found,
            {
                "the second channel counts too": first,
                "the first channel counts too": second,
                "the channels are added, not subtracted": first - second,
                "all products add; there is no mean": found / 2,
            },
        ),
        f"All eight products go into one sum: {plain(first)} from the first channel, {plain(second)} "
        f"from the second, together {plain(found)}.",
    )


@item("05")
def shape_of_the_output(dice):
    images, h, k = dice.integer(8, 64), dice.integer(12, 40), dice.one_of((3, 5))
    w, c_in, c_out = h + dice.integer(1, 20), dice.integer(2, 6), dice.integer(7, 40)
    out = trace((Input((h, w, c_in)), Conv(c_out, kernel=k)))[-1].shape
    return (
        f"A batch of shape {shape((images, h, w, c_in))} (images, rows, columns, channels) goes through "
        f'a layer of {c_out} kernels of {k} × {k} pixels, stride 1, padding "valid". Which shape comes '
        "out?",
        choice(
            shape((images, *out)),
            {
                "the number of kernels is the number of channels": shape((images, *out[:2], c_in)),
                "each kernel merges the channels": shape((images, *out[:2], c_in * c_out)),
                "without padding the map gets smaller": shape((images, h, w, c_out)),
                "every picture of the batch is kept apart": shape(out),
            },
        ),
        f"{h} − {k} + 1 = {out[0]}, {w} − {k} + 1 = {out[1]}, one channel a kernel, and as many pictures "
        f"as before: {shape((images, *out))}.",
    )


@item("05")
def size_with_padding_and_stride(dice):
    n, f, s, p = dice.integer(15, 80), dice.one_of((3, 5, 7)), dice.integer(2, 4), dice.integer(1, 3)
    found = shapes.output_size(n, f, s, p)
    return (
        f"Along one axis: {n} pixels, a kernel of {f}, stride {s}, padding {p} on **each** side. How many outputs?",
        number(
            found,
            {
                "the first place counts too": found - 1,
                "there are zeros on both sides": shapes.output_size(n, f, s, (p, 0)),
                "you left the padding out": shapes.output_size(n, f, s),
                "windows that do not fit are dropped: round down": found + 1 if (n + 2 * p - f) % s else None,
                "you left the stride out": shapes.output_size(n, f, 1, p),
            },
        ),
        f"⌊({n} + 2 · {p} − {f}) / {s}⌋ + 1 = {found}.",
    )


@item("05")
def same_with_a_stride(dice):
    n, f, s = dice.integer(20, 99), dice.one_of((3, 5, 7)), dice.integer(2, 5)
    found = shapes.output_size(n, f, s, "same")
    return (
        f'Padding "same", stride {s}, a kernel of {f}: how many outputs along an axis of {n} pixels?',
        number(
            found,
            {
                '"same" keeps the size only with stride 1': n,
                '"same" rounds up': n // s,
                'that is "valid"': shapes.output_size(n, f, s),
                "one too many": found + 1,
            },
        ),
        f'"Same" gives ⌈n / s⌉ = ⌈{n} / {s}⌉ = {found} outputs, whatever the kernel.',
    )


@item("05")
def span_of_a_dilated_kernel(dice):
    f, d, n = dice.integer(3, 7), dice.integer(2, 6), dice.integer(50, 90)
    found = shapes.output_size(n, f, dilation=d)
    span = shapes.effective_kernel(f, d)
    return (
        f'A kernel of {f} weights with dilation {d}, stride 1, padding "valid", along an axis of {n} '
        "pixels. How many outputs?",
        number(
            found,
            {
                "you left the dilation out": shapes.output_size(n, f),
                "the kernel spans d(k − 1) + 1, not d · k": n - d * f + 1,
                "the first place counts too": found - 1,
                "dilation is a distance, not the number of gaps": n - (f + d * (f - 1)) + 1,
            },
        ),
        f"It spans {d} · ({f} − 1) + 1 = {span} pixels: {n} − {span} + 1 = {found}.",
    )


@item("05")
def parameters_of_a_layer(dice):
    f, side = dice.one_of((1, 2, 3, 5)), dice.integer(20, 64)
    c_in, c_out = dice.integer(2, 16), dice.integer(4, 64)
    found = counting.table((Input((side, side, c_in)), Conv(c_out, kernel=f))).parameters
    return (
        f"A picture of {side} × {side} pixels and {c_in} channels goes through {c_out} kernels of {f} × "
        f"{f}, with biases. How many parameters does the layer have?",
        number(
            found,
            {
                "each kernel has a bias": found - c_out,
                "there is one bias a kernel, not one in all": found - c_out + 1,
                "a kernel has weights for each channel": (f * f + 1) * c_out,
                "one bias a kernel, not one a channel": (f * f + 1) * c_in * c_out,
                "the size of the picture does not count": f * f * c_in * side * side,
            },
        ),
        f"({f} · {f} · {c_in} + 1) · {c_out} = {plain(found)}.",
    )


@item("05")
def pixels_left_over(dice):
    s, f = dice.integer(3, 9), dice.integer(2, 7)
    lost, places = dice.integer(1, s - 1), dice.integer(3, 12)
    n = f + s * (places - 1) + lost
    found = shapes.leftover(n, f, s)
    return (
        f"A kernel of {f} steps over a row of {n} pixels with stride {s}, without padding. How many "
        "pixels at the end of the row are in no window?",
        number(
            found,
            {
                "windows that stick out are dropped": 0,
                "that is the number of windows": places,
                "divide what is left beside the first window": n % s,
                "that many are missing for one more window": s - found,
            },
        ),
        f"{places} windows reach to pixel {f} + {s} · {places - 1} = {n - found}; {n} − {n - found} = "
        f"{found} {'is' if found == 1 else 'are'} left over.",
    )


@item("05")
def places_that_answer(dice):
    while True:
        sums, bias = dice.integers(8, -15, 15, different=True), dice.integer(-8, 8)
        outputs = conv_layer(np.array(sums)[None, None, :, None], np.ones((1, 1, 1, 1)), [bias])
        found = int(np.count_nonzero(outputs > 0))
        if bias and -bias not in sums and found != sum(value > 0 for value in sums):
            break
    return (
        f"Before the bias, a kernel gives {written(sums)} at eight places. The bias is {plain(bias)}, "
        "the activation ReLU. How many of the eight outputs are greater than 0?",
        number(
            found,
            {
                "add the bias first": sum(value > 0 for value in sums),
                "those are the silent ones": 8 - found,
                "the bias is added, not subtracted": sum(value > bias for value in sums),
                "ReLU silences all that is below 0": 8,
            },
        ),
        f"With the bias: {written(np.array(sums) + bias)}; above 0: {found} of the eight.",
    )


@item("05")
def gradient_through_sigmoids(dice):
    depth, width = dice.integer(2, 9), dice.integer(10, 60)
    found = round(1 / 0.25**depth)
    return (
        f"A gradient comes back through {depth} layers of {width} sigmoids each. Leave the weights "
        "between them aside: how many **times** smaller do the sigmoids make it at least (2 times would be half)?",
        number(
            found,
            {
                "the factors multiply": 4 * depth,
                "the slope of a sigmoid is 1/4 at most, not 1/2": 2**depth,
                "that is one layer": 4,
                "that is a ReLU": 1,
                "the width does not count": 4 * width,
            },
        ),
        f"The slope is at most 1/4, at 0, and the slopes multiply: 4 to the power of {depth} = {plain(found)}.",
    )
