"""The tools that tests may ask of a machine: how each is looked for, and the one way to ask for it.

A test names what it needs, `@equipment.needs("chromium", "node")`. Where one is missing, the test is skipped and says
which; where CI is set it fails instead, for there all are installed. While a test runs, every tool that it does not
name is hidden from it and from the processes that it starts. So whatever passes needs only what it names, and the
suite is green with any subset of the tools.

tests/conftest.py registers this module as a plugin; the fixtures in FIXTURES name their tools themselves.
"""

import contextlib
import functools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.machinery import PathFinder
from pathlib import Path
from typing import NamedTuple

import pytest

from coursekit.doctor.tools import CHROMIUM


class Tool(NamedTuple):
    """What a tool is made of: programs, of which one suffices, and a Python package; `check` returns what is wrong."""

    install: str  # what to install
    programs: tuple = ()
    module: str = ""
    linux: bool = False  # exists on Linux alone, so that its absence elsewhere is no fault, in CI neither
    variable: str = ""  # an environment variable that names the program, or the folder, instead
    check: Callable = lambda: ""


def _no_sandbox():
    from coursekit.grading import sandbox

    try:
        sandbox.require()
    except sandbox.SandboxError as error:
        return str(error)
    return ""


def _no_parts():
    from slides import SlidesError, parts

    try:
        parts.fetch()
    except SlidesError as error:
        return str(error)
    return ""


TOOLS = {
    "bubblewrap": Tool("bubblewrap", ("bwrap",), linux=True, check=_no_sandbox),
    "setpriv": Tool("util-linux", ("setpriv",), linux=True),
    "unshare": Tool("util-linux", ("unshare",), linux=True),
    "chromium": Tool("chromium", CHROMIUM, "playwright", variable="CHROMIUM"),
    "node": Tool("nodejs", ("node", "nodejs")),
    # Fetched by npm once, and kept: with a copy there, npm itself may be missing.
    "slide parts": Tool("npm", ("npm",), variable="SLIDES_PARTS", check=_no_parts),
    "git": Tool("git", ("git",)),
    "make": Tool("make", ("make", "gmake")),
    "copydetect": Tool("copydetect", module="copydetect"),
    "otter": Tool("otter-grader", module="otter"),
    "distributed": Tool("dask[distributed]", module="distributed"),
    "ruff": Tool("ruff", module="ruff"),
}
FIXTURES = {
    "chromium": ("chromium",),
    "slide_parts": ("slide parts",),
    "deck_page": ("slide parts", "node", "chromium"),  # of tests/slides/test_slides.py
}
SET = {name: os.environ.get(name) for name in ("PATH", *(tool.variable for tool in TOOLS.values() if tool.variable))}
PLACE = tempfile.TemporaryDirectory(prefix="tools-")  # holds folders of links to programs
os.chmod(PLACE.name, 0o755)

needs = pytest.mark.needs


def missing(name):
    """Return why the tool `name` cannot be used here, or "" where it can."""
    tool = TOOLS[name]
    if tool.linux and not sys.platform.startswith("linux"):
        return f"{name} exists on Linux only"
    absent = tool.programs and tool.check is not _no_parts and _path(name) is None
    if absent or (tool.module and _FINDER.find_spec(tool.module) is None):
        return f"there is no {name} here: install {tool.install}"
    return _wrong(name, SET["PATH"])


@functools.cache
def _wrong(name, path):
    """Return what the tool's own check says, once for each PATH."""
    with only(name, *(["node"] if name == "slide parts" else [])):  # in which npm is written
        said = TOOLS[name].check()
    return f"{name} cannot be used here: {said}" if said else ""


def require(*names):
    """Skip the running test where one of the tools is missing, and say which; fail where CI is set."""
    for name in names:
        reason = missing(name)
        if reason:
            possible = not TOOLS[name].linux or sys.platform.startswith("linux")
            (pytest.fail if os.environ.get("CI") and possible else pytest.skip)(reason)


def program(name):
    """Return the path of the tool's program; without it the test is skipped, or fails where CI is set."""
    require(name)
    return _path(name)


def _path(name):
    tool = TOOLS[name]
    named = SET.get(tool.variable) if name == "chromium" else None
    found = named or next(filter(None, (shutil.which(one, path=SET["PATH"]) for one in tool.programs)), None)
    return found and shutil.which(found)


# ---------------------------------------------------------------- hiding


@contextlib.contextmanager
def only(*names):
    """Show the tools `names`, and no other, to what runs inside and to the processes that it starts."""
    before = {name: os.environ.get(name) for name in SET}
    hidden, _FINDER.hidden = _FINDER.hidden, {tool.module for name, tool in TOOLS.items() if name not in names}
    _setting(environment(names))
    try:
        yield
    finally:
        _setting(before)
        _FINDER.hidden = hidden


def environment(names):
    """Return {environment variable: value, or None where it is not set} that shows the tools `names` and no other."""
    nowhere = {"CHROMIUM": None, "SLIDES_PARTS": str(Path(PLACE.name) / "nothing")}
    named = {tool.variable: name for name, tool in TOOLS.items() if tool.variable}
    values = {variable: SET[variable] if name in names else nowhere[variable] for variable, name in named.items()}
    if os.name == "nt" or not SET["PATH"]:  # links to programs need rights there
        return {"PATH": SET["PATH"], **values}
    folders = [_linked(name, SET["PATH"]) for name in TOOLS if name in names and TOOLS[name].programs]
    folders += [_without_tools(folder) for folder in SET["PATH"].split(os.pathsep)]
    return {"PATH": os.pathsep.join(folders), **values}


def _setting(values):
    for name, value in values.items():
        os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


@functools.cache
def _linked(name, path):
    """Return a folder that holds links to the programs of a tool and nothing else."""
    folder = _folder()
    for one in TOOLS[name].programs:
        found = shutil.which(one, path=path)
        if found:
            (folder / one).symlink_to(os.path.abspath(found))
    return str(folder)


def _folder():
    folder = Path(tempfile.mkdtemp(dir=PLACE.name))
    folder.chmod(0o755)  # ordinary users look here, too
    return folder


@functools.cache
def _without_tools(folder):
    """Return `folder`, or where it holds tools, a folder of links to all else in it."""
    programs = {one for tool in TOOLS.values() for one in tool.programs}
    if not os.path.isdir(folder) or not programs & set(os.listdir(folder)):
        return folder
    if os.path.realpath(folder) != folder:  # /bin, where that is /usr/bin
        return _without_tools(os.path.realpath(folder))
    links = _folder()
    for entry in os.scandir(folder):
        if entry.name not in programs:
            (links / entry.name).symlink_to(entry.path)
    return str(links)


class _Finder(PathFinder):
    """Python's own, that finds no package of a hidden tool."""

    hidden = frozenset()

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in cls.hidden else PathFinder.find_spec(name, path, target)


_FINDER = _Finder
sys.meta_path[:] = [_Finder if finder is PathFinder else finder for finder in sys.meta_path]


# ---------------------------------------------------------------- what pytest asks


def named(item):
    """Return the names of the tools that a test needs: those of its marks and of the fixtures that it uses."""
    asking = [mark.args for mark in item.iter_markers("needs")]
    asking += [FIXTURES[name] for name in getattr(item, "fixturenames", ()) if name in FIXTURES]
    return [*dict.fromkeys(name for names in asking for name in names)]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    with only(*named(item)):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    require(*named(item))
