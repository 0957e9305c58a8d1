"""The bank of answers: for every exercise of a lecture the solution, the untouched stub, and wrong answers.

One module a lecture, named as that of its checks, with one constant, ``BANK = {name of exercise: Answers}``.
`test_exercises` proves with it that the check of the exercise says the right thing of each. To add a
lecture: write each solution anew (the reference of the check should not prove itself), then at least eight
answers that a student might give, the likely ones first: the wrong axis, one off, a flipped kernel, an ignored
argument, all zeros, a shape written as a number, an edit in place, a forgotten return. Beside each stands what
its message must contain; an answer for every misconception that the exercise names must be among them.
"""

from typing import NamedTuple


class Answers(NamedTuple):
    """What a student may answer to one exercise."""

    solution: object
    stub: object  # as it stands in the notebook: `...`, or a function that raises NotImplementedError
    wrong: tuple  # of pairs (answer, part of the message that it must get)
