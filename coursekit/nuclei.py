"""Simulated pictures of stained cell nuclei: 24 × 24 pixels in colour, each with the area of its nucleus.

Nothing here was seen through a microscope. The pictures imitate small cut-outs of tissue stained with
haematoxylin (nuclei, violet) and eosin (everything else, pink), so that a question with a known answer can be
asked of them: how large is the nucleus in the middle?
"""

import numpy as np

from coursekit import arguments

__all__ = ["NEIGHBOURS", "SIDE", "simulate"]

SIDE = 24
NEIGHBOURS = 3
_VIOLET, _PINK = np.array([0.38, 0.25, 0.55]), np.array([0.90, 0.68, 0.80])


def simulate(count, seed=0, strength=(0.6, 1)):
    """Return (pictures, areas): float32 (count, 24, 24, 3), values from 0 to 1, and int64 (count,), pixels.

    In the middle of each picture, give or take a pixel or two, lies one nucleus: an ellipse of any orientation
    with a mean radius of 3 to 8 pixels. Its area is the number of pixels whose centres it covers. Up to three
    more nuclei may be seen around it, cut off by the edge or covered by the one in the middle; they do not count.
    The strength of the stain differs from picture to picture, between the two of `strength` (1 is full violet); the
    tissue is mottled, and each value carries noise. The same arguments give the same pictures. Raises TypeError or
    ValueError for a `count` below 1, a `seed` below 0, and strengths that do not rise from more than 0 to 1 at most.

    >>> pictures, areas = simulate(5, seed=1)
    >>> pictures.shape, pictures.dtype, areas.shape
    ((5, 24, 24, 3), dtype('float32'), (5,))
    """
    count = arguments.integer("count", count, minimum=1)
    rng = np.random.default_rng(arguments.integer("seed", seed, minimum=0))
    weakest, strongest = _range(strength)
    middle = SIDE / 2 - 0.5 + rng.normal(0, 1, (2, count))
    reach = _ellipse(middle, rng.uniform(3, 8, count), rng)  # below 1 inside the nucleus
    cover = _inside(reach)
    for _ in range(NEIGHBOURS):
        turn, away = rng.uniform(0, 2 * np.pi, count), rng.uniform(12, 20, count)
        centre = SIDE / 2 - 0.5 + away * np.array([np.sin(turn), np.cos(turn)])
        cover = np.maximum(cover, _inside(_ellipse(centre, rng.uniform(3, 6, count), rng)))
    stain = cover[..., None] * rng.uniform(weakest, strongest, (count, 1, 1, 1)) + _mottled(count, rng)[..., None]
    pictures = _PINK + stain * (_VIOLET - _PINK) + rng.normal(0, 0.04, (count, SIDE, SIDE, 3))
    return np.clip(pictures, 0, 1).astype(np.float32), np.sum(reach <= 1, axis=(1, 2))


def _range(strength):
    expected = "strength must be a pair (weakest, strongest) with 0 < weakest <= strongest <= 1"
    if not isinstance(strength, (tuple, list)) or len(strength) != 2:
        raise ValueError(f"{expected}. Received: {strength!r}")
    weakest, strongest = (arguments.real("strength", value, above=0) for value in strength)
    if not weakest <= strongest <= 1:
        raise ValueError(f"{expected}. Received: {strength!r}")
    return weakest, strongest


def _ellipse(centre, radius, rng):
    """Return the distance of each pixel from `centre` (2, n), 1 on the outline: (n, 24, 24); shape and turn drawn."""
    longer, turn = rng.uniform(1, 1.3, len(radius)), rng.uniform(0, np.pi, len(radius))
    rows, columns = np.indices((SIDE, SIDE))[:, None] - centre[..., None, None]
    sine, cosine = (part[:, None, None] for part in (np.sin(turn), np.cos(turn)))
    along, across = cosine * columns + sine * rows, cosine * rows - sine * columns
    axes = (radius * longer)[:, None, None], (radius / longer)[:, None, None]
    return np.hypot(along / axes[0], across / axes[1])


def _inside(reach):
    """Return how much of each pixel is nucleus, 0 to 1, with an outline that is a little soft."""
    return 1 / (1 + np.exp(np.clip(12 * (reach - 1), -50, 50)))


def _mottled(count, rng):
    """Return an uneven stain around 0: noise averaged over 3 × 3 pixels."""
    noise = rng.normal(0, 0.3, (count, SIDE + 2, SIDE + 2))
    return sum(noise[:, i : i + SIDE, j : j + SIDE] for i in range(3) for j in range(3)) / 9
