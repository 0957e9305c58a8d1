"""The explorer of 1-D convolution: the browser computes what coursekit.convolution computes, row by row."""

import re

import numpy as np
import pytest
import traitlets

import browser
from coursekit.explorers import Convolution1D, convolution_1d


def drawn(seed):
    """A random setting: sizes, values, stride, padding, flip and position all differ."""
    rng = np.random.default_rng(seed)
    return Convolution1D(
        signal=rng.normal(size=rng.integers(7, 25)).round(2),
        kernel=rng.normal(size=rng.integers(1, 8)).round(2),
        padding=str(rng.choice(["valid", "same", "full"])),
        flip=bool(rng.integers(2)),
        position=int(rng.integers(0, 20)),
        stride=int(rng.integers(1, 5)),
    )


def said(page):
    return page.locator(".ck-status").inner_text().replace("−", "-")


def spot(page, canvas, x, y):
    """The place on the page of a point of a canvas, in the canvas's own pixels (as wide as it is shown)."""
    box = page.locator("canvas").nth(canvas).bounding_box()
    return box["x"] + x, box["y"] + y


def over(sample, samples, size, width=540):
    """Where a sample of the signal stands: a gutter of 58, and room for size - 1 zeros on both sides."""
    return 58 + (sample + size - 0.5) * (width - 58 - 8) / (samples + 2 * (size - 1))


@pytest.mark.parametrize("seed", range(20))
def test_the_browser_computes_what_python_computes(seed, tab):
    explorer = drawn(seed)
    got = browser.computed(tab.page, explorer)
    assert (got["outputs"], got["samples"]) == explorer.matrix.shape
    np.testing.assert_allclose(np.reshape(got["matrix"], explorer.matrix.shape), explorer.matrix, atol=1e-6)
    np.testing.assert_allclose(got["values"], explorer.output, atol=1e-5)
    for name in ("weights", "window", "products"):
        np.testing.assert_allclose(got[name], getattr(explorer, name), atol=1e-6)
    assert got["total"] == pytest.approx(explorer.total, abs=1e-5)


@pytest.mark.parametrize("seed", range(20))
def test_each_output_is_its_row_of_the_matrix_times_the_signal(seed):
    explorer = drawn(seed)
    np.testing.assert_allclose(explorer.matrix @ explorer.signal, explorer.output, atol=1e-5)
    place = min(explorer.position, len(explorer.output) - 1)
    assert explorer.total == pytest.approx(explorer.output[place], abs=1e-5)


def test_the_numbers_of_the_lecture():
    explorer = Convolution1D([1, 1, 5, 3, 2], [-2, -1, 3], padding="same")
    assert explorer.output.tolist() == [2, 12, 2, -7, -8]
    explorer.flip, explorer.padding = True, "valid"
    assert explorer.output.tolist() == [-8, -8, 8] and explorer.matrix[0].tolist() == [3, -1, -2, 0, 0]


def test_every_control_of_the_computation_counts(tab):
    first = Convolution1D(position=5)
    before = browser.computed(tab.page, first)
    for change in ({"stride": 2}, {"padding": "same"}, {"padding": "full"}, {"flip": True}, {"position": 6}):
        assert browser.computed(tab.page, first, change) != before
    assert browser.computed(tab.page, Convolution1D("step", position=5)) != before
    assert browser.computed(tab.page, Convolution1D(kernel="slope", position=5)) != before


def test_with_padding_same_an_output_stands_below_the_sample_that_numpy_says(tab):
    for kernel in ([1, 2, 3], [1, 2, 3, 4]):
        for flip in (False, True):
            explorer = Convolution1D(kernel=kernel, padding="same", flip=flip)
            assert browser.computed(tab.page, explorer)["places"] == list(range(12))
    np.testing.assert_allclose(explorer.output, np.convolve(explorer.signal, [1, 2, 3, 4], "same"))


def test_keys_move_the_window_and_the_row(tab):
    page = tab.show(Convolution1D(position=5))
    page.locator("canvas").first.focus()
    moves = {"ArrowRight": 6, "ArrowLeft": 5, "End": 9, "Shift+ArrowLeft": 4, "Home": 0}
    for key, position in moves.items():
        page.keyboard.press(key)
        total = Convolution1D(position=position).total
        assert said(page).startswith(f"Output {position} is {total:g}: row {position} of the matrix")
    page.locator("canvas").nth(1).focus()
    page.keyboard.press("ArrowDown")
    assert said(page).startswith("Output 1 is")


def test_keys_change_the_sample_above_the_output(tab):
    page = tab.show(Convolution1D([0, 0, 1, 0, 10], [1, 2, 4], position=1, padding="same"))
    page.locator("canvas").first.focus()
    page.keyboard.press("ArrowUp")  # sample 1, by the step of a range of 13: 0.5
    expected = Convolution1D([0, 0.5, 1, 0, 10], [1, 2, 4], position=1, padding="same").total
    assert said(page).startswith(f"Output 1 is {expected:g}:")
    page.keyboard.press("Shift+ArrowDown")
    assert said(page).startswith("Output 1 is 0:")  # (0.5 - 5 * 0.5) * 2 + 4


