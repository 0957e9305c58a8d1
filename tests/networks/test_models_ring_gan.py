"""Laws of the game on a ring: its data, the counting of heaps, and the stored study."""

import json

import numpy as np
import pytest

from coursekit import datafiles
from coursekit.models import ring_gan


def heap(*numbers, count=100):
    return np.repeat(ring_gan.CENTRES[list(numbers)], count, axis=0)


def test_the_data_cover_all_heaps_equally():
    points = ring_gan.points(8000)
    assert points.shape == (8000, 2) and points.dtype == np.float32
    distance = np.linalg.norm(points[:, None] - ring_gan.CENTRES, axis=2)
    np.testing.assert_allclose(np.bincount(distance.argmin(axis=1)) / 8000, 1 / 8, atol=0.02)
    assert distance.min(axis=1).mean() == pytest.approx(0.08 * np.sqrt(np.pi / 2), rel=0.05)


@pytest.mark.parametrize("count", range(9))
def test_as_many_heaps_are_counted_as_hold_points(count):
    far = np.full((50, 2), 5.0)
    assert ring_gan.covered(np.concatenate([heap(*range(count)), far])) == count


def test_a_heap_with_hardly_any_points_and_points_beside_a_heap_do_not_count():
    assert ring_gan.covered(np.concatenate([heap(0, count=99), heap(1, count=1)])) == 1
    assert ring_gan.covered(np.concatenate([heap(0, count=98), heap(1, count=2)])) == 2
    assert ring_gan.covered(heap(0, 1) + [0, 4.1 * 0.08]) == 0


def test_one_seed_gives_one_game_and_every_setting_changes_it():
    game = dict(steps=3, seed=0, watch=[3])
    first, again = (ring_gan.train(**game)[3] for _ in range(2))
    np.testing.assert_array_equal(first, again)
    for change in (dict(seed=1), dict(generator_steps=2), dict(penalty=50.0)):
        assert (ring_gan.train(**{**game, **change})[3] != first).any(), change


def test_watching_does_not_change_the_game():
    seen = ring_gan.train(steps=4, watch=[1, 4])
    assert list(seen) == [1, 4] and (seen[1] != seen[4]).any()
    np.testing.assert_array_equal(ring_gan.train(steps=4, watch=[4])[4], seen[4])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ring_gan.covered(np.ones((3, 3))), ValueError, r"given must have shape \(n, 2\).*\(3, 3\)"),
        (lambda: ring_gan.covered("points"), TypeError, "given must be an array of real numbers"),
        (lambda: ring_gan.points(0), ValueError, "at least 1. Received: 0"),
        (lambda: ring_gan.train(steps=0), ValueError, "steps must be an integer of at least 1"),
        (lambda: ring_gan.train(generator_steps=0), ValueError, "generator_steps must be an integer of at least 1"),
        (lambda: ring_gan.train(penalty="much"), TypeError, "penalty must be"),
        (lambda: ring_gan.train(seed=-1), ValueError, "seed must be an integer of at least 0"),
        (lambda: ring_gan.train(steps=2, watch=[3]), ValueError, "watch must name steps from 1 to 2. Received: 3"),
    ],
)
def test_wrong_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_short_study_is_written_and_read_again(tmp_path, monkeypatch):
    ring_gan.main(tmp_path / "new", seeds=[3, 5], stops=[1, 2])
    assert [path.name for path in (tmp_path / "new").iterdir()] == [ring_gan.STUDY]
    monkeypatch.setattr(datafiles, "_folder", lambda name: tmp_path / "new")
    assert {name: counts.shape for name, counts in ring_gan.stored_study().items()} == dict.fromkeys(
        ring_gan.SETTINGS, (2, 2)
    )


def test_the_stored_study_says_how_it_was_made():
    stored = json.loads(datafiles.path(ring_gan.STUDY).read_text(encoding="utf-8"))
    assert "make gans" in stored["made_by"] and stored["steps"] == list(ring_gan.STOPS) and len(stored["seeds"]) == 5
    assert all(np.array(rows).shape == (5, 4) for rows in stored["counts"].values())
