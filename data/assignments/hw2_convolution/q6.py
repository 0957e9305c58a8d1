from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 2

@test_case(points=0, hidden=False)
def test_public_worked_layer(conv_layer):
    from coursekit.assignments.compare import assert_same
    import numpy as np
    image = np.arange(1.0, 9).reshape(2, 2, 2)
    kernels = np.zeros((1, 2, 2, 3))
    kernels[0, :, 0, 0], kernels[0, :, 1, 1], kernels[0, 1, 0, 2] = ([1, 10], [1, 10], -1)
    received = np.asarray(conv_layer(image, kernels, np.array([0.0, 0.5, 5.0])))
    expected = np.array([[[31, 42.5, 2]], [[75, 86.5, 0]]])
    assert received.shape == (2, 1, 3), f'a 2 x 2 image and three 1 x 2 kernels give shape (2, 1, 3), received {received.shape}'
    assert np.allclose(received, expected), f'expected\n{expected}\nreceived\n{received}'
    assert_same(conv_layer(image, kernels, np.array([0.0, 0.5, 5.0])), expected * 1.0, 'conv_layer(…)')

@test_case(points=0, hidden=False)
def test_public_channels_are_added_up_and_the_stride_is_kept(conv_layer):
    import numpy as np
    image = np.ones((5, 7, 4))
    received = np.asarray(conv_layer(image, np.ones((3, 2, 4, 2)), np.array([-20.0, -30.0]), 2))
    assert received.shape == (2, 3, 2), f'with stride 2 expected shape (2, 3, 2), received {received.shape}'
    assert np.allclose(received[..., 0], 4), f'3 x 2 x 4 products of 1, minus 20, are 4 everywhere, received\n{received[..., 0]}'
    assert np.allclose(received[..., 1], 0), f'24 - 30 is cut to 0, received\n{received[..., 1]}'
