"""Convolution, written twice: a readable loop and a fast form, equal to each other.

Functions that end in `_loop` say what is computed, in the order in which one would do it by hand.
The ones without the ending compute the same numbers many at a time, mostly with one matrix product.

Conventions shared by all:

- `correlate` slides the kernel as it is, which is what networks compute; `convolve` flips it first.
- Images are rows by columns, batches are NHWC: images, rows, columns, channels. A flattened image or
  kernel lists its first row from left to right, then the second, with the channels of a pixel together.
- Floating-point input sets the type of the result: float32 in, float32 out. Kernels are cast to it, and
  float16 is computed in float32. Whole numbers never overflow as uint8 would: pictures of them are computed
  in int64 when the kernel holds whole numbers too and no sum can pass 2**63, and in float64 otherwise.
- Inputs are never changed, and NaN or infinity in them is refused.
"""

from coursekit.convolution.adaptive import (
    adaptive_average_pool,
    adaptive_average_pool_loop,
    adaptive_max_pool,
    adaptive_max_pool_loop,
)
from coursekit.convolution.layer import conv_layer, conv_layer_loop
from coursekit.convolution.one_d import convolve1d, convolve1d_loop, correlate1d, correlate1d_loop
from coursekit.convolution.pooling import (
    average_pool,
    average_pool_loop,
    global_average_pool,
    global_max_pool,
    max_pool,
    max_pool_loop,
)
from coursekit.convolution.toeplitz import toeplitz_matrix, toeplitz_matrix_loop
from coursekit.convolution.transposed import conv_transpose, conv_transpose_loop, overlap_counts
from coursekit.convolution.two_d import convolve2d, convolve2d_loop, correlate2d, correlate2d_loop

__all__ = [
    "adaptive_average_pool",
    "adaptive_average_pool_loop",
    "adaptive_max_pool",
    "adaptive_max_pool_loop",
    "average_pool",
    "average_pool_loop",
    "conv_layer",
    "conv_layer_loop",
    "conv_transpose",
    "conv_transpose_loop",
    "convolve1d",
    "convolve1d_loop",
    "convolve2d",
    "convolve2d_loop",
    "correlate1d",
    "correlate1d_loop",
    "correlate2d",
    "correlate2d_loop",
    "global_average_pool",
    "global_max_pool",
    "max_pool",
    "max_pool_loop",
    "overlap_counts",
    "toeplitz_matrix",
    "toeplitz_matrix_loop",
]
