"""What the classifiers of lecture 09 listen to: which waves of a frame move their scores, over several seeds.

`make accuracies` runs this module and writes data/brain_grain.json, from which the lecture draws its figure.
"""

import sys

import numpy as np
from tqdm.auto import tqdm

from coursekit import calcium, convolution, studyfiles
from coursekit.calcium import statistics
from coursekit.models import brain, training

__all__ = ["BANDS", "FINEST", "STUDY", "blurred", "called_fake", "main", "rises", "stored", "study"]

STUDY = "brain_grain.json"
BANDS = ((0, 10), (10, 20), (20, 30), (30, 40), (40, 50), (50, 64))  # cycles across the picture
FINEST = 43  # cycles: of these waves a mean over 3 × 3 pixels leaves next to nothing
NETWORKS = {"baseline": brain.baseline, "improved": brain.improved}


def rises(model, images, gain=1.2):
    """Return how much the score for fake rises when the waves of each band grow by `gain`: (number of bands,).

    The score is that for fake less that for real, its mean rise in standard deviations of the scores of the unchanged
    `images`, (n, rows, columns, 1). Raises ValueError where all have one score: then there is nothing to measure by.
    """
    before = _score(model, images)
    if before.std() == 0:
        raise ValueError(f"images must have scores that differ. Received: {len(before)} with {before[:1]}")
    louder = (statistics.scale_waves(images, *band, gain=gain) for band in BANDS)
    return np.array([(_score(model, x) - before).mean() for x in louder]) / before.std()


def blurred(images):
    """Return {name: images}: blurred by a mean over 3 × 3 pixels, and with a part of what that took put back.

    "middling" gets the waves below FINEST cycles back, "finest" the others; what is exactly 0 in `images`, outside the
    window of the recording, stays 0.
    """
    blur = convolution.conv_layer(images, np.full((3, 3, 1, 1), 1 / 9, np.float32), padding="same")
    lost, last = images - blur, 91  # cycles along the diagonal of 128 pixels
    middling = statistics.scale_waves(lost, FINEST, last, gain=0)
    finest = statistics.scale_waves(lost, 0, FINEST, gain=0)
    inside = images != 0
    return {"blurred": blur, "middling": (blur + middling) * inside, "finest": (blur + finest) * inside}


def called_fake(model, images, labels):
    """Return the share of real frames and that of fakes which the model calls fake, as two numbers."""
    fake = _score(model, images) > 0
    return [float(fake[labels == label].mean()) for label in (0, 1)]


def study(seeds=range(5), images_per_class=512, progress=True):
    """Return rises and shares of both networks for several seeds, as a dictionary for JSON."""
    train, test = (calcium.load(s, images_per_class) for s in (brain.TRAINING_SEGMENTS, brain.TEST_SEGMENTS))
    few, labels = test.images[::8], test.labels[::8]
    versions = {"unchanged": few, **blurred(few)}
    rows = []
    for name, seed in tqdm([(name, seed) for name in NETWORKS for seed in seeds], disable=not progress):
        model, _ = brain.trained(NETWORKS[name], brain.EPOCHS[name], seed, train)
        shares = {version: called_fake(model, images, labels) for version, images in versions.items()}
        row = {"rises": rises(model, few[::2]).tolist(), **shares}
        rows.append({"network": name, "seed": seed} | {key: np.round(value, 4).tolist() for key, value in row.items()})
    return {
        "what": "rise of the score for fake when a band of waves grows by a fifth, in standard deviations, and shares "
        "of real and of fake test frames called fake: unchanged, blurred, with middling or finest waves put back",
        "made_by": "make accuracies (python -m coursekit.models.brain_grain)",
        "bands": [list(band) for band in BANDS],
        "images_per_class": images_per_class,
        "rows": rows,
    }


def stored():
    """Return the stored study: {network: {"rises": [those of each seed], "blurred": [[real, fake], …], …}}.

    >>> list(stored()), len(stored()["baseline"]["rises"])
    (['baseline', 'improved'], 5)
    """
    return studyfiles.columns(studyfiles.read(STUDY)["rows"], "network")


def _score(model, images):
    scores = training.predict(model, images)
    return scores[:, 1] - scores[:, 0]


def main(folder, **settings):
    """Compute the study, with `settings` as arguments of `study`, and write it into `folder`."""
    studyfiles.write(folder, STUDY, lambda: study(**settings))


if __name__ == "__main__":
    main(*sys.argv[1:2])
