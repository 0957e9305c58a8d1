"""Watches what all processes of a submission hold together, where the kernel counts one alone, and ends them."""

import contextlib
import os
import signal
import subprocess
import threading
from pathlib import Path

_SECONDS = 0.2
_ending = threading.Lock()
MOST_FILES = 20_000  # each takes memory of the kernel, an empty one too


class Watch:
    """Kills the Popen `process` when it and its descendants hold more than `memory_mb` megabytes, or too many files.

    The kernel counts memory where the process has a control `group` that bounds it. `reason` says what was too much;
    until then it is None.
    """

    def __init__(self, process, memory_mb):
        self.process, self.memory_mb, self.reason = process, memory_mb, None
        self.group = getattr(process, "group", None)
        self._over = threading.Event()
        if os.path.isdir("/proc/self/task"):
            threading.Thread(target=self._watch, daemon=True).start()

    def stop(self):
        self._over.set()
        if self.group and self.group.out_of_memory():
            self.reason = self.reason or self._too_much()

    def _watch(self):
        bounded = self.group is not None and bool(self.group.words)
        while not self._over.wait(_SECONDS):
            if bounded and self.group.out_of_memory() or not bounded and held_mb(self.process.pid) > self.memory_mb:
                self.reason = self._too_much()
            elif files(self.process.pid) > MOST_FILES:
                self.reason = f"it made more than {MOST_FILES:,} files"
            if self.reason:
                end(self.process)
                return

    def _too_much(self):
        return f"its processes held more than {self.memory_mb:g} MB of memory"


def files(process):
    """Return how many files and folders are in the file systems that a sandbox writes to; 0 where nobody says."""
    found = 0
    for child in descendants(process)[:1]:  # bubblewrap's own, which no student's code can hide
        for folder in ("tmp", "dev/shm"):
            with contextlib.suppress(OSError):
                place = os.path.join(f"/proc/{child}/root", folder)
                if os.stat(place).st_dev != os.stat(f"/{folder}").st_dev:  # else it is no sandbox, and the files ours
                    state = os.statvfs(place)
                    found += state.f_files - state.f_ffree
    return found


def end(process):
    """Kill the Popen `process` and all that it started, and wait for it.

    What bubblewrap started is killed first, with it all others of its process list; bubblewrap then takes
    note and ends by itself, so that not even an entry in the list of processes is left.
    """
    with _ending:  # the watch and what it watches end a process at once; once waited for, its number may be another's
        for child in descendants(process.pid)[:1] if process.returncode is None else ():
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                os.kill(child, signal.SIGKILL)
                process.wait(2)
        if hasattr(os, "killpg"):  # without a sandbox: what still is of its group
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
    if getattr(process, "group", None):
        process.group.remove()


def held_mb(process):
    """Return the megabytes of memory that a process and its descendants hold; 0 when it has ended.

    >>> held_mb(os.getpid()) > 1 or not os.path.isdir("/proc/self/task")
    True
    """
    total = 0
    for one in [process, *descendants(process)]:
        try:
            pages = int(Path(f"/proc/{one}/statm").read_text().split()[1])
        except (OSError, IndexError, ValueError):  # it ended while we looked
            continue
        total += pages * os.sysconf("SC_PAGE_SIZE")
    return total / (1 << 20)


def descendants(process):
    """Return the numbers of all processes below a process."""
    found, waiting = [], [process]
    while waiting:
        one = waiting.pop()
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                children = [int(n) for n in Path(f"/proc/{one}/task/{task}/children").read_text().split()]
                found, waiting = found + children, waiting + children
        except OSError:  # ended, or no Linux
            continue
    return found
