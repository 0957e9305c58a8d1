"""Pictures drawn by code: every value is known, so that what a filter makes of them can be predicted.

`spectrum` and `spectrum_peak` go the other way: they find a pattern that repeats in given pictures.

Angles are in degrees, counter-clockwise as one sees the picture, and mean the same as in `filters`: the
`orientation` of bars is that of the stripes of a Gabor kernel, the `angle` of an edge that of a soft edge
kernel. Points are measured from the centre of the picture, in pixels.
"""

import math

import numpy as np

from coursekit import arguments

__all__ = ["SHEPP_LOGAN", "bars", "checkerboard", "edge", "shepp_logan", "spectrum", "spectrum_peak"]

# The head phantom: original density, density with Toft's contrast, half axis along the angle, half axis
# across it, centre x, centre y, angle in degrees. The square it is drawn in reaches from -1 to 1. Sources:
# L. A. Shepp and B. F. Logan, "The Fourier reconstruction of a head section", IEEE Transactions on Nuclear
# Science 21 (1974) 21-43, doi 10.1109/TNS.1974.6499235; the second column: P. A. Toft, "The Radon transform:
# theory and implementation", PhD thesis, Technical University of Denmark (1996).
SHEPP_LOGAN = (
    (2.00, 1.0, 0.9200, 0.6900, 0.00, 0.0000, 90),  # skull
    (-0.98, -0.8, 0.8740, 0.6624, 0.00, -0.0184, 90),  # brain
    (-0.02, -0.2, 0.3100, 0.1100, 0.22, 0.0000, 72),  # ventricle at the right
    (-0.02, -0.2, 0.4100, 0.1600, -0.22, 0.0000, 108),  # ventricle at the left
    (0.01, 0.1, 0.2500, 0.2100, 0.00, 0.3500, 90),  # slightly denser tissue, from here on
    (0.01, 0.1, 0.0460, 0.0460, 0.00, 0.1000, 0),
    (0.01, 0.1, 0.0460, 0.0460, 0.00, -0.1000, 0),
    (0.01, 0.1, 0.0460, 0.0230, -0.08, -0.6050, 0),
    (0.01, 0.1, 0.0230, 0.0230, 0.00, -0.6050, 0),
    (0.01, 0.1, 0.0460, 0.0230, 0.06, -0.6050, 90),
)


def checkerboard(square=16, size=128):
    """Return a checkerboard of 0 and 1, float32 (height, width), black at the top left.

    `square` is the side of a square in pixels, `size` that of the picture, an int or a pair (height,
    width); where squares do not fit, the last ones are cut. Raises TypeError or ValueError for anything but a
    positive integer.

    >>> checkerboard(2, size=(3, 6))
    array([[0., 0., 1., 1., 0., 0.],
           [0., 0., 1., 1., 0., 0.],
           [1., 1., 0., 0., 1., 1.]], dtype=float32)
    """
    square = arguments.integer("square", square, minimum=1)
    rows, columns = np.indices(arguments.pair("size", size, minimum=1)) // square
    return ((rows + columns) % 2).astype(np.float32)


def bars(orientation=90, wavelength=16, phase=0, smooth=False, size=128):
    """Return bright bars on black, as broad as the gaps between them: float32 (height, width), 0 to 1.

    `orientation` is the direction in which the bars run, in degrees: 0 for horizontal ones, 90 for upright
    ones, between them they climb to the right. `wavelength` in pixels is the width of a bar and a gap
    together. `phase` in degrees: 0 has the middle of a bar in the centre, 180 that of a gap; growing by
    360 it moves all bars by one wavelength, up if they are horizontal and left if they are upright. So a
    loop over phases is a film of moving bars. `smooth` draws 0.5 + 0.5 cos(2 pi t / wavelength + phase) in
    place of sharp bars, the cosine of `filters.gabor`. `size` is an int or a pair (height, width).
    Raises TypeError or ValueError for any other value; `wavelength` is positive.

    >>> bars(orientation=90, wavelength=4, size=(1, 8))
    array([[1., 0., 0., 1., 1., 0., 0., 1.]], dtype=float32)
    """
    across = _towards(arguments.real("orientation", orientation) - 90, size)
    waves = across / arguments.real("wavelength", wavelength, above=0) + arguments.real("phase", phase) / 360
    if smooth:
        return (0.5 + 0.5 * np.cos(2 * np.pi * waves)).astype(np.float32)
    # Rounding: at right angles the border of a bar must not waver by the last bit of a sine.
    return (np.round(waves + 0.25, 9) % 1 < 0.5).astype(np.float32)


def edge(angle=0, blur=2, size=128):
    """Return one edge from black to white through the centre: float32 (height, width), 0 to 1.

    `angle` is the direction in which it gets brighter, in degrees: 0 to the right (an upright edge), 90
    upwards (a horizontal edge). The profile is 0.5 + 0.5 tanh(t / blur), so that `blur`, in pixels, is the
    distance t from the edge at which 88 % of white are reached; 0 draws a sharp step, with 0.5 on the edge
    itself. `size` is an int or a pair (height, width). Raises TypeError or ValueError for any other
    number; `blur` is not negative.

    >>> edge(angle=0, blur=0, size=(1, 5))
    array([[0. , 0. , 0.5, 1. , 1. ]], dtype=float32)
    """
    if arguments.real("blur", blur) < 0:
        raise ValueError(f"blur must be a finite number of at least 0. Received: {arguments.shown(blur)}")
    along = np.round(_towards(arguments.real("angle", angle), size), 9)  # exactly 0 on the edge, as in bars
    profile = np.tanh(along / blur) if blur else np.sign(along)
    return (0.5 + 0.5 * profile).astype(np.float32)


