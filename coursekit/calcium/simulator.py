"""Simulated recordings: frames of calcium fluorescence (ΔF/F in percent) of a mouse's cortex.

A frame is a sum of terms, each of which can be switched off to see what it does:

| term | what it adds | source of the numbers |
|---|---|---|
| `activity` | each area's calcium trace times its footprint | GCaMP kernel (1 − e^(−t/0.12)) e^(−t/0.7), t in s |
| `global` | a common trace over the whole cortex | arousal; same kernel |
| `haemodynamics` | blood volume follows activity and absorbs light | kernel t² e^(−t/0.5) times a vessel map |
| `vessels` | vessels shade what lies under them | `anatomy` |
| `shot_noise` | photon statistics: variance = mean | 24,000 to 28,000 electrons a pixel and frame |
| `read_noise` | the camera's own noise | 45 electrons |
| `noise_blur` | image registration correlates neighbouring pixels | 3-tap blur, variance kept |
| `window` | outside the cranial window everything is exactly 0 | `anatomy` |

It is a stand-in for mesoscopic recordings such as those of Barson et al. (Nature Methods 2020,
doi 10.1038/s41592-019-0625-2), checked against published pictures by `statistics`, and it is
called simulated wherever it appears.
"""

from collections.abc import Iterable

import numpy as np

from coursekit import arguments
from coursekit.calcium.anatomy import AREAS, SIZE, animal, on_grid

TERMS = ("activity", "global", "haemodynamics", "vessels", "shot_noise", "read_noise", "noise_blur", "window")
FRAMES_PER_SEGMENT = 2048
FRAME_RATE = 10.0  # Hz
READ_NOISE = 45.0  # electrons
BLOCK = 64  # frames computed at once

# Six animals in every training segment; in a test segment two that segments 0 and 1 have shown
# and two that no training segment has.
ANIMALS_OF_SEGMENT = {
    0: (0, 1, 2, 3, 4, 5),
    1: (3, 4, 5, 6, 7, 8),
    2: (0, 2, 4, 6, 7, 8),
    3: (0, 1, 3, 5, 6, 7),
    4: (1, 2, 3, 4, 7, 8),
    5: (0, 1, 5, 6, 7, 8),
    6: (0, 2, 3, 4, 5, 8),
    7: (0, 4, 9, 10),
    8: (2, 6, 11, 12),
    9: (3, 8, 13, 14),
}


def blocks(segment, images, seed=0, terms=TERMS):
    """Yield the first `images` frames of a simulated recording, block by block.

    Each item is `(frames, animals)`: float32 (b, 128, 128) with b ≤ 64, ΔF/F in percent and 0
    outside the window, and int64 (b,) identifiers of the animals. `segment` is 0..9, `images` at
    most 2048; another `seed`, an integer ≥ 0, simulates other mice; `terms` are the names of the
    terms that take part. The first frames do not depend on how many are asked for, and are the same
    bytes on every machine. Raises TypeError or ValueError for a bad argument, before the first block.

    >>> frames, animals = next(blocks(7, images=3))
    >>> frames.shape, frames.dtype, animals.tolist()
    ((3, 128, 128), dtype('float32'), [0, 4, 9])
    """
    segment, seed = _checked(segment, seed)
    images = arguments.integer("images", images, 1, FRAMES_PER_SEGMENT)
    return _blocks(segment, images, seed, _checked_terms(terms))


def simulate(segment, images, seed=0, terms=TERMS):
    """Return the first `images` frames of a simulated recording at once, as (frames, animals).

    `frames` is float32 (images, 128, 128), ΔF/F in percent, `animals` int64 (images,); arguments and
    errors are those of `blocks`. Without some of the `terms` one sees what they contribute:

    >>> everything, _ = simulate(0, images=2)
    >>> noiseless, _ = simulate(0, images=2, terms=[t for t in TERMS if "noise" not in t])
    >>> bool(np.std(everything - noiseless) > 0.3)
    True
    """
    frames, animals = zip(*blocks(segment, images, seed, terms))
    return np.concatenate(frames), np.concatenate(animals)


