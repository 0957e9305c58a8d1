"""`make student-release`: a copy of the course for students, of what the lecturer chooses, without solutions.

    python -m coursekit.grading.release OUT [--address https://github.com/OWNER/NAME] [--term 2027.02]
        [--lectures 00-09] [--answers all|none|after-date --date 2027-06-01] [--colab-ai]
    python -m coursekit.grading.release --check OUT [--answers none]

It holds the lectures, the package without `coursekit.grading`, the data, the student version of each
assignment (as `assignments/NAME/NAME.ipynb`), and what `make lab` and `make test` need. Only files that git tracks
are copied. The copy is searched for hidden tests, their seeds, and solutions before it appears at OUT, all
at once; `--check` searches a copy that is there. With `--address` badges and commands lead to the students'
repository, with `--term` to that branch or tag of it.

`--answers` concerns the folded answers of the lectures, and the checks, whose code holds them: `none` releases
neither, `after-date` puts them into a second folder, OUT-answers-DATE, to be copied over the first on that day.
An assignment goes with the first lecture that it rests on and that is left out.
"""

import argparse
import dataclasses
import filecmp
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from coursekit.grading import build, choices, published
from coursekit.grading.searched import check

ROOT = build.ROOT
# What students get, as git names it; the tests are the lecturer's, but for how notebooks are compared.
KEPT = re.compile(
    r"(notebooks|slides(?!/teaching)|data|\.jupyter)/.+|coursekit/(?!grading/).+|tests/nbval_sanitize\.cfg|conftest\.py|"
    r"README\.md|LICENSE[\w-]*|Makefile|environment\.yml|pyproject\.toml|requirements\.lock|\.gitignore"
)
EVERYTHING = choices.Choices()
_STUDENT = re.compile(r"assignments/(\w+)/student/(.+)")
_OF_LECTURE = re.compile(r"(?:notebooks|slides)/(\d\d)_.+|coursekit/checks/lecture(\d\d)\.\w+")
_OF_ASSIGNMENT = re.compile(r"(?:data/)?assignments/(\w+)/.+")
_WITH_ANSWERS = re.compile(r"coursekit/checks/(?:lecture\d\d|hints)\.py")
_TEXT = {".ipynb", ".md", ".toml", ".yml", ""}  # whose addresses may change
_COMMAND = re.compile(r"(?m)^([a-z-]+):(?!=).*\n(?:\t.*\n)*\n?")  # of a Makefile, with its recipe
_LECTURERS = re.compile(r"\b(tests|tools)/|\bcoursekit\.grading\b")  # what in a recipe students do not have


