"""`make present LECTURE=06`: serve one deck to this computer's browser, with the speaker view (key S).

The deck is built first where it is missing or older than what it is made of.
"""

import argparse
import functools
import http.server
import sys
import webbrowser

from slides import BUILT, FOLDER, SlidesError, decks
from slides.build import build


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps no log in the terminal, where the address should stay in sight."""

    def log_message(self, *words):
        pass


def current(path, folder=BUILT):
    """Return the page of the deck at `path`, built anew where a source of it is younger."""
    page = folder / f"{path.stem}.html"
    sources = [path, *FOLDER.glob("*.py"), *(FOLDER / "theme").iterdir(), FOLDER / "package-lock.json"]
    if page.is_file() and page.stat().st_mtime >= max(source.stat().st_mtime for source in sources):
        return page
    print(f"Building {path.stem} …", flush=True)
    return build(path, folder, pdf=False)


def server(folder, port=0):
    """Return a server for the files in `folder`, on this computer only; port 0 takes any that is free."""
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Quiet, directory=str(folder)))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="make present", description=__doc__)
    parser.add_argument("lecture", help="the beginning of a deck's name: 06")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--no-browser", action="store_true", help="only serve it")
    chosen = parser.parse_args(arguments)
    try:
        page = current(decks.paths(chosen.lecture)[0])
        with server(page.parent, chosen.port) as serving:
            address = f"http://127.0.0.1:{serving.server_address[1]}/{page.name}"
            print(
                f"{address}\nS opens the speaker view, D changes dark and light, ? lists all keys. "
                "To stop it, press Ctrl-C here.",
                flush=True,
            )
            if not chosen.no_browser:
                webbrowser.open(address)
            serving.serve_forever()
    except SlidesError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"The slides cannot be served on port {chosen.port}: {error}. Name another, or none.")
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
