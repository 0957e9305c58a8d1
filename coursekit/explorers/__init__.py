"""Explorers: interactive pictures that compute in the browser, one for each idea that wants to be played with.

Each is a widget (the last line of a cell shows it), works in JupyterLab, Notebook, VS Code and Colab, and needs
no network. Its state is in traits that Python can set and observe; `to_html` makes a page that needs no Python.
"""

from coursekit.explorers.base import Explorer
from coursekit.explorers.convolution_2d import Convolution2D

__all__ = ["Convolution2D", "Explorer"]
