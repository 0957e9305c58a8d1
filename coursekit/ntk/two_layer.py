"""A two-layer ReLU network in NumPy with its feature map, its kernel and its training, all in float64.

f(x) = (1/√m) Σ_j v_j max(w_j · x, 0), where m is the width. All weights begin as draws from the normal distribution
with variance 1; the factor 1/√m keeps f, and the kernel, of the same size at every width (Jacot et al. 2018; Lee et
al., "Wide neural networks of any depth evolve as linear models under gradient descent", NeurIPS 2019). A bias is a
weight on an input that is always 1: `with_ones`.
"""

from typing import NamedTuple

import numpy as np

from coursekit import arguments


class TwoLayer(NamedTuple):
    """The parameters of a network: `hidden` (m, d) holds the rows w_j, `outer` (m,) the numbers v_j."""

    hidden: np.ndarray
    outer: np.ndarray

    @property
    def vector(self):
        """All parameters in one row, (m·d + m,): the hidden ones row by row, then the outer ones."""
        return np.concatenate([self.hidden.ravel(), self.outer])


def start(width, inputs, seed=0):
    """Return a TwoLayer of `width` hidden units for `inputs` numbers, drawn from the standard normal distribution.

    Raises TypeError or ValueError for sizes below 1 and for a seed that is not an integer of at least 0.

    >>> start(width=3, inputs=2).hidden.shape
    (3, 2)
    """
    width, inputs = arguments.integer("width", width, 1), arguments.integer("inputs", inputs, 1)
    rng = np.random.default_rng(arguments.integer("seed", seed, 0))
    return TwoLayer(rng.normal(size=(width, inputs)), rng.normal(size=width))


def with_ones(x):
    """Return inputs (n, d) with a column of ones behind, (n, d + 1): its weights are the biases.

    >>> with_ones([[2.0], [3.0]]).tolist()
    [[2.0, 1.0], [3.0, 1.0]]
    """
    x = points("x", x)
    return np.hstack([x, np.ones((len(x), 1))])


def output(network, x):
    """Return f(x), shape (n,), for inputs `x` (n, d).

    >>> output(TwoLayer(np.array([[1.0], [-1.0]]), np.array([2.0, 5.0])), [[3.0]]).round(4).tolist()    # 2 · 3 / √2
    [4.2426]
    """
    network, x = _checked(network, x)
    return np.maximum(x @ network.hidden.T, 0) @ network.outer / np.sqrt(len(network.outer))


def features_loop(network, x):
    """Return what `features` returns, computed unit by unit as with a pencil."""
    network, x = _checked(network, x)
    root, rows = np.sqrt(len(network.outer)), []
    for point in x:
        to_hidden, to_outer = [], []
        for w, v in zip(network.hidden, network.outer):
            z = w @ point
            to_hidden.extend(v * point / root if z > 0 else 0 * point)
            to_outer.append(max(z, 0) / root)
        rows.append(to_hidden + to_outer)
    return np.array(rows)


def features(network, x):
    """Return ∇f(x), the slopes of the output with respect to every parameter, (n, m·d + m), in the order of `vector`.

    ∂f/∂w_j = v_j 1(w_j · x > 0) x / √m and ∂f/∂v_j = max(w_j · x, 0) / √m. At a kink (w_j · x = 0) the slope is
    taken as 0, as TensorFlow does. `x` is (n, d). Raises TypeError or ValueError for another network or other inputs.

    >>> net = TwoLayer(np.array([[1.0], [-1.0]]), np.array([2.0, 5.0]))
    >>> (features(net, [[3.0]]) * np.sqrt(2)).round(4).tolist()    # to w_1, w_2, v_1, v_2
    [[6.0, 0.0, 3.0, 0.0]]
    """
    network, x = _checked(network, x)
    z = x @ network.hidden.T  # (n, m)
    to_hidden = ((z > 0) * network.outer)[:, :, None] * x[:, None, :]  # (n, m, d)
    return np.hstack([to_hidden.reshape(len(x), -1), np.maximum(z, 0)]) / np.sqrt(len(network.outer))


def kernel_loop(network, x, z=None):
    """Return what `kernel` returns: for each pair, the sum of the products of all slopes."""
    left = features_loop(network, x)
    right = left if z is None else features_loop(network, z)
    return np.array([[sum(a * b) for b in right] for a in left])


