"""Make the files of data/digits/ from the fonts that matplotlib carries. Run by hand, once: nothing else needs it.

    python data/make_digits.py [FOLDER]

Each digit is drawn in one of the fonts below, then turned, slanted, scaled, shifted, made thicker or
thinner, and disturbed by noise; the seed decides everything. Two runs write the same bytes. Under another
version of NumPy, matplotlib or zlib the bytes may differ, and under another font the pixels.
"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath

OUT = Path(__file__).resolve().parent / "digits"
PARTS = {"train": (4000, 20240311), "test": (1000, 20240312)}  # number of digits, seed
FONTS = [
    f"DejaVu{family}{style}"
    for family, styles in (
        ("Sans", ("", "-Bold", "-Oblique", "-BoldOblique")),
        ("SansMono", ("", "-Bold", "-Oblique", "-BoldOblique")),
        ("Serif", ("", "-Bold", "-Italic", "-BoldItalic")),
    )
    for style in styles
]
FONTS += [
    "STIXGeneral",
    "STIXGeneralBol",
    "STIXGeneralItalic",
    "STIXGeneralBolIta",
    "cmr10",
    "cmb10",
    "cmss10",
    "cmti10",
    "cmtt10",
]
SIDE, FINE, LEVELS = 28, 112, 16  # pixels of a digit, of the drawing it is taken from, shades of grey


def carried():
    """Return the numbers of those FONTS that the installed matplotlib carries; before 3.11 one is missing."""
    return [number for number, font in enumerate(FONTS) if _file(font).exists()]


def _file(font):
    return Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf")


def drawing(font, digit):
    """Return the digit in a font, 1 inside and 0 outside, blurred: (FINE, FINE), centred, 70% high."""
    outlines = TextPath((0, 0), str(digit), size=100, prop=FontProperties(fname=_file(font))).to_polygons()
    corners = np.concatenate(outlines)
    low, high = corners.min(axis=0), corners.max(axis=0)
    grid = (np.arange(FINE) + 0.5 - FINE / 2) / (0.7 * FINE) * (high - low)[1]
    x, y = np.meshgrid(grid + (low + high)[0] / 2, (low + high)[1] / 2 - grid)
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    inside = np.zeros(len(points), bool)
    for outline in outlines:  # a hole is an outline within an outline
        inside ^= Outline(outline).contains_points(points)
    kernel = np.exp(-0.5 * (np.arange(-8, 9) / 2.5) ** 2)
    blurred = inside.reshape(FINE, FINE).astype(float)
    for _ in range(2):
        blurred = np.stack([np.convolve(row, kernel / kernel.sum(), "same") for row in blurred]).T
    return blurred


def sample(field, rng):
    """Return one digit, (SIDE, SIDE) numbers from 0 to 1, from its drawing."""
    angle, slant = np.deg2rad(rng.uniform(-15, 15)), rng.uniform(-0.15, 0.15)
    size, shift = rng.uniform(0.85, 1.1, 2), rng.uniform(-2.5, 2.5, 2)
    threshold, noise = rng.uniform(0.15, 0.4), rng.normal(0, 0.06, (SIDE, SIDE))
    fine = (np.arange(2 * SIDE) + 0.5) / 2 - SIDE / 2  # four points per pixel
    y, x = np.meshgrid(fine - shift[0], fine - shift[1], indexing="ij")
    x, y = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    x, y = (x + slant * y) / size[1], y / size[0]
    values = bilinear(field, *((part * FINE / SIDE + FINE / 2 - 0.5) for part in (y, x)))
    ink = np.clip((values - threshold) * 6 + 0.5, 0, 1)
    return np.clip(ink.reshape(SIDE, 2, SIDE, 2).mean(axis=(1, 3)) + noise, 0, 1)


def bilinear(field, rows, columns):
    """Return the values of `field` between its pixels; outside it is 0."""
    rows, columns = np.clip(rows, 0, FINE - 1.001), np.clip(columns, 0, FINE - 1.001)
    i, j = rows.astype(int), columns.astype(int)
    a, b = rows - i, columns - j
    return (1 - a) * ((1 - b) * field[i, j] + b * field[i, j + 1]) + a * (
        (1 - b) * field[i + 1, j] + b * field[i + 1, j + 1]
    )


def part(drawings, count, seed):
    """Return (images, labels): uint8 (count, 28, 28) of 16 shades, and as many of each digit in random order.

    `drawings` holds {(number of a font, digit): drawing}; only its fonts are taken.
    """
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % 10)
    known = np.array(sorted({font for font, _ in drawings}))
    fonts = known[rng.integers(0, len(known), count)]
    images = np.stack([sample(drawings[font, label], rng) for font, label in zip(fonts, labels)])
    return np.round(images * (LEVELS - 1)).astype(np.uint8), labels.astype(np.uint8)


def save(path, images, labels):
    """Write an .npz that holds no time: two shades share one byte, the even columns in the upper half."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in (("images", images[..., ::2] << 4 | images[..., 1::2]), ("labels", labels)):
            stream = io.BytesIO()
            np.save(stream, array)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, stream.getvalue(), compresslevel=9)


def main(folder):
    if missing := {*range(len(FONTS))} - {*carried()}:
        font = FONTS[min(missing)]
        sys.exit(f"matplotlib {matplotlib.__version__} does not carry the font {font}: install a newer one")
    folder.mkdir(parents=True, exist_ok=True)
    drawings = {(font, digit): drawing(FONTS[font], digit) for font in range(len(FONTS)) for digit in range(10)}
    for name, (count, seed) in PARTS.items():
        path = folder / f"{name}.npz"
        save(path, *part(drawings, count, seed))
        print(
            f"{name}: {count} digits, {path.stat().st_size} bytes, "
            f"SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()} (for data/checksums.json)"
        )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]) if len(sys.argv) == 2 else OUT)
