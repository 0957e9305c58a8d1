"""Figures: arrays → Axes. One palette and one style for lectures, slides and assignments.

Every function takes `ax=None` (or draws a whole figure where it needs many axes), returns the Axes,
and leaves the numbers it drew unchanged. Magnitudes use a perceptually uniform colour map, signed
values one that diverges around zero; colour never carries a meaning alone. Matplotlib is imported in
this package and nowhere else.
"""

from coursekit.plots.costs import bubbles, costs
from coursekit.plots.curves import curves, paths, signals
from coursekit.plots.fields import cone, fields, pyramid
from coursekit.plots.filtering import directions, filtered, photographs, tuning_curves
from coursekit.plots.framing import framed, pairs, steps, zoom
from coursekit.plots.grids import grid, grids
from coursekit.plots.networks import plan
from coursekit.plots.neurons import plane
from coursekit.plots.pictures import (
    BLUE,
    FAKE,
    GREEN,
    GREY,
    MAGNITUDE,
    ORANGE,
    PURPLE,
    REAL,
    SIGNED,
    bars,
    confusion_matrix,
    image,
    images,
    learning_curves,
    points,
    show,
)
from coursekit.plots.stacks import layer_stacks, stacks
from coursekit.plots.strides import placing, placings
from coursekit.plots.wiring import wiring, wirings

__all__ = [
    "BLUE",
    "FAKE",
    "GREEN",
    "GREY",
    "MAGNITUDE",
    "ORANGE",
    "PURPLE",
    "REAL",
    "SIGNED",
    "bars",
    "bubbles",
    "cone",
    "confusion_matrix",
    "costs",
    "curves",
    "directions",
    "fields",
    "filtered",
    "framed",
    "grid",
    "grids",
    "image",
    "images",
    "layer_stacks",
    "learning_curves",
    "pairs",
    "paths",
    "photographs",
    "placing",
    "placings",
    "plan",
    "plane",
    "points",
    "pyramid",
    "show",
    "signals",
    "stacks",
    "steps",
    "tuning_curves",
    "wiring",
    "wirings",
    "zoom",
]
