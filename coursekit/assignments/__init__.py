"""The student's side of graded assignments: `grader = start("hw1_numpy_network")`, then `grader.check("q1")`.

A check runs the public tests of a question, which travel with the course, and names the likely mistake. It
needs neither the network nor a grading framework. Points are given by `coursekit.grading`, on the lecturer's
side, from hidden tests that are not part of this package.
"""

import sys

from coursekit import datafiles
from coursekit.assignments.grader import Grader, Report

__all__ = ["Grader", "Report", "names", "start"]


def names():
    """Return the names of all assignments that can be started, as a tuple.

    >>> names()  # doctest: +SKIP
    ('hw1_numpy_network', 'hw2_convolution', 'hw3_brain_food')
    """
    folder = datafiles.path("assignments")
    return tuple(sorted(file.parent.name for file in folder.glob("*/assignment.json")))


def start(name, namespace=None):
    """Return the Grader of the assignment `name`, one of `names()`.

    Answers are looked up in `namespace`, a dictionary; without it, among the global names of the
    caller, which in a notebook are the names that its cells define. Raises ValueError for an
    unknown name, TypeError for a namespace that is not a dictionary.

    >>> start("hw1_numpy_network", {}).check("q1")  # doctest: +SKIP
    … q1: not answered yet: no cell has defined `one_hot`
    """
    if not isinstance(name, str) or name not in names():
        raise ValueError(f"name must be one of {', '.join(names())}. Received: {name!r}")
    if namespace is None:
        namespace = sys._getframe(1).f_globals
    if not isinstance(namespace, dict):
        raise TypeError(f"namespace must be a dictionary of names. Received: {namespace!r}")
    return Grader(name, namespace)
