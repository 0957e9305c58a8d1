"""Laws of load and save: order, sources, memory, and that one error stops everything cleanly."""

import errno
import gzip
import os
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from coursekit import calcium, disk
from coursekit.calcium import download, files, generator, simulator


def stand_in(label):
    """A quick source in place of the simulator: image i of a segment is filled with its own number."""

    def blocks(segment, images, seed=0):
        for start in range(0, images, 3):
            chosen = np.arange(start, min(start + 3, images))
            values = np.float32(1000 * segment + 100 * label + chosen + 0.25 * seed)
            yield np.repeat(values, 128 * 128).reshape(-1, 128, 128), 20 * segment + chosen

    return blocks


@pytest.fixture
def numbered(monkeypatch, tmp_path):
    """Simulator and generator replaced by sources whose images carry their number; a cache of our own."""
    monkeypatch.setattr(simulator, "blocks", stand_in(0))
    monkeypatch.setattr(generator, "blocks", stand_in(1))
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path / "cache"))
    return tmp_path


def numbers(recordings):
    return recordings.images[:, 64, 64, 0].tolist()


def assert_equal(got, wanted, animals=True):
    for name in wanted._fields:
        if animals or name != "animals":
            np.testing.assert_array_equal(getattr(got, name), getattr(wanted, name), err_msg=name)


# ---------------------------------------------------------------- what comes out


def test_images_are_stacked_real_fake_real_fake_and_not_shuffled(numbered):
    got = calcium.load([2, 0], images_per_class=4)
    assert numbers(got) == [2000, 2001, 2002, 2003, 2100, 2101, 2102, 2103, 0, 1, 2, 3, 100, 101, 102, 103]
    assert got.labels.tolist() == 2 * [0, 0, 0, 0, 1, 1, 1, 1]
    assert got.recordings.tolist() == 8 * [2] + 8 * [0]
    assert got.animals.tolist() == 2 * [40, 41, 42, 43] + 2 * [0, 1, 2, 3]


def test_shapes_and_number_types_are_as_documented(numbered):
    got = calcium.load([1], images_per_class=5)
    assert got.images.shape == (10, 128, 128, 1) and got.images.dtype == np.float32
    for name in ("labels", "recordings", "animals"):
        assert getattr(got, name).shape == (10,) and getattr(got, name).dtype == np.int64
    assert got.images.flags.c_contiguous and got.images.flags.writeable


@pytest.mark.parametrize("segments", [3, np.int64(3), [3], (3,), range(3, 4), np.array([3]), np.array(3)])
def test_one_segment_may_be_given_in_any_form(numbered, segments):
    assert numbers(calcium.load(segments, 2)) == [3000, 3001, 3100, 3101]


def test_512_images_a_class_unless_told_otherwise_and_none_means_all(numbered, monkeypatch):
    assert len(calcium.load(0).images) == 1024
    assert files.IMAGES_PER_FILE == 2048
    monkeypatch.setattr(calcium, "IMAGES_PER_FILE", 7)
    assert len(calcium.load(0, images_per_class=None).images) == 14


def test_seed_reaches_the_simulation(numbered):
    assert numbers(calcium.load(0, 1, seed=3)) == [0.75, 100.75]
    assert numbers(calcium.load(0, 1)) == [0, 100]


@pytest.mark.parametrize("cores", [1, 2, 16])
def test_the_number_of_cores_does_not_matter(numbered, monkeypatch, cores):
    wanted = calcium.load([0, 1, 2], 10)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert_equal(calcium.load([0, 1, 2], 10), wanted)
    assert_equal(calcium.load([0, 1, 2], 10, memory_map=True), wanted)


def test_a_browser_which_has_no_threads_loads_the_same(numbered, monkeypatch):
    def refuse(*_, **__):
        raise RuntimeError("there are no threads")

    expected = calcium.load([0, 1], images_per_class=3)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    monkeypatch.setattr(calcium.stacking, "threadpool_limits", refuse)  # there it prints a warning into the lecture
    monkeypatch.setattr(sys, "platform", "emscripten")
    np.testing.assert_array_equal(calcium.load([0, 1], images_per_class=3).images, expected.images)


