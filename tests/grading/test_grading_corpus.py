"""What a class may hand in, from honest work to attacks: each gets the honest score and harms nothing.

The whole corpus of tests/support/submissions.py is graded in one batch, in the real sandbox. With CI set in the
environment these tests fail, rather than be skipped, where there is no bubblewrap.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

import equipment
import submissions
from coursekit.grading import assignment, batch
from coursekit.grading import submissions as handing_in
from sandboxed import ROOT, SOMEBODY, as_ordinary_user, needs_sandbox, no_ordinary_user, watching

pytestmark = needs_sandbox
SECRET = "SECRET-7261-of-the-lecturer"


class Host:
    """A folder, a server and an environment variable that no submission may reach."""

    def __init__(self, folder):
        self.victim = folder / "victim"
        self.victim.mkdir()
        (self.victim / "grades.txt").write_text("mine")
        (self.victim / "tests.py").write_text(str(submissions.SEED))
        for path in (self.victim, *self.victim.iterdir()):
            path.chmod(0o777)
        self.before = self.files()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port, self.connections = self.server.getsockname()[1], []
        threading.Thread(target=self._accept, daemon=True).start()

    def files(self):
        return {str(path): path.read_text() for path in self.victim.rglob("*")}

    def _accept(self):
        try:
            while True:
                self.connections.append(self.server.accept()[1])
        except OSError:  # closed
            pass


@pytest.fixture(scope="module")
def open_to_all():
    """A folder that everybody on this machine may read and change; those of pytest are closed."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o777)
        yield Path(folder)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, open_to_all):
    """The host afterwards, and the reports: {name in CORPUS: report}."""
    folder = tmp_path_factory.mktemp("class")
    host = Host(open_to_all)
    corpus = submissions.corpus(host.victim, host.port)
    submissions.write_class(folder / "handed_in", corpus)
    small = assignment.load("hw0", submissions.write_assignment(folder / "assignments"))
    os.environ["LECTURERS_TOKEN"] = SECRET
    try:
        with watching() as host.left:
            handed = handing_in.collect(folder / "handed_in")
            reports = batch.run(small, handed, folder / "reports", lambda: batch.local(3), in_flight=4)
    finally:
        del os.environ["LECTURERS_TOKEN"]
        host.server.close()
    return host, {name: reports[Path(submissions.file_name(name)).stem] for name in corpus}


def said(report):
    """Return every word of a report."""
    cases = [case[part] for one in report["questions"].values() for case in one["cases"] for part in ("message", "log")]
    errors = [" ".join(map(str, error)) for error in report["errors"]]
    return "\n".join([*cases, *errors, report["problem"] or "", report["note"]])


@pytest.mark.parametrize("name", submissions.CORPUS)
def test_each_submission_gets_the_points_it_deserves(graded, name):
    report, deserved = graded[1][name], submissions.CORPUS[name]
    assert report["graded"], report["problem"]
    points = tuple(report["questions"][f"q{number}"]["points"] for number in (1, 2, 3))
    assert points == deserved.points, said(report)
    assert any(words in said(report) for words in deserved.says.split(" | "))


def test_the_corpus_has_all_kinds_of_submissions():
    assert len(submissions.CORPUS) >= 150 and len(submissions.UNUSUAL) >= 40
    assert set(submissions.HONEST) | set(submissions.ACCIDENTS) <= set(submissions.CORPUS)


def test_nothing_on_the_host_was_read_or_written(graded):
    host, reports = graded
    assert host.files() == host.before
    assert host.connections == []
    for name, report in reports.items():
        assert SECRET not in str(report), name
        assert str(submissions.SEED) not in str(report), name


def test_no_attack_says_that_it_succeeded(graded):
    assert [name for name, report in graded[1].items() if "BREACH" in said(report)] == []
    tried = [name for name, one in submissions.ATTACKS.items() if b"BREACH" in one.data]
    assert len(tried) == 5


def test_no_process_is_left(graded):
    assert graded[0].left == set()


def test_hard_coded_public_answers_get_no_hidden_points(graded):
    report = graded[1]["hard-coded public answers"]
    cases = [case for one in report["questions"].values() for case in one["cases"]]
    assert all(case["passed"] for case in cases if not case["hidden"])
    assert all(case["points"] == 0 for case in cases if case["hidden"])


# What differs between root and an ordinary user: who the sandbox's user is, and who makes its namespaces.
AS_SOMEBODY = (
    "perfect",
    "blank",
    "fork bomb",
    "memory in no process",
    "os._exit in a cell",
    "reading tests",
    "network",
    "environment",
    "writing to the host",
    "deleting",
    "killing",
    "becoming root",
    "forged messages",
)


@equipment.needs("setpriv")
def test_an_ordinary_user_grades_alike(tmp_path):
    if no_ordinary_user():
        pytest.skip(no_ordinary_user())
    host = Host(tmp_path)
    corpus = {name: submissions.corpus(host.victim, host.port)[name] for name in AS_SOMEBODY}
    submissions.write_class(tmp_path / "handed_in", corpus)
    submissions.write_assignment(tmp_path / "assignments")
    command = [
        sys.executable,
        "-B",
        "-m",
        "coursekit.grading",
        tmp_path / "handed_in",
        "--assignment",
        "hw0",
        "--assignments",
        tmp_path / "assignments",
        "--out",
        tmp_path / "out",
    ]
    done = subprocess.run(
        as_ordinary_user([str(word) for word in command], tmp_path),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LECTURERS_TOKEN": SECRET},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    for name in AS_SOMEBODY:
        path = (tmp_path / "out" / "reports" / submissions.file_name(name)).with_suffix(".json")
        report = json.loads(path.read_text())
        assert path.stat().st_uid == SOMEBODY
        assert tuple(report["questions"][f"q{n}"]["points"] for n in (1, 2, 3)) == corpus[name].points, said(report)
        assert corpus[name].says in said(report) and "BREACH" not in said(report) and SECRET not in str(report)
    assert host.files() == host.before and host.connections == []
    host.server.close()
