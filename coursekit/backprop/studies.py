"""The studies of lecture 08, each with several seeds: what the lecture claims of training rests on them.

`make studies` runs this module and writes data/training_studies.json. All networks are those of
`coursekit.backprop`, trained on the simulated digits. A training whose numbers grow beyond all bounds counts as
chance, an accuracy of 0.1, and as "diverged".
"""

import importlib
import sys

import numpy as np
from tqdm.auto import tqdm

from coursekit import arguments, digits, studyfiles
from coursekit.backprop import broken
from coursekit.backprop.checking import gradient_check
from coursekit.backprop.dense import flatten
from coursekit.backprop.layers import Dense, Flatten, ReLU
from coursekit.backprop.network import Network
from coursekit.backprop.optimisers import SGD, Adam

FILE = "training_studies.json"
CHANCE = 0.1
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
OPTIMISERS = {"plain": SGD, "momentum 0.9": lambda rate: SGD(rate, momentum=0.9), "Adam": Adam}
CURES = ("nothing", "early stopping", "weight decay", "shifted copies", "ten times the data")
EPOCHS = 100  # of the study of overfitting, on a hundred digits


def pictures(source="simulated"):
    """Return ((images, labels) to train on, the same of new pictures), float32 (n, rows, columns, channels).

    `source` is "simulated" or "mnist", digits, or "cifar10", colour pictures of ten kinds of things.
    """
    arguments.choice("source", source, (*digits.SOURCES, "cifar10"))
    if source != "cifar10":
        loaded = [digits.load(part, source=source) for part in digits.PARTS]
        return [(images[..., np.newaxis], labels) for images, labels in loaded]
    download = importlib.import_module("coursekit.models.downloads").download  # brings TensorFlow: only here
    loaded = [download("cifar10", part) for part in digits.PARTS]
    return [(images.astype(np.float32) / 255, labels.ravel().astype(int)) for images, labels in loaded]


def train(net, data, optimiser, epochs, seed):
    """Train in batches of 50 and return whether it diverged: whether its numbers grew beyond all bounds."""
    with np.errstate(all="ignore"):
        try:
            net.train(*data, optimiser, epochs, 50, seed)
        except ValueError:  # infinity and NaN are refused
            return True
    return False


def reached(net, data, diverged=False):
    """Return the accuracy of a network on (images, labels)."""
    with np.errstate(all="ignore"):
        try:
            return CHANCE if diverged else net.accuracy(*data)
        except ValueError:
            return CHANCE


def loss_of(net, data):
    """Return the mean loss on (images, labels)."""
    return float(net.loss(net.forward(data[0]), data[1])[0])


# ---------------------------------------------------------------- the four studies: one row for each training


def wrong_gradients(way, seed):
    """Train with one of `broken.WAYS` for two epochs; "check" is the relative error of the first kernels' slopes."""
    training, new = pictures()
    net = broken.WAYS[way](seed)
    diverged = train(net, training, SGD(0.02, momentum=0.9), 2, seed)
    return {
        "accuracy": reached(net, new, diverged),
        "diverged": diverged,
        "check": first_kernel_check(broken.WAYS[way], training, seed).error,
    }


def first_kernel_check(make, data, seed=0):
    """Return the GradientCheck of the first layer's kernels, at 20 of their entries, for four pictures in float64."""
    net, x, y = make(seed), data[0][:4].astype(float), data[1][:4]
    for layer, name in net.parameters():
        layer.parameters[name] = layer.parameters[name].astype(float)
    net.loss_and_gradients(x, y)
    kernels, slopes = (part["kernels"] for part in (net.layers[0].parameters, net.layers[0].gradients))

    def loss(values):
        net.layers[0].parameters["kernels"] = values
        return net.loss(net.forward(x), y)[0]

    return gradient_check(loss, kernels, slopes, entries=20)


def rates(optimiser, rate, seed):
    """Train for one epoch with one of `OPTIMISERS`."""
    training, new = pictures()
    net = broken.network(seed)
    diverged = train(net, training, OPTIMISERS[optimiser](rate), 1, seed)
    return {"accuracy": reached(net, new, diverged), "diverged": diverged}


