"""Gradient descent: the browser walks where Python and Keras walk."""

import re

import keras
import numpy as np
import pytest
import traitlets

import browser
from coursekit.explorers import GradientDescent
from coursekit.explorers.gradient_descent import LANDSCAPES


def drawn(seed):
    rng = np.random.default_rng(seed)
    landscape = list(LANDSCAPES)[seed % len(LANDSCAPES)]
    start = [float(v) for v in rng.uniform(-2, 2, len(LANDSCAPES[landscape][2])).round(2)]
    return GradientDescent(
        landscape=landscape,
        start=start if seed % 5 else None,
        steps=int(rng.integers(0, 60)),
        learning_rate=float(10 ** rng.uniform(-2.5, 0.2)),
        momentum=float(rng.choice([0, 0.5, 0.9])),
    )


@pytest.mark.parametrize("seed", range(24))
def test_the_browser_takes_the_same_steps(seed, tab):
    explorer = drawn(seed)
    got = browser.computed(tab.page, explorer)
    assert np.shape(got["path"]) == explorer.path.shape and got["diverged"] == explorer.diverged
    np.testing.assert_allclose(got["path"], explorer.path, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(got["losses"], explorer.losses, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_each_gradient_is_the_slope_of_its_loss(landscape):
    loss, gradient, ranges = LANDSCAPES[landscape]
    place = np.array([0.7, -0.4])[: len(ranges)]
    for axis, slope in enumerate(gradient(*place)):
        step = np.eye(len(ranges))[axis] * 1e-6
        assert slope == pytest.approx((loss(*(place + step)) - loss(*(place - step))) / 2e-6, abs=1e-6)


def test_on_the_parabola_from_2_with_learning_rate_02_the_loss_shrinks_by_036():
    explorer = GradientDescent(start=[2], learning_rate=0.2, steps=4)
    np.testing.assert_allclose(explorer.losses, 4 * 0.36 ** np.arange(5))
    np.testing.assert_allclose(explorer.path[:4, 0], [2, 1.2, 0.72, 0.432])


def test_a_step_is_that_of_keras():
    explorer = GradientDescent(landscape="ravine", start=[2, 1], learning_rate=0.05, momentum=0.8, steps=7)
    place, optimizer = keras.Variable([2.0, 1.0]), keras.optimizers.SGD(0.05, momentum=0.8)
    for _ in range(7):
        x, y = np.asarray(place)
        optimizer.apply([keras.ops.convert_to_tensor(LANDSCAPES["ravine"][1](x, y))], [place])
    np.testing.assert_allclose(explorer.path[-1], np.asarray(place), atol=1e-5)


def test_with_a_learning_rate_above_1_the_parabola_diverges_and_it_is_said(tab):
    explorer = GradientDescent(start=[2], learning_rate=1.2, steps=200)
    assert explorer.diverged and len(explorer.path) < 50
    assert not GradientDescent(start=[2], learning_rate=0.99, steps=200).diverged
    assert "it diverges" in tab.show(explorer).locator(".ck-status").inner_text()


def test_a_small_loss_is_no_zero(tab):
    page = tab.show(GradientDescent(landscape="bowl", steps=20))
    assert page.locator(".ck-status").inner_text() == "After 20 steps: x = −5.85e−5, y = 8.77e−5, loss 1.11e−8."
    page = tab.show(GradientDescent(start=[2], learning_rate=0.2, steps=40))
    assert page.locator(".ck-status").inner_text() == "After 40 steps: x = 2.67e−9, loss 7.15e−18."
    assert page.get_by_text("x: 4.46e−9 − 0.2 · (8.91e−9) = 2.67e−9").count() == 1


def test_steps_are_taken_by_key_and_button_and_a_click_starts_anew(tab):
    page = tab.show(GradientDescent(start=[2], learning_rate=0.2))
    status = page.locator(".ck-status")
    page.locator("canvas").first.focus()
    page.keyboard.press("ArrowRight")
    assert status.inner_text() == "After 1 step: x = 1.2, loss 1.44."
    page.get_by_role("button", name="one step").click()
    assert status.inner_text() == "After 2 steps: x = 0.72, loss 0.5184."
    assert page.get_by_text("x: 1.2 − 0.2 · (2.4) = 0.72").count() == 1
    page.locator("canvas").first.focus()
    page.keyboard.press("ArrowLeft")
    assert status.inner_text().startswith("After 1 step")
    box = page.locator("canvas").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert status.inner_text().startswith("After 0 steps: x = 0,")


def test_a_second_ball_starts_at_the_same_place_and_goes_its_own_way(tab):
    for seed in range(6):
        rate, momentum = (0.003, 0.03, 0.3)[seed % 3], (0, 0.9)[seed % 2]
        explorer = GradientDescent(
            **drawn(seed).get_state(["landscape", "start", "steps", "learning_rate", "momentum"])
        )
        alone = browser.computed(tab.page, explorer)
        assert alone["second"] is None
        explorer.second, explorer.second_rate, explorer.second_momentum = True, rate, momentum
        both = browser.computed(tab.page, explorer)
        assert both["path"] == alone["path"] and both["second"]["path"][0] == alone["path"][0]
        np.testing.assert_allclose(both["second"]["path"], explorer.second_path, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(both["second"]["losses"], explorer.second_losses, rtol=1e-6, atol=1e-9)
        itself = GradientDescent(
            landscape=explorer.landscape, learning_rate=rate, momentum=momentum, steps=explorer.steps
        )
        itself.start = explorer.start
        np.testing.assert_array_equal(itself.path, explorer.second_path)


def test_two_balls_are_told_apart_in_words_and_their_controls_come_and_go(tab):
    page = tab.show(GradientDescent(start=[2], learning_rate=0.2, second_rate=1.5))
    status, rate = page.locator(".ck-status"), page.get_by_label("rate of ball 2")
    assert not rate.is_visible() and "ball" not in status.inner_text()
    page.get_by_label("a second ball").check()
    page.locator("canvas").first.focus()
    page.keyboard.press("ArrowRight")
    assert status.inner_text() == "After 1 step: ball 1 at x = 1.2, loss 1.44; ball 2 at x = −4, loss 16."
    assert rate.is_visible() and page.get_by_text("2 · x: 2 − 1.5 · (4) = −4").count() == 1
    assert "ball 2: 1 step, now at −4" in page.locator("canvas").first.get_attribute("aria-label")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert status.inner_text().endswith("ball 2 diverged in step 9.")
    page.get_by_role("button", name="reset").click()
    assert not rate.is_visible() and status.inner_text() == "After 0 steps: x = 2, loss 4."


def test_a_second_ball_may_have_a_start_of_its_own_and_goes_where_one_alone_would_go_from_there(tab):
    for seed in range(6):
        explorer, other = drawn(seed), drawn(seed + 6)  # the same landscape from another place
        explorer.second, explorer.second_start, explorer.second_rate = True, other.path[0].tolist(), 0.02
        alone = GradientDescent(landscape=other.landscape, learning_rate=0.02, steps=explorer.steps)
        alone.start = explorer.second_start
        np.testing.assert_array_equal(explorer.second_path, alone.path)
        both = browser.computed(tab.page, explorer)
        np.testing.assert_allclose(both["second"]["path"], explorer.second_path, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(both["path"], explorer.path, rtol=1e-6, atol=1e-9)


def test_starts_are_set_by_keys_and_the_nearer_one_by_a_click(tab):
    page = tab.show(GradientDescent(landscape="bowl", start=[-2, 2], steps=3, second=True))
    status, apart = page.locator(".ck-status"), page.get_by_label("a start of its own")
    assert not page.get_by_label("ball 2 at x").is_visible()
    apart.focus()
    page.keyboard.press("Space")
    page.get_by_label("y of ball 2").fill("-1.5")
    assert status.inner_text() == (
        "After 0 steps: ball 1 at x = −2, y = 2, loss 8; ball 2 at x = −2, y = −1.5, loss 6.25."
    )
    page.get_by_label("start at x").fill("1")
    assert "ball 1 at x = 1, y = 2, loss 5;" in status.inner_text() and "ball 2 at x = −2," in status.inner_text()
    canvas = page.locator("canvas").first
    canvas.focus()
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.75 * box["height"])
    assert re.search(r"ball 1 at x = 1, y = 2, loss 5; ball 2 at x = −1\.9, y = −1\.9,", status.inner_text())
    apart.uncheck()
    assert "ball 2 at x = 1, y = 2, loss 5." in status.inner_text()
    page.get_by_label("landscape", exact=True).select_option("parabola")
    assert not page.get_by_label("y", exact=True).is_visible() and page.get_by_label("start at x").input_value() == "2"


def test_playing_takes_steps_until_it_is_paused(tab):
    page = tab.show(GradientDescent(start=[2], learning_rate=0.01))
    page.get_by_role("button", name="play").click()
    page.get_by_text(re.compile(r"After \d+ steps")).wait_for()
    page.get_by_role("button", name="pause").click()
    stopped = page.locator(".ck-status").inner_text()
    page.wait_for_timeout(400)
    assert page.locator(".ck-status").inner_text() == stopped


def test_a_start_for_another_number_of_parameters_gives_way_to_the_landscapes_own():
    explorer = GradientDescent(landscape="bowl", start=[2])
    assert explorer.path[0].tolist() == [-1.6, 2.4]
    explorer.second_start = [1]
    assert explorer.second_path[0].tolist() == [-1.6, 2.4]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start", [1, 2, 3]),
        ("start", [float("nan")]),
        ("start", "ab"),
        ("second_start", []),
        ("second_start", [float("inf"), 1]),
        ("learning_rate", 0),
        ("momentum", 1),
        ("steps", -1),
        ("landscape", "hill"),
    ],
)
def test_bad_input_is_told(name, value):
    with pytest.raises((traitlets.TraitError, ValueError), match=name):
        GradientDescent(**{name: value})
