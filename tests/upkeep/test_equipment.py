"""Tools that tests ask for: one that is missing is named, and a test sees those that it names and no other."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys

import pytest
from jupyter_client.connect import LocalPortCache

import equipment
import project
from slides import SlidesError, parts

TESTS = [*sorted((project.ROOT / "tests").rglob("*.py")), project.ROOT / "conftest.py"]
ALLOWED = {"equipment.py", "test_equipment.py"}
hides = pytest.mark.skipif(os.name == "nt", reason="on Windows links to programs need rights, and nothing is hidden")


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine with no tool at all."""
    monkeypatch.setattr(equipment, "SET", {"PATH": str(tmp_path), "CHROMIUM": None, "SLIDES_PARTS": str(tmp_path)})
    with equipment.only():
        yield


@pytest.mark.parametrize("name", equipment.TOOLS)
@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_a_missing_tool_is_named_and_skips_but_in_ci_it_fails(name, ci, outcome, bare, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("CI", ci)
    for ask in (equipment.require, equipment.program):
        with pytest.raises(outcome, match=rf"{name}.*(?i:install)"):
            ask(name)


@pytest.mark.parametrize("name", [name for name, tool in equipment.TOOLS.items() if tool.linux])
def test_what_only_linux_has_is_missing_elsewhere_without_being_looked_for(name, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.skip.Exception, match=f"{name} exists on Linux only"):
        equipment.require(name)


@pytest.fixture
def unloaded(monkeypatch):
    """What other tests imported is not there: Python finds a module that is loaded without looking for it."""
    for tool in equipment.TOOLS.values():
        monkeypatch.delitem(sys.modules, tool.module, raising=False)


@hides
@pytest.mark.usefixtures("unloaded")
def test_a_test_that_names_no_tool_sees_none():
    for name, tool in equipment.TOOLS.items():
        assert not any(map(shutil.which, tool.programs)), name
        assert not tool.module or importlib.util.find_spec(tool.module) is None, name
    assert shutil.which("sh") and "CHROMIUM" not in os.environ
    with pytest.raises(SlidesError, match="no npm here"):
        parts.fetch()
    with pytest.raises(ImportError):
        import otter  # noqa: F401


@hides
def test_nor_do_the_processes_that_it_starts():
    names = [one for tool in equipment.TOOLS.values() for one in tool.programs]
    script = f"import shutil; print([name for name in {names} if shutil.which(name)])"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "[]"


@hides
@pytest.mark.usefixtures("unloaded")
@equipment.needs("make", "ruff")
def test_a_test_sees_what_it_names_and_nothing_else():
    assert shutil.which("make") and importlib.util.find_spec("ruff")
    assert not shutil.which("git") and not importlib.util.find_spec("otter")


def test_hiding_ends_where_it_began(monkeypatch):
    before = dict(os.environ)
    with equipment.only("git"), equipment.only(), equipment.only("make"):
        assert os.environ["PATH"] != before["PATH"] or os.name == "nt"
    assert dict(os.environ) == before


def found(source):
    """Return what in the source of a test looks for a tool past equipment.py."""
    faults = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Name, ast.Attribute)):
            faults += [name for name in [getattr(node, "id", getattr(node, "attr", ""))] if name == "importorskip"]
            faults += [name for name in [ast.unparse(node)] if name == "shutil.which"]
        elif isinstance(node, ast.ImportFrom) and node.module == "shutil":
            faults += [alias.name for alias in node.names if alias.name == "which"]
        elif isinstance(node, ast.Constant) and node.value == "CI":
            faults.append("CI")
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("subprocess.") and node.args:
            words = node.args[0].elts if isinstance(node.args[0], (ast.List, ast.Tuple)) else []
            faults += [words[0].value for words in [words] if words and isinstance(words[0], ast.Constant)]
    return faults


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_no_test_looks_for_a_tool_in_another_way(path):
    assert path.name in ALLOWED or set(found(path.read_text(encoding="utf-8"))) <= {"chown"}  # which comes with `ls`


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import shutil\nif not shutil.which('make'): pass", "shutil.which"),
        ("from shutil import which\nwhich('make')", "which"),
        ("skipped = map(shutil.which, names)", "shutil.which"),
        ("pytest.importorskip('otter')", "importorskip"),
        ("if os.environ.get('CI'): pass", "CI"),
        ("subprocess.run(['git', 'init'], check=True)", "git"),
        ("subprocess.Popen(('make', *words))", "make"),
    ],
)
def test_another_way_is_seen(source, fault):
    assert fault in found(source)


def test_a_command_of_a_known_program_is_let_pass():
    assert (
        found("subprocess.run([sys.executable, '-c', script]); subprocess.run([equipment.program('git'), 'init'])")
        == []
    )


def test_kernels_of_two_workers_get_ports_that_neither_the_other_nor_the_system_takes(monkeypatch):
    found = []
    for worker in ("gw0", "gw1"):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
        monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "2")
        cache = LocalPortCache()
        found.append({cache.find_available_port("127.0.0.1") for _ in range(500)})
    assert [len(ports) for ports in found] == [500, 500] and not found[0] & found[1]
    assert max(found[0] | found[1]) < 32_768  # from there on Linux gives them to whoever asks for any
