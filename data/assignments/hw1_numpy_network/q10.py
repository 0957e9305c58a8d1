from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = 2

@test_case(points=0, hidden=False)
def test_public_one_batch_is_gradient_descent(mini_batch_descent):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    start = {'W1': np.zeros((1, 1)), 'b1': np.zeros(1), 'W2': np.zeros((1, 2)), 'b2': np.zeros(2)}
    received = mini_batch_descent(np.zeros((3, 1)), np.array([[1.0, 0.0]] * 3), start, 1.0, 1, 3, 0)
    assert len(received) == 2, 'return two things, the parameters and the losses'
    parameters, losses = received
    assert np.allclose(parameters['b2'], [0.5, -0.5]), f"b2 should be [0.5, -0.5], received {parameters['b2']}"
    assert len(losses) == 1, f'one epoch has one loss, received {len(losses)}'
    assert np.allclose(losses[0], np.log(1 + 1 / np.e)), f'the loss after the epoch is 0.3133, received {losses[0]:.4f}'
    assert_same(losses, np.log([1 + 1 / np.e]), 'losses')

@test_case(points=0, hidden=False)
def test_public_the_smaller_last_batch_counts(mini_batch_descent):
    import numpy as np
    start = {'W1': np.zeros((1, 1)), 'b1': np.zeros(1), 'W2': np.zeros((1, 2)), 'b2': np.zeros(2)}
    parameters, losses = mini_batch_descent(np.zeros((3, 1)), np.array([[1.0, 0.0]] * 3), start, 1.0, 1, 2, 0)
    b = 0.5 + 1 / (1 + np.e)
    assert np.allclose(parameters['b2'], [b, -b]), f"three examples in batches of two are two steps: b2 should be [{b:.4f}, {-b:.4f}], received {parameters['b2']}"

@test_case(points=0, hidden=False)
def test_public_each_epoch_has_an_order_of_its_own(mini_batch_descent):
    import numpy as np
    start = {'W1': np.zeros((1, 1)), 'b1': np.zeros(1), 'W2': np.zeros((1, 2)), 'b2': np.zeros(2)}
    y = np.eye(2)[[0, 0, 1, 1, 1]]
    for seed in (1, 2, 5):
        rng, b = (np.random.default_rng(seed), np.zeros(2))
        for i in [*rng.permutation(5), *rng.permutation(5)]:
            b = b - (np.exp(b) / np.exp(b).sum() - y[i])
        parameters, losses = mini_batch_descent(np.zeros((5, 1)), y, start, 1.0, 2, 1, seed)
        assert np.allclose(parameters['b2'], b), f"with seed {seed}, five examples, batches of one and two epochs b2 should be {b.round(4)}, received {np.round(parameters['b2'], 4)}"
        assert len(losses) == 2, f'two epochs have two losses, received {len(losses)}'
