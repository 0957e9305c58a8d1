"""What a cell finds in Jupyter beside Python: `get_ipython`, magics, `display`, `_`, `In`, `Out`, top-level `await`.

Used in the student's process, without coursekit. Whatever changes variables or files does here what it does
there; whatever only shows something, or installs something, does nothing.
"""

import __future__

import ast
import builtins
import contextlib
import importlib.util
import inspect
import io
import json
import os
import re
import subprocess
import sys
import textwrap
import time
import types

_FUTURE = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})
_INSTALLS = re.compile(r"\b(pip3?|conda|mamba|uv|apt|apt-get|brew|npm|wget|curl|git|sudo|jupyter)\b")
_SHELLS = ("bash", "sh", "!", "sx", "system")
_OPTIONS = re.compile(r"(-[nrtp]\s*\d+|-[a-zA-Z]+)\s+")
_NAMED = re.compile(r"\{(\w+)\}|\$(\w+)")


class Silent:
    """Stands for what shows something: it has every attribute, and calls do nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Silent()

    def __call__(self, *arguments, **named):
        return Silent()

    def __repr__(self):
        return "checked by the grader"


class Lines(list):
    """The lines that a command wrote, as IPython gives them."""

    n = s = property(lambda self: "\n".join(self))
    l = property(list)  # noqa: E741


class Timed:
    """What `%timeit -o` gives."""

    def __init__(self, seconds):
        self.best = self.worst = self.average = seconds
        self.stdev, self.loops, self.repeat, self.compile_time = 0.0, 1, 1, 0.0
        self.timings = self.all_runs = [seconds]


class Captured:
    """What `%%capture` caught."""

    def __init__(self):
        self.streams, self.outputs = (io.StringIO(), io.StringIO()), []

    stdout = property(lambda self: self.streams[0].getvalue())
    stderr = property(lambda self: self.streams[1].getvalue())

    def show(self):
        pass

    __call__, __str__ = show, lambda self: self.stdout


class Shell(Silent):
    """Runs statements in the global names of a notebook, and stands in for IPython's shell."""

    def __init__(self, names, parse):
        self.user_ns, self.parse, self.flags, self.loop = names, parse, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, None
        self.execution_count, self.shown = 0, ("", "", "")
        names.update(In=[""], Out={}, _ih=[""], _oh={}, _dh=[os.getcwd()], _exit_code=0)
        names.update(dict.fromkeys(("_", "__", "___", "_i", "_ii", "_iii"), ""))
        names["_ih"], names["_oh"] = names["In"], names["Out"]
        builtins.get_ipython, builtins.display = lambda: self, lambda *shown, **named: None
        builtins.input = lambda prompt="": ""  # as if somebody presses Enter
        module = types.ModuleType("IPython.core.getipython")
        module.get_ipython = builtins.get_ipython
        sys.modules[module.__name__] = module

    def begin(self, source):
        """Count a cell and note its text in `In`."""
        if source.strip():
            self.execution_count += 1
            names = self.user_ns
            names["_iii"], names["_ii"], names["_i"] = names.get("_ii"), names.get("_i"), self.input[-1]
            self.input.append(source)
            names[f"_i{self.execution_count}"] = source

    @property
    def input(self):
        return self.user_ns["_ih"] if isinstance(self.user_ns.get("_ih"), list) else [""]

    def run(self, statement, filename, last=False):
        """Run a statement of a cell; the value of the `last`, if it has one, becomes `_`."""
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("google.colab"):
            self.user_ns.update({one.asname or one.name: Silent() for one in statement.names})
        elif last and isinstance(statement, ast.Expr):
            self._show(self._do(ast.Expression(statement.value), filename, "eval"))
        else:
            self._do(ast.Module([statement], []), filename, "exec")

    def _do(self, tree, filename="a magic", mode="exec", names=None):
        code = compile(tree, filename, mode, self.flags)
        self.flags |= code.co_flags & _FUTURE
        value = eval(code, self.user_ns, self.user_ns if names is None else names)
        if code.co_flags & inspect.CO_COROUTINE:
            import asyncio

            self.loop = self.loop or asyncio.new_event_loop()
            value = self.loop.run_until_complete(value)
        return value

    def _show(self, value):
        names = self.user_ns
        if value is None:
            return
        if all(names.get(name, was) is was for name, was in zip(("_", "__", "___"), self.shown)):
            self.shown = (value, *self.shown[:2])
            names.update(zip(("_", "__", "___"), self.shown))
        names[f"_{self.execution_count}"] = value
        if isinstance(names.get("_oh"), dict):
            names["_oh"][self.execution_count] = value

    def execute(self, source, names=None):
        """Run source and return the value of its last expression, if it ends in one."""
        statements = self.parse(source)
        last = statements.pop() if statements and isinstance(statements[-1], ast.Expr) else None
        self._do(ast.Module(statements, []), names=names)
        return None if last is None else self._do(ast.Expression(last.value), mode="eval", names=names)

    # ------------------------------------------------------------ magics

    def run_line_magic(self, name, line, *_, **__):
        caller = sys._getframe(1)
        local = caller.f_locals if caller.f_globals is self.user_ns else None
        if name in ("time", "prun", "memit", "mprun", "lprun"):
            return self.execute(line, local)
        if name == "timeit":
            return self._timeit(line, "")
        if name in ("sx", "system"):
            return self.getoutput(line)
        return getattr(self, f"_magic_{name}", lambda line: None)(line.strip())

    def run_cell_magic(self, name, line, cell):
        if name in ("time", "prun"):
            return self.execute(cell)
        if name == "timeit":
            return self._timeit(line, cell)
        if name in _SHELLS:
            return self.getoutput(cell)
        return getattr(self, f"_cell_{name}", lambda line, cell: None)(line.strip(), cell)

    def magic(self, line):
        name, _, rest = line.strip().lstrip("%").partition(" ")
        return self.run_line_magic(name, rest)

    def system(self, command):
        self.getoutput(command)

    system_raw = system_piped = system

    def getoutput(self, command, *_, **__):
        """Return the lines that a command writes; what would install or fetch something is not run."""
        command = _NAMED.sub(self._variable, command)
        if _INSTALLS.search(command):
            return Lines()
        try:
            done = subprocess.run(command, shell=True, stdin=subprocess.DEVNULL, capture_output=True, errors="replace")
        except OSError:  # no process can be started
            return Lines()
        self.user_ns["_exit_code"] = done.returncode
        return Lines((done.stdout + done.stderr).splitlines())

    def _variable(self, match):
        name = match[1] or match[2]
        return str(self.user_ns[name]) if name in self.user_ns else match[0]

    def _timeit(self, line, cell):
        """Run once what IPython runs often, in a function, whose variables do not last; return the time with -o."""
        parts = _OPTIONS.sub("", line + " "), cell
        body = "".join(f"{ast.unparse(one)}\n" for part in parts for one in self.parse(part))
        made = {}
        source = f"def inner():\n{textwrap.indent(body or 'pass', '    ')}"
        exec(compile(source, "a magic", "exec", self.flags & _FUTURE), self.user_ns, made)
        begun = time.perf_counter()
        made["inner"]()
        return Timed(time.perf_counter() - begun) if "-o" in line.split() else None

    def _magic_run(self, line):
        words = [word for word in line.split() if word not in ("-i", "-n", "-t", "-e")]
        path = words[0].strip("'\"") if words else ""
        path = path if os.path.exists(path) else f"{path}.py"
        if not os.path.exists(path):
            raise FileNotFoundError(f"%run: there is no {path} here; hand it in beside the notebook")
        if path.endswith(".ipynb"):
            with open(path, encoding="utf-8") as file:
                cells = json.load(file)["cells"]
            for source in ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"):
                self.execute(source)
            return
        with open(path, encoding="utf-8") as file:
            code = compile(file.read(), path, "exec")
        names = self.user_ns if "-i" in line.split() else {"__name__": "__main__", "__file__": path}
        try:
            exec(code, names)
        except SystemExit:
            pass
        finally:
            self.user_ns.update({key: value for key, value in names.items() if not key.startswith("__")})

    def _magic_env(self, line):
        if not line:
            return dict(os.environ)
        name, sign, value = line.partition("=" if "=" in line else " ")
        if not sign:
            return os.environ.get(name)
        os.environ[name.strip()] = value.strip()

    _magic_set_env = _magic_env

    def _magic_cd(self, line):
        with contextlib.suppress(OSError):
            os.chdir(os.path.expanduser(line.strip("'\"") or "~"))

    def _magic_pwd(self, line):
        return os.getcwd()

    def _cell_writefile(self, line, cell):
        words = line.split()
        with open(words[-1].strip("'\""), "a" if "-a" in words else "w", encoding="utf-8") as file:
            file.write(cell if cell.endswith("\n") else cell + "\n")
        importlib.invalidate_caches()

    _cell_file = _cell_writefile

    def _cell_capture(self, line, cell):
        names, caught = [word for word in line.split() if not word.startswith("-")], Captured()
        try:
            with contextlib.redirect_stdout(caught.streams[0]), contextlib.redirect_stderr(caught.streams[1]):
                self.execute(cell)
        finally:
            if names:
                self.user_ns[names[0]] = caught
