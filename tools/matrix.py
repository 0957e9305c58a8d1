"""`make matrix`: runs all tests and notebooks against sets of versions, and writes what happened into README.md.

    python tools/matrix.py [--set locked newest oldest colab] [--python 3.10 3.11 3.12 3.13] [--notebooks]
                           [--tests ARGUMENTS]

"locked" is requirements.lock, "newest" and "oldest" are what the bounds of pyproject.toml admit today, and "colab" is
tools/colab.txt. Each run has an environment of its own, which is removed afterwards. `--notebooks` runs the notebooks
alone: the cell says so, beside what an earlier run of all tests said. `--tests` writes nothing.
"""

import argparse
import datetime
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import project
import pythons

SETS = ("locked", "newest", "oldest", "colab")
README = project.ROOT / "README.md"
COLAB = project.ROOT / "tools" / "colab.txt"
START, END = "<!-- tested with: written by `make matrix` -->\n", "<!-- tested with: end -->\n"
NOTEBOOKS = ["notebooks", *(str(path.relative_to(project.ROOT)) for path in project.masters())]
PART, NONE = "notebooks: ", "–"  # what a cell begins with where the notebooks alone were run, or nothing could be
NOT_FOR_COLAB = ["--ignore=tests/explorers/test_jupyterlab_explorers.py"]  # Colab has no JupyterLab


class NoSuchSet(Exception):
    """The packages of a set cannot be installed with this Python: the reason in words."""


def install(name, python, folder):
    """Make the environment of the set `name` with `python`, "3.12", in `folder`. Return its Python.

    Raises NoSuchSet where there is no such Python, or no such packages for it.
    """
    found = pythons.find(python)
    if found is None:
        raise NoSuchSet("no such Python here")
    if name == "colab" and f"python=={python}" not in COLAB.read_text(encoding="utf-8").splitlines():
        raise NoSuchSet("not Colab's Python")
    program = str(folder / "bin" / "python")
    uv("venv", "--quiet", "--seed", "--python", found, str(folder))
    if name == "locked":
        uv("pip", "sync", "--quiet", "--python", program, "--compile-bytecode", "requirements.lock")
    else:
        extras = "slides,test" if name == "colab" else "lab,lecturer,slides,test"
        how = {
            "newest": ["--resolution=highest"],
            "oldest": ["--resolution=lowest-direct"],
            "colab": [f"--constraint={constraints(folder)}"],
        }[name]
        uv(
            "pip",
            "install",
            "--quiet",
            "--python",
            program,
            "--compile-bytecode",
            "--only-binary=:all:",
            *how,
            "-r",
            "pyproject.toml",
            *(f"--extra={extra}" for extra in extras.split(",")),
        )
    return program


def constraints(folder):
    """Write Colab's versions as pip's constraints into `folder`. Return the file."""
    lines = [line for line in COLAB.read_text(encoding="utf-8").splitlines() if not line.startswith(("#", "python="))]
    file = folder / "constraints.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def uv(*arguments):
    """Run uv; raises NoSuchSet with its reason where it fails."""
    done = subprocess.run([sys.executable, "-m", "uv", *arguments], cwd=project.ROOT, capture_output=True, text=True)
    if done.returncode:
        raise NoSuchSet(done.stderr.strip().splitlines()[-1][:200] if done.stderr else "uv failed")


def run_tests(name, program, arguments):
    """Run pytest with `program`. Return what it counted, such as "4,886 passed"; its output goes to the screen."""
    command = [
        program,
        "-m",
        "pytest",
        "-n",
        "2",
        "--dist",
        "loadscope",
        "--no-loadscope-reorder",
        "-q",
        "-rs",
        *arguments,
        *(NOT_FOR_COLAB if name == "colab" else []),
    ]
    environment = project.environment(PYTHONPATH=str(project.ROOT), PATH=f"{Path(program).parent}:{os.environ['PATH']}")
    environment.pop("CI", None)  # what a set lacks is skipped, and counted
    done = subprocess.Popen(command, cwd=project.ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    lines = []
    for line in done.stdout:
        print(line, end="", flush=True)
        lines.append(line)
    done.wait()
    return counted("".join(lines))


def counted(output):
    """Return what pytest's last line says of tests.

    >>> counted("...\\n3 failed, 4886 passed, 2 skipped, 13 warnings in 844.74s (0:14:04)\\n")
    '3 failed, 4,886 passed, 2 skipped'
    >>> counted("Segmentation fault")
    'broke off'
    """
    last = [line for line in output.splitlines() if re.search(r"\d (passed|failed|error).* in [\d.]+s", line)]
    found = re.findall(r"(\d+) (failed|passed|skipped|errors?)", last[-1]) if last else []
    return ", ".join(f"{int(number):,} {word}" for number, word in found) or "broke off"


def read(readme):
    """Return {(set, Python): text} of the table in the text of README.md."""
    inside = readme.split(START)[1].split(END)[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in inside if line.startswith("|")]
    return {
        (row[0], python.removeprefix("Python ")): cell
        for row in rows[2:]
        for python, cell in zip(rows[0][1:], row[1:], strict=True)
        if cell
    }


def write(readme, results):
    """Return the text of README.md with the table of `results`.

    >>> text = write(f"before\\n{START}{END}after", {("locked", "3.12"): "9 passed"})
    >>> read(text)
    {('locked', '3.12'): '9 passed'}
    >>> write(text, read(text)) == text
    True
    """
    lines = [
        "| | " + " | ".join(f"Python {python}" for python in project.PYTHONS) + " |",
        "|---" * (len(project.PYTHONS) + 1) + "|",
    ]
    for name in SETS:
        lines.append(f"| {name} | " + " | ".join(results.get((name, one), "") for one in project.PYTHONS) + " |")
    before, _, rest = readme.partition(START)
    return before + START + "\n".join(lines) + "\n" + END + rest.partition(END)[2]


def merged(results, cell, said):
    """Return `results` with what a run said of a cell. What all tests said stays where a run told of a part.

    >>> merged({("locked", "3.12"): "notebooks: 9 passed"}, ("locked", "3.12"), "99 passed")
    {('locked', '3.12'): '99 passed'}
    >>> merged({("locked", "3.12"): "99 passed"}, ("locked", "3.12"), "notebooks: 9 passed")
    {('locked', '3.12'): '99 passed; notebooks: 9 passed'}
    >>> merged({("locked", "3.12"): "99 passed; notebooks: 9 passed"}, ("locked", "3.12"), "notebooks: 8 passed")
    {('locked', '3.12'): '99 passed; notebooks: 8 passed'}
    >>> merged({}, ("locked", "3.12"), "notebooks: 9 passed")
    {('locked', '3.12'): 'notebooks: 9 passed'}
    >>> merged({("locked", "3.12"): "99 passed"}, ("locked", "3.12"), "–")  # the set does not exist today
    {('locked', '3.12'): '99 passed'}
    """
    whole = results.get(cell, "").partition(f"; {PART}")[0]
    if whole and not whole.startswith((PART, NONE)) and said.startswith((PART, NONE)):
        said = results[cell] if said == NONE else f"{whole}; {said}"
    return {**results, cell: said}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--python", nargs="+", choices=project.PYTHONS, default=project.PYTHONS)
    parser.add_argument("--notebooks", action="store_true", help="run the notebooks alone, and say so in the cell")
    parser.add_argument("--tests", nargs=argparse.REMAINDER, default=[], help="all that follows goes to pytest")
    chosen = parser.parse_args(arguments)
    tests, part = (NOTEBOOKS, PART) if chosen.notebooks else (chosen.tests, "")
    failed = False
    for name in chosen.set:
        for python in chosen.python:
            folder = Path(tempfile.mkdtemp(prefix=f"{name}-{python}-"))
            folder.chmod(0o755)  # the grader's sandbox is not root, and reads this Python too
            print(f"== {name}, Python {python}", flush=True)
            try:
                said = run_tests(name, install(name, python, folder), tests)
                failed = failed or "passed" not in said or "failed" in said or "error" in said
                said = f"{part}{said} ({datetime.date.today()})"
            except NoSuchSet as reason:
                said = NONE
                print(reason)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            if not chosen.tests:  # a few tests prove nothing of the whole
                text = README.read_text(encoding="utf-8")
                README.write_text(write(text, merged(read(text), (name, python), said)), encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
