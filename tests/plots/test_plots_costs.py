"""Laws of the figures of costs, read off what is drawn."""

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest

from coursekit import architectures, counting, plots

BRAIN = counting.table(architectures.brain_classifier())
VGG = counting.table(architectures.vgg("D"))
pytestmark = pytest.mark.usefixtures("no_figures_left")


def words(ax):
    return [text.get_text() for text in ax.texts]


# ---------------------------------------------------------------- costs


def test_each_bar_is_as_long_as_the_cost_of_its_layer_and_says_its_share():
    left, right = plots.costs(BRAIN)
    assert [bar.get_width() for bar in left.patches] == [832, 61_506]
    assert [bar.get_width() for bar in right.patches] == [12_300_800, 61_504]
    assert words(right) == ["12.3 M · 99.5%", "61,504 · 0.5%"]
    assert [label.get_text() for label in left.get_yticklabels()] == ["conv1", "dense"]
    assert left.yaxis_inverted()  # the first layer on top
    assert [ax.get_title() for ax in (left, right)] == ["parameters", "multiply-adds"]


def test_shares_are_of_the_whole_network_even_where_layers_are_left_out():
    (ax,) = plots.costs(BRAIN, "memory")
    assert [bar.get_width() for bar in ax.patches] == [1_968_128, 8]
    assert words(ax)[1] == "8 · < 0.1%"  # not "0.0%", which would be nothing
    assert words(ax)[0] == f"2.0 M · {1_968_128 / BRAIN.memory:.1%}"


def test_dense_layers_differ_by_hatch_as_well_as_colour_and_the_legend_says_which():
    ax, _ = plots.costs(VGG, title="VGG-D")
    assert [bar.get_hatch() for bar in ax.patches] == [None] * 13 + ["///"] * 3
    assert len({bar.get_facecolor() for bar in ax.patches}) == 2
    (legend,) = ax.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["convolution", "dense layer"]
    assert ax.figure.get_suptitle() == "VGG-D"
    alone, _ = plots.costs(counting.table(architectures.dense_cifar()))
    assert not alone.figure.legends


def test_numbers_stay_inside_the_panel():
    for ax in plots.costs(VGG, ("parameters", "multiply_adds", "memory")):
        ax.figure.draw_without_rendering()
        inside = ax.get_window_extent().padded(2)
        for text in ax.texts:
            assert inside.x0 <= text.get_window_extent().x0 and text.get_window_extent().x1 <= inside.x1


@pytest.mark.parametrize(
    ("what", "table", "message"),
    [
        ("time", BRAIN, "what must be one of 'parameters', 'multiply_adds', 'memory'"),
        ((), BRAIN, "table must have a layer with parameters, and what a name"),
        ("memory", counting.table(architectures.lenet5()[:1]), "Received: 0 layers with parameters"),
    ],
)
def test_what_cannot_be_drawn_is_refused(what, table, message):
    with pytest.raises(ValueError, match=message):
        plots.costs(table, what)


# ---------------------------------------------------------------- bubbles

CROWD = {"x": [1, 2, 3, 3.2, 100], "y": [1, 2, 3, 3.1, 3], "sizes": [10, 40, 90, 20, 5], "names": list("abcde")}


def test_areas_are_in_proportion_to_sizes_and_places_are_those_given():
    ax = plots.bubbles(**CROWD, xlabel="work", ylabel="accuracy")
    (marks,) = ax.collections
    np.testing.assert_allclose(marks.get_sizes() / marks.get_sizes()[0], np.array(CROWD["sizes"]) / 10)
    np.testing.assert_array_equal(marks.get_offsets(), np.column_stack([CROWD["x"], CROWD["y"]]))
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_xscale()) == ("work", "accuracy", "log")
    ax.figure.draw_without_rendering()
    ticks = [label.get_text() for label in ax.get_xticklabels() if label.get_text()]
    assert {"1", "2", "5", "10"} < set(ticks)  # numbers that people read
    assert plots.bubbles(**CROWD, logx=False).get_xscale() == "linear" and words(ax) == list("abcde")


def test_groups_differ_in_mark_and_colour_and_stand_in_the_legend():
    groups = ["10 crops", "one", "one", "10 crops", "one"]
    ax = plots.bubbles(**CROWD, groups=groups, legend="area: parameters")
    assert [len(marks.get_offsets()) for marks in ax.collections] == [2, 3]
    shapes = [marks.get_paths()[0].vertices.shape for marks in ax.collections]
    assert shapes[0] != shapes[1]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["10 crops", "one"]
    circles, squares = (marks.get_sizes() for marks in ax.collections)  # a circle fills π/4 of its square
    np.testing.assert_allclose(squares / 40, circles[0] / 10 * np.pi / 4 * np.array([1, 90 / 40, 5 / 40]))
    assert ax.get_legend().get_title().get_text() == "area: parameters"


def test_names_hide_no_other_name():
    names = [f"network {i}" for i in range(9)]
    rng = np.random.default_rng(3)
    ax = plots.bubbles(rng.uniform(1, 3, 9), rng.uniform(0, 1, 9), rng.uniform(1, 9, 9), names)
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_lists_of_other_lengths_and_sizes_without_area_are_refused():
    with pytest.raises(ValueError, match="must have one entry for each mark. Received: 5, 5, 5, 2, 5"):
        plots.bubbles(**{**CROWD, "names": ["a", "b"]})
    with pytest.raises(ValueError, match="sizes above 0. Received: 1 groups, sizes from 0"):
        plots.bubbles(**{**CROWD, "sizes": [1, 2, 0, 1, 1]})
    with pytest.raises(ValueError, match="groups must be at most 4"):
        plots.bubbles(**CROWD, groups=list("abcde"))
