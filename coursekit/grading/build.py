"""`make assignments`: master notebooks become what students get, what checks them, and what grades them.

    python -m coursekit.grading.build [NAME …]

For each master, `assignments/NAME/NAME.ipynb` in the format of otter assign, it writes

* `assignments/NAME/student/NAME.ipynb`: without solutions and tests,
* `data/assignments/NAME/`: the public tests, the questions with their points, and likely mistakes as numbers,
  computed by the lecturer's `assignments/NAME/misconceptions.py` if there is one; these travel with the package,
* `assignments/_build/NAME/`: all tests (`tests/q*.py`), the Gradescope archive, and `assignment.json`.

Nothing depends on the time or the machine: two runs write the same bytes. It needs otter-grader.
"""

import importlib.util
import json
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from coursekit.assignments import testfiles
from coursekit.checks import recorded
from coursekit.grading import choices, heldout, published

ROOT = Path(__file__).resolve().parent.parent.parent
_CHECK_ALL = (
    "The cell below checks all questions once more. Then save the notebook and hand in the `.ipynb` file (on Colab: "
    "*File*, *Download*, *Download .ipynb*), with the other files that it asks for, if any."
)


def main(names=(), root=ROOT):
    """Build the assignments `names`, or all, of the course in the folder `root`; return the names built.

    Raises ValueError for a name without a master, RuntimeError where otter is missing or fails.
    """
    if importlib.util.find_spec("otter") is None:
        raise RuntimeError("otter-grader is missing: install the lecturer's extra, coursekit[lecturer]")
    known = [path.parent.name for path in sorted(root.glob("assignments/*/*.ipynb")) if path.stem == path.parent.name]
    for name in names:
        if name not in known:
            raise ValueError(f"names must be among {', '.join(known)}. Received: {name!r}")
    names = tuple(names or known)
    if not names:
        return ()
    with tempfile.TemporaryDirectory() as folder:
        _otter(names, root, Path(folder))
        for name in names:
            _build(name, root, Path(folder) / name)
    return names


def _build(name, root, folder):
    """Write all that belongs to the assignment `name` from its master and what otter made of it in `folder`."""
    source = root / "assignments" / name
    master = json.loads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))
    mistakes = source / "misconceptions.py"
    mistakes = runpy.run_path(str(mistakes)) if mistakes.exists() else {}
    about = _about(name, master, folder / "autograder" / "tests")
    if "NOT_ALLOWED" in mistakes:
        about["not_allowed"] = mistakes["NOT_ALLOWED"]
    notebook = _student(
        name,
        json.loads((folder / "student" / f"{name}.ipynb").read_text("utf-8")),
        published.read(root).badge(f"assignments/{name}/student/{name}.ipynb"),
    )
    _write(source / "student" / f"{name}.ipynb", _json(notebook, indent=1))
    public = _emptied(root / "data" / "assignments" / name)
    _copy_tests(folder / "student" / "tests", public)
    _write(public / "assignment.json", _json(about))
    _write(public / "misconceptions.json", _json(_bank(mistakes)))
    private = root / "assignments" / "_build" / name
    tests = _emptied(private / "tests")
    _copy_tests(folder / "autograder" / "tests", tests)
    for seed in {
        seed for path in tests.iterdir() for seed in re.findall(r"heldout\.digits\((\d+)\)", path.read_text())
    }:
        heldout.keep_digits(int(seed), private)
    _write(private / "assignment.json", _json(about))
    (archive,) = (folder / "autograder").glob("*.zip")
    _repack(archive, private / f"{name}-gradescope.zip")


def _otter(names, root, folder):
    """Let otter assign write what it makes of each master below `root` to `folder`/NAME, beside the master."""
    for name in names:
        master = (root / "assignments" / name / f"{name}.ipynb").read_text(encoding="utf-8")
        _write(folder / f"{name}.ipynb", published.read(root).rewritten(master))
    # One process for all: to import otter takes longer than what it does here.
    script = (
        "import sys; from otter.assign import main\n"
        "for name in sys.argv[1:]: main(f'{name}.ipynb', name, no_pdfs=True, no_run_tests=True)"
    )
    done = subprocess.run([sys.executable, "-c", script, *names], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"otter assign failed on one of {', '.join(names)}:\n{done.stdout}{done.stderr}")
    for name in names:
        (folder / f"{name}.ipynb").rename(folder / name / f"{name}.ipynb")


