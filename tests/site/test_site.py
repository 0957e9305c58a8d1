"""The web edition as it is built: on any screen, in both themes, from a folder and below a sub-path, and alone."""

import contextlib
import functools
import http.server
import importlib.util
import re
import threading

import nbformat
import pytest

import axe
import browser
import equipment
import glossary
import project
from coursekit import checks
from coursekit.lectures import LECTURES

if importlib.util.find_spec("myst_nb") is None:
    pytest.skip(
        "the web edition is built with Python 3.11 or newer, and what `pip install .[site]` brings",
        allow_module_level=True,
    )
from edition import building, checking, explorers, staging

pytestmark = equipment.needs("slide parts", "node", "chromium")
NARROW, ENLARGED = {"width": 390, "height": 844}, {"width": 320, "height": 844}
LOOKS = [(browser.WIDE, "light"), (NARROW, "dark")]
# The theme looks anew at what scrolls, 300 ms after the last change of the window or the page.
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 350))))"
# By how many pixels the page, or its text within it, can be moved sideways.
WIDER = """() => Math.max(...[document.documentElement, ...document.querySelectorAll(".bd-article-container")].map(
    (one) => one.scrollWidth - one.clientWidth))"""
# The spaces between lines, paragraphs, letters and words that WCAG 1.4.12 wants a page to bear.
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-bottom: 2em !important; }"""
SIZE = "(one) => parseFloat(getComputedStyle(one).fontSize)"
# What is written in a colour too pale for white paper.
PALE = """() => [...document.querySelectorAll(".bd-article :is(p, li, h1, h2, td, a, code, pre, pre span, .katex)")]
    .filter((one) => !one.closest(".explorer") && one.offsetParent !== null)
    .filter((one) => getComputedStyle(one).color.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) > 380)
    .map((one) => one.outerHTML.slice(0, 80)).slice(0, 5)"""
# The short formulas behind which a full stop or a comma begins a line.
PARTED = """() => [180, 190, 200, 210, 220, 230, 240, 250, 260, 270, 280, 290, 300, 310, 320].flatMap((width) => {
  document.querySelectorAll("article p").forEach((one) => { one.style.width = `${width}px`; });
  return [...document.querySelectorAll("article p .katex")].filter((formula) => {
    const next = formula.nextSibling, words = formula.querySelector("annotation").textContent;
    if (formula.closest(".katex-display") || words.length > 24 || next?.nodeType !== 3 || !/^[.,;:]/.test(next.data)) return false;
    const mark = document.createRange();
    mark.setStart(next, 0);
    mark.setEnd(next, 1);
    return mark.getBoundingClientRect().left < formula.getBoundingClientRect().left;
  }).map((formula) => formula.querySelector("annotation").textContent); })"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the site, built once."""
    return building.build(tmp_path_factory.mktemp("web") / "site")


@pytest.fixture(scope="module")
def walked(site, opened_tab):
    """Each page opened once from the folder, as large as can be: {name: pixels sticking out}, what was asked, complaints."""
    opened_tab.clear()
    opened_tab.page.set_viewport_size(ENLARGED)
    out = {}
    for path in checking.read(site):
        opened_tab.page.goto(path.as_uri(), wait_until="load")
        opened_tab.page.add_style_tag(content=SPACED)
        out[path.relative_to(site).as_posix()] = opened_tab.page.evaluate(WIDER)
    found = out, list(opened_tab.requests), list(opened_tab.complaints)
    opened_tab.page.set_viewport_size(browser.WIDE)
    return found


def violations(page, looks=LOOKS):
    """Return what sticks out of the page in sight and what axe finds there, in each (viewport, theme) of `looks`."""
    found = []
    for viewport, theme in looks:
        dress(page, viewport, theme)
        if (out := page.evaluate(WIDER)) > 1:
            found.append(f"{viewport['width']} {theme}: sticks out by {out} pixels")
    axe.prepare(page)
    for viewport, theme in looks:
        dress(page, viewport, theme)
        page.evaluate(SETTLED)
        found += [f"{viewport['width']} {theme}: {one}" for one in axe.violations(page)]
    return found


def dress(page, viewport, theme):
    page.set_viewport_size(viewport)
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)


