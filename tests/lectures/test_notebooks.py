"""Every committed notebook keeps the rules of notebook_rules.py, and each rule sees its fault."""

import re

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat import v4
from nbval.plugin import get_sanitize_patterns

import badges
import notebook_rules
import outputs
import project
from coursekit.grading import published

RULES = notebook_rules.RULES + notebook_rules.OF_LECTURES
README = (project.ROOT / "README.md").read_text(encoding="utf-8")


def test_there_are_notebooks():
    assert project.notebooks(), "notebooks/ holds no notebook"


@pytest.mark.parametrize("path", project.notebooks(), ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_notebook(path, rule):
    notebook = v4.reads(path.read_text(encoding="utf-8"))  # nbformat.read would mend ids unasked
    breaches = rule(notebook, path)
    assert not breaches, f"{path.name}: " + "; ".join(breaches)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "03_images.ipynb"


@pytest.fixture
def good(path):
    """A small notebook without a fault, written to `path`."""
    url = badges.here()
    cells = [
        v4.new_markdown_cell("# A title"),
        v4.new_code_cell(badges.first_cell(url), execution_count=1),
        v4.new_code_cell("print(6 * 7)", execution_count=2, outputs=[v4.new_output("stream", text="42\n")]),
        v4.new_code_cell("%matplotlib inline\nx = 1", execution_count=3),
        v4.new_code_cell("def f():\n    print(1)\n\nlog(f)", execution_count=4),
        v4.new_code_cell(""),
    ]
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    badges.repair_notebook(notebook, url, path.name)
    path.write_text(v4.writes(notebook), encoding="utf-8")
    return notebook


def test_a_good_notebook_breaks_no_rule(good, path):
    nbformat.validate(good)
    assert [rule(good, path) for rule in RULES] == [[]] * len(RULES)


FAULTS = {
    "every_cell_was_run": lambda book: book.cells[2].update(execution_count=None),
    "every_cell_that_shows_something_has_its_output": lambda book: book.cells[2].update(outputs=[]),
    "cells_were_run_in_order": lambda book: book.cells[2].update(execution_count=7),
    "no_output_is_an_error": lambda book: book.cells[2].outputs.append(
        v4.new_output("error", ename="ValueError", evalue="", traceback=[])
    ),
    "no_output_is_a_warning": lambda book: book.cells[2].outputs.append(
        v4.new_output("stream", name="stderr", text="careful")
    ),
    "no_output_is_a_widget": lambda book: book.cells[2].outputs.append(
        v4.new_output(
            "display_data", {"text/plain": "x", "application/vnd.jupyter.widget-view+json": {"model_id": "1"}}
        )
    ),
    "no_cell_is_excused_from_comparison": lambda book: book.cells[2].update(
        source="# NBVAL_IGNORE_OUTPUT\nprint(6 * 7)"
    ),
    "ids_are_present_and_unique": lambda book: book.cells[3].update(id=book.cells[2].id),
    "the_file_is_small": lambda book: book.cells[0].update(source=book.cells[0].source + "x" * 2_000_000),
    "nothing_names_a_machine": lambda book: book.cells[2].outputs[0].update(text="/" + "home/anna/data"),
    "the_kernel_is_found_everywhere": lambda book: book.metadata.kernelspec.update(name="venv311"),
    "the_badge_leads_to_this_file": lambda book: book.cells[0].update(
        source=book.cells[0].source.replace("03_images", "02_signals")
    ),
    "the_first_code_cell_installs_the_package": lambda book: book.cells[1].update(source="import coursekit"),
    "the_title_is_a_heading": lambda book: book.cells.append(v4.new_markdown_cell("# Another title")),
    "the_prose_is_not_too_long": lambda book: book.cells.append(v4.new_markdown_cell("word " * 5_000)),
    "a_picture_has_a_colour_bar_or_its_caption_speaks_of_the_scale": lambda book: book.cells.extend(
        [v4.new_code_cell("plots.images(pictures)", execution_count=9), v4.new_markdown_cell("**Figure 1.** Eyes.")]
    ),
    "every_reference_leads_somewhere": lambda book: book.cells.append(v4.new_markdown_cell("See section 3.")),
    "no_code_cell_holds_only_comments": lambda book: book.cells.append(
        v4.new_code_cell("# INSTALL\n\n  # more", execution_count=9)
    ),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_each_rule_sees_its_fault_and_no_other_rule_complains(good, path, rule):
    FAULTS[rule.__name__](good)
    path.write_text(v4.writes(good), encoding="utf-8")
    assert [other.__name__ for other in RULES if other(good, path)] == [rule.__name__]


@pytest.mark.parametrize(
    "text, breach",
    [
        ("As [there](02_signals.ipynb).", "it links to 02_signals.ipynb, which does not exist"),
        ("## 1 · One\n\nSections 1 and 2.", "it has no section 2"),
        ("(lecture 02, section 40)", "lecture 02 has no section 40"),
        ("[Lecture 02](02_convolution_in_one_dimension.ipynb) (section 41)", "lecture 02 has no section 41"),
        ("**Figure 1.** Eyes.\n\nSee Figure 1 and Figure 2.", "it has no Figure 2"),
        ("**Figures 1 and 2.** Eyes; their Figure 3, and [lecture 02](02_convolution_in_one_dimension.ipynb)", None),
        ("(lecture 02, section 4) and Figure 1\n\n**Figure 1.** Eyes.", None),
    ],
)
def test_a_reference_to_what_is_not_there_is_seen(text, breach, path):
    found = notebook_rules.every_reference_leads_somewhere(v4.new_notebook(cells=[v4.new_markdown_cell(text)]), path)
    assert found == ([breach] if breach else [])


@pytest.mark.parametrize("caption, breaches", [("Eyes.", 1), ("Eyes, black at 0.", 0), ("Eyes, on one scale.", 0)])
def test_the_caption_of_framed_greys_says_what_is_black_or_that_there_is_one_scale(caption, breaches, path):
    cells = [v4.new_code_cell("plots.framed(eyes)"), v4.new_markdown_cell(f"**Figure 1.** {caption}")]
    rule = notebook_rules.a_picture_has_a_colour_bar_or_its_caption_speaks_of_the_scale
    assert len(rule(v4.new_notebook(cells=cells), path)) == breaches


def test_running_anew_keeps_ids_and_stores_the_text_form_of_a_widget(tmp_path):
    path = tmp_path / "a.ipynb"
    source = "import ipywidgets\n\nclass Told(ipywidgets.IntSlider):\n    __repr__ = lambda self: 'a slider'\n\nTold()"
    notebook = v4.new_notebook(cells=[v4.new_code_cell("print(6 * 7)"), v4.new_code_cell(source)])
    nbformat.write(notebook, path)
    outputs.run(path)
    after = nbformat.read(path, as_version=4)
    assert [cell.id for cell in after.cells] == [cell.id for cell in notebook.cells]
    assert after.cells[0].outputs[0].text == "42\n" and after.cells[1].outputs[0].data == {"text/plain": "a slider"}
    assert "widgets" not in after.metadata
    after.cells[0].source = "1 / 0"
    nbformat.write(after, path)
    before = path.read_bytes()
    with pytest.raises(CellExecutionError):
        outputs.run(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "fault",
    [
        lambda book: book.cells[2].metadata.update(tags=["nbval-skip"]),
        lambda book: book.cells[2].metadata.update(tags=["raises-exception"]),
        lambda book: book.cells[2].update(source="# PYTEST_VALIDATE_IGNORE_OUTPUT\nprint(6 * 7)"),
    ],
)
def test_no_way_of_excusing_a_cell_is_overlooked(good, path, fault):
    fault(good)
    assert notebook_rules.no_cell_is_excused_from_comparison(good, path)


def test_a_word_that_occurs_by_chance_in_a_picture_is_no_path(good, path):
    picture = {"image/png": "iVBORw0KGgo/" + "tmp/AAAA", "text/plain": "<Figure size 640x480>"}
    good.cells[2].outputs = [v4.new_output("display_data", data=picture)]
    assert not notebook_rules.nothing_names_a_machine(good, path)
    good.cells[2].outputs[0].data["text/plain"] = "C:" + r"\Users\anna"
    assert notebook_rules.nothing_names_a_machine(good, path)


def test_an_old_format_without_ids_is_seen(good, path):
    good.nbformat_minor = 4
    assert notebook_rules.ids_are_present_and_unique(good, path) == ["a cell has no id"]


# `make badges`

FORK = published.Repository("https://github.com/somewhere-else/our.course")


def test_after_a_fork_badges_change_their_address_and_nothing_else(good, path):
    before = nbformat.from_dict(good)
    ids = [cell.id for cell in before.cells]
    badges.repair_notebook(good, FORK, path.name)
    assert [cell.id for cell in good.cells] == ids
    colab = "https://colab.research.google.com/github/somewhere-else/our.course"
    assert f"({colab}/blob/main/notebooks/03_images.ipynb)" in good.cells[0].source
    assert good.cells[1].source.endswith(f"%pip install --quiet git+{FORK.address}")
    badges.repair_notebook(good, badges.here(), path.name)
    assert good == before


def test_a_new_notebook_gets_its_badge_under_the_title_and_its_first_cell(path):
    cells = [v4.new_markdown_cell("# Title\nIntroduction."), v4.new_code_cell("a = 1")]
    notebook = v4.new_notebook(cells=cells)
    badges.repair_notebook(notebook, FORK, path.name)
    assert notebook.cells[0].source == f"# Title\n\n{badges.badge(FORK, path.name)}\n\nIntroduction."
    assert [cell.source for cell in notebook.cells[1:]] == [badges.first_cell(FORK), "a = 1"]


def test_a_notebook_without_a_title_is_refused(path):
    with pytest.raises(ValueError, match="03_images.ipynb must begin with a text cell that holds its title"):
        badges.repair_notebook(v4.new_notebook(cells=[v4.new_code_cell("a = 1")]), FORK, path.name)


def test_a_pinned_term_stands_in_badge_and_first_cell_and_goes_when_it_is_over(good, path):
    before, pinned = nbformat.from_dict(good), badges.here()._replace(term="2026.11")
    badges.repair_notebook(good, pinned, path.name)
    assert "/blob/2026.11/notebooks/03_images.ipynb)" in good.cells[0].source
    assert good.cells[1].source.endswith(f"git+{pinned.address}@2026.11")
    assert "/blob/2026.11/" in badges.repair_readme(README, pinned)
    badges.repair_notebook(good, badges.here(), path.name)
    assert good == before


# The course map


def test_the_readme_agrees_with_the_address():
    assert badges.repair_readme(README, badges.here()) == README, "run `make badges`"
    assert badges.repair_readme(README, FORK).count("our.course") >= 2


def test_the_course_map_is_that_of_the_list():
    assert badges.MAP + badges.course_map(badges.here()) + badges.MAP_END in README, "run `make badges`"
    rows = re.findall(r"^\| (\d\d) \| (.+?) \|(?: .+? \|)+$", README, flags=re.MULTILINE)
    assert [number for number, _ in rows] == [f"{i:02}" for i in range(13)]
    links = dict(re.findall(r"^\| (\d\d) \| \[.+?\]\((notebooks/[^)]+)\)", README, flags=re.MULTILINE))
    assert links == {path.name[:2]: f"notebooks/{path.name}" for path in project.notebooks()}


def test_every_link_of_the_readme_inside_the_project_leads_somewhere():
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links and [link for link in links if not (project.ROOT / link).exists()] == []


def test_nbval_reads_both_rules_of_what_is_removed_before_comparing():
    file = project.ROOT / "tests" / "nbval_sanitize.cfg"
    rules = dict(get_sanitize_patterns(file.read_text(encoding="utf-8")))
    text = "\x1b[31m<object at 0x7f3a> 0xFF 12.5 s\x1b[0m"
    for pattern, replacement in rules.items():
        text = re.sub(pattern, replacement, text)
    assert text == "<object at 0xADDRESS> 0xFF 12.5 s"