def _about(name, master, tests):
    """Return {"name", "questions": [{"name", "title", "points", "manual"}]} in the order of the notebook."""
    questions, cells = [], master["cells"]
    for position, cell in enumerate(cells):
        text = "".join(cell["source"])
        if cell["cell_type"] == "raw" and text.startswith("# BEGIN QUESTION"):
            config = dict(re.findall(r"(?m)^(\w+): *(.*?) *$", text))
            manual = config.get("manual") == "true"
            heading = re.search(r"(?m)^#+ *(.*)$", "".join(cells[position + 1]["source"]))
            title = re.sub(r"^\d+ · | \([\d.]+ points?\)$", "", heading.group(1))
            points = float(config.get("points", 0))
            if not manual:
                file = tests / f"{config['name']}.py"
                points = sum(case.points for case in testfiles.load(file.read_text("utf-8"), file.name).cases)
            points = int(points) if points == int(points) else points
            questions.append({"name": config["name"], "title": title, "points": points, "manual": manual})
    return {"name": name, "questions": questions}


def _student(name, notebook, badge):
    """Return the student version with ids, a badge and words of our own, and nothing that was computed."""
    question = "start"
    for position, cell in enumerate(notebook["cells"]):
        text = "".join(cell["source"])
        if cell["id"].endswith("-asked"):
            question = cell["id"].removesuffix("-asked")
        if text == "grader.check_all()":
            cell["id"] = "check-all"
            notebook["cells"][position - 1].update(id="check-all-words", source=_CHECK_ALL)
        elif text.startswith("grader.check("):
            cell["id"] = f"{question}-check"
        elif "Type your answer here" in text:
            cell["id"] = f"{question}-answer"
        elif text.strip() == "<!-- END QUESTION -->":
            cell["id"] = f"{question}-end"
        cell["metadata"] = {key: value for key, value in cell["metadata"].items() if key != "tags"}
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    first = notebook["cells"][0]
    title, _, rest = "".join(first["source"]).partition("\n")
    first["source"] = f"{title}\n\n{badge}\n{rest}"
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook["metadata"] = {
        "kernelspec": kernel,
        "language_info": {"name": "python"},
        "otter": {"assignment_name": name},  # by which Gradescope knows it
        **choices.NO_HELPERS,
    }
    return notebook


def _bank(mistakes):
    """Return the bank of misconceptions as JSON holds it: what the wrong answers in `mistakes` return.

    `mistakes` has PROBES, {name: tuple of tuples of arguments}, and MISCONCEPTIONS, {name: ((sentence,
    function), …)}; for an answer that is a value, the probes are ((),).
    """
    probes = mistakes.get("PROBES", {})
    return {
        name: {
            "probes": recorded.encode(probes[name]),
            "misconceptions": [
                {"sentence": sentence, "returned": recorded.encode(tuple(wrong(*probe) for probe in probes[name]))}
                for sentence, wrong in wrongs
            ],
        }
        for name, wrongs in mistakes.get("MISCONCEPTIONS", {}).items()
    }


def _json(value, indent=None):
    return json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=True) + "\n"


def _emptied(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _copy_tests(source, target):
    for path in sorted(source.glob("*.py")):
        _write(target / path.name, path.read_text(encoding="utf-8").rstrip() + "\n")


def _repack(archive, target):
    """Copy a zip file, its entries sorted and dated alike."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for entry in sorted(old.namelist()):
            info = zipfile.ZipInfo(entry, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            new.writestr(info, old.read(entry))


if __name__ == "__main__":
    for built in main(sys.argv[1:]):
        print("built", built)
