"""Where a run's time went: a plugin of pytest that adds up, at the end, how long each file and each lecture took.

A lecture is told beside what its first cell states. It only reports: a busy machine is no fault.
"""

import re
from collections import Counter
from pathlib import Path

from coursekit.lectures import LECTURES

SHOWN = 20  # files
NUMBERS = {"half": 0.5, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "twenty": 20}
STATED = {lecture.stem: lecture.runs for lecture in LECTURES}


def pytest_terminal_summary(terminalreporter):
    """List the longest files, in seconds of one worker, and the lectures beside what they state."""
    taken = seconds_by_file(report for reports in terminalreporter.stats.values() for report in reports)
    if len(taken) > 1:
        terminalreporter.section(f"seconds by file, {sum(taken.values()):.0f} in all")
        for path, spent in taken.most_common(SHOWN):
            terminalreporter.write_line(f"{spent:7.0f} {path}")
    lectures = {lecture(path): spent for path, spent in taken.items() if lecture(path)}
    if lectures:
        terminalreporter.section("how long the lectures took")
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
    """Return the report on {lecture: seconds taken}: a line for each, with a word where it took over twice as long.

    >>> lines({"08_training": 130.4, "03_convolution_of_images": 61})
    ['03_convolution_of_images: 61 s, stated: about one minute', \
'08_training: 130 s, stated: less than one minute, MORE THAN TWICE AS LONG']
    """
    return [
        f"{name}: {took:.0f} s, stated: {STATED[name]}"
        + ", MORE THAN TWICE AS LONG" * (took > 2 * seconds(STATED[name]))
        for name, took in sorted(taken.items())
    ]
