"""Seconds to grade homework 1, for a class and for one, beside `otter run`, which executes tests and student
in one.

    python tests/benchmarks/bench_grading.py [number of students]

The assignment is built into a temporary folder. All students hand in the solution, each with a cell of their
own. It needs bubblewrap and the lecturer's extra (otter-grader). The two graders take turns, so that a busy
machine slows both.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support"), str(ROOT / "tools")]

import masters  # noqa: E402
from coursekit.grading import build  # noqa: E402

NAME, STUDENTS, ROUNDS = "hw1_numpy_network", 200, 3


def built(folder):
    """Build the assignment into a copy of what it is made of."""
    shutil.copytree(ROOT / "assignments" / NAME, folder / "assignments" / NAME)
    shutil.copy(ROOT / "pyproject.toml", folder)
    build.main([NAME], folder)
    return folder / "assignments"


def solution(student):
    """Return the bytes of a notebook with the solution, and a remark of the student."""
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
    about = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "otter": {"assignment_name": NAME},
    }
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells}).encode()


def ours(assignments, folder, count):
    """Return the seconds in which the command grades `count` submissions, each with full points."""
    handed_in = folder / f"class of {count}"
    shutil.rmtree(handed_in, ignore_errors=True)
    handed_in.mkdir()
    for student in range(count):
        (handed_in / f"student{student:03}.ipynb").write_bytes(solution(student))
    out = Path(tempfile.mkdtemp(dir=folder))
    begun = time.perf_counter()
    subprocess.run(
        [
            sys.executable,
            "-m",
            "coursekit.grading",
            handed_in,
            "--assignment",
            NAME,
            "--assignments",
            assignments,
            "--out",
            out,
        ],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    seconds = time.perf_counter() - begun
    for path in (out / "reports").glob("*.json"):
        report = json.loads(path.read_text())
        assert report["points"] == report["possible"] > 0, report
    return seconds


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
    """Print seconds a submission, in a class and alone, and those of otter."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        assignments = built(folder)
        alone, theirs = [], []
        for _ in range(ROUNDS):
            alone.append(ours(assignments, folder, 1))
            seconds, points = otter(assignments, folder)
            theirs.append(seconds)
        whole = ours(assignments, folder, students)
    cores = len(os.sched_getaffinity(0))
    one, other = statistics.median(alone), statistics.median(theirs)
    print(f"{NAME}, {cores} cores; load of the machine {os.getloadavg()[0]:.1f}")
    print(f"class of {students:3}     {whole / students:6.2f} s a submission, {whole:6.1f} s in all")
    print(f"class of 1       {one:6.2f} s, with the start of the command")
    print(
        f"otter run        {other:6.2f} s a submission ({points:g} points), "
        f"{other / (whole / students):.0f} times as long"
    )
    print("goals: at most 1 s a submission; 200 submissions in under 180 s, on two cores")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
