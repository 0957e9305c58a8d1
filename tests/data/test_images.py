"""Every picture has its origin, its terms and its checksum, and arrives as float32 from 0 to 1."""

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from coursekit import datafiles, images, patterns

FOLDER = Path(__file__).resolve().parents[2] / "data" / "images"
REAL = tuple(name for name in images.names() if not images.describe(name).simulated)
DRAWN = tuple(name for name in images.names() if images.describe(name).simulated)


def readme():
    """What data/README.md states: {file name: {field: text}}."""
    text = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    section = re.search(r"^## Pictures\n(.*?)(?=^## |\Z)", text, re.S | re.M)[1]
    stated = {}
    for name, body in re.findall(r"^### (\S+)\n(.*?)(?=^### |\Z)", section, re.S | re.M):
        fields = re.findall(r"^- ([\w-]+): (.*?)(?=^- |\n\n|\Z)", body, re.S | re.M)
        stated[name] = {field: " ".join(value.split()) for field, value in fields}
    return stated


def content(picture):
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


# What is shipped


def test_the_files_are_those_that_the_readme_and_the_module_name():
    files = {file.name for file in FOLDER.iterdir()}
    assert files == set(readme()) == {f"{name}.png" for name in REAL}
    assert len(REAL) >= 6


@pytest.mark.parametrize("name", REAL)
def test_readme_module_and_file_state_the_same(name):
    about, stated, file = images.describe(name), readme()[f"{name}.png"], FOLDER / f"{name}.png"
    assert stated.pop("Made").startswith("{} × {}, ".format(*images.load(name).shape))
    assert stated == {"Title": about.title, "Origin": about.origin, "Licence": about.licence}
    assert datafiles.checksum(file) == datafiles.checksums()[f"images/{name}.png"]
    assert Image.open(file).text["Copyright"] == about.licence


@pytest.mark.parametrize("name", REAL)
def test_files_are_small_8_bit_pictures(name):
    file = FOLDER / f"{name}.png"
    assert file.stat().st_size < 60_000
    with Image.open(file) as picture:
        assert picture.mode in ("L", "RGB") and min(picture.size) >= 100 and max(picture.size) <= 256


@pytest.mark.parametrize("name", images.names())
def test_a_picture_is_float32_from_0_to_1_and_uses_the_range(name):
    picture = images.load(name)
    assert picture.dtype == np.float32 and picture.shape[2:] in ((), (3,))
    assert picture.flags.c_contiguous and picture.flags.writeable
    assert 0 <= picture.min() < picture.max() <= 1 and np.ptp(picture) > 0.3


@pytest.mark.parametrize("name", images.names())
def test_a_description_tells_title_origin_licence_and_kind(name):
    about = images.describe(name)
    assert about.name == name and min(map(len, (about.title, about.origin, about.licence))) > 5
    assert str(about).splitlines() == [
        f"{name}: {about.title} ({'simulated' if name in DRAWN else 'real'})",
        f"Origin: {about.origin}",
        f"Licence: {about.licence}",
    ]


def test_the_drawn_pictures_are_those_of_patterns():
    assert set(DRAWN) == {"checkerboard", "bars", "edge", "shepp_logan"}
    for name in DRAWN:
        np.testing.assert_array_equal(images.load(name), getattr(patterns, name)())


def test_pixels_are_those_of_the_file():
    stored = np.asarray(Image.open(FOLDER / "cat.png"))
    np.testing.assert_array_equal(images.load("cat"), stored / np.float32(255))


def test_the_brain_is_symmetric_about_column_80_as_its_description_says():
    brain = images.load("brain_axial")
    np.testing.assert_array_equal(brain[:, 81:], brain[:, 79:0:-1])
    assert abs(brain[1:] - brain[:0:-1]).max() > 0.5


def test_what_one_caller_does_to_a_picture_no_other_sees():
    for name in ("cat", "edge"):
        first = images.load(name)
        first[:] = 0
        assert images.load(name).max() > 0.5


def test_a_damaged_file_is_refused(monkeypatch, tmp_path):
    (tmp_path / "data" / "images").mkdir(parents=True)
    content = (FOLDER / "cat.png").read_bytes()
    (tmp_path / "data" / "images" / "cat.png").write_bytes(content[:-1] + b"?")
    shutil.copy(FOLDER.parent / "checksums.json", tmp_path / "data")
    monkeypatch.setattr(datafiles, "_PACKAGE", tmp_path)
    with pytest.raises(ValueError, match="'images/cat.png' is damaged"):
        images.load("cat")


# Names


def test_an_unknown_name_suggests_similar_ones():
    for call, argument in ((images.load, "source"), (images.describe, "name")):
        known = rf"{argument} must be one of images.names\(\)"
        with pytest.raises(ValueError, match=rf"{known}, for instance 'retina'.* Received: 'Retine'"):
            call("Retine")
        with pytest.raises(ValueError, match=rf"{known}: brain_axial, .*shepp_logan.* Received: 'xyz'"):
            call("xyz")


@pytest.mark.parametrize("name", ["brain-axial", "shepp logan", "Cat"])
def test_one_word_without_a_file_is_taken_for_a_name(name):
    with pytest.raises(ValueError, match="source must be one of images.names"):
        images.load(name)


