"""A student's own picture, wherever it comes from: first its bytes, then the array of its pixels.

`images.load` is the way in. Pillow is imported where a picture is decoded, not before.
"""

import io
import os
import time
import warnings

import numpy as np

from coursekit import arguments

MAX_BYTES = 50_000_000  # of a file
MAX_PIXELS = 30_000_000  # a camera of 24 million pixels fits; in float32 that is 0.3 GB
CONNECT_SECONDS, TOTAL_SECONDS = 10, 60

_BITS, _PHOTOMETRIC, _SAMPLES, _LARGEST, _PLANAR, _SAMPLE_FORMAT = 258, 262, 277, 281, 284, 339  # tags of TIFF
_PNG_GREY, _PNG_RGB, _PNG_GREY_ALPHA = 0, 2, 4  # colour types
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")  # others may start foreign programs
_READABLE = "a PNG, JPEG, GIF, BMP, TIFF, WebP or PNM picture"
_FOREIGN = (  # what else a student may hand in: (offset, bytes found there, what it is)
    (0, b"%PDF", "a PDF document: export the picture as PNG"),
    (4, b"ftyp", "a HEIC or AVIF picture or a video: save it as JPEG or PNG"),
    (128, b"DICM", "a DICOM file: export the picture as PNG"),
    (344, b"n+1\0", "a NIfTI volume: save one slice as PNG"),
    (344, b"ni1\0", "the header of a NIfTI volume: save one slice as PNG"),
    (0, b"\x89HDF\r\n", "an HDF5 file, perhaps of MATLAB or a microscope: save one picture of it as PNG"),
    (0, b"MATLAB 5.0", "a MATLAB file: save one picture of it as PNG, with imwrite"),
    (0, b"\x93NUMPY", "an array saved by NumPy: read it with numpy.load"),
    (0, b"SIMPLE  =", "a FITS file: save the picture as PNG"),
    (0, b"NRRD0", "an NRRD volume: save one slice as PNG"),
    (0, b"ObjectType", "a MetaImage header: save one slice as PNG"),
    (4, b"jP  ", "a JPEG 2000 picture: save it as PNG"),
    (4, b"JXL ", "a JPEG XL picture: save it as PNG"),
    (0, b"\x1f\x8b", "a gzip archive: unpack it first"),
    (0, b"PK\x03\x04", "a zip archive or an office document: take the picture out first"),
    (0, b"<", "text with tags, perhaps a web page or an SVG drawing: take the address of the picture itself"),
)
_TOO_LARGE = f"source must have at most {MAX_PIXELS:,} pixels."
_SOURCES = "source must be a picture's name, path, address (http or https), bytes or the value of one upload"


