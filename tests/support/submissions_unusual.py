"""Right answers, written in ways that nobody who wrote the tests thought of: all of them deserve all points."""

from small_assignment import CORRELATE, NUMBERS, POSSIBLE, SOFTMAX, made

INNER = CORRELATE.replace("def correlate(", "def inner(")


def after(source):
    """A right `inner`, and after it an own way to make `correlate` of it."""
    return {"correlate": f"{INNER}\n{source}"}


def answers(source):
    """A softmax that returns what `source` makes of the right result `P`."""
    return {"softmax": f"{SOFTMAX.replace('return E / E', 'P = E / E')}\n    return {source}"}


_WAYS = {
    "float32": answers("P.astype(np.float32)"),
    "computed in float32": {"softmax": SOFTMAX.replace("Z - Z.max", "np.float32(Z) - np.float32(Z).max")},
    "long doubles": answers("P.astype(np.longdouble)"),
    "big-endian numbers": answers("P.astype('>f8')"),
    "lists of lists": answers("P.tolist()"),
    "a tuple of arrays": answers("tuple(P)"),
    "a list of lists of numbers of NumPy": answers("[[x for x in row] for row in P]"),
    "columns first": answers("np.asfortranarray(P)"),
    "a view turned twice": answers("P[::-1, ::-1][::-1, ::-1]"),
    "read only": answers("(P.setflags(write=False), P)[1]"),
    "a matrix": answers("np.matrix(P)"),
    "a lambda": {"softmax": "softmax = lambda Z: (E := np.exp(Z - Z.max(1)[:, None])) / E.sum(1)[:, None]"},
    "row by row": {
        "softmax": "def row(z):\n    e = np.exp(z - z.max())\n    return e / e.sum()\n"
        "def softmax(Z):\n    return np.apply_along_axis(row, 1, Z)"
    },
    "with lists and math": {
        "softmax": "import math\ndef softmax(Z):\n    rows = []\n    for z in Z.tolist():\n        m = max(z)\n"
        "        e = [math.exp(x - m) for x in z]\n        rows.append([x / math.fsum(e) for x in e])\n    return rows"
    },
    "a module of numpy imported by the function": {
        "softmax": SOFTMAX.replace("    E =", "    import numpy as np\n    E =")
    },
    "everything imported": {"softmax": f"from numpy import *\n{SOFTMAX}"},
    "hints and a docstring": {
        "softmax": SOFTMAX.replace(
            "(Z):", "(Z: 'np.ndarray') -> \"np.ndarray\":\n    '''No np.convolve, no scipy here.'''"
        )
    },
    "a result allocated before": {
        "softmax": "def softmax(Z, out=None):\n    out = np.empty_like(Z) if out is None else out\n"
        "    np.subtract(Z, Z.max(1, keepdims=True), out=out)\n    np.exp(out, out=out)\n"
        "    return np.divide(out, out.sum(1, keepdims=True), out=out)"
    },
    "a helper named convolve": after("def convolve(*a, **k): return inner(*a, **k)\ncorrelate = convolve"),
    "variables named as what is forbidden": after("scipy = fft = as_strided = 3\ncorrelate = inner"),
    "an attribute named as what is forbidden": after(
        "class Tools:\n    convolve = staticmethod(inner)\ncorrelate = Tools().convolve"
    ),
    "a partial": after("import functools\ncorrelate = functools.partial(inner, stride=1)"),
    "a decorator": after(
        "import functools\ndef noted(f):\n    @functools.wraps(f)\n    def g(*a, **k):\n        print(a)\n"
        "        return f(*a, **k)\n    return g\ncorrelate = noted(inner)"
    ),
    "a bound method": after("class A:\n    def run(self, *a, **k): return inner(*a, **k)\ncorrelate = A().run"),
    "a classmethod": after(
        "class A:\n    @classmethod\n    def run(cls, *a, **k): return inner(*a, **k)\ncorrelate = A.run"
    ),
    "a data class": after(
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass A:\n    n: int = 1\n"
        "    def __call__(self, *a, **k): return inner(*a, **k)\ncorrelate = A()"
    ),
    "recursion": {
        "correlate": "def correlate(signal, kernel, stride=1):\n    if len(signal) < len(kernel):\n        return []\n"
        "    first = sum(a * b for a, b in zip(signal, kernel))\n"
        "    return [first, *correlate(signal[stride:], kernel, stride)]"
    },
    "a map": after("def correlate(signal, kernel, stride=1):\n    return map(float, inner(signal, kernel, stride))"),
    "a generator function": after("def correlate(*a, **k):\n    yield from inner(*a, **k)"),
    "an iterator made an array": after(
        "def correlate(signal, kernel, stride=1):\n    return np.fromiter(inner(signal, kernel, stride), float)"
    ),
    "a deque": after(
        "import collections\ndef correlate(*a, **k): return collections.deque(inner(*a, **k), maxlen=10**6)"
    ),
    "an array of the array module": after(
        "import array\ndef correlate(*a, **k): return array.array('d', inner(*a, **k))"
    ),
    "a view of memory": after("def correlate(*a, **k): return memoryview(inner(*a, **k))"),
    "a pool of processes": after(
        "import multiprocessing as mp\ndef correlate(*a, **k):\n"
        "    with mp.get_context('fork').Pool(1) as pool: return pool.apply(inner, a, k)"
    ),
    "its own kind of array": answers("P.view(type('Own', (np.ndarray,), {}))"),
    "an array without a mask": answers("np.ma.array(P)"),
    "a function of many kinds": after("import functools\ncorrelate = functools.singledispatch(inner)"),
    "its own kinds of numbers and text": {
        "numbers": "class I(int): pass\nclass S(str): pass\nn_parameters, rule = I(448), S('b')"
    },
    "a number with a name": {
        "numbers": "import enum\nclass N(enum.IntEnum):\n    A = 448\nn_parameters, rule = N.A, 'b'"
    },
    "half of a pair of characters": {"extra": ("x = '\ud800'", "# \udfff"), "essay": "a\ud800b"},
    "deleted and defined again": {"extra": ("del softmax", SOFTMAX)},
    "no line of code": {"extra": ("# nothing", "   \n\n", "'text'", "...", "pass;", "x = 1 \\", "# end \\")},
    "vectorised": after("first = np.vectorize(lambda a: a)\ndef correlate(*a, **k):\n    return first(inner(*a, **k))"),
    "vectorised with a signature": after(
        "total = np.vectorize(np.sum, signature='(n)->()')\ndef correlate(signal, kernel, stride=1):\n"
        "    return total([signal[i:i + len(kernel)] * kernel\n"
        "                  for i in range(0, len(signal) - len(kernel) + 1, stride)])"
    ),
    "indices, and einsum": {
        "correlate": "def correlate(signal, kernel, stride=1):\n"
        "    at = np.arange(0, len(signal) - len(kernel) + 1, stride)[:, None] + np.arange(len(kernel))\n"
        "    return np.einsum('ij,j->i', signal[at], kernel)"
    },
    "shifted sums": {
        "correlate": "def correlate(signal, kernel, stride=1):\n    n = len(signal) - len(kernel) + 1\n"
        "    return sum(w * signal[j:j + n] for j, w in enumerate(kernel))[::stride]"
    },
    "padded and cut again": {
        "correlate": CORRELATE.replace("    places", "    signal = np.pad(signal, 3)[3:-3]\n    places")
    },
    "positional only and keywords": after(
        "def correlate(signal, kernel, /, stride=1, *, check=True):\n    return inner(signal, kernel, stride)"
    ),
    "a match statement": after(
        "def correlate(signal, kernel, stride=1):\n    match stride:\n        case 1: return inner(signal, kernel)\n"
        "        case int(n): return inner(signal, kernel, n)"
    ),
    "an exception caught": after(
        "def correlate(signal, kernel, stride=1):\n    try: return np.convolve(signal, kernel)\n"
        "    except Exception: return inner(signal, kernel, stride)"
    ),
    "a coroutine inside": after(
        "import asyncio\ndef correlate(*a, **k):\n    async def wait():\n        await asyncio.sleep(0)\n"
        "        return inner(*a, **k)\n    return asyncio.run(wait())"
    ),
    "threads": after(
        "from concurrent.futures import ThreadPoolExecutor\ndef correlate(*a, **k):\n"
        "    with ThreadPoolExecutor(2) as pool: return pool.submit(inner, *a, **k).result()"
    ),
    "a cache": after(
        "cache = {}\ndef correlate(signal, kernel, stride=1):\n    key = (signal.tobytes(), kernel.tobytes(), stride)\n"
        "    if key not in cache: cache[key] = inner(signal, kernel, stride)\n    return cache[key]"
    ),
    "much printed and a bar": after(
        "print('x' * 10**6, end='')\ncorrelate = inner\nimport sys; print(1, file=sys.stderr)"
    ),
    "defined again later": {"correlate": "def correlate(*a, **k): return 0", "extra": (CORRELATE,)},
    "defined in a branch": after("if True:\n    correlate: object = inner"),
    "defined by a loop": after("for correlate in (None, inner): pass"),
    "defined by unpacking": after("correlate, *rest = [inner, 1]"),
    "defined by text": {"correlate": f"exec({CORRELATE!r})"},
    "defined among globals": after("globals()['correlate'] = inner"),
    "another alphabet, tabs and carriage returns": {
        "correlate": f"größe, 信号 = 1, 2\r\n{CORRELATE}".replace("    ", "\t")
        .replace("\n", "\r\n")
        .replace("\r\r", "\r")
    },
    "files written and read": after(
        "import json, pathlib\npathlib.Path('a.json').write_text(json.dumps([1]))\n"
        "assert json.loads(pathlib.Path('a.json').read_text()) == [1]\ncorrelate = inner"
    ),
    "its own tests": after(
        "import doctest, unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(1, 1)\n"
        "unittest.main(argv=[''], exit=False)\ndoctest.testmod()\ncorrelate = inner"
    ),
    "numbers computed": {"numbers": "n_parameters = sum([3 * 3 * 3 * 16, 16])\nrule: str = chr(98)"},
    "numbers unpacked": {"numbers": "n_parameters, rule = 448, 'b'"},
    "numbers of NumPy made whole": {
        "numbers": "n_parameters = int(np.prod([3, 3, 3, 16]) + 16)\nrule = str(np.str_('b'))"
    },
    "a number of NumPy": {"numbers": "n_parameters = np.prod([3, 3, 3, 16]) + 16\nrule = np.str_('b')"},
    "numbers step by step": {"numbers": "n_parameters = 0\nfor n in (432, 16): n_parameters += n\nrule = 'ab'[1:]"},
    "a guard of modules": {"numbers": f"if __name__ == '__main__':\n    {NUMBERS.replace(chr(10), chr(10) + '    ')}"},
}
_STATE = {  # what a cell does to its own process: what was defined before it still counts
    "the folder gone": "import os\nos.makedirs('d'); os.chdir('d'); os.rmdir('../d')",
    "no environment": "import os\nos.environ.clear()",
    "no path": "import sys\nsys.path.clear(); sys.meta_path.clear()",
    "an alarm": "import signal\nsignal.alarm(1)",
    "an alarm that raises, again and again": "import signal\n"
    "signal.signal(signal.SIGALRM, lambda *a: 1 / 0)\nsignal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)",
    "a thread that never ends": "import threading, time\n"
    "threading.Thread(target=lambda: [time.sleep(0.01) for _ in iter(int, 1)]).start()",
    "warnings are errors": "import warnings\nwarnings.simplefilter('error')",
    "streams closed": "import sys\nsys.stdout.close(); sys.stderr.close(); sys.stdin.close()",
    "streams that are none": "import sys\nsys.stdout = sys.stderr = object()",
    "decimals of one digit": "import decimal\ndecimal.getcontext().prec = 1\n"
    "decimal.getcontext().traps[decimal.Inexact] = True",
    "integers of few digits": "import sys\nsys.set_int_max_str_digits(640)",
    "the course replaced": "import coursekit, sys\ncoursekit.assignments = None\nsys.modules['coursekit'] = None",
    "modules replaced": "import inspect, json, os, struct, time\njson.dumps = json.loads = struct.pack = None\n"
    "struct.Struct = inspect.signature = os.getpid = None\ntime.time = time.monotonic = lambda: 0",
    "no garbage collected": "import gc\ngc.disable(); gc.set_debug(gc.DEBUG_LEAK)",
    "nobody may read": "import os\nos.umask(0o777)\nopen('x', 'w').close()",
    "a small stack": "import resource\nresource.setrlimit(resource.RLIMIT_STACK, (65536, 65536))",
    "something at the end": "import atexit, os\natexit.register(lambda: os._exit(3))",
    "a pool of processes": "import multiprocessing\ndef square(x): return x * x\n"
    "with multiprocessing.Pool(2) as pool: assert pool.map(square, [1, 2]) == [1, 4]",
    "an event loop": "import asyncio\nasyncio.set_event_loop(asyncio.new_event_loop())\nawait asyncio.sleep(0)",
    "a task": "import asyncio\nasync def f(): return 3\nassert await asyncio.create_task(f()) == 3",
    "asynchronous loops": "import contextlib\n@contextlib.asynccontextmanager\nasync def c():\n    yield 1\n"
    "async with c() as x: pass\nasync def g():\n    yield 2\nassert [z async for z in g()] == [2] and x == 1",
    "everything of two modules": "from math import *\nfrom random import *",
    "names of ours": "softmax_, cells, wire, worker, stored, np_ = 1, 2, 3, 4, 5, 6\n_grader_wire = In = Out = None",
    "Greek": "π = 3.14\nΔx = π\nassert Δx == 3.14",
}
UNUSUAL = {f"unusual: {name}": made(POSSIBLE, **parts) for name, parts in _WAYS.items()}
UNUSUAL |= {f"unusual state: {name}": made(POSSIBLE, extra=(source,)) for name, source in _STATE.items()}
