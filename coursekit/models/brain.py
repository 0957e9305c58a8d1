"""The brain-image classifiers of lecture 09, and the study of their accuracy over several seeds.

`make accuracies` runs this module and writes data/brain_accuracies.json, from which the lecture
takes what it claims. The first two networks are those of the course S&DS 365/665 (Yale University).
"""

import json
import sys

import numpy as np
from tqdm.auto import tqdm

from coursekit import calcium, datafiles
from coursekit.calcium import disk
from coursekit.models import training
from coursekit.models.backend import keras

layers = keras.layers
SHAPE = (128, 128, 1)
STUDY = "brain_accuracies.json"
TRAINING_SEGMENTS, TEST_SEGMENTS = (0, 1), (7, 8)
EPOCHS = {"baseline": 2, "second": 2, "improved": 4}


def baseline():
    """Return the first network, compiled: one convolution, one pooling, one dense layer; 62,338 parameters.

    >>> [layer.count_params() for layer in baseline().layers]
    [832, 0, 0, 61506]
    """
    return _compiled(
        [layers.Conv2D(32, (5, 5), activation="relu"), layers.MaxPooling2D((4, 4)), layers.Flatten(), layers.Dense(2)]
    )


def second():
    """Return the second network, compiled: two convolutions, two dense layers; 206,050 parameters.

    >>> [layer.count_params() for layer in second().layers if layer.count_params()]
    [832, 4128, 200832, 258]
    """
    return _compiled(
        [
            layers.Conv2D(32, (5, 5), activation="relu"),
            layers.MaxPooling2D((4, 4)),
            layers.Conv2D(32, (2, 2), activation="relu"),
            layers.MaxPooling2D((4, 4)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(2),
        ]
    )


def improved():
    """Return a network made for texture, compiled: four normalised convolutions, averaged over the image.

    >>> improved().output_shape
    (None, 2)
    """
    blocks = []
    for channels, kernel, stride in ((24, 5, 2), (32, 3, 1), (48, 3, 1), (64, 3, 1)):
        blocks.append(layers.Conv2D(channels, kernel, strides=stride, padding="same", use_bias=False))
        blocks.append(layers.BatchNormalization(momentum=0.9))
        blocks.append(layers.ReLU())
        if stride == 1:
            blocks.append(layers.MaxPooling2D(2))
    return _compiled([*blocks, layers.GlobalAveragePooling2D(), layers.Dense(2)])


def accuracies(build, epochs, seed, train, test):
    """Train one network and return {"validation": accuracy, "test": accuracy, "test 7": …, …}.

    `train` and `test` are `calcium.Recordings`. A fifth of the training images, drawn at random,
    is held out for validation; `seed` decides the split, the initial weights and the batches.
    """
    training.reproducible(seed)
    order = np.random.default_rng(seed).permutation(len(train.labels))
    held, kept = np.split(order, [len(order) // 5])
    model = build()
    training.fit(model, (train.images[kept], train.labels[kept]), epochs=epochs, seed=seed, progress=False)
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
        (name, build, seed)
        for name, build in (("baseline", baseline), ("second", second), ("improved", improved))
        for seed in seeds
    ]
    rows = []
    for name, build, seed in tqdm(jobs, disable=not progress, unit="training"):
        rows.append(
            {
                "network": name,
                "epochs": EPOCHS[name],
                "seed": seed,
                **accuracies(build, EPOCHS[name], seed, train, test),
            }
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
    rows = json.loads(datafiles.path(STUDY).read_text(encoding="utf-8"))["rows"]
    table = {}
    for row in rows:
        columns = table.setdefault(row["network"], {})
        for name, value in row.items():
            if name != "network":
                columns.setdefault(name, []).append(value)
    return table


def _compiled(stack):
    model = keras.Sequential([keras.Input(SHAPE), *stack])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model


def _hits(model, images, labels):
    return training.predict(model, images).argmax(axis=1) == labels


def main(folder, **settings):
    """Compute the study, with `settings` as arguments of `study`, and write it into `folder`."""
    folder = disk.writable_folder(folder)  # known now, not after minutes of training
    written = (json.dumps(study(**settings), indent=1) + "\n").encode()
    with disk.replacing(folder / STUDY, len(written), overwrite=True) as file:
        file.write(written)


if __name__ == "__main__":
    main(*sys.argv[1:2])