@pytest.mark.parametrize(
    "settings, error, message",
    [
        (dict(segments=10), ValueError, "segments must be an integer from 0 to 9. Received: 10"),
        (dict(segments=[0, -1]), ValueError, "segments must be an integer from 0 to 9. Received: -1"),
        (dict(segments=[0, 1, 0]), ValueError, r"segments must be .* different integers. Received: \[0, 1, 0\]"),
        (dict(segments=[]), ValueError, r"segments must be .* different integers. Received: \[\]"),
        (dict(segments="01"), TypeError, "segments must be an integer from 0 to 9. Received: '01'"),
        (dict(segments=[0.5]), TypeError, "segments must be an integer from 0 to 9. Received: 0.5"),
        (dict(images_per_class=0), ValueError, "images_per_class must be an integer .*1 to 2048. Received: 0"),
        (dict(images_per_class=2049), ValueError, "images_per_class must be .* 1 to 2048. Received: 2049"),
        (dict(images_per_class=1.0), TypeError, "images_per_class must be an integer .* Received: 1.0"),
        (dict(seed=-1), ValueError, "seed must be an integer of at least 0. Received: -1"),
        (dict(source=7), TypeError, "source must be 'simulated', 'original' or the path of .* Received: 7"),
        (dict(source="simulator"), FileNotFoundError, "source must be .* Received: 'simulator', which does not"),
    ],
)
def test_a_bad_argument_is_named_with_what_was_expected(numbered, settings, error, message):
    with pytest.raises(error, match=message):
        calcium.load(**{"segments": 0, **settings})
    with pytest.raises(error, match=message):
        calcium.save(numbered / "new", **{"segments": 0, **settings})
    assert not (numbered / "new").exists()


@pytest.mark.parametrize("value", [0, 1.5, b"here", ["here"]])
def test_a_memory_map_must_be_a_folder_or_true(numbered, value):
    with pytest.raises(TypeError, match="memory_map must be True, False, None or the path of a folder. Received: "):
        calcium.load(0, 1, memory_map=value)


def test_the_home_may_be_written_as_a_tilde(numbered, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    calcium.save("~/brains", 0, 1)
    assert (tmp_path / "home/brains/real_0.gz").exists() and not (tmp_path / "~").exists()
    assert numbers(calcium.load(0, 1, "~/brains", memory_map="~/maps")) == [0, 100]
    assert len(list((tmp_path / "home/maps").iterdir())) == 1


# ---------------------------------------------------------------- files


def test_what_was_saved_is_loaded_bit_for_bit_but_without_animals(numbered):
    paths = calcium.save(numbered / "new", [4, 1], images_per_class=6, seed=1)
    assert [path.name for path in paths] == ["real_4.gz", "fake_4.gz", "real_1.gz", "fake_1.gz"]
    assert sorted(paths) == sorted((numbered / "new").iterdir())
    for source in (numbered / "new", str(numbered / "new")):
        got = calcium.load([4, 1], 6, source)
        assert_equal(got, calcium.load([4, 1], 6, seed=1), animals=False)
        assert got.animals.tolist() == [-1] * 24


def test_saved_files_hold_2048_images_unless_told_otherwise(numbered):
    calcium.save(numbered, 5)
    raw = gzip.decompress((numbered / "fake_5.gz").read_bytes())
    assert len(raw) == 2048 * 128 * 128 * 4
    np.testing.assert_array_equal(np.frombuffer(raw, "<f4")[:: 128 * 128], 5100 + np.arange(2048))


def test_files_can_be_copied_in_part_from_another_folder(numbered):
    calcium.save(numbered / "all", [0, 1], 6)
    calcium.save(numbered / "few", 1, 2, source=numbered / "all")
    assert numbers(calcium.load(1, 2, numbered / "few")) == [1000, 1001, 1100, 1101]


def test_existing_files_are_all_kept_or_all_replaced(numbered):
    calcium.save(numbered, 1, 2)
    with pytest.raises(FileExistsError, match="holds real_1.gz, fake_1.gz already.*overwrite=True"):
        calcium.save(numbered, [0, 1], 2, seed=2)
    assert not (numbered / "real_0.gz").exists()
    calcium.save(numbered, [0, 1], 2, seed=2, overwrite=True)
    assert_equal(calcium.load([0, 1], 2, numbered), calcium.load([0, 1], 2, seed=2), animals=False)


def test_space_for_all_files_is_asked_for_before_the_first(numbered, monkeypatch):
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder: SimpleNamespace(free=8 * 65536 - 1))
    with pytest.raises(OSError, match="not enough space") as caught:
        calcium.save(numbered / "new", [0, 1], 2)
    assert caught.value.errno == errno.ENOSPC and list((numbered / "new").iterdir()) == []


