"""Faults of finished pages that need no browser to be seen: dead links, foreign hosts, pictures without words."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

APART = {"_static", "decks", "explorers", "lite"}  # have tests of their own; lite alone asks other hosts
LARGEST = 1_500_000  # bytes of a page with its pictures
_FOREIGN = re.compile(r"(?:https?:)?//")
_LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
_IN_STYLE = re.compile(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//")


class Page(HTMLParser):
    """What a page says of itself: `ids`, `links`, what it loads, `pictures` as (address, alt), level of `headings`."""

    def __init__(self, path):
        super().__init__()
        self.path = path
        self.ids, self.links, self.loaded, self.pictures, self.headings = set(), [], [], [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.update(filter(None, (given.get("id"), given.get("name"))))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "img":
            self.pictures.append((given.get("src", ""), given.get("alt")))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        address = given.get(_LOADED.get(tag, ""), "")
        if address and not (tag == "link" and given.get("rel") in ("search", "next", "prev", "index", "canonical")):
            self.loaded.append(address)


def read(folder):
    """Return {path: Page} of all pages in `folder`, except those of APART."""
    return {
        path: Page(path)
        for path in sorted(folder.rglob("*.html"))
        if not APART & set(path.relative_to(folder).parts[:1])
    }


def faults(folder):
    """Return one sentence for each fault of the site in `folder`; an empty list for a site in order."""
    pages = read(folder)
    found = []
    for path, page in pages.items():
        name = path.relative_to(folder).as_posix()
        found += [f"{name}: {fault}" for fault in [*_dead(page, pages), *_words(page), *_order(page), *_weight(page)]]
    for style in folder.rglob("*.css"):
        if style.relative_to(folder).parts[0] != "lite" and _IN_STYLE.search(style.read_text(encoding="utf-8")):
            found.append(f"{style.relative_to(folder).as_posix()}: loads something from another host")
    return found


def _dead(page, pages):
    for address in dict.fromkeys([*page.links, *page.loaded]):
        if _FOREIGN.match(address):
            if address in page.loaded:
                yield f"loads {address} from another host"
            continue
        place, anchor = urldefrag(address)
        if re.match(r"[a-z]+:", place):
            continue
        target = (page.path.parent / unquote(place.partition("?")[0])).resolve() if place else page.path
        if not target.is_file():
            yield f"the link {address} leads nowhere"
        elif anchor and target in pages and unquote(anchor) not in pages[target].ids:
            yield f"the link {address} leads to no place on its page"


def _words(page):
    for address, alt in page.pictures:
        if not alt or alt.startswith(("_images", "../_images")) or "No description" in alt:
            yield f"the picture {address} has no words"


def _order(page):
    if page.headings.count(1) != 1:
        yield f"has {page.headings.count(1)} headings of level 1"
    for before, after in zip(page.headings, page.headings[1:], strict=False):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def _weight(page):
    files = {address for address, _ in page.pictures if not address.startswith("data:")}
    paths = [path for path in ((page.path.parent / unquote(one)) for one in files) if path.is_file()]
    size = page.path.stat().st_size + sum(path.stat().st_size for path in paths)
    if size > LARGEST:
        yield f"weighs {size / 1e6:.1f} MB with its pictures, more than {LARGEST / 1e6} MB"
