"""Honest work, in all the forms that platforms give it."""

from small_assignment import (
    CORRELATE,
    NO_STRIDE,
    NOTHING,
    NUMBERS,
    POSSIBLE,
    RELEASED,
    SOFTMAX,
    UNSTABLE,
    WRONG_NUMBERS,
    Submission,
    data,
    made,
    notebook,
)

HONEST = {
    "perfect": made(POSSIBLE),
    "partial": made(
        (1, 4, 0), "the stride is not used as asked", softmax=UNSTABLE, correlate=NO_STRIDE, numbers=WRONG_NUMBERS
    ),
    "blank": Submission(data(RELEASED), (0, 0, 0), "not answered yet"),
    "nan answers": made(
        (0, 6, 2), "each row of softmax(Z) must sum to 1", softmax="def softmax(Z):\n    return Z * np.nan"
    ),
    "wrong types": made(
        (0, 6, 0),
        "n_parameters must be a whole number",
        softmax="def softmax(Z):\n    return 'seven'",
        numbers="n_parameters = '448'\nrule = 'b'",
    ),
    "a float for a count": made((3, 6, 0), numbers="n_parameters = 448.0\nrule = 'b'"),
    "in-place edit": made(
        (0, 6, 2),
        "changed its argument",
        softmax="""def softmax(Z):
    Z -= Z.max(axis=1, keepdims=True)
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)""",
    ),
    "wrong axis": made((0, 6, 2), "each row of softmax(Z)", softmax=SOFTMAX.replace("axis=1", "axis=0")),
    "deleted cell": made((3, 0, 2), "does not define `correlate`", correlate=None),
    "renamed function": made((0, 6, 2), "does not define `softmax`", softmax=SOFTMAX.replace("softmax", "soft_max")),
    "extra cells": made(POSSIBLE, extra=("print('hello')", "x = [i**2 for i in range(5)]", "")),
    "hard-coded public answers": made(
        (1, 2, 0),
        "A hidden test with other inputs failed.",
        softmax="""def softmax(Z):
    return np.array([[0.04201007, 0.1141952, 0.84379473], [0.0466, 0.0171, 0.9363]])""",
        correlate="def correlate(signal, kernel, stride=1):\n    return np.array([-1, -2, 4])",
        numbers=WRONG_NUMBERS,
    ),
    "magics and shell": made(
        POSSIBLE,
        numbers=f"%matplotlib inline\n!ls\nfiles = !ls\n{NUMBERS}\nprint?",
        extra=("%%bash\nrm -rf x", "%%time\ny = 1", "%pip install numpy"),
    ),
    "lists for arrays": made(POSSIBLE, correlate=CORRELATE.replace("return np.array(", "return list(")),
    "a class with a call": made(
        POSSIBLE,
        correlate=CORRELATE.replace("def correlate(", "def inner(")
        + "\nclass Correlator:\n    def __call__(self, *a, **k): return inner(*a, **k)"
        "\ncorrelate = Correlator()",
    ),
    "a generator": made(
        POSSIBLE,
        correlate=CORRELATE.replace("def correlate(", "def inner(")
        + "\ndef correlate(*a, **k):\n    return [*(x for x in inner(*a, **k))]",
    ),
}
_shuffled = notebook()
_shuffled["cells"] = [*_shuffled["cells"][:2], *reversed(_shuffled["cells"][2:])]
_colab = notebook(colab={"provenance": []}, accelerator="GPU", kernelspec={"name": "python3", "display_name": "x"})
_colab["nbformat_minor"] = 0
_colab["metadata"].pop("language_info")
for _position, _cell in enumerate(_colab["cells"]):
    _cell["metadata"] = {"id": f"aB3{_position}", "colab": {"base_uri": "x"}}
    _cell.pop("id", None)
_points = notebook(*NOTHING, otter={"tests": {"q1": "name = 'q1'\npoints = 100"}, "assignment_name": "hw9"})
for _cell in _points["cells"]:
    _cell["metadata"] = {"nbgrader": {"grade": True, "points": 100}, "points": 100}
_other = notebook(kernelspec={"name": "ir", "language": "R", "display_name": "R"}, language_info={"name": "R"})
FORMS = {
    "reordered cells": Submission(data(_shuffled), POSSIBLE),
    "saved by Colab": Submission(data(_colab), POSSIBLE),
    "byte order mark": Submission(b"\xef\xbb\xbf" + data(notebook()), POSSIBLE),
    "another language": Submission(data(_other), (0, 0, 0), "is written in r, not in Python"),
    "no notebook": Submission(b"%PDF-1.7 \x00\xff\xfe", (0, 0, 0), "is not a Jupyter notebook"),
    "empty file": Submission(b"", (0, 0, 0), "is not a Jupyter notebook"),
    "truncated notebook": Submission(data(notebook())[:-40], (0, 0, 0), "is not a Jupyter notebook"),
    "nested lists": Submission(b"[" * 200_000, (0, 0, 0), "notebook"),
    "cells that are none": Submission(b'{"cells": [3, null]}', (0, 0, 0), "is not a Jupyter notebook"),
    "edited points": Submission(data(_points), (0, 0, 0)),
}
