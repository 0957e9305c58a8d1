"""The front-end parts of the slides: fetched once by npm, by the lock file, and pruned to what is used."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from slides import BUILT, FOLDER, SlidesError

# Where each part lies in node_modules; nothing else is kept.
REVEAL, KATEX, SANS, CODE = (
    "reveal.js/dist/",
    "katex/dist/",
    "@fontsource/source-sans-3/",
    "@fontsource/source-code-pro/",
)
_FACES = (
    "Main-Regular",
    "Main-Bold",
    "Main-Italic",
    "Math-Italic",
    "AMS-Regular",
    "Size1-Regular",
    "Size2-Regular",
    "Size3-Regular",
    "Size4-Regular",
)
KEPT = (
    REVEAL + "reveal.js",
    REVEAL + "reveal.css",
    REVEAL + "reset.css",
    "reveal.js/plugin/notes/notes.js",
    "reveal.js/LICENSE",
    KATEX + "katex.min.js",
    KATEX + "katex.min.css",
    "katex/LICENSE",
    *(f"{KATEX}fonts/KaTeX_{face}.woff2" for face in _FACES),
    *(
        f"{SANS}files/source-sans-3-{script}-{weight}-{slope}.woff2"
        for script in ("latin", "latin-ext", "greek")
        for weight, slope in ((400, "normal"), (400, "italic"), (600, "normal"))
    ),
    SANS + "LICENSE",
    *(f"{CODE}files/source-code-pro-{script}-400-normal.woff2" for script in ("latin", "latin-ext")),
    CODE + "LICENSE",
)


def fetch(folder=None):
    """Return the folder with the parts, below `folder`; npm fetches what the lock names if they are not there.

    They are kept in slides/_build, or in the folder that the environment variable SLIDES_PARTS names.

    Raises SlidesError where npm is missing or does not get them. What was fetched once needs no network again.
    """
    names = ("package.json", "package-lock.json")
    state = hashlib.sha256(b"".join((FOLDER / name).read_bytes() for name in names) + repr(KEPT).encode())
    folder = Path(folder or os.environ.get("SLIDES_PARTS") or BUILT)
    target = folder / f"parts-{state.hexdigest()[:12]}"
    if target.is_dir():
        return target
    npm = program("npm", "it fetches the front-end parts of the slides, once")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetching-", dir=folder) as place:
        place = Path(place)
        for name in (*names, ".npmrc"):
            shutil.copy(FOLDER / name, place)
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=place,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SlidesError(
                "npm could not fetch the front-end parts of the slides (slides/package-lock.json). "
                "They are needed once; connect to the network and repeat the command. npm said:\n"
                + done.stderr.strip()[-800:]
            )
        _keep(place / "node_modules", place / "kept")
        try:
            os.rename(place / "kept", target)  # all or nothing, also when two builds run at once
        except OSError:
            if not target.is_dir():
                raise
    return target


def program(name, purpose):
    """Return the path of a program, or raise SlidesError that says what it is for and how to get it."""
    found = shutil.which(name)
    if not found:
        raise SlidesError(
            f"There is no {name} here ({purpose}): install Node.js, which brings node and npm "
            "(on Debian and Ubuntu: sudo apt install npm; elsewhere from nodejs.org), and repeat the "
            "command."
        )
    return found


def _keep(modules, target):
    for name in KEPT:
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(modules / name, place)
