"""Kernels that have names: edge detectors, smoothers, and what the visual cortex is modelled with.

All are meant for `convolution.correlate2d`, which does not flip them. Their origin is the centre entry:
with padding "same" it lies on the pixel that the output replaces. The first row drawn is the upper one.
A *horizontal* edge is a line that runs from left to right, so the brightness changes from top to bottom
across it; across a *vertical* edge it changes from left to right. Scale and sign are said beside each
drawing: "slope" is the change of brightness per pixel.

HORIZONTAL_EDGE: 6 times the slope, positive where it is brighter below. It answers to horizontal edges.

    -1  -1  -1
     0   0   0
     1   1   1

VERTICAL_EDGE: 6 times the slope, positive where it is brighter on the left. It answers to vertical edges.

     1   0  -1
     1   0  -1
     1   0  -1

ALL_EDGES: 9 times the pixel's excess over the mean of its 3 x 3 neighbourhood, positive on what is brighter
than its surroundings; edges of all directions, and noise.

    -1  -1  -1
    -1   8  -1
    -1  -1  -1

SMOOTHING: the mean of the neighbourhood; sum 1, so the brightness stays.

    1/9  1/9  1/9
    1/9  1/9  1/9
    1/9  1/9  1/9

SOBEL_X: 8 times the slope, positive where it gets brighter to the right; vertical edges, smoothed along them
(I. Sobel and G. Feldman, "A 3x3 isotropic gradient operator for image processing", talk at Stanford, 1968).

    -1   0   1
    -2   0   2
    -1   0   1

SOBEL_Y: 8 times the slope, positive where it gets brighter downwards; horizontal edges.

    -1  -2  -1
     0   0   0
     1   2   1

PREWITT_X: 6 times the slope, positive where it gets brighter to the right; vertical edges
(J. M. S. Prewitt, "Object enhancement and extraction", in "Picture processing and psychopictorics", 1970).

    -1   0   1
    -1   0   1
    -1   0   1

PREWITT_Y: 6 times the slope, positive where it gets brighter downwards; horizontal edges.

    -1  -1  -1
     0   0   0
     1   1   1

LAPLACIAN: the sum of the second differences of rows and columns, positive where a pixel is darker than
the mean of its four neighbours, zero on a slope.

     0   1   0
     1  -4   1
     0   1   0

SHARPEN: the pixel minus LAPLACIAN; sum 1, differences to the four neighbours are exaggerated.

     0  -1   0
    -1   5  -1
     0  -1   0

EMBOSS: the picture as a relief, lit from the upper left. It adds 6 times the slope to the right and 6 times
the slope downwards to the brightness, so what rises towards the lower right is lightened; sum 1.

    -2  -1   0
    -1   1   1
     0   1   2

>>> SOBEL_X
array([[-1,  0,  1],
       [-2,  0,  2],
       [-1,  0,  1]])
"""

from types import MappingProxyType

import numpy as np

from coursekit import arguments

__all__ = [
    "ALL_EDGES",
    "EMBOSS",
    "HORIZONTAL_EDGE",
    "LAPLACIAN",
    "NAMED",
    "PREWITT_X",
    "PREWITT_Y",
    "SHARPEN",
    "SMOOTHING",
    "SOBEL_X",
    "SOBEL_Y",
    "VERTICAL_EDGE",
    "gabor",
    "gaussian",
    "gaussian_1d",
    "soft_edge",
]


def _constant(rows):
    kernel = np.array(rows)
    kernel.flags.writeable = False  # one student's edit must not change the kernel for all later cells
    return kernel


