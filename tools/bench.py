"""`make bench`: runs what measures speed and memory, and writes the ratios into the table of README.md.

    python tools/bench.py [--scripts import convolution] [--suite LOG] [--busy]

A script of tests/benchmarks prints what it measures, and its `main()` returns rows (what, beside what, result), three
texts. One that fails is named, and its old rows stay. `--suite` takes the seconds of each part of the tests from what
`make test` printed into the file LOG. On a busy machine nothing is measured; with `--busy` it is, but not written.
"""

import argparse
import datetime
import importlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import project

BENCHMARKS = project.ROOT / "tests" / "benchmarks"
SCRIPTS = [path.stem.removeprefix("bench_") for path in sorted(BENCHMARKS.glob("bench_*.py"))]
README = project.ROOT / "README.md"
START, END = "<!-- benchmarks: written by `make bench` -->\n", "<!-- benchmarks: end -->\n"
HEAD = "| measured by | what | beside | result | when and where |\n|---|---|---|---|---|\n"
NOT_RUN = ("not run yet", "", "", "")
SUITE = "make test"
BUSY = 0.5  # the load of a core, in the last minute, above which times mean little


def measure(name):
    """Return the rows of the benchmark `name`, [what, beside, result], or None where it fails; it prints as it runs."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rows = Path(folder) / "rows.json"
        command = [sys.executable, __file__, "--child", BENCHMARKS / f"bench_{name}.py", rows]
        done = subprocess.run(command, cwd=project.ROOT, env=project.environment())
        return None if done.returncode else json.loads(rows.read_text(encoding="utf-8"))


def child(script, rows):
    """Run the benchmark in the file `script` in this process, and write the rows that it returns to the file `rows`."""
    sys.path.insert(0, str(Path(script).parent))
    Path(rows).write_text(json.dumps(importlib.import_module(Path(script).stem).main()), encoding="utf-8")


def suite(log):
    """Return rows with the seconds of each part of the tests that takes a fiftieth or more, from what pytest printed.

    >>> suite("=== seconds by part, 91 in all ===\\n  60 notebooks\\n  30 tests/plots\\n  1 tools\\n=== next ===\\n")
    [('notebooks', 'all tests', '60 of 91 s'), ('tests/plots', 'all tests', '30 of 91 s')]
    """
    found = re.search(r"seconds by part, (\d+) in all =*\n((?: +\d+ \S+\n)+)", log)
    if not found:
        sys.exit('--suite must name a file that holds "seconds by part", as the tests print at their end')
    lines = [line.split() for line in found[2].splitlines()]
    most = [(seconds, part) for seconds, part in lines if 50 * int(seconds) >= int(found[1])]
    return [(part, "all tests", f"{seconds} of {found[1]} s") for seconds, part in most]


def here():
    """Return the date and the machine: "2026-11-29, 2 cores of Intel(R) Xeon(R) Processor"."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text(encoding="utf-8")) if info.exists() else None
    return f"{datetime.date.today()}, {os.cpu_count()} cores of {found[1] if found else platform.machine()}"


def read(readme):
    """Return {name: its rows} of the table in the text of README.md."""
    rows = {}
    for line in readme.partition(START)[2].partition(END)[0].splitlines()[2:]:
        name, *row = [cell.strip() for cell in line.strip("|").split("|")]
        rows.setdefault(name.strip("`"), []).append(tuple(row))
    return rows


def write(readme, rows):
    """Return the text of README.md with the table of `rows`, {name: rows}, and a word for what has none.

    >>> text = write(f"before\\n{START}{END}after", {"import": [("course", "NumPy", "1.1 times", "today")]})
    >>> read(text)["import"], read(text)["grading"]
    ([('course', 'NumPy', '1.1 times', 'today')], [('not run yet', '', '', '')])
    >>> write(text, read(text)) == text
    True
    """
    lines = [f"| `{name}` | {' | '.join(row)} |\n" for name in [*SCRIPTS, SUITE] for row in rows.get(name, [NOT_RUN])]
    before, _, rest = readme.partition(START)
    return before + START + HEAD + "".join(lines) + END + rest.partition(END)[2]


def keep(name, rows):
    """Write the rows of one benchmark into README.md."""
    text, mark = README.read_text(encoding="utf-8"), here()
    README.write_text(write(text, {**read(text), name: [(*row, mark) for row in rows]}), encoding="utf-8")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--scripts", nargs="*", choices=SCRIPTS, default=SCRIPTS, metavar="NAME", help=", ".join(SCRIPTS)
    )
    parser.add_argument("--suite", metavar="LOG", help="a file with what `make test` printed")
    parser.add_argument("--busy", action="store_true", help="measure on a busy machine too, and write nothing")
    given = parser.parse_args(arguments)
    if given.suite:
        keep(SUITE, suite(Path(given.suite).read_text(encoding="utf-8")))
    load, most = os.getloadavg()[0], BUSY * os.cpu_count()
    if given.scripts and load > most and not given.busy:
        sys.exit(f"The machine is busy (load {load:.1f}, more than {most:.1f}): times would mislead. Or try --busy.")
    failed = []
    for name in given.scripts:
        print(f"== {name}", flush=True)
        rows = measure(name)
        if rows is None:
            failed.append(name)
        elif not given.busy:
            keep(name, rows)
    if failed:
        print(f"Failed, and their old rows stay: {', '.join(failed)}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(child(*sys.argv[2:]) if sys.argv[1:2] == ["--child"] else main())
