"""Seconds to build the web edition the first time, when explorers run the cells that they need, and again.

    python tests/benchmarks/bench_site.py

It takes Python 3.11 or newer and Node.js, like `make site`, and builds into a temporary folder.
"""

import sys
import tempfile
import time
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path[:0] = [str(TOOLS), str(TOOLS / "site")]

from edition import building, explorers  # noqa: E402


def main():
    """Print the seconds of both builds; return the row of the table."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        explorers.KEPT = Path(folder) / "kept"
        for name in ("first", "again"):
            start = time.perf_counter()
            building.build(Path(folder) / name)
            seconds.append(time.perf_counter() - start)
            print(f"{name:6} {seconds[-1]:6.0f} s")
    first, again = seconds
    return [("web edition built again", "its first build", f"{again / first:.2f} times, {again:.0f} s")]


if __name__ == "__main__":
    main()
