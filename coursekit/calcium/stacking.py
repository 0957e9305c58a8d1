"""Blocks of images from several sources, put one after the other in memory or in a file on disk.

A source is a function `images → blocks`, such as `simulator.blocks` for one segment: an iterator of
`(frames, animals)`. Sources are read side by side in threads, each into its own place.
"""

import contextlib
import hashlib
import os
import sys
import threading
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

import numpy as np
from threadpoolctl import threadpool_limits

from coursekit import disk
from coursekit.calcium.files import IMAGE_BYTES, SIDE

_ANIMAL_BYTES = 8
_DIGEST_BYTES = 32


def in_memory(sources, images, progress=False):
    """Return the first `images` of every source as float32 (N, 128, 128) and their animals, int64 (N,)."""
    frames = np.empty((len(sources) * images, SIDE, SIDE), np.float32)
    animals = np.empty(len(frames), np.int64)

    def fill(index, blocks):
        start = index * images
        for block, identifiers in blocks:
            frames[start : start + len(block)] = block
            animals[start : start + len(block)] = identifiers
            start += len(block)

    feed(fill, sources, images, progress)
    return frames, animals


def on_disk(path, sources, images, origin, progress=False):
    """Return what `in_memory` returns, the frames as a read-only memory map of the file `path`.

    The file is written block by block unless an earlier call has left it. It holds the frames, then the
    animals, then a digest of `origin`, which is anything whose repr changes when the sources change.
    """
    count = len(sources) * images
    if not _is_current(path, sources, images, origin):
        animals = np.empty(count, np.int64)
        lock = threading.Lock()

        def fill(index, blocks):
            start = index * images
            for block, identifiers in blocks:
                animals[start : start + len(block)] = identifiers
                with lock:  # all share one position in the file
                    file.seek(start * IMAGE_BYTES)
                    file.write(np.ascontiguousarray(block))
                start += len(block)

        with disk.replacing(path, _size(count), overwrite=True) as file:
            feed(fill, sources, images, progress)
            file.seek(count * IMAGE_BYTES)
            file.write(animals.tobytes() + _digest(origin))
    frames = np.memmap(path, np.float32, "r", shape=(count, SIDE, SIDE))
    return frames, np.fromfile(path, np.int64, count, offset=count * IMAGE_BYTES)


def feed(consume, sources, images, progress=False):
    """Call ``consume(index, blocks)`` for every source, in as many threads as there are cores, or in none in a browser.

    Reports all images to one progress bar. The first error, or Ctrl-C, stops every thread at its next
    block and is raised when all have ended.
    """
    stop = threading.Event()
    lock = threading.Lock()

    def watched(blocks):
        with contextlib.closing(blocks):
            for frames, animals in blocks:
                if stop.is_set():
                    raise InterruptedError("another source failed")
                yield frames, animals
                with lock:
                    advance(len(frames))

    with disk.progress_bar(progress, total=len(sources) * images, unit="image") as advance:
        if sys.platform == "emscripten":  # has no threads; threadpoolctl would only warn of what it calls there
            for i, source in enumerate(sources):
                consume(i, watched(source(images)))
            return
        with (
            threadpool_limits(1, "blas"),  # threads that wait for each other's products cost more than half the time
            ThreadPoolExecutor(min(len(sources), os.cpu_count() or 1)) as pool,
        ):
            try:
                tasks = [pool.submit(consume, i, watched(source(images))) for i, source in enumerate(sources)]
                for task in wait(tasks, return_when=FIRST_EXCEPTION).done:
                    task.result()
            except BaseException:  # Ctrl-C as well
                stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _is_current(path, sources, images, origin):
    """Return whether `path` was written in full from the same origin and still starts each source alike.

    The comparison of first images finds out where the simulator itself has changed.
    """
    count = len(sources) * images
    if not path.is_file() or path.stat().st_size != _size(count):
        return False
    if np.fromfile(path, np.uint8, offset=_size(count) - _DIGEST_BYTES).tobytes() != _digest(origin):
        return False
    stored = np.memmap(path, np.float32, "r", shape=(count, SIDE, SIDE))
    firsts = (next(blocks(1))[0][0] for blocks in sources)
    return all(np.allclose(first, stored[i * images], atol=1e-4) for i, first in enumerate(firsts))


def _size(count):
    return count * (IMAGE_BYTES + _ANIMAL_BYTES) + _DIGEST_BYTES


def _digest(origin):
    return hashlib.sha256(repr(origin).encode()).digest()
