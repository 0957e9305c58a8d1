"""`make badges`: gives badges, first cells, links and the course map what pyproject.toml and coursekit.lectures say.

After the address or the term has changed, or a lecture came in, it rewrites the Colab badge of every notebook, its
first code cell, the course map and the links of README.md, and the heads of the pages in slides/teaching;
test_notebooks.py and test_teaching.py fail as long as they disagree.
"""

import re

import nbformat

import project
import teaching
from coursekit.grading import published
from coursekit.lectures import LECTURES

MAP, MAP_END = "<!-- course map: written by `make badges` -->\n", "<!-- course map: end -->\n"
BADGE = re.compile(r"\[!\[[^]]*\]\([^)]*\)\]\(https://colab\.research\.google\.com/[^)]*\)")


def here():
    """Return the Repository that pyproject.toml names."""
    return published.read(project.ROOT)


def badge(repository, name):
    """Return the badge, in Markdown, of the notebook called `name` (with .ipynb) in `repository`."""
    return repository.badge(f"notebooks/{name}")


def first_cell(repository):
    """Return the source of the first code cell of every notebook in `repository`."""
    return (
        "# On Colab, this installs the course's package. Everywhere else it does nothing.\n"
        "import importlib.util\n"
        'if importlib.util.find_spec("coursekit") is None:\n'
        f"    %pip install --quiet {repository.requirement}"
    )


def repair_notebook(notebook, repository, name):
    """Give `notebook` (changed in place) its badge, under the title, and its first code cell."""
    if not notebook.cells or notebook.cells[0].cell_type != "markdown":
        raise ValueError(f"{name} must begin with a text cell that holds its title")
    title, rest = (BADGE.sub("", notebook.cells[0].source).strip() + "\n").split("\n", 1)
    notebook.cells[0].source = "\n\n".join(filter(None, [title, badge(repository, name), rest.strip()]))
    position = next((i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"), 1)
    found = notebook.cells[position : position + 1]
    if not found or 'find_spec("coursekit")' not in found[0].source:
        cell = nbformat.v4.new_code_cell(execution_count=None)
        cell.id = "install-coursekit"
        notebook.cells.insert(position, cell)
    notebook.cells[position].source = first_cell(repository)


def course_map(repository):
    """Return the table of all lectures, in Markdown: those that are written with link and badge."""
    lines = ["| | Lecture | What it teaches | Colab |", "|---|---|---|---|"]
    written = {path.stem for path in project.notebooks()}
    for lecture in LECTURES:
        topic, _, teaches = lecture.teaches.partition(": ")
        cells = [lecture.number, topic, teaches, "planned"]
        if lecture.stem in written:
            name = f"{lecture.stem}.ipynb"
            cells[1:] = [f"[{lecture.title}](notebooks/{name})", f"**{topic}:** {teaches}", badge(repository, name)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def repair_readme(text, repository):
    """Return the README `text` with its map renewed, its commands and Colab links leading to `repository`."""
    if MAP in text:  # a copy for students may have none
        before, _, rest = text.partition(MAP)
        text = before + MAP + course_map(repository) + MAP_END + rest.partition(MAP_END)[2]
    folder = repository.address.rsplit("/", 1)[1]
    return re.sub(
        r"git clone \S+\ncd \S+", f"git clone {repository.address}.git\ncd {folder}", repository.rewritten(text)
    )


def main():
    """Repair all notebooks, the pages for those who teach and README.md, and say which of them changed."""
    repository = here()
    for path in [*project.masters(), *sorted((project.ROOT / "assignments").glob("*/student/*.ipynb"))]:
        before = path.read_text(encoding="utf-8")
        replace(path, before, repository.rewritten(before))
    for path in project.notebooks():
        before = path.read_text(encoding="utf-8")
        notebook = nbformat.v4.reads(before)
        repair_notebook(notebook, repository, path.name)
        replace(path, before, nbformat.v4.writes(notebook) + "\n")
    for lecture, path in teaching.pages().items():
        before = path.read_text(encoding="utf-8")
        replace(path, before, teaching.renewed(before, lecture))
    path = project.ROOT / "README.md"
    before = path.read_text(encoding="utf-8")
    replace(path, before, repair_readme(before, repository))


def replace(path, before, after):
    """Write `after` to `path` if it differs from `before`, and say so."""
    if after.strip() != before.strip():
        path.write_text(after, encoding="utf-8")
        print("rewrote", path.relative_to(project.ROOT))


if __name__ == "__main__":
    main()