def test_the_window_is_dragged_along_the_signal_but_not_by_pointing_alone(tab):
    page = tab.show(Convolution1D(position=5))
    y = 175  # at the weights
    page.mouse.move(*spot(page, 0, over(2, 12, 3), y))
    assert said(page).startswith("Output 5")
    page.mouse.down()
    assert said(page).startswith("Output 1")  # its window has sample 2 in the middle
    page.mouse.move(*spot(page, 0, over(8, 12, 3), y), steps=3)
    page.mouse.up()
    assert said(page).startswith("Output 7 is 0: row 7")


def test_a_dot_is_dragged_to_change_its_sample(tab):
    explorer = Convolution1D([0, 0, 0, 0, 5, 0, 0, 0], [1], position=4)
    page = tab.show(explorer)
    x, top, bottom = over(4, 8, 1), 18, 138  # the range is -0.75 to 5.75
    dot = top + (bottom - top) * (5.75 - 5) / 6.5
    page.mouse.move(*spot(page, 0, x, dot))
    page.mouse.down()
    page.mouse.move(*spot(page, 0, x, top + (bottom - top) * (5.75 - 2) / 6.5), steps=4)
    page.mouse.up()
    assert said(page).startswith("Output 4 is 2:")


def test_a_finger_drags_a_dot_without_scrolling_and_drags_the_window(chromium):
    context = chromium.new_context(viewport={"width": 375, "height": 400}, has_touch=True)
    page = context.new_page()
    page.set_content(Convolution1D([0, 0, 0, 0, 5, 0, 0, 0], [1], position=4).to_html())
    touch = context.new_cdp_session(page)

    def swipe(*points):
        for kind, point in zip(["touchStart", *["touchMove"] * (len(points) - 1)], points):
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [dict(zip("xy", point))]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    canvas = page.locator("canvas").first
    canvas.evaluate("canvas => window.scrollTo(0, canvas.getBoundingClientRect().top - 10)")
    x = over(4, 8, 1, canvas.bounding_box()["width"])
    rise = [spot(page, 0, x, 18 + 120 * (5.75 - value) / 6.5) for value in (5, 4, 3, 2)]
    before = page.evaluate("scrollY")
    swipe(*rise)
    assert said(page).startswith("Output 4 is 2:") and page.evaluate("scrollY") == before
    swipe(spot(page, 0, x, 175), spot(page, 0, x - 40, 175), spot(page, 0, x - 80, 175))
    assert said(page).startswith("Output 2 is 0:")
    context.close()


def test_pressing_on_a_row_of_the_matrix_chooses_it(tab):
    page = tab.show(Convolution1D(position=0))
    page.mouse.click(*spot(page, 1, 200, 18 + 23.5 * 5))  # rows of 330 // 14 = 23 pixels
    assert said(page).startswith("Output 5 is 12")


def test_on_a_narrow_screen_the_matrix_stands_below_the_signal_column_under_sample(chromium):
    narrow = browser.Page(chromium, browser.NARROW)
    page = narrow.show(Convolution1D(position=0))
    left, right = (page.locator("canvas").nth(i).bounding_box() for i in (0, 1))
    assert right["y"] > left["y"] + left["height"]
    assert (left["x"], left["width"]) == (right["x"], right["width"])
    narrow.close()


def test_weights_are_typed_and_signals_and_kernels_chosen_by_name(tab):
    page = tab.show(Convolution1D(position=3))
    page.get_by_label("kernel, row 1, column 1").fill("4")
    assert said(page).startswith(f"Output 3 is {Convolution1D(kernel=[4, -1, 3], position=3).total:g}:")
    page.get_by_label("kernel by name").select_option("second difference")
    page.get_by_label("signal by name").select_option("pulse")
    expected = Convolution1D("pulse", "second difference", position=3).total
    assert said(page).startswith(f"Output 3 is {expected:g}:")
    page.get_by_label("number of weights").select_option("5")
    fields = page.locator(".ck-numbers input").all()
    assert [field.input_value() for field in fields] == ["0", "1", "-2", "1", "0"]
    assert page.get_by_label("kernel by name").input_value() == "own"


def test_a_weight_that_is_no_number_is_told_and_changes_nothing(tab):
    page = tab.show(Convolution1D())
    before, field = said(page), page.get_by_label("kernel, row 1, column 2")
    field.press("Control+a")
    field.press_sequentially("e")
    assert said(page) == before and field.get_attribute("aria-invalid") == "true"
    field.blur()
    assert page.get_by_text("kernel: a number, please; the old one is back").is_visible()
    assert (field.input_value(), field.get_attribute("aria-invalid")) == ("-1", "false")
    field.fill("-4")
    assert not page.get_by_text("a number, please").is_visible() and said(page) != before


