"""Laws of curves and signals, read off what is drawn."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit import plots

X = np.array([1.0, 10.0, 100.0])
LINES = {"slow": [1, 2, 3], "fast": [1, 4, 9], "data": [2, 5, 8]}
pytestmark = pytest.mark.usefixtures("no_figures_left")


def looks(line):
    return line.get_color(), line.get_linestyle(), line.get_marker()


def shaded(ax):
    """The spans (first, last) that an Axes shades."""
    boxes = [patch.get_path().get_extents(patch.get_patch_transform()) for patch in ax.patches]
    return [(box.x0, box.x1) for box in boxes]


# ---------------------------------------------------------------- curves


def test_each_line_has_its_values_over_x_and_its_name_in_the_legend():
    ax = plots.curves(X, LINES)
    for line, (label, values) in zip(ax.lines, LINES.items()):
        assert line.get_label() == label
        np.testing.assert_array_equal(line.get_xydata(), np.transpose([X, values]))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(LINES)
    assert plots.curves(X, {"alone": X}).get_legend() is None


def test_six_lines_differ_in_more_than_colour():
    lines = plots.curves(X, {str(i): X + i for i in range(6)}, markers=True).lines
    assert len({looks(line)[0] for line in lines}) == 6
    assert len({looks(line)[1:] for line in lines}) == 6


@pytest.mark.parametrize("x", [range(5), np.arange(1, 21)])
def test_epochs_and_steps_have_no_halves(x):
    ax = plots.curves(x, {"loss": np.ones(len(x))})
    ax.figure.canvas.draw()
    assert all(tick == round(tick) for tick in ax.get_xticks())
    assert any(tick != round(tick) for tick in plots.curves(np.linspace(0, 1, 5), {"loss": np.ones(5)}).get_xticks())


def test_marks_titles_scales_and_size_are_used():
    ax = plots.curves(X, LINES, xlabel="n", ylabel="weights (number)", title="growth", logx=True, size=(7, 2))
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("n", "weights (number)", "growth")
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")
    assert tuple(ax.figure.get_size_inches()) == (7, 2)
    assert plots.curves(X, LINES, logy=True).get_yscale() == "log"
    assert {line.get_marker() for line in ax.lines} == {"None"}
    given = plt.subplots()[1]
    assert plots.curves(X, LINES, ax=given) is given


def test_a_faint_line_is_thin_and_behind_the_others_which_keep_their_looks():
    plain, with_faint = plots.curves(X, LINES).lines, plots.curves(X, LINES, faint=["data"]).lines
    assert [looks(line) for line in with_faint[:2]] == [looks(line) for line in plain[:2]]
    *others, faint = with_faint
    assert faint.get_color() == plots.GREY
    assert all(faint.get_zorder() < line.get_zorder() for line in others)
    assert all(faint.get_linewidth() < line.get_linewidth() for line in others)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], LINES), "lines must have 2 values each, as x. Received: 3 for 'slow'"),
        ((X, {}), "lines must be 1 to 6. Received: 0"),
        ((X, {str(i): X for i in range(7)}), "lines must be 1 to 6. Received: 7"),
        ((X[None], LINES), r"x must have 1 axes. Received: shape \(1, 3\)"),
    ],
)
def test_curves_that_cannot_be_drawn_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        plots.curves(*arguments)


def test_a_faint_line_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"must name lines, 'slow', 'fast', 'data'. Received: \['dat'\]"):
        plots.curves(X, LINES, faint=["dat"])


# ---------------------------------------------------------------- signals


def test_every_sample_of_a_short_signal_has_a_stem_from_zero_to_its_value():
    (ax,) = plots.signals([[3, -1, 2]])
    (stems,) = ax.collections
    from_zero = [[[0, 0], [0, 3]], [[1, 0], [1, -1]], [[2, 0], [2, 2]]]
    np.testing.assert_array_equal(stems.get_segments(), from_zero)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [3, -1, 2])
    low, high = ax.get_ylim()
    assert low < -1 and high > 3  # marks are not cut off


def test_a_long_signal_is_a_line_without_stems():
    (ax,) = plots.signals([np.sin(np.arange(200.0))])
    assert not ax.collections and ax.lines[0].get_linestyle() == "-"


def test_signals_stand_below_each_other_over_one_axis_of_whole_samples():
    axes = plots.signals([[1, 2, 3], [5, 4]], titles=["in", "out"], unit="frame", height=2, width=4)
    assert [ax.get_title(loc="left") for ax in axes] == ["in", "out"]
    assert axes[1].get_xlabel() == "frame" and axes[0].get_xlabel() == ""
    assert axes[0].get_xlim() == axes[1].get_xlim()
    assert all(tick == round(tick) for tick in axes[1].get_xticks())
    assert tuple(axes[0].figure.get_size_inches()) == (4, 4.4)


def test_a_shared_scale_is_one_scale():
    apart, one = plots.signals([[1, 2], [50, 4]]), plots.signals([[1, 2], [50, 4]], shared=True)
    assert apart[0].get_ylim() != apart[1].get_ylim() and one[0].get_ylim() == one[1].get_ylim()
    assert one[0].get_ylim()[1] > 50


def test_marked_positions_are_shaded_from_edge_to_edge():
    none, one, two = plots.signals([range(9)] * 3, marked=[None, (2, 4), [(0, 0), (6, 8)]])
    assert shaded(none) == [] and shaded(one) == [(1.5, 4.5)] and shaded(two) == [(-0.5, 0.5), (5.5, 8.5)]


@pytest.mark.parametrize("arguments", [{"titles": ["a"]}, {"marked": [None] * 3}])
def test_another_number_of_titles_or_marks_than_signals_is_refused(arguments):
    with pytest.raises(ValueError, match="one or more, with as many titles and marks. Received: 2 sequences"):
        plots.signals([[1], [2]], **arguments)


def test_no_signals_are_refused():
    with pytest.raises(ValueError, match="Received: 0 sequences"):
        plots.signals([])


# ---------------------------------------------------------------- paths

ROUTES = {"out": [[0, 0], [1, 2], [3, 1]], "back": [[3, 1], [0, 0]]}


def test_each_path_has_a_panel_with_its_points_its_beginning_and_its_end():
    axes = plots.paths(ROUTES, limits=(-1, 4), xlabel="θ", ylabel="ψ")
    for ax, (title, route) in zip(axes, ROUTES.items()):
        line, begin, end = (one.get_xydata().tolist() for one in ax.lines)
        assert (ax.get_title(), line, begin, end) == (title, route, route[:1], route[-1:])
        assert ax.get_xlim() == ax.get_ylim() == (-1, 4) and ax.get_aspect() == 1
    assert [(ax.get_xlabel(), ax.get_ylabel()) for ax in axes] == [("θ", "ψ"), ("θ", "")]
    assert len({looks(one)[2] for one in axes[0].lines}) == 3


def test_dots_stand_alone():
    (ax,) = plots.paths({"points": ROUTES["out"]}, limits=(0, 3), dots=True)
    assert [one.get_linestyle() for one in ax.lines] == ["None"] and len(ax.lines[0].get_xydata()) == 3


@pytest.mark.parametrize("route", [np.zeros((0, 2)), np.zeros((3, 3))])
def test_a_path_that_is_not_in_a_plane_is_refused(route):
    with pytest.raises(ValueError, match=r"routes must have shape \(n, 2\), n > 0.*for 'odd'"):
        plots.paths({"odd": route}, limits=(0, 1))
    with pytest.raises(TypeError, match="routes must be an array of real numbers"):
        plots.paths({"odd": "up"}, limits=(0, 1))
