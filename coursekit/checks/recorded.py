"""Exercises as a copy without answers holds them: numbers, and no code from which an answer could be taken.

An answer that is a function is still checked: what the right answer and each likely mistake return is recorded, case
by case, and a check shows no more of it than it always did. An answer that is a value would stand there, so it is
withheld; so are exercises with many right answers, and those whose cases hold functions, which no file can hold.
"""

import json
from dataclasses import dataclass

import numpy as np

from coursekit.checks.exercise import Exercise, Result


@dataclass(frozen=True)
class Withheld:
    """An exercise that is not checked in this copy of the course; `note` is the sentence that says so."""

    name: str
    note: str

    def check(self, answer):
        """Return the Result for `answer`: `passed` is None, whatever it is; nothing of it is run."""
        code = getattr(answer, "__code__", None)
        stub = answer is None or answer is Ellipsis or code is not None and "NotImplementedError" in code.co_names
        return Result(self.name, None, "not answered yet" if stub else self.note)


def record(exercise, note):
    """Return an Exercise as JSON holds it: what `restore` needs, without its code.

    Where it must be withheld, that is its name and `note`, the sentence for students.
    """
    withheld = {"name": exercise.name, "note": note}
    if exercise.judge is not None or exercise.cases == ((),):
        return withheld
    try:
        cases = decode(encode(exercise.cases))  # rounded, as the copy will have them
    except TypeError:
        return withheld
    return {
        "name": exercise.name,
        "tolerance": exercise.tolerance,
        "cases": encode(cases),
        "expected": encode(_returned(exercise.reference, cases)),
        "misconceptions": [
            {"sentence": sentence, "returned": encode(_returned(wrong, cases))}
            for sentence, wrong in exercise.misconceptions
        ],
    }


def restore(entry):
    """Return the Exercise, or the Withheld one, that `record` has made `entry` of."""
    if "note" in entry:
        return Withheld(entry["name"], entry["note"])
    cases = decode(entry["cases"])
    return Exercise(
        entry["name"],
        cases=cases,
        reference=looked_up(cases, decode(entry["expected"])),
        misconceptions=tuple(
            (one["sentence"], looked_up(cases, decode(one["returned"]))) for one in entry["misconceptions"]
        ),
        tolerance=entry["tolerance"],
    )


def read(path):
    """Return {name: exercise} from the JSON file at `path`, a list of what `record` returns."""
    return {entry["name"]: restore(entry) for entry in json.loads(path.read_text(encoding="utf-8"))}


def looked_up(cases, values):
    """Return a function that, called with one of `cases` (tuples of arguments), returns its value from `values`."""
    known = {_key(case): value for case, value in zip(cases, values)}
    return lambda *case: known[_key(case)]


def _key(case):
    return json.dumps(encode(case))


def _returned(function, cases):
    """Return what a function returns for each case, as a tuple; None where it has no answer to it."""
    found = []
    for case in cases:
        try:
            found.append(decode(encode(function(*decode(encode(case))))))
        except Exception:  # a mistake that stumbles over this case is not recognised by it
            found.append(None)
    return tuple(found)


# ---------------------------------------------------------------- values as JSON


def encode(value):
    """Return `value` as JSON can hold it: numbers, strings, None, arrays, and tuples, lists, dictionaries of them.

    >>> decode(encode((np.arange(3), {"a": [1.5, None]})))
    (array([0, 1, 2]), {'a': [1.5, None]})
    """
    if isinstance(value, np.ndarray):
        return {"array": _rounded(value.ravel().tolist()), "shape": value.shape, "dtype": str(value.dtype)}
    if isinstance(value, np.generic):
        return encode(value.item())
    if isinstance(value, (tuple, list)):
        return {type(value).__name__: [encode(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[encode(key), encode(item)] for key, item in value.items()]}
    if value is None or isinstance(value, (bool, int, str, float)):
        return _rounded([value])[0]
    raise TypeError(f"value must be numbers, strings, arrays or containers of them. Received: {value!r}")


def decode(value):
    """Return the value that `encode` has encoded."""
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return np.array(value["array"], value["dtype"]).reshape(value["shape"])
    if "dict" in value:
        return {decode(key): decode(item) for key, item in value["dict"]}
    ((kind, items),) = value.items()
    return {"tuple": tuple, "list": list}[kind](decode(item) for item in items)


def _rounded(values):
    """Ten digits are far more than a comparison asks for, and the same on every machine."""
    return [float(f"{value:.10g}") if isinstance(value, float) else value for value in values]
