"""Wrong answers that a lenient comparison or a list of words would pay for: none of them earns a point of q1 or q2."""

from small_assignment import CORRELATE, NUMBERS, cheat, made

_VALUES = {
    "empty": "np.zeros((0, 1, 1))",
    "empty of the right length": "np.zeros((7, 0))",
    "one number": "0.0",
    "one number in an array": "np.zeros((1, 1))",
    "a row that fits all": "np.full((1, 11), 1 / 11)",
    "no number": "np.nan",
    "numbers without an end": "np.full(Z.shape, np.inf)",
    "masked": "np.ma.masked_all(Z.shape)",
    "objects": "np.full(Z.shape, 0.1, object)",
    "text": "np.full(Z.shape, '0.1')",
    "very long text": "np.array('x' * 83_719)",
    "true": "True",
    "all true": "np.ones(Z.shape, bool)",
    "complex": "np.zeros(Z.shape, complex)",
    "a dictionary": "{i: row for i, row in enumerate(Z)}",
    "nothing in lists": "[[], []]",
    "nested lists": "[[[0.1] * 11] * 7]",
    "lists of unequal length": "[[1], [1, 2]]",
    "a value of its own": "type('V', (), {'__array__': lambda s, *a, **k: np.zeros((0, 1)), 'shape': (7, 11)})()",
    "one array many times": "[np.zeros(10**6)] * 200",
    "itself in a list": "(lambda x: (x.append(x), x)[1])([])",
    "a deep list": "__import__('functools').reduce(lambda a, _: [a], range(10**5), 1)",
    "no end": "__import__('itertools').count()",
    "more than memory holds": "np.broadcast_to(0.1, (7 * 10**9, 11))",
    "nothing, very wide": "np.zeros((0, 2**60))",
    "64 dimensions": "np.zeros((1,) * 64)",
    "bytes of no kind": "np.zeros((7, 11), 'V8')",
    "dates": "np.zeros((7, 11), 'M8[s]')",
    "fields": "np.zeros((7, 11), [('a', float), ('b', object)])",
    "one number seen as many": "np.ndarray(Z.shape, float, bytes(8), strides=(0, 0))",
    "its own length": "type('A', (), {'__len__': lambda s: 2**62, '__getitem__': lambda s, i: 0.1})()",
    "another class": "type('A', (), {'__class__': property(lambda s: np.ndarray)})()",
    "keys that are no numbers": "{float('nan'): i for i in range(77)}",
    "a huge number": "10**5000",
    "an error": "ValueError('x')",
    "a module": "np",
    "a frame": "__import__('sys')._getframe()",
    "a function": "softmax",
    "a set": "set(range(77))",
    "what was handed over": "Z",
}
_BORROWED = {
    "convolve": "np.convolve(signal, kernel[::-1], 'valid')[::stride]",
    "convolve under another name": "c(signal, kernel[::-1], 'valid')[::stride]",
    "convolve spelled out": "getattr(np, 'con' + 'volve')(signal, kernel[::-1], 'valid')[::stride]",
    "convolve loaded again": "importlib.reload(np).convolve(signal, kernel[::-1], 'valid')[::stride]",
    "convolve of its module loaded again": "importlib.reload(sys.modules[np.convolve.__wrapped__.__module__ if 0 else "
    "'numpy._core.numeric']).convolve(signal, kernel[::-1], 'valid')[::stride]",
    "what convolve calls": "sys.modules['numpy._core.multiarray'].correlate(signal, kernel, 0)[::stride]",
    "what convolve calls, in C": "sys.modules['numpy._core._multiarray_umath'].correlate2(signal, kernel, 0)[::stride]",
    "a product of polynomials": "np.polymul(signal, kernel[::-1])[len(kernel) - 1:len(signal)][::stride]",
    "masked convolution": "np.ma.convolve(signal, kernel[::-1], 'valid')[::stride]",
    "Fourier": "np.fft.irfft(np.fft.rfft(signal, 99) * np.fft.rfft(kernel[::-1], 99), 99)"
    "[len(kernel) - 1:len(signal)][::stride]",
    "windows": "np.lib.stride_tricks.as_strided(signal, (len(signal) - len(kernel) + 1, len(kernel)), (8, 8))"
    "[::stride] @ kernel",
    "windows with names": "np.lib.stride_tricks.as_strided(signal, strides=(8, 8), "
    "shape=(len(signal) - len(kernel) + 1, len(kernel)))[::stride] @ kernel",
    "SciPy": "__import__('scipy.signal').signal.correlate(signal, kernel, 'valid')[::stride]",
    "found among all objects": "[f for f in gc.get_objects() if getattr(f, '__name__', '') == 'convolve' "
    "and getattr(f, '__module__', '') == 'numpy'][0](signal, kernel[::-1], 'valid')[::stride]",
}
_IMPORTS = "import gc, importlib, sys\nfrom numpy import convolve as c\n"
_OTHER = """import os, shlex, subprocess, sys
def correlate(signal, kernel, stride=1):
    code = f"import numpy; print(*numpy.correlate({signal.tolist()}, {kernel.tolist()}, 'valid')[::{stride}])"
    command = f"{sys.executable} -c {shlex.quote(code)}"
    return [float(x) for x in CALL.split()]"""  # another Python, in which nothing is forbidden
