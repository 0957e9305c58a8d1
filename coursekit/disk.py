"""Writing that leaves nothing half-written behind, the course's cache folder, a progress bar."""

import contextlib
import errno
import os
import shutil
from pathlib import Path

_FULL = (errno.ENOSPC, errno.EDQUOT)  # no space on the disk, or none left in the user's quota
_LOCKED = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextlib.contextmanager
def replacing(path, needed, overwrite=False):
    """Open a file for writing bytes; it gets the name `path` when complete and vanishes otherwise.

    Until then it stands beside `path` as `….part`. `needed` bytes must be free on the disk. Raises
    FileExistsError unless `overwrite`, OSError with the reason where the folder cannot be written
    or the disk is full.
    """
    path = Path(path)
    if path.exists() and not overwrite:
        raise FileExistsError(f"{str(path)!r} exists already. Pass overwrite=True to replace it")
    require_space(path, needed)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")  # two kernels may write the same file
    try:
        with writable(part, path) as file:
            yield file
        os.replace(part, path)
    except BaseException:  # an interruption from the keyboard as well
        part.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def writable(part, path, mode="wb"):
    """Open `part`, to be called `path` later, for writing bytes that are on the disk once it is closed.

    Raises OSError that names `path` and the reason: a folder that cannot be written, a full disk.
    """
    try:
        file = open(part, mode)  # noqa: SIM115  (it is locked, and handed on)
    except OSError as error:
        if error.errno not in _LOCKED:
            raise
        raise PermissionError(
            error.errno, f"cannot write {str(path)!r}: {error.strerror}. Choose another folder"
        ) from error
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise OSError(error.errno, f"the disk is full: {str(path)!r} could not be written") from error


def require_space(path, needed):
    """Raise OSError if the folder of `path` has fewer than `needed` bytes free."""
    free = shutil.disk_usage(Path(path).parent).free
    if free < needed:
        raise OSError(
            errno.ENOSPC,
            f"not enough space on the disk to write {str(path)!r}: "
            f"needed {needed / 1e6:,.0f} MB, free {free / 1e6:,.0f} MB",
        )


_CHOOSE = "Set the environment variable COURSEKIT_CACHE to a folder that can be written"


def cache_folder(*parts):
    """Return the folder where the course keeps what it downloads or unpacks, created if need be.

    It is the folder named by the environment variable COURSEKIT_CACHE, else `.cache/coursekit` in
    the user's home; `parts` are names of folders below. Whatever lies there may be deleted. Raises OSError,
    which says how to choose a folder, where there is no home or nothing can be written in it.
    """
    chosen = os.environ.get("COURSEKIT_CACHE")
    try:
        return writable_folder(Path(chosen or Path.home() / ".cache" / "coursekit", *parts))
    except RuntimeError:  # HOME is unset, and the user has no name
        raise FileNotFoundError(f"this user has no home folder to keep files in. {_CHOOSE}") from None
    except OSError as error:
        if chosen:
            raise
        raise type(error)(f"{error}. {_CHOOSE}") from error


def writable_folder(folder):
    """Return `folder` as a Path, ~ being the home, created if need be. Raises OSError with the reason if that fails."""
    folder = Path(os.path.expanduser(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(f"{str(folder)!r} is a file. Expected: a folder") from None
    except OSError as error:
        raise OSError(error.errno, f"cannot create the folder {str(folder)!r}: {error.strerror}") from error
    return folder


@contextlib.contextmanager
def progress_bar(shown, **settings):
    """Provide a function that moves a progress bar on by a number; where not `shown`, it does nothing.

    `settings` are those of tqdm, imported only where a bar is shown: in a notebook it brings widgets.
    """
    if not shown:
        yield lambda step: None
        return
    from tqdm.auto import tqdm

    with tqdm(**settings) as bar:
        yield bar.update
