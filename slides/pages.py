"""A deck as one page of HTML with everything in it: styles, fonts, scripts, figures, explorers."""

import base64
import html
import json
import re
import unicodedata
from string import Template

import mistune
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from coursekit import plots
from slides import FOLDER, SlidesError
from slides.decks import slide_type
from slides.embedded import taken_apart
from slides.maths import put_back, take_out
from slides.parts import CODE, KATEX, REVEAL, SANS

THEME = FOLDER / "theme"
_LABELS = {"question": "Question", "try": "Try it"}
_HEADING = re.compile(r"\s*(<h[12]>.*?</h[12]>)", re.DOTALL)
_LOWERED = re.compile("[₀-₉]+")  # the face of the text has them nearly on the line
_CLOSING = "<h2>What you can do now</h2>"  # the last but one slide of a deck: its promises, with the numbers found
_FIGURE = re.compile(r'<div class="figure"><img [^>]*></div>')
_to_html = mistune.create_markdown(escape=False, plugins=["table"])


def page(slides, parts, stem):
    """Return the page (str) of a list of `decks.Slide`; `parts` is the folder of `parts.fetch`.

    Raises SlidesError for a slide without a heading and for an output that no slide can show.
    """
    formulas, explorers = [], []
    sections, figure = [], None
    for number, slide in enumerate(slides, start=1):
        sections.append(_section(slide, number, len(slides), stem, formulas, explorers, figure))
        figure = (_FIGURE.findall(sections[-1]) or [figure])[-1]
    for number, (asks, follows) in enumerate(zip(slides, slides[1:]), start=1):
        if "answered-next" in _tags(asks.cells[0]) and "question" not in _tags(follows.cells[0]):
            sections[number] = _answering(sections[number])
    sections = [_answering(section) if _CLOSING in section else section for section in sections]
    title = re.sub(r"<[^>]+>", "", _HEADING.match(_markdown(slides[0].cells[0].source, formulas))[1])
    colors = {name: getattr(plots, name) for name in ("BLUE", "ORANGE", "GREEN")}
    styles = [
        _text(parts, REVEAL + "reset.css"),
        _text(parts, REVEAL + "reveal.css"),
        _fonts(parts),
        _katex(parts),
        *sorted({style for style, _ in explorers}),
        Template((THEME / "theme.css").read_text(encoding="utf-8")).substitute(colors),
    ]
    scripts = [_text(parts, REVEAL + "reveal.js"), _text(parts, "reveal.js/plugin/notes/notes.js")]
    filled = Template((THEME / "page.html").read_text(encoding="utf-8")).substitute(
        title=html.escape(html.unescape(title)),
        styles="\n".join(styles),
        sections="\n".join(sections),
        scripts="\n".join(text.replace("</script", "<\\/script") for text in scripts),
        settings=json.dumps({"seconds": int(60 * sum(slide.minutes for slide in slides))}),
        deck=(THEME / "deck.js").read_text(encoding="utf-8"),
        explorers="\n".join(script for _, script in explorers),
    )
    return put_back(filled, formulas, parts)


def _answering(section):
    """Mark a slide as one that gives answers away, which the handout leaves out."""
    return section.replace('class="', 'class="answers ', 1)


def _section(slide, number, count, stem, formulas, explorers, figure):
    """Return a slide's HTML; `figure` is the last one on a slide before it, or None, for those tagged to carry it."""
    columns, heading = {"main": [], "side": []}, ""
    for cell in slide.cells:
        content = _cell(cell, formulas, explorers)
        if not heading and content:
            found = _HEADING.match(content)
            if not found:
                raise SlidesError(f"The slide that begins with cell {cell.id!r} has no heading: begin it with '## '.")
            heading, content = found[1], content[found.end() :].strip()
        if content:
            columns["side" if "side" in _tags(cell) else "main"].append(_block(cell, content))
    if {"carried", "carried-until-answer"} & set(_tags(slide.cells[0])):
        columns = _carried(columns, figure, slide.cells[0])
    label = f'<p class="kind">{_LABELS[slide.kind]}</p>' if slide.kind in _LABELS else ""
    body = "".join(f'<div class="column {name}">{"".join(blocks)}</div>' for name, blocks in columns.items() if blocks)
    notes = "".join(_markdown(text, formulas) for text in slide.notes)
    kind = slide.kind if _is_drawn(body) else f"{slide.kind} plain"
    return (
        f'<section id="slide-{number}" class="{kind.strip()}" data-timing="{int(60 * slide.minutes)}">{label}{heading}'
        f'<div class="body{" split" if columns["side"] else ""}">{body}</div>'
        f"<footer><span>{html.escape(_spoken(stem))}</span><span>{number} / {count}</span></footer>"
        f'<aside class="notes">{notes}</aside></section>'
    )


def _carried(columns, figure, cell):
    """Return the columns of a question with the last figure before it, which stays, or goes when the answer comes.

    Raises SlidesError where there is no figure.
    """
    if figure is None:
        raise SlidesError(f"Cell {cell.id!r} is tagged to carry a figure, but no slide before it has one.")
    shown = "".join(columns["main"])
    if "carried" in _tags(cell):
        return columns | {"main": [f'<div class="cell drawn carried">{figure}</div>', shown]}
    answer = shown.replace(" fragment", "", 1)  # its place comes with that key
    kind = "step fragment" if _is_drawn(shown) else "step fragment plain"
    steps = f'<div class="step carried">{figure}</div><div class="{kind}">{answer}</div>'
    return columns | {"main": [f'<div class="cell drawn"><div class="steps">{steps}</div></div>']}


