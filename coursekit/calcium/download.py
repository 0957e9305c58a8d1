"""Download of the original course's files, 100 MB each, that survives a bad line.

What has arrived is kept in `real_0.gz.part`, with the server's mark of the version (its ETag) beside it,
and the next attempt, in this session or another, asks for the rest only: HTTP Range requests, RFC 9110,
section 14. A file gets its name when it is complete and has been unpacked in full without complaint.
"""

import http.client
import re
import ssl
import time
import urllib.error
import urllib.request

from coursekit import disk
from coursekit.calcium import files

BASE = "https://sds365.s3.amazonaws.com/calcium/"
TIMEOUT = 30  # seconds without a byte
ATTEMPTS = 4
PAUSE = 1.0  # seconds before the second attempt, doubled before each further one

_PIECE = 1 << 18
_WORTH_RETRYING = (408, 429, 500, 502, 503, 504)  # the server is busy; other refusals are final
_OF_THE_LINE = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError, ssl.SSLError)


class DownloadError(OSError):
    """A file that could not be downloaded; the message says why and what to do without it."""


def fetch(segments, folder=None, base=BASE, *, progress=False):
    """Return the folder that holds the original files of `segments`, after downloading those missing.

    `segments` are different integers 0..9; `folder` is where to keep the files (default: "original" in
    the course's cache folder, see `disk.cache_folder`); `base` the address to which `real_0.gz` and so
    on are appended; `progress` whether to show a bar for each file. What is interrupted, also by Ctrl-C,
    goes on from there at the next call.

    Raises DownloadError (an OSError) where the server cannot be reached, refuses, or sends something
    else than 2048 images; OSError where the disk is full or the folder not writable.
    """
    folder = disk.cache_folder("original") if folder is None else disk.writable_folder(folder)
    for segment in segments:
        for kind in files.CLASSES:
            path = folder / files.name(kind, segment)
            if not path.is_file():
                _fetch_file(base.rstrip("/") + "/" + path.name, path, progress)
    return folder


def _fetch_file(url, path, progress):
    """Download `url` to `path` in up to ATTEMPTS attempts, unpack it once to see that it is whole."""
    part = path.with_name(path.name + ".part")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _download(url, part, progress)
            break
        except _OF_THE_LINE as error:  # and not those of the disk
            code = getattr(error, "code", None)
            if attempt == ATTEMPTS or (code is not None and code not in _WORTH_RETRYING):
                raise DownloadError(_advice(url, path, attempt, error)) from error
            time.sleep(PAUSE * 2 ** (attempt - 1))
    try:
        for _ in files.blocks(part, files.IMAGES_PER_FILE, exactly=True):
            pass
    except files.DataError as error:
        _forget(part)  # going on with it would never make it whole
        raise DownloadError(f"{url} was downloaded, but {error}. The download was deleted") from error
    part.replace(path)
    _forget(part)


def _download(url, part, progress):
    """Add to `part` what it lacks of `url`; all of it, should the server have another version by now."""
    mark = _mark(part)
    have = part.stat().st_size if part.is_file() and mark.is_file() else 0
    request = urllib.request.Request(url)
    if have:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", mark.read_text())  # the whole file, if it has changed
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code != 416:
            raise
        error.close()
        if error.headers.get("Content-Range") == f"bytes */{have}":  # nothing follows what we have
            return
        _forget(part)
        raise ConnectionError("the file has changed on the server since the download began") from error
    with response:
        start, total = _extent(response, part, have)
        etag = response.headers.get("ETag", "")
        if etag.startswith('"'):  # a weak one, W/"…", does not promise the same bytes
            mark.write_text(etag)
        disk.require_space(part, max((total or 0) - start, 0))
        _receive(response, part, start, total, progress)
    have = part.stat().st_size
    if total is not None and have != total:
        raise ConnectionError(f"the line broke off after {have} of {total} bytes")


def _extent(response, part, have):
    """Return at which byte of the file `response` starts and how long the file is (None: unknown)."""
    if response.status != 206:  # the server sends everything: it has another version, or ignores Range
        _forget(part)
        length = response.headers.get("Content-Length")
        return 0, None if length is None else int(length)
    given = response.headers.get("Content-Range", "")
    extent = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", given)
    if extent and int(extent[1]) == have and response.headers.get("ETag") == _mark(part).read_text():
        return have, int(extent[2])
    _forget(part)
    raise ConnectionError(f"the server went on with other bytes than the {have} already here: {given!r}")


def _receive(response, part, start, total, progress):
    bar = disk.progress_bar(
        progress, desc=part.name.removesuffix(".part"), total=total, initial=start, unit="B", unit_scale=True
    )
    with disk.writable(part, part, "r+b" if start else "wb") as file, bar as advance:
        file.seek(start)
        while piece := response.read(_PIECE):
            file.write(piece)
            advance(len(piece))


def _mark(part):
    return part.with_name(part.name + ".etag")


def _forget(part):
    part.unlink(missing_ok=True)
    _mark(part).unlink(missing_ok=True)


def _advice(url, path, attempts, error):
    """Return the message of a download that failed: what was tried, why it failed, what works without it."""
    reason = getattr(error, "reason", None) or error
    code = f"{error.code} " if hasattr(error, "code") else ""
    times = "once" if attempts == 1 else f"{attempts} times"
    return (
        f"could not download {url} (tried {times}): {code}{reason}. What has arrived is kept, and the "
        f'next call goes on from there. Without the network: source="simulated" makes images on this '
        f"machine; if you have the files already, name their folder as source or copy {path.name} "
        f"and its like into {str(path.parent)!r}"
    )
