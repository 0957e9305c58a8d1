"""The numbers of lecture 04, Edge filters."""

from facts import Fact

FACTS = (
    Fact(
        "04.horizontal_edge",
        "The horizontal-edge kernel has rows of -1, 0 and 1.",
        "edge-kernels",
        ("-1", "-1", "-1", "0", "0", "0", "1", "1", "1"),
    ),
    Fact(
        "04.vertical_edge",
        "The vertical-edge kernel has three rows 1, 0, -1.",
        "edge-kernels",
        ("1", "0", "-1", "1", "0", "-1", "1", "0", "-1"),
    ),
    Fact(
        "04.all_edges",
        "The all-edges kernel has 8 in its centre and -1 around it.",
        "edge-kernels",
        ("-1", "-1", "-1", "-1", "8", "-1", "-1", "-1", "-1"),
    ),
    Fact("04.patch", "A step from 1 to 5 answers with 3 * 5 - 3 * 1.", "patch", ("0", "12", "12")),
    Fact(
        "04.all_edges_patch", "8 - (5 + 15) above the step, 40 - (3 + 25) below it.", "all-edges-patch", ("-12", "12")
    ),
    Fact("04.smoothing", "The smoothing kernel has nine weights of 1/9.", "smoothing-kernel", ("1/9", "1")),
    Fact(
        "04.gaussian",
        "The centre of a 3 x 3 Gaussian with sigma 1 is 1 / (1 + 2 exp(-1/2)) squared.",
        "gaussian-kernel",
        ("0.075", "0.124", "0.204", "1"),
    ),
    Fact(
        "04.noise_left",
        "The mean of nine leaves 1/3 of the noise, a wide Gaussian 1 / (2 sqrt(pi) sigma).",
        "noise-left",
        ("0.33", "0.14"),
    ),
    Fact(
        "04.sharpen",
        "Sharpening is the pixel minus the Laplacian: 5 in the centre, -1 beside it.",
        "sharpen-kernel",
        ("-1", "-1", "5", "-1", "-1"),
    ),
    Fact("04.sharpened_noise", "Sharpening multiplies noise by the root of 25 + 4.", "sharpened-noise", ("5.4", "5.4")),
    Fact(
        "04.sobel",
        "Sobel's kernels divided by 8 give the slope; 0.3 and 0.4 make 0.5.",
        "sobel-ramp",
        ("0.3", "0.4", "0.5"),
    ),
    Fact(
        "04.soft_edge",
        "The soft edge with angle 0 and scale 1 has columns tanh(-1), 0, tanh(1).",
        "soft-edge",
        ("-0.76", "0.76"),
    ),
    Fact(
        "04.separable",
        "A separable kernel of 15 x 15 costs 30 multiplications instead of 225.",
        "separable",
        ("225", "30", "7.5"),
    ),
    Fact(
        "04.savings",
        "At 41 x 41 it is 82 instead of 1,681, a factor of 20.5.",
        "savings",
        ("9", "6", "1.5", "1,681", "82", "20.5"),
    ),
    Fact(
        "04.ranks",
        "Sobel and smoothing have rank 1, all edges and the Laplacian 2.",
        "ranks",
        ("1", "1", "2", "1", "1", "1", "1", "1", "2", "2", "3"),
    ),
    Fact(
        "04.learned",
        "Gradient descent finds the hidden horizontal-edge kernel.",
        "learned",
        ("-1", "-1", "-1", "0", "0", "0", "1", "1", "1"),
    ),
    Fact(
        "04.tuning",
        "Each simulated cell prefers the orientation of its stripes.",
        "tuning-peaks",
        ("0", "45", "90", "135"),
    ),
)
