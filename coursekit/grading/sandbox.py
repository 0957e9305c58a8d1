"""A process in which a student's code may run: bubblewrap with nothing of this machine but Python.

No network, no files but the system's programs and Python (read only), an own small file system in memory, an
own process list, no environment variables, an unprivileged user. As root the sandbox is made without a user
namespace and its process becomes a user of a number that nobody has, since the kernel counts the processes
of a user, and root's not at all; as an ordinary user a user namespace does the same.
"""

import contextlib
import functools
import itertools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import numpy as np

import coursekit
from coursekit.calcium import kept
from coursekit.grading import cgroups, preparing, seccomp, usage

NOBODY = 65534
RECORDINGS = "/recordings"
_FIRST_USER = 0x70000000  # far above the numbers that machines give to their users
_started = itertools.count()
HELP = (
    "Install bubblewrap (on Debian and Ubuntu: sudo apt install bubblewrap) and see that it may make "
    "user namespaces (Ubuntu from 24.04 on: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, until "
    "the next start), or grade as root, or on a Linux machine or a virtual one; --unsafe-no-sandbox grades "
    "without protection, and every submission can then read and change all that you can."
)


class SandboxError(RuntimeError):
    """This machine cannot make a sandbox; the message says why, and what helps."""


class Sandbox:
    """Starts worker processes in bubblewrap.

    `hidden` names packages that no submission may import ("scipy", "coursekit"): they are covered. `recordings`
    is a folder of frames that `coursekit.calcium` finds there, read only; None for no such folder. `imports` names
    modules that are imported once for all sandboxes, where `preparing` can.
    """

    safe = True

    def __init__(self, hidden=(), recordings=None, imports=()):
        self.hidden, self.recordings, self.imports = tuple(hidden), recordings, tuple(imports)

    def start(self, limits):
        """Return (Popen, what the worker is told about its place) of a fresh worker."""
        user = _nobody_else() if os.geteuid() == 0 else None
        with contextlib.ExitStack() as undo:
            group = cgroups.group(limits)
            undo.callback(group.remove)
            place = {"user": user, "limits": limits.of_the_kernel(), "path": _packages()}
            process = None
            if user is not None and group.folders:
                process = self._prepared(limits, group, user)
                place["user"] = user if process is None else None  # it became that before it read
            process = process or self._bubblewrapped(limits, group, user is not None, _python())
            undo.pop_all()
        process.group = group
        return process, place

    def _bubblewrapped(self, limits, group, root, command):
        with _filter() as (number, words):
            files = _file_system(limits, self.hidden, self.recordings)
            return subprocess.Popen(
                [*group.words, *_bubblewrap(root), *words, *files, *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=group.environment,
                cwd="/",
                start_new_session=True,
                pass_fds=number,
            )

    def _prepared(self, limits, group, user):
        """Return the Popen of a sandbox that a prepared process has entered as its worker, or None."""
        environment = _environment("/tmp")  # of the prepared process, which has no submission's recordings
        own = {} if self.recordings is None else {kept.VARIABLE: RECORDINGS}
        process = self._bubblewrapped(limits, group, True, ["cat"])  # holds the sandbox open
        held = process.stdin, process.stdout, process.stderr
        request = {
            "groups": list(map(str, group.folders)),
            "user": user,
            "filter": seccomp.program().hex(),
            "environment": {**environment, **own},
        }
        try:
            streams = preparing.worker(process, self.imports, _packages(), environment, request)
        except BaseException as error:
            usage.end(process)
            for stream in held:
                stream.close()
            if not isinstance(error, preparing.NotPrepared):
                raise
            return None
        for stream in held[1:]:
            stream.close()
        process.held = held[0]
        process.stdin, process.stdout, process.stderr = streams
        return process


class NoSandbox:
    """Starts worker processes as they are: with all rights of the grader. For machines without bubblewrap."""

    safe = False

    def __init__(self, hidden=()):
        self.hidden = tuple(hidden)

    def start(self, limits):
        folder = tempfile.mkdtemp(prefix="grading-")
        environment = {
            **_environment(folder),
            **{name: os.environ[name] for name in ("SYSTEMROOT", "PATH") if name in os.environ},
        }
        script = Path(__file__).with_name("worker.py")
        process = subprocess.Popen(
            [sys.executable, "-I", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )
        process.folder = folder
        kernel = limits.of_the_kernel(sandboxed=False) if os.name == "posix" else {}
        return process, {"user": None, "limits": kernel, "path": [p for p in sys.path if p]}


@functools.cache
def require():
    """Raise SandboxError, with the reason, where bubblewrap cannot make a sandbox on this machine."""
    program = _program()
    if program is None:
        raise SandboxError(f"bubblewrap (bwrap) is not installed here, and student code must not run without. {HELP}")
    if "--size" not in _abilities():
        raise SandboxError(f"this bubblewrap is too old: version 0.7 or later limits what is written. {HELP}")
    command = [*_bubblewrap(os.geteuid() == 0), "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    done = subprocess.run(command, env={}, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise SandboxError(f"bubblewrap does not work here: {done.stderr.strip()[:300]}. {HELP}")
    if os.geteuid() == 0 and _closed_folders():
        raise SandboxError(
            f"{', '.join(_closed_folders())} must be open to all users (chmod -R o+rX), since "
            "student code runs as a user who owns nothing"
        )


def _program():
    return shutil.which("bwrap")


def _nobody_else():
    """Return the number of a user whom nobody is, another one each time, that may be taken here."""
    wanted = _FIRST_USER + os.getpid() % (1 << 22) * 64 + next(_started) % 64
    try:
        first, _, count = map(int, Path("/proc/self/uid_map").read_text().splitlines()[-1].split())
    except (OSError, ValueError, IndexError):
        return wanted
    if first <= wanted < first + count:
        return wanted
    return first + count - 1 - wanted % max(count // 2, 1)  # a container that has few numbers


@contextlib.contextmanager
def _filter():
    """Give (descriptors to pass on, words of the command) of the filter of system calls."""
    with tempfile.TemporaryFile() as file:
        program = seccomp.program()
        file.write(program)
        file.seek(0)
        yield ((file.fileno(),), ["--seccomp", str(file.fileno())]) if program else ((), [])


def _closed_folders():
    """Return the folders of Python and of the course that no user but root could read."""
    return [folder for folder in _places() if os.stat(folder).st_mode & 0o005 != 0o005]


@functools.cache
def _abilities():
    return subprocess.run([_program(), "--help"], capture_output=True, text=True).stdout


def _bubblewrap(root):
    """Return the part of the command that takes away rights."""
    command = [
        _program(),
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--die-with-parent",
        "--new-session",
        "--hostname",
        "sandbox",
        "--cap-drop",
        "ALL",
        "--clearenv",
    ]
    if root:
        return [*command, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]  # to give up being root
    command += ["--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]
    return command + (["--disable-userns"] if "--disable-userns" in _abilities() else [])


def _file_system(limits, hidden, recordings=None):
    """Return the part of the command that says which files there are, all but /tmp read only."""
    command = ["--proc", "/proc", "--dev", "/dev"]
    for folder in ("/tmp", "/dev/shm"):
        command += ["--perms", "1777", "--size", str(int(limits.disk_mb * (1 << 20))), "--tmpfs", folder]
    for folder in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(folder):
            command += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            command += ["--ro-bind", folder, folder]
    command += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    for folder in _places():
        for outer in reversed(Path(folder).parents[:-1]):  # bubblewrap alone would close these to others
            command += ["--perms", "0755", "--dir", str(outer)]
        command += ["--ro-bind", folder, folder]
    project = str(Path(coursekit.__file__).parents[1] / "pyproject.toml")  # by which coursekit knows its data
    command += ["--ro-bind-try", project, project]
    for name in hidden:
        for folder in _packages():
            if (Path(folder) / name).is_dir():
                command += ["--tmpfs", str(Path(folder) / name), "--remount-ro", str(Path(folder) / name)]
    if "coursekit" not in hidden:  # nor how grades are given, nor questions of a quiz
        command += ["--tmpfs", str(Path(__file__).parent), "--remount-ro", str(Path(__file__).parent)]
    command += ["--perms", "0755", "--dir", "/grader"]
    for name in ("worker.py", "wire.py", "cells.py", "jupyter.py", "../assignments/forbidden.py"):
        command += ["--ro-bind", str(Path(__file__).parent / name), f"/grader/{Path(name).name}"]
    for name, value in _environment("/tmp").items():
        command += ["--setenv", name, value]
    if recordings is not None:
        command += ["--ro-bind", str(recordings), RECORDINGS, "--setenv", kept.VARIABLE, RECORDINGS]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]


def _python():
    return [sys.executable, "-I", "-B", "/grader/worker.py"]


@functools.cache
def _places():
    """Return the folders of Python, of its packages and of coursekit: what a notebook may need."""
    wanted = [sys.base_prefix, sys.base_exec_prefix, sys.prefix, str(Path(sys.executable).parent)]
    wanted += _packages()[:-1]
    package = Path(coursekit.__file__).parent
    wanted += [str(package), str(package.parent / "data")]
    kept = []
    for folder in sorted({os.path.abspath(path) for path in wanted if os.path.isdir(path)}, key=len):
        inside = any(Path(folder).is_relative_to(outer) for outer in ["/usr", *kept])
        if not inside and folder != "/":
            kept.append(folder)
    return tuple(kept)


@functools.cache
def _packages():
    """Return the folders from which packages are imported, that of coursekit last."""
    found = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), str(Path(np.__file__).parents[1])]
    return [*dict.fromkeys(found), str(Path(coursekit.__file__).parents[1])]


def _environment(home):
    return {
        "HOME": home,
        "TMPDIR": home,
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTEROP_THREADS": "2",
        "TF_NUM_INTRAOP_THREADS": "2",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
