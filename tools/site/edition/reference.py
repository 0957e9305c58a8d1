"""The pages of the API reference: one for each module of coursekit that a reader may import."""

import importlib
import pkgutil

import coursekit

# The instructor's side has its own page, and the exercise checks are read in the lectures.
LEFT_OUT = ("grading", "checks")


def modules():
    """Return the names of the modules that the reference describes.

    >>> "coursekit.convolution" in modules(), "coursekit.grading" in modules()
    (True, False)
    """
    found = (module.name for module in pkgutil.iter_modules(coursekit.__path__))
    return [f"coursekit.{name}" for name in found if not name.startswith("_") and name not in LEFT_OUT]


def write_reference(folder, names):
    """Write a page for each of the modules `names`, and an index of them, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        # Where a package says what it offers, that is described, wherever it is defined.
        gathered = "   :imported-members:\n" if hasattr(importlib.import_module(name), "__all__") else ""
        text = f"{name}\n{'=' * len(name)}\n\n.. automodule:: {name}\n   :members:\n{gathered}"
        (folder / f"{name}.rst").write_text(text, encoding="utf-8")
    lines = "\n".join(f"   {name}" for name in names)
    head = (
        "Reference\n=========\n\nThe package ``coursekit``, from its docstrings.\n\n.. toctree::\n   :maxdepth: 1\n\n"
    )
    (folder / "index.rst").write_text(head + lines + "\n", encoding="utf-8")
