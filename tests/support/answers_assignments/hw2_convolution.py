"""Wrong answers to homework 2, Convolution by hand."""

from answers_assignments import wrong

ROOM = "room // stride + 1 if room >= 0 else 0"
SUM = "np.sum(padded[i * stride:i * stride + len(kernel)] * kernel)"
PIXEL = "np.sum(padded[top:top + kh, left:left + kw] * kernel)"
MAX = "np.max(image[i * stride:i * stride + size, j * stride:j * stride + size])"
MAPS = "(stride, stride)) for c in range(c_in)) + biases[k]"

WRONG = {
    "q1": (
        wrong("+ 1 is missing", (ROOM, "max(0, room // stride)")),
        wrong("both sides: 2p", ("2 * padding", "padding"), (ROOM, "max(0, room // stride + 1)")),
        wrong("the stride is ignored", (ROOM, "max(0, room + 1)")),
        wrong("the padding is ignored", ("2 * padding", "0 * padding")),
        wrong("round down", (ROOM, "max(0, -(-room // stride) + 1)")),
        wrong("0, not less", (ROOM, "room // stride + 1")),
        wrong("use //", (ROOM, "max(0, room / stride + 1)")),
        wrong("cuts off towards 0", (ROOM, "max(0, int(room / stride) + 1)")),
        wrong("not before it", (ROOM, "max(0, (room + 1) // stride)")),
        wrong("is a return missing?", ("return ", "")),
        wrong("a number of windows is an int, received 3.0", (ROOM, "float(room // stride + 1 if room >= 0 else 0)")),
        wrong("output_size(9, 9) is 1, received 0", ("room >= 0", "room > 0")),
    ),
    "q2": (
        wrong("the kernel is turned round", ("* kernel)", "* kernel[::-1])")),
        wrong(
            "the stride is ignored", ("i * stride", "i"), ("len(kernel), stride, padding", "len(kernel), 1, padding")
        ),
        wrong("the padding is ignored", ("float), padding", "float), 0"), ("stride, padding)\n", "stride, 0)\n")),
        wrong("the padding repeats the border", ("float), padding)", "float), padding, mode='edge')")),
        wrong(
            "before the signal only",
            ("float), padding)", "float), (padding, 0))"),
            ("output_size(len(signal), len(kernel), stride, padding)", "output_size(len(padded), len(kernel), stride)"),
        ),
        wrong("without the weights", (SUM, SUM.replace(" * kernel)", ")"))),
        wrong("the last window is left out", ("range(outputs)", "range(outputs - 1)")),
        wrong(
            "numpy.correlate is not allowed in this assignment",
            (
                ...,
                "def correlate1d(signal, kernel, stride=1, padding=0):\n"
                "    return np.correlate(np.pad(signal, padding), kernel, 'valid')[::stride]",
            ),
        ),
        wrong(
            "numpy.convolve is not allowed in this assignment",
            (
                ...,
                "def slide(padded, kernel):\n    return np.convolve(padded, kernel[::-1], 'valid')\n\n"
                "def correlate1d(signal, kernel, stride=1, padding=0):\n"
                "    return slide(np.pad(signal, padding), kernel)[::stride]",
            ),
        ),
        wrong(
            "coursekit is not allowed in this assignment",
            (
                ...,
                "from coursekit.convolution import correlate1d as library\n\n"
                "def correlate1d(signal, kernel, stride=1, padding=0):\n"
                "    return library(np.pad(signal, padding), kernel, stride=stride)",
            ),
        ),
        wrong(
            "scipy is not allowed in this assignment",
            (
                ...,
                "def correlate1d(signal, kernel, stride=1, padding=0):\n    from scipy.signal import oaconvolve\n"
                "    return oaconvolve(np.pad(signal, padding), kernel[::-1], 'valid')[::stride]",
            ),
        ),
        wrong(
            "give 3, received shape (4,)",
            (..., "def correlate1d(signal, kernel, stride=1, padding=0):\n    return signal * 2"),
        ),
        wrong("is a return missing?", ("return np", "result = np")),
    ),
    "q3": (
        wrong("this is the cross-correlation", ("[::-1]", "")),
        wrong("the signal is turned round", ("signal, np.asarray(kernel)[::-1]", "signal[::-1], kernel")),
        wrong(
            "the result is turned round",
            (" np.asarray(kernel)[::-1],", " kernel,"),
            ("stride, padding)\n", "stride, padding)[::-1]\n"),
        ),
        wrong("the signs are turned", ("np.asarray(kernel)[::-1]", "-np.asarray(kernel)")),
        wrong("the stride is lost", ("[::-1], stride", "[::-1], 1")),
        wrong("the padding is lost", (", padding)\n", ")\n")),
        wrong(
            "numpy.convolve is not allowed in this assignment",
            (
                ...,
                "def convolve1d(signal, kernel, stride=1, padding=0):\n"
                "    return np.convolve(np.pad(signal, padding), kernel, 'valid')[::stride]",
            ),
        ),
        wrong("expected the kernel, [1, 2, 3], received [0. 0. 0.]", ("signal, np", "0 * signal, np")),
        wrong("is a return missing?", ("return ", "")),
    ),
    "q4": (
        wrong("the kernel is turned round", ("enumerate(kernel)", "enumerate(kernel[::-1])")),
        wrong("this is the transpose", ("return matrix", "return matrix.T")),
        wrong("the stride is ignored", ("i * stride", "i"), ("stride, padding)\n", "1, padding)\n")),
        wrong("the padding is ignored", ("j - padding", "j"), ("stride, padding)\n", "stride, 0)\n")),
        wrong("at the right end", ("0 <= column < n", "column < n")),
        wrong(
            "columns of its own",
            ("np.zeros((rows, n))", "np.zeros((rows, n + 2 * padding))"),
            ("j - padding", "j"),
            ("column < n", "column < n + 2 * padding"),
        ),
        wrong("starts in column 0 in every row", ("i * stride + j - padding", "j")),
        wrong("your code raised IndexError", ("if 0 <= column < n:", "if 0 <= column:")),
        wrong(
            "three outputs of four inputs give shape (3, 4), received (4, 4)",
            ("np.zeros((rows, n))", "np.zeros((n, n))"),
        ),
        wrong("received\n[[0. 0. 0. 0.]", ("= weight", "= 0")),
        wrong("is a return missing?", ("return matrix", "matrix")),
        wrong("received\n[[1. 1. 0. 0.]", ("= weight", "= 1")),
    ),
    "q5": (
        wrong("in both directions", ("* kernel)", "* kernel[::-1, ::-1])")),
        wrong(
            "the stride is ignored",
            ("i * stride[0], j * stride[1]", "i, j"),
            ("stride[0], padding", "1, padding"),
            ("stride[1], padding", "1, padding"),
        ),
        wrong("the padding is ignored", ("padding[0]", "0"), ("padding[1]", "0")),
        wrong(
            "of the stride are exchanged",
            ("stride[0]", "stride[2 - 1]"),
            ("stride[1]", "stride[0]"),
            ("stride[2 - 1]", "stride[1]"),
        ),
        wrong(
            "of the padding are exchanged",
            ("padding[0]", "padding[2 - 1]"),
            ("padding[1]", "padding[0]"),
            ("padding[2 - 1]", "padding[1]"),
        ),
        wrong("used for the columns, too", ("stride[1]", "stride[0]")),
        wrong("the result is transposed", ("return result", "return result.T")),
        wrong("only the first row of the kernel", (PIXEL, "np.sum(padded[top, left:left + kw] * kernel[0])")),
        wrong("received\n[[2628. 3294.]", ("top:top + kh, left:left + kw", "top:top + kw, left:left + kw")),
        wrong("received\n[[0. 0. 0.]", ("result[i, j] =", "result[0, 0] * 1 +")),
        wrong("is a return missing?", ("return result", "result")),
        wrong(
            "give shape (2, 3), received (2, 2)",
            ("result = np.zeros((rows, columns))", "result = np.zeros((2, 2))"),
            ("range(columns)", "range(2)"),
            ("range(rows)", "range(2)"),
        ),
        wrong(
            "numpy.lib.stride_tricks.sliding_window_view is not allowed",
            ("padded =", "view = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)\n    padded ="),
        ),
    ),
    "q6": (
        wrong("the ReLU is missing", ("np.maximum(np.stack(maps, axis=-1), 0)", "np.stack(maps, axis=-1)")),
        wrong("the biases are missing", (" + biases[k]", "")),
        wrong("only the first channel", ("range(c_in)", "range(1)")),
        wrong("once per channel of the image", (MAPS, "(stride, stride)) + biases[k] for c in range(c_in))")),
        wrong("the stride is ignored", ("(stride, stride)", "(1, 1)")),
        wrong("added after the ReLU", (" + biases[k]", ""), ("axis=-1), 0)", "axis=-1), 0) + biases")),
        wrong("the channels of the output come last", ("axis=-1", "axis=0")),
        wrong("the kernels are turned round", ("kernels[..., c, k]", "kernels[::-1, ::-1, c, k]")),
        wrong("your code raised IndexError", ("kernels[..., c, k]", "kernels[..., k, c]")),
        wrong(
            "expected\n[[[31.  42.5  2. ]]\n\n [[75.  86.5  0. ]]]\nreceived\n[[[31.  31.5  5. ]]",
            ("range(c_in)) + biases[k]", "range(c_in)) * (k == 0) + (k > 0) * 31 - 31 * (k == 2) + biases[k]"),
        ),
        wrong("is a return missing?", ("return np", "result = np")),
    ),
    "q7": (
        wrong("this is the mean", ("np.max(", "np.mean(")),
        wrong("this is the smallest", ("np.max(", "np.min(")),
        wrong("the search starts from 0", (MAX, f"max(0, {MAX})")),
        wrong(
            "the stride is ignored",
            ("i * stride", "i"),
            ("j * stride", "j"),
            ("(length, size, stride)", "(length, size, 1)"),
        ),
        wrong(
            "always `size` apart",
            ("i * stride", "i * size"),
            ("j * stride", "j * size"),
            ("(length, size, stride)", "(length, size, size)"),
        ),
        wrong("windows that reach beyond", ("output_size(length, size, stride)", "-(-length // stride)")),
        wrong("this is the sum", ("np.max(", "np.sum(")),
        wrong("is a return missing?", ("return result", "result")),
        wrong("expected [[5, 8], [-5, 7]], received [[5.0, 5.0], [5.0, 5.0]]", (MAX, "np.max(image[:size, :size])")),
        wrong("give shape (2, 2), received (4, 4)", ("np.zeros((rows, columns))", "np.zeros(image.shape)")),
    ),
    "q8": (
        wrong("the biases are missing", ("+ 1)", ")")),
        wrong("k · k · channels", ("kernel * kernel * channels", "kernel * kernel")),
        wrong(
            "not each layer", ("(kernel * kernel * channels + 1) * filters", "kernel * kernel * channels * filters + 1")
        ),
        wrong("by k − 1", ("height - kernel + 1, width - kernel + 1", "height, width")),
        wrong("pooling makes the picture smaller", ("height // numbers[0], width // numbers[0]", "height, width")),
        wrong("not one number per channel", ("height * width * channels", "channels")),
        wrong("every channel of every pixel", ("height * width * channels", "height * width")),
        wrong("not their sum", ("return counts", "return [sum(counts)]")),
        wrong("return a list with a number per layer, received 297", ("return counts", "return sum(counts)")),
        wrong("the pooling has 0 parameters, received 4", ("counts.append(0)", "counts.append(numbers[0]**2)")),
        wrong("expected [15, 56, 0, 52, 10]", ("height, width, channels = 1, 1, numbers[0]", "pass")),
        wrong("is a return missing?", ("return counts", "counts")),
    ),
    "q9": (
        wrong("the field starts at", ("field, distance = 1, 1", "field, distance = 0, 1")),
        wrong("not over k", ("(kernel - 1)", "kernel")),
        wrong("the strides are ignored", ("(kernel - 1) * distance", "(kernel - 1)")),
        wrong("not with its own stride", ("(kernel - 1) * distance", "(kernel - 1) * distance * stride")),
        wrong("from the last to the first", ("in layers", "in layers[::-1]")),
        wrong("return the field first", ("return field, distance", "return distance, field")),
        wrong(
            "not added up",
            ("distance *= stride", "distance += stride - 1"),
            ("field += (kernel - 1) * distance\n", "field += (kernel - 1) * real\n"),
            ("distance = 1, 1", "distance = 1, 1\n    real = 1"),
            ("distance += stride - 1", "distance += stride - 1\n        real *= stride"),
        ),
        wrong(
            "count those between them, too",
            (
                ...,
                "def receptive_field(layers):\n    seen, distance = {0}, 1\n    for kernel, stride in reversed(layers):\n"
                "        seen = {place * stride + j for place in seen for j in range(kernel)}\n"
                "        distance *= stride\n    return len(seen), distance",
            ),
        ),
        wrong("return both", ("return field, distance", "return field")),
        wrong("is a return missing?", ("return field, distance", "field")),
        wrong("for [(3, 2), (3, 1)] expected (7, 2), received (7, 1)", ("return field, distance", "return field, 1")),
    ),
}
