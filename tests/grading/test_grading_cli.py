"""python -m coursekit.grading: from what a platform exports to tables that it imports."""

import csv
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from concurrent.futures import Future
from datetime import datetime, timezone

import numpy as np
import pytest

import submissions
from coursekit.grading import __main__ as command
from coursekit.grading import batch, cgroups, sandbox
from sandboxed import ROOT, needs_sandbox, watching

PERFECT, PARTIAL, BLANK = (submissions.CORPUS[name].data for name in ("perfect", "partial", "blank"))
LEAK, BROKEN = (submissions.CORPUS[name].data for name in ("leaking hidden inputs", "syntax error"))
CANVAS = {
    "curiemarie_101_5551_hw0_small.ipynb": PERFECT,
    "diracpaul_LATE_102_5552_hw0_small-2.ipynb": PARTIAL,
    "noetheremmy_103_5553_hw0_small.ipynb": LEAK,
    "sum9_104_5554_hw0_small.ipynb": BROKEN,
}
MOODLE = {
    "Marie Curie_9001_assignsubmission_file_/hw0_small.ipynb": PERFECT,
    "Paul Dirac_9002_assignsubmission_file_/hw0_small.ipynb": PARTIAL,
    "Emmy Noether_9003_assignsubmission_file_hw0_small.ipynb": BLANK,
}
GRADESCOPE = {
    "assignment_77_export/submission_301/hw0_small.ipynb": PERFECT,
    "assignment_77_export/submission_302/hw0_small.ipynb": PARTIAL,
    "assignment_77_export/submission_metadata.yml": b"""---
submission_301:
  :submitters:
  - :name: Marie Curie
    :sid: '11'
    :email: marie@example.org
  :created_at: 2026-01-01
submission_302:
  :submitters:
  - :name: Paul Dirac
    :sid: '12'
    :email: paul@example.org
""",
}


def as_folder(files, folder):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def as_zip(files, path):
    path.write_bytes(submissions.zipped(**files))
    return path


class Desk:
    """A folder with the small assignment, in which a lecturer grades."""

    def __init__(self, folder):
        self.folder, self.assignments = folder, submissions.write_assignment(folder / "assignments")
        self.out = folder / "grades"

    def grade(self, handed_in, *more, assignment="hw0"):
        return command.main(
            [
                str(handed_in),
                "--assignment",
                assignment,
                "--assignments",
                str(self.assignments),
                "--out",
                str(self.out),
                "--jobs",
                "2",
                *map(str, more),
            ]
        )

    def table(self, name, key=None):
        with open(self.out / name, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return {row[key]: row for row in rows} if key else rows

    def page(self, student):
        return (self.out / "feedback" / f"{student}.html").read_text(encoding="utf-8")

    def changed(self):
        return {path.stem: path.stat().st_mtime_ns for path in (self.out / "reports").glob("*.json")}


class Here:
    """An executor that does everything at once, in this process: it needs no second to start."""

    def submit(self, function, *arguments):
        future = Future()
        future.set_result(function(*arguments))
        return future

    def shutdown(self, **_):
        pass


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "local", lambda jobs: Here())
    return Desk(tmp_path)


@pytest.fixture(scope="module")
def canvas(tmp_path_factory):
    """A class from Canvas, graded."""
    desk = Desk(tmp_path_factory.mktemp("canvas"))
    desk.zip = as_zip(CANVAS, desk.folder / "submissions.zip")
    assert desk.grade(desk.zip) == 0
    return desk


@pytest.fixture
def refused(desk, capsys):
    """A function that grades and returns the one line with which that was refused."""

    def grade(handed_in, *more, **kwargs):
        assert desk.grade(handed_in, *more, **kwargs) == 2
        lines = capsys.readouterr().err.strip().splitlines()
        assert len(lines) == 1 and lines[0].startswith("error: ")
        return lines[0]

    return grade


