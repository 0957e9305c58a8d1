"""Exercises of lecture 04, Edge filters."""

import numpy as np

from coursekit.checks.exercise import Exercise, finite_numbers
from coursekit.convolution import convolve2d, correlate2d

_KERNELS = ("HORIZONTAL_EDGE", "VERTICAL_EDGE", "ALL_EDGES", "SOBEL_X")
_LINES = {
    "/": [(2, 0), (1, 1), (0, 2)],
    "—": [(1, 0), (1, 1), (1, 2)],
    "|": [(0, 1), (1, 1), (2, 1)],
    "\\": [(0, 0), (1, 1), (2, 2)],
}


def _ramp_fault(answer):
    """What is wrong with four responses to a ramp that rises by 5 a column and 2 a row, or None."""
    values = finite_numbers(answer)
    if values is None or values.shape != (4,):
        return f"expected a list of four numbers, received {answer!r}"
    expected = (6 * 2, -6 * 5, 0, 8 * 5)
    wrong = [name for name, got, right in zip(_KERNELS, values, expected) if abs(got - right) > 1e-6]
    return f"not right yet: {', '.join(wrong)}" if wrong else None


def _diagonal_fault(answer):
    """What is wrong with a kernel that should answer to bright lines that climb to the right, or None."""
    kernel = finite_numbers(answer)
    if kernel is None or kernel.shape != (3, 3):
        return "expected 3 x 3 numbers, three rows of three"
    if not kernel.any():
        return "a kernel of zeros answers 0 to everything"
    if abs(kernel.sum()) > 1e-6:
        return f"an even area of brightness 1 gives {kernel.sum():g}: the weights must add up to 0"
    heard = {line: sum(kernel[place] for place in places) for line, places in _LINES.items()}
    return _line_fault(heard)


def _line_fault(heard):
    """What is wrong with the responses to the four lines, or None."""
    wanted, others = heard["/"], {line: value for line, value in heard.items() if line != "/"}
    if heard["\\"] > max(wanted, 1e-6) and heard["\\"] == max(heard.values()):
        return "a line \\ gives more than a line /: the first row of a kernel is the upper one"
    if abs(wanted) < 1e-6 and max(map(abs, others.values())) < 1e-6:
        return "every line through the centre gives 0: an edge has two sides, a line has three parts"
    if abs(wanted) < 1e-6:
        return "a line / through the centre gives 0: positive and negative weights cancel along it"
    if wanted < 0 and -wanted >= 2 * max(map(abs, others.values())):
        return f"a bright line / gives {wanted:g}: this kernel answers to dark lines"
    for line, value in others.items():
        if value > wanted / 2 + 1e-9:
            return f"a line {line} gives {value:g}, more than half of what a line / gives, {wanted:g}"
    return None


def _separable(image, column, row):
    return correlate2d(image, np.outer(column, row))


def _across(image, row, **settings):
    return correlate2d(image, np.asarray(row)[np.newaxis], **settings)


def _down(image, column, **settings):
    return correlate2d(image, np.asarray(column)[:, np.newaxis], **settings)


def _arrow(orientations, responses):
    """The sum of arrows in twice the direction of each orientation, a complex number."""
    return np.sum(np.asarray(responses) * np.exp(2j * np.radians(orientations)))


def _preferred(orientations, responses):
    return float(np.degrees(np.angle(_arrow(orientations, responses))) / 2 % 180)


def _preferred_fault(orientations, responses, answer):
    """What is wrong with a preferred orientation in degrees, or None; 0 and 180 are neighbours."""
    value = finite_numbers(answer)
    if value is None or value.ndim:
        return f"expected one number in degrees, received {answer!r}"
    expected = _preferred(orientations, responses)
    apart = (value - expected + 90) % 180 - 90
    if abs(apart) < 1e-4 and -1e-4 < value < 180 + 1e-4:
        return None
    return f"expected {round(expected, 3) % 180:g} degrees, received {value:.6g}"


def _curve(preferred, sharpness, offset=0.2):
    """A tuning curve on 11 of 12 orientations, so that the orientations themselves prefer one."""
    orientations = np.array([0, 15, 45, 60, 75, 90, 105, 120, 135, 150, 165])
    return orientations, offset + np.exp(sharpness * np.cos(2 * np.radians(orientations - preferred)))


