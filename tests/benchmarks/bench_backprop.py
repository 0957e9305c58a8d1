"""Time and memory of `conv_gradients` beside TensorFlow, in one run: only the ratios mean anything.

    python tests/benchmarks/bench_backprop.py

prints, for a batch of 32 images of 128 x 128 x 1 and 32 kernels of 5 x 5, the median times of the way back to input,
kernels and biases, their ratio, and the peak of the memory that NumPy asked for, in sizes of the layer's output.
Goals: at most twice the time of TensorFlow, at most 3 outputs.
"""

import os
import statistics
import time
import tracemalloc

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

from coursekit.backprop import conv_gradients

ROUNDS = 9


def by_tensorflow(x, kernels, gradient):
    """Return the three gradients by TensorFlow's own operations of the way back."""
    to_x = tf.raw_ops.Conv2DBackpropInput(
        input_sizes=x.shape, filter=kernels, out_backprop=gradient, strides=[1] * 4, padding="VALID"
    )
    to_kernels = tf.raw_ops.Conv2DBackpropFilter(
        input=x, filter_sizes=kernels.shape, out_backprop=gradient, strides=[1] * 4, padding="VALID"
    )
    return [part.numpy() for part in (to_x, to_kernels, tf.reduce_sum(gradient, (0, 1, 2)))]


def seconds(function, *values):
    start = time.perf_counter()
    function(*values)
    return time.perf_counter() - start


def main():
    rng = np.random.default_rng(0)
    shapes = (32, 128, 128, 1), (5, 5, 1, 32), (32, 124, 124, 32)
    arrays = [rng.normal(size=shape).astype(np.float32) for shape in shapes]
    tensors = [tf.constant(array) for array in arrays]
    for ours, theirs in zip(conv_gradients(*arrays), by_tensorflow(*tensors)):  # also the warm-up
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=0.02)
    times = [(seconds(conv_gradients, *arrays), seconds(by_tensorflow, *tensors)) for _ in range(ROUNDS)]  # in turns
    ours, theirs = (statistics.median(column) for column in zip(*times))
    best, their_best = (min(column) for column in zip(*times))
    print(f"conv_gradients {1000 * ours:8.1f} ms, TensorFlow {1000 * theirs:8.1f} ms: {ours / theirs:.2f} times")
    print(f"ratio of the best times: {best / their_best:.2f} (goal 2)")
    tracemalloc.start()
    conv_gradients(*arrays)
    peak = tracemalloc.get_traced_memory()[1] / arrays[2].nbytes
    tracemalloc.stop()
    print(f"peak memory: {peak:.2f} outputs (goal 3)")
    return [
        ("way back through a convolution", "TensorFlow's operations", f"{ours / theirs:.2f} times"),
        ("its peak memory", "the layer's output", f"{peak:.2f} times"),
    ]


if __name__ == "__main__":
    main()
