"""Opens what students handed in, in a process of its own with little memory and time; run as a script.

It reads requests from its input and answers each: 4 bytes with the length of a line of JSON, the line, and the
bytes of files whose sizes the line tells. Only the standard library and modules that need no more are used, so
that it starts within a few hundredths of a second.
"""

import contextlib
import io
import json
import os
import re
import stat
import struct
import sys
import zipfile
from pathlib import Path, PurePosixPath

MEMORY, SECONDS = 1 << 30, 20  # bytes of address space, seconds of processor time for each request
MOST_FILE, MOST_ARCHIVE, MOST_ENTRIES, MOST_NESTED = 64 << 20, 256 << 20, 2000, 3  # bytes, bytes, files, zips
MOST_NAMES, MOST_LETTERS = 50_000, 10 << 20  # files in the export of a class, characters in their names
MOST_QUESTION, MOST_TEXTS = 20_000, 1 << 20  # characters of a quiz's question, of all texts beside answers
_NOISE = re.compile(r"(^|/)(\.|__MACOSX|Thumbs\.db)|-checkpoint\.ipynb$")
_STUB = re.compile(r"raise NotImplementedError|= ?\.\.\.|Type your answer here")
_LIKE_NOTEBOOK = re.compile(r"\.ipynb\.(txt|json)$", re.IGNORECASE)  # as some browsers save one
_VERSION = re.compile(r"[-( _v](\d{1,3})\)?\.ipynb$", re.IGNORECASE)


class Refused(ValueError):
    """What was handed in cannot be read; the message says why."""


class Unread(Exception):
    """A file of the class that was there cannot be read now: nobody's submission is at fault."""


def names(request, _):
    """Return the names in the zip file of a class, "" for a folder."""
    with zipfile.ZipFile(request["path"]) as archive:
        infos = archive.infolist()
    if len(infos) > MOST_NAMES:
        raise Refused(f"the zip file has more than {MOST_NAMES:,} files")
    if sum(len(info.filename) for info in infos) > MOST_LETTERS:
        raise Refused("the names in the zip file are too long")
    return {"names": ["" if info.is_dir() else info.filename for info in infos]}, []


def submitters(request, blobs):
    """Return what Gradescope's metadata tells of who submitted."""
    from coursekit.grading import people

    text = _source(request["source"], blobs, MOST_FILE).decode("utf-8", "replace")
    return {"submitters": people.submitters(text)}, []


def submission(request, blobs):
    """Return what one student handed in: the notebook that is taken, its cells alone, and the other files."""
    found, left = [], [MOST_ARCHIVE, MOST_ENTRIES]
    for name, number, source in request["sources"]:
        if source[0] == "odd":
            found.append((f"{name} ({source[1]})", number, b""))
            continue
        data = _source(source, blobs, MOST_ARCHIVE)
        _spend(left, 0 if name.lower().endswith(".zip") else len(data))
        found += _opened(data, left, 1, number) if name.lower().endswith(".zip") else [(name, number, data)]
    taken, others, note = _chosen(found, request["assignment"])
    from coursekit.grading import notebooks
    from coursekit.grading.quiz import answers

    cells, language = notebooks.parsed(taken)
    answer = {"note": note, "files": [PurePosixPath(name).name for name, _ in others]}
    if request.get("quiz"):
        sources = [cell["source"] for cell in cells if cell["kind"] == "code"]
        answer["answers"], answer["whose"] = answers.read(sources, request["quiz"]), answers.whose(sources)
        answer["texts"] = _texts(cells)
        return answer, []
    slim = json.dumps(notebooks.slim(cells, language)).encode()
    if len(slim) > MOST_FILE:
        raise Refused(f"the notebook has more than {MOST_FILE >> 20} MB without its outputs")
    return answer, [slim, *(data for _, data in others)]


def _texts(cells):
    """Return the texts of markdown cells, blanks made alike: those that may be questions of a quiz."""
    found, left = [], MOST_TEXTS
    for cell in cells:
        if cell["kind"] == "markdown" and len(cell["source"]) <= min(MOST_QUESTION, left):
            found.append(" ".join(cell["source"].split()))
            left -= len(cell["source"])
    return found


def _source(source, blobs, most):
    """Return the bytes of a file, of an entry in the zip file of the class, or of what came with the request."""
    kind, *where = source
    if kind == "blob":
        return blobs[where[0]]
    if kind == "file":
        return _file(Path(where[0]), most)
    path, place, state = where
    with _unread(path), open(path, "rb") as file, zipfile.ZipFile(file) as archive:
        found = os.fstat(file.fileno())
        if [found.st_size, found.st_mtime_ns] != state:  # another student may have that place now
            raise Unread(f"{Path(path).name} has changed since its names were read: grade again")
        return _entry(archive, archive.infolist()[place], most)


