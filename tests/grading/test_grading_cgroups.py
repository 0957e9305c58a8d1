"""The control group of a sandbox: what it bounds, on a real version 1 and on made trees, and that it goes."""

import itertools
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import submissions
from coursekit.grading import assignment, cgroups, stopping, usage
from coursekit.grading.limits import Limits
from coursekit.grading.sandbox import Sandbox
from coursekit.grading.session import Session
from coursekit.grading.stopping import BrokenOff
from sandboxed import ROOT, needs_sandbox

# What a child has no memory for ends the child: it must not go on as a second worker, which says what it likes.
FORKS = (
    "import mmap, os, socket, time\n"
    "for _ in range(8):\n  if os.fork() == 0:\n    try: {}; time.sleep(9)\n    finally: os._exit(0)\n"
)
HELD = {
    "memory of processes": "b = bytearray(60 << 20)",
    "shared memory": "b = mmap.mmap(-1, 60 << 20); b.write(b'x' * (60 << 20)); b.madvise(21)",
}


def ended(code, **limits):
    """Return why the only cell was stopped, "" where it was not; what it made must be gone afterwards.

    The code becomes one statement: the worker that follows stops before all of it, not only before its end.
    """
    before = left()
    limits = Limits(**{"cell_seconds": 12, "total_seconds": 25, **limits})
    with Session(Sandbox(), [[0, f"if True:\n{textwrap.indent(code, '  ')}\nx = 1"]], limits) as session:
        session.get("x")
        errors = session.errors
    assert left() == before
    return errors[0][2] if errors else ""


def left(number=None):
    """Return the groups that this process, or that of the number, has made and not removed."""
    parents, _ = cgroups._place()
    return [folder for parent in parents for folder in parent.glob(f"{cgroups._PREFIX}{number or os.getpid()}-*")]


def needs_groups():
    if not cgroups.said():
        pytest.skip("no control groups can be made here")


@needs_sandbox
@pytest.mark.parametrize("held", HELD)
def test_memory_of_all_processes_together_is_bounded(held):
    needs_groups()
    reason = ended(FORKS.format(HELD[held]) + "time.sleep(9)", memory_mb=300, disk_mb=10)
    # A scope is systemd's: what it counts is gone with it, so that the grader sees no more than an end.
    assert ("the process ended" if cgroups.said() == "scopes of systemd" else "300 MB of memory") in reason


@needs_sandbox
def test_files_without_content_are_bounded():
    assert "20,000 files" in ended("import time\nfor n in range(30_000): open(f'/tmp/{n}', 'w').close()\ntime.sleep(9)")


@needs_sandbox
def test_a_group_goes_when_an_honest_notebook_is_done():
    assert ended("open('/tmp/a', 'w').write('a')") == ""


@needs_sandbox
def test_all_processes_of_a_sandbox_are_in_its_groups():
    needs_groups()
    with Session(Sandbox(), [[0, "x = 1"]], Limits()) as session:
        assert session.get("x") == 1
        process = session.process
        numbers = {str(number) for number in [process.pid, *usage.descendants(process.pid)]}
        assert len(numbers) > 1
        for folder in process.group.folders:
            assert numbers <= {*(folder / "cgroup.procs").read_text().split()}


def version_1(root):
    for name in cgroups.CONTROLLERS:
        (root / name / "inner").mkdir(parents=True)
        (root / name / "inner" / "cgroup.procs").touch()
        (root / name / "cgroup.procs").touch()


def version_2(root, controllers):
    (root / "cgroup.procs").touch()
    (root / "cgroup.subtree_control").write_text(controllers)


def test_version_1_takes_the_groups_in_which_we_are_so_that_outer_limits_hold(tmp_path):
    version_1(tmp_path)
    (tmp_path / "own").write_text("4:memory:/inner\n2:cpu,cpuacct:/\n8:pids:/elsewhere\n0::/\n")
    found = cgroups.parents(tmp_path, tmp_path / "own")
    assert found == [tmp_path / "memory" / "inner", tmp_path / "pids", tmp_path / "cpu"]


@pytest.mark.parametrize("controllers, taken", [("cpuset cpu io memory pids\n", True), ("cpu pids\n", False)])
def test_version_2_needs_all_three_controllers(tmp_path, controllers, taken):
    version_2(tmp_path, controllers)
    (tmp_path / "own").write_text("0::/user.slice\n")
    assert cgroups.parents(tmp_path, tmp_path / "own") == ([tmp_path] if taken else [])


def test_a_group_of_version_2_states_its_limits_and_the_command_enters_it(tmp_path, monkeypatch):
    version_2(tmp_path, "cpu memory pids")
    names = ("memory.max", "memory.swap.max", "pids.max", "cpu.weight")
    made = type(tmp_path).mkdir

    def mkdir(folder, *more, **named):  # the kernel fills a new group with files
        made(folder, *more, **named)
        for name in names:
            (folder / name).touch()

    monkeypatch.setattr(type(tmp_path), "mkdir", mkdir)
    group = cgroups.Group(Limits(memory_mb=100, disk_mb=20, processes=50), [tmp_path])
    (folder,) = group.folders
    assert [(folder / name).read_text() for name in names] == [str(120 << 20), "0", "58", "100"]
    done = subprocess.run([*group.words, "echo", "in it"], env=group.environment, capture_output=True, text=True)
    assert done.stdout == "in it\n"
    assert (folder / "cgroup.procs").read_text().strip().isdigit()
    (folder / "memory.events").write_text("oom 3\noom_kill 0\n")
    assert not group.out_of_memory()
    (folder / "memory.events").write_text("oom 3\noom_kill 2\n")
    assert group.out_of_memory()


