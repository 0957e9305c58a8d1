"""Raw files of numbers of another type are refused, with the likely type; float32 never is without a reason."""

import gzip
import itertools

import numpy as np
import pytest

from coursekit import calcium
from coursekit.calcium import DataError, number_types

N = 2 * 128 * 128
WINDOW = (np.arange(128)[:, None] - 64) ** 2 + (np.arange(128) - 64) ** 2 < 60**2
TYPES = ["<f8", "<f2", ">f4", ">f8", ">f2", "<i2", "<u2", ">i2", ">u2", "<i4", "<u4", "<i8", "<u8", "u1", "i1"]


def as_type(images, kind):
    """Images as a camera or a careless program would store them in numbers of `kind`."""
    kind, images = np.dtype(kind), np.asarray(images, np.float64)
    if kind.kind == "u":
        images = images - images.min()
    if kind.kind in "iu":
        images = images * ({"u": 250, "i": 120}[kind.kind] / np.abs(images).max() if kind.itemsize == 1 else 100)
    return images.astype(kind)


def packed(path, raw, trailing=b""):
    path.write_bytes(gzip.compress(raw, 1) + trailing)


@pytest.fixture(scope="module")
def recorded():
    return calcium.load([3], images_per_class=4).images[..., 0]


@pytest.mark.parametrize(("kind", "label", "scale"), list(itertools.product(TYPES, (0, 1), (1, 100))))
def test_another_type_is_refused_and_named(kind, label, scale, recorded):
    images = recorded[4 * label : 4 * label + 4] * scale
    said = number_types.fault(as_type(images, kind).tobytes())
    name = np.dtype(kind).name.replace("uint64", "int64")
    assert said and (name in said or (kind == ">f2" and said)), said


@pytest.mark.parametrize("scale", [0.01, 1, 100, 1000])
def test_recorded_images_in_float32_pass(scale, recorded):
    for image in recorded:
        assert number_types.fault((image * scale).astype("<f4").tobytes()) is None


@pytest.mark.parametrize("seed", range(150))
def test_float32_of_any_plausible_scale_and_texture_passes(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=N) if seed % 2 else np.cumsum(rng.normal(size=N)) / 50
    values = values * 10 ** rng.uniform(-3, 3) + rng.normal() * rng.choice([0, 1, 30])
    if seed % 3 == 0:
        values = (values.reshape(2, 128, 128) * WINDOW).ravel()
    values = values.astype([np.float32, np.float16, np.float64][seed % 5 % 3])
    values = np.round(values) if seed % 7 == 0 else values
    assert number_types.fault(values.astype("<f4").tobytes()) is None


@pytest.mark.parametrize("values", [np.zeros(N), np.full(N, 3.5), np.arange(N) / N, np.arange(N) % 4000, np.eye(256)])
def test_float32_that_is_constant_regular_or_nearly_empty_passes(values):
    assert number_types.fault(values.astype("<f4").tobytes()) is None


@pytest.mark.parametrize("kind", ["<f8", "<f2", ">f4", "<u2", "u1", "<i4"])
def test_a_file_of_another_type_is_not_loaded(kind, tmp_path, recorded):
    for name in ("real_3.gz", "fake_3.gz"):
        packed(tmp_path / name, as_type(np.concatenate([recorded] * 4), kind).tobytes()[: 8 * 65536])
    with pytest.raises(DataError, match=f"float32.*Received: its numbers look like .*{np.dtype(kind).name}"):
        calcium.load([3], images_per_class=4, source=tmp_path)


def test_one_huge_number_in_a_late_image_is_found_with_its_place(tmp_path, recorded):
    images = np.concatenate([recorded] * 5)
    images[37, 5, 6] = 3.7e19
    for name in ("real_3.gz", "fake_3.gz"):
        packed(tmp_path / name, images.tobytes())
    with pytest.raises(DataError, match="3.7e[+]19 in image 37, row 5, column 6"):
        calcium.load([3], images_per_class=40, source=tmp_path)


@pytest.mark.parametrize("trailing", [b"<html>", b"\x1f", b"\0xyz", b"\0" * 9 + b"end"])
def test_bytes_behind_the_gzip_are_called_that(trailing, tmp_path, recorded):
    for name in ("real_3.gz", "fake_3.gz"):
        packed(tmp_path / name, recorded.tobytes(), trailing)
    with pytest.raises(DataError, match="has other bytes behind its gzip"):
        calcium.load([3], images_per_class=8, source=tmp_path)


def test_zeros_and_a_second_gzip_behind_the_first_are_read(tmp_path, recorded):
    half = recorded[:4].tobytes()
    for name in ("real_3.gz", "fake_3.gz"):
        packed(tmp_path / name, half, gzip.compress(half) + b"\0" * 512)
    assert calcium.load([3], images_per_class=8, source=tmp_path).images.shape == (16, 128, 128, 1)


COARSE = {
    "counts": lambda rng: rng.poisson(300, N),
    "mask": lambda rng: np.where(rng.random(N) > 0.5, 255, 0),
    "constant": lambda rng: np.full(N, 100),
    "quarters": lambda rng: np.round(rng.normal(size=N) * 4) / 4,
}


@pytest.mark.parametrize("texture", COARSE)
def test_whole_numbers_in_float64_are_refused_though_half_their_bytes_are_zero(texture):
    values = COARSE[texture](np.random.default_rng(1))
    assert "8 bytes" in number_types.fault(values.astype("<f8").tobytes()) or "float64" in number_types.fault(
        values.astype("<f8").tobytes()
    )
    assert number_types.fault(values.astype("<f4").tobytes()) is None


def test_images_after_blank_ones_are_judged_as_the_first_would_be(tmp_path, recorded):
    images = np.concatenate([np.zeros((3, 128, 128)), recorded, recorded])
    for name in ("real_3.gz", "fake_3.gz"):
        packed(tmp_path / name, as_type(images, "<f2").tobytes() + bytes(65536))
    with pytest.raises(DataError, match="float16"):
        calcium.load([3], images_per_class=4, source=tmp_path)
