from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 2

@test_case(points=0, hidden=False)
def test_public_worked_rows(softmax):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    received = np.asarray(softmax(np.log(np.array([[1.0, 1.0, 2.0], [1.0, 3.0, 4.0]]))))
    expected = np.array([[0.25, 0.25, 0.5], [0.125, 0.375, 0.5]])
    assert received.shape == (2, 3), f'expected shape (2, 3), received {received.shape}'
    assert np.allclose(received, expected), f'for z = ln [[1, 1, 2], [1, 3, 4]]: expected\n{expected}\nreceived\n{received}'
    assert_same(softmax(np.log(np.array([[1.0, 1.0, 2.0], [1.0, 3.0, 4.0]]))), expected, 'softmax(z)')

@test_case(points=0, hidden=False)
def test_public_large_sums(softmax):
    import numpy as np
    with np.errstate(all='ignore'):
        received = np.asarray(softmax(np.array([[1000.0, 1000.0], [-1000.0, -1000.0]])))
    assert np.allclose(received, 0.5), f'softmax([[1000, 1000], [-1000, -1000]]) is 0.5 everywhere, received\n{received}'
