"""pyproject.toml, requirements.lock and environment.yml agree; what `make` installs is what they say."""

import importlib.util
import itertools
import re
import sys
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import project

PROJECT = project.pyproject()["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCK = (project.ROOT / "requirements.lock").read_text(encoding="utf-8")
# One pin is a line "name==version ; marker \" and lines "    --hash=sha256:...".
PINS = [Requirement(line.rstrip(" \\")) for line in LOCK.splitlines() if re.match(r"[a-z0-9._-]+==", line)]
# What tells systems apart in a marker: sys_platform, platform_system, os_name, platform_machine.
SYSTEMS = [
    ("linux", "Linux", "posix", "x86_64"),
    ("darwin", "Darwin", "posix", "arm64"),
    ("win32", "Windows", "nt", "AMD64"),
]
# The Pythons on which all of the course runs: TensorFlow's marker states the end.
(TENSORFLOW,) = (line for line in PROJECT["dependencies"] if line.startswith("tensorflow"))
BOUNDS = SpecifierSet(PROJECT["requires-python"] + ",<" + re.search(r"python_version < '([\d.]+)'", TENSORFLOW)[1])
made_by_make = pytest.mark.skipif(not project.made_by_make(), reason="`make` did not make this environment")


def declared(extras=EXTRAS):
    """Return the requirements of pyproject.toml: those of the package, and of `extras`."""
    lines = PROJECT["dependencies"] + [line for extra in extras for line in EXTRAS[extra]]
    return [Requirement(line) for line in lines]


def pinned(markers):
    """Return {name: version} of the pins that apply under `markers`; a name pinned twice is an error."""
    found = {}
    for pin in PINS:
        if pin.marker is None or pin.marker.evaluate(markers):
            name = canonicalize_name(pin.name)
            assert name not in found, f"{name} is pinned twice under {markers}"
            found[name] = str(pin.specifier).removeprefix("==")
    return found


def test_the_lock_is_pins_with_hashes_and_nothing_else():
    pin = r"[a-z0-9._-]+==[^\s;]+(?: ; [^\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n"
    assert re.fullmatch(f"(?:{pin})+", LOCK)


@pytest.mark.parametrize("requirement", declared(), ids=str)
def test_the_lock_pins_a_version_within_the_bounds_of(requirement):
    """On every Python and every system."""
    for python, system in itertools.product(project.PYTHONS, SYSTEMS):
        names = ("sys_platform", "platform_system", "os_name", "platform_machine")
        markers = {
            "python_version": python,
            "python_full_version": python + ".4",
            "extra": "",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            **dict(zip(names, system, strict=True)),
        }
        if requirement.marker is None or requirement.marker.evaluate(markers):
            version = pinned(markers).get(canonicalize_name(requirement.name))
            assert version and requirement.specifier.contains(version), (
                f"on Python {python} and {system[1]}, requirements.lock has version {version}: run `make lock`"
            )


@made_by_make
def test_the_installed_packages_are_those_of_the_lock_and_all_of_them_are_needed():
    installed = {canonicalize_name(each.name): each.version for each in metadata.distributions()}
    locked = pinned({"extra": ""})
    needed = set()
    waiting = [each for each in declared() if each.marker is None or each.marker.evaluate()]
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in needed:
            continue
        needed.add(key)
        for line in metadata.requires(requirement.name) or []:
            inner = Requirement(line)
            if any(
                inner.marker is None or inner.marker.evaluate({"extra": extra}) for extra in ["", *requirement.extras]
            ):
                waiting.append(inner)
    names = {name for name, _ in needed}
    assert names == set(locked), "the lock holds more or less than pyproject.toml needs: run `make lock`"
    assert {name: installed[name] for name in names} == locked
    assert set(installed) - names <= {"coursekit", "pip"}


def test_the_build_needs_nothing_that_the_lock_has_not():
    """`make` and the test of the wheel build the package without a network."""
    pins = pinned({"extra": ""})
    for line in project.pyproject()["build-system"]["requires"]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)])


def test_conda_gets_the_pythons_and_packages_of_pyproject():
    content = yaml.safe_load((project.ROOT / "environment.yml").read_text(encoding="utf-8"))
    (python, pip, section) = content["dependencies"]
    assert SpecifierSet(python.removeprefix("python")) == BOUNDS
    assert (pip, list(section)) == ("pip", ["pip"])
    (line,) = section["pip"]
    extras = re.fullmatch(r"-e \.\[([a-z,]+)\]", line).group(1).split(",")
    assert set(extras) == set(EXTRAS) - {"setup"}  # uv is there for `make` alone


def test_the_supported_pythons_are_the_same_everywhere():
    assert tuple(filter(BOUNDS.contains, [f"3.{minor}" for minor in range(20)])) == project.PYTHONS
    workflow = yaml.safe_load((project.ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8"))
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert matrix == [project.PYTHONS[0], project.PYTHONS[-1]]
    readme = (project.ROOT / "README.md").read_text(encoding="utf-8")
    assert f"Python {project.PYTHONS[0]} to {project.PYTHONS[-1]}" in readme


@made_by_make
@pytest.mark.parametrize("package", ["tensorflow", "keras"])
def test_everything_is_compiled_even_where_python_may_not_do_it_later(package):
    folder = Path(importlib.util.find_spec(package).submodule_search_locations[0])
    modules = list(folder.rglob("*.py"))
    missing = [path for path in modules if not Path(importlib.util.cache_from_source(path)).exists()]
    assert len(modules) > 500 and len(missing) <= 0.01 * len(modules), missing[:5]


@made_by_make
def test_the_package_is_used_where_it_is_edited():
    assert Path(importlib.util.find_spec("coursekit").origin) == project.ROOT / "coursekit" / "__init__.py"
    assert [
        name
        for name in sys.path
        if (Path(name) / "coursekit").is_dir() and Path(name).resolve() not in (project.ROOT, Path.cwd())
    ] == []


def test_no_file_names_a_package_registry_or_the_machine_it_was_made_on():
    own = {"project.py"}  # holds the patterns
    suffixes = {".py", ".md", ".toml", ".yml", ".lock", ".txt", ".cfg", ".json", ".js", ""}
    files = [
        path
        for folder in (
            "",
            ".ci",
            ".jupyter",
            ".github",
            "assignments",
            "coursekit",
            "data",
            "notebooks",
            "slides",
            "tests",
        )
        for path in (project.ROOT / folder).glob("**/*" if folder else "*")
        if path.is_file() and path.suffix in suffixes and path.name not in own and "_build" not in path.parts
    ]
    rules = (re.compile(r"(?<![\w.~-])/(?:root|work|opt|Users)/"), project.REGISTRY)
    named = {
        str(path.relative_to(project.ROOT)): found.group()
        for path in files
        for rule in rules
        if (found := rule.search(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert len(files) > 20 and named == {}