def main(words=None):
    """Write or check a release; return 0, or 1 after saying on stderr why not."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.grading.release", description="Write a copy of the course for students."
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="folder that is new or empty")
    parser.add_argument("--address", help="repository of the students, https://github.com/OWNER/NAME")
    parser.add_argument("--term", help="branch or tag of it that Colab takes, such as 2027.02")
    parser.add_argument("--lectures", metavar="00-09", help="these alone, such as 00-04 or 00,02,05-07")
    parser.add_argument(
        "--answers", default="all", metavar="|".join(choices.ANSWERS), help="to the lectures' exercises"
    )
    parser.add_argument("--date", metavar="DAY", help="from which after-date releases the answers, such as 2027-06-01")
    parser.add_argument("--colab-ai", action="store_true", help="leave Colab's AI helpers on in assignments")
    parser.add_argument("--check", action="store_true", help="write nothing: search the copy in OUT for answers")
    given = parser.parse_args(words)
    try:
        if given.answers not in choices.ANSWERS:
            raise ValueError(f"answers must be one of {', '.join(choices.ANSWERS)}. Received: {given.answers!r}")
        if given.check:
            check(given.out, ROOT, answers=given.answers == "all")
        else:
            wanted = choices.Choices(
                EVERYTHING.lectures if given.lectures is None else choices.chosen(given.lectures),
                given.answers,
                None if given.date is None else choices.date(given.date),
                given.colab_ai,
            )
            write(given.out, ROOT, address=given.address, term=given.term, wanted=wanted)
            _tell(given.out, wanted, given.address)
    except (ValueError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    count = sum(path.is_file() for path in given.out.rglob("*"))
    print(f"{given.out}: {count} files, no solution and no hidden test among them")
    return 0


def _tell(out, wanted, address):
    """Say what was left out, and what is still to be done."""
    if address is None:
        here = published.read(ROOT).address
        print(f"badges and first cells lead to {here}: --address names your students' repository in its place")
    if wanted.absent:
        print(f"lectures {', '.join(one.number for one in wanted.lectures)}")
    for name, missing in left_out(ROOT, wanted).items():
        print(f"left out: {name}, which rests on lecture {', '.join(missing)}")
    if wanted.date is not None:
        later = _later(out, wanted)
        print(f"{later}: the answers. On {wanted.date} copy them over the students' repository and commit:")
        print(f"    cp -R {later}/. THEIR_CLONE/")


def write(out, root=ROOT, address=None, term=None, wanted=EVERYTHING):
    """Write the students' copy of the course in the folder `root` to the folder `out`, which is new or empty.

    `wanted` are the lecturer's Choices; with answers after a date there is a second folder beside `out`, of the files
    that differ then. Raises ValueError for another folder, an invalid address or term, answers withheld where
    badges would lead to them, and where the copy would give anything away; then nothing is written. RuntimeError
    where `root` is no git clone.
    """
    out, root = Path(out).absolute(), Path(root)
    targets = {out: wanted}
    if wanted.date is not None:
        targets[_later(out, wanted)] = dataclasses.replace(wanted, answers="all", date=None)
    for target in targets:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise ValueError(f"out must be a new or an empty folder. Received: {target}")
    tracked(root)
    old = published.read(root)
    if wanted.answers != "all" and address is None:
        raise ValueError(
            f"address must be given with answers {wanted.answers}: badges and first cells would lead to {old.address}, "
            "which has the answers"
        )
    new = published.Repository(
        old.address if address is None else published.checked(address, "address"),
        old.term if term is None else published.checked_term(term),
    )
    changes = _changes(root, old, new, address is not None)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as folder:
        copies = [Path(folder) / str(number) for number in range(len(targets))]
        for copy, its in zip(copies, targets.values()):
            _fill(copy, root, changes, its)
            check(copy, root, answers=its.answers == "all")
        for later in copies[1:]:
            _keep_differing(later, copies[0])
        for copy, target in zip(copies, targets):
            if target.exists():
                target.rmdir()
            os.rename(copy, target)


def _later(out, wanted):
    return out.with_name(f"{out.name}-answers-{wanted.date}")


def _fill(copy, root, changes, wanted):
    changes = [*changes, *_without(left_out(root, wanted))]
    for source, target in files(root, wanted).items():
        if wanted.answers == "all" or not _WITH_ANSWERS.fullmatch(target):
            _copy(root / source, copy / target, target, changes, wanted)
    if wanted.answers != "all":
        for name, text in choices.recorded_checks(wanted).items():
            (copy / name).write_text(text, encoding="utf-8", newline="\n")


def _keep_differing(folder, other):
    """Remove from `folder` what `other` has as well, and the folders that are empty then."""
    for path in sorted(folder.rglob("*"), reverse=True):
        twin = other / path.relative_to(folder)
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif twin.is_file() and filecmp.cmp(path, twin, shallow=False):
            path.unlink()


def files(root=ROOT, wanted=EVERYTHING):
    """Return {path in the course: path in the release}, of the files that git tracks and students get."""
    absent, without = {one.number for one in wanted.absent}, left_out(root, wanted)
    chosen = {}
    for name in tracked(root):
        lecture, assignment = _OF_LECTURE.fullmatch(name), _OF_ASSIGNMENT.fullmatch(name)
        if lecture and (lecture[1] or lecture[2]) in absent or assignment and assignment[1] in without:
            continue
        student = _STUDENT.fullmatch(name)
        if student:
            chosen[name] = f"assignments/{student[1]}/{student[2]}"
        elif KEPT.fullmatch(name):
            chosen[name] = name
    return chosen


def tracked(root):
    """Return the paths that git tracks below `root`. Raises RuntimeError where `root` lies outside a git clone."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True)
    if listed.returncode or not listed.stdout:
        raise RuntimeError(f"{root} must be a git clone: only files that git tracks are released")
    return tuple(filter(None, listed.stdout.split("\0")))


