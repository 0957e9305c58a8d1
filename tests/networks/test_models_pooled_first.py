"""Training in the cheaper order is training the same network."""

import numpy as np
import pytest

from coursekit import models
from coursekit.models.backend import keras
from coursekit.models.pooled_first import reordered

layers = keras.layers


def network(*stack, seed=0, **settings):
    """A small compiled Sequential classifier of 13 × 11 images with two channels."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((13, 11, 2)), *stack, layers.Flatten(), layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"], **settings)
    return model


def convolution(**changes):
    return layers.Conv2D(5, (3, 2), **{"activation": "relu", "bias_initializer": "random_normal", **changes})


@pytest.fixture
def examples():
    rng = np.random.default_rng(0)
    return rng.standard_normal((20, 13, 11, 2)).astype(np.float32), rng.integers(0, 2, 20)


@pytest.mark.parametrize("changes", [{}, {"use_bias": False}, {"padding": "same", "strides": 2}, {"dilation_rate": 2}])
def test_the_cheaper_order_gives_the_same_outputs(changes, examples):
    model = network(convolution(**changes), layers.MaxPooling2D((2, 3)))
    twin = reordered(model)
    assert twin is not model
    np.testing.assert_allclose(twin(examples[0]), model(examples[0]), atol=1e-5)


def test_training_in_the_cheaper_order_gives_the_same_weights_as_keras_fit(examples):
    images, labels = examples
    ours, plain = (
        network(convolution(), layers.MaxPooling2D(2), convolution(), layers.MaxPooling2D(2)) for _ in range(2)
    )
    before = [np.array(w) for w in plain.get_weights()]
    history = models.fit(ours, (images, labels), epochs=3, batch_size=20, progress=False)
    expected = plain.fit(images, labels, epochs=3, batch_size=20, shuffle=False, verbose=0).history
    np.testing.assert_allclose(history["loss"], expected["loss"], rtol=1e-4)
    for mine, theirs, start in zip(ours.get_weights(), plain.get_weights(), before):
        np.testing.assert_allclose(mine, theirs, atol=1e-4)
        assert np.abs(theirs - start).max() > 1e-4  # it did learn


def test_a_second_fit_goes_on_where_the_optimizer_stopped(examples):
    once, twice = (network(convolution(), layers.MaxPooling2D(2)) for _ in range(2))
    models.fit(once, examples, epochs=2, batch_size=20, progress=False)
    for _ in range(2):
        models.fit(twice, examples, epochs=1, batch_size=20, progress=False)
    for a, b in zip(once.get_weights(), twice.get_weights()):
        np.testing.assert_allclose(a, b, atol=1e-5)
    assert int(twice.optimizer.iterations) == 2


@pytest.mark.parametrize(
    "stack",
    [
        (convolution(activation="tanh"), layers.MaxPooling2D(2)),  # would commute too, but costs as much
        (convolution(), layers.AveragePooling2D(2)),  # does not commute
        (convolution(), layers.Dropout(0.5), layers.MaxPooling2D(2)),
        (convolution(activity_regularizer="l2"), layers.MaxPooling2D(2)),
    ],
)
def test_a_network_that_does_not_commute_is_left_alone(stack):
    model = network(*stack)
    assert reordered(model) is model


def test_a_network_compiled_in_an_unusual_way_is_left_alone():
    model = network(convolution(), layers.MaxPooling2D(2), weighted_metrics=["accuracy"])
    assert reordered(model) is model
    shared = keras.Model(model.inputs, model.outputs)
    shared.compile(optimizer="sgd", loss="mse")
    assert reordered(shared) is shared
