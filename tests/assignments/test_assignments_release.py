"""The students' copy of the course: all that they need, nothing that gives answers away, and whole or not at all."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

import cloned
import equipment
import masters
import project
from coursekit.grading import published, release

HERE = published.read(project.ROOT)

SEEDS = {
    seed
    for name in masters.ALL
    for question in masters.questions(name).values()
    for seed in re.findall(r"default_rng\((\d+)\)", question.hidden)
}

pytestmark = equipment.needs("git")


@pytest.fixture(scope="module")
def copy(course, tmp_path_factory):
    """What students get."""
    out = tmp_path_factory.mktemp("release") / "students"
    release.write(out, course)
    return out


@pytest.fixture(scope="module")
def at_home(course, tmp_path_factory):
    """What students get whose repository is named."""
    out = tmp_path_factory.mktemp("release") / "students"
    release.write(out, course, HERE.address)
    return out


# ---------------------------------------------------------------- what is in it


def test_students_get_lectures_package_data_and_their_assignments(course, copy):
    tracked = set(cloned.git(course, "ls-files", "-z").split("\0")) - {""}
    found = cloned.names(copy)
    for folder in ("notebooks", "data", ".jupyter", "coursekit"):
        expected = {name for name in tracked if name.startswith(f"{folder}/")}
        expected -= {name for name in expected if name.startswith("coursekit/grading/")}
        assert expected and {name for name in found if name.startswith(f"{folder}/")} == expected
    assert {f"assignments/{name}/{name}.ipynb" for name in masters.ALL} <= found
    assert {
        "README.md",
        "LICENSE",
        "LICENSE-TEXT",
        "Makefile",
        "environment.yml",
        "pyproject.toml",
        "requirements.lock",
        ".gitignore",
    } <= found
    assert {name.split("/")[0] for name in found} <= {
        "notebooks",
        "data",
        ".jupyter",
        "coursekit",
        "assignments",
        "slides",
        "tests",
        "README.md",
        "LICENSE",
        "LICENSE-TEXT",
        "Makefile",
        "environment.yml",
        "pyproject.toml",
        "requirements.lock",
        ".gitignore",
        "conftest.py",
    }


def test_students_get_no_master_no_grader_no_test_and_no_mistake(copy):
    found = cloned.names(copy)
    assert not [name for name in found if re.search(r"grading/|_build|/student/|answers|test_|teaching/|\.git/", name)]
    assert not [name for name in found if name.endswith("misconceptions.py") and name.startswith("assignments")]
    for name in masters.ALL:
        assert "BEGIN QUESTION\nname" not in (copy / "assignments" / name / f"{name}.ipynb").read_text("utf-8")


def test_lectures_and_data_are_copied_byte_for_byte(course, copy):
    for name in cloned.names(copy):
        if name.startswith(("notebooks/", "data/", "coursekit/")):
            assert (copy / name).read_bytes() == (course / name).read_bytes(), name


def test_no_seed_of_a_hidden_test_and_no_line_of_a_solution_is_in_any_file(copy):
    token = re.compile(r"(?<![\w.])\d{4,}(?![\w.])")
    secret = {
        line.strip()
        for name in masters.ALL
        for question in masters.questions(name).values()
        for line in f"{question.solution}\n{question.hidden}".splitlines()
        if len(line.strip()) > 24
    }
    shown = {
        line.strip()
        for name in masters.ALL
        for part in masters.script(name)
        for line in (part if isinstance(part, str) else f"{part.stub}\n{part.public}\n{part.asked}").splitlines()
    }
    assert len(SEEDS) > 30 and len(secret - shown) > 150
    for name in cloned.names(copy):
        text = (copy / name).read_text(encoding="utf-8", errors="ignore")
        if not name.startswith(("notebooks/", "slides/")):  # pictures hold any digits
            assert not SEEDS & set(token.findall(text)), name
        if name.startswith(("assignments/", "data/assignments/")):
            lines = {line.strip() for line in text.replace("\\n", "\n").replace('\\"', '"').splitlines()}
            assert not (secret - shown) & {line.strip('", ') for line in lines} | (secret - shown) & lines, name


def test_what_git_does_not_track_is_not_released(course, tmp_path):
    stray = course / "notebooks" / "my_own_notes.ipynb"
    stray.write_text("{}")
    try:
        release.write(tmp_path / "out", course)
    finally:
        stray.unlink()
    assert not (tmp_path / "out" / "notebooks" / stray.name).exists()


# ---------------------------------------------------------------- it works


def test_every_link_of_the_readme_leads_to_a_file_of_the_copy(course, copy, at_home):
    for out, place in ((copy, course), (at_home, at_home)):  # without an address, Colab opens the lecturers' files
        text = (out / "README.md").read_text(encoding="utf-8")
        links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
        assert links and [link for link in links if not (out / link).exists()] == []
        colab = re.findall(rf"{published.COLAB}[\w.-]+/[\w.-]+/blob/{re.escape(HERE.term)}/([^)\s]+)", text)
        assert colab and [link for link in colab if not (place / link).is_file()] == []


def test_what_is_marked_as_the_lecturers_and_rows_of_their_commands_are_left_out(course):
    text = (
        "a. `make bench` repeats it.\n\n<!-- lecturers -->\nsecret\n<!-- /lecturers -->\n\n"
        "| `make bench` | x |\n| `make lab` | y |\n"
    )
    for pattern, replacement in release._changes(course, HERE, HERE):
        text = re.sub(pattern, replacement, text)
    assert text == "a.\n\n| `make lab` | y |\n"


@pytest.mark.parametrize("name", [*masters.ALL, "quiz1", "quiz2"])
def test_the_badge_of_an_assignment_leads_to_what_students_may_see(name, course, copy, at_home):
    """In the lecturers' repository, where it leads without an address, the master with its answers lies beside."""
    for out, place in ((copy, course), (at_home, at_home)):
        badge = json.loads((out / "assignments" / name / f"{name}.ipynb").read_text("utf-8"))["cells"][0]["source"]
        (link,) = re.findall(rf"/blob/{re.escape(HERE.term)}/([^)\s]+)\)", "".join(badge))
        opened = (place / link).read_text(encoding="utf-8")
        assert "# SOLUTION" not in opened and "BEGIN SOLUTION" not in opened and name in opened


