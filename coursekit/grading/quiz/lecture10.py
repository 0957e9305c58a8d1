"""Questions on lecture 10, How the fakes were made."""

import math

import numpy as np

from coursekit.convolution import conv_transpose, overlap_counts
from coursekit.grading.quiz.items import choice, item, number, plain, written


@item("10")
def size_without_padding(dice):
    n, k, s = dice.integer(4, 30), dice.integer(3, 6), dice.integer(2, 3)
    found = (n - 1) * s + k
    return (
        f'A transposed convolution takes {n} pixels in a row, with a kernel of {k}, stride {s} and padding "valid". '
        "How many pixels come out?",
        number(
            found,
            {
                "the last stamp reaches beyond the grid of stamps": n * s,
                "there is one step less than there are pixels": n * s + k,
                "stamps overlap": n * k,
                "that is the size after a convolution": (n - k) // s + 1,
            },
        ),
        f"{n - 1} steps of {s}, and the last stamp is {k} long: {found}.",
    )


@item("10")
def size_with_same(dice):
    start, layers, k = dice.integer(3, 8), dice.integer(2, 5), dice.integer(3, 6)
    found = start * 2**layers
    return (
        f"A generator begins with {start} × {start} pixels. {layers} transposed convolutions follow, each with a "
        f'kernel of {k}, stride 2 and padding "same". How many pixels does a side of the picture have?',
        number(
            found,
            {
                "each layer doubles what it gets": start * 2 * layers,
                'the kernel does not count with "same"': start * k**layers,
                "there is one more layer": found // 2,
            },
        ),
        f'"same" multiplies each side by the stride: {start} · 2^{layers} = {found}.',
    )


def _row(dice):
    x, w, s = dice.integers(3, -4, 6, different=True), dice.integers(3, 1, 6, different=True), dice.integer(1, 2)
    out = conv_transpose(np.reshape(x, (1, 1, 3, 1)), np.reshape(w, (1, 3, 1, 1)), stride=(1, s), padding="valid")
    return x, w, s, out.ravel().tolist()


@item("10")
def value_where_stamps_overlap(dice):
    while True:
        x, w, s, out = _row(dice)
        if s == 2 and out[2]:
            break
    return (
        f"The row x = {written(x)} goes through a transposed convolution with the kernel w = {written(w)}, stride 2 "
        'and padding "valid". What is output 2, counted from 0?',
        number(
            out[2],
            {
                "the stamp of x[0] reaches there too": x[1] * w[0],
                "the stamp of x[1] begins there": x[0] * w[2],
                "the kernel is not turned": x[0] * w[0] + x[1] * w[2],
                "the stride is 2": x[0] * w[2] + x[1] * w[1] + x[2] * w[0],
            },
        ),
        f"x[0] · w[2] + x[1] · w[0] = ({plain(x[0])}) · {w[2]} + ({plain(x[1])}) · {w[0]} = {plain(out[2])}.",
    )


