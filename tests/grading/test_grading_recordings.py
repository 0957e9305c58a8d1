"""Recordings of a batch are simulated once; sandboxes read them, and nobody can change them or finds more in them."""

import contextlib
import io
import json
import re
from concurrent.futures import Executor, Future

import numpy as np
import pytest

import equipment
import masters
import submissions
from coursekit import calcium
from coursekit.calcium import generator, kept, simulator
from coursekit.grading import assignment, batch, heldout, recordings
from coursekit.grading import submissions as handing_in
from coursekit.grading.limits import Limits
from coursekit.grading.sandbox import RECORDINGS, NoSandbox, Sandbox
from coursekit.grading.session import Session

LOOK = """
import hashlib
from coursekit import calcium
data = calcium.load([7], 64)
digest = hashlib.sha256(data.images.tobytes() + data.animals.tobytes()).hexdigest()
"""
ATTACK = f"""
import os, glob
refused, found = [], sorted(os.listdir({RECORDINGS!r}))
for path in [{RECORDINGS!r} + "/" + name for name in found]:
    for attempt in (
        lambda: open(path, "r+b"),
        lambda: open(path, "wb"),
        lambda: os.remove(path),
        lambda: os.rename(path, path + "x"),
        lambda: os.chmod(path, 0o777),
        lambda: os.utime(path),
        lambda: os.symlink("/tmp", {RECORDINGS!r} + "/more"),
        lambda: os.truncate(path, 0),
    ):
        try:
            attempt()
            refused.append(False)
        except OSError:
            refused.append(True)
"""


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    found = tmp_path_factory.mktemp("recordings")
    kept.keep(found, {7: 64})
    for path in (*found.iterdir(), found):
        path.chmod(0o777)  # by which no user is kept from changing them: the sandbox alone is
    return found


def asked(sandbox, source, *names):
    with Session(sandbox, [[0, source]], Limits()) as session:
        found = [session.get(name) for name in names]
        assert session.errors == []
    return found


@equipment.needs("bubblewrap")
def test_a_notebook_gets_the_same_bytes_with_and_without(frames):
    assert asked(Sandbox((), frames), LOOK, "digest") == asked(Sandbox(), LOOK, "digest")


@equipment.needs("bubblewrap")
def test_a_notebook_reads_them_and_cannot_change_them(frames):
    before = {path.name: path.read_bytes() for path in frames.iterdir()}
    found, refused = asked(Sandbox((), frames), ATTACK, "found", "refused")
    assert found == ["fake_7_seed_0.npy", "real_7_seed_0.npy"]  # of seed 0, which all students have, and nothing else
    assert refused == [True] * 16
    assert {path.name: path.read_bytes() for path in frames.iterdir()} == before


@equipment.needs("bubblewrap")
def test_they_are_where_a_notebook_finds_them(tmp_path):
    tmp_path.chmod(0o755)
    for kind in ("real", "fake"):
        np.save(tmp_path / f"{kind}_7_seed_0.npy", np.zeros((64, 128, 128), np.float32))
        (tmp_path / f"{kind}_7_seed_0.npy").chmod(0o644)
    (total,) = asked(Sandbox((), tmp_path), f"{LOOK}total = float(abs(data.images).sum())", "total")
    assert total == 0


class Here(Executor):
    """An executor that runs what it is given in this process, at once."""

    def submit(self, function, *arguments):
        future = Future()
        future.set_result(function(*arguments))
        return future


def class_of(folder, count, **settings):
    """Return (assignment with recordings, submissions that load them, each another notebook)."""
    (folder / "in").mkdir()
    for number in range(count):
        source = submissions.notebook(extra=(LOOK, f"number = {number}"))
        (folder / "in" / f"student{number}.ipynb").write_bytes(submissions.data(source))
    built = submissions.write_assignment(folder / "assignments")
    (path,) = built.glob("*/grading.json")
    path.write_text(json.dumps({"recordings": {"7": 64}, **settings}))
    return assignment.load("hw0", built), handing_in.collect(folder / "in")


@equipment.needs("bubblewrap")
def test_a_batch_simulates_once_and_leaves_nothing(tmp_path, monkeypatch):
    made, places = [], []
    for maker in (simulator, generator):
        blocks = maker.blocks
        monkeypatch.setattr(
            maker, "blocks", lambda *words, _do=blocks, **named: made.append(words) or _do(*words, **named)
        )
    small, handed = class_of(tmp_path, 3)
    (tmp_path / "simulated").mkdir()
    (tmp_path / "simulated" / "real_7_seed_0.npy").write_bytes(b"left behind by a batch that was killed")
    done = lambda key: places.append((tmp_path / "simulated" / "frames").exists())  # noqa: E731
    reports = batch.run(small, handed, tmp_path / "reports", Here, done=done)
    assert [report["points"] for report in reports.values()] == [11] * 3
    assert made == [(7, 64)] * 2 and places == [True] * 3 and not (tmp_path / "simulated").exists()
    batch.run(small, handed, tmp_path / "reports", Here)
    assert len(made) == 2  # nothing was graded, nothing simulated


