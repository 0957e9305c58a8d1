"""The studies behind lecture 12: what width, scale and features change. `make kernels` writes them into data/.

Each is a JSON file with several seeds to every setting; `stored` reads one.
"""

import sys

import numpy as np
from tqdm.auto import tqdm

from coursekit import arguments, digits, ntk, studyfiles

__all__ = ["STUDIES", "digits_row", "main", "movement", "parity", "scale_row", "stored", "wave", "width_row"]

WIDTHS = (16, 64, 256, 1024, 4096, 16384)
STEPS = 4000
SCALES = (30.0, 10.0, 3.0, 1.0, 0.3, 0.1)
COUNTS = (300,)


def wave():
    """Return (x, y, new): twelve points (12, 2) on a sine, a column of ones for biases, and 200 new inputs (200, 2).

    >>> [a.shape for a in wave()]
    [(12, 2), (12,), (200, 2)]
    """
    x, new = np.linspace(-1, 1, 12), np.linspace(-1.2, 1.2, 200)
    return ntk.with_ones(x[:, None]), np.sin(np.pi * x), ntk.with_ones(new[:, None])


def movement(before, after, x):
    """Return how far training has led from one TwoLayer to another: {what: number}, on inputs `x` (n, d).

    "absolute" is the distance of the parameters, "relative" the same in lengths of the first ones; "kernel" the change
    of K on `x`, relative to K before; "flipped" the share of ReLUs that switch differently.

    >>> movement(ntk.start(5, 2), ntk.start(5, 2), [[1.0, 2.0]])
    {'absolute': 0.0, 'relative': 0.0, 'kernel': 0.0, 'flipped': 0.0}
    """
    way, first = np.linalg.norm(after.vector - before.vector), ntk.kernel(before, x)
    return {
        "absolute": float(way),
        "relative": float(way / np.linalg.norm(before.vector)),
        "kernel": float(np.linalg.norm(ntk.kernel(after, x) - first) / np.linalg.norm(first)),
        "flipped": ntk.flipped(before, after, x),
    }


def width_row(width, seed, steps=STEPS):
    """Return {what: number} of one network of that width, trained on the `wave` at the rate 1/λ.

    Beside `movement`: "loss" the mean squared error after training, "gap" the largest difference between the network
    and kernel regression after as many steps, on the new inputs; "infinite" the distance of K to the infinite kernel,
    relative to the latter.
    """
    x, y, new = wave()
    before = ntk.start(width, x.shape[1], seed)
    first, limit = ntk.kernel(before, x), ntk.infinite_kernel(x)
    rate = 1 / np.linalg.eigvalsh(first)[-1]
    after = ntk.train(before, x, y, rate, steps)
    at_start = ntk.output(before, x), ntk.output(before, new)
    regression = ntk.kernel_regression(first, y, ntk.kernel(before, new, x), *at_start, rate, steps)
    return {
        **movement(before, after, x),
        "loss": float(np.mean((ntk.output(after, x) - y) ** 2)),
        "gap": float(np.abs(ntk.output(after, new) - regression).max()),
        "infinite": float(np.linalg.norm(first - limit) / np.linalg.norm(limit)),
    }


def parity(count, inputs=30, seed=0):
    """Return (x, y): `count` rows (count, inputs) of ±1, and the product y (count,) of the first two in each row.

    The other inputs say nothing. The rows are divided by √inputs, so that each has the length 1.

    >>> x, y = parity(4)
    >>> bool(np.all(np.sign(x[:, 0] * x[:, 1]) == y)), np.linalg.norm(x, axis=1).round(6).tolist()
    (True, [1.0, 1.0, 1.0, 1.0])
    """
    inputs = arguments.integer("inputs", inputs, 2)
    rng = np.random.default_rng(arguments.integer("seed", seed, 0))
    signs = rng.choice([-1.0, 1.0], size=(arguments.integer("count", count, 1), inputs))
    return signs / np.sqrt(inputs), signs[:, 0] * signs[:, 1]


