"""What a class found hard: how many were right, which question tells strong from weak, what went wrong how often.

Names, numbers and texts of students do not occur in it. Mistakes are counted by sentences of the lecturer's alone:
those of hidden tests, of the banks of likely mistakes, and a few words for answers not given or that did not run.
"""

import statistics
from collections import Counter
from html import escape
from typing import NamedTuple

from coursekit.grading.grader import HIDDEN
from coursekit.grading.texts import clean

FEWEST = 10  # students with points, below which a correlation says nothing
MISTAKES = 3  # that are told of a question
TRIES = (
    "How often a question was tried is not known: what is handed in holds the last answer alone, and checks in a "
    "notebook are counted nowhere."
)
COLUMNS = ("question", "title", "students", "share", "right", "discrimination", "mistakes")
_KINDS = {
    "unanswered": "not answered",
    "undefined": "the notebook does not define it",
    "raised": "the code raised an error",
    "changed": "an argument was changed in place",
    "late": "took longer than allowed",
    "died": "ended its process",
}


class Answer(NamedTuple):
    """What one student reached in one question: a share from 0 to 1, or None while nobody has read it."""

    student: str
    question: str
    title: str
    share: float | None
    mistakes: tuple = ()


class Item(NamedTuple):
    """One question of a class: mean share of its points, share of students with all of them, and so on.

    `discrimination` is the correlation of a question with the sum of the others, from -1 to 1: near 0, or below, the
    question does not measure what the others do. It is None for few students, or where all reached the same.
    `mistakes` are pairs (sentence, students), the most frequent first.
    """

    question: str
    title: str
    students: int
    share: float
    right: float
    discrimination: float | None
    mistakes: tuple


def of_homework(handed, reports, manual):
    """Yield the Answers to a homework; `manual` is that of `reports.read_manual`.

    A submission that could not be graded or read has none: it says nothing of how hard a question is.
    """
    for one in handed:
        report = reports[one.key]
        for name, question in report["questions"].items() if report["graded"] and not report["problem"] else ():
            points = manual.get((one.key, name), (None,))[0] if question["manual"] else question["points"]
            share = None if points is None or not question["possible"] else float(points) / question["possible"]
            wrong = [_sentence(case) for case in question["cases"] if not case["passed"]]
            if question.get("likely"):  # says more than that a hidden test failed
                wrong = [question["likely"], *(sentence for sentence in wrong if sentence != HIDDEN)]
            yield Answer(one.key, name, question["title"], share, tuple(dict.fromkeys(filter(None, wrong))))


def _sentence(case):
    """Return what a failed test says that does not come from the student, or None."""
    if case["hidden"] or case["kind"] != "wrong":
        return _KINDS.get(case["kind"], case["message"])
    return None


def of_quiz(handed, reports):
    """Yield the Answers to a quiz, in which each student got other questions: the bank's item tells them apart."""
    for one in handed:
        for question, _, given, _, right in reports[one.key]["quiz"]:
            thought = "not answered" if given is None else question.diagnosis(given) or "another answer"
            yield Answer(
                one.key, question.item, f"lecture {question.lecture}", float(right), () if right else (thought,)
            )


def items(answers):
    """Return [Item] of the Answers of a class, in the order in which the questions came.

    >>> found = items([Answer("a", "q1", "Sum", 1.0), Answer("b", "q1", "Sum", 0.5, ("the sign was lost",))])
    >>> found[0].share, found[0].right, found[0].discrimination, found[0].mistakes
    (0.75, 0.5, None, (('the sign was lost', 1),))
    """
    by_question, totals = {}, Counter()
    for one in answers:
        by_question.setdefault((one.question, one.title), []).append(one)
        totals[one.student] += one.share or 0
    return [
        _item(question, title, [one for one in found if one.share is not None], found, totals)
        for (question, title), found in by_question.items()
    ]


