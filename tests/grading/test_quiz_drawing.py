"""Drawing a quiz: the same for a student and a secret, fair to all lectures, and secret to all others."""

import dataclasses
import json
import re
import subprocess
import sys

import pytest

from coursekit.grading.quiz import __main__ as command
from coursekit.grading.quiz import drawing, keyfile, notebook, printed, roster
from coursekit.grading.quiz.dice import Dice
from project import ROOT

SECRET = "correct horse"
QUIZZES = sorted(ROOT.glob("assignments/*/quiz.json"))
SETTINGS = drawing.settings(ROOT / "assignments/quiz1/quiz.json")
PEOPLE = [roster.Person("4711", "Ada Lovelace"), roster.Person("4712", "Alan <b>Turing</b>")]
DRAWN = [(person, drawing.draw(SETTINGS, person.id, SECRET)) for person in PEOPLE]


@pytest.mark.parametrize("quiz", QUIZZES, ids=lambda path: path.parent.name)
def test_every_quiz_covers_every_lecture_and_repeats_nothing(quiz):
    settings = drawing.settings(quiz)
    for student in range(150):
        names = [one.item for one in drawing.draw(settings, str(student), SECRET)]
        counts = [sum(name.startswith(lecture) for name in names) for lecture in settings.lectures]
        assert len(set(names)) == len(names) == settings.questions
        assert min(counts) >= 1 and max(counts) - min(counts) <= 1


def test_some_quiz_asks_about_every_lecture_that_has_questions():
    assert sorted(number for quiz in QUIZZES for number in drawing.settings(quiz).lectures) == sorted(drawing.LECTURES)


def test_quizzes_differ_by_student_and_by_secret():
    texts = {
        tuple(one.text for one in drawing.draw(SETTINGS, student, secret))
        for student in map(str, range(40))
        for secret in (SECRET, "another secret")
    }
    assert len(texts) == 80


def test_every_item_is_drawn_for_somebody():
    every = dataclasses.replace(SETTINGS, lectures=drawing.LECTURES, questions=len(drawing.LECTURES))
    drawn = {one.item for student in range(300) for one in drawing.draw(every, str(student), SECRET)}
    assert drawn == set(drawing.bank())


SHOW = (
    "import hashlib, sys; sys.path.insert(0, sys.argv[1]); "
    "from coursekit.grading.quiz import drawing as d; "
    "s = d.settings(sys.argv[1] + '/assignments/quiz1/quiz.json'); "
    "drawn = repr([d.draw(s, str(i), 'correct horse') for i in range(20)]); "
    "print(hashlib.sha256(drawn.encode()).hexdigest())"
)


def test_other_processes_with_other_hash_seeds_draw_the_same():
    command_line = [sys.executable, "-c", SHOW, str(ROOT)]
    found = {
        subprocess.run(
            command_line, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""}
        ).stdout
        for seed in ("1", "4242")
    }
    assert len(found) == 1


def test_dice_are_the_same_in_every_version():
    assert Dice("a").integers(6, 0, 99) == [79, 48, 49, 75, 45, 63]
    assert sorted(Dice("b").shuffled(range(9))) == list(range(9))
    assert len(set(Dice("c").some_of(range(9), 5))) == 5
    throws = Dice("d").integers(6000, 1, 6)
    assert all(900 < throws.count(face) < 1100 for face in range(1, 7))


def test_nobody_draws_a_quiz_with_a_short_secret():
    with pytest.raises(ValueError, match="at least 8 characters. Received: 'short'"):
        drawing.draw(SETTINGS, "4711", "short")


@pytest.mark.parametrize(
    "change, message",
    [
        ({"minutes": 0}, "minutes must be an integer of at least 1"),
        ({"points": 0}, "points must be a finite number"),
        ({"questions": 3}, f"questions must be an integer from {len(SETTINGS.lectures)}"),
        ({"questions": 400}, f"questions must be an integer from {len(SETTINGS.lectures)}"),
        ({"lectures": ["02", "99"]}, "lectures must be different ones"),
        ({"lectures": []}, "lectures must be"),
        ({"name": "a/b"}, "name must be made of letters"),
    ],
)
def test_settings_that_make_no_sense_are_named(change, message, tmp_path):
    path = tmp_path / "quiz.json"
    path.write_text(json.dumps({**dataclasses.asdict(SETTINGS), **change}))
    with pytest.raises(ValueError, match=f"quiz.json: {message}"):
        drawing.settings(path)


def test_settings_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(ValueError, match="settings must be a file such as"):
        drawing.settings(tmp_path / "none.json")
    (tmp_path / "quiz.json").write_text('{"nmae": 1}')
    with pytest.raises(ValueError, match="quiz.json: .*nmae"):
        drawing.settings(tmp_path / "quiz.json")


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "must have a column id. Received: an empty file"),
        ("name\nAda\n", "must have a column id. Received: name"),
        ("id,name\n", "one line a student"),
        ("id,name\n1,Ada\n1,Alan\n", "line 3: id must be there once. Received: '1'"),
        ("id\n../x\n", "line 2: id must be 1 to 64 letters"),
        ("id,name\n,Ada\n", "line 2: id must be 1 to 64"),
    ],
)
def test_a_roster_that_makes_no_sense_is_named(text, message, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=re.escape(message)):
        roster.read(path)


