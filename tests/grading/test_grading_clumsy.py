"""Clumsy lecturers, platforms and machines around a class: nobody vanishes, and no number is wrong without a word."""

import argparse
import csv
import errno
import io
import json
import os
import time
import unicodedata
import zipfile
from collections import defaultdict
from datetime import datetime, timezone

import numpy as np
import pytest

import submissions as corpus
from coursekit.checks.recorded import encode
from coursekit.grading import __main__ as command
from coursekit.grading import (
    analysis,
    assignment,
    batch,
    csvfiles,
    feedback,
    grader,
    notebooks,
    opener,
    outputs,
    people,
    platforms,
    reports,
    submissions,
)
from coursekit.grading.quiz import grade as quiz
from coursekit.grading.submissions import Handed
from sandboxed import needs_sandbox

GOOD = corpus.CORPUS["perfect"].data
SMALL = assignment.Assignment(
    "hw0", (assignment.Question("q1", "One", 3, False), assignment.Question("q2", "Two", 2, True)), {}
)
HEAD = "Student,ID,SIS User ID,SIS Login ID,Section"


# ---------------------------------------------------------------- what lies among the submissions


def test_links_and_what_is_no_file_are_not_followed_and_whose_they_are_is_told(tmp_path):
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "hw0.ipynb").write_bytes(GOOD)
    os.mkfifo(tmp_path / "ann" / "pipe")
    os.mkfifo(tmp_path / "bob.ipynb")
    for name, target in (("cyd.ipynb", "/etc/passwd"), ("dan", "/etc"), ("eve.ipynb", "nowhere"), ("flo", "flo")):
        (tmp_path / name).symlink_to(target)
    found = {one.name: one for one in submissions.collect(tmp_path)}
    assert [*found] == ["ann", "bob", "cyd", "dan", "eve", "flo"]
    assert corpus_cells(found.pop("ann").read("hw0")[0]) == corpus_cells(GOOD)
    for name, one in found.items():
        with pytest.raises(
            submissions.BadArchive, match="no file" if name == "bob" else "a link, which is not followed"
        ):
            one.read("hw0")


def corpus_cells(data):
    return [cell["source"] for cell in notebooks.read(data)]


