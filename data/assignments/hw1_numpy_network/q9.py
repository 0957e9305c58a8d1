from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = 1

@test_case(points=0, hidden=False)
def test_public_two_steps(gradient_descent):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    start = {'W1': np.zeros((1, 1)), 'b1': np.zeros(1), 'W2': np.zeros((1, 2)), 'b2': np.zeros(2)}
    received = gradient_descent(np.array([[0.0]]), np.array([[1.0, 0.0]]), start, 1.0, 2)
    assert len(received) == 2, 'return two things, the parameters and the losses'
    parameters, losses = received
    assert not np.any(start['b2']), 'the parameters that were given must stay as they are'
    assert len(losses) == 2, f'two steps have two losses, received {len(losses)}'
    b = 0.5 + 1 / (1 + np.e)
    assert np.allclose(losses[0], np.log(2)), f'the first loss, before any step, is ln 2, received {losses[0]:.4f}'
    assert np.allclose(losses[1], np.log(1 + 1 / np.e)), f'the loss before the second step is 0.3133, received {losses[1]:.4f}'
    assert np.allclose(parameters['b2'], [b, -b]), f"b2 should be [{b:.4f}, {-b:.4f}], received {parameters['b2']}"
    assert_same(losses, np.log([2, 1 + 1 / np.e]), 'losses')
