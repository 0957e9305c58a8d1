"""Grades one submission: its cells run in a sandbox, the tests here; what they found is plain data."""

import threading
import time
import traceback
import warnings
from collections import Counter

import numpy as np

from coursekit.assignments import misconceptions
from coursekit.grading import cells as timing
from coursekit.grading import heldout, notebooks, recordings
from coursekit.grading.networks import Networks
from coursekit.grading.proxy import ChangedArgument, Missing, RemoteError, WorkerDied
from coursekit.grading.sandbox import NoSandbox, Sandbox, SandboxError
from coursekit.grading.session import GRACE, Session
from coursekit.grading.wire import MOST_DATA, MOST_TEXT

HIDDEN = "A hidden test with other inputs failed."  # all that a student reads of one: nothing that varies, no bit
MOST_ERRORS, MOST_WRITTEN = 100, 300_000  # cells, characters of an answer: a report stays small, whatever was handed in
_HARM = ("died", "late")
MOST_DEATHS = 2  # of a process that a question may cause, or calls that are too late: then it is over


def unread(assignment, problem, safe=True):
    """Return the report on what cannot be graded, for a reason in words: no points."""
    report = {
        "questions": _blank(assignment),
        "written": {},
        "errors": [],
        "recorded": {},
        "problem": problem,
        "graded": True,
        "safe": safe,
        "points": 0,
        "seconds": 0,
    }
    return {**report, "possible": sum(one["possible"] for one in report["questions"].values() if not one["manual"])}


def grade(assignment, notebook, files=None, safe=True, place=None):
    """Return the report on a submitted notebook (bytes) as a dictionary that JSON can hold.

    `files` are {name: bytes} that were handed in with it; `place` is a folder in which the recordings of the batch are
    kept. The report's keys: "questions" {name: {"points", "possible", "manual", "cases"}}, "points" and "possible" of
    all questions that are graded here, "written" answers, "errors" [[cell, type, message], …], "recorded" numbers,
    "problem" (None, or why nothing could be run), "graded" (False: this machine failed, not the student) and "safe".
    Nothing that a submission does raises.
    """
    begun = time.monotonic()
    report = unread(assignment, None, safe)
    try:
        cells = notebooks.read(notebook)
        report["written"] = {
            name: _shortened(text) for name, text in notebooks.written(cells, assignment.questions).items()
        }
        _fit(cells, files or {})
        frames = recordings.folder(assignment, place) if safe else None
        hidden = assignment.hidden_packages
        sandbox = Sandbox(hidden, frames, assignment.imports) if safe else NoSandbox(hidden)
        session = Session(sandbox, notebooks.code(cells), assignment.limits, files, assignment.not_allowed)
        with recordings.known(frames), session:
            _run(assignment, session, report)
            report["errors"] = session.errors[:MOST_ERRORS]
    except notebooks.NotANotebook as error:
        report["problem"] = str(error)
    except SandboxError as error:
        report.update(problem=f"this machine failed: {error}", graded=False)
    except Exception:  # a fault of ours, or of a test: one submission must not stop the others
        report.update(problem="the grader failed: its log says why", graded=False)
        report["log"] = traceback.format_exc(limit=-3)[-2000:]
    automatic = [one for one in report["questions"].values() if not one["manual"]]
    report["points"] = sum(one["points"] for one in automatic)
    report["seconds"] = round(time.monotonic() - begun, 2)
    return report


def _shortened(text):
    if len(text) <= MOST_WRITTEN:
        return text
    return f"{text[:MOST_WRITTEN]}\n\n[cut here: the answer has {len(text):,} characters; read it in the notebook]"


def _fit(cells, files):
    """Raise NotANotebook for code or files larger than any that a worker is sent."""
    if sum(len(cell["source"]) for cell in cells if cell["kind"] == "code") > MOST_TEXT // 8:
        raise notebooks.NotANotebook(f"the notebook has more than {MOST_TEXT >> 23} MB of code")
    if sum(map(len, files.values())) > MOST_DATA // 2:
        raise notebooks.NotANotebook(f"the files beside the notebook have more than {MOST_DATA >> 21} MB")


def _blank(assignment):
    return {
        one.name: {"title": one.title, "points": 0, "possible": one.points, "manual": one.manual, "cases": []}
        for one in assignment.questions
    }


