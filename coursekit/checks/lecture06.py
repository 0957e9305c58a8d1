"""Exercises of lecture 06, Pooling and receptive fields."""

import numpy as np

from coursekit.checks.exercise import Exercise
from coursekit.convolution import average_pool, max_pool


def _noise(seed, shape):
    """Whole numbers without ties, in a random order."""
    return np.random.default_rng(seed).permutation(np.prod(shape)).reshape(shape)


def _backward(picture, gradient, size, stride):
    _, positions = max_pool(picture, size, stride, return_positions=True)
    received = np.zeros(picture.shape)
    np.add.at(received, (positions[..., 0], positions[..., 1]), gradient)
    return received


def _overwritten(picture, gradient, size, stride):
    _, positions = max_pool(picture, size, stride, return_positions=True)
    received = np.zeros(picture.shape)
    received[positions[..., 0], positions[..., 1]] = gradient
    return received


def _window_by_window(share):
    """Return a wrong way back: `share(window)` is what each pixel of a window gets of its gradient."""

    def backward(picture, gradient, size, stride):
        received = np.zeros(picture.shape)
        for i, j in np.ndindex(gradient.shape):
            rows, columns = (slice(k * stride, k * stride + size) for k in (i, j))
            received[rows, columns] += gradient[i, j] * share(picture[rows, columns])
        return received

    return backward


def _last_winner(window):
    result = np.zeros(window.shape)
    result.flat[window.size - 1 - np.argmax(window.ravel()[::-1])] = 1
    return result


def _sees(
    stack,
    position,
    enlarge=lambda size, jump, kernel, stride: size + (kernel - 1) * jump,
    pad=lambda padding, old, new: padding * old,
):
    size, jump, first = 1, 1, 0
    for kernel, stride, padding in stack:
        first -= pad(padding, jump, jump * stride)
        size = enlarge(size, jump, kernel, stride)
        jump *= stride
    return first + position * jump, first + position * jump + size - 1


def _moved(stack, position, first=0, last=0):
    low, high = _sees(stack, position)
    return low + first, high + last


def _without(part, stack, position):
    """The answer where `part` of each layer, 1 the stride and 2 the padding, is left out."""
    neutral = (None, 1, 0)
    changed = [tuple(neutral[i] if i == part else value for i, value in enumerate(layer)) for layer in stack]
    return _sees(changed, position)


def _clipped(stack, position):
    first, last = _sees(stack, position)
    return max(first, 0), last


def _relu(x):
    return np.maximum(x, 0)


def _orders(maps, size, pooling, relu=_relu):
    """Return the pooled ReLU of the maps minus the ReLU of the pooled maps."""
    return pooling(relu(maps), size) - relu(pooling(maps, size))


def _largest(differences):
    return float(np.abs(differences).max())


_TOUCHING = _window_by_window(lambda window: window == window.max() if window.size else window)
_TIED = np.array([[0, 0, 2, 1], [0, 0, 1, 2]])

