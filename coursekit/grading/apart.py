"""Grades one submission in a process of its own, which has a main thread and limits for itself.

The workers of a cluster run tasks in threads, where nothing can interrupt a test that a student's values make
slow, and where memory is that of all. The process ends when whoever asked for it is gone.
"""

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

MOST_MEMORY = 6 << 30  # bytes of address space that tests may take in addition
SPARE_SECONDS = 120


def bound_memory():
    """See that a test that is given a huge value fails, before this machine has no memory left."""
    try:
        import resource  # which Windows has not

        with open("/proc/self/statm") as file:
            most = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE") + MOST_MEMORY
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (ImportError, OSError, ValueError):
        pass


def grade(assignment, notebook, files, safe, place=None):
    """Return what `grader.grade` returns. Raises RuntimeError where the process failed."""
    work = pickle.dumps((assignment, notebook, files, safe, place))  # from us to us, never from a student
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    child = subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    timer = threading.Timer(assignment.limits.total_seconds + SPARE_SECONDS, child.kill)
    timer.daemon = True  # a worker that is asked to end does not wait for it
    timer.start()
    try:
        child.stdin.write(len(work).to_bytes(8, "big") + work)
        child.stdin.flush()  # it stays open: its end says that we are gone
        said = child.stdout.read()
    except OSError:
        said = b""
    finally:
        timer.cancel()
        child.kill()
        child.communicate()
    if not said:
        raise RuntimeError("the grader's process ended without a report")
    return json.loads(said)


def main():
    """Grade what comes in, and write the report as JSON."""
    from coursekit.grading import grader, stopping

    size = int.from_bytes(sys.stdin.buffer.read(8), "big")
    work = pickle.loads(sys.stdin.buffer.read(size))

    def end():
        """When whoever asked is gone, let the sandbox and its control groups go first."""
        sys.stdin.buffer.read(1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(stopping.SECONDS)
        os._exit(1)

    bound_memory()
    try:
        with stopping.heard():
            threading.Thread(target=end, daemon=True).start()
            report = json.dumps(grader.grade(*work)).encode()
    except stopping.BrokenOff:
        os._exit(1)
    sys.stdout.buffer.write(report)
    sys.stdout.flush()
    os._exit(0)  # the waiting thread holds the input


if __name__ == "__main__":
    main()
