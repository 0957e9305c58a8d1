"""The numbers of lecture 09, Real or fake?"""

from facts import Fact

FACTS = (
    Fact(
        "09.parameters",
        "the brain classifier has 832 + 61,506 = 62,338 parameters",
        "convolution-5-5-1-1",
        ("832", "61506", "62338"),
    ),
    Fact(
        "09.dense_share",
        "98.7% of them are in the dense layer, and each kernel is used at 15,376 places",
        "convolution-5-5-1-1",
        ("98.7", "15,376"),
    ),
    Fact(
        "09.one_number",
        "the slope of the spectrum from 20 to 60 cycles recognises 0.92 of the test frames, up to 40 cycles 0.72",
        "one-number-on-the-test",
        ("40", "0.72", "60", "0.92"),
    ),
    Fact(
        "09.friendly_validation",
        "validation is above test in 13 of 15 trainings",
        "validation-against-test",
        ("13", "15"),
    ),
    Fact("09.coin", "a coin gets nine or more of twelve right once in 14 rounds", "nine-or-more-sum-math", ("14",)),
    Fact(
        "09.last_fifth",
        "the last fifth of stacked pictures holds 0 real and 410 fake ones",
        "cut-int-0-8-len-2",
        ("0", "410"),
    ),
    Fact(
        "09.always_fake",
        "always answering fake: validation 1.00, test 0.50",
        "print-f-always-fake-validation-2",
        ("1.00", "0.50"),
    ),
    Fact(
        "09.second_parameters",
        "the second network has 832 + 4,128 + 200,832 + 258 = 206,050 parameters",
        "for-layer-in-second-layers-2",
        ("832", "4,128", "200,832", "258", "206,050"),
    ),
    Fact(
        "09.five_seeds",
        "test accuracy over five seeds: baseline 0.83, second 0.78, improved 0.99",
        "table-brain-stored-accuracies-for-2",
        ("0.83", "0.09", "0.78", "0.05", "0.99", "0.01"),
    ),
)
