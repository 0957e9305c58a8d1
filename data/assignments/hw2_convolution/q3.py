from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 1

@test_case(points=0, hidden=False)
def test_public_a_single_one_is_answered_with_the_kernel(convolve1d):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    received = np.asarray(convolve1d(np.array([0.0, 0.0, 1.0, 0.0, 0.0]), np.array([1.0, 2.0, 3.0])))
    assert received.shape == (3,), f'5 numbers and a kernel of 3 give 3, received shape {received.shape}'
    assert np.allclose(received, [1, 2, 3]), f'expected the kernel, [1, 2, 3], received {received}'
    assert_same(convolve1d(np.array([0.0, 0.0, 1.0, 0.0, 0.0]), np.array([1.0, 2.0, 3.0])), np.array([1.0, 2.0, 3.0]), 'convolve1d(…)')

@test_case(points=0, hidden=False)
def test_public_stride_and_padding(convolve1d):
    import numpy as np
    received = np.asarray(convolve1d(np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0]), 2, 1))
    assert np.shape(received) == (2,) and np.allclose(received, [1, 23]), f'[1, 2, 3] with [1, 10], stride 2, padding 1: expected [1, 23], received {received.tolist()}'
