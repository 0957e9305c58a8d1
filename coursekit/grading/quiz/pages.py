"""The page of feedback on a quiz: before closing only that it was handed in, afterwards every explanation."""

from html import escape

from coursekit.grading.quiz.items import LETTERS
from coursekit.grading.quiz.printed import html
from coursekit.grading.texts import clean

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  color: #1d1d1f }}
h2 {{ font-size: 1.05rem; margin: 0 }}
section {{ border-left: .3rem solid #b00020; padding: .1rem 0 .1rem .8rem; margin: 1.2rem 0 }}
section.right {{ border-color: #00664b }}
.mark {{ font-weight: 600; color: #b00020 }}
.right .mark {{ color: #00664b }}
pre {{ background: #f4f4f4; padding: .4rem .6rem; overflow-x: auto }}
.warn {{ border-left: .3rem solid #b00020; padding-left: .6rem }}
ol {{ list-style: none; padding: 0 }}
.why {{ background: #f4f7fb; padding: .4rem .7rem }}
p {{ margin: .3rem 0 }}
</style></head><body>
{body}
</body></html>
"""


def page(assignment, one, report, closed):
    """Return the HTML page for a student; `report` is that of `grade.report`."""
    body = [f"<h1>{escape(assignment.name)}: {escape(one.name)}</h1>"]
    if report["taken"]:
        body.append(f"<p>{escape(report['taken'])}.</p>")
    if report["problem"]:
        body.append(f'<p class="warn">Your quiz could not be graded: {escape(report["problem"])}.</p>')
    elif not closed:
        body.append("<p>Your quiz was handed in. Answers and explanations follow when it is closed.</p>")
        body += [
            f'<p class="warn">q{number}: {escape(problem)}.</p>'
            for number, (_, _, _, problem, _) in enumerate(report["quiz"], 1)
            if problem
        ]
    else:
        points = sum(question["points"] for question in report["questions"].values())
        body.append(f"<p>{points:g} of {assignment.possible:g} points.</p>")
        body += [_question(number, *found) for number, found in enumerate(report["quiz"], 1)]
    return clean(_PAGE.format(title=escape(f"{assignment.name}: {one.name}"), body="\n".join(body)))


def _question(number, question, text, given, problem, right):
    options = "".join(f"<li>{letter}) {escape(option)}</li>" for letter, option in zip(LETTERS, question.options))
    options = f"<ol>{options}</ol>" if options else ""
    if right:
        said = "right"
    elif given is None:
        said = f"not counted: {problem}" if problem else "not answered"
    else:
        said = "wrong"
    thought = question.diagnosis(given) if given is not None and not right else None
    thought = f" ({escape(thought)})" if thought else ""
    answer = f"Your answer: {escape(text[:200])}{thought}. " if problem or given is not None else ""
    kind, sign = ("right", "✓") if right else ("wrong", "✗")
    return (
        f'<section class="{kind}"><h2>Question {number}</h2>{html(question.text)}{options}'
        f'<p><span class="mark">{sign} {escape(said)}.</span> {answer}'
        f"The answer is <strong>{escape(question.shown)}</strong>.</p>"
        f'<div class="why">{html(question.explanation)}</div></section>'
    )