@pytest.mark.parametrize("name", [None, 3, ["cat"], b"cat"])
def test_a_name_must_be_a_string(name):
    with pytest.raises(ValueError, match="name must be one of images.names"):
        images.describe(name)


def test_a_file_may_bear_any_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("mine", "cat"):
        Image.new("L", (7, 5), 51).save(tmp_path / name, "PNG")
    assert images.load("mine").shape == (5, 7)
    assert images.load(Path("cat")).shape == (5, 7)
    assert images.load("cat").shape == (128, 192, 3)  # the course's cat stays the course's


# Options


def test_grey_is_the_luma_of_bt_601():
    colours = Image.fromarray(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8))
    grey = images.load(content(colours), grey=True)
    assert grey.dtype == np.float32 and grey.max() <= 1
    np.testing.assert_allclose(grey, [[0.299, 0.587, 0.114, 1]], atol=1e-7)


def test_grey_agrees_with_pillow_to_its_rounding():
    expected = np.asarray(Image.open(FOLDER / "retina.png").convert("L")) / 255
    np.testing.assert_allclose(images.load("retina", grey=True), expected, atol=1 / 255)


def test_a_grey_picture_stays_as_it_is():
    np.testing.assert_array_equal(images.load("bricks", grey=True), images.load("bricks"))


def test_shrinking_averages_whole_blocks():
    blocks = images.load("photographer").reshape(64, 4, 64, 4)
    np.testing.assert_allclose(images.load("photographer", size=64), blocks.mean(axis=(1, 3)), atol=1e-6)


def test_shrinking_averages_parts_of_pixels_by_their_area():
    row = Image.fromarray(np.array([[0, 51, 255]], np.uint8))  # 3 pixels to 2: each takes one and a half
    halves = [[(0 + 0.5 * 0.2) / 1.5, (0.5 * 0.2 + 1) / 1.5]]
    np.testing.assert_allclose(images.load(content(row), size=2), halves, atol=1e-6)


@given(
    height=st.integers(1, 30),
    width=st.integers(1, 30),
    size=st.integers(1, 35),
    seed=st.integers(0, 99),
    channels=st.sampled_from([(), (3,)]),
)
@settings(max_examples=80, deadline=None)
def test_each_new_pixel_is_the_mean_of_the_area_it_covers(height, width, size, seed, channels):
    """Repeat every pixel as often as there are new ones: then no pixel is cut, and blocks can be averaged."""
    stored = np.random.default_rng(seed).integers(0, 256, (height, width, *channels), np.uint8)
    scale = min(1, size / max(height, width))
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    repeated = np.repeat(np.repeat(stored / 255, rows, axis=0), columns, axis=1)
    expected = repeated.reshape(rows, height, columns, width, *channels).mean(axis=(1, 3))
    shrunk = images.load(content(Image.fromarray(stored)), size=size)
    assert shrunk.dtype == np.float32 and shrunk.flags.c_contiguous and 0 <= shrunk.min() <= shrunk.max() <= 1
    np.testing.assert_allclose(shrunk, expected, atol=1e-5)


@given(side=st.integers(2, 60), size=st.integers(1, 59))
@settings(max_examples=60, deadline=None)
def test_a_white_picture_stays_white_to_the_last_bit(side, size):
    white = images.load(content(Image.new("L", (side, 3), 255)), size=size)
    assert (white == 1).all()


def test_the_longer_side_gets_the_size_and_the_shape_keeps_its_proportions():
    assert images.load("cat", size=60).shape == (40, 60, 3)
    assert images.load("brain_axial", size=96).shape == (96, 80)
    assert images.load("cat", grey=True, size=48).shape == (32, 48)


@pytest.mark.parametrize("size", [192, 193, 1000, None])
def test_a_picture_is_never_enlarged(size):
    np.testing.assert_array_equal(images.load("cat", size=size), images.load("cat"))


def test_a_picture_may_shrink_to_one_pixel():
    assert images.load("cat", size=1).shape == (1, 1, 3)
    np.testing.assert_allclose(images.load("bars", size=1), [[0.5]], atol=1e-6)


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"size": 0}, ValueError, "size must be an integer of at least 1. Received: 0"),
        ({"size": -5}, ValueError, "size must be an integer of at least 1. Received: -5"),
        ({"size": 64.0}, TypeError, "size must be an integer of at least 1. Received: 64.0"),
        ({"size": (64, 64)}, TypeError, r"size must be an integer of at least 1. Received: \(64, 64\)"),
        ({"grey": "yes"}, TypeError, "grey must be True or False. Received: 'yes'"),
        ({"grey": 64}, TypeError, "grey must be True or False. Received: 64"),
    ],
)
def test_an_option_out_of_range_is_named_with_its_range(options, error, message):
    with pytest.raises(error, match=message):
        images.load("cat", **options)


# Cost


def test_the_module_and_the_drawn_pictures_need_neither_pillow_nor_the_network():
    script = """if True:
        import sys
        from coursekit import images
        images.load("bars"), images.describe("cat")
        print(*{"PIL", "matplotlib", "tensorflow", "urllib.request", "http.client"} & set(sys.modules))"""
    root = FOLDER.parent.parent
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("", "")
