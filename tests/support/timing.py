"""Where a run's time went: a plugin of pytest that adds up, at the end, how long each file took."""

from collections import Counter

SHOWN = 20  # files


def pytest_terminal_summary(terminalreporter):
    """List the longest files, in seconds of one worker, so that a suite that has become slow can be shortened."""
    seconds = seconds_by_file(report for reports in terminalreporter.stats.values() for report in reports)
    if len(seconds) > 1:
        terminalreporter.section(f"seconds by file, {sum(seconds.values()):.0f} in all")
        for path, taken in seconds.most_common(SHOWN):
            terminalreporter.write_line(f"{taken:7.0f} {path}")


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
