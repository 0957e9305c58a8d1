"""What more training does to the classifiers of lecture 09: their accuracy after 2, 4 and 8 epochs, over several seeds.

`make accuracies` runs this module and writes data/brain_patience.json, from which the lecture takes its table. The
first two epochs of a training are those of the study in `brain`, with the same seeds.
"""

import sys

import numpy as np
from tqdm.auto import tqdm

from coursekit import calcium, studyfiles
from coursekit.models import brain, training

__all__ = ["EPOCHS", "NETWORKS", "STUDY", "curve", "main", "stored", "study"]

STUDY = "brain_patience.json"
NETWORKS = {"baseline": brain.baseline, "second": brain.second, "improved": brain.improved}
EPOCHS = (2, 4, 8)


def curve(make, seed, train, test, epochs=EPOCHS):
    """Return the accuracies of one training after each of `epochs`, as a list of {"epochs", "validation", "test"}.

    `make`, `seed` and `train` are as for `brain.trained`; `test` are `calcium.Recordings`.
    """
    model, held = brain.trained(make, epochs[0], seed, train)
    kept = np.setdiff1d(np.arange(len(train.labels)), held)
    rows = []
    for before, now in zip((0, *epochs), epochs):
        if before:  # the optimiser goes on with what it remembers; the order of the pictures is another one
            learn = train.images[kept], train.labels[kept]
            training.fit(model, learn, epochs=now - before, seed=1000 * now + seed, progress=False)
        parts = {"validation": (train.images[held], train.labels[held]), "test": (test.images, test.labels)}
        right = {
            name: np.mean(training.predict(model, images).argmax(axis=1) == labels)
            for name, (images, labels) in parts.items()
        }
        rows.append({"epochs": now} | {name: round(float(share), 4) for name, share in right.items()})
    return rows


def study(seeds=range(5), images_per_class=512, progress=True):
    """Return the accuracies of all three networks for several seeds, as a dictionary for JSON."""
    train, test = (calcium.load(s, images_per_class) for s in (brain.TRAINING_SEGMENTS, brain.TEST_SEGMENTS))
    rows = []
    for name, seed in tqdm([(name, seed) for name in NETWORKS for seed in seeds], disable=not progress):
        rows += [{"network": name, "seed": seed} | row for row in curve(NETWORKS[name], seed, train, test)]
    return {
        "what": "validation and test accuracy of the classifiers of lecture 09 as their training goes on",
        "made_by": "make accuracies (python -m coursekit.models.brain_patience)",
        "images_per_class": images_per_class,
        "rows": rows,
    }


def stored():
    """Return the stored study: {(network, epochs): {"test": [accuracy of each seed], "validation": [...], ...}}.

    >>> len(stored()["baseline", 8]["test"])
    5
    """
    return studyfiles.columns(studyfiles.read(STUDY)["rows"], "network", "epochs")


def main(folder, **settings):
    """Compute the study, with `settings` as arguments of `study`, and write it into `folder`."""
    studyfiles.write(folder, STUDY, lambda: study(**settings))


if __name__ == "__main__":
    main(*sys.argv[1:2])
