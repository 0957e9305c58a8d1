"""Laws of the neural tangent kernel: loop, matrices, automatic differentiation and closed form agree."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit import backprop, ntk
from coursekit.models.backend import keras, tf
from coursekit.ntk import automatic, convolutional

SIZES = st.integers(1, 6)
SEEDS = st.integers(0, 10_000)


def drawn(width, inputs, count, seed):
    """A network and inputs for it."""
    return ntk.start(width, inputs, seed), np.random.default_rng(seed + 1).normal(size=(count, inputs))


def as_keras(network):
    """The same network in Keras, in float64; 1/√m stands in the outer weights' place, as a fixed layer."""
    width, inputs = network.hidden.shape
    model = keras.Sequential(
        [
            keras.Input((inputs,), dtype="float64"),
            keras.layers.Dense(width, activation="relu", use_bias=False, dtype="float64"),
            keras.layers.Rescaling(width**-0.5, dtype="float64"),
            keras.layers.Dense(1, use_bias=False, dtype="float64"),
        ]
    )
    model.set_weights([network.hidden.T, network.outer[:, None]])
    return model


# ---------------------------------------------------------------- the feature map


@given(SIZES, SIZES, SIZES, SEEDS)
def test_the_loop_and_the_matrices_agree(width, inputs, count, seed):
    network, x = drawn(width, inputs, count, seed)
    np.testing.assert_allclose(ntk.features(network, x), ntk.features_loop(network, x), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(ntk.kernel(network, x), ntk.kernel_loop(network, x), rtol=1e-10, atol=1e-12)


@settings(max_examples=15, deadline=None)
@given(SIZES, SIZES, SIZES, SEEDS)
def test_the_feature_map_is_what_the_gradient_tape_finds(width, inputs, count, seed):
    network, x = drawn(width, inputs, count, seed)
    hidden, outer = tf.constant(network.hidden), tf.constant(network.outer)
    with tf.GradientTape(persistent=True) as tape:  # without pfor, which would be traced anew each time
        tape.watch((hidden, outer))
        f = tf.linalg.matvec(tf.nn.relu(x @ tf.transpose(hidden)), outer) / np.sqrt(width)
    to_hidden, to_outer = tape.jacobian(f, (hidden, outer), experimental_use_pfor=False)
    expected = np.hstack([tf.reshape(to_hidden, (count, -1)), to_outer])
    np.testing.assert_allclose(ntk.features(network, x), expected, rtol=1e-10, atol=1e-12)


def test_the_feature_map_agrees_with_central_differences():
    network, x = drawn(4, 3, 1, 7)
    slopes = backprop.central_differences(
        lambda vector: ntk.output(ntk.TwoLayer(vector[:12].reshape(4, 3), vector[12:]), x)[0], network.vector
    )
    np.testing.assert_allclose(ntk.features(network, x)[0], slopes, atol=1e-8)


def test_a_kink_has_the_slope_zero_as_in_tensorflow():
    network = ntk.TwoLayer(np.array([[1.0, -1.0]]), np.array([2.0]))
    assert ntk.features(network, [[3.0, 3.0]]).tolist() == [[0, 0, 0]] == ntk.features_loop(network, [[3, 3]]).tolist()


@given(SIZES, SIZES, SIZES, SEEDS)
def test_a_scaling_that_leaves_the_output_is_orthogonal_to_every_feature_map(width, inputs, count, seed):
    """w_j grows, v_j shrinks, f stays: so the kernel of many inputs has at most m · d eigenvalues above 0."""
    network, x = drawn(width, inputs, count, seed)
    slopes = ntk.features(network, x)
    for j in range(width):
        direction = np.zeros_like(network.hidden), np.zeros_like(network.outer)
        direction[0][j], direction[1][j] = network.hidden[j], -network.outer[j]
        np.testing.assert_allclose(slopes @ ntk.TwoLayer(*direction).vector, 0, atol=1e-10)


# ---------------------------------------------------------------- the kernel


@given(SIZES, SIZES, SIZES, SEEDS)
def test_a_kernel_is_symmetric_positive_semi_definite_and_made_of_the_feature_maps(width, inputs, count, seed):
    network, x = drawn(width, inputs, count, seed)
    kernel, slopes = ntk.kernel(network, x), ntk.features(network, x)
    np.testing.assert_allclose(kernel, kernel.T, rtol=1e-12)
    np.testing.assert_allclose(kernel, slopes @ slopes.T, rtol=1e-10, atol=1e-12)
    assert np.linalg.eigvalsh(kernel)[0] > -1e-9 * max(1, np.trace(kernel))


def test_rows_are_the_first_inputs_and_columns_the_second():
    network, x = drawn(5, 3, 4, 0)
    z = x[:2] * [2.0, -1.0, 0.5]
    across = ntk.kernel(network, x, z)
    assert across.shape == (4, 2)
    np.testing.assert_allclose(across, ntk.features(network, x) @ ntk.features(network, z).T, rtol=1e-12)
    np.testing.assert_allclose(across, ntk.kernel(network, z, x).T, rtol=1e-12)
    np.testing.assert_allclose(ntk.kernel_loop(network, x, z), across, rtol=1e-12)


def test_biases_are_the_weights_of_a_column_of_ones():
    network, x = drawn(6, 3, 4, 1)
    with_biases = ntk.output(network, ntk.with_ones(x[:, :2]))
    by_hand = np.maximum(x[:, :2] @ network.hidden[:, :2].T + network.hidden[:, 2], 0) @ network.outer / np.sqrt(6)
    np.testing.assert_allclose(with_biases, by_hand, rtol=1e-12)


def test_one_small_step_moves_every_output_by_the_kernel():
    network, x = drawn(30, 3, 5, 2)
    y, rate = np.array([1.0]), 1e-6
    after = ntk.train(network, x[:1], y, rate, steps=1)
    moved = ntk.output(after, x) - ntk.output(network, x)
    expected = -rate * ntk.kernel(network, x, x[:1])[:, 0] * (ntk.output(network, x[:1]) - y)
    np.testing.assert_allclose(moved, expected, rtol=1e-3)


# ---------------------------------------------------------------- infinite width


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 5), SEEDS)
def test_the_arc_cosine_kernels_are_means_over_random_weights(inputs, seed):
    rng = np.random.default_rng(seed)
    x, z, w = rng.normal(size=(3, inputs)), rng.normal(size=(2, inputs)), rng.normal(size=(200_000, inputs))
    u, v = x @ w.T, z @ w.T
    np.testing.assert_allclose(ntk.arc_cosine(x, z, 0), (u > 0) * 1.0 @ (v > 0).T / len(w), atol=0.01)
    scale = np.linalg.norm(x, axis=1)[:, None] * np.linalg.norm(z, axis=1)
    mean = np.maximum(u, 0) @ np.maximum(v, 0).T / len(w)
    np.testing.assert_allclose(ntk.arc_cosine(x, z) / scale, mean / scale, atol=0.02)


