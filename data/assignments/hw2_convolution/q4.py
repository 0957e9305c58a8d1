from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 3

@test_case(points=0, hidden=False)
def test_public_worked_matrix(toeplitz):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    received = np.asarray(toeplitz(np.array([1.0, 2.0]), 4))
    expected = np.array([[1, 2, 0, 0], [0, 1, 2, 0], [0, 0, 1, 2]])
    assert received.shape == (3, 4), f'three outputs of four inputs give shape (3, 4), received {received.shape}'
    assert np.allclose(received, expected), f'expected\n{expected}\nreceived\n{received}'
    assert_same(toeplitz(np.array([1.0, 2.0]), 4), expected * 1.0, 'toeplitz([1, 2], 4)')

@test_case(points=0, hidden=False)
def test_public_stride(toeplitz):
    import numpy as np
    received = np.asarray(toeplitz(np.array([1.0, 2.0, 3.0]), 6, 2))
    expected = np.array([[1, 2, 3, 0, 0, 0], [0, 0, 1, 2, 3, 0]])
    assert received.shape == (2, 6), f'with stride 2 expected shape (2, 6), received {received.shape}'
    assert np.allclose(received, expected), f'with stride 2 expected\n{expected}\nreceived\n{received}'

@test_case(points=0, hidden=False)
def test_public_padding(toeplitz):
    import numpy as np
    received = np.asarray(toeplitz(np.array([1.0, 2.0, 3.0]), 3, 1, 1))
    expected = np.array([[2, 3, 0], [1, 2, 3], [0, 1, 2]])
    assert received.shape == (3, 3), f'with padding 1 expected shape (3, 3), received {received.shape}'
    assert np.allclose(received, expected), f'with padding 1 expected\n{expected}\nreceived\n{received}'
