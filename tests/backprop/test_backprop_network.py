"""Laws of the chain: every parameter's gradient, the steps of Keras's optimisers, mini-batches."""

import keras
import numpy as np
import pytest

from coursekit import backprop
from coursekit.backprop import SGD, Adam, AveragePool, Conv, Dense, Flatten, MaxPool, Network, ReLU, Sigmoid, Tanh


def network(seed=0, kind=np.float64):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(3, 2, 2, 3)), rng.normal(size=(2, 2, 3, 2)) / 3
    last = rng.normal(size=(8, 3)) / 2
    return Network(
        [
            Conv(first.astype(kind), padding="same"),
            ReLU(),
            MaxPool(3, 2),
            Tanh(),
            Conv(second.astype(kind), stride=(1, 2), padding="same"),
            Sigmoid(),
            AveragePool(2, 1),
            Flatten(),
            Dense(last.astype(kind)),
        ]
    )


X, Y = np.random.default_rng(1).normal(size=(5, 7, 11, 2)), np.array([0, 2, 1, 1, 0])


def fitting():
    """The network with a last layer of the width that arrives."""
    found = network()
    width = found.layers[:-1] and Network(found.layers[:-1]).forward(X).shape[1]
    found.layers[-1] = Dense(np.random.default_rng(2).normal(size=(width, 3)))
    return found


def test_every_parameters_gradient_agrees_with_central_differences():
    net = fitting()
    net.loss_and_gradients(X, Y)
    for layer, name in net.parameters():
        gradient, kept = layer.gradients[name].copy(), layer.parameters[name].copy()

        def loss(values, layer=layer, name=name, kept=kept):
            layer.parameters[name] = values
            value = net.loss(net.forward(X), Y)[0]
            layer.parameters[name] = kept
            return value

        assert backprop.gradient_check(loss, kept, gradient, tolerance=1e-5).passed, (layer, name)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (SGD(0.1), lambda: keras.optimizers.SGD(0.1)),
        (SGD(0.1, momentum=0.9), lambda: keras.optimizers.SGD(0.1, momentum=0.9)),
        (SGD(0.1, 0.9, decay=0.3), lambda: keras.optimizers.SGD(0.1, momentum=0.9, weight_decay=0.3)),
        (Adam(0.01), lambda: keras.optimizers.Adam(0.01)),
    ],
)
def test_optimisers_step_as_keras_does(ours, theirs):
    start, rng = np.array([[1.0, -2.0], [0.5, 3.0]], np.float32), np.random.default_rng(0)
    net, variable, optimiser = Network([Dense(start)]), keras.Variable(start), theirs()
    for _ in range(5):
        gradient = rng.normal(size=start.shape).astype(np.float32)
        net.layers[0].gradients = {"weights": gradient, "bias": np.zeros(2, np.float32)}
        ours.step(net)
        optimiser.apply([keras.ops.convert_to_tensor(gradient)], [variable])
    np.testing.assert_allclose(net.layers[0].parameters["weights"], variable.numpy(), rtol=1e-5)


def test_an_epoch_shows_each_example_once_and_the_seed_fixes_the_order():
    seen = []

    class Watching(ReLU):
        def forward(self, x):
            seen.append(x[:, 0].tolist())
            return super().forward(x)

    x = np.arange(1.0, 8)[:, None]

    def run(seed):
        seen.clear()
        Network([Watching(), Dense([[0.0, 0.0]])]).train(x, np.zeros(7, int), SGD(0.1), 2, 3, seed)
        return [list(batch) for batch in seen]

    first = run(0)
    assert [len(batch) for batch in first] == [3, 3, 1] * 2
    assert sorted(sum(first[:3], [])) == sorted(sum(first[3:], [])) == x[:, 0].tolist() and first[:3] != first[3:]
    assert run(0) == first != run(1)


def test_layers_keep_copies_of_their_weights_and_a_new_one_knows_no_way_back():
    weights = np.ones((2, 2))
    net = Network([Dense(weights)])
    net.train(np.ones((4, 2)), np.zeros(4, int), SGD(1.0))
    np.testing.assert_array_equal(weights, 1)
    with pytest.raises(RuntimeError, match="forward must be called before backward"):
        ReLU().backward(np.ones(2))
    with pytest.raises(TypeError, match="layers must be one or more layers"):
        Network([len])


@pytest.mark.parametrize("make", [lambda: SGD(0.1, momentum=0.9), lambda: Adam(0.1)])
def test_what_an_optimiser_remembers_of_one_network_does_not_move_another(make):
    one, two, used = Network([Dense(np.ones((2, 3)))]), Network([Dense(np.ones((2, 3)))]), make()
    other = Network([Dense(np.ones((2, 3)))])
    other.train(np.ones((4, 2)), [1] * 4, used, epochs=5)
    one.train(np.ones((4, 2)), [0] * 4, used)
    two.train(np.ones((4, 2)), [0] * 4, make())
    np.testing.assert_array_equal(one.layers[0].parameters["weights"], two.layers[0].parameters["weights"])


MASKED = np.ma.masked_array(np.ones((4, 2)), mask=np.eye(4, 2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda net: net.accuracy(np.ones((4, 2)), np.zeros((4, 1), int)), "labels must have 1 axes"),
        (lambda net: net.accuracy(np.ones((4, 2)), [0, 0]), "equally many, and at least one. Received: 4, 2"),
        (lambda net: net.accuracy(np.ones((4, 2)), list("0000")), "labels must be an array of real numbers"),
        (lambda net: net.accuracy(np.ones((0, 2)), []), "equally many, and at least one. Received: 0, 0"),
        (lambda net: net.accuracy(np.ones((4, 2)), [0] * 4, 0), "batch_size must be .* Received: 0"),
        (
            lambda net: net.accuracy(np.ones((4, 2)), [1, 2, 3, 3]),
            "labels must be 4 numbers from 0 to 2, .*from 1 to 3",
        ),
        (lambda net: net.accuracy(np.ones((4, 2)), [0.5] * 4), "labels must be whole numbers"),
        (lambda net: net.train(MASKED, [0] * 4, SGD()), "x must be plain numbers. Received: a masked array"),
        (lambda net: net.loss_and_gradients(MASKED, [0] * 4), "x must be plain numbers. Received: a masked array"),
        (lambda net: net.train(np.ones((4, 2)), [0] * 4, SGD(), seed=-1), "seed must be an integer of at least 0"),
        (
            lambda net: net.train(np.ones((4, 2)), [0] * 4, "sgd"),
            "optimiser must be an SGD or an Adam. Received: 'sgd'",
        ),
        (lambda net: Adam(first=1.0), "first must be from 0 to less than 1. Received: 1.0"),
        (lambda net: Adam(second=-0.1), "second must be from 0 to less than 1"),
        (lambda net: Adam(tiny=0), "tiny must be a finite number greater than 0"),
        (lambda net: backprop.squared_loss(3.0, 1.0), r"outputs must have 1 or 2 .* Received: shape \(\)"),
        (lambda net: backprop.gradient_check(lambda x: 1j * x.sum(), [1.0], [1.0]), "function must return one number"),
    ],
)
def test_what_would_give_a_wrong_number_is_named(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call(Network([Dense(np.ones((2, 3)))]))