HORIZONTAL_EDGE = _constant([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])
VERTICAL_EDGE = _constant([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
ALL_EDGES = _constant([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
SMOOTHING = _constant([[1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9]])
SOBEL_X = _constant([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SOBEL_Y = _constant([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
PREWITT_X = _constant([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
PREWITT_Y = _constant([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])
LAPLACIAN = _constant([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
SHARPEN = _constant([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
EMBOSS = _constant([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])

# Every named kernel under its name in words: NAMED["sobel x"].
NAMED = MappingProxyType(
    {
        "horizontal edge": HORIZONTAL_EDGE,
        "vertical edge": VERTICAL_EDGE,
        "all edges": ALL_EDGES,
        "smoothing": SMOOTHING,
        "sobel x": SOBEL_X,
        "sobel y": SOBEL_Y,
        "prewitt x": PREWITT_X,
        "prewitt y": PREWITT_Y,
        "laplacian": LAPLACIAN,
        "sharpen": SHARPEN,
        "emboss": EMBOSS,
    }
)


def gaussian_1d(size, sigma):
    """Return a bell curve of `size` weights, 1-D float64, symmetric, with sum 1.

    `sigma`, in samples, is the distance from the centre at which the weight has fallen to exp(-1/2).
    Raises TypeError or ValueError unless `size` is an integer of at least 1 and `sigma` is positive.

    >>> gaussian_1d(3, sigma=1).round(3)
    array([0.274, 0.452, 0.274])
    """
    size = arguments.integer("size", size, minimum=1)
    sigma = _length("sigma", sigma)
    offsets = np.arange(size) - (size - 1) / 2
    # Divided by the largest first, so that a narrow bell on an even number of samples is not 0 / 0.
    squares = offsets**2 - np.min(offsets**2)
    weights = np.exp(-squares / (2 * sigma**2))
    return weights / weights.sum()


def gaussian(size, sigma):
    """Return a round Gaussian kernel, float64 (height, width), with sum 1: it keeps the mean brightness.

    `size` is an int or a pair (height, width), `sigma` is in pixels. The kernel is separable: it is the
    outer product of two `gaussian_1d`, so two passes with 2 * size weights do the work of size * size.
    Errors as there.

    >>> gaussian(3, sigma=1).round(3)
    array([[0.075, 0.124, 0.075],
           [0.124, 0.204, 0.124],
           [0.075, 0.124, 0.075]])
    """
    height, width = arguments.pair("size", size, minimum=1)
    return np.outer(gaussian_1d(height, sigma), gaussian_1d(width, sigma))


def soft_edge(size, angle, scale):
    """Return a smooth edge detector, float64 (height, width) between -1 and 1: tanh(t / scale).

    t is the distance in pixels from the centre, measured in the direction `angle`. The angle is in degrees,
    counter-clockwise as one sees the picture: 0 finds what gets brighter to the right (a vertical edge),
    90 what gets brighter upwards (a horizontal edge), 180 the opposite of 0. `scale` in pixels says how
    soft the step is: far below 1 it is a jump from -1 to 1, far above `size` it is an even ramp. The
    entries sum to 0, and the kernel turned by 180 degrees is its own negative.

    Raises TypeError or ValueError unless `size` is an int or a pair of at least 1, and `scale` is positive.

    >>> soft_edge(3, angle=0, scale=1).round(2)
    array([[-0.76,  0.  ,  0.76],
           [-0.76,  0.  ,  0.76],
           [-0.76,  0.  ,  0.76]])
    """
    along, _ = _turned_coordinates(size, "angle", angle)
    return np.tanh(along / _length("scale", scale))


def gabor(size, orientation, wavelength, phase=0, sigma=None, aspect=1):
    """Return a patch of stripes under a Gaussian window, float64 (height, width) between -1 and 1.

    The entry is exp(-(t² + aspect² s²) / (2 sigma²)) * cos(2 pi t / wavelength + phase), where s runs along
    the stripes and t across them, in pixels from the centre. `orientation` is that of the stripes, in
    degrees counter-clockwise as one sees the picture: 0 for horizontal stripes (t points down), 90 for
    vertical ones (t points to the right). `wavelength` in pixels is the width of a bright and a dark
    stripe together. `phase` in degrees: 0 has a bright stripe in the centre, 180 a dark one, -90 an edge
    that gets brighter along t, and 90 one that gets darker. `sigma`, in pixels, is the width of the
    window, 0.56 wavelengths when None: the band of frequencies is then one octave wide at half its
    height, as in many simple cells of the visual cortex. `aspect` below 1 makes the window longer along
    the stripes. The entries sum to 0 for phases of 90 and -90; subtract the mean where that matters.

    Raises TypeError or ValueError unless `wavelength`, `sigma` and `aspect` are positive.
    Source: N. Petkov and P. Kruizinga, "Computational models of visual neurons specialised in the
    detection of periodic and aperiodic oriented visual stimuli: bar and grating cells", Biological
    Cybernetics 76 (1997) 83-96, doi 10.1007/s004220050323.

    >>> gabor((1, 5), orientation=90, wavelength=4).round(2)
    array([[-0.67,  0.  ,  1.  ,  0.  , -0.67]])
    """
    across, along = _turned_coordinates(size, "orientation", orientation, offset=-90)
    wavelength = _length("wavelength", wavelength)
    sigma = 0.56 * wavelength if sigma is None else _length("sigma", sigma)
    aspect = _length("aspect", aspect)
    shift = np.radians(arguments.real("phase", phase))
    window = np.exp(-(across**2 + (aspect * along) ** 2) / (2 * sigma**2))
    return window * np.cos(2 * np.pi * across / wavelength + shift)


def _length(name, value):
    """Return a positive number within bounds; beyond them a kernel is as at them, and a square is 0 or infinite."""
    return min(max(arguments.real(name, value, above=0), 1e-70), 1e70)


def _turned_coordinates(size, name, angle, offset=0):
    """Return how far each entry lies towards `angle + offset` degrees from the centre, and to its left."""
    height, width = arguments.pair("size", size, minimum=1)
    direction = np.radians(arguments.real(name, angle) + offset)
    up = (height - 1) / 2 - np.arange(height)[:, np.newaxis]  # rows count downwards
    right = np.arange(width) - (width - 1) / 2
    cosine, sine = np.cos(direction), np.sin(direction)
    return right * cosine + up * sine, up * cosine - right * sine
