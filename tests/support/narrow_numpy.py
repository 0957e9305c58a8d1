"""NumPy as in a browser, whose Python has 32 bits, for code that must not depend on them."""

import numpy as np


class NumPyOf32Bits:
    """NumPy whose arrays of whole numbers have 32 bits unless told otherwise: what is computed of them overflows."""

    def __getattr__(self, name):
        made = getattr(np, name)
        if name not in ("array", "arange"):
            return made

        def narrow(*arguments, dtype=None):
            array = made(*arguments, dtype=dtype)
            fits = array.dtype == np.int64 and dtype is None and np.abs(array).max(initial=0) < 2**31
            return array.astype(np.int32) if fits else array

        return narrow
