"""Asks a process with little memory and time to open what students handed in: nothing of theirs is parsed here."""

import atexit
import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path

from coursekit.grading.texts import line

WALL_SECONDS = 60
TOO_MUCH = "reading it takes more memory or time than any notebook needs"
MOST_LINE, MOST_BYTES = 64 << 20, 512 << 20  # of an answer
_lock = threading.Lock()
_process = []


class BadArchive(ValueError):
    """What was handed in is damaged, or larger inside than anybody's work is; the message says what."""


def ask(do, blobs=(), **request):
    """Return (answer, [bytes]) of the function `do` in `opening`, which runs in another process.

    Raises BadArchive for what cannot be read, also where reading it takes too much memory or time, and OSError for a
    file that was there and has gone, or that this machine does not let us read.
    """
    with _lock:
        for again in (True, False):
            process = _running()
            try:
                with _bounded(process):
                    _send(process.stdin, {**request, "do": do, "sizes": [len(blob) for blob in blobs]}, blobs)
            except OSError:  # it died between two questions, as when its machine was short of memory
                close()
                if again:
                    continue
                raise BadArchive(TOO_MUCH) from None
            try:
                with _bounded(process):
                    answer, found = _receive(process.stdout)
            except (EOFError, ValueError):
                close()
                raise BadArchive(TOO_MUCH) from None
            break
    if "machine" in answer:
        raise OSError(line(answer["machine"]))
    if "error" in answer:
        raise BadArchive(line(answer["error"]))
    return answer, found


@contextlib.contextmanager
def _bounded(process):
    """Kill the process unless the block has ended in time; a signal may come at any point, and nothing waits then."""
    timer = threading.Timer(WALL_SECONDS, process.kill)
    timer.daemon = True
    try:
        timer.start()
        yield
    finally:
        timer.cancel()


def _running():
    """Return the process that reads, a new one if there is none."""
    if not _process or _process[0].poll() is not None:
        close()
        environment = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH") if name in os.environ}
        command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("opening.py"))]
        _process.append(
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**environment, "PYTHONUTF8": "1"},
            )
        )
    return _process[0]


@atexit.register
def close():
    """End the process that reads; the next question starts another."""
    while _process:
        process = _process.pop()
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # what was still to be written
                stream.close()


def _send(stream, request, blobs):
    head = json.dumps(request).encode()
    stream.write(struct.pack(">I", len(head)) + head)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def _receive(stream):
    size = struct.unpack(">I", _exactly(stream, 4))[0]
    if size > MOST_LINE:
        raise ValueError
    answer = json.loads(_exactly(stream, size))
    if sum(answer["sizes"]) > MOST_BYTES:
        raise ValueError
    return answer, [_exactly(stream, size) for size in answer["sizes"]]


def _exactly(stream, size):
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
