"""Laws of the Toeplitz matrix: it is the convolution, written out; banded, with few different numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.linalg import circulant, convolution_matrix, toeplitz

from coursekit.convolution import convolve2d, correlate1d, correlate2d, toeplitz_matrix, toeplitz_matrix_loop

BOTH = pytest.mark.parametrize("matrix_of", [toeplitz_matrix, toeplitz_matrix_loop])
numbers = st.integers(-9, 9)
boundaries = st.sampled_from(["zero", "symmetric", "circular"])
modes = st.sampled_from(["valid", "same", "full"])
paddings_1d = st.one_of(modes, st.integers(0, 3), st.tuples(st.integers(0, 3), st.integers(0, 3)))
paddings_2d = st.one_of(modes, st.integers(0, 3), st.tuples(paddings_1d, paddings_1d))
steps = st.integers(1, 3)
pairs = st.one_of(steps, st.tuples(steps, steps))


def result_or_error(function, *arguments):
    try:
        return function(*arguments)
    except ValueError as error:
        return str(error)


@BOTH
def test_fifteen_weights_of_five_inputs_and_three_outputs_are_nine_entries_with_three_values(matrix_of):
    matrix = matrix_of([1, 2, 3], 5)
    assert matrix.tolist() == [[1, 2, 3, 0, 0], [0, 1, 2, 3, 0], [0, 0, 1, 2, 3]]
    assert (matrix.size, np.count_nonzero(matrix), len(np.unique(matrix[matrix != 0]))) == (15, 9, 3)


@BOTH
def test_four_by_four_image_and_three_by_three_kernel_make_a_matrix_of_four_by_sixteen(matrix_of):
    assert matrix_of(np.arange(1, 10).reshape(3, 3), (4, 4)).tolist() == [
        [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0],
        [0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0],
        [0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0],
        [0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9],
    ]


@BOTH
@given(st.lists(numbers, min_size=1, max_size=4), st.integers(1, 9), paddings_1d, boundaries, steps, steps, st.data())
@settings(max_examples=80, deadline=None)
def test_matrix_times_signal_is_the_correlation(matrix_of, kernel, size, padding, boundary, stride, dilation, data):
    signal = data.draw(arrays(np.int64, size, elements=numbers))
    settings_ = (padding, boundary, stride, dilation)
    expected = result_or_error(correlate1d, signal, kernel, *settings_)
    matrix = result_or_error(matrix_of, kernel, size, *settings_)
    if isinstance(expected, str):
        assert matrix == expected
    else:
        np.testing.assert_array_equal(matrix @ signal, expected)


@BOTH
@given(
    arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=numbers),
    arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=numbers),
    paddings_2d,
    boundaries,
    pairs,
    pairs,
)
@settings(max_examples=80, deadline=None)
def test_matrix_times_flattened_image_is_the_correlation(matrix_of, kernel, image, padding, boundary, stride, dilation):
    settings_ = (padding, boundary, stride, dilation)
    expected = result_or_error(correlate2d, image, kernel, *settings_)
    matrix = result_or_error(matrix_of, kernel, image.shape, *settings_)
    if isinstance(expected, str):
        assert matrix == expected
    else:
        np.testing.assert_array_equal(matrix @ image.ravel(), expected.ravel())


@BOTH
def test_one_dimensional_matrix_is_that_of_scipy(matrix_of):
    kernel = np.array([1, -2, 4, 7])
    np.testing.assert_array_equal(matrix_of(kernel[::-1], 6, "full"), convolution_matrix(kernel, 6, "full"))
    np.testing.assert_array_equal(matrix_of(kernel[::-1], 6), convolution_matrix(kernel, 6, "valid"))


@BOTH
@pytest.mark.parametrize("padding", ["valid", "same", "full"])
def test_each_diagonal_is_constant(matrix_of, padding):
    matrix = matrix_of([3, 1, 4], 7, padding)
    np.testing.assert_array_equal(matrix, toeplitz(matrix[:, 0], matrix[0]))


@BOTH
def test_blocks_are_toeplitz_and_so_is_their_arrangement(matrix_of):
    kernel = np.arange(1, 7).reshape(2, 3)
    matrix = matrix_of(kernel, (4, 5))  # 3 by 4 blocks of 3 by 5 entries
    blocks = matrix.reshape(3, 3, 4, 5).swapaxes(1, 2)
    for p in range(3):
        for q in range(4):
            u = q - p
            expected = matrix_of(kernel[u], 5) if 0 <= u < 2 else np.zeros((3, 5))
            np.testing.assert_array_equal(blocks[p, q], expected)


@BOTH
def test_a_circular_boundary_makes_the_matrix_circulant(matrix_of):
    matrix = matrix_of([5, 1, 2], 6, "same", "circular")
    np.testing.assert_array_equal(matrix, circulant(matrix[:, 0]))


@BOTH
def test_the_matrix_of_a_convolution_is_that_of_the_flipped_kernel(matrix_of):
    rng = np.random.default_rng(0)
    image, kernel = rng.integers(-9, 9, (5, 6)), rng.integers(-9, 9, (3, 2))
    flipped = matrix_of(kernel[::-1, ::-1], (5, 6))
    np.testing.assert_array_equal(flipped @ image.ravel(), convolve2d(image, kernel).ravel())


@BOTH
@pytest.mark.parametrize(
    ("kernel_type", "expected"), [(np.uint8, np.int64), (np.float32, np.float32), (np.float16, np.float32)]
)
def test_the_type_of_the_kernel_sets_the_type_of_the_matrix(matrix_of, kernel_type, expected):
    assert matrix_of(np.ones(2, kernel_type), 3).dtype == expected
    assert matrix_of(np.ones((2, 2), kernel_type), (3, 3)).dtype == expected


@BOTH
@pytest.mark.parametrize("kernel", [[2**62] * 3, np.array([2**63], np.uint64), [-(2**63), 1]])
def test_whole_numbers_too_large_for_64_bits_become_floats(matrix_of, kernel):
    """Beyond a mirror one entry is the sum of several weights."""
    matrix = matrix_of(kernel, 2, padding="full", boundary="symmetric")
    correlated = correlate1d([1.0, 1.0], kernel, "full", "symmetric")
    np.testing.assert_allclose(matrix.sum(axis=1), correlated)


@BOTH
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (dict(kernel="ab", size=5), TypeError, "kernel must be an array of real numbers. Received: 'ab'"),
        (dict(kernel=[], size=5), ValueError, "kernel must hold at least one entry"),
        (dict(kernel=[1, np.nan], size=5), ValueError, "kernel must hold finite numbers only"),
        (dict(kernel=np.ones((2, 2, 2)), size=5), ValueError, "kernel must have 1 or 2 axes"),
        (dict(kernel=[1, 2, 3], size=2), ValueError, "kernel covers .* the padded input has 2 .*Received: 3"),
        (dict(kernel=[1, 2], size=(4, 4)), TypeError, r"size must be an integer of at least 1. Received: \(4, 4\)"),
        (dict(kernel=[1, 2], size=0), ValueError, "size must be an integer of at least 1. Received: 0"),
        (dict(kernel=[[1, 2]], size=4), TypeError, r"size must be a pair \(rows, columns\) .*Received: 4"),
        (dict(kernel=[[1, 2]], size=(4, 4, 1)), ValueError, r"size must be .*pair .*Received: \(4, 4, 1\)"),
        (
            dict(kernel=[[1, 2]], size=(4, 1)),
            ValueError,
            r"kernel \(columns\) covers .* the padded input has 1 .*Received: 2",
        ),
        (dict(kernel=[1, 2], size=4, padding="all"), ValueError, "padding must be .valid., "),
        (dict(kernel=[1, 2], size=4, boundary="wrap"), ValueError, "boundary must be one of"),
        (dict(kernel=[1, 2], size=4, stride=-1), ValueError, "stride must be an integer of at least 1. Received: -1"),
        (dict(kernel=[[1, 2]], size=(4, 4), dilation=0), ValueError, "dilation must be .*Received: 0"),
    ],
)
def test_wrong_arguments_are_named_with_what_was_received(matrix_of, arguments, error, message):
    with pytest.raises(error, match=message):
        matrix_of(**arguments)
