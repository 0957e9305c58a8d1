"""What is wrong with the words of a figure: cut off at its edge, or on top of each other. nbval sees no pictures.

With the option `--figures`, which pyproject.toml gives to pytest, every figure of the notebooks and decks that are run
asks it, by `watch_kernel`.
"""

import contextlib
import functools
import io
import sys
from itertools import combinations
from unittest import mock

EDGE = 1.0  # points of a word's box that may stick out: it has a rim without ink
RIM = 0.15  # of the size of the letters: what boxes of two words may share, for the same reason


def faults(figure):
    """Return one sentence for each text of `figure` that leaves the canvas, and for each two that overlap."""
    figure.draw_without_rendering()  # as plots.show does
    with recorded() as texts:
        figure.savefig(io.BytesIO(), dpi=100)
    return judged(texts)


@contextlib.contextmanager
def recorded():
    """Record the texts that are drawn inside, {id: (text, its box, what it is clipped to, its figure)} in points.

    A text that is not drawn, as the labels of axes that are put off or of ticks outside the limits, is not recorded;
    of a figure that is drawn twice, to lay it out, the last drawing counts.
    """
    from matplotlib.text import Text

    texts, draw = {}, Text.draw

    def recording(text, renderer, *args, **kwargs):
        if text.get_visible() and text.get_text().strip():
            figure = text.figure.figure  # the whole, of a part of a figure too
            scale = 72 / figure.dpi
            box = Text.get_window_extent(text, renderer)  # of an annotation its words alone, without the arrow
            clip = (text.get_clip_on() and text.get_clip_box()) or figure.bbox
            texts[id(text)] = (text, *([scale * side for side in one.extents] for one in (box, clip, figure.bbox)))
        return draw(text, renderer, *args, **kwargs)

    with mock.patch.object(Text, "draw", recording):
        yield texts


def judged(texts):
    """Return the faults among `recorded` texts."""
    seen = [entry for entry in texts.values() if min(_shared(entry[1], entry[2])) > 0 or entry[2] == entry[3]]
    found = []
    for text, box, paper, _ in seen:
        out = max(paper[0] - box[0], paper[1] - box[1], box[2] - paper[2], box[3] - paper[3])
        if out > EDGE:
            found.append(f"{_named(text)} is cut off: it leaves the paper by {out:.0f} points")
    for (one, first, *_), (other, second, *_) in combinations(seen, 2):
        wide, high = _shared(first, second)
        if min(wide, high) > RIM * min(one.get_fontsize(), other.get_fontsize()):
            found.append(f"{_named(one)} and {_named(other)} overlap by {wide:.0f} × {high:.0f} points")
    return found


def _shared(one, other):
    """Return how wide and how high two boxes (left, low, right, high) overlap; negative where they do not."""
    return tuple(min(one[i + 2], other[i + 2]) - max(one[i], other[i]) for i in (0, 1))


def _named(text):
    place = text.axes.get_title() if text.axes is not None else ""
    return repr(text.get_text()) + f" in {place!r}" * bool(place)


# ---------------------------------------------------------------- in a kernel


def watch_kernel(shell):
    """Let every `plots.show` in the kernel of `shell` raise AssertionError for a figure that has faults."""

    def watched(show):
        @functools.wraps(show)
        def judging(*args, **kwargs):
            with recorded() as texts:
                show(*args, **kwargs)
            found = judged(texts)
            assert not found, "the figure has faults: " + "; ".join(found)

        judging.watched = True
        return judging

    def look(*_):  # after each cell: plots is imported by one of the first, and replaced for slides
        plots = sys.modules.get("coursekit.plots")
        if plots is not None and not hasattr(plots.show, "watched"):
            plots.show = watched(plots.show)

    shell.events.register("post_run_cell", look)