def _item(question, title, read, every, totals):
    shares = [one.share for one in read]
    return Item(
        question,
        title,
        len(read),
        statistics.fmean(shares) if shares else 0.0,
        statistics.fmean(share >= 1 - 1e-9 for share in shares) if shares else 0.0,
        _correlation(shares, [totals[one.student] - one.share for one in read]),
        tuple(Counter(sentence for one in every for sentence in one.mistakes).most_common()),
    )


def _correlation(shares, others):
    """Return Pearson's correlation, or None for few students and where one of the two does not vary."""
    if len(shares) < FEWEST or max(shares) - min(shares) < 1e-9 or max(others) - min(others) < 1e-9:
        return None
    return statistics.correlation(shares, others)


def sentences(found):
    """Return up to three sentences for the next lecture, drawn from the Items of a class.

    >>> for text in sentences(items([Answer("a", "q1", "Sum", 0.0, ("the sign was lost",))])):
    ...     print(text)
    Hardest was q1 (Sum): 0% of the points were reached.
    The most frequent mistake, 1 student: the sign was lost (q1).
    """
    read = [item for item in found if item.students]
    told = []
    if read:
        hardest = min(read, key=lambda item: item.share)
        told.append(
            f"Hardest was {hardest.question} ({hardest.title}): {hardest.share:.0%} of the points were reached."
        )
    made = [
        (count, item.question, text)
        for item in found
        for text, count in item.mistakes
        if text not in (*_KINDS.values(), HIDDEN)  # which say that there is a mistake, not which one
    ]
    if made:
        count, question, text = max(made, key=lambda one: one[0])
        told.append(f"The most frequent mistake, {count} student{'s' * (count > 1)}: {text.rstrip('.')} ({question}).")
    weak = [item for item in read if item.discrimination is not None and item.discrimination < 0.1]
    if weak:
        names = ", ".join(item.question for item in weak)
        told.append(f"Look at {names}: who did well elsewhere did no better here.")
    return told


def rows(found):
    """Yield the Items of a class as rows of a table, {column: value}."""
    for item in found:
        mistakes = "; ".join(f"{count} × {text}" for text, count in item.mistakes[:MISTAKES])
        correlation = "" if item.discrimination is None else round(item.discrimination, 2)
        reached = (round(item.share, 3), round(item.right, 3)) if item.students else ("", "")  # nobody has read it yet
        values = (item.question, item.title, item.students, *reached, correlation, mistakes)
        yield dict(zip(COLUMNS, values))


def page(name, found, template):
    """Return the Items of a class as an HTML page; `template` is that of feedback, with places for title and body."""
    told = "".join(f"<li>{escape(text)}</li>" for text in sentences(found))
    head = "".join(
        f'<th scope="col">{text}</th>' for text in ("Question", "Reached", "All points", "Discrimination", "Mistakes")
    )
    body = (
        f"<header><p>{escape(name)} · what the class found hard</p><h1>For the next lecture</h1></header>"
        f"<section><ul>{told}</ul></section><section><table><thead><tr>{head}</tr></thead><tbody>"
        f"{''.join(map(_row, found))}</tbody></table></section>"
        "<footer>Reached: mean share of the points. Discrimination: correlation of the question with the sum of the "
        f"others, from {FEWEST} students on; near 0 it measures something else. {TRIES} No student is named here."
        "</footer>"
    )
    return clean(template.format(title=escape(f"{name}: the class"), body=body))


def _row(item):
    mistakes = "<br>".join(f"{count} × {escape(text)}" for text, count in item.mistakes[:MISTAKES])
    correlation = "–" if item.discrimination is None else f"{item.discrimination:.2f}"
    reached = (f"{item.share:.0%}", f"{item.right:.0%}") if item.students else ("–", "–")
    numbers = "".join(f'<td class="n">{text}</td>' for text in (*reached, correlation))
    return f'<tr><th scope="row">{escape(item.question)}<br>{escape(item.title)}</th>{numbers}<td>{mistakes}</td></tr>'
