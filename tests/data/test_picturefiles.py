"""Pictures of any kind arrive as the same array, from any source, and a file that holds none is refused."""

import contextlib
import io
import os
import struct
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from coursekit import images, picturefiles

GREY = np.array([[0, 51, 255], [102, 204, 1]], np.uint8)
COLOUR = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3) * 13


def png(samples, colour_type, depth=8, extra=()):
    """A PNG file written out by hand, so that Pillow is not compared with itself."""

    def chunk(kind, content):
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    height, width = samples.shape[:2]
    rows = samples.astype(samples.dtype.newbyteorder(">")).reshape(height, -1)
    body = b"".join(b"\0" + (np.packbits(row).tobytes() if depth == 1 else row.tobytes()) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    chunks = [(b"IHDR", header), *extra, (b"IDAT", zlib.compress(body)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*pair) for pair in chunks)


def saved(picture, kind, **options):
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def assert_decoded(content, expected, atol=1e-7):
    picture = picturefiles.decode(content)
    assert picture.dtype == np.float32
    assert picture.shape == np.shape(expected)
    np.testing.assert_allclose(picture, expected, atol=atol)
    picture += 1  # the caller's own, writable


# What a file may hold


def test_8_bit_grey_is_divided_by_255():
    assert_decoded(png(GREY, 0), [[0, 0.2, 1], [0.4, 0.8, 1 / 255]])


def test_colours_keep_their_order():
    assert_decoded(png(COLOUR, 2), COLOUR / 255)


def test_16_bit_grey_is_divided_by_65535():
    assert_decoded(png(np.array([[0, 0x0102, 65535]], np.uint16), 0, 16), [[0, 258 / 65535, 1]])


def test_16_bit_colour_is_read_to_8_bits():
    assert_decoded(png(COLOUR.astype(np.uint16) * 257, 2, 16), COLOUR / 255, atol=1 / 255)


def test_one_bit_is_black_or_white():
    assert_decoded(png(np.array([[1, 0, 0], [0, 1, 1]], np.uint8), 0, 1), [[1, 0, 0], [0, 1, 1]])


def test_palette_entries_become_their_colours():
    palette = (b"PLTE", bytes([255, 0, 0, 0, 51, 102]))
    assert_decoded(png(np.array([[0, 1]], np.uint8), 3, extra=[palette]), [[[1, 0, 0], [0, 0.2, 0.4]]])


def test_transparency_is_laid_on_white():
    assert_decoded(png(np.array([[[0, 51], [255, 0], [102, 255]]], np.uint8), 4), [[0.8, 1, 0.4]])
    rgba = np.array([[[255, 0, 51, 51], [0, 0, 0, 0]]], np.uint8)
    assert_decoded(png(rgba, 6), [[[1, 0.8, 0.84], [1, 1, 1]]])


def test_a_transparent_palette_entry_or_grey_value_is_white():
    palette = [(b"PLTE", bytes([255, 0, 0, 0, 51, 102])), (b"tRNS", bytes([0]))]
    assert_decoded(png(np.array([[0, 1]], np.uint8), 3, extra=palette), [[[1, 1, 1], [0, 0.2, 0.4]]])
    clear = [(b"tRNS", struct.pack(">H", 51))]
    assert_decoded(png(np.array([[51, 0]], np.uint8), 0, extra=clear), [[1, 0]])


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM"])
def test_lossless_formats_agree(kind):
    assert_decoded(saved(Image.fromarray(GREY), kind), GREY / 255)
    assert_decoded(saved(Image.fromarray(COLOUR), kind), COLOUR / 255)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_lossy_formats_come_close(kind):
    smooth = np.linspace(0, 255, 32 * 48 * 3).reshape(32, 48, 3).astype(np.uint8)
    assert_decoded(saved(Image.fromarray(smooth), kind, quality=95), smooth / 255, atol=0.03)


def test_a_gif_of_one_frame_is_a_picture():
    assert_decoded(saved(Image.fromarray(COLOUR).quantize(6), "GIF"), COLOUR / 255)


def test_printing_colours_become_red_green_and_blue():
    cyan = Image.new("CMYK", (5, 4), (255, 0, 0, 0))
    assert_decoded(saved(cyan, "TIFF"), np.broadcast_to([0, 1, 1], (4, 5, 3)))


@pytest.mark.parametrize(
    "orientation, upright",
    [
        (1, np.array),
        (2, np.fliplr),
        (3, lambda a: np.rot90(a, 2)),
        (4, np.flipud),
        (5, lambda a: a.swapaxes(0, 1)),
        (6, lambda a: np.rot90(a, -1)),
        (7, lambda a: np.rot90(a, 2).swapaxes(0, 1)),
        (8, np.rot90),
    ],
)
def test_a_camera_s_rotation_mark_is_followed(orientation, upright):
    mark = Image.Exif()
    mark[0x0112] = orientation
    assert_decoded(saved(Image.fromarray(COLOUR), "PNG", exif=mark), upright(COLOUR) / 255)
    deep = GREY.astype(np.uint16) * 257
    assert_decoded(saved(Image.fromarray(deep), "PNG", exif=mark), upright(GREY) / 255)


def test_floats_from_0_to_1_are_taken_as_they_are():
    values = np.array([[0, 0.25], [1, 0.125], [0.5, 0.75]], np.float32)
    assert_decoded(saved(Image.fromarray(values), "TIFF"), values)


@pytest.mark.parametrize(
    "values, found",
    [
        (np.array([[0, 1.5]], np.float32), "float32 from 0.0 to 1.5"),
        (np.array([[0, np.nan]], np.float32), "float32 with .* values that are not finite"),
        (np.array([[-1024, 3000]], np.int32), "a TIFF of 32-bit signed integers"),
        (np.array([[0, 70000]], np.int32), "a TIFF of 32-bit signed integers"),
    ],
)
def test_values_whose_white_is_unknown_are_refused(values, found):
    with pytest.raises(ValueError, match=f"1 to 16 bits or floats from 0 to 1 .* the bytes, {found}"):
        picturefiles.decode(saved(Image.fromarray(values), "TIFF"))


def tiff(values, bits=None, *, packed=None, white_is_zero=False, order="<"):
    """A TIFF file written out by hand; `packed` are the bytes where a value does not fill whole ones."""
    values = values.astype(values.dtype.newbyteorder(order))
    content, (height, width) = packed or values.tobytes(), values.shape
    kind = {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    bits = bits or 8 * values.dtype.itemsize
    tags = [
        (256, width),
        (257, height),
        (258, bits),
        (259, 1),
        (262, 0 if white_is_zero else 1),
        (273, 8 + 2 + 12 * 10 + 4),
    ]
    tags += [(277, 1), (278, height), (279, len(content)), (339, kind)]
    entries = b"".join(struct.pack(order + "HHII", tag, 4, 1, value) for tag, value in tags)
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "IH", 8, len(tags))
    return head + entries + struct.pack(order + "I", 0) + content


def bits_of(values, bits):
    """Whole numbers of so many bits, row by row, the highest bit first."""
    rows = ["".join(f"{value:0{bits}b}" for value in row) for row in values.tolist()]
    return b"".join(int(row, 2).to_bytes(len(row) // 8, "big") for row in rows)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_planes_of_colour_are_read_right_or_refused(kind, order):
    """Of 16 bits, Pillow 12 makes a wrong picture of them without a word."""
    values = np.random.default_rng(0).integers(0, 256, (4, 6, 3)).astype(kind) * (257 if kind == np.uint16 else 1)
    planes = np.moveaxis(values, -1, 0).astype(values.dtype.newbyteorder(order))
    bits, size, start = 8 * values.dtype.itemsize, planes[0].nbytes, 8 + 2 + 12 * 10 + 4
    words = [(256, [6]), (257, [4]), (258, [bits] * 3), (259, [1]), (262, [2]), (273, [0] * 3), (277, [3]), (278, [4])]
    words += [(279, [size] * 3), (284, [2])]
    entries, behind = b"", b""
    for tag, numbers in words:
        if tag == 273:
            numbers = [start + 3 * 12 + number * size for number in range(3)]
        here = struct.pack(f"{order}{len(numbers)}I", *numbers)
        if len(numbers) > 1:
            here, behind = struct.pack(order + "I", start + len(behind)), behind + here
        entries += struct.pack(order + "HHI", tag, 4, len(numbers)) + here
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "IH", 8, len(words))
    content = head + entries + struct.pack(order + "I", 0) + behind + planes.tobytes()
    if kind == np.uint8:
        assert_decoded(content, values / 255)
    else:
        with pytest.raises(ValueError, match="pixel by pixel. Received: the bytes, a TIFF of 16-bit"):
            picturefiles.decode(content)


@pytest.mark.parametrize("white_is_zero", [False, True])
@pytest.mark.parametrize("bits", [1, 2, 4, 8, 12, 16])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tiff_of_any_depth_is_read_right_or_refused_by_name(bits, white_is_zero, order):
    white = 2**bits - 1
    values = np.round(np.linspace(0, white, 16).reshape(2, 8)[:, ::-1]).astype(np.uint16 if bits > 8 else np.uint8)
    packed = None if bits in (8, 16) else bits_of(values, bits)
    content = tiff(values, bits, packed=packed, white_is_zero=white_is_zero, order=order)
    expected = values / white
    if bits > 8 and (white_is_zero or bits == 12) and (bits, order) != (16, "<"):  # Pillow reads only some of them
        try:
            assert_decoded(content, 1 - expected if white_is_zero else expected)
        except ValueError as error:
            assert f"a TIFF of {bits}-bit unsigned integers" in str(error)
    else:
        assert_decoded(content, 1 - expected if white_is_zero else expected)


@pytest.mark.parametrize(("depth", "kind"), [(2, 0), (4, 0), (16, 0), (16, 2)])
def test_a_transparent_value_that_pillow_misreads_is_refused(depth, kind):
    samples = np.zeros((2, 4, 3) if kind == 2 else (2, 4), np.uint16 if depth == 16 else np.uint8)
    value = struct.pack(">H", 1) * (3 if kind == 2 else 1)
    content = png(samples if depth == 16 else samples[:, : depth // 2], kind, depth, [(b"tRNS", value)])
    if depth < 8:  # the header counts pixels, of which several share a byte
        content = content[:16] + struct.pack(">I", (depth // 2) * 8 // depth) + content[20:]
        content = content[:29] + struct.pack(">I", zlib.crc32(content[12:29])) + content[33:]
    with pytest.raises(ValueError, match=f"a PNG of {depth} bits with one transparent value"):
        picturefiles.decode(content)


def test_grey_with_alpha_of_16_bits_stays_grey():
    pair = np.array([[[0, 65535], [65535, 65535], [0, 0]]], np.uint16)
    assert_decoded(png(pair, 4, 16), [[0, 1, 1]], atol=1 / 255)


def test_the_largest_value_that_a_tiff_states_is_white():
    values = Image.fromarray(np.array([[0, 2047, 4094]], np.uint16))
    assert_decoded(saved(values, "TIFF", tiffinfo={281: 4094}), [[0, 0.5, 1]])
    assert_decoded(saved(values, "TIFF"), np.array([[0, 2047, 4094]]) / 65535)


def test_colour_of_16_bits_that_uses_fewer_is_refused():
    """Pillow would make 4,095, which is white, a dark grey of 8 bits."""
    tags = [(256, 1), (257, 1), (258, 16), (259, 1), (262, 2), (273, 8 + 2 + 12 * 10 + 4), (277, 3), (278, 1), (279, 6)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in [*tags, (281, 4095)])
    content = struct.pack("<4sIH", b"II*\0", 8, 10) + entries + struct.pack("<I3H", 0, 0, 2048, 4095)
    with pytest.raises(ValueError, match="source must use all 16 bits if it is in colour. .* states 4,095 as its larg"):
        picturefiles.decode(content)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("white_is_zero", [False, True])
def test_a_tiff_of_floats_is_turned_where_white_is_zero(white_is_zero, order):
    values = np.array([[0, 0.25, 1]], np.float32)
    assert_decoded(tiff(values, white_is_zero=white_is_zero, order=order), 1 - values if white_is_zero else values)


@pytest.mark.parametrize("kind", ["i1", "i2", "u4", "i4", "f2", "f8", "i8"])
def test_a_tiff_whose_white_is_unknown_is_refused_with_its_type(kind):
    values = np.array([[0, 1, 0]], kind)
    word = {"i": "signed integers", "u": "unsigned integers", "f": "floats"}[kind[0]]
    with pytest.raises(ValueError, match=f"a TIFF of {8 * int(kind[1])}-bit {word}"):
        picturefiles.decode(tiff(values))


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "PNG", "WEBP"])
def test_an_animation_or_a_stack_is_refused_with_its_number_of_frames(kind):
    frames = [Image.fromarray(np.full((4, 5), value, np.uint8)) for value in (0, 100, 200)]
    content = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    with pytest.raises(ValueError, match="source must hold one picture. Received: 'x', 3 frames or pages"):
        picturefiles.decode(content, "'x'")


def test_a_phone_s_picture_with_a_preview_behind_it_is_read():
    grey = Image.new("L", (24, 16), 102)
    assert_decoded(
        saved(grey, "MPO", save_all=True, append_images=[Image.new("L", (6, 4))]), np.full((16, 24), 0.4), atol=0.01
    )


# What is no picture


@pytest.mark.parametrize(
    "content, kind",
    [
        (b"<!DOCTYPE html><html><img src='cat.png'></html>", "text with tags, perhaps a web page"),
        (b"\n  <svg width='10'></svg>", "text with tags, perhaps a web page or an SVG"),
        (b"%PDF-1.7\n", "a PDF document: export the picture as PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC or AVIF picture or a video: save it as JPEG or PNG"),
        (bytes(128) + b"DICM" + bytes(50), "a DICOM file: export the picture as PNG"),
        (b"\x1f\x8b\x08\0", "a gzip archive"),
        (b"\x5c\x01\0\0" + bytes(340) + b"n+1\0" + bytes(8), "a NIfTI volume: save one slice as PNG"),
        (b"\x89HDF\r\n\x1a\n\0", "an HDF5 file"),
        (b"MATLAB 5.0 MAT-file, Platform: GLNXA64", "a MATLAB file"),
        (b"\x93NUMPY\x01\0v\0", "an array saved by NumPy"),
        (b"SIMPLE  =                    T", "a FITS file"),
        (b"NRRD0004\n", "an NRRD volume"),
        (b"ObjectType = Image\n", "a MetaImage header"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
        (b"PK\x03\x04", "a zip archive"),
        (b"name,age\nAnna,23\n", "which begins with b'name,age"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "which begins with b'%!PS-Adobe"),
    ],
)
def test_what_is_no_picture_is_told_by_its_kind(content, kind):
    with pytest.raises(ValueError, match=f"source must be a PNG, JPEG, .* picture. Received: 'x', {kind}"):
        picturefiles.decode(content, "'x'")


def test_a_float_picture_with_missing_values_is_told_how_many():
    values = np.full((9, 11), 0.5, np.float32)
    values[2, 3] = values[4, 5] = np.nan
    with pytest.raises(ValueError, match="Received: 'x', float32 with 2 values that are not finite"):
        picturefiles.decode(saved(Image.fromarray(values), "TIFF"), "'x'")


def test_an_empty_file_is_called_empty():
    with pytest.raises(ValueError, match="Received: 'x', which is empty"):
        picturefiles.decode(b"", "'x'")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM"])
def test_a_file_that_breaks_off_is_called_damaged(kind):
    noise = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    content = saved(Image.fromarray(noise), kind)
    message = "source must be a complete picture file. Received: 'x', which breaks off or is damaged"
    with pytest.raises(ValueError, match=message):
        picturefiles.decode(content[: len(content) // 2], "'x'")


@given(kind=st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM"]), data=st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_bytes_give_a_picture_or_a_value_error(kind, data):
    content = bytearray(saved(Image.fromarray(COLOUR), kind))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = picturefiles.decode(bytes(content[: data.draw(st.integers(1, len(content)))]))
    except ValueError as error:
        assert str(error).startswith("source must ")
    else:
        assert picture.ndim in (2, 3) and 0 <= picture.min() <= picture.max() <= 1


@pytest.mark.parametrize("side", [6_000, 12_000, 100_000])  # Pillow itself warns, then raises, far above
def test_a_picture_that_would_fill_the_memory_is_refused_unopened(side, monkeypatch):
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda *_: pytest.fail("its pixels were read"))
    header = png(np.zeros((1, 1), np.uint8), 0)
    ihdr = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    content = header[:12] + ihdr + struct.pack(">I", zlib.crc32(ihdr)) + header[33:]
    with pytest.raises(ValueError, match="source must have at most 30,000,000 pixels. Received: 'x', "):
        picturefiles.decode(content, "'x'")


# Where it may come from


@pytest.fixture
def file(tmp_path):
    (tmp_path / "mine.png").write_bytes(png(GREY, 0))
    return tmp_path / "mine.png"


def test_every_source_gives_the_same_picture(file, monkeypatch):
    content = file.read_bytes()
    monkeypatch.chdir(file.parent)
    monkeypatch.setenv("HOME", str(file.parent))
    monkeypatch.setenv("USERPROFILE", str(file.parent))
    entry = {"name": "mine.png", "type": "image/png", "size": len(content), "content": memoryview(content)}
    for source in (
        str(file),
        file,
        "mine.png",
        "~/mine.png",
        content,
        bytearray(content),
        memoryview(content),
        (entry,),
        [entry],
        entry,  # ipywidgets 8
        {"mine.png": {"metadata": {"name": "mine.png"}, "content": content}},  # ipywidgets 7
        {"content": {"metadata": {"name": "content"}, "content": content}},
        {"mine.png": content},
    ):  # Colab
        np.testing.assert_array_equal(images.load(source), GREY / np.float32(255))


def test_the_value_of_a_real_file_upload_is_read():
    import ipywidgets as widgets

    content, upload = png(GREY, 0), widgets.FileUpload()
    about = {"name": "mine.png", "type": "image/png", "size": len(content), "lastModified": 0}
    if int(widgets.__version__.split(".")[0]) >= 8:
        upload.set_state({"value": [{**about, "last_modified": 0, "content": memoryview(content)}]})
    else:
        upload.set_state({"metadata": [about], "data": [memoryview(content)]})
        upload.set_state({"_counter": 1})
    np.testing.assert_array_equal(images.load(upload.value), GREY / np.float32(255))


@pytest.mark.parametrize(
    "value, count",
    [
        ((), 0),
        ({}, 0),
        ([], 0),
        (({"name": "a"}, {"name": "b"}), 2),
        ({"a.png": b"1", "b.png": b"2", "c.png": b"3"}, 3),
    ],
)
def test_an_upload_must_hold_one_file(value, count):
    with pytest.raises(ValueError, match=f"source must be an upload of one file. Received: {count} files"):
        picturefiles.read(value)


@pytest.mark.parametrize(
    "value",
    [None, 3, np.zeros((4, 4)), object(), (1, 2), {"a.png": 3}, ({"name": "a.png"},), {"a.png": {"metadata": {}}}],
)
def test_a_source_of_no_known_type_is_refused(value):
    with pytest.raises(TypeError, match="source must be a picture's name, path, address .* Received: "):
        picturefiles.read(value)


def test_a_missing_path_is_named_with_the_folder_searched(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="'my cat.png', which is not there, seen from") as error:
        images.load("my cat.png")
    assert str(tmp_path) in str(error.value)


def test_a_folder_is_no_picture(tmp_path):
    with pytest.raises(ValueError, match="source must be a picture file. Received: .* which is a folder"):
        images.load(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(ValueError, match="source must be a picture file. Received: .* which is a device or a pipe"):
        images.load(tmp_path / "pipe.png")


def test_a_file_too_large_is_not_read_to_its_end(file, monkeypatch):
    monkeypatch.setattr(picturefiles, "MAX_BYTES", len(file.read_bytes()))
    assert images.load(file).shape == (2, 3)
    monkeypatch.setattr(picturefiles, "MAX_BYTES", 50)
    for source in (file, file.read_bytes(), {"mine.png": file.read_bytes()}):
        with pytest.raises(ValueError, match="must have at most 50 bytes. Received: .*, which has more"):
            images.load(source)


# Addresses


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/slow.png":
            self.server.release.wait(20)
        code = {"/gone.png": 404, "/trick.png": 302}.get(self.path, 200)
        self.send_response(code)
        if code == 302:
            self.send_header("Location", "file:///private.png")
        self.end_headers()
        while self.path == "/endless.png":
            self.wfile.write(bytes(1 << 16))  # until the other side hangs up
        self.wfile.write(
            {"/page": b"<html>a page</html>", "/agent": self.headers["User-Agent"].encode()}.get(
                self.path, png(GREY, 0)
            )
        )

    def handle(self):
        with contextlib.suppress(ConnectionError):
            super().handle()

    def log_message(self, *arguments):
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1")
        server.release = threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.release.set()
        server.shutdown()


def test_an_address_is_fetched(server):
    np.testing.assert_array_equal(images.load(server + "/cat.png?size=small"), GREY / np.float32(255))


def test_the_server_learns_who_is_asking(server):
    assert picturefiles.read(server + "/agent")[0].startswith(b"coursekit")


def test_the_address_of_a_page_is_told_from_that_of_a_picture(server):
    with pytest.raises(ValueError, match="/page', text with tags, perhaps a web page"):
        images.load(server + "/page")


@pytest.mark.parametrize("path, reason", [("/gone.png", "404"), ("/trick.png", "302.*"), (" /a b", "")])
def test_an_address_that_fails_says_why_and_what_works_offline(server, path, reason):
    with pytest.raises(ConnectionError, match=f"which failed: .*{reason}.* Without a network use a file"):
        images.load(server + path)


def test_without_a_network_the_error_says_what_works():
    for address in ("http://no-such-host.invalid/cat.png", "http://127.0.0.1:9/cat.png", "https://[/x.png"):
        with pytest.raises(ConnectionError, match="Without a network use a file or one of images.names"):
            images.load(address)


def test_a_silent_server_is_given_up(server, monkeypatch):
    monkeypatch.setattr(picturefiles, "CONNECT_SECONDS", 0.2)
    begin = time.perf_counter()
    with pytest.raises(ConnectionError, match="which failed: .*timed out"):
        images.load(server + "/slow.png")
    assert time.perf_counter() - begin < 5


def test_a_trickling_server_is_given_up(server, monkeypatch):
    monkeypatch.setattr(picturefiles, "TOTAL_SECONDS", -1)
    with pytest.raises(ConnectionError, match="which failed: not complete after -1 s"):
        images.load(server + "/cat.png")


@pytest.mark.parametrize("path, limit", [("/cat.png", 20), ("/endless.png", 200_000)])
def test_a_download_too_large_is_broken_off(server, monkeypatch, path, limit):
    monkeypatch.setattr(picturefiles, "MAX_BYTES", limit)
    monkeypatch.setattr(picturefiles, "TOTAL_SECONDS", 5)
    with pytest.raises(ValueError, match=f"source must have at most {limit:,} bytes. Received: 'http"):
        images.load(server + path)


@pytest.mark.parametrize("address", ["file:///private.png", "ftp://example.org/a.png", "data://x"])
def test_only_web_addresses_are_fetched(address):
    with pytest.raises(ValueError, match=r"address \(http or https\), .* Received: '" + address):
        images.load(address)
