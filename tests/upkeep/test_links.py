"""The link check asks, follows, and reports what does not answer; it is tried on a server of its own."""

import http.server
import threading

import nbformat
import pytest

import links
import project


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


def test_a_computer_that_is_offline_blames_no_page():
    found = {"http://a.org": ["README.md"], "http://b.org": ["README.md"]}
    said = links.report(found, lambda address: "Name or service not known")
    assert said.startswith("None of 2 addresses answers") and "offline" in said and "http" not in said


def test_the_addresses_of_readme_and_lectures_are_found():
    found = links.collected()
    assert "README.md" in found["https://github.com/cnn-lectures/cnn-lectures.git"]
    assert any(name.endswith(".ipynb") for names in found.values() for name in names) and len(found) > 10


def test_the_pages_of_the_web_edition_are_read_and_not_their_scripts(monkeypatch, tmp_path):
    (tmp_path / "lectures").mkdir()
    (tmp_path / "lectures" / "page.html").write_text(
        '<script src="https://script.org/b.js"></script><a class="external" href="https://only-there.org/a#c">d</a>'
    )
    monkeypatch.setattr(links, "BUILT", tmp_path)
    found = links.collected()
    assert found["https://only-there.org/a"] == ["web edition: lectures/page.html"]
    assert "https://script.org/b.js" not in found


@pytest.mark.parametrize("path", project.notebooks(), ids=lambda path: path.stem)
def test_every_reference_says_where_the_work_is_found(path):
    texts = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    assert any("### References" in text for text in texts)
    assert [item for text in texts for item in links.unnamed(text)] == []


@pytest.mark.parametrize(
    ("item", "good"),
    [
        ("K. He et al., Deep residual learning, *CVPR* 2016, arXiv 1512.03385.", True),
        ("K. He et al., Deep residual learning, *CVPR* 2016.", False),
        ("A. One, *Nature* 1 (1962), doi 10.1113/jphysiol.1962.sp006837; the same, *Nature* 2 (1968).", False),
        (
            "A. One, *Nature* 1 (1962), doi 10.1113/jphysiol.1962.sp006837; B. Two, <https://b.org/2015/two>, 1968.",
            True,
        ),
        ("Softmax in classification: *Intermediate Machine Learning*, Yale S&DS 365/665.", True),
    ],
)
def test_a_reference_without_doi_or_address_is_seen(item, good):
    assert (links.unnamed(f"What you can do now\n\n### References\n\n- {item}\n- Another.") == []) == good