def order_of_animals(segment, seed=0):
    """Return the animal of each of the 2048 frames of a segment, int64 (2048,).

    They come in rounds: of four animals, the first four frames hold each once, so do the next four …

    >>> order_of_animals(7)[:8].tolist()
    [0, 4, 9, 10, 4, 10, 9, 0]
    """
    segment, seed = _checked(segment, seed)
    rng = np.random.default_rng([200, seed, segment])
    present = np.array(ANIMALS_OF_SEGMENT[segment], dtype=np.int64)  # a browser's whole numbers have 32 bits
    rounds = -(-FRAMES_PER_SEGMENT // len(present))
    return np.concatenate([rng.permutation(present) for _ in range(rounds)])[:FRAMES_PER_SEGMENT]


def traces(mouse, moments, rng):
    """Return what varies in time: (areas, common, blood) at `moments` random moments of a recording.

    `mouse` is an `anatomy.Animal`, `rng` a np.random.Generator. `areas` is float64 (moments, 32),
    upper then lower hemisphere of each area, `common` and `blood` are (moments,). Events arrive at
    random (10 samples a second) in four networks, in single areas of both hemispheres, and on one side
    alone; the calcium kernel turns them into slow transients, and blood volume follows their mean.

    >>> areas, common, blood = traces(animal(0), 5, np.random.default_rng(0))
    >>> areas.shape, common.shape, blood.shape
    ((5, 32), (5,), (5,))
    """
    moments = arguments.integer("moments", moments, 1)
    time = np.arange(0, 4, 1 / FRAME_RATE)
    calcium = (1 - np.exp(-time / 0.12)) * np.exp(-time / 0.7)
    calcium /= np.sqrt(np.sum(calcium**2))
    blood_kernel = time**2 * np.exp(-time / 0.5)
    blood_kernel /= blood_kernel.sum()
    settle = 200  # samples until the kernels have filled
    samples = 2 * settle + 3 * moments

    def events(count, per_second):
        shape = count, samples
        spikes = (rng.random(shape) < per_second / FRAME_RATE) * rng.gamma(2, 0.5, shape)
        drive = spikes + rng.normal(0, 0.12, shape)
        return np.array([np.convolve(row, calcium)[:samples] for row in drive])

    strength = {"motor": 0.6, "touch": 1.0, "vision": 1.0, "midline": 1.6}
    networks = dict(zip(strength, events(len(strength), 0.30)))
    shared = np.array([0.9 * strength[area.network] * networks[area.network] for area in AREAS])
    bilateral = np.repeat(shared + events(len(AREAS), 0.20), 2, axis=0)  # upper, lower hemisphere
    areas = bilateral + 0.55 * events(2 * len(AREAS), 0.06)
    areas -= mouse.adaptation * areas.mean(axis=1, keepdims=True)
    common = events(1, 0.10)[0]
    common -= common.mean()
    blood = np.convolve(areas.mean(axis=0) + common, blood_kernel)[:samples]
    chosen = settle + rng.permutation(samples - settle)[:moments]
    return on_grid(areas.T[chosen], 12), on_grid(common[chosen], 12), on_grid(blood[chosen], 12)


def compose(mouse, areas, common, blood, white, terms=TERMS):
    """Return frames, float32 (n, 128, 128), ΔF/F in percent, from traces and white noise.

    `areas` (n, 32), `common` (n,) and `blood` (n,) come from `traces`, `white` (n, 128, 128) is
    standard normal noise, `terms` names the terms that take part (see the module's table). Raises
    TypeError or ValueError for other shapes or terms.

    >>> areas, common, blood = traces(animal(0), 5, np.random.default_rng(0))
    >>> compose(animal(0), areas, common, blood, np.zeros((5, 128, 128)), terms=["activity"]).shape
    (5, 128, 128)
    """
    terms = _checked_terms(terms)
    n = len(white)
    given = {
        "areas": (areas, (n, 2 * len(AREAS))),
        "common": (common, (n,)),
        "blood": (blood, (n,)),
        "white": (white, (n, SIZE, SIZE)),
    }
    for name, (value, shape) in given.items():
        if arguments.array(name, value).shape != shape:
            raise ValueError(
                f"{name} must have shape {shape} beside {n} frames of noise. Received: shape {np.shape(value)}"
            )
    shade = mouse.transmission if "vessels" in terms else np.ones((SIZE, SIZE))
    maps = on_grid(mouse.footprints * (mouse.cortex * shade))
    frames = np.zeros(white.shape)
    if "activity" in terms:
        frames += mouse.amplitude * np.tensordot(areas, maps, axes=1)
    if "global" in terms:
        weight = on_grid(0.45 * mouse.amplitude, 10)
        frames += weight * common[:, None, None] * on_grid(mouse.cortex * shade)
    if "haemodynamics" in terms:
        frames -= 2.5 * blood[:, None, None] * mouse.blood
    if "shot_noise" in terms or "read_noise" in terms:
        noise = on_grid(white, 10)
        if "noise_blur" in terms:
            noise = _blur_noise(noise, mouse.noise_tap)
        frames += noise * noise_level(mouse, terms)
    if "window" in terms:
        frames *= mouse.window
    return frames.astype(np.float32) + np.float32(0)  # turns −0 into 0


def noise_level(mouse, terms=TERMS):
    """Return the standard deviation of the noise in percent of F0, float64 (128, 128).

    >>> float(noise_level(animal(0), terms=["activity"]).max())    # neither shot noise nor read noise
    0.0
    """
    terms = _checked_terms(terms)
    electrons = mouse.photoelectrons * mouse.brightness
    variance = electrons * ("shot_noise" in terms) + READ_NOISE**2 * ("read_noise" in terms)
    return on_grid(100 * np.sqrt(variance) / electrons, 10)


def _blocks(segment, images, seed, terms):
    order = order_of_animals(segment, seed)
    recordings = {}
    for identifier in ANIMALS_OF_SEGMENT[segment]:
        moments = int(np.sum(order == identifier))
        rng = np.random.default_rng([300, seed, segment, identifier])
        recordings[identifier] = traces(animal(identifier, seed), moments, rng)
    rank = np.zeros(FRAMES_PER_SEGMENT, int)  # how many frames of the same animal came before
    for identifier in recordings:
        rank[order == identifier] = np.arange(np.sum(order == identifier))
    for start in range(0, images, BLOCK):
        chosen = np.arange(start, min(start + BLOCK, images))
        white = np.stack([np.random.default_rng([400, seed, segment, i]).standard_normal((SIZE, SIZE)) for i in chosen])
        frames = np.empty((len(chosen), SIZE, SIZE), np.float32)
        for identifier, (areas, common, blood) in recordings.items():
            mine = np.flatnonzero(order[chosen] == identifier)
            when = rank[chosen[mine]]
            frames[mine] = compose(animal(identifier, seed), areas[when], common[when], blood[when], white[mine], terms)
        yield frames, order[chosen]


def _blur_noise(noise, tap):
    """Blur along both axes with weights (tap, 1, tap), scaled so that the variance stays 1."""
    centre, side = on_grid(np.array([1, tap]) / np.sqrt(1 + 2 * tap**2), 10)
    for axis in (1, 2):
        noise = centre * noise + side * (np.roll(noise, 1, axis) + np.roll(noise, -1, axis))
    return noise


def _checked(segment, seed):
    """Return both as integers, or raise."""
    return (arguments.integer("segment", segment, 0, len(ANIMALS_OF_SEGMENT) - 1), arguments.integer("seed", seed, 0))


def _checked_terms(terms):
    """Return `terms` as a frozenset of names, or raise."""
    if isinstance(terms, str) or not isinstance(terms, Iterable):
        raise TypeError(f"terms must be several names out of {', '.join(TERMS)}. Received: {arguments.shown(terms)}")
    return frozenset(arguments.choice("terms", term, TERMS) for term in terms)