@contextlib.contextmanager
def served(folder, asked=None):
    """Yield the address at which the parent of `folder` is served, so that the site lies below a sub-path.

    The paths of all requests are added to the list `asked`: Playwright is not told of those for an icon.
    """

    def log(handler, *_):
        if asked is not None:
            asked.append(handler.path)

    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None, "log_request": log})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=folder.parent))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{folder.name}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# ---------------------------------------------------------------- the files


def test_every_lecture_that_is_written_has_a_page_with_its_question(site):
    start = (site / "index.html").read_text()
    for path in project.notebooks():
        lecture = next(one for one in LECTURES if one.stem == path.stem)
        page = site / "lectures" / f"{path.stem}.html"
        assert lecture.title.split("?")[0] in page.read_text() and f"lectures/{path.stem}.html" in start
        assert (site / "notebooks" / path.name).read_bytes() == path.read_bytes()


def test_every_figure_has_the_words_of_its_notebook_in_their_order(site):
    for path in project.notebooks():
        wanted = [words for cell in nbformat.read(path, as_version=4).cells for _, words in staging.figures(cell)]
        page = checking.Page(site / "lectures" / f"{path.stem}.html")
        assert [alt for _, alt in page.pictures] == wanted, path.name


def test_the_glossary_leads_from_each_letter_and_word_to_its_lecture(site):
    rows = re.findall(r"<tr.*?</tr>", (site / "glossary.html").read_text(), re.DOTALL)
    found = {re.search("<p>(.*?)</p>", row)[1]: re.findall(r'href="lectures/(\d\d)_', row) for row in rows}
    known = glossary.NOTATION + glossary.TERMS + glossary.MORE
    assert found == {"Letter": [], "Word": []} | {term.word: [term.lecture] for term in known}


def test_no_answer_of_a_master_notebook_is_published(site):
    assert not [path for path in site.rglob("*") if re.search(r"master|hidden|solution", path.name)]
    for name in staging.ASSIGNMENTS:
        text = (site / "assignments" / f"{name}.html").read_text()
        assert "BEGIN SOLUTION" not in text and "BEGIN HIDDEN" not in text


def test_the_pages_are_in_order(site):
    assert checking.faults(site) == []


# ---------------------------------------------------------------- in Chromium


def test_from_a_folder_no_page_asks_another_host_and_none_complains(walked):
    _, requests, complaints = walked
    assert [one for one in requests if not one.startswith(("file:", "data:"))] == []
    assert complaints == []


def test_no_page_is_wider_than_a_screen_enlarged_four_times_with_its_text_spaced(site, walked, opened_tab):
    """WCAG 1.4.10 and 1.4.12 at once: a screen of 1,280 pixels at 400% has 320, fewer than any telephone."""
    out, _, _ = walked
    assert len(out) > 50 and {name: pixels for name, pixels in out.items() if pixels > 1} == {}
    opened_tab.page.set_viewport_size(ENLARGED)
    opened_tab.page.goto((site / "data.html").as_uri(), wait_until="load")
    opened_tab.page.add_style_tag(content=SPACED + ".bd-article { overflow-wrap: normal !important; }")
    assert opened_tab.page.evaluate(WIDER) > 10
    opened_tab.page.set_viewport_size(browser.WIDE)


def test_below_a_sub_path_no_page_asks_another_place_and_none_complains(site, opened_tab):
    opened_tab.clear()
    with served(site) as base:
        for path in checking.read(site):
            opened_tab.page.goto(base + path.relative_to(site).as_posix(), wait_until="load")
        opened_tab.page.goto("about:blank")
    assert [one for one in opened_tab.requests if not one.startswith((base, "data:"))] == []
    assert opened_tab.complaints == []


