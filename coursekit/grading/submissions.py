"""Finds what students handed in: a folder or a zip file, with names as Canvas, Moodle or Gradescope export
them.

Archives are read in memory and never unpacked to disk, so no name in one can lead anywhere; every file and
every archive may have so many bytes and no more, counted while they are read.
"""

import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

MOST_FILE, MOST_ARCHIVE, MOST_ENTRIES = 64 << 20, 256 << 20, 2000  # bytes, bytes, files
_CANVAS = re.compile(r"(?P<name>[^/_]+)(?P<late>_LATE)?_(?P<id>\d+)_\d+_(?P<file>[^/]+)$")
_MOODLE = re.compile(r"(?P<name>[^/]+)_(?P<id>\d+)_assignsubmission_\w+?_?(?:/|_(?=[^/]+$))(?P<file>.+)$")
_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)/(?P<file>.+)$")
_NOISE = re.compile(r"(^|/)(\.|__MACOSX|Thumbs\.db)|-checkpoint\.ipynb$|submission_metadata\.yml$")


class BadArchive(ValueError):
    """An archive that is damaged, or larger inside than anybody's work is."""


@dataclass
class Handed:
    """What one student handed in: `files` are {name: function that returns its bytes}.

    `key` is unique and fit for a file name; `identity` and `email` are "" where the platform tells none.
    """

    key: str
    name: str
    identity: str = ""
    email: str = ""
    late: bool = False
    platform: str = ""
    files: dict = field(default_factory=dict)

    def read(self, assignment=""):
        """Return (notebook bytes, {name: bytes} of the other files, a note).

        Of several notebooks that is taken whose name has `assignment` in it, and of these the newest version.
        Raises BadArchive for an archive that cannot be read, or where there is no notebook.
        """
        found = {}
        for name, load in self.files.items():
            data = load()
            found.update(_opened(data) if name.lower().endswith(".zip") else {name: data})
        notebooks = sorted(
            (name for name in found if name.lower().endswith(".ipynb")), key=lambda name: _fitness(name, assignment)
        )
        if not notebooks:
            listed = ", ".join(sorted(found))[:200] or "nothing"
            raise BadArchive(f"no notebook (.ipynb) was handed in, but {listed}")
        taken = found.pop(notebooks[-1])
        others = {PurePosixPath(name).name: data for name, data in found.items() if name not in notebooks}
        note = f"took {notebooks[-1]} of {len(notebooks)} notebooks" if notebooks[1:] else ""
        return taken, others, note


