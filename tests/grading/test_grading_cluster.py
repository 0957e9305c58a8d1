"""A class graded on a dask.distributed cluster of two workers, of which one is killed."""

import importlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import equipment
import submissions
from coursekit.grading import __main__ as command
from coursekit.grading import apart, assignment, batch, cluster
from coursekit.grading import submissions as handing_in
from sandboxed import ROOT, watching

pytestmark = equipment.needs("bubblewrap", "distributed")
SLOW = "import time; time.sleep(0.4)"


@pytest.fixture(scope="module")
def two_workers():
    distributed = importlib.import_module("distributed")  # not while tests are collected
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as started:
        yield started


def handed_in(folder, count):
    folder.mkdir()
    for number in range(count):
        source = submissions.notebook(extra=(SLOW,), numbers=f"n_parameters = {430 + number}\nrule = 'b'")
        (folder / f"student{number:02}.ipynb").write_bytes(submissions.data(source))
    return handing_in.collect(folder)


def test_a_worker_that_is_killed_costs_nobody_a_grade_or_gives_one_twice(two_workers, tmp_path):
    small = assignment.load("hw0", submissions.write_assignment(tmp_path / "assignments"))
    handed, finished, killed = handed_in(tmp_path / "in", 10), [], []
    distributed = importlib.import_module("distributed")
    with distributed.Client(two_workers, set_as_default=False) as client:
        numbers = client.run(os.getpid)

        def done(key):
            finished.append(key)
            busy = [address for address, tasks in client.processing().items() if tasks]
            if len(finished) >= 2 and busy and not killed:  # mid-batch: one that is grading now
                killed.append(numbers[busy[0]])
                os.kill(killed[0], signal.SIGKILL)

        with watching() as left:
            pool, in_flight = cluster.pool(two_workers.scheduler_address)
            reports = batch.run(small, handed, tmp_path / "reports", pool, done=done, in_flight=in_flight)
    assert len(killed) == 1 and not os.path.exists(f"/proc/{killed[0]}/exe")
    assert sorted(finished) == sorted(reports) == [one.key for one in handed]  # each once
    assert all(report["graded"] for report in reports.values())
    for number, one in enumerate(handed):
        assert reports[one.key]["recorded"] == {"parameters": 430 + number}  # and each its own
        assert reports[one.key]["points"] == (11 if number == 18 else 9)
    assert len(list((tmp_path / "reports").glob("*.json"))) == len(handed)
    assert [words for _, words in left if "worker.py" in words or "apart" in words] == []


def test_the_command_grades_on_a_cluster(two_workers, tmp_path):
    handed_in(tmp_path / "in", 2)
    folder = submissions.write_assignment(tmp_path / "assignments")
    words = [str(tmp_path / "in"), "--assignment", "hw0", "--assignments", str(folder), "--out", str(tmp_path / "out")]
    assert command.main([*words, "--scheduler", two_workers.scheduler_address]) == 0
    assert (tmp_path / "out" / "grades.csv").read_text().count(",9,14,") == 2


CHOSEN = (
    "perfect",
    "partial",
    "blank",
    "wrong axis",
    "raise",
    "os._exit in a function",
    "patched numpy",
    "borrowed: convolve",
    "zip bomb",
)
FRAMES = "from coursekit import calcium\nframes = calcium.load(7, 64).images.shape"


