"""`make held-out`: the recordings on which homework 3 is graded, which no student has.

    python -m coursekit.grading.heldout [--seed N] [--out FOLDER]

Real frames come from other simulated mice than the students', since another seed makes them. The fakes come from
another generator: one that is trained here, from the start, on recordings of those other mice. Both depend on a
seed that is drawn at random, or given by the lecturer, and that is written nowhere but beside the recordings, in
`assignments/_build/hw3_brain_food/held_out/`, which is never committed. It takes a few minutes on two cores.
"""

import argparse
import functools
import io
import json
import runpy
import secrets
from pathlib import Path

import numpy as np

from coursekit import arguments, datafiles, disk
from coursekit.calcium import anatomy, generator, simulator

FOLDER = Path("assignments", "_build", "hw3_brain_food", "held_out")
NAME = "held_out"  # of the file, and of the parameter by which a test asks for its arrays
LEARNED, GRADED = (0, 1, 2, 3, 4, 5, 6), (7, 8, 9)  # segments that the generator learns from, and that are graded
MOST_SEED = 2**31 - 1


def make(folder=FOLDER, seed=None, images=128, frames=280, warm_steps=250, steps=900, progress=False):
    """Train a generator, write `held_out.npz` and `held_out.json` into `folder`, and return the path of the first.

    - `seed`: an integer from 1 to 2**31 − 1; None draws one. The same seed gives the same recordings on the same
      machine. (0 is what students have.)
    - `images`: frames of each class of each of the segments 7, 8 and 9, at most 2048.
    - `frames`: recorded frames of each of the segments 0 to 6 that the generator learns from.
    - `warm_steps`, `steps`: of its training, as `coursekit.models.gan_training` explains; a few are enough to try
      the command out, but their fakes are easily seen through.
    - `progress`: whether to show a bar.

    Raises TypeError or ValueError for a bad argument, OSError where the folder cannot be written.
    """
    seed = 1 + secrets.randbelow(MOST_SEED) if seed is None else arguments.integer("seed", seed, 1, MOST_SEED)
    settings = {
        "seed": seed,
        "images": arguments.integer("images", images, 1, simulator.FRAMES_PER_SEGMENT),
        "frames": arguments.integer("frames", frames, 16, simulator.FRAMES_PER_SEGMENT),
        "warm_steps": arguments.integer("warm_steps", warm_steps, 1),
        "steps": arguments.integer("steps", steps, 1),
    }
    folder = disk.writable_folder(folder)  # known now, not after minutes of training
    weights = trained_generator(seed, frames, warm_steps, steps, progress)
    packed = io.BytesIO()
    np.savez_compressed(packed, **recordings(seed, images, weights))
    about = {
        "what": "simulated recordings for grading hw3_brain_food; keep them, and this seed, from students",
        "made_by": "make held-out (python -m coursekit.grading.heldout)",
        **settings,
    }
    for name, data in ((f"{NAME}.npz", packed.getvalue()), (f"{NAME}.json", json.dumps(about, indent=1).encode())):
        with disk.replacing(folder / name, len(data), overwrite=True) as file:
            file.write(data)
    return folder / f"{NAME}.npz"


def recordings(seed, images, weights):
    """Return held-out recordings as a dictionary of arrays, N = 6 · images, in a random order.

    `images` is float16 (N, 128, 128, 1), ΔF/F in percent, `labels` int64 (N,), 0 real and 1 fake,
    `recordings` int64 (N,), the segment, and `animals` int64 (N,). `weights` are those of a generator, as
    `calcium.generator.load_weights` returns them.
    """
    parts = []
    for segment in GRADED:
        real, animals = simulator.simulate(segment, images, seed)
        for label, frames in ((0, real), (1, _fakes(segment, animals, seed, weights))):
            parts.append((frames, np.full(images, label), np.full(images, segment), animals))
    frames, labels, segments, animals = (np.concatenate(column) for column in zip(*parts))
    order = np.random.default_rng([900, seed]).permutation(len(labels))
    return {
        "images": frames[order, ..., None].astype(np.float16),
        "labels": labels[order].astype(np.int64),
        "recordings": segments[order].astype(np.int64),
        "animals": animals[order].astype(np.int64),
    }


