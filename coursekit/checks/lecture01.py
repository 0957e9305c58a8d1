"""Exercises of lecture 01, From a neuron to a network."""

import numpy as np

from coursekit.checks.exercise import Exercise, finite_numbers

_X, _W1, _B1 = np.array([1, -2]), np.array([[2, 1], [-1, 1], [1, -1]]), np.array([1, 2, -1])
_W2, _B2 = np.array([4, 2, -1]), 0.7


def _relu(z):
    return np.maximum(z, 0)


def _by_hand(x=_X, b1=_B1, b2=_B2, hidden=_relu):
    return float(_W2 @ hidden(_W1 @ x + b1) + b2)


_GRID = np.linspace(-4, 4, 161)
_PLATEAU = np.interp(_GRID, [-2, -1, 0, 1], [0, 1, 1, 0])


def _sum_of_shares(units, grid=_GRID):
    return sum((v * _relu(w * grid + b) for w, b, v in units), np.zeros_like(grid))


def _plateau_fault(answer):
    """Say where the sum of the shares differs from the plateau, or None."""
    units = finite_numbers(answer)
    if units is None or units.ndim != 2 or units.shape[1] != 3:
        return f"expected a list of units (w, b, v), such as [(1, 1, 1), (1, 0, -2)], received {str(answer)[:80]}"
    wrong = np.abs(_sum_of_shares(units) - _PLATEAU) > 1e-6
    if not wrong.any():
        return None
    place = int(np.argmax(wrong))
    return f"at x = {_GRID[place]:g} the curve is {_PLATEAU[place]:g}, and your shares add up to " + (
        f"{_sum_of_shares(units)[place]:g}"
    )


_RIGHT_UNITS = [(1, 2, 1), (1, 1, -1), (1, 0, -1), (1, -1, 1)]


def _units(change):
    return [change(*unit) for unit in _RIGHT_UNITS]


def _layers(*sizes):
    """Matrices and biases of two layers, (inputs, hidden, outputs), in halves."""
    rng, (n, k, m) = np.random.default_rng(sum(sizes)), sizes
    return tuple(rng.integers(-6, 7, size) / 2 for size in ((k, n), k, (m, k), m))


def _logistic(w, b, X, y, truth=1.0, mean=True, sign=1.0):
    """Loss and slopes; `truth` scales y in the slope, as slips do."""
    margin = y * (X @ w + b)
    s = -sign * truth * y / (1 + np.exp(margin))
    count = len(y) if mean else 1
    return np.log(1 + np.exp(-margin)).sum() / count, s @ X / count, s.sum() / count


def _changed(change):
    """A wrong reference that changes the triple of loss, slope in w and slope in b."""
    return lambda *case: change(*_logistic(*case))


def _of_zero_and_one(w, b, X, y):
    """What comes out where y = -1 is taken for 0: the squared slope's form with the sigmoid of the score."""
    probability = 1 / (1 + np.exp(-(X @ w + b)))
    s = probability - y
    return _logistic(w, b, X, y)[0], s @ X / len(y), s.mean()


def _pictures(count, features, seed):
    rng = np.random.default_rng(seed)
    y = np.where(np.arange(count) % 3 == 0, 1, -1)
    return rng.normal(size=features).round(1), 0.3 * seed, rng.normal(size=(count, features)).round(1), y


