"""Windows on pictures show the pixels they frame, and steps the sums they claim."""

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest

from coursekit import plots
from coursekit.convolution import correlate2d

RAMP = np.arange(60.0).reshape(6, 10) / 59  # neither square nor symmetric
PICTURE, KERNEL = np.array([[1, 2, 0, 1], [3, 1, 2, 0], [0, 2, 1, 1]]), np.array([[2, 0], [1, -1]])
OUTPUT = correlate2d(PICTURE, KERNEL)
pytestmark = pytest.mark.usefixtures("no_figures_left")


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def boxes(ax):
    """(top, left, height, width) in pixels of each frame drawn."""
    return [(box.get_y() + 0.5, box.get_x() + 0.5, box.get_height(), box.get_width()) for box in ax.patches]


def shown(ax):
    return np.asarray(ax.images[0].get_array())


# ---------------------------------------------------------------- zoom


def test_zoom_frames_the_window_whose_numbers_it_writes_in_reading_order():
    left, right = plots.zoom(RAMP, frame=(1, 3, 2, 4), places=3)
    assert boxes(left) == [(1, 3, 2, 4)]
    np.testing.assert_array_equal(shown(right), RAMP[1:3, 3:7])
    assert [float(word) for word in words(right)] == pytest.approx(RAMP[1:3, 3:7].ravel(), abs=5e-4)


def test_zoom_counts_rows_and_columns_as_the_picture_does():
    _, right = plots.zoom(RAMP, frame=(1, 3, 2, 4))
    assert [label.get_text() for label in right.get_xticklabels()] == ["3", "4", "5", "6"]
    assert [label.get_text() for label in right.get_yticklabels()] == ["1", "2"]


def test_zoom_shows_both_on_one_scale_with_numbers_that_can_be_read():
    left, right = plots.zoom(RAMP, frame=(0, 0, 6, 10), limits=(0.2, 0.4))
    assert left.images[0].get_clim() == right.images[0].get_clim() == (0.2, 0.4)
    assert {
        (float(text.get_text()) > 0.3, text.get_color())
        for text in right.texts
        if abs(float(text.get_text()) - 0.3) > 0.01
    } == {(True, "black"), (False, "white")}


# ---------------------------------------------------------------- steps


def test_steps_frame_window_and_entry_and_fill_the_output_in_reading_order():
    axes = plots.steps(PICTURE, KERNEL, OUTPUT, places=[(0, 1), (1, 2)])
    assert [boxes(ax) for ax in axes[:, 0]] == [[(0, 1, 2, 2)], [(1, 2, 2, 2)]]
    assert [boxes(ax) for ax in axes[:, 3]] == [[(0, 1, 1, 1)], [(1, 2, 1, 1)]]
    assert [words(ax)[:-1] for ax in axes[:, 3]] == [["4", "3"], ["4", "3", "2", "4", "3", "4"]]


def test_steps_write_the_products_and_their_sum():
    axes = plots.steps(PICTURE, KERNEL, OUTPUT, places=[(1, 0)])
    np.testing.assert_array_equal(shown(axes[0, 2]), PICTURE[1:3, :2] * KERNEL)
    assert axes[0, 2].get_xlabel() == "6 + 0 + 0 − 2 = 4"


def test_steps_share_one_colour_scale():
    axes = plots.steps(PICTURE, KERNEL, OUTPUT, places=[(0, 0), (1, 1)], signed=True)
    assert {ax.images[0].get_clim() for ax in axes.flat} == {(-4, 4)}


@pytest.mark.parametrize(
    ("output", "places", "message"),
    [
        (OUTPUT + 1, [(0, 0)], "output must be the sums of the products, 4 at"),
        (OUTPUT.T, [(0, 0)], r"output must have shape \(2, 3\)"),
        (OUTPUT, [(2, 0)], r"places must lie inside the output of shape \(2, 3\).*Received: \(2, 0\)"),
        (OUTPUT, [(-1, 0)], "places must lie inside"),
    ],
)
def test_steps_refuse_an_output_that_the_windows_do_not_give(output, places, message):
    with pytest.raises(ValueError, match=message):
        plots.steps(PICTURE, KERNEL, output, places)


# ---------------------------------------------------------------- framed and pairs


def test_framed_draws_each_picture_with_its_own_frames_the_first_solid():
    axes = plots.framed([RAMP, RAMP.T], ["a", "b"], [[(0, 1, 2, 3), (2, 4, 1, 1)], None], limits=(0, 2))
    assert boxes(axes[0]) == [(0, 1, 2, 3), (2, 4, 1, 1)] and boxes(axes[1]) == []
    assert [box.get_linestyle() for box in axes[0].patches] == ["-", "--"]
    assert [ax.get_title() for ax in axes] == ["a", "b"]
    assert {ax.images[0].get_clim() for ax in axes} == {(0, 2)}


def test_pairs_put_the_output_under_its_picture_on_one_scale_about_zero():
    axes = plots.pairs(
        [RAMP, 1 - RAMP], [RAMP - 0.5, -3 * RAMP], frames=[(0, 0, 2, 2), None], unit="answer", limits=(0, 5)
    )
    np.testing.assert_array_equal(shown(axes[0, 1]), 1 - RAMP)
    np.testing.assert_array_equal(shown(axes[1, 1]), -3 * RAMP)
    assert {ax.images[0].get_clim() for ax in axes[1]} == {(-3, 3)}
    assert {ax.images[0].get_clim() for ax in axes[0]} == {(0, 5)}
    assert [len(ax.patches) for ax in axes.flat] == [1, 0, 1, 0]
    assert "answer" in [ax.get_ylabel() for ax in axes[0, 0].figure.axes]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.framed([RAMP], titles=["a", "b"]),
        lambda: plots.framed([RAMP], frames=[]),
        lambda: plots.framed([]),
        lambda: plots.pairs([RAMP], [RAMP, RAMP]),
        lambda: plots.pairs([RAMP], [RAMP], titles=["a", "b"]),
    ],
)
def test_what_does_not_go_together_is_refused(draw):
    with pytest.raises(ValueError, match="pictures must be one or more, with as many .* Received: "):
        draw()


@pytest.mark.parametrize("draw", [plots.zoom, lambda picture, frame: plots.framed([picture], frames=[frame])])
def test_a_frame_outside_the_picture_is_refused(draw):
    with pytest.raises(ValueError, match="frame must be .* inside 6 x 10 cells"):
        draw(RAMP, (3, 0, 4, 2))
