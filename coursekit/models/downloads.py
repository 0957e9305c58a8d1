"""Public pictures that Keras downloads: MNIST, handwritten digits of LeCun et al., and CIFAR-10 of Krizhevsky."""

import contextlib
import io

from coursekit import arguments
from coursekit.models.backend import keras

NAMES = {"mnist": "MNIST", "cifar10": "CIFAR-10"}


def download(name, part):
    """Return (images, labels) as Keras gives them: uint8 from 0 to 255, and uint8 class numbers.

    `name` is "mnist" (28, 28; 0 for paper; 11 MB) or "cifar10" (32, 32, 3; 170 MB), `part` "train" (60,000 or
    50,000) or "test" (10,000). Keras downloads at the first call and keeps the files in its own folder. Raises
    ValueError for another name or part, OSError where the download fails.
    """
    arguments.choice("name", name, NAMES)
    arguments.choice("part", part, ("train", "test"))
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # Keras prints a progress bar
            train, test = getattr(keras.datasets, name).load_data()
    except Exception as error:  # Keras raises a bare Exception when offline
        raise OSError(
            f'{NAMES[name]} could not be downloaded. Try again with the network, or use source="simulated", '
            f"which ships with the course. Keras said: {error}"
        ) from error
    return train if part == "train" else test
