"""The Keras side of the course: specs built as networks, training with progress, looking inside a
model, the GAN.

TensorFlow is imported in this package and nowhere else.
"""

from coursekit.models.building import build
from coursekit.models.steps import Step, steps
from coursekit.models.training import activations, batches, fit, predict, probabilities, reproducible, saliency

__all__ = [
    "Step",
    "activations",
    "batches",
    "build",
    "fit",
    "predict",
    "probabilities",
    "reproducible",
    "saliency",
    "steps",
]
