"""Files of brain images in the format of the original course: `real_0.gz` … `fake_9.gz`.

Each file is a gzip of raw little-endian float32 numbers, images × 128 × 128 without any header
(2048 images in the original). A recording, called segment, is a pair: its real images and the fakes.

Reading goes block by block, so a file never stands in memory twice. It calls zlib directly: pieces
of 1 MB, decompressed outside Python's global lock, let two files be read on two cores, whereas the
8 kB pieces of the module gzip (until Python 3.12) keep a second thread waiting.
"""

import gzip
import os
import re
import zlib
from pathlib import Path

import numpy as np

from coursekit import arguments, disk
from coursekit.calcium import number_types

SIDE = 128  # pixels, of both height and width
IMAGES_PER_FILE = 2048
SEGMENTS = 10
CLASSES = ("real", "fake")  # the index is the label
IMAGE_BYTES = SIDE * SIDE * 4
UNKNOWN_ANIMAL = -1  # the format does not tell which animal an image comes from

_NUMBERS = "little-endian float32 numbers, ΔF/F in percent"
_BLOCK = 32  # images handed out at once: 2 MB
_PIECE = 1 << 20  # compressed bytes read at once


class DataError(ValueError):
    """A file of images that does not hold what it should; the message names the file and the reason."""


def name(kind, segment):
    """Return the name of the file of one class of a segment.

    >>> name("fake", 3)
    'fake_3.gz'
    """
    return f"{kind}_{segment}.gz"


def find(folder, segments):
    """Return the files of `segments` in `folder`, a list of paths: real and fake of each segment in turn.

    Raises FileNotFoundError that lists every file missing, with those that seem to be meant but bear
    another name (`Real_0.gz`, `real_0 (1).gz`, unpacked `real_0`), or says that there is no such
    folder; NotADirectoryError where `folder` is a file.
    """
    folder = Path(folder)
    if not folder.exists():
        raise FileNotFoundError(f"there is no folder {str(folder)!r}")
    if not folder.is_dir():
        raise NotADirectoryError(f"{str(folder)!r} is a file. Expected: the folder of real_0.gz and so on")
    paths = [folder / name(kind, segment) for segment in segments for kind in CLASSES]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise FileNotFoundError(f"the folder {str(folder)!r} lacks {', '.join(missing)}. {_misnamed(folder, missing)}")
    return paths


