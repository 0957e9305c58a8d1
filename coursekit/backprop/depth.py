"""What depth does to a network, and what helps: the study of lecture 11, in NumPy alone.

`make depths` runs this module and writes data/depth_study.json. The networks are stacks of dense layers, equally
wide and without biases, of four kinds (`KINDS`); the layer between input and stack is the same for all. They learn
the simulated digits, shrunk to 14 × 14 pixels. Numbers that grow beyond all bounds end a training: it "diverged",
and its accuracy is what is left, usually chance.
"""

import sys

import numpy as np
from tqdm.auto import tqdm

from coursekit import arguments, digits, studyfiles
from coursekit.backprop.operands import floating

FILE = "depth_study.json"
KINDS = ("plain, He", "plain, 1/n", "residual", "normalised")
DEPTHS = (5, 10, 20, 50)
WIDTH = 64
EPSILON = 1e-5  # under the root of a variance
# What was tried beside the study, with the first three seeds: kind, depth, learning rate, whether with equal steps.
TRIALS = (
    *(("normalised", depth, rate, True) for depth in (5, 50) for rate in (0.001, 0.002, 0.005)),
    *(("plain, He", depth, 0.002, False) for depth in (20, 50)),
)


def start(kind, depth, seed, inputs=196, width=WIDTH, outputs=10):
    """Return the weights of a new network: (inputs, width), `depth` times (width, width), (width, outputs).

    Each is drawn from a normal distribution, in the stack with variance 2/width (He), or 1/width for "plain, 1/n",
    or 2/(width · depth) for "residual", so that `depth` branches together add as much as one. Raises ValueError for a
    kind that `KINDS` lacks.

    >>> [weights.shape for weights in start("residual", depth=2, seed=0)]
    [(196, 64), (64, 64), (64, 64), (64, 10)]
    """
    arguments.choice("kind", kind, KINDS)
    depth = arguments.integer("depth", depth, minimum=1)
    rng = np.random.default_rng(arguments.integer("seed", seed, minimum=0))
    variance = {"plain, 1/n": 1 / width, "residual": 2 / (width * depth)}.get(kind, 2 / width)
    first = rng.normal(0, np.sqrt(2 / inputs), (inputs, width))
    stack = [rng.normal(0, np.sqrt(variance), (width, width)) for _ in range(depth)]
    return [weights.astype(np.float32) for weights in (first, *stack, rng.normal(0, 0.1, (width, outputs)))]


def forward(weights, x, kind):
    """Return (scores, kept): the outputs (n, classes), and for each layer of the stack what its way back needs."""
    h, kept = x @ weights[0], []
    for w in weights[1:-1]:
        z, deviation = h, None
        if kind == "normalised":
            deviation = np.sqrt(h.var(axis=0) + EPSILON)
            z = (h - h.mean(axis=0)) / deviation
        a = np.maximum(z, 0)
        kept.append((z, a, deviation))
        h = h + a @ w if kind == "residual" else a @ w
    return np.maximum(h, 0) @ weights[-1], (*kept, h)


def gradients(weights, x, labels, kind):
    """Return (loss, slopes, errors): mean cross-entropy, a slope for each weight, and one error for each layer.

    `errors` are the slopes with respect to what enters each layer of the stack, (n, width), first layer first.
    """
    scores, (*kept, last) = forward(weights, x, kind)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    rows = np.arange(len(x))
    loss = -np.log(shares[rows, labels] + 1e-12).mean()
    shares[rows, labels] -= 1
    to_scores = shares / len(x)
    slopes = [np.maximum(last, 0).T @ to_scores]
    error, errors = (to_scores @ weights[-1].T) * (last > 0), []
    for w, (z, a, deviation) in zip(weights[-2:0:-1], kept[::-1]):
        slopes.append(a.T @ error)
        inner = (error @ w.T) * (z > 0)
        if deviation is not None:  # mean and deviation depend on every row of the batch
            inner = (inner - inner.mean(axis=0) - z * (inner * z).mean(axis=0)) / deviation
        error = error + inner if kind == "residual" else inner
        errors.append(error)
    return float(loss), [x.T @ error, *slopes[::-1]], errors[::-1]