_RNG = np.random.default_rng(4)
_PICTURES = (
    (np.array([[1, 2], [3, 4]]), np.array([1, 10]), np.array([1, 0])),
    (np.arange(20).reshape(4, 5) ** 2, np.array([1, 2, 4]), np.array([-1, 3])),
    (_RNG.normal(size=(7, 9)), _RNG.normal(size=2), _RNG.normal(size=4)),
    (_RNG.normal(size=(6, 6)), _RNG.normal(size=3), _RNG.normal(size=3)),
)
_CURVES = (
    (np.array([10, 170]), np.array([1.0, 1.0])),
    (np.array([0, 45]), np.array([1.0, 1.0])),
    (np.array([20, 60, 150]), np.array([3.0, 1.0, 0.5])),
    _curve(52, 2),
    _curve(127, 1),
    _curve(172, 3),
)

EXERCISES = (
    Exercise(
        name="04.ramp",
        judge=_ramp_fault,
        misconceptions=(
            (
                "VERTICAL_EDGE has its positive column on the left: it is positive where it is brighter there",
                lambda: [12, 30, 0, 40],
            ),
            (
                "kernels are not flipped here: in rows, the last one is the lower one, and it is brighter",
                lambda: [-12, 30, 0, -40],
            ),
            (
                "a horizontal edge is a change from top to bottom, a vertical one from left to right",
                lambda: [30, -12, 0, 16],
            ),
            ("the two outer rows, or columns, are two steps apart, not one", lambda: [6, -15, 0, 20]),
            ("the weights stand in three columns, or rows: add up all three", lambda: [4, -10, 0, 10]),
            ("the middle row of SOBEL_X counts twice", lambda: [12, -30, 0, 30]),
            (
                "ALL_EDGES compares with the mean of all neighbours, and on an even slope these balance",
                lambda: [12, -30, 7, 40],
            ),
            ("a difference on one side only: the neighbours on both sides count", lambda: [6, -15, 7, 20]),
        ),
    ),
    Exercise(name="04.diagonal", judge=_diagonal_fault),
    Exercise(
        name="04.separable",
        cases=_PICTURES,
        reference=_separable,
        misconceptions=(
            ("column and row are exchanged: the column runs down the picture", lambda x, c, r: _separable(x, r, c)),
            (
                "this is a convolution: both are turned round; correlate instead",
                lambda x, c, r: convolve2d(x, np.outer(c, r)),
            ),
            ("this is the pass along the rows alone", lambda x, c, r: _across(x, r)),
            ("this is the pass down the columns alone", lambda x, c, r: _down(x, c)),
            (
                "this is padded to the size of the picture; the exercise asks for no padding",
                lambda x, c, r: correlate2d(x, np.outer(c, r), padding="same"),
            ),
            (
                "the second pass must take what the first one gave; you add two passes over the picture",
                lambda x, c, r: _across(x, r)[len(c) - 1 :] + _down(x, c)[:, len(r) - 1 :],
            ),
        ),
    ),
    Exercise(
        name="04.preferred_orientation",
        cases=_CURVES,
        judge=_preferred_fault,
        tolerance=1e-4,
        misconceptions=(
            (
                "this is an ordinary mean, weighted with the responses: 170° and 10° would give 90°",
                lambda o, r: float(np.sum(o * r) / np.sum(r)),
            ),
            (
                "this takes the arrows at the orientations themselves: double the angles first",
                lambda o, r: float(np.degrees(np.angle(np.sum(r * np.exp(1j * np.radians(o)))))) % 180,
            ),
            ("halve the direction of the sum at the end", lambda o, r: 2 * _preferred(o, r)),
            ("this is the orientation with the highest response: use all of them", lambda o, r: float(o[np.argmax(r)])),
            (
                "the lengths of the arrows are missing: weigh them with the responses",
                lambda o, r: _preferred(o, np.ones(len(r))),
            ),
            ("this is in radians", lambda o, r: np.radians(_preferred(o, r))),
            (
                "an orientation lies from 0 to 180 degrees: bring negative ones there with % 180",
                lambda o, r: (_preferred(o, r) + 90) % 180 - 90,
            ),
            (
                "np.arctan of a quotient cannot tell an arrow from its opposite: take np.arctan2(y, x)",
                lambda o, r: float(np.degrees(np.arctan(_arrow(o, r).imag / _arrow(o, r).real)) / 2 % 180),
            ),
            (
                "np.exp, np.cos and np.sin take radians: convert the degrees",
                lambda o, r: float(np.degrees(np.angle(np.sum(r * np.exp(2j * o))))) / 2 % 180,
            ),
        ),
    ),
)
