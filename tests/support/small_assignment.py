"""A small assignment of the tests' own, right and wrong answers to it, and how they become what is handed in."""

import json
from dataclasses import dataclass

POSSIBLE = (3, 6, 2)
VICTIM = "VICTIM_FOLDER"  # replaced by a folder of the test that no submission may reach
SEED = 70_529  # of hidden inputs; it stands in no released file

TESTS = {
    "q1.py": f"""
from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 3

@test_case(points=1, hidden=False, failure_message="each row of softmax(Z) must sum to 1")
def test_public_rows(softmax):
    import numpy as np
    Z = np.array([[1.0, 2.0, 4.0], [0.0, -1.0, 3.0]])
    received = np.asarray(softmax(Z))
    assert received.shape == (2, 3), f"expected shape (2, 3), received {{received.shape}}"
    np.testing.assert_allclose(received.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(received[0], [0.04201007, 0.1141952, 0.84379473], rtol=1e-5)

@test_case(points=2, hidden=True)
def test_hidden_softmax(softmax):
    import numpy as np
    from coursekit.assignments.compare import assert_same
    Z = np.random.default_rng({SEED}).normal(size=(7, 11)) * 400
    e = np.exp(Z - Z.max(1, keepdims=True))
    assert_same(softmax(Z), e / e.sum(1, keepdims=True))
""",
    "q2.py": f"""
from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 6

@test_case(points=2, hidden=False)
def test_public_small(correlate):
    import numpy as np
    received = correlate(np.array([1.0, 2.0, 4.0, 0.0]), np.array([1.0, -1.0]))
    np.testing.assert_allclose(received, [-1, -2, 4], err_msg="for 1, 2, 4, 0 and the kernel 1, -1")

def reference(signal, kernel, stride=1):
    import numpy as np
    return np.correlate(signal, kernel, "valid")[::stride]

@test_case(points=2, hidden=True)
def test_hidden_long(correlate):
    import numpy as np
    from coursekit.assignments.compare import assert_same
    rng = np.random.default_rng({SEED + 1})
    signal, kernel = rng.normal(size=40), rng.normal(size=5)
    assert_same(correlate(signal, kernel), reference(signal, kernel))

@test_case(points=2, hidden=True, failure_message="the stride is not used as asked")
def test_hidden_stride(correlate):
    import numpy as np
    from coursekit.assignments.compare import assert_same
    rng = np.random.default_rng({SEED + 2})
    signal, kernel = rng.normal(size=31), rng.normal(size=4)
    assert_same(correlate(signal, kernel, stride=3), reference(signal, kernel, 3))
""",
    "q3.py": """
from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 2

@test_case(points=0, hidden=False)
def test_public_types(n_parameters, rule):
    from numbers import Integral
    assert isinstance(n_parameters, Integral), "n_parameters must be a whole number"
    assert rule in list("abcd"), "rule must be one of 'a', 'b', 'c', 'd'"

@test_case(points=2, hidden=True)
def test_hidden_values(n_parameters, rule, record):
    import hashlib
    from numbers import Integral
    assert isinstance(n_parameters, Integral)
    record("parameters", n_parameters)
    digest = hashlib.sha256(f"{n_parameters}|{rule}".encode()).hexdigest()
    assert digest == "2cb252547ac540a135ef7235e9d69c7aa0b36aa882fd1cd4077f116c8c6bee84"
""",
}
ABOUT = {
    "name": "hw0_small",
    "questions": [
        {"name": "q1", "title": "Softmax", "points": 3, "manual": False},
        {"name": "q2", "title": "Correlation", "points": 6, "manual": False},
        {"name": "q3", "title": "Counts", "points": 2, "manual": False},
        {"name": "q4", "title": "In your own words", "points": 3, "manual": True},
    ],
    "not_allowed": [
        "numpy.convolve",
        "numpy.correlate",
        "numpy.fft",
        "numpy.lib.stride_tricks.as_strided",
        "scipy",
        "ctypes.PyDLL",
    ],
}
SETTINGS = {
    "limits": {
        "cell_seconds": 2,
        "call_seconds": 1.5,
        "total_seconds": 90,
        "memory_mb": 1500,
        "disk_mb": 32,
        "processes": 60,
    },
    "leaderboard": {"record": "parameters", "baseline": 440},
}

