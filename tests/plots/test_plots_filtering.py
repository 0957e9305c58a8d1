"""Laws of the figures of filters, read off what is drawn: values, limits, colours, words, places."""

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest
from matplotlib.quiver import Quiver

from coursekit import plots

RAMP = np.arange(12.0).reshape(3, 4) / 11
EDGE = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
pytestmark = pytest.mark.usefixtures("no_figures_left")


def drawn(ax):
    (picture,) = ax.images
    return np.asarray(picture.get_array()), picture.get_clim()


# ---------------------------------------------------------------- photographs


def test_photographs_are_grey_from_black_at_0_to_white_at_1_whatever_they_hold():
    dim, colour = RAMP / 2, np.full((6, 4, 3), 0.5)
    first, second = plots.photographs([dim, colour], ["dim", "colour"])
    np.testing.assert_array_equal(drawn(first)[0], dim)
    assert drawn(first)[1] == (0, 1) and first.images[0].get_cmap().name == "gray"
    np.testing.assert_array_equal(drawn(second)[0], colour)
    assert [first.get_title(), second.get_title()] == ["dim", "colour"]
    assert drawn(plots.photographs([dim], limits=(0, 0.5))[0])[1] == (0, 0.5)


def test_all_photographs_have_the_same_pixels_per_inch():
    wide, narrow = plots.photographs([np.zeros((4, 12)), np.zeros((4, 6))], size=2)
    wide.figure.canvas.draw()
    widths = [ax.get_window_extent().width for ax in (wide, narrow)]
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.03)


@pytest.mark.parametrize(
    ("pictures", "titles"), [([RAMP], ["a", "b"]), ([], None), ([np.zeros((3, 4, 2))], None), ([np.zeros(3)], None)]
)
def test_photographs_that_are_none_are_refused(pictures, titles):
    with pytest.raises(ValueError, match="picture.* must .*Received"):
        plots.photographs(pictures, titles)


# ---------------------------------------------------------------- filtered


def test_each_kernel_stands_above_its_result_and_results_share_one_scale_about_zero():
    results = [RAMP, -3 * RAMP]
    start, *rest = plots.filtered(RAMP, [EDGE, 2 * EDGE.T], results, ["one", "two"])
    kernels, maps = rest[:2], rest[2:]
    np.testing.assert_array_equal(drawn(start)[0], RAMP)
    assert [ax.get_title() for ax in kernels] == ["one", "two"]
    np.testing.assert_array_equal([drawn(ax)[0] for ax in maps], results)
    (low, high), other = (drawn(ax)[1] for ax in maps)
    assert (low, high) == other and low == -high and 2.5 < high <= 3
    assert drawn(kernels[0])[1] == drawn(kernels[1])[1] == (-2, 2)
    assert [text.get_text() for text in kernels[0].texts][:3] == ["1", "0", "−1"]
    above, below = kernels[1].get_position(), maps[1].get_position()
    assert above.y0 > below.y1 - 0.05 and below.x0 < (above.x0 + above.x1) / 2 < below.x1


def test_limits_shades_and_unit_are_used():
    start, _, result = plots.filtered(RAMP, [EDGE], [RAMP], ["a"], limits=(-7, 7), shades=(0.2, 0.4), unit="volt")
    assert drawn(result)[1] == (-7, 7) and drawn(start)[1] == (0.2, 0.4)
    assert start.figure.axes[-1].get_ylabel() == "volt"


def test_results_that_are_pictures_are_drawn_as_the_picture_is():
    start, _, result = plots.filtered(RAMP, [EDGE], [2 * RAMP], ["a"], signed=False)
    assert drawn(start)[1] == drawn(result)[1] == (0, 1)
    assert start.images[0].get_cmap().name == result.images[0].get_cmap().name == "gray"


@pytest.mark.parametrize("kernel", [np.full((3, 3), 1 / 9), np.ones((9, 9))])
def test_kernels_whose_numbers_would_not_fit_are_drawn_without(kernel):
    assert not plots.filtered(RAMP, [kernel], [RAMP], ["a"])[1].texts


def test_kernels_without_results_are_refused():
    with pytest.raises(ValueError, match="kernels, results and names must be as many.*Received: 2, 1, 1"):
        plots.filtered(RAMP, [EDGE, EDGE], [RAMP], ["a"])


# ---------------------------------------------------------------- directions


def strokes(ax):
    (arrows,) = (child for child in ax.get_children() if isinstance(child, Quiver))
    return arrows


def test_hue_is_the_direction_brightness_the_strength_and_arrows_point_up_for_90_degrees():
    angle, strength = np.array([[0, 120], [240, 90.0]]), np.array([[1, 1], [1, 0.5]])
    ax = plots.directions(angle, strength, limit=1, spacing=1)
    colours, _ = drawn(ax)
    assert [int(np.argmax(colours[place])) for place in ((0, 0), (0, 1), (1, 0))] == [0, 1, 2]  # RGB
    assert colours[1, 1].max() == pytest.approx(0.5) and colours[0, 0].max() == 1
    arrows = strokes(ax)
    assert arrows.angles == "uv"
    assert (arrows.U[3], arrows.V[3]) == (pytest.approx(0, abs=1e-9), pytest.approx(1))
    assert list(zip(arrows.X, arrows.Y)) == [(0, 0), (1, 0), (0, 1), (1, 1)]


def test_lines_turned_by_180_degrees_are_the_same_and_have_no_arrow_heads():
    ax = plots.directions(np.array([[30.0, 210.0], [75, 80]]), np.ones((2, 2)), period=180, spacing=1)
    colours, _ = drawn(ax)
    np.testing.assert_allclose(colours[0, 0], colours[0, 1])
    assert strokes(ax).headwidth == 0
    assert [text.get_text() for text in ax.child_axes[0].texts] == ["0°", "45°", "90°", "135°"]


def test_one_stroke_in_a_square_where_it_is_strongest_and_none_where_all_is_weak():
    strength = np.zeros((4, 8))
    strength[2, 1], strength[3, 3], strength[0, 5] = 1, 0.9, 0.1
    arrows = strokes(plots.directions(np.zeros((4, 8)), strength, spacing=4, limit=1))
    assert list(zip(arrows.X, arrows.Y)) == [(1, 2)]


def test_directions_of_another_shape_or_period_are_refused():
    with pytest.raises(ValueError, match=r"one shape.*Received: \(3, 4\), \(4, 3\), 360"):
        plots.directions(RAMP, RAMP.T)
    with pytest.raises(ValueError, match="period be 180 or 360.*90"):
        plots.directions(RAMP, RAMP, period=90)


# ---------------------------------------------------------------- tuning curves


def test_stimuli_stand_below_the_orientation_at_which_they_were_shown():
    ax = plots.tuning_curves(
        [0, 90, 180], {"a": [0, 2, 0], "b": [1, 0, 1]}, [(45, RAMP), (135, 1 - RAMP)], ylabel="rate"
    )
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0, 2, 0], [1, 0, 1]]
    assert ax.get_ylabel() == "rate" and ax.get_xticks().tolist() == [0, 45, 90, 135, 180]
    ax.figure.canvas.draw()
    for place, small in zip((45, 135), ax.child_axes):
        box = small.get_window_extent()
        x, y = ax.transData.transform((place, 0))
        assert box.x0 < x < box.x1 and box.y1 < y
    np.testing.assert_array_equal(drawn(ax.child_axes[1])[0], 1 - RAMP)
