"""What every committed notebook must keep: each rule returns one sentence for each breach of it.

Strict nbval compares all that a cell prints with what is stored, but only where the cell was run before
it was stored, and no marker excuses it: the rules see to that, and to what nbval does not look at.
"""

import ast
import json
import re

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import v4

import badges
import project

LARGEST = 2_000_000  # bytes
LONGEST = 5_000  # words of prose

# "section 3", "sections 3 and 4", "lecture 02, section 3", "[Lecture 02](02_….ipynb) (section 3)"
SECTION = re.compile(r"(?:(?:\]\((\d\d)_\w+\.ipynb\)|[Ll]ecture (\d\d)),? \(?)?[Ss]ections? (\d+)(?: and (\d+))?")


def code_cells(notebook):
    """Return the code cells of `notebook` that hold any code, each with its position."""
    return [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]


def every_cell_was_run(notebook, path):
    return [
        f"cell {i} was not run before it was stored" for i, cell in code_cells(notebook) if cell.execution_count is None
    ]


def every_cell_that_shows_something_has_its_output(notebook, path):
    return [
        f"cell {i} shows something, but its output is not stored"
        for i, cell in code_cells(notebook)
        if not cell.outputs and shows(cell.source)
    ]


def cells_were_run_in_order(notebook, path):
    counts = [cell.execution_count for _, cell in code_cells(notebook) if cell.execution_count is not None]
    return [] if counts == sorted(set(counts)) else [f"the cells were run in the order {counts}"]


def no_output_is_an_error(notebook, path):
    return [
        f"cell {i} stored the error {output.ename}"
        for i, cell in code_cells(notebook)
        for output in cell.outputs
        if output.output_type == "error"
    ]


def no_output_is_a_warning(notebook, path):
    return [
        f"cell {i} stored text of stderr: {output.text[:60]!r}"
        for i, cell in code_cells(notebook)
        for output in cell.outputs
        if output.get("name") == "stderr"
    ]


def no_output_is_a_widget(notebook, path):
    """A stored widget shows nothing without its kernel, where its text form would tell what to do."""
    kind = "application/vnd.jupyter.widget-view+json"
    return ["it stores the state of widgets: run `make outputs`"] * ("widgets" in notebook.metadata) + [
        f"cell {i} stored a widget instead of its text form: run `make outputs`"
        for i, cell in code_cells(notebook)
        for output in cell.outputs
        if kind in output.get("data", {})
    ]


def no_cell_is_excused_from_comparison(notebook, path):
    marker = re.compile(r"#\s*(NBVAL|PYTEST_VALIDATE)_")
    tag = re.compile("nbval|raises-exception", re.IGNORECASE)
    return [
        f"cell {i} carries a marker that nbval obeys"
        for i, cell in code_cells(notebook)
        if marker.search(cell.source) or any(map(tag.match, cell.metadata.get("tags", [])))
    ]


def ids_are_present_and_unique(notebook, path):
    ids = [cell.get("id") for cell in notebook.cells]
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5) or not all(ids):
        return ["a cell has no id"]
    return [f"the cell id {i!r} stands twice" for i in sorted(set(ids)) if ids.count(i) > 1]


def the_file_is_small(notebook, path):
    size = path.stat().st_size
    return [] if size < LARGEST else [f"{size:,} bytes are more than {LARGEST:,}"]


def nothing_names_a_machine(notebook, path):
    text = shown_text(notebook)
    return [
        f"it names {found.group()!r}"
        for rule in (project.MACHINE_PATH, project.REGISTRY)
        for found in rule.finditer(text)
    ]


def the_kernel_is_found_everywhere(notebook, path):
    name = notebook.metadata.get("kernelspec", {}).get("name")
    return [] if name == "python3" else [f"its kernel is {name!r}, and only 'python3' is found everywhere"]


def the_badge_leads_to_this_file(notebook, path):
    first = notebook.cells[0] if notebook.cells else None
    expected = badges.badge(badges.here(), path.name)
    if first is None or first.cell_type != "markdown" or badges.BADGE.findall(first.source) != [expected]:
        return ["its first cell has not the one badge that leads to it on Colab: run `make badges`"]
    return []


def the_first_code_cell_installs_the_package(notebook, path):
    cells = code_cells(notebook)
    if not cells or cells[0][1].source != badges.first_cell(badges.here()):
        return ["its first code cell is not the one that installs coursekit: run `make badges`"]
    return []


def the_title_is_a_heading(notebook, path):
    headings = [
        line
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("# ")
    ]
    good = len(headings) == 1 and notebook.cells[0].source.startswith("# ")
    return [] if good else [f"it should begin with its only '# ' heading, and has {headings}"]


def the_prose_is_not_too_long(notebook, path):
    words = len(prose(notebook).split())
    return [f"it has {words:,} words of prose: fold what only a few need"] if words > LONGEST else []


def no_code_cell_holds_only_comments(notebook, path):
    """A comment alone is left over from writing; the first cell, which installs, has code below it."""
    return [
        f"cell {i} holds nothing but a comment"
        for i, cell in code_cells(notebook)
        if all(line.lstrip().startswith("#") or not line.strip() for line in cell.source.splitlines())
    ]


