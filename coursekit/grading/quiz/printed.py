"""Quizzes on A4 paper, and the key to them, as HTML and, where there is a Chromium, as PDF."""

import re
import subprocess
import tempfile
from html import escape
from pathlib import Path

from coursekit.doctor import tools
from coursekit.grading.quiz.items import LETTERS
from coursekit.grading.texts import clean

_STYLE = """
@page { size: A4; margin: 14mm 17mm 13mm }
* { box-sizing: border-box }
body { font: 10.2pt/1.36 "Source Sans 3", "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  color: #1a1a1a; margin: 0 }
.sheet { break-after: page } .sheet:last-child { break-after: auto }
header { border-bottom: 1.5pt solid #1f4e79; padding-bottom: 2.5mm; margin-bottom: 4mm }
h1 { font-size: 16pt; margin: 0; color: #1f4e79; line-height: 1.2 }
header p { margin: .8mm 0 0; color: #444 }
.who { display: flex; gap: 3mm; align-items: baseline }
h1 { flex: 1; white-space: nowrap }
.who span { width: 48mm; border-bottom: .6pt solid #666 }
.who .short { width: 20mm }
ol { list-style: none; margin: 0; padding: 0 }
li.q { break-inside: avoid; display: grid; grid-template-columns: 9mm 1fr; padding: 2.1mm 0 2.3mm;
  border-bottom: .4pt solid #d5d5d5 }
li.q:last-child { border-bottom: 0 }
.n { font-weight: 700; color: #1f4e79; font-size: 12pt; line-height: 1.2 }
p { margin: 0 0 1.2mm }
code, pre { font-family: "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: 8.6pt }
pre { display: inline-block; vertical-align: middle; margin: .6mm 4mm 1.2mm 0; padding: .7mm 2.6mm;
  background: #f3f5f8; border-left: 1.2pt solid #1f4e79; line-height: 1.3 }
.options { display: grid; grid-template-columns: 1fr 1fr; gap: .9mm 6mm; margin-top: .6mm }
.options.long { grid-template-columns: 1fr }
.options.short { grid-template-columns: repeat(4, 1fr) }
.options div { display: flex; gap: 2mm; align-items: baseline }
.box { flex: 0 0 3.6mm; height: 3.6mm; border: .7pt solid #333; border-radius: .6mm; align-self: center }
.flow > p { display: inline } .flow > pre { margin: .8mm 2mm } .flow > .options { margin-top: 1.6mm }
.flow { display: flow-root } .answer { float: right; color: #444; padding-left: 6mm }
.answer span { display: inline-block; width: 38mm; border-bottom: .7pt solid #333; margin-left: 2mm }
.key li.q { padding: 1.6mm 0 1.8mm }
.key .right { color: #00664b }
.key small { color: #555; font-size: 8.8pt }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 9.2pt }
th, td { border: .4pt solid #c9c9c9; padding: .8mm 1.6mm; text-align: right }
th:first-child, td:first-child { text-align: left }
thead th { background: #e8eef5; color: #1f4e79 }
tr { break-inside: avoid }
thead { display: table-header-group }
@media screen {
  body { background: #e9e9e9 }
  .sheet { background: #fff; width: 210mm; margin: 6mm auto;
    padding: 16mm 17mm; box-shadow: 0 1mm 3mm #0003 }
}
"""


def sheets(settings, drawn):
    """Return the HTML of all quizzes, each on a new page; `drawn` are pairs (Person, Questions)."""
    return _page(settings.title, "".join(_sheet(settings, person, questions) for person, questions in drawn))


