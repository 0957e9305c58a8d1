"""Laws of simulated cells, traces and films: what decides each task, and that nothing else does."""

import numpy as np
import pytest

from coursekit import simulations


def test_the_same_seed_gives_the_same_and_another_seed_another():
    for make in (simulations.cells, simulations.traces, simulations.films):
        first, again, other = (make(4, seed=seed)[0] for seed in (3, 3, 4))
        assert np.array_equal(first, again) and not np.array_equal(first, other)
        assert first.dtype == np.float32 and np.isfinite(first).all()


def test_cells_are_brighter_than_their_surroundings_in_every_picture():
    pictures, masks = simulations.cells(20, side=40, seed=2)
    assert pictures.shape == masks.shape == (20, 40, 40, 1)
    assert all(picture[mask].mean() > picture[~mask].mean() + 0.2 for picture, mask in zip(pictures, masks))


def test_between_two_cells_lies_at_least_one_pixel():
    _, masks = simulations.cells(12, seed=5)
    for mask in masks[..., 0]:
        labels = regions(mask)
        for down, right in ((0, 1), (1, 0), (1, 1)):
            a, b = labels[: 48 - down, : 48 - right], labels[down:, right:]
            assert not ((a > 0) & (b > 0) & (a != b)).any()


def regions(mask):
    """Number the connected parts of a mask (rows, columns), corners not counted, by flooding."""
    labels, number = np.zeros(mask.shape, int), 0
    for start in zip(*np.nonzero(mask)):
        if labels[start]:
            continue
        number, waiting = number + 1, [start]
        while waiting:
            i, j = waiting.pop()
            if 0 <= i < len(mask) and 0 <= j < mask.shape[1] and mask[i, j] and not labels[i, j]:
                labels[i, j] = number
                waiting += [(i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)]
    return labels


def test_the_side_of_the_pictures_is_as_asked():
    assert simulations.cells(1, side=16)[0].shape == (1, 16, 16, 1)


def test_time_backwards_keeps_the_histogram_of_a_trace_and_turns_its_slopes():
    signals, labels = simulations.traces(400, seed=1)
    forwards, backwards = signals[labels == 1, :, 0], signals[labels == 0, :, 0]
    assert abs(forwards.mean() - backwards.mean()) < 0.02 and abs(forwards.std() - backwards.std()) < 0.03
    steepest = [np.abs(np.diff(part, n=2, axis=1)).mean() for part in (forwards, backwards)]
    assert abs(steepest[0] - steepest[1]) < 0.02
    rises = [np.mean(np.diff(part[:, ::2], axis=1) ** 3) for part in (forwards, backwards)]
    assert rises[0] > 0.01 > -0.01 > rises[1]


def test_spots_of_films_labelled_1_move_to_the_right_by_a_column_a_frame():
    volumes, labels = simulations.films(200, seed=1)
    columns = np.arange(16)
    for label, sign in ((1, 1), (0, -1)):
        mean = volumes[labels == label].mean(axis=(0, 2, 4))
        centre = (mean * columns).sum(axis=1) / mean.sum(axis=1)
        assert np.all(sign * np.diff(centre) > 0.5)


@pytest.mark.parametrize(
    ("make", "settings", "named"),
    [
        (simulations.cells, {"count": 0}, "count"),
        (simulations.cells, {"count": 2, "side": 15}, "side"),
        (simulations.cells, {"count": 2, "seed": -1}, "seed"),
        (simulations.traces, {"count": 0}, "count"),
        (simulations.films, {"count": 1, "seed": -1}, "seed"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(make, settings, named):
    with pytest.raises(ValueError, match=rf"^{named} .*Received: "):
        make(**settings)
