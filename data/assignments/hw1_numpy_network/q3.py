from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 1

@test_case(points=0, hidden=False)
def test_public_worked_layer(linear):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    x, b = (np.array([[1.0, 2.0]]), np.array([10.0, 20.0, 30.0]))
    W = np.array([[1.0, 0.0, -1.0], [0.5, 1.0, 2.0]])
    received = np.asarray(linear(x, W, b))
    assert received.shape == (1, 3), f'one example and three units give shape (1, 3), received {received.shape}'
    assert np.allclose(received, [[12, 22, 33]]), f'expected [[12, 22, 33]], received {received}'
    assert_same(linear(x, W, b), np.array([[12.0, 22.0, 33.0]]), 'linear(x, W, b)')

@test_case(points=0, hidden=False)
def test_public_worked_relu(relu):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    z = np.array([[-2.0, 0.0, 3.0]])
    received = np.asarray(relu(z))
    assert z[0, 0] == -2, 'relu changed its argument: work on a copy'
    assert received.shape == (1, 3), f'relu keeps the shape (1, 3), received {received.shape}'
    assert np.allclose(received, [[0, 0, 3]]), f'relu of [[-2, 0, 3]] is [[0, 0, 3]], received {received}'
    assert_same(relu(z), np.array([[0.0, 0.0, 3.0]]), 'relu(z)')
