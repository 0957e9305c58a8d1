"""The numbers of lecture 08, How does a network find its weights?"""

from facts import Fact

FACTS = (
    Fact(
        "08.one_weight",
        "rates 0.1, 0.25 and 0.6 from 0: 1.2, 3 and 7.2 after one step",
        "one-weight",
        ("1.2", "3.0", "7.2"),
    ),
    Fact(
        "08.pencil",
        "f - y is -3, to W2 (-3, 0), to h (-6, 0), to W1 (-6, -12) and zeros",
        "pencil",
        ("-3.0", "-3.0", "0.0", "-6.0", "0.0", "-6.0", "-12.0", "0.0"),
    ),
    Fact("08.tape", "the gradient tape agrees", "pencil-tape", ("-6.0", "-12.0", "0.0", "0.0", "-3.0", "0.0")),
    Fact("08.differences", "central differences agree", "pencil-differences", ("-6.0", "-12.0", "0.0", "0.0")),
    Fact(
        "08.softmax", "p - 1(y = k) is 1/4, -1/2, 1/4, and so measured", "softmax-slope", ("0.25", "-0.5", "0.25") * 2
    ),
    Fact("08.softmax_tape", "the gradient tape agrees", "softmax-tape", ("0.25", "-0.5", "0.25")),
    Fact(
        "08.convolution",
        "back through (1, 2, 3) and (10, 20): 10, 30, 20; 3, 5; 2",
        "conv-loop",
        ("30.0", "20.0", "3.0", "5.0", "2.0", "30.0", "20.0", "3.0", "5.0"),
    ),
    Fact("08.convolution_loop", "loop and fast form agree in three gradients", "conv-judged", ("True",) * 3),
    Fact("08.convolution_tape", "with stride and padding the tape agrees", "conv-tape", ("True",) * 2),
    Fact("08.pooling", "9 wins both overlapping windows: 10 + 1", "pool-back", ("0.0", "11.0", "0.0")),
    Fact("08.as_keras", "the first ten losses equal Keras's to 1e-4", "keras-steps", ("10", "True")),
    Fact("08.accuracy", "the NumPy network reads at least 0.97 of the digits", "train", ("True",)),
)
