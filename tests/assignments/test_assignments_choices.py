"""A release of the lecturer's choice: which lectures, whether their answers, which term, and Colab's helpers."""

import datetime
import importlib
import json
import os
import re
import subprocess
import sys

import pytest

import cloned
import equipment
import masters
import project
from coursekit import checks
from coursekit.checks import recorded
from coursekit.grading import choices, published, release
from coursekit.lectures import LECTURES

pytestmark = equipment.needs("git")

THEIRS = "https://github.com/class-of-27/cnn"
DAY = datetime.date.today() + datetime.timedelta(days=90)
SOME = choices.chosen("00-06,09")
EXERCISES = {name: one for lecture in LECTURES for name, one in checks.exercises(lecture.number).items()}
BANK = {
    name: answers
    for lecture in LECTURES
    for name, answers in importlib.import_module(f"answers.lecture{lecture.number}").BANK.items()
}


@pytest.fixture(scope="module")
def some(course, tmp_path_factory):
    """Eight lectures, with their answers after a date, for a term."""
    out = tmp_path_factory.mktemp("release") / "students"
    release.write(out, course, THEIRS, "2027.02", choices.Choices(SOME, "after-date", DAY))
    return out


def sources(path):
    return ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def run(folder, *words):
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=folder,
        capture_output=True,
        text=True,
        env=project.environment(PYTHONPATH=str(folder)),
    )


# ---------------------------------------------------------------- lectures


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("00-03", "00 01 02 03"),
        ("00,02,05-07", "00 02 05 06 07"),
        ("07, 05-06,06", "00 05 06 07"),
        ("12-12", "00 12"),
        ("00-12", " ".join(one.number for one in LECTURES)),
    ],
)
def test_lectures_are_named_by_numbers_and_ranges_and_the_first_always_comes(text, numbers):
    assert " ".join(one.number for one in choices.chosen(text)) == numbers


@pytest.mark.parametrize("text", ["", "5", "05-", "07-05", "00..03", "1-3", "convolution", "05;06", "٠٥"])
def test_what_names_no_lectures_is_refused(text):
    with pytest.raises(
        ValueError, match=r"lectures must be numbers and ranges of two digits, such as 00-09 .*Received"
    ):
        choices.chosen(text)


def test_a_lecture_that_is_not_there_is_refused_by_its_number():
    with pytest.raises(ValueError, match=r"lectures: number must be one of 00, 01, .* Received: '13'"):
        choices.chosen("10-13")


def test_notebooks_decks_and_checks_are_those_of_the_chosen_lectures(some):
    numbers = {one.number for one in SOME}
    for folder in ("notebooks", "slides"):
        assert {path.name[:2] for path in (some / folder).glob("*.ipynb")} == numbers
    assert {path.stem[-2:] for path in (some / "coursekit/checks").glob("lecture*")} == numbers


