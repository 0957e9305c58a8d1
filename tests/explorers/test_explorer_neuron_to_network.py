"""From a neuron to a network: the browser computes, kinks and trains as NumPy does."""

import re

import numpy as np
import pytest
import traitlets

import browser
from coursekit.explorers import NeuronToNetwork
from coursekit.explorers.neuron_to_network import ACTIVATIONS

GRID = np.linspace(-2, 2, 161)


def drawn(seed):
    rng = np.random.default_rng(seed)
    return NeuronToNetwork(
        activation=list(ACTIVATIONS)[seed % 4],
        units=rng.normal(size=(2 + seed % 5, 3)).round(3),
        offset=round(rng.normal(), 3),
        points=rng.normal(size=(1 + seed % 7, 2)).round(3),
    )


def status(page):
    return page.locator(".ck-status").inner_text()


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", text.replace("−", "-"))]


# ---------------------------------------------------------------- the same numbers


def test_a_small_error_is_no_zero_and_rounding_is(tab):
    explorer = NeuronToNetwork(units=[[1, 0, 1], [1, 0, 0]], offset=1e-5, points=[[0, 0]])
    assert status(tab.show(explorer)).endswith("Mean squared error 1e−10.")
    explorer = NeuronToNetwork(units=[[1, 0, 0.1], [1, 0, 0]], points=[[1, 0.1], [0.3, 0.03]])
    assert status(tab.show(explorer)).endswith("Mean squared error 0.")


@pytest.mark.parametrize("seed", range(12))
def test_the_browser_adds_up_the_same_shares(seed, tab):
    explorer = drawn(seed)
    got = browser.computed(tab.page, explorer)
    np.testing.assert_allclose(got["x"], GRID, atol=1e-12)
    np.testing.assert_allclose(got["lines"], explorer.lines(GRID), atol=1e-9)
    np.testing.assert_allclose(got["shares"], explorer.shares(GRID), atol=1e-9)
    np.testing.assert_allclose(got["output"], explorer.output(GRID), atol=1e-9)
    np.testing.assert_allclose(got["kinks"], explorer.kinks, atol=1e-9)
    assert got["loss"] == pytest.approx(explorer.loss, abs=1e-9)
    by_units, by_offset = explorer.gradient
    np.testing.assert_allclose(got["gradient"], by_units, atol=1e-9)
    assert got["gradient_offset"] == pytest.approx(by_offset, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_gradient_is_the_slope_of_the_loss_by_central_differences(seed):
    explorer, h = drawn(seed), 2.0**-11  # exact in float32, in which the units are kept
    by_units, by_offset = explorer.gradient
    for place in np.ndindex(explorer.units.shape):
        losses = []
        for step in (h, -h):
            moved = explorer.units.astype(float)
            moved[place] += step
            losses.append(NeuronToNetwork(**state(explorer) | {"units": moved}).loss)
        # float32 rounds moved units by up to 1e-7, and the loss bends at most a little over 2h
        assert by_units[place] == pytest.approx((losses[0] - losses[1]) / (2 * h), abs=5e-3, rel=2e-3)
    losses = [NeuronToNetwork(**state(explorer) | {"offset": explorer.offset + step}).loss for step in (h, -h)]
    assert by_offset == pytest.approx((losses[0] - losses[1]) / (2 * h), abs=1e-6)


def state(explorer):
    return {name: getattr(explorer, name) for name in explorer.words()}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_button_trains_to_where_python_trains(activation, tab):
    explorer = NeuronToNetwork(activation=activation)
    page = tab.show(explorer)
    before = status(page)
    fit = page.get_by_role("button", name="fit")
    assert fit.evaluate("(one) => { one.click(); return one.textContent; }") == "stop"  # it trains for two seconds
    fit.wait_for(timeout=60_000)
    after = status(page)
    explorer.fit(3000)
    assert before != after and numbers(after)[-1] == pytest.approx(explorer.loss, abs=2e-4)
    fields = [float(field.input_value()) for field in page.locator(".ck-grow input").all()]
    np.testing.assert_allclose(np.reshape(fields, (3, 3)), explorer.units, atol=2e-3)


def test_with_linear_units_fit_finds_the_least_squares_line_and_no_better():
    explorer = NeuronToNetwork(activation="linear")
    explorer.fit(3000)
    x, y = np.float64(explorer.points).T
    best = np.mean((np.polyval(np.polyfit(x, y, 1), x) - y) ** 2)
    assert explorer.loss == pytest.approx(best, abs=1e-5)
    bent = NeuronToNetwork(activation="ReLU")
    bent.fit(3000)
    assert bent.loss < best / 50


# ---------------------------------------------------------------- kinks


def test_three_units_with_relu_bend_the_output_where_their_lines_cross_zero():
    explorer = NeuronToNetwork(units=[[1, 1, 1], [2, 0, -1], [-1, -0.5, 3]])
    np.testing.assert_allclose(explorer.kinks, [-1, -0.5, 0])
    turns = np.diff(explorer.output(GRID), 2)
    np.testing.assert_allclose(GRID[1:-1][np.abs(turns) > 1e-9], explorer.kinks, atol=1e-9)


@pytest.mark.parametrize(
    ("units", "kinks"),
    [
        ([[1, 0.5, 1], [2, 1, 0.5]], [-0.5]),  # two bends at one place are one kink
        ([[1, 0.5, 1], [2, 1, -0.5]], []),  # and none where they cancel: max(0, z) - max(0, 2z)/2 = 0
        ([[1, 0.5, 1], [-1, -0.5, -1]], []),  # max(0, z) - max(0, -z) = z
        ([[0, 1, 1], [1, 0, 0]], []),  # a flat line never bends, and a share of weight 0 is flat
        ([[1, 2, 1], [1, 3, 1], [1, -1, 1]], [1]),  # bends at the border or beyond are not in view
    ],
)
def test_kinks_are_counted_where_the_sum_bends(units, kinks, tab):
    explorer = NeuronToNetwork(units=units)
    assert explorer.kinks.tolist() == kinks
    assert browser.computed(tab.page, explorer)["kinks"] == kinks


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "linear"])
def test_only_relu_has_kinks(activation):
    assert NeuronToNetwork(activation=activation).kinks.size == 0


