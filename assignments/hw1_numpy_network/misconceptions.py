"""Likely mistakes in homework 1, for the lecturer: `make assignments` keeps only what they return.

PROBES holds arguments to try an answer on, MISCONCEPTIONS pairs (sentence, wrong answer) for each name that
the student defines. NOT_ALLOWED are packages that answers must not use. Nothing here is shown to students but
the sentences.
"""

import numpy as np

NOT_ALLOWED = (
    "coursekit.backprop",
    "coursekit.models",
    "coursekit.ntk",
    "scipy",
    "tensorflow",
    "keras",
    "torch",
    "jax",
    "sklearn",
)

_RNG = np.random.default_rng(5)
_Q = {
    "W1": _RNG.normal(size=(3, 4)),
    "b1": _RNG.normal(size=4),
    "W2": _RNG.normal(size=(4, 2)),
    "b2": _RNG.normal(size=2),
}
_X, _Y = _RNG.normal(size=(5, 3)), np.eye(2)[[0, 1, 1, 0, 1]]
_Z = _RNG.normal(size=(3, 4))
_P = np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3]])
_T = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
_SLOPES = {name: np.round(value + 1, 1) for name, value in _Q.items()}

PROBES = {
    "one_hot": ((np.array([1, 0, 2]), 4), (np.array([2, 2, 1, 0]), 3)),
    "initialise": ((4, 3, 2, 11), (9, 5, 3, 12)),
    "linear": ((_X, _Q["W1"], _Q["b1"]),),
    "relu": ((_Z,),),
    "softmax": ((_Z,), (_Z[:2] * 2,)),
    "cross_entropy": ((_P, _T), (_P[:, ::-1].copy(), _T)),
    "forward": ((_X, _Q),),
    "backward": ((_X, _Y, _Q), (_X[:3], _Y[:3], _Q)),
    "step": ((_Q, _SLOPES, 0.3),),
    "gradient_descent": ((_X, _Y, _Q, 0.3, 3),),
    "mini_batch_descent": ((_X, _Y, _Q, 0.3, 2, 2, 4),),
}


def _network(x, q, hidden=lambda z: np.maximum(z, 0), last=None):
    h = hidden(x @ q["W1"] + q["b1"])
    z = h @ q["W2"] + q["b2"]
    return h, (last or _softmax)(z)


def _softmax(z, axis=1):
    e = np.exp(z)
    return e / e.sum(axis=axis, keepdims=True)


def _loss(p, y):
    return -np.log((p * y).sum(axis=1)).mean()


def _weights(spread=lambda m: np.sqrt(2 / m), draw="normal", order=("W1", "W2"), turned=False, biases=False):
    def initialise(inputs, hidden, outputs, seed):
        rng = np.random.default_rng(seed)
        shapes = {"W1": (inputs, hidden), "W2": (hidden, outputs)}
        scales = {"W1": spread(inputs), "W2": spread(hidden)}
        q = {"b1": np.zeros(hidden), "b2": np.zeros(outputs)}
        for name in order:
            shape = shapes[name][::-1] if turned else shapes[name]
            q[name] = rng.normal(0, scales[name], shape) if draw == "normal" else rng.random(shape) * scales[name]
        if biases:
            q["b1"], q["b2"] = np.ones(hidden), np.ones(outputs)
        return q

    return initialise


def _seed_each(inputs, hidden, outputs, seed):
    def draw(shape):
        return np.random.default_rng(seed).normal(0, np.sqrt(2 / shape[0]), shape)

    return {
        "W1": draw((inputs, hidden)),
        "b1": np.zeros(hidden),
        "W2": draw((hidden, outputs)),
        "b2": np.zeros(outputs),
    }


def _all_zero(inputs, hidden, outputs, seed):
    return {
        "W1": np.zeros((inputs, hidden)),
        "b1": np.zeros(hidden),
        "W2": np.zeros((hidden, outputs)),
        "b2": np.zeros(outputs),
    }


def _gradients(x, y, q, sign=1, mean=True, gate=True, mean_bias=False, biases=True, own=True):
    h, p = _network(x, q)
    d2 = sign * (p - y) / (len(x) if mean else 1)
    if not own:
        d2 = -y / np.maximum(p, 1e-12) / len(x)
    d1 = d2 @ q["W2"].T * ((h > 0) if gate else 1)
    down = np.mean if mean_bias else np.sum
    b1, b2 = (down(d, axis=0) if biases else np.zeros(d.shape[1]) for d in (d1, d2))
    return {"W1": x.T @ d1, "b1": b1, "W2": h.T @ d2, "b2": b2}


def _moved(q, slope, rate, names=("W1", "b1", "W2", "b2")):
    return {name: q[name] - rate * slope[name] if name in names else q[name].copy() for name in q}


