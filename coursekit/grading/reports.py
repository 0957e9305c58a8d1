"""Tables of a graded class: grades, the sheet for answers that a person reads, the leaderboard."""

from coursekit.grading import csvfiles
from coursekit.grading.texts import line

COMMON = ("student", "name", "id", "email")
MANUAL = ("student", "question", "title", "possible", "answer", "points", "comment")


def grades(assignment, handed, reports, manual):
    """Return [row] of the table of grades: one dictionary a student, points a question, sums and notes.

    `manual` is {(student, question): (points, comment)} of the answers that a person has read; those not read
    yet are empty, and counted under "to_read". A submission that could not be graded has no points at all.
    """
    rows = []
    for one in handed:
        report = reports[one.key]
        points = {
            name: manual.get((one.key, name), ("",))[0] if question["manual"] else question["points"]
            for name, question in report["questions"].items()
        }
        row = dict(zip(COMMON, (one.key, one.name, one.identity, one.email)))
        row.update(points if report["graded"] else dict.fromkeys(points, ""))
        total = round(sum(float(value) for value in points.values() if value != ""), 4)
        total = int(total) if total == int(total) else total
        row.update(
            total=total if report["graded"] else "",
            possible=assignment.possible,
            to_read=sum(value == "" for value in points.values()),
            note=_note(one, report),
        )
        rows.append(row)
    return rows


def _note(one, report):
    notes = [
        "" if report["graded"] else "NOT GRADED",
        report["problem"] or "",
        report["note"],
        one.clash,
        "late" if one.late else "",
        "" if report["safe"] else "graded without a sandbox",
    ]
    notes += [f"cell {cell + 1}: {kind} {message}"[:160] for cell, kind, message in report["errors"][:3]]
    return line("; ".join(note for note in notes if note), most=1000)


def read_manual(path):
    """Return {(student, question): (points, comment)} of the rows of a sheet that have points.

    Raises ValueError, with the line, for points that are not a number from 0 to what is possible, or for the same
    answer twice with other points.
    """
    found = {}
    what = f"have the columns {', '.join(MANUAL)}"
    kept = [name for name in MANUAL if name != "answer"]  # which are long, and all would be in memory
    for number, row in csvfiles.read(path, set(MANUAL), what, ours=True, only=kept)[1]:
        if not row["points"].strip():
            continue
        try:
            points, possible = (float(row[key].replace(",", ".")) for key in ("points", "possible"))
            if not 0 <= points <= possible:
                raise ValueError
        except ValueError:
            raise ValueError(
                f"{path}, line {number}: points must be a number from 0 to "
                f"{row['possible']}. Received: {row['points'][:80]!r}"
            ) from None
        points = int(points) if points == int(points) else points
        place = row["student"], row["question"]
        if found.get(place, (points,))[0] != points:
            raise ValueError(
                f"{path}, line {number}: each answer must have its points once. "
                f"Received: {found[place][0]} and {points} for {', '.join(place)[:200]}"
            )
        found[place] = (points, row["comment"])
    return found


def manual_rows(handed, reports, manual):
    """Yield the rows of the sheet for answers that a person reads; what was entered before stays."""
    for one in handed:
        report = reports[one.key]
        for name, question in report["questions"].items():
            if question["manual"]:
                points, comment = manual.get((one.key, name), ("", ""))
                answer = report["written"].get(name, "")
                row = one.key, name, question["title"], question["possible"], answer, points, comment
                yield dict(zip(MANUAL, row))


def leaderboard(assignment, handed, reports):
    """Return [row], the best first, of the number that the assignment compares, its baseline among them."""
    record, baseline = assignment.leaderboard["record"], assignment.leaderboard.get("baseline")
    scores = [(one.name, reports[one.key]["recorded"].get(record)) for one in handed]
    scores = [(name, score) for name, score in scores if score is not None and score == score]
    if baseline is not None:
        scores.append(("baseline", float(baseline)))
    scores.sort(key=lambda pair: (-pair[1], pair[0] != "baseline", pair[0].lower()))
    return [
        {"rank": 1 + sum(other > score for _, other in scores), "name": name, record: round(score, 6)}
        for name, score in scores
    ]
