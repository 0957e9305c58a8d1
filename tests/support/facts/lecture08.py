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
    Fact(
        "08.convolution_differences",
        "central differences agree, for input and kernels",
        "conv-differences",
        ("True",) * 2,
    ),
    Fact("08.convolution_tape", "with stride and padding the tape agrees", "conv-tape", ("True",) * 2),
    Fact(
        "08.logistic",
        "at the score log 3 the logistic loss has the slopes 3/4 - 1 and 3/4, three ways",
        "logistic-slope",
        ("-0.25",) * 3 + ("0.75",) * 3,
    ),
    Fact(
        "08.activations",
        "slopes at -log 3 and log 3: 0, 1; 3/4 times 1/4; 1 - 16/25; tape and differences agree",
        "activation-slopes",
        ("0.0", "1.0", "True", "True", "0.1875", "0.1875", "True", "True", "0.36", "0.36", "True", "True"),
    ),
    Fact(
        "08.pooling",
        "9 wins both overlapping windows, 10 + 1; of the mean it gets half of both, 5 + 0.5",
        "pool-back",
        ("0.0", "11.0", "0.0", "5.0", "5.5", "0.5"),
    ),
    Fact(
        "08.pooling_judged",
        "tape and differences agree for both poolings",
        "pool-judged",
        ("0.0", "11.0", "0.0") * 2 + ("5.0", "5.5", "0.5") * 2,
    ),
    Fact(
        "08.networks",
        "784 · 128 + 128 + 128 · 10 + 10 parameters against 208 + 1,168 + 2,570; 26 times as many",
        "dense-against",
        ("101,770", "3,946", "26"),
    ),
    Fact("08.as_keras", "the first ten losses equal Keras's to 1e-4", "keras-steps", ("10", "True")),
    Fact("08.accuracy", "the NumPy network reads at least 0.97 of the digits", "train", ("True",)),
)
