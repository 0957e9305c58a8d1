"""Grades a class on any executor of `concurrent.futures`; what is done is kept, so a batch can be broken off.

Each report is a file of its own. It is taken over when the submission, the assignment and the way of grading
are still the same, so that a second run grades what is new and, after a corrected test, everything again.
"""

import contextlib
import functools
import hashlib
import json
import multiprocessing
import os
import threading
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from pathlib import Path

from coursekit.grading import apart, csvfiles, grader, opener, recordings, sandbox, stopping, submissions

ATTEMPTS = 3  # how often a submission is given to the executor, when machines fail


def opened(read):
    """Return (notebook, files, note, problem) of what `read` returns; the problem is None, or why it was refused.

    It is [why] where the file was there and cannot be read now, which is no fault of the student.
    """
    try:
        return (*read(), None)
    except submissions.BadArchive as error:
        return b"", {}, "", str(error)
    except OSError as error:
        return b"", {}, "", [str(error)]


def task(assignment, handed_in, safe, old="", place=None):
    """Return the report on one submission, None if `old` is its digest; what an executor runs, here or elsewhere.

    `handed_in` is what `opened` returned, or the function that it takes: then the files are opened here, so that
    no other process ever holds them. `place` is a folder in which the recordings of the batch are kept.
    """
    with stopping.at_work():
        notebook, files, note, problem = opened(handed_in) if callable(handed_in) else handed_in
        if problem is not None:
            graded, why = isinstance(problem, str), problem if isinstance(problem, str) else problem[0]
            return {**grader.unread(assignment, why, safe), "graded": graded, "digest": "", "note": note}
        digest = _digest(assignment, safe, notebook, files)
        if digest == old:
            return None
        return {**_graded(assignment, notebook, files, safe, place), "digest": digest, "note": note}


def _digest(assignment, safe, notebook, files):
    found = hashlib.sha256(repr((assignment.digest, safe, sorted(files))).encode() + notebook)
    for name in sorted(files):
        found.update(files[name])
    return found.hexdigest()


def _graded(assignment, notebook, files, safe, place):
    try:
        if safe:
            sandbox.require()
    except sandbox.SandboxError as error:
        return {**grader.unread(assignment, f"this machine failed: {error}", safe), "graded": False}
    alone = threading.current_thread() is threading.main_thread()
    return (grader if alone else apart).grade(assignment, notebook, files, safe, place)


def local(jobs):
    """Return a pool of so many processes on this machine, which end when this one does, however it ends."""
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_begin)


def _begin():
    apart.bound_memory()
    stopping.with_parent()


def jobs():
    """Return how many submissions this machine grades at a time: one for each core that it gives us."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Reports(Mapping):
    """{key of the student: report} of a batch; each is read from its file when it is asked for."""

    def __init__(self, folder, keys):
        self._folder, self._keys = folder, keys

    def __getitem__(self, key):
        return json.loads(_place(self._folder, key).read_text(encoding="utf-8"))

    def __iter__(self):
        return iter(self._keys)

    def __len__(self):
        return len(self._keys)


def run(assignment, handed, folder, pool, safe=True, done=lambda key: None, in_flight=16):
    """Return the Reports on a list of Handed; `pool` makes an executor.

    They are written to `folder`, one file a student, and none is kept in memory. `done` is called with the key of
    each that is finished. At most `in_flight` submissions are with the executor. One that breaks the executor is
    given to another, three times at most; then its report says that it was not graded.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(recordings.of_a_batch(folder.with_name(recordings.NAME)))
        waiting, batch = list(reversed(handed)), _Batch(assignment, folder, safe, done, place)
        stack.callback(opener.close)
        executor = stack.enter_context(_opened(pool))
        while waiting or batch.running:
            while waiting and len(batch.running) < in_flight:
                batch.submit(executor, waiting.pop())
            if batch.collect():
                executor = stack.enter_context(_opened(pool))
            waiting += batch.again()
    return Reports(folder, [one.key for one in handed])


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

    def __init__(self, assignment, folder, safe, done, place):
        self.assignment, self.folder, self.safe, self.done, self.place = assignment, folder, safe, done, place
        self.running, self.tried, self.failed = {}, {}, []

    def submit(self, executor, one):
        """Give the submission to the executor, with the digest of the report that may still hold."""
        old = _read(_place(self.folder, one.key))
        old = str(old.get("digest", "")) if old.get("graded") else ""
        self.tried[one.key] = self.tried.get(one.key, 0) + 1
        try:
            read = functools.partial(one.read, self.assignment.name)
            future = executor.submit(task, self.assignment, read, self.safe, old, self.place)
        except Exception:  # the executor is broken: the next one takes it
            self.failed.append(one)
            return
        self.running[future] = one

    def collect(self):
        """Keep what is finished, waiting for one at least; return whether a new executor is needed."""
        broken = bool(self.failed)
        finished, _ = wait(self.running, return_when=FIRST_COMPLETED, timeout=None if self.running else 0)
        for future in finished:
            one = self.running.pop(future)
            try:
                report = future.result()
            except Exception as error:
                broken = True
                if self.tried[one.key] < ATTEMPTS:
                    self.failed.append(one)
                    continue
                why = f"not graded, {ATTEMPTS} times: {type(error).__name__}: {error}"[:300]
                report = {**grader.unread(self.assignment, why, self.safe), "graded": False, "digest": "", "note": ""}
            self._keep(one.key, report)
        return broken

    def again(self):
        """Return what is to be tried once more."""
        failed, self.failed = self.failed, []
        return failed

    def _keep(self, key, report):
        if report is not None:
            with csvfiles.replacing(_place(self.folder, key)) as file:
                file.write(json.dumps(report))
        self.done(key)


def _place(folder, key):
    return folder / f"{key}.json"


def _read(path):
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        return report if isinstance(report, dict) else {}
    except (OSError, ValueError):
        return {}
