"""Layers as plain descriptions: a network is a tuple of specs, from which all its views are made.

A spec says what a layer is and nothing else, so the same tuple can be counted (`counting`), traced for its
receptive fields (`receptive_field`), drawn (`plots`) and built in Keras (`models`):

>>> from coursekit.specs import Conv, Dense, Flatten, Input, Pool
>>> network = (Input((28, 28, 1)), Conv(8, kernel=5, activation="relu"), Pool(2), Flatten(), Dense(10))

A layer reads the one before it. Where it should read others, it names them:

>>> from coursekit.specs import Add
>>> block = (
...     Input((32, 32, 16), name="in"),
...     Conv(16, kernel=3, padding="same", activation="relu"),
...     Conv(16, kernel=3, padding="same", name="residual"),
...     Add(inputs=("in", "residual")),
... )

Shapes are without the batch and have the channels last. `trace` gives each layer its place: name, sources,
shapes; `from_keras` describes a built Keras model in specs.
"""

from coursekit.specs.base import Layer, LayerError
from coursekit.specs.keras_graph import from_keras
from coursekit.specs.pointwise import Activation, Dropout, Norm, PReLU, Rescale, Scale, TrainingOnly
from coursekit.specs.sliding import (
    AdaptivePool,
    Conv,
    ConvTranspose,
    Crop,
    DepthwiseConv,
    Pad,
    Pool,
    Resize,
    SeparableConv,
    Upsample,
)
from coursekit.specs.structure import (
    Add,
    Average,
    Concatenate,
    Dense,
    Flatten,
    GlobalPool,
    Input,
    Maximum,
    Merge,
    Minimum,
    Multiply,
    Permute,
    Reshape,
    Subtract,
)
from coursekit.specs.tracing import Node, trace
from coursekit.specs.words import words

__all__ = [
    "Activation", "AdaptivePool", "Add", "Average", "Concatenate", "Conv", "ConvTranspose", "Crop", "Dense",
    "DepthwiseConv", "Dropout", "Flatten", "GlobalPool", "Input", "Layer", "LayerError", "Maximum", "Merge",
    "Minimum", "Multiply", "Node", "Norm", "PReLU", "Pad", "Permute", "Pool", "Rescale", "Reshape", "Resize",
    "Scale", "SeparableConv", "Subtract", "TrainingOnly", "Upsample", "from_keras", "trace", "words",
]  # fmt: skip
