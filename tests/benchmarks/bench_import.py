"""Time that `import coursekit` adds to `import numpy`, each in a fresh Python.

They are started in turns, so that a busy machine slows all, and the best times are compared: what else the machine
does can only lengthen an import, and its noise is larger than what is to be seen.
"""

import subprocess
import sys

ROUNDS = 25
CLOCK = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"
STATEMENTS = {
    "import numpy": "import numpy",
    "import numpy, coursekit": "import numpy, coursekit",
    "import numpy, shapes … images": "import numpy; from coursekit import architectures, convolution, "
    "counting, filters, images, receptive_field, shapes, specs",
}


def main():
    """Print the least milliseconds of each import, and what the course adds to NumPy; return it as rows."""
    seconds = {name: [] for name in STATEMENTS}
    for _ in range(ROUNDS):
        for name, statement in STATEMENTS.items():
            command = [sys.executable, "-c", CLOCK.format(statement)]
            seconds[name].append(float(subprocess.run(command, check=True, capture_output=True).stdout))
    best = {name: min(values) for name, values in seconds.items()}
    plain = best["import numpy"]
    for name, value in best.items():
        print(
            f"{name:32} {1000 * value:6.1f} ms, {1000 * (value - plain):5.1f} ms over NumPy, ratio {value / plain:.2f}"
        )
    print("goal: `import coursekit` at most 50 ms over NumPy")
    return [
        (f"`{name}`", "`import numpy`", f"{value / plain:.2f} times") for name, value in best.items() if value != plain
    ]


if __name__ == "__main__":
    main()
