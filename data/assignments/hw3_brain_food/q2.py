from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 3

@test_case(points=0, hidden=False)
def test_public_parameters(build_baseline):
    network = build_baseline()
    counts = [layer.count_params() for layer in network.layers]
    total = f'{sum(counts):,} in layers {counts}'
    assert sum(counts) == 62338, f'the baseline has 62,338 parameters, received {total}'
    assert tuple(network.output_shape) == (None, 2), f'two scores a frame are an output of shape (None, 2), received {network.output_shape}'
    assert tuple(network.input_shape) == (None, 128, 128, 1), f'frames have the shape (None, 128, 128, 1), received {network.input_shape}'

@test_case(points=0, hidden=False)
def test_public_scores_are_no_probabilities(build_baseline):
    import numpy as np
    images = 5 * np.random.default_rng(0).normal(size=(8, 128, 128, 1)).astype('float32')
    network, lowest = (build_baseline(), [])
    weights = network.get_weights()
    for sign in (1, -1):
        network.set_weights([*weights[:-2], sign * weights[-2], sign * weights[-1]])
        lowest.append(np.asarray(network(images, training=False)).min())
    assert min(lowest) < 0, 'scores may be negative, yours are not: leave the softmax and the ReLU out of the last layer'

@test_case(points=0, hidden=False)
def test_public_scores_of_frames(baseline):
    import numpy as np
    from coursekit import calcium
    images = calcium.load(9, images_per_class=2).images
    scores = np.asarray(baseline(images, training=False))
    assert scores.shape == (4, 2), f'four frames should give scores of shape (4, 2), received {scores.shape}'
    assert np.isfinite(scores).all(), f'scores should be finite numbers, received {scores.tolist()}'

@test_case(points=0, hidden=False)
def test_public_scores_depend_on_the_frame(baseline):
    import numpy as np
    from coursekit import calcium
    images = calcium.load(9, images_per_class=2).images
    scores = np.asarray(baseline(images, training=False))
    assert np.ptp(scores, axis=0).max() > 1e-06, f'four different frames get the same scores, {scores[0].tolist()}: has it been trained?'
