from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 2

@test_case(points=0, hidden=False)
def test_public_worked_loss(cross_entropy):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    p = np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]])
    y = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    received = cross_entropy(p, y)
    assert np.ndim(received) == 0, f'the loss is one number, received shape {np.shape(received)}'
    expected = 2 * np.log(2)
    assert np.allclose(received, expected), f'(ln 2 + ln 8) / 2 is {expected:.4f}, received {received:.4f}'
    assert_same(received, expected, 'cross_entropy(p, y)')

@test_case(points=0, hidden=False)
def test_public_a_probability_of_zero(cross_entropy):
    import numpy as np
    with np.errstate(all='ignore'):
        received = cross_entropy(np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]]))
    assert np.isfinite(received), f'where the right class got the probability 0, received {received}'
    assert np.allclose(received, 12 * np.log(10)), f'-ln of 1e-12 is {12 * np.log(10):.3f}, received {received:.3f}'
