"""Laws that every explorer keeps: on any screen, by keyboard, for a screen reader, without network or Jupyter."""

import re

import numpy as np
import pytest
import traitlets

import browser
import project
from coursekit import explorers
from coursekit.explorers import base

CLASSES = [getattr(explorers, name) for name in explorers.__all__ if name != "Explorer"]
EACH = pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
FOCUSABLE = "input, select, button, textarea, [tabindex='0']"
LUMINANCE = """(colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map((v) => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; }"""


# ---------------------------------------------------------------- in Python


@EACH
def test_its_text_form_says_what_it_is_and_fits_where_anywidget_cuts(kind):
    assert repr(kind()) == f"{kind.title}: an interactive picture. Run this cell to start it."
    assert len(repr(kind())) <= 110


@EACH
def test_an_argument_that_it_has_not_is_refused_by_name(kind):
    with pytest.raises(TypeError, match=rf"{kind.__name__} has the arguments .*{kind.words()[0]}.* Received: colour"):
        kind(colour=3)


@EACH
def test_all_its_traits_are_documented_synced_and_observable(kind):
    explorer = kind()
    for name in kind.words():
        assert any(f"`{name}`" in (part.__doc__ or "") for part in kind.__mro__), name
        assert explorer.trait_metadata(name, "sync"), name
    assert kind.words()


@EACH
def test_its_module_stands_alone(kind):
    source = kind()._esm
    code = re.sub(r"//.*|/\*[\s\S]*?\*/", "", source)
    assert not re.search(r"^\s*import\b", code, re.MULTILINE) and source.count("export default") == 1
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest", source)


@EACH
def test_the_readme_says_what_one_can_play_with(kind):
    readme = (project.ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"(?m)^\| .*`{kind.__name__}`.* \| .{{20,}} \|$", readme)


def test_an_array_trait_is_read_only_and_tells_of_a_change_once():
    explorer, seen = explorers.Convolution2D(), []
    explorer.observe(lambda change: seen.append(change["new"].tolist()), "kernel")
    explorer.kernel = [[1, 2], [3, 4]]
    explorer.kernel = np.array([[1, 2], [3, 4]])
    assert seen == [[[1, 2], [3, 4]]] and explorer.kernel.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        explorer.kernel[0, 0] = 5


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ([1, 2], "kernel must .*2"),
        ([[np.nan]], "kernel must"),
        ([[1e39]], "kernel must hold numbers below 3.4e38"),
        ("sobel", "kernel must"),
        (np.ones((8, 3)), r"kernel must have 1 to 7 entries along each axis. Received: shape \(8, 3\)"),
        (np.ones((0, 3)), "kernel must have 1 to 7 entries"),
    ],
)
def test_an_array_trait_refuses_what_is_no_such_array_and_keeps_what_it_had(value, fault):
    explorer = explorers.Convolution2D()
    before = explorer.kernel
    with pytest.raises(traitlets.TraitError, match=fault):
        explorer.kernel = value
    assert explorer.kernel is before


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("name", sorted(explorers.__all__))
def test_no_trait_takes_a_number_that_is_none(name, value):
    """Bounds do not stop NaN, which compares with nothing."""
    kind = getattr(explorers, name)
    for trait, holder in kind.class_traits(sync=True).items():
        if isinstance(holder, traitlets.Float):
            with pytest.raises(traitlets.TraitError, match=trait):
                holder.validate(None, value)
        if isinstance(holder, traitlets.List) and isinstance(holder._trait, traitlets.Float):
            with pytest.raises(traitlets.TraitError):
                holder.validate_elements(kind.__new__(kind), [value])


def test_an_array_goes_to_the_browser_as_bytes_and_comes_back():
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    sent = base.to_browser(array[:, ::-1])
    assert sent["shape"] == [2, 3] and len(sent["data"]) == 24
    np.testing.assert_array_equal(base.from_browser(sent), array[:, ::-1])


# ---------------------------------------------------------------- in a browser


