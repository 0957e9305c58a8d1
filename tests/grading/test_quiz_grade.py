"""Grading a quiz: answers read as text, someone else's quiz flagged, explanations only after closing."""

import csv
import json
import zipfile
from datetime import datetime, timedelta, timezone

import pytest

from coursekit.grading import __main__ as main_grader
from coursekit.grading import reports, submissions
from coursekit.grading.quiz import __main__ as command
from coursekit.grading.quiz import drawing, grade, keyfile
from coursekit.grading.quiz import pages as quiz_pages
from coursekit.grading.quiz.roster import Person
from project import ROOT

SECRET = "correct horse"
ROSTER = """id,name,email
4711,Ada Lovelace,ada@example.org
4712,Alan Turing,alan@example.org
4713,Emmy Noether,emmy@example.org
"""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The folder of a quiz drawn for three students, whose key nobody changes."""
    folder = tmp_path_factory.mktemp("quiz")
    (folder / "roster.csv").write_text(ROSTER)
    words = [
        "draw",
        str(folder / "roster.csv"),
        "--out",
        str(folder / "out"),
        "--secret",
        SECRET,
        "--no-pdf",
        "--settings",
        str(ROOT / "assignments/quiz1/quiz.json"),
    ]
    assert command.main(words) == 0
    return folder / "out"


def filled(drawn, student, given):
    """Return the notebook of a student with answers; `given` is a function of number and Question to text."""
    notebook = json.loads((drawn / f"students/quiz1_{student}.ipynb").read_text(encoding="utf-8"))
    _, students = keyfile.read(drawn)
    for number, question in enumerate(students[student][2], 1):
        (cell,) = (cell for cell in notebook["cells"] if cell["id"] == f"q{number}")
        cell["source"] = [f"q{number} = {given(number, question)}"]
    return notebook


def right(number, question):
    return repr(question.answer)


def wrong(number, question):
    return repr(question.wrong[0][0])


def graded(drawn, tmp_path, notebooks, *more, status=0):
    """Hand in {file name: notebook or bytes}, grade them, and return {student: row of grades.csv}."""
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir(exist_ok=True)
    for name, notebook in notebooks.items():
        data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        (source / name).write_bytes(data)
    assert main_grader.main([str(source), "--quiz", str(drawn), "--out", str(out), *more]) == status
    with open(out / "grades.csv", newline="", encoding="utf-8") as file:
        return {row["student"].partition("~")[0]: row for row in csv.DictReader(file)}


def pages(tmp_path):
    found = (tmp_path / "out/feedback").iterdir()
    return {path.stem.partition("~")[0]: path.read_text(encoding="utf-8") for path in found}


def canvas(name, number):
    return f"{name}_{number}_99_quiz1.ipynb"


def test_perfect_half_and_blank_get_what_they_deserve(drawn, tmp_path):
    rows = graded(
        drawn,
        tmp_path,
        {
            canvas("lovelaceada", 4711): filled(drawn, "4711", right),
            canvas("turingalan", 4712): filled(drawn, "4712", lambda n, q: right(n, q) if n % 2 else wrong(n, q)),
            canvas("noetheremmy", 4713): filled(drawn, "4713", lambda n, q: "..."),
        },
        "--closed",
    )
    found = {name: (float(row["total"]), row["possible"], row["note"]) for name, row in rows.items()}
    assert found == {"lovelaceada": (20, "20", ""), "turingalan": (10, "20", ""), "noetheremmy": (0, "20", "")}
    assert [rows["turingalan"][f"q{n}"] for n in range(1, 5)] == ["2", "0", "2", "0"]


def test_explanations_are_told_after_closing_only(drawn, tmp_path):
    handed = {canvas("turingalan", 4712): filled(drawn, "4712", wrong)}
    _, students = keyfile.read(drawn)
    questions = students["4712"][2]
    graded(drawn, tmp_path, handed)
    before = pages(tmp_path)["turingalan"].partition("</style>")[2]
    assert "was handed in" in before and not any(one.explanation in before for one in questions)
    assert "points" not in before and all(word not in before for word in ("right", "The answer is"))
    assert "/2" not in (tmp_path / "out/moodle.csv").read_text(encoding="utf-8")
    graded(drawn, tmp_path, handed, "--closed")
    after = pages(tmp_path)["turingalan"]
    assert after.count("The answer is <strong>") == 10 and after.count("✗ wrong") == 10
    assert all(quiz_pages.html(one.explanation) in after for one in questions)
    assert sum(quiz_pages.escape(one.wrong[0][1]) in after for one in questions) == 10


def test_a_closing_time_closes(drawn):
    settings, _ = keyfile.read(drawn)
    closing = datetime(2026, 11, 23, 9, 15, tzinfo=timezone.utc)
    with_time = drawing.Settings(**{**vars(settings), "closes": "2026-11-23T10:15+01:00"})
    assert not grade.is_over(settings) and grade.is_over(with_time, closing)
    assert not grade.is_over(with_time, closing - timedelta(seconds=1))
    with pytest.raises(ValueError, match="closes must be a time such as .* Received: 'Monday'"):
        grade.is_over(drawing.Settings(**{**vars(settings), "closes": "Monday"}))


def test_answers_of_a_wrong_type_are_told_and_cost_one_question(drawn, tmp_path):
    def odd(number, question):
        if question.options:
            return "1280"
        return (
            '"five"',
            "10**10**10",
            "9" * 5000,
            "float('nan')",
            "1e999",
            "[1, 2]",
            "True",
            "1j",
            "open('x')",
            "__import__('os').system('true')",
        )[number % 10]

    rows = graded(drawn, tmp_path, {canvas("lovelaceada", 4711): filled(drawn, "4711", odd)}, "--closed")
    row = rows["lovelaceada"]
    assert float(row["total"]) == 0 and all(f"q{n}: " in row["note"] for n in range(1, 11))
    assert pages(tmp_path)["lovelaceada"].count("not counted: ") == 10


def test_someone_elses_quiz_is_flagged(drawn, tmp_path):
    rows = graded(drawn, tmp_path, {canvas("turingalan", 4712): filled(drawn, "4711", right)})
    assert float(rows["turingalan"]["total"]) == 0
    assert "someone else's quiz: it was drawn for 4711, and handed in by 4712" in rows["turingalan"]["note"]


def test_a_borrowed_quiz_with_the_own_number_is_flagged(drawn, tmp_path):
    notebook = json.loads(json.dumps(filled(drawn, "4711", right)).replace("4711", "4712"))
    rows = graded(drawn, tmp_path, {canvas("turingalan", 4712): notebook})
    assert float(rows["turingalan"]["total"]) == 0 and "its code is wrong" in rows["turingalan"]["note"]


def test_an_unknown_or_missing_student_is_flagged(drawn, tmp_path):
    unknown = json.loads(json.dumps(filled(drawn, "4711", right)).replace("4711", "9999"))
    missing = filled(drawn, "4712", right)
    missing["cells"] = [cell for cell in missing["cells"] if cell["id"] != "whose"]
    rows = graded(drawn, tmp_path, {"a.ipynb": unknown, "b.ipynb": missing})
    assert "nobody in the roster has the id '9999'" in rows["a"]["note"]
    assert "whose quiz is it" in rows["b"]["note"]
    assert float(rows["a"]["total"]) == float(rows["b"]["total"]) == 0


def test_a_plain_folder_takes_names_from_the_roster(drawn, tmp_path):
    rows = graded(
        drawn,
        tmp_path,
        {"quiz1_4713.ipynb": filled(drawn, "4713", right), "whatever.ipynb": filled(drawn, "4712", right)},
    )
    row = rows["quiz1_4713"]
    found = row["name"], row["id"], row["email"], row["note"]
    assert found == ("Emmy Noether", "4713", "emmy@example.org", "")
    other = rows["whatever"]
    assert other["id"] == "4712" and "whose it is was read from the notebook" in other["note"]


def test_a_quiz_handed_in_by_two_is_noted(drawn, tmp_path):
    notebook = filled(drawn, "4713", right)
    rows = graded(drawn, tmp_path, {"x.ipynb": notebook, "y.ipynb": notebook}, status=1)
    assert "the quiz of 4713, also from y" in rows["x"]["note"] and "also from x" in rows["y"]["note"]
    graded(drawn, tmp_path, {}, "--closed", status=1)
    told = "".join(pages(tmp_path).values()) + (tmp_path / "out/moodle.csv").read_text(encoding="utf-8")
    assert "also from" not in told  # students do not read of each other


def test_an_edited_question_is_noted_and_changes_no_grade(drawn, tmp_path):
    notebook = filled(drawn, "4711", right)
    (cell,) = (cell for cell in notebook["cells"] if cell["id"] == "q3-asked")
    cell["source"] = ["### Question 3\n", "What is 1 + 1?"]
    row = graded(drawn, tmp_path, {canvas("lovelaceada", 4711): notebook})["lovelaceada"]
    assert float(row["total"]) == 20 and row["note"] == "the text of q3 was changed"


def test_what_colab_saves_is_read_alike(drawn, tmp_path):
    notebook = filled(drawn, "4711", right)
    for cell in notebook["cells"]:
        cell["metadata"] = {"id": cell.pop("id")}
        cell["source"] = "".join(cell["source"])
    colab = {"colab": {"provenance": []}, "kernelspec": {"name": "python3"}}
    notebook.update(nbformat_minor=0, metadata=colab)
    row = graded(drawn, tmp_path, {canvas("lovelaceada", 4711): notebook})["lovelaceada"]
    assert float(row["total"]) == 20 and row["note"] == ""


def test_what_is_no_notebook_does_not_stop_the_others(drawn, tmp_path):
    rows = graded(
        drawn,
        tmp_path,
        {
            canvas("lovelaceada", 4711): b"%PDF-1.4 no notebook",
            canvas("noetheremmy", 4713): b"[" * 100_000,
            "x_1_2_quiz1.pdf": b"%PDF",
            canvas("turingalan", 4712): filled(drawn, "4712", right),
        },
        "--closed",
    )
    assert float(rows["turingalan"]["total"]) == 20
    assert "not a Jupyter notebook" in rows["lovelaceada"]["note"]
    assert "no notebook" in rows["x"]["note"] and "could not be graded" in pages(tmp_path)["noetheremmy"]


def test_a_zip_file_of_the_class_is_read(drawn, tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name, number in (("lovelaceada", "4711"), ("turingalan", "4712")):
            archive.writestr(canvas(name, number), json.dumps(filled(drawn, number, right)))
    _, found = grade.grade(submissions.collect(tmp_path / "class.zip"), keyfile.read(drawn))
    assert [sum(one["points"] for one in report["questions"].values()) for report in found.values()] == [20, 20]


def test_one_command_grades_homework_or_a_quiz_and_says_so(drawn, tmp_path, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "quiz1_4711.ipynb").write_text(json.dumps(filled(drawn, "4711", right)))
    words = [str(tmp_path / "in"), "--quiz", str(drawn), "--out", str(tmp_path / "grades"), "--closed"]
    assert main_grader.main(words) == 0 and "1 submissions of quiz1, 0 not graded" in capsys.readouterr().out
    (row,) = csv.DictReader((tmp_path / "grades" / "grades.csv").open(encoding="utf-8"))
    assert float(row["total"]) == float(row["possible"]) == 20
    for more, said in ((["--assignment", "hw1"], "not allowed with argument"), (["--quiz"], "expected one argument")):
        with pytest.raises(SystemExit):
            main_grader.main([*words, *more])
        assert said in capsys.readouterr().err


def test_columns_are_those_of_the_main_grader(drawn, tmp_path):
    row = graded(drawn, tmp_path, {canvas("lovelaceada", 4711): filled(drawn, "4711", right)})["lovelaceada"]
    names = [f"q{n}" for n in range(1, 11)]
    assert list(row) == [*reports.COMMON, *names, "total", "possible", "to_read", "note"]
    with open(tmp_path / "out/canvas.csv", newline="", encoding="utf-8") as file:
        assert [line["ID"] for line in csv.DictReader(file)] == ["", "4711"]


def test_nothing_that_a_student_wrote_is_executed(drawn, tmp_path):
    notebook, victim = filled(drawn, "4711", right), tmp_path / "written"
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = [f"open({str(victim)!r}, 'w').write('x')\n", *cell["source"]]
    row = graded(drawn, tmp_path, {canvas("lovelaceada", 4711): notebook})["lovelaceada"]
    assert not victim.exists() and float(row["total"]) == 20


def test_feedback_cannot_be_written_by_an_answer(drawn, tmp_path):
    graded(
        drawn,
        tmp_path,
        {canvas("lovelaceada", 4711): filled(drawn, "4711", lambda n, q: '"<script>alert(1)</script>"')},
        "--closed",
    )
    assert "<script" not in pages(tmp_path)["lovelaceada"]


def test_missing_submissions_and_quizzes_are_named(drawn, tmp_path, capsys):
    out, empty = ["--out", str(tmp_path / "o")], tmp_path / "empty"
    empty.mkdir()
    assert main_grader.main([str(tmp_path / "no"), "--quiz", str(drawn), *out]) == 2
    assert main_grader.main([str(tmp_path), "--quiz", str(tmp_path), *out]) == 2
    assert main_grader.main([str(empty), "--quiz", str(drawn), *out]) == 2
    said = capsys.readouterr().err.splitlines()
    assert "SUBMISSIONS must be" in said[0] and "quiz must be a folder that `draw` wrote" in said[1]
    assert "SUBMISSIONS must hold at least one" in said[2]


def test_a_person_is_known_by_number_address_and_name():
    person = Person("81", "Möbius, Zoë", "zoe@example.org", ("s-12",))

    def handed(**known):
        return submissions.Handed(**{"key": "k", "name": "somebody", **known})

    assert grade.is_of(handed(identity="81"), person) and grade.is_of(handed(identity="S-12"), person)
    assert grade.is_of(handed(email="ZOE@example.org"), person) and grade.is_of(handed(name="Zoë Möbius"), person)
    assert not grade.is_of(handed(identity="812", email=""), person)
    assert not grade.is_of(handed(), Person("82", "", ""))
