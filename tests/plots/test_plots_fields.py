"""Laws of the drawings of receptive fields, read off what is drawn."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import to_hex

from coursekit import plots, receptive_field
from coursekit.specs import Conv, Input

STACK = [(3, 1), (2, 2), (4, 1)]  # fields 3, 4, 10; jumps 1, 2, 2
pytestmark = pytest.mark.usefixtures("no_figures_left")


def rows_of_units(ax):
    """The middles of the units of each row, the input first: those not in the cone, and those in it."""
    rows = {}
    for collection in ax.collections:
        if isinstance(collection, PatchCollection):
            colors = collection.get_facecolor()
            hollow = not len(colors) or to_hex(colors[0]) == "#ffffff"
            for path in collection.get_paths():
                (x, y) = path.get_extents().get_points().mean(axis=0).round(6)
                rows.setdefault(y, ([], []))[not hollow].append(x)
    return [rows[y] for y in sorted(rows)]


def lines(ax):
    outside, inside = (c.get_segments() for c in ax.collections if isinstance(c, LineCollection))
    return outside, inside


def words(ax):
    return [text.get_text() for text in ax.texts]


# ---------------------------------------------------------------- cone


def test_the_filled_units_of_a_cone_are_those_that_the_table_names():
    ax = plots.cone(STACK, inputs=16, position=1)
    rows = rows_of_units(ax)
    network = (Input((16, 1)), *(Conv(1, kernel=k, stride=s) for k, s in STACK))
    ((first, last),) = receptive_field.table(network)[-1].at((1,))
    assert sorted(rows[0][1]) == list(range(first, last + 1))
    assert [len(hollow) + len(filled) for hollow, filled in rows] == [16, 14, 7, 4]
    assert [len(filled) for _, filled in rows] == [10, 8, 4, 1]


def test_a_unit_stands_above_the_middle_of_its_field():
    rows = rows_of_units(plots.cone(STACK, inputs=16, position=1))
    (first, last), (top,) = (min(rows[0][1]), max(rows[0][1])), rows[-1][1]
    assert top == (first + last) / 2


def test_every_unit_has_as_many_connections_as_its_window_is_wide():
    outside, inside = lines(plots.cone(STACK, inputs=16, position=1))
    assert len(outside) + len(inside) == 3 * 14 + 2 * 7 + 4 * 4
    assert len(inside) == 3 * 8 + 2 * 4 + 4


def test_a_cone_says_what_each_row_sees_and_has_three_outputs_unless_told():
    ax = plots.cone(STACK)
    assert [text for text in words(ax) if text.startswith("sees")] == ["sees 3", "sees 4", "sees 10"]
    assert "layer 2: 2 wide, stride 2" in words(ax)
    assert sum(map(len, rows_of_units(ax)[-1])) == 3


@pytest.mark.parametrize("draw", [plots.cone, plots.pyramid])
def test_a_drawing_uses_the_axes_given_and_takes_a_title(draw):
    ax = plt.subplots()[1]
    assert draw(STACK, ax=ax, title="a title") is ax and ax.get_title() == "a title"


# ---------------------------------------------------------------- pyramid


def test_the_squares_of_a_pyramid_are_as_large_as_what_is_seen():
    ax = plots.pyramid(STACK)
    seen = [patch.get_xy() for patch in ax.patches][1::2]  # plane, square, plane, …, the last layer first
    sides = [corners[1][0] - corners[0][0] for corners in seen]
    assert np.allclose(sides, [1, 4, 8, 10])
    assert words(ax) == ["1 of layer 3", "4×4 of layer 2", "8×8 of layer 1", "10×10 pixels"]


def test_the_planes_of_a_pyramid_have_the_sizes_of_the_layers():
    planes = [patch.get_xy() for patch in plots.pyramid(STACK, size=20).patches][::2]
    assert np.allclose([corners[1][0] - corners[0][0] for corners in planes], [6, 9, 18, 20])


# ---------------------------------------------------------------- fields

PICTURE = np.arange(600.0).reshape(20, 30)


def test_a_rectangle_covers_its_pixels_whole():
    box = plots.fields(PICTURE, [((2, 5), (7, 7))], ["a"]).patches[0].get_bbox()
    assert (box.y0, box.y1, box.x0, box.x1) == (1.5, 5.5, 6.5, 7.5)


def test_a_field_that_reaches_into_the_padding_is_drawn_whole():
    ax = plots.fields(PICTURE, [((-8, 9), (20, 40))], ["a"])
    assert ax.get_ylim()[1] < -8.5 and ax.get_xlim()[1] > 40.5 and ax.get_ylim()[0] > 19.5


def test_every_rectangle_has_its_name_and_no_two_names_meet():
    boxes = [((9 - k, 9 + k), (14 - k, 14 + k)) for k in range(5)]
    texts = plots.fields(PICTURE, boxes, list("abcde")).texts
    assert [(text.get_text(), text.xy) for text in texts] == [
        (name, (14.5 + k, 8.5 - k)) for k, name in enumerate("abcde")
    ]
    heights = sorted(text.xyann[1] for text in texts)
    assert np.diff(heights).min() > 1


def test_a_picture_stays_as_it_is():
    before = PICTURE.copy()
    shown = plots.fields(PICTURE, [((2, 5), (7, 7))], ["a"]).images[0]
    np.testing.assert_array_equal(shown.get_array(), before)
    np.testing.assert_array_equal(PICTURE, before)


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.cone([]), r"layers must be one or more pairs \(window, stride\). Received: none"),
        (lambda: plots.cone([(3, 0)]), "layers must be an integer of at least 1. Received: 0"),
        (lambda: plots.cone(STACK, inputs=5), "kernel covers .* the padded input has 1"),
        (lambda: plots.cone(STACK, position=3), "position must be an integer from 0 to 2. Received: 3"),
        (lambda: plots.pyramid([(3, 1)], size=2), "kernel covers .* the padded input has 2"),
        (lambda: plots.fields(PICTURE, [], []), "Received: 0 boxes, 0 names"),
        (lambda: plots.fields(PICTURE, [((1, 2), (3, 4))], ["a", "b"]), "Received: 1 boxes, 2 names"),
        (lambda: plots.fields(PICTURE, [((2, 1), (3, 4))], ["a"]), "boxes must end where they begin or later"),
    ],
)
def test_a_bad_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
