"""Grids of numbers: what is written, coloured and framed in the cells."""

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest

from coursekit import plots

VALUES = np.array([[1.5, 0.0, -2.0], [np.nan, 1 / 3, 4.0]])
pytestmark = pytest.mark.usefixtures("no_figures_left")


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_each_number_stands_in_its_own_cell_rounded_and_nan_is_empty():
    ax = plots.grid(VALUES, places=1)
    assert words(ax) == ["1.5", "0", "−2", "", "0.3", "4"]
    assert [text.get_position() for text in ax.texts] == [(j, i) for i in range(2) for j in range(3)]
    assert ax.yaxis_inverted()  # row 0 is on top


def test_colours_span_the_values_and_are_symmetric_when_signed():
    assert plots.grid(VALUES).images[0].get_clim() == (-2, 4)
    signed = plots.grid(VALUES, signed=True).images[0]
    assert signed.get_clim() == (-4, 4) and signed.get_cmap().name == plots.SIGNED
    assert plots.grid(VALUES, limits=(0, 9)).images[0].get_clim() == (0, 9)


def test_symbols_have_no_colour():
    ax = plots.grid([["w₁", "a + b\n+ c"]])
    assert words(ax) == ["w₁", "a + b\n+ c"]
    assert np.isnan(np.asarray(ax.images[0].get_array(), float)).all()


@pytest.mark.parametrize("size", [0.3, 1.0, 1.6])
def test_letters_fit_into_their_cells(size):
    long = "x₁₁w₇ + x₁₂w₈ + x₁₃w₉"
    drawn = (
        plots.grids([[["−88.88", f"{long}\n+ {long}\n+ {long}"]]], size=size)[0],
        plots.grid([["−88.88", "−0.25"]], size=size),
    )
    cell = size * drawn[0].figure.dpi
    for ax in drawn:
        ax.figure.canvas.draw()
    extents = [text.get_window_extent() for ax in drawn for text in ax.texts]
    assert max(box.width for box in extents) < cell and max(box.height for box in extents) < cell


def test_the_first_frame_is_solid_and_the_others_dashed():
    ax = plots.grid(VALUES, frame=[(0, 1, 2, 2), (1, 0, 1, 1)])
    assert [(p.get_y() + 0.5, p.get_x() + 0.5, p.get_height(), p.get_width()) for p in ax.patches] == [
        (0, 1, 2, 2),
        (1, 0, 1, 1),
    ]
    assert [p.get_linestyle() for p in ax.patches] == ["-", "--"]


def test_arrays_of_a_calculation_have_signs_between_them_and_cells_of_their_sizes():
    left, middle, right = plots.grids([np.eye(2), [[5]], 5 * np.eye(2)], signs=["·", "="], size=(0.4, 0.8, 0.4))
    assert "·" in words(middle) and "=" in words(right) and "·" not in words(left)
    inches = [ax.get_position().width * ax.figure.get_figwidth() for ax in (left, middle, right)]
    np.testing.assert_allclose(inches, [0.8, 0.8, 0.8])


def test_shared_arrays_have_one_scale_and_others_their_own():
    together = plots.grids([[[1, 2]], [[-8, 0]]], shared=True, signed=True)
    apart = plots.grids([[[1, 2]], [[-8, 0]]])
    assert [ax.images[0].get_clim() for ax in together] == [(-8, 8), (-8, 8)]
    assert [ax.images[0].get_clim() for ax in apart] == [(1, 2), (-8, 0)]


def test_a_table_that_is_filled_step_by_step_keeps_its_colours_where_its_limits_are_given():
    steps = [plots.grids([[[1, 2]], [row]], limits=[None, (0, 9)]) for row in ([np.nan, np.nan], [3, np.nan], [3, 9])]
    assert [[ax.images[0].get_clim() for ax in axes] for axes in steps] == [[(1, 2), (0, 9)]] * 3


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plots.grid([1, 2]), r"values must be .*Received: shape \(2,\)"),
        (lambda: plots.grid(np.zeros((0, 3))), "values must be .*one or more entries"),
        (lambda: plots.grid(VALUES, frame=(1, 0, 2, 1)), r"frame must be .*2 x 3 cells. Received: \(1, 0, 2, 1\)"),
        (lambda: plots.grids([VALUES, VALUES], signs=["+", "="]), "signs must be 1 for 2 arrays. Received: 2"),
        (lambda: plots.grids([VALUES, VALUES], size=[1]), "size must be 2 for 2 arrays. Received: 1"),
        (lambda: plots.grids([VALUES], titles=["a", "b"]), "titles must be 1"),
        (lambda: plots.grids([VALUES], frames=[None, None]), "frames must be 1"),
        (lambda: plots.grids([VALUES], limits=[None, None]), "limits must be 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_each_name_stands_beside_its_row_or_below_its_column():
    ax = plots.grid([[1, 2, 3], [4, 5, 6]], rows=["a", "b"], columns=("x", "y", "z"))
    for axis, names in ((ax.yaxis, "ab"), (ax.xaxis, "xyz")):
        places = axis.get_minorticklocs()
        assert [label.get_text() for label in axis.get_minorticklabels()] == list(names)
        assert list(places) == list(range(len(names)))  # the middle of a cell is an integer
    assert not plots.grid([[1, 2]]).get_xticklabels(minor=True)


@pytest.mark.parametrize(
    ("names", "told"), [({"rows": "abc"}, "rows must be 2.*3"), ({"columns": "a"}, "columns must be 3.*1")]
)
def test_another_number_of_names_is_refused(names, told):
    with pytest.raises(ValueError, match=told):
        plots.grid([[1, 2, 3], [4, 5, 6]], **names)
