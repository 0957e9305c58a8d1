"""What students may hand in for the small assignment of the tests: honest work, accidents, attacks.

`CORPUS` is {name: Submission}: the bytes of the file, and the points that it deserves for q1, q2 and q3. An attack
that would harm this machine tries it in the folder named by VICTIM, which `corpus(folder)` fills in.
"""

import json
import re

from small_assignment import *  # noqa: F403
from small_assignment import ABOUT, SETTINGS, TESTS, VICTIM, Submission
from submissions_honest import FORMS, HONEST
from submissions_hostile import ACCIDENTS, ATTACKS
from submissions_jupyter import JUPYTER
from submissions_undeserved import UNDESERVED
from submissions_unusual import UNUSUAL
from submissions_zipped import ARCHIVES, zipped

__all__ = ["zipped"]
CORPUS = {**HONEST, **UNUSUAL, **JUPYTER, **FORMS, **ARCHIVES, **ACCIDENTS, **ATTACKS, **UNDESERVED}


def corpus(victim, port):
    """Return CORPUS, its attacks aimed at the folder `victim` and at a local server's port."""

    def aimed(content):
        return content.replace(VICTIM.encode(), str(victim).encode()).replace(b"PORT", str(port).encode())

    return {
        name: Submission(one.data if one.kind == ".zip" else aimed(one.data), one.points, one.says, one.kind)
        for name, one in CORPUS.items()
    }


def file_name(name):
    return re.sub(r"\W+", "_", name) + CORPUS[name].kind


def write_class(folder, corpus):
    """Write the submissions of a class to a folder, each under its own name."""
    folder.mkdir()
    for name, one in corpus.items():
        (folder / file_name(name)).write_bytes(one.data)
    return folder


def write_assignment(folder, tests=TESTS, **limits):
    """Write the small assignment to a folder as `make assignments` would."""
    built = folder / "_build" / ABOUT["name"]
    settings = {**SETTINGS, "limits": {**SETTINGS["limits"], **limits}}
    (built / "tests").mkdir(parents=True)
    (folder / ABOUT["name"]).mkdir()
    for name, source in tests.items():
        (built / "tests" / name).write_text(source, encoding="utf-8")
    (built / "assignment.json").write_text(json.dumps(ABOUT), encoding="utf-8")
    (folder / ABOUT["name"] / "grading.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder
