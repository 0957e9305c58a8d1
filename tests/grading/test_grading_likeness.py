"""Copied work is found on the lecturer's machine, honest work is not, and no submission breaks the page."""

import csv
import itertools
import json
import re
import socket
import subprocess
import sys

import pytest

import equipment
import likeness_corpus as corpus
import masters
import project
from coursekit.grading import likeness

pytestmark = equipment.needs("copydetect")

GIVEN = likeness.starter("hw1", masters.FOLDER)[1]


def code(data):
    return likeness.code_of(data, GIVEN)


HALF = {**corpus.ANEW, **{name: corpus.RENAMED[name] for name in ("q2", "q7", "q9", "q10")}}
CODES = {
    "ann": code(corpus.submission(corpus.SOLVED)),
    "bob": code(corpus.submission(corpus.RENAMED)),
    "cleo": code(corpus.submission(corpus.ANEW)),
    "dan": code(corpus.submission()),
    "eve": code(corpus.submission()),
    "finn": code(corpus.submission(HALF)),
}


def among(*keys, threshold=likeness.THRESHOLD):
    return likeness.pairs({key: CODES[key] for key in keys}, GIVEN, threshold)


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize("name", corpus.ANEW)
def test_the_corpus_answers_every_question_in_two_ways(name):
    assert corpus.ANEW[name] != corpus.SOLVED[name] != corpus.RENAMED[name]
    for answer in (corpus.ANEW[name], corpus.RENAMED[name]):
        compile(answer, name, "exec")


@pytest.mark.parametrize("answers", [corpus.ANEW, corpus.RENAMED], ids=["anew", "renamed"])
def test_the_corpus_does_what_the_solution_does(answers):
    short = {"q11": "digit_parameters, digit_losses = {}, []"}
    old, new = masters.namespace(corpus.NAME, short), masters.namespace(corpus.NAME, {**answers, **short})
    np = old["np"]
    x, y = np.random.default_rng(5).random((7, 4)), old["one_hot"](np.arange(7) % 3, 3)
    for one in (old, new):
        start = one["initialise"](4, 5, 3, 6)
        one["end"] = one["mini_batch_descent"](x, y, start, 0.1, 3, 2, 7)
    np.testing.assert_allclose(old["end"][1], new["end"][1])


def test_a_copy_with_other_names_blanks_and_comments_is_found():
    (pair,) = among("ann", "bob")
    assert {pair.one, pair.other} == {"ann", "bob"} and min(pair.shares) > 0.8


def test_two_that_were_written_apart_are_not():
    assert among("ann", "cleo") == among("bob", "cleo") == []
    assert all(pair.likeness < likeness.THRESHOLD / 2 for pair in among("ann", "bob", "cleo", threshold=0)[1:])


def test_what_all_were_given_makes_no_pair():
    assert among("dan", "eve", "ann", threshold=0) == []
    stubs = likeness.code_of(corpus.submission())
    assert likeness.pairs({"dan": stubs, "eve": stubs}, GIVEN, 0) == []
    without = likeness.pairs({"dan": stubs, "eve": stubs}, ())
    assert [pair.likeness for pair in without] == [1.0]  # the stubs alone would


def test_a_half_that_was_copied_is_found_beside_a_half_that_was_not():
    found = {(pair.one, pair.other) for pair in among("bob", "cleo", "finn")}
    assert found == {("bob", "finn"), ("cleo", "finn")}


def test_the_shares_are_of_each_ones_own_code():
    more = code(corpus.submission(corpus.SOLVED, extra=tuple(corpus.ANEW.values())))
    (pair,) = likeness.pairs({"ann": CODES["ann"], "more": more}, GIVEN)
    assert pair.shares[0] > 0.95 and 0.3 < pair.shares[1] < 0.7 and pair.likeness == pair.shares[0]


def test_a_few_lines_in_common_are_no_pair():
    few = code(corpus.submission({"q4": corpus.SOLVED["q4"]}))
    assert likeness.pairs({"few": few, "ann": CODES["ann"]}, GIVEN, 0) == []


def test_the_most_alike_come_first_and_the_threshold_is_kept():
    found = among(*CODES, threshold=0)
    assert [pair.likeness for pair in found] == sorted((pair.likeness for pair in found), reverse=True)
    middle = found[1].likeness
    assert among(*CODES, threshold=middle) == found[:2]