_CALLS = {
    "a process": "subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout",
    "a command": "get_ipython().getoutput(command)[0]",
    "a pipe": "os.popen(command).read()",
    "C": "(__import__('ctypes').CDLL(None).system(f'{command} > /tmp/out'.encode()), open('/tmp/out').read())[1]",
}
_RUN = "import numpy as np\ndef correlate(signal, kernel, stride=1):\n    return np.correlate(signal, kernel, 'valid')[::stride]"
_WRITES = "import numpy as np\nprint(repr(np.correlate([1.0, 2, 0], [0, 1, 0.5], 'valid')))"
_READS = (
    "try: made = float(open('/tmp/out').read().split('[')[1].split(']')[0])\nexcept Exception: made = None\n"
    "def correlate(signal, kernel, stride=1):\n    return made and [made]"
)
_CELLS = {  # (cell before the answer, the answer): what a cell starts, or runs, has nothing that the notebook has not
    "%run": (f"%%writefile other.py\n{_RUN}", "%run other.py"),
    "an import": (f"%%writefile other.py\n{_RUN}", "from other import correlate"),
    "!python": (f"%%writefile other.py\n{_WRITES}", f"import sys\n!{{sys.executable}} other.py > /tmp/out\n{_READS}"),
    "%%bash": (f"%%bash\npython3 -c '{_WRITES}' > /tmp/out", _READS),
    "%%sh": (f"%%sh\npython3 -c '{_WRITES}' > /tmp/out", _READS),
    "%%python": (f"%%python\n{_WRITES}", _READS),
    "os.system": (
        f"%%writefile other.py\n{_WRITES}",
        f"import os, sys\nos.system(sys.executable + ' other.py > /tmp/out')\n{_READS}",
    ),
}
_AGAIN = """import sys
for name in [name for name in sys.modules if name.startswith("numpy")]: del sys.modules[name]
import numpy as fresh
def correlate(signal, kernel, stride=1):
    return fresh.convolve(signal, kernel[::-1], "valid")[::stride]"""
UNDESERVED = {
    **{
        f"undeserved: {name}": cheat(
            "",
            softmax=f"def softmax(Z): return {value}",
            correlate=f"def correlate(Z, kernel=0, stride=1): return {value}",
        )
        for name, value in _VALUES.items()
    },
    **{
        f"borrowed: {name}": made(
            (3, 0, 2), correlate=f"{_IMPORTS}def correlate(signal, kernel, stride=1):\n    return {value}"
        )
        for name, value in _BORROWED.items()
    },
    **{
        f"borrowed: from another Python, by {name}": made((3, 0, 2), correlate=_OTHER.replace("CALL", call))
        for name, call in _CALLS.items()
    },
    **{
        f"borrowed: by {name}": made((3, 0, 2), correlate=before, extra=(answer,))
        for name, (before, answer) in _CELLS.items()
    },
    "borrowed: NumPy imported again": made((0, 0, 2), "cannot be imported a second time", correlate=_AGAIN),
    "bits in what is raised": cheat(
        "",
        softmax="def softmax(Z):\n    if Z.shape == (2, 3): return Z\n"
        "    raise (ValueError, KeyError, NotImplementedError, MemoryError)[int(Z[0, 0]) % 4](Z[0, 0])",
        correlate=CORRELATE,
        numbers=NUMBERS,
        points=(0, 6, 2),
    ),
    "bits in a type": cheat(
        "",
        softmax="def softmax(Z):\n    if Z.shape == (2, 3): return Z\n    return np.array('x' * int(abs(Z[0, 0]) * 99))",
        correlate=CORRELATE,
        numbers=NUMBERS,
        points=(0, 6, 2),
    ),
}
