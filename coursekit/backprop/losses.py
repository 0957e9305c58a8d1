"""Losses: each returns the mean over the batch and its gradient with respect to the network's outputs."""

import numpy as np

from coursekit import arguments
from coursekit.backprop.activations import sigmoid
from coursekit.backprop.operands import floating


def squared_loss(outputs, targets):
    """Return (L, dL/doutputs): L is the mean over n examples of ½ Σ (f - y)², its slope (f - y) / n.

    >>> loss, slope = squared_loss([[3.0]], [[1.0]])
    >>> float(loss), slope.tolist()
    (2.0, [[2.0]])
    """
    outputs = floating("outputs", outputs, (1, 2, 3, 4))
    targets = arguments.array("targets", targets, dtype=outputs.dtype)
    _same_shape(outputs, targets)
    error = outputs - targets
    return np.sum(error**2) / (2 * len(error)), error / len(error)


def logistic_loss(scores, labels):
    """Return (L, dL/dscores) for two classes: L is the mean of log(1 + exp(-s)) or log(1 + exp(s)).

    `scores` are logits of any shape, `labels` in the same shape are 1 (first form) or 0 (second). The slope is
    (sigmoid(s) - y) / n, with n the number of scores.

    >>> loss, slope = logistic_loss([0.0, 0.0], [1, 0])
    >>> round(float(loss), 4), slope.tolist()
    (0.6931, [-0.25, 0.25])
    """
    scores = floating("scores", scores)
    labels = arguments.array("labels", labels)
    _same_shape(scores, labels, "labels", "scores")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError(f"labels must be 0 or 1. Received: {arguments.shown(np.unique(labels).tolist())}")
    loss = np.logaddexp(0, np.where(labels == 1, -scores, scores)).mean()
    return loss, (sigmoid(scores) - labels.astype(scores.dtype)) / scores.size


def softmax(scores):
    """Return probabilities (n, classes), each row adding up to 1, of scores (logits) of that shape.

    >>> softmax([[0.0, 0.0], [1000.0, 0.0]]).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    """
    scores = floating("scores", scores, 2)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the shift avoids overflow
    return powers / powers.sum(axis=1, keepdims=True)


def softmax_cross_entropy(scores, labels):
    """Return (L, dL/dscores): L is the mean of -log p of the right class, its slope (p_k - 1(y = k)) / n.

    `scores` are logits (n, classes), `labels` whole numbers (n,) from 0 to classes - 1.

    >>> loss, slope = softmax_cross_entropy([[0.0, 0.0]], [1])
    >>> round(float(loss), 4), slope.tolist()
    (0.6931, [[0.5, -0.5]])
    """
    scores = floating("scores", scores, 2)
    labels = class_labels(labels, *scores.shape)
    n, rows = len(scores), np.arange(len(scores))
    shifted = scores - scores.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, labels])
    slope = softmax(scores)
    slope[rows, labels] -= 1
    return loss, slope / n


def class_labels(labels, n, classes):
    """Return `labels` as an array of `n` whole numbers from 0 to `classes` - 1, or raise.

    >>> class_labels([1, 0], n=2, classes=2)
    array([1, 0])
    """
    labels = arguments.array("labels", labels, ndim=1)
    if not np.issubdtype(labels.dtype, np.integer):
        raise TypeError(f"labels must be whole numbers. Received: {arguments.shown(labels)}")
    if len(labels) != n or labels.min() < 0 or labels.max() >= classes:
        span = f" from {labels.min()} to {labels.max()}" if labels.size else ""
        raise ValueError(
            f"labels must be {n} numbers from 0 to {classes - 1}, one per row of scores. Received: {len(labels)}{span}"
        )
    return labels


def _same_shape(first, second, name="targets", other="outputs"):
    if first.shape != second.shape:
        raise ValueError(f"{name} must have the shape of {other}, {first.shape}. Received: shape {second.shape}")