def _fakes(segment, animals, seed, weights):
    """Return one fake, float32 (128, 128), in the window of each of `animals`: (n, 128, 128)."""
    rng = np.random.default_rng([901, seed, segment])
    found = []
    for few in np.array_split(animals, -(-len(animals) // simulator.BLOCK)):
        z = rng.standard_normal((len(few), generator.LATENT), np.float32)
        white = rng.standard_normal((len(few), 128, 128, 1), np.float32)
        window = np.stack([anatomy.animal(int(i), seed).window for i in few])
        found.append(np.where(window, generator.sample(z, white, weights)[..., 0], np.float32(0)))
    return np.concatenate(found)


def trained_generator(seed, frames, warm_steps, steps, progress=False):
    """Return the weights of a new generator: {name: float32 array}, as `calcium.generator.sample` takes them."""
    from coursekit.models import gan, gan_training, training  # TensorFlow takes seconds

    training.reproducible(seed)
    recorded = np.concatenate([block for segment in LEARNED for block, _ in simulator.blocks(segment, frames, seed)])
    scale = float(recorded.std())
    recorded = (recorded / scale)[..., None]
    shown = sorted({animal for segment in LEARNED for animal in simulator.ANIMALS_OF_SEGMENT[segment]})
    windows = np.stack([anatomy.animal(i, seed).window for i in shown])[..., None].astype(np.float32)
    network, opponent = gan.generator(normalised=True), gan.discriminator()
    with disk.progress_bar(progress, total=warm_steps + steps, unit="step", desc="generator") as advance:

        def report(text):
            advance(1)

        gan_training.warm_start(network, recorded, warm_steps, seed, report)
        network.set_weights(gan_training.adversarial(network, opponent, recorded, windows, steps, seed, report))
    return {"scale": np.float32(scale), **{name: np.float32(w) for name, w in gan.folded(network).items()}}


@functools.cache
def digits(seed):
    """Return (images, labels) of digits that no student has, made as those of `coursekit.digits` but from `seed`.

    Images are float (1000, 784) from 0 to 1, labels integers (1000,). `make assignments` keeps them in a file; without
    it they are made, which takes seconds.
    """
    kept = sorted(FOLDER.parents[1].glob(f"*/{_digits_name(seed)}"))
    if kept:
        with np.load(kept[0]) as found:
            return found["images"] / 15, found["labels"].astype(int)
    images, labels = _drawn(seed)
    return images / 15, labels.astype(int)


def keep_digits(seed, folder):
    """Write the digits of `seed` to a file in `folder`, where `digits` finds them."""
    images, labels = _drawn(seed)
    np.savez_compressed(Path(folder) / _digits_name(seed), images=images, labels=labels)


def _digits_name(seed):
    return f"digits_{seed}.npz"


def _drawn(seed, count=1000):
    """Return images of 16 shades, uint8 (count, 784), and labels, drawn by the script that made the shipped ones.

    A font that an older matplotlib lacks is left out here: nobody compares these digits with stored ones.
    """
    maker = runpy.run_path(str(datafiles.path("make_digits.py")))
    fonts = maker["carried"]()
    drawings = {(font, digit): maker["drawing"](maker["FONTS"][font], digit) for font in fonts for digit in range(10)}
    images, labels = maker["part"](drawings, count, seed)
    return images.reshape(count, -1), labels


def main(words=None):
    """Read the command line, make the recordings, say where they are; the seed is not shown."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.grading.heldout",
        description=(
            "Make the recordings on which homework 3 is graded: other simulated mice, and fakes of another generator."
        ),
    )
    parser.add_argument("--seed", type=int, help="an integer from 1; the same seed gives the same recordings")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for held_out.npz (default: %(default)s)")
    parser.add_argument("--images", type=int, default=128, help="frames of each class and segment")
    parser.add_argument("--steps", type=int, default=900, help="steps of training the generator")
    chosen = parser.parse_args(words)
    try:
        path = make(
            chosen.out, chosen.seed, chosen.images, warm_steps=min(250, chosen.steps), steps=chosen.steps, progress=True
        )
    except (TypeError, ValueError, OSError) as error:
        parser.error(str(error))
    print(f"{path}: {6 * chosen.images} frames; the seed is in {NAME}.json beside it. Keep both from students.")


if __name__ == "__main__":
    main()