def test_the_list_of_lectures_and_the_map_of_the_readme_hold_the_chosen_ones(some):
    done = run(some, "-c", "from coursekit.lectures import LECTURES; print([one.number for one in LECTURES])")
    assert done.stdout.strip() == str([one.number for one in SOME]), done.stderr
    readme = (some / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^\| (\d\d) \| \[", readme) == [one.number for one in SOME]
    assert "An executable course in eight lectures" in readme


def test_a_list_that_is_laid_out_in_another_way_stops_the_release():
    with pytest.raises(ValueError, match="lectures.py must list lecture 12 once, on lines of its own"):
        choices.listed('LECTURES = (Lecture("12", "x", "y", "z"),)', choices.Choices(LECTURES[:12]))


def test_no_link_leads_to_what_was_left_out_and_its_words_stay(course, some):
    for name in cloned.names(some):
        path = some / name
        if path.suffix not in (".ipynb", ".md"):
            continue
        text = path.read_text(encoding="utf-8")
        links = [link for link in re.findall(r"\]\(([^)#\s]+\.ipynb)", text) if "://" not in link]
        assert [link for link in links if not (path.parent / link).is_file()] == [], name
        colab = re.findall(rf"{re.escape(published.COLAB)}[\w.-]+/[\w.-]+/blob/[\w.-]+/([^)\s\"\\]+)", text)
        assert [link for link in colab if not (some / link).is_file()] == [], name
    name = "notebooks/04_edge_filters.ipynb"
    before, after = ((folder / name).read_text(encoding="utf-8") for folder in (course, some))
    assert "([lecture 08](08_training.ipynb))" in before and "(lecture 08)" in after
    assert "[lecture 02](02_convolution_in_one_dimension.ipynb)" in after


def test_an_assignment_goes_with_a_lecture_that_it_rests_on(course, some):
    given = {path.name for path in (some / "assignments").iterdir()}
    assert given == {"hw2_convolution"} == {path.name for path in (some / "data/assignments").iterdir()}
    assert release.left_out(course, choices.Choices(SOME)) == {
        "hw1_numpy_network": ["08"],
        "hw3_brain_food": ["08"],
        "quiz1": ["07"],
        "quiz2": ["08", "10", "11", "12"],
    }


def test_the_readme_lists_the_homework_that_is_there_and_no_empty_table(some, course, tmp_path):
    listed = r"(?m)^\| \[[^]]*\]\(assignments/(\w+)/\1\.ipynb\) .*/assignments/\1/\1\.ipynb\)"
    readme = (some / "README.md").read_text(encoding="utf-8")
    assert re.findall(listed, readme) == ["hw2_convolution"] and "**Homework.**" in readme
    release.write(tmp_path / "all", course, THEIRS)
    readme = (tmp_path / "all" / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(listed, readme)) == sorted(path.name for path in (tmp_path / "all/assignments").iterdir())
    release.write(tmp_path / "two", course, THEIRS, wanted=choices.Choices(choices.chosen("12")))
    readme = (tmp_path / "two" / "README.md").read_text(encoding="utf-8")
    assert "**Homework.**" not in readme and "homework -->" not in readme and "**Explorers.**" in readme


@pytest.mark.parametrize("name", masters.ALL)
def test_every_assignment_says_on_which_lectures_it_rests(name):
    found = choices.rests_on(masters.FOLDER / name)
    assert found and set(found) <= {one.number for one in LECTURES}


def test_the_examples_of_the_package_hold_in_the_copy(some):
    parts = ("checks", "assignments", "lectures.py")
    done = run(some, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"coursekit/{part}" for part in parts))
    assert done.returncode == 0 and "passed" in done.stdout, done.stdout + done.stderr


# ---------------------------------------------------------------- answers


def test_every_folded_text_of_a_lecture_is_found_and_most_are_answers():
    folded, answers = 0, 0
    for path in project.notebooks():
        text = "\n".join(sources(path))
        found = [match[1] for match in choices.FOLDED.finditer(text)]
        assert len(found) == text.count("<details") == text.count("</details>"), path.name
        folded, answers = folded + len(found), answers + sum(map(choices.is_answer, found))
    assert answers > 70 and folded - answers > 10


def test_no_answer_is_left_and_hints_are(some):
    text = "\n".join(source for path in (some / "notebooks").glob("*.ipynb") for source in sources(path))
    kept = [match[1] for match in choices.FOLDED.finditer(text)]
    assert kept and not any(map(choices.is_answer, kept))
    note = f"*The answer is released on {DAY.day} {DAY:%B %Y}.*"
    assert text.count(note) > 40
    assert "the smallest number of layers with that kernel" in text  # questions stay
    assert "Each layer adds `kernel - 1` to a field that starts at 1." not in text
    assert "return -(-(pixels - 1) // (kernel - 1))" not in text


def test_no_file_of_the_copy_holds_a_line_of_an_answer_but_where_the_package_teaches_it(course, some):
    """What a lecture shows, and two lines that modules of the package have of their own."""
    answers, others = set(), ["return powers / powers.sum(axis=1, keepdims=True)", "for step in range(steps):"]
    for path in (course / "notebooks").glob("*.ipynb"):
        for source in sources(path):
            for summary, folded in choices.FOLDED.findall(source):
                if choices.is_answer(summary):
                    answers |= {line.strip() for line in folded.splitlines() if len(line.strip()) > 24}
            others += [line.strip() for line in choices.FOLDED.sub("", source).splitlines()]
    answers -= {*others, "```python", "</details>"}
    assert len(answers) > 150
    for name in cloned.names(some):
        if name.endswith(".ipynb"):
            text = "\n".join(sources(some / name))
        else:
            text = (some / name).read_text(encoding="utf-8", errors="ignore")
        assert not answers & {line.strip() for line in text.splitlines()}, name


def test_no_cell_is_named_after_an_answer(some):
    for path in (some / "notebooks").glob("*.ipynb"):
        ids = [cell["id"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        assert not [one for one in ids if "answer-summary" in one] and len(set(ids)) == len(ids)


def test_no_answer_that_is_a_value_is_in_the_files_of_the_checks(some):
    for path in (some / "coursekit/checks").glob("lecture*.json"):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            exercise = EXERCISES[entry["name"]]
            if exercise.cases == ((),) or exercise.judge is not None:
                assert set(entry) == {"name", "note"}
    hints = (some / "coursekit/checks/hints.py").read_text(encoding="utf-8")
    assert '"06.layers_needed"' in hints and '"06.resnet_field"' not in hints


def test_a_check_in_the_copy_judges_functions_and_says_of_values_that_they_are_not_checked(some):
    script = (
        "from coursekit.checks import check\n"
        "def layers_needed(pixels, kernel): raise NotImplementedError\n"
        "print(check('06.layers_needed', layers_needed))\n"
        "print(check('06.layers_needed', lambda pixels, kernel: -(-(pixels - 1) // (kernel - 1))))\n"
        "print(check('06.layers_needed', lambda pixels, kernel: (pixels - 1) // (kernel - 1)))\n"
        "print(check('06.resnet_field', ...), check('06.resnet_field', 27), sep='\\n')\n"
    )
    shown = run(some, "-c", script).stdout
    assert shown == (
        "… 06.layers_needed: not answered yet\n✓ 06.layers_needed: right in all 10 cases\n"
        "✗ 06.layers_needed: for 8, 3:\nexpected 4\nreceived 3\n"
        "Likely: this rounds down: the field would be a little too small\n… 06.resnet_field: not answered yet\n"
        "… 06.resnet_field: your answer is not checked in this copy of the course. "
        f"The answer is released on {DAY.day} {DAY:%B %Y}.\n"
    )


@pytest.mark.parametrize("name", EXERCISES)
def test_a_recorded_exercise_judges_every_answer_of_the_bank_as_the_exercise_does(name):
    exercise, bank = EXERCISES[name], BANK[name]
    again = recorded.restore(json.loads(json.dumps(recorded.record(exercise, "not checked"))))
    for answer in (bank.solution, bank.stub, *(wrong for wrong, _ in bank.wrong)):
        new, old = again.check(answer), exercise.check(answer)
        if isinstance(again, recorded.Withheld):
            assert new.passed is None and (new.message == "not answered yet" or answer is not bank.stub)
        else:
            assert new.passed is old.passed and new.message.partition("Likely")[2] == old.message.partition("Likely")[2]


def test_enough_exercises_are_still_checked():
    entries = [recorded.record(one, "") for one in EXERCISES.values()]
    assert sum("cases" in entry for entry in entries) > len(entries) / 2


def test_a_withheld_exercise_runs_nothing():
    withheld = recorded.Withheld("99.a", "not here")
    assert withheld.check(lambda: 1 / 0).message == "not here" == withheld.check(7).message


def test_the_second_folder_completes_the_first_to_what_a_release_with_answers_is(course, some, tmp_path):
    later = some.with_name(f"{some.name}-answers-{DAY}")
    release.write(tmp_path / "all", course, THEIRS, "2027.02", choices.Choices(SOME))
    added = cloned.names(later)
    assert {name for name in added if name.startswith("notebooks/")} and len(added) < 30
    first = {name for name in cloned.names(some) if "/__pycache__/" not in f"/{name}"}  # other tests ran in it
    both = {name: (later if name in added else some) / name for name in first | added}
    complete = cloned.names(tmp_path / "all")
    assert set(both) - complete == {f"coursekit/checks/lecture{one.number}.json" for one in SOME}  # modules win
    assert complete <= set(both)
    for name in complete:
        assert both[name].read_bytes() == (tmp_path / "all" / name).read_bytes(), name
    assert not [name for name in added if (some / name).is_file() and same(some / name, later / name)]


def same(one, other):
    return one.read_bytes() == other.read_bytes()


def test_modules_win_over_what_was_recorded(tmp_path, monkeypatch):
    (tmp_path / "lecture97.py").write_text(
        "from coursekit.checks import Exercise\nEXERCISES = (Exercise('97.a', reference=lambda: 2),)\n"
    )
    (tmp_path / "lecture97.json").write_text('[{"name": "97.b", "note": "not here"}]')
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])
    monkeypatch.setattr(checks, "__file__", str(tmp_path / "__init__.py"))
    try:
        assert list(checks.exercises("97")) == ["97.a"]
        (tmp_path / "lecture97.py").unlink()
        sys.modules.pop("coursekit.checks.lecture97")
        importlib.invalidate_caches()
        assert list(checks.exercises("97")) == ["97.b"]
    finally:
        sys.modules.pop("coursekit.checks.lecture97", None)


@pytest.mark.parametrize("planted", ["notebook", "module", "line"])
def test_check_finds_an_answer_in_a_copy_without(planted, course, some):
    release.check(some, course, answers=False)
    if planted == "module":
        path, text = some / "coursekit/checks/lecture06.py", "EXERCISES = ()\n"
    elif planted == "line":
        path, text = some / "coursekit/checks/note.py", "    return -(-(pixels - 1) // (kernel - 1))\n"
    else:
        path, cell = some / "notebooks/99_mine.ipynb", "<details>\n<summary>So</summary>\n\n27\n</details>"
        text = json.dumps({"cells": [{"cell_type": "markdown", "source": [cell]}]})
    path.write_text(text, encoding="utf-8")
    try:
        with pytest.raises(ValueError, match=rf"students must not have .*{path.name}, where answers are withheld"):
            release.check(some, course, answers=False)
    finally:
        path.unlink()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"answers": "some"}, "answers must be one of all, none, after-date. Received: 'some'"),
        ({"answers": "after-date"}, "date must be given with answers after-date, and only then. Received: None with"),
        ({"answers": "none", "date": DAY}, "date must be given with answers after-date, and only then"),
        (
            {"answers": "after-date", "date": datetime.date.today()},
            "date must be a day to come; from then on it is answers all. Received: ",
        ),
    ],
)
def test_choices_that_contradict_themselves_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        choices.Choices(**given)


