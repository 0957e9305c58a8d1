"""Laws of the statistics, and what they prove: the simulated pictures resemble the published ones."""

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scipy import ndimage

from coursekit.calcium import generator, simulator, statistics
from coursekit.calcium.statistics import PUBLISHED_FAKE, PUBLISHED_REAL

# Mean and standard deviation over 54 fakes of the feasibility study, the first generator of this kind. For
# its noise correlations only the means were noted; the deviations are those of the shipped generator.
STUDIED_FAKE = {
    "slope_low": (-2.86, 0.46),
    "slope_high": (-1.50, 0.22),
    "high_frequency_fraction": (0.255, 0.111),
    "midline_symmetry": (0.784, 0.119),
    "range_over_noise": (12.5, 3.5),
    "noise_correlation_x": (0.45, 0.07),
    "noise_correlation_y": (0.45, 0.06),
}


def pooled(source):
    """Six frames, a round of the animals or more, of each of the ten segments."""
    return np.concatenate([next(source.blocks(segment, 6))[0] for segment in range(10)])


@pytest.fixture(scope="module")
def real():
    return pooled(simulator)


@pytest.fixture(scope="module")
def tables(real):
    return {"real": statistics.table(real), "fake": statistics.table(pooled(generator))}


def panel_of(noise):
    """A panel filled with `noise`, made positive as a picture is."""
    return (noise - noise.min()) / np.ptp(noise)


# ---------------------------------------------------------------- realism


def test_simulated_frames_lie_within_one_standard_deviation_of_the_published_ones(real, tables):
    got = tables["real"]
    assert set(got) == set(PUBLISHED_REAL) == set(PUBLISHED_FAKE) and len(real) == 60
    for name, (mean, deviation) in PUBLISHED_REAL.items():
        assert abs(got[name][0] - mean) < deviation, name


def test_fakes_lie_within_one_standard_deviation_of_published_or_studied_fakes(tables):
    for name, (mean, _) in tables["fake"].items():
        ranges = [source[name] for source in (PUBLISHED_FAKE, STUDIED_FAKE)]
        assert any(abs(mean - middle) < deviation for middle, deviation in ranges), name


def test_fakes_are_less_symmetric_and_of_another_grain_than_simulated_recordings(tables):
    fake, real = tables["fake"], tables["real"]
    assert fake["midline_symmetry"][0] < real["midline_symmetry"][0] - 0.03
    assert fake["slope_high"][0] > real["slope_high"][0] + 0.2


@pytest.mark.parametrize(
    ("term", "name"),
    [
        ("activity", "midline_symmetry"),
        ("vessels", "slope_low"),
        ("shot_noise", "range_over_noise"),
        ("noise_blur", "slope_high"),
    ],
)
def test_a_simulator_that_lacks_a_term_would_be_noticed(term, name):
    terms = [other for other in simulator.TERMS if other != term]
    frames = np.concatenate([next(simulator.blocks(segment, 2, terms=terms))[0] for segment in range(10)])
    mean, deviation = PUBLISHED_REAL[name]
    assert abs(statistics.table(frames)[name][0] - mean) > deviation


# ---------------------------------------------------------------- table


def test_the_table_holds_mean_and_deviation_over_the_frames(real):
    rows = [statistics.of_panel(statistics.as_panel(frame)) for frame in real[:5]]
    for name, (mean, deviation) in statistics.table(real[:5]).items():
        values = [row[name] for row in rows]
        assert mean == pytest.approx(np.mean(values)) and deviation == pytest.approx(np.std(values))
        assert deviation > 0


def test_one_channel_may_be_an_axis(real):
    assert statistics.table(real[:3, ..., None]) == statistics.table(real[:3])


def test_unit_and_zero_of_the_frames_do_not_matter(real):
    expected = statistics.table(real[:3])
    for other in (real[:3] * 1000, real[:3] - 7, real[:3].astype(np.float64) / 40 + 3):
        for name, values in statistics.table(other).items():
            assert values == pytest.approx(expected[name], rel=1e-3, abs=1e-4), name


