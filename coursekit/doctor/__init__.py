"""The doctor: what on this computer stands in the way of the course, in plain words, and what helps.

``python -m coursekit.doctor`` in the folder of the course prints all findings; its exit status is 1 when
there is a problem. It needs a Python and nothing else, so that it works before anything was installed
(``python coursekit/doctor`` does the same), and it asks no network. A notebook takes `examine` and `summary`.
"""

import sys
import textwrap

from coursekit.doctor import files, jupyter, machine, packages, tools
from coursekit.doctor.finding import GOOD, PROBLEM, WARNING, Finding

__all__ = ["GOOD", "PROBLEM", "WARNING", "Finding", "examine", "report", "summary"]

# Each examines one thing and returns one Finding, whatever the computer is like, in this order.
EXAMINATIONS = (
    machine.python,
    machine.platform,
    machine.memory,
    machine.disk,
    files.folder,
    files.data,
    packages.installed,
    packages.tensorflow,
    packages.keras_settings,
    packages.environment,
    packages.stale,
    jupyter.widgets,
    jupyter.loopback,
    jupyter.port,
    tools.chromium,
    tools.bubblewrap,
    tools.node,
)

IN_A_BROWSER = Finding(
    "TensorFlow",
    PROBLEM,
    "Python runs in a browser here, and there is no TensorFlow for it.",
    "What is NumPy alone runs all the same, exercises included; a cell that needs more says so. Colab runs all cells.",
)


def examine(examinations=EXAMINATIONS):
    """Return a list of one `Finding` (name, state, says, remedy) for each of the `examinations`.

    `state` is "good", "warning" (the lectures run all the same) or "problem". TensorFlow is imported in a
    process of its own, unless it is loaded already, which takes some seconds. An examination that fails
    itself is a warning that says so: the doctor raises nothing.

    >>> [finding.name for finding in examine(EXAMINATIONS[:2])]
    ['Python', 'platform']
    """
    if sys.version_info < (3, 8):  # too old to examine anything else with
        return [machine.python()]
    if sys.platform == "emscripten":  # nothing that can be mended is there to be examined
        return [IN_A_BROWSER]
    findings = []
    for examination in examinations:
        try:
            findings.append(examination())
        except Exception as error:
            findings.append(
                Finding(
                    examination.__name__,
                    WARNING,
                    f"This could not be examined: {type(error).__name__}: {error}.",
                    "Tell the authors of the course.",
                )
            )
    return findings


def report(findings):
    """Return all `findings` as text, a line for each and the remedy below it where there is one.

    >>> print(report([Finding("disk", "problem", "The disk is full.", "Delete something."),
    ...               Finding("memory", "good", "There are 8 GB.")]))
    PROBLEM  disk: The disk is full.
             What helps: Delete something.
    good     memory: There are 8 GB.
    """
    lines = []
    for finding in findings:
        lines.append(
            f"{finding.state.upper() if finding.state == PROBLEM else finding.state:9}{finding.name}: {finding.says}"
        )
        if finding.remedy:
            lines.append(f"{'':9}What helps: {finding.remedy}")
    return "\n".join(lines)


def summary(findings):
    """Return the text for a notebook: the problems and what helps, or one that all sound machines share.

    >>> print(summary([Finding("disk", "good", "There is room."), Finding("port", "warning", "Taken.")]))
    2 things examined: disk, port.
    No problem: the lectures run here.
    """
    problems = [finding for finding in findings if finding.state == PROBLEM]
    if problems:
        return f"{report(problems)}\nProblems: {len(problems)} of {len(findings)} things examined."
    examined = f"{len(findings)} things examined: {', '.join(finding.name for finding in findings)}."
    return textwrap.fill(examined, 72) + "\nNo problem: the lectures run here."
