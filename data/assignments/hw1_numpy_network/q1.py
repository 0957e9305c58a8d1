from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 1

@test_case(points=0, hidden=False)
def test_public_three_labels(one_hot):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    received = np.asarray(one_hot(np.array([2, 0, 1]), 4))
    expected = np.array([[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0]])
    assert received.shape == (3, 4), f'3 labels of 4 classes give shape (3, 4), received {received.shape}'
    assert np.allclose(received, expected), f'expected\n{expected}\nreceived\n{received}'
    assert_same(one_hot(np.array([2, 0, 1]), 4), expected * 1.0, 'one_hot([2, 0, 1], 4)')

@test_case(points=0, hidden=False)
def test_public_a_label_may_occur_twice_or_never(one_hot):
    import numpy as np
    received = np.asarray(one_hot(np.array([1, 1]), 3))
    assert received.shape == (2, 3), f'2 labels of 3 classes give shape (2, 3), received {received.shape}'
    assert np.allclose(received, [[0, 1, 0], [0, 1, 0]]), f'for labels [1, 1] received\n{received}'
