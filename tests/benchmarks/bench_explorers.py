"""Time from a key to the picture, for every explorer and for ipywidgets with matplotlib, in one JupyterLab.

The explorers compute in the browser; the other shows Convolution2D's picture and window, calls Python for each move,
draws with matplotlib and gets an image back. Of each are told the work (from the key until all is drawn) and the
frame (until the browser has shown it); goals are 8 ms of work and one frame of 17 ms, two for ExplainModel.
A key comes at any time between two frames of the screen, so the moves begin at times spread evenly over a frame.
Each has a notebook of its own, as a lecture has one explorer or two: with thirteen in one, each takes 3 to 5 ms longer.
What the browser itself needs is told by a canvas of one pixel. A table of medians and of what nine of ten stay within
is printed. Needs Chromium.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat import v4

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import browser

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
PIXEL = """from IPython.display import HTML
HTML('''<div class="ck"><canvas width="1" height="1" tabindex="0" onkeydown="
    const drawn = this.getContext('2d');
    drawn.fillStyle = event.key === 'ArrowLeft' ? 'red' : 'blue';
    drawn.fillRect(0, 0, 1, 1)"></canvas></div>''')"""
ARROWS = ["ArrowRight", "ArrowLeft"]
# What makes each explorer, the part that takes the key, and a key there and one back.
CASES = {
    "Convolution1D": ("()", "canvas", ARROWS),
    "Convolution2D": ("('photographer', 'sobel x', row=90, column=100)", "canvas", ARROWS),
    "LayerShapes": ("(height=60, width=60)", "canvas", ARROWS),
    "ParameterCounter": ("()", "tbody input[type='number']", ["9", "8"]),
    "ReceptiveField": ("()", "canvas[tabindex='0']", ["ArrowLeft", "ArrowRight"]),
    "GradientDescent": ("(landscape='bowl', steps=20)", "canvas", ARROWS),
    "RealOrFake": ("()", "canvas", ARROWS),
    "ExplainModel": ("()", "canvas[aria-label*='unit at']", ARROWS),
    "NeuronToNetwork": ("()", "canvas[tabindex='0']", ARROWS),
    "WayBack": ("()", "canvas", ARROWS),
    "TransposedConvolution": ("()", "canvas", ARROWS),
}
# Press a key (in a number field: write it) and wait until all is drawn, then until it is shown; both in milliseconds.
# Where Python draws, the new image counts, and not the slider's own number, which changes long before.
MOVE = """async ([root, selector, key, wait]) => {
    const target = root.querySelector(selector);
    const all = (kind) => [...root.querySelectorAll(kind)], drawn = all('img').length > 0;
    const look = () => drawn ? all('img').map((one) => one.src).join()
        : all('canvas').map((one) => one.toDataURL()).join() + root.innerText;
    const before = look(), frame = () => new Promise((go) => requestAnimationFrame(go));
    await frame(); await frame();
    await new Promise((go) => setTimeout(go, wait));
    const start = performance.now();
    if (target.tagName === 'INPUT') { target.value = key; target.dispatchEvent(new Event('input', { bubbles: true })); }
    else for (const kind of ['keydown', 'keyup']) target.dispatchEvent(new KeyboardEvent(kind,
        { key, keyCode: key === 'ArrowLeft' ? 37 : 39, bubbles: true, cancelable: true }));
    for (let i = 0; i < 5; i++) await Promise.resolve();
    const work = performance.now() - start;
    for (let again = 0; ; again++) {
        await frame();
        await new Promise((go) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = go; port2.postMessage(0); });
        const shown = performance.now() - start;
        if (look() && look() !== before) return [work, shown];
        if (shown > 10000) throw new Error('the key changes nothing');
    }
}"""
RIVAL = "ipywidgets with matplotlib"
MOVES, FRAME = 42, 1000 / 60  # milliseconds


def line(name, page, selector, keys):
    """Return the medians (work, frame) in the open notebook, and print them with what nine of ten stay within."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").first
    cell.locator(selector).first.wait_for()
    page.wait_for_timeout(2000)
    root = cell.element_handle()
    pairs = [
        root.evaluate(
            "(root, given) => (" + MOVE + ")([root, ...given])", [selector, keys[i % 2], i * 0.618 % 1 * FRAME]
        )
        for i in range(MOVES)
    ]
    work, shown = (sorted(times) for times in zip(*pairs[2:]))
    tenth = int(0.9 * len(work))
    medians = statistics.median(work), statistics.median(shown)
    print(f"{name:26} {medians[0]:8.1f} {work[tenth]:8.1f} {medians[1]:8.1f} {shown[tenth]:8.1f}", flush=True)
    return medians


def main():
    """Print the table, and how many times faster the explorer of a picture is than matplotlib; return this row."""
    cells = {
        name: (f"from coursekit.explorers import {name}\n{name}{how}", part, keys)
        for name, (how, part, keys) in CASES.items()
    }
    cells |= {"one pixel": (PIXEL, "canvas", ARROWS), RIVAL: (PLAIN, ".noUi-handle", ARROWS)}
    kernel, found = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}, {}
    print(f"{'milliseconds':26} {'work':>8} {'90%':>8} {'frame':>8} {'90%':>8}")
    with tempfile.TemporaryDirectory() as folder, browser.running() as chromium, browser.jupyterlab(folder) as address:
        for number, (name, (cell, part, keys)) in enumerate(cells.items()):
            notebook = v4.new_notebook(cells=[v4.new_code_cell(cell)], metadata=kernel)
            nbformat.write(notebook, Path(folder) / f"{number}.ipynb")
            tab = browser.Page(chromium, {"width": 1300, "height": 950})
            browser.open_notebook(tab.page, address, f"{number}.ipynb")
            browser.run_all(tab.page)
            found[name] = line(name, tab.page, part, keys)
            tab.close()
    share = found["Convolution2D"][1] / found[RIVAL][1]
    print(f"Convolution2D shows a move {1 / share:.0f} times faster than matplotlib")
    return [("from key to picture, `Convolution2D`", RIVAL, f"{share:.3f} times")]


if __name__ == "__main__":
    main()