# ---------------------------------------------------------------- what comes in


@needs_sandbox
def test_a_zip_file_from_canvas_gives_a_row_for_each_student(canvas):
    rows = canvas.table("grades.csv", "id")
    assert {identity: row["total"] for identity, row in rows.items()} == {
        "101": "11",
        "102": "5",
        "103": "9",
        "104": "8",
    }
    assert rows["101"] == {
        "student": "curiemarie~101",
        "name": "curiemarie",
        "id": "101",
        "email": "",
        "q1": "3",
        "q2": "6",
        "q3": "2",
        "q4": "",
        "total": "11",
        "possible": "14",
        "to_read": "1",
        "note": "",
    }
    assert rows["102"]["note"] == "late"
    assert "SyntaxError" in rows["104"]["note"]


@needs_sandbox
@pytest.mark.parametrize(
    "files, packed, expected",
    [
        (
            MOODLE,
            as_zip,
            {("Marie Curie", "9001", ""): "11", ("Paul Dirac", "9002", ""): "5", ("Emmy Noether", "9003", ""): "0"},
        ),
        (
            GRADESCOPE,
            as_folder,
            {("Marie Curie", "11", "marie@example.org"): "11", ("Paul Dirac", "12", "paul@example.org"): "5"},
        ),
    ],
)
def test_names_and_numbers_are_those_of_the_platform(desk, files, packed, expected):
    assert desk.grade(packed(files, desk.folder / "handed_in.zip")) == 0
    found = {(row["name"], row["id"], row["email"]): row["total"] for row in desk.table("grades.csv")}
    assert found == expected


@needs_sandbox
def test_a_single_notebook_is_a_class_of_one(desk):
    (desk.folder / "mine.ipynb").write_bytes(PERFECT)
    assert desk.grade(desk.folder / "mine.ipynb") == 0
    assert [row["name"] for row in desk.table("grades.csv")] == ["mine"]


@needs_sandbox
def test_what_is_unclear_is_graded_and_named_and_the_rest_is_graded(desk, capsys):
    odd = {
        "a_7_1_hw0.ipynb": PERFECT,
        "b_7_2_hw0.ipynb": PARTIAL,
        "c_8_3_hw0.ipynb": PERFECT,
        "d_9_4_x\x1b[31m.zip": b"PK\3\4 no zip",
        "e_10_5_hw0.ipynb": BLANK,
        "e_10_6_hw0-1.ipynb": PERFECT,
        "e_10_7_other.ipynb": PARTIAL,
    }
    assert desk.grade(as_folder(odd, desk.folder / "in")) == 1
    said = capsys.readouterr()
    assert "to be settled: a~7~" in said.err and "'a', 'b'" in said.err and "\x1b" not in said.err + said.out
    rows = desk.table("grades.csv", "name")
    assert [rows[name]["total"] for name in "abcde"] == ["11", "5", "11", "0", "11"]
    assert (rows["a"]["id"], rows["b"]["id"], rows["c"]["id"]) == ("", "", "8")
    assert "took hw0-1.ipynb of 3 notebooks, not" in desk.page("e~10") and "damaged" in rows["d"]["note"]
    assert "\x1b" not in "".join(path.read_text() for path in desk.out.rglob("*.*"))


# ---------------------------------------------------------------- what comes out


