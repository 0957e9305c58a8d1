"""What runs in a deck's kernel before its cells, only while slides are built: figures as vectors, living explorers.

The stored notebook shows what every notebook shows: PNG figures and the text form of an explorer. A slide is
projected four metres wide, so `plots.show` gives it lines instead of pixels, and an explorer gives its page.
"""


def prepare():
    """Let figures come as SVG with the size of their smallest letters, and explorers as HTML."""
    import matplotlib
    from IPython import get_ipython
    from IPython.display import display

    from coursekit import plots

    plots.show = show_as_lines
    matplotlib.rcParams["image.interpolation"] = "none"  # a pixel is stored once, however large it is shown
    # Asked before all other formatters, and before what widgets of ipywidgets 7 do to show themselves.
    formatter = get_ipython().display_formatter.ipython_display_formatter
    formatter.for_type_by_name(
        "coursekit.explorers.base",
        "Explorer",
        lambda explorer: display({"text/html": explorer.to_html(), "text/plain": repr(explorer)}, raw=True),
    )


def show_as_lines(alt, letters=None):
    """Show the current figure as SVG and close it, with the arguments of `plots.show`, which does so with PNG."""
    import io

    import matplotlib
    import matplotlib.pyplot as plt
    from IPython.display import display

    figure, drawn = plt.gcf(), io.StringIO()
    if letters is not None:
        for text in figure.findobj(matplotlib.text.Text):
            text.set_fontsize(letters)
    figure.draw_without_rendering()
    sizes = [
        text.get_fontsize()
        for text in figure.findobj(matplotlib.text.Text)
        if text.get_visible() and text.get_text().strip() and _shown(text)
    ]
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "slides"}):
        figure.savefig(drawn, format="svg", dpi=200, metadata={"Date": None})
    facts = {
        "alt": alt,
        "inches": [float(side) for side in figure.get_size_inches()],
        "letters": float(min(sizes, default=0)),  # points
        "lines": not figure.findobj(matplotlib.image.AxesImage),  # and words, but no picture and no coloured table
    }
    plt.close()
    display({"image/svg+xml": drawn.getvalue(), "text/plain": alt}, raw=True, metadata={"image/svg+xml": facts})


def _shown(text):
    """Whether the Axes that a text belongs to draws it: switched-off axes keep their labels to themselves."""
    import matplotlib.axis

    axes = text.axes
    if axes is None or axes.axison:
        return not (axes is not None and _tick_hidden(text, axes))
    return not any(
        text in axis.findobj(type(text)) for axis in (axes.xaxis, axes.yaxis) if isinstance(axis, matplotlib.axis.Axis)
    )


def _tick_hidden(text, axes):
    """Whether the text is the label of a tick outside the limits."""
    for axis, (low, high) in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim()))):
        for tick in axis.get_major_ticks() + axis.get_minor_ticks():
            if text in (tick.label1, tick.label2):
                return not low <= tick.get_loc() <= high
    return False
