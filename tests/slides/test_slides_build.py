"""What builds the slides: parts without host names, formulas, steps, and a bad state reported by name with its fix."""

import json
import os
import re
import stat
import threading
import time
import urllib.error
import urllib.request

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import equipment
import project
from slides import FOLDER, SlidesError, build, decks, maths, pages, parts, present, printing


def program(folder, name, script):
    """Put an executable shell script called `name` into a folder of its own and return the folder."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return folder


def test_the_lock_names_versions_and_checksums_and_no_host():
    lock = json.loads((FOLDER / "package-lock.json").read_text())
    wanted = json.loads((FOLDER / "package.json").read_text())["dependencies"]
    packages = {name.removeprefix("node_modules/"): facts for name, facts in lock["packages"].items() if name}
    assert {name: packages[name]["version"] for name in wanted} == wanted
    assert all(facts["integrity"].startswith("sha512-") and "resolved" not in facts for facts in packages.values())
    for name in ("package.json", "package-lock.json", ".npmrc"):
        assert not re.search(r"https?://", (FOLDER / name).read_text()) and not project.REGISTRY.search(
            (FOLDER / name).read_text()
        )


def test_only_what_is_used_is_kept(slide_parts):
    kept = {str(path.relative_to(slide_parts)) for path in slide_parts.rglob("*") if path.is_file()}
    assert kept == set(parts.KEPT)
    assert sum(path.stat().st_size for path in slide_parts.rglob("*") if path.is_file()) < 1_500_000


def test_parts_that_were_fetched_once_need_neither_npm_nor_network(slide_parts, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert parts.fetch() == slide_parts


def test_a_missing_npm_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SlidesError, match=r"no npm here.*install Node\.js"):
        parts.fetch(tmp_path / "built")


def test_an_npm_that_fails_is_quoted_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(program(tmp_path / "bin", "npm", "echo 'no route to host' >&2; exit 1")))
    with pytest.raises(SlidesError, match=r"connect to the network(?s:.*)no route to host"):
        parts.fetch(tmp_path / "built")
    assert list((tmp_path / "built").iterdir()) == []


def test_a_missing_node_is_named(slide_parts, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SlidesError, match="no node here"):
        maths.put_back("@formula0@", [("x", False)], slide_parts)


def test_a_missing_chromium_is_named(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(SlidesError, match="no Chromium here.*--no-pdf"):
        printing.opened()


def deck(folder, *sources):
    """Write a deck of code cells, the first of which is a heading, and return its path."""
    cells = [new_markdown_cell("## One", metadata={"slideshow": {"slide_type": "slide"}})]
    cells += [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources, start=1)]
    path = folder / "99_a_deck.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_a_cell_that_fails_is_named_and_what_was_built_before_stays(slide_parts, tmp_path):
    built = tmp_path / "built"
    built.mkdir()
    (built / "99_a_deck.html").write_text("the old page")
    with pytest.raises(
        SlidesError, match=r"99_a_deck\.ipynb stopped at cell 'cell-2': ZeroDivisionError(?s:.*)mend that cell"
    ):
        build.build(deck(tmp_path, "print('fine')", "1 / 0", "print('never')"), built, pdf=False)
    assert [file.name for file in built.iterdir()] == ["99_a_deck.html"]
    assert (built / "99_a_deck.html").read_text() == "the old page"


def test_a_pdf_that_fails_leaves_no_new_page(slide_parts, tmp_path, monkeypatch):
    monkeypatch.setattr(decks, "run", lambda path: nbformat.read(path, as_version=4))
    monkeypatch.setattr(printing, "opened", lambda: None)  # as if there were a Chromium
    monkeypatch.setattr(printing, "print_pdfs", lambda page: (_ for _ in ()).throw(SlidesError("no paper")))
    with pytest.raises(SlidesError, match="no paper"):
        build.build(deck(tmp_path), tmp_path / "built")
    assert list((tmp_path / "built").iterdir()) == []


def test_a_deck_that_is_not_there_is_told():
    with pytest.raises(SystemExit, match="no deck that begins with '77'"):
        build.main(["77"])
    with pytest.raises(SystemExit, match="no deck that begins with '77'"):
        present.main(["77"])


@equipment.needs("node")
def test_formulas_become_html_with_mathml_and_wrong_ones_are_named(slide_parts):
    formulas = []
    text = maths.take_out(r"as $x_1$ in `$code$`", formulas)
    html = maths.put_back(text, formulas, slide_parts)
    assert formulas == [("x_1", False)] and "<math" in html and "`$code$`" in html and "@formula" not in html
    with pytest.raises(SlidesError, match=r"The formula '\\\\nowhere' cannot be set"):
        maths.put_back("@formula0@", [(r"\nowhere", False)], slide_parts)


def slide_page(slide_parts, *cells):
    return pages.page(decks.slides(new_notebook(cells=cells)), slide_parts, "99_a_deck")


def markdown(source, role="", tags=()):
    return new_markdown_cell(source, metadata={"slideshow": {"slide_type": role}, "tags": list(tags)})


def test_what_a_slide_needs_is_asked_for(slide_parts):
    with pytest.raises(SlidesError, match="before the first slide"):
        slide_page(slide_parts, markdown("words"))
    with pytest.raises(SlidesError, match="has no heading"):
        slide_page(slide_parts, markdown("words", "slide"))
    picture = new_code_cell("", id="picture", outputs=[new_output("display_data", {"image/png": "aGk="})])
    with pytest.raises(SlidesError, match="'picture' shows what no slide can"):
        slide_page(slide_parts, markdown("# One", "slide"), picture)


def test_fragments_notes_sides_and_kinds_arrive_in_the_page(slide_parts):
    page = slide_page(
        slide_parts,
        markdown("# Why & how?", "slide", ["title"]),
        markdown("## Ask", "slide", ["question"]),
        markdown("first"),
        markdown("then", "fragment"),
        markdown("beside", tags=["side"]),
        markdown("3 min. Say **this**.", "notes"),
        markdown("never", "skip"),
    )
    assert "<title>Why &amp; how?</title>" in page and "never" not in page
    assert (
        '<section id="slide-2" class="question plain" data-timing="180"><p class="kind">Question</p><h2>Ask</h2>'
        in page
    )
    assert (
        '<div class="cell fragment"><p>then</p></div>' in page and '<div class="column side"><div class="cell">' in page
    )
    assert (
        '<aside class="notes"><p>3 min. Say <strong>this</strong>.</p></aside>' in page and '{"seconds": 180}' in page
    )


def test_figures_of_one_cell_follow_each_other_in_one_place(slide_parts):
    facts = {"alt": 'A "picture" that is drawn.', "inches": [4, 2], "letters": 9}
    figures = [
        new_output(
            "display_data", {"image/svg+xml": f"<svg>{i}</svg>"}, metadata={"image/svg+xml": facts | {"lines": i == 1}}
        )
        for i in range(3)
    ]
    words = new_output("display_data", {"text/markdown": "under the first"})
    cell = new_code_cell("", metadata={"tags": ["steps"]}, outputs=[figures[0], words, *figures[1:]])
    page = slide_page(slide_parts, markdown("# One", "slide"), cell)
    body = page[page.index('<div class="steps">') :]
    assert body.count('<div class="step fragment">') == 2 and body.count('<div class="figure">') == 3
    assert body.index("under the first") < body.index('<div class="step fragment">')
    assert 'alt="A &quot;picture&quot; that is drawn."' in body and 'data-inches="4.000 2.000" data-letters="9"' in body
    assert body.count('<img class="lines" ') == 1


def test_a_shown_cell_shows_its_code(slide_parts):
    cell = new_code_cell("for i in range(3):\n    print(i < 2)", metadata={"tags": ["shown"]})
    page = slide_page(slide_parts, markdown("# One", "slide"), cell)
    assert '<pre><code><span class="k">for</span>' in page and "&lt;" in page


def test_what_a_page_holds_cannot_end_its_scripts(slide_parts):
    page = slide_page(slide_parts, markdown("# One", "slide"))
    assert page.count("</script>") == 2
    assert page.count("@font-face") == 20 and "url(fonts/" not in page


def test_presenting_builds_only_what_is_older_than_its_sources(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(present, "build", lambda path, folder, pdf: calls.append(path) or folder / f"{path.stem}.html")
    path = deck(tmp_path)
    page = tmp_path / "99_a_deck.html"
    assert present.current(path, tmp_path) == page and len(calls) == 1
    page.write_text("built")
    later = time.time() + 5
    os.utime(page, (later, later))
    assert present.current(path, tmp_path) == page and len(calls) == 1
    os.utime(path, (later + 5, later + 5))
    present.current(path, tmp_path)
    assert len(calls) == 2


def test_the_server_shows_the_page_to_this_computer_only(tmp_path):
    (tmp_path / "page.html").write_text("hello")
    with present.server(tmp_path) as serving:
        host, port = serving.server_address
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        assert host == "127.0.0.1"
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}/page.html").read() == b"hello"
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/nothing.html")
        serving.shutdown()


def test_no_file_of_the_slides_names_a_registry_or_a_machine():
    for path in [*FOLDER.glob("*.*"), *(FOLDER / "theme").iterdir()]:
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".ipynb":
            assert not project.REGISTRY.search(text) and not project.MACHINE_PATH.search(text), path.name


def test_a_build_can_be_interrupted_without_a_trace(slide_parts, tmp_path, monkeypatch):
    monkeypatch.setattr(decks, "run", lambda path: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        build.build(deck(tmp_path), tmp_path / "built", pdf=False)
    assert list((tmp_path / "built").iterdir()) == []
