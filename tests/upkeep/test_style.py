"""The code is laid out, and free of what a linter sees, as [tool.ruff] of pyproject.toml asks."""

import subprocess
import sys

import pytest

import equipment
import project

pytestmark = equipment.needs("ruff")


def ruff(*words):
    return subprocess.run([sys.executable, "-m", "ruff", *words], cwd=project.ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("words", [("format", "--diff"), ("check", "--output-format=concise")], ids=["format", "lint"])
def test_ruff_finds_nothing(words):
    done = ruff(*words, "--no-cache", ".")
    assert done.returncode == 0, f"`make style` mends most of it:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
