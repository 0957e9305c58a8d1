from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 2

@test_case(points=0, hidden=False)
def test_public_worked_signal(correlate1d):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    received = np.asarray(correlate1d(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 10.0])))
    assert received.shape == (3,), f'4 numbers and a kernel of 2 give 3, received shape {received.shape}'
    assert np.allclose(received, [21, 32, 43]), f'expected [21, 32, 43], received {received}'
    assert_same(correlate1d(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 10.0])), np.array([21.0, 32.0, 43.0]), 'correlate1d(…)')

@test_case(points=0, hidden=False)
def test_public_stride_and_padding(correlate1d):
    import numpy as np
    signal, kernel = (np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.0, 10.0, 100.0]))
    for stride, padding, expected in ((2, 0, [321, 543]), (1, 1, [210, 321, 432, 543, 54]), (3, 2, [100, 432, 5])):
        received = np.asarray(correlate1d(signal, kernel, stride, padding))
        assert np.shape(received) == (len(expected),) and np.allclose(received, expected), f'[1, 2, 3, 4, 5] with [1, 10, 100], stride {stride}, padding {padding}: expected {expected}, received {received.tolist()}'
    assert signal.tolist() == [1, 2, 3, 4, 5], 'your function changed its argument: work on a copy'
