"""Explorer 7: a Keras model of the student's own, taken apart down to single products."""

import base64
from dataclasses import asdict

import numpy as np
import traitlets

from coursekit import arguments
from coursekit.explorers.base import Array, Explorer, module, to_browser


class ExplainModel(Explorer):
    """Every layer's feature maps for one picture, and for each unit how its value comes about.

    `model` is a built Keras model, Sequential or functional, trained or not, with one input: pictures (rows,
    columns, channels) or vectors. `picture` is one input for it. By default both are the brain classifier of
    lecture 09, untrained, and a simulated image. `layer` is the number of the layer that is looked at (0 is the
    picture), `channel`, `row` and `column` the unit in it,
    `input_channel` the channel whose products are shown. With `common_scale` all maps of a layer
    have one colour scale, otherwise each its own.
    Setting `picture` computes all layers anew; after more training, call `refresh`.

    The browser asks for the arrays of a layer when it shows them, so large models do not travel as a whole.
    Raises TypeError for anything but a Keras model, ValueError for a model with several inputs or of another kind,
    and for a picture of another shape than the model takes.
    """

    _esm = module("explain_model.js")
    title = "Explain my model"
    picture = Array([0.0], ndim=None, largest=4096)
    layer = traitlets.Int(0, min=0).tag(sync=True)
    channel = traitlets.Int(0, min=0).tag(sync=True)
    row = traitlets.Int(0, min=0).tag(sync=True)
    column = traitlets.Int(0, min=0).tag(sync=True)
    input_channel = traitlets.Int(0, min=0).tag(sync=True)
    common_scale = traitlets.Bool(True).tag(sync=True)
    _own_steps = traitlets.List().tag(sync=True)
    _own_version = traitlets.Int(0).tag(sync=True)  # counts computations: what the browser keeps of an older one is old

    def __init__(self, model=None, picture=None, **state):
        model = _classifier() if model is None else model
        if picture is None:
            picture = _image(model)
        self._model, self._steps = model, _steps(model, picture)
        super().__init__(picture=self._steps[0].values, **{"layer": min(1, len(self._steps) - 1), **state})
        self._describe()
        self.observe(lambda change: self._compute(change["new"], change["old"]), "picture")
        self.on_msg(self._answer)

    @property
    def steps(self):
        """The layers as `models.steps` gives them: names, settings, values and weights."""
        return self._steps

    @property
    def unit(self):
        """(row, column, channel) of the unit that is looked at, inside the layer's shape."""
        shape = _extent(self._steps[self.layer].values)
        return tuple(min(place, size - 1) for place, size in zip((self.row, self.column, self.channel), shape))

    @property
    def value(self):
        """The value of the unit, as Keras computed it."""
        values = self._steps[self.layer].values
        return float(values.reshape(_extent(values))[self.unit])

    def refresh(self):
        """Compute all layers anew, after the model was trained further or its weights were set."""
        self._compute(self.picture, self.picture)

    @traitlets.validate("layer")
    def _one_of_the_layers(self, proposal):
        return arguments.integer("layer", proposal["value"], 0, len(self._steps) - 1)

    def _compute(self, picture, before):
        try:
            self._steps = _steps(self._model, picture)
        except ValueError:
            self.set_trait("picture", before)  # the model does not take it: keep what is shown
            raise
        self._describe()

    def _describe(self):
        told = [
            {key: value for key, value in asdict(step).items() if key not in ("values", "weights")}
            | {"shape": list(step.values.shape)}
            for step in self._steps
        ]
        self._own_steps = told
        self._own_version += 1

    def _answer(self, _, question, buffers):
        """Send the values and weights of one step, for {"ask": number, "version": count}."""
        number = question.get("ask") if isinstance(question, dict) else None
        if not isinstance(number, int) or not 0 <= number < len(self._steps):
            return
        step = self._steps[number]
        arrays = {"values": step.values, **step.weights}
        shapes = {name: list(array.shape) for name, array in arrays.items()}
        self.send(
            {"answer": number, "version": self._own_version, "shapes": shapes},
            buffers=[to_browser(array)["data"] for array in arrays.values()],
        )

    def _plain_state(self):
        """Return the state with all answers in it, for a page where nobody can be asked."""
        answers = []
        for step in self._steps:
            sent = {name: to_browser(array) for name, array in {"values": step.values, **step.weights}.items()}
            answers.append(
                {
                    name: {"shape": array["shape"], "base64": base64.b64encode(array["data"]).decode()}
                    for name, array in sent.items()
                }
            )
        return super()._plain_state() | {"_own_answers": answers}


def _steps(model, picture):
    from coursekit import models  # brings TensorFlow, which only this explorer needs

    steps = models.steps(model, picture)
    if steps[0].values.ndim not in (1, 3):
        raise ValueError(
            "model must take pictures (rows, columns, channels) or vectors. "
            f"Received: a model that takes the shape {steps[0].values.shape}"
        )
    return steps


def _classifier():
    from coursekit import architectures, models

    models.reproducible(0)
    return models.build(architectures.brain_classifier())


def _image(model):
    from coursekit import calcium

    if getattr(model, "input_shape", None) != (None, 128, 128, 1):
        raise ValueError("picture must be given: one input of the model. Received: None")
    frames, _ = calcium.simulate(1, images=1)
    return frames[0, :, :, np.newaxis]


def _extent(values):
    """Return (rows, columns, channels): a vector is one pixel, a sequence one row."""
    return (1,) * (3 - values.ndim) + np.shape(values)