def _tags(cell):
    return cell.metadata.get("tags", [])


def _block(cell, content):
    classes = ["cell", *(tag for tag in _tags(cell) if tag in ("small", "big", "answer"))]
    classes += ["drawn"] * _is_drawn(content) + ["fragment"] * (slide_type(cell) == "fragment")
    return f'<div class="{" ".join(classes)}">{content}</div>'


def _is_drawn(content):
    return 'class="figure"' in content or 'class="explorer"' in content


def _spoken(stem):
    """
    >>> _spoken("03_convolution_of_images")
    '03 · Convolution of images'
    """
    number, _, words = stem.partition("_")
    return f"{number} · {words.replace('_', ' ').capitalize()}"


def _cell(cell, formulas, explorers):
    if cell.cell_type == "markdown":
        return _markdown(cell.source, formulas)
    shown = [_output(output, cell, formulas, explorers) for output in cell.get("outputs", [])]
    if "steps" in _tags(cell):
        return _steps(shown)
    return (_code(cell.source) if "shown" in _tags(cell) else "") + "".join(shown)


def _steps(shown):
    """Put what a cell shows into one place, step after step: a figure begins one, and words after it belong to it."""
    steps = []
    for content in shown:
        if content.startswith('<div class="figure">') or not steps:
            steps.append("")
        steps[-1] += content
    later = "".join(f'<div class="step fragment">{content}</div>' for content in steps[1:])
    return f'<div class="steps"><div class="step">{steps[0]}</div>{later}</div>'


def _code(source):
    return highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)).join(("<pre><code>", "</code></pre>"))


def _markdown(text, formulas):
    shown = _to_html(take_out(text, formulas)).strip()
    return _LOWERED.sub(lambda found: f"<sub>{unicodedata.normalize('NFKC', found[0])}</sub>", shown)


def _output(output, cell, formulas, explorers):
    data = output.get("data", {})
    if output.output_type == "stream" and output.name == "stdout":
        return f"<pre>{html.escape(output.text.rstrip())}</pre>"
    if "text/markdown" in data:
        return _markdown(data["text/markdown"], formulas)
    if "image/svg+xml" in data:
        return _figure(data["image/svg+xml"], output.metadata["image/svg+xml"])
    if 'class="ck' in data.get("text/html", "") or "localModel" in data.get("text/html", ""):
        return _explorer(data["text/html"], explorers)
    if "text/plain" in data:
        return f"<pre>{html.escape(data['text/plain'])}</pre>"
    raise SlidesError(f"Cell {cell.id!r} shows what no slide can: {output.get('name') or sorted(data)}.")


def _figure(svg, facts):
    coded = base64.b64encode(svg.encode()).decode()
    wide, high = facts["inches"]
    lines = 'class="lines" ' * facts["lines"]  # which turn dark with the theme
    return (
        f'<div class="figure"><img {lines}src="data:image/svg+xml;base64,{coded}" alt="{html.escape(facts["alt"])}" '
        f'style="--shape: {wide / high:.4f}" data-inches="{wide:.3f} {high:.3f}" '
        f'data-letters="{facts["letters"]:g}"></div>'
    )


def _explorer(shown, explorers):
    """Take the page of an explorer apart: its styles and script go to the end of the deck, its place stays here."""
    place = f"explorer-{len(explorers) + 1}"
    style, script = taken_apart(shown, place)
    explorers.append((style, f'<script type="module">{script}</script>'))
    return f'<div class="explorer" id="{place}"></div>'


def _text(parts, name):
    return (parts / name).read_text(encoding="utf-8").replace("//# sourceMappingURL", "// ")


def _coded(path):
    return f"url(data:font/woff2;base64,{base64.b64encode(path.read_bytes()).decode()}) format('woff2')"


def _fonts(parts):
    """The faces of the text. Each script has a name of its own, so that the browser falls through them."""
    faces = []
    for folder, family in ((SANS, "Source Sans 3"), (CODE, "Source Code Pro")):
        for path in sorted((parts / folder / "files").glob("*.woff2")):
            script, weight, slope = re.fullmatch(r".*-(latin|latin-ext|greek)-(\d+)-(\w+)", path.stem).groups()
            name = family + {"latin": "", "latin-ext": " ext", "greek": " greek"}[script]
            faces.append(
                f'@font-face {{ font-family: "{name}"; font-weight: {weight}; font-style: {slope}; '
                f"src: {_coded(path)}; }}"
            )
    return "\n".join(faces)


def _katex(parts):
    """KaTeX's styles with those faces written in that are kept, and without the others."""

    def face(match):
        path = parts / KATEX / "fonts" / f"{match[1]}.woff2"
        return re.sub(r"src:[^}]*", f"src:{_coded(path)}", match[0]) if path.is_file() else ""

    return re.sub(r"@font-face\{[^}]*?url\(fonts/([\w-]+)\.woff2\)[^}]*\}", face, _text(parts, KATEX + "katex.min.css"))
