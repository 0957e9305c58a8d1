"""Figures: arrays → Axes. One palette and one style for lectures, slides and assignments.

Every function takes `ax=None` (or draws a whole figure where it needs many axes), returns the Axes,
and leaves the numbers it drew unchanged. Magnitudes use a perceptually uniform colour map, signed
values one that diverges around zero; colour never carries a meaning alone. Matplotlib is imported in
this package and nowhere else.
"""

from coursekit.plots.pictures import (
    BLUE, FAKE, GREEN, GREY, MAGNITUDE, ORANGE, PURPLE, REAL, SIGNED,
    bars, confusion_matrix, image, images, learning_curves, points, show,
)

__all__ = [
    "BLUE", "FAKE", "GREEN", "GREY", "MAGNITUDE", "ORANGE", "PURPLE", "REAL", "SIGNED",
    "bars", "confusion_matrix", "image", "images", "learning_curves", "points", "show",
]
