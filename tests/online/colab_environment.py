"""Makes an environment like Colab's: its Python, and the versions that tools/colab.txt lists.

    python tests/online/colab_environment.py FOLDER

A folder that holds that environment already is left alone. uv installs it, from the package index that pip is told
to use on this machine.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import project
import pythons

FACTS = project.ROOT / "tools" / "colab.txt"
PIP = ["pip==24.1.2", "setuptools==75.2.0", "wheel==0.48.0"]  # as Colab has them; packages are built with them


def packages():
    """Return (Python's version, the requirements) that Colab has preinstalled and the course needs.

    >>> packages()[0]
    '3.13'
    """
    lines = [line for line in FACTS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    (python,) = (line.removeprefix("python==") for line in lines if line.startswith("python=="))
    return python, [*PIP, *(line for line in lines if not line.startswith("python=="))]


def make(folder):
    """Make the environment in `folder`, a Path, unless it is there. Return the path of its Python.

    Raises RuntimeError where there is no Python of that version, or where a package cannot be installed.
    """
    python, wanted = packages()
    program, stamp = folder / "bin" / "python", folder / "made-of.txt"
    made_of = "\n".join([python, *wanted])
    if stamp.exists() and stamp.read_text(encoding="utf-8") == made_of and program.exists():
        return program
    found = pythons.find(python)
    if found is None:
        raise RuntimeError(f"Colab has Python {python}; none is here: install it, and repeat")
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "uv", "venv", "--quiet", "--python", found, str(folder)])
    _run(
        [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--compile-bytecode",
            "--python",
            str(program),
            *wanted,
        ]
    )
    stamp.write_text(made_of, encoding="utf-8")
    return program


def _run(command):
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
    )
    if done.returncode:
        raise RuntimeError(f"Colab's environment cannot be made: {done.stderr.strip()[-2000:]}")


if __name__ == "__main__":
    try:
        print(make(Path(sys.argv[1]).absolute()))
    except RuntimeError as problem:
        sys.exit(str(problem))
