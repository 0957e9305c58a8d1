"""The explorer of convolution: what the browser computes is what coursekit.convolution computes."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

import browser
from coursekit import convolution, filters
from coursekit.explorers import Convolution2D


def drawn(seed):
    """A random setting: sizes, weights, stride, padding, dilation and flip all differ."""
    rng = np.random.default_rng(seed)
    kernel = rng.normal(size=rng.integers(1, 8, 2)).round(2)
    return Convolution2D(
        picture=rng.random(rng.integers(20, 40, 2)),
        kernel=kernel,
        flip=bool(rng.integers(2)),
        padding=str(rng.choice(["valid", "same", "full"])),
        stride=int(rng.integers(1, 5)),
        dilation=int(rng.integers(1, 4)),
        row=int(rng.integers(0, 20)),
        column=int(rng.integers(0, 20)),
    )


@pytest.mark.parametrize("seed", range(25))
def test_the_browser_computes_what_python_computes(seed, tab):
    explorer = drawn(seed)
    got = browser.computed(tab.page, explorer)
    expected = explorer.output
    assert (got["rows"], got["columns"]) == expected.shape
    np.testing.assert_allclose(np.reshape(got["values"], expected.shape), expected, atol=1e-4)
    np.testing.assert_allclose(got["window"], explorer.window.ravel(), atol=1e-6)
    np.testing.assert_allclose(got["products"], explorer.products.ravel(), atol=1e-5)
    assert got["total"] == pytest.approx(explorer.total, abs=1e-4)
    assert expected[got["row"], got["column"]] == pytest.approx(explorer.total, abs=1e-4)


def test_every_control_of_the_computation_counts(tab):
    first = Convolution2D("cat", "sobel x", row=30, column=50)
    before = browser.computed(tab.page, first)["values"]
    for change in ({"stride": 2}, {"dilation": 2}, {"padding": "same"}, {"flip": True}):
        assert browser.computed(tab.page, first, change)["values"] != before


def test_arrow_keys_move_the_window_and_python_learns_of_it(tab):
    page = tab.show(Convolution2D(row=90, column=110))
    page.locator("canvas").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expected = Convolution2D(row=99, column=112)
    assert page.locator(".ck-status").inner_text().startswith("Output row 99, column 112: sum ")
    assert float(page.locator(".ck-status").inner_text().split()[-1].replace("−", "-")) == pytest.approx(
        expected.total, abs=0.006
    )


def test_the_pointer_puts_the_middle_of_the_window_where_it_points(tab):
    page = tab.show(Convolution2D("photographer", np.ones((3, 3))))
    box = page.locator("canvas").first.bounding_box()
    page.mouse.move(box["x"] + 100.5 / 256 * box["width"], box["y"] + 40.5 / 256 * box["height"])
    assert page.locator(".ck-status").inner_text().startswith("Output row 39, column 99")


def test_a_weight_can_be_typed_and_a_kernel_chosen_by_name(tab):
    page = tab.show(Convolution2D("photographer", np.zeros((3, 3)), row=90, column=110))
    assert page.locator(".ck-status").inner_text().endswith("sum 0")
    page.get_by_label("kernel, row 2, column 3").fill("2")
    expected = Convolution2D("photographer", [[0, 0, 0], [0, 0, 2], [0, 0, 0]], row=90, column=110).total
    assert float(page.locator(".ck-status").inner_text().split()[-1]) == pytest.approx(expected, abs=0.006)
    page.get_by_label("kernel by name").select_option("sobel y")
    shown = [float(field.input_value()) for field in page.locator(".ck-numbers input").all()]
    assert shown == filters.SOBEL_Y.ravel().tolist()
    page.get_by_label("kernel height").select_option("5")
    assert page.locator(".ck-numbers input").count() == 15


def test_a_kernel_that_does_not_fit_is_told_and_not_drawn(tab):
    page = tab.show(Convolution2D(np.ones((4, 6)), np.ones((3, 3)), dilation=3))
    assert "spans 7 × 7 pixels and does not fit into 4 × 6" in page.locator(".ck-status").inner_text()
    with pytest.raises(ValueError, match="covers .* the padded input has 4"):
        Convolution2D(np.ones((4, 6)), np.ones((3, 3)), dilation=3).output
    assert tab.complaints == []


def test_a_picture_of_ones_own_can_be_uploaded(tab):
    page = tab.show(Convolution2D("photographer", [[1]], padding="same"))
    rows, columns = np.mgrid[0:300, 0:600]
    file = io.BytesIO()
    Image.fromarray(np.uint8(255 * (columns >= 300))).save(file, "png")
    page.locator("input[type=file]").set_input_files(
        {"name": "own.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    page.get_by_text("output, 128 × 256").wait_for()


def test_named_kernels_and_pictures_are_checked():
    with pytest.raises(ValueError, match="kernel must be one of horizontal edge.*Received: 'sobel'"):
        Convolution2D(kernel="sobel")
    with pytest.raises(ValueError, match="nobody"):
        Convolution2D(picture="nobody")


def test_the_browser_may_ask_for_another_shipped_picture():
    explorer = Convolution2D()
    explorer._own_wanted = "cat"
    assert explorer.picture.shape == (128, 192)


def test_total_is_one_value_of_the_output():
    explorer = Convolution2D("bricks", "emboss", row=7, column=9)
    assert explorer.total == pytest.approx(convolution.correlate2d(explorer.picture, filters.EMBOSS)[7, 9], abs=1e-5)


def test_the_page_holds_the_state_as_it_is():
    page = Convolution2D(row=3, stride=2).to_html(title="A <b> title")
    assert "<title>A &lt;b&gt; title</title>" in page and '"row": 3' in page and '"stride": 2' in page
    assert base64.b64encode(np.float32([[1]]).tobytes()).decode() in Convolution2D([[1]]).to_html()


EMPTY = """canvas => { const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((count, _, i) => count + (i % 4 === 3 && data[i] === 0), 0); }"""


def played(page):
    """The places that the window visits while it plays, as (row, column), and how empty the output is at each."""
    browser.hold_time(page)
    output, button = page.locator("canvas").last, page.get_by_role("button", name=re.compile("play|pause"))
    button.click()
    places, empty = [], []
    while True:
        row, column = re.findall(r"row (\d+), column (\d+)", page.locator(".ck-status").inner_text())[0]
        places.append((int(row), int(column)))
        empty.append(output.evaluate(EMPTY))
        if button.inner_text() == "play":
            return places, empty
        page.evaluate("tick()")


def test_playing_visits_every_place_in_reading_order_and_fills_the_output(tab):
    page = tab.show(Convolution2D(np.arange(20).reshape(4, 5) / 20, "all edges", row=1, column=2))
    full = page.locator("canvas").last.evaluate(EMPTY)
    places, empty = played(page)
    assert places == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert empty == sorted(empty, reverse=True) and len(set(empty)) == len(empty) and empty[-1] == full
    assert page.evaluate("asked") == 600


def test_playing_on_a_large_picture_leaves_places_out_and_ends_at_the_last(tab):
    page = tab.show(Convolution2D(np.random.default_rng(0).random((40, 66)), "all edges"))
    places, _ = played(page)
    rows, columns = sorted({row for row, _ in places}), sorted({column for _, column in places})
    assert places == [(row, column) for row in rows for column in columns] and len(places) <= 13 * 13
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (0, 37, 0, 63)
    assert 60 <= page.evaluate("asked") < 100


def test_playing_holds_the_window_and_ends_with_keys_pointer_reset_and_predictions(tab):
    page = tab.show(Convolution2D(row=5, column=9))
    browser.hold_time(page)
    button, status = page.get_by_role("button", name=re.compile("play|pause")), page.locator(".ck-status")
    picture = page.locator("canvas").first
    picture.focus()
    page.keyboard.press("Space")
    assert button.inner_text() == "pause" and status.get_attribute("aria-live") == "off"
    page.evaluate("tick()")
    before = status.inner_text()
    picture.hover(position={"x": 200, "y": 200})
    assert status.inner_text() == before  # pointing does not take the window away
    picture.click(position={"x": 100, "y": 100})
    assert button.inner_text() == "play" and status.inner_text() != before
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert button.inner_text() == "play"
    button.click()
    page.get_by_role("button", name="reset").click()
    assert button.inner_text() == "play" and status.inner_text().startswith("Output row 5, column 9:")
    button.click()
    page.get_by_label("predict first").check()
    assert not button.is_visible() and status.get_attribute("aria-live") == "polite"


def test_where_all_sums_are_0_the_map_shows_no_rounding_noise(tab):
    explorer = Convolution2D(np.arange(25).reshape(5, 5) / 25, "all edges")
    assert set(browser.computed(tab.page, explorer)["values"]) == {0}
    assert np.abs(explorer.output).max() < 1e-6


def test_beside_a_huge_pixel_small_sums_are_still_told(tab):
    picture = np.ones((9, 9))
    picture[0, 0] = 1e7
    explorer = Convolution2D(picture, "smoothing", row=5, column=5)
    got = browser.computed(tab.page, explorer)
    np.testing.assert_allclose(np.reshape(got["values"], (7, 7)), explorer.output, rtol=1e-5)
    assert got["values"][-1] == pytest.approx(got["total"]) == pytest.approx(1)
