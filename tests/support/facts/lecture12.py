"""The numbers of lecture 12, Why do very wide networks hardly move and still learn?"""

from facts import Fact

FACTS = (
    Fact(
        "12.features",
        "the slopes are (2, 4, 0, 0, 1, 0) and (6, 2, 9, 3, 3, 2), over the root of 2",
        "pencil",
        ("2.0", "4.0", "0.0", "0.0", "1.0", "0.0", "6.0", "2.0", "9.0", "3.0", "3.0", "2.0"),
    ),
    Fact("12.kernel", "K is 10.5, 11.5, 71.5", "pencil-kernel", ("10.5", "11.5", "11.5", "71.5")),
    Fact("12.matrices", "loop and matrices agree", "matrix-form", ("True",)),
    Fact("12.machine", "automatic differentiation agrees to 1e-5", "tape", ("True",)),
    Fact("12.one_step", "a step on x moves z by K(z, x), more than x", "one-step", ("-0.0105", "-0.0115")),
    Fact("12.rank", "9 parameters and 3 symmetries leave 6 eigenvalues above 0", "rank", ("6",)),
    Fact(
        "12.infinite",
        "the infinite kernel of (3, 4) with itself is 25, with its opposite 0",
        "infinite",
        ("25.0", "0.0"),
    ),
    Fact("12.biases", "with a bias it is 26", "biases", ("26.0",)),
    Fact("12.distance", "the distance to it falls like the root of the width", "distance", ("-0.5",)),
    Fact(
        "12.widths",
        "from width 16 to 16,384 the relative movement falls from 1.103 to 0.025, the absolute one from 7.3 to 5.6",
        "widths-table",
        ("1.103", "7.310", "0.025", "5.553"),
    ),
    Fact("12.parameters", "the digits' network has 5,386 parameters", "digits-kernel", ("5,386",)),
)