@pytest.mark.parametrize("when", [1, 2, 3])
def test_a_signal_while_groups_are_made_leaves_none(tmp_path, monkeypatch, when):
    parents = [tmp_path / name for name in cgroups.CONTROLLERS]
    for parent in parents:
        parent.mkdir()
    made, count = type(tmp_path).mkdir, itertools.count(1)

    def mkdir(folder):
        made(folder)
        if next(count) == when:
            raise BrokenOff(signal.SIGTERM)

    monkeypatch.setattr(type(tmp_path), "mkdir", mkdir)
    with pytest.raises(BrokenOff):
        cgroups.Group(Limits(), parents)
    assert [folder for parent in parents for folder in parent.iterdir()] == []


def test_two_threads_that_end_a_sandbox_at_once_leave_no_group(tmp_path, monkeypatch):
    parents = [tmp_path / name for name in cgroups.CONTROLLERS]
    for parent in parents:
        parent.mkdir()
    group = cgroups.Group(Limits(), parents)
    removed = type(tmp_path).rmdir

    def rmdir(folder):
        removed(folder)
        time.sleep(0.05)  # in which another thread finds that the folder is gone

    monkeypatch.setattr(type(tmp_path), "rmdir", rmdir)
    with ThreadPoolExecutor(3) as threads:
        ended = [threads.submit(group.remove) for _ in range(3)]
    assert [one.result() for one in ended] == [None] * 3
    assert [folder for parent in parents for folder in parent.iterdir()] == []


@needs_sandbox
@pytest.mark.parametrize("when", ["begins", "ends"])
def test_a_signal_while_a_sandbox_begins_or_ends_waits_until_it_is_known_or_gone(when, monkeypatch):
    before, processes = left(), []
    begin, end = Sandbox.start, usage.end

    def start(sandbox, limits):
        process, place = begin(sandbox, limits)
        processes.append(process)
        if when == "begins":
            os.kill(os.getpid(), signal.SIGTERM)
        return process, place

    def finish(process):
        if when == "ends":
            os.kill(os.getpid(), signal.SIGTERM)
        end(process)

    monkeypatch.setattr(Sandbox, "start", start)
    monkeypatch.setattr(usage, "end", finish)
    with pytest.raises(BrokenOff), stopping.heard(), Session(Sandbox(), [[0, "x = 1"]], Limits()) as session:
        session.get("x")
    assert processes[0].poll() is not None and left() == before


DELETED = """import os, signal, time
from coursekit.grading import stopping

class Deleted:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)

try:
    with stopping.heard():
        Deleted()
        time.sleep(20)
        print("went on to the end")
except stopping.BrokenOff as error:
    print("broken off by", error.args[0])"""


def test_a_signal_that_comes_while_something_is_deleted_is_heard_all_the_same():
    done = subprocess.run(
        [sys.executable, "-c", DELETED], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "broken off by 15\n", "")


@needs_sandbox
def test_a_process_that_grades_alone_takes_its_groups_away_when_nobody_waits_for_it(tmp_path):
    needs_groups()
    small = assignment.load("hw0", submissions.write_assignment(tmp_path / "assignments"))
    sleeps = submissions.data(submissions.notebook("import time\ntime.sleep(25)", "time.sleep(25)"))
    work = pickle.dumps((small, sleeps, {}, True, None))
    alone = subprocess.Popen(
        [sys.executable, "-m", "coursekit.grading.apart"],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    alone.stdin.write(len(work).to_bytes(8, "big") + work)
    alone.stdin.flush()
    end = time.monotonic() + 60
    while not left(alone.pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert left(alone.pid)
    alone.stdin.close()
    assert alone.wait(60) == 1 and left(alone.pid) == []


def test_what_has_ended_is_not_sought_by_its_number_which_may_be_anothers(monkeypatch):
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    usage.end(process)
    assert process.returncode == -signal.SIGKILL
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    monkeypatch.setattr(usage, "descendants", lambda number: [other.pid])
    usage.end(process)
    assert other.poll() is None
    other.communicate(b"\n")
    assert other.returncode == 0


def test_a_command_that_cannot_enter_its_group_does_not_start(tmp_path):
    group = cgroups.Group(Limits(), [tmp_path])
    group.folders[0].rmdir()
    done = subprocess.run([*group.words, "echo", "outside"], env=group.environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (125, "")


def test_groups_of_graders_that_were_killed_are_removed_and_of_others_kept(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for number in (gone.pid, os.getpid()):
        (tmp_path / f"{cgroups._PREFIX}{number}-0").mkdir()
    cgroups._remove_old(tmp_path)
    assert [folder.name for folder in tmp_path.iterdir()] == [f"{cgroups._PREFIX}{os.getpid()}-0"]


def test_an_ordinary_user_gets_a_scope_with_the_same_limits():
    words = cgroups.Group(Limits(memory_mb=100, disk_mb=20, processes=50), systemd=True).words
    assert words[:3] == ["systemd-run", "--user", "--scope"] and words[-1] == "--"
    assert {"--property=MemoryMax=125829120", "--property=TasksMax=58", "--property=CPUWeight=100"} <= {*words}