@pytest.mark.parametrize(
    ("frames", "error", "message"),
    [
        (
            np.zeros((0, 128, 128)),
            ValueError,
            r"frames must have shape \(n, 128, 128\) .*Received: shape \(0, 128, 128\)",
        ),
        (np.zeros((2, 64, 128)), ValueError, r"Received: shape \(2, 64, 128\)"),
        (np.zeros((2, 128, 128, 3)), ValueError, r"Received: shape \(2, 128, 128, 3\)"),
        (np.zeros((128, 128)), ValueError, r"frames must have 3 or 4 axes. Received: shape \(128, 128\)"),
        (np.full((1, 128, 128), np.nan), ValueError, "frames must hold finite numbers only"),
        (np.full((1, 128, 128), 5.0), ValueError, "frame must not be constant. Received: nothing but 5.0"),
        ("frames", TypeError, "frames must be an array of real numbers. Received: 'frames'"),
    ],
)
def test_bad_frames_are_named(frames, error, message):
    with pytest.raises(error, match=message):
        statistics.table(frames)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: statistics.as_panel(np.eye(160)), r"frame must have shape \(128, 128\). Received: shape \(160, 160\)"),
        (lambda: statistics.of_panel(np.eye(128)), r"panel must have shape \(160, 160\). Received: shape \(128, 128\)"),
        (lambda: statistics.of_panel(np.zeros((160, 160))), "panel must not be constant. Received: nothing but 0.0"),
        (lambda: statistics.as_panel(np.eye(128)[0]), r"frame must have 2 axes. Received: shape \(128,\)"),
    ],
)
def test_bad_panels_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# ---------------------------------------------------------------- as_panel


def test_a_panel_is_what_matplotlib_draws(real):
    """The published panels were drawn by imshow at 160 dots a side: so is this one."""
    figure = Figure(figsize=(1.6, 1.6), dpi=100)
    with matplotlib.rc_context({"image.interpolation": "hanning", "image.resample": True}):
        axes = figure.add_axes([0, 0, 1, 1])
        axes.imshow(real[7], cmap="gray")
        axes.set_axis_off()
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    drawn = np.asarray(canvas.buffer_rgba())[..., 0] / 255
    assert drawn.shape == (160, 160)
    np.testing.assert_allclose(statistics.as_panel(real[7]), drawn, atol=2.5 / 255)


def test_a_panel_spans_0_to_1_and_keeps_its_orientation():
    frame = np.zeros((128, 128), np.float32)
    frame[20:40, 90:120] = 3
    panel = statistics.as_panel(frame)
    assert panel.dtype == np.float64 and panel.min() == 0 and panel.max() == pytest.approx(1)
    rows, columns = np.nonzero(panel > 0.5)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (25, 49, 113, 149)  # 5/4 times as many pixels
    assert frame.max() == 3


# ---------------------------------------------------------------- of_panel


@pytest.fixture(scope="module")
def white():
    return panel_of(np.random.default_rng(3).standard_normal((160, 160)))


def test_white_noise_has_a_flat_spectrum_and_known_shares(white):
    got = statistics.of_panel(white)
    assert got["slope_low"] == pytest.approx(0, abs=0.35)  # rings of a few frequencies are averaged here
    assert got["slope_high"] == pytest.approx(0, abs=0.2)
    assert got["high_frequency_fraction"] == pytest.approx(1 - np.pi * 0.15**2, abs=0.01)
    assert abs(got["midline_symmetry"]) < 0.3
    extremes = 2.0537 + 2.5758  # 2nd and 99.5th percentile of a Gaussian
    # A mean of 49 pixels varies 7 times less; a pixel less the mean of its four neighbours, √1.25 times more.
    assert got["range_over_noise"] == pytest.approx(extremes / 7 / np.sqrt(1.25), abs=0.06)


