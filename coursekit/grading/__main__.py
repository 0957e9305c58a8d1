"""python -m coursekit.grading SUBMISSIONS --assignment hw1 --out grades/"""

import argparse
import contextlib
import sys
from pathlib import Path

from tqdm import tqdm

from coursekit.grading import (
    analysis,
    batch,
    feedback,
    opener,
    outputs,
    people,
    platforms,
    reports,
    sandbox,
    stopping,
    submissions,
)
from coursekit.grading import assignment as assignments
from coursekit.grading.quiz import grade as quiz
from coursekit.grading.quiz import keyfile, pages
from coursekit.grading.texts import line


def arguments(words=None):
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.grading",
        description=(
            "Grade the notebooks of a class, those of homework in a sandbox. Run it again at any time: what has not "
            "changed is not graded anew, and what you entered in manual.csv is counted."
        ),
    )
    add = parser.add_argument
    add("submissions", metavar="SUBMISSIONS", help="folder or zip file from Canvas, Moodle or Gradescope")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--assignment", help="its name, or the beginning: hw1")
    what.add_argument("--quiz", type=Path, help="the folder that `python -m coursekit.grading.quiz draw` wrote")
    add("--out", required=True, type=Path, help="folder for grades.csv, feedback/ and all else")
    add("--platform", choices=people.PLATFORMS, help="where the names of files are from (default: they tell)")
    add("--roster", type=Path, help="gradebook exported by Canvas, for names and numbers of students")
    add("--column", help="title of the assignment in Canvas, such as 'HW 1 (4711)' (default: its name)")
    homework = parser.add_argument_group("for homework alone")
    add = homework.add_argument
    add("--assignments", type=Path, default=Path("assignments"), help="folder that make assignments wrote")
    add("--manual", type=Path, help="sheet with points for written answers (default: manual.csv in OUT)")
    add("--jobs", type=int, default=batch.jobs(), help="submissions graded at a time (default: %(default)s)")
    add("--scheduler", metavar="ADDRESS", help="grade on a dask cluster, such as tcp://10.0.0.1:8786")
    add(
        "--unsafe-no-sandbox",
        action="store_true",
        help="run student code with all your rights where there is no bubblewrap",
    )
    parser.add_argument_group("for a quiz alone").add_argument(
        "--closed", action="store_true", help="feedback tells answers and explanations"
    )
    chosen = parser.parse_args(words)
    if chosen.jobs < 1:
        parser.error(f"--jobs must be at least 1. Received: {chosen.jobs}")
    if chosen.closed and not chosen.quiz:
        parser.error("--closed needs --quiz. Received: --assignment")
    return chosen


def main(words=None):
    """Grade a class; return 0, 1 where a person must settle something, or 2 where nothing could be graded.

    Broken off by SIGTERM or SIGINT it returns 128 and the signal's number; finished reports are kept, no table is new.
    """
    chosen = arguments(words)
    try:
        with stopping.heard():
            return _main(chosen)
    except stopping.BrokenOff as error:
        print(
            "broken off: finished reports are kept, tables are as before; the same command goes on from here",
            file=sys.stderr,
        )
        return 128 + error.args[0]


def _main(chosen):
    undo = contextlib.ExitStack()
    try:
        key = keyfile.read(chosen.quiz) if chosen.quiz else None
        if not chosen.quiz and not chosen.unsafe_no_sandbox and not chosen.scheduler:
            sandbox.require()
        assignment = None if chosen.quiz else assignments.load(chosen.assignment, chosen.assignments)
        handed = submissions.collect(chosen.submissions, chosen.platform)
        if not handed:
            raise ValueError(f"SUBMISSIONS must hold at least one submission. Received: {chosen.submissions}, empty")
        known = platforms.Roster(chosen.roster) if chosen.roster else None
        if chosen.column in platforms.CANVAS:
            raise ValueError(f"--column must not be a column that says who a student is. Received: {chosen.column!r}")
        if known and chosen.column:
            known.require(chosen.column)
        undo.enter_context(outputs.alone(chosen.out))
        if chosen.quiz:  # answers are read as text: nothing runs
            manual, (assignment, found) = {}, quiz.grade(handed, key)
            closed = chosen.closed or quiz.is_over(key[0])
        else:
            manual = _manual(chosen, handed, assignment)
            found, closed = _graded(chosen, assignment, handed), True

        def page(one, report):
            if not chosen.quiz:
                return feedback.page(assignment, one, report, manual), feedback.comment(one, report, manual)
            told = {**report, "note": report["taken"]}  # the rest of a quiz's note is for the lecturer
            return pages.page(assignment, one, report, closed), feedback.comment(one, told, manual) if closed else ""

        answers = analysis.of_quiz(handed, found) if chosen.quiz else analysis.of_homework(handed, found, manual)
        rows, failed, unread, unsettled = outputs.write(
            chosen.out, assignment, handed, found, manual, known, chosen.column, page, answers
        )
    except (sandbox.SandboxError, ValueError, OSError) as error:
        print(f"error: {line(error, most=1000)}", file=sys.stderr)
        return 2
    finally:
        opener.close()
        undo.close()
    return _say(chosen, assignment, rows, failed, unread, unsettled)


def _say(chosen, assignment, rows, failed, unread, unsettled):
    """Tell how it went; return the exit status."""
    if chosen.unsafe_no_sandbox:
        print("WARNING: graded without a sandbox; submissions could do all that you can, also to the grades.")
    noted = f", {sum(bool(row['note']) for row in rows)} with a note" if chosen.quiz else ""
    where = chosen.out / "grades.csv"
    print(f"{len(rows)} submissions of {assignment.name}, {len(failed)} not graded{noted}; see {where}")
    to_read = sum(row["to_read"] for row in rows if row["student"] not in {**failed, **unread})
    if to_read:
        sheet = chosen.out / "manual.csv"
        print(f"{to_read} written answer{'s' * (to_read > 1)} not read yet: enter the points in {sheet} and repeat")
    for key, problem in unread.items():
        print(f"no points: {key}: {line(problem)}", file=sys.stderr)
    for key, problem in failed.items():
        print(f"not graded: {key}: {line(problem)}", file=sys.stderr)
    for problem in unsettled:
        print(f"to be settled: {line(problem, most=1000)}", file=sys.stderr)
    return 1 if failed or unsettled else 0


def _manual(chosen, handed, assignment):
    """Return the points that a person entered; raises ValueError for those that nobody in this class can get."""
    possible = {one.name: one.points for one in assignment.questions if one.manual}
    known, found = {(one.key, name) for one in handed for name in possible}, {}
    for sheet in (chosen.out / "manual.csv", chosen.manual):
        if sheet and (sheet.exists() or sheet == chosen.manual):
            found.update(reports.read_manual(sheet))
            nobody = sorted(set(found) - known)
            if nobody:
                raise ValueError(
                    f"{sheet} must have points for students and questions of these submissions "
                    f"alone, that a person reads; take the others out. Received: {nobody[:5]}"
                )
            most = [(*place, points) for place, (points, _) in found.items() if points > possible[place[1]]]
            if most:
                raise ValueError(
                    f"{sheet} must have at most the points that the assignment gives now, {possible}. "
                    f"Received: {most[:5]}"
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


if __name__ == "__main__":
    sys.exit(main())
