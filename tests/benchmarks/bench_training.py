"""Time of one training epoch of the baseline: the course's `models.fit` against plain `model.fit`.

Both train the same network on the same 2,048 simulated images in batches of 32, in turns, in one
process; the figure to compare is the ratio, since machines differ and are busy.
"""

import statistics
import time

from coursekit import calcium, models
from coursekit.models import brain

EPOCHS, ROUNDS = 2, 5


def main():
    """Print the seconds of an epoch either way, and their ratio."""
    data = calcium.load([0, 1], images_per_class=512)
    plain, course = brain.baseline(), brain.baseline()
    seconds = {"model.fit on NumPy arrays": [], "models.fit": []}

    def plain_fit(epochs):
        plain.fit(data.images, data.labels, batch_size=32, epochs=epochs, verbose=0)

    def course_fit(epochs):
        models.fit(course, (data.images, data.labels), batch_size=32, epochs=epochs, progress=False)

    for train in (plain_fit, course_fit):  # the first epoch also compiles
        train(1)
    for _ in range(ROUNDS):
        for name, train in zip(seconds, (plain_fit, course_fit)):
            start = time.perf_counter()
            train(EPOCHS)
            seconds[name].append((time.perf_counter() - start) / EPOCHS)
    for name, values in seconds.items():
        print(f"{name:28} {statistics.median(values):5.2f} s an epoch (all: {', '.join(f'{v:.2f}' for v in values)})")
    first, second = (statistics.median(values) for values in seconds.values())
    print(f"ratio {second / first:.2f} (goal: at most 0.6)")


if __name__ == "__main__":
    main()
