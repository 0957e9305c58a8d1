"""Time and memory of `conv_layer` beside SciPy and TensorFlow, all in one run: only the ratios mean anything.

    python tests/benchmarks/bench_convolution.py

prints, for a batch of 32 images of 128 x 128 x 1 and 32 kernels of 5 x 5, the median times, their ratios,
and the peak of the memory that NumPy asked for, in sizes of the output. Goals: at most 1.3 times the time
of tf.nn.conv2d, at most twice the memory of the output.
"""

import os
import statistics
import time
import tracemalloc

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from scipy import signal

from coursekit.convolution import conv_layer

ROUNDS = 15
IMAGES, SIZE, KERNELS, WINDOW = 32, 128, 32, 5


def layer_of_scipy(x, kernels):
    """Return the layer's output by one call of correlate2d for each image and kernel."""
    maps = [[signal.correlate2d(image[:, :, 0], kernels[:, :, 0, k], "valid") for k in range(KERNELS)] for image in x]
    return np.moveaxis(np.array(maps), 1, 3)


def whole_matrix(x, kernels):
    """Return the layer's output by one matrix product over all windows at once: the plain sketch."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (WINDOW, WINDOW), axis=(1, 2))[:, :, :, 0]
    return np.tensordot(windows, kernels[:, :, 0], axes=2)


def seconds(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def peak_in_outputs(x, kernels):
    """Return the peak of allocated memory during `conv_layer`, divided by the bytes of its result."""
    tracemalloc.start()
    result = conv_layer(x, kernels)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / result.nbytes


def main():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(IMAGES, SIZE, SIZE, 1)).astype(np.float32)
    kernels = rng.normal(size=(WINDOW, WINDOW, 1, KERNELS)).astype(np.float32)
    tensors = tf.constant(x), tf.constant(kernels)
    rivals = {
        "tf.nn.conv2d": lambda: tf.nn.conv2d(*tensors, 1, "VALID").numpy(),
        "coursekit.conv_layer": lambda: conv_layer(x, kernels),
        "one product over all windows": lambda: whole_matrix(x, kernels),
    }
    expected = rivals["tf.nn.conv2d"]()
    for name, rival in rivals.items():  # also the warm-up
        np.testing.assert_allclose(rival(), expected, atol=1e-4, err_msg=name)
    np.testing.assert_allclose(layer_of_scipy(x[:1], kernels), expected[:1], atol=1e-4)
    times = {name: [] for name in rivals}
    for _ in range(ROUNDS):  # in turns, so that a busy machine slows all of them
        for name, rival in rivals.items():
            times[name].append(seconds(rival))
    medians = {name: statistics.median(values) for name, values in times.items()}
    medians["scipy.signal.correlate2d (once)"] = seconds(layer_of_scipy, x, kernels)
    best = {name: min(values) for name, values in times.items()}
    for name, median in medians.items():
        ratio = median / medians["tf.nn.conv2d"]
        print(f"{name:32s} {1000 * median:8.1f} ms   {ratio:6.2f} times TensorFlow")
    print(f"ratio of the best times: {best['coursekit.conv_layer'] / best['tf.nn.conv2d']:.2f} (goal 1.3)")
    peak, ours = peak_in_outputs(x, kernels), medians["coursekit.conv_layer"]
    print(f"peak memory of conv_layer: {peak:.2f} outputs (goal 2)")
    rows = [
        ("convolution layer", name, f"{ours / medians[name]:.2f} times") for name in medians if "conv_layer" not in name
    ]
    return [*rows, ("its peak memory", "its output", f"{peak:.2f} times")]


if __name__ == "__main__":
    main()
