"""The student's side of the grader: runs the cells of one notebook in the sandbox and answers questions.

It holds no test, and whatever runs in this process may lie to the grader: all it can lie about are values.
The file is started as a script, beside `wire.py`, `cells.py`, `jupyter.py` and `forbidden.py`, and uses nothing else
of coursekit.
"""

import builtins
import importlib.util
import json
import linecache
import os
import struct
import sys
import tempfile
import types

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2  # of linux/prctl.h and linux/seccomp.h


def _load(name):
    """Return the module in a file beside this one, or where coursekit has it: coursekit itself need not be here."""
    here = os.path.dirname(os.path.abspath(__file__))
    places = [os.path.join(folder, f"{name}.py") for folder in (here, os.path.join(here, "..", "assignments"))]
    path = next(path for path in places if os.path.exists(path))
    spec = importlib.util.spec_from_file_location(f"_grader_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


wire, cells, jupyter, forbidden = map(_load, ("wire", "cells", "jupyter", "forbidden"))


class Worker:
    """Runs cells and answers the grader: `read(n)` gives bytes from it, `write(bytes)` sends some."""

    def __init__(self, read, write, names):
        self.read, self.write, self.names = read, write, names
        self.process, self.kept = os.getpid(), {}
        self.shell = jupyter.Shell(names, cells.parse)

    def send(self, message, buffers=()):
        if os.getpid() != self.process:  # a child that a student's fork made: one of us is enough
            os._exit(0)
        self.write(wire.frame(message, buffers))

    def refer(self, value):
        """Keep an object here and return what stands for it: its number, its kind, its parameters."""
        self.kept[id(value)] = value
        if callable(value):
            name = str(getattr(value, "__name__", type(value).__name__))
            return ["fn", id(value), name, cells.parameters(value)]
        return ["obj", id(value), type(value).__name__]

    def resolve(self, tag, parts):
        if tag == "ref" and parts[0] in self.kept:
            return self.kept[parts[0]]
        if tag == "cb":
            return lambda *arguments, **named: self.ask_back(parts[0], arguments, named)
        raise wire.WireError("an object that is not known here")

    def ask_back(self, number, arguments, named):
        """Call a function of the grader, which answers with a value."""
        packer = wire.Packer(self.refer)
        tree = packer.pack([number, list(arguments), named])
        self.send({"callback": tree}, packer.buffers)
        message, data = wire.read_frame(self.read)
        if "error" in message:
            raise RuntimeError(message["error"])
        return wire.Unpacker(data, self.resolve).unpack(message["value"])

    # ------------------------------------------------------------ cells

    def run(self, notebook, stops, seconds):
        """Run [index, source] cells; `stops` says before which statement of a cell to stop, when it must."""
        for index, source in notebook:
            lines = source.splitlines(keepends=True)
            linecache.cache[f"cell {index}"] = (len(source), None, lines, f"cell {index}")
            with cells.time_limit(seconds):
                self._run_cell(index, source, stops.get(str(index)))

    def _run_cell(self, index, source, stop):
        """Run one cell. The grader hears of each statement before it runs, of the first before the cell is read."""
        number = 0
        try:
            self.send({"at": [index, 0]})
            self.shell.begin(source)
            statements = self._statements(source) if stop != 0 else []
            quiet = source.rstrip().endswith(";")
            for number, statement in enumerate(statements):
                if number == stop:
                    return
                self.send({"at": [index, number]})
                last = number == len(statements) - 1 and not quiet
                self.shell.run(statement, f"cell {index}", last)
        except MemoryError:
            try:
                self.send({"full": [index, number]})
            finally:
                os._exit(1)  # the grader starts anew and stops before this statement
        except BaseException as error:
            cells.disarm()
            self.send({"cell": index, "error": cells.describe(error)})

    @staticmethod
    def _statements(source):
        try:
            return cells.parse(source)
        except (MemoryError, RecursionError):  # the parser's own limits; there is memory left
            raise SyntaxError("the cell is nested too deeply") from None

    # ------------------------------------------------------------ questions

    def serve(self, seconds):
        """Answer until the grader closes the pipe."""
        while True:
            try:
                message, data = wire.read_frame(self.read)
            except EOFError:
                return
            if "do" not in message:  # the answer to a call of ours that nobody waits for any more
                continue
            try:
                with cells.time_limit(seconds):
                    packer = wire.Packer(self.refer)
                    parts = {name: packer.pack(value) for name, value in self._answer(message, data).items()}
            except BaseException as error:
                cells.disarm()
                self.send({"error": cells.describe(error)})
            else:
                self.send(parts, packer.buffers)

    def _answer(self, message, data):
        operation = message["do"]
        if operation == "get":
            known = message["name"] in self.names
            return {"value": self.names[message["name"]]} if known else {"missing": True}
        target = self.kept[message["number"]]
        if operation == "store":
            return {"value": stored(target)}
        unpacker = wire.Unpacker(data, self.resolve)
        if operation == "attribute":
            return {"value": getattr(target, message["name"])}
        arguments, named = unpacker.unpack(message["arguments"]), unpacker.unpack(message["named"])
        every = {**dict(enumerate(arguments)), **named}
        before = {key: self._image(value) for key, value in every.items()}
        value = target(*arguments, **named)
        changed = {key: value for key, value in every.items() if self._image(value) != before[key]}
        return {"value": value, "changed": changed}

    def _image(self, value):
        """Return what a value looks like from outside, to notice that it was changed."""
        packer = wire.Packer(lambda other: ["other", id(other)])
        return json.dumps(packer.pack(value)), packer.buffers


def limit_this_process(limits):
    """Set the limits that the kernel keeps: {"AS": bytes, …}, named as in `resource`."""
    if not limits:
        return
    import resource  # which Windows has not

    for name, value in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")  # where memory runs out, this process goes first
    except OSError:
        pass


def become(user):
    """Become the user of this number, of no group but its own, with no way back."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def start_no_programs(program):
    """Give this process, which has one thread yet, a further filter of system calls."""
    if program:
        import ctypes

        buffer = ctypes.create_string_buffer(program, len(program))
        prog = struct.pack("HP", len(program) // 8, ctypes.addressof(buffer))  # struct sock_fprog
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        if prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prog, 0, 0):
            raise OSError(ctypes.get_errno(), "the filter of system calls was refused")


def lay_out(files):
    """Write {name: bytes} to the folder in which the notebook runs; modules among them can be imported."""
    for name, content in files.items():
        try:
            with open(os.path.basename(name), "wb") as file:
                file.write(content)
        except (OSError, ValueError):  # no name for a file, or no room: the notebook will miss it
            pass
    sys.path.append(os.getcwd())


def stored(network):
    """Return the bytes of the file in which Keras stores a network, or the one that a function returns."""
    network = network if hasattr(network, "save") else network()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "stored.keras")
        network.save(path)
        with open(path, "rb") as file:
            return file.read(wire.MOST_DATA)


def stand_ins():
    """Put silent modules where a notebook looks for its checks: they grade nothing here."""
    for name, entry in (("coursekit.assignments", "start"), ("otter", "Notebook")):
        module = types.ModuleType(name)
        setattr(module, entry, jupyter.Silent())
        sys.modules[name] = module
    try:
        import coursekit
    except ImportError:  # not in this sandbox
        coursekit = sys.modules["coursekit"] = types.ModuleType("coursekit")
    coursekit.assignments = sys.modules["coursekit.assignments"]


def main():
    """Take the pipes, then the limits, then run cells, then answer."""
    write, read = os.fdopen(os.dup(1), "wb", 0), os.fdopen(os.dup(0), "rb")
    start, data = wire.read_frame(read.read)
    sys.path.extend(path for path in start["path"] if path not in sys.path)
    if start["user"] is not None:
        become(start["user"])
    limit_this_process(start["limits"])
    lay_out(wire.Unpacker(data).unpack(start["files"]))
    notebook = sys.modules["__main__"] = types.ModuleType("__main__")
    notebook.__builtins__ = builtins
    stand_ins()
    start_no_programs(bytes.fromhex(start["filter"]))
    forbidden.forbid(start["forbidden"])
    worker = Worker(read.read, lambda data: _write_all(write, data), vars(notebook))
    worker.send({"hello": True})
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # what a cell prints goes nowhere, what it reads is empty
        os.dup2(nowhere, stream)
    worker.run(start["cells"], start["stops"], start["cell_seconds"])
    worker.send({"ready": True})
    worker.serve(start["call_seconds"])
    os._exit(0)


def _write_all(file, data):
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


if __name__ == "__main__":
    main()
