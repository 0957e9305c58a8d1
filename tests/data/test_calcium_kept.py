"""Frames that were kept are the same bytes as simulated ones, and are taken for nothing else."""

import os

import numpy as np
import pytest

from coursekit import calcium
from coursekit.calcium import generator, kept, simulator

IMAGES = 70  # a whole block and a part of one


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("kept")
    kept.keep(found, {"7": IMAGES})
    return found


@pytest.fixture
def blank(tmp_path, monkeypatch):
    """A folder in which every frame is 0, which no simulated one is: so one sees where frames come from."""
    for kind in calcium.CLASSES:
        np.save(tmp_path / f"{kind}_7_seed_0.npy", np.zeros((IMAGES, 128, 128), np.float32))
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path))
    return tmp_path


def is_kept(*arguments, **named):
    return not calcium.load(*arguments, **named).images.any()


@pytest.mark.parametrize("images", [64, IMAGES])
def test_kept_recordings_are_the_simulated_ones_to_the_last_bit(images, folder, monkeypatch):
    simulated = calcium.load([7], images)
    monkeypatch.setenv(kept.VARIABLE, str(folder))
    for maker in (simulator, generator):
        monkeypatch.setattr(maker, "blocks", lambda *arguments, **named: pytest.fail("simulated again"))
    found = calcium.load([7], images)
    for one, other in zip(simulated, found):
        assert one.dtype == other.dtype and one.tobytes() == other.tobytes()
    found.images[:] = 0  # a copy, as always


def test_what_is_asked_otherwise_is_simulated(blank):
    assert is_kept(7, 64) and is_kept(7, IMAGES)
    assert not is_kept(7, 3) and not is_kept(7, IMAGES + 1)  # other blocks
    assert not is_kept(7, 64, seed=1) and not is_kept(8, 64)
    assert simulator.simulate(7, 64)[0].any()


def test_two_segments_are_stacked_as_ever(blank):
    found = calcium.load([7, 8], 64)
    assert [bool(part.any()) for part in np.split(found.images, 4)] == [False, False, True, True]
    assert (
        found.animals.tolist() == [*simulator.order_of_animals(7)[:64]] * 2 + [*simulator.order_of_animals(8)[:64]] * 2
    )


def test_without_the_folder_or_a_file_it_is_simulated(blank, monkeypatch):
    (blank / "fake_7_seed_0.npy").unlink()
    real, fake = np.split(calcium.load(7, 64).images, 2)
    assert not real.any() and fake.any()
    monkeypatch.setenv(kept.VARIABLE, str(blank / "no folder"))
    assert not is_kept(7, 64)


def test_everyone_may_read_what_is_kept_and_it_is_not_written_twice(tmp_path):
    before = os.umask(0o077)
    try:
        kept.keep(tmp_path, {0: 1})
    finally:
        os.umask(before)
    files = {path: path.stat() for path in tmp_path.iterdir()}
    assert {path.name for path in files} == {"real_0_seed_0.npy", "fake_0_seed_0.npy"}
    assert all(found.st_mode & 0o777 == 0o644 for found in files.values())
    kept.keep(tmp_path, {0: 1})
    assert all(path.stat().st_mtime_ns == found.st_mtime_ns for path, found in files.items())


@pytest.mark.parametrize(
    ("wanted", "error", "says"),
    [
        ([0], TypeError, r"recordings must be \{segment: images of each class\}. Received: \[0\]"),
        ({"10": 5}, ValueError, r"recordings must be of segments 0, 1, .*9. Received: \['10'\]"),
        ({"1": 0}, ValueError, r"recordings\[1\] must be .*Received: 0"),
        ({"1": "many"}, TypeError, r"recordings\[1\] must be .*Received: 'many'"),
    ],
)
def test_a_wrong_wish_is_named(wanted, error, says):
    with pytest.raises(error, match=says):
        kept.checked(wanted)
