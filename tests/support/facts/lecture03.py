"""Facts of lecture 03, How can a handful of numbers look at a whole picture?"""

from facts import Fact

FACTS = (
    Fact(
        "03.nine_sums",
        "5 x 5 pixels, 3 x 3 weights: nine sums of nine products (the first, the last)",
        "nine-sums",
        (
            "x₁w₁ + x₂w₂ + x₃w₃ + x₆w₄ + x₇w₅ + x₈w₆ + x₁₁w₇ + x₁₂w₈ + x₁₃w₉",
            "x₁₃w₁ + x₁₄w₂ + x₁₅w₃ + x₁₈w₄ + x₁₉w₅ + x₂₀w₆ + x₂₃w₇ + x₂₄w₈ + x₂₅w₉",
            "9",
            "9",
            "81",
        ),
    ),
    Fact(
        "03.nine_numbers",
        "the same in numbers: a dark speck among its four neighbours",
        "speck-in-numbers",
        ("4", "-3", "-4", "-5", "15", "-4", "0", "0", "-1"),
    ),
    Fact(
        "03.four_by_four",
        "the 4 x 4 example begins with 1.5, 1.5, 3",
        "four-by-four",
        ("1.5", "1.5", "3.", "0.5", "0.25", "2.5", "1.", "2.25", "2."),
    ),
    Fact(
        "03.four_parameters",
        "four parameters, against 16 · 9 = 144 of a dense layer",
        "four-parameters",
        ("4", "16", "9", "144"),
    ),
    Fact(
        "03.sparse_and_shared",
        "the matrix has 144 entries, 36 in the pattern, 4 different weights",
        "matrix-entries",
        ("144", "36", "4", "1.5", "1.5", "3."),
    ),
    Fact("03.forms_agree", "loop, windows and Toeplitz matrix agree on random shapes", "all-forms-equal", ("True",)),
    Fact(
        "03.padding_sizes",
        "valid, same and full make 3, 5 and 7 of 5 pixels with a kernel of 3",
        "padding-sizes",
        ("valid", "3", "3", "same", "5", "5", "full", "7", "7"),
    ),
    Fact(
        "03.linear", "the output of a weighted sum of pictures is the weighted sum of outputs", "linearity", ("True",)
    ),
    Fact(
        "03.equivariance",
        "shift the image = shift the output: exactly with a circular boundary",
        "equivariance",
        ("zero", "29%", "symmetric", "29%", "circular", "0%"),
    ),
    Fact(
        "03.equivariance_interior",
        "and with any boundary where no window touches it",
        "equivariance-interior",
        ("71%", "True"),
    ),
    Fact(
        "03.permutation",
        "a fixed permutation of pixels spares dense networks, ruins convolutional ones",
        "permutation",
        ("True", "True", "True", "True"),
    ),
    Fact("03.dense_twin", "a dense network with its weights permuted gives the same scores", "dense-twin", ("True",)),
)
