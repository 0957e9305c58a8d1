"""Finds the Pythons of this machine by their version, for environments beside the one that `make` installs."""

import os
import shutil
import subprocess
from pathlib import Path


def find(version):
    """Return the path of a Python of `version`, such as "3.13", or None if there is none.

    Looked at are the PATH, and where pyenv, uv and GitHub's runners keep theirs.

    >>> find("2.0") is None
    True
    """
    home = Path.home()
    folders = [
        Path(os.environ.get("PYENV_ROOT", home / ".pyenv")) / "versions",
        home / ".local" / "share" / "uv" / "python",
        Path(os.environ.get("RUNNER_TOOL_CACHE", home)) / "Python",
    ]
    candidates = [shutil.which(f"python{version}")]
    for folder in folders:
        candidates += sorted(folder.glob(f"*{version}*/bin/python3")) + sorted(
            folder.glob(f"*{version}*/*/bin/python3")
        )
    return next((str(one) for one in candidates if one and version_of(one) == version), None)


def version_of(program):
    """Return the version of a Python, "3.13", or None if it does not run (a shim that leads nowhere)."""
    try:
        done = subprocess.run(
            [str(program), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            timeout=60,
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
