"""Answers to the exercises of lecture 12, Why do very wide networks hardly move and still learn?"""

import numpy as np

from answers import Answers


def stub(*arguments):
    raise NotImplementedError


def slopes(hidden, outer, x, masked=True, factor=True):
    rows, last = [], []
    for w, v in zip(hidden, outer):
        z = float(np.dot(w, x))
        rows += [(v if factor else 1) * entry * (z > 0 or not masked) for entry in x]
        last.append(z if z > 0 else 0)
    return np.array(rows + last) / len(outer) ** 0.5


def slopes_in_place(hidden, outer, x):
    result = slopes(hidden, outer, x)
    hidden *= 0
    return result


def slopes_unclipped(hidden, outer, x):
    return np.concatenate([slopes(hidden, outer, x)[: hidden.size], hidden @ x / len(outer) ** 0.5])


def slopes_input_by_input(hidden, outer, x):
    row = slopes(hidden, outer, x)
    return np.concatenate([np.ravel(row[: hidden.size].reshape(hidden.shape), order="F"), row[hidden.size :]])


def slopes_with_v_between(hidden, outer, x):
    row = slopes(hidden, outer, x)
    units = np.split(row[: hidden.size], len(outer))
    return np.concatenate([np.append(*both) for both in zip(units, row[hidden.size :])])


def shares(x, z):
    """Both shares of the infinite kernel."""
    product, lengths = x @ z, np.sqrt((x @ x) * (z @ z))
    angle = np.arccos(np.clip(product / lengths, -1, 1))
    rest = np.pi - angle
    return product * rest / (2 * np.pi), lengths * (np.sin(angle) + rest * np.cos(angle)) / (2 * np.pi)


def limit_with(x, z, rest):
    """The infinite kernel with another function of the angle in place of π − φ."""
    product, lengths = x @ z, np.sqrt((x @ x) * (z @ z))
    angle = np.arccos(np.clip(product / lengths, -1, 1))
    part = rest(angle)
    return (product * part + lengths * (np.sin(angle) + part * np.cos(angle))) / (2 * np.pi)


def limit_of(x, z, bound=lambda cosine: np.clip(cosine, -1, 1), turn=lambda angle: angle, factor=1):
    lengths = np.linalg.norm(x) * np.linalg.norm(z)
    with np.errstate(invalid="ignore"):
        angle = turn(np.arccos(bound(x @ z / lengths)))
    second = (np.sin(angle) + (np.pi - angle) * np.cos(angle)) * (lengths if factor else 1)
    return (x @ z * (np.pi - angle) + second) / (2 * np.pi)


def limit_in_place(x, z):
    result = sum(shares(x, z))
    x /= 2
    return result


def regression(k, y, a, f, g):
    return g + a @ np.linalg.inv(k) @ (y - f)


def regression_in_place(k, y, a, f, g):
    y -= f
    return g + a @ np.linalg.solve(k, y)


BANK = {
    "12.kernel_value": Answers(
        solution=12,
        stub=...,
        wrong=(
            (24 / 2**0.5, "comes twice"),
            (24, "1/m is missing"),
            (7.5, "the outer weights are missing, or the factor v²"),
            (4.5, "the hidden weights are missing"),
            (3, "it is squared"),
            (6, "makes 1/m, not 1/m²"),
            (9, "9 is not it"),
            (0, "0 is not it"),
            ("12", "expected a number, received '12'"),
            ((7.5, 4.5), "expected a number, received (7.5, 4.5)"),
        ),
    ),
    "12.feature_map": Answers(
        solution=slopes,
        stub=stub,
        wrong=(
            (lambda w, v, x: slopes(w, v, x) * len(v) ** 0.5, "1/√m is missing"),
            (lambda w, v, x: slopes(w, v, x) / len(v) ** 0.5, "not 1/m"),
            (lambda w, v, x: slopes(w, v, x, masked=False), "a silent ReLU"),
            (slopes_unclipped, "not its input"),
            (lambda w, v, x: np.roll(slopes(w, v, x), len(v)), "hidden weights come first"),
            (lambda w, v, x: slopes(w, v, x, factor=False), "has the factor v"),
            (lambda w, v, x: slopes(w, v, x) * len(v) ** 0.5 / len(x) ** 0.5, "not of inputs"),
            (slopes_input_by_input, "unit by unit"),
            (slopes_with_v_between, "come at the end"),
            (lambda w, v, x: slopes(w, v, x)[: w.size], "received one of shape (4,)"),
            (lambda w, v, x: slopes(w, v, x)[None], "received one of shape (1, 6)"),
            (lambda w, v, x: np.zeros(w.size + v.size), "received [0. 0. 0. 0. 0. 0.]"),
            (lambda w, v, x: -slopes(w, v, x), "expected ["),
            (slopes_in_place, "changed its argument"),
            (lambda w, v, x: None, "is a return missing?"),
        ),
    ),
    "12.infinite_kernel": Answers(
        solution=lambda x, z: sum(shares(x, z)),
        stub=stub,
        wrong=(
            (lambda x, z: shares(x, z)[1], "outer weights alone"),
            (lambda x, z: shares(x, z)[0], "hidden weights alone"),
            (lambda x, z: 2 * sum(shares(x, z)), "not by π"),
            (lambda x, z: shares(x, z)[0] / (x @ z or np.inf) + shares(x, z)[1] + (x @ z == 0) / 4, "x · z is missing"),
            (lambda x, z: limit_with(x, z, lambda angle: angle), "it is π − φ"),
            (lambda x, z: limit_of(x, z, bound=lambda cosine: cosine), "keep it within them"),
            (lambda x, z: limit_of(x, z, turn=np.degrees), "in radians"),
            (lambda x, z: limit_of(x, z, factor=0), "the factor |x| |z|"),
            (lambda x, z: limit_with(x, z, lambda angle: np.pi), "expected"),
            (lambda x, z: float(x @ z), "received 0.0"),
            (lambda x, z: 0.0, "expected 25.0"),
            (lambda x, z: np.outer(x, z), "received"),
            (lambda x, z: [sum(shares(x, z))], "expected a number, received 1 value)"),
            (limit_in_place, "changed its argument"),
            (lambda x, z: None, "is a return missing?"),
        ),
    ),
    "12.kernel_regression": Answers(
        solution=regression,
        stub=stub,
        wrong=(
            (lambda k, y, a, f, g: regression(k, y, a, 0, 0), "are ignored"),
            (lambda k, y, a, f, g: regression(k, y, a, f, 0), "its own output for the new inputs"),
            (lambda k, y, a, f, g: regression(k, y, a, 0, g), "only y minus"),
            (lambda k, y, a, f, g: g + a @ (y - f), "inverse of the kernel is missing"),
            (lambda k, y, a, f, g: g - a @ np.linalg.inv(k) @ (y - f), "the sign"),
            (lambda k, y, a, f, g: g + a @ k @ (y - f), "expected ["),
            (lambda k, y, a, f, g: np.zeros_like(g), "received [0.]"),
            (lambda k, y, a, f, g: f, "received one of shape (2,)"),
            (lambda k, y, a, f, g: g + (y - f) @ np.linalg.inv(k) @ a, "your function raised ValueError"),
            (regression_in_place, "changed its argument"),
            (lambda k, y, a, f, g: None, "is a return missing?"),
        ),
    ),
}