# ---------------------------------------------------------------- answers

START = "from coursekit import assignments\ngrader = assignments.start('hw0_small')\nimport numpy as np"
SOFTMAX = """def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)"""
UNSTABLE = "def softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)"
CORRELATE = """def correlate(signal, kernel, stride=1):
    places = range(0, len(signal) - len(kernel) + 1, stride)
    return np.array([np.sum(signal[i:i + len(kernel)] * kernel) for i in places])"""
NO_STRIDE = CORRELATE.replace(" + 1, stride)", " + 1)")
NUMBERS = "n_parameters = 448\nrule = 'b'"
WRONG_NUMBERS = "n_parameters = 432\nrule = 'b'"
NOTHING = ("def softmax(Z):\n    return 0", "def correlate(signal, kernel, stride=1):\n    return 0", WRONG_NUMBERS)
ESSAY = "Sharing weights makes the answer move with the picture."
STUBS = (
    "def softmax(Z):\n    raise NotImplementedError",
    "def correlate(signal, kernel, stride=1):\n    raise NotImplementedError",
    "n_parameters = ...\nrule = ...",
)


def cell(source, kind="code", identity=None, **metadata):
    made = {"cell_type": kind, "source": source.splitlines(keepends=True), "metadata": metadata}
    if identity:
        made["id"] = identity
    return {**made, "outputs": [], "execution_count": None} if kind == "code" else made


def asked(number, title):
    return cell(f"## {number} · {title} (points)\nDo it.", "markdown", f"q{number}-asked")


def notebook(softmax=SOFTMAX, correlate=CORRELATE, numbers=NUMBERS, essay=ESSAY, extra=(), **metadata):
    """Return a submission as a dictionary: the released notebook, filled in; `extra` are more cells of code."""
    cells = [cell("# Homework 0", "markdown", "title"), cell(START, identity="start")]
    for number, (title, source) in enumerate(
        (("Softmax", softmax), ("Correlation", correlate), ("Counts", numbers)), start=1
    ):
        cells += [asked(number, title)]
        cells += [] if source is None else [cell(source, identity=f"q{number}-code")]
        cells += [cell(f"grader.check('q{number}')", identity=f"q{number}-check")]
    cells += [asked(4, "In your own words"), cell(essay, "markdown", "q4-answer")]
    cells += [cell("<!-- END QUESTION -->", "markdown", "q4-end")]
    cells += [cell(source) for source in extra] + [cell("grader.check_all()", identity="check-all")]
    python = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {**python, **metadata}, "cells": cells}


def data(made):
    return json.dumps(made).encode()


RELEASED = notebook(*STUBS, essay="_Type your answer here, replacing this text._")


@dataclass(frozen=True)
class Submission:
    """What is handed in, the points that q1, q2 and q3 deserve, and a sentence that the report must contain."""

    data: bytes
    points: tuple
    says: str = ""
    kind: str = ".ipynb"


def made(points, says="", **parts):
    return Submission(data(notebook(**parts)), points, says)


def cheat(source, points=(0, 0, 0), says="", **parts):
    """Wrong answers, after a cell that tries to be given points for them."""
    answers = dict(zip(("softmax", "correlate", "numbers"), NOTHING))
    answers.update(parts)
    answers["softmax"] = f"{source}\n{answers['softmax']}"
    return made(points, says, **answers)


def accident(source, points=POSSIBLE, says="", **parts):
    """Right answers, and at the end of the cell of q2 something that goes wrong."""
    return made(points, says, correlate=f"{CORRELATE}\n{source}", **parts)


def raised(number):
    return dict(correlate=f"def correlate(signal, kernel, stride=1):\n    {number}")