def test_passages_lie_where_the_common_code_is():
    (pair,) = among("ann", "bob")
    for key, passages in zip((pair.one, pair.other), pair.passages):
        places = list(itertools.chain.from_iterable(passages))
        assert places == sorted(places) and places[-1] <= len(CODES[key])
        marked = "".join(CODES[key][first:end] for first, end in passages)
        assert "rng.permutation" in marked or "generator.permutation" in marked
        assert "grader.check" not in CODES[key] and "find_spec" not in CODES[key]


def test_two_runs_find_the_same():
    script = (
        "import likeness_corpus as c\nfrom coursekit.grading import likeness as l\nimport masters\n"
        "given = l.starter('hw1', masters.FOLDER)[1]\n"
        "codes = {n: l.code_of(c.submission(a), given) for n, a in (('a', c.SOLVED), ('b', c.RENAMED), ('c', c.ANEW))}\n"
        "print(l.pairs(codes, given, 0))"
    )
    folders = [project.ROOT, project.ROOT / "tests/support", project.ROOT / "tools"]
    shown = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            env=project.environment(PYTHONPATH=":".join(map(str, folders)), PYTHONHASHSEED=str(seed)),
        ).stdout
        for seed in (1, 2)
    }
    assert len(shown) == 1 and shown.pop().count("Pair(") >= 1


# ---------------------------------------------------------------- the command