def read(source):
    """Return the content of a picture file as bytes, and what to call it in an error.

    `source` is a path (str or pathlib.Path), an address starting with http:// or https://, bytes, the
    value of an ipywidgets FileUpload (7.x or 8.x) or what google.colab.files.upload() returned, with one
    file in it. Raises TypeError for anything else, ValueError for an upload of none or several files and
    for more than MAX_BYTES, FileNotFoundError, OSError or ConnectionError for what cannot be read.

    >>> read({"ct.png": {"metadata": {"name": "ct.png"}, "content": b"..."}})
    (b'...', "'ct.png'")
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _limited(bytes(source), "the bytes"), "the bytes"
    if isinstance(source, str) and "://" in source:
        return _download(source), repr(source)
    if isinstance(source, (str, os.PathLike)):
        return _file(os.path.expanduser(source)), repr(os.fspath(source))
    return _upload(source)


def decode(content, name="the bytes"):
    """Return the pixels of a picture file: float32 (H, W) if it is grey, (H, W, 3) if in colour, 0 to 1.

    `content` are the bytes of the file, `name` what to call it in an error. Values of n bits are divided by
    2ⁿ − 1, the white one, or by the largest value that a grey TIFF of 16 bits states (Pillow reads colour as 8-bit);
    where a TIFF says that white is zero, they are turned round. Palettes become colours, transparent parts are
    laid on white, and a camera's note that the picture lies on its side is followed; colour profiles are not.
    Raises ValueError for anything but a picture,
    for one that is damaged, animated or larger than MAX_PIXELS, and for numbers of which the white one is
    unknown: signed ones, integers of 32 bits, floats outside 0 to 1.

    >>> decode(b"P2 3 1 255   0 51 255")        # the PGM format: a picture as text
    array([[0. , 0.2, 1. ]], dtype=float32)
    """
    from PIL import Image, ImageOps

    if not content:
        raise ValueError(f"source must be {_READABLE}. Received: {name}, which is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes and metadata; sizes are judged below
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
            _check_extent(picture, name)
            white, turned = _white(picture, name)
            depth, kind = content[24:26] if picture.format == "PNG" else (8, None)
            if depth in (2, 4, 16) and kind in (_PNG_GREY, _PNG_RGB) and "transparency" in picture.info:
                raise _Refused(
                    f"source must have an alpha channel or 8 bits if parts of it are transparent. Received: {name}, a "
                    f"PNG of {depth} bits with one transparent value; save it with an alpha channel"
                )
            values = _pixels(ImageOps.exif_transpose(picture), white, name)
            if kind == _PNG_GREY_ALPHA and values.ndim == 3:
                values = values[..., 0].copy()  # Pillow makes colour of 16-bit grey with alpha
            return 1 - values if turned else values
    except Image.DecompressionBombError as error:
        raise ValueError(f"{_TOO_LARGE} Received: {name}, {error}") from None
    except Image.UnidentifiedImageError:
        raise ValueError(f"source must be {_READABLE}. Received: {name}, {_kind(content)}") from None
    except _Refused as refused:
        raise ValueError(str(refused)) from None
    except Exception as error:  # a decoder fed with damaged bytes raises nearly anything
        raise ValueError(
            f"source must be a complete picture file. Received: {name}, which breaks off or is "
            f"damaged ({type(error).__name__}: {error})"
        ) from error


class _Refused(Exception):
    """A picture that was read well, but cannot be used."""


def _check_extent(picture, name):
    width, height = picture.size
    if width * height > MAX_PIXELS:  # before anything is unpacked
        raise _Refused(f"{_TOO_LARGE} Received: {name}, {width} x {height} pixels; make it smaller first")
    frames = getattr(picture, "n_frames", 1)
    if frames > 1 and picture.format != "MPO":  # cameras put a preview behind the picture
        raise _Refused(
            f"source must hold one picture. Received: {name}, {frames} frames or pages; save one of them as PNG"
        )


def _white(picture, name):
    """Return the white value of a picture of more than 8 bits, and whether Pillow forgot to turn black and white.

    Pillow scales PGM and PNG to 16 bits, and turns pictures of 8 bits itself; TIFF it hands out as it is.
    """
    if picture.mode == "LAB":
        raise _Refused(
            f"source must be grey, RGB, CMYK or YCbCr. Received: {name}, a picture in CIELAB; save it as PNG"
        )
    if picture.format != "TIFF":
        return 1 if picture.mode == "F" else 65535, False
    depth = picture.tag_v2
    bits, kinds = max(depth.get(_BITS, (1,))), set(depth.get(_SAMPLE_FORMAT, (1,)))
    if not kinds <= {1, 3} or (kinds == {1} and bits > 16):
        raise _Refused(
            "source must have unsigned integers of 1 to 16 bits or floats from 0 to 1 as its values. Received: "
            f"{name}, a TIFF of {_words(depth)}, of which nothing says what is white; scale it first"
        )
    deep = picture.mode.startswith("I") or picture.mode == "F"
    largest = max(depth.get(_LARGEST, (2**bits - 1,)))  # 4,095 for a camera of 12 bits
    if bits > 8 and not deep and largest < 2**bits - 1:  # Pillow would leave a few dark shades of 8 bits
        raise _Refused(
            f"source must use all {bits} bits if it is in colour. Received: {name}, a TIFF of {_words(depth)} that "
            f"states {largest:,} as its largest value; scale it first"
        )
    if bits > 8 and not deep and depth.get(_PLANAR) == 2:  # Pillow takes the bytes of one value for two
        raise _Refused(
            f"source must hold its colours pixel by pixel. Received: {name}, a TIFF of {_words(depth)} with a plane "
            "for each colour; save it as PNG"
        )
    return 1 if picture.mode == "F" else largest, deep and depth.get(_PHOTOMETRIC) == 0


def _words(depth):
    """Return the type of the numbers in a TIFF, from its tags, in words."""
    kind = {1: "unsigned integers", 2: "signed integers", 3: "floats"}.get(
        max(depth.get(_SAMPLE_FORMAT, (1,))), "other numbers"
    )
    order = ", white is zero" if depth.get(_PHOTOMETRIC) == 0 else ""
    return f"{max(depth.get(_BITS, (1,)))}-bit {kind} ({depth.get(_SAMPLES, 1)} a pixel{order})"


def _pixels(picture, white, name):
    mode = picture.mode
    if mode.startswith("I") or mode == "F":
        return _deep(np.asarray(picture), white, name)
    grey = mode in ("1", "L", "LA", "La")
    clear = mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in picture.info
    values = np.asarray(picture.convert(("L" if grey else "RGB") + ("A" if clear else "")), np.float32) / 255
    if clear:
        opacity = values[..., -1:]
        values = values[..., :-1] * opacity + (1 - opacity)
    return values[..., 0] if grey and clear else values


def _deep(values, white, name):
    """Return values of more than 8 bits as 0..1: integers from 0 to `white`, or floats that lie there already."""
    if not (values.min() >= 0 and values.max() <= white):  # so that NaN is refused as well
        raise _Refused(
            "source must have unsigned integers of 1 to 16 bits or floats from 0 to 1 as its values. Received: "
            f"{name}, {values.dtype} {_range(values)}; scale it first"
        )
    return (values / np.float32(white)).astype(np.float32)


def _range(values):
    missing = np.count_nonzero(~np.isfinite(values))
    return f"with {missing:,} values that are not finite" if missing else f"from {values.min()} to {values.max()}"


def _kind(content):
    if content[:2] in (b"II", b"MM"):
        return _tiff(content)
    start = content[:200].lstrip()
    for offset, mark, kind in _FOREIGN:
        if (content if offset else start)[offset : offset + len(mark)] == mark:
            return kind
    return f"which begins with {content[:12]!r}"


def _tiff(content):
    """Return what a TIFF is that Pillow does not read."""
    from PIL import TiffImagePlugin

    try:
        stream = io.BytesIO(content)
        depth = TiffImagePlugin.ImageFileDirectory_v2(stream.read(16 if content[2:3] == b"+" else 8))
        stream.seek(depth.next)
        depth.load(stream)
        return f"a TIFF of {_words(depth)}, which is not read; save it as PNG or as an 8- or 16-bit TIFF"
    except Exception:  # damaged tags raise nearly anything
        return "a TIFF that cannot be read; save it as PNG"


def _limited(content, name):
    if len(content) > MAX_BYTES:
        raise ValueError(f"source must have at most {MAX_BYTES:,} bytes. Received: {name}, which has more")
    return content


def _file(path):
    if not os.path.exists(path):
        raise FileNotFoundError(
            f"source must be a file that exists. Received: {path!r}, which is not there, "
            f"seen from the folder {os.getcwd()!r}"
        )
    if not os.path.isfile(path):  # a pipe would be waited for, for ever
        kind = "a folder" if os.path.isdir(path) else "a device or a pipe"
        raise ValueError(f"source must be a picture file. Received: {path!r}, which is {kind}")
    with open(path, "rb") as stream:
        return _limited(stream.read(MAX_BYTES + 1), repr(path))


def _upload(value):
    """Return content and name of the only file in what an upload left behind."""
    if isinstance(value, dict) and not isinstance(value.get("content", {}), dict):
        files = [(value.get("name"), value)]  # one file of ipywidgets 8
    elif isinstance(value, dict):
        files = list(value.items())  # ipywidgets 7, or Colab
    elif isinstance(value, (tuple, list)) and all(isinstance(file, dict) for file in value):
        files = [(file.get("name"), file) for file in value]  # ipywidgets 8
    else:
        raise TypeError(f"{_SOURCES}. Received: {arguments.shown(value)}")
    if len(files) != 1:
        raise ValueError(f"source must be an upload of one file. Received: {len(files)} files")
    [(name, file)] = files
    content = file.get("content") if isinstance(file, dict) else file
    if not isinstance(content, (bytes, bytearray, memoryview)):
        raise TypeError(f"{_SOURCES}. Received: {arguments.shown(value)}")
    return _limited(bytes(content), repr(name)), repr(name)


def _download(address):
    from http.client import HTTPException
    from urllib.request import Request, urlopen

    if not address.lower().startswith(("http://", "https://")):
        raise ValueError(f"{_SOURCES}. Received: {arguments.shown(address)}")
    content, end = bytearray(), time.monotonic() + TOTAL_SECONDS
    try:
        # Some servers turn away whoever does not say who is asking.
        request = Request(address, headers={"User-Agent": "coursekit (a course on convolutional networks)"})
        with urlopen(request, timeout=CONNECT_SECONDS) as reply:
            while len(content) <= MAX_BYTES and (piece := reply.read1(1 << 16)):
                content += piece
                if time.monotonic() > end:
                    raise TimeoutError(f"not complete after {TOTAL_SECONDS} s")
    except (OSError, HTTPException, ValueError) as error:
        raise ConnectionError(
            f"source must be an address that can be reached. Received: {address!r}, which failed: {error}. "
            "Without a network use a file or one of images.names()"
        ) from error
    return _limited(bytes(content), repr(address))
