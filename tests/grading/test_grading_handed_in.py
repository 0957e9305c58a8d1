"""What is handed in, however it is packed; the tables that come out; a worker that breaks its word."""

import contextlib
import functools
import io
import os
import random
import re
import subprocess
import sys
import time
import zipfile
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import submissions as corpus
from coursekit.grading import (
    assignment,
    csvfiles,
    feedback,
    grader,
    limits,
    notebooks,
    opener,
    people,
    platforms,
    preparing,
    reports,
    sandbox,
    session,
    submissions,
)
from coursekit.grading.proxy import WorkerDied
from coursekit.grading.submissions import BadArchive, Handed
from coursekit.grading.texts import clean
from sandboxed import ROOT, needs_sandbox

GOOD = corpus.CORPUS["perfect"].data


def folder(tmp_path, **files):
    for name, content in files.items():
        path = tmp_path / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "class"


def handed(**files):
    return Handed("k", "k", files=[(name, 0, data) for name, data in files.items()])


def cells(data):
    return [cell["source"] for cell in notebooks.read(data)]


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    "name, platform, who, identity, late, file",
    [
        ("curiemarie_101_5551_hw1.ipynb", "canvas", "curiemarie", "101", False, "hw1.ipynb"),
        ("curiemarie_LATE_101_5551_hw1-3.ipynb", "canvas", "curiemarie", "101", True, "hw1-3.ipynb"),
        ("curie_m_101_5551_my hw_1.ipynb", "canvas", "curie_m", "101", False, "my hw_1.ipynb"),
        ("curie_101_5551_dirac_102_5552_hw1.ipynb", "canvas", "curie", "101", False, "dirac_102_5552_hw1.ipynb"),
        ("curie_101_5551_x_9_assignsubmission_file_hw1.ipynb", "canvas", "curie", "101", False, None),
        ("anon_Xk3jQ_5551_hw1.ipynb", "canvas", "anon_Xk3jQ", "anon_Xk3jQ", False, "hw1.ipynb"),
        ("Marie Curie_9001_assignsubmission_file_/hw1.ipynb", "moodle", "Marie Curie", "9001", False, "hw1.ipynb"),
        ("Marie Curie_9001_assignsubmission_file/hw1.ipynb", "moodle", "Marie Curie", "9001", False, "hw1.ipynb"),
        ("Marie Curie_9001_assignsubmission_file_hw1.ipynb", "moodle", "Marie Curie", "9001", False, "hw1.ipynb"),
        ("Marie Curie_9001_assignsubmission_file_/a/b.ipynb", "moodle", "Marie Curie", "9001", False, "a/b.ipynb"),
        ("M C_1_assignsubmission_file_/x_2_3_h.ipynb", "moodle", "M C", "1", False, "x_2_3_h.ipynb"),
        ("submission_301/hw1.ipynb", "", "submission_301", "", False, "hw1.ipynb"),
        ("Marie Curie/hw1.ipynb", "", "Marie Curie", "", False, "hw1.ipynb"),
        ("Marie Curie/x_1_2_hw1.ipynb", "", "Marie Curie", "", False, "x_1_2_hw1.ipynb"),
        ("marie.ipynb", "", "marie", "", False, "marie.ipynb"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_names_of_platforms_are_understood(tmp_path, name, platform, who, identity, late, file, packed):
    made = folder(tmp_path, **{name: GOOD})
    if packed:
        made = tmp_path / "class.zip"
        made.write_bytes(corpus.zipped(**{name: GOOD}))
    (one,) = submissions.collect(made)
    assert (one.platform, one.name, one.identity, one.late) == (platform, who, identity, late)
    assert file in (None, one.files[0][0]) and cells(one.read()[0]) == cells(GOOD)


def test_files_of_one_student_belong_together(tmp_path):
    made = folder(tmp_path, **{"a_1_1_hw.ipynb": GOOD, "a_1_2_model.keras": b"m", "b_2_3_hw.ipynb": GOOD})
    first, second = submissions.collect(made)
    assert first.read()[1:] == ({"model.keras": b"m"}, "") and second.read()[1:] == ({}, "")
    assert cells(first.read()[0]) == cells(second.read()[0]) == cells(GOOD)


def test_what_machines_leave_behind_is_no_submission(tmp_path):
    made = folder(
        tmp_path,
        **{".DS_Store": b"", "__MACOSX/x.ipynb": b"", ".ipynb_checkpoints/a-checkpoint.ipynb": b"", "a.ipynb": GOOD},
    )
    (made / ".link.ipynb").symlink_to("/etc/passwd")
    assert [one.name for one in submissions.collect(made)] == ["a"]
    hidden = ("A_1_assignsubmission_file_/.hw.ipynb", ".B_2_assignsubmission_file_/x.ipynb")
    assert [one.identity for one in people.sort(hidden)] == ["2", "1"]  # but no student is left out
    assert len(people.sort(("a_1_2_hw-checkpoint.ipynb", "b_2_3_.x.ipynb"))) == 2


def keys(*names, metadata=None):
    return [one.key for one in people.sort(names, metadata)]


def test_keys_are_fit_for_file_names_and_tell_namesakes_apart():
    found = keys("a_3_4_x.ipynb", "a_4_4_x.ipynb", "CON_5_6_x.ipynb", "._7_8_x.ipynb", "=S(9)_9_9_x.ipynb")
    assert len({key.lower() for key in found}) == len(found) == 4 and {"a~3", "a~4"} < set(found)
    assert len(set(keys("CON.ipynb", "a b.ipynb", "a_b.ipynb", "A_B.ipynb", "a_b/x.ipynb"))) == 5
    assert all(Path(key).name == key and not key.startswith(".") and key != "CON" for key in found)


def test_a_key_never_passes_to_another_person():
    before = set(keys("curie_101_1_x.ipynb", "dirac_103_1_x.ipynb"))
    assert before & set(keys("curie_100_1_x.ipynb", "dirac_103_1_x.ipynb")) == {"dirac~103"}
    made = keys("a b.ipynb", "c.ipynb")[0]
    assert keys(f"{made}.ipynb", "c.ipynb")[0] != made  # nobody can be named like a key that was made


@pytest.mark.parametrize(
    "names",
    [
        ("a_20261105_153000_hw2.ipynb", "b_20261105_160100_hw2.ipynb"),
        ("hw1_20261105_1_a.ipynb", "hw1_20261105_2_b.ipynb"),
        ("a_7_1_hw2.ipynb", "b_7_2_hw2.ipynb"),
        ("A_7_assignsubmission_file_/x.ipynb", "B_7_assignsubmission_file_/x.ipynb"),
        ("ann.ipynb", "Ann.ipynb"),
        ("ann.ipynb", "ann/x.ipynb"),
        ("x_101_1_h.ipynb", "x_101_777_1_h.ipynb", "y_101_1_h.ipynb"),
    ],
)
def test_two_names_are_two_people_whatever_their_numbers(names):
    found = people.sort(names)
    assert len({one.key.lower() for one in found}) == len(found) == len(names)
    assert sorted(place for one in found for _, _, place in one.files) == list(range(len(names)))


def test_a_number_with_two_names_is_nobodys_and_says_what_to_do():
    first, second, third = people.sort(("a_7_1_h.ipynb", "b_7_2_h.ipynb", "c_8_3_h.ipynb"))
    assert first.identity == second.identity == "" and "'a', 'b'" in first.clash and "--platform" in second.clash
    assert (third.identity, third.clash) == ("8", "")


def test_gradescope_is_believed_at_the_top_of_the_export_alone(tmp_path):
    text = (
        '---\nsubmission_1:\n  :submitters:\n  - :name: Ann\n    :sid: \'11\'\n  - :name: "Bo \\"B\\""\n'
        "    :sid: '12'\n  - :name: |-\n      :sid: '99'\n  :results:\n    output: |\n      :sid: '99'\n  - :name: Eve\n"
    )
    told = people.submitters(text)
    assert [(one["name"], one.get("sid")) for one in told["submission_1"][:2]] == [("Ann", "11"), ('Bo "B"', "12")]
    assert told["submission_1"][2:] == [{"name": ""}]  # a name of several lines says nothing else
    text = text.replace("  - :name: |-\n      :sid: '99'\n", "")
    files = {"submission_1/h.ipynb": GOOD, "submission_2/submission_metadata.yml": b"", "submission_2/h.ipynb": GOOD}
    (tmp_path / "class.zip").write_bytes(corpus.zipped(**files, **{"submission_metadata.yml": text.encode()}))
    found = submissions.collect(tmp_path / "class.zip")
    assert [(one.name, one.identity) for one in found] == [("Ann", "11"), ('Bo "B"', "12"), ("submission_2", "")]
    lied = {"a/submission_metadata.yml": text.encode(), "a/h.ipynb": GOOD, "submission_1/h.ipynb": GOOD}
    (tmp_path / "class.zip").write_bytes(corpus.zipped(**lied))
    assert [one.name for one in submissions.collect(tmp_path / "class.zip")] == ["a", "submission_1"]


HOSTILE = st.text(st.sampled_from("ab_19.-~ =@\u202e\udce4é"), max_size=8)
PARTS = st.sampled_from(["LATE_", "x_101_5_", "A_7_assignsubmission_file_", "submission_1", "anon_a_", "~"])
NAMES = st.lists(st.tuples(HOSTILE | PARTS, HOSTILE | PARTS, HOSTILE | PARTS), min_size=1, max_size=9, unique=True)


@given(st.sampled_from(people.PLATFORMS[:2]), NAMES)
def test_in_a_random_class_nobody_vanishes_and_nobody_gains(platform, chosen):
    names, owners = [], []
    for number, (who, file, other) in enumerate(chosen):
        if platform == "canvas":  # as Canvas makes the prefix: letters, digits and _, and no _1_ in a name
            who = re.sub(r"_(?=\d)|\W|^_|_$|LATE|anon", "", who)
            names.append(f"{who or 'x'}_{500 + number}_{900 + number}_{(file + other).replace('/', '')}.ipynb")
        else:
            names.append(f"{who.replace('_', ' ')}_{500 + number}_assignsubmission_file_/{file}/{other}.ipynb")
        owners.append(str(500 + number))
    found = people.sort(names)
    assert sorted(place for one in found for _, _, place in one.files) == list(range(len(names)))
    assert all(len(one.files) == 1 and one.identity in ("", owners[one.files[0][2]]) for one in found)
    assert all(bool(one.clash) == (not one.identity) for one in found)  # who gets no number is named
    assert len({one.key.casefold() for one in found}) == len(found)


@given(st.lists(st.tuples(HOSTILE | PARTS, HOSTILE | PARTS).map("".join), min_size=1, max_size=9, unique=True))
def test_whatever_files_are_called_each_belongs_to_one_person_and_keys_differ(names):
    found = people.sort([f"{name}x.ipynb" for name in names])
    places = sorted(place for one in found for _, _, place in one.files)
    assert len(places) == len(set(places)) and len({one.key.casefold() for one in found}) == len(found)
    assert all(re.fullmatch(r"[\w.@+~-]+", one.key) for one in found)


# ---------------------------------------------------------------- which notebook


@pytest.mark.parametrize(
    "files, taken",
    [
        ({"hw1.ipynb": 1, "hw2.ipynb": 2}, "hw1.ipynb"),
        ({"HW 1.ipynb": 1, "hw10.ipynb": 2, "notes-9.ipynb": 3}, "HW 1.ipynb"),
        (
            {"hw1_numpy_network.ipynb": 1, "hw1_numpy_network-2.ipynb": 2, "notes-9.ipynb": 3},
            "hw1_numpy_network-2.ipynb",
        ),
        ({"draft.ipynb": 2, "final.ipynb": 1}, "draft.ipynb"),
        ({"a.zip": 1, "b.txt": 1}, "hw1.ipynb"),
    ],
)
def test_the_notebook_of_this_assignment_is_taken_and_told(files, taken):
    made = {name: corpus.data({"cells": [corpus.cell(f"x = {name!r}")], "metadata": {}}) for name in [*files, taken]}
    if "a.zip" in files:
        made["a.zip"] = corpus.zipped(**{"in.zip": corpus.zipped(**{"hw1.ipynb": made.pop("hw1.ipynb")})})
    files = [(name, number, made[name]) for name, number in files.items()]
    data, others, note = Handed("k", "k", files=files).read("hw1_numpy_network")
    assert cells(data) == [f"x = {taken!r}"]
    left_out = [name for name, _, _ in files if name.endswith(".ipynb") and name != taken]
    assert all(name in note for name in [taken, *left_out]) if left_out else note == ""


def test_a_blank_notebook_does_not_beat_one_with_answers():
    blank = corpus.data({"cells": [corpus.cell("raise NotImplementedError")] * 4, "metadata": {}})
    data, _, note = Handed("k", "k", files=[("a.ipynb", 1, GOOD), ("b.ipynb", 2, blank)]).read("hw1")
    assert cells(data) == cells(GOOD) and note == "took a.ipynb of 2 notebooks, not b.ipynb"


# ---------------------------------------------------------------- archives


@functools.cache
def bomb():
    """Return a zip file of a few kilobytes that unpacks to 1.5 GB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as archive, archive.open("a.ipynb", "w") as file:
        for _ in range(1500):
            file.write(bytes(1 << 20))
    return packed.getvalue()


def overwritten(kind):
    """Return a zip file compressed as `kind`, thirty bytes of it overwritten."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", kind) as archive:
        archive.writestr("a.ipynb", random.Random(0).randbytes(4000))
    data = bytearray(packed.getvalue())
    data[60:90] = b"\xff" * 30
    return bytes(data)


def version_255():
    made = corpus.zipped(**{"a.ipynb": GOOD})
    start = made.index(b"PK\1\2")
    return made[: start + 6] + b"\xff" + made[start + 7 :]


def deep():
    made = corpus.zipped(**{"a.ipynb": GOOD})
    for number in range(6):
        made = corpus.zipped(**{f"{number}.zip": made})
    return made


# Archives that hurt who opens them. Made when they are asked for: whoever collects the tests need not wait for them.
HOSTILE = {
    "version 255": version_255,
    "offset": lambda: corpus.zipped(**{"a.ipynb": GOOD})[:-6] + b"\xff\xff\xff\xff\0\0",
    "lzma": lambda: overwritten(zipfile.ZIP_LZMA),
    "bzip2": lambda: overwritten(zipfile.ZIP_BZIP2),
    "bomb": bomb,
    "many": lambda: corpus.zipped(**{str(number): b"" for number in range(2100)}),
    "deep": deep,
    "nested json": lambda: corpus.zipped(**{"a.ipynb": b"[" * 5_000_000}),
    "not text": lambda: corpus.zipped(**{"a.ipynb": b"\xff\xfe\0" * 99}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_costs_itself_alone(name):
    with pytest.raises(BadArchive):
        handed(**{"x.zip": HOSTILE[name]()}).read()
    assert cells(handed(**{"a.ipynb": GOOD}).read()[0]) == cells(GOOD)


def test_the_process_that_reads_takes_little_memory_whatever_a_file_unpacks_to(tmp_path):
    (tmp_path / "x.zip").write_bytes(bomb())
    script = """import resource, sys
from coursekit.grading import opener, submissions
try:
    submissions.Handed("k", "k", files=[("x.zip", 0, ("file", sys.argv[1]))]).read()
except submissions.BadArchive as error:
    opener.close()
    own, = [line for line in open("/proc/self/status") if "VmHWM" in line]
    print(error, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10, int(own.split()[1]) >> 10, sep="|")"""
    words = [sys.executable, "-c", script, str(tmp_path / "x.zip")]
    done = subprocess.run(
        words, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    said, child, parent = done.stdout.split("|")
    assert said == "a.ipynb in the zip file unpacks to too much" and int(child) < 1100 and int(parent) < 100


def test_who_reads_takes_too_long_is_ended_and_named(monkeypatch):
    monkeypatch.setattr(opener, "WALL_SECONDS", 0.01)
    with pytest.raises(BadArchive, match="more memory or time"):
        handed(**{"x.zip": corpus.zipped(**{str(number): bytes(1 << 20) for number in range(200)})}).read()
    monkeypatch.undo()
    assert handed(**{"a.ipynb": GOOD}).read()


SIGNALLED = """import os, signal, threading
from coursekit.grading import opener, stopping, submissions

class Late(threading.Timer):  # the signal comes when it has started, before whoever started it goes on
    def start(self):
        super().start()
        os.kill(os.getpid(), signal.SIGTERM)

opener.threading.Timer = Late
try:
    with stopping.heard():
        submissions.Handed("k", "k", files=[("x.ipynb", 0, b"{}")]).read()
except stopping.BrokenOff:
    print("broken off", flush=True)"""


def test_a_signal_while_somebody_reads_is_not_followed_by_waiting_for_the_end_of_his_time():
    done = subprocess.run(
        [sys.executable, "-c", SIGNALLED],
        capture_output=True,
        text=True,
        timeout=opener.WALL_SECONDS / 2,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "broken off\n", "")


def test_names_that_are_not_utf_8_are_two_people(tmp_path):
    for name in (b"a\xe4.ipynb", b"a\xe5.ipynb"):
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            file.write(GOOD)
    found = submissions.collect(tmp_path)
    assert len({one.key for one in found}) == 2 and all(cells(one.read()[0]) == cells(GOOD) for one in found)


def test_a_zip_bomb_is_not_unpacked():
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
    assert cells(handed(**{"x.zip": (tmp_path / "x.zip").read_bytes()}).read()[0]) == cells(GOOD)


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


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
@pytest.mark.parametrize("before", ["", " ", "\t", "\n", "x;", "x; ", "x,", 'x;"', "x\n", "x|", "\u2003", "\r", "x\t"])
def test_no_table_makes_a_spreadsheet_calculate_and_texts_come_back(tmp_path, before, sign):
    text = f"{before}{sign}cmd|'/C calc'!A0"
    csvfiles.write(tmp_path / "x.csv", [{"a": text, "b": -1.5}])
    written = (tmp_path / "x.csv").read_text(encoding="utf-8").split("\n", 1)[1]
    for split in ",;\t\n|":
        assert not [cell for cell in written.replace('"', "").split(split) if re.match(r"\s*[=+@＝＋－＠]", cell)]
    ((_, row),) = csvfiles.read(tmp_path / "x.csv", {"a"}, "-", ours=True)[1]
    assert row == {"a": clean(text).replace("\r", "�"), "b": "-1.5"}


@given(st.text(max_size=40) | st.text(st.sampled_from("'=+-@;,\n \"x"), max_size=12))
def test_what_was_made_inert_comes_back(text):
    text = clean(text).replace("\r", "�")
    assert csvfiles.plain(csvfiles.inert(text)) == text


@given(st.text())
def test_no_text_steers_a_terminal(text):
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", clean(text)
    )


def test_long_essays_and_keys_with_signs_survive_a_second_run(tmp_path):
    people_ = [Handed(key, key) for key in ("@a", "-a", "+a", "a")]
    found = {one.key: {**report(), "written": {"q2": "=x\n" + "y" * 200_000 + "\n" * 200_000 + "z"}} for one in people_}
    manual = {(one.key, "q2"): (number / 2, "- good; -1 for '=x'") for number, one in enumerate(people_)}
    csvfiles.write(tmp_path / "m.csv", reports.manual_rows(people_, found, manual), reports.MANUAL)
    assert reports.read_manual(tmp_path / "m.csv") == manual


def test_comments_for_moodle_are_no_html():
    row = {"student": "ann", "name": "Ann", "email": "", "total": 1, "possible": 2}
    comments = {"ann": "took <img src=x onerror=alert(1)>.ipynb\x1b"}
    _, (line,) = platforms.moodle([row], [ANN], comments, datetime.now(timezone.utc))
    assert line["Feedback comments"] == "took &lt;img src=x onerror=alert(1)&gt;.ipynb�"


def test_an_ungraded_student_is_told_that_it_is_no_fault_of_theirs():
    failed = {**report(graded=False), "problem": "this machine failed: secret path /srv/x"}
    page = feedback.page(SMALL, ANN, failed, {})
    assert "no fault of yours" in page and "/srv/x" not in page and feedback.comment(ANN, failed, {}) == ""


def test_canvas_finds_students_by_number_login_or_name(tmp_path):
    (tmp_path / "r.csv").write_text(
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section\nPoints Possible,,,,\n"
        '"Curie, Marie",101,m1,MARIE@x,A\n"Dirac, Paul",102,101,paul,A\n"Dirac, Paul",103,p3,m1,A\n',
        encoding="utf-8",
    )
    known = platforms.Roster(tmp_path / "r.csv")

    def found(*handed):
        rows = [{"student": one.key, "name": one.name, "total": 3, "possible": 5} for one in handed]
        _, (_, *lines), problems = platforms.canvas(rows, handed, "HW", known)
        return [line["ID"] for line in lines], problems

    canvas = Handed("a", "z", "101", platform="canvas")
    assert found(canvas) == (["101"], [])  # and not Paul, whose SIS number that is
    for one in (Handed("a", "curiemarie"), Handed("a", "Marie@x"), Handed("a", "q", "101", platform="gradescope")):
        assert found(one)[0] == ["102" if one.platform else "101"]
    assert found(Handed("a", "m1"))[0] == [""] == found(Handed("a", "diracpaul"))[0]  # two may be meant
    ids, problems = found(canvas, Handed("b", "curiemarie"))
    assert ids == ["", ""] and len(problems) == 2 and "101 is claimed by several" in problems[0]
    assert platforms.canvas([], [], "HW", None)[1][0]["HW"] == ""


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
    source = """import os
seen = sorted(os.listdir("/"))
me = (os.getuid() != 0, os.getgid() != 0, sorted(os.environ)[:99], len([p for p in os.listdir("/proc") if p.isdigit()]))
devices = [line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line]
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
        assert one.get("devices") == ["lo"] and one.get("grading") == []


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
    def none(*_):
        raise preparing.NotPrepared

    monkeypatch.setattr(preparing, "worker", none)
    monkeypatch.setattr(sandbox, "_python", lambda: ["/usr/bin/false"])
    one = assignment.load("hw0", corpus.write_assignment(tmp_path / "a"))
    done = grader.grade(one, GOOD)
    assert not done["graded"] and done["problem"].startswith("this machine failed: the worker did not start")
