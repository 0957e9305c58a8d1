"""How well two colours are told apart: their contrast, and their distance for eyes with any colour vision."""

import re

import numpy as np

# Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of color vision deficiency",
# doi 10.1109/TVCG.2009.113, severity 1: they act on linear RGB. "usual" changes nothing.
VISIONS = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])  # IEC 61966-2-1


def linear(color):
    """Return the linear RGB, (3,) from 0 to 1, of "#rrggbb", "#rgb" or "rgb(r, g, b)".

    >>> linear("#fff").tolist(), linear("rgb(0, 255, 0)").tolist()
    ([1.0, 1.0, 1.0], [0.0, 1.0, 0.0])
    """
    if color.startswith("#"):
        digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
        parts = [int(digits[i : i + 2], 16) for i in (0, 2, 4)]
    else:
        parts = [int(part) for part in re.findall(r"\d+", color)[:3]]
    shares = np.array(parts) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """Return the contrast of two colours as WCAG defines it, 1 to 21.

    >>> round(contrast("rgb(0, 0, 0)", "#ffffff"), 6), round(contrast("#767676", "#fff"), 2)
    (21.0, 4.54)
    """
    dark, light = sorted(float(XYZ[1] @ linear(color)) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    """Return CIELAB (L*, a*, b*) of linear RGB (3,), for the white of sRGB.

    >>> lab(linear("#ff0000")).round(1).tolist()
    [53.2, 80.1, 67.2]
    """
    shares = XYZ @ rgb / XYZ.sum(axis=1)
    root = np.where(shares > (6 / 29) ** 3, np.cbrt(shares), shares * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def distance(one, other, vision="usual", size=0.25):
    """Return how far apart two colours are, in differences that half of all viewers notice: above 1 most do.

    `size` is that of the marks in degrees of vision: a quarter is a dozen pixels at arm's length. Source: CIELAB with
    each axis divided by its noticeable difference at that size, ND(p, s) = p (A + B/s), of Stone, Szafir and Setlur
    (2014), "An engineering model for color difference as a function of size", CIC 22, pages 253 to 258,
    https://graphics.cs.wisc.edu/Papers/2014/SAS14/2014CIC_48_Stone_v3.pdf. A and B are those of the module d3-jnd,
    which implements the paper. Sizes from 1/3 to 6 degrees were measured: a quarter lies a little outside.

    >>> round(distance("#000000", "#ffffff"), 1), distance("#123456", "#123456")
    (12.4, 0.0)
    """
    noticed = 0.5 * (np.array([10.16, 10.68, 10.70]) + np.array([1.50, 3.08, 5.74]) / size)
    seen = [lab(np.clip(np.array(VISIONS[vision]) @ linear(color), 0, 1)) for color in (one, other)]
    return float(np.linalg.norm((seen[0] - seen[1]) / noticed))
