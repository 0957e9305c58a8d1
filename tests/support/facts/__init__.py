"""The numbers that the course must reproduce, each with the notebook cell that computes it.

One module a lecture, named as that of its checks, with one constant, ``FACTS``: a tuple of `Fact`. The
numbers are written here by hand, from the lectures that the course merges or from a pencil, and never
copied from an output. `test_facts` looks for them in what the cell printed; nbval sees to it that the
cell still prints that. Slides and assignments quote a fact by its name.
"""

from typing import NamedTuple


class Fact(NamedTuple):
    """One statement, and the cell of the lecture that shows it."""

    name: str  # "03.dense_parameters"
    says: str  # the statement in a sentence, for the reader of this table
    cell: str  # id of the code cell
    numbers: tuple  # what its output holds, in this order, as printed: "62,338"