def test_a_gradebook_of_canvas_is_a_roster(tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text(
        '\ufeffStudent,ID,SIS User ID,SIS Login ID,Section\n"    Points Possible",,,,\n'
        '"Möbius, Zoë",81,s-12,zoe@example.org,A\n',
        encoding="utf-8",
    )
    assert roster.read(path) == [roster.Person("81", "Möbius, Zoë", "zoe@example.org", ("s-12",))]


@pytest.mark.parametrize(
    "text, person",
    [
        (  # a column of the lecturer's, an assignment whose grades are posted by hand, two decimals; semicolons
            "Student;ID;SIS User ID;SIS Login ID;Section;Notes;Homework 1 (4711);Final Score\n;;;;;;Manual Posting;\n"
            '    Points Possible;;;;;;20,00;(read only)\n"O\'Neil, Siobhán";102;;so@uni.edu;A and B;late;17,50;87,5\n',
            roster.Person("102", "O'Neil, Siobhán", "so@uni.edu"),
        ),
        (  # names in two columns, where the university has chosen so
            "LastName,FirstName,ID,SIS Login ID,Section,HW (1)\n    Points Possible,,,,,20\nNg,Ann,103,ng@uni.edu,A,EX\n",
            roster.Person("103", "Ann Ng", "ng@uni.edu"),
        ),
        (
            "First name,Last name,ID number,Institution,Department,Email address,Assignment: HW (Real)\n"
            'Jörg,Müller,s-101,,,jm@uni.edu,"17,50"\n',
            roster.Person("s-101", "Jörg Müller", "jm@uni.edu"),
        ),
    ],
)
def test_gradebooks_as_canvas_and_moodle_export_them_are_rosters(text, person, tmp_path):
    (tmp_path / "gradebook.csv").write_text(text, encoding="utf-8-sig")
    assert roster.read(tmp_path / "gradebook.csv") == [person]


def test_a_missing_roster_is_named(tmp_path):
    with pytest.raises(ValueError, match="ROSTER must be a CSV file in UTF-8"):
        roster.read(tmp_path / "none.csv")


def run(text):
    """Run the code cells of a notebook from top to bottom; return what they print."""
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in cells]
    kept = "\n".join(one for one in sources if not one.startswith("q"))  # as if each cell had been run
    source = "\n".join(
        [
            f"class history_manager: input_hist_raw = {sources!r}",
            "class shell: history_manager = history_manager",
            f"def get_ipython(): return shell\n{kept}",
        ]
    )
    command_line = [sys.executable, "-I", "-c", source]
    return subprocess.run(command_line, capture_output=True, text=True, check=True).stdout


def test_an_untouched_notebook_runs_without_any_package():
    for person, questions in DRAWN:
        text = notebook.write(SETTINGS, person, "0123abcd", questions)
        assert set(re.findall(r"import (\w+)", text)) == {"ast", "math", "operator", "re"}
        told = "is not answered yet, or its cell has not been run"
        assert run(text).splitlines() == [f"q{number} {told}" for number in range(1, 11)]


def test_only_what_can_be_handed_in_says_how_also_on_colab():
    person, questions = DRAWN[0]
    for mark, count in (("0123abcd", 1), ("", 0)):  # the second is for practice
        title = "".join(json.loads(notebook.write(SETTINGS, person, mark, questions))["cells"][0]["source"])
        assert title.count("hand in") == title.count("*Download .ipynb*") == count and "no internet" in title


def test_a_notebook_holds_no_solution_of_any_kind():
    for person, questions in DRAWN:
        text = notebook.write(SETTINGS, person, "0123abcd", questions)
        for question in questions:
            assert question.explanation not in text and question.item not in text
            assert not any(thought in text for _, thought in question.wrong if len(thought) > 12)
        assert SECRET not in text


def test_the_check_tells_the_form_and_not_the_rightness():
    person, questions = DRAWN[0]
    text = notebook.write(SETTINGS, person, "0123abcd", questions)
    numbers = [number for number, one in enumerate(questions, 1) if not one.options]
    letters = [number for number, one in enumerate(questions, 1) if one.options]
    said = {}
    for kind, value in (("right", None), ("wrong", -123456789), ("text", "five")):
        filled = text
        for number, one in enumerate(questions, 1):
            given = one.answer if kind == "right" else value
            if one.options and kind == "wrong":
                given = "abcd"[("abcd".index(one.answer) + 1) % 4]
            filled = filled.replace(f'"q{number} = ..."', json.dumps(f"q{number} = {given!r}"))
        said[kind] = run(filled)
    form = "".join(f"q{number} has the right form\n" for number in range(1, 11))
    assert said["right"] == said["wrong"] == form
    assert said["text"].count("was asked: write that") == len(numbers) > 0
    assert said["text"].count("a letter a-d was asked") == len(letters) > 0


