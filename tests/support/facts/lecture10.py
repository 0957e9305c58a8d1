"""The numbers of lecture 10, How the fakes were made."""

from facts import Fact

FACTS = (
    Fact("10.stamps", "(1, 10) stamps (1, 2, 3) with stride 2", "stamps-loop", ("1.0", "2.0", "13.0", "20.0", "30.0")),
    Fact("10.keras", "conv_transpose equals TensorFlow's", "stamps-keras", ("2", "10", "8", "6", "True")),
    Fact(
        "10.matrix",
        "the transposed matrix stamps, and is no inverse: (44, 143)",
        "transposed-matrix",
        ("1.0", "2.0", "13.0", "20.0", "30.0", "44.0", "143.0"),
    ),
    Fact("10.way_back", "the way back of a convolution is a transposed one", "transposed-way-back", ("True",)),
    Fact("10.sizes", "4 pixels, stride 2: 9, 10, 11 and always 8", "sizes-table", ("9", "8", "10", "8", "11", "8")),
    Fact(
        "10.counts",
        "kernel 3/2: 1 2; 5/2: 2 3; 4/2: 2 2; 5/3: 1 2 2",
        "counts-print",
        ("2", "1", "2", "1", "3", "2", "3", "2", "2", "2", "2", "2", "2", "2", "1", "2", "2", "1"),
    ),
    Fact(
        "10.phases",
        "grey through (1, 2, 1)/2 stays even, through (1, -1, 1, -3) it does not",
        "peak-phases",
        ("1.0", "1.0", "1.0", "1.0", "2.0", "-4.0", "2.0", "-4.0"),
    ),
    Fact("10.shipped", "the shipped generator has 341,843 parameters", "networks-shipped", ("99840", "341843")),
    Fact(
        "10.small",
        "generator 32·768 + 4·96 + 9·(48·32 + 32·16 + 16) + 49; discriminator",
        "networks-small",
        ("43585", "42353"),
    ),
    Fact(
        "10.slopes",
        "sigmoid(-4) is 0.018: 55 times; 2 log 2 and log 2",
        "losses-slopes",
        ("-0.018", "-0.982", "55", "1.386", "0.693"),
    ),
    Fact(
        "10.two_numbers",
        "distances after 600 steps of 0.1 from 1",
        "dirac-run",
        ("1.90", "0.99", "0.49", "0.35", "0.00"),
    ),
    Fact("10.peak", "no peak in real pictures, one in fakes of kernel 3", "game-peak", ("True", "True")),
    Fact("10.collapse", "five moves to one collapse, a penalty cures", "collapse-run", ("True", "True")),
    Fact(
        "10.collapse_seeds",
        "heaps covered after 1,000 steps, five seeds",
        "collapse-study",
        ("1", "2", "8", "2", "1", "8", "8", "8", "8", "8"),
    ),
)
