"""The neural tangent kernel: how alike two inputs are in the eyes of a network that is about to be trained.

The kernel of a network with output f and parameters θ is K(x, z) = ∇f(x) · ∇f(z), where ∇ holds the slopes of f with
respect to every parameter (Jacot, Gabriel, Hongler, "Neural tangent kernel", NeurIPS 2018, arXiv 1806.07572).

A two-layer ReLU network in NumPy (`start`, `output`, `features`, `kernel`, `train`), the kernel that it tends to as
it grows wider (`infinite_kernel`), what training becomes when the kernel stays (`kernel_regression`), and, by automatic
differentiation, the same for any Keras model (`model_features`). TensorFlow is imported only when that is called.
"""

from coursekit.ntk.infinite import arc_cosine, infinite_kernel
from coursekit.ntk.regression import kernel_regression
from coursekit.ntk.two_layer import (
    TwoLayer,
    features,
    features_loop,
    flipped,
    kernel,
    kernel_loop,
    output,
    start,
    train,
    with_ones,
)

__all__ = [
    "TwoLayer",
    "arc_cosine",
    "features",
    "features_loop",
    "flipped",
    "infinite_kernel",
    "kernel",
    "kernel_loop",
    "kernel_regression",
    "model_features",
    "output",
    "start",
    "train",
    "with_ones",
]


def model_features(model, x, output=0):
    """Return ∇f of a Keras model for inputs x; see `coursekit.ntk.automatic.model_features`."""
    from coursekit.ntk import automatic

    return automatic.model_features(model, x, output)
