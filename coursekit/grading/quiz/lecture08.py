"""Questions on lecture 08, Training."""

import numpy as np

from coursekit import backprop
from coursekit.grading.quiz.items import choice, item, number, plain, written


@item("08")
def step_of_one_weight(dice):
    w, x, y = dice.integer(-4, 4), dice.integer(2, 5), dice.integer(6, 30)
    y += w * x
    slope = (w * x - y) * x
    found = w - 0.1 * slope
    return (
        f"A network f = w · x has the loss ½ (f − y)². With w = {plain(w)}, x = {x}, y = {plain(y)} and the learning "
        "rate 0.1, what is w after one step of gradient descent? Give it exactly.",
        number(
            round(found, 6),
            {
                "a step goes against the slope": round(w + 0.1 * slope, 6),
                "the slope has the factor x": round(w - 0.1 * (w * x - y), 6),
                "the ½ takes the 2 away": round(w - 0.2 * slope, 6),
                "the rate is missing": w - slope,
            },
        ),
        f"The slope is (f − y) · x = {plain(slope)}, so w becomes {plain(w)} − 0.1 · ({plain(slope)}) = "
        f"{plain(round(found, 6))}.",
    )


@item("08")
def steps_of_training(dice):
    size, epochs, full, rest = dice.integer(10, 64), dice.integer(2, 9), dice.integer(5, 60), dice.integer(1, 9)
    n, found = size * full + rest, (full + 1) * epochs
    return (
        f"{plain(n)} pictures are shown in mini-batches of {size} for {epochs} epochs; the last batch of an epoch may "
        "be smaller. How many steps of gradient descent is that?",
        number(
            found,
            {
                "the smaller batch is a step too": full * epochs,
                "that is one epoch": full + 1,
                "one step per batch, not per picture": n * epochs,
                "one step per batch, not per epoch": epochs,
            },
        ),
        f"{full} full batches and one of {rest} make {full + 1} steps an epoch, in all {plain(found)}.",
    )


@item("08")
def slope_of_a_first_weight(dice):
    x, w1, w2 = dice.integer(2, 6), dice.integer(1, 5), dice.integer(2, 5)
    f = w2 * w1 * x
    y = f - dice.integer(1, 8)
    found = (f - y) * w2 * x
    return (
        f"A network with one hidden unit computes h = w₁ · x, a = max(h, 0), f = w₂ · a, and the loss is ½ (f − y)². "
        f"With x = {x}, w₁ = {w1}, w₂ = {w2}, y = {plain(y)}, what is the slope of the loss with respect to w₁?",
        number(
            found,
            {
                "w₂ stands between w₁ and the loss": (f - y) * x,
                "w₁ was multiplied by x": (f - y) * w2,
                "that is the slope with respect to w₂": (f - y) * w1 * x,
                "it is f − y, not y − f": -found,
            },
        ),
        f"f = {f} and h is above 0, so the slope is (f − y) · w₂ · x = {f - y} · {w2} · {x} = {plain(found)}.",
    )


@item("08")
def slope_of_a_silent_unit(dice):
    x, w1, w2, y = dice.integer(2, 6), -dice.integer(1, 5), dice.integer(2, 5), dice.integer(1, 9)
    return (
        f"A network with one hidden unit computes h = w₁ · x, a = max(h, 0), f = w₂ · a, and the loss is ½ (f − y)². "
        f"With x = {x}, w₁ = {plain(w1)}, w₂ = {w2}, y = {y}, what is the slope of the loss with respect to w₁?",
        number(
            0,
            {
                "the ReLU is silent and stops the slope": -y * w2 * x,
                "f is 0, because the ReLU is silent": (w2 * w1 * x - y) * w2 * x,
                "the error does not get past the ReLU": -y,
            },
        ),
        f"h = {plain(w1 * x)} is below 0, where the slope of a ReLU is 0: the slope is 0.",
    )


@item("08")
def slope_of_a_score(dice):
    parts = dice.integers(3, 1, 7, different=True)
    total, right, asked = sum(parts), dice.integer(0, 2), dice.integer(0, 2)
    p = parts[asked] / total
    found = p - (asked == right)
    return (
        f"Softmax gives the classes 0, 1 and 2 the probabilities {parts[0]}/{total}, {parts[1]}/{total} and "
        f"{parts[2]}/{total}. The right class is {right}. What is the slope of the cross-entropy with respect to the "
        f"score of class {asked}? Give three decimals.",
        number(
            found,
            {
                "1 is subtracted at the right class, and only there": p if asked == right else p - 1,
                "the sign is turned": -found,
                "that is the slope with respect to p of the right class": -total / parts[right],
            },
            digits=3,
        ),
        f"p − 1(y = k) is {parts[asked]}/{total} − {int(asked == right)} = {plain(round(found, 6))}, or {found:.3f}."
        if found > 0
        else f"p − 1(y = k) is {parts[asked]}/{total} − 1 = {plain(round(found, 6))}.",
    )


