"""Asks `prepared.py`, a process that has imported what notebooks import, for workers: none imports it again.

Needed are the rights of root and a control group for each sandbox; elsewhere each worker starts from nothing.
"""

import atexit
import contextlib
import json
import os
import select
import socket
import subprocess
import sys
from pathlib import Path

from coursekit.grading import usage

SECONDS = 120.0  # in which everything is imported, also on a busy machine
_kept = {}


class NotPrepared(OSError):
    """There is no such process, or it cannot be forked; a worker can start without it."""


def worker(sandbox, imports, path, environment, request):
    """Return three streams to a new worker in the sandbox of the Popen `sandbox`, once that sandbox is there.

    `request` is what `prepared` needs to know of it beside its first process, `environment` that of the process which
    imports. Raises NotPrepared.
    """
    sandbox.stdin.write(b"\n")
    sandbox.stdin.flush()
    if not select.select([sandbox.stdout], [], [], SECONDS)[0] or not sandbox.stdout.read(1):
        raise NotPrepared(f"no sandbox: {sandbox.stderr.read(300).decode(errors='replace')}")
    first = usage.descendants(sandbox.pid)[:1]
    if not first:
        raise NotPrepared("the sandbox ended")
    message = json.dumps({**request, "first": first[0]}).encode()
    inner, outer = [], []
    try:
        for writes in (True, False, False):
            pair = os.pipe()
            inner.append(pair[0 if writes else 1])
            outer.append(os.fdopen(pair[1 if writes else 0], "wb" if writes else "rb"))
        socket.send_fds(_connection(tuple(imports), path, environment), [message], inner)
    except OSError as error:
        for stream in outer:
            stream.close()
        raise NotPrepared(str(error)) from None
    finally:
        for number in inner:
            os.close(number)
    return outer


def _connection(imports, path, environment):
    """Return the socket of the process that has these imports, a new one if there is none."""
    if _kept.get("imports") != imports or (_kept.get("process") and _kept["process"].poll() is not None):
        close()
        _kept.update(imports=imports, connection=None)  # should it fail, it is not tried for each submission
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            _kept["process"] = subprocess.Popen(
                [sys.executable, "-I", "-B", str(Path(__file__).with_name("prepared.py"))],
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd="/",
                start_new_session=True,
            )
        ours.settimeout(SECONDS)
        _kept["socket"] = ours
        ours.send(json.dumps({"imports": imports, "path": path}).encode())
        if json.loads(ours.recv(1 << 12) or b"{}").get("threads") == 1:  # the others would not survive a fork
            _kept["connection"] = ours
    if _kept["connection"] is None:
        raise NotPrepared(f"{', '.join(imports) or 'numpy'} cannot be imported beforehand")
    return _kept["connection"]


@atexit.register
def close():
    """End the process; the next worker starts another."""
    with contextlib.suppress(KeyError, OSError):
        _kept["socket"].close()
    with contextlib.suppress(KeyError):
        _kept["process"].kill()
        _kept["process"].wait()
    _kept.clear()