def overfitting(cure, seed):
    """Train on a hundred digits, with one of `CURES` against learning them by heart."""
    (images, labels), new = pictures()
    rng = np.random.default_rng(seed)
    few = rng.permutation(3000)[: 1000 if cure == "ten times the data" else 100]
    data, validation = (images[few], labels[few]), (images[3000:3500], labels[3000:3500])
    net, best = broken.network(seed), (np.inf, 0, None)
    way = SGD(0.02, momentum=0.9, decay=0.1 if cure == "weight decay" else 0)
    epochs = EPOCHS * 100 // len(few)  # as many steps for all
    for epoch in range(epochs):
        shown = (shifted(data[0], rng), data[1]) if cure == "shifted copies" else data
        train(net, shown, way, 1, seed=epoch)
        if cure == "early stopping" and (now := loss_of(net, validation)) < best[0]:
            best = now, epoch + 1, [layer.parameters[name].copy() for layer, name in net.parameters()]
    for (layer, name), kept in zip(net.parameters(), best[2] or ()):
        layer.parameters[name] = kept
    return {
        "epochs": best[1] or epochs,
        "training": reached(net, data),
        "accuracy": reached(net, new),
        "loss": loss_of(net, new),
    }


def shifted(images, rng):
    """Return each picture moved by up to two pixels, up or down and aside; what comes in is 0.

    >>> float(shifted(np.ones((1, 8, 8, 1)), np.random.default_rng(11)).sum())  # by two rows and two columns
    36.0
    """
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)))
    height, width = images.shape[1:3]
    places = rng.integers(0, 5, size=(len(images), 2))
    return np.stack([one[r : r + height, c : c + width] for one, (r, c) in zip(padded, places)])


def dense_or_convolutional(kind, seed, source="simulated", epochs=4):
    """Train a dense or a convolutional network ("dense", "convolutional") on the same pictures.

    `source` is that of `pictures`: "cifar10" needs the network, and some minutes.
    """
    training, new = pictures(source)
    net = broken.network(seed, shape=training[0].shape[1:])
    if kind == "dense":
        rng = np.random.default_rng(seed)
        inputs = flatten(training[0][:1]).shape[1]
        net = Network([Flatten(), Dense(broken.he(rng, inputs, 128)), ReLU(), Dense(broken.he(rng, 128, 10))])
    diverged = train(net, training, SGD(0.02, momentum=0.9), epochs, seed)
    return {
        "parameters": sum(layer.parameters[name].size for layer, name in net.parameters()),
        "training": reached(net, training, diverged),
        "accuracy": reached(net, new, diverged),
    }


def jobs(seeds):
    """Yield (study, names of its cases, function, arguments), one for each training."""
    for seed in seeds:
        yield from (("wrong gradients", wrong_gradients, (way,), seed) for way in broken.WAYS)
        yield from (("rates", rates, (way, rate), seed) for way in OPTIMISERS for rate in RATES)
        yield from (("overfitting", overfitting, (cure,), seed) for cure in CURES)
        yield from (("networks", dense_or_convolutional, (kind,), seed) for kind in ("dense", "convolutional"))


def study(seeds=range(3), progress=True):
    """Return the rows of all studies, as a dictionary for JSON: {study: [{"case": …, "seed": …, …}, …]}."""
    rows = {}
    for name, function, case, seed in tqdm(list(jobs(seeds)), disable=not progress, unit="training"):
        found = {
            key: float(f"{value:.4g}") if isinstance(value, float) else value
            for key, value in function(*case, seed).items()
        }
        rows.setdefault(name, []).append({"case": " ".join(map(str, case)), "seed": seed, **found})
    return {
        "what": "trainings of lecture 08 on simulated digits",
        "made_by": "make studies (python -m coursekit.backprop.studies)",
        **rows,
    }


def stored(name):
    """Return a stored study, {case: {"seed": [...], "accuracy": [one for each seed], …}}.

    `name` is "wrong gradients", "rates" (cases such as "Adam 0.01"), "overfitting" or "networks".

    >>> list(stored("networks"))
    ['dense', 'convolutional']
    """
    rows = studyfiles.read(FILE)
    arguments.choice("name", name, [key for key, value in rows.items() if isinstance(value, list)])
    return studyfiles.columns(rows[name], "case")


def spread(values, digits=2):
    """Return mean and range as text.

    >>> spread([0.91, 0.92, 0.95])
    '0.93 (0.91 to 0.95)'
    """
    mean, low, high = (f"{value:.{digits}f}" for value in (np.mean(values), min(values), max(values)))
    return f"{mean} ({low} to {high})"


def main(folder, **settings):
    """Compute all studies, with `settings` as arguments of `study`, and write them into `folder`."""
    studyfiles.write(folder, FILE, lambda: study(**settings))


if __name__ == "__main__":
    main(*sys.argv[1:2])
