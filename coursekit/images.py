"""Pictures to look at and to filter: shipped ones, ones drawn by code, and the student's own.

Whatever the source, a picture is a float32 array with values from 0 (black) to 1 (white), of shape
(H, W) if it is grey and (H, W, 3) if it has red, green and blue. `patterns` draws the simulated ones and
takes settings; here each comes with its usual ones.
"""

import difflib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coursekit import arguments, datafiles, patterns, picturefiles, tables

__all__ = ["Picture", "describe", "load", "names"]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_CC0 = "CC0 1.0, dedicated to the public domain"
_MNI = (
    "Copyright (C) 1993-2004 Louis Collins, McConnell Brain Imaging Centre, Montreal Neurological "
    "Institute, McGill University; may be used, copied, modified and distributed with this notice"
)
_HEAD = (
    "MR template ICBM 2009a nonlinear symmetric, average of 152 heads without their skulls; Fonov et "
    "al., NeuroImage 54, 2011, doi 10.1016/j.neuroimage.2010.07.033; taken from nilearn 0.14.1"
)
_SKIMAGE = "; taken from scikit-image 0.26.0"


@dataclass(frozen=True)
class Picture:
    """What a picture shows, where it is from and on which terms; printed, one line each."""

    name: str
    title: str
    origin: str
    licence: str
    simulated: bool

    def __str__(self):
        return tables.printable(
            f"{self.name}: {self.title} ({'simulated' if self.simulated else 'real'})\n"
            f"Origin: {self.origin}\nLicence: {self.licence}"
        )


def load(source, *, grey=False, size=None):
    """Return a picture: float32 of shape (H, W) if it is grey, (H, W, 3) if in colour, values 0 to 1.

    `source` is one of `names()`, a path, an address (http or https), the bytes of a file, or what an
    upload left behind: the value of an ipywidgets FileUpload, or what google.colab.files.upload() returned.
    With `grey`, colours become their luma, 0.299 red + 0.587 green + 0.114 blue (Recommendation ITU-R
    BT.601). With `size`, a picture whose longer side has more pixels is shrunk to that many: each new
    pixel is the mean of the area it covers, so that fine stripes become grey instead of false, broad ones.

    The array is the caller's own. How a file of other depth, with a palette, transparency or a rotation
    mark is read, and the errors for files that cannot be read, are described at `picturefiles.decode` and
    `picturefiles.read`. Raises ValueError for an unknown name, naming similar ones.

    >>> load("cat").shape, load("cat", grey=True).shape, load("cat", size=96).shape
    ((128, 192, 3), (128, 192), (64, 96, 3))
    """
    if not isinstance(grey, (bool, np.bool_)):
        raise TypeError(f"grey must be True or False. Received: {arguments.shown(grey)}")
    limit = np.inf if size is None else arguments.integer("size", size, minimum=1)
    picture = _picture(source)
    if grey and picture.ndim == 3:
        picture = np.clip(picture @ _LUMA, 0, 1)
    return _shrunk(picture, limit) if max(picture.shape[:2]) > limit else picture


def names():
    """Return the names that `load` and `describe` know, as a tuple: real pictures first, then drawn ones.

    >>> names()[:3]
    ('brain_axial', 'brain_sagittal', 'retina')
    """
    return tuple(_PICTURES)


def describe(name):
    """Return the `Picture` of one of `names()`: title, origin, licence, and whether it is simulated.

    Raises ValueError for an unknown name, naming similar ones.

    >>> print(describe("checkerboard"))
    checkerboard: Checkerboard with squares of 16 pixels (simulated)
    Origin: drawn by coursekit.patterns.checkerboard()
    Licence: MIT, like coursekit
    """
    if not isinstance(name, str) or name not in _PICTURES:
        raise ValueError(f"name must be one of images.names(){_similar(name)}. Received: {arguments.shown(name)}")
    return _PICTURES[name]


