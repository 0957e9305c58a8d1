"""Wrong answers to homework 1, A network in NumPy."""

from answers_assignments import wrong

NETWORK = {"W1": "(784, 4)", "b1": "4", "W2": "(4, 10)", "b2": "10"}


def zeros(**shapes):
    """Return an edit that answers with parameters which are all 0, in the shapes given."""
    return ..., "digit_parameters = {" + ", ".join(f'"{k}": np.zeros({v})' for k, v in shapes.items()) + "}"


WRONG = {
    "q1": (
        wrong("this is the other way round", ("return coded", "return coded.T")),
        wrong("the columns count from 0", (", labels] = 1", ", classes - 1 - labels] = 1")),
        wrong(
            "fills all columns up to its own",
            ("coded[np.arange(len(labels)), labels]", "coded[np.arange(classes) <= labels[:, None]]"),
        ),
        wrong("the 1 of a label is missing", (", labels] = 1", ", labels] = 0")),
        wrong("this writes the label itself", (", labels] = 1", ", labels] = labels")),
        wrong("is a return missing?", ("return coded", "coded")),
        wrong("received\n[[0. 1. 0. 0.]", (", labels] = 1", ", labels - 1] = 1")),
        wrong(
            "2 labels of 3 classes give shape (2, 3), received (3, 4)",
            ("np.zeros((len(labels), classes))", "np.zeros((3, 4))"),
        ),
        wrong("received (3, 3)", ("np.zeros((len(labels), classes))", "np.zeros((3, 1 + labels.max()))")),
        wrong("your code raised AttributeError", ("len(labels), classes", "labels.length, classes")),
    ),
    "q2": (
        wrong("this took 2/m", ("np.sqrt(2 / inputs)", "2 / inputs"), ("np.sqrt(2 / hidden)", "2 / hidden")),
        wrong("this took √(1/m)", ("2 / inputs", "1 / inputs"), ("2 / hidden", "1 / hidden")),
        wrong("standard deviation 1", ("np.sqrt(2 / inputs)", "1"), ("np.sqrt(2 / hidden)", "1")),
        wrong(
            "drawn evenly",
            (
                "rng.normal(0, np.sqrt(2 / inputs), (inputs, hidden))",
                "rng.random((inputs, hidden)) * np.sqrt(2 / inputs)",
            ),
            (
                "rng.normal(0, np.sqrt(2 / hidden), (hidden, outputs))",
                "rng.random((hidden, outputs)) * np.sqrt(2 / hidden)",
            ),
        ),
        wrong(
            "the second layer is drawn first",
            ("    return {", "    second = rng.normal(0, np.sqrt(2 / hidden), (hidden, outputs))\n    return {"),
            ('"W2": rng.normal(0, np.sqrt(2 / hidden), (hidden, outputs))', '"W2": second'),
        ),
        wrong("a generator of its own", ("rng.normal", "np.random.default_rng(seed).normal")),
        wrong("the weights are 0", ("rng.normal(0, ", "0 * rng.normal(0, ")),
        wrong("not at 1", ("np.zeros", "np.ones")),
        wrong(
            "rows are inputs here", ("(inputs, hidden)", "(hidden, inputs)"), ("(hidden, outputs)", "(outputs, hidden)")
        ),
        wrong("another seed must give other weights", ("default_rng(seed)", "default_rng(0)")),
        wrong("the same seed must give the same weights", ("default_rng(seed)", "default_rng()")),
        wrong("with the keys W1, b1, W2, b2", ('"b1": np.zeros(hidden),', "")),
        wrong("should have the standard deviation 0.2", ("2 / hidden", "2 / outputs")),
    ),
    "q3": (
        wrong("the bias is missing", ("x @ W + b", "x @ W")),
        wrong("the bias is subtracted", ("x @ W + b", "x @ W - b")),
        wrong("`linear` stops before it", ("x @ W + b", "np.maximum(x @ W + b, 0)")),
        wrong("added for each input", ("x @ W + b", "x @ W + x.shape[1] * b")),
        wrong("your code raised ValueError", ("x @ W + b", "W @ x + b")),
        wrong("makes what is negative positive", ("np.maximum(z, 0)", "abs(z)")),
        wrong("drops the rest", ("np.maximum(z, 0)", "np.minimum(z, 0)")),
        wrong("not by how much", ("np.maximum(z, 0)", "1.0 * (z > 0)")),
        wrong("this is the sigmoid", ("np.maximum(z, 0)", "1 / (1 + np.exp(-z))")),
        wrong("relu changed its argument", ("return np.maximum(z, 0)", "z[z < 0] = 0\n    return z")),
        wrong("relu keeps the shape (1, 3), received ()", ("np.maximum(z, 0)", "max(z.max(), 0)")),
        wrong("is a return missing?", ("return np.maximum(z, 0)", "np.maximum(z, 0)")),
    ),
    "q4": (
        wrong("the columns add up to 1", ("axis=1", "axis=0")),
        wrong(
            "all numbers together add up to 1",
            ("raised.sum(axis=1, keepdims=True)", "raised.sum()"),
            ("z.max(axis=1, keepdims=True)", "z.max()"),
        ),
        wrong("this divides by the largest", ("raised.sum(", "raised.max(")),
        wrong(
            "not divided by the sum",
            ("/ raised.sum(axis=1, keepdims=True)", ""),
            (" - z.max(axis=1, keepdims=True)", ""),
        ),
        wrong("the exponential is missing", ("np.exp(z - z.max(axis=1, keepdims=True))", "z")),
        wrong("the sign is turned", ("np.exp(z - z.max(axis=1, keepdims=True))", "np.exp(-z)")),
        wrong("is 0.5 everywhere, received\n[[nan nan]", ("z - z.max(axis=1, keepdims=True)", "z")),
        wrong("is 0.5 everywhere, received\n[[0.5 0.5]\n [nan nan]]", ("z.max(axis=1, keepdims=True)", "z.max()")),
        wrong("your code raised ValueError", (", keepdims=True", "")),
        wrong("is a return missing?", ("return", "result =")),
        wrong(
            "your function changed its argument",
            (
                "raised = np.exp(z - z.max(axis=1, keepdims=True))",
                "z -= z.max(axis=1, keepdims=True)\n    raised = np.exp(z)",
            ),
        ),
    ),
    "q5": (
        wrong("this is the sum over the examples", ("np.mean(np.sum(", "np.sum(np.sum(")),
        wrong(
            "divides by all numbers of the array",
            ("np.mean(np.sum(y * np.log(np.maximum(p, 1e-12)), axis=1))", "np.mean(y * np.log(np.maximum(p, 1e-12)))"),
        ),
        wrong("the minus sign is missing", ("-np.mean", "np.mean")),
        wrong("a logarithm to the base 2", ("np.log", "np.log2")),
        wrong("p and y have changed places", ("y * np.log(np.maximum(p", "p * np.log(np.maximum(y")),
        wrong(
            "this is one number per example",
            (
                "-np.mean(np.sum(y * np.log(np.maximum(p, 1e-12)), axis=1))",
                "-np.sum(y * np.log(np.maximum(p, 1e-12)), axis=1)",
            ),
        ),
        wrong(
            "this is the squared error",
            ("-np.mean(np.sum(y * np.log(np.maximum(p, 1e-12)), axis=1))", "np.mean(np.sum((y - p)**2, axis=1))"),
        ),
        wrong("the right class got the probability 0", ("np.maximum(p, 1e-12)", "p")),
        wrong(
            "the probability 0, received inf", (..., "def cross_entropy(p, y):\n    return -np.log(p[y == 1]).mean()")
        ),
        wrong("is 27.631, received 13.816", ("1e-12", "1e-6")),
        wrong("is a return missing?", ("return ", "")),
    ),
    "q6": (
        wrong(
            "the ReLU of the hidden layer is missing",
            ('relu(linear(x, parameters["W1"], parameters["b1"]))', 'linear(x, parameters["W1"], parameters["b1"])'),
        ),
        wrong("the softmax of the output layer is missing", ("softmax(linear", "(linear")),
        wrong(
            "it has none",
            (
                'softmax(linear(h, parameters["W2"], parameters["b2"]))',
                'softmax(relu(linear(h, parameters["W2"], parameters["b2"])))',
            ),
        ),
        wrong(
            "first, then the probabilities",
            ("return h, softmax", "return softmax"),
            ('parameters["b2"]))', 'parameters["b2"])), h'),
        ),
        wrong("not before it", ("return h,", 'return linear(x, parameters["W1"], parameters["b1"]),')),
        wrong("the biases of the output layer are missing", ('parameters["b2"]', '0 * parameters["b2"]')),
        wrong("the biases of the hidden layer are missing", ('parameters["b1"]', '0 * parameters["b1"]')),
        wrong("should both have shape (1, 2), received (1, 1)", ("return h,", "return h[:, :1],")),
        wrong("your code raised KeyError: 'w1'", ('"W1"', '"w1"')),
        wrong("return two things, h and p", ("return h, softmax", "return softmax"), ("))\n", "))\n")),
        wrong("is a return missing?", ("return h", "result = h")),
    ),
    "q7": (
        wrong("the sign is turned", ("(p - y)", "(y - p)")),
        wrong("divided by the number of examples", ("(p - y) / len(x)", "p - y")),
        wrong("a factor [h > 0] is missing", ("* (h > 0)", "")),
        wrong("not their mean", (".sum(axis=0)", ".mean(axis=0)")),
        wrong(
            "the biases learn, too",
            ("inner.sum(axis=0)", "0 * inner.sum(axis=0)"),
            ("output.sum(axis=0)", "0 * output.sum(axis=0)"),
        ),
        wrong("derivative by the probabilities", ("(p - y)", "-y / p")),
        wrong("received [[ 0.6  0. ]\n [-0.6  0. ]]", ("h.T @ output", "output.T @ h")),
        wrong("with the keys W1, b1, W2, b2", ('"b1": inner.sum(axis=0),', "")),
        wrong("W2 should be", ("h.T @ output", "np.sign(h.T @ output)")),
        wrong("b1 should be", ('@ parameters["W2"].T', '@ np.sign(parameters["W2"]).T')),
        wrong("nudging W1[0, 1] changes the loss", ("x.T @ inner", "x.T**2 @ inner")),
        wrong("b2 should be", ("output.sum(axis=0)}", "output.sum(axis=0) ** 2}")),
        wrong("is a return missing?", ("return {", "result = {")),
    ),
    "q8": (
        wrong("this goes uphill", ("- rate", "+ rate")),
        wrong("the rate is missing", ("rate * gradients", "gradients")),
        wrong("the biases have to move, too", ("rate * gradients[name]", 'rate * gradients[name] * ("W" in name)')),
        wrong("only the biases move", ("rate * gradients[name]", 'rate * gradients[name] * ("b" in name)')),
        wrong("only the output layer moves", ("rate * gradients[name]", 'rate * gradients[name] * ("2" in name)')),
        wrong("this is the step alone", ("parameters[name] - rate", "-rate")),
        wrong("nothing has moved", (" - rate * gradients[name]", "")),
        wrong(
            "changed the old parameters",
            (
                ...,
                "def step(parameters, gradients, rate):\n    for name in parameters:\n"
                "        parameters[name] -= rate * gradients[name]\n    return parameters",
            ),
        ),
        wrong("with the keys W1, b1, W2, b2", ("for name in parameters}", 'for name in ("W1", "W2")}')),
        wrong("is a return missing?", ("return {", "new = {")),
        wrong("your code raised TypeError", ("rate * gradients[name]", "rate * gradients")),
    ),
    "q9": (
        wrong(
            "take them before it",
            ("losses.append(float(cross_entropy(forward(x, parameters)[1], y)))", "pass"),
            (
                "parameters, backward(x, y, parameters), rate)\n",
                "parameters, backward(x, y, parameters), rate)\n"
                "        losses.append(float(cross_entropy(forward(x, parameters)[1], y)))\n",
            ),
        ),
        wrong("this goes uphill", ("parameters), rate)", "parameters), -rate)")),
        wrong(
            "the biases stay where they were",
            (
                "parameters = step(parameters, backward(x, y, parameters), rate)",
                "parameters = {**step(parameters, backward(x, y, parameters), rate),"
                " 'b1': parameters['b1'], 'b2': parameters['b2']}",
            ),
        ),
        wrong(
            "compute them anew",
            ("losses = []", "losses, slope = [], backward(x, y, parameters)"),
            ("step(parameters, backward(x, y, parameters), rate)", "step(parameters, slope, rate)"),
        ),
        wrong("only the last loss is returned", ("return parameters, losses", "return parameters, losses[-1]")),
        wrong("this is one step, where", ("range(steps)", "range(1)")),
        wrong("this is one step too many", ("range(steps)", "range(steps + 1)")),
        wrong("return two things", ("return parameters, losses", "return [parameters]")),
        wrong("two steps have two losses, received 0", ("losses.append(", "(")),
        wrong("received 1.38", ("append(float(", "append(2 * float(")),
        wrong("is a return missing?", ("return parameters, losses", "losses")),
    ),
    "q10": (
        wrong("the examples are not shuffled", ("rng.permutation(len(x))", "np.arange(len(x))")),
        wrong(
            "all epochs have the same order",
            ("        order = rng.permutation(len(x))\n", ""),
            ("losses = []", "losses = []\n    order = rng.permutation(len(x))"),
        ),
        wrong("a new permutation in each", ("order = rng.", "order = np.random.default_rng(seed).")),
        wrong("the last, smaller batch is left out", ("range(0, len(x), size)", "range(0, len(x) - size + 1, size)")),
        wrong(
            "once per epoch",
            ("        losses.append", "            losses.append"),
            ("forward(x, parameters)[1], y)", "forward(x[chosen], parameters)[1], y[chosen])"),
        ),
        wrong(
            "take them after it",
            ("        losses.append(float(cross_entropy(forward(x, parameters)[1], y)))\n", ""),
            (
                "        order =",
                "        losses.append(float(cross_entropy(forward(x, parameters)[1], y)))\n        order =",
            ),
        ),
        wrong("take those of the batch", ("backward(x[chosen], y[chosen], parameters)", "backward(x, y, parameters)")),
        wrong("one epoch has one loss, received 0", ("losses.append(", "(")),
        wrong("with seed 1, five examples", ("y[chosen]", "y[start:start + size]")),
        wrong("return two things", ("return parameters, losses", "return [parameters]")),
        wrong("two epochs have two losses, received 1", ("return parameters, losses", "return parameters, losses[:1]")),
        wrong("is a return missing?", ("return parameters, losses", "losses")),
    ),
    "q11": (
        wrong("with the keys W1, b1, W2, b2", (..., "digit_parameters = 0.97")),
        wrong("it reads only 10%", zeros(**NETWORK)),
        wrong("from 784 inputs to 10 classes", zeros(**{**NETWORK, "W1": "(28, 4)"})),
        wrong("'b2': (9,)", zeros(**{**NETWORK, "W2": "(4, 9)", "b2": "9"})),
        wrong("your code raised ValueError", zeros(**{**NETWORK, "W2": "(5, 10)"})),
        wrong("train longer", ("epochs=12", "epochs=0")),
        wrong("or change the rate", ("rate=0.2", "rate=-0.2")),
        wrong("dictionary", ("digit_parameters, digit_losses = mini", "digit_losses, digit_parameters = mini")),
    ),
}
