"""Laws of max, average, global and adaptive pooling, against the loop, TensorFlow and Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coursekit import convolution, shapes
from coursekit.convolution import (
    adaptive_average_pool,
    adaptive_average_pool_loop,
    adaptive_max_pool,
    adaptive_max_pool_loop,
    average_pool,
    average_pool_loop,
    global_average_pool,
    global_max_pool,
    max_pool,
    max_pool_loop,
)

MAX = pytest.mark.parametrize("pool", [max_pool, max_pool_loop])
AVERAGE = pytest.mark.parametrize("pool", [average_pool, average_pool_loop])
ALL = pytest.mark.parametrize("pool", [max_pool, max_pool_loop, average_pool, average_pool_loop])
ADAPTIVE = [adaptive_max_pool, adaptive_max_pool_loop, adaptive_average_pool, adaptive_average_pool_loop]

few_values = st.integers(-3, 3)  # so that several pixels are often equal
batches = arrays(
    np.int64, st.tuples(st.integers(1, 2), *[st.integers(1, 7)] * 2, st.integers(1, 2)), elements=few_values
)
sizes = st.one_of(st.integers(1, 4), st.tuples(st.integers(1, 4), st.integers(1, 4)))
paddings = st.sampled_from(["valid", "same"])

PICTURE = np.array([[1, 3, 2, 1], [4, 6, 5, 0], [7, 2, 9, 8], [1, 0, 3, 4]])


def result_or_error(function, *arguments):
    try:
        return function(*arguments)
    except ValueError as error:
        return str(error)


@MAX
def test_hand_worked_maxima(pool):
    assert pool(PICTURE).tolist() == [[6, 5], [7, 9]]
    assert pool(PICTURE, 2, 1).tolist() == [[6, 6, 5], [7, 9, 9], [7, 9, 9]]
    assert pool(PICTURE, (1, 4)).tolist() == [[3], [6], [9], [4]]
    assert pool(PICTURE, (4, 1)).tolist() == [[7, 6, 9, 8]]
    assert pool(PICTURE, 2, (2, 1)).tolist() == [[6, 6, 5], [7, 9, 9]]
    assert pool(PICTURE, 3).tolist() == [[9]]
    assert pool(PICTURE, 3, padding="same").tolist() == [[6, 5], [7, 9]]  # a pixel is missing on each side
    assert pool(PICTURE, 3, 2, "same").tolist() == [[9, 9], [9, 9]]


@AVERAGE
def test_hand_worked_means(pool):
    assert pool(PICTURE).tolist() == [[3.5, 2], [2.5, 6]]
    assert pool(PICTURE, (1, 4)).tolist() == [[1.75], [3.75], [6.5], [2]]
    assert pool(PICTURE, 3, padding="same").tolist() == [[3.5, 2], [2.5, 6]]  # a pixel is missing on each side
    assert pool(PICTURE, 3, 2, "same").tolist() == [[39 / 9, 25 / 6], [22 / 6, 24 / 4]]


@MAX
def test_hand_worked_positions_name_row_and_column_of_the_winner(pool):
    values, positions = pool(PICTURE, return_positions=True)
    assert values.tolist() == [[6, 5], [7, 9]]
    assert positions.tolist() == [[[1, 1], [1, 2]], [[2, 0], [2, 2]]]


@MAX
def test_among_equal_pixels_the_first_in_reading_order_wins(pool):
    _, positions = pool(np.zeros((3, 3), np.uint8), 2, 2, "same", return_positions=True)
    assert positions.tolist() == [[[0, 0], [0, 2]], [[2, 0], [2, 2]]]
    _, positions = pool(np.array([[0, 5], [5, 0]]), return_positions=True)
    assert positions.tolist() == [[[0, 1]]]


@given(batches, sizes, st.none() | sizes, paddings)
@settings(max_examples=120, deadline=None)
def test_fast_maximum_and_positions_equal_the_loop_or_fail_alike(x, pool_size, stride, padding):
    settings_ = (x, pool_size, stride, padding, True)
    expected, received = result_or_error(max_pool_loop, *settings_), result_or_error(max_pool, *settings_)
    assert type(expected) is type(received)
    if isinstance(expected, str):
        assert received == expected
    else:
        np.testing.assert_array_equal(received[0], expected[0])
        np.testing.assert_array_equal(received[1], expected[1])


@given(batches, sizes, st.none() | sizes, paddings)
@settings(max_examples=120, deadline=None)
def test_fast_mean_equals_the_loop_or_fails_alike(x, pool_size, stride, padding):
    expected = result_or_error(average_pool_loop, x, pool_size, stride, padding)
    received = result_or_error(average_pool, x, pool_size, stride, padding)
    assert type(expected) is type(received)
    if isinstance(expected, str):
        assert received == expected
    else:
        np.testing.assert_allclose(received, expected)


@given(batches, sizes, sizes, paddings)
@settings(max_examples=60, deadline=None)
def test_both_equal_tensorflow(x, pool_size, stride, padding):
    x = x.astype(np.float32)
    maximum = result_or_error(max_pool, x, pool_size, stride, padding)
    if not isinstance(maximum, str):
        np.testing.assert_array_equal(maximum, tf.nn.max_pool2d(x, pool_size, stride, padding.upper()))
        mean = tf.nn.avg_pool2d(x, pool_size, stride, padding.upper())
        np.testing.assert_allclose(average_pool(x, pool_size, stride, padding), mean, atol=1e-6)


@given(st.permutations(range(30)), sizes, sizes, paddings)
@settings(max_examples=40, deadline=None)
def test_positions_equal_those_of_tensorflow(values, pool_size, stride, padding):
    x = np.array(values, np.float32).reshape(1, 5, 3, 2)
    result = result_or_error(max_pool, x, pool_size, stride, padding, True)
    if not isinstance(result, str):
        row, column = np.moveaxis(result[1], -1, 0)
        flat = (row * 3 + column) * 2 + np.arange(2)
        expected = tf.nn.max_pool_with_argmax(x, pool_size, stride, padding.upper()).argmax
        np.testing.assert_array_equal(flat, expected)


@given(batches, sizes, sizes, paddings)
@settings(max_examples=40, deadline=None)
def test_the_pixel_at_each_position_has_the_value_of_the_maximum(x, pool_size, stride, padding):
    result = result_or_error(max_pool, x, pool_size, stride, padding, True)
    if not isinstance(result, str):
        values, positions = result
        image, _, _, channel = np.indices(values.shape)
        np.testing.assert_array_equal(x[image, positions[..., 0], positions[..., 1], channel], values)


@ALL
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_default_stride_is_the_pool_size_and_the_shape_is_that_of_shapes(pool, padding):
    x = np.random.default_rng(0).normal(size=(1, 7, 8, 3))
    np.testing.assert_array_equal(pool(x, (2, 3), None, padding), pool(x, (2, 3), (2, 3), padding))
    assert pool(x, (2, 3), None, padding).shape == (
        1, shapes.output_size(7, 2, 2, padding), shapes.output_size(8, 3, 3, padding), 3
    )  # fmt: skip
    np.testing.assert_array_equal(pool(x), pool(x, 2, 2, "valid"))


def test_pooling_halves_224_and_keeps_64_channels():
    assert max_pool(np.zeros((1, 224, 224, 64), np.float32)).shape == (1, 112, 112, 64)


@ALL
def test_a_picture_is_pooled_like_a_batch_of_one_with_one_channel(pool):
    expected = pool(PICTURE.reshape(1, 4, 4, 1), 3, 1, "same")[0, :, :, 0]
    np.testing.assert_array_equal(pool(PICTURE, 3, 1, "same"), expected)


@ALL
def test_channels_are_pooled_one_by_one(pool):
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 3))
    for c in range(3):
        np.testing.assert_allclose(pool(x)[..., c : c + 1], pool(x[..., c : c + 1]))


@ALL
def test_a_constant_picture_stays_constant_also_in_partial_windows(pool):
    np.testing.assert_allclose(pool(np.full((5, 7), -2.5), 3, 2, "same"), -2.5)


@MAX
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, np.float64])
def test_the_maximum_keeps_the_number_type(pool, dtype):
    assert pool(PICTURE.astype(dtype), 3, 3, "same").dtype == dtype


@AVERAGE
@pytest.mark.parametrize(
    ("dtype", "expected"),
    [(np.uint8, np.float64), (np.int64, np.float64), (np.float16, np.float32), (np.float32, np.float32)],
)
def test_the_mean_is_a_fraction_and_keeps_floating_types(pool, dtype, expected):
    result = pool(np.full((4, 4), 250).astype(dtype))
    assert result.dtype == expected and (result == 250).all()  # a uint8 sum would have overflowed


# Global and adaptive pooling


def test_global_pooling_equals_keras():
    x = np.random.default_rng(0).normal(size=(2, 5, 6, 3)).astype(np.float32)
    np.testing.assert_allclose(global_average_pool(x), keras.layers.GlobalAveragePooling2D()(x), atol=1e-6)
    np.testing.assert_array_equal(global_max_pool(x), keras.layers.GlobalMaxPooling2D()(x))


def test_global_pooling_keeps_types_and_does_not_overflow():
    x = np.full((1, 9, 9, 2), 255, np.uint8)
    assert global_max_pool(x).dtype == np.uint8
    assert global_average_pool(x).dtype == np.float64 and (global_average_pool(x) == 255).all()
    assert global_average_pool(x.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize(("fast", "loop"), [ADAPTIVE[:2], ADAPTIVE[2:]])
@given(batches, sizes)
@settings(max_examples=60, deadline=None)
def test_adaptive_fast_form_equals_the_loop_and_has_the_asked_size(fast, loop, x, output_size):
    received = fast(x, output_size)
    rows, columns = output_size if isinstance(output_size, tuple) else (output_size, output_size)
    assert received.shape == (len(x), rows, columns, x.shape[3])
    np.testing.assert_allclose(received, loop(x, output_size), atol=1e-12)


@pytest.mark.parametrize("pool", ADAPTIVE[:2])
def test_hand_worked_adaptive_maxima(pool):
    assert pool(PICTURE, (3, 2)).tolist() == [[6, 5], [7, 9], [7, 9]]


@pytest.mark.parametrize("pool", ADAPTIVE[2:])
def test_hand_worked_adaptive_means(pool):
    assert pool(PICTURE, (1, 3)).tolist() == [[24 / 8, 30 / 8, 32 / 8]]


@pytest.mark.parametrize("pool", ADAPTIVE)
def test_adaptive_pooling_is_ordinary_pooling_when_the_size_divides_and_global_for_one_output(pool):
    x = np.random.default_rng(0).normal(size=(2, 6, 8, 3))
    name = pool.__name__.removesuffix("_loop").removeprefix("adaptive_")
    ordinary, over_all = getattr(convolution, name), getattr(convolution, f"global_{name}")
    np.testing.assert_allclose(pool(x, (3, 2)), ordinary(x, (2, 4)))
    np.testing.assert_allclose(pool(x, 1)[:, 0, 0], over_all(x))
    np.testing.assert_allclose(pool(x, (6, 8)), x)


@given(st.integers(1, 30), st.integers(1, 12))
@settings(max_examples=80, deadline=None)
def test_adaptive_windows_cover_the_axis_in_order_and_are_as_even_as_can_be(size, outputs):
    windows = shapes.adaptive_windows(size, outputs)
    assert len(windows) == outputs and windows[0][0] == 0 and windows[-1][1] == size
    assert {pixel for start, end in windows for pixel in range(start, end)} == set(range(size))
    for i, (start, end) in enumerate(windows):
        assert start == int(np.floor(i * size / outputs + 1e-9)) and end == int(
            np.ceil((i + 1) * size / outputs - 1e-9)
        )


@pytest.mark.parametrize("pool", ADAPTIVE)
def test_adaptive_pooling_of_a_picture_and_its_types(pool):
    picture = np.full((3, 5), 250, np.uint8)
    expected = np.uint8 if "max" in pool.__name__ else np.float64
    result = pool(picture, (2, 3))
    assert result.shape == (2, 3) and result.dtype == expected and (result == 250).all()
    assert pool(picture.astype(np.float32), 2).dtype == np.float32


def test_inputs_stay_as_they_were():
    x = np.arange(48.0).reshape(1, 4, 6, 2)
    x.flags.writeable = False
    for pool in (max_pool, max_pool_loop, average_pool, average_pool_loop):
        pool(x, 1)[:] = -1  # and the result is no window onto the input
        pool(x, 3, 2, "same")
    for pool in ADAPTIVE:
        pool(x, (4, 6))[:] = -1
    assert x.ravel().tolist() == list(range(48))


@ALL
@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (dict(x="picture"), TypeError, "x must be an array of real numbers. Received: 'picture'"),
        (dict(x=np.ones((4, 5, 3))), ValueError, r"x must have 2 or 4 axes. Received: shape \(4, 5, 3\)"),
        (dict(x=np.ones((0, 4, 5, 1))), ValueError, r"x must hold at least one entry .*\(0, 4, 5, 1\)"),
        (
            dict(x=[[1, np.nan], [2, 3]]),
            ValueError,
            r"x must hold finite numbers only. Received: nan at index \(0, 1\)",
        ),
        (dict(pool_size=0), ValueError, "pool_size must be an integer of at least 1. Received: 0"),
        (dict(pool_size=(5, 1)), ValueError, r"pool_size \(rows\) covers .* the padded input has 4 .*Received: 5"),
        (dict(pool_size=(1, 5)), ValueError, r"pool_size \(columns\) covers .* the padded input has 4 .*Received: 5"),
        (dict(pool_size=2.0), TypeError, "pool_size must be an integer of at least 1. Received: 2.0"),
        (dict(stride=-1), ValueError, "stride must be an integer of at least 1. Received: -1"),
        (dict(padding="full"), ValueError, "padding must be one of 'valid', 'same'. Received: 'full'"),
        (dict(padding=1), ValueError, "padding must be one of 'valid', 'same'. Received: 1"),
    ],
)
def test_wrong_arguments_are_named_with_what_was_received(pool, wrong, error, message):
    with pytest.raises(error, match=message):
        pool(**{"x": PICTURE, **wrong})


@pytest.mark.parametrize("pool", ADAPTIVE)
@pytest.mark.parametrize(
    ("x", "output_size", "error", "message"),
    [
        (None, 1, TypeError, "x must be an array of real numbers. Received: None"),
        (np.ones((0, 4, 5, 1)), 1, ValueError, "x must hold at least one entry"),
        ([[np.inf]], 1, ValueError, "x must hold finite numbers only"),
        (PICTURE, 0, ValueError, "output_size must be an integer of at least 1. Received: 0"),
        (PICTURE, (1, 2, 3), ValueError, r"output_size must be .*Received: \(1, 2, 3\)"),
    ],
)
def test_wrong_arguments_of_adaptive_pooling_are_named(pool, x, output_size, error, message):
    with pytest.raises(error, match=message):
        pool(x, output_size)


@pytest.mark.parametrize("pool", [global_max_pool, global_average_pool])
@pytest.mark.parametrize(
    ("x", "message"), [(PICTURE, "x must have 4 axes"), (np.ones((0, 2, 2, 1)), "x must hold at least")]
)
def test_wrong_arguments_of_global_pooling_are_named(pool, x, message):
    with pytest.raises(ValueError, match=message):
        pool(x)
