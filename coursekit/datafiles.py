"""Where the files of data/ lie, whether the package was installed from a wheel or is used from a clone."""

import hashlib
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def path(*parts, sha256=None):
    """Return the pathlib.Path of one file or folder of data/; it exists.

    `parts` are the names below data/, as in ``path("images", "flower.png")``; without parts the
    folder itself is returned. With `sha256`, 64 hexadecimal digits, the content of the file is
    compared as well, so that a download that broke off is not taken for data.

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
    if sha256 is not None and checksum(found) != sha256.lower():
        raise ValueError(
            f"the data file {name!r} is damaged: its SHA-256 should be {sha256}. "
            f"Received: {checksum(found)}. {_repair(found)}"
        )
    return found


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