def left_out(root, wanted):
    """Return {assignment: [number of a lecture that it rests on and that is left out]}, of those that go too."""
    absent = {one.number for one in wanted.absent}
    folders = sorted(path for path in (root / "assignments").glob("*") if path.is_dir())
    missing = {path.name: [one for one in choices.rests_on(path) if one in absent] for path in folders}
    return {name: numbers for name, numbers in missing.items() if numbers}


def _changes(root, old, new, theirs=False):
    """Return (pattern, replacement) pairs for texts: where student versions lie, lecturers' commands, the address.

    Unless the address is `theirs`, the students', badges stay with `student/`: beside it lies the master, with answers.
    """
    commands = "|".join(lecturers((root / "Makefile").read_text(encoding="utf-8"))) or "(?!)"
    elsewhere = "" if theirs else rf"(?<!/blob/{re.escape(old.term)}/)"
    changes = [
        (rf"{elsewhere}assignments/(\w+)/student/(?=\1\.)", r"assignments/\1/"),
        (r"(?s)<!-- lecturers -->.*?<!-- /lecturers -->\n*", ""),
        (rf"(?m)^\| `make (?:{commands})[` ].*\n", ""),
        (rf"(?<=[.:])[ \n]`make (?:{commands})` [^.`]*\.(?=\s)", ""),
    ]
    if new != old:
        changes += [
            (published.LINK, new.colab()),
            (published.REQUIREMENT, new.requirement),
            (rf"(?<=github\.com/){re.escape(old.name)}(?![\w-])", new.name),
            (rf"(?m)^cd {re.escape(old.name.split('/')[1])}$", f"cd {new.name.split('/')[1]}"),
            (r'(?m)^(term *= *)"[^"]*"', rf'\1"{new.term}"'),
        ]
    return changes


def _without(assignments):
    """Return (pattern, replacement) pairs that take assignments, and an empty table, out of the list of homework."""
    rows = [(rf"(?m)^\| \[[^]]*\]\(assignments/{re.escape(name)}/.*\n", "") for name in assignments]
    return [*rows, (r"(?m)<!-- homework -->\n(?:(?!\| \[|<!--).*\n)*<!-- /homework -->\n*", "")]


def _copy(source, target, name, changes, wanted):
    if source.is_symlink():
        raise ValueError(f"{source} must be a file: links are not released")
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix not in _TEXT and name != "coursekit/lectures.py":
        shutil.copyfile(source, target)
        return
    text = source.read_text(encoding="utf-8")
    if name == "coursekit/lectures.py":
        text = choices.listed(text, wanted)
    else:
        for pattern, replacement in changes:
            text = re.sub(pattern, replacement, text)
        text = choices.without_lectures(text, wanted)
    if source.name == "Makefile":
        text = _makefile(text)
    if name.startswith("notebooks/") and wanted.answers != "all":
        text = choices.without_answers(text, wanted.note)
    if name.startswith("assignments/") and source.suffix == ".ipynb" and wanted.colab_helpers:
        text = choices.with_helpers(text)
    target.write_text(text, encoding="utf-8", newline="\n")


def _makefile(text):
    """Return a Makefile without the commands of lecturers, of which students do not have the files."""
    for name in lecturers(text):
        text = re.sub(rf"(?m)^(\.PHONY:.*) {name}(?![\w-])", r"\1", text)
    return _COMMAND.sub(lambda found: "" if _LECTURERS.search(found[0]) else found[0], text)


def lecturers(makefile):
    """Return the names of the commands of a Makefile that need files which students do not have.

    >>> lecturers("lab: ## open\\n\\tjupyter lab\\n\\nbench: ## measure\\n\\tpython tests/bench.py\\n")
    ['bench']
    """
    return [found[1] for found in _COMMAND.finditer(makefile) if _LECTURERS.search(found[0])]


if __name__ == "__main__":
    sys.exit(main())
