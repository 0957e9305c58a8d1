"""What an examination finds."""

from typing import NamedTuple

GOOD, WARNING, PROBLEM = "good", "warning", "problem"


class Finding(NamedTuple):
    """One thing that was examined: `state` is "good", "warning" or "problem"; good ones need no remedy."""

    name: str  # "memory"
    state: str
    says: str  # one plain sentence or two
    remedy: str = ""
