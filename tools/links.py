"""`make links`: asks every address that the course links to whether it still answers, and lists those that do not.

The course's files are read, its references' DOIs and arXiv numbers too, and the pages of the web edition where `make
site` has built them. It only reports: a page that is away for a day must not stop anybody. The report is Markdown.
"""

import json
import re
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import project

ADDRESS = re.compile(r"https?://[^\s<>\"'`\\)\]}|]+")
IDENTIFIER = re.compile(r"\b(doi|arXiv)[ :]+(10\.\d{4,}/[^\s,;)\]*>]+|\d{4}\.\d{4,5})", re.IGNORECASE)
RESOLVER = {"doi": "https://doi.org/", "arxiv": "https://arxiv.org/abs/"}
HREF = re.compile(r"""<a\b[^>]*?href=["'](https?://[^"'#]+)""")
BUILT = project.ROOT / "tools" / "site" / "_build"  # the web edition
READ = (".md", ".ipynb", ".py", ".yml", ".toml", ".js", ".css", ".cff")
AGENT = {"User-Agent": "Mozilla/5.0 (link check of a course)"}


def addresses(text):
    """Return the addresses in a text, each once, in their order, without the punctuation after them.

    >>> addresses("See https://a.org/b_(c), (http://d.org/e). And https://a.org/b_(c)!")
    ['https://a.org/b_(c', 'http://d.org/e']
    >>> addresses("*Nature* 1 (2020), doi 10.1038/s41586-020-2649-2: its idea. *CVPR* 2016, arXiv 1512.03385.")
    ['https://doi.org/10.1038/s41586-020-2649-2', 'https://arxiv.org/abs/1512.03385']
    >>> addresses('f"http://127.0.0.1:{port}/"')  # known only when it runs
    []
    """
    found = [address.rstrip(".,;:!?*_") for address in ADDRESS.findall(text)]
    found += [RESOLVER[kind.lower()] + number.rstrip(".:") for kind, number in IDENTIFIER.findall(text)]
    return list(dict.fromkeys(address for address in found if "." in address.split("/")[2] and "{" not in address))


def collected():
    """Return {address: [files that name it]} of the project's files, tests aside, and of the web edition's pages."""
    found = {}
    for name in project.files():
        path = project.ROOT / name
        if name.startswith("tests/") or path.parent == project.ROOT / "tools" or path.suffix not in READ:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        for address in addresses(text):
            found.setdefault(address, []).append(name)
    for page in sorted(BUILT.rglob("*.html")):
        for address in dict.fromkeys(HREF.findall(page.read_text(encoding="utf-8"))):
            found.setdefault(address, []).append(f"web edition: {page.relative_to(BUILT).as_posix()}")
    return found


def unnamed(text):
    """Return the items under "References" in a cell's text that cite more works than they say where to find.

    A work is told by its year. Each needs a DOI, an arXiv number or an address.

    >>> unnamed("### References\\n\\n- A. Who, *Journal* 1 (2020), doi 10.1234/x.\\n- B. Who, *Book*, 1999.")
    ['B. Who, *Book*, 1999.']
    """
    listed = re.split(r"(?m)^- ", text.partition("### References")[2])[1:]
    bare = [
        (item, re.subn(f"{IDENTIFIER.pattern}|{ADDRESS.pattern}", "", item, flags=re.IGNORECASE)) for item in listed
    ]
    return [item.strip() for item, (rest, places) in bare if len(re.findall(r"\b(?:19|20)\d\d\b", rest)) > places]


def problem(address, seconds=20):
    """Return why an address does not answer, or None; HTTP errors that mean "not for robots" are none."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=AGENT), timeout=seconds) as answer:
            answer.read(1)
    except urllib.error.HTTPError as error:
        return None if error.code in (401, 403, 405, 406, 418, 429, 503) else f"{error.code} {error.reason}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", None) or error)
    return None


def report(found, asked):
    """Return the Markdown report on {address: files}; `asked` is a function such as `problem`."""
    with ThreadPoolExecutor(16) as pool:
        problems = dict(zip(found, pool.map(asked, found), strict=True))
    bad = {address: why for address, why in problems.items() if why}
    if bad and bad.keys() == problems.keys():
        return f"None of {len(bad)} addresses answers, so that this computer seems to be offline: nothing was checked."
    lines = [f"{len(found)} addresses, {len(bad)} of them do not answer.", ""]
    return "\n".join([*lines, *(f"- <{address}>: {why} ({', '.join(found[address])})" for address, why in bad.items())])


if __name__ == "__main__":
    print(report(collected(), problem))
    sys.exit(0)
