"""Explorer 7: a Keras model of the student's own, taken apart down to single products."""

from dataclasses import asdict

import numpy as np
import traitlets

from coursekit import arguments
from coursekit.explorers.base import Array, Explorer, as_text, module, to_browser
from coursekit.explorers.glances import extent, glance, strongest


class ExplainModel(Explorer):
    """Every layer's feature maps for one picture, and for each unit how its value comes about.

    `model` is a built Keras model, Sequential or functional, trained or not, with one input: pictures (rows,
    columns, channels) or vectors. `picture` is one input for it, as it is or as a batch of one; a grey picture may
    lack its last axis. By default both are the brain classifier of
    lecture 09, untrained, and a simulated image. `layer` is the number of the layer that is looked at (0 is the
    picture), `channel`, `row` and `column` the unit in it,
    `input_channel` the channel whose products are shown; at first it is the strongest unit of its layer. `class_names`
    are words for the model's outputs, one each, which then name bars and the five largest. With `common_scale`
    all maps of a layer have one colour scale, otherwise each its own. `show` is "value" or "gradient": the slope of
    one of the model's outputs, number `output` (at first the largest), with respect to each value.
    Setting `picture` computes all layers anew; after more training, call `refresh`.

    The browser asks for the arrays of a layer when it shows them, so large models do not travel as a whole.
    Raises TypeError for anything but a Keras model, ValueError for a model with several inputs or of another kind,
    for a picture of another shape than the model takes, and for gradients of a model whose outputs are not one vector.
    """

    _esm = module("explain_model.js")
    title = "Explain my model"
    usual_task = "Choose a layer, then a unit: see what it reads and how its value comes about."
    python_only = "A model or a picture of your own, and gradients of another output, need Python: for those,"
    picture = Array([0.0], ndim=None, largest=4096)
    layer = traitlets.Int(0, min=0).tag(sync=True)
    channel = traitlets.Int(0, min=0).tag(sync=True)
    row = traitlets.Int(0, min=0).tag(sync=True)
    column = traitlets.Int(0, min=0).tag(sync=True)
    input_channel = traitlets.Int(0, min=0).tag(sync=True)
    common_scale = traitlets.Bool(True).tag(sync=True)
    show = traitlets.Enum(("value", "gradient"), "value").tag(sync=True)
    output = traitlets.Int(0, min=0).tag(sync=True)
    class_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    _own_first = traitlets.Dict().tag(sync=True)  # arrays of the layer shown, so that it is drawn without asking
    _own_steps = traitlets.List().tag(sync=True)
    _own_refusal = traitlets.Unicode("").tag(sync=True)  # why there are no gradients
    _own_outputs = traitlets.Int(1).tag(sync=True)
    _own_output = traitlets.Int(-1).tag(sync=True)  # the output whose gradients the steps hold, -1 for none
    _own_version = traitlets.Int(0).tag(sync=True)  # counts computations: what the browser keeps of an older one is old

    def __init__(self, model=None, picture=None, **state):
        model = _classifier() if model is None else model
        if picture is None:
            picture = _image(model)
        self._model, self._steps = model, _steps(model, picture)
        self._fault, scores = _no_gradient(model), self._steps[-1].values
        start = {"layer": min(1, len(self._steps) - 1), "output": 0 if self._fault else int(scores.argmax())}
        layer = state.get("layer", start["layer"])
        if not {"row", "column", "channel"} & set(state) and isinstance(layer, int) and 0 <= layer < len(self._steps):
            start |= strongest(self._steps[layer].values)
        super().__init__(picture=self._steps[0].values, **{**start, **state})
        self._own_refusal, self._own_outputs = self._fault, 1 if self._fault else scores.size
        if self.show == "gradient":
            self._steps = self._sloped()
        self._describe()
        self.observe(lambda change: self._compute(change["new"], change["old"]), "picture")
        self.observe(lambda change: self._slope(), ["show", "output"])
        self.on_msg(self._answer)

    @property
    def steps(self):
        """The layers as `models.steps` gives them: names, settings, values and weights."""
        return self._steps

    @property
    def unit(self):
        """(row, column, channel) of the unit that is looked at, inside the layer's shape."""
        shape = extent(self._steps[self.layer].values)
        return tuple(min(place, size - 1) for place, size in zip((self.row, self.column, self.channel), shape))

    @property
    def value(self):
        """The value of the unit, as Keras computed it."""
        values = self._steps[self.layer].values
        return float(values.reshape(extent(values))[self.unit])

    @property
    def gradient(self):
        """The slope of output `output` with respect to the unit's value, or None where it cannot be known."""
        slopes = self._sloped()[self.layer].gradient
        return None if slopes is None else float(slopes.reshape(extent(slopes))[self.unit])

    def refresh(self):
        """Compute all layers anew, after the model was trained further or its weights were set."""
        self._compute(self.picture, self.picture)

    @traitlets.validate("layer")
    def _one_of_the_layers(self, proposal):
        return arguments.integer("layer", proposal["value"], 0, len(self._steps) - 1)

    @traitlets.validate("output")
    def _one_of_the_outputs(self, proposal):
        last = 0 if self._fault else self._steps[-1].values.size - 1
        return arguments.integer("output", proposal["value"], 0, last)

    @traitlets.validate("class_names")
    def _one_for_each_output(self, proposal):
        names, outputs = proposal["value"], self._steps[-1].values.size
        if names and len(names) != outputs:
            raise traitlets.TraitError(
                f"class_names must be {outputs}, one for each output of the model. Received: {len(names)}"
            )
        return names

    @traitlets.validate("show")
    def _what_can_be_shown(self, proposal):
        if proposal["value"] == "gradient" and self._fault:
            raise ValueError(self._fault)
        return proposal["value"]

    def _sloped(self):
        """Return the steps with the gradients of the chosen output."""
        return self._steps if self._own_output == self.output else _steps(self._model, self.picture, self.output)

    def _slope(self):
        if self.show == "gradient" and self._own_output != self.output:
            self._steps = self._sloped()
            self._describe()

    def _compute(self, picture, before):
        asked = self.output if self.show == "gradient" else None
        try:
            self._steps = _steps(self._model, picture, asked)
        except ValueError:
            self.set_trait("picture", before)  # the model does not take it: keep what is shown
            raise
        self._describe()

    def _describe(self):
        told = [
            {key: value for key, value in asdict(step).items() if key not in ("values", "weights", "gradient")}
            | {"shape": list(step.values.shape)}
            for step in self._steps
        ]
        shown = {self.layer, *self._steps[self.layer].sources}
        with self.hold_sync():
            self._own_steps = told
            self._own_output = self.output if self.show == "gradient" else -1
            self._own_version += 1
            self._own_first = {
                "version": self._own_version,
                "steps": {
                    str(number): {name: to_browser(array) for name, array in _arrays(self._steps[number]).items()}
                    for number in sorted(shown)
                },
                "glances": [to_browser(glance(step.values)) for step in self._steps],
            }

    def _answer(self, _, question, buffers):
        """Send the values and weights of one step, for {"ask": number, "version": count}."""
        number = question.get("ask") if isinstance(question, dict) else None
        if not isinstance(number, int) or not 0 <= number < len(self._steps):
            return
        step = self._steps[number]
        arrays = _arrays(step)
        shapes = {name: list(array.shape) for name, array in arrays.items()}
        self.send(
            {"answer": number, "version": self._own_version, "shapes": shapes},
            buffers=[to_browser(array)["data"] for array in arrays.values()],
        )

    def _plain_state(self):
        """Return the state with all answers in it, gradients too, for a page where nobody can be asked."""
        answers = []
        for step in self._steps if self._fault else self._sloped():
            answers.append({name: as_text(array) for name, array in _arrays(step).items()})
        glances = [as_text(glance(step.values)) for step in self._steps]
        return super()._plain_state() | {
            "_own_answers": answers,
            "_own_output": -1 if self._fault else self.output,
            "_own_first": {"version": self._own_version, "steps": {}, "glances": glances},
        }


def _arrays(step):
    """Return what the browser gets of a step: its values, weights, and gradient where there is one."""
    slopes = {} if step.gradient is None else {"gradient": step.gradient}
    return {"values": step.values, **step.weights, **slopes}


def _no_gradient(model):
    from coursekit.models.steps import no_gradient

    return no_gradient(model)


def _fitting(model, picture):
    """Return one input of the model: a batch of one without its first axis, a grey picture with its last."""
    wanted = tuple(getattr(model, "input_shape", None) or ())[1:]
    picture = np.asarray(picture)
    grey = len(wanted) == 3 and wanted[-1] == 1
    if (
        wanted
        and picture.shape[:1] == (1,)
        and (picture.ndim == len(wanted) + 1 or (grey and picture.shape[1:] == wanted[:2]))
    ):
        picture = picture[0]
    if grey and picture.ndim == 2:
        picture = picture[..., np.newaxis]
    return picture


def _steps(model, picture, output=None):
    from coursekit import models  # brings TensorFlow, which only this explorer needs

    steps = models.steps(model, _fitting(model, picture), output)
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
