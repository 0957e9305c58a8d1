"""Badges and first cells, which depend on the repository's address: what they must be, and their repair.

The address stands in pyproject.toml alone, and so does the branch or tag that Colab takes, `term`: a lecturer
who sets it to a tag, such as 2026.11, gives students the same course all term long. After either has changed, or
a lecture came in, `make badges` rewrites the Colab badge of every notebook, its first code cell, and the links of
README.md; test_notebooks.py fails as long as they disagree.
"""

import re

import nbformat

import project
from coursekit.grading import build

MAIN = "main"
COLAB = "https://colab.research.google.com/github/"
BADGE = re.compile(r"\[!\[[^]]*\]\([^)]*\)\]\(https://colab\.research\.google\.com/[^)]*\)")


def address():
    """Return the repository's address, https://github.com/OWNER/NAME."""
    url = project.pyproject()["project"]["urls"]["Repository"].rstrip("/")
    if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", url):
        raise ValueError("Repository in pyproject.toml must be https://github.com/OWNER/NAME, since Colab "
                         f"opens notebooks from GitHub. Received: {url!r}")
    return url


def term():
    """Return the branch or tag that Colab opens and installs, `main` unless a term is pinned."""
    name = project.pyproject().get("tool", {}).get("coursekit", {}).get("term", MAIN)
    if not isinstance(name, str) or not re.fullmatch(r"[\w][\w.-]*", name):
        raise ValueError(f"term in pyproject.toml must be the name of a branch or tag. Received: {name!r}")
    return name


def colab_folder(url):
    """Return the address at which Colab opens what lies in the repository `url`."""
    return f"{COLAB}{url.removeprefix('https://github.com/')}/blob/{term()}/"


def badge(url, name):
    """Return the badge, in Markdown, of the notebook called `name` (with .ipynb) in the repository `url`."""
    return build.badge(f"{colab_folder(url).removeprefix(COLAB)}notebooks/{name}")


def first_cell(url):
    """Return the source of the first code cell of every notebook in the repository `url`."""
    pinned = "" if term() == MAIN else f"@{term()}"
    return ('# On Colab, this installs the course\'s package. Everywhere else it does nothing.\n'
            'import importlib.util\n'
            'if importlib.util.find_spec("coursekit") is None:\n'
            f'    %pip install --quiet git+{url}{pinned}')


def repair_notebook(notebook, url, name):
    """Give `notebook` (changed in place) its badge, under the title, and its first code cell."""
    if not notebook.cells or notebook.cells[0].cell_type != "markdown":
        raise ValueError(f"{name} must begin with a text cell that holds its title")
    title, rest = (BADGE.sub("", notebook.cells[0].source).strip() + "\n").split("\n", 1)
    notebook.cells[0].source = "\n\n".join(filter(None, [title, badge(url, name), rest.strip()]))
    position = next((i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"), 1)
    found = notebook.cells[position:position + 1]
    if not found or 'find_spec("coursekit")' not in found[0].source:
        cell = nbformat.v4.new_code_cell(execution_count=None)
        cell.id = "install-coursekit"
        notebook.cells.insert(position, cell)
    notebook.cells[position].source = first_cell(url)


def repair_readme(text, url):
    """Return the README `text` with its commands and Colab links leading to the repository `url`."""
    text = re.sub(r"https://colab\.research\.google\.com/github/[\w.-]+/[\w.-]+/blob/[\w.-]+/",
                  lambda _: colab_folder(url), text)
    return re.sub(r"git clone \S+\ncd \S+", f"git clone {url}.git\ncd {url.rsplit('/', 1)[1]}", text)


def repair_assignment(text, url):
    """Return the text of a master or of what students get, its Colab link and first cell leading to `url`."""
    pinned = "" if term() == MAIN else f"@{term()}"
    text = re.sub(r"https://colab\.research\.google\.com/github/[\w.-]+/[\w.-]+/blob/[\w.-]+/",
                  lambda _: colab_folder(url), text)
    return re.sub(r"git\+https://github\.com/[\w.-]+/[\w.-]+(@[\w.-]+)?", f"git+{url}{pinned}", text)


def main():
    """Repair all notebooks and README.md, and say which of them changed."""
    url = address()
    for path in [*project.masters(), *sorted((project.ROOT / "assignments").glob("*/student/*.ipynb"))]:
        before = path.read_text(encoding="utf-8")
        replace(path, before, repair_assignment(before, url))
    for path in project.notebooks():
        before = path.read_text(encoding="utf-8")
        notebook = nbformat.v4.reads(before)
        repair_notebook(notebook, url, path.name)
        replace(path, before, nbformat.v4.writes(notebook) + "\n")
    path = project.ROOT / "README.md"
    before = path.read_text(encoding="utf-8")
    replace(path, before, repair_readme(before, url))


def replace(path, before, after):
    """Write `after` to `path` if it differs from `before`, and say so."""
    if after.strip() != before.strip():
        path.write_text(after, encoding="utf-8")
        print("rewrote", path.relative_to(project.ROOT))


if __name__ == "__main__":
    main()
