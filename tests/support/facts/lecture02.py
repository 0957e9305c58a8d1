"""The numbers of lecture 02, Convolution in one dimension."""

from facts import Fact

FACTS = (
    Fact(
        "02.weights",
        "Five inputs and three outputs: 15 weights in full, 9 sparsely connected, 3 shared.",
        "count-weights",
        ("15", "9", "3"),
    ),
    Fact(
        "02.growth",
        "For n = 5 and n = 50,000 a full matrix has n(n - 2) weights, a banded one 3(n - 2), a Toeplitz matrix 3.",
        "growth",
        ("5", "15", "9", "3", "50,000", "2,499,900,000", "149,994", "3"),
    ),
    Fact(
        "02.growth_orders",
        "Ten times the samples: 100 times the weights in full, O(n²), 10 times banded, "
        "k·O(n), and as many as before in a Toeplitz matrix, k.",
        "growth",
        ("100", "10", "1"),
    ),
    Fact("02.by_loop", "The kernel (-2, -1, 3) slid along (1, 1, 5, 3, 2) gives 12, 2, -7.", "loop", ("12", "2", "-7")),
    Fact(
        "02.by_matrix",
        "The Toeplitz matrix times the signal gives the same.",
        "toeplitz",
        ("-2", "-1", "3", "0", "0", "0", "-2", "-1", "3", "0", "0", "0", "-2", "-1", "3", "12", "2", "-7"),
    ),
    Fact(
        "02.equal",
        "Loop, windows, matrix and the course's function agree on 1,000 samples.",
        "three-forms",
        ("True", "True", "True"),
    ),
    Fact(
        "02.zero_padding",
        "Three outputs without padding, five with a zero at each end: the length stays.",
        "zero-padding",
        ("12", "2", "-7", "3", "2", "12", "2", "-7", "-8", "5"),
    ),
    Fact("02.flip", "Convolution flips the kernel and gives -8, -8, 8.", "flip", ("12", "2", "-7", "-8", "-8", "8")),
    Fact(
        "02.networks_correlate",
        "A convolutional layer computes the cross-correlation, with 3 weights.",
        "keras",
        ("12", "2", "-7", "3"),
    ),
    Fact(
        "02.two_kernels", "Two kernels of three weights are 6 weights and make two channels.", "two-kernels", ("6", "2")
    ),
    Fact(
        "02.gaussian",
        "Noise of 6% is left at 3.2%, 2.3% and 1.3% by Gaussians of σ = 1, 2 and 6 samples.",
        "smoothing",
        ("3.2", "2.3", "1.3"),
    ),
    Fact(
        "02.dna",
        "A kernel of six letters by four channels has 24 weights and finds its word at letter 9.",
        "dna",
        ("24", "9", "30"),
    ),
)