def written(out):
    """Return {name: content} of all that a batch wrote, without the seconds of reports and the time in moodle.csv."""
    found = {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    found["moodle.csv"] = re.sub(rb"(?m),20\d\d-[\dT:-]+\+00:00,", b",then,", found["moodle.csv"])
    assert found["moodle.csv"].count(b",then,") == len([name for name in found if name.startswith("reports/")])
    for name in [name for name in found if name.startswith("reports/")]:
        report = json.loads(found[name])
        assert report.pop("seconds") >= 0
        found[name] = json.dumps(report)
    return found


def test_a_cluster_gives_every_file_the_bytes_that_this_machine_gives_it(two_workers, tmp_path):
    """Right, wrong, hostile, damaged, late and unread submissions, and one that asks for recordings."""
    folder = submissions.write_assignment(tmp_path / "assignments")
    (settings,) = folder.glob("*/grading.json")
    found = json.loads(settings.read_text())
    settings.write_text(json.dumps({**found, "hidden_packages": [], "recordings": {"7": 64}}))
    (tmp_path / "in").mkdir()
    for name in CHOSEN:
        one = submissions.CORPUS[name]
        (tmp_path / "in" / f"{name.replace(':', '')}{one.kind}").write_bytes(one.data)
    more = {"recordings": submissions.data(submissions.notebook(extra=(FRAMES,))), "damaged": b"{", "empty": b""}
    for name, data in more.items():
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(data)
    words = [str(tmp_path / "in"), "--assignment", "hw0", "--assignments", str(folder)]
    here, there = tmp_path / "here", tmp_path / "there"
    status = command.main([*words, "--out", str(here), "--jobs", "2"])
    assert command.main([*words, "--out", str(there), "--scheduler", two_workers.scheduler_address]) == status
    expected = written(here)
    assert written(there) == expected
    assert {name.partition("/")[0] for name in expected} > {"grades.csv", "canvas.csv", "feedback", "reports"}
    assert len([name for name in expected if name.startswith("reports/")]) == len(CHOSEN) + len(more)
    with importlib.import_module("distributed").Client(two_workers, set_as_default=False) as client:
        kept = client.run(lambda dask_worker: [str(one) for one in Path(dask_worker.local_directory).iterdir()])
    assert not any("simulated" in name for names in kept.values() for name in names)


def test_a_loop_that_never_ends_earns_on_a_cluster_what_it_earns_here(two_workers, tmp_path):
    """Its points are compared and not its words: which of two limits sees it first, and says so, is not fixed."""
    folder = submissions.write_assignment(tmp_path / "assignments")
    (tmp_path / "in").mkdir()
    one = submissions.CORPUS["endless loop in a function"]
    (tmp_path / "in" / f"endless{one.kind}").write_bytes(one.data)
    words, tables = [str(tmp_path / "in"), "--assignment", "hw0", "--assignments", str(folder)], []
    for place in ([], ["--scheduler", two_workers.scheduler_address]):
        out = tmp_path / f"out{len(place)}"
        assert command.main([*words, *place, "--out", str(out)]) == 0
        tables.append((out / "grades.csv").read_text())
    assert tables[0] == tables[1] and ",5,14," in tables[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_batch_on_a_cluster_that_is_broken_off_keeps_what_is_done(number, two_workers, tmp_path):
    handed_in(tmp_path / "in", 1)
    sleeps = submissions.notebook("import time\ntime.sleep(25)", "time.sleep(25)")
    for name in ("t", "u", "v", "w", "x"):
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(submissions.data(sleeps))
    folder, done = submissions.write_assignment(tmp_path / "assignments"), tmp_path / "out" / "reports"
    words = [sys.executable, "-B", "-m", "coursekit.grading", tmp_path / "in", "--assignment", "hw0"]
    words += ["--assignments", folder, "--out", tmp_path / "out", "--scheduler", two_workers.scheduler_address]
    with watching(30) as left:
        started = subprocess.Popen(
            words, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True
        )
        end = time.monotonic() + 120
        while not list(done.glob("*.json")) and time.monotonic() < end:
            time.sleep(0.1)
        started.send_signal(number)
        _, said = started.communicate(timeout=60)
    assert started.returncode == 128 + number and "broken off" in said and "Traceback" not in said
    assert 1 <= len(list(done.glob("*.json"))) < 6 and not (tmp_path / "out" / "grades.csv").exists()
    assert [words for _, words in left if "worker.py" in words or "apart" in words] == []


def test_a_scheduler_that_is_not_there_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(cluster, "SECONDS", 1)
    handed_in(tmp_path / "in", 1)
    folder = submissions.write_assignment(tmp_path / "assignments")
    words = [str(tmp_path / "in"), "--assignment", "hw0", "--assignments", str(folder), "--out", str(tmp_path / "out")]
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        assert command.main([*words, "--scheduler", address]) == 2
        assert f"error: no dask scheduler answers at {address}" in capsys.readouterr().err


def test_a_task_in_a_thread_gets_a_process_with_limits_of_its_own(tmp_path):
    """A value that makes a test slow is interrupted even where the grader is no main thread."""
    slow = dict(submissions.TESTS)
    slow["q3.py"] = slow["q3.py"].replace('record("parameters", n_parameters)', "while n_parameters: pass")
    # Of these seconds a busy machine needs some before the first test.
    small = assignment.load("hw0", submissions.write_assignment(tmp_path / "assignments", tests=slow, total_seconds=8))
    found = []
    thread = threading.Thread(
        target=lambda: found.append(batch.task(small, (submissions.CORPUS["perfect"].data, {}, "", None), True)),
        daemon=True,
    )
    thread.start()
    thread.join(200)
    assert found[0]["graded"] and found[0]["questions"]["q1"]["points"] == 3
    assert found[0]["questions"]["q3"]["cases"][1]["log"].startswith("late: took longer than allowed")


def test_a_process_that_fails_is_an_error(tmp_path, monkeypatch):
    small = assignment.load("hw0", submissions.write_assignment(tmp_path / "assignments"))
    monkeypatch.setattr(apart.sys, "executable", "/bin/true")
    with pytest.raises(RuntimeError, match="without a report"):
        apart.grade(small, b"", {}, True)
