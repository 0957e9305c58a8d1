"""The brain-image classifiers of lecture 09, and the study of their accuracy over several seeds.

`make accuracies` runs this module and writes data/brain_accuracies.json, from which the lecture
takes what it claims. The first two networks are those of the course S&DS 365/665 (Yale University).
"""

import sys

import numpy as np
from tqdm.auto import tqdm

from coursekit import architectures, calcium, studyfiles
from coursekit.models import training
from coursekit.models.backend import keras
from coursekit.models.building import build

__all__ = [
    "EPOCHS",
    "STUDY",
    "TEST_SEGMENTS",
    "TRAINING_SEGMENTS",
    "accuracies",
    "baseline",
    "improved",
    "main",
    "second",
    "stored_accuracies",
    "study",
    "trained",
]

STUDY = "brain_accuracies.json"
TRAINING_SEGMENTS, TEST_SEGMENTS = (0, 1), (7, 8)
EPOCHS = {"baseline": 2, "second": 2, "improved": 4}


def baseline():
    """Return `architectures.brain_classifier`, compiled: 62,338 parameters.

    >>> baseline().count_params()
    62338
    """
    return _compiled(architectures.brain_classifier())


def second():
    """Return `architectures.deeper_brain_classifier`, compiled: 206,050 parameters.

    >>> second().count_params()
    206050
    """
    return _compiled(architectures.deeper_brain_classifier())


def improved():
    """Return `architectures.texture_brain_classifier`, compiled, its running averages quicker than usual.

    >>> improved().output_shape
    (None, 2)
    """
    model = _compiled(architectures.texture_brain_classifier())
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.9  # an epoch has few batches
    return model


def trained(make, epochs, seed, train):
    """Return the network that `make` makes, trained, and the indices of the training images held out for validation.

    `train` are `calcium.Recordings`, a fifth of whose images is held out at random; `seed` decides the split, the
    initial weights and the batches.
    """
    training.reproducible(seed)
    order = np.random.default_rng(seed).permutation(len(train.labels))
    held, kept = np.split(order, [len(order) // 5])
    model = make()
    training.fit(model, (train.images[kept], train.labels[kept]), epochs=epochs, seed=seed, progress=False)
    return model, held


def accuracies(make, epochs, seed, train, test):
    """Return what `trained` reaches, {"validation": accuracy, "test": accuracy, "test 7": …, …}.

    `train` and `test` are `calcium.Recordings`.
    """
    model, held = trained(make, epochs, seed, train)
    validation = _hits(model, train.images[held], train.labels[held])
    hits = _hits(model, test.images, test.labels)
    result = {"validation": validation.mean(), "test": hits.mean()}
    for segment in np.unique(test.recordings):
        result[f"test {segment}"] = hits[test.recordings == segment].mean()
    for kind, label in (("real", 0), ("fake", 1)):
        result[f"test {kind}"] = hits[test.labels == label].mean()
    return {name: round(float(value), 4) for name, value in result.items()}


def study(seeds=range(5), images_per_class=512, progress=True):
    """Return the accuracies of all three networks for several seeds, as a dictionary for JSON."""
    train, test = (calcium.load(s, images_per_class) for s in (TRAINING_SEGMENTS, TEST_SEGMENTS))
    jobs = [
        (name, make, seed)
        for name, make in (("baseline", baseline), ("second", second), ("improved", improved))
        for seed in seeds
    ]
    rows = []
    for name, make, seed in tqdm(jobs, disable=not progress, unit="training"):
        rows.append(
            {"network": name, "epochs": EPOCHS[name], "seed": seed, **accuracies(make, EPOCHS[name], seed, train, test)}
        )
    return {
        "what": "accuracy of the classifiers of lecture 09 on simulated brain images",
        "made_by": "make accuracies (python -m coursekit.models.brain)",
        "training_segments": list(TRAINING_SEGMENTS),
        "test_segments": list(TEST_SEGMENTS),
        "images_per_class": images_per_class,
        "rows": rows,
    }


def stored_accuracies():
    """Return the stored study: {network: {"test": [accuracy of each seed], "validation": [...], ...}}.

    The other columns are "epochs", "seed", the accuracies on each test segment ("test 7", …) and on each
    kind ("test real", "test fake").

    >>> list(stored_accuracies())
    ['baseline', 'second', 'improved']
    """
    return studyfiles.columns(studyfiles.read(STUDY)["rows"], "network")


def _compiled(network):
    model = build(network)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model


def _hits(model, images, labels):
    return training.predict(model, images).argmax(axis=1) == labels


def main(folder, **settings):
    """Compute the study, with `settings` as arguments of `study`, and write it into `folder`."""
    studyfiles.write(folder, STUDY, lambda: study(**settings))


if __name__ == "__main__":
    main(*sys.argv[1:2])
