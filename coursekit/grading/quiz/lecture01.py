"""Questions on lecture 01, From a neuron to a network."""

import numpy as np

from coursekit import counting
from coursekit.grading.quiz.items import choice, item, number, plain, shape, written
from coursekit.specs import Dense, Flatten, Input


def _relu(z):
    return np.maximum(z, 0)


@item("01")
def one_neuron(dice):
    while True:
        x, w = np.array(dice.integers(3, -4, 5)), np.array(dice.integers(3, -3, 4))
        b = dice.integer(1, 6) * dice.one_of([-1, 1])
        if w @ x + b > 0 and np.all(w) and np.all(x):
            break
    found = w @ x + b
    return (
        f"A neuron with ReLU has the weights {written(w)} and the bias {plain(b)}. What is its activation for the "
        f"inputs {written(x)}?",
        number(
            found,
            {
                "the bias is missing": _relu(w @ x),
                "the bias is added, not subtracted": _relu(w @ x - b),
                "mind the signs of the products": np.abs(w) @ np.abs(x) + b,
                "the ReLU comes after the sum, not before": _relu(w * x).sum() + b,
            },
        ),
        f"The inner product is {plain(w @ x)}, with the bias it is {plain(found)}, and the ReLU leaves what is "
        "positive as it is.",
    )


@item("01")
def distance_of_a_cut(dice):
    a, c, length = dice.one_of([(3, 4, 5), (5, 12, 13), (8, 6, 10), (4, 3, 5), (12, 5, 13)])
    found, turn = dice.integer(2, 9), dice.one_of([-1, 1])
    w, b = np.array([a, turn * c]), -found * length
    return (
        f"A neuron has two inputs, the weights {written(w)} and the bias {plain(b)}. How far from the origin is the "
        "line on which z = 0?",
        number(
            found,
            {
                "divide by the length of the weights": -b,
                "divide by the length of the weights, not by its square": found / length,
                "the length is the root of the sum of squares, not the sum": -b / (a + c),
            },
        ),
        f"The weights have the length {length}, and the distance is {-b} / {length} = {found}.",
    )


@item("01")
def parameters_of_one_neuron(dice):
    height, width = dice.integer(12, 60), dice.integer(12, 60)
    found = counting.table((Input((height, width, 3)), Flatten(), Dense(1))).parameters
    return (
        f"One neuron sees every number of a picture in colour of {height} × {width} pixels (red, green, blue). How "
        "many parameters does it have?",
        number(
            found,
            {
                "the bias is a parameter, too": found - 1,
                "each pixel has three numbers": height * width + 1,
                "one bias for the neuron, not for each channel": found + 2,
            },
        ),
        f"{height} · {width} · 3 = {plain(found - 1)} weights and one bias: {plain(found)}.",
    )


@item("01")
def logistic_loss(dice):
    score, truth = dice.integer(5, 30) / 10, dice.one_of([-1, 1])
    found = np.log1p(np.exp(-truth * score))
    return (
        f"A neuron gives a picture the score {plain(score)}; the truth is y = {plain(truth)}. What is the logistic "
        "loss of this picture, to three decimals?",
        number(
            found,
            {
                "this would be the loss if the truth were the other": np.log1p(np.exp(truth * score)),
                "this is the probability of the truth, before its logarithm": 1 / (1 + np.exp(-truth * score)),
                "this is the squared error": (score - truth) ** 2,
            },
            digits=3,
        ),
        f"ln(1 + exp(−y f)) with y f = {plain(truth * score)} is {found:.3f}.",
    )


@item("01")
def probability_of_a_class(dice):
    score = dice.integer(2, 30) / 10 * dice.one_of([-1, 1])
    found = 1 / (1 + np.exp(-score))
    return (
        f"In logistic regression with y = 1 or −1, a picture has the score f = {plain(score)}. Which probability of "
        "y = 1 is that, to three decimals?",
        number(
            found,
            {
                "that is the probability of y = −1": 1 - found,
                "the exponential alone is no probability": np.exp(score),
                "this is tanh, which may be negative": np.tanh(score),
            },
            digits=3,
        ),
        f"The sigmoid of {plain(score)} is 1 / (1 + exp({plain(-score)})) = {found:.3f}.",
    )


@item("01")
def shape_of_a_matrix(dice):
    sizes = dice.integers(4, 3, 90, different=True)
    layer = dice.integer(1, 3)
    before, after = sizes[layer - 1], sizes[layer]
    others = [size for size in sizes if size not in (before, after)]
    return (
        f"A dense network has {sizes[0]} inputs and layers of {sizes[1]}, {sizes[2]} and {sizes[3]} neurons. In the "
        f"notation z[l] = W[l] a[l−1] + b[l], what is the shape (rows × columns) of W[{layer}]?",
        choice(
            shape((after, before)),
            {
                "rows belong to neurons, columns to their inputs": shape((before, after)),
                "the columns are the outputs of the layer just before": shape((after, others[0])),
                "a matrix of this shape joins the layer to itself": shape((after, after)),
                "the rows belong to the neurons of another layer": shape((others[1], before)),
            },
        ),
        f"A row for each of its {after} neurons, a column for each of its {before} inputs: {shape((after, before))}.",
    )


