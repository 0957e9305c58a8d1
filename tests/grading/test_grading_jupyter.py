"""Cells of IPython in the worker: afterwards the same names have the same values as in a real IPython."""

import ast
import builtins
import json
import os
import subprocess
import sys

import pytest

from coursekit.grading import cells, jupyter

CELLS = {
    "%time keeps": ["f = lambda: 7", "%time x = f()"],
    "%time of a value": ["x = %time 5 + 1"],
    "%time of two statements": ["%time x = 5; y = x + 1"],
    "%%time": ["%%time\nx = 5\ny = x + 1\ny", "z = _"],
    "%time inside a function": ["def f():\n    n = 4\n    y = %time n + 1\n    return y", "x = f()"],
    "%timeit forgets": ["a = 1", "%timeit -n 1 -r 1 x = a"],
    "%%timeit forgets, its setup too": ["%%timeit -n 1 -r 1 a = 2\nb = a", "c = 1"],
    "%%capture": ["%%capture out\nprint('said')\nx = 1", "text = out.stdout"],
    "%%capture with options": ["%%capture --no-stderr out\nx = 2", "y = x"],
    "%%writefile": ["%%writefile made.py\nx = 3\n", "from made import x"],
    "%run": ["%%writefile ran.py\nx = 3\nname = __name__\n", "%run ran.py"],
    "%run -i": ["n = 5", "%%writefile with_names.py\nx = n\n", "%run -i with_names"],
    "the last values": ["1", "2", "x, y, z = _, __, ___", "4;", "w = _", "None", "v = _"],
    "an own underscore": ["_ = 8", "5", "x = _"],
    "underscores of loops": ["for _ in range(3): pass", "7", "x = _"],
    "Out and In": ["40 + 2", "x = Out[1]", "y = In[1]", "z = _1, _i1, _i"],
    "await": ["import asyncio", "x = await asyncio.sleep(0, 5)", "await asyncio.sleep(0, 6)", "y = _"],
    "prompts": [">>> x = 1\n>>> if x:\n...     y = 2", "In [3]: z = 3\n   ...: w = 4"],
    "an indented cell": ["    x = 1\n    if x:\n        y = 2"],
    "the future": ["from __future__ import annotations", "def f(a: Nowhere): pass", "x = f.__annotations__['a']"],
    "a continuation beside a magic": ["%who\nx = 9 \\\n  % 4\ny = '''\n% no\n!ls'''\nz = (9\n% 5)"],
    "a shell command": ["!touch here.txt", "import os", "x = os.path.exists('here.txt')"],
    "what a shell command writes": ["files = !echo one; echo two", "x = list(files), files.n, files[0]"],
    "a variable in a command": ["name = 'one'", "said = !echo {name} $name", "x = said[0]"],
    "a command in a function": ["def f():\n    said = !echo in\n    return said[0]", "x = f()"],
    "an environment variable": ["%env COLOUR=red", "import os", "x = os.environ['COLOUR']"],
    "another folder": ["import os", "os.mkdir('deep')", "%cd deep", "x = os.path.basename(os.getcwd())"],
    "help": ["x = [1]", "x?", "?x", "len??"],
    "a magic in a branch": ["if True:\n    %who\n    x = 1"],
    "an error in the middle": ["x = 1", "y = 2\n1 / 0\nz = 3", "w = 4"],
    "text that looks like a magic": ['x = \'%time y = 1\'\n"""\n%%time\n"""', "y = 5 % 3"],
    "an unknown magic": ["%no_such_magic x = 1", "y = 2"],
    "nothing": ["", "  \n", "# a remark", "1", "x = Out"],
    "a semicolon": ["5;", "6", "7 ;", "x = _"],
    "languages": ["%%bash\ntouch made.txt", "%%html\n<b>x</b>", "import os", "x = os.path.exists('made.txt')"],
}
REAL = """
import asyncio, json, os, sys
from IPython.core.interactiveshell import InteractiveShell
found = {}
folder = os.getcwd()
for name, cells in json.load(open("cells.json")).items():
    os.makedirs(os.path.join(folder, name)); os.chdir(os.path.join(folder, name))
    for key in ("made", "ran"): sys.modules.pop(key, None)
    sys.path[:] = [os.getcwd(), *[p for p in sys.path if not p.startswith(folder)]]
    shell = InteractiveShell()
    before = set(shell.user_ns)
    for source in cells: shell.run_cell(source, store_history=True)
    found[name] = {k: repr(v) for k, v in shell.user_ns.items()
                   if not k.startswith("_") and k not in before and isinstance(v, (int, str, tuple, list, dict))}
    os.chdir(folder)
json.dump(found, open("found.json", "w"))
"""


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """{name: {variable: how it looks}} after the cells ran in a real IPython."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "cells.json").write_text(json.dumps(CELLS))
    clean = {**os.environ, "IPYTHONDIR": str(folder / "profile"), "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", REAL], cwd=folder, env=clean, capture_output=True, text=True, timeout=300
    )
    assert (folder / "found.json").exists(), done.stderr[-2000:]
    return json.loads((folder / "found.json").read_text())


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Run cells as the worker does, in a folder of their own; return the names afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "IPython.core.getipython", raising=False)
    for name in ("made", "ran"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    for name in ("get_ipython", "display"):
        monkeypatch.setattr(builtins, name, None, raising=False)
    monkeypatch.setenv("COLOUR", "")

    def run(sources):
        names = {"__name__": "__main__", "__builtins__": builtins}
        shell = jupyter.Shell(names, cells.parse)
        for source in sources:
            shell.begin(source)
            try:
                statements = cells.parse(source)
                for statement in statements:
                    shell.run(statement, "a cell", statement is statements[-1] and not source.rstrip().endswith(";"))
            except Exception:
                continue
        return names

    yield run
    sys.modules.pop("IPython.core.getipython", None)


@pytest.mark.parametrize("name", CELLS)
def test_the_same_names_have_the_same_values_as_in_ipython(name, real, here):
    names = here(CELLS[name])
    plain = {key: repr(names[key]) for key in real[name] if key in names}
    assert plain == real[name]
    mine = {key for key, value in names.items() if isinstance(value, (int, str, tuple, list)) and key[0] != "_"}
    assert mine - {"In"} <= set(real[name]) | {"files", "said"}


def test_commands_that_install_or_fetch_are_not_run(here):
    names = here(["x = !pip download nothing && echo ran", "y = !wget -O made.txt x; echo ran", "!curl x > made.txt"])
    assert (names["x"], names["y"], os.path.exists("made.txt")) == ([], [], False)


@pytest.mark.parametrize(
    ("source", "needs"),
    [
        ("def f[T](x): return x", "3.12"),
        ("type A = int", "3.12"),
        ("class A[T]: pass", "3.12"),
        ("try: pass\nexcept A, B: pass", "3.14"),
        ("x = t'{1}'", "3.14"),
        ("x = 1\nf'{d['a']}'", "3.12"),
    ],
)
def test_newer_syntax_has_a_message_of_its_own(source, needs, monkeypatch):
    monkeypatch.setattr(cells.sys, "version_info", (3, 10, 0))
    if sys.version_info >= (3, 12):
        monkeypatch.setattr(cells.ast, "parse", lambda *_: (_ for _ in ()).throw(SyntaxError("no")))
    with pytest.raises(SyntaxError, match=f"this needs Python {needs}, the grader runs Python 3.10"):
        cells.parse(source)


def test_python_that_needs_nothing_of_ipython_does_not_import_it():
    script = "import sys\nsys.path.insert(0, 'coursekit/grading')\nimport cells\ncells.parse('x = 1')\nprint('IPython' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_statements_of_a_timed_cell_are_its_own():
    assert [ast.unparse(one) for one in cells.parse("%%time\nx = 1\n%time y = 2")] == [
        "x = 1",
        "get_ipython().run_line_magic('time', 'y = 2')",
    ]
