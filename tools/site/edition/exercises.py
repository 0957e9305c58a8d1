"""Exercises that are answered on the page: each bank locked with its own answers, and the form that asks.

What a page carries of an exercise is what `Exercise.check` says, asked when the site is built. Each right answer and
each misconception lies in a cell of a grid. The cell's name, as a digest, finds what is said of it; the name itself
opens it. So the source of a page shows no answer: whoever wants it there must guess it first. That is a curtain, not a
safe, since the lecture folds its answers below the exercises.
"""

import html
import json
import math
import re

import numpy as np

from coursekit.checks import exercises
from coursekit.checks.hints import HINTS
from edition import SiteError

_CHECK = re.compile(r'^check\("(\d\d\.\w+)", (\w+)\)$', re.MULTILINE)
_MASK = 0xFFFFFFFF
_HELP = {
    "number": "A number; 1/2, 2**10 and 1,024 can be read, too.",
    "values": "Values with commas between them, as in [1, 2].",
    "array": "Rows in brackets, as in [[1, 2], [3, 4]].",
}


def asked(source):
    """Return the exercise that a cell checks and the name of the answer there, or None.

    >>> asked('steps = ...\\n\\ncheck("08.steps", steps)')[1]
    'steps'
    """
    found = _CHECK.search(source)
    return found and (exercises(found[1][:2])[found[1]], found[2])


def form(exercise, name, colab):
    """Return what stands below an exercise's cell, as HTML: a form, or why only Python can check the answer."""
    why = _only_python(exercise)
    if why:
        return f'<p class="exercise-note">{why} <a href="{colab}">Answer it in Colab</a>.</p>'
    told = bank(exercise)
    identity = f"answer-{exercise.name.replace('.', '-')}"
    data = html.escape(json.dumps(told, separators=(",", ":"), ensure_ascii=False), quote=True)
    return (
        f'<noscript><p class="exercise-note">Checked here where JavaScript runs; without it, '
        f'<a href="{colab}">answer in Colab</a>.</p></noscript>'
        f'<form class="exercise" hidden data-bank="{data}" aria-label="Check {name}">'
        f"{_field(told, identity, name)}"
        f'<button type="submit">Check</button><div role="status" id="{identity}-result"></div></form>'
    )


def _field(told, identity, name):
    code = f'<code class="literal">{name} =</code>'
    if "choices" in told:
        options = "".join(
            f'<label><input type="radio" name="{identity}" value="{html.escape(one)}"> {html.escape(one)}</label>'
            for one in told["choices"]
        )
        return f"<fieldset><legend>Your answer: {code}</legend>{options}</fieldset>"
    return (
        f'<label for="{identity}">Your answer: {code}</label><input type="text" id="{identity}" maxlength="200" '
        f'autocomplete="off" autocapitalize="off" spellcheck="false" '
        f'aria-describedby="{identity}-help {identity}-result">'
        f'<small id="{identity}-help">{_HELP[told["form"]]}</small>'
    )


def _only_python(exercise):
    """Return why the browser cannot check an exercise, as a sentence, or an empty text."""
    if exercise.cases != ((),):
        return "Your answer is a function, which needs Python."
    if exercise.judge is not None:
        return "This answer is judged by a program, which needs Python."
    return ""


def bank(exercise):
    """Return what a page needs to answer as `exercise.check` does: its kind of answer in clear, all else locked.

    Raises SiteError for an exercise whose reference is not right by its own check, and for dictionaries.
    """
    right = exercise.reference()
    if exercise.check(right).passed is not True or isinstance(right, dict):
        raise SiteError(f"{exercise.name}: the page cannot ask for its answer; give it cases or a judge.")
    wanted = re.search(r"expected (.+), received", exercise.check(()).message)[1]
    answers = [(right, None)]
    for _, misconception in exercise.misconceptions:
        said = exercise.check(misconception()).message
        answers.append((misconception(), said.partition("\nLikely: ")[2]))
    told = {"name": exercise.name, "wanted": wanted, "tolerance": exercise.tolerance} | _grid(answers, exercise)
    told["form"] = {"a number": "number"}.get(wanted, "array" if wanted.startswith("an array") else "values")
    if isinstance(right, bool):
        told["choices"] = ["True", "False"]
    elif isinstance(right, str):
        told["choices"] = sorted({answer for answer, _ in answers})
    locked = {}
    for answer, said in answers:
        place = _place(answer, told)
        locked.setdefault(place, []).append([[[value, whole] for value, whole in _leaves(answer)], said])
    sealed = {
        digest(f"{exercise.name} {place}"): _sealed(json.dumps(what), f"{place} {exercise.name}")
        for place, what in locked.items()
    }
    told["locked"] = dict(sorted(sealed.items()))  # in the bank's order the right answer comes first
    told["hint"] = _sealed(HINTS[exercise.name], exercise.name) if exercise.name in HINTS else ""
    return told


def _grid(answers, exercise):
    """Return width and offset of cells such that no answer of the bank, with its tolerance, lies on a border."""
    values = [value for answer, _ in answers for value, _ in _leaves(answer) if not isinstance(value, str)]
    reach = max([2 * exercise.tolerance * (1 + abs(value)) for value in values], default=0)
    width = 2.0 ** max(-3, math.ceil(math.log2(16 * reach or 1)))
    for step in range(1, 64):
        offset = width * step / 64
        if all(math.floor((v - reach - offset) / width) == math.floor((v + reach - offset) / width) for v in values):
            return {"width": width, "offset": offset}
    raise SiteError(f"{exercise.name}: its answers lie on all grids. Give it a smaller tolerance.")


def _place(answer, told):
    """Return the name of the cell in which an answer lies: brackets, and a whole number for each of its numbers."""
    if isinstance(answer, (list, tuple, np.ndarray)) and np.ndim(answer):
        return f"[{','.join(_place(one, told) for one in answer)}]"
    if isinstance(answer, str):
        return f"text {answer}"
    return str(math.floor((float(answer) - told["offset"]) / told["width"]))


def _leaves(answer):
    """Yield (value, whether it is compared as a whole number) of each number or text in an answer."""
    if isinstance(answer, (list, tuple)):
        for one in answer:
            yield from _leaves(one)
    elif isinstance(answer, str):
        yield answer, 1
    else:
        array = np.asarray(answer)
        whole = int(np.issubdtype(array.dtype, np.integer))
        yield from ((value, whole) for value in array.ravel().tolist())


def digest(text):
    """Return 16 hexadecimal digits of a text: FNV-1a twice, since a page opened from a folder lacks crypto.subtle.

    >>> digest("") != digest(" ") and len(digest("x"))
    16
    """
    one, other = 0x811C9DC5, 0x9747B28C
    for byte in text.encode():
        one = (one ^ byte) * 0x01000193 & _MASK
        other = (other ^ byte ^ one >> 13) * 0x01000193 & _MASK
    return f"{one:08x}{other:08x}"


def _sealed(text, key):
    """Return a text as hexadecimal digits that `key` turns back into it."""
    given = text.encode()
    stream = "".join(digest(f"{key} {number}") for number in range(math.ceil(len(given) / 8)))
    return bytes(a ^ b for a, b in zip(given, bytes.fromhex(stream), strict=False)).hex()
