"""Seconds and memory to grade homework 1, for a class and for one, beside `otter run`, which executes tests and
student in one.

    python tests/benchmarks/bench_grading.py [number of students]

The assignment is built into a temporary folder. All students hand in the solution, each with a cell of their
own; then as many hand it in with large outputs, files and essays. It needs bubblewrap and the lecturer's extra
(otter-grader). The two graders take turns, so that a busy machine slows both. A missed goal is told. The time is that
of the clock: what a sandbox has used is counted by nobody once its processes are killed.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support"), str(ROOT / "tools")]

import masters  # noqa: E402
from coursekit.grading import build  # noqa: E402

NAME, STUDENTS, ROUNDS = "hw1_numpy_network", 200, 3
MOST_SECONDS, MOST_MB = 0.35, 100  # a submission on two idle cores; the main process, whatever was handed in
COMMAND = """
import sys
from coursekit.grading.__main__ import main
status = main()
with open("/proc/self/status") as file:
    print("PEAK", next(line.split()[1] for line in file if line.startswith("VmHWM")))
sys.exit(status)
"""


def built(folder):
    """Build the assignment into a copy of what it is made of."""
    shutil.copytree(ROOT / "assignments" / NAME, folder / "assignments" / NAME)
    shutil.copy(ROOT / "pyproject.toml", folder)
    build.main([NAME], folder)
    return folder / "assignments"


def solution(student, more=()):
    """Return the bytes of a notebook with the solution, a remark of the student, and more cells."""
    sources = [
        part if isinstance(part, str) else part.solution
        for part in masters.script(NAME)
        if isinstance(part, str) or not part.manual
    ]
    cells = [
        {"cell_type": "code", "id": f"c{n}", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for n, source in enumerate([*sources, f"handed_in_by = {student}"])
        if source.strip()
    ]
    cells += more
    about = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "otter": {"assignment_name": NAME},
    }
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells}).encode()


def hand_in(folder, count):
    """Write a class of solutions."""
    for student in range(count):
        (folder / f"student{student:03}.ipynb").write_bytes(solution(student))


def hand_in_much(folder, count):
    """Write a class in which each hands in a file of 60 MB, outputs of 20 MB, an essay of 4 MB and many errors."""
    manual = [part.name for part in masters.script(NAME) if not isinstance(part, str) and part.manual]
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "1 / 0"}
    outputs = [{"output_type": "stream", "name": "stdout", "text": "x" * (20 << 20)}]
    cells = [{"cell_type": "markdown", "id": f"{name}-answer", "source": "ß\n" * (1 << 21)} for name in manual]
    cells += [{**empty, "id": "printed", "outputs": outputs}, *({**empty, "id": f"error{n}"} for n in range(500))]
    with zipfile.ZipFile(folder / "student000.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hw1.ipynb", solution(0, cells))
        archive.writestr("weights.bin", bytes(60 << 20))
    for student in range(1, count):
        os.link(folder / "student000.zip", folder / f"student{student:03}.zip")


def ours(assignments, folder, count, write=hand_in):
    """Return (seconds, MB of the main process) in which the command grades `count`."""
    handed_in = Path(tempfile.mkdtemp(dir=folder))
    write(handed_in, count)
    out = Path(tempfile.mkdtemp(dir=folder))
    words = [handed_in, "--assignment", NAME, "--assignments", assignments, "--out", out]
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *words],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    seconds = time.perf_counter() - begun
    for path in (out / "reports").glob("*.json"):
        report = json.loads(path.read_text())
        assert report["points"] == report["possible"] > 0, report
    return seconds, int(done.stdout.split()[-1]) / 1024


def otter(assignments, folder):
    """Return the seconds of `otter run` for one submission, and the points that it gave."""
    (folder / "one.ipynb").write_bytes(solution(0))
    archive = assignments / "_build" / NAME / f"{NAME}-gradescope.zip"
    out = Path(tempfile.mkdtemp(dir=folder))
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "otter", "run", "-a", archive, "-o", out, "--no-logo", "one.ipynb"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    tests = json.loads((out / "results.json").read_text())["tests"]
    return seconds, sum(test.get("score", 0) for test in tests)


def main(students=STUDENTS):
    """Print seconds and memory, in a class and alone, and those of otter; return the rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        assignments = built(folder)
        alone, theirs = [], []
        for _ in range(ROUNDS):
            alone.append(ours(assignments, folder, 1)[0])
            seconds, points = otter(assignments, folder)
            theirs.append(seconds)
        whole, memory = ours(assignments, folder, students)
        much, most = ours(assignments, folder, students, hand_in_much)
    one, other, each = statistics.median(alone), statistics.median(theirs), whole / students
    print(f"{NAME}, {len(os.sched_getaffinity(0))} cores; load of the machine {os.getloadavg()[0]:.1f}")
    print(f"class of {students:3}     {each:6.2f} s a submission")
    print(f"class of 1       {one:6.2f} s, with the start of the command")
    print(f"much handed in   {much / students:6.2f} s a submission")
    print(f"otter run        {other:6.2f} s a submission ({points:g} points), {other / each:.0f} times as long")
    print(f"main process     {memory:6.0f} MB, {most:.0f} MB where much is handed in")
    missed = [f"{each:.2f} s a submission, more than {MOST_SECONDS}"] if each > MOST_SECONDS else []
    missed += [f"{found:.0f} MB, more than {MOST_MB}" for found in (memory, most) if found > MOST_MB]
    print("".join(f"MISSED: {miss}\n" for miss in missed) or "all goals are met", file=sys.stderr if missed else None)
    return [
        (f"homework 1 graded, in a class of {students}", "`otter run`", f"{each / other:.3f} times, {each:.2f} s"),
        ("homework 1 graded alone", "`otter run`", f"{one / other:.2f} times"),
    ]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
