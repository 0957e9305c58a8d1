"""Laws of the simulated recordings: the same bytes everywhere, and each term does what it says."""

import dataclasses
import hashlib
import platform
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

import project
from coursekit.calcium import anatomy, simulator
from coursekit.calcium.simulator import ANIMALS_OF_SEGMENT, TERMS
from narrow_numpy import NumPyOf32Bits

NOISE = ("shot_noise", "read_noise")
STILL = tuple(term for term in TERMS if term not in NOISE)  # everything but the noise
TRAINING, TESTING = range(7), range(7, 10)
BITS = 40  # behind the point, of the noise: 10 of the draw, 2 · 10 of the blur, 10 of its level


def frames(segment, images, **settings):
    return np.concatenate([block for block, _ in simulator.blocks(segment, images, **settings)])


def digest(*arrays):
    joined = hashlib.sha256()
    for array in arrays:
        joined.update(np.ascontiguousarray(array).tobytes())
    return joined.hexdigest()


def moments(mouse, count, seed=0):
    """Traces and white noise for `count` frames, as arguments of compose."""
    rng = np.random.default_rng(seed)
    return *simulator.traces(mouse, count, rng), rng.standard_normal((count, 128, 128))


def silence(count=1):
    """Traces and noise that are all zero."""
    return np.zeros((count, 32)), np.zeros(count), np.zeros(count), np.zeros((count, 128, 128))


# ---------------------------------------------------------------- the same bytes on every machine

# Found equal with NumPy 1.26.4, 2.0.2, 2.2.6 and 2.4.6, with the instructions of AVX-512, AVX2 and SSE2
# alone, with three kernels of OpenBLAS, and with one and two threads. If a change of the simulator
# is meant to change the images, renew these and train the generator and the classifiers anew.
BLOCKS = {
    (0, 0): "e5cc8914da4283ab10ae80d8d0d64e2b7cded7a62b0f25f21b7e28b6a17b3bc0",
    (7, 3): "cef26d106d120dbc286030f74a1121e90662459d922c2b686bc891de161aa8ef",
}
ANIMALS = {
    0: "50698e2f911138fa761da918e42647b219fd7d0f4762444c309f1102c2777487",
    3: "71d7fa8f6ffe35c2be03d0fdaed3daa77bca575a1d8d4d6964b1be5ab17a8394",
}
MAPS = ("footprints", "cortex", "transmission", "blood", "brightness", "window")


@pytest.mark.parametrize(("segment", "seed"), BLOCKS)
def test_frames_have_the_bytes_they_always_had(segment, seed):
    assert digest(frames(segment, 6, seed=seed)) == BLOCKS[segment, seed]


@pytest.mark.parametrize("seed", ANIMALS)
def test_animals_have_the_bytes_they_always_had(seed):
    maps = [getattr(anatomy.animal(i, seed), name) for i in anatomy.ANIMALS for name in MAPS]
    assert digest(*maps) == ANIMALS[seed]


def test_a_processor_without_vector_instructions_gives_the_same_bytes():
    script = (
        "import hashlib, sys; from coursekit.calcium import simulator\n"
        "for segment, seed in ((0, 0), (7, 3)):\n"
        "    frames, _ = next(simulator.blocks(segment, 6, seed))\n"
        "    print(hashlib.sha256(frames.tobytes()).hexdigest())"
    )
    core = "numpy._core" if int(np.__version__.split(".")[0]) >= 2 else "numpy.core"
    optional = sys.modules[f"{core}._multiarray_umath"].__cpu_dispatch__
    changes = {"NPY_DISABLE_CPU_FEATURES": " ".join(optional), "OPENBLAS_NUM_THREADS": "2"}
    if platform.machine() == "x86_64":
        changes["OPENBLAS_CORETYPE"] = "Prescott"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        capture_output=True,
        text=True,
        cwd=project.ROOT,
        env=project.environment(**changes),
    )
    assert done.stdout.split() == list(BLOCKS.values()), done.stderr


