from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 1

@test_case(points=0, hidden=False)
def test_public_worked_step(step):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    old = {'W1': np.array([[1.0, 2.0]]), 'b1': np.array([3.0, 4.0]), 'W2': np.array([[5.0], [6.0]]), 'b2': np.array([7.0])}
    slope = {'W1': np.array([[1.0, -1.0]]), 'b1': np.array([2.0, 0.0]), 'W2': np.array([[-2.0], [4.0]]), 'b2': np.array([10.0])}
    expected = {'W1': [[0.5, 2.5]], 'b1': [2.0, 4.0], 'W2': [[6.0], [4.0]], 'b2': [2.0]}
    received = step(old, slope, 0.5)
    assert isinstance(received, dict) and set(received) == set(old), 'return a dictionary with the keys W1, b1, W2, b2'
    assert old['W1'][0, 0] == 1 and old['b2'][0] == 7, 'step changed the old parameters: make new arrays'
    for name in ('W1', 'W2', 'b1', 'b2'):
        assert np.allclose(received[name], expected[name]), f'{name} should become {expected[name]}, received {np.asarray(received[name]).tolist()}'
    assert_same(received, {name: np.array(value) for name, value in expected.items()}, 'step(…)')
