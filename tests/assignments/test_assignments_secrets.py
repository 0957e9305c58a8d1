"""Nothing that gives an answer away reaches a student: searched by value, in every file that students may see."""

import json
import re

import pytest

import masters
import project

NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
SEED = re.compile(r"default_rng\((\d+)\)")
QUESTIONS = {name: list(masters.questions(name).values()) for name in masters.ALL}


def own_files(name):
    """Return the files that a student gets for the assignment `name`."""
    return [*(masters.FOLDER / name / "student").iterdir(), *(project.ROOT / "data" / "assignments" / name).iterdir()]


def everywhere():
    """Return all files of the course that students get: what the wheel holds, lectures, student versions."""
    wheel = [
        path
        for folder in ("coursekit", "data", "notebooks", "slides")
        for path in sorted((project.ROOT / folder).rglob("*"))
        if path.is_file() and not {"__pycache__", "_build"} & set(path.parts)
    ]
    return wheel + [path for name in masters.ALL for path in own_files(name)] + [project.ROOT / "README.md"]


def text(path):
    """Return what a file says; of a notebook its cells and its outputs without pictures."""
    if path.suffix != ".ipynb":
        return path.read_bytes().decode("utf-8", errors="ignore")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    shown = [
        value
        for cell in cells
        for output in cell.get("outputs", ())
        for kind, value in {**output.get("data", {}), "": output.get("text", "")}.items()
        if not kind.startswith("image/") and isinstance(value, (str, list))
    ]
    return "\n".join("".join(part) for part in [*(cell["source"] for cell in cells), *shown])


def digits(number):
    """Return how many digits of a number tell something: zeros at its ends do not."""
    return len(number.replace(".", "").strip("0"))


def numbers(name, least):
    """Return the numbers with at least so many digits that only the hidden tests of an assignment hold."""
    hidden, public = set(), set()
    for question in QUESTIONS[name]:
        hidden |= set(NUMBER.findall(question.hidden))
        public |= set(NUMBER.findall(question.public + question.asked))
    return {number for number in hidden - public if digits(number) >= least}


def lines(source):
    return {line.strip() for line in source.splitlines() if len(line.strip()) > 12}


def leaked(secrets, files):
    """Return (secret, file) for each of the numbers `secrets` that stands in one of `files`."""
    return [(number, path.name) for path in files for number in secrets & set(NUMBER.findall(text(path)))]


@pytest.mark.parametrize("name", masters.ALL)
def test_hidden_tests_have_seeds_of_their_own(name):
    every = [seed for question in QUESTIONS[name] for seed in SEED.findall(question.hidden)]
    assert all(len(seed) >= 5 for seed in every)
    assert not set(every) & {seed for question in QUESTIONS[name] for seed in SEED.findall(question.public)}


@pytest.mark.parametrize("name", masters.ALL)
def test_no_value_of_a_hidden_test_is_in_a_file_of_its_assignment(name):
    assert leaked(numbers(name, 3), own_files(name)) == []


def test_no_seed_of_a_hidden_test_is_in_any_file_of_the_course():
    seeds = {seed for name in masters.ALL for question in QUESTIONS[name] for seed in SEED.findall(question.hidden)}
    assert len(seeds) > 30 and leaked(seeds, everywhere()) == []


@pytest.mark.parametrize("name", masters.ALL)
def test_no_line_of_a_solution_or_a_hidden_test_is_in_a_file_of_its_assignment(name):
    given = set().union(*(lines(text(path).replace("\\n", "\n")) for path in own_files(name)))
    stubs = set().union(
        *(
            lines(part if isinstance(part, str) else "\n".join([part.asked, part.stub, part.public]))
            for part in masters.script(name)
        )
    )
    secret = set().union(*(lines(question.solution) | lines(question.hidden) for question in QUESTIONS[name]))
    secret = {line for line in secret - stubs if not line.startswith("for ")}
    assert len(secret) > 20 and not secret & given
    assert "hidden=True" not in "".join(map(text, own_files(name))) and "def test_hidden" not in "".join(given)


@pytest.mark.parametrize("place", ["student notebook", "data", "output"])
def test_the_search_finds_what_is_planted(place, tmp_path):
    name, seed = masters.ALL[0], max(numbers(masters.ALL[0], 5))
    source = next(path for path in own_files(name) if path.suffix == ".ipynb")
    path = tmp_path / (source.name if place != "data" else "misconceptions.json")
    notebook = json.loads(source.read_text(encoding="utf-8"))
    if place == "output":
        notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [f"seed {seed}"]}]
    else:
        notebook["cells"][1]["source"] = [f"rng = np.random.default_rng({seed})"]
    bank = f'{{"array": [1, {seed}], "shape": [2]}}'
    path.write_text(bank if place == "data" else json.dumps(notebook), encoding="utf-8")
    assert leaked(numbers(name, 5), [path]) == [(seed, path.name)]
    assert leaked(numbers(name, 5), [source]) == []
