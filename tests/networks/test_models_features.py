"""What units answer to: patches found where they were hidden, pictures that climb, variance between classes."""

import numpy as np
import pytest

from coursekit import receptive_field, specs
from coursekit.models import building, features
from coursekit.models.backend import keras

RNG = np.random.default_rng(4)
PATTERN = RNG.uniform(-1, 1, size=(3, 4))


@pytest.fixture(scope="module")
def model():
    """A network whose first unit is a matched filter for PATTERN; its second one answers to nothing."""
    model = building.build((specs.Input((12, 14, 1)), specs.Conv(2, kernel=(3, 4), stride=(1, 2), name="match")))
    model.set_weights([np.stack([PATTERN, 0 * PATTERN], axis=-1)[:, :, None], np.zeros(2)])
    return model


def test_the_strongest_patch_is_the_pattern_that_was_hidden_strongest_first(model):
    images = np.zeros((3, 12, 14, 1), np.float32)
    images[0, 2:5, 6:10, 0] = PATTERN
    images[2, 9:12, 10:14, 0] = 2 * PATTERN
    found = features.strongest_patches(model, "match", 0, images, count=2)
    assert np.allclose(found[0, ..., 0], 2 * PATTERN) and np.allclose(found[1, ..., 0], PATTERN)


@pytest.mark.parametrize("before", [[], [specs.Pad(6)], [specs.Crop(1)], [specs.Upsample(2)], [specs.Upsample(3)]])
def test_a_patch_is_what_the_strongest_place_sees(before):
    network = (specs.Input((12, 14, 1)), *before, specs.Conv(1, kernel=3, stride=2, padding="same", name="c"))
    model = building.build(network)
    model.set_weights([np.ones((3, 3, 1, 1)), np.zeros(1)])
    image = np.zeros((12, 14, 1), np.float32)
    image[5, 7] = 1
    (patch,) = features.strongest_patches(model, "c", 0, image[None], count=1)
    assert patch.sum() == 1 and patch.shape[:2] == receptive_field.table(model)["c"].size


@pytest.mark.parametrize("layer", ["flat", "inner"])
def test_a_layer_without_maps_has_no_patches(layer):
    inputs = keras.Input((5, 5, 1))
    inner = keras.Sequential([keras.Input((5, 5, 1)), keras.layers.Conv2D(2, 3)], name="inner")
    model = keras.Model(inputs, keras.layers.Flatten(name="flat")(inner(inputs)))
    with pytest.raises(ValueError, match=f"layer must be a layer with maps, and no model.* Received: '{layer}'"):
        features.strongest_patches(model, layer, 0, np.ones((1, 5, 5, 1)), 1)


def test_settings_that_give_no_picture_or_no_share_are_named(model):
    for wrong, message in (({"rate": np.nan}, "rate"), ({"steps": -1}, "steps"), ({"layer": "deep"}, "layer")):
        with pytest.raises(ValueError, match=f"^{message} must be"):
            features.ascended(model, **{"layer": "match", "unit": 0, **wrong})
    with pytest.raises(ValueError, match=r"labels must be 2, one for each row of values. Received: shape \(2, 1\)"):
        features.explained_by_class([[0.0], [1.0]], [[0], [1]])
    for labels in ([0.0, np.nan], np.ma.masked_array([0, 1], mask=[0, 1])):
        with pytest.raises(ValueError, match="labels must name a class for each row of values"):
            features.explained_by_class([[0.0], [1.0]], labels)


def test_ascent_ends_with_a_stronger_answer_than_it_begins_with(model):
    before, after = (features.ascended(model, "match", 0, steps=steps) for steps in (0, 40))
    assert after.min() >= 0 and after.max() <= 1 and after.shape == (12, 14, 1)
    begun, ended = features.responses(model, "match", np.stack([before, after]))[..., 0].mean(axis=(1, 2))
    assert ended > begun + 0.1


def test_ascent_depends_on_the_seed_alone(model):
    first, again, other = (features.ascended(model, "match", 0, steps=3, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_a_unit_or_layer_that_is_not_there_is_refused(model):
    images = np.zeros((1, 12, 14, 1), np.float32)
    with pytest.raises(ValueError, match="^unit must be .*Received: 2"):
        features.strongest_patches(model, "match", 2, images, 1)
    with pytest.raises(ValueError, match="^layer must be one of .*Received: 'deep'"):
        features.responses(model, "deep", images)
    with pytest.raises(ValueError, match="^count must be .*Received: 2"):
        features.strongest_patches(model, "match", 0, images, 2)


def test_the_share_between_classes_is_that_of_an_analysis_of_variance():
    values, labels = RNG.normal(size=(60, 3)), np.repeat([0, 1, 2], [10, 20, 30])
    values[labels == 2, 0] += 4
    means = np.stack([values[labels == label].mean(axis=0) for label in labels])
    assert np.allclose(features.explained_by_class(values, labels), means.var(axis=0) / values.var(axis=0))
    assert features.explained_by_class(np.ones((60, 1)), labels)[0] in (0, 1)
