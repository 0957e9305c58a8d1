"""Explorers: interactive pictures that compute in the browser, one for each idea that wants to be played with.

Each is a widget (the last line of a cell shows it) for Jupyter, and needs no network; README.md says where each was
tried. Its state is in traits that Python can set and observe; `to_html` makes a page that needs no Python.
"""

from coursekit.explorers.base import Explorer
from coursekit.explorers.convolution_1d import Convolution1D
from coursekit.explorers.convolution_2d import Convolution2D
from coursekit.explorers.explain_model import ExplainModel
from coursekit.explorers.gradient_descent import GradientDescent
from coursekit.explorers.layer_shapes import LayerShapes
from coursekit.explorers.neuron_to_network import NeuronToNetwork
from coursekit.explorers.parameter_counter import ParameterCounter
from coursekit.explorers.real_or_fake import RealOrFake
from coursekit.explorers.receptive_field import ReceptiveField
from coursekit.explorers.transposed_convolution import TransposedConvolution
from coursekit.explorers.way_back import WayBack

__all__ = [
    "Convolution1D",
    "Convolution2D",
    "ExplainModel",
    "Explorer",
    "GradientDescent",
    "LayerShapes",
    "NeuronToNetwork",
    "ParameterCounter",
    "RealOrFake",
    "ReceptiveField",
    "TransposedConvolution",
    "WayBack",
]