def test_notebooks_are_valid_and_have_stable_ids():
    import nbformat

    for person, questions in DRAWN:
        text = notebook.write(SETTINGS, person, "0123abcd", questions)
        nbformat.validate(nbformat.reads(text, as_version=4))
        assert [cell["id"] for cell in json.loads(text)["cells"]][:4] == ["title", "whose", "q1-asked", "q1"]


def test_a_name_cannot_write_into_the_pages():
    page = printed.sheets(SETTINGS, DRAWN)
    assert "<b>Turing" not in page and "&lt;b&gt;Turing" in page
    assert "<b>" not in notebook.write(SETTINGS, PEOPLE[1], "0", DRAWN[1][1])


def test_sheets_hold_every_question_and_no_answer():
    page = printed.sheets(SETTINGS, DRAWN)
    assert page.count('<section class="sheet">') == 2 and page.count('<li class="q">') == 20
    for _, questions in DRAWN:
        for one in questions:
            assert printed.html(one.text) in page and printed.html(one.explanation) not in page
            assert all(printed.together(option).replace('"', "&quot;") in page for option in one.options)


def test_the_key_matches_the_sheets():
    page = printed.key(SETTINGS, DRAWN)
    rows = re.findall(r"<tr><td>(.*?)</td>(.*?)</tr>", page)
    assert len(rows) == 2
    for (who, cells), (person, questions) in zip(rows, DRAWN, strict=True):
        assert person.id in who and re.findall(r"<td>(.*?)</td>", cells) == [one.shown for one in questions]
    assert all(printed.html(one.explanation) in page for _, questions in DRAWN for one in questions)


def test_the_keyfile_gives_back_what_was_written(tmp_path):
    (tmp_path / "lecturer").mkdir()
    marks = {person.id: drawing.code(SECRET, SETTINGS.name, person.id) for person in PEOPLE}
    keyfile.write(tmp_path / "lecturer" / keyfile.NAME, SETTINGS, DRAWN, marks)
    settings, students = keyfile.read(tmp_path)
    assert settings == SETTINGS and students == {p.id: (p, marks[p.id], q) for p, q in DRAWN}
    (tmp_path / "lecturer" / keyfile.NAME).write_text("{}")
    with pytest.raises(ValueError, match="quiz must be a folder that `draw` wrote"):
        keyfile.read(tmp_path)


def test_variants_can_be_printed_without_a_roster(tmp_path, capsys):
    words = [
        "draw",
        "--variants",
        "3",
        "--out",
        str(tmp_path),
        "--secret",
        SECRET,
        "--no-pdf",
        "--settings",
        str(ROOT / "assignments/quiz1/quiz.json"),
    ]
    assert command.main(words) == 0 and "3 quizzes of 10 questions" in capsys.readouterr().out
    page = (tmp_path / "lecturer/print.html").read_text(encoding="utf-8")
    assert page.count('<section class="sheet">') == 3 and "<b>C</b>" in page
    assert not (tmp_path / "students").exists()
    with pytest.raises(ValueError, match="variants must be a number from 1 to 26. Received: 27"):
        roster.variants(27)


def test_drawing_twice_writes_the_same_bytes(tmp_path):
    (tmp_path / "roster.csv").write_text("id,name\n4711,Ada\n4712,Alan\n")
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        command.main(
            [
                "draw",
                str(tmp_path / "roster.csv"),
                "--out",
                str(folder),
                "--secret",
                SECRET,
                "--no-pdf",
                "--settings",
                str(ROOT / "assignments/quiz1/quiz.json"),
            ]
        )
    files = [path.relative_to(one) for path in sorted(one.rglob("*")) if path.is_file()]
    assert len(files) == 5
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in files)


@pytest.mark.parametrize("quiz", QUIZZES, ids=lambda path: path.parent.name)
def test_the_practice_notebook_is_what_the_command_writes(quiz, tmp_path):
    target = tmp_path / f"{quiz.parent.name}.ipynb"
    command.main(["practice", "--out", str(target), "--settings", str(quiz)])
    committed = (quiz.parent / "student" / target.name).read_text(encoding="utf-8")
    assert target.read_text(encoding="utf-8") == committed
    assert run(committed).count("is not answered yet") == 10
    assert committed.count("<summary>Answer</summary>") == 10


@pytest.mark.parametrize(
    "words, message",
    [
        (["draw", "--out", "x", "--secret", SECRET], "either a ROSTER or --variants"),
        (["draw", "a.csv", "--variants", "2", "--out", "x", "--secret", SECRET], "either a ROSTER or --variants"),
        (["draw", "a.csv", "--out", "x"], "--secret"),
        ([], "command"),
    ],
)
def test_a_wrong_command_line_is_told(words, message, capsys):
    with pytest.raises(SystemExit):
        command.main(words)
    assert message in capsys.readouterr().err


def test_an_error_is_told_in_one_line(tmp_path, capsys):
    words = [
        "draw",
        str(tmp_path / "none.csv"),
        "--out",
        str(tmp_path),
        "--secret",
        SECRET,
        "--settings",
        str(ROOT / "assignments/quiz1/quiz.json"),
    ]
    assert command.main(words) == 2 and capsys.readouterr().err.startswith("error: ROSTER must be a CSV file")
