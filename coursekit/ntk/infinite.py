"""The kernel of the two-layer ReLU network when it is infinitely wide, in closed form.

Y. Cho and L. Saul, "Kernel methods for deep learning", NeurIPS 2009: means of products of step functions, and of ReLUs,
over all normally distributed weights depend on the lengths of two inputs and the angle φ between them alone. Their
arc-cosine kernels are 2 E[…]; here the mean E itself is returned, as `ntk.kernel` tends to it.
"""

import numpy as np

from coursekit import arguments
from coursekit.ntk import two_layer


def arc_cosine(x, z=None, degree=1):
    """Return E[s(w · x_i) s(w · z_k)] over normal w with variance 1, shape (n, n'), for inputs (n, d) and (n', d).

    `degree` 0 takes the step function 1(u > 0) for s: (π − φ) / 2π. Degree 1 takes ReLU, max(u, 0):
    |x| |z| (sin φ + (π − φ) cos φ) / 2π. The angle of an input of zeros is undefined: there w · x is 0, and both means
    are 0. Raises TypeError or ValueError for other inputs or another degree.

    >>> arc_cosine([[1.0, 0.0]], [[2.0, 0.0], [0.0, 1.0]], degree=0).round(4).tolist()    # same and square direction
    [[0.5, 0.25]]
    >>> arc_cosine([[1.0, 0.0]], [[2.0, 0.0], [0.0, 1.0]]).round(4).tolist()    # half of 1 · 2, and 1 / 2π
    [[1.0, 0.1592]]
    """
    x = two_layer.points("x", x)
    z = x if z is None else two_layer.points("z", z)
    if z.shape[1] != x.shape[1]:
        raise ValueError(f"z must have {x.shape[1]} numbers an input, as x. Received: {z.shape[1]}")
    degree = arguments.integer("degree", degree, 0, 1)
    lengths = np.linalg.norm(x, axis=1)[:, None] * np.linalg.norm(z, axis=1)
    angle = _angles(x, z)
    if degree == 0:
        return np.where(lengths > 0, (np.pi - angle) / (2 * np.pi), 0)
    return lengths * (np.sin(angle) + (np.pi - angle) * np.cos(angle)) / (2 * np.pi)


def infinite_kernel(x, z=None):
    """Return the neural tangent kernel of the two-layer network at infinite width, (n, n'), for (n, d) and (n', d).

    (x · z) E[1(w·x > 0) 1(w·z > 0)] + E[max(w·x, 0) max(w·z, 0)]: the share of the hidden weights (v² has the mean 1)
    and that of the outer ones. For a network with biases give it `with_ones(x)`, as the network itself.

    >>> infinite_kernel([[3.0, 4.0]]).round(4).tolist()    # half of 25, twice
    [[25.0]]
    """
    x = two_layer.points("x", x)
    z = x if z is None else two_layer.points("z", z)
    return arc_cosine(x, z, 1) + (x @ z.T) * arc_cosine(x, z, 0)


def _angles(x, z):
    """Return the angles between inputs, (n, n'), from 0 to π; exact for equal and for opposite directions.

    Between unit vectors, |a − b| = 2 sin(φ/2) and |a + b| = 2 cos(φ/2). An arc cosine would lose half of the digits
    near 0 and π.
    """
    a, b = (v / np.maximum(np.linalg.norm(v, axis=1, keepdims=True), np.finfo(float).tiny) for v in (x, z))
    apart = np.linalg.norm(a[:, None] - b, axis=2)
    together = np.linalg.norm(a[:, None] + b, axis=2)
    return 2 * np.arctan2(apart, together)
