"""What all explorers share: how their JavaScript is put together, arrays as traits, a page without Jupyter."""

import base64
import html
import json
import math
import re
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from coursekit import arguments

FOLDER = Path(__file__).parent


class Real(traitlets.Float):
    """A trait that holds a finite number: NaN passes the bounds of `traitlets.Float`. Raises TraitError for another."""

    def validate(self, owner, value):
        value = super().validate(owner, value)
        if not math.isfinite(value):
            raise traitlets.TraitError(f"{self.name or 'each entry'} must be a finite number. Received: {value}")
        return value


class Array(traitlets.TraitType):
    """A trait that holds a read-only float32 array and travels to the browser as bytes, not as text.

    `ndim` is the number of dimensions, `largest` the greatest length of any. Whoever sets it may give
    nested lists. Raises TraitError for another number of dimensions, an empty array,
    NaN, numbers beyond float32, or a value that is not an array.
    """

    info_text = "an array of numbers"

    def __init__(self, default, ndim, largest=256, **settings):
        super().__init__(**settings)
        self.start, self.ndim, self.largest = default, ndim, largest
        self.tag(sync=True, to_json=lambda value, _: to_browser(value), from_json=lambda value, _: from_browser(value))

    def make_dynamic_default(self):
        return self.validate(None, self.start)

    def validate(self, owner, value):
        try:
            value = arguments.array(self.name or "array", value, ndim=self.ndim)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(str(error)) from None
        if not value.size or max(value.shape) > self.largest:
            raise traitlets.TraitError(
                f"{self.name} must have 1 to {self.largest} entries along each axis. Received: shape {value.shape}"
            )
        with np.errstate(over="ignore"):
            value = np.array(value, np.float32)
        if not np.isfinite(value).all():
            raise traitlets.TraitError(
                f"{self.name} must hold numbers below 3.4e38, as float32 has them. Received: more"
            )
        value.flags.writeable = False  # an edit in place would not reach the browser
        return value

    def set(self, owner, value):
        new, old = self.validate(owner, value), owner._trait_values.get(self.name)
        if old is None or old.shape != new.shape or not np.array_equal(old, new):
            owner._trait_values[self.name] = new
            owner._notify_trait(self.name, old, new)


def to_browser(value):
    """Return an array as a dict that is sent as bytes: {"shape": [2, 3], "data": memoryview of float32}.

    >>> to_browser(np.eye(2, dtype=np.float32))["shape"]
    [2, 2]
    """
    value = np.ascontiguousarray(value, np.float32)
    return {"shape": list(value.shape), "data": memoryview(value).cast("B")}


def as_text(value):
    """Return an array as a dict for a page without Python: {"shape", "base64"}."""
    raw = to_browser(value)
    return {"shape": raw["shape"], "base64": base64.b64encode(raw["data"]).decode()}


def from_browser(value):
    """Return the array that the browser sent as {"shape", "data"}; lists pass unchanged."""
    if not isinstance(value, dict):
        return value
    return np.frombuffer(value["data"], np.float32).reshape(value["shape"])


def module(name):
    """Return the source of one ES module, with the modules of this folder that it imports written into it.

    The browser gets each explorer as a single text, so that nothing has to be fetched. Every imported module
    keeps its names to itself: it becomes a function that returns what it exports.

    >>> "import" in module("convolution_2d.js"), "const shapes_js = (() => {" in module("convolution_2d.js")
    (False, True)
    """
    parts = {}
    last = _linked(name, parts)
    return "\n".join([*parts.values(), last])


_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)


def _linked(name, parts):
    """Return the source of a module with its imports linked; what it imports is added to `parts`, once."""
    source = (FOLDER / name).read_text(encoding="utf-8")
    for _, other in _IMPORT.findall(source):
        if other not in parts:
            body = _linked(f"{other}.js", parts)
            names = ", ".join(_EXPORT.findall(body))
            parts[other] = f"const {other}_js = (() => {{\n{_EXPORT.sub('', body)}\nreturn {{ {names} }};\n}})();"
    return _IMPORT.sub(r"const {\1} = \2_js;", source)


class Explorer(anywidget.AnyWidget):
    """A picture that computes in the browser: Python holds its state, an ES module draws it.

    Every explorer has synced traits in the words of the lecture, which may be set from Python and observed
    (`explorer.observe(function, "stride")`), and properties that compute in Python what the browser shows. `task` is
    the line below its title: what to do with it. It may be given anew, as a question of the lecture for instance.
    """

    _css = (FOLDER / "style.css").read_text(encoding="utf-8")
    title = "Explorer"
    usual_task = ""
    python_only = "To set it from Python, or to give it data of your own,"  # what a page without Python leads away for
    task = traitlets.Unicode().tag(sync=True)
    _own_title = traitlets.Unicode().tag(sync=True)

    @traitlets.default("task")
    def _usual(self):
        return self.usual_task

    @traitlets.default("_own_title")
    def _named(self):
        return self.title

    def __init__(self, **state):
        unknown = sorted(set(state) - set(self.words()))
        if unknown:
            raise TypeError(
                f"{type(self).__name__} has the arguments {', '.join(self.words())}. Received: {', '.join(unknown)}"
            )
        super().__init__(**state)

    @classmethod
    def words(cls):
        """Return the names of the traits that may be given and set, in the order of their definition."""
        own = {}  # anywidget gives each instance a class of its own, so the traits lie in the bases
        for base in reversed(cls.__mro__):
            if issubclass(base, Explorer):
                own.update(vars(base))
        return [
            name for name, value in own.items() if isinstance(value, traitlets.TraitType) and not name.startswith("_")
        ]

    def __repr__(self):
        return f"{self.title}: an interactive picture. Run this cell to start it."

    def to_html(self, title=None):
        """Return a page (a str of HTML) that shows the explorer as it is now, without Jupyter or network.

        Slides embed it. What only Python can answer does not work there.
        """
        heading = html.escape(title or self.title)
        state = json.dumps(self._plain_state()).replace("</", "<\\/")
        return (
            f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{heading}</title>\n'
            f"<style>\n{self._css}</style>\n<body>\n<main></main>\n"
            f'<script type="module">\n{_page_module(self._esm)}\n'
            f'explorer.render({{ model: state_js.localModel({state}), el: document.querySelector("main") }});\n'
            f"</script>\n</body>\n</html>\n"
        )

    def _plain_state(self):
        """Return the state as plain JSON, arrays as base64."""
        state = {}
        for name in self.traits(sync=True):
            if name.startswith("_") and not name.startswith("_own"):
                continue
            if name in ("layout", "tabbable", "tooltip", "comm"):
                continue
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                value = as_text(value)
            state[name] = value
        return state


class Predicting(Explorer):
    """An explorer that can ask first.

    With `predict` the answer stays hidden until the reader commits to a prediction; `right` and `wrong` count them.
    A prediction counts as right when it agrees to two decimals or to one percent; whole numbers must be equal.
    """

    predict = traitlets.Bool(False).tag(sync=True)
    right = traitlets.Int(0, min=0).tag(sync=True)
    wrong = traitlets.Int(0, min=0).tag(sync=True)


def _page_module(source):
    return source.replace("export default", "const explorer =")
