"""The numbers of lecture 00, Start here."""

from facts import Fact

FACTS = (
    Fact(
        "00.legacy",
        "With seed 0 the legacy generator's first normal numbers are 1.76405235, 0.40015721, 0.97873798.",
        "legacy",
        ("1.76405235", "0.40015721", "0.97873798"),
    ),
    Fact(
        "00.draws",
        "20,000 draws of each kind: uniform ones have the mean 1/2 and the standard deviation "
        "1/√12, normal ones 0 and 1.",
        "draws",
        ("20,000", "0.50", "0.29", "20,000", "0.00", "1.00"),
    ),
    Fact(
        "00.axes",
        "The rows 1 2 1 and 3 3 6 have column sums 4, 5, 7 and row sums 4, 12; with keepdims the "
        "latter have the shape (2, 1).",
        "axes",
        ("3", "4", "5", "7", "2", "4", "12", "2", "1"),
    ),
    Fact(
        "00.softmax",
        "Divided by the sums of their rows they are probabilities: 1/4, 1/2, 1/4 and 1/4, 1/4, 1/2.",
        "softmax",
        ("0.25", "0.5", "0.25", "0.25", "0.25", "0.5", "1", "1"),
    ),
    Fact("00.slope", "The gradient tape finds the slope 4 of x² at x = 2.", "tape", ("4.0", "4.0")),
    Fact(
        "00.descent",
        "With learning rate 0.2 from x = 2 the losses are 4, 1.44, 0.5184, 0.186624 and the places 1.2, 0.72, 0.432.",
        "descent",
        ("4.0", "1.2", "1.44", "0.72", "0.5184", "0.432", "0.186624", "0.2592"),
    ),
)
