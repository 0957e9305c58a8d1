"""The decks, one notebook a lecture, and what turns them into slides: `make slides`, `make present LECTURE=06`.

A deck is a notebook whose cells compute all that it shows; their code is hidden in class. What its cells may say:

- `slideshow.slide_type` of the metadata, as in JupyterLab: "slide" begins one, "fragment" appears at the next
  key press, "notes" are for the speaker's screen and begin with "3 min." (the time for this slide);
- tags: "side" puts a cell into the right column; "steps" shows the figures of a cell one after the other in one
  place; "shown" shows its code; "small" is for sources, "answer" marks one. "published" numbers may be typed.
  On the first cell of a slide, "title", "question" and "try" set its kind; "answered-next" says where the answer is.
- `facts` of the metadata names rows of tests/support/facts that the slide states: a test compares them.

`decks` reads and runs them, `maths` and `parts` prepare what a page needs, `pages` writes it, `printing` makes the
PDF, `present` serves it. Everything is written into the page: it needs no network and no other file.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BUILT = FOLDER / "_build"


class SlidesError(Exception):
    """What stopped the slides from being built, and what to do about it, in words for the terminal."""
