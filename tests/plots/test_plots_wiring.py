"""Laws of drawn wirings: a line for each connection, alike where the weight is the same."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit import plots

FULL = np.arange(1, 16).reshape(3, 5)
SPARSE = np.array([[1, 2, 3, 0, 0], [0, 4, 5, 6, 0], [0, 0, 7, 8, 9]])
SHARED = np.array([[1, 2, 3, 0, 0], [0, 1, 2, 3, 0], [0, 0, 1, 2, 3]])
pytestmark = pytest.mark.usefixtures("no_figures_left")


def neurons(ax):
    """{name: centre} of the neurons drawn, read from their texts, which stand in their circles."""
    centres = {patch.get_center() for patch in ax.patches}
    return {text.get_text(): text.get_position() for text in ax.texts if text.get_position() in centres}


def names(ax):
    return [text.get_text() for text in ax.texts if text.get_text().startswith("w")]


def connections(ax):
    """The lines drawn: {(name of the input, name of the output): (colour, dash)}."""
    at = {place: name for name, place in neurons(ax).items()}
    return {
        tuple(at[tuple(end)] for end in line.get_xydata()): (line.get_color(), line.get_linestyle())
        for line in ax.lines
    }


@pytest.mark.parametrize("layer", [FULL, SPARSE, SHARED, FULL.T])
def test_a_line_joins_what_the_matrix_connects_and_nothing_else(layer):
    drawn = set(connections(plots.wiring(layer)))
    digits = "₀₁₂₃₄₅₆₇₈₉"
    assert drawn == {(f"x{digits[j + 1]}", f"a{digits[i + 1]}") for i, j in np.argwhere(layer)}


def test_lines_of_one_weight_look_alike_and_others_differ_in_colour_and_in_dash():
    drawn = connections(plots.wiring(SHARED))
    first = {drawn["x₁", "a₁"], drawn["x₂", "a₂"], drawn["x₃", "a₃"]}
    assert len(first) == 1 and len(set(drawn.values())) == 3
    assert len({color for color, _ in drawn.values()}) == 3 and len({dash for _, dash in drawn.values()}) == 3


def test_a_weight_looks_the_same_in_every_drawing():
    whole, part = connections(plots.wiring([[1, 5]])), connections(plots.wiring([[5, 0]]))
    assert part["x₁", "a₁"] == whole["x₂", "a₁"] != whole["x₁", "a₁"]


def test_up_to_nine_weights_have_their_names_on_their_lines():
    assert sorted(names(plots.wiring(SPARSE))) == [f"w{digit}" for digit in "₁₂₃₄₅₆₇₈₉"]
    assert sorted(names(plots.wiring(SHARED))) == sorted(["w₁", "w₂", "w₃"] * 3)
    assert names(plots.wiring(FULL)) == []
    ax = plots.wiring(SPARSE)
    name = next(text for text in ax.texts if text.get_text() == "w₆")
    (x0, y0), (x1, y1) = neurons(ax)["x₄"], neurons(ax)["a₂"]
    x, y = name.get_position()
    assert (x - x0) * (y1 - y0) == pytest.approx((y - y0) * (x1 - x0))  # on its line


def test_names_do_not_cover_each_other_and_neurons_are_inside():
    ax = plots.wirings([SPARSE])[0]
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text().startswith("w")]
    assert not [1 for i, box in enumerate(boxes) for other in boxes[:i] if box.overlaps(other)]
    (left, right), (low, high) = ax.get_xlim(), sorted(ax.get_ylim())
    assert all(left < x < right and low < y < high for x, y in neurons(ax).values())


def test_letters_titles_and_axes_are_used():
    given = plt.subplots()[1]
    assert plots.wiring(SHARED, given, "three", inputs="s", outputs="b") is given
    assert given.get_title() == "three"
    assert set(neurons(given)) == {"s₁", "s₂", "s₃", "s₄", "s₅", "b₁", "b₂", "b₃"}
    axes = plots.wirings([FULL, SHARED], ["15", "3"], outputs=["a", "b"], size=2)
    assert [ax.get_title() for ax in axes] == ["15", "3"] and axes[0].figure.get_size_inches()[0] == 4
    assert "a₁" in neurons(axes[0]) and "b₁" in neurons(axes[1])


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ([1, 2], r"Received: shape \(2,\)"),
        (np.zeros((0, 3)), r"Received: shape \(0, 3\)"),
        ([[1, -2]], "at least 0.*Received: -2"),
        ([[1, 0.5]], "whole numbers.*Received: 0.5"),
    ],
)
def test_what_is_no_table_of_whole_numbers_is_refused(layer, message):
    with pytest.raises(ValueError, match=message):
        plots.wiring(layer)


@pytest.mark.parametrize("arguments", [([],), ([FULL], ["a", "b"]), ([FULL], None, ["a", "b"])])
def test_another_number_of_titles_or_letters_than_layers_is_refused(arguments):
    with pytest.raises(ValueError, match="one or more, with as many titles and outputs. Received: "):
        plots.wirings(*arguments)
