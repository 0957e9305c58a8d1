"""Answers to the exercises of lecture 11, Architectures."""

import numpy as np

from answers import Answers


def stub(*arguments):
    raise NotImplementedError


def relu(x):
    return x * (x > 0)


def block(x, first, second):
    return relu(relu(x.dot(first)).dot(second) + x)


def block_in_place(x, first, second):
    x += relu(x @ first) @ second
    return relu(x)


def group_norm(x, groups):
    out, step = np.empty_like(x), x.shape[-1] // groups
    for picture in range(len(x)):
        for start in range(0, x.shape[-1], step):
            part = x[picture, :, :, start : start + step]
            out[picture, :, :, start : start + step] = (part - part.mean()) / (part.var() + 1e-5) ** 0.5
    return out


def over(x, axes):
    return (x - x.mean(axes, keepdims=True)) / (x.std(axes, keepdims=True) ** 2 + 1e-5) ** 0.5


def every_other(x, groups):
    out = np.empty_like(x)
    for first in range(groups):
        out[..., first::groups] = over(x[..., first::groups], (1, 2, 3))
    return out


def by_variance(x, groups):
    out, step = np.empty_like(x), x.shape[-1] // groups
    for start in range(0, x.shape[-1], step):
        part = x[..., start : start + step]
        axes = {"axis": (1, 2, 3), "keepdims": True}
        out[..., start : start + step] = (part - part.mean(**axes)) / (part.var(**axes) + 1e-5)
    return out


def centred(x, groups):
    out, step = np.empty_like(x), x.shape[-1] // groups
    for start in range(0, x.shape[-1], step):
        part = x[..., start : start + step]
        out[..., start : start + step] = part - part.mean(axis=(1, 2, 3), keepdims=True)
    return out


def of_each_part(divisor, ddof=0):
    """Group normalisation that divides by what `divisor` makes of the variance."""

    def answer(x, groups):
        out = np.empty_like(x)
        for picture, whole in zip(out, x):
            for part, channels in zip(np.split(picture, groups, axis=-1), np.split(whole, groups, axis=-1)):
                part[:] = (channels - np.mean(channels)) / divisor(np.var(channels, ddof=ddof))
        return out

    return answer


def with_groups(x, groups, axes):
    return over(x.reshape(*x.shape[:3], groups, -1), axes).reshape(x.shape)


def norm_in_place(x, groups):
    x[:] = group_norm(x, groups)
    return x


def dice(found, truth):
    total = np.count_nonzero(found) + np.count_nonzero(truth)
    return 1.0 if total == 0 else 2 * np.count_nonzero(found * truth) / total


def dice_in_place(found, truth):
    result = dice(found, truth)
    found &= truth
    return result


def common(found, truth, bottom):
    """The common pixels over `bottom`, and 1 for two empty masks."""
    with np.errstate(invalid="ignore"):
        return (found & truth).sum() / bottom if (found | truth).any() else 1.0


def without_return(*arguments):
    pass