@pytest.mark.parametrize("text", ["tomorrow", "2027-13-01", "1.6.2027", ""])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match="date must be a day, such as 2026-12-15. Received: "):
        choices.date(text)


def test_answers_are_not_withheld_where_badges_lead_to_them(course, tmp_path):
    with pytest.raises(ValueError, match=r"address must be given with answers none: badges .* lead to https://github"):
        release.write(tmp_path / "out", course, wanted=choices.Choices(answers="none"))
    assert os.listdir(tmp_path) == []


def test_nothing_is_written_where_the_folder_of_the_answers_is_taken(course, tmp_path):
    taken = tmp_path / f"out-answers-{DAY}"
    taken.mkdir()
    (taken / "mine").write_text("precious")
    with pytest.raises(ValueError, match=f"out must be a new or an empty folder. Received: .*{taken.name}"):
        release.write(tmp_path / "out", course, THEIRS, wanted=choices.Choices(answers="after-date", date=DAY))
    assert os.listdir(tmp_path) == [taken.name]


# ---------------------------------------------------------------- the term, and Colab's helpers


def test_the_term_is_where_colab_and_pip_look(some):
    theirs = published.Repository(THEIRS, "2027.02")
    assert published.read(some) == theirs
    for path in (some / "notebooks").glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert theirs.colab(f"notebooks/{path.name}") in text and f'{theirs.requirement}"' in text
        assert "/blob/main/" not in text
    assert theirs.colab("notebooks/00") in (some / "README.md").read_text(encoding="utf-8")
    assert theirs.colab("assignments/hw2_convolution/hw2") in "".join(
        sources(some / "assignments/hw2_convolution/hw2_convolution.ipynb")
    )


def test_a_term_without_an_address_stays_with_the_repository(course, tmp_path):
    release.write(tmp_path / "out", course, term="2027.02")
    assert published.read(tmp_path / "out") == published.read(course)._replace(term="2027.02")


@pytest.mark.parametrize("term", ["", "two words", "-x", "a/b"])
def test_a_term_that_is_no_branch_or_tag_is_refused(term, course, tmp_path):
    with pytest.raises(ValueError, match="term must be the name of a branch or tag. Received: "):
        release.write(tmp_path / "out", course, term=term)
    assert os.listdir(tmp_path) == []


def test_assignments_switch_colabs_helpers_off_and_lectures_do_not(some):
    for path in some.rglob("*.ipynb"):
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        expected = {"generative_ai_disabled": True} if "assignments" in path.parts else None
        assert metadata.get("colab") == expected, path.name


def test_a_lecturer_may_leave_colabs_helpers_on(course, tmp_path):
    release.write(tmp_path / "out", course, wanted=choices.Choices(colab_helpers=True))
    for name in [name for name in cloned.names(tmp_path / "out") if re.fullmatch(r"assignments/.*\.ipynb", name)]:
        notebook = json.loads((tmp_path / "out" / name).read_text(encoding="utf-8"))
        student = course / re.sub(r"(?<=/)([^/]+\.ipynb)", r"student/\1", name)
        before = json.loads(student.read_text(encoding="utf-8"))
        assert "colab" not in notebook["metadata"] and len(notebook["cells"]) == len(before["cells"])


# ---------------------------------------------------------------- the command


def test_the_command_says_what_was_left_out_and_what_is_still_to_be_done(course, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(release, "ROOT", course)
    out = tmp_path / "out"
    words = [str(out), "--lectures", "00-06", "--answers", "after-date", "--date", str(DAY), "--address", THEIRS]
    monkeypatch.setattr(release, "write", lambda *given, **more: (out.mkdir(), seen.append(more)))
    seen = []
    assert release.main([*words, "--term", "2027.02", "--colab-ai"]) == 0
    assert seen == [
        {
            "address": THEIRS,
            "term": "2027.02",
            "wanted": choices.Choices(LECTURES[:7], "after-date", DAY, colab_helpers=True),
        }
    ]
    shown = capsys.readouterr().out
    assert "lectures 00, 01, 02, 03, 04, 05, 06\n" in shown
    assert "left out: hw1_numpy_network, which rests on lecture 08\n" in shown and "hw2" not in shown
    assert f"cp -R {out}-answers-{DAY}/. " in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--lectures", "10-13"], "lectures: number must be one of 00, 01"),
        (["--answers", "maybe"], "answers must be one of all, none, after-date. Received: 'maybe'"),
        (["--answers", "after-date", "--date", "soon"], "date must be a day, such as 2026-12-15. Received: 'soon'"),
        (["--term", "a b"], "term must be the name of a branch or tag. Received: 'a b'"),
        (["--check", "--answers", "maybe"], "answers must be one of all, none, after-date"),
    ],
)
def test_the_command_refuses_what_it_cannot_do(words, message, course, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(release, "ROOT", course)
    assert release.main([str(tmp_path / "out"), *words]) == 1
    assert message in capsys.readouterr().err and os.listdir(tmp_path) == []