# ---------------------------------------------------------------- hands


def test_keys_move_the_bend_and_scale_the_share_and_tilt_the_line(tab):
    page = tab.show(NeuronToNetwork(units=[[1, 1, 1], [1, 0, -1]]))
    first = page.locator("canvas[tabindex='0']").first
    values = lambda: [float(field.input_value()) for field in page.locator(".ck-grow input").all()[:3]]  # noqa: E731
    first.focus()
    page.keyboard.press("ArrowRight")
    assert values() == [1, 0.9, 1] and "kinks, at x = −0.9, 0." in status(page)
    page.keyboard.press("ArrowUp")
    assert values() == [1, 0.9, 1.1]
    page.keyboard.press("PageUp")  # the bend stays
    assert values() == [1.1, 0.99, 1.1] and "kinks, at x = −0.9, 0." in status(page)
    assert "slope" not in status(page) and tab.complaints == []


@pytest.mark.parametrize(
    ("grip", "to", "units"),
    [
        ((-1, 0), (0.5, 1), [1, -0.5, 1]),  # the diamond: the bend follows the pointer
        ((1, 2), (1, 1), [0.5, 0.5, 1]),  # the square: the line turns about its bend
        ((1.6, 1.3), (1.6, 0.65), [1, 1, 0.25]),  # the circle: the share is scaled
    ],
)
def test_handles_are_dragged(grip, to, units, tab):
    page = tab.show(NeuronToNetwork(units=[[1, 1, 0.5 if grip[0] == 1.6 else 1], [1, 0, -1]]))
    canvas = page.locator("canvas[tabindex='0']").first
    box = canvas.bounding_box()

    def place(x, y):
        scale = box["width"] / 206
        return box["x"] + scale * (26 + 172 * (x + 2) / 4), box["y"] + scale * (6 + 128 * (2.4 - y) / 4.8)

    page.mouse.move(*place(*grip))
    page.mouse.down()
    page.mouse.move(*place(*to), steps=4)
    page.mouse.up()
    page.mouse.move(*place(0, 0))  # after letting go nothing moves
    fields = [float(field.input_value()) for field in page.locator(".ck-grow input").all()[:3]]
    np.testing.assert_allclose(fields, units, atol=0.06)