@equipment.needs("bubblewrap")
def test_the_folder_of_grades_may_be_named_from_where_one_is(tmp_path, monkeypatch):
    """As README's commands name it; a sandbox is made elsewhere."""
    small, handed = class_of(tmp_path, 1)
    monkeypatch.chdir(tmp_path)
    reports = batch.run(small, handed, "grades/reports", Here)
    assert [(report["problem"], report["points"]) for report in reports.values()] == [(None, 11)]


def simulating(small, place):
    """Return the segments that this process simulates."""
    made = []
    for maker in (simulator, generator):
        blocks = maker.blocks
        maker.blocks = lambda *words, _do=blocks, **named: made.append(words[0]) or _do(*words, **named)
    recordings.folder(small, place)
    return made


@equipment.needs("bubblewrap")
def test_processes_that_come_at_the_same_time_wait_for_one_that_simulates(tmp_path):
    small, _ = class_of(tmp_path, 0)
    with batch.local(2) as pool:
        made = [pool.submit(simulating, small, tmp_path / "simulated") for _ in range(2)]
        assert sorted(one.result() for one in made) == [[], [7, 7]]
    names = sorted(path.name for path in (tmp_path / "simulated" / "frames").iterdir())
    assert names == ["fake_7_seed_0.npy", "real_7_seed_0.npy"]


def test_without_a_sandbox_student_code_could_change_them_so_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(recordings, "folder", lambda *given: pytest.fail("asked for"))
    small, handed = class_of(tmp_path, 1)
    reports = batch.run(small, handed, tmp_path / "reports", Here, safe=False)
    assert [report["graded"] for report in reports.values()] == [True]
    assert not hasattr(NoSandbox(), "recordings")


def test_held_out_frames_are_never_among_them(tmp_path, monkeypatch):
    """What is graded is of other seeds and is not loaded through `calcium.load`: nothing kept is taken for it."""
    weights = generator.load_weights()
    expected = heldout.recordings(5, 1, weights)
    np.save(tmp_path / "real_7_seed_5.npy", np.zeros((1, 128, 128), np.float32))
    with recordings.known(tmp_path):
        found = heldout.recordings(5, 1, weights)
    assert all(np.array_equal(found[name], expected[name]) for name in expected)
    assert [path.name for path in tmp_path.iterdir()] == ["real_7_seed_5.npy"]  # and nothing was added


@pytest.mark.parametrize("wrong", [{"12": 4}, {"1": 0}, {"1": []}, {"1": [32, 0]}, [1]])
def test_settings_that_are_none_are_refused_by_name(wrong, tmp_path):
    with pytest.raises((ValueError, TypeError), match="recordings"):
        class_of(tmp_path, 0, recordings=wrong)


def test_the_released_notebook_of_homework_3_asks_for_nothing_that_is_not_kept(tmp_path, monkeypatch):
    """Nor do its public tests, which are run for each submission."""
    settings = json.loads((masters.FOLDER / "hw3_brain_food" / "grading.json").read_text())["recordings"]
    empty = lambda sources, images: (np.zeros((len(sources) * images, 128, 128), np.float32), None)  # noqa: E731
    with monkeypatch.context() as quick:
        quick.setattr(kept.stacking, "in_memory", empty)
        kept.keep(tmp_path, settings)
    for maker in (simulator, generator):
        monkeypatch.setattr(maker, "blocks", lambda *words, **named: pytest.fail(f"simulated: {words}"))
    (loads,) = [one.source for one in masters.student("hw3_brain_food").cells if "= calcium.load(" in one.source]
    tested = "\n".join(one.source for one in masters.cells("hw3_brain_food"))
    tested = set(re.findall(r"(?m)^    images = (calcium\.load\(.*?\))\.images$", tested))
    assert len(tested) == 2
    with recordings.known(tmp_path), contextlib.redirect_stdout(io.StringIO()):
        exec("\n".join(("from coursekit import calcium", loads, *tested)), {})


def test_frames_of_a_block_that_is_cut_off_are_kept_by_themselves_and_are_the_same_bytes(tmp_path, monkeypatch):
    whole, few = calcium.load(9, 32).images, calcium.load(9, 2).images
    kept.keep(tmp_path, {9: [32, 2]})
    assert len([*tmp_path.iterdir()]) == 4
    for maker in (simulator, generator):
        monkeypatch.setattr(maker, "blocks", lambda *words, **named: pytest.fail(f"simulated: {words}"))
    with recordings.known(tmp_path):
        assert np.array_equal(calcium.load(9, 32).images, whole) and np.array_equal(calcium.load(9, 2).images, few)
