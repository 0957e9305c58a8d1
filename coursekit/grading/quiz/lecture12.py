"""Questions on lecture 12, The neural tangent kernel."""

import numpy as np

from coursekit import ntk
from coursekit.grading.quiz.items import choice, inline, item, number, plain, written

NETWORK = "f(x) = (1/√m) Σ v max(w · x, 0), a sum over m hidden units"


@item("12")
def slope_to_a_hidden_weight(dice):
    x, w, v = dice.integers(2, 1, 6, different=True), dice.integers(2, 1, 4), dice.integer(2, 7)
    found = v * x[0] / 2
    return (
        f"A network computes {NETWORK}, and m = 4. One hidden unit has w = {written(w)} and v = {v}. What is the slope "
        f"of f with respect to the first number of this w, at x = {written(x)}?",
        number(
            found,
            {
                "the factor is 1/√m, not 1/m": found / 2,
                "the factor 1/√m is missing": 2 * found,
                "v stands before the ReLU": x[0] / 2,
                "that is the slope with respect to v": (w[0] * x[0] + w[1] * x[1]) / 2,
                "the first weight met the first input": v * x[1] / 2,
            },
        ),
        f"The unit fires, so the slope is v · x[0] / √m = {v} · {x[0]} / 2 = {plain(found)}.",
    )


@item("12")
def slope_to_an_outer_weight(dice):
    x, w, v = dice.integers(2, 1, 6), dice.integers(2, 1, 5), dice.integer(2, 7)
    z = w[0] * x[0] + w[1] * x[1]
    return (
        f"A network computes {NETWORK}, and m = 4. One hidden unit has w = {written(w)} and v = {v}. What is the slope "
        f"of f with respect to this v, at x = {written(x)}?",
        number(
            z / 2,
            {
                "the factor is 1/√m, not 1/m": z / 4,
                "the factor 1/√m is missing": z,
                "f is linear in v, so the slope does not hold it": v * z / 2,
                "the ReLU lets its input through, not 1": 0.5,
            },
        ),
        f"It is max(w · x, 0) / √m = {z} / 2 = {plain(z / 2)}.",
    )


@item("12")
def number_of_features(dice):
    width, inputs = dice.integer(5, 90), dice.integer(2, 30)
    found = width * (inputs + 1)
    return (
        f"A two-layer network takes {inputs} numbers, has {width} hidden units and one output, and no biases. How many "
        "entries does its feature map ∇f(x) have?",
        number(
            found,
            {
                "the outer weights have slopes too": width * inputs,
                "the hidden weights have slopes too": width,
                "it has one entry per parameter, not per input": inputs,
                "the kernel is a single number, the feature map is not": 1,
                "there are no biases": found + width + 1,
            },
        ),
        f"One for each parameter: {width} · {inputs} + {width} = {plain(found)}.",
    )


@item("12")
def kernel_of_two_maps(dice):
    a, b = dice.integers(4, -4, 5, different=True), dice.integers(4, -4, 5, different=True)
    found = int(np.dot(a, b))
    return (
        f"The feature maps of two inputs are ∇f(x) = {written(a)} and ∇f(z) = {written(b)}. What is K(x, z)?",
        number(
            found,
            {
                "that is K(x, x)": int(np.dot(a, a)),
                "that is K(z, z)": int(np.dot(b, b)),
                "it is a sum of products, no mean": found / 4,
                "multiply entry by entry": sum(a) * sum(b),
            },
        ),
        f"It is their inner product, {plain(found)}.",
    )


@item("12")
def kernel_of_one_unit(dice):
    x, z, w, v = dice.integers(2, 1, 5), dice.integers(2, 1, 5), dice.integers(2, 1, 3), dice.integer(2, 5)
    kernel = ntk.kernel((np.array([w]), np.array([v])), [x], [z])
    found, hidden = round(float(kernel[0, 0])), int(np.dot(x, z)) * v**2
    return (
        f"A network with a single hidden unit computes f(x) = v max(w · x, 0) with w = {written(w)} and v = {v}. What "
        f"is its neural tangent kernel K(x, z) for x = {written(x)} and z = {written(z)}?",
        number(
            found,
            {
                "the slope with respect to v is missing": hidden,
                "the slopes with respect to w are missing": found - hidden,
                "v stands in both feature maps: square it": found - hidden + hidden // v,
                "that is f(x) · f(z)": (found - hidden) * v**2,
            },
        ),
        f"The unit fires at both: v² (x · z) = {hidden}, (w · x)(w · z) = {found - hidden}; together {plain(found)}.",
    )


@item("12")
def change_of_another_output(dice):
    kernel, other = dice.integer(2, 9), dice.integer(10, 19)
    y, f = dice.integer(1, 9), dice.integer(10, 20)
    found = round(-0.01 * kernel * (f - y), 6)
    return (
        f"K(x, x) = {other} and K(x, z) = {kernel}. The network gives out {f} for x, whose target is {y}. By how much "
        "does the output for z change, to first order, in one step of gradient descent on ½ (f(x) − y)² with the "
        "learning rate 0.01?",
        number(
            found,
            {
                "the step goes against the slope": -found,
                "that is the change of the output for x": round(-0.01 * other * (f - y), 6),
                "the learning rate is missing": -kernel * (f - y),
                "the error f − y is missing": round(-0.01 * kernel, 6),
            },
        ),
        f"It is −0.01 · K(z, x) · (f(x) − y) = −0.01 · {kernel} · {f - y} = {plain(found)}.",
    )


