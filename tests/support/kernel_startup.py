"""Run in every kernel that `pytest --figures` starts, as its PYTHONSTARTUP: figures that are shown there are judged.

It leaves no name behind, for the notebook's own names lie in the same place.
"""

if "get_ipython" in globals():  # in a kernel, and not where pytest looks for examples
    __import__("sys").path.append(__import__("os").path.dirname(__file__))
    __import__("figure_layout").watch_kernel(get_ipython())  # noqa: F821
