"""The explorer of a layer's shapes: the browser counts what coursekit.shapes and coursekit.counting count."""

import numpy as np
import pytest
import traitlets

import browser
from coursekit import convolution
from coursekit.explorers import LayerShapes


def drawn(seed):
    """A random setting that differs along both axes; some do not fit."""
    rng = np.random.default_rng(seed)
    whole = {
        "height": 40,
        "width": 60,
        "channels": 9,
        "kernel_height": 7,
        "kernel_width": 7,
        "stride": 6,
        "dilation": 3,
        "filters": 50,
        "position": 20,
    }
    padding = [str(rng.choice(["valid", "same"])), int(rng.integers(0, 6))][rng.integers(2)]
    return LayerShapes(
        padding=padding,
        bias=bool(rng.integers(2)),
        axis=str(rng.choice(["height", "width"])),
        **{name: int(rng.integers(1, largest + 1)) for name, largest in whole.items()},
    )


def said(page):
    return page.locator(".ck-status").inner_text()


def cells(page):
    return page.locator(".ck-plain").all_inner_texts()


@pytest.mark.parametrize("seed", range(25))
def test_the_browser_computes_what_python_computes(seed, tab):
    layer = drawn(seed)
    got = browser.computed(tab.page, layer)
    axes = got["axes"]["height"], got["axes"]["width"]
    assert tuple(axis["missing"] for axis in axes) == layer.missing
    if any(layer.missing):
        assert got["shape"] is None
        with pytest.raises(ValueError, match="the padded input has"):
            layer.shape
        return
    assert tuple(got["shape"]) == layer.shape
    assert tuple(axis["leftover"] for axis in axes) == layer.leftover
    assert (got["parameters"], got["formula"]) == (layer.parameters, layer.formula)
    assert got["multiplyAdds"] == layer.multiply_adds
    assert got["taps"] == layer.taps and got["axes"][layer.axis]["unseen"] == layer.unseen


def test_some_of_the_random_settings_fit_and_some_do_not():
    fit = [not any(drawn(seed).missing) for seed in range(25)]
    assert 5 <= sum(fit) < 25


@pytest.mark.parametrize("seed", range(25))
def test_unseen_pixels_are_those_that_change_no_output(seed):
    layer = drawn(seed)
    if any(layer.missing):
        return
    size, kernel = (getattr(layer, f"{part}{layer.axis}") for part in ("", "kernel_"))
    weights = np.ones(kernel, int)
    padding = layer.padding if isinstance(layer.padding, str) else (layer.padding, layer.padding)
    matrix = convolution.toeplitz_matrix(weights, size, padding, stride=layer.stride, dilation=layer.dilation)
    assert layer.unseen == np.flatnonzero(matrix.sum(axis=0) == 0).tolist()


def test_every_trait_counts(tab):
    first = LayerShapes(height=20, width=24)
    before = browser.computed(tab.page, first)
    changes = {
        "height": 21,
        "width": 25,
        "channels": 4,
        "kernel_height": 4,
        "kernel_width": 2,
        "stride": 2,
        "padding": 1,
        "dilation": 2,
        "filters": 5,
        "bias": False,
        "position": 1,
    }
    assert set(changes) | {"axis", "task", "predict", "right", "wrong"} == set(LayerShapes.words())
    for name, value in changes.items():
        assert browser.computed(tab.page, first, {name: value}) != before, name
    for axis, taps in (("width", [0, 1, 2]), ("height", [0, 1, 2, 3, 4])):
        assert browser.computed(tab.page, LayerShapes(kernel_height=5, axis=axis))["taps"] == taps


def test_the_numbers_of_the_lecture_are_written_out(tab):
    page = tab.show(LayerShapes(height=6, width=6, stride=5, padding=1, channels=3, filters=100))
    unread = "No weight ever falls on 2 rows and 2 columns in between."  # 2 and 3: the windows are 5 apart
    assert said(page) == f"The output is 2 × 2 × 100. {unread}"
    costs, sizes = cells(page)
    assert "(3·3·3 + 1)·100 = 2,800" in costs and "2·2·100 · 3·3·3 = 10,800" in costs
    assert "⌊(6 + 2·1 − 3) / 5⌋ + 1 = ⌊1⌋ + 1 = 2" in sizes


