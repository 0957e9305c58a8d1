"""How long each lecture's cells took in a test run, beside what its first cell states. It only reports.

conftest.py registers this module as a plugin.
"""

import re
from pathlib import Path

from coursekit.lectures import LECTURES

NUMBERS = {"half": 0.5, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "twenty": 20}
TAKEN = {}  # {lecture: seconds} of the cells that this run has tested
STATED = {lecture.stem: lecture.runs for lecture in LECTURES}


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


def pytest_runtest_logreport(report):
    """Add up how long the cells of each lecture take."""
    name = lecture(report.nodeid.partition("::")[0])
    if name:
        TAKEN[name] = TAKEN.get(name, 0) + report.duration


def pytest_terminal_summary(terminalreporter):
    """Report it; a busy machine is no fault."""
    if TAKEN:
        terminalreporter.section("how long the lectures took")
        for line in lines(TAKEN):
            terminalreporter.write_line(line)