def _descent(after=False, names=("W1", "b1", "W2", "b2"), sign=1, restart=False, last_only=False):
    def gradient_descent(x, y, q, rate, steps):
        losses, first = [], q
        for _ in range(steps):
            before = _loss(_network(x, q)[1], y)
            q = _moved(q, _gradients(x, y, first if restart else q), sign * rate, names)
            losses.append(float(_loss(_network(x, q)[1], y) if after else before))
        return q, losses[-1] if last_only else losses

    return gradient_descent


def _batches(shuffle="each", drop=False, loss="epoch", whole=False):
    def mini_batch_descent(x, y, q, rate, epochs, size, seed):
        rng, losses = np.random.default_rng(seed), []
        order = rng.permutation(len(x))
        for epoch in range(epochs):
            if shuffle == "never":
                order = np.arange(len(x))
            elif epoch and shuffle == "each":
                order = rng.permutation(len(x))
            for start in range(0, len(x), size):
                chosen = order[start : start + size]
                if drop and len(chosen) < size:
                    continue
                slope = _gradients(x, y, q) if whole else _gradients(x[chosen], y[chosen], q)
                if loss == "before" and start == 0:
                    losses.append(float(_loss(_network(x, q)[1], y)))
                q = _moved(q, slope, rate)
                if loss == "batch":
                    losses.append(float(_loss(_network(x[chosen], q)[1], y[chosen])))
            if loss == "epoch":
                losses.append(float(_loss(_network(x, q)[1], y)))
        return q, losses

    return mini_batch_descent


