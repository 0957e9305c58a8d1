"""Laws of the pictures of strides, padding and dilation, read off what is drawn."""

import matplotlib

matplotlib.use("Agg")

import pytest

from coursekit import plots, shapes

pytestmark = pytest.mark.usefixtures("no_figures_left")


def cells(ax, label):
    """(row, column) of the cells with this label: "pixel", "zero" or "lost"."""
    found = [p for p in ax.patches if p.get_label() == label]
    return sorted((round(p.get_y() + 0.5), round(p.get_x() + 0.5)) for p in found)


def outline(ax, label):
    """(top, left, height, width) of the window with this label."""
    (box,) = [p for p in ax.patches if p.get_label() == label]
    return tuple(round(v) for v in (box.get_y() + 0.5, box.get_x() + 0.5, box.get_height(), box.get_width()))


def marked(ax, label):
    """(row, column) of the pixels with a mark of the window with this label."""
    (line,) = [line for line in ax.lines if line.get_label() == label]
    return sorted({(round(y), round(x)) for x, y in line.get_xydata()})


def test_windows_stand_a_stride_apart_and_the_last_one_where_the_formula_says():
    ax = plots.placing(8, kernel=3, stride=2, padding=1)
    places = shapes.output_size(8, 3, 2, 1)
    assert outline(ax, "first") == (-1, -1, 3, 3) and outline(ax, "second") == (-1, 1, 3, 3)
    assert outline(ax, "last") == (-1 + 2 * (places - 1),) * 2 + (3, 3)


def test_zeros_frame_the_pixels_and_say_so_where_no_mark_stands():
    ax = plots.placing(4, kernel=2, padding=(0, 1))
    assert cells(ax, "pixel") == [(i, j) for i in range(4) for j in range(4)]
    assert cells(ax, "zero") == sorted({(4, j) for j in range(5)} | {(i, 4) for i in range(5)})
    windows = {place for label in ("first", "second", "last") for place in marked(ax, label)}
    written = {(round(text.get_position()[1]), round(text.get_position()[0])): text.get_text() for text in ax.texts}
    assert written == dict.fromkeys(set(cells(ax, "zero")) - windows, "0") and len(written) == 6


def test_dilation_spreads_the_marks_and_not_their_number():
    ax = plots.placing(7, kernel=3, dilation=2)
    assert outline(ax, "first") == (0, 0, 5, 5)
    assert marked(ax, "first") == [(i, j) for i in (0, 2, 4) for j in (0, 2, 4)]
    assert marked(ax, "last") == [(i, j) for i in (2, 4, 6) for j in (2, 4, 6)]


@pytest.mark.parametrize("size, stride", [(7, 3), (8, 3), (9, 3), (8, 2)])
def test_what_no_window_reaches_is_crossed_out(size, stride):
    ax = plots.placing(size, kernel=3, stride=stride)
    left = shapes.leftover(size, 3, stride)
    assert len(cells(ax, "lost")) == size**2 - (size - left) ** 2
    assert all(max(cell) >= size - left for cell in cells(ax, "lost"))


def test_one_place_is_drawn_once():
    ax = plots.placing(3, kernel=3)
    assert [p.get_label() for p in ax.patches if not p.get_fill()] == ["first"]


def test_several_settings_share_one_scale():
    axes = plots.placings([dict(size=5, kernel=3), dict(size=5, kernel=3, padding=2)], ["valid", "full"])
    axes[0].figure.canvas.draw()
    widths = [ax.get_window_extent().width / (ax.get_xlim()[1] - ax.get_xlim()[0]) for ax in axes]
    assert widths[0] == pytest.approx(widths[1], rel=0.02)


def test_settings_and_titles_must_be_as_many_and_the_kernel_must_fit():
    with pytest.raises(ValueError, match="settings must be one or more.*Received: 1 settings, 2 titles"):
        plots.placings([dict(size=5, kernel=3)], ["a", "b"])
    with pytest.raises(ValueError, match="kernel covers .* the padded input has 2"):
        plots.placing(2, kernel=3)
