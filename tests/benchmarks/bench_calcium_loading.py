"""Time and memory of loading two recordings, against the reading loop of the original course.

Run with ``python tests/benchmarks/bench_calcium_loading.py [repetitions]``. The files, two segments of
2 × 2048 images, are written to a temporary folder first; every variant then loads them in a process of
its own, in turn. Reported is the run with the shortest load (imports not counted): its seconds, its
processor seconds over all threads, and the largest resident memory the process ever had, interpreter
and NumPy included; nothing is subtracted. Resident memory of a memory map is mostly pages of its file,
which the system takes back when it needs them. The package reads on all cores, the original on one:
where others keep the machine busy, compare processor seconds instead.

Goals are half the time and a quarter of the memory of the original; a missed one is told.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

GOALS = {"seconds": 0.5, "MB": 0.25}  # ratios to the original, for the variants marked with *

ORIGINAL = """
data, labels = [], []
for k in (0, 1):
    for label, kind in enumerate(("real", "fake")):
        with gzip.open(f"{folder}/{kind}_{k}.gz") as file:
            images = np.frombuffer(file.read(), dtype=np.float32).reshape(-1, 128, 128, 1)
        data.append(images)
        labels.append(np.full(len(images), label))
data, labels = np.concatenate(data), np.concatenate(labels)
"""
LOAD = "data = calcium.load([0, 1], {} source=folder)"
MAP = LOAD.format("None, memory_map=cache,")
LOOK_AT_ALL = """
order = np.random.default_rng(0).permutation(len(data.images))
for batch in np.split(order, len(order) // 32):
    data.images[batch].mean()
"""
VARIANTS = {  # what is timed
    "interpreter and imports alone": "",
    "original course: read everything": ORIGINAL,
    "* load, 512 images a class": LOAD.format(""),
    "load, all 2048": LOAD.format("None,"),
    "* load, all 2048, memory map, first call": MAP,
    "load, all 2048, memory map, later call": MAP,
    "the same, then every image once, shuffled": MAP + LOOK_AT_ALL,
}
PROGRAM = """
import gzip, re, resource, sys, time
import numpy as np
from coursekit import calcium
folder, cache = sys.argv[1:]
began, worked = time.perf_counter(), time.process_time()
{timed}
seconds, processor_seconds = time.perf_counter() - began, time.process_time() - worked
try:  # ru_maxrss can still hold the memory of the process that started this one
    peak = int(re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1]) * 1024
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(seconds, processor_seconds, peak / 1e6)
"""


def measure(timed, folder, cache):
    """Return seconds, processor seconds and peak megabytes of a fresh process that runs `timed`."""
    program = [sys.executable, "-c", PROGRAM.format(timed=timed), str(folder), str(cache)]
    return [float(number) for number in subprocess.check_output(program, text=True).split()]


def write_files(folder):
    """Write the two segments in a process of its own, lest its memory be counted."""
    program = "import sys; from coursekit import calcium; calcium.save(sys.argv[1], [0, 1])"
    subprocess.check_call([sys.executable, "-c", program, str(folder)])


def main(repetitions=3):
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top, "files")
        write_files(folder)
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(f"two segments, 4 files, {size:.0f} MB packed, 537 MB unpacked; {repetitions} repetitions\n")
        results = {name: [] for name in VARIANTS}
        for repetition in range(repetitions):
            for name, timed in VARIANTS.items():
                results[name].append(measure(timed, folder, Path(top, f"cache_{repetition}")))
            for path in Path(top, f"cache_{repetition}").iterdir():
                path.unlink()
    return report(results)


def report(results):
    """Print each variant's fastest run and its ratios to the original; return those with goals as rows."""
    fastest = {name: min(runs) for name, runs in results.items()}
    original = fastest["original course: read everything"]
    met, rows = True, []
    print(f"{'':44}{'seconds':>8}{'ratio':>7}{'CPU s':>7}{'peak MB':>9}{'ratio':>7}")
    for name, (seconds, processor, megabytes) in fastest.items():
        time_ratio, memory_ratio = seconds / original[0], megabytes / original[2]
        print(f"{name:44}{seconds:8.2f}{time_ratio:7.2f}{processor:7.2f}{megabytes:9.0f}{memory_ratio:7.2f}")
        if name.startswith("*"):
            said = f"{time_ratio:.2f} times, memory {memory_ratio:.2f} times"
            rows.append((f"two recordings: {name[2:]}", "the original course's loop", said))
            met &= time_ratio <= GOALS["seconds"] and memory_ratio <= GOALS["MB"]
    print(f"\ngoals for *: time {GOALS['seconds']}, memory {GOALS['MB']}: {'met' if met else 'MISSED'}")
    return rows


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
