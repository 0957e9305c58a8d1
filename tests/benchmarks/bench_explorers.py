"""Time from moving a slider to the picture: the explorer against ipywidgets with matplotlib, in one JupyterLab.

Both show a 256 × 256 picture with a 3 × 3 kernel and a window that moves. The explorer computes in the browser;
the other calls Python, which draws a figure with matplotlib and sends it as an image. A key moves the slider, and
the time runs until the picture's pixels have changed. The figures to compare are the medians and their ratio.
Needs Chromium.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat import v4

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import browser

EXPLORER = """from coursekit.explorers import Convolution2D
Convolution2D("photographer", "sobel x", row=90, column=100)"""
PLAIN = """%matplotlib inline
import ipywidgets
import matplotlib.pyplot as plt
from coursekit import convolution, filters, images
picture = images.load("photographer")
output = convolution.correlate2d(picture, filters.SOBEL_X)
def draw(column):
    figure, axes = plt.subplots(1, 2, figsize=(8, 4))
    axes[0].imshow(picture, cmap="gray")
    axes[0].add_patch(plt.Rectangle((column, 90), 3, 3, fill=False, color="orange"))
    axes[1].imshow(output, cmap="RdBu_r")
    axes[1].add_patch(plt.Rectangle((column, 90), 1, 1, fill=False, color="orange"))
    plt.show()
slider = ipywidgets.IntSlider(100, 0, 253, description="column")
ipywidgets.VBox([slider, ipywidgets.interactive_output(draw, {"column": slider})])"""
# Press → on the element and wait, frame by frame, until the picture differs; the time in milliseconds.
MOVE = """async ([target, picture]) => {
    const look = () => { const e = document.querySelector(picture);
        return e === null ? null : e.tagName === 'CANVAS' ? e.toDataURL() : e.src; };
    const element = document.querySelector(target), before = look(), start = performance.now();
    const press = (type) => element.dispatchEvent(new KeyboardEvent(type,
        { key: 'ArrowRight', keyCode: 39, bubbles: true, cancelable: true }));
    press('keydown'); press('keyup');
    await Promise.resolve();
    for (;;) {
        const now = look();
        if (now !== null && now !== before) return performance.now() - start;
        await new Promise((go) => setTimeout(go, 1));
    }
}"""
CASES = {
    "explorer in the browser": (EXPLORER, ".jp-Notebook .ck canvas[tabindex]", ".jp-Notebook .ck canvas"),
    "ipywidgets and matplotlib": (PLAIN, ".jp-Notebook .noUi-handle", ".jp-Notebook .jp-OutputArea img"),
}
MOVES = 40


def main():
    """Print the median and the slowest tenth of both, and their ratio."""
    medians = []
    with tempfile.TemporaryDirectory() as folder, browser.running() as chromium, browser.jupyterlab(folder) as address:
        for name, (source, target, picture) in CASES.items():
            notebook = v4.new_notebook(
                cells=[v4.new_code_cell(source)],
                metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            )
            nbformat.write(notebook, Path(folder) / "bench.ipynb")
            tab = browser.Page(chromium, {"width": 1300, "height": 950})
            browser.open_notebook(tab.page, address, "bench.ipynb")
            browser.run_all(tab.page)
            tab.page.wait_for_selector(picture)
            tab.page.wait_for_timeout(1000)
            times = sorted(tab.page.evaluate(MOVE, [target, picture]) for _ in range(MOVES))
            tab.close()
            medians.append(statistics.median(times))
            print(f"{name:28} median {medians[-1]:7.1f} ms, nine of ten within {times[int(0.9 * MOVES)]:7.1f} ms")
    print(f"ratio {medians[0] / medians[1]:.4f} (goal: the explorer within one frame, 16 ms)")


if __name__ == "__main__":
    main()
