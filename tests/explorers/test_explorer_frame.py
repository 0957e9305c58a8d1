"""Laws of the frame around every explorer: title, task, reset, sizes, themes, pins, focus, predictions, numbers."""

import io
import json
import re

import numpy as np
import pytest
from PIL import Image

import browser
from coursekit import explorers, images
from coursekit.explorers import base

CLASSES = [getattr(explorers, name) for name in explorers.__all__ if name != "Explorer"]
EACH = pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
PREDICTING = [kind for kind in CLASSES if issubclass(kind, base.Predicting)]
PIXELS = "[...document.querySelectorAll('.ck canvas')].map((canvas) => canvas.toDataURL())"
FRAME = "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"


@pytest.fixture(scope="module")
def made():
    """Each explorer once: making some of them takes seconds."""
    return {kind: kind() for kind in CLASSES}


@pytest.fixture(scope="module")
def dark(chromium):
    opened = browser.Page(chromium, dark=True)
    yield opened
    opened.close()


def status(page):
    return page.locator(".ck-status").inner_text()


@EACH
def test_it_has_a_title_and_a_task_and_reset_brings_back_what_was_there_first(kind, made, tab):
    page = tab.show(made[kind])
    assert (
        page.locator(".ck-title").inner_text() == kind.title
        and page.locator(".ck-task").inner_text() == kind.usual_task
    )
    before = page.evaluate(PIXELS), status(page)
    target = page.locator(".ck canvas[tabindex='0'], .ck tbody input[type='number']").first
    target.focus()
    for key in (
        ["ArrowDown", "ArrowRight", "ArrowUp", "r"]
        if "canvas" in target.evaluate("e => e.tagName.toLowerCase()")
        else ["1"]
    ):
        page.keyboard.press(key)
    page.evaluate(FRAME)
    assert (page.evaluate(PIXELS), status(page)) != before
    page.get_by_role("button", name="reset the explorer").click()
    page.evaluate(FRAME)
    assert (page.evaluate(PIXELS), status(page)) == before
    assert tab.complaints == []


def test_the_task_is_the_lectures_own_where_it_gives_one(tab):
    assert tab.show(explorers.WayBack(task="Which pixel wins?")).locator(".ck-task").inner_text() == "Which pixel wins?"


@EACH
def test_the_first_drawing_has_the_inks_of_the_theme_although_it_is_made_before_it_is_attached(kind, made, dark):
    dark.clear()
    page = dark.show(made[kind])
    page.evaluate(FRAME)
    attached = page.evaluate(PIXELS)
    late = (
        made[kind]
        .to_html()
        .replace(
            'el: document.querySelector("main") });',
            'el: window.late = document.createElement("div") });\nsetTimeout(() => document.querySelector("main").append(window.late), 30);',
        )
    )
    page.set_content(late)
    page.wait_for_selector(".ck-status:not(:empty)")
    page.evaluate(FRAME)
    assert page.evaluate(PIXELS) == attached


def test_a_theme_switched_on_while_the_page_is_hidden_for_a_moment_leaves_the_layout_as_it_was(made, tab):
    """JupyterLab hides its whole page for one frame when it changes the theme."""
    page = tab.show(made[explorers.Convolution1D])
    places = "[...document.querySelectorAll('.ck canvas')].map((c) => [c.offsetLeft, c.offsetTop, c.offsetWidth])"
    before, inks = page.evaluate(places), page.evaluate(PIXELS)
    page.evaluate(
        """() => { document.body.style.setProperty('--jp-ui-font-color1', '#d00'); document.body.dataset.jpThemeLight = 'true';
        document.querySelector('main').hidden = true; requestAnimationFrame(() => { document.querySelector('main').hidden = false; }); }"""
    )
    page.evaluate(FRAME)
    assert page.evaluate(places) == before and page.evaluate(PIXELS) != inks


