"""What conda hands to pip, the pip part of environment.yml, can be installed with every Python that it admits."""

import re
import subprocess
import sys

import pytest
import yaml

import project

PARTS = yaml.safe_load((project.ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
(PIP,) = [part["pip"] for part in PARTS if isinstance(part, dict)]


def solved(lines, python, folder):
    """Return {package: version} that a solver finds for pip's `lines` and a Python. Raises ValueError if none."""
    (folder / "requirements.in").write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "compile",
            "--quiet",
            "--python-version",
            python,
            "--no-annotate",
            "--no-header",
            folder / "requirements.in",
        ],
        cwd=project.ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ValueError(done.stderr)
    return dict(re.findall(r"(?m)^([\w.-]+)==(\S+)", done.stdout))


@pytest.mark.parametrize("python", project.PYTHONS)
def test_the_pip_part_can_be_solved_for(python, tmp_path):
    found = solved(PIP, python, tmp_path)
    assert {"tensorflow", "numpy", "jupyterlab", "anywidget", "nbval"} <= set(found)


def test_a_part_that_contradicts_the_course_is_seen(tmp_path):
    with pytest.raises(ValueError, match="numpy"):
        solved([*PIP, "numpy<1.20"], "3.12", tmp_path)