@needs_sandbox
def test_no_feedback_contains_a_hidden_value(canvas):
    rng = [np.random.default_rng(submissions.SEED + n) for n in range(3)]
    hidden = [rng[0].normal(size=(7, 11)) * 400, rng[1].normal(size=40), rng[2].normal(size=31)]
    values = [f"{abs(value):.12g}"[:7] for array in hidden for value in array.ravel()]
    values += [str(submissions.SEED + n) for n in range(3)] + ["2cb252547ac540a1", "448"]
    written = [
        path for path in canvas.out.rglob("*") if path.suffix in (".html", ".csv") and path.name != "leaderboard.csv"
    ]
    assert len(written) == 4 + 6  # pages of students; tables, and the page of the class
    for path in written:
        text = path.read_text(encoding="utf-8").replace("_", ".")  # also as part of a name
        assert [value for value in values if value in text] == [], path.name
    told = {
        "A hidden test with other inputs failed.",
        "the stride is not used as asked",
        "the notebook does not define `softmax`",
    }
    cases = [
        case
        for path in (canvas.out / "reports").glob("*.json")
        for one in json.loads(path.read_text())["questions"].values()
        for case in one["cases"]
    ]
    assert {case["message"] for case in cases if case["hidden"] and not case["passed"]} == told


@needs_sandbox
def test_feedback_says_what_failed_and_why(canvas):
    page = canvas.page("diracpaul~102")
    assert "<h1>diracpaul</h1>" in page and "5 <small>of 14 points so far" in page
    assert '✗ failed</span> Hidden test 2 <span class="worth">(0 of 2 points)</span><pre>the stride is not used' in page
    assert "✓ passed</span> Test 1" in page
    assert "cell 4 of the notebook: SyntaxError expected &#x27;:&#x27; (this cell, line 1)" in canvas.page("sum9~104")


@needs_sandbox
def test_feedback_runs_nothing_that_a_student_wrote(desk):
    fails = "raise RuntimeError('<script>alert(1)</script>\\x00\\ud800')"
    evil = submissions.notebook(softmax=fails, correlate=f"def correlate(*a, **k):\n    {fails}")
    as_folder({"<b>x.ipynb": submissions.data(evil)}, desk.folder / "in")
    assert desk.grade(desk.folder / "in") == 0
    (page,) = (desk.out / "feedback").glob("*.html")
    text = page.read_text(encoding="utf-8")
    assert text.count("&lt;script&gt;") == 2 and "<script" not in text and "<b>" not in text and "\0" not in text
    assert "default-src 'none'" in text


@needs_sandbox
def test_tables_for_canvas_and_moodle(canvas):
    lines = canvas.table("canvas.csv")
    assert list(lines[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "hw0_small"]
    assert lines[0]["Student"].strip() == "Points Possible" and lines[0]["hw0_small"] == "14"
    assert {line["ID"]: line["hw0_small"] for line in lines[1:]} == {"101": "11", "102": "5", "103": "9", "104": "8"}
    moodle = canvas.table("moodle.csv", "Identifier")
    assert list(moodle["Participant 102"]) == [
        "Identifier",
        "Full name",
        "Email address",
        "Grade",
        "Maximum grade",
        "Last modified (grade)",
        "Feedback comments",
    ]
    when = datetime.fromisoformat(moodle["Participant 102"]["Last modified (grade)"])
    assert abs((datetime.now(timezone.utc) - when).total_seconds()) < 3600
    assert moodle["Participant 102"]["Grade"] == "5" and moodle["Participant 102"]["Maximum grade"] == "14"
    assert moodle["Participant 102"]["Feedback comments"] == "q1 1/3, q2 4/6, q3 0/2, q4 –/3"


@needs_sandbox
def test_a_roster_of_canvas_gives_full_names(canvas):
    roster = canvas.folder / "roster.csv"
    roster.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,HW 0 (4711)\n    Points Possible,,,,,14\n"
        '"Curie, Marie",101,m1,marie,A,\n"Dirac, Paul",102,p1,paul,B,\n',
        encoding="utf-8",
    )
    assert canvas.grade(canvas.zip, "--roster", roster, "--column", "HW 0 (4711)") == 0
    row = canvas.table("canvas.csv", "ID")["101"]
    assert (row["Student"], row["SIS Login ID"], row["Section"], row["HW 0 (4711)"]) == (
        "Curie, Marie",
        "marie",
        "A",
        "11",
    )


