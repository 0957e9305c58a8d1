"""Laws of the download, tried on a server of our own that misbehaves as it is told."""

import errno
import gzip
import http.server
import re
import socket
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from coursekit import disk
from coursekit.calcium import download, files

IMAGES = 3  # in a file here, so that files are small


def packed(seed, images=IMAGES):
    frames = np.random.default_rng(seed).standard_normal((images, 128, 128), np.float32)
    return gzip.compress(frames.tobytes(), 1)


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves `server.files` with Range and If-Range; `server` says how to misbehave."""

    def do_GET(self):
        server = self.server
        server.requests.append((self.path, self.headers.get("Range")))
        if server.refusals:
            return self.send_error(server.refusals.pop(0))
        content = server.files[self.path]
        start = self._start()
        if start is not None and start >= len(content):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(content)}")
            return self.end_headers()
        self.send_response(200 if start is None else 206)
        if start is not None:
            shown = start + server.shift
            self.send_header("Content-Range", f"bytes {shown}-{len(content) - 1}/{len(content)}")
        if server.etag:
            self.send_header("ETag", server.etag)
        body = content[start or 0 :]
        if server.lengths:
            self.send_header("Content-Length", str(len(body) + server.excess))
        self.end_headers()
        self.wfile.write(body[: server.drops.pop(0)] if server.drops else body)

    def _start(self):
        """The first byte asked for; None for the whole file."""
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        current = self.headers.get("If-Range", self.server.etag) == self.server.etag
        return int(asked[1]) if asked and self.server.ranges and current else None

    def log_message(self, *unused):
        pass


@pytest.fixture
def server(monkeypatch):
    """A server with two segments, well-behaved unless told otherwise; `base` is its address."""
    monkeypatch.setattr(files, "IMAGES_PER_FILE", IMAGES)
    monkeypatch.setattr(download, "PAUSE", 0)
    monkeypatch.setattr(download, "TIMEOUT", 5)
    monkeypatch.setenv("no_proxy", "*")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.files = {
        f"/calcium/{kind}_{k}.gz": packed(10 * k + label) for k in (0, 7) for label, kind in enumerate(("real", "fake"))
    }
    server.requests, server.refusals, server.drops = [], [], []
    server.etag, server.ranges, server.lengths, server.excess, server.shift = '"one"', True, True, 0, 0
    server.base = f"http://127.0.0.1:{server.server_port}/calcium/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def served(server, *names):
    return {name: server.files[f"/calcium/{name}"] for name in names}


def asked_ranges(server, name="real_0.gz"):
    return [asked for path, asked in server.requests if path.endswith(name)]


# ---------------------------------------------------------------- a good line


def test_the_files_of_the_segments_arrive_as_they_are_and_no_others(server, tmp_path):
    folder = download.fetch([7], tmp_path / "new", server.base)
    assert folder == tmp_path / "new"
    assert content(folder) == served(server, "real_7.gz", "fake_7.gz")
    assert server.requests == [("/calcium/real_7.gz", None), ("/calcium/fake_7.gz", None)]


def test_what_is_there_already_is_not_asked_for(server, tmp_path):
    download.fetch([0], tmp_path, server.base)
    server.requests.clear()
    download.fetch([0, 7], tmp_path, server.base)
    assert [path for path, _ in server.requests] == ["/calcium/real_7.gz", "/calcium/fake_7.gz"]


def test_without_a_folder_the_cache_takes_the_files(server, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path))
    folder = download.fetch([0], base=server.base)
    assert folder == tmp_path / "original" and len(content(folder)) == 2


def test_the_address_is_that_of_the_original_course(server, tmp_path, monkeypatch):
    asked = []

    def refuse(request, timeout):
        asked.append((request.full_url, timeout))
        raise download.urllib.error.URLError("no network in this test")

    monkeypatch.setattr(download.urllib.request, "urlopen", refuse)
    with pytest.raises(download.DownloadError):
        download.fetch([3], tmp_path)
    assert set(asked) == {("https://sds365.s3.amazonaws.com/calcium/real_3.gz", 5)}


def test_a_server_without_lengths_and_etags_will_do(server, tmp_path):
    server.lengths, server.etag = False, None
    assert content(download.fetch([0], tmp_path, server.base)) == served(server, "real_0.gz", "fake_0.gz")


def test_progress_counts_every_byte_once_also_after_a_break(server, tmp_path, monkeypatch):
    bars = []

    class Bar:
        def __init__(self, **settings):
            bars.append([settings["desc"], settings["total"], settings["initial"]])

        def __enter__(self):
            return self

        def __exit__(self, *unused):
            return None

        def update(self, step):
            bars[-1][2] += step

    monkeypatch.setattr("tqdm.auto.tqdm", Bar)
    download.fetch([0], tmp_path, server.base)
    assert bars == []
    (tmp_path / "real_0.gz").unlink()
    size = len(server.files["/calcium/real_0.gz"])
    server.drops = [1000]
    download.fetch([0], tmp_path, server.base, progress=True)
    assert bars == [["real_0.gz", size, 1000], ["real_0.gz", size, size]]


# ---------------------------------------------------------------- a line that breaks


def test_after_a_break_only_the_rest_is_asked_for(server, tmp_path):
    server.drops = [100_000, 50_000]
    assert content(download.fetch([0], tmp_path, server.base)) == served(server, "real_0.gz", "fake_0.gz")
    assert asked_ranges(server) == [None, "bytes=100000-", "bytes=150000-"]


def test_a_later_call_goes_on_where_an_earlier_one_gave_up(server, tmp_path):
    server.drops = [10_000] * download.ATTEMPTS
    with pytest.raises(download.DownloadError, match=r"tried 4 times.*broke off after 40000 of \d+ bytes"):
        download.fetch([0], tmp_path, server.base)
    assert content(tmp_path)["real_0.gz.part"] == server.files["/calcium/real_0.gz"][:40_000]
    server.requests.clear()
    assert content(download.fetch([0], tmp_path, server.base)) == served(server, "real_0.gz", "fake_0.gz")
    assert asked_ranges(server) == ["bytes=40000-"]


def test_ctrl_c_keeps_what_has_arrived(server, tmp_path, monkeypatch):
    server.drops = [10_000]

    def interrupt(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(download.time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        download.fetch([0], tmp_path, server.base)
    assert content(tmp_path)["real_0.gz.part"] == server.files["/calcium/real_0.gz"][:10_000]


def test_a_server_that_ignores_ranges_sends_all_of_it_again(server, tmp_path):
    server.ranges, server.drops = False, [100_000]
    assert content(download.fetch([0], tmp_path, server.base)) == served(server, "real_0.gz", "fake_0.gz")
    assert asked_ranges(server) == [None, "bytes=100000-"]


@pytest.mark.parametrize("etag", [None, 'W/"weak"'])
def test_without_a_strong_etag_a_download_starts_anew(server, tmp_path, etag):
    server.etag, server.drops = etag, [100_000]
    assert content(download.fetch([0], tmp_path, server.base)) == served(server, "real_0.gz", "fake_0.gz")
    assert asked_ranges(server) == [None, None]


def leave_part(server, tmp_path, size, etag='"one"'):
    (tmp_path / "real_0.gz.part").write_bytes(server.files["/calcium/real_0.gz"][:size])
    (tmp_path / "real_0.gz.part.etag").write_text(etag)


def test_a_file_that_has_changed_since_is_downloaded_anew(server, tmp_path):
    leave_part(server, tmp_path, 5000)
    server.files["/calcium/real_0.gz"], server.etag = packed(99), '"two"'
    assert content(download.fetch([0], tmp_path, server.base)) == served(server, "real_0.gz", "fake_0.gz")
    assert asked_ranges(server) == ["bytes=5000-"]  # answered with the whole of the new one


def test_a_file_that_has_become_shorter_is_downloaded_anew(server, tmp_path):
    leave_part(server, tmp_path, 50_000)
    (tmp_path / "real_0.gz.part").write_bytes(bytes(10_000_000))
    assert content(download.fetch([0], tmp_path, server.base)) == served(server, "real_0.gz", "fake_0.gz")
    assert asked_ranges(server) == ["bytes=10000000-", None]


def test_bytes_from_another_place_than_asked_for_are_not_joined(server, tmp_path):
    leave_part(server, tmp_path, 50_000)
    server.shift = 1
    assert content(download.fetch([0], tmp_path, server.base)) == served(server, "real_0.gz", "fake_0.gz")
    assert asked_ranges(server) == ["bytes=50000-", None]


def test_bytes_of_another_version_than_kept_are_not_joined(server, tmp_path, monkeypatch):
    leave_part(server, tmp_path, 50_000, etag='"old"')
    monkeypatch.setattr(Handler, "_start", lambda self: 50_000 if "Range" in self.headers else None)
    assert content(download.fetch([0], tmp_path, server.base)) == served(server, "real_0.gz", "fake_0.gz")
    assert asked_ranges(server) == ["bytes=50000-", None]


def test_a_download_that_was_complete_but_not_yet_checked_is_not_repeated(server, tmp_path):
    size = len(server.files["/calcium/real_0.gz"])
    leave_part(server, tmp_path, size)
    assert content(download.fetch([0], tmp_path, server.base)) == served(server, "real_0.gz", "fake_0.gz")
    assert asked_ranges(server) == [f"bytes={size}-"]


def test_pauses_between_attempts_grow(server, tmp_path, monkeypatch):
    pauses = []
    monkeypatch.setattr(download, "PAUSE", 3.0)
    monkeypatch.setattr(download.time, "sleep", pauses.append)
    server.refusals = [503, 429, 500]
    download.fetch([0], tmp_path, server.base)
    assert pauses == [3.0, 6.0, 12.0]


# ---------------------------------------------------------------- what cannot be downloaded


def refusal(server, tmp_path, base=None):
    with pytest.raises(download.DownloadError) as caught:
        download.fetch([0], tmp_path, base or server.base)
    message = str(caught.value)
    assert "real_0.gz" in message
    return message


@pytest.mark.parametrize("code, reason", [(404, "404 Not Found"), (403, "403 Forbidden")])
def test_a_refusal_is_final_and_given_with_its_reason(server, tmp_path, code, reason):
    server.refusals = [code] * 9
    message = refusal(server, tmp_path)
    assert reason in message and "tried once" in message and len(server.requests) == 1
    assert content(tmp_path) == {}


def test_a_busy_server_is_asked_a_few_times(server, tmp_path):
    server.refusals = [503] * 9
    assert "503" in refusal(server, tmp_path) and len(server.requests) == download.ATTEMPTS


def test_without_network_the_message_says_what_works(server, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        message = refusal(server, tmp_path, f"http://127.0.0.1:{port}/")  # it is taken, and nobody listens
    for part in (f"http://127.0.0.1:{port}/real_0.gz", "tried 4 times", 'source="simulated"', str(tmp_path)):
        assert part in message


def test_a_silent_server_is_given_up_after_the_time_out(server, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        message = refusal(server, tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert "timed out" in message


def test_a_length_that_never_arrives_is_reported(server, tmp_path):
    server.excess = 10
    size = len(server.files["/calcium/real_0.gz"])
    server.ranges = False
    assert f"broke off after {size} of {size + 10} bytes" in refusal(server, tmp_path)


@pytest.mark.parametrize(
    "body, reason",
    [
        (b"<html>Please log in to this wireless network</html>", "not a gzip file"),
        (packed(0, images=2), "Expected: 3. Received: 2"),
        (packed(0, images=4), "Expected: 3. Received: 4"),
        (packed(0)[:-4], "truncated"),
    ],
)
def test_what_arrives_in_full_but_is_no_file_of_images_is_deleted(server, tmp_path, body, reason):
    server.files["/calcium/real_0.gz"] = body
    message = refusal(server, tmp_path)
    assert reason in message and server.base in message and content(tmp_path) == {}


def test_a_disk_without_space_is_noticed_before_the_first_byte(server, tmp_path, monkeypatch):
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder: SimpleNamespace(free=1000))
    with pytest.raises(OSError, match="not enough space .*real_0.gz") as caught:
        download.fetch([0], tmp_path, server.base)
    assert caught.value.errno == errno.ENOSPC and len(server.requests) == 1
    assert not (tmp_path / "real_0.gz.part").exists()


def test_a_disk_that_fills_up_is_not_taken_for_a_bad_line(server, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(disk.os, "fsync", full)
    with pytest.raises(OSError, match="the disk is full: .*real_0.gz"):
        download.fetch([0], tmp_path, server.base)
    assert len(server.requests) == 1