def exact_pixel(mouse, traces, noise, terms, row, column):
    """One pixel of `compose` in exact rational arithmetic; with the traces and the noise of one moment."""

    def grid(value, bits):
        return Fraction(round(value * 2**bits), 2**bits)  # to even at a tie, as NumPy

    def at(values):
        return Fraction(float(values[..., row, column]))

    areas, common, blood = traces
    shade = at(mouse.cortex) * (at(mouse.transmission) if "vessels" in terms else 1)
    maps = [grid(at(footprint) * shade, 16) for footprint in mouse.footprints]
    value = Fraction(mouse.amplitude) * sum(Fraction(float(a)) * m for a, m in zip(areas, maps))
    value += grid(Fraction(0.45 * mouse.amplitude), 10) * Fraction(float(common)) * grid(shade, 16)
    value -= Fraction(5, 2) * Fraction(float(blood)) * at(mouse.blood)
    norm = np.sqrt(1 + 2 * mouse.noise_tap**2)
    weights = {0: grid(Fraction(1 / norm), 10), 1: grid(Fraction(mouse.noise_tap / norm), 10)}
    blurred = sum(
        weights[abs(i)] * weights[abs(j)] * grid(Fraction(float(noise[(row + i) % 128, (column + j) % 128])), 10)
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
    )
    electrons = mouse.photoelectrons * mouse.brightness[row, column]
    value += blurred * grid(Fraction(float(100 * np.sqrt(electrons + 45.0**2) / electrons)), 10)
    return value * int(mouse.window[row, column])


@pytest.mark.parametrize("terms", [TERMS, tuple(term for term in TERMS if term != "vessels")])
def test_frames_are_exact_sums_rounded_once_to_float32(terms):
    mouse = anatomy.animal(4)
    areas, common, blood, white = moments(mouse, 2)
    got = simulator.compose(mouse, areas, common, blood, white, terms)
    pixels = [(0, 60), (127, 64), (64, 127), (5, 0), *np.random.default_rng(1).integers(0, 128, (60, 2)).tolist()]
    for row, column in pixels:
        exact = exact_pixel(mouse, (areas[1], common[1], blood[1]), white[1], terms, row, column)
        assert Fraction(float(exact)) == exact  # float64 holds it without rounding
        assert got[1, row, column] == np.float32(float(exact))


def test_areas_summed_in_another_order_give_the_same_bytes():
    mouse = anatomy.animal(9)
    areas, common, blood, white = moments(mouse, 3)
    order = np.random.default_rng(5).permutation(32)
    shuffled = dataclasses.replace(mouse, footprints=mouse.footprints[order])
    np.testing.assert_array_equal(
        simulator.compose(shuffled, areas[:, order], common, blood, white),
        simulator.compose(mouse, areas, common, blood, white),
    )


@pytest.mark.parametrize("identifier", anatomy.ANIMALS)
def test_no_sum_outgrows_the_53_bits_of_float64(identifier):
    mouse = anatomy.animal(identifier)
    areas, common, blood, _ = moments(mouse, 400)
    largest = mouse.amplitude * np.abs(areas).sum(axis=1).max() * mouse.footprints.max()
    largest += mouse.amplitude * np.abs(common).max() + 2.5 * np.abs(blood).max() * mouse.blood.max()
    largest += 4 * 8 * simulator.noise_level(mouse).max()  # eight deviations on each of nine pixels
    assert largest * 2**BITS < 2**53


@pytest.mark.parametrize("identifier", [0, 8, 14])
def test_maps_and_traces_lie_on_their_grids(identifier):
    mouse = anatomy.animal(identifier)
    fine = [mouse.footprints, mouse.cortex, mouse.transmission, mouse.blood, mouse.brightness]
    for values, bits in [
        *((map_, 16) for map_ in fine),
        *((trace, 12) for trace in moments(mouse, 50)[:3]),
        (mouse.amplitude, 10),
        (simulator.noise_level(mouse), 10),
    ]:
        assert np.any(values) and np.all(np.mod(np.multiply(values, 2.0**bits), 1) == 0)


@given(st.floats(-1e4, 1e4), st.integers(0, 20))
@settings(max_examples=100)
def test_on_grid_moves_a_number_to_the_nearest_multiple(value, bits):
    result = anatomy.on_grid(value, bits)
    assert result.dtype == np.float64 and float(result * 2**bits).is_integer()
    assert abs(result - value) <= 2.0**-bits / 2