@needs_sandbox
def test_the_leaderboard_has_the_baseline_among_the_students(canvas):
    board = [(row["rank"], row["name"], float(row["parameters"])) for row in canvas.table("leaderboard.csv")]
    assert board == [
        ("1", "curiemarie", 448),
        ("1", "noetheremmy", 448),
        ("1", "sum9", 448),
        ("4", "baseline", 440),
        ("5", "diracpaul", 432),
    ]


@needs_sandbox
def test_points_for_written_answers_are_merged_back_and_stay(canvas):
    sheet = canvas.table("manual.csv")
    assert [row["answer"] for row in sheet] == [submissions.ESSAY] * 4
    assert {row["possible"] for row in sheet} == {"3"}
    own = canvas.folder / "read.csv"
    with open(own, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, sheet[0], delimiter=";")  # as Excel writes it in half of Europe
        writer.writeheader()
        for row in sheet:
            if row["student"] == "curiemarie~101":
                row.update(points="2,5", comment="Which way does it move?")
            writer.writerow(row)
    assert canvas.grade(canvas.zip, "--manual", own) == 0
    for _ in (0, 1):
        row = canvas.table("grades.csv", "id")["101"]
        assert (row["q4"], row["total"], row["to_read"]) == ("2.5", "13.5", "0")
        assert "Which way does it move?" in canvas.page("curiemarie~101")
        assert canvas.table("manual.csv", "student")["curiemarie~101"]["points"] == "2.5"
        assert canvas.table("grades.csv", "id")["102"]["to_read"] == "1"
        assert canvas.grade(canvas.zip) == 0  # what was entered is in manual.csv now


# ---------------------------------------------------------------- again, and again


@needs_sandbox
def test_a_second_run_grades_what_is_new_or_changed(desk):
    as_folder({"a.ipynb": PERFECT, "b.ipynb": PARTIAL}, desk.folder / "in")
    assert desk.grade(desk.folder / "in") == 0
    first = desk.changed()
    as_folder({"b.ipynb": PERFECT, "c.ipynb": BLANK}, desk.folder / "in")
    assert desk.grade(desk.folder / "in") == 0
    second = desk.changed()
    assert second["a"] == first["a"] and second["b"] > first["b"]
    assert {row["name"]: row["total"] for row in desk.table("grades.csv")} == {"a": "11", "b": "11", "c": "0"}


@needs_sandbox
def test_a_batch_that_was_broken_off_is_resumed(desk, monkeypatch):
    as_folder({f"{name}.ipynb": PERFECT for name in "abcd"}, desk.folder / "in")

    class Interrupted(BaseException):
        pass

    def keep_two(self, *arguments, keep=batch._Batch._keep):
        keep(self, *arguments)
        if len(desk.changed()) == 2:
            raise Interrupted

    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(batch._Batch, "_keep", keep_two)
        desk.grade(desk.folder / "in")
    first = desk.changed()
    assert len(first) == 2
    assert desk.grade(desk.folder / "in") == 0
    second = desk.changed()
    assert {name for name in second if second[name] == first.get(name)} == set(first)
    assert [row["total"] for row in desk.table("grades.csv")] == ["11"] * 4


@needs_sandbox
def test_after_a_correction_of_the_assignment_old_submissions_are_graded_again(desk):
    as_folder({"a.ipynb": PARTIAL}, desk.folder / "in")
    assert desk.grade(desk.folder / "in") == 0
    assert desk.table("grades.csv")[0]["q3"] == "0"
    corrected = desk.assignments / "_build" / "hw0_small" / "tests" / "q3.py"
    text = corrected.read_text()
    corrected.write_text(
        text.replace(
            'assert digest == "2cb252547ac540a135ef7235e9d69c7aa0b36aa882fd1cd4077f116c8c6bee84"',
            "assert n_parameters in (432, 448)",
        )
    )
    assert corrected.read_text() != text
    assert desk.grade(desk.folder / "in") == 0
    assert desk.table("grades.csv")[0]["q3"] == "2"


