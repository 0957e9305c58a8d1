"""`make` refuses an unsuitable Python in one sentence, and takes no broken environment for a whole one.

A `python` that lies about itself stands in for Pythons that this machine has not; nothing is downloaded.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import equipment
import project

pytestmark = equipment.needs("make")
STAMP = ".venv/installed"


def make(folder, *arguments):
    """Run make with `arguments` in `folder` and return what subprocess.run returns."""
    return subprocess.run(
        [equipment.program("make"), *arguments], cwd=folder, env=project.environment(), capture_output=True, text=True
    )


@pytest.fixture
def clone(tmp_path):
    """A folder with a blank and an apostrophe in its name that holds what make reads."""
    folder = tmp_path / "Anna's course"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(project.ROOT / name, folder)
    return folder


@pytest.fixture
def installed(clone):
    """The same, with the traces of a finished installation."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (clone / STAMP).write_text(f"{clone}\n")
    return clone


def lying_python(folder, lie):
    """Write a `python` to `folder` that runs the statements `lie` before the script given with -c."""
    path = folder / "python"
    path.write_text(
        f'#!/bin/sh\n[ "$1" = -c ] || exit 3\nexec "{sys.executable}" -c \'{lie}; exec(sys.argv[1])\' "$2"\n'
    )
    path.chmod(0o755)
    return f"PYTHON={path}"


@pytest.mark.parametrize("version", [(2, 7), (3, 9), (3, 14), (4, 0)])
def test_a_python_without_tensorflow_is_refused(clone, tmp_path, version):
    done = make(clone, STAMP, lying_python(tmp_path, f"import sys; sys.version_info = {version}"))
    (sentence, end) = done.stderr.splitlines()
    assert sentence.startswith("The course needs Python 3.10 to 3.13 (TensorFlow has no others), but ")
    assert "is {}.{}: install one of them and name it, as in `make lab PYTHON=".format(*version) in sentence
    assert end.startswith("make: ***") and not (clone / ".venv").exists()


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_python_without_venv_is_refused_with_debians_remedy(clone, tmp_path, module):
    done = make(clone, STAMP, lying_python(tmp_path, f'import sys; sys.modules["{module}"] = None'))
    (sentence, _) = done.stderr.splitlines()
    assert "has no venv module" in sentence and "sudo apt install python3-venv" in sentence


def test_a_python_that_is_not_there_is_named(clone):
    done = make(clone, STAMP, "PYTHON=python3.99")
    (sentence, _) = done.stderr.splitlines()
    assert sentence.startswith('There is no "python3.99" here: install Python')


def test_an_installation_that_fails_is_not_taken_for_a_finished_one(installed, tmp_path):
    (installed / STAMP).write_text("elsewhere")
    assert make(installed, STAMP, lying_python(tmp_path, "import sys")).returncode != 0
    assert not (installed / STAMP).exists()


def newer(path):
    later = time.time() + 10
    os.utime(path, (later, later))


def up_to_date(folder):
    return make(folder, "--question", STAMP).returncode == 0


def test_an_update_that_fails_is_not_taken_for_a_finished_one(installed):
    (installed / "requirements.lock").write_text("--no-index\nno-such-package==1 --hash=sha256:" + 64 * "0")
    newer(installed / "requirements.lock")
    done = make(installed, STAMP, "RUN=.venv/bin/python -S")  # a Python without pip or any other package
    assert "The installation failed for the reason above; once that is mended, repeat it." in done.stderr
    assert done.returncode != 0 and not (installed / STAMP).exists()


def test_a_finished_installation_is_left_alone(installed):
    assert up_to_date(installed)


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_new_dependencies_are_installed(installed, name):
    newer(installed / name)
    assert not up_to_date(installed)


def test_an_interrupted_installation_is_repeated(installed):
    (installed / STAMP).unlink()
    assert not up_to_date(installed)


def test_a_clone_that_was_moved_is_installed_anew(installed):
    moved = installed.rename(installed.parent / "moved")
    assert not up_to_date(moved)


def test_an_environment_whose_python_was_removed_is_made_anew(installed):
    (installed / ".venv" / "bin" / "python").unlink()
    assert not up_to_date(installed)


def test_flags_reach_jupyterlab_and_pytest_and_only_root_gets_allow_root(installed):
    lab = make(installed, "--dry-run", "lab", "LAB_FLAGS=--no-browser --port=9999").stdout
    assert "--no-browser --port=9999" in lab
    assert ("--allow-root" in lab) == (os.geteuid() == 0)
    assert "-k shapes" in make(installed, "--dry-run", "test", "TEST_FLAGS=-k shapes").stdout


