"""python -m coursekit.grading.quiz draw ROSTER.csv --out DIR --secret S"""

import argparse
import sys
from pathlib import Path

from coursekit.grading import build, published
from coursekit.grading.quiz import drawing, export, grade, keyfile, notebook, printed, roster, variants

_SETTINGS = Path("assignments/quiz1/quiz.json")


def arguments(words=None):
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.grading.quiz",
        description=(
            "A quiz with questions and numbers of their own for each student: draw it and hand it out; "
            "`python -m coursekit.grading SUBMISSIONS --quiz DIR --out GRADES` grades it."
        ),
    )
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw", help="write a notebook for each student, sheets to print, and the key")
    draw.add_argument(
        "roster",
        metavar="ROSTER",
        nargs="?",
        type=Path,
        help="CSV file with columns id, name and email, or a gradebook exported by Canvas or Moodle",
    )
    draw.add_argument("--variants", type=int, help="without a roster: so many variants to print (A, B, C …)")
    draw.add_argument("--out", required=True, type=Path, help="folder for students/ and lecturer/")
    draw.add_argument("--secret", required=True, help="8 characters or more; the same draws the same quiz")
    draw.add_argument("--settings", type=Path, default=_SETTINGS, help="default: %(default)s")
    draw.add_argument("--no-pdf", action="store_true", help="HTML only")
    _export_arguments(commands.add_parser("export", help="write questions and their variants for Canvas or Moodle"))
    practice = commands.add_parser("practice", help="write the practice notebook that all students may have")
    practice.add_argument("--out", required=True, type=Path, help="the notebook's name")
    practice.add_argument("--settings", type=Path, default=_SETTINGS, help="default: %(default)s")
    chosen = parser.parse_args(words)
    if chosen.command == "draw" and (chosen.roster is None) == (chosen.variants is None):
        parser.error("draw takes either a ROSTER or --variants")
    return chosen


def _export_arguments(command):
    command.add_argument("--to", required=True, metavar="TARGET", help=f"one of {', '.join(export.TARGETS)}")
    command.add_argument("--out", required=True, type=Path, help="folder for the file")
    command.add_argument("--secret", required=True, help="8 characters or more; the same makes the same file")
    command.add_argument("--settings", type=Path, default=_SETTINGS, help="default: %(default)s")
    command.add_argument("--variants", type=int, default=variants.FEWEST, help="of each item; default: %(default)s")
    command.add_argument("--every-item", action="store_true", help="all items of the lectures, not one quiz")


def main(words=None):
    """Run one command; return 0, or 2 after an error that was told."""
    chosen = arguments(words)
    try:
        print({"draw": _draw, "practice": _practice, "export": _export}[chosen.command](chosen))
    except (ValueError, TypeError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _draw(chosen):
    settings = drawing.settings(chosen.settings)
    grade.is_over(settings)
    people = roster.read(chosen.roster) if chosen.roster else roster.variants(chosen.variants)
    drawn = [(person, drawing.draw(settings, person.id, chosen.secret)) for person in people]
    marks = {person.id: drawing.code(chosen.secret, settings.name, person.id) for person in people}
    students, lecturer = chosen.out / "students", chosen.out / "lecturer"
    lecturer.mkdir(parents=True, exist_ok=True)
    if chosen.roster:
        students.mkdir(exist_ok=True)
        for person, questions in drawn:
            text = notebook.write(settings, person, marks[person.id], questions)
            (students / f"{settings.name}_{person.id}.ipynb").write_text(text, encoding="utf-8", newline="\n")
    keyfile.write(lecturer / keyfile.NAME, settings, drawn, marks)
    made = False
    for name, write in (("print", printed.sheets), ("key", printed.key)):
        page = lecturer / f"{name}.html"
        page.write_text(write(settings, drawn), encoding="utf-8", newline="\n")
        made = not chosen.no_pdf and printed.pdf(page, page.with_suffix(".pdf"))
    kinds = "print and key as HTML and PDF" if made else "print.html and key.html"
    notebooks = f"notebooks in {students}, " if chosen.roster else ""
    count = f"{len(drawn)} quizzes of {settings.questions} questions"
    return f"{count}: {notebooks}key.json, {kinds} in {lecturer}"


def _export(chosen):
    settings = drawing.settings(chosen.settings)
    return export.write(settings, chosen.to, chosen.out, chosen.secret, chosen.variants, chosen.every_item)


def _practice(chosen):
    settings = drawing.settings(chosen.settings)
    questions = drawing.draw(settings, "practice", "practice-for-all")
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    badge = published.read(build.ROOT).badge(f"assignments/{settings.name}/student/{settings.name}.ipynb")
    text = notebook.write(settings, roster.Person("practice", ""), "", questions, badge)
    chosen.out.write_text(text, encoding="utf-8", newline="\n")
    return f"{len(questions)} questions for practice in {chosen.out}"


if __name__ == "__main__":
    sys.exit(main())
