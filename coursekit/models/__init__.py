"""The Keras side of the course: training with progress, looking inside a model, the GAN.

TensorFlow is imported in this package and nowhere else.
"""

from coursekit.models.training import (
    activations, batches, fit, predict, probabilities, reproducible, saliency,
)

__all__ = ["activations", "batches", "fit", "predict", "probabilities", "reproducible", "saliency"]
