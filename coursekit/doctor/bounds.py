"""What pyproject.toml demands, or the installed package where there is no clone, and what is installed."""

import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PYPROJECT = os.path.join(ROOT, "pyproject.toml")


def is_clone():
    """Return whether this package is used from a clone of the course."""
    return os.path.isfile(PYPROJECT)


def pythons():
    """Return the first Python that the course supports and the first that TensorFlow does not: ((3, 10), (3, 14))."""
    if is_clone():
        stated = re.search(r'requires-python = "([^"]*)"', _project()).group(1)
    else:
        from importlib import metadata

        stated = metadata.metadata("coursekit")["Requires-Python"]
    (tensorflow,) = (line for line in _dependencies() if line.startswith("tensorflow"))
    low = re.search(r">=\s*(\d+)\.(\d+)", stated)
    high = re.search(r"python_version\s*<\s*.(\d+)\.(\d+)", tensorflow)
    return tuple(map(int, low.groups())), tuple(map(int, high.groups()))


def requirements():
    """Return what the lectures need: {package: bounds}, such as {"numpy": ">=1.26"}; bounds may be empty."""
    parts = (re.match(r"([\w.-]+)\s*\(?([^;)]*)", line) for line in _dependencies())
    return {part.group(1): part.group(2).replace(" ", "") for part in parts}


def _dependencies():
    """What the package asks for, extras aside, in the words of pyproject.toml or of the installed package."""
    if is_clone():
        listed = re.search(r"^dependencies = \[(.*?)^\]", _project(), re.M | re.S).group(1)
        return re.findall(r'"([^"]+)"', listed)
    from importlib import metadata

    return [line for line in metadata.requires("coursekit") or () if "extra ==" not in line]


def _project():
    """The text of pyproject.toml without its comments."""
    with open(PYPROJECT, encoding="utf-8") as file:
        return re.sub(r"\s#.*", "", file.read())


def version_of(package):
    """Return the version of an installed package as text, or None."""
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def numbers(version):
    """Return the numbers of a release: (2, 20) of "2.20.0rc1" or "2.20.0+cpu", without zeros at its end.

    >>> numbers("2.20.0rc1"), numbers("7")
    ((2, 20), (7,))
    """
    found = [int(number) for number in re.match(r"\d*(?:\.\d+)*", version).group().split(".") if number]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def admits(stated, version):
    """Return whether `version` lies within bounds such as ">=2.18,<3" (releases; suffixes are ignored).

    >>> admits(">=2.18", "2.20.1"), admits(">=2.18", "2.9"), admits(">=1,<2", "2.0"), admits("", "1")
    (True, False, False, True)
    """
    given = numbers(version)
    for sign, bound in re.findall(r"(>=|<=|==|!=|~=|<|>)([^,]+)", stated):
        limit = numbers(bound)
        kept = {
            ">=": given >= limit,
            "<=": given <= limit,
            "==": given == limit,
            "!=": given != limit,
            "<": given < limit,
            ">": given > limit,
            "~=": given >= limit and given[: bound.count(".")] == limit[: bound.count(".")],
        }[sign]
        if not kept:
            return False
    return True


def install():
    """Return the words that say how the course is installed from here."""
    if not is_clone():
        return "Install coursekit again from where it came, and restart the kernel."
    python = os.path.basename(sys.executable)
    return f'In the folder {ROOT}: make lab; without make: {python} -m pip install -e ".[lab]".'