# ---------------------------------------------------------------- which frames


def test_blocks_have_the_documented_shapes_and_types():
    sizes = []
    for block, animals in simulator.blocks(3, 130):
        assert block.shape == (len(animals), 128, 128) and block.dtype == np.float32
        assert animals.dtype == np.int64 and set(animals) <= set(ANIMALS_OF_SEGMENT[3])
        sizes.append(len(animals))
    assert sizes == [64, 64, 2]


@pytest.mark.parametrize("few", [1, 7, 64, 65])
def test_the_first_frames_do_not_depend_on_how_many_are_asked_for(few):
    more = list(simulator.blocks(8, 70))
    less = list(simulator.blocks(8, few))
    for axis in (0, 1):  # frames, animals
        np.testing.assert_array_equal(
            np.concatenate([item[axis] for item in less]), np.concatenate([item[axis] for item in more])[:few]
        )


def test_simulate_returns_all_blocks_at_once():
    got, animals = simulator.simulate(8, 70, seed=1, terms=STILL)
    np.testing.assert_array_equal(got, frames(8, 70, seed=1, terms=STILL))
    np.testing.assert_array_equal(animals, simulator.order_of_animals(8, seed=1)[:70])
    assert got.dtype == np.float32 and animals.dtype == np.int64


def test_no_noise_is_used_twice():
    """Not in another frame, nor in another block, segment or family of mice."""
    taken = [
        frames(0, 66, terms=NOISE)[[0, 1, 2, 63, 64, 65]],
        frames(1, 3, terms=NOISE),
        frames(0, 3, seed=1, terms=NOISE),
    ]
    assert np.abs(np.corrcoef(np.concatenate(taken).reshape(12, -1)) - np.eye(12)).max() < 0.05


def test_no_moment_is_shown_twice():
    """Each frame of an animal, in later blocks too, is another moment of its activity."""
    shown = frames(7, 140, terms=["activity"])[:, 50:70, 40:90]
    assert len(np.unique(shown.reshape(140, -1), axis=0)) == 140


def test_animals_are_int64_where_whole_numbers_have_32_bits(monkeypatch):
    monkeypatch.setattr(simulator, "np", NumPyOf32Bits())
    assert simulator.order_of_animals(5).dtype == np.int64


def test_2048_frames_are_the_most_and_their_animals_are_known_beforehand():
    order = simulator.order_of_animals(5)
    assert order.shape == (2048,) and order.dtype == np.int64
    got = np.concatenate([animals for _, animals in simulator.blocks(5, 100)])
    np.testing.assert_array_equal(got, order[:100])


