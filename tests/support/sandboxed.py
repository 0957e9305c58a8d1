"""What tests of the grader need of the machine: bubblewrap, and as root an ordinary user to try it as."""

import contextlib
import ctypes
import functools
import os
import subprocess
import sys
import time
from pathlib import Path

import equipment
from coursekit.grading import sandbox, usage

ROOT = Path(__file__).resolve().parents[2]
SOMEBODY = 65534


needs_sandbox = equipment.needs("bubblewrap")


def as_ordinary_user(command, *folders):
    """Return a command that runs `command` as nobody in particular, who may write in `folders`.

    Only for root. What Python is made of may lie where an ordinary user cannot look, such as in /root: it is
    shown in a copy of the file system in which every folder on the way there may be passed.
    """
    for folder in folders:
        subprocess.run(["chown", "-R", f"{SOMEBODY}:{SOMEBODY}", str(folder)], check=True)
    outer, covered = [equipment.program("bubblewrap"), "--dev-bind", "/", "/"], set()
    for folder in [*sandbox._places(), str(ROOT), *map(str, folders)]:
        above = [*reversed(Path(folder).parents)][1:]
        closed = next((one for one in above if not one.stat().st_mode & 0o001), None)
        if closed:
            outer += ["--perms", "0755", "--tmpfs", str(closed)] if closed not in covered else []
            covered.add(closed)
            for one in above[above.index(closed) + 1 :]:
                outer += ["--perms", "0755", "--dir", str(one)]
        outer += ["--bind" if Path(folder) in map(Path, folders) else "--ro-bind", folder, folder]
    drop = [
        equipment.program("setpriv"),
        f"--reuid={SOMEBODY}",
        f"--regid={SOMEBODY}",
        "--clear-groups",
        "--inh-caps=-all",
        "--bounding-set=-all",
    ]
    return [*outer, *drop, *command]


@functools.cache
def no_ordinary_user():
    """Return why no ordinary user can be tried here, or "": for one who is root."""
    if os.geteuid() != 0:
        return "these tests already run as an ordinary user"
    inner = ["--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "--proc", "/proc"]
    command = as_ordinary_user([equipment.program("bubblewrap"), *inner, sys.executable, "-c", "import numpy"])
    tried = subprocess.run(command, capture_output=True, text=True)
    said = f"an ordinary user may make no user namespace here: {tried.stderr.strip()[-200:]}"
    return said if tried.returncode else ""


BECOME_PARENT_OF_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER


def processes():
    """Return {(number, command line)} of all live processes below this one, or adopted by it."""
    found = set()
    for one in usage.descendants(os.getpid()):
        try:
            words = Path(f"/proc/{one}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:
            continue
        if words and "multiprocessing" not in words:
            found.add((one, words))
    return found


@contextlib.contextmanager
def watching(seconds=5):
    """Give a set that in the end holds the processes that were started inside and are left seconds later.

    This process adopts orphans meanwhile, so that none escapes by losing its parent.
    """
    left, before = set(), processes()
    ctypes.CDLL(None).prctl(BECOME_PARENT_OF_ORPHANS, 1, 0, 0, 0)
    try:
        yield left
    finally:
        end = time.monotonic() + seconds
        while processes() - before and time.monotonic() < end:
            time.sleep(0.1)
        left |= processes() - before
        ctypes.CDLL(None).prctl(BECOME_PARENT_OF_ORPHANS, 0, 0, 0, 0)
