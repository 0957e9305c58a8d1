"""The grader's side of one submission: starts workers, waits for them no longer than allowed, starts them
anew.

A worker that dies in a cell (`os._exit`, no memory left, a loop that nothing interrupts) is replaced by
another that stops before the fatal statement, as if that had raised an error: what the other cells define
still counts.
"""

import contextlib
import queue
import select
import shutil
import threading
import time

from coursekit.grading import seccomp, stopping, usage, wire
from coursekit.grading.proxy import Missing, WorkerDied, builtin_error, proxy
from coursekit.grading.sandbox import SandboxError

GRACE = 2.0  # seconds that a worker has to notice by itself that its time is over
START_SECONDS = 60.0


class Session:
    """The values and functions that a notebook defines; `cells` are [index, source], `files` {name: bytes}.

    Functions and packages that are `forbidden` are refused when the notebook calls or imports them.
    `errors` becomes a list of [cell, type, message] of the cells that did not run to their end. To be
    closed, or used with `with`: after that no process of the submission is left.
    """

    def __init__(self, sandbox, cells, limits, files=None, forbidden=()):
        self.sandbox, self.cells, self.limits, self.files = sandbox, cells, limits, files or {}
        self.forbidden = list(forbidden)
        self.deadline = time.monotonic() + limits.total_seconds
        self.errors, self.stops, self.generation = [], {}, 0
        self.process, self.said = None, ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ------------------------------------------------------------ what tests ask for

    def get(self, name):
        """Return the value of a global name of the notebook, or Missing; functions come as proxies."""
        self.start()
        reply, data = self._ask({"do": "get", "name": name})
        if "missing" in reply:
            return Missing
        return self._value(reply, "value", data)

    def call(self, remote, arguments, named):
        """Call a function of the notebook; return (its value, {argument that was changed: new value})."""
        called = {}
        packer = wire.Packer(lambda value: self._refer(value, called))
        message = {
            "do": "call",
            "number": remote._number,
            "arguments": packer.pack(list(arguments)),
            "named": packer.pack(named),
        }
        reply, data = self._ask(message, packer.buffers, remote, called)
        return self._value(reply, "value", data), self._value(reply, "changed", data)

    def attribute(self, remote, name):
        """Return an attribute of an object that stays in the worker."""
        reply, data = self._ask({"do": "attribute", "number": remote._number, "name": name}, remote=remote)
        return self._value(reply, "value", data)

    def stored(self, remote):
        """Return the bytes of the file in which Keras, in the worker, stores a network or what a function returns."""
        reply, data = self._ask({"do": "store", "number": remote._number}, remote=remote)
        return self._value(reply, "value", data)

    def _refer(self, value, called):
        number = getattr(value, "_number", None) if getattr(value, "_session", None) is self else None
        if number is not None:
            return ["ref", number]
        if not callable(value):
            raise wire.WireError(f"a {type(value).__name__} cannot be sent to a student's function")
        called[len(called)] = value
        return ["cb", len(called) - 1]

    def _value(self, reply, key, data):
        if not isinstance(reply, dict) or key not in reply:
            raise self._broken("it sent an invalid answer")
        try:
            resolve = lambda tag, parts: proxy(self, tag, parts)  # noqa: E731
            return wire.Unpacker(data, resolve).unpack(reply[key])
        except (wire.WireError, MemoryError) as error:
            raise self._broken(f"it sent an invalid value: {error}") from None

    def _ask(self, message, buffers=(), remote=None, called=None):
        if self.process is None or (remote is not None and remote._generation != self.generation):
            raise WorkerDied("the process of the notebook has ended")
        end = min(time.monotonic() + self.limits.call_seconds + GRACE, self.deadline)
        called_back = False
        self._send(message, buffers)
        while True:
            reply, data = self._receive(end, "a call took longer than allowed")
            if isinstance(reply, dict) and "callback" in reply:
                called_back = True
                self._call_back(reply["callback"], data, called or {})
            elif isinstance(reply, dict) and "error" in reply:
                error = builtin_error(reply["error"])
                if called_back and getattr(error, "kind", "") == "TimeLimit":
                    self.close()  # its time may have ended while it read an answer: what follows would be nonsense
                raise error
            else:
                return reply, data

    def _call_back(self, tree, data, called):
        """Call a function of the test for the student's, and send what it returns."""
        packer = wire.Packer(lambda value: self._refer(value, {}))
        try:
            number, arguments, named = self._value({"value": tree}, "value", data)
            function = called[number]
            message = {"value": packer.pack(function(*arguments, **named))}
        except WorkerDied:
            raise
        except Exception as error:
            message, packer.buffers = {"error": f"{type(error).__name__}: {error}"[:300]}, []
        self._send(message, packer.buffers)

    # ------------------------------------------------------------ workers

    def start(self):
        """See that a worker has run the cells. Raises WorkerDied where the time for all is over."""
        while self.process is None:
            if time.monotonic() > self.deadline:
                raise WorkerDied(f"the {self.limits.total_seconds:g} seconds for one submission are over")
            self._run_cells()

    def _run_cells(self):
        errors, at, place, known = {}, None, self._open(), {cell for cell, _ in self.cells}
        packer = wire.Packer()
        start = {
            **place,
            "files": packer.pack(self.files),
            "cells": self.cells,
            "forbidden": self.forbidden,
            "filter": seccomp.no_programs().hex() if self.forbidden and self.sandbox.safe else "",
            "stops": {str(cell): statement for cell, statement in self.stops.items()},
            "cell_seconds": self.limits.cell_seconds,
            "call_seconds": self.limits.call_seconds,
        }
        end = time.monotonic() + START_SECONDS
        try:
            self._send(start, packer.buffers)
            while True:
                message, _ = self._receive(min(end, self.deadline), "the cell took longer than allowed")
                self.greeted = True
                if "ready" in message:
                    break
                if "at" in message or "full" in message:
                    new = [int(n) for n in message.get("at") or message["full"]]
                    if new[0] in known and (at is None or new[0] > at[0]):  # each cell has its time once
                        end = time.monotonic() + self.limits.cell_seconds + GRACE
                    at = [new[0] if new[0] in known else at[0], new[1]]
                    if "full" in message:
                        raise self._broken("there was no memory left")
                elif "cell" in message and message["cell"] in known:
                    kind, text = message["error"]
                    errors.setdefault(message["cell"], [message["cell"], str(kind)[:80], str(text)[:600]])
        except WorkerDied as error:
            self._after_death(at, error)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError):
            self._after_death(at, self._broken("it sent an invalid message"))
        else:
            noted = {cell for cell, *_ in self.errors}
            self.errors += [error for cell, error in errors.items() if cell not in noted]

    def _after_death(self, at, error):
        """Note which statement was fatal, so that the next worker stops before it."""
        self.close()
        if at is None:
            raise SandboxError(f"the worker did not start: {error} {self.said}".strip())
        self.stops[at[0]] = min(at[1], self.stops.get(at[0], at[1]))
        self.errors.append([at[0], "Stopped", str(error)])

    def _open(self):
        self.generation, self.greeted = self.generation + 1, False
        with stopping.held():
            self.process, place = self.sandbox.start(self.limits)
            self.arrived = queue.Queue(maxsize=1)
            self.reader = threading.Thread(target=_read, args=(self.process.stdout, self.arrived), daemon=True)
            self.reader.start()
            self.watch = usage.Watch(self.process, self.limits.memory_mb)
        return place

    def _send(self, message, buffers=()):
        data = wire.frame(message, buffers)
        with contextlib.suppress(AttributeError, OSError, ValueError):  # no such limit, or no such pipe any more
            pipe = self.process.stdin
            if len(data) <= select.PIPE_BUF and select.select([], [pipe], [], 0)[1]:  # there is room for so much
                return _write(pipe, data)
        sender = threading.Thread(target=_write, args=(self.process.stdin, data), daemon=True)
        sender.start()  # a worker that reads nothing must not hold us up
        sender.join(self.limits.call_seconds + GRACE)

    def _receive(self, end, too_late):
        try:
            left = end - time.monotonic()
            if left <= 0:  # also for a worker that never stops talking
                raise queue.Empty
            kind, *parts = self.arrived.get(timeout=left)
        except queue.Empty:
            raise self._broken(too_late) from None
        if kind == "frame" and isinstance(parts[0], dict):
            return parts
        self.watch.stop()  # it asks the kernel why the process ended
        reason = self.watch.reason or {"end": "the process ended"}.get(kind, "it sent an invalid message")
        raise self._broken(reason)

    def _broken(self, reason):
        self.close()
        return WorkerDied(reason)

    def close(self):
        """Kill the worker; with it dies all that it has started."""
        with stopping.held():
            self._close()

    def _close(self):
        process, self.process = self.process, None
        if process is None:
            return
        self.watch.stop()
        usage.end(process)
        if not self.greeted:
            self.said = process.stderr.read(600).decode(errors="replace")
        end = time.monotonic() + 5
        while self.reader.is_alive() and time.monotonic() < end:  # it may wait for room in the queue
            with contextlib.suppress(queue.Empty):
                self.arrived.get(timeout=0.02)
        for stream in (process.stdin, process.stdout, process.stderr, getattr(process, "held", None)):
            with contextlib.suppress(OSError, AttributeError):
                stream.close()
        if getattr(process, "folder", None):
            shutil.rmtree(process.folder, ignore_errors=True)


def _read(stream, arrived):
    """Put every frame of a stream into a queue, and at its end what ended it."""
    try:
        while True:
            arrived.put(("frame", *wire.read_frame(stream.read)))
    except (EOFError, OSError, ValueError):
        arrived.put(("end",))
    except (wire.WireError, MemoryError):
        arrived.put(("nonsense",))


def _write(stream, data):
    try:
        stream.write(data)
        stream.flush()
    except (OSError, ValueError):  # the worker is gone: the reader notices
        pass
