"""CONTRIBUTING.md names only what is there."""

import re

import pytest

import project

TEXT = (project.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATHS = sorted(
    set(re.findall(r"(?<![\w./])((?:coursekit|tests|tools|assignments|data|notebooks|slides)/[\w./]*)", TEXT))
)
MADE = ("08", "NAME", "06_pooling_and_receptive_fields.py")  # what a reader is told to make


@pytest.mark.parametrize("path", [path.rstrip(".") for path in PATHS])
def test_there_is(path):
    assert any(word in path for word in MADE) or (project.ROOT / path).exists()


def test_the_makefile_has_every_command():
    targets = set(re.findall(r"(?m)^([a-z-]+):", (project.ROOT / "Makefile").read_text(encoding="utf-8")))
    asked = set(re.findall(r"(?m)`make ([a-z-]+)|^make ([a-z-]+)", TEXT))
    assert asked and {one or other for one, other in asked} <= targets


def test_every_part_of_the_package_stands_on_a_floor():
    from test_floors import FLOORS

    rows = dict(re.findall(r"(?m)^\| (\d) \| (.+?) \|", TEXT))
    said = {name: int(floor) for floor, names in rows.items() for name in re.findall(r"`(\w+)`", names)}
    assert said == FLOORS