def _picture(source):
    about = _PICTURES.get(source) if isinstance(source, str) else None
    if about is not None and about.simulated:
        return getattr(patterns, about.name)()
    if about is not None:
        source = datafiles.path("images", f"{about.name}.png", checked=True)
    elif isinstance(source, str) and _bare(source) and not Path(source).exists():
        raise ValueError(
            f"source must be one of images.names(){_similar(source)}, or a path, an address or "
            f"the content of a picture file. Received: {source!r}"
        )
    return picturefiles.decode(*picturefiles.read(source))


def _bare(text):
    """Return whether `text` is one word, as names are: neither folder nor suffix, no address."""
    return Path(text).name == text and not Path(text).suffix


def _similar(name):
    close = difflib.get_close_matches(str(name).lower(), _PICTURES, n=3)
    return f", for instance {' or '.join(map(repr, close))}" if close else ": " + ", ".join(_PICTURES)


def _shrunk(picture, size):
    """Return `picture` with `size` pixels along its longer side, each the mean of the area it covers."""
    height, width = (max(1, round(side * size / max(picture.shape[:2]))) for side in picture.shape[:2])
    rows = _means(picture, height)
    return _means(rows.swapaxes(0, 1), width).swapaxes(0, 1).astype(np.float32, order="C")


def _means(picture, new):
    """Return the means of `new` equal parts of the first axis; a border may cut through a pixel."""
    old, means = len(picture), []
    for part in range(new):
        start, before = divmod(part * old, new)  # this part begins `before` / `new` into pixel `start`
        stop, within = divmod((part + 1) * old, new)
        total = picture[start:stop].sum(axis=0, dtype=np.float64) - picture[start] * (before / new)
        if within:
            total += picture[stop] * (within / new)
        means.append(total * (new / old))
    return np.stack(means)


def _shipped(name, title, origin, licence):
    return Picture(name, title, origin, licence, simulated=False)


def _drawn(name, title, origin=""):
    return Picture(name, title, f"drawn by coursekit.patterns.{name}(){origin}", "MIT, like coursekit", True)


_PICTURES = {
    picture.name: picture
    for picture in (
        _shipped("brain_axial", "Horizontal section of the human brain, at z = 18 mm", _HEAD, _MNI),
        _shipped("brain_sagittal", "Upright section of the human brain, at x = 2 mm, next to its middle", _HEAD, _MNI),
        _shipped(
            "retina",
            "Back of a healthy left eye, a fundus photograph",
            "Mikael Häggström, WikiJournal of Medicine 1 (2), 2014, doi 10.15347/wjm/2014.008" + _SKIMAGE,
            _CC0,
        ),
        _shipped(
            "microaneurysms",
            "Back of a diabetic eye in detail: vessels and small dark microaneurysms",
            "image 07_dr of the High-Resolution Fundus database; Budai et al., International Journal of "
            "Biomedical Imaging, 2013, doi 10.1155/2013/154860" + _SKIMAGE,
            _CC0 + " (this detail) by Andreas Maier, owner of the database",
        ),
        _shipped(
            "photographer", "Man behind a camera on a tripod, a photograph", "Lav Varshney, 2006" + _SKIMAGE, _CC0
        ),
        _shipped("cat", "Chelsea the cat, a photograph", "Stéfan van der Walt" + _SKIMAGE, _CC0),
        _shipped("bricks", "Pavement of bricks, a photograph", "CC0Textures, Bricks25" + _SKIMAGE, _CC0),
        _drawn("checkerboard", "Checkerboard with squares of 16 pixels"),
        _drawn("bars", "Upright bars, 16 pixels from one to the next"),
        _drawn("edge", "Upright, slightly blurred edge from black to white"),
        _drawn(
            "shepp_logan",
            "Shepp-Logan phantom of a head, in Toft's contrast",
            " after Shepp and Logan, IEEE Transactions on Nuclear Science 21, 1974, doi 10.1109/TNS.1974.6499235",
        ),
    )
}