@needs_sandbox
def test_a_person_who_looks_sees_a_bar_and_a_log_does_not(desk):
    as_folder({"a.ipynb": PERFECT}, desk.folder / "in")
    words = [
        sys.executable,
        "-B",
        "-m",
        "coursekit.grading",
        desk.folder / "in",
        "--assignment",
        "hw0_small",
        "--assignments",
        desk.assignments,
        "--out",
        desk.out,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=theirs, env=environment, text=True, timeout=100)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert done.returncode == 0 and "1/1" in shown and "submission" in shown
    first, second = done.stdout.splitlines()
    assert first == f"1 submissions of hw0_small, 0 not graded; see {desk.out / 'grades.csv'}"
    assert second == f"1 written answer not read yet: enter the points in {desk.out / 'manual.csv'} and repeat"
    quiet = subprocess.run(words, capture_output=True, env=environment, text=True, timeout=100)
    assert quiet.returncode == 0 and quiet.stderr == ""


@needs_sandbox
def test_who_handed_in_no_notebook_is_named_and_says_nothing_of_how_hard_a_question_is(desk, capsys):
    handed_in = {"ann.ipynb": PERFECT, "bob.pdf": b"%PDF", "cyd.ipynb": b"", "dan.ipynb.txt": PERFECT}
    as_folder(handed_in, desk.folder / "in")
    assert desk.grade(desk.folder / "in") == 0
    said = capsys.readouterr()
    assert "4 submissions of hw0_small, 0 not graded" in said.out and "2 written answers not read yet" in said.out
    assert "no points: bob: no notebook (.ipynb) was handed in, but bob.pdf\n" in said.err
    assert "no points: cyd: the file is not a Jupyter notebook" in said.err and said.err.count("no points") == 2
    assert {row["name"]: row["total"] for row in desk.table("grades.csv")}.get("dan.ipynb") == "11"
    assert desk.table("class.csv", "question")["q1"]["students"] == "2"


# ---------------------------------------------------------------- broken off

SLEEPS = json.dumps(submissions.notebook("import time\ntime.sleep(25)", extra=("time.sleep(25)",) * 3)).encode()


@needs_sandbox
@pytest.mark.parametrize(
    "number, more",
    [(signal.SIGTERM, []), (signal.SIGINT, []), (signal.SIGKILL, [])]
    + [(number, ["--unsafe-no-sandbox"]) for number in (signal.SIGTERM, signal.SIGKILL)],
)
def test_a_batch_that_is_broken_off_keeps_what_is_done_and_leaves_nothing(desk, number, more, tmp_path):
    as_folder({"a.ipynb": PERFECT, "b.ipynb": SLEEPS, "c.ipynb": SLEEPS}, desk.folder / "in")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    words = [sys.executable, "-B", "-m", "coursekit.grading", desk.folder / "in", "--jobs", "2", *more]
    words += ["--assignment", "hw0_small", "--assignments", desk.assignments, "--out", desk.out]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    done, groups = desk.out / "reports" / "a.json", set(map(str, control_groups()))
    with watching(40) as left:
        batch = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, text=True)
        end = time.monotonic() + 120
        while not done.exists() and time.monotonic() < end:
            time.sleep(0.1)
        batch.send_signal(number)
        _, said = batch.communicate(timeout=60)
    assert left == set() and list(temporary.iterdir()) == []
    assert set(map(str, control_groups())) <= groups
    assert json.loads(done.read_text())["points"] > 0 and not (desk.out / "grades.csv").exists()
    if number != signal.SIGKILL:
        assert batch.returncode == 128 + number and "broken off" in said and "Traceback" not in said
    before = done.stat().st_mtime_ns
    for name in ("b", "c"):
        (desk.folder / "in" / f"{name}.ipynb").write_bytes(PARTIAL)
    assert desk.grade(desk.folder / "in", *more) == 0
    assert len(desk.table("grades.csv")) == 3 and done.stat().st_mtime_ns == before