def _row(dice):
    x, w, g = dice.integers(4, -5, 6, different=True), dice.integers(2, 1, 6, different=True), dice.integers(3, -4, 5)
    arrays = [np.array(part, float) for part in (x, w, g)]
    to_x, to_w, to_b = backprop.conv_gradients(
        arrays[0].reshape(1, 1, 4, 1), arrays[1].reshape(1, 2, 1, 1), arrays[2].reshape(1, 1, 3, 1)
    )
    begin = (
        f"A row x = {written(x)} is correlated with the kernel w = {written(w)}, without padding. The slopes of the "
        f"loss with respect to the three outputs are g = {written(g)}. What is the slope with respect to"
    )
    return x, w, g, begin, to_x.ravel(), to_w.ravel(), to_b[0]


@item("08")
def slope_of_a_pixel(dice):
    while True:
        x, w, g, begin, to_x, _, _ = _row(dice)
        if to_x[1] and g[0] != g[1]:
            break
    return (
        f"{begin} x[1], counted from 0?",
        number(
            to_x[1],
            {
                "seen from a pixel, the kernel is turned": w[0] * g[0] + w[1] * g[1],
                "the pixel is in two windows": w[0] * g[1],
                "that is the slope of a weight": x[0] * g[0] + x[1] * g[1],
            },
        ),
        f"x[1] met w[1] in output 0 and w[0] in output 1: {w[1]} · ({plain(g[0])}) + {w[0]} · ({plain(g[1])}) = "
        f"{plain(to_x[1])}.",
    )


@item("08")
def slope_of_a_kernel_weight(dice):
    while True:
        x, w, g, begin, _, to_w, _ = _row(dice)
        if to_w[1]:
            break
    return (
        f"{begin} w[1], counted from 0?",
        number(
            to_w[1],
            {
                "that is the slope of w[0]": to_w[0],
                "each product has its own slope": sum(x[1:]),
                "that is the slope of the bias": sum(g),
                "the correlation does not turn g": sum(a * b for a, b in zip(x[1:], g[::-1])),
            },
        ),
        f"w[1] met x[1], x[2] and x[3]: the sum of their products with g is {plain(to_w[1])}.",
    )


@item("08")
def slope_of_a_bias(dice):
    while True:
        x, w, g, begin, _, _, to_b = _row(dice)
        if to_b:
            break
    return (
        f"{begin} a bias that was added to each output?",
        number(to_b, {"a sum, no mean": round(to_b / 3, 6), "it was added to each output": 1, "the sign stays": -to_b}),
        f"The bias receives the sum of g, {plain(to_b)}.",
    )


@item("08")
def winner_of_two_windows(dice):
    a, b, c = dice.integer(1, 4), dice.integer(7, 9), dice.integer(1, 4)
    first, second = dice.integers(2, 1, 20, different=True)
    return (
        f"Max pooling with windows of 2 and stride 1 goes over the row {written((a, b, c))}. The slopes {first} and "
        f"{second} come back from its two outputs. Which slope does the pixel with {b} receive?",
        number(
            first + second,
            {
                "the second window's slope is added, it does not replace the first": second,
                "the pixel wins the second window too": first,
                "max pooling does not share": (first + second) / 2,
                "the slope of a maximum is 1, not its value": (first + second) * b,
            },
        ),
        f"The pixel wins both windows: {first} + {second} = {first + second}.",
    )


@item("08")
def wrong_gradient_that_learns(dice):
    seeds, size = dice.integer(3, 9), dice.integer(20, 90)
    right = "the gradient may still be wrong: compare it with central differences in float64"
    return (
        f"A network with a layer of your own is trained with {seeds} seeds in batches of {size}, and reads 98% of new "
        "digits each time. What follows for the layer's gradient?",
        choice(
            right,
            {
                "a rough direction downhill can be enough to learn": "it is right, because the network learns",
                "seeds do not repair a gradient": "it is right, because all seeds agree",
                "float32 rounds too much": "it is right if central differences in float32 with a tiny step agree",
            },
        ),
        f"Layers with right gradients can learn around one whose gradient is wrong, so {right}.",
    )
