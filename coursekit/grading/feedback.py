"""A page of feedback for each student: what failed and why, and nothing of what is hidden."""

from html import escape

from coursekit.grading.texts import clean

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
:root {{ --ink: #1d1d1f; --soft: #5b6068; --line: #dcdfe4; --ground: #f5f6f8; --card: #fff; --right: #00664b;
  --wrong: #b00020; --open: #5a4a00; --code: #f1f2f5 }}
@media (prefers-color-scheme: dark) {{ :root {{
  --ink: #ececee; --soft: #a9adb5; --line: #3a3d44; --ground: #17181b;
  --card: #212327; --right: #5fd0a8; --wrong: #ff8d97; --open: #e6cf7a; --code: #2b2d33 }} }}
* {{ box-sizing: border-box }}
body {{ font: 1rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 0 }}
main {{ max-width: 48rem; margin: 0 auto; padding: 2rem 1rem 3rem }}
header p {{ margin: 0; color: var(--soft) }} h1 {{ font-size: 1.6rem; line-height: 1.2; margin: 0 0 1rem }}
section {{ background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.2rem;
  margin: 1rem 0 }}
h2 {{ font-size: 1.1rem; margin: 0 0 .4rem; display: flex; gap: 1rem; justify-content: space-between }}
h2 span, td.n {{ font-variant-numeric: tabular-nums; white-space: nowrap; text-align: right }}
.sum {{ font-size: 2rem; font-weight: 650; margin: 0 }}
.sum small {{ font-size: 1rem; font-weight: 400; color: var(--soft) }}
table {{ border-collapse: collapse; width: 100% }}
caption {{ text-align: left; color: var(--soft); padding-bottom: .3rem }}
th, td {{ padding: .35rem .8rem .35rem 0; text-align: left; border-top: 1px solid var(--line) }}
th a {{ color: inherit }} td.n:last-child {{ padding-right: 0 }}
progress {{ width: 7rem; height: .6rem; accent-color: var(--right); vertical-align: middle }}
ul {{ list-style: none; padding: 0; margin: 0 }} li {{ padding: .45rem 0; border-top: 1px solid var(--line) }}
li:first-child {{ border: 0 }} .mark {{ font-weight: 650 }} .worth {{ color: var(--soft) }}
.right .mark {{ color: var(--right) }} .wrong .mark {{ color: var(--wrong) }}
.open .mark {{ color: var(--open) }}
pre {{ font: .88rem/1.45 ui-monospace, monospace; background: var(--code); border-radius: .35rem;
  padding: .5rem .7rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: .35rem 0 0 }}
.warn {{ border-left: .35rem solid var(--wrong) }} footer {{ color: var(--soft); font-size: .9rem }}
</style></head><body><main>
{body}
</main></body></html>
"""
_MARKS = {"passed": ("right", "✓ passed"), "unanswered": ("open", "○ not answered yet")}


def page(assignment, one, report, manual):
    """Return the HTML page for a student, a Handed; `manual` is {(student, question): (points, comment)}."""
    body = [f"<header><p>{escape(assignment.name)} · feedback for</p><h1>{escape(one.name)}</h1></header>"]
    if not report["safe"]:
        body.append(_warning("This submission was graded without a sandbox.", ""))
    if report["problem"]:
        said = "Your submission could not be graded" if report["graded"] else "This was not graded yet"
        reason = "the lecturer's machine failed; it is no fault of yours"
        reason = report["problem"] if report["graded"] else reason
        body.append(_warning(f"{said}.", reason))
    if report["graded"] and report.get("note"):
        body.append(f"<section><p>{escape(report['note'])}.</p></section>")
    if report["graded"]:
        body += [_table(one, report, manual), *_errors(report)]
        body += [part for name in report["questions"] for part in _question(one, name, report, manual)]
        body.append(
            "<footer>A hidden test tries your answer on other inputs than the public tests do. It "
            "tells whether the answer is right in general, not what it was tried on.</footer>"
        )
    return clean(PAGE.format(title=escape(f"{assignment.name}: {one.name}"), body="\n".join(body)))


def comment(one, report, manual):
    """Return the feedback in one line of text, as a platform shows it beside the grade."""
    if report["problem"]:
        return report["problem"] if report["graded"] else ""
    parts = [
        f"{name} {_points(one, name, question, manual)}/{question['possible']:g}"
        for name, question in report["questions"].items()
    ]
    return ", ".join([*parts, *filter(None, [report.get("note")])])


def _points(one, name, question, manual):
    if question["manual"]:
        points = manual.get((one.key, name), ("",))[0]
        return "–" if points == "" else f"{points:g}"
    return f"{question['points']:g}"


def _warning(said, reason):
    reason = f"<pre>{escape(reason)}</pre>" if reason else ""
    return f'<section class="warn"><strong>{escape(said)}</strong>{reason}</section>'


def _table(one, report, manual):
    """The sum, and a line for each question with a bar of what was reached."""
    rows, given, possible, waiting = [], 0.0, 0.0, False
    for name, question in report["questions"].items():
        points = _points(one, name, question, manual)
        read = points != "–"
        waiting = waiting or not read
        given, possible = given + (float(points) if read else 0), possible + question["possible"]
        bar = (
            f'<progress max="{question["possible"]:g}" value="{points}" aria-hidden="true"></progress>'
            if read and question["possible"]
            else ""
        )
        rows.append(
            f'<tr><th scope="row"><a href="#{escape(name)}">{escape(name)}</a></th>'
            f"<td>{escape(question['title'])}</td><td>{bar}</td>"
            f'<td class="n">{points} of {question["possible"]:g}</td></tr>'
        )
    more = "; – means that a person still reads your answer" if waiting else ""
    so_far = " so far" if waiting else ""
    return (
        f'<section><p class="sum">{given:g} <small>of {possible:g} points{so_far}</small></p>'
        f"<table><caption>Points of each question{more}</caption>{''.join(rows)}</table></section>"
    )


def _errors(report):
    """Cells that did not run to their end, numbered as in the notebook, the first being 1."""
    if report["errors"]:
        said = "".join(
            f"<pre>cell {int(cell) + 1} of the notebook: {escape(kind)} {escape(message)}</pre>"
            for cell, kind, message in report["errors"][:10]
        )
        yield f'<section class="warn"><h2>Cells that stopped with an error</h2>{said}</section>'


def _question(one, name, report, manual):
    question = report["questions"][name]
    score = f"<span>{_points(one, name, question, manual)} of {question['possible']:g}</span>"
    yield f'<section id="{escape(name)}"><h2>{escape(name)} · {escape(question["title"])}{score}</h2>'
    if question["manual"]:
        said = manual.get((one.key, name), ("", ""))[1]
        yield f"<p>{escape(said) or 'A person reads your answer.'}</p></section>"
        return
    numbers, lines = {True: 0, False: 0}, []
    for case in question["cases"]:
        numbers[case["hidden"]] += 1
        lines.append(_case(case, f"{'Hidden test' if case['hidden'] else 'Test'} {numbers[case['hidden']]}"))
    likely = question.get("likely")  # the sentence that the notebook's own check says
    likely = f"<p>Likely: {escape(likely)}.</p>" if likely else ""
    yield f"<ul>{''.join(lines) or '<li>nothing was tested</li>'}</ul>{likely}</section>"


def _case(case, title):
    kind, mark = _MARKS.get("passed" if case["passed"] else case["kind"], ("wrong", "✗ failed"))
    worth = f' <span class="worth">({case["points"]:g} of {case["possible"]:g} points)</span>'
    worth = worth if case["possible"] else ""
    said = f"<pre>{escape(case['message'])}</pre>" if case["message"] and case["kind"] != "unanswered" else ""
    return f'<li class="{kind}"><span class="mark">{mark}</span> {title}{worth}{said}</li>'
