"""The least cells of a lecture that an explorer needs: those that make or change what its own cell reads."""

import ast

# What changes a thing that is handed over, in the course's words and Keras's, and what sets a seed.
_TRAINING = {"fit", "train", "train_on_batch"}
_SEEDING = {"reproducible", "set_random_seed", "seed"}
_ONLY_SHOWING = {"print", "display", "plots"}


def needed(cells, chosen):
    """Return the cells (of `cells`, code in order) that the cells with the ids `chosen` need, they themselves included.

    A cell is needed if it binds, changes in place or trains a name that a needed cell after it reads, or sets a seed.
    Cells that are not plain Python, such as an installation by a magic, are left out.

    >>> from nbformat.v4 import new_code_cell as cell
    >>> texts = ["a = [1]", "print(a)", "a.append(3)", "b = a + [2]", "c = 5", "fit(b)", "show(b)", "b = 7"]
    >>> cells = [cell(text, id=str(number)) for number, text in enumerate(texts)]
    >>> [one.source for one in needed(cells, {"6"})]
    ['a = [1]', 'a.append(3)', 'b = a + [2]', 'fit(b)', 'show(b)']
    """
    kept, read = [], set()
    for cell in reversed(cells):
        tree = _parsed(cell.source)
        if cell.id in chosen or (kept and tree and (_changed(tree) & read or _seeds(tree))):
            kept.append(cell)
            read |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return kept[::-1]


def _parsed(source):
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def _changed(tree):
    """Return the names that the cell binds, writes into, or hands to what may change them."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(getattr(node, "ctx", None), ast.Store):
            found |= _roots([node])
        elif isinstance(node, ast.Call) and _last(node.func) in _TRAINING:
            found |= _roots([node.func, *node.args])
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):  # its result is thrown away
            call = node.value
            if not _roots([call.func]) & _ONLY_SHOWING:
                found |= _roots([call.func, *call.args])
    return found


def _seeds(tree):
    return any(isinstance(node, ast.Call) and _last(node.func) in _SEEDING for node in ast.walk(tree))


def _last(function):
    return getattr(function, "attr", getattr(function, "id", ""))


def _roots(nodes):
    """Return the names at which expressions such as a.b[0] begin."""
    found = set()
    for node in nodes:
        while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
            node = node.value
        if isinstance(node, ast.Name):
            found.add(node.id)
    return found
