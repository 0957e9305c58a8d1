"""The data files are found in a clone and in an installed package, and a damaged one is not used."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit import datafiles

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package folder that can be given data inside it, beside it, or none."""
    package = tmp_path / "coursekit"
    package.mkdir()
    monkeypatch.setattr(datafiles, "_PACKAGE", package)
    return package


def put(folder, name, content=b"content"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def test_a_clone_uses_the_folder_beside_the_package():
    assert datafiles.path() == ROOT / "data"


def test_a_wheel_uses_the_folder_inside_the_package(installed):
    expected = put(installed / "data" / "images", "a.png")
    put(installed.parent / "data" / "images", "a.png", b"of a stranger")
    put(installed.parent, "pyproject.toml")
    assert datafiles.path("images", "a.png") == expected


def test_a_folder_called_data_in_site_packages_is_not_taken_for_ours(installed):
    put(installed.parent / "data", "a.png", b"of a stranger")
    message = r"installed without its folder data.*'a\.png'.*install coursekit again"
    with pytest.raises(FileNotFoundError, match=message):
        datafiles.path("a.png")
    put(installed.parent, "pyproject.toml")
    assert datafiles.path("a.png").read_bytes() == b"of a stranger"


def test_the_lookup_works_from_any_working_directory(tmp_path):
    package = tmp_path / "site" / "coursekit"
    shutil.copytree(ROOT / "coursekit", package, ignore=shutil.ignore_patterns("__pycache__"))
    expected = put(package / "data", "a.txt")
    script = "from coursekit import datafiles; print(datafiles.path('a.txt'))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(package.parent)},
    )
    assert done.stdout.strip() == str(expected), done.stderr


def test_a_missing_file_is_named_with_its_repair(installed):
    put(installed / "data", "other.png")
    with pytest.raises(FileNotFoundError, match="no data file 'images/a.png'.*install coursekit again"):
        datafiles.path("images", "a.png")


def test_a_missing_file_of_a_clone_is_repaired_with_git():
    with pytest.raises(FileNotFoundError, match="no data file 'images/a.png'.*git checkout -- data"):
        datafiles.path("images", "a.png")


@pytest.mark.parametrize("part", ["..", ".", "", "a/b", "a\\b", "C:", "/etc"])
def test_parts_cannot_lead_out_of_data(part):
    with pytest.raises(ValueError, match="parts must each be the name of one file or folder. Received: "):
        datafiles.path("images", part)


@pytest.mark.parametrize("part", [None, 3, Path("images"), b"images"])
def test_parts_that_are_no_strings_are_refused(part):
    with pytest.raises(TypeError, match="parts must be strings, the names below data/. Received: "):
        datafiles.path(part)


@pytest.mark.parametrize("size", [0, 5, (1 << 20) - 1, 1 << 20, (1 << 20) + 1])
def test_the_checksum_is_sha256_of_the_whole_file(tmp_path, size):
    content = bytes(i % 251 for i in range(size))
    assert datafiles.checksum(put(tmp_path, "a", content)) == hashlib.sha256(content).hexdigest()


def test_a_file_with_the_right_checksum_is_returned_and_a_damaged_one_refused(installed):
    file = put(installed / "data", "a.bin", b"as published")
    right = hashlib.sha256(b"as published").hexdigest()
    put(installed / "data", "checksums.json", datafiles.with_checksum(file.parent, "a.bin", b"as published").encode())
    assert datafiles.path("a.bin", checked=True) == file
    file.write_bytes(b"as publishe")
    message = f"'a.bin' is damaged: its SHA-256 should be {right}. Received: [0-9a-f]{{64}}"
    with pytest.raises(ValueError, match=message):
        datafiles.path("a.bin", checked=True)
    with pytest.raises(ValueError, match="'b.bin' is damaged: its SHA-256 should be None"):
        datafiles.path(put(installed / "data", "b.bin", b"of nobody").name, checked=True)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3"])
def test_damaged_checksums_are_named(installed, content):
    put(installed / "data", "checksums.json", content)
    with pytest.raises(ValueError, match="'checksums.json' is damaged"):
        datafiles.checksums()
