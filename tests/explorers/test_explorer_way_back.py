"""The explorer of the way back: its gradients are those of TensorFlow's tape, and its terms add up to them."""

import numpy as np
import pytest

import browser
from coursekit.explorers.way_back import STAGES, WayBack


def drawn(seed, **fixed):
    """A random setting in which no two values tie, and rows differ from columns."""
    rng = np.random.default_rng(seed)
    state = dict(
        picture=rng.normal(size=rng.integers(5, 10, 2)),
        kernel=rng.normal(size=rng.integers(1, 4, 2)),
        bias=float(rng.normal()),
        stride=int(rng.integers(1, 3)),
        padding=str(rng.choice(["valid", "same"])),
        relu=bool(rng.integers(4)),
        pool=int(rng.integers(1, 3)),
        pool_stride=int(rng.integers(1, 4)),
        loss=str(rng.choice(["one", "sum", "squares"])),
        stage=str(rng.choice(STAGES)),
        row=int(rng.integers(4)),
        column=int(rng.integers(4)),
    )
    return WayBack(**{**state, **fixed})


def taped(explorer, chosen):
    """The gradients of all stages as TensorFlow computes them, as flat arrays; and that of the bias."""
    import tensorflow as tf

    picture, kernel = tf.constant(explorer.picture[None, :, :, None]), tf.constant(explorer.kernel[:, :, None, None])
    bias = tf.constant(explorer.bias, tf.float32)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([picture, kernel, bias])
        z = tf.nn.conv2d(picture, kernel, explorer.stride, explorer.padding.upper()) + bias
        a = tf.nn.relu(z) if explorer.relu else tf.identity(z)
        p = tf.nn.max_pool2d(a, explorer.pool, explorer.pool_stride, "VALID")
        stages = dict(zip(STAGES, (picture, kernel, z, a, p)))
        if explorer.loss == "one":
            loss = tf.reshape(stages[chosen["stage"]], [-1])[chosen["at"]]
        else:
            loss = tf.reduce_sum(p) if explorer.loss == "sum" else tf.reduce_sum((p - 1) ** 2) / 2
    found = {name: tape.gradient(loss, stage) for name, stage in stages.items()}
    flat = {name: np.zeros(stages[name].shape).ravel() if g is None else g.numpy().ravel() for name, g in found.items()}
    slope = tape.gradient(loss, bias)
    return flat, 0.0 if slope is None else float(slope)


@pytest.mark.parametrize("seed", range(40))
def test_the_browser_s_gradients_are_those_of_the_tape(seed, tab):
    explorer = drawn(seed)
    got = browser.computed(tab.page, explorer)
    assert got["fits"]
    expected, bias = taped(explorer, got["chosen"])
    for name in STAGES:
        np.testing.assert_allclose(got["stages"][name]["gradient"], expected[name], atol=1e-4, err_msg=name)
        np.testing.assert_allclose(explorer.gradients[name].ravel(), expected[name], atol=1e-4, err_msg=name)
        np.testing.assert_allclose(explorer.values[name].ravel(), got["stages"][name]["values"], atol=1e-4)
    assert got["bias"] == pytest.approx(bias, abs=1e-4)
    assert explorer.gradient == pytest.approx(expected[explorer.stage][got["chosen"]["at"]], abs=1e-4)


@pytest.mark.parametrize("seed", range(40, 60))
@pytest.mark.parametrize("stage", STAGES[:-1])
def test_the_terms_add_up_to_the_chosen_gradient(seed, stage, tab):
    got = browser.computed(tab.page, drawn(seed, loss="squares", stage=stage))
    total = sum(term["factor"] * term["gradient"] for term in got["terms"])
    assert total == pytest.approx(got["stages"][stage]["gradient"][got["chosen"]["at"]], abs=1e-9)


def test_the_terms_of_an_input_show_the_kernel_turned(tab):
    explorer = WayBack(picture=np.ones((5, 5)), kernel=[[1, 2, 3], [4, 5, 6], [7, 8, 9]], row=2, column=2, pool=1)
    got = browser.computed(tab.page, explorer, {"pool_stride": 1})
    assert [term["factor"] for term in sorted(got["terms"], key=lambda term: term["at"])] == [*range(9, 0, -1)]


def test_overlapping_windows_with_one_winner_add_their_gradients(tab):
    explorer = WayBack(picture=[[0, 0, 0], [0, 5, 0], [0, 0, 0]], kernel=[[1]], bias=0, loss="sum", pool_stride=1)
    got = browser.computed(tab.page, explorer)
    assert got["stages"]["activation"]["gradient"] == [0, 0, 0, 0, 4, 0, 0, 0, 0]


def test_every_setting_counts(tab):
    kernel = np.random.default_rng(3).normal(size=(3, 2))
    explorer = drawn(
        3, kernel=kernel, bias=-2.0, loss="squares", pool=2, relu=True, padding="valid", stride=1, pool_stride=2
    )
    before = browser.computed(tab.page, explorer)["stages"]["input"]["gradient"]
    changes = dict(bias=0.3, stride=2, padding="same", relu=False, pool=1, pool_stride=1, loss="sum")
    for name, value in changes.items():
        assert browser.computed(tab.page, explorer, {name: value})["stages"]["input"]["gradient"] != before, name


def test_windows_that_do_not_fit_are_said_to(tab):
    page = tab.show(WayBack(picture=[[1, 2], [3, 4]], pool=3))
    assert page.locator(".ck-status").inner_text().startswith("The windows do not fit")


def test_keys_move_the_choice_and_the_status_says_value_and_gradient(tab):
    page = tab.show(WayBack())
    page.locator("canvas").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.locator(".ck-status").inner_text() == "x, row 2, column 2: value 0, gradient −3"
    page.keyboard.press("ArrowUp")
    page.locator("canvas").nth(4).focus()
    page.keyboard.press("Enter")
    assert page.locator(".ck-status").inner_text() == "p, row 0, column 0: value 6, gradient 5"


def test_a_pressed_number_is_chosen_above_and_below(tab):
    page = tab.show(WayBack())
    box = page.locator("canvas").nth(2).bounding_box()
    page.mouse.click(box["x"] + 34 * 1.5, box["y"] + 18 + 34 * 2.5)
    assert page.locator(".ck-status").inner_text() == "z, row 2, column 1: value 4, gradient 3"
    page.mouse.click(box["x"] + 34 * 0.5, box["y"] + 18 + 34 * 4 + 26 + 34 * 0.5)
    assert page.locator(".ck-status").inner_text() == "z, row 0, column 0: value 6, gradient 5"