def train(kind, depth, seed, data, epochs=5, rate=0.02, momentum=0.9, batch=50, equal_steps=False):
    """Return (weights, diverged) after training on `data`, (images (n, 196), labels (n,)), with momentum.

    With `equal_steps` the slope of each layer is first given the length of the layer's weights, so that each layer
    moves by the same share of its length, whether slopes vanish or explode.
    """
    weights, rng = start(kind, depth, seed), np.random.default_rng(seed)
    speed = [np.zeros_like(w) for w in weights]
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            for chosen in np.array_split(rng.permutation(len(data[0])), len(data[0]) // batch):
                loss, slopes, _ = gradients(weights, data[0][chosen], data[1][chosen], kind)
                if not np.isfinite(loss) or loss > 1e6:
                    return weights, True
                if equal_steps:
                    slopes = [g * np.linalg.norm(w) / (np.linalg.norm(g) or 1) for g, w in zip(slopes, weights)]
                speed = [momentum * v - rate * g for v, g in zip(speed, slopes)]
                weights = [w + v for w, v in zip(weights, speed)]
    return weights, False


def slopes_along(kind, depth, seed, points=256, width=200):
    """Return dy/dx at `points` places from −2 to 2, float64 (points,): one number in, one out, drawn at random.

    The first layer has biases (drawn as its weights are), for otherwise the output would be two straight lines.
    For "normalised", means and deviations over the points count as constants.
    """
    rng = np.random.default_rng(seed)
    x, first, bias = np.linspace(-2, 2, points)[:, None], rng.normal(size=(1, width)), rng.normal(size=width)
    stack = [w.astype(float) for w in start(kind, depth, seed, inputs=1, width=width, outputs=1)[1:]]
    h, t = x @ first + bias, np.repeat(first, points, axis=0)  # t: the slope of h
    for w in stack[:-1]:
        z, s = h, t
        if kind == "normalised":
            deviation = np.sqrt(h.var(axis=0) + EPSILON)
            z, s = (h - h.mean(axis=0)) / deviation, t / deviation
        change, slope = np.maximum(z, 0) @ w, (s * (z > 0)) @ w
        h, t = (h + change, t + slope) if kind == "residual" else (change, slope)
    return ((t * (h > 0)) @ stack[-1]).ravel()


def autocorrelation(values, lag=1):
    """Return how alike a row of numbers is to itself `lag` places further, −1 to 1; 1 for a constant row.

    >>> autocorrelation([1, -1, 1, -1]), autocorrelation([3, 3, 3])
    (-0.75, 1.0)
    """
    values = floating("values", values, 1).astype(float)
    lag = arguments.integer("lag", lag, 0, len(values) - 1)
    centred = values - values.mean()
    power = centred @ centred
    return float(centred[lag:] @ centred[: len(centred) - lag] / power) if power else 1.0


def pictures(part):
    """Return (images, labels) of the digits: float32 (n, 196), means over 2 × 2 pixels less 0.2, and int (n,)."""
    images, labels = digits.load(part)
    small = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196)
    return (small - 0.2).astype(np.float32), labels


def accuracy(weights, kind, data):
    """Return the share of `data`, (images, labels), that a network reads rightly."""
    with np.errstate(all="ignore"):
        return float(np.mean(forward(weights, data[0], kind)[0].argmax(axis=1) == data[1]))


def one(kind, depth, seed, training, new):
    """Return a row of the study: accuracy, gradient norms at the start, autocorrelation."""
    _, _, errors = gradients(start(kind, depth, seed), training[0][:256], training[1][:256], kind)
    norms = [np.linalg.norm(error) for error in errors]
    weights, diverged = train(kind, depth, seed, training)
    return {
        "accuracy": accuracy(weights, kind, new),
        "diverged": diverged,
        "first over last": float(norms[0] / norms[-1]),
        "autocorrelation": autocorrelation(slopes_along(kind, depth, seed)),
    }


def study(seeds=range(5), depths=DEPTHS, trials=TRIALS, progress=True):
    """Return a row for each kind, depth and seed, and for each trial and three seeds, as a dictionary for JSON."""
    training, new = pictures("train"), pictures("test")
    jobs = [(kind, depth, seed) for seed in seeds for kind in KINDS for depth in depths]
    rows = []
    for kind, depth, seed in tqdm(jobs, disable=not progress, unit="training"):
        found = one(kind, depth, seed, training, new)
        found = {name: value if isinstance(value, bool) else float(f"{value:.4g}") for name, value in found.items()}
        rows.append({"kind": kind, "depth": depth, "seed": seed, **found})
    tried = []
    for trial in tqdm(trials, disable=not progress, unit="trial"):
        settings = dict(zip(("kind", "depth", "rate", "equal_steps"), trial))
        for seed in seeds[:3]:
            weights, _ = train(seed=seed, data=training, **settings)
            tried.append({**settings, "seed": seed, "accuracy": round(accuracy(weights, settings["kind"], new), 4)})
    return {
        "what": "deep dense networks of four kinds, trained on simulated digits for five epochs",
        "made_by": "make depths (python -m coursekit.backprop.depth)",
        "width": WIDTH,
        "rows": rows,
        "tried": tried,
    }


def stored_trials():
    """Return what was tried beside the study: {one of TRIALS: accuracies of the seeds}.

    >>> len(stored_trials()["plain, He", 50, 0.002, False])
    3
    """
    table = studyfiles.columns(studyfiles.read(FILE)["tried"], "kind", "depth", "rate", "equal_steps")
    return {trial: np.array(columns["accuracy"]) for trial, columns in table.items()}


def stored():
    """Return the stored study: {(kind, depth): {name: array with one number for each seed}}.

    >>> len(stored()), len(stored()["residual", 50]["accuracy"])
    (16, 5)
    """
    table = studyfiles.columns(studyfiles.read(FILE)["rows"], "kind", "depth")
    return {case: {name: np.array(values) for name, values in columns.items()} for case, columns in table.items()}


def main(folder, **settings):
    """Compute the study, with `settings` as arguments of `study`, and write it into `folder`."""
    studyfiles.write(folder, FILE, lambda: study(**settings))


if __name__ == "__main__":
    main(*sys.argv[1:2])