@pytest.mark.parametrize("biased", [False, True])
def test_a_wide_network_has_nearly_the_infinite_kernel_with_biases_and_without(biased):
    x = np.random.default_rng(3).normal(size=(5, 2))
    x = ntk.with_ones(x) if biased else x
    limit = ntk.infinite_kernel(x)
    far, near = (np.linalg.norm(ntk.kernel(ntk.start(m, x.shape[1], 4), x) - limit) for m in (100, 100_000))
    assert near < 0.02 * np.linalg.norm(limit) and near < far / 5


@given(st.integers(1, 5), SEEDS)
def test_special_angles_are_exact(inputs, seed):
    x = np.random.default_rng(seed).normal(size=(1, inputs))
    size = (x**2).sum()
    assert ntk.infinite_kernel(x)[0, 0] == pytest.approx(size, rel=1e-14)
    assert ntk.infinite_kernel(x, 3 * x)[0, 0] == pytest.approx(3 * size, rel=1e-14)
    assert ntk.infinite_kernel(x, -x)[0, 0] == pytest.approx(0, abs=1e-14 * size)
    assert ntk.infinite_kernel(x, 0 * x)[0, 0] == ntk.arc_cosine(x, 0 * x, 0)[0, 0] == 0


def test_tiny_angles_keep_their_digits():
    """An arc cosine of 1 − 5e-17 is 0, and the kernel would be singular; for a right angle it is |x||z|/2π."""
    x = np.array([[1.0, 0.0]])
    z = np.array([[np.cos(1e-8), np.sin(1e-8)]])
    assert ntk.arc_cosine(x, z, 0)[0, 0] == pytest.approx(0.5 - 1e-8 / (2 * np.pi), abs=1e-16)
    assert ntk.arc_cosine(x, [[0.0, 7.0]])[0, 0] == pytest.approx(7 / (2 * np.pi))


