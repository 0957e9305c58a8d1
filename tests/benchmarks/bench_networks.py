"""Seconds to grade homework 3 where networks come with the notebooks, with and without importing TensorFlow once.

    python tests/benchmarks/bench_networks.py [number of students]

All hand in the solution and networks that nobody has trained: what they earn plays no part, and a training would hide
what grading takes. It needs bubblewrap, otter-grader, and the rights of root with control groups, without which each
worker imports for itself. The time is that of the clock, as in `bench_grading.py`. What a batch does once (to import
TensorFlow for each job, to simulate recordings) is told apart by a smaller class, a quarter as large.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nbformat import v4

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support"), str(ROOT / "tools")]

import masters  # noqa: E402
from coursekit.grading import build, heldout  # noqa: E402

NAME, STUDENTS = "hw3_brain_food", 20
MOST_MINUTES = 10  # for a class of 200 on two idle cores
CLASS = 200


def built(folder, once):
    """Build the assignment, with recordings as large as those of a class, into `folder`; return its assignments."""
    shutil.copytree(ROOT / "assignments" / NAME, folder / "assignments" / NAME)
    shutil.copy(ROOT / "pyproject.toml", folder)
    build.main([NAME], folder)
    heldout.make(folder / "assignments" / "_build" / NAME / "held_out", seed=1, frames=16, warm_steps=1, steps=1)
    settings = folder / "assignments" / NAME / "grading.json"
    if not once:
        settings.write_text(json.dumps(json.loads(settings.read_text()) | {"imports": []}))
    return folder / "assignments"


def networks(folder):
    """Write the files of the networks that the solution describes, each with the weights that it begins with."""
    from coursekit.models import keeping
    from coursekit.models.backend import keras

    class Train:
        labels = range(2048)

    names = {"keras": keras, "layers": keras.layers, "train": Train}
    for question, name in (("q2", "baseline"), ("q4", "first"), ("q5", "second")):
        exec(masters.questions(NAME)[question].solution.split("\n\n\n")[0], names)
        keeping.save(folder / f"{name}.keras", names[f"build_{name}"](), {"loss": [1.0]})


def hand_in(folder, files, count):
    """Write a class of solutions, each with its networks."""
    questions, answers = masters.questions(NAME), {}
    for name in ("q1", "q2", "q4", "q5"):
        answers[f"{name}-answer"], _, answers[f"{name}-train"] = questions[name].solution.partition("\n\n\n")
    notebook = masters.student(NAME)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id) or cell.source
    for student in range(count):
        place = folder / f"student{student:03}"
        shutil.copytree(files, place)
        notebook.cells[0].source += f"\n\nHanded in by {student}."
        (place / f"{NAME}.ipynb").write_text(v4.writes(notebook), encoding="utf-8")
        shutil.make_archive(place, "zip", place)
        shutil.rmtree(place)


def graded(assignments, folder, files, count):
    """Return the seconds in which the command grades `count`."""
    handed_in, out = (Path(tempfile.mkdtemp(dir=folder)) for _ in range(2))
    hand_in(handed_in, files, count)
    words = [handed_in, "--assignment", NAME, "--assignments", assignments, "--out", out]
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "coursekit.grading", *words], cwd=ROOT, capture_output=True, text=True)
    seconds = time.perf_counter() - begun
    reports = [json.loads(path.read_text()) for path in (out / "reports").glob("*.json")]
    assert len(reports) == count and all(one["graded"] and not one["errors"] for one in reports), done.stdout[-2000:]
    return seconds


def main(students=STUDENTS):
    """Print seconds for a class of two or more, and what they say of one of 200; return the row of the table."""
    if students < 2:
        raise ValueError(f"students must be at least 2. Received: {students}")
    with tempfile.TemporaryDirectory() as folder:
        folder, seconds = Path(folder), {}
        files = folder / "networks"
        files.mkdir()
        networks(files)
        for once in (True, False):
            place = folder / f"once-{once}"
            place.mkdir()
            assignments = built(place, once)
            seconds[once] = graded(assignments, place, files, students) / students
            if once:
                few = students // 4 or 1
                least = graded(assignments, place, files, few)
    each = (students * seconds[True] - least) / (students - few)
    minutes = (least + (CLASS - few) * each) / 60
    print(f"{NAME}, {len(os.sched_getaffinity(0))} cores; load of the machine {os.getloadavg()[0]:.1f}")
    print(
        f"class of {students:3}     {seconds[True]:6.2f} s a submission, {each:.2f} s each more; "
        f"a class of {CLASS} would take {minutes:.1f} minutes"
    )
    print(f"each imports     {seconds[False]:6.2f} s a submission")
    missed = minutes > MOST_MINUTES
    print(f"MISSED: more than {MOST_MINUTES} minutes" if missed else "all goals are met")
    ratio = seconds[True] / seconds[False]
    what = f"homework 3 graded with its networks, in a class of {students}"
    return [(what, "each worker imports TensorFlow", f"{ratio:.2f} times, {seconds[True]:.1f} s")]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
