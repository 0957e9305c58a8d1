"""Answers to the exercises of lecture 10, How the fakes were made."""

import numpy as np

from answers import Answers


def stub(*arguments):
    raise NotImplementedError


def stamps(x, w, stride):
    out = np.zeros((len(x) - 1) * stride + len(w))
    for i, value in enumerate(x):
        out[i * stride : i * stride + len(w)] += value * w
    return out


def overwritten(x, w, stride):
    out = np.zeros((len(x) - 1) * stride + len(w))
    for i, value in enumerate(x):
        out[i * stride : i * stride + len(w)] = value * w
    return out


def stamps_by_spreading(x, w, stride):
    spread = np.zeros(len(x) * stride)
    spread[::stride] = x
    return np.convolve(spread, w)


def stamps_of_whole_numbers(x, w, stride):
    out = np.zeros((len(x) - 1) * stride + len(w), dtype=int)
    for place, value in np.ndenumerate(np.outer(x, w)):
        out[place[0] * stride + place[1]] += value
    return out


def stamps_in_place(x, w, stride):
    out = stamps(x, w, stride)
    x *= 2
    return out


def without_return(*arguments):
    stamps(*arguments)


def counts(kernel, stride):
    return [len(range(phase, kernel, stride)) for phase in range(stride)]


def unevenness(kernel, stride):
    pattern = counts(kernel, stride)
    return (max(pattern) - min(pattern)) / (kernel / stride)


def border_too(kernel, stride):
    whole = stamps(np.ones(4 * kernel), np.ones(kernel), stride)
    return (whole.max() - whole.min()) / whole.mean()


def losses(real, fake):
    return np.log(1 + np.exp(-real)).mean() + np.log(1 + np.exp(fake)).mean(), np.log(1 + np.exp(-fake)).mean()


def losses_of_probabilities(real, fake):
    with np.errstate(all="ignore"):
        return -np.mean(np.log(real)) - np.mean(np.log(1 - fake)), -np.mean(np.log(fake))


def losses_of_mean_probabilities(real, fake):
    on_real, on_fake = np.mean(1 / (1 + np.exp(-real))), np.mean(1 / (1 + np.exp(-fake)))
    return -np.log(on_real * (1 - on_fake)), -np.log(on_fake)


def losses_in_place(real, fake):
    result = losses(real, fake)
    fake *= -1
    return result


BANK = {
    "10.size": Answers(
        solution=23,
        stub=...,
        wrong=(
            (21, "only the six others add a stride"),
            (11, "the stride is ignored"),
            (33, "have changed places"),
            (35, "as if the stamps lay beside each other"),
            (26, "six steps between seven pixels"),
            (1, "the size of a convolution"),
            (18, "the last stamp begins at 18"),
            (22, "22 is not it"),
            (0, "0 is not it"),
            ("23", "expected a number, received '23'"),
            ([23], "expected a number, received [23]"),
            (7.5, "7.5 is not it"),
        ),
    ),
    "10.stamps": Answers(
        solution=stamps,
        stub=stub,
        wrong=(
            (lambda x, w, s: stamps(x, w, 1), "the stride is ignored"),
            (lambda x, w, s: stamps(x, w[::-1], s), "turned round"),
            (overwritten, "+= in place of ="),
            (lambda x, w, s: stamps(x, w, s)[: len(x) * s], "(n - 1) * stride + k"),
            (stamps_by_spreading, "nothing comes after the last stamp"),
            (stamps_of_whole_numbers, "cuts fractions off"),
            (lambda x, w, s: np.convolve(x, w, "valid"), "received one of shape"),
            (lambda x, w, s: stamps(x, w, s) * 0, "received [0. 0. 0. 0. 0.]"),
            (lambda x, w, s: stamps(x, w, s)[None], "received one of shape (1, 5)"),
            (lambda x, w, s: stamps(x, w, 2), "received one of shape"),
            (lambda x, w, s: stamps(w, x, s), "received one of shape"),
            (lambda x, w, s: w[5], "your function raised IndexError"),
            (stamps_in_place, "changed its argument"),
            (without_return, "is a return missing?"),
        ),
    ),
    "10.unevenness": Answers(
        solution=unevenness,
        stub=stub,
        wrong=(
            (lambda k, s: float(max(counts(k, s)) - min(counts(k, s))), "which is k / s"),
            (border_too, "far from it"),
            (lambda k, s: (max(counts(k, s)) - min(counts(k, s))) / max(counts(k, s)), "not by the largest count"),
            (lambda k, s: 1 / (k / s), "all counts are equal"),
            (lambda k, s: (max(counts(k, s)) - min(counts(k, s))) / (k // s), "k // s is the smallest count"),
            (lambda k, s: unevenness(k, s) / 2, "not half of it"),
            (lambda k, s: 2 * (-(-k // s) - k // s) / (-(-k // s) + k // s), "that of all outputs"),
            (lambda k, s: (k % s) / (k / s), "by 1 at most"),
            (lambda k, s: 0.0, "received 0.0"),
            (lambda k, s: k % s / s, "received"),
            (lambda k, s: max(counts(k, s)) / min(counts(k, s)), "received"),
            (lambda k, s: counts(k, s), "received"),
            (lambda k, s: unevenness(3, 2), "received"),
            (lambda k, s: None, "is a return missing?"),
            (lambda k, s: k / 0, "your function raised ZeroDivisionError"),
        ),
    ),
    "10.losses": Answers(
        solution=losses,
        stub=stub,
        wrong=(
            (lambda r, f: losses(r, f)[::-1], "in the other order"),
            (lambda r, f: (losses(r, f)[0], np.log(1 / (1 + np.exp(f))).mean()), "the zero-sum loss"),
            (lambda r, f: losses(f, r), "real and fake are exchanged"),
            (
                lambda r, f: (np.log(1 + np.exp(-r)).sum() + np.log(1 + np.exp(f)).sum(), np.log(1 + np.exp(-f)).sum()),
                "a mean over its pictures",
            ),
            (lambda r, f: losses(r, f)[0], "expected ("),
            (lambda r, f: (0.0, 0.0), "expected ("),
            (losses_of_probabilities, "no probabilities yet"),
            (lambda r, f: (losses(r, f)[0] / 2, losses(r, f)[1]), "not averaged"),
            (lambda r, f: (-losses(r, f)[0], -losses(r, f)[1]), "minus the mean logarithm"),
            (lambda r, f: tuple(np.divide(losses(r, f), np.log(2))), "the natural one"),
            (lambda r, f: (losses(r, -f)[0], losses(r, f)[1]), "a fake has the label 0"),
            (lambda r, f: (losses(r, f)[0], np.log(1 + np.exp(f)).mean()), "a fake has the label 1"),
            (lambda r, f: losses(r, r), "expected ("),
            (lambda r, f: (losses(r, f)[0] + np.mean(r) / 10, losses(r, f)[1]), "not 0.9"),
            (losses_of_mean_probabilities, "then the mean"),
            (losses_in_place, "changed its argument"),
            (lambda r, f: None, "is a return missing?"),
        ),
    ),
}
