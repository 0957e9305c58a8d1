"""Pages for those who teach: `slides/teaching` holds one for each lecture, and a README.md with two plans.

They are written by hand, and read as they stand on GitHub. The web edition shows them with living links, tests hold
what they say against lectures, decks and banks, and `make badges` renews the head of each.
"""

import re

import nbformat

import project
from coursekit.lectures import LECTURES
from slides import decks

FOLDER = project.ROOT / "slides" / "teaching"
PARTS = ("Minutes", "What students get wrong", "What to ask", "What to skip", "In the room")
COLUMNS = {"50": 50, "75": 75, "45+": 45, "+45": 45}  # heading of a column of minutes: what it adds up to
OPENING, ROOM, CLOSING, TOGETHER = "Opening", "In the room", "What you can do now", "**Together**"
_ROW = re.compile(r"^\| (.+?) \| +(.+?) \| +(.+?) \| +(.+?) \| +(.+?) \|$", re.MULTILINE)
_QUOTE = re.compile(r'^- "(.+)" \((check|quiz) ([\w.]+)\)[.:]', re.MULTILINE)
_SLIDE = re.compile(r"\bslides? \*([^*]+)\*")


def head(lecture, deck):
    """Return the head of a lecture's page, as Markdown: its title, and links; `deck`, a notebook, tells the minutes."""
    name, length = f"{lecture.stem}.ipynb", sum(slide.minutes for slide in decks.slides(deck))
    return (
        f"# {lecture.number} · {lecture.title}\n\n[Lecture](../../notebooks/{name}) · [deck](../{name}), "
        f"{length:g} minutes with every slide · [other lectures, and two plans](README.md)\n"
    )


def renewed(text, lecture):
    """Return the `text` of a lecture's page with the head that it should have, by the list of lectures and the deck."""
    deck = nbformat.read(project.ROOT / "slides" / f"{lecture.stem}.ipynb", as_version=4)
    return f"{head(lecture, deck)}\n{text[text.index('## ') :]}"


def pages():
    """Return {Lecture: path} of the pages that are written."""
    return {one: path for one in LECTURES if (path := FOLDER / f"{one.stem}.md").exists()}


def sections(path):
    """Return the headings of level 2 of the notebook at `path`, in their order."""
    notebook = nbformat.read(path, as_version=4)
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return re.findall(r"^## (.+)$", "\n".join(texts), re.MULTILINE)


def part(text, title):
    """Return what stands below the heading `title` of level 2; an empty text where there is none.

    >>> part("## A\\n\\nOne.\\n\\n## B\\n\\nTwo.\\n", "A")
    'One.'
    """
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def minutes(text):
    """Return {row: (four numbers)} of a page's table of minutes, a dash as 0, in the order of `COLUMNS`.

    >>> minutes("| Section | 50 | 75 | 45+ | +45 |\\n|---|--:|--:|--:|--:|\\n| 1 · A | – | 7 | 8 | – |")
    {'1 · A': (0, 7, 8, 0)}
    """
    rows = {name: cells for name, *cells in _ROW.findall(text) if name not in ("Section", "---")}
    return {name: tuple(0 if cell == "–" else int(cell.strip("*")) for cell in cells) for name, cells in rows.items()}


def quotes(text):
    """Return [(sentence, "check" or "quiz", name)] of the mistakes that a page quotes.

    >>> quotes('- "mind the sign" (quiz 01_one_neuron): say why.')
    [('mind the sign', 'quiz', '01_one_neuron')]
    """
    return _QUOTE.findall(re.sub(r"\n +", " ", text))


def slides_named(text):
    """Return the headings of slides that a page names.

    >>> slides_named("Vote at slide *Which one?*, then go on.")
    ['Which one?']
    """
    return _SLIDE.findall(" ".join(text.split()))
