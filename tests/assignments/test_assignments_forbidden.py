"""What an assignment does not allow is refused when it is called, whatever it is called; no word costs anything."""

import csv
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

import equipment
import masters
import project
from coursekit.assignments import forbidden
from coursekit.grading import build

NAMES = (
    "scipy",
    "numpy.convolve",
    "numpy.correlate",
    "numpy.fft",
    "numpy.lib.stride_tricks.as_strided",
    "numpy.lib.stride_tricks.sliding_window_view",
    "ctypes.PyDLL",
    "ctypes.CFUNCTYPE",
)
REFUSED = [
    "np.convolve(a, a)",
    "kept(a, a)",
    "inner(a, a)",
    "np.correlate(a, a)",
    "getattr(np, 'con' + 'volve')(a, a)",
    "vars(np)['correlate'](a, a)",
    "__import__('numpy').convolve(a, a)",
    "sys.modules['numpy._core.multiarray'].correlate(a, a, 0)",
    "sys.modules['numpy._core._multiarray_umath'].correlate2(a, a, 0)",
    "importlib.import_module('numpy.core.multiarray').correlate(a, a, 0)",
    "importlib.reload(np).convolve(a, a)",
    "importlib.reload(sys.modules['numpy._core.numeric']).convolve(a, a)",
    "importlib.reload(sys.modules['numpy._core.multiarray']).correlate(a, a, 0)",
    "importlib.reload(sys.modules['numpy.lib._stride_tricks_impl']).as_strided(a, (2, 2), (8, 8))",
    "np.polymul(a, a)",
    "np.polynomial.polynomial.polymul(a, a)",
    "np.ma.convolve(a, a)",
    "np.fft.fft(a)",
    "np.fft.rfft2(np.eye(2))",
    "importlib.import_module('numpy.fft._pocketfft')._raw_fft(a, 3, -1, False, True, None)",
    "importlib.import_module('numpy.fft').ifft(a)",
    "np.lib.stride_tricks.as_strided(a, (2, 2), (8, 8))",
    "np.lib.stride_tricks.as_strided(a, shape=(2, 2), strides=(8, 8))",
    "np.lib.stride_tricks.sliding_window_view(a, 2)",
    "[f for f in gc.get_objects() if getattr(f, '__name__', '') == 'convolve'][0](a, a)",
    "__import__('scipy.signal')",
    "importlib.import_module('scipy')",
    "ctypes.PyDLL(None)",
    "ctypes.CFUNCTYPE(None)",
]
ALLOWED = [
    "np.pad(a, 2).sum()",
    "np.einsum('i,i', a, a)",
    "np.broadcast_to(a, (2, 3)).shape[0]",
    "np.vectorize(np.sum, signature='(n)->()')(np.eye(3))[0]",
    "np.median(a) + np.gradient(a)[0] + np.interp(1, a, a)",
    "np.polyfit(a, a, 1)[0]",
    "np.broadcast_arrays(a, 1)[1].sum()",
    "importlib.reload(json).dumps(1)",
    "importlib.import_module('wave').__name__",
    "np.random.default_rng(1).normal()",
    "np.linalg.inv(np.eye(2))[0, 0]",
]
SILENT = [
    "subprocess.run(['ls'], check=True).returncode == 0",
    "subprocess.run('ls /', shell=True, capture_output=True).stdout == b''",
    "subprocess.check_output([sys.executable, '-c', 'print(1)'], text=True) == ''",
    "subprocess.check_call([sys.executable, '-m', 'pip', 'install', 'numpy']) == 0",
    "subprocess.getoutput('ls') == ''",
    "subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE).communicate(b'x') == (b'', None)",
    "os.popen('ls /').read() == ''",
    "os.system('ls /') == 0",
    "platform.uname().system != ''",
]
STARTED = [
    "posix.system('ls')",
    "kept_popen(['ls'])",
    "importlib.reload(subprocess).run(['ls'])",
    "os.execv('/bin/ls', ['ls'])",
    "os.posix_spawn('/bin/ls', ['ls'], {})",
    "os.spawnv(os.P_WAIT, '/bin/ls', ['ls'])",
]
SCRIPT = """
import ctypes, gc, importlib, json, os, platform, subprocess, sys, warnings
try: import posix
except ImportError: posix = os
kept_popen = subprocess.Popen
import numpy as np
from numpy import convolve as kept
warnings.simplefilter("ignore")
inner = kept._implementation
sys.path.insert(0, "coursekit/assignments")
import forbidden
names, expressions = json.loads(sys.argv[1])
forbidden.forbid(names)
a, found = np.arange(3.0), []
for expression in expressions:
    try: found.append(["value", repr(eval(expression))])
    except Exception as error: found.append([type(error).__name__, str(error)])
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def outcomes():
    """{expression: [kind, text]} in a process in which NAMES are refused."""
    every = [*REFUSED, *ALLOWED, *SILENT, *STARTED]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps([NAMES, every])], capture_output=True, text=True, check=True
    )
    return dict(zip(every, json.loads(done.stdout)))


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="the inside of NumPy 1 has other names")
@pytest.mark.parametrize("expression", REFUSED)
def test_on_every_way_the_call_is_refused_and_says_so(expression, outcomes):
    kind, text = outcomes[expression]
    assert kind in ("RuntimeError", "ImportError")
    assert "is not allowed in this assignment: write it by hand" in text


@pytest.mark.parametrize("expression", ALLOWED)
def test_what_else_numpy_does_goes_on(expression, outcomes):
    assert outcomes[expression][0] == "value", outcomes[expression]


def library(a):
    import scipy.signal

    return scipy.signal.oaconvolve(a, a)


@pytest.mark.parametrize("expression", SILENT)
def test_a_command_seems_to_end_well_and_says_nothing(expression, outcomes):
    """An honest notebook may install a package, list its folder or look for a graphics card."""
    assert outcomes[expression] == ["value", "True"]


@pytest.mark.parametrize("expression", STARTED)
def test_nothing_else_starts_a_program(expression, outcomes):
    assert outcomes[expression] in (
        ["PermissionError", "no program can be started in this assignment"],
        ["value", "127"],  # a forked child that could not become the program
    )


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda a: np.convolve(a, a), "numpy.convolve"),
        (lambda a: getattr(np, "correlate")(a, a), "numpy.correlate"),  # noqa: B009
        (lambda a: np.lib.stride_tricks.sliding_window_view(a, 2), "numpy.lib.stride_tricks.sliding_window_view"),
        (lambda a: np.fft.fft(a), "numpy.fft.fft"),
        (library, "scipy"),
    ],
)
def test_a_check_in_a_students_own_kernel_refuses_the_same_and_leaves_everything_as_it_was(call, named):
    a = np.arange(3.0)
    with pytest.raises(forbidden.NotAllowed, match=f"^{named} is not allowed"), forbidden.watching(NAMES):
        call(a)
    assert call(a) is not None and sys.getprofile() is None


def test_words_cost_nothing():
    def convolve(a):
        """This is no scipy, and no np.convolve."""
        correlate = as_strided = a
        return correlate + as_strided

    with forbidden.watching(NAMES):
        assert convolve(2) == 4 and np.pad([1], 1).sum() == 1


def test_without_names_nothing_is_watched():
    with forbidden.watching(()):
        assert np.convolve([1], [2]) == [2]


# ---------------------------------------------------------------- homework 2, graded without a sandbox

HW2 = "hw2_convolution"
HANDED_IN = {  # name: (question, another answer to it, points of q1 to q9)
    "honest": (None, "", [2, 2, 1, 3, 3, 2, 2, 2, 2]),
    "numpy": ("q2", "def correlate1d(x, w, stride=1, padding=0):\n"
              "    return np.convolve(np.pad(x, padding), w[::-1], 'valid')[::stride]", [2, 0, 0, 3, 3, 2, 2, 2, 2]),
    "scipy": ("q5", "def correlate2d(x, w, stride=(1, 1), padding=(0, 0)):\n"
              "    from scipy.signal import correlate\n"
              "    x = np.pad(x, [(padding[0],) * 2, (padding[1],) * 2])\n"
              "    return correlate(x, w, 'valid')[::stride[0], ::stride[1]]", [2, 2, 1, 3, 0, 0, 2, 2, 2]),
    "coursekit": ("q8", "import coursekit.counting\n\n\ndef count_parameters(shape, layers):\n    return [1]",
                  [2, 2, 1, 3, 3, 2, 2, 0, 2]),
    "program": ("q9", "import subprocess, sys\n\n\ndef receptive_field(layers):\n"
                "    code = 'f, d = 1, 1\\nfor k, s in ' + repr(layers) + ': f += (k - 1) * d; d *= s\\nprint(f, d)'\n"
                "    return tuple(map(int, subprocess.check_output([sys.executable, '-c', code]).split()))",
                [2, 2, 1, 3, 3, 2, 2, 2, 0]),
}  # fmt: skip


@equipment.needs("otter")
def test_homework_2_refuses_them_where_there_is_no_sandbox(tmp_path):
    shutil.copy(project.ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(masters.FOLDER / HW2, tmp_path / "assignments" / HW2)
    build.main([HW2], tmp_path)
    (tmp_path / "in").mkdir()
    solved = masters.student(HW2)
    for name, (changed, answer, _) in HANDED_IN.items():
        for question, found in masters.questions(HW2).items():
            cell = next(cell for cell in solved.cells if cell.id == f"{question}-answer")
            cell.source = answer if question == changed else found.solution
        (tmp_path / "in" / f"{name}.ipynb").write_text(json.dumps(solved), encoding="utf-8")
    command = [sys.executable, "-m", "coursekit.grading", tmp_path / "in", "--assignment", "hw2", "--jobs", "1"]
    command += ["--assignments", tmp_path / "assignments", "--out", tmp_path / "out", "--unsafe-no-sandbox"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=project.ROOT)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    with open(tmp_path / "out" / "grades.csv", encoding="utf-8-sig", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    earned = {name: [float(row[f"q{number}"]) for number in range(1, 10)] for name, row in rows.items()}
    assert earned == {name: points for name, (_, _, points) in HANDED_IN.items()}
    for name, function in (("numpy", "numpy.convolve"), ("scipy", "scipy")):
        page = next((tmp_path / "out" / "feedback").glob(f"{name}*")).read_text(encoding="utf-8")
        assert f"{function} is not allowed in this assignment" in page
