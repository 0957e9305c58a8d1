"""The folder that is worked in, and the data that travel with the course."""

import json
import os
import re
import tempfile

from coursekit.doctor.finding import GOOD, PROBLEM, Finding


def folder(path=None):
    """Find out whether notebooks can be saved in this folder, or in `path`, by writing a file there."""
    path = os.getcwd() if path is None else str(path)
    try:
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"can this be written?")
    except OSError as error:
        return Finding(
            "folder",
            PROBLEM,
            f"Nothing can be written in the folder {path} ({error.strerror}): a notebook runs there, and is not saved.",
            "Copy the course into a folder of your own, such as Documents, and start it there.",
        )
    return Finding("folder", GOOD, "Files can be written in this folder.")


def data():
    """Find out whether the data of the course are all there and undamaged, by their checksums."""
    from coursekit import datafiles

    try:
        known = checksums(datafiles.path())
        for parts, checksum in known.items():
            datafiles.path(*parts, sha256=checksum)
    except (OSError, ValueError) as error:
        says, _, remedy = str(error).partition(" To repair it, ")
        return Finding(
            "data",
            PROBLEM,
            f"Data of the course are missing or damaged: {says.rstrip('.')}.",
            (remedy[:1].upper() + remedy[1:] or "Clone or install the course again") + ".",
        )
    return Finding("data", GOOD, f"The data of the course are complete: {len(known)} checksums agree.")


def checksums(folder):
    """Return {("images", "cat.png"): SHA-256} of all files in data/ whose checksum the course states.

    They are read from where they stand: the page of the data, the generator's own, and coursekit.digits.
    """
    page = (folder / "README.md").read_text(encoding="utf-8")
    found = {
        ("images", name): checksum
        for name, checksum in re.findall(
            r"^### (\w+\.png)$.*?^- SHA-256: ([0-9a-f]{64})$", page, re.MULTILINE | re.DOTALL
        )
    }
    generator = json.loads((folder / "brain_generator.json").read_text(encoding="utf-8"))
    found["brain_generator.npz",] = generator["sha256"]
    reader = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "digits.py")
    if os.path.exists(reader):
        with open(reader, encoding="utf-8") as file:
            for name, checksum in re.findall(r'"(train|test)":\s*"([0-9a-f]{64})"', file.read()):
                found["digits", f"{name}.npz"] = checksum
    return found
