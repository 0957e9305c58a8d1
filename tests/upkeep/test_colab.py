"""Installing coursekit on Colab changes no package that Colab has preinstalled (tools/colab.txt)."""

from importlib import metadata
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import project

COLAB = dict(
    line.split("==")
    for line in (project.ROOT / "tools" / "colab.txt").read_text().splitlines()
    if line and not line.startswith("#")
)
ADDED = {"jedi"}  # Colab leaves it out although its IPython asks for it: pip adds it, and changes nothing
MARKERS = {
    "python_version": COLAB["python"],
    "python_full_version": COLAB["python"] + ".0",
    "extra": "",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}


def direct():
    return [Requirement(line) for line in project.pyproject()["project"]["dependencies"]]


def obstacles(requirements):
    """Return a sentence for each requirement that Colab's packages do not meet.

    What those packages require in turn is followed through the metadata installed here, but only of the
    very version that Colab has: of another version it would prove nothing.
    """
    found = []
    waiting = list(requirements)
    followed = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in ADDED or (requirement.marker and not requirement.marker.evaluate(MARKERS)):
            continue
        if name not in COLAB:
            found.append(f"{name} is not preinstalled on Colab, so pip would add it")
        elif not requirement.specifier.contains(COLAB[name], prereleases=True):
            found.append(f"{requirement} does not admit Colab's {name} {COLAB[name]}, so pip would change it")
        elif name not in followed:
            followed.add(name)
            waiting += required_by(name, COLAB[name])
    return sorted(set(found))


def required_by(name, version):
    """Return what `version` of the package requires, or nothing if another version is installed here."""
    try:
        installed = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return []
    return [Requirement(line) for line in installed.requires or [] if installed.version == version]


def test_nothing_preinstalled_on_colab_is_changed_or_missing():
    assert obstacles(direct()) == []


def test_colabs_python_is_admitted():
    assert SpecifierSet(project.pyproject()["project"]["requires-python"]).contains(COLAB["python"] + ".1")


def test_the_package_has_no_dependency_with_an_upper_bound():
    """Colab moves on: an upper bound, harmless today, makes pip downgrade what Colab has tomorrow."""
    bounds = [str(r) for r in direct() if any(bound.operator not in (">=", "!=") for bound in r.specifier)]
    assert bounds == []


def test_what_is_followed_includes_packages_that_colab_and_the_lock_have_in_the_same_version():
    same = [name for name, version in COLAB.items() if required_by(name, version)]
    assert same or not project.made_by_make(), "the lock has moved on: renew tools/colab.txt"


@pytest.mark.parametrize(
    ("requirement", "fault"),
    [
        ("numpy>=2.2", "numpy>=2.2 does not admit Colab's numpy 2.1.3"),
        ("ipywidgets>=8", "ipywidgets>=8 does not admit Colab's ipywidgets 7.7.1"),
        ("tensorflow<2.20", "tensorflow<2.20 does not admit Colab's tensorflow 2.20.0"),
        ("otter-grader>=7", "otter-grader is not preinstalled on Colab"),
        ("tomli>=2; python_version >= '3.13'", "tomli is not preinstalled on Colab"),
    ],
)
def test_a_requirement_that_would_change_colab_is_seen(requirement, fault):
    (found,) = obstacles([Requirement(requirement)])
    assert found.startswith(fault)


def test_a_requirement_of_a_requirement_that_would_change_colab_is_seen(monkeypatch):
    installed = SimpleNamespace(version=COLAB["tensorflow"], requires=["wrapt<2"])
    monkeypatch.setattr(metadata, "distribution", {"tensorflow": installed}.__getitem__)
    (found,) = obstacles([Requirement("tensorflow")])
    assert found == "wrapt<2 does not admit Colab's wrapt 2.3.0, so pip would change it"


def test_what_only_another_python_needs_is_passed_over():
    assert obstacles([Requirement("tomli>=2; python_version < '3.11'")]) == []
