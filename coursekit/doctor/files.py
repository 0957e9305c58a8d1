"""The folder that is worked in, and the data that travel with the course."""

import os
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
    """Find out whether the data of the course are there and undamaged, by their checksums; studies, by reading them."""
    from coursekit import datafiles

    try:
        known = datafiles.checksums()
        for name in known:
            datafiles.path(*name.split("/"), checked=True)
        for study in sorted(datafiles.path().glob("*.json")):
            datafiles.read_json(study.name)
    except (OSError, ValueError) as error:
        says, _, remedy = str(error).partition(" To repair it, ")
        return Finding(
            "data",
            PROBLEM,
            f"Data of the course are missing or damaged: {says.rstrip('.')}.",
            (remedy[:1].upper() + remedy[1:] or "Clone or install the course again") + ".",
        )
    return Finding("data", GOOD, f"The data of the course are complete: {len(known)} checksums agree.")
