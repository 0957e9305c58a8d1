"""`make slides`: run the decks and write slides/_build/<stem>.html, .pdf and -handout.pdf; LECTURE=06 takes one alone.

A page or PDF is replaced only by a finished one, so that nothing half-built is ever found there.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from slides import BUILT, SlidesError, decks, pages, parts, printing


def build(path, folder=BUILT, pdf=True, parts_folder=None):
    """Run the deck at `path` and write its page, and its PDFs unless told not to, into `folder`.

    Returns the path of the page. Raises SlidesError for what is missing and for a cell that fails, and then
    leaves in the folder what was there before.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    fetched = parts.fetch(parts_folder)
    if pdf:
        printing.opened()  # is there a Chromium at all? Better known now than in a minute
    with tempfile.TemporaryDirectory(prefix="building-", dir=folder) as place:
        made = [Path(place) / f"{path.stem}.html"]
        made[0].write_text(pages.page(decks.slides(decks.run(path)), fetched, path.stem), encoding="utf-8")
        if pdf:
            made += printing.print_pdfs(made[0])
        for file in made:
            os.replace(file, folder / file.name)
    return folder / made[0].name


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="make slides", description=__doc__)
    parser.add_argument("lecture", nargs="?", default="", help="the beginning of a deck's name: 06")
    parser.add_argument("--no-pdf", action="store_true", help="only the pages, which needs no Chromium")
    parser.add_argument(
        "--out", type=Path, default=BUILT, metavar="FOLDER", help="where to write, by default slides/_build"
    )
    chosen = parser.parse_args(arguments)
    try:
        for path in decks.paths(chosen.lecture):
            start = time.monotonic()
            page = build(path, chosen.out, pdf=not chosen.no_pdf)
            print(
                f"{page.relative_to(Path.cwd()) if page.is_relative_to(Path.cwd()) else page}: "
                f"{page.stat().st_size / 1e6:.1f} MB, {time.monotonic() - start:.0f} s",
                flush=True,
            )
    except SlidesError as error:
        sys.exit(f"{error}\n(Pages and PDFs that were built before are as they were.)")


if __name__ == "__main__":
    main()
