"""What a notebook is told where there is no TensorFlow: one sentence for each cell that needs it, and where it runs.

Such places are browsers (JupyterLite), a Python that is newer than TensorFlow, and Macs with Intel's processors. All
that is NumPy alone runs there. A cell that needs TensorFlow, or what an earlier such cell should have made, is not
begun: half of it would leave names with values that the text does not speak of.
"""

import ast
import importlib.util
import sys
from importlib import metadata

from IPython import get_ipython
from IPython.core.error import InputRejected

_COLAB = "https://colab.research.google.com/github/"


class NeedsTensorFlow(InputRejected, ModuleNotFoundError):
    """There is no TensorFlow here; notebooks show the sentence alone, without a traceback."""

    def __init__(self, needed="TensorFlow"):
        super().__init__(
            f"This needs {needed}, and there is no TensorFlow here: it runs in Colab{_address()}, and wherever "
            "`make lab` has installed the course. All that is NumPy alone runs here, too."
        )
        self.name = "tensorflow"

    def _render_traceback_(self):
        return [str(self)]


def require():
    """Raise NeedsTensorFlow where there is no TensorFlow; the notebook's later cells that need it then say so, too."""
    if "tensorflow" in sys.modules or importlib.util.find_spec("tensorflow") is not None:
        return
    shell = get_ipython()
    if shell is not None and not any(isinstance(one, Lost) for one in shell.ast_transformers):
        lost = Lost()
        lost.names |= bound(ast.parse(shell.user_ns["In"][-1]))
        shell.ast_transformers.append(lost)
    raise NeedsTensorFlow


class Lost:
    """IPython shows it each cell before it is run. `names` are those that cells without TensorFlow could not make."""

    def __init__(self):
        self.names = {"keras", "tensorflow"}

    def visit(self, tree):
        """Return the syntax tree of a cell; raises NeedsTensorFlow where it reads a lost name, and loses its own."""
        own = bound(tree)
        read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - own
        read |= {name.partition(".")[0] for name in imported(tree)}
        needed = sorted(read & self.names)
        if needed:
            self.names |= own
            known = {"keras", "tensorflow"} & set(needed)
            raise NeedsTensorFlow("TensorFlow" if known else f"`{needed[0]}`, which a cell with TensorFlow makes")
        self.names -= own
        return tree


def bound(tree):
    """Return the names that the code in a syntax tree binds, those inside its functions included.

    >>> sorted(bound(ast.parse("import a.b, c as d; e = [f for f in range(3)]; g += 1")))
    ['a', 'd', 'e', 'f', 'g']
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
    return found


def imported(tree):
    """Return the dotted names of the modules that the code in a syntax tree imports from elsewhere.

    >>> sorted(imported(ast.parse("import a.b, c as d; from e.f import g")))
    ['a.b', 'c', 'e.f']
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def _address():
    """Where Colab shows the notebooks of the repository that this package came from, as part of a sentence."""
    try:
        addresses = metadata.metadata("coursekit").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    found = [one.partition("https://github.com/")[2] for one in addresses]
    return f" ({_COLAB}{found[0]})" if found and found[0] else ""
