"""Laws of the way back: loop equals fast form, both equal TensorFlow and central differences in float64."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit import backprop
from coursekit.convolution import average_pool, conv_layer, max_pool

small = st.integers(1, 3)
paddings = st.sampled_from(["valid", "same", "full", 1, (0, 2)])
FEW = settings(max_examples=40, deadline=None)


def tape(function, *variables):
    """The gradients by TensorFlow of the sum of `function` of the variables, each a float64 array."""
    tensors = [tf.constant(value) for value in variables]
    with tf.GradientTape() as recorded:
        recorded.watch(tensors)
        value = function(*tensors)
    return [part.numpy() for part in recorded.gradient(value, tensors)]


@given(small, small, small, small, st.tuples(small, small), paddings, st.tuples(small, small), st.integers(0, 99))
@FEW
def test_the_way_back_through_any_convolution_is_tensorflows(n, c_in, c_out, tall, stride, padding, dilation, seed):
    rng = np.random.default_rng(seed)
    x, kernels = rng.normal(size=(n, 9, 11, c_in)), rng.normal(size=(tall, 2, c_in, c_out))
    gradient = rng.normal(size=conv_layer(x, kernels, None, stride, padding, dilation).shape)
    found = backprop.conv_gradients(x, kernels, gradient, stride, padding, dilation)
    by_loop = backprop.conv_gradients_loop(x, kernels, gradient, stride, padding, dilation)
    spans = [(size - 1) * gap + 1 for size, gap in zip((tall, 2), dilation)]
    border = [border_of(padding, axis, *rest) for axis, *rest in zip((0, 1), (9, 11), spans, stride)]

    def loss(x, kernels, bias):
        padded = tf.pad(x, [(0, 0), *border, (0, 0)])
        windows = [
            padded[:, u * dilation[0] :, v * dilation[1] :][
                :,
                : (gradient.shape[1] - 1) * stride[0] + 1 : stride[0],
                : (gradient.shape[2] - 1) * stride[1] + 1 : stride[1],
            ]
            @ kernels[u, v]
            for u in range(tall)
            for v in range(2)
        ]
        return tf.reduce_sum((sum(windows) + bias) * gradient)

    for ours, loop, theirs in zip(found, by_loop, tape(loss, x, kernels, np.zeros(c_out))):
        np.testing.assert_allclose(ours, theirs, atol=1e-10)
        np.testing.assert_allclose(loop, theirs, atol=1e-10)


def border_of(padding, axis, size, span, stride):
    """(before, after) by the rules of TensorFlow's documentation, apart from the package's own."""
    padding = padding[axis] if isinstance(padding, tuple) else padding
    if padding == "same":
        total = max((-(-size // stride) - 1) * stride + span - size, 0)
        return total // 2, total - total // 2
    each = {"valid": 0, "full": span - 1}.get(padding, padding)
    return each, each


@pytest.mark.parametrize(("stride", "padding"), [(1, "VALID"), (2, "SAME"), (3, "VALID")])
def test_the_way_back_is_that_of_tensorflows_own_convolution(stride, padding):
    rng = np.random.default_rng(1)
    x, kernels = rng.normal(size=(2, 8, 10, 3)), rng.normal(size=(3, 2, 3, 4))
    gradient = rng.normal(size=conv_layer(x, kernels, None, stride, padding.lower()).shape)
    theirs = tape(lambda x, k: tf.reduce_sum(tf.nn.conv2d(x, k, stride, padding) * gradient), x, kernels)
    found = backprop.conv_gradients(x, kernels, gradient, stride, padding.lower())
    for ours, expected in zip(found, theirs):
        np.testing.assert_allclose(ours, expected, atol=1e-10)


@given(small, small, st.tuples(small, small), st.tuples(small, small), st.sampled_from(["valid", "same"]))
@FEW
def test_the_way_back_through_any_pooling_is_tensorflows_where_windows_overlap_too(n, c, size, stride, padding):
    x = np.random.default_rng(n + 3 * c).permutation(n * 56 * c).reshape(n, 7, 8, c) * 1.0
    pools = {"max_pool": (max_pool, tf.nn.max_pool2d), "average_pool": (average_pool, tf.nn.avg_pool2d)}
    for name, (forward, theirs) in pools.items():
        gradient = np.random.default_rng(5).normal(size=forward(x, size, stride, padding).shape)

        def loss(x, theirs=theirs, gradient=gradient):
            return tf.reduce_sum(theirs(x, size, stride, padding.upper()) * gradient)

        (expected,) = tape(loss, x)
        for kind in ("gradient", "gradient_loop"):
            found = getattr(backprop, f"{name}_{kind}")(x, gradient, size, stride, padding)
            np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh"])
def test_activations_and_their_slopes_are_tensorflows(name):
    x = np.array([-800.0, -3.0, -0.1, 0.0, 0.2, 4.0, 800.0])
    gradient = np.arange(1.0, 8)
    theirs = getattr(tf.nn, name)
    np.testing.assert_allclose(getattr(backprop, name)(x), theirs(x), rtol=1e-12)
    (expected,) = tape(lambda x: tf.reduce_sum(theirs(x) * gradient), x)
    np.testing.assert_allclose(getattr(backprop, f"{name}_gradient")(x, gradient), expected, atol=1e-12)


def test_the_way_back_through_a_dense_layer_is_tensorflows():
    rng = np.random.default_rng(2)
    x, weights, gradient = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
    theirs = tape(lambda x, w, b: tf.reduce_sum((x @ w + b) * gradient), x, weights, np.zeros(2))
    for form in (backprop.dense_gradients, backprop.dense_gradients_loop):
        for ours, expected in zip(form(x, weights, gradient), theirs):
            np.testing.assert_allclose(ours, expected, atol=1e-12)


LOSSES = {
    "softmax_cross_entropy": (
        lambda s, y: tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, s)),
        np.array([2, 0]),
    ),
    "logistic_loss": (
        lambda s, y: tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y * 1.0, s)),
        np.array([[1.0, 0, 1], [0, 0, 1]]),
    ),
    "squared_loss": (lambda s, y: tf.reduce_sum((s - y) ** 2) / 4, np.array([[1.0, 0, 5], [0, -3, 1]])),
}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("size", [1, 500])  # large scores must not overflow
def test_losses_and_their_slopes_are_tensorflows(name, size):
    theirs, targets = LOSSES[name]
    scores = size * np.array([[0.3, -1.2, 2.0], [0.0, 0.7, -0.4]])
    value, slope = getattr(backprop, name)(scores, targets)
    np.testing.assert_allclose(value, theirs(tf.constant(scores), targets), rtol=1e-10)
    np.testing.assert_allclose(slope, tape(lambda s: theirs(s, targets), scores)[0], atol=1e-10)


CALLS = {
    "conv": (lambda x, g: backprop.conv_gradients(x, np.ones((2, 2, 2, 1)), g)[0], (1, 3, 3, 2), (1, 2, 2, 1)),
    "max": (backprop.max_pool_gradient, (1, 4, 4, 2), (1, 2, 2, 2)),
    "average": (backprop.average_pool_gradient, (1, 4, 4, 2), (1, 2, 2, 2)),
    "relu": (backprop.relu_gradient, (2, 3), (2, 3)),
    "flatten": (backprop.flatten_gradient, (2, 3, 4, 1), (2, 12)),
    "dense": (lambda x, g: backprop.dense_gradients(x, np.ones((3, 2)), g)[0], (4, 3), (4, 2)),
}


@pytest.mark.parametrize("name", CALLS)
def test_number_types_stay_inputs_stay_and_wrong_gradients_are_named(name):
    call, shape, output = CALLS[name]
    for kind, expected in ((np.float32, np.float32), (np.float64, np.float64), (np.int64, np.float64)):
        x, gradient = np.arange(np.prod(shape)).reshape(shape).astype(kind), np.ones(output, kind)
        before = x.copy(), gradient.copy()
        found = call(x, gradient)
        assert (found.dtype, found.shape) == (expected, shape)
        np.testing.assert_array_equal(x, before[0])
        np.testing.assert_array_equal(gradient, before[1])
    with pytest.raises(ValueError, match=r"gradient must have the shape of the layer's output, .* Received: shape"):
        call(x, np.ones((*output, 1)))
    assert not np.shares_memory(call(x.astype(float), gradient), gradient)
    with pytest.raises(ValueError, match="gradient must hold numbers that float32 can hold. Received: 1e.300"):
        call(x.astype(np.float32), np.full(output, 1e300))
    np.testing.assert_array_equal(call(x.astype(np.longdouble), gradient), call(x.astype(float), gradient))
    with pytest.raises(ValueError, match="gradient must hold finite numbers only"):
        call(x, np.full(output, np.nan))
    with pytest.raises(TypeError, match="must be an array of"):
        call("text", np.ones(output))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: backprop.softmax_cross_entropy(np.zeros((2, 3)), [0, 3]), "labels must be 2 numbers from 0 to 2"),
        (lambda: backprop.softmax_cross_entropy(np.zeros((2, 3)), [0]), "labels must be 2 numbers"),
        (lambda: backprop.logistic_loss([0.0], [2]), "labels must be 0 or 1. Received"),
        (lambda: backprop.squared_loss([[0.0]], [0.0]), "targets must have the shape of outputs"),
        (lambda: backprop.dense([[1.0]], [[1.0]], [1.0, 2.0]), "bias must have shape"),
        (lambda: backprop.dense([[1.0, 2.0]], [[1.0]]), "weights must have 2 rows"),
        (lambda: backprop.dense(np.ones((1, 1), np.float32), [[1e99]]), "weights must hold numbers that float32"),
        (lambda: backprop.squared_loss(np.ones(1, np.float32), [1e99]), "targets must hold numbers that float32"),
        (lambda: backprop.Dense(np.ones((1, 1), np.float32), [1e99]), "bias must hold numbers that float32"),
        (lambda: backprop.flatten_gradient(1.0, [1.0]), "x must have 1 or 2"),
        (lambda: backprop.SGD(0), "rate must be"),
        (lambda: backprop.SGD(1, momentum=1), "momentum must be from 0 to less than 1"),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_was_flattened_is_no_window_onto_the_input():
    x = np.ones((2, 3, 4, 1))
    backprop.flatten(x)[:] = 0
    assert x.all()
