"""Wrong answers to homework 3, Brain food: those questions whose answers are functions."""

from answers_assignments import wrong

EACH = "right[recordings == number].mean()"
REAL, FAKE = "right[labels == 0].mean()", "right[labels == 1].mean()"
ARGMAX = "scores.argmax(axis=1)"
PREDICTED = "right = scores.argmax(axis=1) == labels"

WRONG = {
    "q1": (
        wrong("the smaller score wins", ("argmax", "argmin")),
        wrong("only the score of fake", (ARGMAX, "(scores[:, 1] > 0)")),
        wrong("only the score of real", (ARGMAX, "(scores[:, 0] < 0)")),
        wrong("a score is no probability", (ARGMAX, "(scores[:, 1] > 0.5)")),
        wrong(
            "real and fake are exchanged",
            ("labels == 0", "labels == 2"),
            ("labels == 1", "labels == 0"),
            ("labels == 2", "labels == 1"),
        ),
        wrong("is the best recording", ("min(each)", "max(each)")),
        wrong("is a mean over recordings, not the smallest", ("min(each)", "np.mean(each)")),
        wrong("is the number of the recording", ("min(each)", "np.unique(recordings)[np.argmin(each)]")),
        wrong("is the worse class", ("min(each)", f"min({REAL}, {FAKE})")),
        wrong(
            "divide by those that *are*",
            ("right[labels == 0]", "right[scores.argmax(axis=1) == 0]"),
            ("right[labels == 1]", "right[scores.argmax(axis=1) == 1]"),
        ),
        wrong(
            "are shares of all frames",
            (REAL, "np.mean(right & (labels == 0))"),
            (FAKE, "np.mean(right & (labels == 1))"),
        ),
        wrong(
            "count what the network says",
            (REAL, "np.mean(scores.argmax(axis=1) == 0)"),
            (FAKE, "np.mean(scores.argmax(axis=1) == 1)"),
        ),
        wrong("these are percent", (PREDICTED, "right = 100.0 * (scores.argmax(axis=1) == labels)")),
        wrong("every frame should count the same", ('"accuracy": right.mean()', '"accuracy": np.mean(each)')),
        wrong("return a dictionary with the keys accuracy, real, fake, worst", ('"worst"', '"lowest"')),
        wrong("your code raised AxisError", ("axis=1", "axis=2")),
        wrong("is a return missing?", ("return {", "result = {")),
    ),
    "q2": (
        wrong(
            "received 206,050 in layers",
            (
                "layers.Flatten(),",
                'layers.Conv2D(32, (2, 2), activation="relu"),\n'
                "        layers.MaxPooling2D((4, 4)),\n        layers.Flatten(),\n"
                '        layers.Dense(128, activation="relu"),',
            ),
        ),
        wrong("received 66,370 in layers", ("(5, 5)", '(5, 5), padding="same"')),
        wrong("received 31,585 in layers", ("layers.Dense(2)", "layers.Dense(1)")),
        wrong("received 246,850 in layers", ("MaxPooling2D((4, 4))", "MaxPooling2D((2, 2))")),
        wrong("received 61,826 in layers", ("(5, 5)", "(3, 3)")),
        wrong("received 31,170 in layers", ("Conv2D(32", "Conv2D(16")),
        wrong("leave the softmax and the ReLU out", ("layers.Dense(2)", 'layers.Dense(2, activation="softmax")')),
        wrong("leave the softmax and the ReLU out", ("layers.Dense(2)", 'layers.Dense(2, activation="relu")')),
        wrong(
            "frames have the shape (None, 128, 128, 1), received (None, 1, 128, 128)",
            ("shape=(128, 128, 1)", "shape=(1, 128, 128)"),
            ("(5, 5), ", '(5, 5), data_format="channels_first", '),
            ("(4, 4)", '(4, 4), data_format="channels_first"'),
        ),
        wrong("is a return missing?", ("return network", "network")),
    ),
}
