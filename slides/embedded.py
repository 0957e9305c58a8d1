"""The page of an explorer taken apart, so that a page with other things on it can hold it: slides, the web edition."""

import re

_STYLE = re.compile(r"<style>\n(.*?)</style>", re.DOTALL)
_MODULE = re.compile(r'<script type="module">(.*?)</script>', re.DOTALL)


def taken_apart(shown, place):
    """Return (styles, script) of the page `shown` (HTML of `Explorer.to_html`); the script fills the id `place`.

    >>> taken_apart('<style>\\np {}</style><script type="module">f(document.querySelector("main"))</script>', "here")
    ('p {}', 'f(document.getElementById("here"))')
    """
    script = _MODULE.search(shown)[1].replace('document.querySelector("main")', f'document.getElementById("{place}")')
    return _STYLE.search(shown)[1], script