MISCONCEPTIONS = {
    "one_hot": (
        (
            "this is the other way round: a label is a row, a class is a column",
            lambda labels, classes: np.eye(classes)[:, labels],
        ),
        (
            "the columns count from 0: label 0 has its 1 in the first column",
            lambda labels, classes: np.eye(classes)[:, ::-1][labels],
        ),
        (
            "every label fills all columns up to its own; only its own holds a 1",
            lambda labels, classes: np.tri(classes)[labels],
        ),
        ("the 1 of a label is missing: all is 0", lambda labels, classes: np.zeros((len(labels), classes))),
        (
            "this writes the label itself, where a 1 should stand",
            lambda labels, classes: np.eye(classes)[labels] * labels[:, None],
        ),
    ),
    "initialise": (
        ("√(2/m) is the standard deviation, and this took 2/m", _weights(lambda m: 2 / m)),
        ("this took √(1/m) in place of √(2/m)", _weights(lambda m: np.sqrt(1 / m))),
        ("the weights are drawn with standard deviation 1, without √(2/m)", _weights(lambda m: 1)),
        ("the numbers are drawn evenly between 0 and 1, with `random`; ask for `normal`", _weights(draw="even")),
        ("the second layer is drawn first: draw W1, then W2", _weights(order=("W2", "W1"))),
        ("each matrix has a generator of its own, so both begin with the same numbers: make one for both", _seed_each),
        ("the weights are 0: all hidden units would stay the same", _all_zero),
        ("biases start at 0, not at 1", _weights(biases=True)),
        ("rows are inputs here, and columns units: W1 is (inputs, hidden)", _weights(turned=True)),
    ),
    "linear": (
        ("the bias is missing", lambda x, W, b: x @ W),
        ("the bias is subtracted", lambda x, W, b: x @ W - b),
        ("the ReLU is a function of its own: `linear` stops before it", lambda x, W, b: np.maximum(x @ W + b, 0)),
        ("the bias is added for each input: once is enough", lambda x, W, b: x @ W + x.shape[1] * b),
    ),
    "relu": (
        ("this makes what is negative positive", lambda z: np.abs(z)),
        ("this keeps what is negative, and drops the rest", lambda z: np.minimum(z, 0)),
        ("this says where z is positive, and not by how much", lambda z: (z > 0) * 1.0),
        ("this is the sigmoid", lambda z: 1 / (1 + np.exp(-z))),
    ),
    "softmax": (
        ("the columns add up to 1, where the rows should: axis=1", lambda z: _softmax(z, 0)),
        ("all numbers together add up to 1, where each row should: axis=1, keepdims=True", lambda z: _softmax(z, None)),
        (
            "this divides by the largest, where it should divide by the sum",
            lambda z: np.exp(z) / np.exp(z).max(axis=1, keepdims=True),
        ),
        ("the numbers are not divided by the sum of their row", lambda z: np.exp(z)),
        ("the exponential is missing: this divides the sums themselves", lambda z: z / z.sum(axis=1, keepdims=True)),
        ("the sign is turned: large sums should get large probabilities", lambda z: _softmax(-z)),
    ),
    "cross_entropy": (
        ("this is the sum over the examples: take the mean", lambda p, y: _loss(p, y) * len(p)),
        (
            "this divides by all numbers of the array: divide by the number of examples",
            lambda p, y: _loss(p, y) / p.shape[1],
        ),
        ("the minus sign is missing", lambda p, y: -_loss(p, y)),
        ("this is a logarithm to the base 2: use the natural one", lambda p, y: _loss(p, y) / np.log(2)),
        (
            "p and y have changed places: it is y that picks, and p whose logarithm counts",
            lambda p, y: -np.mean(np.sum(p * np.log(np.maximum(y, 1e-12)), axis=1)),
        ),
        ("this is one number per example: take their mean", lambda p, y: -np.log((p * y).sum(axis=1))),
        ("this is the squared error", lambda p, y: np.mean(np.sum((p - y) ** 2, axis=1))),
    ),
    "forward": (
        ("the ReLU of the hidden layer is missing", lambda x, q: _network(x, q, hidden=lambda z: z)),
        ("the softmax of the output layer is missing", lambda x, q: _network(x, q, last=lambda z: z)),
        (
            "the output layer has a ReLU before its softmax: it has none",
            lambda x, q: _network(x, q, last=lambda z: _softmax(np.maximum(z, 0))),
        ),
        ("return the hidden values first, then the probabilities", lambda x, q: _network(x, q)[::-1]),
        (
            "return the hidden values after the ReLU, not before it",
            lambda x, q: (x @ q["W1"] + q["b1"], _network(x, q)[1]),
        ),
        ("the biases of the output layer are missing", lambda x, q: _network(x, {**q, "b2": np.zeros(2)})),
        ("the biases of the hidden layer are missing", lambda x, q: _network(x, {**q, "b1": np.zeros(4)})),
    ),
    "backward": (
        (
            "the sign is turned: it is p − y, since a step goes against the gradient",
            lambda x, y, q: _gradients(x, y, q, sign=-1),
        ),
        (
            "the loss is a mean, so its gradient is divided by the number of examples, n",
            lambda x, y, q: _gradients(x, y, q, mean=False),
        ),
        (
            "the ReLU lets no gradient through where it has cut: a factor [h > 0] is missing",
            lambda x, y, q: _gradients(x, y, q, gate=False),
        ),
        (
            "a bias is added to every row, so its gradient is the sum over the rows, not their mean",
            lambda x, y, q: _gradients(x, y, q, mean_bias=True),
        ),
        ("the biases learn, too: their gradients are not 0", lambda x, y, q: _gradients(x, y, q, biases=False)),
        (
            "this is the derivative by the probabilities; behind the softmax it becomes p − y",
            lambda x, y, q: _gradients(x, y, q, own=False),
        ),
    ),
    "step": (
        ("this goes uphill: subtract", lambda q, s, rate: _moved(q, s, -rate)),
        ("the rate is missing", lambda q, s, rate: _moved(q, s, 1)),
        ("the biases have to move, too", lambda q, s, rate: _moved(q, s, rate, ("W1", "W2"))),
        ("only the biases move", lambda q, s, rate: _moved(q, s, rate, ("b1", "b2"))),
        ("only the output layer moves", lambda q, s, rate: _moved(q, s, rate, ("W2", "b2"))),
        ("this is the step alone: add it to the parameters", lambda q, s, rate: {name: -rate * s[name] for name in q}),
        ("nothing has moved", lambda q, s, rate: dict(q)),
    ),
    "gradient_descent": (
        ("the losses are those after each step: take them before it", _descent(after=True)),
        ("this goes uphill", _descent(sign=-1)),
        ("the biases stay where they were", _descent(names=("W1", "W2"))),
        ("every step uses the gradients at the start: compute them anew", _descent(restart=True)),
        ("only the last loss is returned: collect all in a list", _descent(last_only=True)),
        ("this is one step, where `steps` are asked for", lambda x, y, q, rate, steps: _descent()(x, y, q, rate, 1)),
        ("this is one step too many", lambda x, y, q, rate, steps: _descent()(x, y, q, rate, steps + 1)),
    ),
    "mini_batch_descent": (
        ("the examples are not shuffled", _batches(shuffle="never")),
        (
            "all epochs have the same order: make one generator, before the loop, and ask it for a new "
            "permutation in each",
            _batches(shuffle="once"),
        ),
        ("the last, smaller batch is left out", _batches(drop=True)),
        ("the losses are those of the batches: take that of all examples, once per epoch", _batches(loss="batch")),
        ("the losses are those before each epoch: take them after it", _batches(loss="before")),
        ("every step uses all examples: take those of the batch", _batches(whole=True)),
    ),
}
