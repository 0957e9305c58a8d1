"""The link check asks, follows, and reports what does not answer; it is tried on a server of its own."""

import http.server
import threading

import pytest

import links


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        code = int(self.path.strip("/"))
        self.send_response(code)
        if code == 302:
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *unused):
        pass


@pytest.fixture(scope="module")
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (200, None),
        (302, None),
        (403, None),
        (404, "404 Not Found"),
        (410, "410 Gone"),
        (500, "500 Internal Server Error"),
    ],
)
def test_a_page_that_is_gone_is_a_problem_and_one_that_refuses_robots_is_none(server, code, said):
    assert links.problem(f"{server}/{code}") == said


def test_a_server_that_is_not_there_is_a_problem():
    assert "refused" in links.problem("http://127.0.0.1:9/")


def test_the_report_names_address_reason_and_files(server):
    found = {f"{server}/200": ["README.md"], f"{server}/404": ["a.ipynb", "b.md"]}
    said = links.report(found, links.problem)
    assert said.startswith("2 addresses, 1 of them do not answer.")
    assert f"- <{server}/404>: 404 Not Found (a.ipynb, b.md)" in said and f"{server}/200>" not in said


def test_the_addresses_of_readme_and_lectures_are_found():
    found = links.collected()
    assert "README.md" in found["https://github.com/cnn-lectures/cnn-lectures.git"]
    assert any(name.endswith(".ipynb") for names in found.values() for name in names) and len(found) > 10