def _run(assignment, session, report):
    """Run all public tests, then all hidden ones: what code saw of the latter, no message can tell."""
    files = assignment.files()
    worth = {name: _worth(file) for name, file in files.items()}
    found, fatal, blank = {}, Counter(), set()
    arrays = assignment.arrays()
    with Networks(session, arrays.get(heldout.NAME)) as networks:
        given = {**arrays, "record": _recorder(report["recorded"]), "networks": networks}
        for hidden in (False, True):
            for name, file in files.items():
                for number, case in enumerate(file.cases):
                    if case.hidden == hidden:
                        outcome = _over(case) if fatal[name] >= MOST_DEATHS else _try(case, session, given)
                        fatal[name] += outcome["log"].startswith(_HARM)
                        if hidden and not outcome["passed"] and name in blank:
                            outcome.update(kind="unanswered", message="not answered yet")
                        blank |= {name} if outcome["kind"] == "unanswered" else set()
                        found[name, number] = outcome
    for name, file in files.items():
        question = report["questions"][name]
        for number, case in enumerate(file.cases):
            outcome = {**found[name, number], "name": case.name, "hidden": case.hidden, "possible": worth[name][number]}
            outcome["points"] = outcome["possible"] if outcome["passed"] else 0
            question["cases"].append(outcome)
        question["likely"] = _likely(assignment, session, file, question["cases"])
        points = round(sum(case["points"] for case in question["cases"]), 6)
        question["points"] = int(points) if points == int(points) else points


def _likely(assignment, session, file, cases):
    """Return the bank's sentence for the mistake that wrong answers to a question show, or None."""
    if not any(case["kind"] == "wrong" for case in cases) or any(case["log"].startswith(_HARM) for case in cases):
        return None
    bank = misconceptions.parsed(assignment.mistakes)
    for name in file.parameters:
        try:
            with _time_limit(session), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                sentence = misconceptions.likely(name, session.get(name), bank) if name in bank else None
        except (Exception, timing.TimeLimit):  # whatever it is: no mistake that is known
            continue
        if sentence in {known for known, _ in bank.get(name, ((), ()))[1]}:
            return sentence
    return None


def _worth(file):
    """Return the points of each case; those without points of their own share what is left of the question's.

    A file may give more points to its cases than to the question: then all are made smaller alike.
    """
    given = sum(case.points or 0 for case in file.cases if case.points is not None)
    open_ = sum(case.points is None for case in file.cases)
    share = max(file.points - given, 0) / open_ if open_ else 0
    points = [share if case.points is None else case.points for case in file.cases]
    scale = file.points / sum(points) if sum(points) else 0
    return [point * scale if abs(scale - 1) > 1e-9 else point for point in points]


def _try(case, session, given):
    """Run one test and return {"passed", "message", "kind"}; the message is for the student."""
    try:
        with _time_limit(session), warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            values = {name: given[name] if name in given else session.get(name) for name in case.parameters}
            missing = [name for name, value in values.items() if value is Missing]
            if missing:
                return _failed("undefined", f"the notebook does not define `{missing[0]}`", "")
            case.function(**values)
    except SandboxError:
        raise
    except (Exception, timing.TimeLimit) as error:
        if any(value is None or value is Ellipsis for value in locals().get("values", {}).values()):
            return _failed("unanswered", "not answered yet", "")
        return _explain(case, error)
    return {"passed": True, "kind": "passed", "message": case.success_message or "", "log": ""}


def _explain(case, error):
    """Say why a test failed: to the lecturer in the log; to students, of a hidden test, one fixed sentence."""
    kind, message = _cause(error)
    log = f"{kind}: {message}: {type(error).__name__}: {str(error)[:2000]}"
    if case.hidden:
        return _failed("wrong", case.failure_message or HIDDEN, log)
    if case.failure_message and kind in ("wrong", "raised"):
        return _failed(kind, case.failure_message, log)
    if kind in ("wrong", "raised") and str(error):
        message = f"{message}: {str(error)[:600]}" if kind == "raised" else str(error)[:600]
    return _failed(kind, message, log)


def _over(case):
    """Return the outcome of a test that is not run, because its question has done enough harm."""
    message = "stopped: this question ended its process, or took too long, twice before"
    return _failed("wrong", (case.failure_message or HIDDEN) if case.hidden else message, message)


def _cause(error):
    if isinstance(error, ChangedArgument):
        return "changed", "your function changed its argument in place: work on a copy"
    if isinstance(error, WorkerDied):
        return "died", f"stopped: {error}"
    if isinstance(error, timing.TimeLimit) or getattr(error, "kind", "") == "TimeLimit":
        return "late", "took longer than allowed"
    if isinstance(error, RemoteError) and isinstance(error, NotImplementedError):
        return "unanswered", "not answered yet"
    if isinstance(error, RemoteError):
        return "raised", f"your code raised {error.kind}"
    return "wrong", "not right"


def _failed(kind, message, log):
    return {"passed": False, "kind": kind, "message": message, "log": log}


def _recorder(recorded):
    def record(name, value):
        """Note a number that a test has measured, such as an accuracy."""
        recorded[str(name)] = float(value)

    return record


def _time_limit(session):
    """Bound what a test does with a student's values, where signals reach (in a main thread)."""
    left = max(session.deadline - time.monotonic(), 1) + 2 * GRACE
    if threading.current_thread() is threading.main_thread():
        return timing.time_limit(left)
    return warnings.catch_warnings()  # a context that does nothing here
