"""The classic networks, written as specs: count them, trace them, draw them, build them.

Each function returns a tuple of layer specs and names its source. Where a paper leaves something open, or
where a number it prints cannot be reproduced, the docstring says so.

>>> from coursekit import counting
>>> counting.table(lenet5()).parameters
61706
"""

from coursekit.architectures.deep import resnet, vgg
from coursekit.architectures.early import ALEXNET_NEURONS, alexnet, lenet5
from coursekit.architectures.segmentation import unet
from coursekit.architectures.small import (
    brain_classifier,
    convolutional_cifar,
    deeper_brain_classifier,
    dense_cifar,
    texture_brain_classifier,
)

__all__ = [
    "ALEXNET_NEURONS",
    "alexnet",
    "brain_classifier",
    "convolutional_cifar",
    "deeper_brain_classifier",
    "dense_cifar",
    "lenet5",
    "resnet",
    "texture_brain_classifier",
    "unet",
    "vgg",
]
