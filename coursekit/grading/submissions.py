"""Finds what students handed in: a folder or a zip file, with names as Canvas, Moodle or Gradescope export them.

`people` says who is who, and `opener` opens files in a process of its own, in memory: nothing is unpacked to
disk, so no name in an archive can lead anywhere.
"""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading import opener, people
from coursekit.grading.opener import BadArchive

__all__ = ["BadArchive", "Handed", "collect"]


@dataclass
class Handed(people.Person):
    """What one student handed in: `files` are [(name, number, source)].

    A source is ("file", path), ("entry", path of a zip file, place in it, [its size, its time]), ("odd", what is no
    file) or bytes.
    """

    def read(self, assignment=""):
        """Return (notebook bytes, {name: bytes} of the other files, a note on which notebook was taken).

        The notebook holds its cells alone: it was parsed and written anew. Raises BadArchive for what cannot be
        read, or where there is no notebook.
        """
        answer, (notebook, *others) = self.ask(assignment)
        return notebook, dict(zip(answer["files"], others)), answer["note"]

    def ask(self, assignment, quiz=None):
        """Return (answer, [bytes]) of `opening.submission`; `quiz` are the names of a quiz's answers."""
        blobs, sources = [], []
        for name, number, source in self.files:
            if isinstance(source, bytes):
                blobs.append(source)
                source = ("blob", len(blobs) - 1)
            sources.append((name, number, source))
        return opener.ask("submission", blobs, sources=sources, assignment=assignment, quiz=quiz)


def collect(path, platform=None):
    """Return the list of Handed in a folder, a zip file of one class, or a single notebook, sorted by name.

    `platform` is one of `people.PLATFORMS`, or None: then the names tell. Raises FileNotFoundError for a path
    that is not there, BadArchive for a damaged archive of the class.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"SUBMISSIONS must be a folder, a zip file or a notebook. Received: {path}")
    if path.is_file() and path.suffix.lower() == ".zip":
        state = path.stat()  # taken first: what changes from now on is noticed
        try:
            names = opener.ask("names", path=str(path))[0]["names"]
        except BadArchive as error:
            raise BadArchive(f"{path.name} {str(error).removeprefix('it ')}") from None
        state = [state.st_size, state.st_mtime_ns]
        found = [(name, ("entry", str(path), place, state)) for place, name in enumerate(names) if name]
    else:
        found = _of_folder(path)
    names = [name for name, _ in found]
    place, metadata = people.metadata_place(names), None
    if place is not None:
        with contextlib.suppress(BadArchive):
            metadata = opener.ask("submitters", source=found[place][1])[0]["submitters"]
    handed = [Handed(**vars(one)) for one in people.sort(names, metadata, platform)]
    for one in handed:
        one.files = [(name, number, found[place][1]) for name, number, place in one.files]
    return handed


def _of_folder(path):
    """Return [(name below the folder, source)] of all files; links are not followed, but whose they are is known.

    Raises OSError for a folder that cannot be read: who is in it must not vanish.
    """
    if path.is_file():
        return [(path.name, ("file", str(path)))]
    found = []
    for folder, inner, files in os.walk(path, onerror=_refuse):
        found += [(place, _source(place)) for place in (Path(folder, name) for name in files)]
        found += [
            (place / "folder", _source(place)) for place in (Path(folder, name) for name in inner) if place.is_symlink()
        ]
    return [(place.relative_to(path).as_posix(), source) for place, source in sorted(found)]


def _source(place):
    if place.is_symlink():
        return ("odd", "a link, which is not followed")
    return ("file", str(place)) if place.is_file() else ("odd", "no file")


def _refuse(error):
    raise error