def test_the_search_finds_a_lecture_from_a_folder(site, opened_tab):
    opened_tab.clear()
    opened_tab.page.goto((site / "search.html").as_uri() + "?q=microaneurysm")
    opened_tab.page.get_by_text("Search finished").wait_for()
    found = opened_tab.page.eval_on_selector_all("#search-results li a", "(links) => links.map((one) => one.href)")
    assert any("lectures/03_" in address for address in found)
    opened_tab.page.goto((site / "search.html").as_uri() + "?q=padding")
    opened_tab.page.get_by_text("Search finished").wait_for()
    told = opened_tab.page.locator("#search-results li").filter(has_text="02 · ").all_inner_texts()
    assert [one.rpartition(" (")[2] for one in told] == ["lecture)", "for those who teach)"]
    opened_tab.page.goto((site / "search.html").as_uri() + "?q=xyzzyq")
    opened_tab.page.get_by_role("status").get_by_text("No page has all of these words").wait_for()
    assert opened_tab.complaints == []


def test_the_menu_of_colours_gives_the_focus_back(site, opened_tab):
    opened_tab.clear()
    page = opened_tab.page
    page.goto((site / "index.html").as_uri(), wait_until="load")
    menu = page.get_by_role("button", name="Colour mode").first
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Dark").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert menu.evaluate("(one) => one === document.activeElement")
    page.evaluate("localStorage.clear()")


def test_every_page_without_explorers_keeps_wcag_2_1_in_both_themes_and_widths(site, opened_tab):
    """Pages with explorers are judged below, while these live; those of the reference, from one mould, in turns."""
    pages = sorted(checking.read(site).keys() - with_explorers(site).keys())
    found, mould = [], [path for path in pages if path.parent == site / "reference"]
    for path in pages:
        looks = [LOOKS[mould.index(path) % 2]] if path in mould[1:] else LOOKS
        opened_tab.clear()
        opened_tab.page.goto(path.as_uri(), wait_until="load")
        said = violations(opened_tab.page, looks)
        found += [f"{path.relative_to(site)} {one}" for one in said]
    assert found == [] and len(pages) > 50 and len(mould) > 20


# ---------------------------------------------------------------- explorers

OUT = "(box) => box.getBoundingClientRect().right > box.parentElement.getBoundingClientRect().right + 1"
CONTROLS = "input[type=range], select, button, [tabindex='0']"
GROUND = "(one) => getComputedStyle(one).backgroundColor"


def with_explorers(site):
    """Return the pages (paths) that have explorers, each with the cells that show one."""
    found = {path.stem: explorers.shown(nbformat.read(path, as_version=4)) for path in project.notebooks()}
    lectures = {site / "lectures" / f"{stem}.html": cells for stem, cells in found.items() if cells}
    return {site / "index.html": {"play"}} | lectures


def moved(page, box):
    """Whether some key changes the live text, tried from control to control."""
    status = box.locator(".ck-status")
    before = status.inner_text()
    for control in box.locator(CONTROLS).all():
        if not control.is_enabled() or not control.is_visible():
            continue
        control.focus()
        for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "Enter"):
            page.keyboard.press(key)
            page.wait_for_timeout(40)
            if status.inner_text() != before:
                return True
    return False


def as_stored(stored, live):
    """Whether two texts say the same; what comes from a training may differ by one percent.

    >>> as_stored("row 21, column 15: sum −0.341", "row 21, column 15: sum −0.342")
    True
    >>> as_stored("row 21, column 15: sum −0.341", "row 22, column 15: sum −0.341")
    False
    """
    number = r"−?\d[\d,]*(?:\.\d+)?"
    words = [re.sub(number, "#", " ".join(text.split())) for text in (stored, live)]
    values = [
        [float(one.replace("−", "-").replace(",", "") or 0) for one in re.findall(number, text)]
        for text in (stored, live)
    ]
    return words[0] == words[1] and values[0] == pytest.approx(values[1], rel=0.01)