def test_missing_files_are_listed_for_all_segments(numbered):
    calcium.save(numbered, 1, 2)
    with pytest.raises(FileNotFoundError, match="lacks real_0.gz, fake_0.gz, real_2.gz, fake_2.gz"):
        calcium.load([0, 1, 2], 2, numbered)


def test_the_original_is_downloaded_and_read(numbered, monkeypatch):
    calcium.save(numbered / "elsewhere", [0, 3], 2)
    asked = []

    def fetch(segments, progress):
        asked.append((segments, progress))
        return numbered / "elsewhere"

    monkeypatch.setattr(download, "fetch", fetch)
    assert numbers(calcium.load([3, 0], 1, "original")) == [3000, 3100, 0, 100]
    assert asked == [([3, 0], False)]


@pytest.mark.parametrize("memory_map", [None, True])
def test_a_damaged_file_stops_the_loading_and_is_named(numbered, memory_map):
    paths = calcium.save(numbered, [0, 1], 40)
    paths[2].write_bytes(paths[2].read_bytes()[:-20])
    with pytest.raises(calcium.DataError, match="real_1.gz is truncated"):
        calcium.load([0, 1], 2, numbered, memory_map=memory_map)
    assert [path for path in (numbered / "cache").rglob("*") if path.is_file()] == []


# ---------------------------------------------------------------- memory maps


def test_a_memory_map_holds_what_memory_would(numbered):
    got = calcium.load([2, 0], 7, seed=1, memory_map=True)
    assert_equal(got, calcium.load([2, 0], 7, seed=1))
    assert isinstance(got.images, np.memmap) and not got.images.flags.writeable
    assert [path.parent for path in (numbered / "cache").rglob("*.raw")] == [numbered / "cache" / "unpacked"]
    calcium.save(numbered / "files", [2, 0], 7, seed=1)
    assert_equal(
        calcium.load([2, 0], 5, numbered / "files", memory_map=True), calcium.load([2, 0], 5, numbered / "files")
    )


def test_indices_in_any_order_give_ordinary_batches(numbered):
    images = calcium.load([2, 0], 7, memory_map=True).images
    assert images[[20, 3, 14]][:, 5, 6, 0].tolist() == [6, 2003, 0]


def test_the_folder_for_the_map_may_be_chosen(numbered):
    calcium.load(0, 2, memory_map=numbered / "mine")
    assert len(list((numbered / "mine").iterdir())) == 1 and not (numbered / "cache").exists()


@pytest.mark.parametrize(
    "change",
    [
        dict(segments=[0, 2]),
        dict(segments=[1, 0]),
        dict(images_per_class=4),
        dict(seed=1),
        dict(source="first"),
        dict(source="second"),
    ],
)
def test_maps_of_different_requests_do_not_mix(numbered, change, monkeypatch):
    monkeypatch.chdir(numbered)
    calcium.save("first", [0, 1, 2], 5, seed=2)
    calcium.save("second", [0, 1, 2], 5, seed=3)
    request = dict(segments=[0, 1], images_per_class=5)
    calcium.load(**request, memory_map=True)
    got = calcium.load(**{**request, **change}, memory_map=True)
    assert_equal(got, calcium.load(**{**request, **change}))
    assert_equal(calcium.load(**request, memory_map=True), calcium.load(**request))
    assert len(list((numbered / "cache" / "unpacked").iterdir())) == 2