EXERCISES = (
    Exercise(
        name="01.by_hand",
        reference=_by_hand,
        misconceptions=(
            ("the ReLU is missing: the negative hidden value becomes 0", lambda: _by_hand(hidden=lambda z: z)),
            (
                "the ReLU cuts off what is negative; it does not turn it around (that would be an absolute value)",
                lambda: _by_hand(hidden=np.abs),
            ),
            ("the biases of the hidden units are missing", lambda: _by_hand(b1=0)),
            ("the bias of the output is missing: add 0.7 at the end", lambda: _by_hand(b2=0)),
            ("the hidden biases are added, not subtracted", lambda: _by_hand(b1=-_B1)),
            ("the ReLU comes after the sum; the inputs themselves stay as they are", lambda: _by_hand(x=_relu(_X))),
            ("the second input is negative: mind its sign", lambda: _by_hand(x=np.abs(_X))),
            (
                "the third weight in W₂ is negative: mind its sign",
                lambda: float(np.abs(_W2) @ _relu(_W1 @ _X + _B1) + _B2),
            ),
            ("these are the three hidden units; the output adds them up with the weights W₂", lambda: [1, 0, 2]),
            (
                "the hidden units are not simply added: each is multiplied by its weight in W₂",
                lambda: float(_relu(_W1 @ _X + _B1).sum() + _B2),
            ),
        ),
    ),
    Exercise(
        name="01.kinks",
        reference=lambda: [0.5, 3.0],
        misconceptions=(
            (
                "two bends meet at −1: add up the changes of slope, v·|w|, that they make there",
                lambda: [-1.0, 0.5, 3.0],
            ),
            (
                "these are all bends; two of them meet at one place, which is listed twice",
                lambda: [-1.0, -1.0, 0.5, 3.0],
            ),
            (
                "these are the bends in the order of the units; at −1 two of them meet: add up what they do there",
                lambda: [-1.0, 0.5, 3.0, -1.0],
            ),
            ("a bend lies where w·x + b = 0, so at −b/w: mind the sign", lambda: [-3.0, -0.5]),
            ("mind the sign of −b/w, and look at what happens where two bends meet", lambda: [-3.0, -0.5, 1.0]),
            ("these are the biases with their signs changed; divide by w", lambda: [-3.0, 1.0]),
            ("the unit (0, 5, 1) is constant: without a slope its line never crosses zero", lambda: [-5.0, 0.5, 3.0]),
            ("a negative weight v bends the output too, only downwards", lambda: [-1.0, 0.5]),
            ("a unit with negative w bends too: its line falls, and crosses zero at 3", lambda: [0.5]),
            ("the list goes in increasing order", lambda: [3.0, 0.5]),
            ("this is the number of kinks; the exercise asks where they are", lambda: 2),
        ),
    ),
    Exercise(
        name="01.plateau",
        judge=_plateau_fault,
        misconceptions=(
            (
                "a unit with w = 1 bends at −b: for a bend at −2 the bias must be 2",
                lambda: _units(lambda w, b, v: (w, -b, v)),
            ),
            ("this is the curve upside down: change the signs of v", lambda: _units(lambda w, b, v: (w, b, -v))),
            ("this is the tent of section 9", lambda: [(1, 1, 1), (1, 0, -2), (1, -1, 1)]),
            ("it rises and never comes down: two bends are missing", lambda: _RIGHT_UNITS[:2]),
            ("it comes down and goes on falling: the last bend, at 1, must stop it", lambda: _RIGHT_UNITS[:3]),
            ("with all v positive the slopes only grow", lambda: _units(lambda w, b, v: (w, b, abs(v)))),
            ("it is twice too high: halve the v", lambda: _units(lambda w, b, v: (w, b, 2 * v))),
            ("the order is (w, b, v), slope, bias, weight", lambda: _units(lambda w, b, v: (v, b, w))),
            ("with w = −1 a unit bends at b, and not at −b", lambda: _units(lambda w, b, v: (-w, b, v))),
        ),
    ),
    Exercise(
        name="01.collapse",
        reference=lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1 + b2),
        cases=(
            (np.array([[1, 2], [0, 1]]), np.array([1, -1]), np.array([[3, 1], [1, 1]]), np.array([0, 2])),
            _layers(4, 3, 2),
            _layers(2, 5, 2),
            _layers(3, 3, 3),
        ),
        misconceptions=(
            (
                "the first layer acts first, so its matrix stands on the right: W2 W1",
                lambda W1, b1, W2, b2: (W1 @ W2 if W1.shape == W2.shape else W2 @ W1, W2 @ b1 + b2),
            ),
            (
                "the second layer multiplies b1, too",
                lambda W1, b1, W2, b2: (W2 @ W1, b1 + b2 if len(b1) == len(b2) else b2),
            ),
            ("the bias of the second layer is missing", lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1)),
            ("the bias of the first layer is missing: W2 carries it along", lambda W1, b1, W2, b2: (W2 @ W1, b2)),
            ("b2 is not multiplied by any matrix: it comes last", lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1 + 2 * b2)),
            ("the matrix is transposed: a row for each output", lambda W1, b1, W2, b2: ((W2 @ W1).T, W2 @ b1 + b2)),
            (
                "the two layers were added; they act one after the other, so multiply",
                lambda W1, b1, W2, b2: (W1 + W2 if W1.shape == W2.shape else W2 @ W1, W2 @ b1 + b2),
            ),
            (
                "there is no ReLU between the layers here: b1 keeps its negative entries",
                lambda W1, b1, W2, b2: (W2 @ W1, W2 @ _relu(b1) + b2),
            ),
            ("this is the matrix alone; return the bias with it, as a pair", lambda W1, b1, W2, b2: W2 @ W1),
            ("bias and matrix have changed places", lambda W1, b1, W2, b2: (W2 @ b1 + b2, W2 @ W1)),
        ),
    ),
    Exercise(
        name="01.logistic",
        reference=_logistic,
        cases=(
            (np.zeros(2), 0, np.array([[1, 2], [3, 4]]), np.array([1, -1])),
            _pictures(4, 2, 1),
            _pictures(7, 3, 2),
            _pictures(5, 6, 3),
        ),
        misconceptions=(
            ("these are sums: divide by the number of pictures", lambda *case: _logistic(*case, mean=False)),
            (
                "the loss is a mean, as its slopes are: divide it by the number of pictures, too",
                lambda *case: (_logistic(*case, mean=False)[0], *_logistic(*case)[1:]),
            ),
            (
                "the loss is a mean, so both slopes are means as well",
                lambda *case: (_logistic(*case)[0], *_logistic(*case, mean=False)[1:]),
            ),
            (
                "the slope in w is a mean over the pictures, as the slope in b is",
                lambda *case: (_logistic(*case)[0], _logistic(*case, mean=False)[1], _logistic(*case)[2]),
            ),
            ("f = Xw + b: b is missing", lambda w, b, X, y: _logistic(w, 0, X, y)),
            (
                "a picture that is classified well has a small slope: mind the sign in the exponential",
                lambda w, b, X, y: (_logistic(w, b, X, y)[0], *_logistic(-w, -b, X, y)[1:]),
            ),
            (
                "a picture that is classified well has a small loss: mind the sign in the exponential",
                lambda w, b, X, y: (_logistic(-w, -b, X, y)[0], *_logistic(w, b, X, y)[1:]),
            ),
            ("the slopes have the wrong sign: the loss falls as y·f grows", lambda *case: _logistic(*case, sign=-1)),
            (
                "the slope of each picture has the factor y: it pulls large and small ones in opposite ways",
                lambda w, b, X, y: (
                    _logistic(w, b, X, y)[0],
                    *((-1 / (1 + np.exp(y * (X @ w + b)))) @ part / len(y) for part in (X, np.ones(len(y)))),
                ),
            ),
            ("this takes y for 0 or 1; here a small nucleus has y = −1", _of_zero_and_one),
            (
                "the slope of f in b is 1, so the slope of the loss in b is the mean of s",
                _changed(lambda loss, by_w, by_b: (loss, by_w, by_w.sum())),
            ),
            (
                "the slopes belong to the squared error; take that of the logistic loss",
                lambda w, b, X, y: _squared(w, b, X, y),
            ),
            ("the order is loss, slope in w, slope in b", _changed(lambda loss, by_w, by_b: (by_w, by_b, loss))),
            ("return all three: the loss is missing", _changed(lambda loss, by_w, by_b: (by_w, by_b))),
            ("return all three: this is the loss alone", _changed(lambda loss, by_w, by_b: loss)),
            ("the logarithm is the natural one, ln", _changed(lambda loss, by_w, by_b: (loss / np.log(2), by_w, by_b))),
            (
                "these are not slopes but steps of size 1 against them",
                _changed(lambda loss, by_w, by_b: (loss, -by_w, by_b)),
            ),
        ),
    ),
)


def _squared(w, b, X, y):
    s = 2 * (X @ w + b - y)
    return _logistic(w, b, X, y)[0], s @ X / len(y), s.mean()
