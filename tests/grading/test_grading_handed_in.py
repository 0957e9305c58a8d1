"""What is handed in, however it is packed; the tables that come out; a worker that breaks its word."""

import contextlib
import time
import zipfile
from pathlib import Path

import pytest

import submissions as corpus
from coursekit.grading import (
    assignment,
    feedback,
    grader,
    limits,
    notebooks,
    platforms,
    reports,
    sandbox,
    session,
    submissions,
)
from coursekit.grading.proxy import WorkerDied
from coursekit.grading.submissions import BadArchive, Handed
from sandboxed import needs_sandbox

GOOD = corpus.CORPUS["perfect"].data


def folder(tmp_path, **files):
    for name, content in files.items():
        path = tmp_path / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "class"


def handed(**files):
    return Handed("k", "k", files={name: lambda data=data: data for name, data in files.items()})


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    "name, platform, who, identity, late, file",
    [
        ("curiemarie_101_5551_hw1.ipynb", "canvas", "curiemarie", "101", False, "hw1.ipynb"),
        ("curiemarie_LATE_101_5551_hw1-3.ipynb", "canvas", "curiemarie", "101", True, "hw1-3.ipynb"),
        ("o'neilñ_101_5551_my hw_1.ipynb", "canvas", "o'neilñ", "101", False, "my hw_1.ipynb"),
        ("Marie Curie_9001_assignsubmission_file_/hw1.ipynb", "moodle", "Marie Curie", "9001", False, "hw1.ipynb"),
        ("Marie Curie_9001_assignsubmission_file/hw1.ipynb", "moodle", "Marie Curie", "9001", False, "hw1.ipynb"),
        ("Marie Curie_9001_assignsubmission_file_hw1.ipynb", "moodle", "Marie Curie", "9001", False, "hw1.ipynb"),
        (
            "Marie Curie_9001_assignsubmission_file_/sub/hw1.ipynb",
            "moodle",
            "Marie Curie",
            "9001",
            False,
            "sub/hw1.ipynb",
        ),
        ("submission_301/hw1.ipynb", "gradescope", "submission_301", "301", False, "hw1.ipynb"),
        ("Marie Curie/hw1.ipynb", "", "Marie Curie", "", False, "hw1.ipynb"),
        ("marie.ipynb", "", "marie", "", False, "marie.ipynb"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_names_of_platforms_are_understood(tmp_path, name, platform, who, identity, late, file, packed):
    made = folder(tmp_path, **{name: GOOD, "zoe_7_8_hw1.ipynb": GOOD})
    if packed:
        made = tmp_path / "class.zip"
        made.write_bytes(corpus.zipped(**{name: GOOD, "zoe_7_8_hw1.ipynb": GOOD}))
    one = next(one for one in submissions.collect(made) if one.identity != "7")
    assert (one.platform, one.name, one.identity, one.late) == (platform, who, identity, late)
    assert list(one.files) == [file] and one.files[file]() == GOOD


def test_files_of_one_student_belong_together(tmp_path):
    made = folder(tmp_path, **{"a_1_1_hw.ipynb": GOOD, "a_1_2_model.keras": b"m", "b_2_3_hw.ipynb": GOOD})
    first, second = submissions.collect(made)
    assert first.read() == (GOOD, {"model.keras": b"m"}, "") and second.read() == (GOOD, {}, "")


def test_what_machines_leave_behind_is_no_submission(tmp_path):
    made = folder(
        tmp_path,
        **{".DS_Store": b"", "__MACOSX/x.ipynb": b"", ".ipynb_checkpoints/a-checkpoint.ipynb": b"", "a.ipynb": GOOD},
    )
    (made / "link.ipynb").symlink_to("/etc/passwd")
    assert [one.name for one in submissions.collect(made)] == ["a"]


def test_students_of_one_name_have_keys_of_their_own(tmp_path):
    made = folder(
        tmp_path,
        **{
            "A B_1_assignsubmission_file_/x.ipynb": GOOD,
            "A B_2_assignsubmission_file_/x.ipynb": GOOD,
            "a_b_3_4_x.ipynb": GOOD,
            "CON_5_6_x.ipynb": GOOD,
            "._7_8_x.ipynb": GOOD,
        },
    )
    keys = [one.key for one in submissions.collect(made)]
    assert len({key.lower() for key in keys}) == len(keys) == 4 and "CON" not in keys
    assert all(Path(key).name == key and not key.startswith(".") for key in keys)


def test_the_newest_version_of_the_right_notebook_is_taken():
    other = b"{}"
    taken, files, note = handed(
        **{
            "hw1_numpy_network.ipynb": other,
            "hw1_numpy_network-2.ipynb": GOOD,
            "notes-9.ipynb": other,
            "data.csv": b"1",
        }
    ).read("hw1_numpy_network")
    assert taken == GOOD and files == {"data.csv": b"1"} and note == "took hw1_numpy_network-2.ipynb of 3 notebooks"


# ---------------------------------------------------------------- archives


def test_a_zip_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(submissions, "MOST_ARCHIVE", 3 << 20)
    many = corpus.zipped(**{f"{n}": bytes(1 << 20) for n in range(5)})
    with pytest.raises(BadArchive, match="more than 3 MB"):
        handed(**{"x.zip": many}).read()
    with pytest.raises(BadArchive, match="big.ipynb in the zip file unpacks to more than 64 MB"):
        handed(**{"x.zip": corpus.zipped(**{"big.ipynb": bytes(65 << 20)})}).read()


@pytest.mark.parametrize("cut", [4, 40, 120, -1, -22, -60])
def test_a_truncated_zip_is_named(tmp_path, cut):
    broken = corpus.zipped(**{"a.ipynb": GOOD, "b.txt": b"xyz"})[:cut]
    with pytest.raises(BadArchive, match="damaged or truncated|cannot be read"):
        handed(**{"x.zip": broken}).read()
    (tmp_path / "class.zip").write_bytes(broken)
    with pytest.raises(BadArchive, match="class.zip is a damaged or truncated zip file"):
        submissions.collect(tmp_path / "class.zip")


def test_a_zip_with_a_password_is_named():
    locked = bytearray(corpus.zipped(**{"a.ipynb": GOOD}))
    for place in (locked.index(b"PK\3\4") + 6, locked.index(b"PK\1\2") + 8):
        locked[place] |= 1
    with pytest.raises(BadArchive, match="a.ipynb in the zip file cannot be read: .*encrypted"):
        handed(**{"x.zip": bytes(locked)}).read()


def test_no_name_in_an_archive_leads_out_of_a_folder(tmp_path):
    bad = ("../../evil.py", "/etc/evil.py", "..\\..\\evil.py", "a/../../evil.py", "C:\\evil.py")
    _, files, _ = handed(**{"x.zip": corpus.zipped(**{"a.ipynb": GOOD, **dict.fromkeys(bad, b"x")})}).read()
    assert all("/" not in name and name not in ("", ".", "..") for name in files)
    made = tmp_path / "class.zip"
    made.write_bytes(corpus.zipped(**{f"{name}.ipynb": GOOD for name in bad}))
    for one in submissions.collect(made):
        assert (tmp_path / f"{one.key}.json").resolve().parent == tmp_path


def test_an_archive_with_the_same_name_twice_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive, pytest.warns(UserWarning):
        archive.writestr("a.ipynb", b"{}")
        archive.writestr("a.ipynb", GOOD)
    assert handed(**{"x.zip": (tmp_path / "x.zip").read_bytes()}).read()[0] == GOOD


# ---------------------------------------------------------------- notebooks


def test_written_answers_are_found_by_id_or_below_their_heading():
    question = assignment.Question("q4", "In your own words", 3, True)
    for changed in (False, True):
        cells = notebooks.read(corpus.data(corpus.notebook()))
        if changed:  # as after a copy through Colab, which gives cells ids of its own
            for number, one in enumerate(cells):
                one["id"] = f"x{number}"
        assert notebooks.written(cells, [question]) == {"q4": corpus.ESSAY}
    assert notebooks.written(notebooks.read(corpus.data(corpus.RELEASED)), [question]) == {"q4": ""}


def test_an_old_notebook_of_version_3_is_read():
    old = b'{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\\n", "y = 2"]}]}]}'
    assert notebooks.code(notebooks.read(old)) == [[0, "x = 1\ny = 2"]]


# ---------------------------------------------------------------- tables

SMALL = assignment.Assignment(
    "hw0",
    (assignment.Question("q1", "One", 3, False), assignment.Question("q2", "Two", 2, True)),
    {},
    leaderboard={"record": "accuracy", "baseline": 0.7},
)
ANN, BOB = Handed("ann", "Ann", "1", "ann@x"), Handed("bob", "Bob", "2", late=True)


def report(points=2, graded=True, recorded=None, safe=True):
    made = {**grader.unread(SMALL, None, safe), "graded": graded, "note": "", "recorded": recorded or {}}
    made["questions"]["q1"]["points"] = points
    return made


def test_rows_of_grades_add_up_and_an_ungraded_student_has_no_points():
    found = {"ann": report(2.5), "bob": report(3, graded=False)}
    ann, bob = reports.grades(SMALL, [ANN, BOB], found, {("ann", "q2"): (1.5, "good")})
    assert (ann["q1"], ann["q2"], ann["total"], ann["possible"], ann["to_read"]) == (2.5, 1.5, 4, 5, 0)
    assert (bob["q1"], bob["q2"], bob["total"], bob["to_read"], bob["note"]) == ("", "", "", 1, "NOT GRADED; late")


def test_the_leaderboard_ranks_equals_alike_and_leaves_out_what_is_no_number():
    found = {
        name: report(recorded={"accuracy": value} if value is not None else {})
        for name, value in zip("abcde", (0.8, 0.9, 0.8, None, float("nan")))
    }
    board = reports.leaderboard(SMALL, [Handed(name, name.upper()) for name in "abcde"], found)
    assert [(row["rank"], row["name"], row["accuracy"]) for row in board] == [
        (1, "B", 0.9),
        (2, "A", 0.8),
        (2, "C", 0.8),
        (4, "baseline", 0.7),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "=\0x"])
def test_no_table_makes_a_spreadsheet_calculate(tmp_path, text):
    reports.write(tmp_path / "x.csv", [{"a": text, "b": -1.5}])
    row = (tmp_path / "x.csv").read_text(encoding="utf-8").split("\n", 1)[1]
    assert row.lstrip('"').startswith("'") and row.rstrip().endswith(",-1.5") and "\0" not in row


def test_an_ungraded_student_is_told_that_it_is_no_fault_of_theirs():
    failed = {**report(graded=False), "problem": "this machine failed: secret path /srv/x"}
    page = feedback.page(SMALL, ANN, failed, {})
    assert "no fault of yours" in page and "/srv/x" not in page and feedback.comment(ANN, failed, {}) == ""


def test_canvas_finds_students_by_number_login_or_name(tmp_path):
    (tmp_path / "r.csv").write_text(
        '\ufeffStudent,ID,SIS User ID,SIS Login ID,Section\nPoints Possible,,,,\n"Curie, Marie",101,m1,MARIE@x,A\n',
        encoding="utf-8",
    )
    known = platforms.roster(tmp_path / "r.csv")
    for row in (
        {"id": "101", "name": "z"},
        {"id": "", "name": "curiemarie"},
        {"id": "m1", "name": ""},
        {"id": "", "name": "Marie@x"},
    ):
        _, (_, line) = platforms.canvas([{**row, "total": 3, "possible": 5}], "HW", known)
        assert (line["Student"], line["ID"], line["Section"], line["HW"]) == ("Curie, Marie", "101", "A", 3)
    assert platforms.canvas([], "HW", {})[1][0]["HW"] == ""


# ---------------------------------------------------------------- the assignment


def test_points_of_cases_add_up_to_those_of_the_question():
    small = assignment.testfiles.load(corpus.TESTS["q2.py"], "q2.py")
    assert grader._worth(small) == [2, 2, 2]
    less = assignment.testfiles.load(corpus.TESTS["q2.py"].replace("points = 6", "points = 3"), "q2.py")
    assert grader._worth(less) == [1, 1, 1]
    share = assignment.testfiles.load(
        corpus.TESTS["q2.py"].replace("points=2, ", "").replace("points = 6", "points = 1"), "q2"
    )
    assert grader._worth(share) == [pytest.approx(1 / 3)] * 3


def test_everything_that_changes_a_grade_changes_the_digest(tmp_path):
    small = assignment.load("hw0", corpus.write_assignment(tmp_path / "a"))
    from dataclasses import replace

    others = [
        replace(small, tests={**small.tests, "q3.py": "x"}),
        replace(small, held_out={"a": b"1"}),
        replace(small, held_out={"a": b"2"}),
        replace(small, limits=limits.Limits(call_seconds=5)),
        replace(small, hidden_packages=("scipy",)),
        replace(small, questions=small.questions[:3]),
    ]
    assert len({small.digest, *(other.digest for other in others)}) == 7


@needs_sandbox
def test_held_out_arrays_and_submitted_files_reach_the_tests(tmp_path):
    import numpy as np

    test = (
        'from otter.test_files import test_case\nOK_FORMAT = False\nname, points = "q1", 1\n'
        "@test_case(points=1, hidden=True)\ndef test_one(predict, held_out, record):\n"
        "    record('accuracy', (predict(held_out['x']) == held_out['y']).mean())\n"
    )
    np.savez(tmp_path / "h.npz", x=np.arange(6.0), y=np.arange(6.0) * 3)
    one = assignment.Assignment(
        "a",
        (assignment.Question("q1", "One", 1, False),),
        {"q1.py": test},
        held_out={"held_out": (tmp_path / "h.npz").read_bytes()},
    )
    source = "import numpy as np\nw = np.load('model.npy')\ndef predict(x): return w * x\nheld_out = 3"
    done = grader.grade(one, corpus.data({"cells": [corpus.cell(source)], "metadata": {}}), {"model.npy": _npy(3.0)})
    assert done["points"] == 1 and done["recorded"] == {"accuracy": 1.0}, done
    huge = grader.grade(one, GOOD, {"model.npy": bytes((128 << 20) + 1)})
    assert huge["graded"] and huge["problem"] == "the files beside the notebook have more than 128 MB"


def _npy(value):
    import io

    import numpy as np

    made = io.BytesIO()
    np.save(made, np.float64(value))
    return made.getvalue()


# ---------------------------------------------------------------- the worker


def started(source, **more):
    settings = {
        "cell_seconds": 1,
        "call_seconds": 1,
        "total_seconds": 20,
        "memory_mb": 1500,
        "disk_mb": 16,
        "processes": 40,
        **more,
    }
    return session.Session(sandbox.Sandbox(), [[0, source]], limits.Limits(**settings))


@needs_sandbox
def test_the_sandbox_shows_nothing_but_what_a_notebook_needs(tmp_path):
    source = """import os, socket
seen = sorted(os.listdir("/"))
me = (os.getuid() != 0, os.getgid() != 0, sorted(os.environ)[:99], len([p for p in os.listdir("/proc") if p.isdigit()]))
devices = [name for name in socket.if_nameindex()]
grading = os.listdir(os.path.join(os.path.dirname(__import__("coursekit").__file__), "grading"))
"""
    with started(source) as one:
        assert set(one.get("seen")) <= {
            "bin",
            "dev",
            "etc",
            "grader",
            "lib",
            "lib32",
            "lib64",
            "proc",
            "sbin",
            "tmp",
            "usr",
            *(Path(place).parts[1] for place in sandbox._places()),
        }
        root, group, names, count = one.get("me")
        assert root and group and count <= 3
        assert set(names) <= {*sandbox._environment("/tmp"), "PWD", "LC_CTYPE"}
        assert [name for _, name in one.get("devices")] == ["lo"] and one.get("grading") == []


@needs_sandbox
@pytest.mark.parametrize(
    "message",
    [
        b"[]",
        b"3",
        b'{"value": ["a", "<f8", [1], 0, 8]}',
        b'{"value": ["?"]}',
        b'{"other": 1}',
        b'{"error": 3, "x": 1}',
        b'{"value": 1, "changed": 7}',
        b"nonsense",
    ],
)
def test_a_worker_that_breaks_its_word_costs_its_own_call_only(message):
    source = f"""import gc, os
worker = [o for o in gc.get_objects() if type(o).__name__ == "Worker"][0]
def f():
    body = {message!r}
    worker.write(wire.HEAD.pack(len(body), 0) + body)
    os._exit(0)
wire = __import__("sys").modules.get("x") or worker.send.__func__.__globals__["wire"]"""
    with started(source) as one:
        function = one.get("f")
        with pytest.raises(Exception) as caught:
            function()
        assert not isinstance(caught.value, sandbox.SandboxError)  # the student's fault, not the machine's
        again = None
        for _ in range(2):  # it ended its process as well: whoever notices starts another
            with contextlib.suppress(WorkerDied):
                again = one.get("f")
        assert callable(again)


@needs_sandbox
def test_a_worker_whose_time_ended_while_it_awaited_an_answer_is_replaced(monkeypatch):
    monkeypatch.setattr(session, "GRACE", 20)
    with started("def f(ask): return ask()\nvalue = 3") as one:
        with pytest.raises(BaseException) as caught:
            one.get("f")(lambda: time.sleep(1.5))
        assert caught.value.kind == "TimeLimit" and one.process is None
        assert one.get("value") == 3 and one.generation == 2


@needs_sandbox
def test_errors_of_cells_are_few_and_short():
    source = """import gc
worker = [o for o in gc.get_objects() if type(o).__name__ == "Worker"][0]
for n in range(300):
    worker.send({"cell": n, "error": ["E" * 10**4, "x" * 10**5]})
    worker.send({"cell": 0, "error": ["E" * 10**4, "x" * 10**5]})"""
    with started(source, cell_seconds=10) as one:
        one.start()
        assert one.errors == [[0, "E" * 80, "x" * 600]]


@needs_sandbox
def test_a_machine_that_cannot_start_a_worker_is_no_fault_of_the_student(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "_python", lambda: ["/usr/bin/false"])
    one = assignment.load("hw0", corpus.write_assignment(tmp_path / "a"))
    done = grader.grade(one, GOOD)
    assert not done["graded"] and done["problem"].startswith("this machine failed: the worker did not start")
