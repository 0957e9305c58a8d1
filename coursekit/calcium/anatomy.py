"""Simulated mice: where the cortical areas lie, where the vessels run, what the camera sees.

Everything that belongs to an animal and does not change from frame to frame is here, as maps
of 128 × 128 pixels; `simulator` lets them vary in time. All of it is **simulated**: positions and
sizes follow the dorsal view of the mouse atlas only roughly, the optics follow the order of
magnitude of published wide-field recordings (Barson et al., Nature Methods 2020,
doi 10.1038/s41592-019-0625-2).

The picture lies on its side, as in those recordings: anterior is left, posterior right, the
midline horizontal. Lengths are millimetres from bregma, `ap` towards posterior, `ml` towards the
lower edge of the picture.

Maps are rounded to a binary grid (`on_grid`). Sums of products of such numbers are exact in
float64, in whatever order a processor takes them, so a simulated recording has the same bytes
on every machine.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from coursekit import arguments

SIZE = 128  # pixels a side
ANIMALS = tuple(range(15))


class Area(NamedTuple):
    """A cortical area of one hemisphere: centre and half-axes in mm, relative brightness, network."""

    name: str
    ap: float
    ml: float
    half_length: float
    half_width: float
    gain: float
    network: str


AREAS = (
    Area("secondary motor", -1.6, 0.75, 0.90, 0.45, 0.55, "motor"),
    Area("anterior lateral motor", -2.2, 1.60, 0.55, 0.45, 0.40, "motor"),
    Area("primary motor", -0.7, 1.60, 0.80, 0.50, 0.50, "motor"),
    Area("anterior cingulate", -0.3, 0.35, 0.80, 0.22, 0.50, "midline"),
    Area("somatosensory, mouth", -0.4, 3.00, 0.60, 0.55, 0.50, "touch"),
    Area("somatosensory, forelimb", 0.2, 2.30, 0.45, 0.40, 0.60, "touch"),
    Area("somatosensory, hindlimb", 0.7, 1.60, 0.40, 0.35, 0.60, "touch"),
    Area("somatosensory, barrel field", 1.5, 3.10, 0.65, 0.60, 0.80, "touch"),
    Area("somatosensory, trunk", 1.5, 1.80, 0.40, 0.30, 0.50, "touch"),
    Area("posterior parietal", 2.0, 1.70, 0.35, 0.60, 0.60, "vision"),
    Area("retrosplenial, anterior", 1.6, 0.50, 0.65, 0.28, 1.00, "midline"),
    Area("retrosplenial, posterior", 2.9, 0.55, 0.55, 0.30, 1.20, "midline"),
    Area("medial visual", 2.9, 1.40, 0.60, 0.35, 0.80, "vision"),
    Area("primary visual", 3.2, 2.40, 0.70, 0.60, 1.10, "vision"),
    Area("lateral visual", 2.8, 3.40, 0.60, 0.35, 0.70, "vision"),
    Area("auditory", 2.3, 4.00, 0.60, 0.35, 0.50, "touch"),
)


@dataclass(frozen=True, eq=False)
class Animal:
    """One simulated mouse under the microscope; maps are float64 (128, 128) unless stated, and read-only."""

    identifier: int
    pixels_per_mm: float
    footprints: np.ndarray  # (32, 128, 128): each area, upper then lower hemisphere, before absorption
    cortex: np.ndarray  # 0..1: the outline of the cortex, blurred by scattered light
    transmission: np.ndarray  # 0..1: what vessels let through
    blood: np.ndarray  # where blood volume absorbs light
    brightness: np.ndarray  # resting fluorescence F0, about 1 in the middle
    window: np.ndarray  # bool: inside the circular window, cut by the sensor
    amplitude: float  # ΔF/F in percent of a typical event
    adaptation: float  # share of the mean activity that the ΔF/F baseline removes
    photoelectrons: float  # per pixel and frame where F0 = 1
    noise_tap: float  # weight of a neighbour in the 3-tap blur of the noise (image registration)


def animal(identifier, seed=0):
    """Return simulated mouse number `identifier` (0..14) of the family that `seed` names, an `Animal`.

    The same numbers give the same animal, bit for bit. Raises TypeError or ValueError for an
    identifier that is not an integer from 0 to 14, and for a negative seed.

    >>> animal(0).footprints.shape
    (32, 128, 128)
    """
    return _animal(arguments.integer("identifier", identifier, 0, len(ANIMALS) - 1), arguments.integer("seed", seed, 0))


@lru_cache(maxsize=len(ANIMALS))
def _animal(identifier, seed):
    rng = np.random.default_rng([100, seed, identifier])
    pixels_per_mm = rng.uniform(13.0, 15.5)
    bregma = (rng.uniform(61, 67), rng.uniform(46, 56))  # row, column
    tilt = np.deg2rad(rng.normal(0, 1.5))
    ap, ml = _millimetres(pixels_per_mm, bregma, tilt)
    warp_ap, warp_ml = (0.10 * _smooth_field(rng) for _ in range(2))  # individual shape, 0.1 mm
    window = _window(rng)
    footprints = _footprints(rng, ap + warp_ap, ml + warp_ml)
    cortex_edge = _outline(ap + warp_ap, ml + warp_ml)
    cortex = 0.12 + 0.88 * blur(cortex_edge, 1.2)
    sinus, vessels = _sinus(rng, ap, ml + warp_ml), _vessels(rng, pixels_per_mm, bregma, tilt)
    mouse = Animal(
        identifier=identifier,
        pixels_per_mm=float(pixels_per_mm),
        footprints=on_grid(footprints),
        cortex=on_grid(cortex),
        transmission=on_grid((1 - sinus) * (1 - 0.8 * vessels)),
        blood=on_grid(blur(cortex * (0.4 + vessels + sinus), 2.5)),
        brightness=on_grid(_brightness(rng, cortex_edge) * (1 - 0.3 * sinus - 0.3 * vessels)),
        window=window,
        amplitude=float(on_grid(rng.uniform(3.6, 5.2), 10)),
        adaptation=float(rng.uniform(0.0, 0.35)),
        photoelectrons=float(rng.uniform(2.4e4, 2.8e4)),
        noise_tap=float(np.exp(-0.5 / rng.uniform(0.49, 0.51) ** 2)),
    )
    for value in vars(mouse).values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False  # everyone gets the same mouse, from the cache
    return mouse


def on_grid(values, bits=16):
    """Return `values` rounded to multiples of 2**-bits (float64).

    >>> float(on_grid(0.3, bits=2))
    0.25
    """
    return np.round(np.asarray(values, np.float64) * 2**bits) / 2**bits


def blur(image, sigma):
    """Return a (128, 128) image blurred by a Gaussian of `sigma` pixels, edges joined (circular)."""
    frequency = np.fft.fftfreq(SIZE)  # cycles per pixel
    squared = frequency[:, None] ** 2 + frequency[None, :] ** 2
    return np.fft.ifft2(np.fft.fft2(image) * np.exp(-2 * (np.pi * sigma) ** 2 * squared)).real


def _pixels():
    return np.mgrid[0:SIZE, 0:SIZE].astype(np.float64)  # rows, columns


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _millimetres(pixels_per_mm, bregma, tilt):
    """Anterior-posterior and medio-lateral coordinate of every pixel."""
    rows, columns = _pixels()
    down, right = (rows - bregma[0]) / pixels_per_mm, (columns - bregma[1]) / pixels_per_mm
    return np.cos(tilt) * right + np.sin(tilt) * down, -np.sin(tilt) * right + np.cos(tilt) * down


def _smooth_field(rng):
    field = blur(rng.normal(size=(SIZE, SIZE)), 14)
    return field / field.std()


def _window(rng):
    """A circle of 76 to 90 pixels radius, its left edge 6 to 10 pixels outside the sensor at most."""
    rows, columns = _pixels()
    radius = rng.uniform(76, 90)
    centre = rng.uniform(61, 66), radius - rng.uniform(6, 10)
    return np.hypot(rows - centre[0], columns - centre[1]) < radius


def _outline(ap, ml):
    """1 on the cortex, 0 off it: the posterior edge curves forward away from the midline."""
    posterior = 4.0 - 0.10 * np.abs(ml) ** 1.6
    return _sigmoid(-(ap - posterior) / 0.10) * _sigmoid(-(np.abs(ml) - 4.9) / 0.15)


def _footprints(rng, ap, ml):
    """A flat-topped (super-Gaussian) spot and a wide skirt of scattered light for each area and side."""
    maps = []
    for area in AREAS:
        centre = area.ap + rng.normal(0, 0.10), area.ml + rng.normal(0, 0.05)
        length = area.half_length * np.exp(rng.normal(0, 0.12))
        width = area.half_width * np.exp(rng.normal(0, 0.12))
        flatness, turn = rng.uniform(1.2, 2.2), rng.normal(0, 0.25)
        for side in (-1, 1):
            along = ap - centre[0] - rng.normal(0, 0.04)
            across = side * ml - centre[1] - rng.normal(0, 0.03)
            gain = area.gain * np.exp(rng.normal(0, 0.12))
            u = (along * np.cos(turn) + across * np.sin(turn)) / length
            v = (-along * np.sin(turn) + across * np.cos(turn)) / width
            distance = u**2 + v**2
            spot = 0.8 * np.exp(-0.5 * (distance / 1.2) ** flatness)
            maps.append(gain * (spot + 0.35 * np.exp(-0.5 * distance / 4)))
    return np.array(maps)


def _sinus(rng, ap, ml):
    """Absorption of the superior sagittal sinus, the large vein along the midline."""
    depth, half_width = rng.uniform(0.5, 0.9), rng.uniform(0.08, 0.13)
    return depth * np.exp(-0.5 * (ml / half_width) ** 2) * _sigmoid((ap + 2.2) / 0.3)


def _vessels(rng, pixels_per_mm, bregma, tilt):
    """Absorption of surface vessels: random walks from the midline outwards, in steps of 0.04 mm."""
    rows, columns = _pixels()
    absorption = np.zeros((SIZE, SIZE))
    for _ in range(rng.integers(10, 18)):
        side = 1 if rng.random() < 0.5 else -1
        ap, ml = rng.uniform(-2.5, 3.8), 0.12 * side
        heading = side * np.pi / 2 + rng.normal(0, 0.3)
        width, depth = rng.uniform(0.5, 1.0), rng.uniform(0.1, 0.35)  # pixels, absorbed share
        for _ in range(rng.integers(40, 110)):
            heading += rng.normal(0, 0.12) + 0.02 * (side * np.pi / 2 - heading)
            ap, ml = ap + 0.04 * np.cos(heading), ml + 0.04 * np.sin(heading)
            row = bregma[0] + pixels_per_mm * (ap * np.sin(tilt) + ml * np.cos(tilt))
            column = bregma[1] + pixels_per_mm * (ap * np.cos(tilt) - ml * np.sin(tilt))
            i, j = round(row), round(column)
            if 3 < i < SIZE - 4 and 3 < j < SIZE - 4:
                near = np.s_[i - 3 : i + 4, j - 3 : j + 4]
                squared = (rows[near] - row) ** 2 + (columns[near] - column) ** 2
                absorption[near] = np.maximum(absorption[near], depth * np.exp(-0.5 * squared / width**2))
    return absorption


def _brightness(rng, cortex_edge):
    """Resting fluorescence: broad illumination, brighter on the cortex, a reflection at the left edge."""
    rows, columns = _pixels()
    lamp = rng.uniform(58, 70, size=2)
    light = np.exp(-((rows - lamp[0]) ** 2 + (columns - lamp[1]) ** 2) / (2 * rng.uniform(150, 170) ** 2))
    reflection = rng.uniform(0.1, 0.3) * (columns < rng.uniform(8, 20))
    return light * (0.85 + 0.15 * cortex_edge) * (1 + blur(reflection, 4))