def test_flipping_is_told_and_changes_the_sum(tab):
    page = tab.show(Convolution1D(position=1))
    page.get_by_label("flip the kernel").check()
    assert said(page) == "Output 1 is -8: row 1 of the matrix, times the signal; the kernel is flipped."
    written = page.locator(".ck-sum").inner_text().split()
    assert written == [
        "1",
        "·",
        "3",
        "+",
        "5",
        "·",
        "(−1)",
        "+",
        "3",
        "·",
        "(−2)",
        "=",
        "3",
        "−",
        "5",
        "−",
        "6",
        "=",
        "−8",
    ]


def test_a_kernel_that_does_not_fit_is_told_and_not_drawn(tab):
    page = tab.show(Convolution1D([1, 2], [1, 2, 3]))
    assert said(page).startswith("The kernel has 3 weights and does not fit into 2 samples")
    page.locator("canvas").first.focus()
    for key in ("ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    page.mouse.click(*spot(page, 0, 200, 100))
    assert tab.complaints == []
    with pytest.raises(ValueError, match="kernel covers .* the padded input has 2"):
        Convolution1D([1, 2], [1, 2, 3]).output


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        ({"signal": "sine"}, "signal must be one of lecture 02, .*Received: 'sine'"),
        ({"kernel": "sobel"}, "kernel must be one of rise, .*Received: 'sobel'"),
        ({"signal": [1, np.nan]}, "signal must"),
        ({"kernel": [[1, 2]]}, "kernel must"),
        ({"signal": np.ones(25)}, "signal must have 1 to 24"),
        ({"kernel": np.ones(8)}, "kernel must have 1 to 7"),
        ({"padding": "reflect"}, "padding"),
        ({"stride": 0}, "stride"),
        ({"position": -1}, "position"),
    ],
)
def test_bad_input_is_refused_by_name(state, fault):
    with pytest.raises((ValueError, traitlets.TraitError), match=fault):
        Convolution1D(**state)


@pytest.mark.parametrize("name", convolution_1d.SIGNALS)
def test_every_named_signal_holds_the_longest_named_kernel(name):
    assert Convolution1D(name, "gaussian").output.size >= 6


@pytest.mark.parametrize(
    ("kernel", "expected"),
    [
        ("identity", "012345"),
        ("one sample later", "001234"),
        ("two samples earlier", "234500"),
        ("mean of 3", None),
        ("gaussian", None),
    ],
)
def test_named_kernels_do_what_their_names_say(kernel, expected):
    explorer = Convolution1D(range(6), kernel, padding="same")
    if expected:
        assert explorer.output.tolist() == list(map(int, expected))
    else:  # a weighted mean leaves what is constant as it is
        assert explorer.kernel.sum() == pytest.approx(1, abs=1e-6)


GREEN = """canvas => { const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((count, _, i) => count + (i % 4 === 0 && data[i] === 0 && data[i + 1] === 158 && data[i + 2] === 115), 0); }"""


def test_playing_moves_the_window_to_the_end_while_outputs_appear_one_by_one(tab):
    page = tab.show(Convolution1D([1, 1, 5, 3, 2], [-2, -1, 3], position=2))
    browser.hold_time(page)
    signal, button, live = page.locator("canvas").first, page.get_by_role("button", name=re.compile("play|pause")), []
    complete = signal.evaluate(GREEN)
    button.click()  # at the end it begins again
    assert button.inner_text() == "pause" and page.locator(".ck-status").get_attribute("aria-live") == "off"
    for position, total in enumerate((12, 2, -7)):
        live.append(signal.evaluate(GREEN))
        assert said(page).startswith(f"Output {position} is {total}:")
        page.evaluate("position => position < 2 && tick()", position)
    assert 0 < live[0] < live[1] < live[2] == complete
    assert button.inner_text() == "play" and page.locator(".ck-status").get_attribute("aria-live") == "polite"


def test_playing_ends_with_what_the_reader_does_and_space_plays(tab):
    page = tab.show(Convolution1D(position=5))
    browser.hold_time(page)
    button = page.get_by_role("button", name=re.compile("play|pause"))
    page.locator("canvas").first.focus()
    for act in ("Space", "ArrowRight"):
        page.keyboard.press("Space")
        assert button.inner_text() == "pause"
        page.keyboard.press(act)
        assert button.inner_text() == "play"
    button.click()
    page.mouse.click(*spot(page, 0, over(2, 12, 3), 175))
    assert button.inner_text() == "play" and said(page).startswith("Output 1")
    button.click()
    page.get_by_role("button", name="reset").click()
    assert button.inner_text() == "play" and said(page).startswith("Output 5")
    button.click()
    page.get_by_label("predict first").check()
    assert not button.is_visible()


def test_who_asked_for_less_motion_gets_slower_steps(tab):
    page = tab.show(Convolution1D())
    browser.hold_time(page)
    button, asked = page.get_by_role("button", name=re.compile("play|pause")), []
    for wish in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=wish)
        button.click()
        asked.append(page.evaluate("asked"))
        button.click()
    page.emulate_media(reduced_motion="no-preference")
    assert asked == [600, 1000]