@pytest.mark.parametrize("segment", ANIMALS_OF_SEGMENT)
def test_animals_come_in_rounds_of_which_each_holds_all(segment):
    present = ANIMALS_OF_SEGMENT[segment]
    order = simulator.order_of_animals(segment, seed=2)
    whole = order[: len(order) // len(present) * len(present)].reshape(-1, len(present))
    assert np.all(np.sort(whole, axis=1) == np.sort(present))
    assert len(np.unique(whole, axis=0)) > 1  # the order within a round is drawn
    assert not np.array_equal(order, simulator.order_of_animals(segment, seed=3))


def test_training_segments_hold_six_animals_and_test_segments_two_seen_and_two_new_ones():
    assert list(ANIMALS_OF_SEGMENT) == [*TRAINING, *TESTING]
    trained = {animal for segment in TRAINING for animal in ANIMALS_OF_SEGMENT[segment]}
    seen_first = {*ANIMALS_OF_SEGMENT[0], *ANIMALS_OF_SEGMENT[1]}
    assert [len(set(ANIMALS_OF_SEGMENT[segment])) for segment in TRAINING] == [6] * 7
    for segment in TESTING:
        mice = set(ANIMALS_OF_SEGMENT[segment])
        assert (len(mice), len(mice & seen_first), len(mice - trained)) == (4, 2, 2)
    assert trained.union(*ANIMALS_OF_SEGMENT.values()) == set(anatomy.ANIMALS)


def test_new_animals_of_two_test_segments_differ():
    new = [set(ANIMALS_OF_SEGMENT[segment]) - set(range(9)) for segment in TESTING]
    assert len(set.union(*new)) == 6


# ---------------------------------------------------------------- the terms, one by one


def test_without_noise_a_mouse_is_linear_in_its_traces():
    mouse = anatomy.animal(1)
    first, second = moments(mouse, 3, seed=1)[:3], moments(mouse, 3, seed=2)[:3]
    white = moments(mouse, 3)[3]
    combined = [2 * a - 0.5 * b for a, b in zip(first, second)]
    both = 2 * simulator.compose(mouse, *first, white, STILL) - 0.5 * simulator.compose(mouse, *second, white, STILL)
    np.testing.assert_allclose(simulator.compose(mouse, *combined, white, STILL), both, atol=1e-5)


@pytest.mark.parametrize("index", [0, 1, 14, 31])
def test_activity_of_one_area_shows_its_footprint_through_cortex_and_vessels(index):
    mouse = anatomy.animal(6)
    areas, common, blood, white = silence()
    areas[0, index] = 0.5
    got = simulator.compose(mouse, areas, common, blood, white, ["activity", "vessels"])[0]
    expected = 0.5 * mouse.amplitude * mouse.footprints[index] * mouse.cortex * mouse.transmission
    assert expected.max() > 0.1
    np.testing.assert_allclose(got, expected, atol=1e-4)


def test_the_common_trace_lights_the_whole_cortex():
    mouse = anatomy.animal(6)
    areas, _, blood, white = silence()
    got = simulator.compose(mouse, areas, np.ones(1), blood, white, ["global"])[0]
    np.testing.assert_allclose(got, 0.45 * mouse.amplitude * mouse.cortex, atol=2e-3)


def test_blood_absorbs_light_where_it_flows():
    mouse = anatomy.animal(6)
    areas, common, _, white = silence()
    got = simulator.compose(mouse, areas, common, np.ones(1), white, ["haemodynamics"])[0]
    np.testing.assert_allclose(got, -2.5 * mouse.blood, atol=1e-5)


@pytest.mark.parametrize("identifier", [0, 5, 12])
def test_vessels_darken_what_lies_under_them_and_nothing_else(identifier):
    mouse = anatomy.animal(identifier)
    areas, common, blood, white = silence()
    areas, common = areas + 1, common + 1
    bare = simulator.compose(mouse, areas, common, blood, white, ["activity", "global"])[0]
    shaded = simulator.compose(mouse, areas, common, blood, white, ["activity", "global", "vessels"])[0]
    covered = mouse.transmission < 0.98
    assert np.all(shaded[covered] < bare[covered]) and 0.02 < covered.mean() < 0.4
    np.testing.assert_array_equal(shaded[mouse.transmission == 1], bare[mouse.transmission == 1])


@pytest.mark.parametrize(
    ("terms", "electrons"),
    [
        (["shot_noise"], lambda light: light),
        (["read_noise"], lambda light: np.full_like(light, 45.0**2)),
        (["shot_noise", "read_noise"], lambda light: light + 45.0**2),
    ],
)
def test_the_variance_of_the_noise_is_the_mean_number_of_photons_plus_that_of_the_camera(terms, electrons):
    mouse = anatomy.animal(2)
    light = mouse.photoelectrons * mouse.brightness
    expected = 100**2 * electrons(light) / light**2  # in percent of the light
    np.testing.assert_allclose(simulator.noise_level(mouse, terms) ** 2, expected, rtol=0.01)
    white = np.random.default_rng(0).standard_normal((150, 128, 128))
    drawn = simulator.compose(mouse, *silence(150)[:3], white, terms)
    ratio = (drawn.astype(float) ** 2).mean(axis=0) / expected
    assert abs(ratio.mean() - 1) < 0.005
    assert abs(np.corrcoef(mouse.brightness.ravel(), ratio.ravel())[0, 1]) < 0.05


def test_light_lowers_the_noise():
    mouse = anatomy.animal(2)
    dark = dataclasses.replace(mouse, photoelectrons=mouse.photoelectrons / 4)
    np.testing.assert_allclose(
        simulator.noise_level(dark, ["shot_noise"]), 2 * simulator.noise_level(mouse, ["shot_noise"]), atol=2e-3
    )


def test_the_blur_correlates_neighbouring_noise_and_keeps_its_variance():
    mouse = dataclasses.replace(anatomy.animal(3), brightness=np.ones((128, 128)), noise_tap=0.3)
    white = np.random.default_rng(0).standard_normal((60, 128, 128))

    def correlation(noise, rows, columns):
        return np.mean(noise * np.roll(noise, (rows, columns), axis=(1, 2))) / np.mean(noise**2)

    sharp = simulator.compose(mouse, *silence(60)[:3], white, NOISE)
    blurred = simulator.compose(mouse, *silence(60)[:3], white, (*NOISE, "noise_blur"))
    assert blurred.var() / sharp.var() == pytest.approx(1, abs=0.01)
    lag_1 = 2 * 0.3 / (1 + 2 * 0.3**2)
    assert correlation(blurred, 1, 0) == pytest.approx(lag_1, abs=0.01)
    assert correlation(blurred, 0, 1) == pytest.approx(lag_1, abs=0.01)
    assert correlation(blurred, 1, 1) == pytest.approx(lag_1**2, abs=0.01)
    assert abs(correlation(sharp, 1, 0)) < 0.01 and abs(correlation(sharp, 0, 1)) < 0.01


@pytest.mark.parametrize("segment", [0, 7])
def test_outside_the_window_everything_is_exactly_positive_zero(segment):
    for block, animals in simulator.blocks(segment, 24):
        for frame, identifier in zip(block, animals):
            window = anatomy.animal(identifier).window
            assert not frame[~window].any() and not np.signbit(frame[~window]).any()
            assert np.mean(frame[window] != 0) > 0.999
    assert not np.signbit(block[block == 0]).any()


def test_without_the_window_noise_fills_the_sensor():
    got = frames(7, 4, terms=[term for term in TERMS if term != "window"])
    assert np.mean(got != 0) > 0.999


def test_the_noise_is_added_to_the_rest():
    quiet, noisy = frames(1, 6, terms=STILL), frames(1, 6)
    only = frames(1, 6, terms=[*NOISE, "noise_blur", "window"])
    np.testing.assert_allclose(noisy, quiet + only, atol=1e-5)


@pytest.mark.parametrize("term", TERMS)
def test_each_term_can_be_switched_off_and_makes_a_difference(term):
    assert not np.array_equal(frames(2, 3, terms=[other for other in TERMS if other != term]), frames(2, 3))


def test_no_terms_leave_nothing():
    assert not frames(2, 3, terms=()).any()


@pytest.mark.parametrize("form", [list, set, iter, lambda terms: (term for term in terms)])
def test_terms_may_come_in_any_collection(form):
    np.testing.assert_array_equal(frames(2, 2, terms=form(STILL)), frames(2, 2, terms=STILL))


# ---------------------------------------------------------------- traces


def test_traces_have_the_documented_shapes_and_follow_their_generator():
    mouse = anatomy.animal(0)
    areas, common, blood = simulator.traces(mouse, 7, np.random.default_rng(0))
    assert (areas.shape, common.shape, blood.shape) == ((7, 32), (7,), (7,))
    again, other = (simulator.traces(mouse, 7, np.random.default_rng(seed))[0] for seed in (0, 1))
    assert np.array_equal(areas, again) and not np.array_equal(areas, other)


def test_the_halves_of_an_area_go_together_and_networks_more_than_strangers():
    areas = np.concatenate([simulator.traces(anatomy.animal(i), 600, np.random.default_rng(i))[0] for i in (0, 1)])
    correlation = np.corrcoef(areas.T)
    networks = np.repeat([area.network for area in anatomy.AREAS], 2)
    names = np.repeat(np.arange(16), 2)
    halves = correlation[np.equal.outer(names, names) & ~np.eye(32, dtype=bool)]
    same = correlation[np.equal.outer(networks, networks) & ~np.equal.outer(names, names)]
    strangers = correlation[~np.equal.outer(networks, networks)]
    assert halves.min() > 0.7 and halves.max() < 0.99 and halves.mean() > same.mean() + 0.2
    assert same.mean() > 0.35 and abs(strangers.mean()) < 0.15


def test_activity_is_rare_and_strong_rather_than_steady():
    areas, common, _ = simulator.traces(anatomy.animal(3), 2000, np.random.default_rng(0))
    for trace in (*areas.T, common):
        assert np.mean((trace - trace.mean()) ** 3) / trace.std() ** 3 > 0.5  # skewed upwards


def test_the_baseline_takes_the_documented_share_of_the_mean():
    few, much = (dataclasses.replace(anatomy.animal(0), adaptation=share) for share in (0.0, 1.0))
    plain, removed = (simulator.traces(mouse, 1500, np.random.default_rng(0))[0].mean() for mouse in (few, much))
    assert plain > 0.15 and abs(removed) < 0.02


def test_blood_follows_activity():
    areas, common, blood = simulator.traces(anatomy.animal(0), 2000, np.random.default_rng(3))
    assert np.corrcoef(areas.mean(axis=1) + common, blood)[0, 1] > 0.1
    assert blood.mean() == pytest.approx(areas.mean() + common.mean(), rel=0.1)


# ---------------------------------------------------------------- animals


@pytest.mark.parametrize("identifier", anatomy.ANIMALS)
def test_animals_are_what_their_description_says(identifier):
    mouse = anatomy.animal(identifier)
    assert mouse.identifier == identifier and mouse.footprints.shape == (32, 128, 128)
    assert 13 <= mouse.pixels_per_mm <= 15.5 and 2.4e4 <= mouse.photoelectrons <= 2.8e4
    for share in (mouse.cortex, mouse.transmission):
        assert share.shape == (128, 128) and share.min() > 0 and share.max() < 1.0001
    assert mouse.footprints.min() >= 0 and mouse.blood.min() > 0
    assert mouse.window.dtype == bool and 0.9 < mouse.window.mean() < 1
    assert 0.8 < mouse.brightness[40:90, 40:90].mean() < 1.2
    rows = np.arange(128)[:, None]
    upper, lower = (
        (mouse.footprints[side::2] * rows).sum((1, 2)) / mouse.footprints[side::2].sum((1, 2)) for side in (0, 1)
    )
    assert np.all(upper < lower)  # upper, lower hemisphere, in turns


def test_anterior_is_left_and_posterior_right():
    mouse, columns = anatomy.animal(0), np.arange(128)
    centre = {
        area.name: (footprint * columns).sum() / footprint.sum()
        for area, footprint in zip(anatomy.AREAS, mouse.footprints[::2])
    }
    assert centre["secondary motor"] < centre["somatosensory, trunk"] < centre["primary visual"]


def test_a_window_is_a_disc_cut_by_the_sensor():
    for identifier in anatomy.ANIMALS:
        window = anatomy.animal(identifier).window
        assert window[64, :100].all() and not window[[0, -1], 0].any()
        for line in (*window, *window.T):  # convex: each row and column is one run
            assert np.count_nonzero(np.diff(np.pad(line, 1).astype(int))) <= 2


def test_animals_differ_by_number_and_by_seed():
    maps = [anatomy.animal(identifier, seed).footprints for identifier, seed in [(0, 0), (1, 0), (0, 1)]]
    assert not any(np.array_equal(a, b) for a, b in [(maps[0], maps[1]), (maps[0], maps[2]), (maps[1], maps[2])])


def test_a_cached_animal_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        anatomy.animal(0).footprints[0] *= 2
    assert anatomy.animal(np.int64(0)) is anatomy.animal(0)


@pytest.mark.parametrize("sigma", [1.2, 3.0, 14.0])
def test_blur_is_a_gaussian_with_joined_edges(sigma):
    image = np.random.default_rng(0).normal(size=(128, 128)).cumsum(axis=1)
    expected = ndimage.gaussian_filter(image, sigma, mode="wrap", truncate=8)
    tolerance = 1e-3 if sigma < 2 else 1e-6  # SciPy samples the Gaussian at whole pixels
    np.testing.assert_allclose(anatomy.blur(image, sigma), expected, atol=tolerance * np.ptp(image))


# ---------------------------------------------------------------- bad arguments


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (dict(segment=10), ValueError, "segment must be an integer from 0 to 9. Received: 10"),
        (dict(segment=-1), ValueError, "segment must be an integer from 0 to 9. Received: -1"),
        (dict(segment="0"), TypeError, "segment must be an integer from 0 to 9. Received: '0'"),
        (dict(images=0), ValueError, "images must be an integer from 1 to 2048. Received: 0"),
        (dict(images=2049), ValueError, "images must be an integer from 1 to 2048. Received: 2049"),
        (dict(images=1.0), TypeError, "images must be an integer from 1 to 2048. Received: 1.0"),
        (dict(seed=-1), ValueError, "seed must be an integer of at least 0. Received: -1"),
        (dict(seed=None), TypeError, "seed must be an integer of at least 0. Received: None"),
        (dict(terms=["vessel"]), ValueError, "terms must be one of 'activity', .*'window'. Received: 'vessel'"),
        (dict(terms=[1]), ValueError, "terms must be one of 'activity', .*'window'. Received: 1"),
        (dict(terms="activity"), TypeError, "terms must be several names out of activity, .* Received: 'activity'"),
        (dict(terms=None), TypeError, "terms must be several names out of activity, .* Received: None"),
    ],
)
def test_a_bad_argument_is_named_before_the_first_block(settings, error, message):
    for function in (simulator.blocks, simulator.simulate):
        with pytest.raises(error, match=message):
            function(**{"segment": 0, "images": 2, **settings})


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: anatomy.animal(15), ValueError, "identifier must be an integer from 0 to 14. Received: 15"),
        (lambda: anatomy.animal(True), TypeError, "identifier must be an integer from 0 to 14. Received: True"),
        (lambda: anatomy.animal(1.0), TypeError, "identifier must be an integer from 0 to 14. Received: 1.0"),
        (lambda: anatomy.animal([1]), TypeError, r"identifier must be an integer from 0 to 14. Received: \[1\]"),
        (lambda: anatomy.animal(1, -1), ValueError, "seed must be an integer of at least 0. Received: -1"),
        (lambda: simulator.order_of_animals(10), ValueError, "segment must be an integer from 0 to 9. Received: 10"),
        (lambda: simulator.order_of_animals(1, 0.5), TypeError, "seed must be an integer of at least 0. Received: 0.5"),
        (lambda: simulator.traces(anatomy.animal(0), 0, None), ValueError, "moments must be .* Received: 0"),
        (lambda: simulator.noise_level(anatomy.animal(0), ["noise"]), ValueError, "terms must be .* Received: 'noise'"),
    ],
)
def test_other_functions_name_bad_arguments_too(call, error, message):
    anatomy.animal(1)  # True == 1.0 == 1: a cache must not let them pass
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (0, np.zeros((3, 31)), r"areas must have shape \(3, 32\) beside 3 frames of noise. Received: shape \(3, 31\)"),
        (0, np.zeros((1, 32)), r"areas must have shape \(3, 32\)"),
        (1, np.zeros(1), r"common must have shape \(3,\)"),
        (2, np.zeros((3, 1)), r"blood must have shape \(3,\)"),
        (3, np.zeros((3, 64, 128)), r"white must have shape \(3, 128, 128\)"),
        (2, np.array([0, np.nan, 0]), r"blood must hold finite numbers only. Received: nan at index \(1,\)"),
    ],
)
def test_compose_names_what_does_not_fit(place, value, message):
    given = list(silence(3))
    given[place] = value
    with pytest.raises(ValueError, match=message):
        simulator.compose(anatomy.animal(0), *given)


def test_compose_changes_none_of_its_arguments():
    mouse = anatomy.animal(0)
    given = moments(mouse, 2)
    kept = [np.copy(value) for value in given]
    simulator.compose(mouse, *given)
    for value, before in zip(given, kept):
        np.testing.assert_array_equal(value, before)
