"""Ends a batch that is broken off (SIGTERM, SIGINT, or a killed parent) so that nothing of it stays behind.

The signals become an exception, and sandboxes, their groups and folders are removed as it passes.
"""

import contextlib
import functools
import multiprocessing
import os
import signal
import sys
import threading
import time

from coursekit.grading import opener

SECONDS = 10.0  # that the processes of a pool have to remove what they made
_working = []
_holding, _waiting = [], []


class BrokenOff(BaseException):
    """This process was asked to end; `args[0]` is the number of the signal."""


@contextlib.contextmanager
def heard():
    """Turn SIGTERM and SIGINT into BrokenOff within the block; outside the main thread nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {number: signal.signal(number, _break_off) for number in (signal.SIGTERM, signal.SIGINT)}
    hook, sys.unraisablehook = sys.unraisablehook, functools.partial(_swallowed, sys.unraisablehook)
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for number, handler in kept.items():
            signal.signal(number, handler)


def _swallowed(hook, what):
    """Send a signal once more that came in a `__del__`, which no exception leaves; all else is the hook's."""
    if what.exc_type is not BrokenOff:
        return hook(what)
    number = what.exc_value.args[0]
    signal.signal(number, _break_off)
    again = threading.Timer(0.01, os.kill, (os.getpid(), number))
    again.daemon = True
    again.start()


def _break_off(number, _):
    for one in (signal.SIGTERM, signal.SIGINT):  # a second one must not stop the clearing up
        signal.signal(one, signal.SIG_IGN)
    if _holding:
        _waiting.append(number)
    else:
        raise BrokenOff(number)


@contextlib.contextmanager
def held():
    """Let a signal wait until the end of the block, which makes something that must be known to be removed.

    Signals reach the main thread alone, so that in others nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _holding.append(True)
    try:
        yield
    finally:
        _holding.pop()
        if _waiting and not _holding:
            raise BrokenOff(_waiting.pop())


def with_parent():
    """Let this process of a pool end by SIGTERM alone, and get that when its parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; the parent tells us
    signal.signal(signal.SIGTERM, _end)
    sys.unraisablehook = functools.partial(_swallowed, sys.unraisablehook)
    parent = multiprocessing.parent_process()

    def wait():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def _end(number, frame):
    if not _working:
        os._exit(128 + number)
    _break_off(number, frame)


@contextlib.contextmanager
def at_work():
    """Within the block SIGTERM passes as BrokenOff, and its end is that of a process of a pool."""
    _working.append(True)
    try:
        yield
    except BrokenOff as error:
        opener.close()
        os._exit(128 + error.args[0])
    finally:
        _working.pop()


def end_children():
    """End the processes of a pool, those that do not listen at last by force."""
    children = multiprocessing.active_children()
    for child in children:
        child.terminate()
    end = time.monotonic() + SECONDS
    for child in children:
        child.join(max(end - time.monotonic(), 0))
        if child.is_alive():
            child.kill()
            child.join()
