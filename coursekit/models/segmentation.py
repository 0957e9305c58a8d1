"""U-Nets that mark simulated cells, with and without their skip connections, and how good their masks are.

`make masks` runs this module and writes data/segmentation_study.json: both networks trained with five seeds, and
measured on new pictures.
"""

import sys
from dataclasses import replace

import numpy as np
from tqdm.auto import tqdm

from coursekit import architectures, arguments, simulations, specs, studyfiles
from coursekit.models import training
from coursekit.models.backend import keras
from coursekit.models.building import build

FILE = "segmentation_study.json"
KINDS = ("with skips", "without skips")
SIDE, EPOCHS, TRAINING, NEW = 48, 10, 160, 100


def network(kind="with skips", side=SIDE):
    """Return the specs of a small U-Net: three halvings, 8 to 64 filters, one score for each pixel.

    As most U-Nets since 2015 it keeps the size of the picture and normalises by batches after each 3 × 3
    convolution. "without skips" reads at each level only what comes from below; the layers are the same otherwise.

    >>> len(network()) - len(network("without skips"))
    3
    """
    arguments.choice("kind", kind, KINDS)
    layers = architectures.unet((side, side, 1), classes=1, filters=8, depth=3, padding="same")
    layers = normalised(layer for layer in layers if not isinstance(layer, specs.Dropout))
    return layers if kind == "with skips" else without_skips(layers)


def normalised(layers):
    """Return a network with a batch normalisation between each convolution and its ReLU.

    >>> len(normalised((specs.Conv(8, kernel=3, activation="relu", name="first"),)))
    3
    """
    found = []
    for layer in layers:
        if isinstance(layer, specs.Conv) and layer.activation == "relu":
            found += [
                replace(layer, activation=None, bias=False, name=f"{layer.name}_linear"),
                specs.Norm("batch", name=f"{layer.name}_norm"),
                specs.Activation("relu", name=layer.name),
            ]
        else:
            found.append(layer)
    return tuple(found)


def without_skips(layers):
    """Return a network without its `Concatenate` layers: what followed one reads its last source alone.

    >>> cut = without_skips(architectures.unet((32, 32, 1), padding="same"))
    >>> any(isinstance(layer, specs.Concatenate) for layer in cut)
    False
    """
    instead = {layer.name: layer.inputs[-1] for layer in layers if isinstance(layer, specs.Concatenate)}
    kept, before = [], None
    for layer in layers:
        if layer.name in instead:
            before = instead[layer.name]
            continue
        if layer.inputs is not None:
            layer = replace(layer, inputs=tuple(instead.get(name, name) for name in layer.inputs))
        elif before is not None:
            layer = replace(layer, inputs=before)
        kept.append(layer)
        before = None
    return tuple(kept)


def train(kind, seed, epochs=EPOCHS, count=TRAINING):
    """Return a Keras model of that kind, trained on simulated cells; the same seed gives the same pictures to both."""
    training.reproducible(seed)
    model = build(network(kind))
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.9  # Keras's 0.99 still remembers the start after the 100 steps of this training
    model.compile(keras.optimizers.Adam(0.003), keras.losses.BinaryCrossentropy(from_logits=True))
    pictures, masks = simulations.cells(count, SIDE, seed=1000 + seed)
    training.fit(model, (pictures, masks.astype(np.float32)), epochs=epochs, batch_size=16, seed=seed, progress=False)
    return model


def marked(model, pictures):
    """Return the masks, bool (n, height, width, 1): true where the score is above 0, a probability above a half."""
    return training.predict(model, pictures) > 0


def dice(found, truth):
    """Return 2 |A ∩ B| / (|A| + |B|) of two masks: 1 where they agree, 0 where they have no pixel in common.

    Two empty masks agree. Raises ValueError for masks of different shapes, and for arrays that are not bool.

    >>> dice(np.array([True, True, False]), np.array([True, False, False]))
    0.6666666666666666
    """
    found, truth = (np.asarray(mask) for mask in (found, truth))
    if found.shape != truth.shape or found.dtype != bool or truth.dtype != bool:
        raise ValueError(
            f"found and truth must be bool arrays of one shape. Received: {found.dtype} {found.shape} and "
            f"{truth.dtype} {truth.shape}"
        )
    together = int(found.sum()) + int(truth.sum())
    return 2 * int((found & truth).sum()) / together if together else 1.0


def near_edges(masks):
    """Return where a pixel has a neighbour (above, below, left, right) on the other side of an outline: bool.

    >>> near_edges(np.array([[[[0], [1], [1], [1]]]], bool)).ravel().tolist()
    [True, True, False, False]
    """
    found = np.zeros_like(masks)
    for axis in (1, 2):
        differs = np.diff(masks, axis=axis)
        first, last = np.zeros_like(masks), np.zeros_like(masks)
        size = masks.shape[axis]
        first[(slice(None),) * axis + (slice(0, size - 1),)] = differs
        last[(slice(None),) * axis + (slice(1, size),)] = differs
        found |= first | last
    return found


def measures(found, truth):
    """Return Dice and the shares of wrong pixels near outlines and elsewhere."""
    edge, wrong = near_edges(truth), found != truth
    return {
        "dice": dice(found, truth),
        "wrong at edges": float(wrong[edge].mean()),
        "wrong elsewhere": float(wrong[~edge].mean()),
    }


def study(seeds=range(5), progress=True, **settings):
    """Return one row for each kind and seed, as a dictionary for JSON; `settings` are those of `train`."""
    pictures, masks = simulations.cells(NEW, SIDE, seed=1)
    rows = []
    for seed, kind in tqdm([(seed, kind) for seed in seeds for kind in KINDS], disable=not progress, unit="network"):
        found = measures(marked(train(kind, seed, **settings), pictures), masks)
        rows.append({"kind": kind, "seed": seed, **{name: round(value, 4) for name, value in found.items()}})
    return {
        "what": "small U-Nets that mark simulated cells, with and without skip connections",
        "made_by": "make masks (python -m coursekit.models.segmentation)",
        "rows": rows,
    }


def stored():
    """Return the stored study: {kind: {"dice": [one for each seed], …}}.

    >>> list(stored())
    ['with skips', 'without skips']
    """
    return studyfiles.columns(studyfiles.read(FILE)["rows"], "kind")


def main(folder, **settings):
    """Compute the study, with `settings` as arguments of `study`, and write it into `folder`."""
    studyfiles.write(folder, FILE, lambda: study(**settings))


if __name__ == "__main__":
    main(*sys.argv[1:2])
