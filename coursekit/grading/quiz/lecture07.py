"""Questions on lecture 07, Counting parameters."""

from coursekit import counting
from coursekit.grading.quiz.items import choice, item, number, plain
from coursekit.specs import Conv, Dense, Flatten, GlobalPool, Input, Pool


def _count(*layers):
    return counting.table(layers).parameters


def _small_network(dice):
    """Return (side, kernel, filters, pool, classes) of a network in which the pooling fits."""
    kernel, pool, after = dice.one_of((3, 5)), dice.integer(2, 4), dice.integer(5, 16)
    return pool * after + kernel - 1, kernel, dice.integer(4, 32), pool, dice.integer(2, 10)


@item("07")
def dense_parameters(dice):
    n, m = dice.integer(20, 400), dice.integer(5, 120)
    found = _count(Input((n,)), Dense(m))
    return (
        f"A dense layer reads {n} numbers with {m} neurons, with biases. How many parameters does it have?",
        number(
            found,
            {
                "each neuron has a bias": n * m,
                "there is one bias a neuron, not one an input": n * m + n,
                "each neuron has its own bias": n * m + 1,
                "inputs times neurons, not their sum": n + m,
            },
        ),
        f"({n} + 1) · {m} = {plain(found)}.",
    )


@item("07")
def convolution_multiply_adds(dice):
    n, k, a, b = dice.integer(10, 40), dice.one_of((1, 3, 5)), dice.integer(2, 8), dice.integer(9, 20)
    table = counting.table((Input((n, n, a)), Conv(b, kernel=k, padding="same", bias=False)))
    found = table.multiply_adds
    return (
        f"A convolution of {b} kernels of {k} × {k} reads {a} channels of {n} × {n} pixels; padding "
        '"same", stride 1. How many multiply-adds does it take for one picture?',
        number(
            found,
            {
                "those are the weights; each is used at every place": table.parameters,
                "the kernels are as deep as the input": found // a,
                "there are several kernels": found // b,
                "those are the outputs": n * n * b,
            },
        ),
        f"{plain(table.parameters)} weights, each used at {n} · {n} places: {plain(found)}.",
    )


@item("07")
def multiply_adds_with_a_stride(dice):
    s, k, a, b = dice.integer(2, 4), dice.one_of((3, 5)), dice.integer(2, 8), dice.integer(2, 8)
    n = s * dice.integer(5, 20)
    one, two = (counting.table((Input((n, n, a)), Conv(b, kernel=k, stride=step, padding="same"))) for step in (1, s))
    found = one.multiply_adds // two.multiply_adds
    return (
        f'A layer with {b} kernels of {k} × {k} on {n} × {n} pixels and {a} channels, padding "same", '
        f"gets stride {s} instead of 1. How many **times** fewer multiply-adds does it do (2 times would be half)?",
        number(
            found,
            {
                "both axes get shorter": s,
                "the parameters stay, the work does not": 1,
                "the kernel's size does not matter": s * k,
                "two axes, not three": s**3,
            },
        ),
        f"{n // s} · {n // s} places instead of {n} · {n}: {s} · {s} = {found} times fewer. The "
        "parameters stay as they are.",
    )


@item("07")
def memory_of_an_output(dice):
    h, k, c, count = dice.integer(20, 90), dice.one_of((3, 5)), dice.integer(1, 3), dice.integer(4, 64)
    w = h + dice.integer(1, 30)
    found = counting.table((Input((h, w, c)), Conv(count, kernel=k, padding="same")))[-1].memory
    return (
        f"How many **bytes** does the output of {count} kernels of {k} × {k} take for one picture of {h} "
        f'× {w} pixels and {c} channel{"s" * (c > 1)}, in float32, with padding "same" and stride 1?',
        number(
            found,
            {
                "a float32 takes 4 bytes": found // 4,
                "that is the input": h * w * c * 4,
                "a float32 takes 4 bytes, not 8": found * 2,
                "the kernels merge the channels": found * c if c > 1 else None,
            },
        ),
        f"{h} · {w} · {count} numbers of 4 bytes: {plain(found)}.",
    )