@EACH
def test_it_shows_itself_without_complaint_or_network(kind, tab):
    page = tab.show(kind())
    assert (
        tab.complaints == [] and [url for url in tab.requests if not url.startswith(("about:", "data:", "blob:"))] == []
    )
    assert page.locator(".ck-status").inner_text().strip()
    drawn = page.evaluate("""() => [...document.querySelectorAll('.ck canvas')].map((canvas) => {
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return new Set(new Uint32Array(pixels.buffer)).size;
    })""")
    assert all(colours > 1 for colours in drawn), drawn


@pytest.fixture(scope="module", params=[False, True], ids=["light", "dark"])
def narrow(request, chromium):
    opened = browser.Page(chromium, browser.NARROW, dark=request.param, scale=2)
    yield opened
    opened.close()


@EACH
def test_it_fits_a_narrow_screen_and_can_be_read(kind, narrow):
    narrow.clear()
    page = narrow.show(kind())
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    wide = page.evaluate("""() => [...document.querySelectorAll('.ck *')].filter((e) => !e.closest('.ck-body') &&
        e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 80))""")
    contrasts = page.evaluate(f"""() => {{ const luminance = {LUMINANCE};
        const root = getComputedStyle(document.querySelector('.ck')).backgroundColor;
        return [...document.querySelectorAll('.ck p, .ck label, .ck td, .ck th, .ck output, .ck button, .ck select')].map((e) => {{
            const [a, b] = [luminance(getComputedStyle(e).color), luminance(root)];
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); }}); }}""")
    sharp = page.evaluate("[...document.querySelectorAll('.ck canvas')].every((c) => c.width >= 2 * c.clientWidth - 2)")
    assert wide == [] and min(contrasts) >= 4.5 and sharp


@EACH
def test_everything_that_takes_the_keyboard_keeps_its_keys_and_has_a_name(kind, tab):
    page = tab.show(kind())
    assert page.locator(FOCUSABLE).count() >= 1
    for element in page.locator(FOCUSABLE).all():
        assert element.get_attribute("data-lm-suppress-shortcuts") == "true", element.evaluate("e => e.outerHTML")
        named = element.evaluate(
            "e => e.getAttribute('aria-label') || [...(e.labels || [])].map(l => l.innerText).join() "
            "|| (e.tagName === 'BUTTON' && e.innerText) || ''"
        )
        assert named.strip(), element.evaluate("e => e.outerHTML")
    assert all(canvas.get_attribute("aria-label") for canvas in page.locator("canvas").all())
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2


@EACH
def test_keys_pressed_inside_do_not_reach_the_page(kind, tab):
    """JupyterLab listens at the document; its shortcuts are stopped by the mark, ours by the explorer itself."""
    page = tab.show(kind())
    page.evaluate(
        "() => { window.heard = []; document.addEventListener('keydown', (e) => "
        "e.target.closest('canvas') && !e.defaultPrevented && heard.push(e.key)); }"
    )
    for canvas in page.locator("canvas[tabindex='0']").all():
        canvas.focus()
        page.keyboard.press("ArrowRight")
    assert page.evaluate("heard") == []


def test_the_colours_are_those_of_the_figures(tab):
    import matplotlib

    tab.page.set_content("<p>")
    for name in ("viridis", "RdBu_r"):
        got = tab.page.evaluate(
            """async ([source, name]) => {
            const module = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(source));
            return Array.from(module.colours(name)); }""",
            [base.module("canvas.js"), name],
        )
        expected = 255 * matplotlib.colormaps[name](np.arange(256))[:, :3]
        assert np.abs(np.reshape(got, (256, 3)) - expected).max() < 8


# ---------------------------------------------------------------- the tests themselves


def test_what_a_page_complains_of_is_seen(tab):
    tab.page.set_content("<script>console.error('ouch'); throw new Error('worse')</script>")
    tab.page.wait_for_timeout(50)
    assert len(tab.complaints) == 2
