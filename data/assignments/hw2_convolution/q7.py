from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 2

@test_case(points=0, hidden=False)
def test_public_worked_pooling(max_pool):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    image = np.array([[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, 1.0], [-9.0, -7.0, 6.0, 2.0], [-8.0, -5.0, 3.0, 7.0]])
    received = np.asarray(max_pool(image, 2, 2))
    assert received.shape == (2, 2), f'a 4 x 4 image, size 2 and stride 2 give shape (2, 2), received {received.shape}'
    assert np.allclose(received, [[5, 8], [-5, 7]]), f'expected [[5, 8], [-5, 7]], received {received.tolist()}'
    assert_same(max_pool(image, 2, 2), np.array([[5.0, 8.0], [-5.0, 7.0]]), 'max_pool(…)')

@test_case(points=0, hidden=False)
def test_public_overlapping_and_partial_windows(max_pool):
    import numpy as np
    image = np.array([[1.0, 9.0, 2.0, 3.0, 4.0], [5.0, 0.0, 6.0, 1.0, 8.0], [7.0, 2.0, 3.0, 2.0, 1.0]])
    received = np.asarray(max_pool(image, 2, 1))
    expected = np.array([[9, 9, 6, 8], [7, 6, 6, 8]])
    assert received.shape == (2, 4), f'with size 2 and stride 1 expected shape (2, 4), received {received.shape}'
    assert np.allclose(received, expected), f'with size 2 and stride 1 expected\n{expected}\nreceived\n{received}'
    received = np.asarray(max_pool(image, 2, 2))
    assert received.shape == (1, 2), f'a 3 x 5 image, size 2, stride 2: partial windows are left out, so (1, 2), received {received.shape}'
    assert np.allclose(received, [[9, 6]]), f'with size 2 and stride 2 expected [[9, 6]], received {received.tolist()}'
