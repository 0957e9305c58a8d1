"""Exercises of lecture 03, How can a handful of numbers look at a whole picture?"""

import numpy as np

from coursekit.checks.exercise import Exercise
from coursekit.convolution import convolve2d, correlate2d

_PICTURE = np.array([[1, 2, 0, 1], [3, 1, 2, 0], [0, 2, 1, 1]])
_KERNEL = np.array([[2, 0], [1, -1]])


def _shifted(picture, down, right, mode="constant"):
    """The picture moved, with zeros (or what `mode` of numpy.pad says) coming in."""
    height, width = picture.shape
    padded = np.pad(picture, ((abs(down), abs(down)), (abs(right), abs(right))), mode)
    top, left = abs(down) - down, abs(right) - right
    return padded[top : top + height, left : left + width]


def _same_size(picture, kernel, boundary="zero"):
    return correlate2d(picture, kernel, padding="same", boundary=boundary)


def _difference(layer, picture, by, back=None):
    """Layer of the picture shifted by `by`, minus the layer's output shifted by `back` (default: `by`)."""
    after = layer(np.roll(picture, by, axis=(0, 1)))
    return after - np.roll(layer(picture), by if back is None else back, axis=(0, 1))


class _Layer:
    """A function with a name that a message can show; the same one when it is copied."""

    def __init__(self, name, function):
        self.name, self.function = name, function

    def __call__(self, picture):
        return self.function(picture)

    def __repr__(self):
        return f"<layer that {self.name}>"

    def __deepcopy__(self, memo):
        return self


_SQUARE = _Layer("squares every pixel", lambda picture: picture**2)
_ROWS = _Layer("multiplies row i by i", lambda picture: picture * np.arange(len(picture))[:, np.newaxis])
_COLUMNS = _Layer("multiplies column j by j", lambda picture: picture * np.arange(picture.shape[1]))
_EDGE = _Layer(
    "takes the mean of 3 x 3 pixels, with zeros around", lambda picture: _same_size(picture, np.full((3, 3), 1 / 9))
)

_SMALL = np.array([[1, 2], [3, 4]])
_OBLONG = np.random.default_rng(3).integers(1, 90, (4, 5))
_SLOPE = np.array([[1.0, 2.0, 4.0], [0.0, -1.0, 1.0], [5.0, 1.0, -3.0], [2.0, 7.0, 0.5]])
_NOISE = np.random.default_rng(5).normal(size=(7, 4))
_TALL = np.random.default_rng(7).normal(size=(5, 3))


