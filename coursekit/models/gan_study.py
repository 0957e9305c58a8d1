"""What the generators of `small_gan` leave behind in their pictures, and what a classifier makes of it: the study.

`make gans` runs this module, about a quarter of an hour on two cores, and writes data/small_gans.json, from which
lecture 10 takes what it claims.
"""

import sys

import numpy as np
from tqdm.auto import tqdm

from coursekit import architectures, calcium, patterns, studyfiles
from coursekit.convolution import conv_layer
from coursekit.models import small_gan, training
from coursekit.models.backend import keras
from coursekit.models.building import build

__all__ = ["STUDY", "classifier", "main", "measures", "smoothed", "stored_study", "study"]

STUDY = "small_gans.json"
TRAINING_SEGMENTS, TEST_SEGMENTS = (0, 1), (7, 8)
STEPS, EPOCHS = 400, 4
BINOMIAL = np.outer([1, 2, 1], [1, 2, 1]).reshape(3, 3, 1, 1).astype(np.float32) / 16


def smoothed(pictures):
    """Return pictures (n, 32, 32, 1) without what changes from each pixel to the next: averaged with 1 2 1 over 4.

    Along rows and along columns. A pattern of period 2 vanishes altogether.

    >>> float(abs(smoothed(np.tile([[-1.0], [1.0]], (1, 16, 32, 1)))[0, 1:-1, 1:-1]).max())
    0.0
    """
    return conv_layer(pictures, BINOMIAL, padding="same")


def classifier(real, fake, seed=0):
    """Return the texture classifier of lecture 09 for 32 × 32 pixels, trained on `real` (0) against `fake` (1).

    >>> pictures = np.zeros((40, 32, 32, 1))
    >>> classifier(pictures, pictures + 1).output_shape
    (None, 2)
    """
    training.reproducible(seed)
    model = build(architectures.texture_brain_classifier((32, 32, 1)))
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.9  # an epoch has few batches
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    labels = np.repeat([0, 1], [len(real), len(fake)])
    training.fit(model, (np.concatenate([real, fake]), labels), epochs=EPOCHS, seed=seed, progress=False)
    return model


def measures(pictures, real):
    """Return what can be measured of fakes, beside the real pictures that they imitate: {name: number}.

    "peak 2" and "peak 4" are `patterns.spectrum_peak` for these periods; "grain" is the share of the power of
    `patterns.spectrum` from 1/4 cycle per pixel on; "variety" is the deviation between pictures, averaged over
    places, as a share of the same for `real`: it falls to 0 where all pictures are one.

    >>> noise = np.random.default_rng(0).normal(size=(20, 32, 32, 1))
    >>> measures(noise, 2 * noise)["variety"]
    0.5
    """
    frequencies, power = patterns.spectrum(pictures)
    return {
        "peak 2": patterns.spectrum_peak(pictures, 2),
        "peak 4": patterns.spectrum_peak(pictures, 4),
        "grain": float(power[frequencies >= 0.25].sum() / power.sum()),
        "variety": float(pictures.std(axis=0).mean() / real.std(axis=0).mean()),
    }


def study(seeds=range(3), images_per_class=512, steps=STEPS, progress=True):
    """Return all measures and detection rates for each kind of generator and seed, as a dictionary for JSON."""
    train, test = (_recorded(segments, images_per_class) for segments in (TRAINING_SEGMENTS, TEST_SEGMENTS))
    rows, seeds = [], list(seeds)
    with tqdm(total=len(seeds) * len(small_gan.KINDS) * steps, disable=not progress, unit="step") as bar:
        for seed in seeds:
            rows += _of_one_seed(seed, train, test, steps, bar.update)
    return {
        "what": "small generators of simulated brain images, 32 x 32 pixels, and what a classifier makes of them",
        "made_by": "make gans (python -m coursekit.models.gan_study)",
        "training_segments": list(TRAINING_SEGMENTS),
        "test_segments": list(TEST_SEGMENTS),
        "images_per_class": images_per_class,
        "steps": steps,
        "epochs": EPOCHS,
        "real": _rounded(measures(test["real"], test["real"])),
        "rows": rows,
    }


def stored_study():
    """Return the stored study: {kind of generator: {name: [value of each seed]}}, and the real pictures' as "real".

    >>> list(stored_study())
    ['real', 'kernel 3', 'kernel 4', 'kernel 5', 'resize']
    """
    stored = studyfiles.read(STUDY)
    real = {name: [value] for name, value in stored["real"].items()}
    return {"real": real, **studyfiles.columns(stored["rows"], "generator")}


def _of_one_seed(seed, train, test, steps, progress):
    """Train all four kinds, a classifier against each, and show every classifier the fakes of every generator."""
    fakes, rows = {"shipped": {"test": test["shipped"]}}, []
    for kind in small_gan.KINDS:
        training.reproducible(seed)
        network, opponent = small_gan.generator(kind), small_gan.discriminator()
        before = small_gan.sample(network, test["windows"], seed)
        small_gan.train(network, opponent, train["real"], train["windows"], steps, seed, progress=progress)
        fakes[kind] = {
            "train": small_gan.sample(network, train["windows"], 2 * seed + 1),
            "test": small_gan.sample(network, test["windows"], 2 * seed + 2),
        }
        row = {"generator": kind, "seed": seed, "peak 2 before": patterns.spectrum_peak(before, 2)}
        rows.append({**row, **measures(fakes[kind]["test"], test["real"])})
    for row in rows:
        model = classifier(train["real"], fakes[row["generator"]]["train"], seed)
        row["real recognised"] = 1 - _called_fake(model, test["real"])
        row["real recognised, smoothed"] = 1 - _called_fake(model, smoothed(test["real"]))
        row["smoothed"] = _called_fake(model, smoothed(fakes[row["generator"]]["test"]))
        for other, parts in fakes.items():
            row[f"on {other}"] = _called_fake(model, parts["test"])
    return [_rounded(row) for row in rows]


def _called_fake(model, pictures):
    return training.predict(model, pictures).argmax(axis=1).mean()


def _recorded(segments, images_per_class):
    """Real pictures and shipped fakes of some recordings, shrunk, in units of the real ones' deviation; windows."""
    recordings = calcium.load(segments, images_per_class)
    small = small_gan.shrunk(recordings.images)
    is_real = recordings.labels == 0
    small /= small[is_real].std()
    window = small_gan.windows(recordings.animals[is_real])
    return {"real": small[is_real], "shipped": small[~is_real], "windows": window}


def _rounded(row):
    return {name: value if isinstance(value, (str, int)) else round(float(value), 4) for name, value in row.items()}


def main(folder, **settings):
    """Compute the study, with `settings` as arguments of `study`, and write it into `folder`."""
    studyfiles.write(folder, STUDY, lambda: study(**settings))


if __name__ == "__main__":
    main(*sys.argv[1:2])
