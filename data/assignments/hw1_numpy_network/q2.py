from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 2

@test_case(points=0, hidden=False)
def test_public_shapes(initialise):
    import numpy as np
    received = initialise(5, 3, 2, 0)
    assert isinstance(received, dict) and set(received) == {'W1', 'b1', 'W2', 'b2'}, f'return a dictionary with the keys W1, b1, W2, b2, received {received!r}'
    shapes = {name: np.shape(value) for name, value in sorted(received.items())}
    expected = {'W1': (5, 3), 'W2': (3, 2), 'b1': (3,), 'b2': (2,)}
    assert shapes == expected, f'for 5 inputs, 3 hidden and 2 outputs expected {expected}, received {shapes}'

@test_case(points=0, hidden=False)
def test_public_biases_are_zero_and_weights_spread_as_asked(initialise):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    received = initialise(200, 50, 300, 1)
    assert not np.any(received['b1']) and (not np.any(received['b2'])), 'biases start at 0'
    for name, wanted in (('W1', 0.1), ('W2', 0.2)):
        spread, mean = (np.std(received[name]), np.mean(received[name]))
        assert abs(mean) < 0.01, f'the mean of {name} should be near 0, received {mean:.3f}'
        assert abs(spread - wanted) < 0.01, f'with 200 inputs and 50 hidden units {name} should have the standard deviation {wanted}, received {spread:.3f}'
    assert_same(received['b1'], np.zeros(50), 'b1')
    assert_same(received['W1'], np.asarray(received['W1']) * 1.0, 'W1')

@test_case(points=0, hidden=False)
def test_public_the_seed_decides(initialise):
    import numpy as np
    one, again, other = (np.asarray(initialise(4, 3, 2, seed)['W1']) for seed in (7, 7, 8))
    assert np.array_equal(one, again), 'the same seed must give the same weights'
    assert not np.array_equal(one, other), 'another seed must give other weights'
    first = np.random.default_rng(7).normal(size=12) * np.sqrt(2 / 4)
    assert np.allclose(one.ravel(), first), 'W1 comes first from np.random.default_rng(seed)'
