"""The simulated nuclei: repeatable, in range, and with the area that is told."""

import numpy as np
import pytest

from coursekit import nuclei


@pytest.fixture(scope="module")
def many():
    return nuclei.simulate(400, seed=3)


def test_they_are_pictures_in_colour_with_an_area_each(many):
    pictures, areas = many
    assert pictures.shape == (400, 24, 24, 3) and pictures.dtype == np.float32
    assert 0 <= pictures.min() < 0.2 and 0.9 < pictures.max() <= 1
    assert areas.shape == (400,) and np.issubdtype(areas.dtype, np.integer)
    assert np.pi * 3**2 * 0.8 < areas.min() and areas.max() < np.pi * 8**2 * 1.1


def test_the_same_seed_gives_the_same_pictures_and_another_seed_others():
    first, again, other = (nuclei.simulate(5, seed=seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])


def test_a_nucleus_is_darker_than_tissue_and_most_of_all_in_green(many):
    """Violet absorbs green: 0.25 beside 0.68."""
    pictures, areas = many
    middle = pictures[:, 10:14, 10:14].mean(axis=(1, 2))  # (400, 3)
    corner = pictures[:, :2, :2].mean(axis=(1, 2))
    contrast = np.median(corner - middle, axis=0)
    assert contrast.min() > 0.1 and contrast.argmin() == 2


def test_the_area_can_be_measured_in_the_picture(many):
    """Dark pixels around the middle, counted without the module's geometry, agree up to neighbours and noise."""
    pictures, areas = many
    rows, columns = np.indices((24, 24)) - 11.5
    near = np.hypot(rows, columns) < 10
    counted = ((pictures.mean(axis=-1) < 0.63) & near).sum(axis=(1, 2))
    assert np.corrcoef(counted, areas)[0, 1] > 0.9
    assert abs(np.median(counted - areas)) < 15


def test_nuclei_lie_near_the_middle_and_differ_in_strength(many):
    pictures, areas = many
    small = pictures[areas < 50].mean(axis=-1)
    darkest = small.reshape(len(small), -1).argmin(axis=1)
    rows, columns = np.divmod(darkest, 24)
    assert np.median(np.hypot(rows - 11.5, columns - 11.5)) < 4
    assert np.std(pictures[areas > 150][:, 10:14, 10:14, 1].mean(axis=(1, 2))) > 0.03


@pytest.mark.parametrize(("count", "seed"), [(0, 0), (2.5, 0), ("5", 0), (5, -1), (5, 0.5), (True, 0)])
def test_bad_input_is_told(count, seed):
    with pytest.raises((TypeError, ValueError), match="(count|seed) must be an integer"):
        nuclei.simulate(count, seed)


def test_the_strength_of_the_stain_is_what_is_asked_for():
    same = [nuclei.simulate(60, seed=2, strength=(value, value)) for value in (0.3, 0.9)]
    np.testing.assert_array_equal(same[0][1], same[1][1])  # the areas do not depend on it
    green = [pictures[:, 11:13, 11:13, 1].mean() for pictures, _ in same]
    assert green[0] - green[1] == pytest.approx(0.6 * (0.68 - 0.25), abs=0.06)
    varied, _ = nuclei.simulate(60, seed=2)
    spread = [np.std(pictures[:, 11:13, 11:13, 1].mean(axis=(1, 2))) for pictures in (varied, same[1][0])]
    assert spread[0] > 1.3 * spread[1]


@pytest.mark.parametrize("strength", [(0, 1), (0.9, 0.5), (0.5, 1.2), 0.5, (0.5,), (0.5, None), "ab"])
def test_a_bad_strength_is_told(strength):
    with pytest.raises((TypeError, ValueError), match="strength must be"):
        nuclei.simulate(3, strength=strength)