@item("01")
def parameters_of_a_network(dice):
    sizes = [dice.integer(20, 200), dice.integer(8, 40), dice.integer(2, 9)]
    n, k, m = sizes
    found = counting.table((Input((n,)), Dense(k), Dense(m))).parameters
    return (
        f"How many parameters, with biases, are in a dense network of {n} inputs, {k} hidden units and {m} outputs?",
        number(
            found,
            {
                "the biases are missing": n * k + k * m,
                "only neurons have biases, inputs have none": found + n,
                "the outputs have biases, too": found - m,
                "the outputs see the hidden units, not the inputs": (n + 1) * k + (n + 1) * m,
            },
        ),
        f"({n} + 1) · {k} + ({k} + 1) · {m} = {plain(found)}.",
    )


@item("01")
def collapsed_matrix(dice):
    while True:
        first, second = np.array(dice.integers(4, -3, 4)).reshape(2, 2), np.array(dice.integers(4, -3, 4)).reshape(2, 2)
        right, wrong = second @ first, first @ second
        if len({right[0, 0], wrong[0, 0], (first + second)[0, 0], (first * second)[0, 0]}) == 4:
            break
    return (
        f"Two layers without nonlinearity and without biases: x → W1 x → W2 (W1 x), with W1 = {written(first)} and "
        f"W2 = {written(second)} They are one layer with the matrix W. Which number stands at its upper left?",
        number(
            right[0, 0],
            {
                "the first layer's matrix stands on the right: W2 W1": wrong[0, 0],
                "the layers act one after the other: multiply the matrices": (first + second)[0, 0],
                "a product of matrices is not taken entry by entry": (first * second)[0, 0],
            },
        ),
        f"W = W2 W1, and its upper left entry is ({plain(second[0, 0])})·({plain(first[0, 0])}) + "
        f"({plain(second[0, 1])})·({plain(first[1, 0])}) = {plain(right[0, 0])}.",
    )


@item("01")
def where_a_unit_bends(dice):
    w, found = dice.integer(2, 8) * dice.one_of([-1, 1]), dice.integer(1, 9) / 2 * dice.one_of([-1, 1])
    b = -w * found
    return (
        f"A hidden unit with ReLU has one input x, the weight {plain(w)} and the bias {plain(b)}. At which x does it "
        "bend?",
        number(
            found,
            {
                "mind the sign: the line is zero at −b / w": -found,
                "divide by the weight": -b,
                "it is −b / w, not −w / b": -w / b,
            },
        ),
        f"{plain(w)} · x + ({plain(b)}) = 0 at x = {plain(found)}.",
    )


@item("01")
def slope_beyond_the_last_bend(dice):
    while True:
        w, v = np.array(dice.integers(3, -3, 4)), np.array(dice.integers(3, -3, 4))
        right, all_of_them = v[w > 0] @ w[w > 0], v @ w
        if np.all(w) and np.all(v) and np.any(w < 0) and np.any(w > 0) and right != all_of_them:
            break
    return (
        f"A network has one input and three hidden units with ReLU, with the slopes w = {written(w)}, and their "
        f"shares are added with the weights v = {written(v)}. What is the slope of the output right of all bends?",
        number(
            right,
            {
                "units with negative w are silent far to the right": all_of_them,
                "that is the slope far to the left": v[w < 0] @ w[w < 0],
                "add the products v·w, not the v alone": v[w > 0].sum(),
                "each unit changes the slope by v·|w|, but some are silent on the right": v @ np.abs(w),
            },
        ),
        f"Far to the right only units with positive w are active; their products v·w add up to {plain(right)}.",
    )


@item("01")
def the_explosion(dice):
    side, channels = 10 * dice.integer(10, 30), dice.one_of([1, 3])
    n = side**2 * channels
    found = 4 * counting.table((Input((n,)), Dense(n))).parameters / 1e9
    kind = "grey" if channels == 1 else "colour (RGB)"
    return (
        f"A dense layer makes of a {kind} picture of {side} × {side} pixels as many numbers as go in. How many GB "
        "(1 GB = 10⁹ bytes) do its parameters need in float32, to one decimal?",
        number(
            found,
            {
                "a float32 takes 4 bytes": found / 4,
                "a float32 takes 4 bytes, a float64 would take 8": 2 * found,
                "red, green and blue triple the neurons, too": found / channels if channels > 1 else None,
                "a grey picture has one number a pixel": 9 * found if channels == 1 else None,
            },
            digits=1,
        ),
        f"({plain(n)}² + {plain(n)}) · 4 bytes = {found:.3f} GB.",
    )


@item("01")
def noise_of_weights(dice):
    r = dice.integer(20, 95) / 100
    return (
        "Two laboratories train the same neuron on pictures of their own. Both pictures of weights are what they share "
        f"plus independent noise of the same variance, and they correlate with r = {plain(r)}. Which share of a "
        "picture's variance is noise?",
        number(
            1 - r,
            {
                "that is the share that both have in common": r,
                "r itself is a share of variance here; do not square it": 1 - r**2,
                "the covariance is what they share; no root is needed": np.sqrt(1 - r),
            },
            digits=2,
        ),
        f"r is the shared variance divided by all of it, so the noise is 1 − {plain(r)} = {plain(round(1 - r, 6))}.",
    )
