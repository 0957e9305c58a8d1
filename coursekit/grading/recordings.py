"""The recordings that all notebooks of a batch ask for: simulated by whichever process comes first, for all of them.

They are those that every student has (seed 0), never the held-out ones. Sandboxes read them and cannot write them.
Where student code runs without a sandbox it could, so there everybody simulates.
"""

import contextlib
import os
import shutil
from pathlib import Path

from coursekit.calcium import kept

NAME = "simulated"  # of the folder beside the reports, while the batch is graded


@contextlib.contextmanager
def of_a_batch(place):
    """See that what an interrupted or finished batch has kept in the folder `place` is gone before and after."""
    shutil.rmtree(place, ignore_errors=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def folder(assignment, place):
    """Return the folder with the recordings that `assignment` names, simulated now if need be; None without any."""
    if not assignment.recordings or place is None:
        return None
    import fcntl  # which Windows has not, where there is no sandbox either

    frames = Path(place, "frames").resolve()  # a sandbox is made from another folder
    frames.mkdir(parents=True, exist_ok=True)
    frames.chmod(0o755)  # the user in a sandbox is nobody else
    with open(Path(place, "lock"), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process may be simulating: it ends with its process
        kept.keep(frames, assignment.recordings)
    return frames


@contextlib.contextmanager
def known(frames):
    """Let tests, too, find the recordings in the folder `frames`, if that is not None."""
    if frames is None:
        yield
        return
    before = os.environ.get(kept.VARIABLE)
    os.environ[kept.VARIABLE] = str(frames)
    try:
        yield
    finally:
        os.environ.pop(kept.VARIABLE)
        if before is not None:
            os.environ[kept.VARIABLE] = before