@pytest.mark.parametrize("exponent", [-1.0, -2.0, -3.0])
def test_the_slope_is_the_exponent_of_the_power_spectrum(exponent):
    f = np.fft.fftfreq(160)
    radius = np.hypot(f[:, None], f)
    radius[0, 0] = 1
    got = []
    for seed in range(4):
        spectrum = np.fft.fft2(np.random.default_rng(seed).standard_normal((160, 160)))
        got.append(statistics.of_panel(panel_of(np.fft.ifft2(spectrum * radius ** (exponent / 2)).real)))
    assert np.mean([row["slope_low"] for row in got]) == pytest.approx(exponent, abs=0.25)
    assert np.mean([row["slope_high"] for row in got]) == pytest.approx(exponent, abs=0.12)


def test_a_mirrored_picture_has_symmetry_1_and_is_found_off_the_middle():
    half = ndimage.gaussian_filter(np.random.default_rng(0).standard_normal((90, 160)), 4)
    for middle in (75, 80, 84):
        whole = np.concatenate([half[::-1], half[1:]])  # mirrored about row 89
        panel = panel_of(np.roll(whole, middle - 89, axis=0)[:160])
        assert statistics.of_panel(panel)["midline_symmetry"] > 0.999
        assert statistics.of_panel(panel.T.copy())["midline_symmetry"] < 0.6  # left and right do not count


def test_range_over_noise_falls_as_noise_grows(real):
    clean = simulator.TERMS[:4] + ("window",)
    quiet = next(simulator.blocks(0, 1, terms=clean))[0][0]
    noise = np.random.default_rng(0).standard_normal((128, 128))
    ratios = [
        statistics.of_panel(statistics.as_panel(quiet + level * noise))["range_over_noise"] for level in (0.2, 0.4, 0.8)
    ]
    assert ratios[0] > 1.6 * ratios[1] > 1.6**2 * ratios[2]


def test_the_noise_correlation_is_that_of_the_noise_along_each_axis():
    """Predicted from the spectrum of noise (t, 1, t) on a panel and back, without what a Gaussian keeps."""
    taps = {"y": 0.2, "x": 0.0}
    noise = np.random.default_rng(1).standard_normal((12, 128, 128))
    blurred = noise + taps["y"] * (np.roll(noise, 1, axis=1) + np.roll(noise, -1, axis=1))
    for frames, tap in ((noise, {"x": 0.0, "y": 0.0}), (blurred, taps)):
        got = statistics.table(frames)
        for axis in "xy":
            assert got[f"noise_correlation_{axis}"][0] == pytest.approx(predicted(tap, axis), abs=0.02)
    assert predicted(taps, "y") > predicted(taps, "x") + 0.1


def predicted(taps, axis):
    f = np.fft.fftfreq(128)
    kept = 1 - np.exp(-2 * (np.pi * 2.5) ** 2 * (f[:, None] ** 2 + f**2))
    power = kept**2 * spectrum(taps["y"])[:, None] * spectrum(taps["x"])
    lag = np.cos(2 * np.pi * (f[:, None] if axis == "y" else f))
    return (power * lag).sum() / power.sum()


def spectrum(tap):
    """Mean power spectrum of a row of noise (tap, 1, tap), enlarged to 160 pixels and reduced to 128."""

    def matrix(new, old, kernel, width):
        place = (np.arange(new) + 0.5) * old / new - 0.5
        weights = kernel(np.abs(place[:, None] - np.arange(old)) / width)
        return weights / weights.sum(axis=1, keepdims=True)

    panel = matrix(160, 128, lambda x: np.where(x < 1, np.cos(np.pi * x / 2) ** 2, 0), 1)
    back = matrix(128, 160, lambda x: np.clip(1 - x, 0, None), 1.25)
    noise = np.eye(128) + tap * (np.roll(np.eye(128), 1, axis=0) + np.roll(np.eye(128), -1, axis=0))
    rows = back @ panel @ noise
    covariance = rows @ rows.T
    lags = [np.diag(np.roll(covariance, -k, axis=1)).mean() for k in range(128)]
    return np.fft.fft(lags).real