# ---------------------------------------------------------------- training and regression


def test_descent_is_that_of_the_gradient_tape():
    network, x = drawn(4, 3, 5, 5)
    y, rate = np.arange(5.0), 0.03
    hidden, outer = tf.Variable(network.hidden), tf.Variable(network.outer)
    for _ in range(10):
        with tf.GradientTape() as tape:
            f = tf.linalg.matvec(tf.nn.relu(x @ tf.transpose(hidden)), outer) / 2
            loss = tf.reduce_sum((f - y) ** 2) / 2
        for variable, slope in zip((hidden, outer), tape.gradient(loss, (hidden, outer))):
            variable.assign_sub(rate * slope)
    trained = ntk.train(network, x, y, rate, 10)
    np.testing.assert_allclose(trained.hidden, hidden.numpy(), rtol=1e-10)
    np.testing.assert_allclose(trained.outer, outer.numpy(), rtol=1e-10)


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_the_scale_multiplies_the_output_and_divides_the_loss(scale):
    network, x = drawn(4, 3, 5, 6)
    y = np.arange(5.0)

    def loss(vector):
        changed = ntk.TwoLayer(vector[:12].reshape(4, 3), vector[12:])
        return ((scale * (ntk.output(changed, x) - ntk.output(network, x)) - y) ** 2).sum() / 2 / scale**2

    slope = backprop.central_differences(loss, network.vector)
    moved = ntk.train(network, x, y, 1e-3, 1, scale).vector - network.vector
    np.testing.assert_allclose(moved, -1e-3 * slope, atol=1e-9)


def test_training_leaves_its_arguments_as_they_are():
    network, x = drawn(4, 3, 5, 8)
    before, y = network.vector.copy(), np.ones(5)
    ntk.train(network, x, y, 0.01, 5)
    assert np.array_equal(network.vector, before) and np.array_equal(y, np.ones(5))
    assert np.array_equal(ntk.train(network, x, y, 0.01, 0).vector, before)


def test_a_very_wide_network_follows_kernel_regression_step_by_step():
    network, x = drawn(20_000, 2, 4, 9)
    y, new = np.array([1.0, -1.0, 0.5, 0.0]), np.array([[0.3, 0.3], [-1.0, 2.0]])
    kernel = ntk.kernel(network, x)
    rate = 1 / np.linalg.eigvalsh(kernel)[-1]
    for steps in (1, 30):
        predicted = ntk.kernel_regression(
            kernel, y, ntk.kernel(network, new, x), ntk.output(network, x), ntk.output(network, new), rate, steps
        )
        trained = ntk.output(ntk.train(network, x, y, rate, steps), new)
        np.testing.assert_allclose(trained, predicted, atol=0.06)


@given(st.integers(1, 6), st.integers(1, 4), SEEDS)
def test_endless_training_is_the_limit_of_many_steps_and_passes_through_the_targets(count, new, seed):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(count, count + 3))
    kernel = root @ root.T + np.eye(count)
    y, across = rng.normal(size=(count, 2)), rng.normal(size=(new, count))
    start, at = rng.normal(size=(count, 2)), rng.normal(size=(new, 2))
    endless = ntk.kernel_regression(kernel, y, across, start, at)
    np.testing.assert_allclose(endless, at + across @ np.linalg.solve(kernel, y - start), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(ntk.kernel_regression(kernel, y, kernel, start, start), y, atol=1e-8)
    rate = 1 / np.linalg.eigvalsh(kernel)[-1]
    many = ntk.kernel_regression(kernel, y, across, start, at, rate, 100_000)
    np.testing.assert_allclose(many, endless, rtol=1e-6, atol=1e-8)


def test_steps_are_those_of_descent_on_the_kernel():
    kernel, y = np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, -2.0])
    coefficients = np.zeros(2)
    for _ in range(7):
        coefficients += 0.2 * (y - kernel @ coefficients)
    np.testing.assert_allclose(ntk.kernel_regression(kernel, y, [[1.0, 4.0]], rate=0.2, steps=7), coefficients @ [1, 4])
    assert ntk.kernel_regression(kernel, y, [[1.0, 4.0]], 0, 5.0, 0.2, 0).tolist() == [5.0]