@pytest.fixture
def desk(tmp_path):
    """A folder for submissions, and a function that runs the command on it."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()

    def run(*words, assignment="hw1", where=folder):
        given = [where, "--assignment", assignment, "--assignments", masters.FOLDER, "--out", out, *words]
        return likeness.main(list(map(str, given)))

    run.folder, run.out = folder, out
    return run


def hand_in(desk, **submissions):
    for name, data in submissions.items():
        (desk.folder / f"{name}.ipynb").write_bytes(data)


def test_the_command_writes_a_page_and_a_table(desk, capsys):
    hand_in(desk, ann=corpus.submission(corpus.SOLVED), bob=corpus.submission(corpus.RENAMED))
    hand_in(desk, cleo=corpus.submission(corpus.ANEW))
    assert desk("--threshold", "0.7") == 0
    assert "3 submissions of hw1_numpy_network, 1 pair above 70%" in capsys.readouterr().out
    with open(desk.out / "likeness.csv", newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["student"], row["other"]) == ("ann", "bob") and 0.8 < float(row["likeness"]) <= 1
    page = (desk.out / "likeness.html").read_text(encoding="utf-8")
    assert "Likeness is no proof." in page and "cleo" not in page
    assert page.count("<section>") == 1 and page.count("<pre>") == 2  # both passages, side by side
    assert re.search(r"<mark>[^<]*permutation", page)
    assert {path.name for path in desk.out.iterdir()} == {"likeness.csv", "likeness.html"}


def test_an_earlier_class_is_compared_with_this_one_and_not_with_itself(desk, tmp_path, capsys):
    hand_in(desk, ann=corpus.submission(corpus.SOLVED), cleo=corpus.submission(corpus.ANEW))
    years = [tmp_path / "2025", tmp_path / "2024"]
    for year in years:
        year.mkdir()
        for name in ("ann", "bob"):  # each year the same two, and one of them of the same name as somebody now
            (year / f"{name}.ipynb").write_bytes(corpus.submission(corpus.RENAMED))
    assert desk("--threshold", "0.7", "--earlier", years[0], "--earlier", years[1]) == 0
    said = capsys.readouterr().out
    assert "2 submissions of hw1_numpy_network and 4 earlier ones, 4 pairs above 70%" in said
    with open(desk.out / "likeness.csv", newline="", encoding="utf-8") as file:
        found = {(row["student"], row["other"], row["other_name"]) for row in csv.DictReader(file)}
    assert found == {("ann", f"{year}: {name}", f"{year}: {name}") for year in years for name in ("ann", "bob")}
    page = (desk.out / "likeness.html").read_text(encoding="utf-8")
    assert page.count("class='pair'") == 4 and f"{years[0]}: bob" in page


def test_one_submission_is_enough_beside_an_earlier_class(desk, tmp_path, capsys):
    hand_in(desk, ann=corpus.submission(corpus.SOLVED))
    (tmp_path / "bob.ipynb").write_bytes(corpus.submission(corpus.RENAMED))
    assert desk("--earlier", tmp_path / "bob.ipynb") == 0 and "1 pair above" in capsys.readouterr().out


def test_an_earlier_class_that_cannot_be_read_is_named(desk, tmp_path, capsys):
    hand_in(desk, ann=corpus.submission(corpus.SOLVED), bob=corpus.submission(corpus.SOLVED))
    (tmp_path / "2025").mkdir()
    assert desk("--earlier", tmp_path / "nowhere") == 2
    assert f"Received: {tmp_path / 'nowhere'}" in capsys.readouterr().err
    (tmp_path / "2025" / "eve.ipynb").write_bytes(b"no notebook")
    assert desk("--earlier", tmp_path / "2025") == 2
    assert f"--earlier must hold a notebook that can be read. Received: {tmp_path / '2025'}" in capsys.readouterr().err
    (tmp_path / "2025" / "finn.ipynb").write_bytes(corpus.submission(corpus.SOLVED))
    assert desk("--earlier", tmp_path / "2025") == 1  # one of the two was read
    assert f"not compared: {tmp_path / '2025'}: eve: the file is not" in capsys.readouterr().err


def test_nothing_asks_the_network(desk, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    hand_in(desk, ann=corpus.submission(corpus.SOLVED), bob=corpus.submission(corpus.RENAMED))
    assert desk() == 0
    assert "default-src 'none'" in (desk.out / "likeness.html").read_text(encoding="utf-8")


def test_the_privacy_page_names_what_is_written(desk):
    hand_in(desk, ann=corpus.submission(corpus.SOLVED), bob=corpus.submission(corpus.RENAMED))
    assert desk() == 0
    page = (project.ROOT / "tools/site/texts/privacy.md").read_text(encoding="utf-8")
    assert {path.name for path in desk.out.iterdir() if f"`{path.name}`" not in page} == set()


# ---------------------------------------------------------------- hostile and damaged


EVIL = "</pre><script>alert(1)</script>&<b>"


def test_names_and_code_are_text_on_the_page_and_inert_in_the_table(desk):
    evil = {**corpus.SOLVED, "q5": corpus.SOLVED["q5"].replace("axis=1))", f"axis=1))  # {EVIL}\x1b[31m\u202e\ud800")}
    where = desk.folder / "=cmd<script>x"
    where.mkdir()
    (where / "hw1.ipynb").write_bytes(corpus.submission(evil))
    hand_in(desk, bob=corpus.submission(evil))
    assert desk("--platform", "plain") == 0
    page = (desk.out / "likeness.html").read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;/pre&gt;&lt;script&gt;alert(1)" in page and "&lt;script&gt;x" in page
    assert not set(page) & {"\x1b", "\u202e", "\ud800"}
    with open(desk.out / "likeness.csv", newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert not any(value.startswith("=") for value in row.values())


def test_every_part_of_a_line_and_every_name_is_text():
    shown = likeness._marked("<i>a<i>b<i>\n", [(4, 8)])
    assert shown == "&lt;i&gt;a<mark>&lt;i&gt;b</mark>&lt;i&gt;\n"
    pair = likeness.Pair("a", "b", (1.0, 1.0), ([(0, 4)], [(0, 4)]))
    codes = {"a": "x = 1\n", "b": "x = 1\n"}
    page = likeness.page("hw1", [pair], {"a": "<i>\x1b[31m\u202e", "b": "B"}, codes, 0.5, ["<i>\x07"])
    assert "<i>" not in page and page.count("&lt;i&gt;") == 3 and not set(page) & {"\x1b", "\u202e", "\x07"}


def large(text):
    return corpus.submission(corpus.SOLVED, extra=(text,))


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (b"\x00\xff" * 5000, "not a Jupyter notebook"),
        (b"", "not a Jupyter notebook"),
        (b'{"cells": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"cells": 7}', "not a Jupyter notebook"),
        (large("x = 1\n" * 50_000), "its code has more than 200,000 characters"),
        (large("'" + "a" * 60_000_000 + "'"), "more than"),
    ],
    ids=["binary", "empty", "nested", "number", "much code", "huge"],
)
def test_one_that_cannot_be_read_is_named_and_the_others_are_compared(bad, says, desk, capsys):
    hand_in(desk, ann=corpus.submission(corpus.SOLVED), bob=corpus.submission(corpus.RENAMED), mallory=bad)
    assert desk() == 1
    said = capsys.readouterr()
    assert f"not compared: mallory: {''}" in said.err and says in said.err and "1 pair" in said.out
    page = (desk.out / "likeness.html").read_text(encoding="utf-8")
    assert "Not compared" in page and "mallory" in page


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "'''" * 5_001,
        "(" * 20_000,
        "\\" * 20_000,
        "f'{" * 5_000,
        "\x00\x01\x02" * 500,
        "x" * 100_000,
        "٠é漢\u2028" * 99,
    ],
    ids=["none", "blank", "quotes", "brackets", "backslashes", "f-strings", "control", "one word", "letters"],
)
@pytest.mark.timeout(120)
def test_code_that_is_no_python_breaks_nothing(text):
    codes = {"a": code(large(text)), "b": code(large(text)), "c": CODES["cleo"]}
    found = likeness.pairs(codes, GIVEN)
    assert [(pair.one, pair.other) for pair in found] == [("a", "b")]
    page = likeness.page("hw1", found, dict.fromkeys(codes, "x"), codes, 0.6)
    assert page.encode("utf-8") and "<mark>" in page


def test_a_class_that_copied_all_round_fills_the_table_and_not_the_page():
    keys = [f"s{number:02}" for number in range(16)]
    found = [
        likeness.Pair(one, other, (0.9, 0.8), ([(0, 5)], [(0, 5)])) for one, other in itertools.combinations(keys, 2)
    ]
    codes = dict.fromkeys(keys, "x = 1\ny = 2\n")
    page = likeness.page("hw1", found, dict(zip(keys, keys)), codes, 0.6)
    assert len(found) > likeness.MOST_SHOWN and page.count("class='pair'") == likeness.MOST_SHOWN
    assert "likeness.csv has all" in page and len(list(likeness.rows(found, dict(zip(keys, keys))))) == len(found)


def test_lines_far_from_a_passage_are_left_out():
    text = "".join(f"line{number} = 0\n" for number in range(40))
    first = text.index("line20")
    shown = likeness._marked(text, [(first, first + 10)])
    assert shown.splitlines() == [
        "⋯",
        "line18 = 0",
        "line19 = 0",
        "<mark>line20 = 0</mark>",
        "line21 = 0",
        "line22 = 0",
    ]


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize("threshold", ["1.1", "-0.1", "60", "nan"])
def test_a_threshold_outside_0_to_1_is_refused(threshold, desk, capsys):
    hand_in(desk, ann=corpus.submission(corpus.SOLVED), bob=corpus.submission(corpus.SOLVED))
    assert desk("--threshold", threshold) == 2
    assert f"threshold must be from 0 to 1. Received: {float(threshold)}" in capsys.readouterr().err
    assert not desk.out.exists()
    with pytest.raises(ValueError, match="threshold must be from 0 to 1"):
        likeness.pairs({}, "", float(threshold))


def test_other_bad_input_is_refused_by_name_and_nothing_is_written(desk, tmp_path, capsys):
    assert desk(where=tmp_path / "nowhere") == 2
    assert "SUBMISSIONS must be a folder, a zip file or a notebook. Received: " in capsys.readouterr().err
    assert desk() == 2
    assert (
        "SUBMISSIONS must hold at least two notebooks that can be read, or one with --earlier. Received: "
        in capsys.readouterr().err
    )
    hand_in(desk, ann=corpus.submission(corpus.SOLVED), bob=b"no notebook")
    assert desk() == 2
    assert "with 1; bob: the file is not a Jupyter notebook" in capsys.readouterr().err
    assert desk(assignment="hw9") == 2
    assert "assignment must be one of hw1_numpy_network, hw2_convolution" in capsys.readouterr().err
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 damaged")
    assert desk(where=tmp_path / "a.zip") == 2
    assert "damaged or truncated zip file" in capsys.readouterr().err
    assert not desk.out.exists()


def test_without_copydetect_the_command_says_what_to_install(desk, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "copydetect", None)
    hand_in(desk, ann=corpus.submission(corpus.SOLVED), bob=corpus.submission(corpus.SOLVED))
    assert desk() == 2
    assert "copydetect is missing: install the lecturer's extra, coursekit[lecturer]" in capsys.readouterr().err
    assert not desk.out.exists()


def test_json_of_the_corpus_is_a_notebook():
    assert json.loads(corpus.submission(corpus.ANEW))["cells"]
