"""Which code cells of a notebook another one needs, so that an explorer can be shown without hours of lecture."""

import ast

from IPython.core.inputtransformer2 import TransformerManager

HARMLESS = {"plots", "print", "checks", "len", "list", "np"}  # calls that leave what they are given as it is


def needed(sources, wanted):
    """Return the numbers, in order, of the code cells that must run for those in `wanted`, and these themselves.

    `sources` are the texts of all code cells in order. A cell is needed when it gives a name that a needed later
    one reads, or passes such a name to a function that may change it.

    >>> needed(["a = 1", "b = 2", "fit(a)", "plots.show(a)", "print(a)"], [4])
    [0, 2, 4]
    """
    parts = [_names(source) for source in sources]
    modules = {name for part in parts for name in part[3]}
    chosen, open_names = set(), set()
    for number in range(max(wanted), -1, -1):
        given, changed, read, _ = parts[number]
        changed = changed - modules
        if number in wanted or (given | changed) & open_names:
            chosen.add(number)
            open_names = (open_names - (given - changed)) | read
    return sorted(chosen)


def _names(source):
    """Return the names that a cell binds, may change, reads, and imports: four sets."""
    tree = ast.parse(TransformerManager().transform_cell(source))
    bound, changed, read, modules = set(), set(), set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            modules |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            changed.add(_root(node))
        elif isinstance(node, ast.AugAssign):
            changed.add(_root(node.target))
            read.add(_root(node.target))
        elif isinstance(node, ast.Call) and _root(node.func) not in HARMLESS:
            changed |= {_root(part) for part in (node.func, *node.args, *(word.value for word in node.keywords))}
    return bound | modules, changed - {None}, read, modules


def _root(node):
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