def test_a_direction_without_a_kernel_is_never_learned():
    kernel = np.ones((2, 2))  # two inputs that the network cannot tell apart
    assert ntk.kernel_regression(kernel, [1.0, -1.0], kernel, rate=0.5, steps=50) == pytest.approx([0, 0])


@given(st.integers(1, 8), st.integers(1, 4), SEEDS)
def test_the_share_of_flipped_units_is_symmetric_and_of_a_mirrored_network_all(width, inputs, seed):
    network, x = drawn(width, inputs, 6, seed)
    other = ntk.start(width, inputs, seed + 1)
    assert ntk.flipped(network, network, x) == 0
    assert ntk.flipped(network, other, x) == ntk.flipped(other, network, x)
    assert ntk.flipped(network, network._replace(hidden=-network.hidden), x) == 1


# ---------------------------------------------------------------- Keras models


def test_a_keras_model_has_the_same_kernel():
    network, x = drawn(16, 3, 5, 11)  # Rescaling keeps its factor in float32: a quarter is exact there
    slopes = ntk.model_features(as_keras(network), x)
    assert slopes.dtype == np.float64 and slopes.shape == (5, 16 * 4)
    np.testing.assert_allclose(slopes @ slopes.T, ntk.kernel(network, x), rtol=1e-10)


def test_a_convolutional_model_agrees_with_central_differences():
    model = keras.Sequential(
        [
            keras.Input((5, 4, 2), dtype="float64"),
            keras.layers.Conv2D(3, (3, 2), activation="tanh", dtype="float64"),
            keras.layers.Flatten(dtype="float64"),
            keras.layers.Dense(2, dtype="float64"),
        ]
    )
    x = np.random.default_rng(0).normal(size=(1, 5, 4, 2))
    weights = model.get_weights()

    def f(vector):
        parts = np.split(vector, np.cumsum([w.size for w in weights])[:-1])
        model.set_weights([part.reshape(w.shape) for part, w in zip(parts, weights)])
        return float(model(x)[0, 1])

    start = np.concatenate([w.ravel() for w in weights])
    slopes = backprop.central_differences(f, start)
    f(start)
    np.testing.assert_allclose(ntk.model_features(model, x, output=1)[0], slopes, atol=1e-8)


def test_frozen_weights_have_no_slopes_and_no_other_output_gets_any():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(2)])
    model.layers[0].trainable = False
    slopes = automatic.model_features(model, np.ones((4, 2)), output=1)
    assert slopes.shape == (4, 3 * 2 + 2)
    every = automatic.model_features(model, np.ones((4, 2)), output=None)
    assert every.shape == (4, 2, 8) and np.array_equal(every[:, 1], slopes)
    assert not slopes[:, :6].reshape(4, 3, 2)[..., 0].any() and slopes[:, -2:].tolist() == [[0, 1]] * 4


def test_the_mean_kernel_averages_all_outputs():
    model = convolutional.small_network(seed=3)
    x = np.random.default_rng(0).random((3, 28, 28, 1)).astype("float32")
    square, across = convolutional.mean_kernel(model, x[:2], x[2:])
    parts = ntk.model_features(model, x, output=None).astype(float)
    every = np.mean([part @ part.T for part in parts.swapaxes(0, 1)], axis=0)
    np.testing.assert_allclose(square, every[:2, :2], rtol=1e-4)
    np.testing.assert_allclose(across, every[2:, :2], rtol=1e-4)


# ---------------------------------------------------------------- bad input