EXERCISES = (
    Exercise(
        name="03.by_hand",
        reference=lambda: correlate2d(_PICTURE, _KERNEL),
        misconceptions=(
            (
                "the kernel is turned by 180° here: cross-correlation takes it as it is",
                lambda: convolve2d(_PICTURE, _KERNEL),
            ),
            (
                "rows and columns of the kernel are exchanged: its second row is 1, -1",
                lambda: correlate2d(_PICTURE, _KERNEL.T),
            ),
            ("rows and columns of the output are exchanged", lambda: correlate2d(_PICTURE, _KERNEL).T),
            (
                'the output is as large as the picture: with "valid" no window sticks out',
                lambda: _same_size(_PICTURE, _KERNEL),
            ),
            (
                'the output is larger than the picture: with "valid" no window sticks out',
                lambda: correlate2d(_PICTURE, _KERNEL, padding="full"),
            ),
            (
                "the last weight is minus one: its product is taken away, not added",
                lambda: correlate2d(_PICTURE, np.abs(_KERNEL)),
            ),
            (
                "these are the sums of the windows: multiply by the weights first",
                lambda: correlate2d(_PICTURE, np.ones((2, 2), int)),
            ),
            (
                "the window moves by one pixel at a time, so that windows overlap",
                lambda: correlate2d(_PICTURE, _KERNEL, stride=2),
            ),
        ),
    ),
    Exercise(
        name="03.border_outputs",
        reference=lambda: 102**2 - (102 - 7 + 1) ** 2,
        misconceptions=(
            ("the pixels in the corners are counted twice", lambda: 4 * 3 * 102),
            ("the corners are missing", lambda: 4 * 3 * 96),
            ("these are the outputs that do not depend on invented pixels", lambda: 96**2),
            ("a 7 x 7 window reaches three pixels beyond its middle, not four", lambda: 102**2 - 94**2),
            ("the rim is as deep as the window reaches beyond its middle, not one pixel", lambda: 102**2 - 100**2),
            ("the picture has four sides", lambda: 2 * 3 * 102),
            ("these are the invented pixels; the question is about outputs", lambda: 108**2 - 102**2),
            (
                "the window has its middle on the pixel: it sticks out by three pixels at most, not by six",
                lambda: 102**2 - 90**2,
            ),
        ),
    ),
    Exercise(
        name="03.shift_zero",
        reference=_shifted,
        cases=(
            (_SMALL, 1, 0),
            (_OBLONG, 1, 2),
            (_OBLONG, -2, 1),
            (_OBLONG, 0, -1),
            (_OBLONG, 6, 0),
            (_OBLONG / 8, -1, 2),
            (_OBLONG, 2, -7),
        ),
        misconceptions=(
            (
                "what leaves comes in again on the other side: it should be lost",
                lambda picture, down, right: np.roll(picture, (down, right), (0, 1)),
            ),
            (
                "this moves up and left where it should move down and right",
                lambda picture, down, right: _shifted(picture, -down, -right),
            ),
            (
                "down counts rows, the first axis, and right counts columns",
                lambda picture, down, right: _shifted(picture, right, down),
            ),
            (
                "the border is repeated: what comes in should be 0",
                lambda picture, down, right: _shifted(picture, down, right, "edge"),
            ),
            (
                "negative numbers shift up and left",
                lambda picture, down, right: _shifted(picture, abs(down), abs(right)),
            ),
            ("this moves down only", lambda picture, down, right: _shifted(picture, down, 0)),
        ),
    ),
    Exercise(
        name="03.correlate_same",
        reference=_same_size,
        cases=(
            (np.array([[1, 2, 3]]), np.array([[1, 0, 2]])),
            (_OBLONG, _OBLONG[:3, :3]),
            (_OBLONG, _OBLONG[:1, :5]),
            (_NOISE, _TALL),
            (_NOISE, _TALL[:3, :1]),
        ),
        misconceptions=(
            (
                "the kernel is turned by 180°: cross-correlation takes it as it is",
                lambda picture, kernel: convolve2d(picture, kernel, padding="same"),
            ),
            ("rows and columns of the kernel are exchanged", lambda picture, kernel: _same_size(picture, kernel.T)),
            (
                "the output is smaller than the picture: padding is missing",
                lambda picture, kernel: (
                    correlate2d(picture, kernel)
                    if np.all(np.less_equal(kernel.shape, picture.shape))
                    else np.zeros((0, 0))
                ),
            ),
            (
                "the output is larger than the picture: pad by half the kernel on each side",
                lambda picture, kernel: correlate2d(picture, kernel, padding="full"),
            ),
            (
                "the border is mirrored: the exercise asks for zeros",
                lambda picture, kernel: _same_size(picture, kernel, "symmetric"),
            ),
            (
                "the picture starts again beyond its border: the exercise asks for zeros",
                lambda picture, kernel: _same_size(picture, kernel, "circular"),
            ),
            (
                "this is the mean of the products: the exercise asks for their sum",
                lambda picture, kernel: _same_size(picture, kernel) / kernel.size,
            ),
            (
                "all zeros lie on one side, after the picture: half of them belong before it",
                lambda picture, kernel: correlate2d(
                    picture, kernel, padding=tuple((0, size - 1) for size in kernel.shape)
                ),
            ),
        ),
    ),
    Exercise(
        name="03.equivariance_error",
        reference=lambda layer, picture, down, right: float(np.abs(_difference(layer, picture, (down, right))).max()),
        cases=(
            (_SQUARE, _SLOPE, 1, 1),
            (_ROWS, _SLOPE, 1, 0),
            (_COLUMNS, _SLOPE, 2, 1),
            (_ROWS, _NOISE, -2, 3),
            (_EDGE, _NOISE, 3, 1),
        ),
        misconceptions=(
            (
                "this is the mean of the differences, not the largest",
                lambda layer, picture, down, right: np.abs(_difference(layer, picture, (down, right))).mean(),
            ),
            (
                "a large negative difference is an error too: take absolute values first",
                lambda layer, picture, down, right: _difference(layer, picture, (down, right)).max(),
            ),
            (
                "compare place by place: this compares only the largest values of the two outputs",
                lambda layer, picture, down, right: abs(
                    layer(np.roll(picture, (down, right), (0, 1))).max() - layer(picture).max()
                ),
            ),
            (
                "down counts rows, the first axis, and right counts columns",
                lambda layer, picture, down, right: np.abs(_difference(layer, picture, (right, down))).max(),
            ),
            (
                "the output of the picture has to be shifted too",
                lambda layer, picture, down, right: np.abs(
                    _difference(layer, picture, (down, right), back=(0, 0))
                ).max(),
            ),
            (
                "the output is shifted back, in the opposite direction: shift it as the picture",
                lambda layer, picture, down, right: np.abs(
                    _difference(layer, picture, (down, right), back=(-down, -right))
                ).max(),
            ),
            (
                "shift along both axes: this moves down only",
                lambda layer, picture, down, right: np.abs(_difference(layer, picture, (down, 0))).max(),
            ),
            (
                "np.roll without an axis runs all rows together: give it axis=(0, 1)",
                lambda layer, picture, down, right: np.abs(
                    layer(np.roll(picture, (down, right))) - np.roll(layer(picture), (down, right))
                ).max(),
            ),
            (
                "this is the sum of all differences, not the largest",
                lambda layer, picture, down, right: np.abs(_difference(layer, picture, (down, right))).sum(),
            ),
        ),
    ),
)