def kernel(network, x, z=None):
    """Return the neural tangent kernel K[i, k] = ∇f(x_i) · ∇f(z_k), shape (n, n'), of inputs (n, d) and (n', d).

    Without `z` it is the square, symmetric kernel of `x` with itself. The slopes are never stored: the hidden
    weights add (x · z) Σ_j v_j² 1(both units fire) / m, the outer ones Σ_j max(w_j · x, 0) max(w_j · z, 0) / m.
    Raises TypeError or ValueError for another network or other inputs.

    >>> net = TwoLayer(np.array([[1.0], [-1.0]]), np.array([2.0, 5.0]))
    >>> kernel(net, [[3.0], [-1.0]]).round(4).tolist()    # (6² + 3²) / 2, (5² + 1²) / 2, and nothing in common
    [[22.5, 0.0], [0.0, 13.0]]
    """
    network, x = _checked(network, x)
    z = x if z is None else _checked(network, z, "z")[1]
    left, right = x @ network.hidden.T, z @ network.hidden.T
    both = ((left > 0) * network.outer**2) @ (right > 0).T
    return ((x @ z.T) * both + np.maximum(left, 0) @ np.maximum(right, 0).T) / len(network.outer)


def train(network, x, y, rate, steps, scale=None):
    """Return the TwoLayer after `steps` of gradient descent on ½ Σ (F(x) − y)²; the given one is left as it is.

    F is the output f. With a `scale` α, also with α = 1, F = α (f − f at the start), and the loss is divided by α²: a
    large α makes training lazy, a small one makes it move the weights far (Chizat, Oyallon, Bach, "On lazy training in
    differentiable programming", NeurIPS 2019). `x` is (n, d), `y` (n,), `rate` the learning rate.

    Raises TypeError or ValueError for other arguments, FloatingPointError where the rate is so large that the weights
    grow beyond all bounds.

    >>> net = start(width=50, inputs=2)
    >>> output(train(net, [[1.0, 0.0]], [3.0], rate=0.5, steps=60), [[1.0, 0.0]]).round(4).tolist()
    [3.0]
    """
    network, x = _checked(network, x)
    y = targets("y", y, len(x))
    rate = arguments.real("rate", rate, above=0)
    root, (hidden, outer) = np.sqrt(len(network.outer)), network
    begin = 0.0 if scale is None else output(network, x)
    scale = 1.0 if scale is None else arguments.real("scale", scale, above=0)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(arguments.integer("steps", steps, 0)):
            z = x @ hidden.T
            fired = np.maximum(z, 0)
            error = (scale * (fired @ outer / root - begin) - y) / scale  # (n,)
            to_outer = fired.T @ error / root
            to_hidden = ((z > 0) * error[:, None] * outer).T @ x / root
            hidden, outer = hidden - rate * to_hidden, outer - rate * to_outer
    if not (np.isfinite(hidden).all() and np.isfinite(outer).all()):
        raise FloatingPointError(f"the weights grew beyond all bounds: rate must be smaller. Received: {rate}")
    return TwoLayer(hidden, outer)


def flipped(before, after, x):
    """Return the share, from 0 to 1, of ReLUs that two networks of one size switch differently on inputs `x` (n, d).

    >>> one = TwoLayer(np.array([[1.0], [1.0]]), np.ones(2))
    >>> flipped(one, one._replace(hidden=np.array([[1.0], [-1.0]])), [[2.0]])
    0.5
    """
    before, x = _checked(before, x)
    after, _ = _checked(after, x)
    if before.hidden.shape != after.hidden.shape:
        raise ValueError(
            f"after must have the width of before, {len(before.outer)}. Received: width {len(after.outer)}"
        )
    return float(np.mean((x @ before.hidden.T > 0) != (x @ after.hidden.T > 0)))


def points(name, x):
    """Return inputs as a float64 array (n, d) with at least one entry, or raise."""
    x = arguments.array(name, x, ndim=2, dtype=np.float64)
    if not x.size:
        raise ValueError(f"{name} must hold at least one input of at least one number. Received: shape {x.shape}")
    return x


def targets(name, y, count):
    """Return `y` as float64 (count,), or raise."""
    y = arguments.array(name, y, ndim=1, dtype=np.float64)
    if len(y) != count:
        raise ValueError(f"{name} must have one number for each of the {count} inputs. Received: {len(y)}")
    return y


def _checked(network, x, name="x"):
    """Return both in float64 if they fit together, or raise."""
    if not isinstance(network, tuple) or len(network) != 2:
        raise TypeError(f"network must be a TwoLayer, as from ntk.start. Received: {arguments.shown(network)}")
    hidden = points("hidden", network[0])
    outer = targets("outer", network[1], len(hidden))
    x = points(name, x)
    if x.shape[1] != hidden.shape[1]:
        raise ValueError(f"{name} must have {hidden.shape[1]} numbers an input, as network. Received: {x.shape[1]}")
    return TwoLayer(hidden, outer), x
