"""What a student calls in a notebook: check one question, or all."""

import html
import json

from coursekit import datafiles
from coursekit.assignments import forbidden, misconceptions, testfiles
from coursekit.checks.exercise import Result


class Grader:
    """Checks the answers that stand in `namespace`, a dictionary, with the public tests of an assignment.

    It reads the names anew at every check, so cells may be changed and run in any order.
    """

    def __init__(self, name, namespace):
        self.name = name
        self._namespace = namespace
        about = json.loads(datafiles.path("assignments", name, "assignment.json").read_text(encoding="utf-8"))
        self._questions = {question["name"]: question for question in about["questions"]}
        self._not_allowed = about.get("not_allowed", ())
        self._bank = misconceptions.read(datafiles.path("assignments", name, "misconceptions.json"))

    def __repr__(self):
        return f"Grader of {self.name}: check one of {', '.join(self._questions)}, or check_all()"

    def check(self, question):
        """Return a Result for the name of a question, such as "q1": passed is True, False or None.

        None means that there is no answer yet, or that a person reads it. Nothing that an answer does
        is raised, but for Ctrl-C. Raises ValueError for an unknown question.
        """
        if not isinstance(question, str) or question not in self._questions:
            raise ValueError(f"question must be one of {', '.join(self._questions)}. Received: {question!r}")
        about = self._questions[question]
        if about["manual"]:
            return Result(question, None, f"a person reads your answer ({_points(about['points'])})")
        file = datafiles.path("assignments", self.name, f"{question}.py")
        tests = testfiles.load(file.read_text(encoding="utf-8"), file.name)
        unanswered = self._unanswered(tests)
        if unanswered:
            return Result(question, None, unanswered)
        return self._run(question, tests, about["points"])

    def check_all(self):
        """Return a Report with the Result of every question."""
        return Report(self.check(question) for question in self._questions)

    def _unanswered(self, tests):
        """Return a sentence where a name is not defined, or is a stub; None where all are there."""
        for name in tests.parameters:
            if name not in self._namespace:
                return f"not answered yet: no cell has defined `{name}`"
            if self._namespace[name] is None or self._namespace[name] is Ellipsis:
                return "not answered yet"
        return None

    def _run(self, question, tests, points):
        message = None
        for case in tests.cases:
            answers = self._answers(case)
            try:
                with forbidden.watching(self._not_allowed):
                    case.function(*answers)
            except forbidden.NotAllowed as error:
                return Result(question, False, str(error))
            except NotImplementedError:
                return Result(question, None, "not answered yet")
            except Exception as error:
                message = _why(case, error)
                break
        sentences = [misconceptions.likely(name, self._namespace[name], self._bank) for name in tests.parameters]
        sentence = next(filter(None, sentences), None)
        if message is None and sentence is None:
            return Result(
                question, True, f"passes the public tests; hidden ones, with other inputs, decide its {_points(points)}"
            )
        if sentence is not None:
            message = f"{message or 'this is not it'}\nLikely: {sentence}"
        return Result(question, False, message)

    def _answers(self, case):
        values = (self._namespace[name] for name in case.parameters)
        return [_Watched(value) if callable(value) else value for value in values]


class Report(tuple):
    """The results of all questions, one line each, and how many there are of each kind."""

    def __repr__(self):
        counts = [
            (sum(result.passed is passed for result in self), words)
            for passed, words in (
                (True, "pass the public tests"),
                (False, "to be mended"),
                (None, "not answered or not checked"),
            )
        ]
        return "\n".join([*map(repr, self), "", ", ".join(f"{count} {words}" for count, words in counts)])

    def _repr_html_(self):
        *_, counts = repr(self).splitlines()
        return "".join(result._repr_html_() for result in self) + f"<p>{html.escape(counts)}</p>"


class _Watched:
    """A student's function; a forgotten return is told as such."""

    def __init__(self, function):
        self._function = function

    def __getattr__(self, name):
        return getattr(self._function, name)

    def __call__(self, *arguments, **named):
        returned = self._function(*arguments, **named)
        if returned is None:
            raise _Nothing
        return returned


class _Nothing(Exception):
    pass


def _why(case, error):
    """Return what went wrong in a test, in one short paragraph."""
    if isinstance(error, _Nothing):
        return "your function returned None: is a return missing?"
    text = str(error).strip()
    if not isinstance(error, AssertionError):
        text = f"your code raised {type(error).__name__}: {text}"
    message = "\n".join(filter(None, [case.failure_message, text])) or case.name.replace("_", " ")
    return message if len(message) < 900 else f"{message[:900]} …"


def _points(points):
    return f"{points:g} point{'' if points == 1 else 's'}"