def a_picture_has_a_colour_bar_or_its_caption_speaks_of_the_scale(notebook, path):
    """The caption is the first paragraph of text below the figure. Of greys it may say what is black or white."""
    found = []
    for i, cell in code_cells(notebook):
        drawn = re.findall(r"plots\.(images?|framed|fields|zoom|pairs)\(", cell.source)
        if drawn and "unit=" not in cell.source:
            words = "scale" if drawn[0].startswith("image") else "scale|black|white"
            below = [other.source for other in notebook.cells[i + 1 :] if other.cell_type == "markdown"]
            if not below or not re.search(words, below[0].partition("\n\n")[0]):
                found.append(f"cell {i} shows pictures without a colour bar, and the caption says nothing of the scale")
    return found


def every_reference_leads_somewhere(notebook, path):
    """A link to a lecture, "section 3", "lecture 02, section 3" and "Figure 3" name what there is."""
    lectures = {other.name[:2]: other for other in project.notebooks()}
    text, found = told(notebook), []
    for name in re.findall(r"\]\((\w+\.ipynb)", text):
        if name not in {other.name for other in lectures.values()}:
            found.append(f"it links to {name}, which does not exist")
    for linked, named, *numbers in SECTION.findall(text):
        lecture = linked or named
        there = notebook if not lecture else v4.reads(lectures[lecture].read_text(encoding="utf-8"))
        sections = re.findall(r"(?m)^## (\d+) ·", told(there))
        of = f"lecture {lecture}" if lecture else "it"
        found += [f"{of} has no section {number}" for number in filter(None, numbers) if number not in sections]
    captions = " ".join(re.findall(r"(?m)^\*\*Figures? ([\d and]+)\.\*\*", text)).split()
    return found + [
        f"it has no Figure {n}" for n in re.findall(r"(?<!their )Figures? (\d+)", text) if n not in captions
    ]


RULES = [
    every_cell_was_run,
    every_cell_that_shows_something_has_its_output,
    cells_were_run_in_order,
    no_output_is_an_error,
    no_output_is_a_warning,
    no_output_is_a_widget,
    no_cell_is_excused_from_comparison,
    ids_are_present_and_unique,
    the_file_is_small,
    nothing_names_a_machine,
    the_kernel_is_found_everywhere,
    the_badge_leads_to_this_file,
    the_first_code_cell_installs_the_package,
    the_title_is_a_heading,
]
OF_LECTURES = [  # of decks and assignments they are not asked
    the_prose_is_not_too_long,
    no_code_cell_holds_only_comments,
    a_picture_has_a_colour_bar_or_its_caption_speaks_of_the_scale,
    every_reference_leads_somewhere,
]


def shows(source):
    """Return whether running the cell `source` certainly shows something.

    >>> shows("print(1)"), shows("a = 1; a"), shows("for i in range(3): print(i)"), shows("plt.show()")
    (True, True, True, True)
    >>> shows("a = 1"), shows("a;"), shows("model.fit(x, y)"), shows("def f():\\n    print(1)")
    (False, False, False, False)
    """
    tree = ast.parse(TransformerManager().transform_cell(source))
    if any(call in ("print", "display", "plt.show") for call in calls(tree)):
        return True
    last = tree.body[-1] if tree.body else None
    value = last.value if isinstance(last, ast.Expr) else None
    silent = value is None or isinstance(value, ast.Call) or source.rstrip().endswith(";")
    return not silent and not (isinstance(value, ast.Constant) and value.value is None)


def calls(node):
    """Yield the names of the functions that `node` calls, leaving out the bodies of definitions."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return
    if isinstance(node, ast.Call):
        yield ast.unparse(node.func)
    for child in ast.iter_child_nodes(node):
        yield from calls(child)


def told(notebook):
    """Return the text cells of `notebook` as one text, up to the references."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return text.partition("### References")[0]


def prose(notebook):
    """Return what a reader reads in the text cells: no folded parts, formulas, code, tables or references.

    >>> from nbformat import v4
    >>> text = "See $x^2$ [here](a.md).\\n<details>hidden</details>\\n| a | b |\\n\\n### References\\n- A book"
    >>> prose(v4.new_notebook(cells=[v4.new_markdown_cell(text)])).split()
    ['See', 'here.']
    """
    text = told(notebook)
    for removed in (r"<details>.*?</details>", r"```.*?```", r"\$\$.*?\$\$", r"\$[^$\n]*\$", r"(?m)^\|[^\n]*$"):
        text = re.sub(removed, " ", text, flags=re.DOTALL)
    return re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)


def shown_text(notebook):
    """Return all text of `notebook` but its pictures, in whose coding any word may occur by chance."""

    def without_pictures(data):
        return {kind: value for kind, value in data.items() if not kind.startswith("image/") or "svg" in kind}

    outputs = [
        {**output, "data": without_pictures(output.get("data", {}))}
        for _, cell in code_cells(notebook)
        for output in cell.outputs
    ]
    sources = [cell.source for cell in notebook.cells]
    return json.dumps([sources, notebook.metadata, outputs], ensure_ascii=False)
