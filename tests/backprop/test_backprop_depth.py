"""The deep networks of lecture 11: their slopes against differences, and what the stored study says."""

import json

import numpy as np
import pytest

from coursekit.backprop import depth

RNG = np.random.default_rng(5)


def small(kind, layers=3):
    return [w.astype(float) for w in depth.start(kind, layers, seed=1, inputs=7, width=6, outputs=4)]


@pytest.mark.parametrize("kind", depth.KINDS)
def test_slopes_agree_with_central_differences(kind):
    weights, x, labels = small(kind), RNG.normal(size=(9, 7)), RNG.integers(0, 4, 9)
    _, slopes, _ = depth.gradients(weights, x, labels, kind)
    for w, slope in zip(weights, slopes, strict=True):
        for place in [(0, 0), (-1, 2), (2, -1)]:
            kept, losses = w[place], []
            for step in (1e-6, -1e-6):
                w[place] = kept + step
                losses.append(depth.gradients(weights, x, labels, kind)[0])
            w[place] = kept
            assert slope[place] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-4, abs=1e-8)


def test_errors_are_the_slopes_of_what_enters_each_layer():
    weights, x, labels = small("residual"), RNG.normal(size=(5, 7)), RNG.integers(0, 4, 5)
    _, slopes, errors = depth.gradients(weights, x, labels, "residual")
    assert len(errors) == 3 and np.allclose(x.T @ errors[0], slopes[0])


@pytest.mark.parametrize(("kind", "variance"), [("plain, He", 2), ("plain, 1/n", 1), ("residual", 0.5)])
def test_weights_have_the_variance_of_their_kind(kind, variance):
    stack = np.stack(depth.start(kind, 4, seed=0, width=200)[1:-1])
    assert stack.var() * 200 == pytest.approx(variance, rel=0.02)


@pytest.mark.parametrize("kind", ("plain, He", "residual"))
def test_slopes_along_the_input_do_not_depend_on_their_number(kind):
    few, many = (depth.slopes_along(kind, 4, seed=3, points=points, width=20) for points in (11, 21))
    assert np.allclose(few, many[::2])


def test_a_smooth_row_is_like_itself_a_place_further_and_noise_is_not():
    places = np.linspace(0, 6, 300)
    assert depth.autocorrelation(np.sin(places)) > 0.95 > 0.2 > abs(depth.autocorrelation(RNG.normal(size=300)))
    assert depth.autocorrelation(np.tile([1.0, 0.0, -1.0, 0.0], 50), lag=2) < -0.9


def test_training_learns_and_a_rate_beyond_all_bounds_is_called_diverged():
    data = depth.pictures("train")
    weights, diverged = depth.train("residual", 2, 0, (data[0][:600], data[1][:600]), epochs=6)
    right = depth.forward(weights, data[0][:600], "residual")[0].argmax(axis=1) == data[1][:600]
    assert not diverged and right.mean() > 0.8
    assert depth.train("plain, He", 3, 0, (data[0][:200], data[1][:200]), rate=1e4)[1]


@pytest.mark.parametrize("kind", ("plain, 1/n", "normalised"))
def test_equal_steps_move_each_layer_by_the_same_share_of_its_length(kind):
    images, labels = depth.pictures("train")
    before = depth.start(kind, 20, seed=0)
    settings = {"data": (images[:50], labels[:50]), "epochs": 1, "rate": 0.01}  # one step
    after, _ = depth.train(kind, 20, 0, equal_steps=True, **settings)
    shares = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(before, after, strict=True)]
    assert np.allclose(shares, 0.01, rtol=1e-3)
    as_they_are, _ = depth.train(kind, 20, 0, **settings)
    assert not np.allclose(as_they_are[1], after[1])


def test_the_study_is_written_whole(tmp_path):
    trial = ("normalised", 1, 0.002, True)
    depth.main(tmp_path, seeds=[0], depths=(1,), trials=[trial], progress=False)
    study = json.loads((tmp_path / depth.FILE).read_text(encoding="utf-8"))
    rows, (tried,) = study["rows"], study["tried"]
    assert tuple(tried.values())[:5] == (*trial, 0) and tried["accuracy"] > 0.8
    assert [row["kind"] for row in rows] == list(depth.KINDS)
    assert all(row["accuracy"] > 0.8 and not row["diverged"] for row in rows)


def test_the_stored_study_holds_five_seeds_and_what_the_lecture_says():
    stored = depth.stored()
    assert {len(found["accuracy"]) for found in stored.values()} == {5}
    assert stored["plain, He", 20]["accuracy"].max() < 0.4 and stored["residual", 20]["accuracy"].min() > 0.9
    assert stored["plain, He", 50]["first over last"].min() > 0.2
    assert stored["normalised", 50]["accuracy"].max() < 0.2 and stored["normalised", 50]["autocorrelation"].max() < 0.1
    assert not any(found["diverged"].any() for found in stored.values())


def cosine(h):
    """The mean cosine between the rows of h."""
    h = h / np.linalg.norm(h, axis=1, keepdims=True)
    return (h @ h.T)[~np.eye(len(h), dtype=bool)].mean()


@pytest.mark.parametrize("seed", range(5))
def test_residual_inputs_stay_apart_where_branches_are_small_and_come_together_where_they_are_not(seed):
    images = depth.pictures("test")[0][:256]
    small = depth.start("residual", 50, seed)
    full = [small[0], *(np.sqrt(50) * weights for weights in small[1:-1]), small[-1]]
    assert cosine(depth.forward(small, images, "residual")[1][-1]) < 0.6
    assert cosine(depth.forward(full, images, "residual")[1][-1]) > 0.9


def test_ten_residual_blocks_multiply_the_square_of_the_length_by_about_the_tenth_power_of_a_tenth_more():
    images, grown = depth.pictures("test")[0][:256], []
    for seed in range(20):
        weights = depth.start("residual", 10, seed)
        grown.append(
            np.sum(depth.forward(weights, images, "residual")[1][-1] ** 2) / np.sum((images @ weights[0]) ** 2)
        )
    assert np.mean(grown) == pytest.approx(1.1**10, abs=0.2)


def test_the_stored_trials_say_what_the_lecture_says():
    trials = depth.stored_trials()
    assert tuple(trials) == depth.TRIALS and {len(found) for found in trials.values()} == {3}
    for (_, layers, _, equal), found in trials.items():
        assert not equal or (found.min() > 0.9 if layers == 5 else found.max() < 0.2)
    assert trials["plain, He", 20, 0.002, False].min() > 0.5 and trials["plain, He", 50, 0.002, False].max() < 0.2


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="^kind must be one of .*Received: 'deep'"):
        depth.start("deep", 2, 0)


@pytest.mark.parametrize(
    ("values", "lag", "message"),
    [
        ([], 1, "values must hold at least one entry"),
        ([1.0, 2.0], 2, "lag must be an integer from 0 to 1. Received: 2"),
    ],
)
def test_an_autocorrelation_needs_numbers_that_lie_so_far_apart(values, lag, message):
    with pytest.raises(ValueError, match=message):
        depth.autocorrelation(values, lag)