def test_a_second_call_unpacks_nothing_but_the_first_images(numbered, monkeypatch):
    calcium.save(numbered, [0, 1], 50)
    first = calcium.load([0, 1], 50, numbered, memory_map=True)
    read, blocks = [], files.blocks

    def counted(path, images):
        read.append(images)
        return blocks(path, images)

    monkeypatch.setattr(files, "blocks", counted)
    assert_equal(calcium.load([0, 1], 50, numbered, memory_map=True), first)
    assert read == [1, 1, 1, 1]


def test_a_file_replaced_since_is_unpacked_anew_and_the_old_map_goes(numbered):
    calcium.save(numbered, 0, 5)
    calcium.load(0, 5, numbered, memory_map=True)
    calcium.save(numbered, 0, 5, seed=1, overwrite=True)
    assert_equal(calcium.load(0, 5, numbered, memory_map=True), calcium.load(0, 5, numbered))
    assert len(list((numbered / "cache" / "unpacked").iterdir())) == 1


def test_a_file_of_the_same_size_and_start_but_newer_is_unpacked_anew(numbered):
    real, _ = calcium.save(numbered, 0, 5)
    for last_image in (4, 5):
        frames = np.float32([0, 1, 2, 3, last_image]).repeat(128 * 128)
        real.write_bytes(gzip.compress(frames.tobytes(), compresslevel=0))
        os.utime(real, ns=(0, 10**9 * last_image))
        assert numbers(calcium.load(0, 5, numbered, memory_map=True))[4] == last_image


def test_a_simulator_that_has_changed_since_is_noticed(numbered, monkeypatch):
    calcium.load([0, 1], 5, memory_map=True)
    monkeypatch.setattr(generator, "blocks", stand_in(5))
    assert numbers(calcium.load([0, 1], 5, memory_map=True))[15:] == [1500, 1501, 1502, 1503, 1504]


@pytest.mark.parametrize("size", [0, 100, 300_000])
def test_a_map_cut_short_is_written_anew(numbered, size):
    wanted = calcium.load(0, 5)
    calcium.load(0, 5, memory_map=True)
    (path,) = (numbered / "cache" / "unpacked").iterdir()
    path.write_bytes(path.read_bytes()[:size])
    assert_equal(calcium.load(0, 5, memory_map=True), wanted)


def test_a_map_that_does_not_fit_on_the_disk_is_not_begun(numbered, monkeypatch):
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder: SimpleNamespace(free=10 * 65536))
    with pytest.raises(OSError, match="not enough space .*segments_0_images_5.raw") as caught:
        calcium.load(0, 5, memory_map=True)
    assert caught.value.errno == errno.ENOSPC and list((numbered / "cache" / "unpacked").iterdir()) == []


def test_a_memory_map_takes_a_few_blocks_of_memory_and_not_the_images(numbered):
    images = 400
    calcium.save(numbered, 0, images)
    for source in ("simulated", numbered):
        tracemalloc.start()
        got = calcium.load(0, images, source, memory_map=True)
        mean = np.mean([got.images[at : at + 32].mean() for at in range(0, 2 * images, 32)])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert mean == pytest.approx(249.5) and got.images.nbytes == 2 * images * 65536  # 52 MB
        assert peak < 30e6


# ---------------------------------------------------------------- threads, progress, interruptions