def key(settings, drawn):
    """Return the HTML of the key: a table of all answers, then each student's with explanations."""
    names = "".join(f"<th>{number}</th>" for number in range(1, settings.questions + 1))
    rows = "".join(
        f"<tr><td>{_who(person)}</td>{''.join(f'<td>{one.shown}</td>' for one in questions)}</tr>"
        for person, questions in drawn
    )
    table = (
        f'<section class="sheet key"><header><h1>Key: {escape(settings.title)}</h1>'
        f"<p>For the lecturer only. {settings.questions} questions, {settings.points:g} points each.</p>"
        "</header>"
        f"<table><thead><tr><th>student</th>{names}</tr></thead><tbody>{rows}</tbody></table></section>"
    )
    return _page(f"Key: {settings.title}", table + "".join(_solved(settings, *pair) for pair in drawn))


def pdf(page, target):
    """Print an HTML file to a PDF; return whether there was a Chromium that did."""
    browser = tools.chromium_path()
    if browser is None:
        return False
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={profile}",
            f"--print-to-pdf={Path(target).resolve()}",
            Path(page).resolve().as_uri(),
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=300)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == 0 and Path(target).exists()


def html(text):
    """Return a text of the bank as HTML.

    >>> html("Is **x** < `y`?")
    '<p>Is <strong>x</strong> &lt; <code>y</code>?</p>'
    """
    parts = []
    for place, part in enumerate(text.split("```")):
        if place % 2:
            parts.append(f"<pre>{escape(part.strip(chr(10)), quote=False)}</pre>")
        elif part.strip():
            part = together(re.sub('"([^"]*)"', r"“\1”", escape(part.strip(), quote=False)))
            part = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", part)
            parts.append("<p>" + re.sub("`(.+?)`", r"<code>\1</code>", part) + "</p>")
    return "".join(parts)


def together(text):
    """Return the text with spaces that no line breaks at within sizes and rows of numbers.

    >>> together("[1, 2] or 3 × 4").count("\\u00a0")
    3
    """
    return re.sub(r"(?<=[\d,]) (?=[\d−])|(?<=\d) (?=× \d)|(?<=\d ×) (?=\d)", "\u00a0", text)


def _page(title, body):
    return clean(
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def _who(person):
    return escape(" · ".join(filter(None, (person.name, person.id))))


def _header(settings, person):
    known = person.name or len(person.id) > 1
    who = (
        f"<b>{_who(person)}</b>"
        if known
        else (f'Name<span>&nbsp;</span>Number<span class="short">&nbsp;</span><b>{escape(person.id)}</b>')
    )
    return (
        f'<header><div class="who"><h1>{escape(settings.title)}</h1>{who}</div>'
        f"<p>{settings.minutes} minutes · {settings.questions} questions, "
        f"{settings.points:g} points each · rows, columns and outputs are counted from 0; stride 1, no "
        "padding and no flip where nothing else is said</p></header>"
    )


def _sheet(settings, person, questions):
    asked = "".join(
        f'<li class="q"><div class="n">{number}</div><div class="flow">{html(one.text)}{_options(one)}</div></li>'
        for number, one in enumerate(questions, 1)
    )
    return f'<section class="sheet">{_header(settings, person)}<ol>{asked}</ol></section>\n'


def _options(question):
    if not question.options:
        return '<div class="answer">=<span>&nbsp;</span></div>'
    longest = max(map(len, question.options))
    kind = " long" if longest > 42 else " short" if longest < 16 else ""
    return (
        f'<div class="options{kind}">'
        + "".join(
            f'<div><span class="box"></span><span>{letter})&ensp;{escape(together(option))}</span></div>'
            for letter, option in zip(LETTERS, question.options)
        )
        + "</div>"
    )


def _solved(settings, person, questions):
    solved = "".join(
        f'<li class="q"><div class="n">{number}</div><div><p class="right">'
        f"<strong>{escape(one.shown)}</strong> <small>{escape(one.item)}</small></p>"
        f"{html(one.explanation)}</div></li>"
        for number, one in enumerate(questions, 1)
    )
    return (
        f'<section class="sheet key"><header><h1>Key: {_who(person)}</h1>'
        f"<p>{escape(settings.title)}</p></header><ol>{solved}</ol></section>\n"
    )
