from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 2

@test_case(points=0, hidden=False)
def test_public_worked_example(measure):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    labels, recordings = (np.array([0, 0, 1, 1]), np.array([7, 8, 7, 8]))
    scores = np.array([[2.0, 1.0], [0.0, 1.0], [0.0, 3.0], [1.0, 2.0]])
    received = measure(labels, scores, recordings)
    expected = {'accuracy': 0.75, 'real': 0.5, 'fake': 1.0, 'worst': 0.5}
    assert isinstance(received, dict) and set(received) == set(expected), f'return a dictionary with the keys accuracy, real, fake, worst; received {received!r}'
    for name, value in expected.items():
        assert np.isclose(received[name], value), f'{name!r} should be {value}, received {received[name]}'
    assert_same(received, expected, 'measure(…)')

@test_case(points=0, hidden=False)
def test_public_recordings_of_unequal_length(measure):
    import numpy as np
    labels, recordings = (np.array([1, 1, 1, 0, 0]), np.array([3, 3, 3, 3, 5]))
    scores = np.array([[0.0, 1.0], [0.0, 1.0], [0.0, -1.0], [1.0, 0.0], [5.0, 4.0]])
    received = measure(labels, scores, recordings)
    for name, value in {'accuracy': 0.8, 'real': 1.0, 'fake': 2 / 3, 'worst': 0.75}.items():
        assert np.isclose(received[name], value), f'with four frames of recording 3 and one of recording 5 {name!r} should be {value:.3f}, received {received[name]}'
