"""What the tests of counting share."""


def value_of(formula):
    """Return the left side of a formula such as "(5·5·1 + 1)·32 = 832", worked out."""
    return eval(formula.split(" = ")[0].replace("·", "*"))
