"""`make student-release`: a clean copy of the course for students, without anything that gives answers away.

    python -m coursekit.grading.release OUT [--address https://github.com/OWNER/NAME]
    python -m coursekit.grading.release --check OUT

It holds the lectures, the package without `coursekit.grading`, the data, the student version of each
assignment (as `assignments/NAME/NAME.ipynb`), and what `make lab` and `make test` need. Only files that git tracks
are copied. The copy is searched for hidden tests, their seeds, and solutions before it appears at OUT, all
at once; `--check` searches a copy that is there. With `--address` badges and commands lead to the students'
repository.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from coursekit.grading import build, published

ROOT = build.ROOT
# What students get, as git names it; the tests are the lecturer's, but for how notebooks are compared.
KEPT = re.compile(
    r"(notebooks|slides(?!/teaching)|data|\.jupyter)/.+|coursekit/(?!grading/).+|tests/nbval_sanitize\.cfg|conftest\.py|"
    r"README\.md|LICENSE[\w-]*|Makefile|environment\.yml|pyproject\.toml|requirements\.lock|\.gitignore"
)
_STUDENT = re.compile(r"assignments/(\w+)/student/(.+)")
_TEXT = {".ipynb", ".md", ".toml", ".yml", ""}  # whose addresses may change
_COMMAND = re.compile(r"(?m)^([a-z-]+):(?!=).*\n(?:\t.*\n)*\n?")  # of a Makefile, with its recipe
_LECTURERS = re.compile(r"\b(tests|tools)/|\bcoursekit\.grading\b")  # what in a recipe students do not have
_SOLUTION = re.compile(r"(?s)# BEGIN SOLUTION NO PROMPT\n(.*?)# END SOLUTION")


def main(words=None):
    """Write or check a release; return 0, or 1 after saying on stderr why not."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.grading.release", description="Write a copy of the course for students."
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="folder that is new or empty")
    parser.add_argument("--address", help="repository of the students, https://github.com/OWNER/NAME")
    parser.add_argument("--check", action="store_true", help="write nothing: search the copy in OUT for answers")
    chosen = parser.parse_args(words)
    try:
        if chosen.check:
            check(chosen.out)
        else:
            write(chosen.out, address=chosen.address)
    except (ValueError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    count = sum(path.is_file() for path in chosen.out.rglob("*"))
    print(f"{chosen.out}: {count} files, no solution and no hidden test among them")
    return 0


def write(out, root=ROOT, address=None):
    """Write the students' copy of the course in the folder `root` to the folder `out`, which is new or empty.

    Raises ValueError for another folder, a malformed address, and where the copy would give answers away;
    then nothing is written. RuntimeError where `root` is no git clone.
    """
    out, root = Path(out).absolute(), Path(root)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ValueError(f"out must be a new or an empty folder. Received: {out}")
    address = None if address is None else published.checked(address, "address")
    chosen, changes = files(root), _changes(root, address)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as folder:
        copy = Path(folder) / "copy"
        for source, target in chosen.items():
            _copy(root / source, copy / target, changes)
        check(copy, root)
        if out.exists():
            out.rmdir()
        os.rename(copy, out)


def files(root=ROOT):
    """Return {path in the course: path in the release}, of the files that git tracks and students get."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True)
    if listed.returncode or not listed.stdout:
        raise RuntimeError(f"{root} must be a git clone: only files that git tracks are released")
    chosen = {}
    for name in filter(None, listed.stdout.split("\0")):
        student = _STUDENT.fullmatch(name)
        if student:
            chosen[name] = f"assignments/{student[1]}/{student[2]}"
        elif KEPT.fullmatch(name):
            chosen[name] = name
    return chosen


def _changes(root, address):
    """Return (pattern, replacement) pairs for texts: where student versions lie, lecturers' commands, the address."""
    commands = "|".join(lecturers((root / "Makefile").read_text(encoding="utf-8"))) or "(?!)"
    changes = [
        (r"assignments/(\w+)/student/(?=\1\.)", r"assignments/\1/"),
        (r"(?s)<!-- lecturers -->.*?<!-- /lecturers -->\n*", ""),
        (rf"(?m)^\| `make (?:{commands})[` ].*\n", ""),
        (rf"(?<=[.:]) `make (?:{commands})` [^.`]*\.(?=\s)", ""),
    ]
    if address is not None:
        old, new = published.read(root).name, published.Repository(address).name
        changes += [
            (rf"(?<=github\.com/){re.escape(old)}(?![\w-])", new),
            (rf"(?<=research\.google\.com/github/){re.escape(old)}(?=/)", new),
            (rf"(?m)^cd {re.escape(old.split('/')[1])}$", f"cd {new.split('/')[1]}"),
        ]
    return changes


def _copy(source, target, changes):
    if source.is_symlink():
        raise ValueError(f"{source} must be a file: links are not released")
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix not in _TEXT:
        shutil.copyfile(source, target)
        return
    text = source.read_text(encoding="utf-8")
    for pattern, replacement in changes:
        text = re.sub(pattern, replacement, text)
    if source.name == "Makefile":
        text = _makefile(text)
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


# ---------------------------------------------------------------- what must not be in it


def check(folder, root=ROOT):
    """Raise ValueError where a students' copy in `folder` holds what only the lecturer of `root` may have.

    Searched are seeds of hidden tests in all files, and lines of solutions and of hidden tests in the
    assignments and their data. There must be no master, no part of `coursekit.grading` and no likely mistake
    as code.
    """
    seeds, lines = secrets(root)
    token = re.compile("|".join(rf"(?<![\w.]){seed}(?![\w.])" for seed in sorted(seeds)) or r"(?!)")
    folder = Path(folder)
    if not (folder / "coursekit").is_dir():
        raise ValueError(f"out must be a copy of the course, with the package coursekit. Received: {folder}")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or ".venv" in path.parts:
            continue
        if (
            name.startswith(("coursekit/grading/", "assignments/_build/"))
            or path.name == "misconceptions.py"
            and name.startswith("assignments/")
            or "/student/" in name
        ):
            raise ValueError(f"students must not have {name}")
        text = _text(path)
        found = token.search(text)
        if not found and "assignments/" in name:
            found = next((line for line in map(str.strip, text.splitlines()) if line in lines), None)
        if found:
            raise ValueError(
                f"students must not have {found if isinstance(found, str) else found.group()!r}, "
                f"which is a secret of an assignment, in {name}"
            )


def secrets(root=ROOT):
    """Return (seeds, lines) of all masters below `root`: sets of texts that occur in no file for students."""
    seeds, lines, shown, solved = set(), set(), set(), False
    for path in sorted(Path(root).glob("assignments/*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text = "".join(cell["source"])
            if cell["cell_type"] == "raw" and "SOLUTION" in text:
                solved = text.startswith("# BEGIN")
            elif "hidden: true" in text:
                seeds |= {seed for seed in re.findall(r"default_rng\((\d+)\)", text) if len(seed) > 3}
                lines |= set(_lines(text))
            elif solved and cell["cell_type"] == "markdown":
                lines |= set(_lines(text))
            else:
                lines |= {line for solution in _SOLUTION.findall(text) for line in _lines(solution)}
                shown |= set(_lines(_SOLUTION.sub("", text)))
    return seeds, lines - shown


def _lines(text):
    """Yield the lines that tell something: short ones occur in many programs."""
    return (line for line in map(str.strip, text.splitlines()) if len(line) > 24)


def _text(path):
    """Return what a file says; of a notebook the sources, without the JSON around them, and the printed text."""
    text = path.read_text(encoding="utf-8", errors="ignore")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    outputs = [
        json.dumps({key: value for key, value in output.items() if key != "data"})
        for cell in cells
        for output in cell.get("outputs", [])
    ]
    return "\n".join(["".join(cell["source"]) for cell in cells] + outputs)


if __name__ == "__main__":
    sys.exit(main())
