"""Receptive fields: which pixels of the picture a value deep in a network can depend on.

`table` gives for every layer the size, the stride and the offset of the field; `seen` gives the exact pixels
that one value sees, as a mask. Sources: Araujo, Norris and Sim (2019), "Computing receptive fields of
convolutional neural networks", Distill; the recursion for a window of k pixels, dilated to k', is

    size = size before + (k' - 1) · stride before,    stride = stride before · stride of the layer.

Where branches meet, the field is the smallest interval that holds all of theirs.
"""

from coursekit.receptive_field.fields import FieldTable, Row, table
from coursekit.receptive_field.masks import seen

__all__ = ["FieldTable", "Row", "seen", "table"]
