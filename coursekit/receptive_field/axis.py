"""The receptive field along one axis: which interval of input pixels each output can see.

Output i sees the pixels from `at(i)[0]` to `at(i)[1]`. Between layers that shrink and layers that enlarge the
intervals need not all be alike, but they repeat: Q outputs further on, everything is P pixels further on. So
an `Axis` keeps the Q intervals of one period and P; the stride of the field is P/Q.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf, lcm


@dataclass(frozen=True)
class Axis:
    """`lows[q]` and `highs[q]` for the outputs q = 0 … Q - 1, and `shift` P.

    Where an output sees nothing they are inf and -inf. `shift=0` says that all outputs see the same.
    """

    lows: tuple
    highs: tuple
    shift: int

    @property
    def stride(self):
        """How many pixels the field moves from one output to the next: a Fraction, below 1 when enlarged."""
        return Fraction(self.shift, len(self.lows))

    @property
    def size(self):
        """How many pixels an output sees; the largest number where outputs differ."""
        widest = max(high - low + 1 for low, high in zip(self.lows, self.highs))
        return max(widest, 0)

    def at(self, i):
        """Return (low, high) of output i, which may lie outside the picture, in the padding.

        >>> Axis(lows=(-1,), highs=(1,), shift=2).at(3)
        (5, 7)
        """
        period, rest = divmod(i, len(self.lows))
        return self.lows[rest] + period * self.shift, self.highs[rest] + period * self.shift

    def through(self, look):
        """Return the field of outputs that look at this one through `look` (see `reach.Look`).

        >>> from coursekit.receptive_field.reach import Look
        >>> Axis((0,), (2,), 2).through(Look(lambda i: [i - 1, i, i + 1]))  # a 3-window, padded by one
        Axis(lows=(-2,), highs=(4,), shift=2)
        """
        periods = len(self.lows) // gcd(len(self.lows), look.shift)
        outputs = look.period * periods
        seen = [[self.at(pixel) for pixel in look.pixels(i)] for i in range(outputs)]
        return Axis(
            tuple(min((low for low, _ in intervals), default=inf) for intervals in seen),
            tuple(max((high for _, high in intervals), default=-inf) for intervals in seen),
            self.shift * look.shift * periods // len(self.lows),
        )

    def whole(self, outputs, pixels):
        """Return the field of what sees all of the `outputs`, inside a picture of `pixels`.

        >>> Axis(lows=(-1,), highs=(1,), shift=2).whole(outputs=3, pixels=6)
        Axis(lows=(0,), highs=(5,), shift=0)
        """
        ends = [self.at(i) for i in range(outputs)]
        low = max(min(low for low, _ in ends), 0)
        high = min(max(high for _, high in ends), pixels - 1)
        return Axis((low,), (high,), 0)

    def united(self, other):
        """Return the field of the sum of two branches; their strides must be equal.

        >>> Axis((0,), (2,), 1).united(Axis((1,), (5,), 1))
        Axis(lows=(0,), highs=(5,), shift=1)
        """
        period = lcm(len(self.lows), len(other.lows))
        pairs = [(self.at(i), other.at(i)) for i in range(period)]
        return Axis(
            tuple(min(one[0], two[0]) for one, two in pairs),
            tuple(max(one[1], two[1]) for one, two in pairs),
            self.shift * period // len(self.lows),
        )
