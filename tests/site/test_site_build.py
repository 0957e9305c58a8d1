"""A fault in what the site is built from is named with its fix, and nothing half-built stays."""

import importlib.util
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import equipment
import project
from coursekit.lectures import find

if importlib.util.find_spec("myst_nb") is None:
    pytest.skip(
        "the web edition is built with Python 3.11 or newer, and what `pip install .[site]` brings",
        allow_module_level=True,
    )

from edition import SiteError, building, checking, docstrings, explorers, staging

from slides import SlidesError

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PAGE = '<html lang="en"><title>x</title><body><h1>A</h1><h2 id="part">B</h2>{}</body></html>'


def course(folder, text="A formula, $x^2$.", alt="One dot on nothing.", stored=True):
    """Write a course of one lecture, with one figure, into `folder` and return it."""
    output = new_output("display_data", {"image/png": DOT}, metadata={"image/png": {"alt": alt}})
    cells = [
        new_markdown_cell("# 06 · How much?\n\n[![Open in Colab](https://a.org/b.svg)](https://a.org)\n\nTo begin."),
        new_code_cell("plots.show(alt=words)", outputs=[output] if stored else [], id="a-figure"),
        new_markdown_cell(f"## 1 · A part\n\n{text}"),
    ]
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    metadata = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), folder / "notebooks" / f"{find('06').stem}.ipynb")
    return folder


def taught(folder):
    """Add pages for those who teach to the course in `folder` and return it."""
    place, stem = folder / "slides" / "teaching", find("06").stem
    place.mkdir(parents=True)
    table = "| Section | 50 | 75 | 45+ | +45 |\n|---|--:|--:|--:|--:|\n| 1 · A part | – | 7 | 8 | – |"
    ways = f"[Lecture](../../notebooks/{stem}.ipynb), [deck](../{stem}.ipynb), [plans](README.md)"
    (place / f"{stem}.md").write_text(f"# 06 · How much?\n\n{ways}\n\n## Minutes\n\n{table}\n")
    (place / "README.md").write_text(f"# Teaching\n\n[06]({stem}.md), [quiz](../../assignments/quiz1/README.md#draw)\n")
    return folder


# ---------------------------------------------------------------- before Sphinx


def test_a_lecture_without_its_figure_is_named_with_the_command_that_stores_it(tmp_path):
    with pytest.raises(SiteError, match=r"06_pooling.*a-figure: its figure is not stored.*make outputs NOTEBOOK=06"):
        staging.stage(tmp_path / "pages", course(tmp_path, stored=False), described=[])


def test_a_figure_without_words_is_named(tmp_path):
    staging.stage(tmp_path / "pages", course(tmp_path, alt=""), described=[])
    with pytest.raises(SiteError, match="06_pooling.*a-figure: a figure has no alt text"):
        staging.pictures(tmp_path / "pages")


def test_parts_that_cannot_be_fetched_are_named_and_an_old_site_does_not_stay(tmp_path, monkeypatch):
    def fails():
        raise SlidesError("There is no npm here: install Node.js.")

    (tmp_path / "out").mkdir()
    monkeypatch.setattr(building.parts, "fetch", fails)
    with pytest.raises(SiteError, match="sets its formulas as the slides do. There is no npm here: install"):
        building.build(tmp_path / "out", course(tmp_path), described=[])
    assert [path.name for path in tmp_path.iterdir()] == ["notebooks"]


def test_a_docstring_is_shown_as_it_stands():
    lines = ["A `Node`s *list, x_ too:", "", "    1  -1", "", ">>> f(*a)", "3"]
    assert docstrings.as_written(lines) == [
        "A ``Node``\\ s \\*list, x\\_ too:",
        "",
        "::",
        "",
        "    1  -1",
        "",
        ">>> f(*a)",
        "3",
    ]


