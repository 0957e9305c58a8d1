"""Explorers that live on the pages: their state computed from the lectures, kept by content, written as scripts."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import nbformat

import coursekit
from coursekit import datafiles
from edition import FOLDER, SiteError
from edition.slicing import needed
from slides.embedded import taken_apart

KEPT = FOLDER / ".site-explorers"
APART = {"assignments", "checks", "doctor", "grading"}  # of the package; no other part of it imports these
SCRIPTS = Path("_static", "explorers")
STORED = "an interactive picture. Run this cell to start it."  # what `Explorer.__repr__` ends with


def shown(notebook):
    """Return {id of a cell: checksum of its stored picture} of the cells that show an explorer."""
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.get("text/plain", "").endswith(STORED) and "image/png" in data:
                found[cell.id] = hashlib.sha256(base64.b64decode(data["image/png"])).hexdigest()
    return found


def write(folder, paths, colab, kept=KEPT):
    """Write a script for each explorer of the lectures at `paths` into `folder`, and return where each belongs.

    That is {checksum of its stored picture: {"script": path below `folder`, "place", "python", "colab"}}; `colab`
    gives a notebook's address there. Only the cells that an explorer needs are run, and only if they or the package
    changed since their result was kept. Raises SiteError for a cell that fails.
    """
    plans = {}
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        if chosen := shown(notebook):
            code = [cell for cell in notebook.cells if cell.cell_type == "code"]
            plans[path] = chosen, [[cell.id, cell.source, cell.id in chosen] for cell in needed(code, set(chosen))]
    results = _computed({path: cells for path, (_, cells) in plans.items()}, kept)
    places, styles = {}, set()
    (folder / SCRIPTS).mkdir(parents=True, exist_ok=True)
    for path, (chosen, _) in plans.items():
        for identity, checksum in chosen.items():
            place = f"explorer-{identity}"
            style, script = taken_apart(results[path][identity]["page"], place)
            name = SCRIPTS / f"{path.stem}-{identity}.js"
            (folder / name).write_text(_alone(script), encoding="utf-8")
            styles.add(style)
            places[checksum] = {
                "script": name.as_posix(),
                "place": place,
                "python": results[path][identity]["python"],
                "colab": colab(path.name),
            }
    (folder / SCRIPTS / "explorers.css").write_text("\n".join(sorted(styles)), encoding="utf-8")
    return places


def _alone(module):
    """Return a module as a plain script: a browser loads no module from a folder (file:)."""
    return '(() => {\n"use strict";\n' + re.sub(r"^export (?=\w)", "", module, flags=re.MULTILINE) + "\n})();\n"


def _computed(plans, kept):
    """Return {path: what `running.run` gives} for {path: cells}, from the folder `kept` where it is known."""
    known = ("keras", "matplotlib", "numpy", "tensorflow")
    package = hashlib.sha256(json.dumps([datafiles.checksums(), *map(version, known)]).encode())
    folder = Path(coursekit.__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".js", ".css") and path.relative_to(folder).parts[0] not in APART:
            package.update(path.read_bytes())
    files = {}
    for path, cells in plans.items():
        state = hashlib.sha256(package.digest() + json.dumps(cells).encode()).hexdigest()[:16]
        files[path] = kept / f"{path.stem}-{state}.json"
    missing = [path for path in plans if not files[path].exists()]
    if missing:
        told = _run({path.stem: plans[path] for path in missing}, missing[0].parent)
        kept.mkdir(parents=True, exist_ok=True)
        for path in missing:
            for old in kept.glob(f"{path.stem}-*.json"):
                old.unlink(missing_ok=True)
            files[path].write_text(json.dumps(told[path.stem]), encoding="utf-8")
    return {path: json.loads(file.read_text(encoding="utf-8")) for path, file in files.items()}


def _run(plans, folder):
    """Run the cells of `plans` in a Python of their own, which stands in `folder` as a lecture's kernel does."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "told.json"
        done = subprocess.run(
            [sys.executable, str(FOLDER / "edition" / "running.py"), str(out)],
            input=json.dumps(plans),
            capture_output=True,
            text=True,
            cwd=folder,
            env=os.environ | {"MPLBACKEND": "agg"},
        )
        told = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {"fault": done.stderr[-800:]}
    if "fault" in told:
        raise SiteError(f"An explorer has no state, since a cell that it needs failed: {told['fault']}")
    return told
