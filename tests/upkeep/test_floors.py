"""Each module of coursekit imports only what its floor allows, so that a student waits only for what is used.

Proved twice: by reading every import statement, wherever it stands, and by importing each module in a
process of its own and looking at what came along.
"""

import ast
import functools
import graphlib
import json
import os
import re
import subprocess
import sys

import pytest

import project

# A module imports modules of its own floor or lower ones, never of a higher one, and never in a circle.
FLOORS = {
    "arguments": 0,
    "lectures": 0,
    "datafiles": 0,
    "doctor": 0,
    "disk": 0,
    "specs": 0,
    "shapes": 0,
    "tables": 0,
    "convolution": 1,
    "filters": 1,
    "counting": 1,
    "receptive_field": 1,
    "architectures": 1,
    "patterns": 1,
    "picturefiles": 1,
    "studyfiles": 1,
    "images": 2,
    "calcium": 2,
    "digits": 2,
    "nuclei": 2,
    "simulations": 2,
    "backprop": 2,
    "models": 3,
    "ntk": 3,
    "plots": 3,
    "explorers": 4,
    "checks": 4,
    "assignments": 4,
    "grading": 4,
}
EVERYONE = set(FLOORS)
# Who may import what from elsewhere; all of it is a dependency in pyproject.toml.
ELSEWHERE = {
    "numpy": EVERYONE,
    "threadpoolctl": {"calcium"},
    "tqdm": EVERYONE,
    "tensorflow": {"models"},
    "keras": {"models"},
    "matplotlib": {"plots"},
    "ipywidgets": {"explorers"},
    "anywidget": {"explorers"},
    "traitlets": {"explorers"},
    "copydetect": {"grading"},
    "distributed": {"grading"},
    "IPython": {"explorers", "models", "plots", "grading"},
    "PIL": {"picturefiles", "plots"},
}
# Importing these takes seconds or needs a notebook: with whom they may come along.
# (Keras imports matplotlib and IPython itself, so whoever has TensorFlow has them as well.)
HEAVY = {
    "tensorflow": {"models", "ntk"},
    "keras": {"models", "ntk"},
    "matplotlib": {"models", "ntk", "plots"},
    "IPython": {"models", "ntk", "explorers"},
    "ipywidgets": {"explorers"},
    "anywidget": {"explorers"},
}
FOLDER = project.ROOT / "coursekit"


def name_of(path):
    """Return the dotted name of the module in the file `path`, such as coursekit.calcium.files."""
    parts = path.relative_to(project.ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(FOLDER.rglob("*.py"))}


def part_of(module):
    """Return the part of coursekit that `module` belongs to: "calcium" of coursekit.calcium.files."""
    return (module.split(".") + [""])[1]


def allowed(module):
    """Return which of HEAVY may come along with `module`, in order."""
    return tuple(name for name in HEAVY if part_of(module) in HEAVY[name])


# A process that has imported what may come along, and forks before each list of modules: none sees another's imports.
FORKING = """
import importlib, json, os, sys, tempfile
import numpy, tqdm
heavy, preloaded, lists = json.loads(sys.argv[1])
for name in preloaded:
    importlib.import_module(name)
for modules in lists:
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile("w+") as came:
        if os.fork() == 0:
            os.dup2(said.fileno(), 1), os.dup2(said.fileno(), 2)
            for module in modules:
                importlib.import_module(module)
            json.dump([name for name in heavy if name in sys.modules], came)
            came.flush()
            sys.exit(0)
        _, status = os.wait()
        said.seek(0), came.seek(0)
        print(json.dumps([status, said.read().decode(), came.read()]), flush=True)
"""


@functools.cache
def imported(may):
    """Return {module: (exit status, output, JSON of what came along)} of the modules with which `may` may come along."""
    modules = [module for module in MODULES if allowed(module) == may]
    # All that may bring TensorFlow together, for that takes seconds, and a process that has it is not forked.
    preloaded, lists = ([], [modules]) if "tensorflow" in may else (may, [[module] for module in modules])
    command = [sys.executable, "-c", FORKING, json.dumps([list(HEAVY), preloaded, lists])]
    done = subprocess.run(command, cwd=project.ROOT, capture_output=True, text=True, env=project.environment())
    assert (done.returncode, done.stderr) == (0, "")
    found = map(json.loads, done.stdout.splitlines())
    return {module: tuple(facts) for together, facts in zip(lists, found, strict=True) for module in together}