def scale_row(scale, seed, steps=2000, width=300, count=250):
    """Return {what: number} of one network that learned `parity` at a scale (see `ntk.train`), and of its kernel.

    "training" and "test" are shares of right signs of the network, "regression" that of kernel regression with K at
    the start, on 1,000 new rows; "first two" is the share of the two inputs that count in the squared hidden weights.
    """
    x, y = parity(count + 1000, seed=seed)
    x, y, new, truth = x[:count], y[:count], x[count:], y[count:]
    before = ntk.start(width, x.shape[1], seed)
    kernel = ntk.kernel(before, x)
    after = ntk.train(before, x, y, 0.2 / np.linalg.eigvalsh(kernel)[-1], steps, scale)
    learned, fresh = (ntk.output(after, rows) - ntk.output(before, rows) for rows in (x, new))
    regression = ntk.kernel_regression(kernel, y, ntk.kernel(before, new, x))
    squares = (after.hidden**2).sum(axis=0)
    return {
        "training": float(np.mean(np.sign(learned) == y)),
        "test": float(np.mean(np.sign(fresh) == truth)),
        "regression": float(np.mean(np.sign(regression) == truth)),
        "first two": float(squares[:2].sum() / squares.sum()),
        **movement(before, after, x),
    }


def digits_row(count, seed, epochs=40):
    """Return {what: test accuracy} after learning `count` of the shipped, simulated digits, 1,000 new ones to test.

    "network" is `small_network`, trained with Adam; "before" and "after" are kernel regression with the network's own
    kernel as it was drawn, and as it is after training.
    """
    from coursekit.models import training
    from coursekit.ntk import convolutional

    training.reproducible(seed)
    order = np.random.default_rng(seed).permutation(4000)[:count]
    x, y = digits.load("train")
    x, y, (new, truth) = x[order, ..., None], y[order], digits.load("test")
    model = convolutional.small_network(seed)
    row = {"before": convolutional.regression_accuracy(model, (x, y), (new[..., None], truth))}
    training.fit(model, (x, y), epochs=epochs, seed=seed, progress=False)
    row["network"] = float(np.mean(training.predict(model, new[..., None]).argmax(axis=1) == truth))
    row["after"] = convolutional.regression_accuracy(model, (x, y), (new[..., None], truth))
    return row


# name: (what it is, the setting's name, its values, the function of a setting and a seed, number of seeds)
STUDIES = {
    "ntk_widths": ("two-layer networks of several widths, trained on twelve points", "width", WIDTHS, width_row, 5),
    "ntk_scales": (
        "two-layer networks of several scales, trained on a product of signs",
        "scale",
        SCALES,
        scale_row,
        5,
    ),
    "ntk_digits": ("a small convolutional network and its kernel on simulated digits", "count", COUNTS, digits_row, 3),
}


def stored(name):
    """Return a stored study, {setting: {what: array of one number for each seed}}; `name` is a key of STUDIES.

    >>> list(stored("ntk_widths"))
    [16, 64, 256, 1024, 4096, 16384]
    """
    arguments.choice("name", name, tuple(STUDIES))
    table = studyfiles.columns(studyfiles.read(f"{name}.json")["rows"], STUDIES[name][1])
    return {value: {what: np.array(numbers) for what, numbers in columns.items()} for value, columns in table.items()}


def run(name, seeds=None, progress=True):
    """Return one study as a dictionary for JSON, numbers rounded to four significant digits."""
    what, setting, values, row, count = STUDIES[name]
    jobs = [(value, seed) for value in values for seed in (range(count) if seeds is None else seeds)]
    rows = [
        {setting: value, "seed": seed, **{key: float(f"{number:.4g}") for key, number in row(value, seed).items()}}
        for value, seed in tqdm(jobs, disable=not progress, desc=name)
    ]
    return {"what": what, "made_by": "make kernels (python -m coursekit.ntk.study)", "rows": rows}


def main(folder, *names, **settings):
    """Run the studies of those names, or all, with `settings` as arguments of `run`; write them into `folder`."""
    for name in names or STUDIES:
        arguments.choice("names", name, tuple(STUDIES))
        studyfiles.write(folder, f"{name}.json", lambda name=name: run(name, **settings))


if __name__ == "__main__":
    main(*sys.argv[1:])
