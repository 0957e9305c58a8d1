from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 1

@test_case(points=0, hidden=False)
def test_public_worked_network(forward):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    parameters = {'W1': np.array([[1.0, -1.0]]), 'b1': np.array([0.0, 1.0]), 'W2': np.array([[np.log(3.0), 0.0], [0.0, 1.0]]), 'b2': np.array([0.0, np.log(2.0)])}
    received = forward(np.array([[1.0]]), parameters)
    assert len(received) == 2, 'return two things, h and p'
    h, p = (np.asarray(part) for part in received)
    assert h.shape == p.shape == (1, 2), f'h and p should both have shape (1, 2), received {h.shape} and {p.shape}'
    assert np.allclose(h, [[1, 0]]), f'the hidden values should be [[1, 0]], received {h}'
    assert np.allclose(p, [[0.6, 0.4]]), f'the probabilities should be [[0.6, 0.4]], received {p}'
    assert_same(received, (np.array([[1.0, 0.0]]), np.array([[0.6, 0.4]])), 'forward(x, parameters)')

@test_case(points=0, hidden=False)
def test_public_what_is_negative_is_cut_in_the_hidden_layer_only(forward):
    import numpy as np
    parameters = {'W1': np.array([[1.0, -1.0]]), 'b1': np.array([0.0, 1.0]), 'W2': np.array([[-1.0, 0.0], [-1.0, 0.0]]), 'b2': np.array([-1.0, 0.0])}
    h, p = (np.asarray(part) for part in forward(np.array([[3.0]]), parameters))
    assert np.allclose(h, [[3, 0]]), f'the hidden values should be [[3, 0]], received {h}'
    expected = 1 / (1 + np.exp([[4.0, -4.0]]))
    assert np.allclose(p, expected), f'the probabilities should be {expected}, received {p}'