def collect(path):
    """Return the list of Handed in a folder, a zip file of one class, or a single notebook, sorted by key.

    Raises FileNotFoundError for a path that is not there, BadArchive for a damaged archive of the class.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"SUBMISSIONS must be a folder, a zip file or a notebook. Received: {path}")
    if path.is_file() and zipfile.is_zipfile(path):
        entries, people = _of_archive(path)
    elif path.is_file() and path.suffix.lower() == ".zip":
        raise BadArchive(f"{path.name} is a damaged or truncated zip file")
    else:
        entries, people = _of_folder(path)
    students = {}
    for name, load in _without_top(entries).items():
        _add(students, name, load, people)
    return _with_unique_keys(students.values())


def _of_folder(path):
    files = (
        [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
    )
    top = path.parent if path.is_file() else path
    entries = {file.relative_to(top).as_posix(): lambda file=file: _bounded(file) for file in files}
    metadata = [file for file in files if file.name == "submission_metadata.yml"]
    return entries, _people(metadata[0].read_text("utf-8", "replace") if metadata else "")


def _bounded(file):
    if file.stat().st_size > MOST_ARCHIVE:
        raise BadArchive(f"{file.name} has more than {MOST_ARCHIVE >> 20} MB")
    return file.read_bytes()


def _of_archive(path):
    with zipfile.ZipFile(path) as archive:
        infos = {info.filename: info for info in archive.infolist() if not info.is_dir()}
        metadata = [info for name, info in infos.items() if name.endswith("submission_metadata.yml")]
        people = _people(_entry(archive, metadata[0]).decode("utf-8", "replace") if metadata else "")

    def load(info):
        with zipfile.ZipFile(path) as archive:
            return _entry(archive, info, MOST_ARCHIVE)

    return {name: lambda info=info: load(info) for name, info in infos.items()}, people


def _opened(data):
    """Return {name: bytes} of an archive that a student made."""
    found, size = {}, 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist()[:MOST_ENTRIES]:
                if info.is_dir() or _NOISE.search(info.filename):
                    continue
                content = _entry(archive, info)
                size += len(content)
                if size > MOST_ARCHIVE:
                    raise BadArchive(f"the zip file unpacks to more than {MOST_ARCHIVE >> 20} MB")
                found[info.filename] = content
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        if isinstance(error, BadArchive):
            raise
        raise BadArchive("the zip file is damaged or truncated") from None
    return found


def _entry(archive, info, most=MOST_FILE):
    """Return the bytes of one entry, reading no more than allowed, whatever its header says."""
    try:
        with archive.open(info) as file:
            data = file.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise BadArchive(f"{info.filename[:80]} in the zip file cannot be read: {error}") from None
    if len(data) > most:
        raise BadArchive(f"{info.filename[:80]} in the zip file unpacks to more than {most >> 20} MB")
    return data


def _without_top(entries):
    """Take the name of a folder in which all lies away, unless it is a student's."""
    entries = {name.replace("\\", "/"): load for name, load in entries.items()}
    kept = {name: load for name, load in entries.items() if not _NOISE.search(re.sub(r"(^|/)(\.+/)+", "/", name))}
    tops = {name.split("/")[0] for name in kept if "/" in name}
    if len(tops) == 1 and all("/" in name for name in kept):
        inner = {name.split("/", 1)[1]: load for name, load in kept.items()}
        student = any(shape.match(name) for name in kept for shape in (_MOODLE, _GRADESCOPE))
        if not student and (len(inner) > 1 or any("/" in name for name in inner)):
            return inner
    return kept


def _add(students, name, load, people):
    """Put a file to the student whose name its path bears."""
    for platform, shape in (("moodle", _MOODLE), ("gradescope", _GRADESCOPE), ("canvas", _CANVAS)):
        found = shape.match(name)
        if found:
            parts = found.groupdict()
            person = people.get(parts["id"], {}) if platform == "gradescope" else {}
            who = person.get("name") or parts.get("name") or f"submission_{parts['id']}"
            one = students.setdefault(
                (platform, parts["id"]),
                Handed(
                    who,
                    who,
                    person.get("sid", "") or parts["id"],
                    person.get("email", ""),
                    bool(parts.get("late")),
                    platform,
                ),
            )
            one.files[parts["file"]] = load
            return
    top, _, rest = name.partition("/")
    who = top if rest else PurePosixPath(top).stem
    students.setdefault(("", who), Handed(who, who)).files[rest or top] = load


def _with_unique_keys(students):
    ordered, taken = sorted(students, key=lambda one: (one.name.lower(), one.identity)), set()
    for one in ordered:
        key = re.sub(r"[^\w.@+-]+", "_", one.name).strip("._")[:60] or "student"
        if key.lower() in taken or key.upper() in ("CON", "NUL", "AUX", "PRN"):
            key = f"{key}_{hashlib.sha256(f'{one.name}{one.identity}'.encode()).hexdigest()[:6]}"
        one.key = key
        taken.add(key.lower())
    return ordered


def _fitness(name, assignment):
    version = re.search(r"[-( _v](\d+)\)?\.ipynb$", name, re.IGNORECASE)
    fits = bool(assignment) and assignment.lower() in name.lower()
    return fits, int(version.group(1)) if version and len(version.group(1)) < 4 else 0, -name.count("/"), name


def _people(text):
    """Return {submission: {"name", "sid", "email"}} from the metadata that Gradescope exports."""
    found, current = {}, {}
    for line in text.splitlines():
        start = re.match(r"submission_(\d+):", line)
        if start:
            current = found.setdefault(start.group(1), {})
        part = re.match(r"\s+(?:- )?:(name|sid|email): *['\"]?(.*?)['\"]? *$", line)
        if part:
            current.setdefault(part.group(1), part.group(2))
    return found