def test_a_link_to_the_class_is_followed(tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ann.ipynb").write_bytes(GOOD)
    (tmp_path / "link").symlink_to("class")
    (ann,) = submissions.collect(tmp_path / "link")
    assert corpus_cells(ann.read("hw0")[0]) == corpus_cells(GOOD)


def test_a_folder_that_may_not_be_read_is_refused_and_nobody_vanishes(tmp_path, monkeypatch):
    (tmp_path / "ann").mkdir()
    (tmp_path / "bob.ipynb").write_bytes(GOOD)
    scan = os.scandir

    def closed(path):
        if os.fspath(path).endswith("ann"):
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(PermissionError, match="ann"):
        submissions.collect(tmp_path)


def reported(one):
    report = batch.task(SMALL, lambda: one.read("hw0"), True)
    return report["graded"], report["problem"]


@pytest.mark.parametrize("instead", ["nothing", "a folder", "a pipe"])
def test_a_file_that_has_gone_is_no_fault_of_the_student(instead, tmp_path):
    path = tmp_path / "ann.ipynb"
    path.write_bytes(GOOD)
    (one,) = submissions.collect(tmp_path)
    path.unlink()
    {"nothing": lambda _: None, "a folder": os.mkdir, "a pipe": os.mkfifo}[instead](path)
    begun = time.monotonic()
    graded, problem = reported(one)
    assert not graded and problem.startswith("ann.ipynb ") and time.monotonic() - begun < 20
    settings = argparse.Namespace(name="quiz", questions=1, points=1)
    assert quiz.report(one, settings, {})["graded"] is False


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


@pytest.mark.parametrize("now", [None, b"PK no more", zipped(**{"bob.ipynb": GOOD, "ann.ipynb": GOOD})])
def test_a_zip_file_of_the_class_that_changes_meanwhile_gives_nobody_the_work_of_another(now, tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(zipped(**{"ann.ipynb": GOOD, "bob.ipynb": corpus.CORPUS["blank"].data}))
    ann, bob = submissions.collect(path)
    assert corpus_cells(ann.read("hw0")[0]) == corpus_cells(GOOD)
    path.unlink() if now is None else path.write_bytes(now)
    for one in (ann, bob):
        graded, problem = reported(one)
        assert not graded and problem.startswith("class.zip ")
    opener.close()


# ---------------------------------------------------------------- notebooks


def test_all_sheets_of_an_old_notebook_are_read():
    sheets = [{"cells": [{"cell_type": "code", "input": f"x = {number}"}]} for number in (1, 2)]
    found = notebooks.read(json.dumps({"nbformat": 3, "worksheets": sheets}).encode())
    assert notebooks.code(found) == [[0, "x = 1"], [1, "x = 2"]]
    with pytest.raises(notebooks.NotANotebook):
        notebooks.read(b'{"nbformat": 3, "worksheets": []}')


@pytest.mark.parametrize("name", ["Python", "python3", "Python 3", "python3.11", "ipython3", "IPython", "cpython", ""])
def test_python_has_many_names(name):
    assert notebooks.read(json.dumps({"cells": [], "metadata": {"language_info": {"name": name}}}).encode()) == []


@pytest.mark.parametrize("name", ["julia-1.9", "r", "micropython", "pythonic", "sage"])
def test_other_languages_are_no_python(name):
    with pytest.raises(notebooks.NotANotebook, match=f"is written in {name}, not in Python"):
        notebooks.read(json.dumps({"cells": [], "metadata": {"language_info": {"name": name}}}).encode())


# ---------------------------------------------------------------- gradebooks and points


def found_in(tmp_path, lines, *handed):
    (tmp_path / "r.csv").write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
    rows = [{"student": one.key, "name": one.name, "total": 3, "possible": 5} for one in handed]
    _, (_, *lines), problems = platforms.canvas(rows, handed, "HW", platforms.Roster(tmp_path / "r.csv"))
    return [line["ID"] for line in lines], problems


def test_a_name_is_found_however_its_letters_are_put_together(tmp_path):
    for form in ("NFC", "NFD"):
        one = Handed("a", unicodedata.normalize(form, "Jörg Müller"), "7", platform="moodle")
        assert found_in(tmp_path, [unicodedata.normalize("NFC", '"Jörg Müller",101,,,A')], one) == (["101"], [])


def test_who_is_in_two_sections_is_one_student_and_who_is_not_there_is_named(tmp_path):
    ids, problems = found_in(tmp_path, ["Ann,101,,ann,A", "Ann,101,,ann,B"], Handed("a", "ann"), Handed("n", "nobody"))
    assert ids == ["101", ""]
    assert problems == ["n: nobody, or more than one, in the gradebook may be meant; enter by hand"]


def test_a_gradebook_with_all_that_canvas_adds_finds_students_and_names_in_either_order(tmp_path):
    more = ",Notes,HW 1 (4711),Final Score"
    lines = [
        ",,,,,,Manual Posting,",
        "    Points Possible,,,,,,20,(read only)",
        '"O\'Neil, Siobhán",102,,so@uni.edu,A and B,late,EX,N/A',
    ]
    for text in (
        "\n".join([HEAD + more, *lines]),
        "\n".join([HEAD + more, *lines]).replace(",", ";").replace("O'Neil;", "O'Neil,"),
        f"LastName,FirstName{HEAD.removeprefix('Student')}{more}\n,,,,,,,Manual Posting,\nO'Neil,Siobhán,102,,so@uni.edu,A,,,\n",
    ):
        (tmp_path / "r.csv").write_text(text, encoding="utf-8-sig")
        for one in (
            Handed("a", "Siobhán O'Neil"),
            Handed("a", "oneil_siobhán"),
            Handed("a", "z", "102", platform="canvas"),
        ):
            known = platforms.Roster(tmp_path / "r.csv")
            assert (known.get(one)["ID"], known.get(one)["Student"]) == ("102", "O'Neil, Siobhán")


def test_a_column_that_the_gradebook_does_not_have_is_refused_before_anything_is_graded(tmp_path, capsys):
    (tmp_path / "r.csv").write_text(f"{HEAD},HW 1 (4711)\nAnn,101,,,A,\n", encoding="utf-8")
    known = platforms.Roster(tmp_path / "r.csv")
    known.require("HW 1 (4711)")
    known.require("HW 1")  # by which Canvas finds it as well
    with pytest.raises(ValueError, match=r"a column of the gradebook \(HW 1 \(4711\)\). Received: 'HW1 \(4711\)'"):
        known.require("HW1 (4711)")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_bytes(GOOD)
    folder = corpus.write_assignment(tmp_path / "assignments")
    words = [str(tmp_path / "in"), "--assignment", "hw0", "--assignments", str(folder), "--unsafe-no-sandbox"]
    words += ["--out", str(tmp_path / "out")]
    gradebook = ["--roster", str(tmp_path / "r.csv")]
    assert command.main([*words, *gradebook, "--column", "HW 2 (99)"]) == 2
    assert "Received: 'HW 2 (99)'" in capsys.readouterr().err
    for roster in ([], gradebook):  # points in the place of names
        assert command.main([*words, *roster, "--column", "Student"]) == 2
        assert "who a student is. Received: 'Student'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_is_no_gradebook_of_canvas_is_named(tmp_path):
    (tmp_path / "r.csv").write_text("Name,ID\nAnn,1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="with a column Student, or LastName and FirstName. Received: Name, ID"):
        platforms.Roster(tmp_path / "r.csv")


# ---------------------------------------------------------------- Moodle's way to read a worksheet


def moodle_reads(table):
    """Return {number: (grade, time, comment)} as assignfeedback_offline_grade_importer reads, or None where it refuses."""
    with open(table, newline="", encoding="utf-8") as file:
        columns, *lines = csv.reader(file)
    if not {"Identifier", "Grade", "Last modified (grade)"} <= set(columns):
        return None
    found = [dict(zip(columns, line)) for line in lines]
    return {
        int(line["Identifier"].removeprefix("Participant")): (
            float(line["Grade"]),
            datetime.fromisoformat(line["Last modified (grade)"]).timestamp(),
            line["Feedback comments"],
        )
        for line in found
    }


def test_moodle_takes_the_worksheet_and_grades_anew_replace_those_imported_before(tmp_path):
    one = Handed("ann", "Ann", "9001", platform="moodle")
    row = {"student": "ann", "name": "Ann", "email": "", "total": 2.5, "possible": 5}
    columns, lines = platforms.moodle([row], [one], {"ann": "q1 2/3"}, datetime.now(timezone.utc))
    grade, when, comment = moodle_reads(csvfiles.write(tmp_path / "m.csv", lines, columns))[9001]
    assert (grade, comment) == (2.5, "q1 2/3") and 0 <= time.time() - when < 60  # Moodle keeps what is a minute younger


def moodle_gives(archive):
    """Return {number: [(name, bytes)]} as assignfeedback_file_zip_importer of Moodle 3 and of 4.1 hands files out."""
    given = defaultdict(list)
    with zipfile.ZipFile(archive) as file:
        for path in file.namelist():
            if not path.rpartition("/")[2].startswith((".", "~")):
                _, number, kind, plugin, name = path.split("_", 4)
                assert (kind, plugin) == ("assignfeedback", "file") and "/" not in path
                given[int(number)].append((name, file.read(path)))
    return given


def test_moodle_hands_the_pages_of_feedback_out(tmp_path):
    for name in ("Ann Lee_9001", ".Bo_9002"):
        (tmp_path / "in" / f"{name}_assignsubmission_file").mkdir(parents=True)
        (tmp_path / "in" / f"{name}_assignsubmission_file" / "my_hw.ipynb").write_bytes(GOOD)
    folder = corpus.write_assignment(tmp_path / "assignments")
    words = [str(tmp_path / "in"), "--assignment", "hw0", "--assignments", str(folder), "--unsafe-no-sandbox"]
    assert command.main([*words, "--out", str(tmp_path / "out")]) == 0
    given = moodle_gives(tmp_path / "out" / "moodle_feedback.zip")
    pages = {path.read_bytes() for path in (tmp_path / "out" / "feedback").iterdir()}
    assert sorted(given) == [9001, 9002] and len(pages) == 2
    assert [[name for name, _ in files] for files in given.values()] == [["hw0_small.html"]] * 2
    assert {page for files in given.values() for _, page in files} == pages
    assert b"Ann Lee" in given[9001][0][1] and b"Bo" in given[9002][0][1]


def sheet(path, *rows):
    path.write_text("\n".join([",".join(reports.MANUAL), *rows, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            ["a,q1,One,3,,2,"],
            r"that a person reads.*\('a', 'q1'\)",
        ),  # a test gives those points: these would count nowhere
        (["a,q2,Two,4,,4,"], r"at most the points that the assignment gives now.*\('a', 'q2', 4\)"),
        (["a,q2,Two,inf,,9,"], r"at most the points that the assignment gives now"),
        (
            ["a,q2,Two,2,,1,", "a,q2,Two,2,,2,"],
            r"line 3: each answer must have its points once\. Received: 1 and 2 for a, q2",
        ),
    ],
)
def test_points_that_would_count_wrongly_or_nowhere_are_refused(rows, says, tmp_path):
    chosen = argparse.Namespace(out=tmp_path / "out", manual=sheet(tmp_path / "m.csv", *rows))
    with pytest.raises(ValueError, match=says):
        command._manual(chosen, [Handed("a", "a")], SMALL)


def test_points_that_stand_twice_alike_count_once(tmp_path):
    chosen = argparse.Namespace(
        out=tmp_path / "out", manual=sheet(tmp_path / "m.csv", "a,q2,Two,2,,1.5,first", "a,q2,Two,2,,1.5,then")
    )
    assert command._manual(chosen, [Handed("a", "a")], SMALL) == {("a", "q2"): (1.5, "then")}


# ---------------------------------------------------------------- folders, disks, clocks


def test_two_runs_do_not_write_into_one_folder_at_a_time(tmp_path):
    with outputs.alone(tmp_path / "out"):
        with outputs.alone(tmp_path / "other"):
            pass
        with (
            pytest.raises(
                ValueError, match=r"OUT must be a folder into which nobody else grades now\. Received: .*out"
            ),
            outputs.alone(tmp_path / "out"),
        ):
            pass
    with outputs.alone(tmp_path / "out"):
        assert not [*(tmp_path / "out").iterdir()]


def test_the_command_holds_its_folder_and_lets_it_go(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_bytes(b"{}")
    words = [str(tmp_path / "in"), "--assignment", "hw0", "--unsafe-no-sandbox", "--jobs", "1"]
    words += ["--assignments", str(corpus.write_assignment(tmp_path / "assignments")), "--out", str(tmp_path / "out")]
    with outputs.alone(tmp_path / "out"):
        assert command.main(words) == 2
    assert "nobody else grades now" in capsys.readouterr().err
    assert command.main(words) == 0
    with outputs.alone(tmp_path / "out"):
        pass


def test_a_full_disk_is_told_with_the_file_that_had_no_room(tmp_path):
    with pytest.raises(OSError, match=r"No space left.*grades\.csv"), csvfiles.replacing(tmp_path / "grades.csv"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's time zone cannot be set for a test")
def test_a_quiz_does_not_close_at_a_time_that_the_clock_shows_twice_or_never(monkeypatch):
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    try:
        for closes in ("2026-10-25T02:30", "2027-03-28T02:30"):
            with pytest.raises(ValueError, match=f"closes must be a time that the clock shows once.*{closes}"):
                quiz.closing(argparse.Namespace(closes=closes))
            assert quiz.closing(argparse.Namespace(closes=f"{closes}+01:00")).utctimetuple()[3] == 1
        for closes in ("2026-10-25T03:30", "2026-11-23T10:15"):
            assert quiz.closing(argparse.Namespace(closes=closes)).utcoffset().seconds == 3600
    finally:
        monkeypatch.undo()
        time.tzset()


# ---------------------------------------------------------------- likely mistakes

PROBE = [[1.0, 2.0], [0.5, 4.0]]
COLUMNS = corpus.SOFTMAX.replace("axis=1", "axis=0")


def with_a_bank(tmp_path):
    wrong = {}
    exec(f"import numpy as np\n{COLUMNS}", wrong)
    probe = np.array(PROBE)
    sentence = "the columns add up to 1: axis=1"
    bank = {
        "softmax": {
            "probes": encode(((probe,),)),
            "misconceptions": [{"sentence": sentence, "returned": encode((wrong["softmax"](probe),))}],
        }
    }
    folder = tmp_path / "data" / "assignments" / corpus.ABOUT["name"]
    folder.mkdir(parents=True)
    (folder / "misconceptions.json").write_text(json.dumps(bank), encoding="utf-8")
    return assignment.load("hw0", corpus.write_assignment(tmp_path / "assignments")), sentence


@needs_sandbox
def test_a_mistake_of_the_bank_is_known_by_what_the_answer_returns(tmp_path):
    small, sentence = with_a_bank(tmp_path)
    liar = "def softmax(Z):\n    raise ValueError('x\\nLikely: Ann')"
    likely = {}
    for name, source in {"columns": COLUMNS, "right": corpus.SOFTMAX, "liar": liar, "stub": corpus.STUBS[0]}.items():
        report = grader.grade(small, corpus.data(corpus.notebook(softmax=source)))
        likely[name] = report["questions"]["q1"]["likely"]
        if name == "columns":
            (answer, *_) = analysis.of_homework([Handed("a", "a")], {"a": report}, {})
            assert answer.mistakes[0] == sentence and grader.HIDDEN not in answer.mistakes
            page = feedback.page(small, Handed("a", "a"), {**report, "note": ""}, {})
            assert page.count(f"Likely: {sentence}.") == 1
    assert likely == {"columns": sentence, "right": None, "liar": None, "stub": None}


def test_what_a_student_wrote_is_no_mistake_of_the_bank():
    case = {"passed": False, "hidden": False, "kind": "wrong", "message": "not 3 but x\nLikely: my name is Ada"}
    question = {"title": "One", "points": 0, "possible": 3, "manual": False, "cases": [case]}
    report = {"graded": True, "problem": None, "questions": {"q1": question}}
    (answer,) = analysis.of_homework([Handed("a", "a")], {"a": report}, {})
    assert answer.mistakes == ()


def test_people_of_one_name_in_two_forms_are_not_made_one():
    found = people.sort([f"{unicodedata.normalize(form, 'müller')}_101_1_hw0.ipynb" for form in ("NFC", "NFD")])
    assert len({one.key for one in found}) == 2 and all("stands with several names" in one.clash for one in found)