def faults_of_explorers(page, count):
    """Return what is wrong with the explorers of the page in sight: dead, of another colour, cut off."""
    boxes = page.locator(".explorer")
    found = [] if boxes.count() == count else [f"{boxes.count()} explorers in place of {count}"]
    for box in boxes.all():
        box.scroll_into_view_if_needed()
        box.locator(".ck-status:not(:empty)").wait_for(timeout=20_000)
        page.wait_for_timeout(50)
        name, status = (box.locator(part).inner_text() for part in (".ck-title", ".ck-status"))
        stored = box.locator("a.figure img").get_attribute("alt")
        if not as_stored(stored, f"{name}: {status}"):
            found.append(f"{name}: says {status!r}; the lecture stores {stored!r}")
        if box.locator("a.figure").is_visible() or not box.locator(".explorer-note a").is_visible():
            found.append(f"{name}: its picture stands beside it, or no way to Colab")
        if box.locator(".ck").evaluate(GROUND) != page.locator("body").evaluate(GROUND):
            found.append(f"{name}: not in the colours of the page")
        if box.evaluate("(box) => box.scrollHeight - box.clientHeight") > 1:
            found.append(f"{name}: scrolls by itself")
        if box.evaluate(OUT):
            found.append(f"{name}: sticks out of its column")
        if not moved(page, box):
            found.append(f"{name}: no key changes its live text")
    return found


@pytest.mark.parametrize("viewport, theme", LOOKS)
def test_each_explorer_lives_on_its_page_in_the_colours_of_the_page(site, opened_tab, viewport, theme):
    opened_tab.clear()
    page, found = opened_tab.page, []
    for path, cells in with_explorers(site).items():
        page.goto(path.as_uri(), wait_until="load")
        dress(page, viewport, theme)
        said = [*faults_of_explorers(page, len(cells)), *violations(page, [(viewport, theme)])]
        found += [f"{path.stem} {one}" for one in said]
    assert found == []
    assert [one for one in opened_tab.requests if not one.startswith(("file:", "data:"))] == []
    assert opened_tab.complaints == []


# ---------------------------------------------------------------- exercises


def test_each_exercise_is_asked_on_its_page_or_leads_to_colab(site, opened_tab):
    opened_tab.clear()
    page, asked = opened_tab.page, 0
    for path in project.notebooks():
        page.goto((site / "lectures" / f"{path.stem}.html").as_uri(), wait_until="load")
        forms, notes = page.locator("form.exercise").all(), page.locator(".exercise-note a").all()
        assert len(forms) + len(notes) == len(checks.exercises(path.stem[:2])), path.stem
        assert all(one.is_visible() for one in [*forms, *notes]), path.stem
        for form in forms:
            form.get_by_role("textbox").fill("[]")
            form.get_by_role("button").click()
            assert "not yet" in form.get_by_role("status").inner_text()
        asked += len(forms)
    assert asked >= 17 and opened_tab.complaints == []


def test_the_picture_of_an_explorer_stays_where_no_script_comes(site, opened_tab):
    context = opened_tab.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    for path, cells in with_explorers(site).items():
        plain.goto(path.as_uri(), wait_until="domcontentloaded")
        pictures = plain.locator(".explorer a.figure img")
        assert pictures.count() == len(cells) and all(one.is_visible() for one in pictures.all()), path.stem
        assert not any(one.is_visible() for one in plain.locator(".explorer-note").all())
        said = plain.locator(".explorer .exercise-note")
        assert said.count() == len(cells) and all("where JavaScript runs" in one for one in said.all_inner_texts())
    context.close()


def test_without_javascript_a_page_has_its_colours_and_each_exercise_says_where_it_is_answered(site, opened_tab):
    context = opened_tab.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto((site / "lectures" / "07_counting_parameters.html").as_uri(), wait_until="domcontentloaded")
    header = plain.locator(".bd-header").evaluate(GROUND)
    said = plain.locator("section > .exercise-note")
    assert re.fullmatch(r"rgb\(\d+, \d+, \d+\)", header), f"what scrolls by is seen through the header: {header}"
    assert said.count() == len(checks.exercises("07")) and all(one.is_visible() for one in said.all())
    assert said.get_by_role("link").count() == said.count()
    context.close()


def test_a_lecture_is_printed_to_its_end(site, opened_tab):
    opened_tab.clear()
    page = opened_tab.page
    page.goto((site / "lectures" / "04_edge_filters.html").as_uri(), wait_until="load")
    last = page.eval_on_selector_all("article a[href^='http']", "(all) => all.map((one) => one.href)")[-1]
    assert last.encode() in page.pdf(format="A4"), f"the last link, {last}, is not on paper"


