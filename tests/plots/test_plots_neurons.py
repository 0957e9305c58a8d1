"""Laws of the plane of two inputs, read off what is drawn."""

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest

from coursekit import plots

pytestmark = pytest.mark.usefixtures("no_figures_left")


def neuron(points):
    return points @ np.array([1.0, 2.0]) - 2


def test_the_line_stands_where_the_value_is_zero_and_colours_are_symmetric():
    ax = plots.plane(neuron, reach=(3, 2))
    zeros = np.concatenate([path.vertices for path in ax.collections[0].get_paths()])
    np.testing.assert_allclose(neuron(zeros), 0, atol=1e-9)
    assert ax.images[0].get_clim() == (-9.0, 9.0)
    drawn = ax.images[0].get_array()
    np.testing.assert_allclose([drawn[0, 0], drawn[0, -1], drawn[-1, -1]], [-9, -3, 5])  # rows upwards
    assert ax.images[0].get_extent() == [-3, 3, -2, 2]


def test_a_value_of_one_sign_has_no_line():
    assert not plots.plane(lambda points: np.ones(len(points))).collections


def test_groups_differ_in_more_than_colour_and_are_named():
    ax = plots.plane(neuron, {"large": [[0, 1], [1, 1]], "small": [[-1, 0]]}, title="cut", labels=("a", "b"))
    assert [line.get_marker() for line in ax.lines] == ["o", "x"]
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[0, 1], [1, 1]])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["large", "small"]
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("cut", "a", "b")


def test_an_arrow_and_a_colour_bar_are_drawn_where_asked_for():
    ax = plots.plane(neuron, arrow=((0, 1), (1, 3)), unit="z")
    assert ax.texts[0].xy == (1, 3) and len(ax.figure.axes) == 2
    plain = plots.plane(neuron)
    assert not plain.texts and len(plain.figure.axes) == 1


@pytest.mark.parametrize(
    ("value", "options", "fault"),
    [
        (neuron, {"groups": {"a": [[0, 1]], "b": [[0, 1]], "c": [[0, 1]]}}, "groups must be two at most. Received: 3"),
        (neuron, {"groups": {"a": [1, 2]}}, "groups must"),
        (lambda points: points, {}, "value must return one number for each"),
        (neuron, {"reach": 0}, "reach must be a finite number greater than 0"),
    ],
)
def test_bad_input_is_told(value, options, fault):
    with pytest.raises(ValueError, match=fault):
        plots.plane(value, **options)
