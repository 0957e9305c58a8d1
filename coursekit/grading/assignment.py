"""What the grader knows of an assignment: its questions, its tests as text, and how it is to be graded."""

import functools
import hashlib
import io
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from coursekit.assignments import testfiles
from coursekit.calcium import kept
from coursekit.grading.limits import Limits


@dataclass(frozen=True)
class Question:
    """A question: `points` are what it is worth, `manual` says that a person gives them."""

    name: str
    title: str
    points: float
    manual: bool


@dataclass(frozen=True)
class Assignment:
    """An assignment as plain data, so that it can be sent to another machine.

    `tests` are {file name: source} of files that the lecturer wrote; `held_out` is {name: bytes of an .npz
    file}, arrays that no student has: a test gets them as a parameter of that name. `hidden_packages` cannot
    be imported by submissions. `leaderboard` is {} or {"record": name of a recorded number, "baseline":
    number}. An answer that uses a name of `not_allowed`, such as "convolve", gets no points. `recordings`, {segment:
    images of each class, or several such numbers}, are what notebooks ask of `coursekit.calcium`: simulated once for a
    batch. `imports` names modules that most notebooks import, and that start no thread: a batch imports them once.
    `mistakes` is the bank of `coursekit.assignments.misconceptions`, as text: by it the class's page knows likely
    mistakes.
    """

    name: str
    questions: tuple
    tests: dict
    limits: Limits = Limits()
    hidden_packages: tuple = ()
    leaderboard: dict = field(default_factory=dict)
    held_out: dict = field(default_factory=dict)
    not_allowed: tuple = ()
    recordings: dict = field(default_factory=dict)
    imports: tuple = ()
    mistakes: str = "{}"

    @property
    def digest(self):
        """A text that changes with everything that may change a grade."""
        every = asdict(self)
        every["held_out"] = {name: hashlib.sha256(data).hexdigest() for name, data in self.held_out.items()}
        return hashlib.sha256(json.dumps(every, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def possible(self):
        """The points of all questions, those that a person gives included."""
        return sum(question.points for question in self.questions)

    def files(self):
        """Return {name of the question: TestFile}, in the order of the questions. It executes the tests."""
        loaded = [testfiles.load(source, name) for name, source in self.tests.items()]
        named = {file.name: file for file in loaded}
        return {one.name: named[one.name] for one in self.questions if one.name in named}

    def arrays(self):
        """Return {name: {array name: array}} of the data that no student has, which nobody can change."""
        return {name: dict(_unpacked(data)) for name, data in self.held_out.items()}


def _text(bank):
    return bank.read_text(encoding="utf-8") if bank.exists() else "{}"


@functools.lru_cache(maxsize=2)
def _unpacked(data):
    """Return the arrays in an .npz file; a process that grades a class reads them once."""
    arrays = dict(np.load(io.BytesIO(data), allow_pickle=False))
    for one in arrays.values():
        one.setflags(write=False)
    return arrays


def load(name, folder):
    """Return the Assignment `name` of the `folder` with the assignments, as `make assignments` left it.

    `name` may be a beginning that fits one only, such as "hw1". Read are `_build/NAME/assignment.json`,
    `_build/NAME/tests/*.py`, `_build/NAME/held_out/*.npz` if there are any, the bank of likely mistakes that travels
    with the course (`data/assignments/NAME` beside the folder), and the lecturer's
    `NAME/grading.json`, if it is there: {"limits": {…}, "hidden_packages": […], "leaderboard": {…},
    "recordings": {…}, "imports": […]}; "lectures", those that it rests on, is for the release alone.
    Raises ValueError for an unknown name or an assignment that contradicts itself.
    """
    folder = Path(folder)
    known = sorted(path.parent.name for path in folder.glob("_build/*/assignment.json"))
    fitting = [name] if name in known else [one for one in known if one.startswith(str(name))]
    if len(fitting) != 1:
        listed = ", ".join(known) or f"the assignments in {folder}, of which none is built (make assignments)"
        raise ValueError(f"assignment must be one of {listed}, or the beginning of one. Received: {name!r}")
    built, settings = folder / "_build" / fitting[0], folder / fitting[0] / "grading.json"
    about = json.loads((built / "assignment.json").read_text(encoding="utf-8"))
    more = json.loads(settings.read_text(encoding="utf-8")) if settings.exists() else {}
    unknown = set(more) - {"limits", "hidden_packages", "leaderboard", "recordings", "imports", "lectures"}
    if unknown:
        raise ValueError(
            f"{settings} must have limits, hidden_packages, leaderboard, recordings, imports and lectures. "
            f"Received: {sorted(unknown)}"
        )
    hidden = {name for name in more.get("imports", ()) if name.split(".")[0] in more.get("hidden_packages", ())}
    if hidden:
        raise ValueError(f"{settings} must not import what it hides. Received: {sorted(hidden)} in both")
    found = Assignment(
        about["name"],
        tuple(Question(**one) for one in about["questions"]),
        {path.name: path.read_text(encoding="utf-8") for path in sorted(built.glob("tests/*.py"))},
        Limits(**more.get("limits", {})),
        tuple(more.get("hidden_packages", ())),
        more.get("leaderboard", {}),
        {path.stem: path.read_bytes() for path in sorted(built.glob("held_out/*.npz"))},
        tuple(about.get("not_allowed", ())),
        kept.checked(more.get("recordings", {})),
        tuple(more.get("imports", ())),
        _text(folder.parent / "data" / "assignments" / fitting[0] / "misconceptions.json"),
    )
    without = [one.name for one in found.questions if not one.manual and one.name not in found.files()]
    if without:
        raise ValueError(f"{found.name} must have a test file for each question. Received: none for {without}")
    wanted = {name for file in found.files().values() for case in file.cases for name in case.parameters}
    # It would be looked for among the student's names, and networks that are shown nothing would earn nothing.
    if wanted & {"held_out", "networks"} and "held_out" not in found.held_out:
        raise ValueError(f"{found.name} is graded on recordings that are not there: run `make held-out` first")
    return found