def test_a_notebook_alone_is_tested_as_in_the_suite(tmp_path):
    """With `TEST_FLAGS=notebooks/…`: no conftest.py of tests/ is read, and yet each cell has a minute for its output."""
    (tmp_path / "probe.py").write_text(
        "def pytest_collection_finish(session):\n"
        "    print('probed', {(i.output_timeout, i.config.option.nbval_cell_timeout) for i in session.items})\n"
    )
    first = project.notebooks()[0].relative_to(project.ROOT)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "probe", "--collect-only", "-q", str(first)],
        cwd=project.ROOT,
        env=project.environment(PYTHONPATH=str(tmp_path)),
        capture_output=True,
        text=True,
    )
    assert "probed {(60, 900.0)}" in done.stdout, done.stdout[-2000:] + done.stderr


@pytest.mark.parametrize("built", re.findall(r"^/(\S*/_build)/$", (project.ROOT / ".gitignore").read_text(), re.M))
def test_what_other_commands_have_built_is_not_tested(tmp_path, built):
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(project.ROOT / name, tmp_path)
    for folder in (tmp_path / "tests", tmp_path / built / "pages"):
        folder.mkdir(parents=True, exist_ok=True)
    (tmp_path / "tests" / "test_one.py").write_text("def test_one(): pass\n")
    (tmp_path / built / "pages" / "broken.ipynb").write_text("{}")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--nbval-sanitize-with=",
        "--collect-only",
    ]
    found = subprocess.run(command, cwd=tmp_path, env=project.environment(), capture_output=True, text=True).stdout
    assert "test_one.py" in found and "broken" not in found and "error" not in found


@pytest.mark.parametrize(
    "command, how", [("present", "make present LECTURE=06"), ("student-release", "make student-release OUT=../course-")]
)
def test_a_command_that_lacks_what_it_needs_says_how_it_is_called(installed, command, how):
    done = make(installed, command)
    assert done.returncode == 2 and f"as in `{how}" in done.stderr and "Traceback" not in done.stderr


def test_help_and_the_readme_list_every_command(clone):
    targets = re.findall(r"^([a-z-]+):.*## ", (clone / "Makefile").read_text(), flags=re.MULTILINE)
    listed = [line.split()[1] for line in make(clone).stdout.splitlines()]
    readme = (project.ROOT / "README.md").read_text(encoding="utf-8")
    assert listed == targets and {"lab", "test", "bench", "generator", "badges", "lock"} < set(targets)
    assert [name for name in targets if name != "help" and f"| `make {name}` |" not in readme] == []


@pytest.mark.skipif(not project.made_by_make(), reason="this environment was not made by `make`")
def test_lab_comes_up_on_the_course_map_shown_as_a_page(tmp_path):
    home = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    flags = "LAB_FLAGS=--no-browser --IdentityProvider.token=course --ServerApp.port=0"
    with open(tmp_path / "log", "w+") as log:
        lab = subprocess.Popen(
            [equipment.program("make"), "lab", flags],
            cwd=project.ROOT,
            env=project.environment(**home),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            server = running_server(tmp_path / "RUNTIME", tmp_path / "log")
            with urllib.request.urlopen(f"{server['url']}?token=course") as answer:
                assert answer.url.split("?")[0].endswith("/lab/tree/README.md")
            plugin = "lab/api/settings/@jupyterlab/docmanager-extension:plugin?token=course"
            with urllib.request.urlopen(server["url"] + plugin) as answer:
                settings = json.load(answer)
            viewers = settings["schema"]["properties"]["defaultViewers"]["default"]
            assert viewers == {"markdown": "Markdown Preview"}
            assert Path(server["root_dir"]) == project.ROOT
            lab.terminate()
            lab.wait(30)
            assert stops(server["url"])
        finally:
            with contextlib.suppress(ProcessLookupError):  # all have gone, as they should
                os.killpg(lab.pid, signal.SIGKILL)


def stops(url, patience=30):
    """Return whether the server at `url` ceases to answer: stopping make stops it."""
    for _ in range(10 * patience):
        try:
            urllib.request.urlopen(f"{url}api/status?token=course", timeout=5).close()
        except OSError:
            return True
        time.sleep(0.1)
    return False


def running_server(folder, log, patience=60):
    """Return what the Jupyter server that keeps its files in `folder` says of itself, once it answers."""
    for _ in range(10 * patience):
        for path in folder.glob("jpserver-*.json"):
            with contextlib.suppress(ValueError, OSError):  # half written, or not listening yet
                server = json.loads(path.read_text())
                urllib.request.urlopen(f"{server['url']}api/status?token=course", timeout=5).close()
                return server
        time.sleep(0.1)
    pytest.fail("JupyterLab did not start:\n" + log.read_text()[-3000:])