def control_groups():
    """Return the groups of graders that have ended."""
    parents, _ = cgroups._place()
    found = [folder for parent in parents for folder in parent.glob(f"{cgroups._PREFIX}*")]
    ended = [one for one in found if not os.path.exists(f"/proc/{one.name.split('-')[2]}")]
    return [one for one in ended if one.exists()]  # a grader elsewhere may have ended meanwhile, and removed its own


PEAK = """
import sys
from coursekit.grading.__main__ import main
status = main()
with open("/proc/self/status") as file:
    print("PEAK", next(line.split()[1] for line in file if line.startswith("VmHWM")))
sys.exit(status)
"""


@needs_sandbox
def test_the_main_process_stays_small_whatever_is_handed_in(desk):
    much = submissions.notebook(essay="ß\n" * (1 << 21), extra=("1 / 0",) * 1000)
    files = {"hw0.ipynb": submissions.data(much), "weights.bin": bytes(60 << 20)}
    as_folder({"0.zip": submissions.zipped(**files)}, desk.folder / "in")
    for number in range(1, 4):
        os.link(desk.folder / "in" / "0.zip", desk.folder / "in" / f"{number}.zip")
    words = [desk.folder / "in", "--assignment", "hw0", "--assignments", desk.assignments, "--out", desk.out]
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *words, "--jobs", "2"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert int(done.stdout.split()[-1]) < 100 << 10, done.stderr
    assert [row["total"] for row in desk.table("grades.csv")] == ["11"] * 4
    sheet = (desk.out / "manual.csv").read_text(encoding="utf-8")
    assert sheet.count("cut here: the answer has 4,194,303 characters") == 4


# ---------------------------------------------------------------- without a sandbox


