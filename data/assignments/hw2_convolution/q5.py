from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 3

@test_case(points=0, hidden=False)
def test_public_worked_image(correlate2d):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    image, kernel = (np.arange(1.0, 13).reshape(3, 4), np.array([[1.0, 10.0], [0.0, 100.0]]))
    received = np.asarray(correlate2d(image, kernel))
    expected = np.array([[621, 732, 843], [1065, 1176, 1287]])
    assert received.shape == (2, 3), f'a 3 x 4 image and a 2 x 2 kernel give shape (2, 3), received {received.shape}'
    assert np.allclose(received, expected), f'expected\n{expected}\nreceived\n{received}'
    assert_same(correlate2d(image, kernel), expected * 1.0, 'correlate2d(…)')

@test_case(points=0, hidden=False)
def test_public_stride(correlate2d):
    import numpy as np
    image, kernel = (np.arange(1.0, 21).reshape(4, 5), np.array([[1.0, 10.0, 100.0]]))
    received = np.asarray(correlate2d(image, kernel, (3, 2)))
    expected = np.array([[321, 543], [1986, 2208]])
    assert received.shape == (2, 2), f'with stride (3, 2) expected shape (2, 2), received {received.shape}'
    assert np.allclose(received, expected), f'with stride (3, 2) expected\n{expected}\nreceived\n{received}'

@test_case(points=0, hidden=False)
def test_public_padding(correlate2d):
    import numpy as np
    image, kernel = (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0], [10.0]]))
    received = np.asarray(correlate2d(image, kernel, (1, 1), (1, 0)))
    expected = np.array([[10, 20], [31, 42], [3, 4]])
    assert image[0, 0] == 1, 'your function changed its argument: work on a copy'
    assert received.shape == (3, 2), f'with padding (1, 0) expected shape (3, 2), received {received.shape}'
    assert np.allclose(received, expected), f'with padding (1, 0) expected\n{expected}\nreceived\n{received}'
