"""Decides who handed in what, from the part of a name that the learning platform wrote, and from nothing else.

Canvas names files NAME_[LATE_]USER_FILE_…, Moodle NAME_NUMBER_assignsubmission_…, where NAME has no underscore,
and Gradescope has folders submission_NUMBER and, beside them, submission_metadata.yml. Where none of these wrote
the names, the lecturer did: a folder, or a file, bears the name of a student. Nothing below a student's folder
and nothing behind a platform's prefix tells who they are.
"""

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath

PLATFORMS = ("canvas", "moodle", "gradescope", "plain")
METADATA = "submission_metadata.yml"
_CANVAS = re.compile(
    r"(?:(?P<name>[^/]*?)_)??(?P<late>LATE_)?(?P<id>\d+|anon_[A-Za-z0-9]+)_(?P<number>\d+)_(?P<file>[^/]+)"
)
_CANVAS_TEXT = re.compile(
    r"(?:(?P<name>[^/]*?)_)??(?P<late>LATE_)?(?P<id>\d+|anon_[A-Za-z0-9]+)_(?P<file>(?:text|link)\.html)"
)
_MOODLE = re.compile(r"(?P<name>[^/_]*)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_?/|_(?=[^/]+$))(?P<file>.+)", re.DOTALL)
_GRADESCOPE = re.compile(r"(?P<folder>submission_\d+)/(?P<file>.+)", re.DOTALL)
_NOISE = re.compile(r"(^|/)(\.|__MACOSX(/|$)|Thumbs\.db$)|-checkpoint\.ipynb$")
_NOISE_ON_TOP = re.compile(r"\.|__MACOSX(/|$)|Thumbs\.db$")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}


@dataclass
class Person:
    """A student: `key` is unique and fit for a file name, and nobody else ever gets it in another run.

    `identity` and `email` are "" where the platform tells none. `files` are [(name, number that the platform
    gave, entry)]. `clash` says why this person's number or name cannot be relied upon, and what to do.
    """

    key: str
    name: str
    identity: str = ""
    email: str = ""
    late: bool = False
    platform: str = ""
    clash: str = ""
    files: list = field(default_factory=list)
    folder: bool = False


def sort(names, metadata=None, platform=None):
    """Return the list of Persons, sorted by name, of an export with these file `names`.

    `files` of each hold (name, number, place in `names`). `metadata` is {folder: [submitter]} as Gradescope's
    file at the top of the export tells. `platform`, one of PLATFORMS, is found out if it is None.
    """
    kept, found = _without_top(names), {}
    platform = platform or _platform(kept, metadata)
    for place, name in kept:
        for who, file, number in _owners(name, platform, metadata or {}):
            person = found.setdefault((who.folder, who.platform, who.name, who.identity), who)
            person.late = person.late or who.late
            person.files.append((file, number, place))
    for one in found.values():  # who handed in nothing else is there all the same
        one.files = [file for file in one.files if not _NOISE.search(file[0])] or one.files
    people = sorted(found.values(), key=lambda one: (one.name.lower(), one.name, one.identity, len(one.files)))
    _flag(people)
    return _with_keys(people)


def _platform(kept, metadata):
    """Return the platform of which most files bear the pattern; a number that is always a date is not Canvas's."""
    names = [name for _, name in kept]
    if metadata is not None and any(_GRADESCOPE.fullmatch(name) for name in names):
        return "gradescope"
    if 2 * sum(bool(_MOODLE.fullmatch(name)) for name in names) > len(names):
        return "moodle"
    found = [match for match in map(_canvas, names) if match]
    dates = bool(found) and all(_is_date(match["id"]) for match in found)
    return "canvas" if 2 * len(found) > len(names) and not dates else "plain"


def _is_date(text):
    try:
        return len(text) == 8 and bool(date(int(text[:4]), int(text[4:6]), int(text[6:]))) and text.startswith("20")
    except ValueError:
        return False


def _canvas(name):
    return _CANVAS_TEXT.fullmatch(name) or _CANVAS.fullmatch(name)