def test_what_is_printed_from_a_dark_page_is_dark_on_white(site, opened_tab):
    opened_tab.clear()
    page = opened_tab.page
    page.goto((site / "lectures" / "04_edge_filters.html").as_uri(), wait_until="load")
    dress(page, browser.WIDE, "dark")
    page.emulate_media(media="print")
    pale = page.evaluate(PALE)
    page.emulate_media(media="screen")
    assert pale == [] and page.evaluate(PALE) != []


def test_the_picture_of_an_explorer_stays_where_its_script_is_lost(site, opened_tab):
    opened_tab.clear()
    page, path = opened_tab.page, next(iter(with_explorers(site)))
    page.route("**/explorers/*.js", lambda route: route.abort())
    page.goto(path.as_uri(), wait_until="load")
    page.locator(".explorer").scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    page.unroute("**/explorers/*.js")
    assert page.locator(".explorer a.figure").is_visible() and not page.locator(".explorer-note").is_visible()


@pytest.mark.parametrize("width", [1300, 390])
def test_headings_descend_in_size_and_no_mark_is_parted_from_its_short_formula(site, opened_tab, width):
    opened_tab.clear()
    page = opened_tab.page
    page.set_viewport_size({"width": width, "height": 844})
    page.goto((site / "lectures" / "06_pooling_and_receptive_fields.html").as_uri(), wait_until="load")
    sizes = [page.locator(f"article {tag}").first.evaluate(SIZE) for tag in ("h1", "h2", "h3", "p")]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == 4, sizes
    assert page.evaluate(PARTED) == []
    page.add_style_tag(content=".kept { white-space: normal !important; }")
    assert page.evaluate(PARTED) != []


def test_most_code_fits_a_desktop_all_of_it_a_large_one_and_the_ways_on_a_telephone(site, opened_tab):
    opened_tab.clear()
    page, cut = opened_tab.page, {}
    for stem in ("02_convolution_in_one_dimension", "11_architectures"):  # short lines, and the longest
        page.goto((site / "lectures" / f"{stem}.html").as_uri(), wait_until="load")
        for width in (1300, 1920):
            page.set_viewport_size({"width": width, "height": 844})
            cut[stem[:2], width] = page.eval_on_selector_all(
                ".bd-article pre", "(all) => all.map((one) => one.scrollWidth > one.clientWidth + 1)"
            )
    assert sum(cut["02", 1300]) < 0.1 * len(cut["02", 1300]) and not any(cut["02", 1920] + cut["11", 1920])
    prose = page.eval_on_selector_all(".bd-article section > p", "(all) => all.map((one) => one.clientWidth)")
    assert max(prose) <= 800  # a line of prose that is longer loses its reader
    page.set_viewport_size(NARROW)
    widths = page.eval_on_selector_all(".prev-next-area a", "(all) => all.map((one) => one.clientWidth)")
    assert len(widths) == 2 and min(widths) > 300


def test_each_landmark_for_ways_has_a_name_and_forced_colours_show_the_focus(site, opened_tab):
    opened_tab.clear()
    page = opened_tab.page
    page.set_viewport_size({"width": 1300, "height": 844})
    page.goto((site / "index.html").as_uri(), wait_until="load")
    names = page.eval_on_selector_all(
        "nav", "(all) => all.map((one) => one.ariaLabel || one.getAttribute('aria-labelledby'))"
    )
    assert len(names) > 1 and all(names), names
    page.emulate_media(forced_colors="active")
    for name in ("Search", "More"):
        page.get_by_role("button", name=name).first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", name
    page.emulate_media(forced_colors="none")


@pytest.mark.parametrize(
    "planted, named",
    [
        ('<p style="color: #aaa; background: #fff">pale</p>', "color-contrast"),
        ('<p style="color: #fff; background: #fff">white</p>', "of one colour"),
        ('<img src="x.png">', "image-alt"),
        ("<button></button>", "button-name"),
        ('<div style="width: 2000px; height: 1px"></div>', "sticks out"),
    ],
)
def test_a_planted_fault_is_seen(opened_tab, planted, named):
    opened_tab.clear()
    opened_tab.page.set_content(f'<html lang="en"><title>A page</title><main><h1>A page</h1>{planted}</main></html>')
    assert any(named in one for one in violations(opened_tab.page))
