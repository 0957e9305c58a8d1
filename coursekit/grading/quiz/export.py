"""Writes the questions of a quiz, each in many variants, to a file for the system where students take it."""

from pathlib import Path

from coursekit import disk
from coursekit.grading.quiz import canvas, moodle, plaintext, variants

TARGETS = {"canvas": (canvas.write, ".zip"), "moodle": (moodle.write, ".xml"), "text": (plaintext.write, ".txt")}


def write(settings, target, out, secret, count=variants.FEWEST, every=False):
    """Write `NAME_TARGET.zip`, `.xml` or `.txt` to the folder `out`, whole or not at all; return what is to be said.

    The questions are those of `variants.draw`; the same settings and secret make the same bytes. Raises ValueError
    for an unknown `target` and where the file is there already, OSError where the folder cannot be written.
    """
    if target not in TARGETS:
        raise ValueError(f"to must be one of {', '.join(TARGETS)}. Received: {target!r}")
    make, ending = TARGETS[target]
    path = Path(out) / f"{settings.name}_{target}{ending}"
    if path.exists():
        raise ValueError(f"out must be a folder without {path.name}. Received: {out}, which holds an earlier export")
    groups, left = variants.draw(settings, secret, count, every)
    data = make(settings, groups)
    disk.writable_folder(out)
    with disk.replacing(path, len(data)) as file:
        file.write(data)
    named = ", ".join(f"{name} ({number})" for name, number in left.items())
    without = f"; left out, having fewer variants: {named}" if left else ""
    return f"{len(groups)} questions in {count} variants each in {path}{without}"