@equipment.needs("slide parts", "node")
def test_a_function_with_several_bodies_has_one_signature(tmp_path):
    out = building.build(tmp_path / "out", course(tmp_path), described=["coursekit.specs"])
    text = (out / "reference" / "coursekit.specs.html").read_text()
    assert text.count('id="coursekit.specs.words"') == 1 == text.count('descname"><span class="pre">words<')


# ---------------------------------------------------------------- explorers


def explored(folder, first="stride = 2"):
    """Write a lecture with an explorer that needs the cell `first` into `folder` and return its path."""
    text = f"x: {explorers.STORED}"
    output = new_output("display_data", {"image/png": DOT, "text/plain": text}, metadata={"image/png": {"alt": "x"}})
    source = "from coursekit.explorers import Convolution1D\n\nConvolution1D(signal=[1, 2, 3, 4], stride=stride)"
    cells = [
        new_code_cell("raise SystemError('never needed')", id="unneeded"),
        new_code_cell(first, id="first"),
        new_code_cell(source, outputs=[output], id="shown"),
    ]
    path = folder / "a_lecture.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def written(folder, path):
    places = explorers.write(folder / "extra", [path], lambda name: f"there/{name}", kept=folder / "kept")
    (place,) = places.values()
    return (folder / "extra" / place["script"]).read_text(), place


def test_an_explorer_has_the_state_of_its_lecture_from_the_cells_that_it_needs(tmp_path):
    script, place = written(tmp_path, explored(tmp_path, "stride = 3"))
    assert '"stride": 3' in script and f'getElementById("{place["place"]}")' in script
    assert "export" not in script.split("\n")[1] and place["colab"] == "there/a_lecture.ipynb"


