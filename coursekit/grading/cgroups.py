"""A control group for each sandbox: the kernel bounds memory, processes and processor share of all of it.

Memory then includes what belongs to no single process: shared memory, buffers of sockets, files in memory and their
inodes. Version 1 needs folders of the controllers that we may write to (root); version 2 the root of the tree, or
systemd, which makes a scope for an ordinary user. Elsewhere `usage.Watch` counts alone.
"""

import contextlib
import functools
import itertools
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
CONTROLLERS = ("memory", "pids", "cpu")
_SPARE_PROCESSES = 8  # bubblewrap's own
_PREFIX = "coursekit-grading-"
_made = itertools.count()
_ENTER = 'for group in $GROUPS_TO_ENTER; do echo $$ > "$group/cgroup.procs" || exit 125; done; exec "$@"'


class Group:
    """The group of one sandbox: `words` start a command in it, `environment` is what they need."""

    def __init__(self, limits, parents=(), systemd=False):
        self.folders, self.words, self.environment = [], [], {}
        self._removing = threading.Lock()  # a watch and what it watches both end a sandbox, often at once
        if systemd:
            self.words = [*_scope(limits), "--"]
            self.environment = _session_bus()
            return
        try:
            for parent in parents:
                folder = parent / f"{_PREFIX}{os.getpid()}-{next(_made)}"
                self.folders.append(folder)  # before it is made: a signal may come in between
                folder.mkdir()
                for name, value in _settings(limits):
                    if (folder / name).exists():
                        (folder / name).write_text(str(value))
        except BaseException:  # a batch that is broken off as well
            self.remove()
            raise
        if self.folders:
            self.words = ["/bin/sh", "-c", _ENTER, "sh"]
            self.environment = {"GROUPS_TO_ENTER": " ".join(map(str, self.folders))}

    def out_of_memory(self):
        """Return whether the kernel has killed a process of the group because the group had no memory left."""
        for folder in self.folders:
            for name in ("memory.oom_control", "memory.events"):
                found = re.search(r"^oom_kill (\d+)", _text(folder / name), re.MULTILINE)
                if found and int(found[1]):
                    return True
        return False

    def remove(self, seconds=6.0):
        """Kill what is left in the group and remove it; the kernel needs a moment to forget processes."""
        end = time.monotonic() + seconds
        with self._removing:
            while self.folders:
                for number in _text(self.folders[-1] / "cgroup.procs").split():
                    with contextlib.suppress(OSError):
                        os.kill(int(number), signal.SIGKILL)
                try:
                    self.folders[-1].rmdir()
                except FileNotFoundError:
                    pass
                except OSError:
                    if time.monotonic() < end:
                        time.sleep(0.005)
                        continue
                self.folders.pop()


def group(limits):
    """Return a new Group in the way that this machine permits, one that bounds nothing where it permits none."""
    parents, systemd = _place()
    try:
        return Group(limits, parents, systemd)
    except OSError:  # as when a machine has no room for more
        return Group(limits)


def said():
    """Return how groups are made on this machine, "" where they cannot be: for the doctor."""
    parents, systemd = _place()
    if systemd:
        return "scopes of systemd"
    return {0: "", 1: "control groups of version 2"}.get(len(parents), "control groups of version 1")


@functools.cache
def _place():
    """Return (folders in which groups can be made, whether systemd makes them)."""
    found = parents()
    for parent in found:
        _remove_old(parent)
    return found, not found and _systemd_makes_scopes()


def parents(root=ROOT, own="/proc/self/cgroup"):
    """Return the folders in which a group can be made: three of version 1, one of version 2, or none.

    Version 1 takes the groups in which we are, so that limits of a container hold; the root alone of version 2 may
    hold both processes and groups with limits. A group without all three controllers is none.
    """
    lines = [line.split(":", 2) for line in _text(own).splitlines()]
    places = {name: path for _, names, path in (line for line in lines if len(line) == 3) for name in names.split(",")}
    found = []
    for name in CONTROLLERS:
        folder = root / name
        inner = folder / places.get(name, "/").lstrip("/")
        found.append(inner if inner.is_dir() else folder)
    if all((folder / "cgroup.procs").exists() for folder in found):
        return found if all(map(_may_make, found)) else []
    controllers = _text(root / "cgroup.subtree_control").split()
    return [root] if {*CONTROLLERS} <= {*controllers} and _may_make(root) else []


def _may_make(folder):
    """Whether a group can be made here: some systems show the folders and allow no change."""
    trial = folder / f"{_PREFIX}{os.getpid()}-{next(_made)}"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError:
        return False
    return True


def _remove_old(parent):
    """Remove the groups that a grader left when it was killed; the groups of those that run stay."""
    for folder in parent.glob(f"{_PREFIX}*"):
        maker = re.match(rf"{_PREFIX}(\d+)-", folder.name)
        if maker and not os.path.exists(f"/proc/{maker[1]}"):
            with contextlib.suppress(OSError):
                folder.rmdir()


def _settings(limits):
    """Return [(file, value)] of both versions; what the sandbox writes lies in memory and is allowed in addition."""
    most = int((limits.memory_mb + limits.disk_mb) * (1 << 20))
    return [
        ("memory.limit_in_bytes", most),
        ("memory.memsw.limit_in_bytes", most),
        ("memory.max", most),
        ("memory.swap.max", 0),
        ("pids.max", int(limits.processes) + _SPARE_PROCESSES),
        ("cpu.shares", 1024),  # the same for each sandbox, however many processes it has
        ("cpu.weight", 100),
    ]


def _scope(limits):
    most = int((limits.memory_mb + limits.disk_mb) * (1 << 20))
    properties = {"MemoryMax": most, "MemorySwapMax": 0, "TasksMax": int(limits.processes) + _SPARE_PROCESSES}
    words = [f"--property={name}={value}" for name, value in {**properties, "CPUWeight": 100}.items()]
    return ["systemd-run", "--user", "--scope", "--quiet", "--collect", *words]


def _session_bus():
    wanted = ("PATH", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
    return {name: os.environ[name] for name in wanted if name in os.environ}


def _systemd_makes_scopes():
    """Whether systemd makes scopes for this user, with the controllers that limit them."""
    if os.geteuid() == 0 or not shutil.which("systemd-run") or "XDG_RUNTIME_DIR" not in os.environ:
        return False
    command = ["systemd-run", "--user", "--scope", "--quiet", "--collect", "--property=MemoryMax=1G", "--"]
    try:
        done = subprocess.run([*command, "cat", "/proc/self/cgroup"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return False
    inside = re.search(r"^0::/(.+)$", done.stdout, re.MULTILINE)
    controllers = _text(ROOT / Path(inside[1]).parent / "cgroup.subtree_control") if inside else ""
    return done.returncode == 0 and {"memory", "pids"} <= {*controllers.split()}


def _text(path):
    try:
        return Path(path).read_text()
    except OSError:
        return ""


if __name__ == "__main__":  # the doctor asks
    print(said())
