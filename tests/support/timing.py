"""What a run took: a plugin of pytest that tells, at the end, the time of each file, and time and memory of each lecture.

A lecture is told beside what its first cell states. It only reports: a busy machine is no fault.
"""

import math
import re
from collections import Counter
from pathlib import Path

import pytest

from coursekit.lectures import LECTURES

SHOWN = 20  # files
NUMBERS = {"half": 0.5, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "twenty": 20}
STATED = {lecture.stem: lecture for lecture in LECTURES}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Note in the report on a notebook's cell how much memory its kernel has had at most, in bytes."""
    kernel = getattr(item.parent, "kernel", None) if hasattr(item, "cell_num") else None
    if kernel is not None and call.when == "call":
        item.user_properties.append(("peak", peak(kernel.km.provisioner.pid)))
    return (yield)


def peak(process):
    """Return the most resident memory, in bytes, that a running process has had; 0 where the system does not tell.

    >>> import os
    >>> peak(os.getpid()) > 1e7 or not Path("/proc").exists(), peak("no process")
    (True, 0)
    """
    status = Path(f"/proc/{process}/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8")) if status.exists() else None
    return 1024 * int(found[1]) if found else 0


def pytest_terminal_summary(terminalreporter):
    """List the longest files, in seconds of one worker, and the lectures beside what they state."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    taken, peaks = seconds_by_file(reports), peaks_by_file(reports)
    if len(taken) > 1:
        terminalreporter.section(f"seconds by file, {sum(taken.values()):.0f} in all")
        for path, spent in taken.most_common(SHOWN):
            terminalreporter.write_line(f"{spent:7.0f} {path}")
        terminalreporter.section(f"seconds by part, {sum(taken.values()):.0f} in all")
        for part, spent in seconds_by_part(taken).most_common():
            terminalreporter.write_line(f"{spent:7.0f} {part}")
    lectures = {lecture(path): (spent, peaks.get(path, 0)) for path, spent in taken.items() if lecture(path)}
    if lectures:
        terminalreporter.section("time and memory that the lectures took")
        for line in lines(lectures):
            terminalreporter.write_line(line)


def seconds_by_file(reports):
    """Add up what set-up, test and tear-down took: {path: seconds}, a Counter; other reports are passed over.

    >>> from types import SimpleNamespace as Report
    >>> told = Report(nodeid="tests/a.py::test_b[1]", duration=2.0), Report(nodeid="tests/a.py::test_c", duration=0.5)
    >>> seconds_by_file([*told, Report(message="a warning")])
    Counter({'tests/a.py': 2.5})
    """
    seconds = Counter()
    for report in reports:
        if hasattr(report, "duration") and hasattr(report, "nodeid"):
            seconds[report.nodeid.partition("::")[0]] += report.duration
    return seconds


def seconds_by_part(taken):
    """Return {folder: seconds}, a Counter, of {path: seconds}; tests are told by their own folders.

    >>> seconds_by_part({"tests/plots/test_a.py": 2, "tests/plots/test_b.py": 1, "notebooks/08.ipynb": 5})
    Counter({'notebooks': 5, 'tests/plots': 3})
    """
    parts = Counter()
    for path, spent in taken.items():
        first, *more = Path(path).parent.parts or (path,)
        parts["/".join([first, *more[: first == "tests"]])] += spent
    return parts


def peaks_by_file(reports):
    """Return {path: bytes}, the most that the kernel of each notebook has had.

    >>> from types import SimpleNamespace as Report
    >>> told = [Report(nodeid=f"a.ipynb::Cell {i}", user_properties=[("peak", size)]) for i, size in enumerate((5, 9))]
    >>> peaks_by_file([*told, Report(message="a warning")])
    {'a.ipynb': 9}
    """
    most = {}
    for report in reports:
        path, size = getattr(report, "nodeid", "").partition("::")[0], dict(getattr(report, "user_properties", ()))
        if "peak" in size:
            most[path] = max(size["peak"], most.get(path, 0))
    return most


def stated_bytes(words):
    """Return the bytes that words such as "about 1.5 GB" mean, and infinitely many where nothing is stated.

    >>> stated_bytes("about 1.5 GB"), stated_bytes("")
    (1500000000.0, inf)
    """
    return float(re.search(r"([\d.]+) GB", words)[1]) * 1e9 if words else math.inf


def seconds(words):
    """Return the seconds that words such as "about one minute" mean.

    >>> seconds("about half a minute"), seconds("less than a minute"), seconds("about two minutes")
    (30.0, 60.0, 120.0)
    >>> seconds("about twenty seconds")
    20.0
    """
    number, unit = re.search(rf"\b({'|'.join(NUMBERS)})(?: a)? (minute|second)", words).groups()
    return float(NUMBERS[number] * {"minute": 60, "second": 1}[unit])


def lecture(path):
    """Return the lecture whose notebook lies at `path`, as STATED names it, or None.

    >>> lecture("notebooks/08_training.ipynb"), lecture("slides/08_training.ipynb"), lecture("tests/test_a.py")
    ('08_training', None, None)
    """
    path = Path(path)
    return path.stem if path.suffix == ".ipynb" and path.parent.name == "notebooks" and path.stem in STATED else None


def lines(taken):
    """Return the report on {lecture: (seconds, bytes)}: a line for each, with a word where it took over twice as much.

    >>> lines({"08_training": (130.4, 3.2e9), "03_convolution_of_images": (61, 0)})
    ['03_convolution_of_images: 61 s, stated: about one minute', \
'08_training: 130 s, stated: less than one minute, MORE THAN TWICE AS LONG; \
3.2 GB, stated: about 1 GB, MORE THAN TWICE AS MUCH']
    """
    told = []
    for name, (took, most) in sorted(taken.items()):
        runs, memory = STATED[name].runs, STATED[name].memory
        line = f"{name}: {took:.0f} s, stated: {runs}" + ", MORE THAN TWICE AS LONG" * (took > 2 * seconds(runs))
        if most:  # only Linux tells
            line += f"; {most / 1e9:.1f} GB, stated: {memory or 'nothing'}"
            line += ", MORE THAN TWICE AS MUCH" * (most > 2 * stated_bytes(memory))
        told.append(line)
    return told
