"""Likely mistakes, recognised by what they return: the bank that travels with an assignment.

The bank holds no code, from which an answer could be taken, but numbers: for a name that the student
defines, `probes` (arguments to call it with) and, for each misconception, a sentence and what an answer
with that mistake returns for each probe. `make assignments` writes it; `likely` compares.
"""

import json

import numpy as np

from coursekit.checks.exercise import Exercise
from coursekit.checks.recorded import decode, looked_up


def read(path):
    """Return {name: (probes, ((sentence, returned), …))} from a bank, the JSON file at `path`.

    `probes` is a tuple of tuples of arguments, `returned` a tuple with one value per probe.
    """
    return parsed(path.read_text(encoding="utf-8"))


def parsed(text):
    """Return what `read` returns, from the text of a bank."""
    return {
        name: (decode(entry["probes"]), tuple((m["sentence"], decode(m["returned"])) for m in entry["misconceptions"]))
        for name, entry in json.loads(text).items()
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
    exercise = Exercise(
        name,
        cases=probes,
        judge=lambda *case_and_answer: "not it",
        misconceptions=tuple((sentence, looked_up(probes, values)) for sentence, values in misconceptions),
    )
    with np.errstate(all="ignore"):
        message = exercise.check(answer).message
    if message.endswith("work on a copy"):
        return message[message.index("your function") :]
    return message.partition("\nLikely: ")[2] or None
