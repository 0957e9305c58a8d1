"""The numbers of lecture 01, From a neuron to a network."""

from facts import Fact

FACTS = (
    Fact(
        "01.neuron",
        "w·x + b with ReLU: 1 for the bias −1; −3 silences it.",
        "one-neuron-by-hand",
        ("1.0", "1.0", "-1.0", "0"),
    ),
    Fact("01.cut", "x₁ + 2x₂ = 2 lies 2/√5 = 0.89 from the origin.", "cut-changes", ("0.89", "1.79", "0.89", "-0.89")),
    Fact("01.features", "A picture of 24 × 24 × 3 numbers has 1,728 features.", "features", ("1728", "1729")),
    Fact(
        "01.logistic_loss", "ln(1 + exp(−y f)) is ln 2 = 0.693 for f = 0.", "logistic-loss", ("0.693", "0.127", "2.127")
    ),
    Fact(
        "01.stain",
        "The centre of the weights is positive only where the strength of the stain varies.",
        "stain-control",
        ("12", "15", "-2", "-1"),
    ),
    Fact(
        "01.weights_are_noisy",
        "With a quarter of the data the picture of weights is noisier: 1 − r over five pairs of laboratories.",
        "noise-share-run",
        ("0.43", "0.32", "0.54", "0.22", "0.17", "0.25"),
    ),
    Fact(
        "01.weight_decay",
        "Weight decay of 1 leaves 0.14 noise of 100 pictures and 0.04 of 400.",
        "decay-run",
        ("0.43", "0.29", "0.14", "0.22", "0.10", "0.04"),
    ),
    Fact("01.cascade", "W3 max(0, W2 max(0, W1 x)) is the loop over layers.", "cascade-equal", ("True",)),
    Fact(
        "01.shapes",
        "A layer has a row for each neuron, a column for each input.",
        "cascade-run",
        ("32", "1728", "16", "32", "3", "16"),
    ),
    Fact(
        "01.collapse",
        "Two layers are one: W2 W1 and W2 b1 + b2.",
        "collapse-matrices",
        ("-1", "4", "-2", "2", "1", "-2", "-5", "-8", "-5", "-8"),
    ),
    Fact(
        "01.one_relu",
        "One ReLU breaks the equality halfway.",
        "one-relu-halfway",
        ("-6", "-7", "-6", "-7", "-5", "-8", "-4.5", "-8.5"),
    ),
    Fact("01.cancel", "Four units without ReLU cancel to zero.", "four-units", ("0.00",)),
    Fact("01.polyline", "Three shares add up to a tent: 0, 1, 0, 0.", "polyline", ("0", "1", "0", "0")),
    Fact(
        "01.kinks",
        "A unit of the first layer bends once at most on a straight path.",
        "kinks-by-layer",
        ("15", "1", "18", "3"),
    ),
    Fact(
        "01.explosion",
        "200 × 200 grey: 40,000² + 40,000 parameters, 6.4 GB in float32; in colour 57.6 GB.",
        "explosion",
        ("40,000", "1,600,040,000", "6.4", "120,000", "14,400,120,000", "57.6"),
    ),
)
