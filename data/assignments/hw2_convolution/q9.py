from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = 2

@test_case(points=0, hidden=False)
def test_public_worked_fields(receptive_field):
    for layers, expected in (([(3, 1)], (3, 1)), ([(3, 1), (3, 1)], (5, 1)), ([(3, 2), (3, 1)], (7, 2)), ([(1, 2), (3, 1)], (5, 2)), ([], (1, 1))):
        received = receptive_field(layers)
        assert len(received) == 2, f'return two numbers, field and distance, received {received}'
        assert tuple(received) == expected, f'for {layers} expected {expected}, received {tuple(received)}'

@test_case(points=0, hidden=False)
def test_public_pooling_between_convolutions(receptive_field):
    from coursekit.assignments.compare import assert_same
    layers = [(5, 1), (2, 2), (5, 1), (2, 2)]
    received = tuple(receptive_field(layers))
    assert received == (16, 4), f'for {layers} expected (16, 4), received {received}'
    assert_same(receptive_field(layers), (16, 4), f'receptive_field({layers})')
