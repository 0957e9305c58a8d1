"""The web edition of the course: `make site` turns what the repository stores into pages that need no server.

`staging` lays out what Sphinx reads (lectures as stored, nothing is run), `extension` is what Sphinx does not do by
itself (formulas, alt texts, figures that open large), `checking` reads the finished pages, `building` ties them
together and leaves either a whole site or none.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
ROOT = FOLDER.parent.parent
BUILT = FOLDER / "_build"


class SiteError(Exception):
    """What stopped the site from being built, and what to do about it, in words for the terminal."""
