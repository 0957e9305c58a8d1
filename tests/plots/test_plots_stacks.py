"""Laws of the pictures of layers as stacks of sheets, read off what is drawn."""

import matplotlib

matplotlib.use("Agg")

import pytest
from matplotlib.colors import to_hex

from coursekit import plots

pytestmark = pytest.mark.usefixtures("no_figures_left")


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def sheets(ax):
    return [p for p in ax.patches if p.get_label() == "sheet"]


def test_kernels_are_as_deep_as_the_input_and_make_one_sheet_each():
    ax = plots.layer_stacks((7, 9, 3), (3, 2, 3, 4), stride=2)
    assert [w for w in words(ax) if "×" in w] == ["7 × 9 × 3"] + ["3 × 2 × 3"] * 4 + ["3 × 4 × 4"]
    assert len(sheets(ax)) == 3 + 4 * 3 + 4
    assert "⋆" in words(ax) and "∗" not in words(ax)  # a layer correlates: its kernels are not turned


def test_a_kernel_has_the_colour_and_number_of_the_sheet_that_it_makes():
    ax = plots.layer_stacks((5, 5, 2), (2, 2, 2, 3))
    kernels, made = sheets(ax)[2:8], sheets(ax)[8:]
    edges = [to_hex(sheet.get_edgecolor()) for sheet in kernels]
    fills = [to_hex(sheet.get_facecolor()) for sheet in made]
    assert edges[::2] == edges[1::2] == fills[::-1] and len(set(fills)) == 3  # sheets are drawn from the back
    assert [w for w in words(ax) if w in "123"] == ["1", "2", "3", "3", "2", "1"]


def test_padding_keeps_the_size():
    assert words(plots.layer_stacks((5, 5, 1), (3, 3, 1, 2), padding="same"))[-1] == "5 × 5 × 2"


def test_sheets_are_to_scale_and_no_more_than_nine_are_drawn():
    ax = plots.stacks([(8, 6, 1), (4, 3, 32)], ["half"])
    drawn = sheets(ax)
    assert len(drawn) == 1 + 9
    assert drawn[0].get_height() / drawn[0].get_width() == pytest.approx(8 / 6)
    assert drawn[0].get_height() == pytest.approx(2 * drawn[1].get_height())
    assert words(ax) == ["8 × 6 × 1", "half", "4 × 3 × 32"]


def test_nothing_overlaps_from_left_to_right():
    ax = plots.stacks([(8, 8, 3), (8, 8, 16), (2, 2, 64)], ["one", "two"], list("ABC"))
    groups = [sheets(ax)[:3], sheets(ax)[3:12], sheets(ax)[12:]]
    ends = [(min(s.get_x() for s in g), max(s.get_x() + s.get_width() for s in g)) for g in groups]
    assert ends[0][1] < ends[1][0] and ends[1][1] < ends[2][0]
    assert ax.get_xlim()[0] < ends[0][0] and ends[2][1] < ax.get_xlim()[1]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: plots.layer_stacks((5, 5, 3), (2, 2, 1, 2)), r"3 input channels.*Received: \(2, 2, 1, 2\)"),
        (lambda: plots.layer_stacks((5, 5, 1), (2, 2, 1, 5)), "at most 4 kernels"),
        (lambda: plots.layer_stacks((5, 5), (2, 2, 1, 2)), r"input_shape must hold 3 sizes. Received: \(5, 5\)"),
        (lambda: plots.layer_stacks((2, 2, 1), (3, 3, 1, 2)), "kernel covers .* the padded input has 2"),
        (lambda: plots.stacks([(8, 8, 1)], ["one"]), "Received: 1 shapes, 1 steps, 1 names"),
        (lambda: plots.stacks([], []), "shapes_on_the_way must be one or more"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
