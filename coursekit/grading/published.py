"""Where the course is published, and the links that follow from it.

The address stands in pyproject.toml alone, and so does the branch or tag that Colab takes, `term`: a lecturer
who sets it to a tag, such as 2026.11, gives students the same course all term long.
"""

import re
from typing import NamedTuple

GITHUB = "https://github.com/"
COLAB = "https://colab.research.google.com/github/"
MAIN = "main"
_ADDRESS = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+")
_TERM = re.compile(r"\w[\w.-]*")
# The same in texts that may name another repository, or another term.
REQUIREMENT = re.compile(rf"git\+{_ADDRESS.pattern}(?:@[\w.-]+)?")
LINK = re.compile(r"https://colab\.research\.google\.com/github/[\w.-]+/[\w.-]+/blob/[\w.-]+/")


class Repository(NamedTuple):
    """A repository of the course: its `address`, https://github.com/OWNER/NAME, and the branch or tag `term`.

    >>> here = Repository("https://github.com/someone/course", "2026.11")
    >>> here.requirement
    'git+https://github.com/someone/course@2026.11'
    >>> here.colab("notebooks/01.ipynb")
    'https://colab.research.google.com/github/someone/course/blob/2026.11/notebooks/01.ipynb'
    """

    address: str
    term: str = MAIN

    @property
    def name(self):
        """OWNER/NAME."""
        return self.address.removeprefix(GITHUB)

    @property
    def requirement(self):
        """What the first cell of a notebook asks pip for."""
        return f"git+{self.address}" + ("" if self.term == MAIN else f"@{self.term}")

    def colab(self, file=""):
        """Return the address at which Colab opens `file`, a path in the repository."""
        return f"{COLAB}{self.name}/blob/{self.term}/{file}"

    def badge(self, file):
        """Return the badge, in Markdown, that opens `file` on Colab."""
        return f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({self.colab(file)})"

    def rewritten(self, text):
        """Return `text` with its links to Colab and what it asks pip for leading to this repository."""
        return LINK.sub(self.colab(), REQUIREMENT.sub(self.requirement, text))


def read(root):
    """Return the Repository that pyproject.toml in the folder `root` names.

    Raises ValueError for an address that is not GitHub's, since Colab opens notebooks from there, and for a term
    that cannot be a branch or tag.
    """
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    address = checked(_value("Repository", text) or "")
    term = _value("term", text)
    term = f'"{MAIN}"' if term is None else term
    if term[0] + term[-1] != '""':
        raise ValueError(f"term in pyproject.toml must be the name of a branch or tag. Received: {term}")
    return Repository(address, checked_term(term[1:-1], "term in pyproject.toml"))


def checked(address, name="Repository in pyproject.toml"):
    """Return `address` without quotes, final slash and the .git of a clone; raises ValueError unless it is GitHub's."""
    found = str(address).strip('"').rstrip("/").removesuffix(".git")
    if not _ADDRESS.fullmatch(found):
        raise ValueError(
            f"{name} must be {GITHUB}OWNER/NAME, since Colab opens notebooks from GitHub. Received: {found!r}"
        )
    return found


def checked_term(term, name="term"):
    """Return `term`; raises ValueError where it cannot be the name of a branch or tag."""
    if not _TERM.fullmatch(str(term)):
        raise ValueError(f"{name} must be the name of a branch or tag. Received: {str(term)!r}")
    return term


def _value(key, text):
    # A pattern, since Python 3.10 has no tomllib; both keys stand on lines of their own.
    found = re.search(rf'(?m)^{key} *= *("[^"]*"|[^#\n]*[^#\s])', text)
    return found and found[1]