def test_what_did_not_change_is_not_run_again_and_what_changed_is(tmp_path, monkeypatch):
    before, _ = written(tmp_path, explored(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(explorers, "_run", None)
        assert written(tmp_path, explored(tmp_path))[0] == before
    after, _ = written(tmp_path, explored(tmp_path, "stride = 1"))
    assert '"stride": 1' in after and len([*(tmp_path / "kept").iterdir()]) == 1


def test_a_part_of_the_package_that_no_state_depends_on_is_imported_by_no_other_part():
    folder, apart = project.ROOT / "coursekit", "|".join(explorers.APART)
    others = [path for path in folder.rglob("*.py") if path.relative_to(folder).parts[0] not in explorers.APART]
    asks = re.compile(rf"^\s*(from|import) coursekit( import .*\b|\.)({apart})\b", re.MULTILINE)
    assert len(others) > 100 and [path for path in others if asks.search(path.read_text(encoding="utf-8"))] == []
    assert asks.search((folder / "checks" / "__init__.py").read_text(encoding="utf-8"))


def test_a_cell_that_fails_is_named(tmp_path):
    with pytest.raises(SiteError, match="a_lecture.ipynb, cell first: ZeroDivisionError"):
        written(tmp_path, explored(tmp_path, "stride = 1 // 0"))


# ---------------------------------------------------------------- a whole, small site


@equipment.needs("slide parts", "node")
def test_a_small_course_becomes_a_site_with_words_formula_and_no_badge(tmp_path):
    text = "A formula, $x^2$, of 3 × 3 pixels, 2 · 5; `9 × 9` and `do --it 5-3` are code."
    out = building.build(tmp_path / "out", course(tmp_path, text), described=[])
    lecture = out / "lectures" / f"{find('06').stem}.html"
    page, text = checking.Page(lecture), lecture.read_text()
    assert [alt for _, alt in page.pictures] == ["One dot on nothing."]
    assert '<span class="katex">' in text and "<math" in text and "b.svg" not in text and ">Open in Colab</a>" in text
    assert "of 3\u00a0×\u00a03 pixels, 2\u00a0·\u00a05;" in text and "9\u00a0×" not in text  # no line ends there
    assert '<span class="pre"><span class="kept">--i</span>t</span>' in text and '<span class="pre">5-3' in text
    assert 'aria-label="Colour mode"' in text and "Color mode" not in text
    assert page.pictures[0][0] in page.links  # the figure opens large
    assert "require" not in "".join(page.loaded).lower() and "mathjax" not in text.lower()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notebooks", "out"]


@equipment.needs("slide parts", "node")
def test_a_page_for_those_who_teach_leads_to_each_section_and_what_has_no_page_to_the_repository(tmp_path):
    stem, out = find("06").stem, building.build(tmp_path / "out", taught(course(tmp_path)), described=[])
    page, plans = (checking.Page(out / "teaching" / f"{name}.html") for name in (stem, "README"))
    assert {f"../lectures/{stem}.html#a-part", f"../lectures/{stem}.html", "README.html"} <= set(page.links)
    assert [link for link in page.links if link.endswith(f"/blob/main/slides/{stem}.ipynb")]
    assert [link for link in plans.links if link.endswith("/blob/main/assignments/quiz1/README.md#draw")]
    assert f"{stem}.html" in plans.links
    assert {"teaching/README.html", f"teaching/{stem}.html"} <= set(checking.Page(out / "lecturers.html").links)


@equipment.needs("slide parts", "node")
@pytest.mark.parametrize(
    "text, named",
    [
        (
            "See [there](nowhere.ipynb) and [here](#no-such-part).\n\n##### Too deep",
            ["nowhere.ipynb", "no-such-part", "header level"],
        ),
        (r"A formula, $\nosuch{x}$.", [r"\nosuch{x}"]),
        ('<img src="https://a.org/b.png" alt="Elsewhere.">', ["loads https://a.org/b.png from another host"]),
    ],
)
def test_a_fault_in_a_lecture_is_named_and_nothing_stays(tmp_path, text, named):
    with pytest.raises(SiteError) as caught:
        building.build(tmp_path / "out", course(tmp_path, text), described=[])
    assert [one for one in named if one not in str(caught.value)] == []
    assert [path.name for path in tmp_path.iterdir()] == ["notebooks"]


# ---------------------------------------------------------------- finished pages


@pytest.mark.parametrize(
    "planted, named",
    [
        ('<a href="gone.html">x</a>', "the link gone.html leads nowhere"),
        ('<a href="#gone">x</a>', "the link #gone leads to no place"),
        ('<a href="b.html#gone">x</a>', "the link b.html#gone leads to no place"),
        ('<script src="https://a.org/b.js"></script>', "loads https://a.org/b.js from another host"),
        ('<script src="//a.org/b.js"></script>', "loads //a.org/b.js from another host"),
        ('<link rel="stylesheet" href="https://a.org/b.css">', "from another host"),
        ('<img src="b.png">', "the picture b.png has no words"),
        ('<img src="b.png" alt="_images/b.png">', "the picture b.png has no words"),
        ("<h4>deep</h4>", "a heading of level 4 follows one of level 2"),
        ("<h1>two</h1>", "has 2 headings of level 1"),
        ("x" * 1_500_001, "weighs 1.5 MB"),
    ],
)
def test_a_fault_of_a_finished_page_is_seen_and_only_it(tmp_path, planted, named):
    (tmp_path / "b.png").write_bytes(b"x")
    (tmp_path / "b.html").write_text(PAGE.format('<a href="a.html#part">x</a> <a href="https://a.org">x</a>'))
    (tmp_path / "a.html").write_text(PAGE.format('<a href="b.html#part">x</a>'))
    assert checking.faults(tmp_path) == []
    (tmp_path / "a.html").write_text(PAGE.format(planted))
    (fault,) = checking.faults(tmp_path)
    assert fault.startswith("a.html: ") and named in fault


def test_a_style_that_loads_from_elsewhere_is_seen(tmp_path):
    (tmp_path / "a.css").write_text("@font-face { src: url(https://a.org/b.woff2) }")
    assert checking.faults(tmp_path) == ["a.css: loads something from another host"]
