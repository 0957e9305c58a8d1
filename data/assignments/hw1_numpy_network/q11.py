from otter.test_files import test_case

OK_FORMAT = False

name = "q11"
points = 2

@test_case(points=0, hidden=False)
def test_public_right_more_often_than_by_chance(digit_parameters):
    import numpy as np
    from coursekit import digits
    assert isinstance(digit_parameters, dict) and set(digit_parameters) == {'W1', 'b1', 'W2', 'b2'}, 'digit_parameters should be a dictionary with the keys W1, b1, W2, b2'
    shapes = {name: np.shape(digit_parameters[name]) for name in ('W1', 'b1', 'W2', 'b2')}
    assert shapes['W1'][:1] == (784,) and shapes['b2'] == (10,), f'from 784 inputs to 10 classes, received {shapes}'
    images, labels = digits.load('train', 500)
    x = images.reshape(len(images), -1)
    h = np.maximum(x @ digit_parameters['W1'] + digit_parameters['b1'], 0)
    right = np.mean(np.argmax(h @ digit_parameters['W2'] + digit_parameters['b2'], axis=1) == labels)
    assert right > 0.5, f'of the digits that it was trained on, it reads only {right:.0%}: train longer, or change the rate'
