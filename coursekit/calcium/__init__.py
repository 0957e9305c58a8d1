"""Brain images, real and fake, as arrays: simulated on the spot, or read from the original course's files.

>>> from coursekit import calcium
>>> data = calcium.load(segments=[0, 1], images_per_class=4)
>>> data.images.shape, data.labels.tolist()
((16, 128, 128, 1), [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1])
"""

import hashlib
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from coursekit import arguments, disk
from coursekit.calcium import download, files, kept, stacking
from coursekit.calcium.files import CLASSES, IMAGES_PER_FILE, SEGMENTS, DataError
from coursekit.calcium.simulator import simulate

__all__ = ["CLASSES", "DataError", "Recordings", "load", "save", "simulate"]


class Recordings(NamedTuple):
    """Images with what is known of each: arrays whose first axis counts the N images."""

    images: np.ndarray  # float32 (N, 128, 128, 1), ΔF/F in percent, 0 outside the window
    labels: np.ndarray  # int64 (N,), 0 real, 1 fake: an index into CLASSES
    recordings: np.ndarray  # int64 (N,), the segment of each image
    animals: np.ndarray  # int64 (N,), the simulated mouse, −1 where unknown (files)


def load(segments, images_per_class=512, source="simulated", *, seed=0, memory_map=None, progress=False):
    """Return the real and fake images of some segments as `Recordings`, 2 · images_per_class a segment.

    They are stacked as the original course stacked them, real images of the first segment, its fakes,
    real images of the second …, and not shuffled: to cut off the last fifth is to cut off fakes.

    - `segments`: an integer 0..9 or a sequence of different ones, in the order wanted.
    - `images_per_class`: 1..2048 for each class of each segment, None for all 2048.
    - `source`: "simulated" (nothing is read or downloaded); the path of a folder with `real_0.gz`,
      `fake_0.gz` … in the format of the original course; or "original", the very files of that course,
      downloaded at the first call (200 MB a segment) and kept.
    - `seed`: another integer ≥ 0 simulates other mice; files do not depend on it.
    - `memory_map`: for more than the memory holds. True, or a folder of your choice, writes the images
      unpacked to disk (0.27 GB a segment) at the first call; `images` is then a read-only np.memmap
      of that file, of which only what is indexed comes into memory. Later calls with the same
      arguments find the file, unless the source has changed. It may be deleted at any time.
    - `progress`: whether to show a bar.

    Raises TypeError or ValueError for a bad argument, FileNotFoundError for missing or misnamed files,
    DataError (a ValueError) for a file that is damaged or of a wrong size, OSError for what a disk or
    a network refuses; each names the file and the reason.

    >>> data = load([7, 8], images_per_class=2)
    >>> data.labels.tolist(), data.recordings.tolist()
    ([0, 0, 1, 1, 0, 0, 1, 1], [7, 7, 7, 7, 8, 8, 8, 8])
    """
    segments = _checked_segments(segments)
    images_per_class = _checked_images(images_per_class)
    sources, where, state = _sources(segments, source, arguments.integer("seed", seed, 0), progress)
    if not isinstance(memory_map, (bool, str, os.PathLike)) and memory_map is not None:
        raise TypeError(
            f"memory_map must be True, False, None or the path of a folder. Received: {arguments.shown(memory_map)}"
        )
    if memory_map is None or memory_map is False:
        images, animals = stacking.in_memory(sources, images_per_class, progress)
    else:
        folder = disk.cache_folder("unpacked") if memory_map is True else disk.writable_folder(memory_map)
        path = folder / f"{where}_segments_{'-'.join(map(str, segments))}_images_{images_per_class}.raw"
        images, animals = stacking.on_disk(path, sources, images_per_class, state, progress)
    return Recordings(
        images=images[..., np.newaxis],
        labels=np.tile(np.repeat(np.int64([0, 1]), images_per_class), len(segments)),
        recordings=np.repeat(np.int64(segments), 2 * images_per_class),
        animals=animals,
    )


def save(
    folder, segments, images_per_class=IMAGES_PER_FILE, source="simulated", *, seed=0, overwrite=False, progress=False
):
    """Write `real_k.gz` and `fake_k.gz` of some segments to `folder`, in the format of the original course.

    Each file is a gzip of raw little-endian float32, images × 128 × 128. It takes its name only when
    complete: whatever interrupts the writing, no half-written file stays behind. The folder is created
    if need be; the other arguments are those of `load`. Returns the list of paths.

    Raises FileExistsError for files that exist already unless `overwrite`, OSError if the folder is not
    writable or the disk too full, and what `load` raises.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = save(folder, segments=3, images_per_class=2)
    ...     load(3, 2, source=folder).images.shape, [path.name for path in paths]
    ((4, 128, 128, 1), ['real_3.gz', 'fake_3.gz'])
    """
    segments = _checked_segments(segments)
    images = _checked_images(images_per_class)
    sources, _, _ = _sources(segments, source, arguments.integer("seed", seed, 0), progress)
    folder = disk.writable_folder(folder)
    paths = [folder / files.name(kind, segment) for segment in segments for kind in CLASSES]
    existing = [path.name for path in paths if path.exists()]
    if existing and not overwrite:  # before the first is written, so that all or none are replaced
        raise FileExistsError(
            f"the folder {str(folder)!r} holds {', '.join(existing)} already. Pass overwrite=True to replace them"
        )
    disk.require_space(folder / "the files", len(paths) * images * files.IMAGE_BYTES)

    def write(index, blocks):
        files.write(paths[index], (frames for frames, _ in blocks), images, overwrite)

    stacking.feed(write, sources, images, progress)
    return paths


def _sources(segments, source, seed, progress):
    """Return the sources in stacking order, a name for where they are, and the state they are in.

    A source is a function images → blocks, one for each class of each segment.
    """
    if not isinstance(source, (str, os.PathLike)):
        raise TypeError(
            f"source must be 'simulated', 'original' or the path of a folder. Received: {arguments.shown(source)}"
        )
    if source == "simulated":
        sources = [partial(kept.blocks, kind, segment, seed=seed) for segment in segments for kind in CLASSES]
        return sources, f"simulated_seed_{seed}", seed
    folder = download.fetch(segments, progress=progress) if source == "original" else Path(os.path.expanduser(source))
    if not folder.exists():
        raise FileNotFoundError(
            f"source must be 'simulated', 'original' or the path of a folder. "
            f"Received: {str(source)!r}, which does not exist"
        )
    paths = files.find(folder, segments)
    where = f"folder_{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]}"
    state = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    return [partial(files.blocks, path) for path in paths], where, state


def _checked_segments(segments):
    """Return `segments` as a list of different integers 0..9, or raise."""
    many = isinstance(segments, Iterable) and not isinstance(segments, (str, bytes)) and np.ndim(segments)
    listed = [arguments.integer("segments", s, 0, SEGMENTS - 1) for s in (segments if many else [segments])]
    if not listed or len(set(listed)) < len(listed):
        raise ValueError(f"segments must be one or more different integers. Received: {arguments.shown(segments)}")
    return listed


def _checked_images(images_per_class):
    if images_per_class is None:
        return IMAGES_PER_FILE
    return arguments.integer("images_per_class", images_per_class, 1, IMAGES_PER_FILE)