def test_the_first_error_stops_the_other_sources(numbered, monkeypatch):
    failed, produced = threading.Event(), []

    def endless(segment, images, seed=0):
        for _ in range(images):
            produced.append(segment)
            failed.wait(10)
            time.sleep(0.005)  # 2000 would take ten seconds
            yield np.zeros((1, 128, 128), np.float32), np.zeros(1, int)

    def failing(segment, images, seed=0):
        yield np.zeros((1, 128, 128), np.float32), np.zeros(1, int)
        failed.set()
        raise calcium.DataError("this one is broken")

    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(simulator, "blocks", endless)
    monkeypatch.setattr(generator, "blocks", failing)
    with pytest.raises(calcium.DataError, match="this one is broken"):
        calcium.load([0, 1, 2], 2048, memory_map=True)
    assert len(produced) < 2000 and 2 not in produced
    assert list((numbered / "cache" / "unpacked").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C in another way")
@pytest.mark.parametrize("call", ["save(folder, [0, 1], 2048)", "load([0, 1], None, memory_map=folder)"])
def test_ctrl_c_stops_every_thread_and_leaves_nothing_half_written(tmp_path, call):
    script = (
        "import sys, time, numpy as np\nfrom coursekit import calcium\n"
        "def slow(segment, images, seed=0):\n"
        "    for i in range(images):\n"
        "        yield np.zeros((1, 128, 128), np.float32), np.zeros(1, int)\n"
        "        time.sleep(0.05)\n"
        "        if i == 3: sys.stdout.write('writing\\n'); sys.stdout.flush()\n"
        "calcium.simulator.blocks = calcium.generator.blocks = slow\n"
        f"folder = sys.argv[1]\ncalcium.{call}"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout.readline() == "writing\n"
    assert {path.suffix for path in tmp_path.iterdir()} == {".part"}
    process.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in process.communicate(timeout=30)[1]
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_every_image_once(numbered, monkeypatch):
    bars = []

    class Bar:
        def __init__(self, total, unit):
            bars.append([total, 0])

        def __enter__(self):
            return self

        def __exit__(self, *unused):
            return None

        def update(self, step):
            bars[-1][1] += step

    monkeypatch.setattr("tqdm.auto.tqdm", Bar)
    calcium.load([0, 1], 5)
    assert bars == []
    calcium.load([0, 1], 5, progress=True)
    calcium.load([0, 1], 6, memory_map=True, progress=True)
    calcium.save(numbered, 1, 4, progress=True)
    assert bars == [[20, 20], [24, 24], [8, 8]]


def test_nothing_is_printed_and_no_bar_is_imported_without_progress(numbered, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)  # to import it is an error now
    calcium.load([0, 1], 5)
    assert capfd.readouterr() == ("", "")


# ---------------------------------------------------------------- with the real simulator and generator


def test_simulated_recordings_are_those_of_simulator_and_generator():
    got = calcium.load([7, 0], 3, seed=1)
    for i, (maker, segment) in enumerate([(simulator, 7), (generator, 7), (simulator, 0), (generator, 0)]):
        frames, animals = next(maker.blocks(segment, 3, seed=1))
        np.testing.assert_array_equal(got.images[3 * i : 3 * i + 3, ..., 0], frames)
        assert got.animals[3 * i : 3 * i + 3].tolist() == animals.tolist()
    assert set(got.animals[:6]) <= set(simulator.ANIMALS_OF_SEGMENT[7])


def test_fewer_images_are_the_first_of_more():
    few, more = calcium.load(2, 2), calcium.load(2, 5)
    np.testing.assert_array_equal(few.images[:2], more.images[:2])
    np.testing.assert_allclose(few.images[2:], more.images[5:7], atol=1e-4)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows knows no user without a home")
def test_without_a_home_the_variable_that_helps_is_named(monkeypatch):
    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("COURSEKIT_CACHE", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    with pytest.raises(OSError, match="no home folder .* COURSEKIT_CACHE"):
        calcium.load([0], 2, memory_map=True)


def test_a_home_that_cannot_be_written_names_the_variable_too(monkeypatch, tmp_path):
    (tmp_path / "home").write_text("a file")
    monkeypatch.delenv("COURSEKIT_CACHE", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    with pytest.raises(OSError, match="COURSEKIT_CACHE"):
        calcium.load([0], 2, memory_map=True)
