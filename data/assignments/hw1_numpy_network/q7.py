from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 4

@test_case(points=0, hidden=False)
def test_public_worked_gradients(backward):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    parameters = {'W1': np.array([[1.0, -1.0]]), 'b1': np.array([0.0, 1.0]), 'W2': np.array([[np.log(3.0), 0.0], [0.0, 1.0]]), 'b2': np.array([0.0, np.log(2.0)])}
    received = backward(np.array([[1.0]]), np.array([[0.0, 1.0]]), parameters)
    assert isinstance(received, dict) and set(received) == set(parameters), 'return a dictionary with the keys W1, b1, W2, b2'
    shapes = {name: np.shape(received[name]) for name in parameters}
    expected = {name: value.shape for name, value in parameters.items()}
    assert shapes == expected, f'gradients have the shapes of the parameters, {expected}, received {shapes}'
    assert np.allclose(received['b2'], [0.6, -0.6]), f"b2 should be [0.6, -0.6], received {received['b2']}"
    assert np.allclose(received['W2'], [[0.6, -0.6], [0, 0]]), f"W2 should be [[0.6, -0.6], [0, 0]], received {received['W2']}"
    slope = 0.6 * np.log(3)
    assert np.allclose(received['b1'], [slope, 0]), f"b1 should be [{slope:.4f}, 0], received {received['b1']}"
    assert_same(received['b2'], np.array([0.6, -0.6]), 'the gradient of b2')

@test_case(points=0, hidden=False)
def test_public_nudging_each_parameter_changes_the_loss_as_its_gradient_says(backward):
    import numpy as np
    rng = np.random.default_rng(3)
    x, y = (rng.normal(size=(4, 3)), np.eye(2)[[0, 1, 1, 0]])
    parameters = {'W1': rng.normal(size=(3, 5)), 'b1': rng.normal(size=5), 'W2': rng.normal(size=(5, 2)), 'b2': rng.normal(size=2)}

    def loss(q):
        z = np.maximum(x @ q['W1'] + q['b1'], 0) @ q['W2'] + q['b2']
        return np.mean(np.log1p(np.exp((z[:, 1] - z[:, 0]) * (2 * y[:, 0] - 1))))
    received = backward(x, y, parameters)
    for name in ('b2', 'W2', 'b1', 'W1'):
        gradient = np.asarray(received[name])
        assert gradient.shape == parameters[name].shape, f'{name} should have shape {parameters[name].shape}, received {gradient.shape}'
        for index in np.ndindex(gradient.shape):
            up, down = ({k: v.copy() for k, v in parameters.items()} for _ in range(2))
            up[name][index] += 1e-05
            down[name][index] -= 1e-05
            slope = (loss(up) - loss(down)) / 2e-05
            assert abs(slope - gradient[index]) < 1e-06, f'nudging {name}{list(index)} changes the loss by {slope:.3g} per unit, your gradient says {gradient[index]:.3g}'