def _owners(name, platform, metadata):
    """Yield (Person, name of the file, the platform's number) for all to whom a file belongs."""
    match = {"canvas": _canvas, "moodle": _MOODLE.fullmatch, "gradescope": _GRADESCOPE.fullmatch}.get(
        platform, lambda name: None
    )(name)
    if match and platform == "gradescope" and metadata.get(match["folder"]):
        for one in metadata[match["folder"]]:
            who = one.get("name") or match["folder"]
            identity = one.get("sid") or one.get("email") or f"{match['folder']}: {who}"
            yield Person("", who, identity, one.get("email", ""), platform=platform), match["file"], 0
    elif match and platform == "canvas" and re.match(r"\d+_", match["file"]):  # a name may end in _101, a file begin so
        clash = (
            f"{name[:120]!r} can be read as a file of {match['id']} or of {match['number']}: graded apart, without a "
            "number; look up whose it is and enter it by hand"
        )
        yield Person("", PurePosixPath(name).stem, platform=platform, clash=clash), name, 0
    elif match and platform in ("canvas", "moodle"):
        parts = match.groupdict()
        who = parts["name"] or parts["id"]
        person = Person("", who, parts["id"], late=bool(parts.get("late")), platform=platform)
        yield person, parts["file"], int((parts.get("number") or "0")[:30])
    else:
        top, slash, rest = name.partition("/")
        yield Person("", top if slash else PurePosixPath(top).stem, folder=bool(slash)), rest or top, 0


def _flag(people):
    """Take the number away from all who share it with another name: it is nobody's then."""
    by_number = defaultdict(list)
    for one in people:
        if one.identity:
            by_number[one.platform, one.identity].append(one)
    for (_, number), group in by_number.items():
        if len(group) > 1:
            names = ", ".join(sorted(repr(one.name)[:80] for one in group))
            for one in group:
                one.clash = (
                    f"the number {number} stands with several names ({names}): each is graded, none gets the number; "
                    "look up whose it is and enter it by hand, or grade with --platform plain"
                )


def _with_keys(people):
    """Give each a key made of all that the platform wrote, so that it never passes to another person."""
    for one in people:
        base = re.sub(r"[^\w.@+-]+", "_", one.name).strip("._")[:60]
        base = base.encode()[:150].decode("utf-8", "ignore") or "student"  # names of files are short
        one.key = f"{base}~{one.identity}" if re.fullmatch(r"\w{1,24}", one.identity) else base
        odd = base != one.name or base.lower().split(".")[0] in _RESERVED or (one.identity and "~" not in one.key)
        one.key += f"~{_digest(one)}" if odd or one.clash else ""
    counts = defaultdict(list)
    for one in people:
        counts[one.key.casefold()].append(one)
    for group in counts.values():
        for one in group if len(group) > 1 else ():
            one.key += f"~{_digest(one)}"
    return [replace(one, identity="") if one.clash else one for one in people]


def _digest(one):
    whole = repr((one.platform, one.name, one.identity, one.email, one.folder))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _without_top(names):
    """Return [(place, name)] without what machines leave behind, and without a folder in which all lies."""
    kept = [(place, re.sub(r"^(\.{0,2}/)+", "", name.replace("\\", "/"))) for place, name in enumerate(names)]
    kept = [(place, name) for place, name in kept if _MOODLE.fullmatch(name) or not _NOISE_ON_TOP.match(name or ".")]
    tops = {name.split("/")[0] for _, name in kept}
    if len(tops) == 1 and all("/" in name for _, name in kept):
        inner = [(place, name.split("/", 1)[1]) for place, name in kept]
        of_a_student = any(shape.fullmatch(name) for _, name in kept for shape in (_MOODLE, _GRADESCOPE))
        if not of_a_student and (len(inner) > 1 or "/" in inner[0][1]):
            kept = inner
    return [(place, name) for place, name in kept if name != METADATA]


def metadata_place(names):
    """Return the place of Gradescope's metadata in `names`, at the top of the export alone, or None."""
    for place, name in enumerate(names):
        parts = PurePosixPath(name.replace("\\", "/")).parts
        same = {PurePosixPath(other.replace("\\", "/")).parts[:1] for other in names}
        if parts[-1:] == (METADATA,) and (len(parts) == 1 or (len(parts) == 2 and len(same) == 1)):
            return place
    return None


def submitters(text):
    """Return {folder: [{"name", "sid", "email"}]} of Gradescope's metadata; what programs printed is not looked at.

    Only lines of this depth below ":submitters:" count: texts that a student wrote stand deeper.
    """
    found, current, inside = {}, None, False
    for line in text.splitlines():
        start = re.fullmatch(r"(submission_\d+):\s*", line)
        if start:
            current, inside = found.setdefault(start[1], []), False
        elif re.match(r" {0,2}:\w", line):
            inside = line.rstrip() == "  :submitters:"
        elif inside and current is not None:
            part = re.fullmatch(r"  (- |  ):(name|sid|email): ?(.*)", line)
            if part and part[1] == "- ":
                current.append({})
            if part and current:
                current[-1].setdefault(part[2], _scalar(part[3].strip()))
    return found


def _scalar(text):
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return "" if text[:1] in ("|", ">", "&", "*", "!") or text in ("null", "~") else text
