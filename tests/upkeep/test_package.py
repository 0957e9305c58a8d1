"""The wheel holds the package with its data and nothing else, and works installed alone, as on Colab."""

import os
import subprocess
import sys
import zipfile

import pytest

import equipment
import project


def run(*arguments, cwd, **variables):
    """Run Python with `arguments` in the folder `cwd`, and return what it prints."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**clean, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **variables},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that pip builds from the repository, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        "-m",
        "pip",
        "wheel",
        ".",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        folder,
        cwd=project.ROOT,
    )
    return next(folder.glob("coursekit-*.whl"))


@pytest.fixture(scope="module")
def alone(wheel, tmp_path_factory):
    """A folder into which the wheel was installed: no clone is near."""
    folder = tmp_path_factory.mktemp("alone")
    run(
        "-m",
        "pip",
        "install",
        wheel,
        "--quiet",
        "--no-index",
        "--no-deps",
        "--no-compile",
        "--target",
        folder,
        cwd=folder,
    )
    return folder


def files_below(folder):
    """Return the names of the files in `folder` that belong to the project, by git's account."""
    listed = subprocess.run(
        [equipment.program("git"), "ls-files", "--cached", "--others", "--exclude-standard", "-z", folder],
        cwd=project.ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("this copy of the project is no git clone")
    return {name for name in listed.stdout.split("\0") if name and (project.ROOT / name).is_file()}


@equipment.needs("git")
def test_the_wheel_holds_package_and_data_and_nothing_else(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == files_below("coursekit") | {f"coursekit/{name}" for name in files_below("data")}
    assert any(name.startswith("coursekit/data/") for name in names)


def test_the_wheel_states_licences_and_address(wheel):
    archive = zipfile.ZipFile(wheel)
    name = next(name for name in archive.namelist() if name.endswith("/METADATA"))
    text = archive.read(name).decode()
    assert "License-Expression: MIT AND CC-BY-4.0" in text
    assert f"Project-URL: Repository, {project.pyproject()['project']['urls']['Repository']}" in text
    licences = {os.path.basename(name) for name in archive.namelist() if "/licenses/" in name}
    assert licences == {"LICENSE", "LICENSE-TEXT"}


def test_installed_alone_the_package_finds_its_own_data(alone, tmp_path):
    script = "from coursekit import datafiles; print(datafiles.__file__, datafiles.path(), sep='\\n')"
    printed = run("-c", script, cwd=tmp_path, PYTHONPATH=str(alone)).splitlines()
    assert printed == [str(alone / "coursekit" / "datafiles.py"), str(alone / "coursekit" / "data")]


def test_installed_alone_the_brain_images_load_without_tensorflow(alone, tmp_path):
    script = (
        "import sys, coursekit.calcium as calcium; images = calcium.load([0], 4).images; "
        "print(images.shape, images.dtype, 'tensorflow' in sys.modules, calcium.__file__)"
    )
    printed = run("-c", script, cwd=tmp_path, PYTHONPATH=str(alone))
    module = alone / "coursekit" / "calcium" / "__init__.py"
    assert printed.strip() == f"(8, 128, 128, 1) float32 False {module}"