@item("10")
def stamps_on_a_pixel(dice):
    k, s = dice.integer(3, 12), dice.integer(2, 4)
    while k < s:
        k += 1
    counts = overlap_counts(4 * k, k, s)
    start = (len(counts) // 2) // s * s
    pattern = counts[start : start + s]
    asked, found = ("most", max(pattern)) if dice.integer(0, 1) else ("fewest", min(pattern))
    return (
        f"A transposed convolution has a kernel of {k} and stride {s}, in one dimension. Far from the border, how many "
        f"stamps reach the output pixels that get {asked}?",
        number(
            found,
            {
                "that is their mean, k / s": round(k / s, 6),
                "only every stride-th pixel begins a stamp": k,
                "the stride is how far stamps lie apart": s,
                "that is the other kind of pixel": max(pattern) + min(pattern) - found,
            },
        ),
        f"The kernel's {k} entries fall on {s} kinds of pixels in turn, so these get "
        f"{written(sorted(pattern, reverse=True))} stamps.",
    )


@item("10")
def kernel_without_artefacts(dice):
    s = dice.integer(2, 4)
    factor = dice.integer(2, 3)
    even, steps = s * factor, dice.integer(3, 8)
    wrong = [k for k in (even + 1, even - 1, even + s + 1, even + s - 1) if k % s]
    return (
        f"A generator enlarges a picture by transposed convolutions with stride {s}, {steps} times. With which kernel "
        "do the same number of stamps reach every pixel, far from the border?",
        choice(f"{even} × {even}", {f"{s} does not divide {k}": f"{k} × {k}" for k in wrong}),
        f"The stride must divide the kernel, as in {even} × {even}: {even} = {factor} · {s}, so {factor} stamps reach "
        "each pixel along an axis.",
    )


@item("10")
def frequency_of_the_artefact(dice):
    s, side = dice.integer(2, 4), 12 * dice.integer(3, 20)
    return (
        f"The last layer of a generator is a transposed convolution with stride {s} and an uneven overlap; its "
        f"pictures have {side} pixels a side. How many cycles per picture does the "
        "slowest part of the pattern make that it leaves?",
        number(
            side // s,
            {
                "that is its period in pixels": s,
                "one cycle takes as many pixels as the stride": side,
                "half of the side is right for stride 2 only": side // 2 if s > 2 else None,
                "divide by the stride": side * s,
            },
        ),
        f"The pattern repeats after {s} pixels, so it has {side} / {s} = {side // s} cycles.",
    )


@item("10")
def loss_of_a_discriminator(dice):
    real, fake = dice.integer(1, 9) / 10, dice.integer(1, 9) / 10
    found = -math.log(real) - math.log(1 - fake)
    return (
        f"A discriminator gives a real picture the probability {real} of being real, and a fake the probability "
        f"{fake}. What is its loss, the sum of both cross-entropies, with the labels 1 and 0? Give two decimals.",
        number(
            found,
            {
                "the fake's right answer is 0": -math.log(real) - math.log(fake),
                "the real picture's right answer is 1": -math.log(1 - real) - math.log(1 - fake),
                "that is the generator's loss": -math.log(fake),
                "natural logarithms": found / math.log(10),
            },
            digits=2,
        ),
        f"−ln {real} − ln (1 − {fake}) = {found:.3f}.",
    )


@item("10")
def loss_of_a_generator(dice):
    fake = dice.integer(5, 95) / 100
    found = -math.log(fake)
    return (
        f"A discriminator gives a fake the probability {fake} of being real. What is the non-saturating loss of the "
        "generator that made it? Give two decimals.",
        number(
            found,
            {
                "that is the discriminator's share": -math.log(1 - fake),
                "that is the zero-sum loss": math.log(1 - fake),
                "a loss falls when things get better": math.log(fake),
            },
            digits=2,
        ),
        f"The generator wants its fake to be taken for real: −ln {fake} = {found:.3f}.",
    )


@item("10")
def slope_of_a_caught_generator(dice):
    score = -dice.integer(15, 50) / 10
    p = 1 / (1 + math.exp(-score))
    return (
        f"A discriminator gives a fake the score {plain(score)} (before the sigmoid), so it takes it for a fake. "
        "How large, without its sign, is the slope of the generator's non-saturating loss with respect to this score? "
        "Give two decimals.",
        number(
            1 - p,
            {
                "that is the zero-sum loss, which is flat just there": p,
                "that is the loss itself": -math.log(p),
                "that is the slope of the sigmoid": p * (1 - p),
            },
            digits=2,
        ),
        f"The loss is −ln σ(s), its slope −(1 − σ(s)) = −{1 - p:.3f}: caught fakes learn most.",
    )


@item("10")
def two_losses_that_circle(dice):
    steps, rate = 100 * dice.integer(3, 9), dice.integer(1, 5) / 10
    right = "nothing yet: measure the pictures themselves"
    return (
        f"In a generative adversarial network with the learning rate {rate}, both losses go up and down for {steps} "
        "steps and end where they began. What follows?",
        choice(
            right,
            {
                "the opponent changes too, so the loss measures no distance": "the pictures did not get better",
                "circling is what two opponents do": "the learning rate is too large",
                "a loss of zero would mean that one side has lost": "training ends when both losses are 0",
            },
        ),
        f"A loss is measured against an opponent who changes as well. So {right}.",
    )


@item("10")
def kernel_and_resize(dice):
    c_in, c_out, k = dice.integer(2, 32), dice.integer(2, 32), dice.integer(3, 5)
    found = (k * k * c_in + 1) * c_out
    return (
        f"A layer repeats each pixel twice along both axes; a convolution with {c_out} kernels of {k} × {k} over "
        f"{c_in} channels follows, with biases. How many parameters do both have together?",
        number(
            found,
            {
                "repeating pixels has no weights": found + 4 * c_in * c_out,
                "one bias for each kernel": k * k * c_in * c_out,
                "the kernels reach through all channels": (k * k + 1) * c_out,
            },
        ),
        f"Only the convolution has any: ({k} · {k} · {c_in} + 1) · {c_out} = {plain(found)}.",
    )
