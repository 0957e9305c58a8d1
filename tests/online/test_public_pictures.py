"""MNIST and CIFAR-10, which a lecture takes by one argument: they arrive in the form and number that it says."""

import numpy as np
import pytest

from coursekit.backprop import studies


def arriving(source):
    """Return studies.pictures(source); the test is skipped where the network does not know the host that has them."""
    try:
        return studies.pictures(source)
    except OSError as error:
        if "name resolution" in str(error) or "Name or service not known" in str(error):
            pytest.skip(f"{source} comes from a host that this network does not know")
        raise


@pytest.mark.parametrize(
    ("source", "shape", "many"), [("mnist", (28, 28, 1), 60_000), ("cifar10", (32, 32, 3), 50_000)]
)
def test_public_pictures_arrive_as_the_lecture_says(source, shape, many):
    (images, labels), (new_images, new_labels) = arriving(source)
    assert images.shape == (many, *shape) and new_images.shape == (10_000, *shape)
    assert images.dtype == np.float32 and (images.min(), images.max()) == (0, 1)
    assert np.bincount(new_labels).shape == (10,) and labels.shape == (many,) and new_labels.shape == (10_000,)


def test_the_network_of_lecture_08_learns_on_cifar10_as_the_lecture_says(monkeypatch):
    (images, labels), new = arriving("cifar10")
    few = [(images[:5000], labels[:5000]), new]
    monkeypatch.setattr(studies, "pictures", lambda source: few)
    told = studies.dense_or_convolutional("convolutional", seed=0, source="cifar10", epochs=2)
    assert told["accuracy"] > 0.15  # chance is 0.1