BANK = {
    "11.bottleneck": Answers(
        solution=256 * 64 + 64 * 64 * 3 * 3 + 64 * 256,
        stub=...,
        wrong=(
            (589_824, "a single 3 × 3"),
            (1_179_648, "these are two 3 × 3"),
            (36_864, "without their nine weights"),
            (53_248, "one of the two 1 × 1"),
            (70_016, "there are no biases"),
            (896, "each filter reads all channels"),
            (0, "0 is not it"),
            (69_631, "69631 is not it"),
            ("69,632", "expected a number"),
            ([69_632], "expected a number"),
        ),
    ),
    "11.residual_block": Answers(
        solution=block,
        stub=stub,
        wrong=(
            (lambda x, a, b: relu(relu(x @ a) @ b), "the skip is missing"),
            (lambda x, a, b: relu(relu(x @ a) @ b) + x, "comes after the sum"),
            (lambda x, a, b: relu(x @ a) @ b + x, "the ReLU after the sum is missing"),
            (lambda x, a, b: relu(x @ a @ b + x), "the ReLU between"),
            (lambda x, a, b: relu(x @ a) @ b + relu(x), "x is passed on as it is"),
            (lambda x, a, b: relu(relu(relu(x @ a) @ b) + x), "one too many"),
            (lambda x, a, b: relu(relu(x) @ a) @ b + x, "the order of section 3"),
            (lambda x, a, b: x + x @ (a @ b), "both ReLUs are missing"),
            (lambda x, a, b: np.zeros_like(x), "expected"),
            (lambda x, a, b: relu(x), "expected"),
            (lambda x, a, b: block(x, b.T, a.T), "expected"),
            (lambda x, a, b: block(x, a, b)[0], "received one of shape"),
            (block_in_place, "changed its argument"),
            (without_return, "is a return missing?"),
            (lambda x, a, b: x @ a.T[:1], "your function raised ValueError"),
        ),
    ),
    "11.group_norm": Answers(
        solution=group_norm,
        stub=stub,
        wrong=(
            (lambda x, g: over(x, (0, 1, 2)), "this is batch normalisation"),
            (lambda x, g: over(x, (1, 2, 3)), "this is layer normalisation"),
            (lambda x, g: over(x, (1, 2)), "this is instance normalisation"),
            (every_other, "are neighbours"),
            (by_variance, "the root of the variance"),
            (centred, "nothing is divided"),
            (of_each_part(np.sqrt), "the 1e-5 is missing"),
            (of_each_part(lambda v: np.sqrt(v) + 1e-5), "before the root is taken"),
            (of_each_part(lambda v: np.sqrt(v + 1e-5), ddof=1), "ddof=0"),
            (lambda x, g: with_groups(x, g, (1, 2, 3)), "not over the groups"),
            (lambda x, g: with_groups(x, g, (0, 1, 2, 4)), "each picture is taken by itself"),
            (of_each_part(lambda v: np.sqrt(v + 1e-3)), "Keras adds 1e-3"),
            (of_each_part(lambda v: np.sqrt(v + 1e-6)), "expected"),
            (lambda x, g: x, "expected"),
            (lambda x, g: np.zeros_like(x), "expected"),
            (lambda x, g: group_norm(x, 2), "expected"),
            (lambda x, g: group_norm(x, g)[:1], "received one of shape"),
            (norm_in_place, "changed its argument"),
            (without_return, "is a return missing?"),
        ),
    ),
    "11.dice": Answers(
        solution=dice,
        stub=stub,
        wrong=(
            (lambda f, t: common(f, t, (f | t).sum()), "intersection over union"),
            (lambda f, t: (f == t).mean(), "background counts nothing"),
            (lambda f, t: common(f, t, t.sum()), "not of the truth"),
            (lambda f, t: common(f, t, f.sum()), "not of the one found"),
            (lambda f, t: dice(f, t) / 2 if (f | t).any() else 1.0, "the 2 is missing"),
            (lambda f, t: dice(f, t) if (f | t).any() else 0.0, "two empty masks agree"),
            (lambda f, t: dice(f, t) if (f | t).any() else np.nan, "0/0 is not a number"),
            (lambda f, t: dice(f, t) if f.any() and t.any() else 1.0, "a single empty mask"),
            (lambda f, t: (2 * (f & t).sum() + 1) / (f.sum() + t.sum() + 1), "no smoothing term"),
            (lambda f, t: common(f, t, (f + t).sum()) * (2 if (f | t).any() else 1), "is their union"),
            (lambda f, t: 2 * (f & t).sum() / (f.sum() + t.sum()) if f.any() else 0 / 0, "ZeroDivisionError"),
            (lambda f, t: 0.0, "expected"),
            (lambda f, t: 1.0, "expected"),
            (lambda f, t: dice(~f, ~t), "expected"),
            (dice_in_place, "changed its argument"),
            (without_return, "is a return missing?"),
        ),
    ),
}
