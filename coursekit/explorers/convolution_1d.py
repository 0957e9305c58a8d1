"""Explorer 1: a kernel slides along a signal, and each place is one row of a matrix."""

import numpy as np
import traitlets

from coursekit import convolution, filters, shapes
from coursekit.explorers.base import Array, Predicting, module

# Every kernel as `convolution.correlate1d` reads it; "rise" is the one of lecture 02.
KERNELS = {
    "rise": [-2, -1, 3],
    "mean of 3": [1 / 3, 1 / 3, 1 / 3],
    "gaussian": filters.gaussian_1d(7, sigma=1).tolist(),
    "difference": [-1, 1],
    "slope": [-0.5, 0, 0.5],
    "second difference": [1, -2, 1],
    "one sample later": [1, 0, 0],
    "two samples earlier": [0, 0, 0, 0, 1],
    "fading glow": [4, 2, 1],
    "identity": [1],
}


def _signals():
    """Return the named signals, at most 24 numbers each; noise is seeded, the trace simulated."""
    rng = np.random.default_rng(2)
    pulse = np.repeat([0, 4, 0], [8, 5, 11])
    spikes = np.zeros(24)
    spikes[[4, 14]] = 1, 2
    glow = 20 * np.exp(-np.arange(12) / 4)  # percent; a spike adds 20% at once, and that fades
    trace = convolution.convolve1d(spikes, glow, padding="full")[:24]
    return {
        "lecture 02": [1, 1, 5, 3, 2, 2, 2, 6, 6, 6, 2, 2],
        "one spike": [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
        "pulse": np.repeat([0, 4, 0], [4, 4, 4]).tolist(),
        "step": np.repeat([1, 5], [6, 6]).tolist(),
        "noisy pulse": (pulse + rng.normal(0, 0.8, 24)).round(1).tolist(),
        "calcium trace (simulated)": (trace + rng.normal(0, 3, 24)).round(1).tolist(),
    }


SIGNALS = _signals()


class Convolution1D(Predicting):
    """A window moves along a signal: its products with the kernel, their sum, and the matrix of them all.

    `signal` is a name in `SIGNALS` or 1 to 24 numbers, `kernel` a name in `KERNELS` or 1 to 7 weights.
    `position` says which output is looked at, from 0 on. `padding` ("valid", "same", "full") and `stride`
    (1 to 4) are those of `convolution.correlate1d`; with `flip` the kernel is turned around first, as in
    `convolution.convolve1d`.

    >>> explorer = Convolution1D(signal=[1, 1, 5, 3, 2], kernel=[-2, -1, 3])
    >>> explorer.output, explorer.total
    (array([12.,  2., -7.], dtype=float32), 12.0)
    >>> explorer.matrix[1]  # the row that makes output 1
    array([ 0., -2., -1.,  3.,  0.], dtype=float32)
    """

    _esm = module("convolution_1d.js")
    title = "Convolution of a signal"
    usual_task = "Move the window and say what the next sum will be; then change a weight or a sample."
    signal = Array([0], ndim=1, largest=24)
    kernel = Array([0], ndim=1, largest=7)
    position = traitlets.Int(0, min=0).tag(sync=True)
    padding = traitlets.Enum(("valid", "same", "full"), "valid").tag(sync=True)
    stride = traitlets.Int(1, min=1, max=4).tag(sync=True)
    flip = traitlets.Bool(False).tag(sync=True)
    _own_signals = traitlets.Dict().tag(sync=True)
    _own_kernels = traitlets.Dict().tag(sync=True)

    def __init__(self, signal="lecture 02", kernel="rise", **state):
        signal, kernel = _named("signal", signal, SIGNALS), _named("kernel", kernel, KERNELS)
        super().__init__(signal=signal, kernel=kernel, **state)
        self._own_signals, self._own_kernels = SIGNALS, KERNELS

    @property
    def output(self):
        """All sums, (outputs,) float32. Raises ValueError where the kernel does not fit."""
        apply = convolution.convolve1d if self.flip else convolution.correlate1d
        return apply(self.signal, self.kernel, self.padding, stride=self.stride)

    @property
    def matrix(self):
        """The matrix (outputs, samples) whose product with the signal is the output."""
        return convolution.toeplitz_matrix(self.weights, len(self.signal), self._padded(), stride=self.stride)

    @property
    def weights(self):
        """The kernel as it lies on the signal: turned around where it is flipped."""
        return self.kernel[::-1] if self.flip else self.kernel

    @property
    def window(self):
        """The samples under the kernel, of the kernel's length; padded ones are 0."""
        before, after = self._padded()
        start = min(self.position, len(self.output) - 1) * self.stride
        return np.pad(self.signal, (before, after))[start : start + len(self.kernel)]

    @property
    def products(self):
        """Each sample of the window times its weight."""
        return self.window * self.weights

    @property
    def total(self):
        """The sum of the products: the output at `position`, or the last one where there are fewer."""
        return float(self.products.sum())

    def _padded(self):
        """Return (before, after), the zeros at the ends; a flipped even kernel has its extra one before."""
        amounts = shapes.padding_amounts(len(self.signal), len(self.kernel), self.stride, self.padding)
        return amounts[::-1] if self.flip else amounts


def _named(argument, value, known):
    if isinstance(value, str):
        if value not in known:
            raise ValueError(f"{argument} must be one of {', '.join(known)}, or numbers. Received: {value!r}")
        return known[value]
    return value
