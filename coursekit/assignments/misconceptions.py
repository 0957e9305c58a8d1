"""Likely mistakes, recognised by what they return: the bank that travels with an assignment.

The bank holds no code, from which an answer could be taken, but numbers: for a name that the student
defines, `probes` (arguments to call it with) and, for each misconception, a sentence and what an answer
with that mistake returns for each probe. `make assignments` writes it; `likely` compares.
"""

import json

import numpy as np

from coursekit.checks.exercise import Exercise


def read(path):
    """Return {name: (probes, ((sentence, returned), …))} from a bank, the JSON file at `path`.

    `probes` is a tuple of tuples of arguments, `returned` a tuple with one value per probe.
    """
    text = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: (decode(entry["probes"]), tuple((m["sentence"], decode(m["returned"])) for m in entry["misconceptions"]))
        for name, entry in text.items()
    }


def likely(name, answer, bank):
    """Return the sentence for `answer`, the student's `name`, from a `bank` as `read` returns it, or None.

    The sentence belongs to the misconception whose values the answer returns for all probes. An answer
    that changes its arguments is told so.

    >>> bank = {"double": (((2,), (3,)), (("this is the square", (4, 9)),))}
    >>> likely("double", lambda n: n**2, bank), likely("double", lambda n: 2 * n, bank)
    ('this is the square', None)
    """
    if name not in bank:
        return None
    probes, misconceptions = bank[name]
    order = {repr(probe): number for number, probe in enumerate(probes)}
    exercise = Exercise(
        name,
        cases=probes,
        judge=lambda *case_and_answer: "not it",
        misconceptions=tuple(
            (sentence, lambda *case, values=values: values[order[repr(case)]]) for sentence, values in misconceptions
        ),
    )
    with np.errstate(all="ignore"):
        message = exercise.check(answer).message
    if message.endswith("work on a copy"):
        return message[message.index("your function") :]
    return message.partition("\nLikely: ")[2] or None


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