@EACH
def test_in_a_narrow_column_of_a_wide_window_nothing_is_cut_off(kind, made, tab):
    page = tab.show(made[kind])
    page.evaluate("document.querySelector('main').style.width = '560px'")
    page.evaluate(FRAME)
    page.wait_for_timeout(50)
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.ck *')].filter((e) => !e.closest('textarea, .ck-list') && e.getClientRects().length
        && e.getBoundingClientRect().right > document.querySelector('.ck').getBoundingClientRect().right + 1)
        .map((e) => e.outerHTML.slice(0, 90))"""
    )
    assert cut == []


def test_shown_factors_multiply_to_the_shown_product(tab):
    rng = np.random.default_rng(1)
    factors = (rng.choice([-1, 1], (400, 2)) * 10 ** rng.uniform(-2.5, 2.5, (400, 2))).tolist() + [
        [7.94, 0.00443],
        [0, 3],
    ]
    tab.page.set_content("<p>")
    texts = tab.page.evaluate(
        """async ([source, pairs]) => { const { shown } = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(source));
        return pairs.map(([a, b]) => [shown(a), shown(b), shown(a * b)]); }""",
        [base.module("page.js"), factors],
    )
    for text in texts:
        a, b, product = (float(part.replace("−", "-")) for part in text)
        assert a * b == pytest.approx(product, rel=0.016), text
    assert texts[-1] == ["0", "3", "0"]


def test_a_click_pins_the_window_until_it_is_clicked_again_or_escape_is_pressed(made, tab):
    page = tab.show(made[explorers.Convolution2D])
    box = page.locator("canvas").first.bounding_box()

    def at(x, y):
        return box["x"] + x, box["y"] + y

    page.mouse.move(*at(50, 60))
    page.mouse.move(*at(90, 60))
    follows = status(page)
    page.mouse.click(*at(120, 80))
    held = status(page)
    assert held != follows
    page.mouse.move(*at(30, 150))
    assert status(page) == held
    page.mouse.click(*at(120, 80))
    page.mouse.move(*at(30, 150))
    assert status(page) != held
    page.mouse.click(*at(70, 80))
    page.keyboard.press("Escape")
    page.mouse.move(*at(200, 20))
    assert "row 18, column 19" in status(page)


@EACH
def test_what_follows_the_pointer_is_held_by_a_click(kind, made, tab):
    page = tab.show(made[kind])
    drawn = "(canvas) => canvas.getAttribute('aria-label') + canvas.toDataURL()"
    for canvas in page.locator(".ck canvas").all():
        box = canvas.bounding_box()
        if not box:
            continue

        def seen_at(x, canvas=canvas, box=box):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + 0.4 * box["height"])
            page.evaluate(FRAME)
            return canvas.evaluate(drawn)

        if seen_at(0.1) != seen_at(0.9):
            page.mouse.down()
            page.mouse.up()
            page.evaluate(FRAME)
            assert canvas.evaluate(drawn) == seen_at(0.1), canvas.get_attribute("aria-label")


def test_pixels_that_are_large_enough_show_their_numbers(tab):
    page = tab.show(explorers.Convolution2D(picture=np.arange(20).reshape(4, 5) / 4, kernel=[[0, 0], [0, -2]]))
    page.evaluate(
        """() => { window.written = []; const write = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { written.push(text); write.call(this, text, ...at); }; }"""
    )
    page.locator("canvas").first.press("ArrowRight")
    page.evaluate(FRAME)
    assert {"0.25", "4.75", "−9.5"} <= set(page.evaluate("written"))


@EACH
def test_a_finger_that_drags_does_not_scroll_the_page(kind, made, tab):
    page = tab.show(made[kind])
    dragged = {"Convolution1D": 2, "Convolution2D": 2, "LayerShapes": 1, "ExplainModel": 1, "NeuronToNetwork": 3}
    styles = page.evaluate(
        "[...document.querySelectorAll('.ck canvas')].map((canvas) => getComputedStyle(canvas).touchAction)"
    )
    assert styles.count("none") == dragged.get(kind.__name__, 0)


# ---------------------------------------------------------------- the keyboard's focus


def test_a_button_that_is_drawn_anew_keeps_the_focus(made, tab):
    page = tab.show(made[explorers.RealOrFake])
    page.locator(".ck-thumb").nth(3).focus()
    page.keyboard.press("Enter")
    page.evaluate(FRAME)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "image 4, not labelled"
    page = tab.show(made[explorers.ExplainModel])
    page.get_by_role("button", name="dense").press("Enter")
    page.get_by_role("button", name=re.compile("go to row")).first.focus()
    page.keyboard.press("Enter")
    page.evaluate(FRAME)
    assert page.evaluate("document.activeElement !== document.body")


# ---------------------------------------------------------------- predictions


@pytest.mark.parametrize("kind", PREDICTING, ids=lambda kind: kind.__name__)
def test_the_answer_is_hidden_until_the_reader_commits_and_both_kinds_are_counted(kind, made, tab):
    explorer = kind(predict=True, **({"position": 2} if kind is explorers.Convolution1D else {}))
    page = tab.show(explorer)
    told = tab.page.evaluate("() => document.querySelector('.ck').classList.contains('ck-hiding')")
    assert told and status(page).startswith("Predict: ")
    page.get_by_label("your prediction").fill("7777")
    page.keyboard.press("Enter")
    words = page.locator(".ck-predict [role='status']")
    if "whole numbers" in words.inner_text():
        count = int(re.search(r"(\d+) whole", words.inner_text())[1])
        page.get_by_label("your prediction").fill(" x ".join(["7777"] * count))
        page.keyboard.press("Enter")
    assert "0 right, 1 wrong" in page.locator(".ck-predict").inner_text()
    answer = re.search(r"it is (.*)\.$", words.inner_text())[1]
    assert not status(page).startswith("Predict: ") and not page.locator(".ck-hiding").count()
    page.get_by_role("button", name="reset the explorer").click()
    page.evaluate(FRAME)
    assert status(page).startswith("Predict: ") and "0 right, 0 wrong" in page.locator(".ck-predict").inner_text()
    assert words.inner_text() == "" == page.get_by_label("your prediction").input_value()
    visible = page.locator(".ck").inner_text() + " ".join(
        page.evaluate(
            "[...document.querySelectorAll('.ck canvas')].filter((c) => getComputedStyle(c).visibility === 'visible').map((c) => c.getAttribute('aria-label'))"
        )
    )
    if len(answer) > 1 and kind is not explorers.ReceptiveField:
        assert not re.search(rf"(?<![\d−]){answer}(?!\d)", visible)
    page.get_by_label("your prediction").fill(answer.replace(" × ", ", "))
    page.get_by_role("button", name="check").click()
    assert "1 right, 0 wrong" in page.locator(".ck-predict").inner_text()
    assert page.evaluate("document.activeElement !== document.body")


def test_each_new_place_is_a_new_question(tab):
    page = tab.show(explorers.Convolution1D(predict=True, position=1))
    for said, score in (("2", "1 right, 0 wrong"), ("8", "1 right, 1 wrong")):
        page.get_by_label("your prediction").fill(said)
        page.keyboard.press("Enter")
        assert score in page.locator(".ck-predict").inner_text()
        page.locator("canvas").first.focus()
        page.keyboard.press("ArrowRight")
        page.evaluate(FRAME)
        assert status(page).startswith("Predict: what is output")


# ---------------------------------------------------------------- what single explorers owe


def test_the_learning_rate_goes_in_round_steps_and_takes_any_number(tab):
    page = tab.show(explorers.GradientDescent(learning_rate=0.2))
    page.locator("input[type='range']").first.focus()
    exact = page.get_by_label("or exactly")
    seen = []
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        seen.append(float(exact.input_value()))
    assert seen == [0.5, 1, 2]
    exact.fill("0.37")
    page.get_by_role("button", name="one step").click()
    assert "x = 0.52" in status(page)


def test_on_the_saddle_the_losses_have_an_axis_of_even_steps(tab):
    page = tab.show(explorers.GradientDescent(landscape="saddle", steps=60))
    assert page.locator("canvas").nth(1).get_attribute("aria-label").endswith("even steps")
    page = tab.show(explorers.GradientDescent(steps=5))
    assert page.locator("canvas").nth(1).get_attribute("aria-label").endswith("powers of ten")


def test_the_first_click_only_gives_the_focus_and_another_starts_on_a_tenth(tab):
    page = tab.show(explorers.GradientDescent(start=[2], steps=3))
    box, before = page.locator("canvas").first.bounding_box(), status(page)
    page.mouse.click(box["x"] + 100, box["y"] + 100)
    assert status(page) == before
    page.mouse.click(box["x"] + 100, box["y"] + 100)
    assert re.match(r"After 0 steps: x = −1\.\d, ", status(page))


@pytest.mark.parametrize("kind", [explorers.Convolution2D, explorers.ReceptiveField], ids=lambda kind: kind.__name__)
def test_a_file_that_cannot_be_read_is_told_and_its_name_goes_away(kind, made, tab):
    page = tab.show(made[kind])
    for name, content in (
        ("a.dcm", b"DICM"),
        ("b.tif", b"II*\0" + bytes(40)),
        ("c.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("d.png", b"\x89PNG broken"),
    ):
        field = page.get_by_label("your own picture")
        field.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
        page.get_by_text(f"{name} cannot be read here").wait_for()
        assert field.input_value() == ""


def test_python_reads_the_files_that_a_browser_cannot_and_says_why_it_cannot_either(monkeypatch):
    explorer, sent = explorers.Convolution2D(), []
    monkeypatch.setattr(explorer, "send", sent.append)
    written = io.BytesIO()
    Image.fromarray(np.array([[0, 255, 51], [102, 0, 255]], np.uint8)).save(written, "TIFF")
    explorer._read(None, {"file": "cells.tif"}, [written.getvalue()])
    np.testing.assert_allclose(explorer.picture, [[0, 1, 0.2], [0.4, 0, 1]], atol=1e-6)
    explorer._read(None, {"file": "scan.dcm"}, [b"DICM" * 50])
    assert explorer.picture.shape == (2, 3)
    assert [bool(message["fault"]) for message in sent] == [False, True] and sent[1]["fault"].startswith(
        "scan.dcm cannot be read"
    )
    json.dumps(sent)


READ = """async ([source, bytes]) => {
    const module = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(source));
    const { shape, data } = await module.greyPicture(new Blob([Uint8Array.from(bytes)]));
    return [shape, Array.from(new Float32Array(data.buffer))]; }"""


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGBA", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("RGB", "PNG"),
        ("I;16", "PNG"),
        ("1", "BMP"),
        ("RGBA", "WEBP"),
        ("CMYK", "JPEG"),
    ],
)
def test_the_browser_reads_a_file_as_python_does(mode, kind, tab):
    """Above all where it is transparent: that is white."""
    rng = np.random.default_rng(0)
    blocks = np.kron(rng.integers(0, 256, (3, 5, 4), np.uint8), np.ones((16, 16, 1), np.uint8))
    pictures = {
        "P": lambda: Image.fromarray(blocks[..., 0] // 128 * 255).convert("P"),
        "I;16": lambda: Image.fromarray(blocks[..., 0].astype(np.uint16) * 257),
        "LA": lambda: Image.fromarray(blocks[..., :2], "LA"),
        "RGB": lambda: Image.fromarray(blocks[..., :3]),
        "1": lambda: Image.fromarray(blocks[..., 0]).convert("1", dither=0),
    }
    picture = pictures.get(mode, lambda: Image.fromarray(blocks, mode))()
    file = io.BytesIO()
    picture.save(file, kind, **{"P": {"transparency": 0}, "WEBP": {"lossless": True}}.get(mode, {}))
    shape, values = tab.page.evaluate(READ, [base.module("pictures.js"), list(file.getvalue())])
    wanted = images.load(file.getvalue(), grey=True, size=256)
    assert tuple(shape) == wanted.shape
    np.testing.assert_allclose(np.reshape(values, shape), wanted, atol=0.08 if kind in ("WEBP", "JPEG") else 0.006)


@pytest.mark.parametrize("kind", [explorers.GradientDescent, explorers.Convolution1D, explorers.Convolution2D])
def test_what_plays_waits_while_its_page_is_hidden(kind, tab):
    page = tab.show(kind())
    browser.hold_time(page)
    page.get_by_role("button", name="play").click()
    page.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, value: true })")
    before = status(page)
    page.evaluate("tick()")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert status(page) == before
    page.evaluate("delete document.hidden")
    page.evaluate("tick()")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert status(page) != before


def test_a_click_on_a_sample_without_a_drag_changes_nothing(tab):
    page = tab.show(explorers.Convolution1D(signal=[1.03, 2.21, 0.4, 3], kernel=[1, 1]))
    before, box = status(page), page.locator("canvas").first.bounding_box()
    for x, y in ((176, 90), (255, 58)):  # near the dots of 1.03 and 2.21
        page.mouse.click(box["x"] + x, box["y"] + y)
    page.locator("canvas").first.press("Home")
    assert status(page) == before
