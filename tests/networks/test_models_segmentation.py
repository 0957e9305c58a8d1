"""U-Nets with and without skips, Dice, outlines, and what the stored study says."""

import json

import numpy as np
import pytest

from coursekit import specs
from coursekit.models import building, segmentation

RNG = np.random.default_rng(2)


def test_without_skips_the_picture_reaches_the_scores_through_the_bottom_alone():
    cut = segmentation.network("without skips")
    nodes = specs.trace(cut)
    assert nodes[-1].shape == (48, 48, 1) and all(len(node.sources) <= 1 for node in nodes)
    bottom = next(number for number, node in enumerate(nodes) if node.shape == (6, 6, 64))
    assert all(source >= bottom for node in nodes[bottom + 1 :] for source in node.sources)


def test_the_two_differ_in_three_joins_and_the_weights_that_read_them():
    whole, cut = (building.build(segmentation.network(kind)).count_params() for kind in segmentation.KINDS)
    assert whole - cut == 9 * (8 * 8 + 16 * 16 + 32 * 32)


def test_normalising_takes_the_bias_and_keeps_names_that_others_read():
    layers = (specs.Input((4, 4, 1)), specs.Conv(2, kernel=3, activation="relu", name="a"))
    normalised = segmentation.normalised((*layers, specs.Conv(1, kernel=1, inputs="a", name="b")))
    assert [layer.name for layer in normalised[1:]] == ["a_linear", "a_norm", "a", "b"]
    assert not normalised[1].bias and specs.trace(normalised)[-1].shape == (2, 2, 1)


def test_dice_is_one_for_equal_masks_zero_for_disjoint_ones_and_symmetric():
    a, b = RNG.random((6, 7)) < 0.4, RNG.random((6, 7)) < 0.5
    assert segmentation.dice(a, a) == 1 and segmentation.dice(a, ~a) == 0
    assert segmentation.dice(a, b) == segmentation.dice(b, a) == 2 * (a & b).sum() / (a.sum() + b.sum())
    assert segmentation.dice(a & False, a & False) == 1


@pytest.mark.parametrize("wrong", [np.ones((2, 3), bool), np.ones((2, 2))])
def test_dice_refuses_other_shapes_and_numbers(wrong):
    with pytest.raises(ValueError, match="^found and truth must be bool arrays of one shape. Received: "):
        segmentation.dice(wrong, np.ones((2, 2), bool))


def test_edges_are_the_pixels_with_a_neighbour_across_an_outline():
    mask = np.zeros((1, 6, 7, 1), bool)
    mask[0, 2:5, 2:6] = True
    found = segmentation.near_edges(mask)[0, ..., 0]
    for i, j in np.ndindex(6, 7):
        around = [(i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)]
        inside = [place for place in around if 0 <= place[0] < 6 and 0 <= place[1] < 7]
        assert found[i, j] == any(mask[(0, *place, 0)] != mask[0, i, j, 0] for place in inside)


def test_the_study_is_written_whole(tmp_path):
    segmentation.main(tmp_path, seeds=[0], progress=False, epochs=1, count=16)
    rows = json.loads((tmp_path / segmentation.FILE).read_text(encoding="utf-8"))["rows"]
    assert [row["kind"] for row in rows] == list(segmentation.KINDS) and {"dice", "seed"} <= rows[0].keys()


def test_in_the_stored_study_skips_win_in_each_of_five_seeds_and_most_at_outlines():
    stored = segmentation.stored()
    whole, cut = stored["with skips"], stored["without skips"]
    assert len(whole["dice"]) == len(cut["dice"]) == 5
    assert min(whole["dice"]) > max(cut["dice"])
    assert min(cut["wrong at edges"]) > 5 * max(cut["wrong elsewhere"])