@equipment.needs("make")
def test_make_offers_what_a_student_needs_and_nothing_that_is_not_there(copy):
    text = (copy / "Makefile").read_text(encoding="utf-8")
    done = subprocess.run(
        [equipment.program("make"), "help"], cwd=copy, env=project.environment(), capture_output=True, text=True
    )
    assert "make lab " in done.stdout and "make test " in done.stdout and done.returncode == 0, done.stderr
    asked = re.findall(r"-m (coursekit[\w.]+)", text)
    for module in asked:
        path = copy / module.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file(), module
    scripts = re.findall(r"\$\(RUN\) (tests/\S+|tools/\S+|data/\S+)", text)
    assert [script for script in scripts if not (copy / script).exists()] == []
    readme = re.sub(r"(?s)<!--.*?-->", "", (copy / "README.md").read_text(encoding="utf-8"))
    commands = set(re.findall(r"`make ([a-z-]+)", readme))
    assert commands <= set(re.findall(r"(?m)^([a-z-]+):", text))


def test_the_package_of_the_copy_can_be_installed_and_used_alone(copy, tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            ".",
            "--quiet",
            "--no-index",
            "--no-deps",
            "--no-build-isolation",
            "--wheel-dir",
            tmp_path,
        ],
        cwd=copy,
        capture_output=True,
        text=True,
        env=project.environment(PIP_DISABLE_PIP_VERSION_CHECK="1"),
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = archive.namelist()
        archive.extractall(tmp_path / "alone")
    assert not [name for name in held if "grading" in name]
    script = (
        "import coursekit, sys\nfrom coursekit import assignments\n"
        "for name in assignments.names(): print(name, assignments.start(name, {}).check_all()[0].passed)\n"
        "print(coursekit.__file__)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=project.environment(PYTHONPATH=str(tmp_path / "alone")),
    )
    assert shown.stdout.count(" None\n") >= 2 and str(tmp_path / "alone") in shown.stdout, shown.stderr


def test_make_test_finds_the_lectures_and_the_examples_of_the_package(copy):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "-p",
            "no:cacheprovider",
            "notebooks",
            "coursekit/shapes.py",
        ],
        cwd=copy,
        capture_output=True,
        text=True,
        env=project.environment(PYTHONPATH=str(copy)),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert {path.name for path in (copy / "notebooks").glob("*.ipynb")} == set(
        re.findall(r"(?m)^notebooks/([^:\n]+\.ipynb)", done.stdout)
    )
    assert "coursekit.shapes" in done.stdout or "coursekit/shapes.py" in done.stdout


# ---------------------------------------------------------------- the address of the students' repository


