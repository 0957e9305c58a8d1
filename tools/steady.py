"""`make steady`: compare what notebooks print with what they store under settings that stand for other machines.

    python tools/steady.py [--rounds 10] [--settings no-onednn+one-thread avx2] [--notebooks 11 slides/09 hw1]

A setting is one of SETTINGS, or several joined by "+"; the rounds go through them in turn. Every cell that printed
something else is named once for each setting, with the lines that differ, and the exit status is 1.
"""

import argparse
import difflib
import itertools
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import pytest

import project

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def older(onednn, openblas, xla, kept=(), libm=()):
    """Return the variables that let oneDNN, OpenBLAS, XLA, NumPy and the C library pass over newer instructions.

    `kept` names those of NumPy's dispatched instruction sets that remain, `libm` those that the C library loses.
    """
    found = numpy.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", ())
    dropped = [name for name in found if name not in kept]
    return {
        "ONEDNN_MAX_CPU_ISA": onednn,
        "OPENBLAS_CORETYPE": openblas,
        "XLA_FLAGS": f"--xla_cpu_max_isa={xla}",
        "NPY_DISABLE_CPU_FEATURES": " ".join(dropped),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=" + ",".join(f"-{name}" for name in libm),
    }


WITH_AVX2 = ("SSE3", "SSSE3", "SSE41", "POPCNT", "SSE42", "AVX", "F16C", "FMA3", "AVX2", "X86_V3")
SETTINGS = {
    "here": {},
    "one-thread": dict.fromkeys(THREADS, "1"),
    "two-threads": dict.fromkeys(THREADS, "2"),
    "no-onednn": {"TF_ENABLE_ONEDNN_OPTS": "0"},
    "avx2": older("AVX2", "Haswell", "AVX2", kept=WITH_AVX2, libm=("AVX512F", "AVX512VL")),
    "sse": older("SSE41", "Nehalem", "SSE4_2", libm=("AVX512F", "AVX512VL", "AVX2", "FMA")),
}
UNLIKE = (  # what is least like the machine that stores the outputs comes first
    "no-onednn+one-thread",
    "sse+one-thread",
    "avx2+two-threads",
    "no-onednn+two-threads",
    "sse+two-threads",
    "avx2+one-thread",
    "sse+no-onednn+one-thread",
    "avx2+no-onednn+two-threads",
    "one-thread",
    "two-threads",
)


def variables(setting):
    """Return the environment variables of a setting such as "no-onednn+one-thread".

    >>> variables("no-onednn+one-thread")["TF_ENABLE_ONEDNN_OPTS"]
    '0'
    """
    unknown = [name for name in setting.split("+") if name not in SETTINGS]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"a setting must be made of {', '.join(SETTINGS)}, joined by +. Received: {unknown[0]!r}"
        )
    return {name: value for one in setting.split("+") for name, value in SETTINGS[one].items()}


def chosen(beginnings):
    """Return the notebooks whose name, or folder and name, begins with one of `beginnings`: ("11", "slides/09")."""
    every = [*project.notebooks(), *project.decks(), *project.masters()]
    named = {path: (path.name, path.relative_to(project.ROOT).as_posix()) for path in every}
    for beginning in beginnings:
        if not any(name.startswith(beginning) for names in named.values() for name in names):
            sys.exit(f"--notebooks must name the beginnings of notebooks. Received: {beginning!r}")
    return [path for path in every if any(name.startswith(one) for name in named[path] for one in beginnings or ("",))]


class Differences:
    """A plugin of pytest that keeps, of every cell of a notebook that failed, where it stands and what differed."""

    def __init__(self):
        self.found = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item):
        report = yield
        if report.failed and hasattr(item, "cell_num"):
            stored, printed = text(item.cell.outputs), text(item.test_outputs or [])
            lines = [line for line in difflib.unified_diff(stored, printed, n=0, lineterm="") if line[:2] != "@@"][2:]
            if item.test_outputs is None or not lines:  # it raised, took too long, or differs in no text
                said = [line for line in COLOURS.sub("", report.longreprtext).splitlines() if line.strip()]
                lines = [said[min(1, len(said) - 1)], said[-1]]
            self.found.append({"cell": f"{item.name} ({item.cell.get('id', 'no id')})", "lines": lines})
        return report


def text(outputs):
    """Return the lines of all that a cell printed."""
    parts = [one.get("text") or one.get("data", {}).get("text/plain", "") for one in outputs]
    return [line for part in parts for line in part.splitlines()]


def differences(path, setting):
    """Run one notebook under a setting as the suite does. Return [{"cell": name, "lines": what differed}]."""
    with tempfile.TemporaryDirectory(prefix="steady-") as folder:
        found = Path(folder) / "found.json"
        command = [sys.executable, __file__, "--child", found, path]
        done = subprocess.run(
            command, cwd=project.ROOT, env=project.environment(**variables(setting)), capture_output=True, text=True
        )
        if not found.exists():  # pytest could not even collect it
            return [{"cell": "the run", "lines": (done.stdout + done.stderr).splitlines()[-5:]}]
        return json.loads(found.read_text(encoding="utf-8"))


def child(found, path):
    """Let pytest compare one notebook, and write what differed to the file `found`. Return pytest's exit status.

    The options of the suite are taken, but for the one that leaves decks to tests/slides, and that on figures.
    """
    options = project.pyproject()["tool"]["pytest"]["ini_options"]["addopts"]
    kept = [option for option in options if not option.startswith(("--ignore-glob", "--figures"))]
    plugin = Differences()
    status = pytest.main(
        ["-c", "pyproject.toml", "-o", "addopts=", *kept, "-q", "-p", "no:cacheprovider", path], plugins=[plugin]
    )
    if status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        Path(found).write_text(json.dumps(plugin.found), encoding="utf-8")
    return status


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, help="how often each notebook is run (default: each setting once)")
    parser.add_argument("--settings", nargs="+", default=UNLIKE, metavar="SETTING", help=", ".join(SETTINGS))
    parser.add_argument("--notebooks", nargs="+", default=(), metavar="BEGINNING", help="such as 11, slides/09, hw1")
    given = parser.parse_args(arguments)
    try:
        for setting in given.settings:
            variables(setting)
    except argparse.ArgumentTypeError as error:
        parser.error(str(error))
    if given.rounds is not None and given.rounds < 1:
        parser.error(f"--rounds must be at least 1. Received: {given.rounds}")
    rounds = list(itertools.islice(itertools.cycle(given.settings), given.rounds or len(given.settings)))
    told = set()
    for setting, path in itertools.product(rounds, chosen(given.notebooks)):
        name = path.relative_to(project.ROOT).as_posix()
        found = differences(path, setting)
        print(f"{name}, {setting}: {len(found) or 'no'} cell{'s' * (len(found) > 1)} differed", flush=True)
        for one in found:
            if (name, setting, one["cell"]) not in told:
                print("\n".join([f"  {one['cell']}", *(f"    {line}" for line in one["lines"])]), flush=True)
            told.add((name, setting, one["cell"]))
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(child(*sys.argv[2:]) if sys.argv[1:2] == ["--child"] else main())
