"""Laws of the files in the original course's format: what is written, what is read, what is refused."""

import errno
import gzip
import os
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from coursekit import disk
from coursekit.calcium import DataError, files

IMAGE = 128 * 128 * 4  # bytes


def noise(images, seed=0):
    return np.random.default_rng(seed).standard_normal((images, 128, 128), np.float32)


def read(path, images, **how):
    """All frames that files.blocks yields, joined."""
    return np.concatenate([frames for frames, _ in files.blocks(path, images, **how)])


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A file as another program writes it, with name and time in its header, and its 70 images."""
    frames = noise(70)
    path = tmp_path_factory.mktemp("original") / "real_0.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(frames.tobytes())
    return path, frames


@pytest.fixture
def packed(tmp_path):
    """A function that packs bytes into a file of the folder `tmp_path` and returns its path."""

    def pack(raw, name="real_0.gz"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(raw, 1))
        return path

    return pack


def refused(path, images=2, **how):
    """The message of the DataError that reading `path` raises; it names the file."""
    with pytest.raises(DataError) as caught:
        read(path, images, **how)
    assert str(path) in str(caught.value)
    return str(caught.value)


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("images", [1, 31, 32, 33, 64, 69, 70])
def test_reading_gives_the_first_images_bit_for_bit(original, images):
    path, frames = original
    got = read(path, images)
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, frames[:images])


def test_blocks_are_small_and_their_animals_unknown(original):
    shapes = [(frames.shape, animals.tolist()) for frames, animals in files.blocks(original[0], 70)]
    assert shapes == [((b, 128, 128), [-1] * b) for b in (32, 32, 6)]


def test_numbers_are_little_endian_and_rows_come_first(packed):
    image = np.zeros((128, 128))
    image[1, 2] = 1.0
    raw = bytearray(IMAGE)
    raw[4 * 130 : 4 * 130 + 4] = b"\x00\x00\x80\x3f"  # 1.0, little-endian, one row and two columns on
    np.testing.assert_array_equal(read(packed(raw), 1)[0], image)


def test_several_gzips_in_one_file_are_one_after_the_other(original, tmp_path):
    frames = original[1]
    path = tmp_path / "real_0.gz"
    cut = 3 * IMAGE + 1001  # within an image
    raw = frames[:6].tobytes()
    path.write_bytes(gzip.compress(raw[:cut]) + gzip.compress(b"") + gzip.compress(raw[cut:]) + bytes(512))
    np.testing.assert_array_equal(read(path, 6, exactly=True), frames[:6])
    np.testing.assert_array_equal(read(path, 2), frames[:2])


def test_what_lies_beyond_the_images_asked_for_is_not_read(original, tmp_path):
    content = bytearray(original[0].read_bytes())
    content[-8] ^= 1  # the checksum of the whole, stated at the end
    path = tmp_path / "real_0.gz"
    path.write_bytes(content)
    np.testing.assert_array_equal(read(path, 40), original[1][:40])
    assert "corrupt" in refused(path, 70)


def test_reading_holds_a_few_blocks_in_memory_and_not_the_file(packed):
    path = packed(np.ones((512, 128, 128), np.float32).tobytes())  # 33 MB unpacked
    next(iter(files.blocks(path, 1)))  # the first reading also imports what it needs
    tracemalloc.start()
    for _ in files.blocks(path, 512):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12e6


# ---------------------------------------------------------------- files that are refused


@pytest.mark.parametrize("keep", [0.5, 0.97, -1, -4, -8])
@pytest.mark.parametrize("images", [2, 70])
def test_a_truncated_file_is_found_out_however_few_images_are_asked_for(original, tmp_path, keep, images):
    content = original[0].read_bytes()
    path = tmp_path / "fake_3.gz"
    path.write_bytes(content[: int(keep * len(content)) if keep > 0 else keep])
    assert "truncated" in refused(path, images)


def test_a_truncated_file_tells_how_many_images_it_holds(original, tmp_path):
    path = tmp_path / "real_0.gz"
    path.write_bytes(original[0].read_bytes()[: int(10.5 / 70 * original[0].stat().st_size)])
    assert "after 10 images" in refused(path)


def test_a_wrong_checksum_is_called_corrupt(original, tmp_path):
    content = bytearray(original[0].read_bytes())
    content[-6] ^= 255
    path = tmp_path / "real_0.gz"
    path.write_bytes(content)
    assert "corrupt" in refused(path, 70)


def test_changed_bytes_within_the_data_are_found_out(original, tmp_path):
    content = bytearray(original[0].read_bytes())
    for at in range(100_000, 100_016):
        content[at] ^= 255
    path = tmp_path / "real_0.gz"
    path.write_bytes(content)
    message = refused(path, 70)
    assert "corrupt" in message or "finite" in message  # whichever comes first


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><title>Please log in", "starts with b'<!DOCTYPE html>"),
        (bytes(2 * IMAGE), "unpacked already"),
    ],
)
def test_what_is_no_gzip_is_called_so(tmp_path, content, reason):
    path = tmp_path / "real_0.gz"
    path.write_bytes(content)
    message = refused(path)
    assert "is not a gzip file" in message and reason in message


@pytest.mark.parametrize("size", [100, 2 * IMAGE - 4, 2 * IMAGE + 4, 5 * IMAGE + 100])
def test_a_size_that_is_no_whole_number_of_images_is_refused(packed, size):
    message = refused(packed(bytes(size)))
    assert "wrong size" in message and f"Received: {size} bytes" in message and "65536" in message


def test_too_few_images_are_refused_with_both_numbers(packed):
    message = refused(packed(bytes(3 * IMAGE)), images=5)
    assert "Expected: at least 5. Received: 3" in message


@pytest.mark.parametrize("held", [3, 5])
def test_exactly_demands_as_many_images_as_said(packed, held):
    path = packed(bytes(held * IMAGE))
    assert f"Expected: 4. Received: {held}" in refused(path, 4, exactly=True)
    assert len(read(path, held, exactly=True)) == held


@pytest.mark.parametrize("number, shown", [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")])
def test_numbers_that_are_not_finite_are_refused_with_their_place(packed, number, shown):
    frames = noise(40)
    frames[35, 7, 9] = number
    path = packed(frames.tobytes())
    assert f"Received: {shown} in image 35, row 7, column 9" in refused(path, 40)
    assert len(read(path, 35)) == 35  # those before it are good


# ---------------------------------------------------------------- names


def folder_with(tmp_path, *names, content=None):
    for name in names:
        (tmp_path / name).write_bytes(gzip.compress(bytes(IMAGE)) if content is None else content)
    return tmp_path


def test_files_are_found_in_stacking_order(tmp_path):
    folder_with(tmp_path, "real_0.gz", "fake_0.gz", "real_7.gz", "fake_7.gz", "notes.txt", "real_10.gz")
    found = [path.name for path in files.find(tmp_path, [7, 0])]
    assert found == ["real_7.gz", "fake_7.gz", "real_0.gz", "fake_0.gz"]


def test_every_missing_file_is_listed(tmp_path):
    folder_with(tmp_path, "real_0.gz", "fake_0.gz", "fake_1.gz", "real_10.gz", "real_21.gz")
    with pytest.raises(FileNotFoundError) as caught:
        files.find(tmp_path, [0, 1, 2])
    message = str(caught.value)
    assert "lacks real_1.gz, real_2.gz, fake_2.gz" in message and str(tmp_path) in message
    assert "fake_1.gz" not in message and "real_10.gz" not in message  # another segment, and not misnamed


@pytest.mark.parametrize(
    "wrong",
    [
        "Real_0.GZ",
        "real_0.gz.txt",
        "real-0.gz",
        "real_0 (1).gz",
        "real_0(1).gz",
        "real 0.gz",
        "real0.gz",
        "real_00.gz",
        "Copy of real_0.gz",
        "calcium_real_0.gz",
        "real_0",
    ],
)
def test_a_misnamed_file_is_pointed_out_with_its_right_name(tmp_path, wrong):
    folder_with(tmp_path, wrong, "fake_0.gz")
    if (tmp_path / "real_0.gz").exists():
        pytest.skip("this file system does not tell upper from lower case")
    with pytest.raises(FileNotFoundError, match="lacks real_0.gz") as caught:
        files.find(tmp_path, [0])
    assert f"{wrong!r} should be called 'real_0.gz'" in str(caught.value)


def test_an_unpacked_file_is_pointed_out_as_such(tmp_path):
    folder_with(tmp_path, "real_0", content=bytes(IMAGE))
    with pytest.raises(FileNotFoundError, match="'real_0' is not packed.* as 'real_0.gz'"):
        files.find(tmp_path, [0])


def test_an_unfinished_download_is_pointed_out_as_such(tmp_path):
    folder_with(tmp_path, "real_0.gz.part")
    with pytest.raises(FileNotFoundError, match="'real_0.gz.part' is an unfinished .* 'real_0.gz'"):
        files.find(tmp_path, [0])


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder .*nowhere"):
        files.find(tmp_path / "nowhere", [0])
    file = folder_with(tmp_path, "real_0.gz") / "real_0.gz"
    with pytest.raises(NotADirectoryError, match="real_0.gz.* is a file"):
        files.find(file, [0])


# ---------------------------------------------------------------- writing


def test_a_written_file_is_a_gzip_of_the_raw_numbers(tmp_path):
    frames = noise(5)
    files.write(tmp_path / "real_0.gz", [frames[:3], frames[3:]], 5)
    assert gzip.decompress((tmp_path / "real_0.gz").read_bytes()) == frames.astype("<f4").tobytes()
    assert [path.name for path in tmp_path.iterdir()] == ["real_0.gz"]


def test_frames_of_any_number_type_and_memory_order_are_written_alike(tmp_path):
    frames = np.asfortranarray(np.arange(2 * 128 * 128).reshape(2, 128, 128))
    files.write(tmp_path / "real_0.gz", [frames], 2)
    np.testing.assert_array_equal(read(tmp_path / "real_0.gz", 2), frames)


def test_bytes_do_not_depend_on_name_and_time(tmp_path, monkeypatch):
    frames = noise(2)
    files.write(tmp_path / "real_0.gz", [frames], 2)
    monkeypatch.setattr("time.time", lambda: 4e8)
    files.write(tmp_path / "fake_9.gz", [frames], 2)
    content = (tmp_path / "real_0.gz").read_bytes()
    assert content == (tmp_path / "fake_9.gz").read_bytes()
    assert content[3:8] == bytes(5)  # no name (a flag), no time


def test_an_existing_file_is_kept_unless_overwrite(tmp_path):
    path = tmp_path / "real_0.gz"
    files.write(path, [noise(2)], 2)
    with pytest.raises(FileExistsError, match="real_0.gz.*overwrite=True"):
        files.write(path, [noise(2, seed=1)], 2)
    np.testing.assert_array_equal(read(path, 2), noise(2))
    files.write(path, [noise(2, seed=1)], 2, overwrite=True)
    np.testing.assert_array_equal(read(path, 2), noise(2, seed=1))


@pytest.mark.parametrize(
    "frames, reason",
    [
        ([np.zeros((2, 128, 127))], r"shape \(b, 128, 128\)"),
        ([np.zeros((128, 128))], "3 axes"),
        ([np.full((2, 128, 128), np.nan)], "finite"),
        ([np.zeros((1, 128, 128))], "1 too few"),
        ([np.zeros((2, 128, 128)), np.zeros((1, 128, 128))], "1 too many"),
    ],
)
def test_frames_that_break_the_format_are_refused_and_leave_nothing(tmp_path, frames, reason):
    with pytest.raises(ValueError, match=reason):
        files.write(tmp_path / "real_0.gz", frames, 2)
    assert list(tmp_path.iterdir()) == []


def interrupted(error):
    yield noise(1)
    raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError(), OSError(errno.EIO, "broken disk")])
def test_an_interruption_leaves_the_file_as_it_was(tmp_path, error):
    path = tmp_path / "real_0.gz"
    files.write(path, [noise(2)], 2)
    with pytest.raises(type(error)):
        files.write(path, interrupted(error), 2, overwrite=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["real_0.gz"]
    np.testing.assert_array_equal(read(path, 2), noise(2))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C in another way")
def test_ctrl_c_leaves_nothing_behind(tmp_path):
    script = (
        "import sys, time, numpy as np\nfrom coursekit.calcium import files\n"
        "def frames():\n"
        "    yield np.zeros((1, 128, 128))\n"
        "    print('writing', flush=True)\n"
        "    time.sleep(60)\n"
        "files.write(sys.argv[1], frames(), 2)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "real_0.gz")],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout.readline() == "writing\n"
    assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
    process.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in process.communicate(timeout=30)[1]
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- the disk


def test_a_disk_without_space_is_noticed_before_the_first_byte(tmp_path, monkeypatch):
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder: SimpleNamespace(free=2 * IMAGE - 1))
    with pytest.raises(OSError, match=r"not enough space .*real_0.gz.*needed 0 MB, free 0 MB") as caught:
        files.write(tmp_path / "real_0.gz", interrupted(AssertionError("began to write")), 2)
    assert caught.value.errno == errno.ENOSPC and list(tmp_path.iterdir()) == []
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder: SimpleNamespace(free=2 * IMAGE))
    files.write(tmp_path / "real_0.gz", [noise(2)], 2)
    assert len(read(tmp_path / "real_0.gz", 2)) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_a_disk_that_fills_up_is_reported_with_the_file(tmp_path):
    whole = pytest.raises(OSError, match="the disk is full: .*real_0.gz")
    with whole as caught, disk.writable(Path("/dev/full"), tmp_path / "real_0.gz") as file:
        file.write(bytes(IMAGE))
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path, monkeypatch, number):
    def full(descriptor):
        raise OSError(number, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="the disk is full: .*real_0.gz"):
        files.write(tmp_path / "real_0.gz", [noise(2)], 2)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_forced_to_the_disk_before_it_gets_its_name(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: seen.append([p.suffix for p in tmp_path.iterdir()]))
    files.write(tmp_path / "real_0.gz", [noise(2)], 2)
    assert seen == [[".part"]]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_is_not_writable_is_reported(tmp_path, monkeypatch, number):
    def locked(path, mode):
        raise OSError(number, "locked")

    monkeypatch.setattr(disk, "open", locked, raising=False)
    with pytest.raises(PermissionError, match="cannot write .*real_0.gz.* locked. Choose another folder"):
        files.write(tmp_path / "real_0.gz", [noise(2)], 2)


def test_two_kernels_that_write_the_same_file_do_not_mix(tmp_path, monkeypatch):
    path = tmp_path / "real_0.gz"
    with disk.replacing(path, 1, overwrite=True) as mine:
        mine.write(b"first half, ")
        monkeypatch.setattr(os, "getpid", lambda: -1)
        with disk.replacing(path, 1, overwrite=True) as other:
            other.write(b"another content")
        mine.write(b"second half")
    assert path.read_bytes() == b"first half, second half"
    assert list(tmp_path.iterdir()) == [path]


def test_the_cache_folder_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path / "mine"))
    assert disk.cache_folder("a", "b") == tmp_path / "mine" / "a" / "b"
    assert (tmp_path / "mine" / "a" / "b").is_dir()
    monkeypatch.delenv("COURSEKIT_CACHE")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert disk.cache_folder() == tmp_path / ".cache" / "coursekit"


def test_a_file_in_the_place_of_a_folder_is_reported(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(NotADirectoryError, match="taken' is a file"):
        disk.writable_folder(tmp_path / "taken")
    with pytest.raises(OSError, match="cannot create the folder .*below"):
        disk.writable_folder(tmp_path / "taken" / "below")
