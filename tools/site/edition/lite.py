"""Lectures 00 to 07 in a JupyterLite: a JupyterLab made of files, whose Python runs in the reader's browser.

It is an app of its own beside the pages, and the one part of the site that asks other hosts when it is used: its kernel
fetches Pyodide from where Pyodide is published, and pure Python packages from the Python package index. `texts/lite.md`
tells the reader. Built without a network from what the lock installs, in some seconds, and kept until a lecture, the
package or JupyterLite change.
"""

import contextlib
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import nbformat

from edition import FOLDER, ROOT, SiteError

KEPT = FOLDER / ".site-lite"
LECTURES = tuple(f"{number:02}" for number in range(8))  # NumPy alone; tests/support/needs_tensorflow.py has the rest
INSTALL = "# The course's package, from this site; what it needs comes with Pyodide.\n%pip install --quiet coursekit"
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
APPS = ("lab", "notebooks")
_BADGE = re.compile(r"!\[([^]]*)\]\(https:[^)]*\)")


def notebooks(root=ROOT):
    """Return the paths of the lectures in the folder `root` that run in a browser; none of another course than this."""
    if root != ROOT:
        return []
    return [path for path in sorted((root / "notebooks").glob("*.ipynb")) if path.name[:2] in LECTURES]


def address(name):
    """Return where, below the site's folder, the notebook called `name` opens at once."""
    return f"lite/notebooks/index.html?path={name}"


def write(out, root=ROOT, kept=KEPT):
    """Write the JupyterLite with the lectures of `root` and the package's wheel into the folder `out`.

    A copy of an earlier build in `kept` is taken where nothing has changed. Raises SiteError where a build fails.
    """
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept) as place:
        place = Path(place)
        _run("The wheel of coursekit", "hatchling", "build", "-t", "wheel", "-d", place / "wheels", folder=ROOT)
        (wheel,) = (place / "wheels").glob("*.whl")
        contents = place / "contents"
        contents.mkdir()
        for path in notebooks(root):
            nbformat.write(_for_browser(nbformat.read(path, as_version=4)), contents / path.name)
        state = hashlib.sha256(
            json.dumps([version("jupyterlite-core"), version("jupyterlite-pyodide-kernel")]).encode()
        )
        for path in [Path(__file__), wheel, *sorted(contents.iterdir())]:
            state.update(path.read_bytes())
        built = kept / state.hexdigest()[:16]
        if not built.exists():
            _build(place, contents, wheel)
            for old in set(kept.glob("[0-9a-f]" * 16)) - {built}:  # another process may have built it, and copy it now
                shutil.rmtree(old, ignore_errors=True)
            with contextlib.suppress(OSError):  # another process was first
                (place / "out").rename(built)
    shutil.copytree(built, out)


def _build(place, contents, wheel):
    """Build `place`/out, in a folder of its own and with three extensions, whatever else is installed here."""
    extensions = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    settings = {
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [str(extensions / name) for name in EXTENSIONS],
        "contents": [str(contents)],
        "output_dir": str(place / "out"),
        "cache_dir": str(place / "cache"),
        "apps": list(APPS),
        "no_sourcemaps": True,
    }
    empty = place / "empty"
    empty.mkdir()
    configuration = {"LiteBuildConfig": settings, "PipliteAddon": {"piplite_urls": [str(wheel)]}}
    (empty / "jupyter_lite_config.json").write_text(json.dumps(configuration), encoding="utf-8")
    _run("The JupyterLite", "jupyterlite_core", "build", folder=empty)
    for page in (place / "out").rglob("index.html"):
        # JupyterLite names its icon by a script; until that has run, browsers ask the host's root for one.
        icon = f"{'../' * (len(page.relative_to(place / 'out').parts) - 1)}static/favicons/favicon.ico"
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("<head>", f'<head>\n    <link rel="icon" href="{icon}">', 1), encoding="utf-8")


def _for_browser(notebook):
    """Return the notebook with a first code cell that installs where pip knows no git, and without badge."""
    (cell,) = (one for one in notebook.cells if one.cell_type == "code" and 'find_spec("coursekit")' in one.source)
    cell.source = INSTALL
    notebook.cells[0].source = _BADGE.sub(r"\1", notebook.cells[0].source)  # the picture would ask another host
    return notebook


def _run(what, *command, folder):
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SiteError(f"{what} could not be built:\n{done.stdout[-800:].strip()}")
