"""A process that has imported what notebooks import, before any is read; run as a script, beside `worker.py`.

For each sandbox it forks a worker, which enters the namespaces that bubblewrap has made for that sandbox, gives up
all rights and only then reads. It holds no test and no submission, and what a worker does happens in a copy: nothing
comes back. A thread does not survive a fork, so what starts threads when it is imported cannot be prepared.
"""

import ctypes
import gc
import importlib
import importlib.util
import json
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

NAMESPACES = {"ipc": 0x08000000, "uts": 0x04000000, "net": 0x40000000, "pid": 0x20000000, "mnt": 0x00020000}
OPTIONAL = {"cgroup": 0x02000000}  # which old kernels lack; all of linux/sched.h, the file system last
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 24, 22, 38  # of linux/prctl.h
MS_REC_PRIVATE = 0x4000 | 1 << 18  # of linux/mount.h
HOME = "/dev/shm"  # of what is imported: settings and caches that it writes are gone with this process
MOST_MESSAGE = 1 << 16


def main():
    """Import what is asked for, say with how many threads, then fork for each request."""
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL)
    connection = socket.socket(fileno=0)
    about = json.loads(connection.recv(MOST_MESSAGE))
    _see_no_other_files(HOME)
    os.environ.update(HOME=HOME, TMPDIR=HOME)
    worker = _worker()
    sys.path.extend(path for path in about["path"] if path not in sys.path)
    sys.path.insert(0, about["path"][-1])  # the course that grades, should another one be installed
    for name in about["imports"]:
        importlib.import_module(name)
    sys.path.remove(about["path"][-1])
    tempfile.tempdir = None
    connection.send(json.dumps({"threads": len(os.listdir("/proc/self/task"))}).encode())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for a worker
    gc.collect()
    gc.freeze()
    while True:
        message, pipes, *_ = socket.recv_fds(connection, MOST_MESSAGE, 3)
        if not message:
            return
        if os.fork() == 0:
            _enter_and_work(json.loads(message), pipes, worker)
        for pipe in pipes:
            os.close(pipe)


def _see_no_other_files(folder):
    """Put an empty file system, which nobody else sees, over a folder."""
    _call("unshare", NAMESPACES["mnt"])
    _call("mount", b"none", b"/", None, MS_REC_PRIVATE, None)
    _call("mount", b"tmpfs", folder.encode(), b"tmpfs", 0, None)


def _worker():
    spec = importlib.util.spec_from_file_location("_grader_worker", Path(__file__).with_name("worker.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _enter_and_work(request, pipes, worker):
    """Become a worker in the sandbox whose first process is `request["first"]`. Does not return."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        groups = [os.open(os.path.join(folder, "cgroup.procs"), os.O_WRONLY) for folder in request["groups"]]
        _enter(request["first"])
        child = os.fork()  # the first to be in the sandbox's list of processes
        if child:
            os.closerange(0, MOST_MESSAGE)
            os.waitpid(child, 0)
            os._exit(0)
        for group in groups:
            os.write(group, b"0")
        os.setsid()
        for number, pipe in enumerate(pipes):
            os.dup2(pipe, number)
        os.closerange(3, MOST_MESSAGE)
        os.chdir("/tmp")
        os.environ.update(request["environment"])
        _give_up_rights(worker, request["user"], bytes.fromhex(request["filter"]))
        sys.argv[:] = ["/grader/worker.py"]
        importlib.invalidate_caches()  # folders of packages that are covered here
        sys.modules["numpy"].random.seed()  # the general generator: no two submissions have the same
        worker.main()
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}"[:600].encode())
    finally:
        os._exit(1)


def _enter(first):
    """Enter all namespaces of a process. Raises OSError where one of them is our own."""
    places = []
    for kind, number in {**OPTIONAL, **NAMESPACES}.items():
        if kind in NAMESPACES or os.path.exists(f"/proc/{first}/ns/{kind}"):
            place = os.open(f"/proc/{first}/ns/{kind}", os.O_RDONLY)
            if not os.path.samestat(os.fstat(place), os.stat(f"/proc/self/ns/{kind}")):
                places.append((place, number))
            elif kind in NAMESPACES:
                raise OSError(f"the sandbox has no {kind} namespace of its own")
    for place, number in places:
        _call("setns", place, number)


def _give_up_rights(worker, user, program):
    """Become an unprivileged user, for good, to whom the filter of system calls `program` applies."""
    for capability in range(64):
        try:
            _call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
        except OSError:  # the kernel knows no more
            break
    worker.become(user)
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL)
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    worker.start_no_programs(program)
    with open("/proc/self/status") as file:
        rights = [
            line.split()[1] for line in file if line.startswith(("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))
        ]
    if len(rights) != 5 or any(int(right, 16) for right in rights):
        raise OSError(f"rights are left: {rights}")


def _call(name, *arguments):
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    main()
