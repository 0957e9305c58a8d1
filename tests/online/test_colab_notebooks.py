"""On Colab every notebook runs from its first cell, which installs the course and changes nothing that is there.

`make test-online` runs this. Colab is played by an environment with its Python and its versions
(colab_environment.py), each notebook by a copy alone in an empty folder, and GitHub by the files of this checkout,
committed or not, under the branch or tag that the first cell names.
"""

import json
import os
import re
import shutil
import subprocess

import colab_environment
import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient

import equipment
import project
from coursekit.grading import published

OWN = {"coursekit", "jedi"}  # what installing the course may add: itself, and what Colab's IPython lacks
HERE = published.read(project.ROOT)
NOTEBOOKS = [*project.notebooks(), *sorted(project.ROOT.glob("assignments/*/student/*.ipynb"))]


@pytest.fixture(scope="session")
def colab():
    """The Python of an environment like Colab's, as it is before any notebook has run: each of pytest's workers has one."""
    return colab_environment.make(project.ROOT / ".colab" / os.environ.get("PYTEST_XDIST_WORKER", "gw0"))


@pytest.fixture(scope="session")
def github(tmp_path_factory):
    """A git repository with the files of this checkout, and the settings that send git there instead of GitHub."""
    folder = tmp_path_factory.mktemp("github") / "repository"
    for name in project.files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project.ROOT / name, folder / name)
    me = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    for command in (["init", "-q"], ["add", "-A"], [*me, "commit", "-qm", "the course"], ["branch", "-M", HERE.term]):
        subprocess.run([equipment.program("git"), *command], cwd=folder, check=True)
    return {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{folder}.insteadOf", "GIT_CONFIG_VALUE_0": HERE.address}


def installed(python):
    """Return {package: version} of what an environment holds."""
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {package["name"].lower(): package["version"] for package in json.loads(listed)}


def run(path, python, folder, settings):
    """Run a copy of the notebook at `path`, alone in `folder`, with `python`. Return it with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.pop("outputs", None) if cell.cell_type != "code" else cell.update(outputs=[], execution_count=None)
    kernels = folder / "kernels" / "colab"
    kernels.mkdir(parents=True)
    (kernels / "kernel.json").write_text(
        json.dumps(
            {
                "argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                "display_name": "Colab",
                "language": "python",
            }
        ),
        encoding="utf-8",
    )
    (folder / "alone").mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "JUPYTER", "COURSEKIT"))
    }
    client = NotebookClient(
        notebook,
        timeout=900,
        kernel_name="colab",
        allow_errors=False,
        resources={"metadata": {"path": str(folder / "alone")}},
    )
    client.km = client.create_kernel_manager()
    client.km.kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(kernels.parent)])
    client.execute(env={**kept, **settings, "PATH": f"{python.parent}:{os.environ['PATH']}"})
    return notebook


def printed(notebook):
    """Return what the code cells after the first print, without addresses in memory."""
    text = [
        "".join(output.get("text", "") for output in cell.outputs if output.get("name") == "stdout")
        for cell in notebook.cells
        if cell.cell_type == "code"
    ][1:]
    return [re.sub(r"0x[0-9a-f]+", "0x…", one) for one in text]


@equipment.needs("git")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_alone_installs_the_course_changes_nothing_and_runs(path, colab, github, tmp_path):
    subprocess.run([colab, "-m", "pip", "uninstall", "-q", "-y", *OWN], check=True, capture_output=True)
    before, stored = installed(colab), nbformat.read(path, as_version=4)
    ran = run(path, colab, tmp_path, github)
    after = installed(colab)
    assert {name: version for name, version in after.items() if name in before} == before
    assert set(after) - set(before) <= OWN
    assert ("coursekit" in after) == any("coursekit" in cell.source for cell in stored.cells)
    if path in project.notebooks():  # what students get to fill in holds no outputs
        assert printed(ran) == printed(stored), "on Colab it prints other numbers"