def blocks(path, images, exactly=False):
    """Yield the first `images` images of a file, block by block.

    Each item is `(frames, animals)`: float32 (b, 128, 128) with b ≤ 32 and int64 (b,), all −1, since
    the files do not tell the animal. What follows the images asked for is read only if `exactly`
    (the file must then hold just so many images) or if the last bytes of the file, where gzip notes
    the unpacked length, make it suspect; so a file cut short is found out however few are asked for.

    Raises DataError for a file that is not a gzip, is truncated, corrupt or of a wrong size, has other bytes
    behind the gzip, or holds numbers of another type, too large, or not finite; OSError for one that cannot
    be read.
    """
    wanted = images * IMAGE_BYTES
    with open(path, "rb") as file:
        promised = _promised_bytes(file, path)
        stream, judged = _Gunzip(file, path), False
        for start in range(0, images, _BLOCK):
            size = min(_BLOCK, images - start) * IMAGE_BYTES
            raw = stream.read(size)
            if len(raw) < size:
                raise _wrong_size(path, stream.count, images, exactly)
            if not judged and (filled := raw.lstrip(b"\0")):  # the first that are not all zero
                judged, sample = True, raw[(len(raw) - len(filled)) // IMAGE_BYTES * IMAGE_BYTES :]
                if fault := number_types.fault(sample):
                    raise DataError(f"{path} must hold {_NUMBERS}. Received: {fault}")
            yield _frames(raw, path, start), np.full(size // IMAGE_BYTES, UNKNOWN_ANIMAL)
        if exactly or promised <= wanted or promised % IMAGE_BYTES:
            while stream.read(_PIECE):
                pass
            if stream.count % IMAGE_BYTES or (exactly and stream.count > wanted):
                raise _wrong_size(path, stream.count, images, exactly)


def write(path, frames, images, overwrite=False):
    """Write `images` images to the file `path` in the original format, completely or not at all.

    `frames` yields arrays (b, 128, 128). The gzip header holds neither name nor time: the same images
    give the same bytes (where zlib is the same). Raises FileExistsError unless `overwrite`, OSError
    where the folder cannot be written or the disk is full, ValueError for frames of another shape.
    """
    with disk.replacing(path, images * IMAGE_BYTES, overwrite) as file:
        # Level 1: noise hardly packs better at level 9, which takes half as long again.
        with gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=file, mtime=0) as packed:
            for block in frames:
                block = arguments.array("frames", block, ndim=3, dtype="<f4")
                if block.shape[1:] != (SIDE, SIDE):
                    raise ValueError(f"frames must have shape (b, {SIDE}, {SIDE}). Received: {block.shape}")
                packed.write(np.ascontiguousarray(block))
                images -= len(block)
        if images:
            raise ValueError(
                f"frames must hold as many images as announced. Received: {abs(images)} "
                f"too {'few' if images > 0 else 'many'} for {path}"
            )


class _Gunzip:
    """The unpacked content of an open gzip file, also of several gzips put one after the other."""

    def __init__(self, file, path):
        self.count = 0  # bytes unpacked so far
        self._file, self._path = file, path
        self._inflate, self._packed = zlib.decompressobj(wbits=31), b""  # 31: with gzip's header and checksum

    def read(self, size):
        """Return the next `size` bytes, fewer only at the end."""
        pieces = []
        while size and not (self._inflate.eof and self._ended()):
            packed = self._packed or self._file.read(_PIECE)
            if not packed:
                raise DataError(
                    f"{self._path} is truncated: the compressed data break off after "
                    f"{self.count // IMAGE_BYTES} images. Copy or download the file again"
                )
            try:
                pieces.append(self._inflate.decompress(packed, size))
            except zlib.error as error:
                raise DataError(
                    f"{self._path} is corrupt after {self.count // IMAGE_BYTES} images: "
                    f"{str(error).split(': ')[-1]}. Copy or download the file again"
                ) from None
            self._packed = self._inflate.unconsumed_tail
            self.count += len(pieces[-1])
            size -= len(pieces[-1])
        return b"".join(pieces)

    def _ended(self):
        """Return whether nothing but zeros follows the gzip that ended; if not, start with the next."""
        rest = self._inflate.unused_data.lstrip(b"\0")
        while len(rest) < 2 and (piece := self._file.read(_PIECE)):
            rest = (rest + piece).lstrip(b"\0")
        if rest and rest[:2] != b"\x1f\x8b":
            raise DataError(
                f"{self._path} has other bytes behind its gzip, beginning with {rest[:8]!r}: something was added. "
                "Copy or download the file again"
            )
        if rest:
            self._inflate, self._packed = zlib.decompressobj(wbits=31), rest
        return not rest


def _promised_bytes(file, path):
    """Return the unpacked length (modulo 2³²) that a gzip file states in its last bytes; check its first."""
    start = file.read(16)
    length = file.seek(0, os.SEEK_END)
    file.seek(max(length - 4, 0))
    promised = int.from_bytes(file.read(4), "little")
    file.seek(0)
    if start[:2] != b"\x1f\x8b":
        reason = f"it starts with {start!r}" if start else "it is empty"
        if start and length % IMAGE_BYTES == 0:
            reason += "; it seems to be unpacked already, so pack it with the program gzip"
        raise DataError(f"{path} is not a gzip file: {reason}")
    return promised


def _frames(raw, path, start):
    """Return bytes as float32 frames (b, 128, 128); `start` is the index of the first, for the error."""
    frames = np.frombuffer(raw, "<f4").reshape(-1, SIDE, SIDE).astype(np.float32, copy=False)
    finite = np.isfinite(frames)
    if not finite.all():
        image, row, column = (int(i) for i in np.argwhere(~finite)[0])
        raise DataError(
            f"{path} must hold finite numbers only. Received: {frames[image, row, column]} "
            f"in image {start + image}, row {row}, column {column}"
        )
    if max(frames.max(), -frames.min()) > number_types.LARGEST:
        image, row, column = (int(i) for i in np.argwhere(np.abs(frames) > number_types.LARGEST)[0])
        raise DataError(
            f"{path} must hold {_NUMBERS}. Received: {frames[image, row, column]:.3g} "
            f"in image {start + image}, row {row}, column {column}"
        )
    return frames


def _wrong_size(path, received, images, exactly):
    if received % IMAGE_BYTES:
        return DataError(
            f"{path} has a wrong size. Expected: a whole number of images of {SIDE} × {SIDE} "
            f"float32, {IMAGE_BYTES} bytes each. Received: {received} bytes unpacked"
        )
    expected = f"{'' if exactly else 'at least '}{images}"
    return DataError(f"{path} has a wrong number of images. Expected: {expected}. Received: {received // IMAGE_BYTES}")


def _misnamed(folder, missing):
    """Return the sentence on files in `folder` that seem to be the `missing` ones under another name."""
    hints = []
    for found in sorted(folder.iterdir()):
        match = re.search(r"(real|fake)[^a-z0-9]*0*(\d)(?!\d)", found.name.lower())
        expected = match and name(*match.groups())
        if expected in missing and found.is_file():
            with open(found, "rb") as file:
                packed = file.read(2) == b"\x1f\x8b"
            if found.suffix == ".part":
                hints.append(f"{found.name!r} is an unfinished download or copy of {expected!r}")
            elif packed:
                hints.append(f"{found.name!r} should be called {expected!r}")
            else:
                hints.append(f"{found.name!r} is not packed: pack it with the program gzip as {expected!r}")
    return f"Found: {'; '.join(hints)}" if hints else "Expected: files called real_0.gz, fake_0.gz and so on"
