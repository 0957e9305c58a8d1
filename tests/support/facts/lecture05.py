"""Numbers of lecture 05, What does one layer of a convolutional network compute?"""

from facts import Fact

FACTS = (
    Fact(
        "05.tensor",
        "arange(24) as 2 × 3 × 4 ends in 23, and its channel 0 is 0, 4, 8, 12, 16, 20",
        "arange",
        ("3", "23", "0", "4", "8", "12", "16", "20"),
    ),
    Fact("05.rgb", "a colour picture has three channels, which come last", "rgb", ("3",)),
    Fact(
        "05.channels_are_merged",
        "a block of 2 × 2 × 3 gives 2, 2, 5 in its channels and one number, 9",
        "one-sum",
        ("2", "2", "5", "9"),
    ),
    Fact(
        "05.hundred_channels",
        "100 kernels of 2 × 2 on a picture of 5 × 5 give 4 × 4 × 100",
        "hundred-kernels",
        ("4", "4", "100"),
    ),
    Fact(
        "05.feature_map",
        "the worked map: sums with bias, four rows after ReLU, and 3 at [2, 1]",
        "worked-map",
        ("-7", "-12", "3", "3", "9", "-5", "0", "0", "0", "0", "3", "3", "9", "0", "3"),
    ),
    Fact("05.output_size", "(6 + 2·1 − 3)/5 + 1 is 2, a map of 2 × 2", "output-size", ("2", "2", "2")),
    Fact("05.leftover", "stride 3 on 7 pixels leaves one that nothing looks at", "leftover", ("1", "True", "True")),
    Fact(
        "05.course_refuses",
        "what does not fit is refused by the course's layer; stride with dilation is not",
        "course-refuses",
        ("ValueError", "ValueError", "1", "2", "2", "1"),
    ),
    Fact(
        "05.keras_refuses", "Keras refuses two of them in every version", "keras-refuses", ("ValueError", "ValueError")
    ),
    Fact(
        "05.wrong_shape",
        "the puzzle: B 32, C 30, D 26 (not 28), E 13 pixels wide",
        "puzzle",
        ("32", "16", "30", "26", "13", "64"),
    ),
    Fact(
        "05.parameters",
        "(k·k·c_in + 1)·c_out of the puzzle's four layers, equal to Keras",
        "count",
        ("1,216", "1,216", "4,640", "4,640", "9,248", "9,248", "18,496", "18,496"),
    ),
    Fact(
        "05.parameters_of_hundred_kernels",
        "100 kernels of 2 × 2, 3 × 3, 3 × 3 × 3, 5 × 5 × 3 …, 100 channels out",
        "hundred-parameters",
        ("500", "100", "1,000", "2,800", "7,600", "9,100", "90,100", "100"),
    ),
    Fact(
        "05.saturation",
        "slopes of sigmoid, tanh, ReLU at 0 and, saturated, at 10",
        "saturation",
        ("0.25", "1", "0", "4.5e-05", "8.2e-09", "1"),
    ),
    Fact(
        "05.killed_gradient",
        "sigmoids pass at most a quarter a layer, under a millionth after ten",
        "quarter",
        ("0.0625000", "0.0156250", "0.0000010"),
    ),
    Fact(
        "05.factor",
        "tanh and sigmoid need more epochs than ReLU; published: factor 6 for tanh",
        "factor",
        ("True", "5", "True", "6"),
    ),
    Fact(
        "05.same_padding",
        "15 layers of 3 × 3 shrink 32 pixels to 2, with same padding 32 stay",
        "shrinking",
        ("15", "2", "2", "32"),
    ),
    Fact(
        "05.odd_kernels",
        "ten kernels of 2 × 2 move a spot from row 15 to 10, of 3 × 3 not",
        "odd-kernels",
        ("15", "10.0", "15", "15.0"),
    ),
)
