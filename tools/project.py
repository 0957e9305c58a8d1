"""What the tests of the project itself share: where it lies, and what pyproject.toml says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from coursekit.lectures import LECTURES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.10", "3.11", "3.12", "3.13")

# Neither names a place of one machine, or a package registry, as files of a course must not. Split,
# so that this file may be searched as well.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:root|home|Users|tmp|work|opt|mnt|content)/|\b[A-Z]:\\+Users\b")
REGISTRY = re.compile(r"\b(?:pypi|pythonhosted|npmjs|anaconda)\.(?:org|com)\b|extra-index-url|find-links")


def pyproject():
    """Return the content of pyproject.toml as a dictionary."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def notebooks():
    """Return the paths of the lecture notebooks that are written, in the order of coursekit.lectures."""
    return [path for lecture in LECTURES if (path := ROOT / "notebooks" / f"{lecture.stem}.ipynb").exists()]


def masters():
    """Return the paths of all master notebooks of assignments."""
    return sorted((ROOT / "assignments").glob("*/*.ipynb"))


def decks():
    """Return the paths of the slide decks that are written, in the order of coursekit.lectures."""
    return [path for lecture in LECTURES if (path := ROOT / "slides" / f"{lecture.stem}.ipynb").exists()]


MADE = re.compile(
    r"(?:^|/)(?:\.(?:git|venv|colab|pytest_cache|hypothesis|ruff_cache|site-\w+)|_build|dist|__pycache__)/"
)


def files():
    """Return the names of the project's files, committed or not, as git counts them; without git all but caches."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True) if shutil.which("git") else None
    if listed and not listed.returncode:
        names = listed.stdout.split("\0")
    else:
        names = [
            path.relative_to(ROOT).as_posix()
            for path in ROOT.rglob("*")
            if not MADE.search(path.relative_to(ROOT).as_posix())
        ]
    return sorted(name for name in names if (ROOT / name).is_file())


def made_by_make():
    """Return whether the running Python is that of the environment which `make` installs from the lock."""
    return Path(sys.prefix).resolve() == ROOT / ".venv"


def environment(**changes):
    """Return a copy of the environment variables without those that an outer `make` has set."""
    outer = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "PYTHON")
    return {**{name: value for name, value in os.environ.items() if name not in outer}, **changes}
