"""Simulated frames that were kept: a class that asks for the same recordings has them simulated once.

A folder that the environment variable COURSEKIT_SIMULATED names holds `real_0_seed_0.npy`, `fake_0_seed_0.npy` …,
float32 (n, 128, 128), as `keep` writes them. Whatever is not there is simulated. They are the same bytes as simulated
ones: a block that is cut off elsewhere would be another matrix product, so it is not taken from them, but from
`real_0_seed_0_first_2.npy`, if that is there.
"""

import os
from functools import partial
from pathlib import Path

import numpy as np

from coursekit import arguments, disk
from coursekit.calcium import generator, simulator, stacking
from coursekit.calcium.files import CLASSES, IMAGE_BYTES

VARIABLE = "COURSEKIT_SIMULATED"
MAKERS = dict(zip(CLASSES, (simulator, generator)))


def blocks(kind, segment, images, seed=0):
    """Yield what the `blocks` of `simulator` ("real") or `generator` ("fake") yield, from the folder where possible."""
    frames = _stored(_name(kind, segment, seed, images))
    frames = _stored(_name(kind, segment, seed)) if frames is None else frames
    whole = frames is not None and images <= len(frames) and (images % simulator.BLOCK == 0 or images == len(frames))
    if not whole:
        return MAKERS[kind].blocks(segment, images, seed=seed)
    animals = simulator.order_of_animals(segment, seed)[:images]
    parts = (slice(start, min(start + simulator.BLOCK, images)) for start in range(0, images, simulator.BLOCK))
    return ((frames[part], animals[part]) for part in parts)


def keep(folder, wanted, seed=0):
    """Simulate the frames that `wanted`, {segment: images of each class}, asks for, and write them to `folder`.

    Where several numbers of images are wanted of a segment, [32, 2], each is kept by itself, the first for all others.
    A file gets its name when it is complete, anyone may read it, and one that is there is not written again. Raises
    TypeError or ValueError for a bad argument, OSError where the folder cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     keep(folder, {7: 2})
    ...     sorted(path.name for path in Path(folder).iterdir())
    ['fake_7_seed_0.npy', 'real_7_seed_0.npy']
    """
    folder = disk.writable_folder(folder)
    for segment, counts in checked(wanted).items():
        first, *more = counts if isinstance(counts, list) else [counts]
        for images, part_of in ((first, None), *zip(more, more)):
            names = {kind: folder / _name(kind, segment, seed, part_of) for kind in CLASSES}
            _keep({kind: path for kind, path in names.items() if not path.exists()}, segment, images, seed)


def _keep(missing, segment, images, seed):
    """Write the files that are `missing`, {kind: path}."""
    if not missing:
        return
    frames, _ = stacking.in_memory([partial(MAKERS[kind].blocks, segment, seed=seed) for kind in missing], images)
    for path, part in zip(missing.values(), np.split(frames, len(missing))):
        with disk.replacing(path, images * IMAGE_BYTES, overwrite=True) as file:
            os.chmod(file.name, 0o644)
            np.save(file, part)


def checked(wanted):
    """Return {segment: images of each class} with integers, or raise what names the wrong one.

    >>> checked({"7": 64, "9": [32, 2]})
    {7: 64, 9: [32, 2]}
    """
    if not isinstance(wanted, dict):
        raise TypeError(f"recordings must be {{segment: images of each class}}. Received: {arguments.shown(wanted)}")
    segments = {str(segment): segment for segment in simulator.ANIMALS_OF_SEGMENT}
    unknown = [segment for segment in wanted if str(segment) not in segments]
    if unknown:
        raise ValueError(f"recordings must be of segments {', '.join(segments)}. Received: {arguments.shown(unknown)}")

    def counted(segment, images):
        return arguments.integer(f"recordings[{segment}]", images, 1, simulator.FRAMES_PER_SEGMENT)

    return {
        segments[str(segment)]: [counted(segment, one) for one in images]
        if isinstance(images, list) and images
        else counted(segment, images)
        for segment, images in wanted.items()
    }


def _stored(name):
    folder = os.environ.get(VARIABLE)
    try:
        return np.load(Path(folder, name), mmap_mode="r") if folder else None
    except OSError:  # not there, or not to be read
        return None


def _name(kind, segment, seed, first=None):
    return f"{kind}_{segment}_seed_{seed}{'' if first is None else f'_first_{first}'}.npy"
