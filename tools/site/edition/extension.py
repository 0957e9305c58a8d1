"""What Sphinx and myst-nb lack: formulas without a script, alt texts, live explorers, light figures."""

import re
from pathlib import Path, PurePosixPath

from docutils import nodes
from PIL import Image
from sphinx import addnodes

from edition import docstrings
from slides import maths

_CODE = re.compile(r'(?<=<span class="pre">)[^<]+')  # a word of code, which may break at its joints on a telephone
_JOINTS = re.compile(r"(?<=\w[_./])(?=\w)")
_OPTION = re.compile(r"(?<![\w-])--?\w")  # the begin of an option of a command, whose hyphens belong to its name
_MARK = re.compile(r"[.,;:?!)]+")
_SIZE = re.compile(r"(?<=\d) ([×·]) (?=\d)")
_IMAGE = re.compile(r'<img [^>]*src="((?:\.\./)*_images/[^"]+)\.png"[^>]*>')
_BRITISH = {"Color mode": "Colour mode"}  # words of the theme that the course spells otherwise
_OTHER_NAME = ' aria-label="Toggle hidden content"'  # a folded cell is called what it says, as WCAG 2.5.3 asks
SHORT = 24  # letters of a formula that stays in one line with the mark behind it


def setup(app):
    """Register everything with Sphinx."""
    app.add_config_value("edition_alts", {}, "env")
    app.add_config_value("edition_parts", "", "env")
    app.add_config_value("edition_explorers", {}, "env")
    app.add_html_math_renderer("katex", (_unexpected, None), (_unexpected, None))
    app.connect("autodoc-process-docstring", _plain_words)
    app.connect("doctree-resolved", _set_formulas)
    app.connect("doctree-read", _give_words)
    app.connect("doctree-read", _keep_sizes)
    app.connect("doctree-read", _say_once)
    app.connect("html-page-context", _make_alive)
    app.connect("build-finished", _make_light)
    app.connect("build-finished", _give_theme)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _unexpected(translator, node):
    raise AssertionError(f"formula left over: {node.astext()}")


def _set_formulas(app, doctree, _name):
    """Replace the formulas of a page by KaTeX's HTML and MathML: one start of node for all of them."""
    found = [*doctree.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block)))]
    if not found:
        return
    formulas = [(node.astext(), isinstance(node, nodes.math_block)) for node in found]
    marks = "\0".join(f"@formula{number}@" for number in range(len(found)))
    set_ones = maths.put_back(marks, formulas, Path(app.config.edition_parts)).split("\0")
    for node, html in zip(found, set_ones, strict=True):
        after = node.next_node(descend=False, siblings=True)
        if isinstance(after, nodes.Text) and (mark := _MARK.match(after)) and len(node.astext()) <= SHORT:
            html = f'<span class="kept">{html}{mark[0]}</span>'  # else the mark may begin a line
            after.parent.replace(after, nodes.Text(after[mark.end() :]))
        node.replace_self(nodes.raw("", html, format="html"))


def _give_words(app, doctree):
    for image in doctree.findall(nodes.image):
        words = app.config.edition_alts.get(PurePosixPath(image["uri"]).stem)
        if words:
            image["alt"] = words


def _keep_sizes(_app, doctree):
    """Let no line end within a size such as 3 × 3 or a product such as 2 · 5."""
    for text in [*doctree.findall(nodes.Text)]:
        if _SIZE.search(text) and not isinstance(
            text.parent, (nodes.literal, nodes.literal_block, nodes.raw, nodes.title)
        ):
            text.parent.replace(text, nodes.Text(_SIZE.sub("\u00a0\\1\u00a0", text)))


def _say_once(_app, doctree):
    """Keep one signature of a function with several bodies: autodoc writes the same one for each type."""
    for described in doctree.findall(addnodes.desc):
        seen = set()
        for signature in [one for one in described.children if isinstance(one, addnodes.desc_signature)]:
            if signature.astext() in seen:
                described.remove(signature)
            seen.add(signature.astext())


def _plain_words(_app, _what, _name, _object, _options, lines):
    # Python's own words for a field of a named tuple say nothing; the class says what its fields are.
    lines[:] = [] if lines[:1] and lines[0].startswith("Alias for field number") else docstrings.as_written(lines)


def _make_alive(app, _page, _template, context, _doctree):
    """Make each figure a link to itself, so that it opens large, and a place where an explorer lives of its picture."""

    def replaced(image):
        light = image[0].replace(f"{image[1]}.png", f"{image[1]}.webp")
        figure = f'<a class="figure" href="{image[1]}.webp">{light}</a>'
        explorer = app.config.edition_explorers.get(PurePosixPath(image[1]).name)
        return _explorer(explorer, figure, context["pathto"]) if explorer else figure

    context["_"] = lambda words: _BRITISH.get(words, words)
    if "body" in context:
        context["body"] = _CODE.sub(_broken_well, context["body"])
        context["body"] = context["body"].replace(_OTHER_NAME, "")
        context["body"] = _IMAGE.sub(replaced, context["body"])
        if 'class="exercise"' in context["body"]:
            app.add_js_file("answers.js")
            app.add_js_file("exercises.js")


def _broken_well(code):
    return _OPTION.sub(r'<span class="kept">\g<0></span>', _JOINTS.sub("<wbr>", code[0]))


def _make_light(app, _error):
    """Turn each figure into a WebP without loss, a quarter smaller, whose address the pages already have."""
    for path in Path(app.outdir, "_images").glob("*.png"):
        with Image.open(path) as image:
            image.save(path.with_suffix(".webp"), lossless=True)
        path.unlink()


def _give_theme(app, _error):
    """Give each page the light theme until a script chooses one: without JavaScript it would have no colours at all."""
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(' data-theme="auto"', ' data-theme="light"', 1), encoding="utf-8")


def _explorer(explorer, figure, pathto):
    """Return the place of an explorer: its stored picture until its script has come, which a note then explains."""
    colab = f'<a href="{explorer["colab"]}">open the lecture in Colab</a>'
    return (
        f'<div class="explorer" data-script="{pathto(explorer["script"], 1)}">'
        f'<div id="{explorer["place"]}"></div>{figure}'
        f'<noscript><p class="exercise-note">It can be played with where JavaScript runs, or {colab}.</p></noscript>'
        f'<p class="explorer-note" hidden>{explorer["python"]} {colab}.</p></div>'
    )
