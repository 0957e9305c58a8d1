"""What the grader reads from the file of a network: its layers, as plain data, and its scores.

This source runs as the only cell of a sandbox of its own, in which nothing of a student's notebook runs: there is
nobody who could claim layers, remember frames or raise at the right moment.
"""

import io
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np

MOST_CONFIG = 2_000_000  # bytes of the description of a network
_known = {}


def layers(data):
    """Return [[class, settings], …] of all layers in a .keras file, nested models laid open; nothing is built."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if archive.getinfo("config.json").file_size > MOST_CONFIG:
            raise ValueError("a description of more than 2 MB")
        return [*_laid_open(json.loads(archive.read("config.json")))]


def _laid_open(layer):
    settings = layer.get("config", {})
    if "layers" in settings:
        for inner in settings["layers"]:
            yield from _laid_open(inner)
    elif isinstance(settings.get("layer"), dict):  # a wrapper
        yield from _laid_open(settings["layer"])
    else:
        plain = {key: value for key, value in settings.items() if not isinstance(value, dict)}
        yield [str(layer.get("class_name")), plain]


def scores(data, images):
    """Return what the network in a .keras file predicts for images; code in the file is refused, not run."""
    if data not in _known:
        from coursekit.models import keeping

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "handed_in.keras")
            path.write_bytes(data)
            _known[data], _ = keeping.load(path)
    return np.asarray(_known[data](images, training=False))  # as predict, without its messages
