"""The executor of a dask.distributed cluster; its workers need this package and bubblewrap, nothing else.

Tests and submissions are sent to the workers as text and bytes, and only reports come back.
"""

import contextlib
import importlib
import shutil
import uuid
from pathlib import Path

from coursekit.grading import batch

SECONDS = 20  # that a scheduler has to answer


def pool(address):
    """Return (function that makes an executor on the cluster at `address`, submissions in flight at a time).

    Raises ValueError where dask is missing, ConnectionError where there is no scheduler.
    """
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise ValueError("--scheduler needs dask: install the lecturer's extra, coursekit[lecturer]") from None
    try:
        client = distributed.Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:  # the address may also make no sense
        raise ConnectionError(f"no dask scheduler answers at {address}: {error}") from None
    threads = sum(client.nthreads().values())
    return (lambda: _Executor(client)), max(2 * threads, 4)


class _Executor:
    """What a batch needs of an executor: a task is impure; another worker gets it when one is lost."""

    def __init__(self, client):
        self.client, self.place = client, f"simulated-{uuid.uuid4().hex}"
        self.executor = client.get_executor(pure=False, retries=2)

    def submit(self, task, assignment, read, safe, old, _):
        """Open what was handed in, which the workers cannot reach, and send it."""
        return self.executor.submit(_task, task, self.place, assignment, batch.opened(read), safe, old)

    def shutdown(self, wait=False, cancel_futures=True):
        """Forget what is still running; the cluster stays."""
        self.executor.shutdown(wait=wait)
        with contextlib.suppress(Exception):  # a worker that is lost has no folder left
            self.client.run(_forget, self.place, callback_timeout=SECONDS)


def _task(task, place, *given):
    """Run a task; recordings of the batch are kept in a folder of the worker, which ends with it."""
    worker = importlib.import_module("distributed").get_worker()
    return task(*given, Path(worker.local_directory, place))


def _forget(place, dask_worker):
    shutil.rmtree(Path(dask_worker.local_directory, place), ignore_errors=True)
