"""Wrong answers to graded assignments: for every question, edits of the master's solution.

One module an assignment, with one constant, ``WRONG = {question: (Wrong, …)}``. `test_assignments_masters`
proves with it that `grader.check` says the right thing of each: `part` is in the message that it must get,
and among them are all sentences of the assignment's misconceptions. An edit is a pair (old, new) of texts;
the old one must occur in the solution of the question. Each may also stand for all of it: (..., new).
"""

from typing import NamedTuple


class Wrong(NamedTuple):
    """An answer that a student may give, and a part of the message that it must get."""

    part: str
    edits: tuple


def wrong(part, *edits):
    """Return the Wrong with the message `part` that `edits`, pairs (old, new), make of a solution."""
    return Wrong(part, edits)


def edited(solution, edits):
    """Return the text `solution` after `edits`."""
    for old, new in edits:
        if old is not ...:
            assert old in solution, f"{old!r} does not occur in the solution"
        solution = new if old is ... else solution.replace(old, new)
    return solution