def test_units_are_added_and_taken_away_and_reset_brings_back_the_start(tab):
    page = tab.show(NeuronToNetwork(units=[[1, 1, 2], [1, 0, -1]], offset=0.5))
    start = status(page)
    page.get_by_label("hidden units").select_option("6")
    assert page.locator("canvas[tabindex='0']").count() == 6 and status(page).startswith("6 units, ReLU: ")
    page.get_by_label("activation").select_option("linear")
    assert "the sum of straight lines is one straight line" in status(page)
    page.get_by_label("unit 1: w, b, v, row 1, column 3").fill("7")
    page.get_by_role("button", name="reset").click()
    assert status(page) == start and page.locator("canvas[tabindex='0']").count() == 2
    assert page.get_by_label("offset, row 1, column 1").input_value() == "0.5"


def test_linear_says_the_line_that_is_left(tab):
    page = tab.show(NeuronToNetwork(units=[[2, 1, 3], [-1, 4, 0.5]], offset=-1, activation="linear"))
    assert "one straight line, 5.5 · x + 4. Mean" in status(page)


def test_training_that_diverges_stops_within_bounds(tab):
    explorer = NeuronToNetwork(units=[[900, 0, 900], [1, 0, 1]])
    page = tab.show(explorer)
    page.get_by_role("button", name="fit").click()
    page.get_by_role("button", name="fit").wait_for()
    explorer.fit(50)
    assert np.isfinite(explorer.loss) and "NaN" not in status(page) and "Infinity" not in status(page)
    assert tab.complaints == []


def test_a_change_is_drawn_well_within_a_frame(tab):
    """The work itself, with all six units: the quickest tenth, since others may use the processor meanwhile."""
    page = tab.show(NeuronToNetwork())
    page.get_by_label("hidden units").select_option("6")
    times = page.evaluate("""async () => {
        const canvas = document.querySelector("canvas[tabindex='0']"), times = [];
        for (let i = 0; i < 40; i++) {
            const start = performance.now();
            canvas.dispatchEvent(new KeyboardEvent("keydown", { key: i % 2 ? "ArrowLeft" : "ArrowRight" }));
            await Promise.resolve(); await Promise.resolve();
            times.push(performance.now() - start);
            await new Promise(requestAnimationFrame);
        }
        return times; }""")
    assert np.percentile(times, 10) < 16


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("units", [[1, 1, 1]], r"units must have 2 to 6 rows of 3 numbers. Received: shape \(1, 3\)"),
        ("units", np.ones((7, 3)), "units must have 1 to 6 entries along each axis"),
        ("units", np.ones((3, 2)), "units must have 2 to 6 rows of 3 numbers"),
        ("units", [[1, 1, np.nan], [1, 1, 1]], "units must"),
        ("units", [[1e6, 1, 1], [1, 1, 1]], "units must lie between -1000 and 1000"),
        ("points", [[1, 2, 3]], "points must have 1 to 60 rows of 2 numbers"),
        ("activation", "relu", "activation"),
        ("offset", 1e9, "offset"),
    ],
)
def test_bad_input_is_told(name, value, fault):
    with pytest.raises(traitlets.TraitError, match=fault):
        NeuronToNetwork(**{name: value})


@pytest.mark.parametrize("steps", [-1, 2.5, "10"])
def test_steps_that_are_no_number_of_steps_are_told(steps):
    with pytest.raises((TypeError, ValueError), match="steps must be an integer"):
        NeuronToNetwork().fit(steps)
