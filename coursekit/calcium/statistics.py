"""Statistics that compare simulated brain images with published ones.

The published images exist only as panels of a figure: each frame scaled to 0..1 and drawn on
160 × 160 pixels. `as_panel` does the same to a frame of 128 × 128, and `of_panel` measures a
panel, so that published and simulated pictures go through the same measurement.

`PUBLISHED_REAL` and `PUBLISHED_FAKE` are mean and standard deviation of what `of_panel` returns
for nine panels each of the figure in the notebook of S&DS 365/665, Intermediate Machine Learning
(Yale University).

| statistic | what it is |
|---|---|
| `slope_low`, `slope_high` | exponent of the power spectrum, at 2 to 12 and at 20 to 40 cycles per 128 pixels |
| `high_frequency_fraction` | share of the power above 0.15 cycles per pixel of a panel |
| `midline_symmetry` | correlation of the two halves, mirrored, smoothed |
| `range_over_noise` | range of the smoothed panel over the standard deviation of its finest grain |
| `noise_correlation_x`, `_y` | correlation of the noise with its right and lower neighbour, at 128 pixels |

None of them depends on the unit of a frame or on where its zero is.
"""

import numpy as np

from coursekit import arguments

PANEL = 160  # pixels a side of a published panel

PUBLISHED_REAL = {
    "slope_low": (-2.65, 0.39),
    "slope_high": (-2.03, 0.23),
    "high_frequency_fraction": (0.181, 0.111),
    "midline_symmetry": (0.874, 0.061),
    "range_over_noise": (15.9, 5.0),
    "noise_correlation_x": (0.52, 0.05),
    "noise_correlation_y": (0.52, 0.04),
}
PUBLISHED_FAKE = {
    "slope_low": (-2.33, 0.45),
    "slope_high": (-2.21, 0.36),
    "high_frequency_fraction": (0.272, 0.174),
    "midline_symmetry": (0.777, 0.111),
    "range_over_noise": (13.6, 6.1),
    "noise_correlation_x": (0.51, 0.06),
    "noise_correlation_y": (0.55, 0.05),
}


def table(frames):
    """Return mean and standard deviation of each statistic over frames: {name: (mean, sd)}.

    `frames` is an array (n, 128, 128) or (n, 128, 128, 1) in any unit. Raises TypeError for input that is
    not a numeric array, ValueError for another shape, values that are not finite, or a frame that is
    constant.

    >>> from coursekit.calcium import simulator
    >>> frames, _ = next(simulator.blocks(0, images=6))
    >>> mean, deviation = table(frames)["midline_symmetry"]
    >>> round(mean, 1)
    0.9
    """
    rows = [of_panel(as_panel(frame)) for frame in _frames(frames)]
    return {
        name: (float(np.mean([row[name] for row in rows])), float(np.std([row[name] for row in rows])))
        for name in rows[0]
    }


def spectra(frames):
    """Return the power spectrum of each frame, float64 (n, 64): column k holds the mean power at k cycles per frame.

    `frames` is as for `table`. The power is averaged over all directions, so that a column tells how strong
    changes of one fineness are: column 2 slow ones, column 63 changes from pixel to pixel. Before that, each
    frame loses its mean and fades towards its edge (Hann window). Raises as `table` does.

    >>> waves = np.sin(2 * np.pi * 20 * np.arange(128) / 128) * np.ones((1, 128, 1))    # 20 cycles along a row
    >>> int(spectra(waves)[0].argmax())
    20
    """
    rows = []
    for frame in _frames(frames):
        power, frequency = _power_spectrum(_picture("frame", frame, 128))
        ring = np.floor(128 * frequency + 0.5).astype(int).ravel()  # the nearest whole number of cycles
        rows.append((np.bincount(ring, power.ravel()) / np.bincount(ring))[:64])
    return np.array(rows)


def scale_waves(frames, first, last, gain):
    """Return frames, float32 (n, 128, 128, 1), whose waves of `first` to below `last` cycles are times `gain`.

    The other waves stay as they are; what they add up to outside the window stays small, but is no longer 0.
    Raises as `table` does.

    >>> wave = np.cos(2 * np.pi * 20 * np.arange(128) / 128) * np.ones((1, 128, 1))
    >>> [round(float(scale_waves(wave, first, first + 10, gain=2).max())) for first in (10, 20)]
    [1, 2]
    """
    frames, gain = _frames(frames), arguments.real("gain", gain)
    if not 0 <= arguments.real("first", first) < arguments.real("last", last):
        raise ValueError(f"first must be at least 0 and below last. Received: {first} and {last}")
    cycles = 128 * np.hypot(np.fft.fftfreq(128)[:, None], np.fft.rfftfreq(128))
    factor = np.where((cycles >= first) & (cycles < last), gain, 1)
    changed = np.fft.irfft2(np.fft.rfft2(frames) * factor, s=(128, 128))
    return arguments.array("frames and gain", changed[..., np.newaxis], dtype=np.float32)


def as_panel(frame):
    """Return a frame (128, 128) as a published panel: float64 (160, 160), 0 darkest, 1 brightest.

    The interpolation kernel is the one that matplotlib's `imshow` applies to a picture that it enlarges
    a little: a raised cosine ("hanning"), zero from one pixel on. Raises ValueError as `table` does.

    >>> as_panel(np.eye(128)).shape
    (160, 160)
    """
    frame = _picture("frame", frame, 128)
    scaled = (frame - frame.min()) / np.ptp(frame)
    resample = _resampling(PANEL, len(frame), _hanning)
    return resample @ scaled @ resample.T


