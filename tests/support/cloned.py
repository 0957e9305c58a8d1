"""A git clone of the course as it stands here, so that tests may spoil it."""

import shutil
import subprocess

import pytest

import equipment
import project


def git(folder, *words):
    """Return what git prints in `folder`."""
    done = subprocess.run([equipment.program("git"), *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def course(root):
    """Fill the folder `root` with what git tracks here, or would if it were added, and return it."""
    if not (project.ROOT / ".git").exists():
        pytest.skip("this copy of the project is no git clone")
    listed = git(project.ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    for name in filter(None, listed):
        if (project.ROOT / name).is_file() and "/_build/" not in name:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(project.ROOT / name, root / name)
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    return root


def names(folder):
    """Return the names of all files below `folder`, as a set."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