@contextlib.contextmanager
def _unread(path):
    try:
        yield
    except (OSError, zipfile.BadZipFile) as error:
        raise Unread(f"{Path(path).name} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _file(path, most):
    """Return the bytes of a file, of which no more is read than allowed, should it grow meanwhile."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # what is a pipe now is not awaited
    with _unread(path), open(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unread(f"{path.name} is no file any more")
        data = file.read(most + 1)
    if len(data) > most:
        raise Refused(f"{path.name} has more than {most >> 20} MB")
    return data


def _entry(archive, info, most=MOST_FILE):
    """Return the bytes of one entry, no more than allowed, whatever its header says."""
    short = info.filename[:80]
    try:
        with archive.open(info) as file:
            data = file.read(most + 1)
    except MemoryError:
        raise Refused(f"{short} in the zip file unpacks to too much") from None
    except Exception as error:  # each way to pack has errors of its own
        raise Refused(f"{short} in the zip file cannot be read: {error}") from None
    if len(data) > most:
        raise Refused(f"{short} in the zip file unpacks to more than {most >> 20} MB")
    return data


def _spend(left, size):
    left[0], left[1] = left[0] - size, left[1] - 1
    if left[0] < 0:
        raise Refused(f"what was handed in unpacks to more than {MOST_ARCHIVE >> 20} MB")
    if left[1] < 0:
        raise Refused(f"what was handed in has more than {MOST_ENTRIES:,} files")


def _opened(data, left, depth, number):
    """Return [(name, number, bytes)] of an archive that a student made, and of the archives in it."""
    if depth > MOST_NESTED:
        raise Refused(f"zip files in zip files in zip files: {MOST_NESTED} are opened")
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            for info in infos:
                if info.is_dir() or _NOISE.search(info.filename):
                    continue
                content, packed = _entry(archive, info), info.filename.lower().endswith(".zip")
                _spend(left, len(content))
                found += _opened(content, left, depth + 1, number) if packed else [(info.filename, number, content)]
    except Refused:
        raise
    except Exception:
        raise Refused("the zip file is damaged or truncated") from None
    return found


def _chosen(found, assignment):
    """Return (bytes of the notebook that is graded, [(name, bytes)] of the other files, a note on the choice).

    Where no name ends in .ipynb, one that goes on after it, with .txt or .json, counts as one. Of several notebooks
    that is taken whose name fits the assignment best; of these one with answers before one without; of these the one
    with the highest number of the platform, or else the highest version in its name.
    """
    places = [place for place, (name, _, _) in enumerate(found) if name.lower().endswith(".ipynb")]
    places = places or [place for place, (name, _, _) in enumerate(found) if _LIKE_NOTEBOOK.search(name)]
    if not places:
        listed = ", ".join(sorted(name for name, _, _ in found))[:200] or "nothing"
        raise Refused(f"no notebook (.ipynb) was handed in, but {listed}")
    stubs = {place: len(_STUB.findall(found[place][2].decode("utf-8", "replace"))) for place in places}
    most = max(stubs.values())

    def fitness(place):
        name, number, _ = found[place]
        version = _VERSION.search(name)
        blank = stubs[place] >= 2 and 2 * stubs[place] >= most
        version = int(version[1]) if version else 0
        return _fits(name, assignment), not blank, number, version, -name.count("/"), name, place

    places.sort(key=fitness)
    name = found[places[-1]][0]
    left_out = [found[place][0] for place in places[:-1]]
    note = f"took {name} of {len(places)} notebooks, not {', '.join(left_out)}"[:300] if left_out else ""
    if _fits(name, assignment) == 0:
        note = f"{note}; {name[-200:]} bears the name of another assignment".removeprefix("; ")
    others = [(name, data) for place, (name, _, data) in enumerate(found) if place not in places]
    return found[places[-1]][2], others, note


def _fits(name, assignment):
    """Return 3 for a name with that of the assignment, 2 with its beginning (hw1), 0 with that of another, else 1."""
    name, assignment = PurePosixPath(name).name.lower(), assignment.lower()
    label = re.match(r"([a-z]+)0*(\d+)", assignment)
    if assignment and assignment in name:
        return 3
    if not label:
        return 1
    numbers = re.findall(rf"(?<![a-z]){label[1]}[ _-]?0*(\d{{1,6}})", name)
    return 2 if label[2] in numbers else 0 if numbers else 1


def _limit():
    """Let this process have so much memory, and so many further seconds, and no more."""
    try:
        import resource  # which Windows has not
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + SECONDS
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _receive(stream):
    head = stream.read(4)
    if len(head) < 4:
        return None
    request = json.loads(stream.read(struct.unpack(">I", head)[0]))
    return request, [stream.read(size) for size in request["sizes"]]


def main():
    """Answer requests until there are no more."""
    sys.path.append(str(Path(__file__).parents[2]))  # for modules of ours that need no other package
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while (received := _receive(source)) is not None:
        _limit()
        try:
            answer, blobs = {"names": names, "submitters": submitters, "submission": submission}[received[0]["do"]](
                *received
            )
        except Unread as error:
            answer, blobs = {"machine": str(error)}, []
        except MemoryError:
            answer, blobs = {"error": "reading it takes too much memory"}, []
        except RecursionError:
            answer, blobs = {"error": "it is nested too deeply"}, []
        except OSError as error:
            answer, blobs = {"error": f"it cannot be read: {error.strerror or error}"}, []
        except zipfile.BadZipFile:
            answer, blobs = {"error": "it is a damaged or truncated zip file"}, []
        except ValueError as error:  # Refused, and NotANotebook
            answer, blobs = {"error": str(error)}, []
        except Exception as error:
            answer, blobs = {"error": f"it cannot be read: {type(error).__name__}: {error}"[:300]}, []
        line = json.dumps({**answer, "sizes": [len(blob) for blob in blobs]}).encode()
        target.write(struct.pack(">I", len(line)) + line)
        for blob in blobs:
            target.write(blob)
        target.flush()


if __name__ == "__main__":
    main()
