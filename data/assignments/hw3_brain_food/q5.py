from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 3

@test_case(points=0, hidden=False)
def test_public_scores_of_frames(second):
    import numpy as np
    from coursekit import calcium
    images = calcium.load(9, images_per_class=2).images
    scores = np.asarray(second(images, training=False))
    assert scores.shape == (4, 2), f'four frames should give scores of shape (4, 2), received {scores.shape}'
    assert np.isfinite(scores).all(), f'scores should be finite numbers, received {scores.tolist()}'

@test_case(points=0, hidden=False)
def test_public_scores_depend_on_the_frame(second):
    import numpy as np
    from coursekit import calcium
    images = calcium.load(9, images_per_class=2).images
    scores = np.asarray(second(images, training=False))
    assert np.ptp(scores, axis=0).max() > 1e-06, f'four different frames get the same scores, {scores[0].tolist()}: has it been trained?'

@test_case(points=0, hidden=False)
def test_public_another_network_than_the_first(first, second):
    import numpy as np
    from coursekit import calcium
    from coursekit.assignments.compare import disagreement
    images = calcium.load(9, images_per_class=32).images
    share = disagreement(*(np.asarray(network(images, training=False)) for network in (first, second)))
    assert share >= 0.02, f'first and second put {share:.1%} of all pairs of frames in different orders: as a copy would. The second should rest on another idea'
