"""MNIST, the handwritten digits of LeCun et al., through keras.datasets; `coursekit.digits` hands them on."""

import contextlib
import io

from coursekit import arguments
from coursekit.models.backend import keras


def download(part):
    """Return (images, labels): uint8 (n, 28, 28), 0 for paper to 255 for ink, and uint8 (n,).

    `part` is "train" (60,000) or "test" (10,000). Keras downloads 11 MB at the first call and keeps them in
    its own folder. Raises ValueError for another part, OSError where the download fails.
    """
    arguments.choice("part", part, ("train", "test"))
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # Keras prints a progress bar
            train, test = keras.datasets.mnist.load_data()
    except Exception as error:  # Keras raises a bare Exception when offline
        raise OSError(
            'MNIST could not be downloaded. Try again with the network, or use source="simulated", '
            f"which ships with the course. Keras said: {error}"
        ) from error
    return train if part == "train" else test