def test_what_is_measured_is_not_changed(real):
    before = real[0].copy()
    statistics.of_panel(statistics.as_panel(real[0]))
    np.testing.assert_array_equal(real[0], before)


# ---------------------------------------------------------------- spectra


@pytest.mark.parametrize("cycles", [1, 20, 63])
@pytest.mark.parametrize("turned", [False, True])
def test_a_wave_is_found_at_its_number_of_cycles_in_either_direction(cycles, turned):
    wave = np.sin(2 * np.pi * cycles * np.arange(128) / 128)[:, None] * np.ones((128, 128))
    got = statistics.spectra(np.stack([wave.T if turned else wave, np.eye(128)])[..., None])
    assert got.shape == (2, 64) and got[0].argmax() == cycles
    assert got[1].argmax() != cycles or cycles == 1  # each frame has a row of its own


def test_the_spectrum_of_white_noise_is_flat_and_grows_with_the_square_of_its_strength():
    noise = np.random.default_rng(2).standard_normal((30, 128, 128))
    got = statistics.spectra(noise).mean(axis=0)
    window = np.sum(np.hanning(128) ** 2) ** 2  # what the fading leaves of the variance, summed over pixels
    np.testing.assert_allclose(got[5:], window, rtol=0.12)
    np.testing.assert_allclose(statistics.spectra(3 * noise[:2] + 7), 9 * statistics.spectra(noise[:2]), rtol=1e-6)


@pytest.mark.parametrize("frames", [np.zeros((0, 128, 128)), np.eye(128), np.ones((2, 64, 64))])
def test_spectra_refuse_what_are_no_frames(frames):
    with pytest.raises(ValueError, match="frames must"):
        statistics.spectra(frames)


# ---------------------------------------------------------------- scale_waves


def test_only_the_waves_of_the_band_are_changed_and_by_the_gain():
    noise = np.random.default_rng(1).standard_normal((2, 128, 128))
    before, after = (statistics.spectra(frames) for frames in (noise, statistics.scale_waves(noise, 20, 40, 3)))
    ratio = (after / before).mean(axis=0)
    np.testing.assert_allclose(ratio[24:36], 9, rtol=0.05)  # power is the square of strength
    np.testing.assert_allclose(np.r_[ratio[5:16], ratio[44:]], 1, rtol=0.05)


def test_a_gain_of_1_changes_nothing_and_all_bands_together_scale_the_frame():
    frames = np.random.default_rng(5).standard_normal((1, 128, 128, 1)).astype(np.float32)
    same = statistics.scale_waves(frames, 0, 30, 1)
    assert same.dtype == np.float32 and same.shape == frames.shape
    np.testing.assert_allclose(same, frames, atol=1e-5)
    np.testing.assert_allclose(statistics.scale_waves(frames, 0, 100, 2), 2 * frames, atol=1e-5)


NOISE = np.random.default_rng(0).standard_normal((1, 128, 128))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: statistics.scale_waves(NOISE, 20, 10, 2),
            ValueError,
            "first must be .* below last. Received: 20 and 10",
        ),
        (
            lambda: statistics.scale_waves(NOISE, 10, 20, np.nan),
            ValueError,
            "gain must be a finite number. Received: nan",
        ),
        (
            lambda: statistics.scale_waves(NOISE, "10", 20, 2),
            TypeError,
            "first must be a finite number. Received: '10'",
        ),
        (
            lambda: statistics.scale_waves(NOISE, 0, 91, 1e300),
            ValueError,
            "frames and gain must hold .* float32 can hold",
        ),
        (lambda: statistics.spectra(NOISE * 1e300), ValueError, "frame must have a range between 1e-100 and 1e100"),
        (
            lambda: statistics.as_panel(NOISE[0] * 1e-300),
            ValueError,
            "frame must have a range between 1e-100 and 1e100",
        ),
    ],
)
def test_what_would_give_no_number_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
