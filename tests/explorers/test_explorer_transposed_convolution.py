"""The explorer of transposed convolutions: its output is TensorFlow's, and its terms add up to it."""

import numpy as np
import pytest

import browser
from coursekit.explorers import TransposedConvolution


def drawn(seed, **fixed):
    """A random setting in which rows differ from columns."""
    rng = np.random.default_rng(seed)
    state = dict(
        picture=rng.normal(size=rng.permutation(5)[:2] + 1),
        kernel=rng.normal(size=rng.permutation(5)[:2] + 1),
        stride=int(rng.integers(1, 4)),
        padding=str(rng.choice(["valid", "same"])),
        stage=str(rng.choice(["input", "output"])),
        row=int(rng.integers(4)),
        column=int(rng.integers(4)),
    )
    return TransposedConvolution(**{**state, **fixed})


def by_tensorflow(explorer, picture, kernel):
    import tensorflow as tf

    (rows, columns), (tall, wide), step = picture.shape, kernel.shape, explorer.stride
    sizes = [
        n * step + (max(k - step, 0) if explorer.padding == "valid" else 0) for n, k in ((rows, tall), (columns, wide))
    ]
    return tf.nn.conv2d_transpose(
        picture[None, :, :, None].astype(float),
        kernel[:, :, None, None].astype(float),
        (1, *sizes, 1),
        step,
        explorer.padding.upper(),
    ).numpy()[0, :, :, 0]


@pytest.mark.parametrize("seed", range(20))
def test_output_and_counts_are_those_of_tensorflow(seed, tab):
    explorer = drawn(seed)
    got = browser.computed(tab.page, explorer)
    output = by_tensorflow(explorer, explorer.picture, explorer.kernel)
    counts = by_tensorflow(explorer, np.ones(explorer.picture.shape), np.ones(explorer.kernel.shape))
    for browsers, pythons, expected in (
        (got["stages"]["output"]["values"], explorer.output, output),
        (got["counts"], explorer.counts, counts),
    ):
        assert pythons.shape == expected.shape
        np.testing.assert_allclose(browsers, expected.ravel(), atol=1e-4)
        np.testing.assert_allclose(pythons, expected, atol=1e-4)
    stage = got["stages"][explorer.stage]
    assert explorer.value == pytest.approx(stage["values"][got["chosen"]["at"]], abs=1e-4)


@pytest.mark.parametrize("seed", range(40, 50))
def test_the_terms_add_up_to_the_chosen_output_and_are_as_many_as_it_has_stamps(seed, tab):
    got = browser.computed(tab.page, drawn(seed, stage="output"))
    at = got["chosen"]["at"]
    total = sum(term["value"] * term["factor"] for term in got["terms"])
    assert total == pytest.approx(got["stages"]["output"]["values"][at], abs=1e-9)
    assert len(got["terms"]) == got["counts"][at]


@pytest.mark.parametrize("seed", range(60, 70))
def test_the_stamp_of_a_pixel_is_the_kernel_times_its_value_where_it_is_not_cropped(seed, tab):
    explorer = drawn(seed, stage="input")
    got = browser.computed(tab.page, explorer)
    flat = explorer.kernel.ravel()
    assert {term["value"] for term in got["terms"]} <= {got["stages"]["input"]["values"][got["chosen"]["at"]]}
    assert all(term["factor"] == pytest.approx(flat[term["weight"]]) for term in got["terms"])
    assert len(got["terms"]) == flat.size or explorer.padding == "same"


def test_every_setting_counts(tab):
    explorer = drawn(3, picture=[[1, 2], [3, 4]], kernel=[[1, 2, 3], [4, 5, 7]], stride=1, padding="valid")
    before = browser.computed(tab.page, explorer)["stages"]["output"]
    for name, value in dict(stride=2, padding="same").items():
        assert browser.computed(tab.page, explorer, {name: value})["stages"]["output"] != before, name


def test_a_kernel_smaller_than_the_stride_leaves_outputs_without_a_stamp(tab):
    page = tab.show(TransposedConvolution(kernel=[[2]], stride=3, stage="output", row=1, column=1))
    assert page.locator(".ck-status").inner_text() == "output, row 1, column 1: value 0, 0 stamps"
    page.get_by_text("No stamp reaches it").wait_for()


def test_keys_move_the_choice_and_the_status_says_what_it_is(tab):
    page = tab.show(TransposedConvolution())
    page.locator("canvas").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert (
        page.locator(".ck-status").inner_text() == "x, row 1, column 1: value 4, its stamp has 9 numbers on the output"
    )
    page.locator("canvas").nth(1).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    assert page.locator(".ck-status").inner_text() == "output, row 0, column 1: value 2, 1 stamp"


def test_a_pressed_number_is_chosen_above_and_below(tab):
    page = tab.show(TransposedConvolution())
    box = page.locator("canvas").nth(1).bounding_box()
    page.mouse.click(box["x"] + 34 * 2.5, box["y"] + 18 + 34 * 2.5)
    assert page.locator(".ck-status").inner_text() == "output, row 2, column 2: value 10, 4 stamps"
    page.mouse.click(box["x"] + 34 * 0.5, box["y"] + 18 + 34 * 5 + 26 + 34 * 2.5)
    assert page.locator(".ck-status").inner_text() == "output, row 2, column 0: value 4, 2 stamps"