def imports(module, source):
    """Return the dotted names that the `source` of `module` imports anywhere, the relative ones resolved.

    >>> sorted(imports("coursekit.calcium.files", "from . import masks; from .. import shapes; import numpy.fft"))
    ['coursekit.calcium.masks', 'coursekit.shapes', 'numpy.fft']
    """
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".") if MODULES[module].name == "__init__.py" else module.split(".")[:-1]
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            base = ".".join(filter(None, [base, node.module]))
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def faults(module, source):
    """Return a sentence for each import in the `source` of `module` that its floor forbids."""
    part = part_of(module)
    if part and part not in FLOORS:
        return [f"{module} has no floor: give {part!r} one in FLOORS, and in CONTRIBUTING.md"]
    found = []
    for name in sorted(imports(module, source)):
        top = name.split(".")[0]
        if top == "coursekit":
            if FLOORS.get(part_of(name), -1) > FLOORS.get(part, -1):
                found.append(f"{module} imports {name}, of a higher floor")
        elif top not in sys.stdlib_module_names and part not in ELSEWHERE.get(top, ()):
            found.append(f"{module} imports {top}, which is not for its floor")
    return found


@pytest.mark.parametrize("module", MODULES)
def test_import_statements_stay_on_their_floor(module):
    assert faults(module, MODULES[module].read_text(encoding="utf-8")) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows does not fork")
@pytest.mark.parametrize("module", MODULES)
def test_importing_brings_nothing_heavy_along_and_prints_nothing(module):
    status, said, came = imported(allowed(module))[module]
    assert (status, said) == (0, "")
    assert set(json.loads(came)) <= set(allowed(module))


def private(module, source):
    """Return which names that begin with _ the `source` of `module` takes from another module of coursekit."""
    tree, found = ast.parse(source), []
    ours = {name.split(".")[-1] for name in MODULES}  # as they are called where they are imported
    taken = {name for name in imports(module, source) if name.startswith("coursekit.")}
    found += [name for name in taken if name.split(".")[-1].startswith("_")]
    modules = {name.split(".")[-1] for name in taken} & ours
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            found += [f"{node.value.id}.{node.attr}"] if re.match("_[^_]", node.attr) else []
    return sorted(found)


@pytest.mark.parametrize("module", MODULES)
def test_no_private_name_crosses_modules(module):
    assert private(module, MODULES[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source", ["from coursekit.counting import _cost", "from .files import _read", "from . import files\nfiles._read()"]
)
def test_a_private_name_of_another_module_is_seen(source):
    assert len(private("coursekit.calcium.statistics", source)) == 1


def test_every_part_has_a_floor_and_every_floor_a_part():
    assert set(FLOORS) == {part_of(module) for module in MODULES} - {""}


def test_parts_import_each_other_in_no_circle():
    graph = {part: set() for part in FLOORS}
    for module, path in MODULES.items():
        for name in imports(module, path.read_text(encoding="utf-8")):
            if name.startswith("coursekit.") and part_of(name) != part_of(module):
                graph.setdefault(part_of(module), set()).add(part_of(name))
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_what_is_imported_from_elsewhere_is_a_dependency():
    """Or comes with one: Keras with TensorFlow, IPython and traitlets with ipywidgets."""
    source = {"keras": "tensorflow", "IPython": "ipywidgets", "traitlets": "ipywidgets", "PIL": "pillow"}
    table = project.pyproject()["project"]
    lines = [*table["dependencies"], *table["optional-dependencies"]["lecturer"]]  # the grader alone takes the latter
    declared = {re.match(r"[\w-]+", line).group() for line in lines}
    used = {
        name.split(".")[0]
        for module, path in MODULES.items()
        for name in imports(module, path.read_text(encoding="utf-8"))
    } & set(ELSEWHERE)
    assert {source.get(name, name) for name in used} <= declared


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        ("coursekit.shapes", "def f():\n    import coursekit.models", "of a higher floor"),
        ("coursekit.calcium.files", "from coursekit import plots", "of a higher floor"),
        ("coursekit.calcium.files", "from .. import models", "of a higher floor"),
        ("coursekit.calcium.files", "from coursekit.models import gan", "of a higher floor"),
        ("coursekit", "from coursekit import shapes", "of a higher floor"),
        ("coursekit.calcium", "def f():\n    import tensorflow as tf", "not for its floor"),
        ("coursekit.models", "import matplotlib.pyplot as plt", "not for its floor"),
        ("coursekit.convolution", "from scipy import signal", "not for its floor"),
        ("coursekit.fourier", "", "has no floor"),
    ],
)
def test_a_forbidden_import_is_seen(module, source, fault, monkeypatch):
    monkeypatch.setitem(MODULES, module, MODULES.get(module, FOLDER / "fourier.py"))
    (found,) = faults(module, source)
    assert fault in found


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("coursekit.calcium.files", "import os, json, numpy; from . import masks; from .. import arguments"),
        ("coursekit.models", "import tensorflow; from coursekit.calcium import files; from coursekit import plots"),
    ],
)
def test_an_allowed_import_is_let_pass(module, source):
    assert faults(module, source) == []