@item("07")
def parameters_of_a_network(dice):
    side, k, filters, pool, classes = _small_network(dice)
    network = Input((side, side, 1)), Conv(filters, kernel=k), Pool(pool), Flatten(), Dense(classes)
    table, left = counting.table(network), (side - k + 1) // pool
    conv, dense = table[1].parameters, table[-1].parameters
    return (
        f'A grey picture of {side} × {side} pixels; {filters} kernels of {k} × {k}, padding "valid"; '
        f"max pooling of {pool} × {pool}; flattening; a dense layer of {classes} neurons. With all "
        "biases, how many parameters does the network have?",
        number(
            table.parameters,
            {
                "the convolution has parameters, too": dense,
                "you left the biases out": table.parameters - filters - classes,
                "the dense layer reads all maps": conv + (left * left + 1) * classes,
                "the pooling makes the maps smaller": conv + ((side - k + 1) ** 2 * filters + 1) * classes,
                '"valid" makes the map smaller': conv + ((side // pool) ** 2 * filters + 1) * classes,
            },
        ),
        f"({k} · {k} + 1) · {filters} = {plain(conv)}, and ({left} · {left} · {filters} + 1) · {classes} "
        f"= {plain(dense)}: together {plain(table.parameters)}.",
    )


@item("07")
def where_parameters_and_work_sit(dice):
    side, k, filters, pool, classes = _small_network(dice)
    network = Input((side, side, 1)), Conv(filters, kernel=k), Pool(pool), Flatten(), Dense(classes)
    conv, dense = (counting.table(network)[place] for place in (1, -1))
    counts = f"{plain(conv.parameters)} and {plain(conv.multiply_adds)}"
    swapped = f"{plain(conv.multiply_adds)} and {plain(conv.parameters)}"
    return (
        f'{filters} kernels of {k} × {k} on a grey picture of {side} × {side} pixels, padding "valid", '
        "with biases. How many parameters, and how many multiply-adds for one picture (a bias is not a "
        "product)?",
        choice(
            counts,
            {
                "weights are kept once, but used at every place": swapped,
                "each weight is used at every place": f"{plain(conv.parameters)} and "
                f"{plain(conv.parameters - filters)}",
                "the size of the picture is not part of the parameters": f"{plain(conv.multiply_adds + filters)} and "
                f"{plain(conv.multiply_adds)}",
                "those are the numbers of a dense layer": f"{plain(dense.parameters)} and {plain(dense.multiply_adds)}",
            },
        ),
        f"({k} · {k} + 1) · {filters} parameters; {k} · {k} · {filters} products at {side - k + 1} · "
        f"{side - k + 1} places: {counts}.",
    )


@item("07")
def dense_on_a_larger_picture(dice):
    factor, side, c = dice.integer(2, 6), dice.integer(4, 20), dice.one_of((1, 3))

    def weights(n):
        return _count(Input((n, n, c)), Flatten(), Dense(n * n * c, bias=False))

    found = weights(factor * side) // weights(side)
    return (
        f"A dense layer makes as many numbers of a picture as it reads. The picture of {side} × {side} × "
        f"{c} gets {factor} times the side. How many times as many weights does the layer have then?",
        number(
            found,
            {
                "the number of pixels grows with the square": factor,
                "outputs grow, too": factor**2,
                "both sides of the matrix grow with the square": factor**3,
                "that is a convolution: it does not care": 1,
            },
        ),
        f"{factor}² times the inputs and {factor}² times the outputs: {factor}⁴ = {plain(found)}.",
    )


@item("07")
def memory_to_train(dice):
    millions, copies = dice.integer(2, 90), 4
    found = millions * 4 * copies
    return (
        f"A network has {millions} million parameters in float32. To train it with Adam, how many "
        "**megabytes** (10⁶ bytes) do the numbers take that are kept for the parameters alone?",
        number(
            found,
            {
                "Adam keeps four numbers a parameter": millions * 4,
                "the gradient is kept, too": millions * 4 * 3,
                "a float32 takes 4 bytes": millions * copies,
                "there are two averages beside parameter and gradient": millions * 8,
            },
        ),
        f"Itself, its gradient and two averages, 4 bytes each: {millions} · 4 · 4 = {plain(found)}.",
    )


@item("07")
def what_colour_adds(dice):
    k, filters, side = dice.one_of((3, 5, 7)), dice.integer(4, 64), dice.integer(28, 128)
    grey, colour = (_count(Input((side, side, c)), Conv(filters, kernel=k)) for c in (1, 3))
    found = colour - grey
    return (
        f"The first layer has {filters} kernels of {k} × {k} with biases. Pictures of {side} × {side} "
        "pixels now come in colour (3 channels) instead of grey (1). How many parameters does the "
        "network get **more**?",
        number(
            found,
            {
                "that is the whole layer": colour,
                "biases do not multiply": 2 * grey,
                "two channels are new, not three": found * 3 // 2,
                "two channels are new": found // 2,
                "kernels reach through all channels": 0,
            },
        ),
        f"Two new channels of {k} · {k} weights for each of {filters} kernels: 2 · {k * k} · {filters} = "
        f"{plain(found)}. All layers behind it stay.",
    )


@item("07")
def average_instead_of_flattening(dice):
    side, c, classes = dice.integer(4, 14), dice.integer(8, 64), dice.integer(2, 12)
    flat = _count(Input((side, side, c)), Flatten(), Dense(classes))
    pooled = _count(Input((side, side, c)), GlobalPool(), Dense(classes))
    return (
        f"{c} maps of {side} × {side} are flattened and read by a dense layer of {classes} neurons. "
        "Global average pooling takes the place of the flattening. How many parameters are **saved**?",
        number(
            flat - pooled,
            {
                "those are left": pooled,
                "those were there before": flat,
                "one number a map is still read": side * side * c * classes,
                "the biases stay": flat - c * classes,
            },
        ),
        f"{plain(flat)} − {plain(pooled)} = {plain(flat - pooled)}: ({side * side} − 1) · {c} · {classes}.",
    )