def of_panel(panel):
    """Return the statistics of one panel (160, 160): {name: value}, keys as in `PUBLISHED_REAL`.

    Raises ValueError as `table` does.

    >>> noise = np.random.default_rng(0).standard_normal((160, 160))
    >>> round(of_panel(noise)["slope_low"])    # the spectrum of white noise is flat
    0
    """
    panel = _picture("panel", panel, PANEL)
    power, frequency = _power_spectrum(panel[24:152, 16:144])
    smooth = _box_mean(panel, 7)
    horizontal, vertical = _noise_correlation(panel)
    neighbours = panel[:-2, 1:-1] + panel[2:, 1:-1] + panel[1:-1, :-2] + panel[1:-1, 2:]
    residual = panel[1:-1, 1:-1] - neighbours / 4
    noise = np.median(np.abs(residual[20:140, 20:140])) / 0.6745  # robust standard deviation
    low, high = np.percentile(smooth[10:140, 10:140], [2, 99.5])
    return {
        "slope_low": _slope(power, frequency, 2, 12),
        "slope_high": _slope(power, frequency, 20, 40),
        "high_frequency_fraction": float(power[frequency > 0.15].sum() / power[frequency > 0].sum()),
        "midline_symmetry": _midline_symmetry(smooth),
        "range_over_noise": float((high - low) / noise),
        "noise_correlation_x": horizontal,
        "noise_correlation_y": vertical,
    }


def _frames(frames):
    """Return `frames` as an array (n, 128, 128), or raise."""
    frames = arguments.array("frames", frames, ndim=(3, 4))
    if not len(frames) or frames.shape[1:] not in ((128, 128), (128, 128, 1)):
        raise ValueError(
            f"frames must have shape (n, 128, 128) or (n, 128, 128, 1) with n > 0. Received: shape {frames.shape}"
        )
    return frames.reshape(-1, 128, 128)


def _picture(name, value, side):
    """Return `value` as float64 (side, side), or raise."""
    picture = arguments.array(name, value, ndim=2, dtype=np.float64)
    if picture.shape != (side, side):
        raise ValueError(f"{name} must have shape ({side}, {side}). Received: shape {picture.shape}")
    if np.ptp(picture) == 0:
        raise ValueError(f"{name} must not be constant. Received: nothing but {picture[0, 0]}")
    if not 1e-100 < np.ptp(picture) < 1e100:  # or powers of it would be infinite, or 0
        raise ValueError(f"{name} must have a range between 1e-100 and 1e100. Received: {np.ptp(picture):.3g}")
    return picture


def _hanning(x):
    return np.where(np.abs(x) < 1, 0.5 + 0.5 * np.cos(np.pi * x), 0)


def _resampling(new, old, kernel, scale=1.0):
    """Matrix (new, old) that resamples a row of pixels with an interpolation kernel."""
    position = (np.arange(new)[:, None] + 0.5) * old / new - 0.5
    weights = kernel((position - np.arange(old)) / scale)
    return weights / weights.sum(axis=1, keepdims=True)


def _power_spectrum(centre):
    """Power of the Hann-windowed centre (128, 128), and the radial frequency in cycles per pixel."""
    taper = np.hanning(len(centre))
    power = np.abs(np.fft.fft2((centre - centre.mean()) * taper[:, None] * taper)) ** 2
    f = np.fft.fftfreq(len(centre))
    return power, np.hypot(f[:, None], f)


def _slope(power, frequency, first, last):
    """Exponent of the radial power spectrum from `first` to `last` cycles per 128 pixels."""
    bins = np.arange(first, last + 1) / 128
    half = 0.5 / 128
    mean = [power[(frequency >= b - half) & (frequency < b + half)].mean() for b in bins]
    return float(np.polyfit(np.log(bins), np.log(mean), 1)[0])


def _box_mean(panel, size):
    """Mean over every size × size window that fits."""
    total = np.cumsum(np.cumsum(np.pad(panel, ((1, 0), (1, 0))), axis=0), axis=1)
    rows = total[size:] - total[:-size]
    return (rows[:, size:] - rows[:, :-size]) / size**2


def _midline_symmetry(smooth):
    """Largest correlation of the upper with the mirrored lower half over axes near the middle."""
    correlations = []
    for axis in range(60, 96):
        reach = min(axis, len(smooth) - axis, 61) - 1
        upper = smooth[axis - reach : axis][::-1, 20:140]
        lower = smooth[axis + 1 : axis + 1 + reach, 20:140]
        correlations.append(np.corrcoef(upper.ravel(), lower.ravel())[0, 1])
    return float(max(correlations))


def _noise_correlation(panel):
    """Correlation of the noise with its neighbour at 128 pixels a side, along x and along y.

    The panel is brought back to 128 pixels with a triangle as wide as the reduction, and
    what is smoother than a Gaussian of 2.5 pixels is taken away.
    """
    triangle = _resampling(128, PANEL, lambda x: np.maximum(0, 1 - np.abs(x)), scale=PANEL / 128)
    small = triangle @ panel @ triangle.T
    f = np.fft.fftfreq(128)
    smooth = np.exp(-2 * (np.pi * 2.5) ** 2 * (f[:, None] ** 2 + f**2))
    noise = (small - np.fft.ifft2(np.fft.fft2(small) * smooth).real)[25:-25, 25:-25]
    noise = noise - noise.mean()
    right, below = np.mean(noise[:, 1:] * noise[:, :-1]), np.mean(noise[1:] * noise[:-1])
    variance = np.mean(noise**2)
    return float(right / variance), float(below / variance)
