"""python -m coursekit.grading SUBMISSIONS --assignment hw1 --out grades/"""

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from coursekit.grading import assignment as assignments
from coursekit.grading import batch, feedback, platforms, reports, sandbox, submissions
from coursekit.grading.quiz import grade as quiz


def arguments(words=None):
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.grading",
        description=(
            "Grade the notebooks of a class in a sandbox. Run it again at any time: what has not changed is not "
            "graded anew, and what you entered in manual.csv is counted."
        ),
    )
    add = parser.add_argument
    add("submissions", metavar="SUBMISSIONS", help="folder or zip file from Canvas, Moodle or Gradescope")
    add("--assignment", required=True, help="its name, or the beginning: hw1")
    add("--out", required=True, type=Path, help="folder for grades.csv, feedback/ and all else")
    add("--assignments", type=Path, default=Path("assignments"), help="folder that make assignments wrote")
    add("--manual", type=Path, help="sheet with points for written answers (default: manual.csv in OUT)")
    add("--roster", type=Path, help="gradebook exported by Canvas, for names and numbers of students")
    add("--column", help="title of the assignment in Canvas, such as 'HW 1 (4711)' (default: its name)")
    add("--jobs", type=int, default=batch.jobs(), help="submissions graded at a time (default: %(default)s)")
    add("--scheduler", metavar="ADDRESS", help="grade on a dask cluster, such as tcp://10.0.0.1:8786")
    add("--quiz", type=Path, help="for a quiz: the folder that `python -m coursekit.grading.quiz draw` wrote")
    add("--closed", action="store_true", help="for a quiz: feedback tells answers and explanations")
    add(
        "--unsafe-no-sandbox",
        action="store_true",
        help="run student code with all your rights where there is no bubblewrap",
    )
    chosen = parser.parse_args(words)
    if chosen.jobs < 1:
        parser.error(f"--jobs must be at least 1. Received: {chosen.jobs}")
    return chosen


def main(words=None):
    """Grade a class; return 0, or 1 where something could not be graded."""
    chosen = arguments(words)
    try:
        if chosen.quiz:  # answers are read as text: nothing runs
            rows = quiz.grade(chosen.submissions, chosen.quiz, chosen.out, chosen.closed, chosen.roster, chosen.column)
            print(f"{len(rows)} quizzes graded; see {chosen.out / 'grades.csv'}")
            return 0
        if not chosen.unsafe_no_sandbox and not chosen.scheduler:
            sandbox.require()
        assignment = assignments.load(chosen.assignment, chosen.assignments)
        handed = submissions.collect(chosen.submissions)
        if not handed:
            raise ValueError(f"SUBMISSIONS must hold at least one submission. Received: {chosen.submissions}, empty")
        manual = _manual(chosen, {(one.key, asked.name) for one in handed for asked in assignment.questions})
        known = platforms.roster(chosen.roster) if chosen.roster else {}
        found = _graded(chosen, assignment, handed)
        rows = write(chosen, assignment, handed, found, manual, known)
    except (sandbox.SandboxError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    failed = [one.key for one in handed if not found[one.key]["graded"]]
    if chosen.unsafe_no_sandbox:
        print("WARNING: graded without a sandbox; submissions could do all that you can, also to the grades.")
    print(f"{len(rows)} submissions of {assignment.name}, {len(failed)} not graded; see {chosen.out / 'grades.csv'}")
    for name in failed:
        print(f"not graded: {name}: {found[name]['problem']}", file=sys.stderr)
    return 1 if failed else 0


def _manual(chosen, known):
    """Return the points that a person entered; raises ValueError for those of nobody in this class."""
    found = {}
    for sheet in (chosen.out / "manual.csv", chosen.manual):
        if sheet and (sheet.exists() or sheet == chosen.manual):
            found.update(reports.read_manual(sheet))
            nobody = sorted(set(found) - known)
            if nobody:
                raise ValueError(
                    f"{sheet} must have points for students and questions of these submissions "
                    f"alone; take the others out. Received: {nobody[:5]}"
                )
    return found


def _graded(chosen, assignment, handed):
    """Grade all, with a progress bar where a person looks."""
    safe, bar = not chosen.unsafe_no_sandbox, tqdm(total=len(handed), unit="submission", disable=None)
    if chosen.scheduler:
        from coursekit.grading import cluster

        pool, in_flight = cluster.pool(chosen.scheduler)
    else:
        pool, in_flight = (lambda: batch.local(chosen.jobs)), 2 * chosen.jobs

    def done(key):
        bar.set_postfix_str(key, refresh=False)
        bar.update()

    with bar:
        return batch.run(assignment, handed, chosen.out / "reports", pool, safe, done, in_flight)


def write(chosen, assignment, handed, found, manual, known):
    """Write every table and page to the folder `chosen.out`; return the rows of the table of grades."""
    out, pages = chosen.out, chosen.out / "feedback"
    pages.mkdir(parents=True, exist_ok=True)
    rows = reports.grades(assignment, handed, found, manual)
    names = [one.name for one in assignment.questions]
    reports.write(out / "grades.csv", rows, [*reports.COMMON, *names, "total", "possible", "to_read", "note"])
    if any(one.manual for one in assignment.questions):
        reports.write(out / "manual.csv", reports.manual_rows(handed, found, manual), reports.MANUAL)
    columns, lines = platforms.canvas(rows, chosen.column or assignment.name, known)
    reports.write(out / "canvas.csv", lines, columns)
    comments = {one.key: feedback.comment(one, found[one.key], manual) for one in handed}
    columns, lines = platforms.moodle(rows, comments)
    reports.write(out / "moodle.csv", lines, columns)
    if assignment.leaderboard:
        board = reports.leaderboard(assignment, handed, found)
        reports.write(out / "leaderboard.csv", board, ["rank", "name", assignment.leaderboard["record"]])
    for one in handed:
        text = feedback.page(assignment, one, found[one.key], manual)
        (pages / f"{one.key}.html").write_text(text, encoding="utf-8")
    return rows


if __name__ == "__main__":
    sys.exit(main())