def test_with_an_address_nothing_leads_to_the_lecturers_repository(course, tmp_path):
    theirs, old = HERE._replace(address="https://github.com/class-of-27/cnn"), HERE.name
    release.write(tmp_path / "out", course, theirs.address)
    for name in cloned.names(tmp_path / "out"):
        if not name.startswith(("notebooks/", "slides/", "data/")):
            text = (tmp_path / "out" / name).read_text(encoding="utf-8", errors="ignore")
            assert not re.search(rf"github(\.com)?/{old}\b", text), name
    readme = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert "git clone https://github.com/class-of-27/cnn.git\ncd cnn\n" in readme
    first = next((tmp_path / "out" / "notebooks").glob("02*")).read_text("utf-8")
    assert f'{theirs.requirement}"' in first and f"git+https://github.com/{old}" not in first
    assert theirs.colab("notebooks/02") in first


@pytest.mark.parametrize("address", ["github.com/a/b", "https://github.com/a", "https://example.org/a/b", ""])
def test_an_address_that_colab_cannot_open_is_refused(address, course, tmp_path):
    with pytest.raises(
        ValueError,
        match="address must be https://github.com/OWNER/NAME, since Colab opens notebooks from GitHub. Received: ",
    ):
        release.write(tmp_path / "out", course, address)
    assert os.listdir(tmp_path) == []


# ---------------------------------------------------------------- whole or not at all


def test_a_folder_that_holds_something_is_left_alone(course, tmp_path):
    (tmp_path / "mine").write_text("precious")
    for out in (tmp_path, tmp_path / "mine"):
        with pytest.raises(ValueError, match="out must be a new or an empty folder. Received: "):
            release.write(out, course)
    assert os.listdir(tmp_path) == ["mine"] and (tmp_path / "mine").read_text() == "precious"


def test_an_empty_folder_is_filled(course, tmp_path):
    (tmp_path / "out").mkdir()
    release.write(tmp_path / "out", course)
    assert (tmp_path / "out" / "README.md").is_file() and os.listdir(tmp_path) == ["out"]


def test_a_folder_without_git_is_refused(tmp_path, monkeypatch):
    (tmp_path / "course").mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(RuntimeError, match="must be a git clone: only files that git tracks"):
        release.write(tmp_path / "out", tmp_path / "course")
    assert os.listdir(tmp_path) == ["course"]


@pytest.mark.parametrize("secret", ["seed", "line"])
def test_a_secret_that_is_planted_stops_the_release(secret, course, tmp_path):
    name = masters.ALL[0]
    path = course / "assignments" / name / "student" / f"{name}.ipynb"
    before = path.read_text(encoding="utf-8")
    planted = (
        f"rng = np.random.default_rng({max(SEEDS)})"
        if secret == "seed"
        else "raised = np.exp(z - z.max(axis=1, keepdims=True))"
    )
    notebook = json.loads(before)
    notebook["cells"][-1]["source"].insert(0, f"{planted}\n")
    path.write_text(json.dumps(notebook), encoding="utf-8")
    try:
        with pytest.raises(ValueError, match=f"students must not have .*, in assignments/{name}/{name}.ipynb"):
            release.write(tmp_path / "out", course)
    finally:
        path.write_text(before, encoding="utf-8")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "planted",
    [
        "coursekit/grading/grader.py",
        "assignments/hw1_numpy_network/misconceptions.py",
        "assignments/_build/hw1_numpy_network/tests/q1.py",
        "assignments/hw1_numpy_network/student/hw1_numpy_network.ipynb",
    ],
)
def test_check_finds_what_students_must_not_have(planted, course, copy, tmp_path):
    shutil.copytree(copy / "assignments", tmp_path / "out" / "assignments")
    shutil.copytree(copy / "coursekit", tmp_path / "out" / "coursekit")
    release.check(tmp_path / "out", course)
    (tmp_path / "out" / planted).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "out" / planted).write_text('{"cells": []}')
    with pytest.raises(ValueError, match=f"students must not have {planted}"):
        release.check(tmp_path / "out", course)


def test_the_command_writes_checks_and_tells(course, tmp_path):
    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "coursekit.grading.release", *map(str, words)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=project.environment(PYTHONPATH=str(course)),
        )

    done = run("out")
    assert f"badges and first cells lead to {HERE.address}: --address names" in done.stdout
    assert done.returncode == 0 and "files, no solution and no hidden test among them" in done.stdout, done.stderr
    assert run("--check", "out").returncode == 0
    again = run("out")
    assert again.returncode == 1 and again.stderr.startswith("error: out must be a new or an empty folder")
    (tmp_path / "out" / "coursekit" / "note.py").write_text(f"seed = {max(SEEDS)}")
    assert "which is a secret of an assignment, in coursekit/note.py" in run("--check", "out").stderr
    assert "must be a copy of the course" in run("--check", ".").stderr
