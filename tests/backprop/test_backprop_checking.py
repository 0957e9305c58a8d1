"""Laws of the gradient check: right gradients pass, wrong ones are named with their entry, kinks are suspected."""

import numpy as np
import pytest

from coursekit.backprop import central_differences, conv_gradients, gradient_check
from coursekit.convolution import conv_layer


def test_a_right_gradient_passes_and_one_wrong_entry_is_named():
    x = np.array([[1.0, -2.0, 0.5], [3.0, 0.1, -1.0]])
    right = np.cos(x)
    assert gradient_check(lambda x: np.sin(x).sum(), x, right).passed
    wrong = right.copy()
    wrong[1, 2] += 0.01
    found = gradient_check(lambda x: np.sin(x).sum(), x, wrong)
    assert not found.passed and found.worst == (1, 2) and not found.kink
    assert found.claimed == wrong[1, 2] and found.measured == pytest.approx(right[1, 2])
    assert "entry (1, 2)" in repr(found) and "kink" not in repr(found)


@pytest.mark.parametrize("place", [0.0, 3e-6, -3e-6])
def test_a_kink_within_the_step_is_suspected(place):
    found = gradient_check(lambda x: np.maximum(x, 0).sum(), [1.0, place], [1.0, float(place > 0)])
    assert not found.passed and found.kink and found.worst == (1,) and "kink" in repr(found)


def test_the_convolution_passes_at_random_entries():
    rng = np.random.default_rng(0)
    x, kernels = rng.normal(size=(2, 6, 5, 2)), rng.normal(size=(3, 2, 2, 3))
    slope = conv_gradients(x, kernels, conv_layer(x, kernels, stride=2), stride=2)[1]
    found = gradient_check(lambda k: (conv_layer(x, k, stride=2) ** 2).sum() / 2, kernels, slope, entries=20)
    assert found.passed and found.error < 1e-8
    flipped = slope[::-1, ::-1]
    assert not gradient_check(
        lambda k: (conv_layer(x, k, stride=2) ** 2).sum() / 2, kernels, flipped, entries=20
    ).passed


def test_the_array_that_is_checked_is_not_changed_even_by_a_function_that_edits_it():
    x = np.array([1.0, 2.0])

    def editing(x):
        x *= 2
        return x.sum()

    np.testing.assert_allclose(central_differences(editing, x), [2, 2])
    np.testing.assert_array_equal(x, [1, 2])


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((1, [1.0], [1.0]), TypeError, "function must be a function of x"),
        ((lambda x: x, [1.0, 2.0], [1.0, 1.0]), TypeError, "function must return one number"),
        ((lambda x: np.nan, [1.0], [1.0]), ValueError, "function must return a finite number"),
        ((np.sum, [1.0], [1.0, 2.0]), ValueError, "gradient must have the shape of x"),
        ((np.sum, [1.0], [1.0], 0), ValueError, "step must be"),
        ((np.sum, [1.0, 1e12], [0.0, 0.0]), ValueError, "step must be large enough .* 1e-05 beside 1000000000000.0"),
        ((np.sum, [3.0], [0.0], 1e-17), ValueError, "step must be large enough .* Received: 1e-17 beside 3.0"),
        ((np.sum, [3.0], [1.0], 1e-5, 1e-6, 1, -1), ValueError, "seed must be an integer of at least 0. Received: -1"),
        ((np.sum, [], []), ValueError, "x must hold at least one entry"),
    ],
)
def test_bad_input_is_refused_by_name(arguments, kind, message):
    with pytest.raises(kind, match=message):
        gradient_check(*arguments)
