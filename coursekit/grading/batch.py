"""Grades a class on any executor of `concurrent.futures`; what is done is kept, so a batch can be broken off.

Each report is a file of its own. It is taken over when the submission, the assignment and the way of grading
are still the same, so that a second run grades what is new and, after a corrected test, everything again.
"""

import contextlib
import hashlib
import json
import multiprocessing
import os
import threading
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from pathlib import Path

from coursekit.grading import apart, grader, opener, sandbox, stopping, submissions

ATTEMPTS = 3  # how often a submission is given to the executor, when machines fail


def task(assignment, notebook, files, safe):
    """Return the report on one submission; what an executor runs, here or on another machine."""
    try:
        if safe:
            sandbox.require()
    except sandbox.SandboxError as error:
        return {**grader.unread(assignment, f"this machine failed: {error}", safe), "graded": False}
    alone = threading.current_thread() is threading.main_thread()
    with stopping.at_work():
        return (grader if alone else apart).grade(assignment, notebook, files, safe)


def local(jobs):
    """Return a pool of so many processes on this machine, which end when this one does, however it ends."""
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_begin)


def _begin():
    apart.bound_memory()
    stopping.with_parent()


def jobs():
    """Return how many submissions this machine grades at a time: one for each core that it gives us."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(assignment, handed, folder, pool, safe=True, done=lambda key: None, in_flight=16):
    """Return {key of the student: report} for a list of Handed; `pool` makes an executor.

    The reports are written to `folder`, one a student. `done` is called with the key of each that is
    finished. At most `in_flight` submissions are in memory. A submission that breaks the executor is given to
    another one, three times at most; then its report says that it was not graded.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    waiting, reports = list(reversed(handed)), {}
    batch = _Batch(assignment, folder, safe, reports, done)
    with contextlib.ExitStack() as stack:
        stack.callback(opener.close)
        executor = stack.enter_context(_opened(pool))
        while waiting or batch.running:
            while waiting and len(batch.running) < in_flight:
                batch.submit(executor, waiting.pop())
            if batch.collect():
                executor = stack.enter_context(_opened(pool))
            waiting += batch.again()
    return {one.key: reports[one.key] for one in handed}


@contextlib.contextmanager
def _opened(pool):
    executor = pool()
    try:
        yield executor
    except BaseException:  # broken off: what runs is not waited for
        executor.shutdown(wait=False, cancel_futures=True)
        stopping.end_children()
        raise
    executor.shutdown(wait=False, cancel_futures=True)


class _Batch:
    """The submissions that are being graded, and how often each was tried."""

    def __init__(self, assignment, folder, safe, reports, done):
        self.assignment, self.folder, self.safe = assignment, folder, safe
        self.reports, self.done = reports, done
        self.running, self.tried, self.failed = {}, {}, []

    def submit(self, executor, one):
        """Take over an old report, or give the submission to the executor."""
        try:
            notebook, files, note = one.read(self.assignment.name)
        except (submissions.BadArchive, OSError) as error:
            self._keep(one, grader.unread(self.assignment, str(error), self.safe), "unreadable", "")
            return
        digest = hashlib.sha256(
            repr((self.assignment.digest, self.safe, sorted(files))).encode()
            + notebook
            + b"".join(files[name] for name in sorted(files))
        ).hexdigest()
        old = _read(self.folder / f"{one.key}.json")
        if old.get("digest") == digest and old.get("graded"):
            self.reports[one.key] = old
            self.done(one.key)
            return
        self.tried[one.key] = self.tried.get(one.key, 0) + 1
        try:
            future = executor.submit(task, self.assignment, notebook, files, self.safe)
        except Exception:  # the executor is broken: the next one takes it
            self.failed.append(one)
            return
        self.running[future] = one, digest, note

    def collect(self):
        """Keep what is finished, waiting for one at least; return whether a new executor is needed."""
        broken = bool(self.failed)
        finished, _ = wait(self.running, return_when=FIRST_COMPLETED, timeout=None if self.running else 0)
        for future in finished:
            one, digest, note = self.running.pop(future)
            try:
                report = future.result()
            except Exception as error:
                self.failed.append(one)
                broken, why = True, f"{type(error).__name__}: {error}"[:300]
                if self.tried[one.key] >= ATTEMPTS:
                    self.failed.remove(one)
                    report = grader.unread(self.assignment, f"not graded, {ATTEMPTS} times: {why}", self.safe)
                    self._keep(one, {**report, "graded": False}, digest, note)
            else:
                self._keep(one, report, digest, note)
        return broken

    def again(self):
        """Return what is to be tried once more."""
        failed, self.failed = self.failed, []
        return failed

    def _keep(self, one, report, digest, note):
        report = {**report, "digest": digest, "note": note}
        path = self.folder / f"{one.key}.json"
        path.with_suffix(".part").write_text(json.dumps(report), encoding="utf-8")
        os.replace(path.with_suffix(".part"), path)
        self.reports[one.key] = report
        self.done(one.key)


def _read(path):
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        return report if isinstance(report, dict) else {}
    except (OSError, ValueError):
        return {}
