"""Laws of drawn plans: a box for each layer that is not folded, levels for halvings, arcs for skips."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pytest

from coursekit import architectures, plots
from coursekit.specs import Add, Conv, Dense, Flatten, Input, Norm, Pool

pytestmark = pytest.mark.usefixtures("no_figures_left")


def words(ax):
    return [text.get_text() for text in ax.texts]


def skips(ax):
    return [line for line in ax.lines if line.get_linestyle() == "--"]


def levels(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_every_layer_has_its_box_but_those_that_leave_pixels_in_place():
    ax = plots.plan(architectures.lenet5())
    plt.close()
    assert words(ax) == ["32×32×1", "5×5, 6", "pool", "5×5, 16", "pool", "5×5, 120", "dense 84", "dense 10"]
    assert len(ax.patches) == len(words(ax)) and not skips(ax)


def test_resnet_has_an_arc_for_each_identity_and_a_box_for_each_projection():
    ax = plots.plan(architectures.resnet(18))
    plt.close()
    assert len(skips(ax)) == 5 and words(ax).count("+") == 8
    assert sum(word.startswith("1×1") for word in words(ax)) == 3


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_unet_goes_down_and_up_the_same_levels_with_a_skip_on_each(padding):
    side = {"valid": 572, "same": 512}[padding]
    ax = plots.plan(architectures.unet((side, side, 1), padding=padding))
    plt.close()
    assert len(levels(ax)) == 5 and len(skips(ax)) == 4 and words(ax).count("join") == 4
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert heights["3×3, 1024"] == max(heights.values())


def test_boxes_never_lie_on_each_other():
    for network in (architectures.resnet(50), architectures.unet(), architectures.alexnet()):
        ax = plots.plan(network)
        plt.close()
        places = [patch.get_xy() for patch in ax.patches]
        assert len(set(places)) == len(places)


def test_maps_that_are_not_square_and_numbers_without_place_are_named():
    ax = plots.plan((Input((8, 12, 1)), Conv(2, kernel=(3, 5)), Norm("batch"), Pool(2), Flatten(), Dense(3)), title="a")
    plt.close()
    assert words(ax) == ["8×12×1", "3×5, 2", "pool", "dense 3"]
    assert levels(ax) == ["6–8", "3×4", "numbers"] and ax.get_title() == "a"


def test_an_open_size_must_be_given_and_an_axes_is_used_as_it_is():
    network = (Input((None, None, 1), name="in"), Conv(1, 3, padding="same", name="c"), Add(inputs=("in", "c")))
    with pytest.raises(ValueError, match="input_shape"):
        plots.plan(network)
    ax = plt.subplots()[1]
    assert plots.plan(network, ax, input_shape=(8, 8, 1)) is ax
    plt.close()