def shepp_logan(side=128, original=False):
    """Return the Shepp-Logan phantom, a section of a head made of ten ellipses: float32 (side, side), 0 to 1.

    Each pixel is the sum of the densities of the ellipses (`SHEPP_LOGAN`, with its sources) in which its
    middle lies. The usual densities are Toft's, in which the tissues can be told apart by eye. `original`
    takes the published ones instead, halved to lie between 0 and 1: bone 1, brain 0.51, ventricles 0.5, as
    close together as in computed tomography. Raises TypeError or ValueError for a side that is not a positive
    integer.

    >>> shepp_logan(5)
    array([[0. , 0. , 0.2, 0. , 0. ],
           [0. , 0.2, 0.3, 0.2, 0. ],
           [0. , 0.2, 0.2, 0.2, 0. ],
           [0. , 0.2, 0.2, 0.2, 0. ],
           [0. , 0. , 0.2, 0. , 0. ]], dtype=float32)
    """
    side = arguments.integer("side", side, minimum=1)
    x, y = (2 * _towards(direction, side) / side for direction in (0, 90))
    picture = np.zeros((side, side))
    for published, contrast, along, across, x0, y0, angle in SHEPP_LOGAN:
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        u, v = (x - x0) * cos + (y - y0) * sin, (y - y0) * cos - (x - x0) * sin
        picture += (published / 2 if original else contrast) * ((u / along) ** 2 + (v / across) ** 2 <= 1)
    return np.round(picture, 6).astype(np.float32)  # 1 - 0.8 - 0.2 is not quite 0 in binary


def spectrum(pictures):
    """Return (frequencies, power) of pictures along their rows and columns, both float64 (side // 2 + 1,).

    `pictures` is (n, side, side) or (n, side, side, 1), side at least 4. Every row and every column is multiplied
    by a Hann taper, which keeps the borders from leaking, and Fourier transformed; the power is the squared
    modulus, averaged over all of them. Frequencies are in cycles per pixel, from 0 to 1/2. White noise
    of variance 1 has the same power everywhere, 3/8 of the side. Raises TypeError for input that is not a
    numeric array, ValueError for another shape or numbers that are not finite.

    >>> frequencies, power = spectrum(np.tile([[[1.0, 0.0, 0.0, 0.0]]], (1, 16, 4)))    # period 4
    >>> frequencies[[4, 8]], power[2:7].round(1)
    (array([0.25, 0.5 ]), array([0. , 0.5, 2. , 0.5, 0. ]))
    """
    pictures = arguments.array("pictures", pictures, ndim=(3, 4), dtype=np.float64)
    side = pictures.shape[1]
    if not len(pictures) or side < 4 or pictures.shape[1:] not in ((side, side), (side, side, 1)):
        expected = "pictures must have shape (n, side, side) or (n, side, side, 1), n > 0, side at least 4"
        raise ValueError(f"{expected}. Received: shape {pictures.shape}")
    pictures = pictures.reshape(-1, side, side)
    lines = np.concatenate([pictures.reshape(-1, side), pictures.transpose(0, 2, 1).reshape(-1, side)])
    taper = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(side) / side)
    with np.errstate(over="ignore"):
        power = arguments.array("the power of pictures", np.abs(np.fft.rfft(lines * taper)) ** 2)
    return np.fft.rfftfreq(side), power.mean(axis=0)


def spectrum_peak(pictures, period):
    """Return how far the power at 1/period cycles per pixel stands out: a ratio, 1 where nothing stands out.

    The numerator is `spectrum` at that frequency, the denominator its geometric mean at the two nearest
    frequencies on each side that the taper keeps apart (2 and 3 places away; below it alone for a period
    of 2, which is the highest frequency there is). `pictures` is as for `spectrum`; `period` is an integer of
    at least 2 that divides the side, and the side holds at least 8 periods. Raises TypeError or ValueError
    for anything else, ValueError too where the neighbours have no power, as in a constant picture.

    >>> noise = np.random.default_rng(0).normal(size=(50, 32, 32))
    >>> stripes = np.arange(32) % 2    # 0 1 0 1 …
    >>> round(spectrum_peak(noise, 2)), round(spectrum_peak(noise + stripes, 2))
    (1, 4)
    """
    period = arguments.integer("period", period, minimum=2)
    _, power = spectrum(pictures)
    side = np.shape(pictures)[1]
    if side % period or side < 8 * period:
        expected = f"period must divide the side of the pictures, {side}, at least 8 times"
        raise ValueError(f"{expected}. Received: {period}")
    place = side // period
    near = [place + step for step in (-3, -2, 2, 3) if place + step < len(power)]
    if power[near].min() <= 1e-12 * power.max():
        raise ValueError("pictures must have some power beside the frequency 1/period. Received: none there")
    return float(power[place] / np.exp(np.log(power[near]).mean()))


def _towards(angle, size):
    """Return how far each pixel lies from the centre of the picture, measured in the direction `angle`."""
    height, width = arguments.pair("size", size, minimum=1)
    right = np.arange(width) - (width - 1) / 2
    up = (height - 1) / 2 - np.arange(height)[:, np.newaxis]  # rows count downwards
    return right * math.cos(math.radians(angle)) + up * math.sin(math.radians(angle))
