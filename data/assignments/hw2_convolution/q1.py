from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 2

@test_case(points=0, hidden=False)
def test_public_worked_sizes(output_size):
    import numpy as np
    for given, expected in (((5, 3), 3), ((5, 3, 1, 1), 5), ((7, 3, 2), 3), ((6, 3, 2, 1), 3), ((9, 9), 1)):
        received = output_size(*given)
        assert received == expected, f'output_size{given} is {expected}, received {received}'
        assert isinstance(received, (int, np.integer)) and (not isinstance(received, bool)), f'a number of windows is an int, received {received!r}'

@test_case(points=0, hidden=False)
def test_public_where_nothing_fits(output_size):
    from coursekit.assignments.compare import assert_same
    for given in ((2, 3), (2, 3, 2), (2, 5, 3), (1, 4, 1, 1)):
        received = output_size(*given)
        assert received == 0, f'no window of output_size{given} fits: that is 0, received {received}'
        assert_same(received, 0, f'output_size{given}')
