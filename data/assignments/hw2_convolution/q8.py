from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 2

@test_case(points=0, hidden=False)
def test_public_worked_network(count_parameters):
    received = count_parameters((8, 8, 3), [('conv', 3, 4), ('pool', 2), ('dense', 5)])
    assert isinstance(received, list) and len(received) == 3, f'return a list with a number per layer, received {received}'
    for what, expected, number in zip(('convolution', 'pooling', 'dense layer'), (112, 0, 185), received):
        assert number == expected, f'the {what} has {expected} parameters, received {number}'

@test_case(points=0, hidden=False)
def test_public_layers_in_a_row(count_parameters):
    from coursekit.assignments.compare import assert_same
    received = count_parameters((9, 7, 1), [('conv', 2, 3), ('conv', 3, 2), ('pool', 2), ('dense', 4), ('dense', 2)])
    expected = [15, 56, 0, 52, 10]
    assert list(received) == expected, f'for 9 x 7 pixels in grey expected {expected}, received {received}'
    assert_same(received, tuple(expected), 'count_parameters(…)')
