"""Where the files of data/ lie, whether the package was installed from a wheel or is used from a clone."""

import hashlib
import json
from pathlib import Path

CHECKSUMS = "checksums.json"
_PACKAGE = Path(__file__).resolve().parent


def path(*parts, checked=False):
    """Return the pathlib.Path of one file or folder of data/; it exists.

    `parts` are the names below data/, as in ``path("images", "flower.png")``; without parts the
    folder itself is returned. With `checked` the content of the file is compared with its checksum as well,
    so that a download that broke off is not taken for data.

    Raises TypeError for parts that are no names, ValueError for parts that lead out of data/ or for
    a content that differs, FileNotFoundError for what is missing; the last two say how to repair it.

    >>> path().name
    'data'
    >>> path("images", "no_such.png")    # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    FileNotFoundError: coursekit has no data file 'images/no_such.png'. ...
    """
    for part in parts:
        if not isinstance(part, str):
            raise TypeError(f"parts must be strings, the names below data/. Received: {part!r}")
        if not part or part in (".", "..") or any(mark in part for mark in "/\\:\0"):
            raise ValueError(f"parts must each be the name of one file or folder. Received: {part!r}")
    name = "/".join(parts)
    found = _folder(name).joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(f"coursekit has no data file {name!r}. {_repair(found)}")
    if checked and (received := checksum(found)) != (stated := checksums().get(name)):
        raise ValueError(
            f"the data file {name!r} is damaged: its SHA-256 should be {stated}. Received: {received}. {_repair(found)}"
        )
    return found


def read_json(*parts):
    """Return what a JSON file of data/ holds, whose name is given as to `path`.

    Raises what `path` does, and ValueError, which says how to repair it, where the file is damaged.

    >>> read_json("depth_study.json")["width"]
    64
    """
    file = path(*parts)
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        raise ValueError(f"the data file {'/'.join(parts)!r} is damaged: it is not JSON. {_repair(file)}") from None


def checksums():
    """Return {name below data/: SHA-256} of all files that have one, from data/checksums.json.

    Raises FileNotFoundError or ValueError, which say how to repair it, where that file is missing or damaged.

    >>> "images/cat.png" in checksums()
    True
    """
    stated = read_json(CHECKSUMS)
    if not isinstance(stated, dict):
        raise ValueError(f"the data file {CHECKSUMS!r} is damaged: it holds no names. {_repair(path(CHECKSUMS))}")
    return {str(name): str(digest).lower() for name, digest in stated.items()}


def with_checksum(folder, name, content):
    """Return the text of checksums.json in `folder` (new if need be) once the file `name` holds the bytes `content`."""
    file = Path(folder, CHECKSUMS)
    stated = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    stated[name] = hashlib.sha256(content).hexdigest()
    return json.dumps(stated, indent=2, sort_keys=True) + "\n"


def checksum(file):
    """Return the SHA-256 of the content of `file` (a path) as 64 hexadecimal digits.

    Read in pieces: a large file does not fill the memory. Raises OSError for what cannot be read.

    >>> len(checksum(__file__))
    64
    """
    digest = hashlib.sha256()
    with open(file, "rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _folder(name):
    """Return the folder data/ itself: in the wheel it lies in the package, in a clone beside it."""
    inside, beside = _PACKAGE / "data", _PACKAGE.parent / "data"
    if inside.is_dir():
        return inside
    # Installed without its data, the package has site-packages around it, where a stranger may
    # own a folder called data: only a clone has the project file as well.
    if beside.is_dir() and (_PACKAGE.parent / "pyproject.toml").is_file():
        return beside
    raise FileNotFoundError(
        f"coursekit was installed without its folder data, looked for {name!r} in {inside}. {_repair(inside)}"
    )


def _repair(file):
    """Return the sentence of an error that says how the missing or damaged `file` comes back."""
    if file.is_relative_to(_PACKAGE):  # no name after pip: a package of that name may be a stranger's
        return "To repair it, install coursekit again from where it came, adding --force-reinstall --no-deps"
    return f"To repair it, run git checkout -- data in {_PACKAGE.parent}, or clone the course again"