@item("12")
def infinite_kernel_of_an_input(dice):
    x = dice.integers(3, -4, 5, different=True)
    found = int(np.dot(x, x))
    return (
        f"A network computes {NETWORK}, all weights drawn independently from the normal distribution with mean 0 and "
        f"variance 1. What does K(x, x) tend to for x = {written(x)} as m grows?",
        number(
            found,
            {
                "the hidden and the outer weights give half of |x|² each": found / 2,
                "both shares have a half": 2 * found,
                "squares are added, the sum is not squared": sum(x) ** 2,
            },
        ),
        f"A unit fires half of the time: |x|²/2 from the hidden and |x|²/2 from the outer weights, {found} together.",
    )


@item("12")
def firing_together(dice):
    degrees = 5 * dice.integer(1, 35)
    found = (180 - degrees) / 360
    return (
        f"Two inputs stand at an angle of {degrees} degrees. What is the probability that a ReLU without bias, its "
        "weights drawn independently from one normal distribution with mean 0, fires for both? Give three decimals.",
        number(
            found,
            {
                "they need not agree in being silent": 1 - degrees / 180,
                "that is the probability that one of them fires and the other does not": degrees / 180,
                "the angle between them is where they differ": degrees / 360,
                "they are not independent": 0.25,
            },
            digits=3,
        ),
        f"It is (π − φ)/2π = (180 − {degrees})/360 = {found:.3f}.",
    )


@item("12")
def relative_movement(dice):
    factor = dice.one_of([4, 16, 25, 64, 100, 400])
    start = dice.one_of([0.2, 0.4, 0.6, 0.8])
    found = round(start / factor**0.5, 6)
    return (
        f"Training moves the parameters of a wide network by {plain(start)} of their own length. By what share of "
        f"their length does theory expect it to move those of a network that is {factor} times as wide, in the same "
        "task and scaling 1/√m?",
        number(
            found,
            {
                "the distance itself stays: only the length grows": start,
                "the length grows as the root of the width": round(start / factor, 6),
                "wider networks move less for their length": round(start * factor**0.5, 6),
            },
        ),
        f"The distance stays, the length grows by √{factor}: {plain(start)} / √{factor} = {plain(found)}.",
    )


@item("12")
def prediction_of_kernel_regression(dice):
    a, b = dice.integers(2, 1, 9, different=True)
    y, across = dice.integers(2, 1, 9, different=True), dice.integers(2, 1, 5)
    kernel = [[a, 0], [0, b]]
    found = float(ntk.kernel_regression(kernel, y, [across])[0])
    return (
        f"A network whose output was 0 everywhere learns two inputs with targets {written(y)}. Its kernel does not "
        f"change and is {inline(kernel)}; the kernel between a new input and the two is {written(across)}. What does "
        "it give out for the new input after endless training? Give three decimals.",
        number(
            found,
            {
                "the inverse of the kernel is missing": across[0] * y[0] + across[1] * y[1],
                "the inverse is 1/a and 1/b, not a and b": a * across[0] * y[0] + b * across[1] * y[1],
                "the kernel to the new input is missing": y[0] / a + y[1] / b,
            },
            digits=3,
        ),
        f"{across[0]} · {y[0]} / {a} + {across[1]} · {y[1]} / {b} = {found:.3f}.",
    )


@item("12")
def what_a_kernel_cannot_be(dice):
    a, b, c = dice.integer(2, 9), dice.integer(2, 9), dice.integer(1, 2)
    high = dice.integer(1, 3)
    right = inline([[a, a * b + high], [a * b + high, b]])
    return (
        "Which of these cannot be the neural tangent kernel of two inputs, whatever the network?",
        choice(
            right,
            {
                "the two feature maps may stand at a right angle": inline([[a, 0], [0, b]]),
                "entries beside the diagonal may be negative": inline([[a + c, -c], [-c, b + c]]),
                "two inputs may have the same feature map": inline([[a, a], [a, a]]),
            },
        ),
        f"{right} has a negative determinant, so a negative eigenvalue, and K(x, z)² is at most K(x, x) K(z, z).",
    )


@item("12")
def where_a_kernel_fails(dice):
    inputs, examples = dice.integer(20, 60), dice.integer(200, 400)
    right = "the weights turned towards the inputs that count"
    return (
        f"The target is a product of two out of {inputs} signs. With {examples} examples, kernel regression with the "
        "kernel at the start reads fewer new rows than the network trained far from its start. Why?",
        choice(
            right,
            {
                "both fit all examples": "kernel regression cannot fit the examples",
                "both have the same parameters": "the trained network has more parameters",
                "the kernel is exact at every width": "the kernel is exact at infinite width only",
            },
        ),
        f"Its features changed in training: {right}. The kernel at the start prefers none of the inputs.",
    )