def test_uneven_padding_and_dilation_are_written_out(tab):
    page = tab.show(LayerShapes(height=6, width=9, stride=2, dilation=2, padding="same"))
    assert "2·(3 − 1) + 1 = 5\t⌊(6 + 1 + 2 − 5) / 2⌋ + 1 = ⌊2⌋ + 1 = 3" in cells(page)[1]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (
            {},
            "The output is 2 × 2 × 4. The steps do not come out even and never reach "
            "1 row at the bottom and 1 column at the right.",
        ),
        ({"width": 8, "height": 6}, "do not come out even and never reach 2 columns at the right."),
        ({"padding": 2, "height": 8}, "never reach 2 columns of zeros at the right. Every pixel is seen."),
        ({"stride": 5, "width": 8, "height": 8}, "No weight ever falls on 2 rows and 2 columns in between."),
        ({"stride": 2, "dilation": 2, "width": 9}, "No weight ever falls on 3 rows and 4 columns in between."),
        ({"stride": 1}, "The output is 5 × 5 × 4. Every pixel is seen."),
        ({"width": 2}, "The kernel does not fit: along the width it spans 3, the padded input has 2: 1 too few."),
        ({"dilation": 4}, "does not fit: along height and width it spans 9, the padded input has 7: 2 too few."),
    ],
)
def test_what_is_lost_or_does_not_fit_is_said_plainly(setting, words, tab):
    assert words in said(tab.show(LayerShapes(**setting)))


def test_keys_and_pointer_choose_an_output(tab):
    layer = LayerShapes(width=30, stride=1, padding="same")
    page = tab.show(layer)
    cut = page.locator("canvas")
    moves = {"ArrowRight": 1, "Shift+ArrowRight": 11, "End": 29, "ArrowLeft": 28, "Home": 0}
    for key, layer.position in moves.items():
        cut.press(key)
        words = f"output {layer.position} reads the places {', '.join(map(str, layer.taps))};"
        assert words in cut.get_attribute("aria-label")
    box = cut.bounding_box()
    page.mouse.move(box["x"] + 2 + 12.5 * 496 / 32, box["y"] + 20)  # pixel 11, after one zero
    assert "output 11 reads the places 10, 11, 12;" in cut.get_attribute("aria-label")


def test_a_long_axis_shows_both_ends_and_names_what_is_between(tab):
    page = tab.show(LayerShapes(width=4096, height=4096, stride=1, position=2000))
    cut = page.locator("canvas")
    assert "output 2000 reads the places 2000, 2001, 2002" in cut.get_attribute("aria-label")
    cut.press("ArrowRight")
    assert "output 2001 reads" in cut.get_attribute("aria-label") and tab.complaints == []


def test_keys_do_nothing_where_one_axis_does_not_fit(tab):
    page = tab.show(LayerShapes(height=2, width=9, stride=1))
    for key in ("ArrowRight", "End", "ArrowLeft"):
        page.locator("canvas").press(key)
    page.get_by_label("input height").fill("9")
    assert said(page) == "The output is 7 × 7 × 4. Every pixel is seen." and tab.complaints == []


def test_a_square_kernel_has_one_slider_and_another_two(tab):
    page = tab.show(LayerShapes(height=20, width=20, stride=1))
    page.get_by_label("kernel", exact=True).fill("5")
    assert said(page).startswith("The output is 16 × 16 × 4")
    page.get_by_label("square").uncheck()
    assert not page.get_by_label("kernel", exact=True).is_visible()
    page.get_by_label("kernel width").fill("2")
    assert said(page).startswith("The output is 16 × 19 × 4")
    page.get_by_label("square").check()
    assert said(page).startswith("The output is 16 × 16 × 4")
    assert not page.get_by_label("kernel width").is_visible()


def test_padding_is_chosen_by_name_or_as_a_number(tab):
    page = tab.show(LayerShapes(stride=1))
    zeros = page.get_by_label("zeros on each side")
    assert zeros.is_disabled()
    page.get_by_label("padding", exact=True).select_option("same")
    assert said(page).startswith("The output is 7 × 7")
    page.get_by_label("padding", exact=True).select_option("number")
    zeros.fill("3")
    assert said(page).startswith("The output is 11 × 11")


def test_a_number_that_is_none_is_told_and_changes_nothing(tab):
    page = tab.show(LayerShapes())
    before, field = said(page), page.get_by_label("channels")
    for wrong in ("0", "2.5", "5000", ""):
        field.fill(wrong)
        assert said(page) == before and field.get_attribute("aria-invalid") == "true"
        field.blur()
        words = "a whole number from 1 to 4096, please; the old one is back"
        assert page.get_by_role("alert").filter(has_text=words).count() == 1
        assert (field.input_value(), field.get_attribute("aria-invalid")) == ("3", "false")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("height", 0),
        ("width", 5000),
        ("channels", 2.5),
        ("kernel_height", 12),
        ("kernel_width", 0),
        ("stride", 0),
        ("dilation", "two"),
        ("padding", "full"),
        ("padding", -1),
        ("filters", None),
        ("bias", 2),
        ("axis", "depth"),
        ("position", -1),
    ],
)
def test_bad_input_is_refused_by_name(name, value):
    with pytest.raises(traitlets.TraitError, match=name):
        LayerShapes(**{name: value})
    layer = LayerShapes()
    with pytest.raises(traitlets.TraitError, match=name):
        setattr(layer, name, value)
