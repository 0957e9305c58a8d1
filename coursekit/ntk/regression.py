"""Training with a kernel that does not change: an equation that has a solution."""

import numpy as np

from coursekit import arguments


def kernel_regression(kernel, targets, across, start=0.0, start_across=0.0, rate=None, steps=None):
    """Return what a network with a fixed kernel predicts after training, (n',) or (n', outputs).

    `kernel` (n, n) holds K of the training inputs, `targets` (n,) or (n, outputs) their y, `across` (n', n) K between
    new inputs and the training inputs. `start` and `start_across` are the outputs before training, in the shapes of
    `targets` and of the result, or one number. For endless training the prediction is start_across + across K⁻¹ (y −
    start); after `steps` of gradient descent on ½ Σ (f − y)² with learning rate `rate`, each eigenvector of K has been
    learned to the share 1 − (1 − rate · λ)^steps (Lee et al. 2019).

    Raises TypeError or ValueError for other shapes, for a kernel that is not symmetric and positive semi-definite, for
    a rate of 2/λ or more, where descent diverges, and for endless training where K has no inverse.

    >>> kernel_regression(np.eye(2) * 2, [1.0, 3.0], [[2.0, 0.0], [1.0, 1.0]]).tolist()
    [1.0, 2.0]
    >>> kernel_regression(np.eye(1), [1.0], [[1.0]], rate=0.5, steps=2).tolist()    # ½ + ¼
    [0.75]
    """
    values, vectors = _eigen(kernel)
    targets = arguments.array("targets", targets, ndim=(1, 2), dtype=np.float64)
    across = arguments.array("across", across, ndim=2, dtype=np.float64)
    if len(targets) != len(values) or across.shape[1] != len(values):
        raise ValueError(
            f"targets and across must have {len(values)} rows and columns, as kernel has. "
            f"Received: shapes {targets.shape} and {across.shape}"
        )
    start = _beginning("start", start, targets.shape)
    start_across = _beginning("start_across", start_across, (len(across), *targets.shape[1:]))
    missing = vectors.T @ (targets - start)  # along each eigenvector
    learned = _inverse(values) if steps is None and rate is None else _learned(values, rate, steps)
    return start_across + across @ (vectors @ (missing.T * learned).T)


def _eigen(kernel):
    """Return eigenvalues, rounding errors below 0 set to 0, and eigenvectors of a kernel, or raise."""
    kernel = arguments.array("kernel", kernel, ndim=2, dtype=np.float64)
    size = np.abs(kernel).max(initial=0)
    if kernel.shape[0] != kernel.shape[1] or not kernel.size or not np.allclose(kernel, kernel.T, atol=1e-5 * size):
        raise ValueError(f"kernel must be square and symmetric. Received: {arguments.shown(kernel)}")
    values, vectors = np.linalg.eigh((kernel + kernel.T) / 2)
    if values[0] < -1e-5 * size:
        raise ValueError(f"kernel must have no negative eigenvalue. Received: one of {values[0]:.3g}")
    return np.maximum(values, 0), vectors


def _inverse(values):
    """Return 1/λ, or raise where float64 cannot tell an eigenvalue from 0."""
    if values[0] <= len(values) * np.finfo(float).eps * values[-1]:
        raise ValueError(
            f"kernel must have an inverse, or rate and steps be given. Received: eigenvalues from {values[0]:.3g} "
            f"to {values[-1]:.3g}"
        )
    return 1 / values


def _learned(values, rate, steps):
    """Return (1 − (1 − rate · λ)^steps) / λ, whose limit for λ → 0 is rate · steps, or raise."""
    if rate is None or steps is None:
        raise ValueError(f"rate and steps must be given together. Received: rate={rate!r}, steps={steps!r}")
    rate, steps = arguments.real("rate", rate, above=0), arguments.integer("steps", steps, 0)
    if rate * values[-1] >= 2:
        raise ValueError(f"rate must be below {2 / values[-1]:.3g}, else descent diverges. Received: {rate}")
    reached = np.full_like(values, rate * steps)
    large = values > np.finfo(float).eps * values[-1]
    reached[large] = (1 - (1 - rate * values[large]) ** steps) / values[large]
    return reached


def _beginning(name, value, shape):
    value = arguments.array(name, value, dtype=np.float64)
    if value.shape not in ((), shape):
        raise ValueError(f"{name} must be one number or have the shape {shape}. Received: shape {value.shape}")
    return value