NET = ntk.start(4, 2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ntk.start(0, 2), ValueError, "width must be an integer of at least 1. Received: 0"),
        (lambda: ntk.start(2, 1.5), TypeError, "inputs must be an integer"),
        (lambda: ntk.start(2, 2, -1), ValueError, "seed must be"),
        (lambda: ntk.features(NET, [1.0, 2.0]), ValueError, "x must have 2 axes"),
        (lambda: ntk.features(NET, [[1.0, 2.0, 3.0]]), ValueError, "x must have 2 numbers an input.* Received: 3"),
        (lambda: ntk.features(NET, np.zeros((0, 2))), ValueError, "at least one input"),
        (lambda: ntk.features(NET, [[1.0, np.nan]]), ValueError, "finite"),
        (lambda: ntk.features(NET, [["a", "b"]]), TypeError, "x must"),
        (lambda: ntk.features(NET.hidden, [[1.0, 2.0]]), TypeError, "network must be a TwoLayer"),
        (lambda: ntk.features((NET.hidden, NET.outer[:3]), [[1.0, 2.0]]), ValueError, "outer must have one number"),
        (lambda: ntk.kernel(NET, [[1.0, 2.0]], [[1.0]]), ValueError, "z must have 2 numbers an input"),
        (lambda: ntk.infinite_kernel([[1.0, 2.0]], [[1.0]]), ValueError, "z must have 2 numbers an input"),
        (lambda: ntk.arc_cosine([[1.0]], degree=2), ValueError, "degree must be an integer from 0 to 1"),
        (lambda: ntk.train(NET, [[1.0, 2.0]], [1.0, 2.0], 0.1, 3), ValueError, "y must have one number"),
        (lambda: ntk.train(NET, [[1.0, 2.0]], [1.0], 0, 3), ValueError, "rate must be"),
        (lambda: ntk.train(NET, [[1.0, 2.0]], [1.0], 0.1, -1), ValueError, "steps must be"),
        (lambda: ntk.train(NET, [[1.0, 2.0]], [1.0], 0.1, 3, scale=0), ValueError, "scale must be"),
        (
            lambda: ntk.train(NET, [[1.0, 2.0], [-1.0, -2.0]], [1.0, 1.0], 1e3, 400),
            FloatingPointError,
            "rate must be smaller",
        ),
        (lambda: ntk.flipped(NET, ntk.start(5, 2), [[1.0, 2.0]]), ValueError, "width of before, 4. Received: width 5"),
        (lambda: ntk.kernel_regression(np.ones((2, 3)), [1, 2], [[1, 2]]), ValueError, "square and symmetric"),
        (lambda: ntk.kernel_regression([[1, 2], [0, 1]], [1, 2], [[1, 2]]), ValueError, "square and symmetric"),
        (lambda: ntk.kernel_regression([[1, 2], [2, 1]], [1, 2], [[1, 2]]), ValueError, "no negative eigenvalue"),
        (lambda: ntk.kernel_regression(np.ones((2, 2)), [1, 2], [[1, 2]]), ValueError, "must have an inverse"),
        (lambda: ntk.kernel_regression(np.eye(2), [1, 2, 3], [[1, 2]]), ValueError, "targets and across"),
        (lambda: ntk.kernel_regression(np.eye(2), [1, 2], [[1]]), ValueError, "targets and across"),
        (lambda: ntk.kernel_regression(np.eye(2), [1, 2], [[1, 2]], rate=0.1), ValueError, "given together"),
        (lambda: ntk.kernel_regression(np.eye(2), [1, 2], [[1, 2]], rate=2, steps=3), ValueError, "below 2, else"),
        (lambda: ntk.kernel_regression(np.eye(2), [1, 2], [[1, 2]], [1.0]), ValueError, r"start must be.*\(2,\)"),
        (lambda: ntk.kernel_regression(np.eye(2), [1, 2], [[1, 2]], 0, [1, 2]), ValueError, r"start_across.*\(1,\)"),
        (lambda: ntk.model_features(NET, [[1.0, 2.0]]), TypeError, "model must be a Keras model"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_bad_input_for_a_model_is_named():
    model = as_keras(NET)
    for x, output, message in (
        (np.ones((2, 3)), 0, r"x must have the shape \(2,\)"),
        (np.ones((2, 2)), 1, "output must be an integer from 0 to 0"),
        (np.ones((0, 2)), 0, "x an input. Received: 2 weights, 0 inputs"),
    ):
        with pytest.raises(ValueError, match=message):
            ntk.model_features(model, x, output)
    model.trainable = False
    with pytest.raises(ValueError, match="Received: 0 weights"):
        ntk.model_features(model, np.ones((2, 2)))
    picture = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(1, 3)])
    with pytest.raises(ValueError, match=r"model must give out \(n, outputs\)"):
        ntk.model_features(picture, np.ones((1, 4, 4, 1)))
