"""Networks that are trained once and kept in a file: for work that goes on another day, and to be handed in."""

import json
import re
import zipfile
from pathlib import Path

from coursekit import arguments
from coursekit.models import training
from coursekit.models.backend import keras

MOST_BYTES = 20_000_000
_CURVES = "learning_curves.json"  # an entry of ours in the file, which Keras passes over
_read = set()  # the files that this process has read or written


def trained(path, build, train, validation=None, epochs=2, batch_size=32, seed=0, progress=True):
    """Return (model, learning curves): the network that `build()` makes, trained, from its file if it has one.

    The network and its curves, as `coursekit.models.fit` returns them, are kept in the file `path`, which ends
    in .keras. If that file is there when it is asked for the first time in a kernel, the network in it is
    returned, and nothing is trained: that is how work goes on after a restart, and how a homework is graded. Asked
    for again, or where the file's network has weights of other shapes than `build()`'s, it is trained anew
    from the seed on. A file that a browser or a platform has renamed ("first-1.keras", "first (1).keras") is found.

    `build` is a function without arguments that returns a compiled network; the other arguments are those of
    `fit`. Raises ValueError for a file that is not a network stored by Keras, holds code (Lambda layers are not
    read) or is larger than 20 MB, and what `fit` raises.

    >>> import tempfile
    >>> def build():
    ...     model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    ...     model.compile("adam", "mse")
    ...     return model
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     model, curves = trained(Path(folder, "my.keras"), build, ([[0.0, 1.0]], [[1.0, 0.0]]), progress=False)
    >>> model.count_params(), len(curves["loss"])
    (6, 2)
    """
    path = _checked(path)
    if not callable(build):
        raise TypeError(f"build must be a function that returns a network. Received: {arguments.shown(build)}")
    found = _newest(path)
    first = path.resolve() not in _read
    _read.add(path.resolve())
    if found and first:
        model, curves = load(found)
        if _shapes(model) == _shapes(build()):
            return model, curves
    training.reproducible(seed)
    model = build()
    if not isinstance(model, keras.Model):
        raise TypeError(f"build must return a Keras model. Received: {arguments.shown(model)}")
    curves = training.fit(model, train, validation, epochs, batch_size, seed, progress)
    save(path, model, curves)
    return model, curves


def save(path, model, curves=None):
    """Write a network and its learning curves to `path`, whole or not at all; without the optimiser's memory.

    Raises ValueError for a network of more than 20 MB, which is too large to be handed in.
    """
    path = _checked(path)
    part = path.with_name(f"{path.stem}.part.keras")
    try:
        model.save(part, include_optimizer=False)
        with zipfile.ZipFile(part, "a") as archive:
            archive.writestr(_CURVES, json.dumps(curves or {}))
        if part.stat().st_size > MOST_BYTES:
            raise ValueError(
                f"model must be at most {MOST_BYTES / 1e6:g} MB to be handed in. Received: "
                f"{part.stat().st_size / 1e6:.0f} MB, {model.count_params():,} parameters"
            )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def load(path):
    """Return (model, learning curves) from a file that `save` or `model.save` has written.

    Nothing in the file is executed: it is the description of layers of Keras, and arrays. Raises ValueError,
    with the reason, for any other file.

    >>> load("no_such.keras")
    Traceback (most recent call last):
    ...
    ValueError: no_such.keras must be a network stored by Keras. Received: no such file
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
            if size > 4 * MOST_BYTES:
                raise ValueError(f"{size / 1e6:.0f} MB when unpacked")
            missing = {"config.json", "model.weights.h5"} - set(archive.namelist())
            if missing:
                raise ValueError(f"a zip file without {' and '.join(sorted(missing))}")
            curves = json.loads(archive.read(_CURVES)) if _CURVES in archive.namelist() else {}
        return keras.models.load_model(path, compile=False, safe_mode=True), curves
    except FileNotFoundError:
        raise _bad(path, "no such file") from None
    except zipfile.BadZipFile:
        raise _bad(path, "a file that is damaged, or of another kind") from None
    except Exception as error:  # Keras raises of many kinds for what it cannot read
        if "lambda" in str(error).lower():
            raise _bad(path, "a network with a Lambda layer, which holds code: use layers of Keras") from None
        raise _bad(path, str(error).strip().partition("\n")[0][:200] or type(error).__name__) from None


def _bad(path, why):
    return ValueError(f"{path.name} must be a network stored by Keras. Received: {why}")


def _checked(path):
    path = Path(path)
    if path.suffix != ".keras":
        raise ValueError(f"path must end in .keras. Received: {str(path)!r}")
    return path


def _newest(path):
    """Return `path`, or that file with the highest number behind its name, or None."""
    if path.exists():
        return path
    renamed = re.compile(re.escape(path.stem) + r"(?:-| ?\()(\d+)\)?$")
    numbered = {int(match[1]): file for file in path.parent.glob("*.keras") if (match := renamed.match(file.stem))}
    return numbered[max(numbered)] if numbered else None


def _shapes(model):
    return [tuple(weight.shape) for weight in model.weights]
