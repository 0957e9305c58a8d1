"""Support package of the course on convolutional neural networks.

Importing it is cheap: no TensorFlow, no matplotlib, no widgets. Each of these is imported
by one module alone (`models`, `plots`, `explorers`), when a lecture asks for that module.
"""

__version__ = "2026.11"