EXERCISES = (
    Exercise(
        name="06.pooled_shape",
        reference=lambda: (27, 27, 96),
        misconceptions=(
            ("the stride is given, 2: only where nothing is said does it equal the window", lambda: (18, 18, 96)),
            ('"valid" drops the partial window at the end; this is what "same" gives', lambda: (28, 28, 96)),
            ("pooling treats each channel by itself: their number stays", lambda: (27, 27, 48)),
            ("pooling treats each channel by itself and mixes none", lambda: (27, 27, 1)),
            ("the number of windows is one more than the number of steps between them", lambda: (26, 26, 96)),
            ("that would be stride 1", lambda: (53, 53, 96)),
            ("right, but name the channels, too: (rows, columns, channels)", lambda: (27, 27)),
            ("channels come last here: (rows, columns, channels)", lambda: (96, 27, 27)),
        ),
    ),
    Exercise(
        name="06.resnet_field",
        reference=lambda: 27,
        misconceptions=(
            (
                "this adds up kernel − 1 as if all strides were 1; a window steps with the jump before it",
                lambda: 1 + 6 + 2 + 2 + 2,
            ),
            (
                "a layer adds kernel − 1 jumps, and that is the jump *before* its own stride",
                lambda: 1 + 6 * 2 + 2 * 4 + 2 * 4 + 2 * 4,
            ),
            ("count both convolutions behind the pooling, and there the jump is 2 · 2", lambda: 1 + 6 + 2 * 2 + 2 * 4),
            (
                "neighbouring fields overlap: a layer adds kernel − 1 jumps, not kernel",
                lambda: 1 + 7 + 3 * 2 + 3 * 4 + 3 * 4,
            ),
            (
                "the pooling counts like any other window: it widens the field and multiplies the jump",
                lambda: 1 + 6 + 2 * 2 + 2 * 2,
            ),
            (
                "the pooling does not only multiply the jump, its window widens the field, too",
                lambda: 1 + 6 + 2 * 4 + 2 * 4,
            ),
            ("this is the jump, the distance between the fields of neighbours", lambda: 4),
            ("the field starts at one pixel, before the first layer", lambda: 26),
            ("along one axis: the field is a square, and this is its area", lambda: 27 * 27),
        ),
    ),
    Exercise(
        name="06.layers_needed",
        cases=((7, 3), (8, 3), (1, 3), (2, 3), (9, 5), (10, 5), (12, 5), (192, 3), (5, 2), (7, 7)),
        reference=lambda pixels, kernel: -(-(pixels - 1) // (kernel - 1)),
        misconceptions=(
            ("a single pixel is seen without any layer", lambda n, k: max(1, -(-(n - 1) // (k - 1)))),
            ("round up, not to the nearest", lambda n, k: round((n - 1) / (k - 1))),
            ("this rounds down: the field would be a little too small", lambda n, k: (n - 1) // (k - 1)),
            ("neighbouring fields overlap: a layer adds kernel − 1 pixels, not kernel", lambda n, k: -(-n // k)),
            (
                "the field starts at 1 pixel, before the first layer: only the others have to be won",
                lambda n, k: -(-n // (k - 1)),
            ),
            ("you work with a kernel of 3, whatever is given", lambda n, k: -(-(n - 1) // 2)),
            ("a layer adds kernel − 1 pixels in all, not on each side", lambda n, k: -(-(n - 1) // (2 * (k - 1)))),
            ("a number of layers is whole: round up", lambda n, k: (n - 1) / (k - 1)),
        ),
    ),
    Exercise(
        name="06.max_pool_backward",
        cases=(
            (np.array([[1, 5], [2, 3]]), np.array([[7.0]]), 2, 2),
            (_TIED, np.array([[1.0, 2.0]]), 2, 2),
            (_noise(0, (4, 6)), np.arange(1.0, 7).reshape(2, 3), 2, 2),
            (_noise(1, (5, 7)), np.arange(1.0, 7).reshape(2, 3) / 4, 3, 2),  # fractions, and a picture of whole numbers
            (_noise(2, (4, 5)), -np.arange(1.0, 7).reshape(2, 3), 3, 1),
            (-1 - _noise(3, (6, 6)), np.arange(1.0, 5).reshape(2, 2), 3, 3),
        ),
        reference=_backward,
        misconceptions=(
            (
                "this is the way back through average pooling: the winner takes all",
                _window_by_window(lambda window: np.full(window.shape, 1 / window.size)),
            ),
            (
                "every pixel of a window gets the gradient here; only the winner should",
                _window_by_window(lambda window: np.ones(window.shape)),
            ),
            (
                "where several are equal, only the first in reading order wins; yours all get the gradient",
                _window_by_window(lambda window: window == window.max()),
            ),
            (
                "where several are equal, the first in reading order wins; yours is the last",
                _window_by_window(_last_winner),
            ),
            ("a pixel that wins in several windows receives the *sum* of their gradients", _overwritten),
            (
                "this marks the winners, but forgets the gradient",
                lambda p, g, size, stride: _backward(p, np.ones_like(g), size, stride),
            ),
            (
                "this multiplies the gradient by the pixel: the derivative of a maximum is 1 for the winner",
                lambda p, g, size, stride: _backward(p, g, size, stride) * p,
            ),
            (
                "the stride is not the size here: use the one given",
                lambda p, g, size, stride: _TOUCHING(p, g, size, size),
            ),
            (
                "a gradient has fractions, and an array of whole numbers cuts them off: use np.zeros(picture.shape)",
                lambda p, g, size, stride: _backward(p, np.trunc(g), size, stride),
            ),
            (
                "this sends the gradient to the smallest pixel of each window",
                lambda p, g, size, stride: _backward(-p, g, size, stride),
            ),
        ),
    ),
    Exercise(
        name="06.order_error",
        cases=(
            (np.array([[-3, 1], [1, 1]]), 2, average_pool),
            (np.array([[-3, 1], [1, 2]]), 2, max_pool),
            (np.array([[-3, -1], [-2, -4]]), 2, max_pool),
            (_noise(4, (4, 6)) - 12, 2, average_pool),
            (_noise(5, (6, 9)) - 27, 3, average_pool),
            (_noise(6, (6, 9)) - 40, 3, max_pool),
        ),
        reference=lambda maps, size, pooling: _largest(_orders(maps, size, pooling)),
        misconceptions=(
            (
                "this is always 0: are both sides in the same order, or is it max pooling, whatever is given?",
                lambda maps, size, pooling: 0.0,
            ),
            (
                "this is average pooling, whatever is given: call `pooling`",
                lambda maps, size, pooling: _largest(_orders(maps, size, average_pool)),
            ),
            (
                "this is the mean of the differences, not the largest",
                lambda maps, size, pooling: float(np.abs(_orders(maps, size, pooling)).mean()),
            ),
            (
                "this adds the differences up; the largest one is asked for",
                lambda maps, size, pooling: float(np.abs(_orders(maps, size, pooling)).sum()),
            ),
            (
                "a large negative difference counts, too: take absolute values first",
                lambda maps, size, pooling: float((-_orders(maps, size, pooling)).max()),
            ),
            (
                "the second result lacks its ReLU: pooling first, but then ReLU all the same",
                lambda maps, size, pooling: _largest(pooling(_relu(maps), size) - pooling(maps, size)),
            ),
            (
                "the first result lacks its ReLU: it comes before that pooling",
                lambda maps, size, pooling: _largest(pooling(maps, size) - _relu(pooling(maps, size))),
            ),
            (
                "this takes magnitudes: ReLU sets negative numbers to 0",
                lambda maps, size, pooling: _largest(_orders(maps, size, pooling, relu=np.abs)),
            ),
            (
                "you pool with windows of 2, whatever `size` is given",
                lambda maps, size, pooling: _largest(_orders(maps, 2, pooling)),
            ),
            (
                "compare place by place: this compares only the largest numbers of the two results",
                lambda maps, size, pooling: float(
                    abs(pooling(_relu(maps), size).max() - _relu(pooling(maps, size)).max())
                ),
            ),
        ),
    ),
    Exercise(
        name="06.sees",
        cases=(
            ([(3, 1, 1)], 0),
            ([(3, 1, 0), (2, 2, 0)], 3),
            ([(5, 1, 0)], 4),
            ([(2, 2, 0), (3, 1, 1)], 2),
            ([(7, 2, 3), (3, 2, 1), (3, 1, 1), (3, 1, 1)], 5),
            ([(4, 3, 2), (5, 2, 1), (2, 1, 0)], 0),
            ([], 6),
        ),
        reference=_sees,
        misconceptions=(
            ("the last pixel that is seen, not the one after it", lambda stack, i: _moved(stack, i, last=1)),
            (
                "this is the field of output 0: output number `position` lies `position` jumps further on",
                lambda stack, i: _sees(stack, 0),
            ),
            (
                "neighbouring outputs lie a whole jump apart, not one pixel",
                lambda stack, i: tuple(end + i for end in _sees(stack, 0)),
            ),
            ("padding moves the field to the left, and you left it out", lambda stack, i: _without(2, stack, i)),
            (
                "padding moves the field to the left, not to the right",
                lambda stack, i: _sees([(k, s, -p) for k, s, p in stack], i),
            ),
            (
                "a layer's padding is counted in its own input, whose places are a jump apart",
                lambda stack, i: _sees(stack, i, pad=lambda padding, old, new: padding),
            ),
            (
                "a layer's padding is counted in its input: use the jump before its stride",
                lambda stack, i: _sees(stack, i, pad=lambda padding, old, new: padding * new),
            ),
            (
                "the window steps with the jump before its own stride",
                lambda stack, i: _sees(stack, i, enlarge=lambda size, jump, k, s: size + (k - 1) * jump * s),
            ),
            ("you left the strides out", lambda stack, i: _without(1, stack, i)),
            (
                "a layer adds kernel − 1 jumps: neighbouring fields overlap",
                lambda stack, i: _sees(stack, i, enlarge=lambda size, jump, k, s: size + k * jump),
            ),
            ("a negative pixel number means padding: leave it so", _clipped),
            ("the first layer of the stack is the one next to the picture", lambda stack, i: _sees(stack[::-1], i)),
        ),
    ),
)