@needs_sandbox
def test_what_the_class_found_hard_names_nobody(canvas):
    page, table = ((canvas.out / name).read_text(encoding="utf-8") for name in ("class.html", "class.csv"))
    with open(canvas.out / "grades.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for told in (row["student"], row["name"], row["id"], row["email"]):
            assert not told or told not in page + table
    lines = {line["question"]: line for line in csv.DictReader(table.splitlines())}
    for name, line in lines.items():
        points = [float(row[name]) for row in rows if row.get(name)]
        assert int(line["students"]) == len(points) and f"<br>{line['title']}</th>" in page
    assert len(lines) >= 2 and any(line["mistakes"] for line in lines.values())


@needs_sandbox
def test_the_privacy_page_names_all_that_is_kept(canvas):
    page = (ROOT / "tools" / "site" / "texts" / "privacy.md").read_text(encoding="utf-8")
    kept = {path.name for path in canvas.out.iterdir()}
    assert {"reports", "grades.csv"} < kept and {name for name in kept if f"`{name}`" not in page} == set()


@pytest.fixture
def no_bubblewrap(monkeypatch):
    monkeypatch.setattr(sandbox, "_program", lambda: None)
    sandbox.require.cache_clear()
    yield
    sandbox.require.cache_clear()


def test_without_bubblewrap_nothing_is_graded(desk, refused, no_bubblewrap):
    as_folder({"a.ipynb": PERFECT}, desk.folder / "in")
    said = refused(desk.folder / "in")
    assert "bubblewrap (bwrap) is not installed here" in said and "--unsafe-no-sandbox" in said
    assert not desk.out.exists()


def test_grading_without_a_sandbox_is_said_wherever_grades_are(desk, capsys):
    as_folder({"a.ipynb": PERFECT, "b.ipynb": BROKEN}, desk.folder / "in")
    assert desk.grade(desk.folder / "in", "--unsafe-no-sandbox") == 0
    assert capsys.readouterr().out.startswith("WARNING: graded without a sandbox")
    rows = desk.table("grades.csv", "name")
    assert rows["a"]["total"] == "11" and rows["b"]["total"] == "8"
    assert all("graded without a sandbox" in row["note"] for row in rows.values())
    assert "graded without a sandbox" in desk.page("a")
    assert not json.loads((desk.out / "reports" / "a.json").read_text())["safe"]


# ---------------------------------------------------------------- bad input


@needs_sandbox
def test_bad_input_is_named(desk, refused, tmp_path):
    good = as_folder({"a.ipynb": PERFECT}, tmp_path / "in")
    assert "hw0_small" in refused(good, assignment="hw7") and "'hw7'" in refused(good, assignment="hw7")
    assert "must be a folder, a zip file or a notebook. Received: nowhere" in refused("nowhere")
    (tmp_path / "empty").mkdir()
    assert "at least one submission" in refused(tmp_path / "empty")
    (tmp_path / "class.zip").write_bytes(submissions.zipped(**CANVAS)[:-40])
    assert "class.zip is a damaged or truncated zip file" in refused(tmp_path / "class.zip")
    assert "No such file" in refused(good, "--manual", tmp_path / "no.csv")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("student,points\na,1\n")
    assert "must have the columns student, question" in refused(good, "--manual", sheet)
    for points, student, words in (
        ("9", "a", "line 2: points must be a number from 0 to 3. Received: '9'"),
        ("x", "a", "Received: 'x'"),
        ("nan", "a", "Received: 'nan'"),
        ("1", "nobody", "[('nobody', 'q4')]"),
    ):
        sheet.write_text(f"student,question,title,possible,answer,points,comment\n{student},q4,t,3,a,{points},\n")
        assert words in refused(good, "--manual", sheet)
    sheet.write_bytes("student,question,title,possible,answer,points,comment\na,q4,t,3,\xe4,1,".encode("latin-1"))
    assert "UTF-8" in refused(good, "--manual", sheet)
    assert "must be a gradebook exported by Canvas" in refused(good, "--roster", tmp_path / "in" / "a.ipynb")
    assert not list(desk.folder.glob("grades/*.csv"))


def test_bad_options_are_named(capsys):
    for words, said in (
        (["x", "--assignment", "hw0", "--out", "o", "--jobs", "0"], "--jobs must be at least 1. Received: 0"),
        (["x", "--assignment", "hw0"], "--out"),
        (["x", "--out", "o"], "one of the arguments --assignment --quiz is required"),
        (["x", "--assignment", "hw0", "--quiz", "q", "--out", "o"], "not allowed with argument"),
        (["x", "--assignment", "hw0", "--out", "o", "--closed"], "--closed needs --quiz"),
    ):
        with pytest.raises(SystemExit):
            command.main(words)
        assert said in capsys.readouterr().err


@needs_sandbox
def test_an_assignment_that_contradicts_itself_is_refused(desk, refused):
    good = as_folder({"a.ipynb": PERFECT}, desk.folder / "in")
    settings = desk.assignments / "hw0_small" / "grading.json"
    settings.write_text('{"limit": 3}')
    assert (
        "must have limits, hidden_packages, leaderboard, recordings, imports and lectures. Received: ['limit']"
        in refused(good)
    )
    settings.write_text('{"limits": {"memory_mb": -5}}')
    assert "memory_mb must be a finite number greater than 0. Received: -5" in refused(good)
    settings.write_text("{}")
    tests = desk.assignments / "_build" / "hw0_small" / "tests"
    text = (tests / "q3.py").read_text()
    for asked in ("held_out", "networks"):  # homework 3 asks for the second, and nobody would earn anything
        (tests / "q3.py").write_text(text.replace("(n_parameters, rule)", f"(n_parameters, rule, {asked})"))
        assert "run `make held-out` first" in refused(good)
    (tests / "q3.py").unlink()
    assert "must have a test file for each question. Received: none for ['q3']" in refused(good)
