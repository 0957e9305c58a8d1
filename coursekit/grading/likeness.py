"""Which submissions of a class resemble each other: pairs above a threshold, both passages side by side.

    python -m coursekit.grading.likeness submissions.zip --assignment hw1 --out likeness [--threshold 0.5]
        [--earlier FOLDER]

Submissions of an earlier class are compared with those of this one, but not among themselves.
It runs on this computer alone. What students were given is subtracted, and names of variables do not count.
Likeness is no proof: two may have learned from the same page, and a task of three lines has one short solution. Source
of the method: Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003,
doi 10.1145/872757.872770, in the implementation of copydetect.
"""

import argparse
import io
import itertools
import logging
import sys
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from coursekit.grading import csvfiles, feedback, notebooks, opener, people, submissions
from coursekit.grading.texts import clean, line

THRESHOLD = 0.5
GRAM = 25  # characters, names shortened to one: the shortest passage that counts
FEWEST = 100  # such passages in common, about five lines, below which a pair is not told: everybody writes a few alike
MOST_CODE = 200_000  # characters of code that are compared
MOST_SHOWN = 100  # pairs on the page; the table has all
AROUND = 2  # lines shown before and after a passage
COLUMNS = ("likeness", "student", "name", "share", "other", "other_name", "other_share")
NO_PROOF = (
    "Likeness is no proof. It says where to read, not what happened: two may have worked from the same page, as the "
    "rules may allow, and a short task has few solutions. Read both passages, and ask both students, before you think "
    "of a rule that was broken. Copied text, and code that was rewritten, are not found."
)
_STYLE = """main { max-width: 84rem } .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }
.pair > div { min-width: 0 }
mark { background: #ffe58a; color: #1d1d1f; text-decoration: underline; text-underline-offset: 0.3em }
pre:has(mark) { line-height: 1.7 } mark { padding-block: 0.2em }
@media (max-width: 50rem) { .pair { grid-template-columns: 1fr } }
"""


class Pair(NamedTuple):
    """Two submissions, by their keys, and of each the share of its own code that the other has, from 0 to 1.

    `passages` are, for each of the two, [(first, end)] of characters in its code.
    """

    one: str
    other: str
    shares: tuple
    passages: tuple

    @property
    def likeness(self):
        """The larger of the two shares: a short copy of a long original is found, and the other way round."""
        return max(self.shares)


def sources(notebook):
    """Return the code cells of a notebook in bytes, as a list of texts, clean and without empty lines at their ends."""
    found = notebooks.code(notebooks.read(notebook))
    return [clean(source).replace("\r", "\n").strip("\n") for _, source in found]


def code_of(notebook, given=()):
    """Return the code of a notebook in bytes as one text, without the cells that equal one of `given`."""
    return "\n\n".join(one for one in sources(notebook) if one not in given) + "\n"


def pairs(codes, given, threshold=THRESHOLD, earlier=()):
    """Return [Pair] with a likeness of at least `threshold`, the largest first.

    `codes` are {key: code as text}; `given` are the cells that all were given, whose passages are not compared. Two
    keys that are both in `earlier` make no pair. Raises ValueError for a threshold outside 0 to 1, RuntimeError where
    copydetect is missing.
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold must be from 0 to 1. Received: {threshold}")
    common = _prints("\n\n".join(given) + "\n", frozenset()).hashes
    prints = {key: _prints(code, common) for key, code in codes.items()}
    every = [both for both in itertools.combinations(codes, 2) if not set(both) <= set(earlier)]
    every = tqdm(every, unit="pair", disable=None)  # where a person looks
    found = [_compared(one, other, prints) for one, other in every]
    found = [pair for pair in found if pair is not None and pair.likeness >= threshold]
    return sorted(found, key=lambda pair: -pair.likeness)


def _prints(code, common):
    """Return copydetect's fingerprints of a code: every passage of GRAM characters whose hash is not in `common`."""
    try:
        from copydetect import CodeFingerprint, utils
    except ImportError:
        raise RuntimeError("copydetect is missing: install the lecturer's extra, coursekit[lecturer]") from None
    # With a window of one no passage is left out by chance: two runs find the same.
    found = CodeFingerprint("submission.py", GRAM, 1, language="python", fp=io.StringIO(code))
    found.hash_idx = {one: places for one, places in found.hash_idx.items() if one not in common}
    found.hashes = set(found.hash_idx)
    found.token_coverage = utils.get_token_coverage(found.hash_idx, GRAM, len(found.filtered_code))
    return found


def _compared(one, other, prints):
    """Return the Pair of two submissions, or None where they have too little in common."""
    from copydetect import compare_files

    if len(prints[one].hashes & prints[other].hashes) < FEWEST:
        return None
    _, shares, slices = compare_files(prints[one], prints[other])
    return Pair(
        one, other, tuple(min(1.0, float(share)) for share in shares), tuple(_passages(both) for both in slices)
    )


def _passages(slices):
    """Return [(first, end)] of copydetect's slices, in their order and without overlaps."""
    found = []
    for first, end in sorted(zip(*np.asarray(slices, int).tolist())):
        first = max(first, found[-1][1] if found else 0)
        if end > first:
            found.append((first, end))
    return found


# ---------------------------------------------------------------- page and table


def rows(found, names):
    """Yield the Pairs as rows of a table; `names` are {key: name}."""
    for pair in found:
        one, other = pair.shares
        values = (pair.likeness, pair.one, names[pair.one], one, pair.other, names[pair.other], other)
        yield dict(zip(COLUMNS, (round(value, 3) if isinstance(value, float) else value for value in values)))


def page(name, found, names, codes, threshold, unread=()):
    """Return the Pairs of a class as an HTML page; `unread` are sentences on submissions that were not compared."""
    body = [
        f"<header><p>{escape(name)} · likeness of submissions</p><h1>{_counted(len(found))} above {threshold:.0%}</h1>"
        f"</header><section class='warn'><p>{NO_PROOF}</p></section>"
    ]
    if unread:
        told = "".join(f"<li>{escape(one)}</li>" for one in unread)
        body.append(f"<section><h2>Not compared</h2><ul>{told}</ul></section>")
    body += [_section(pair, names, codes) for pair in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        body.append(f"<section><p>The {MOST_SHOWN} most alike are shown; likeness.csv has all.</p></section>")
    body.append(
        "<footer>The share is that of a submission's own code, without what all were given. Names of variables do not "
        "count. This page was made on your computer, and nothing was sent.</footer>"
    )
    template = feedback.PAGE.replace("</style>", _STYLE.replace("{", "{{").replace("}", "}}") + "</style>")
    return clean(template.format(title=escape(f"{name}: likeness"), body="".join(body)))


def _counted(count):
    return f"{count} pair{'s' * (count != 1)}"


def _section(pair, names, codes):
    sides = "".join(
        f"<div><p><strong>{escape(names[key])}</strong> ({escape(key)}): {share:.0%} of the code</p>"
        f"<pre>{_marked(codes[key], passages)}</pre></div>"
        for key, share, passages in zip((pair.one, pair.other), pair.shares, pair.passages)
    )
    title = f"{escape(names[pair.one])} and {escape(names[pair.other])}"
    return f"<section><h2>{title} <span>{pair.likeness:.0%}</span></h2><div class='pair'>{sides}</div></section>"


def _marked(code, passages):
    """Return the lines of a code that hold passages, and those around, as HTML with the passages marked."""
    shown, place, marked = [], 0, []
    for number, text in enumerate(code.splitlines(keepends=True)):
        inside = [(max(a - place, 0), min(b - place, len(text))) for a, b in passages if a < place + len(text) > a]
        inside = [(a, b) for a, b in inside if b > a and text[a:b].strip()]
        marked.append(_line(text, inside))
        shown += [number] if inside else []
        place += len(text)
    near = sorted({n for at in shown for n in range(at - AROUND, at + AROUND + 1) if 0 <= n < len(marked)})
    parts = []
    for before, number in zip([-1, *near], near):
        parts.append(("⋯\n" if number > before + 1 else "") + marked[number])
    return "".join(parts)


def _line(text, passages):
    parts, place = [], 0
    for first, end in passages:
        parts.append(f"{escape(text[place:first])}<mark>{escape(text[first:end].rstrip())}</mark>")
        place = first + len(text[first:end].rstrip())
    return "".join(parts) + escape(text[place:])


# ---------------------------------------------------------------- the command


def starter(name, folder):
    """Return (full name, code cells) of what students were given of the assignment `name`, or the beginning of one.

    Raises ValueError for an unknown name.
    """
    known = {path.stem: path for path in sorted(Path(folder).glob("*/student/*.ipynb"))}
    fitting = [name] if name in known else [one for one in known if one.startswith(str(name))]
    if len(fitting) != 1:
        listed = ", ".join(known) or f"the assignments in {folder}, of which there are none"
        raise ValueError(f"assignment must be one of {listed}, or the beginning of one. Received: {name!r}")
    return fitting[0], sources(known[fitting[0]].read_bytes())


def read(handed, assignment, given=(), before=""):
    """Return ({key: code}, {key: name}, [sentence on each that is not compared]) of submissions, a list of Handed.

    Cells that equal one of `given` are left out of the code. Keys begin with `before`, and so do names.
    """
    codes, names, unread = {}, {}, []
    for one in handed:
        key = before + one.key
        try:
            code = code_of(one.read(assignment)[0], given)
            if len(code) > MOST_CODE:
                raise ValueError(f"its code has more than {MOST_CODE:,} characters")
            codes[key], names[key] = code, before + one.name
        except (ValueError, OSError) as error:  # damaged, no notebook, too much, or gone
            unread.append(f"{key}: {line(error)}")
    return codes, names, unread


def read_all(chosen, assignment, given):
    """Return what `read` does of this class and the earlier ones, and the keys of the latter."""
    codes, names, unread = read(submissions.collect(chosen.submissions, chosen.platform), assignment, given)
    if len(codes) < (1 if chosen.earlier else 2):
        raise ValueError(
            f"SUBMISSIONS must hold at least two notebooks that can be read, or one with --earlier. "
            f"Received: {chosen.submissions} with {len(codes)}{''.join('; ' + one for one in unread[:3])}"
        )
    earlier = set()
    for place in chosen.earlier:
        found = read(submissions.collect(place, chosen.platform), assignment, given, f"{place}: ")
        if not found[0]:
            raise ValueError(f"--earlier must hold a notebook that can be read. Received: {place}, without any")
        earlier |= set(found[0])
        codes, names, unread = {**codes, **found[0]}, {**names, **found[1]}, unread + found[2]
    return codes, names, unread, earlier


def arguments(words=None):
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.grading.likeness",
        description="List pairs of submissions whose code is alike, which proves nothing. Nothing leaves this machine.",
    )
    add = parser.add_argument
    add("submissions", metavar="SUBMISSIONS", help="folder or zip file from Canvas, Moodle or Gradescope")
    add("--assignment", required=True, help="its name, or the beginning: hw1")
    add("--out", required=True, type=Path, help="folder for likeness.html and likeness.csv")
    add("--threshold", type=float, default=THRESHOLD, help="share of own code, 0 to 1 (default: %(default)s)")
    add("--platform", choices=people.PLATFORMS, help="where the names of files are from (default: they tell)")
    add("--earlier", metavar="FOLDER", action="append", default=[], help="submissions of an earlier class")
    add("--assignments", type=Path, default=Path("assignments"), help="folder with the assignments")
    return parser.parse_args(words)


def main(words=None):
    """Compare a class; return 0, 1 where a submission could not be read, or 2 where nothing was compared."""
    chosen = arguments(words)
    logging.getLogger().setLevel(logging.ERROR)  # copydetect warns of empty files on the root logger
    try:
        name, given = starter(chosen.assignment, chosen.assignments)
        if not 0 <= chosen.threshold <= 1:
            raise ValueError(f"threshold must be from 0 to 1. Received: {chosen.threshold}")
        codes, names, unread, earlier = read_all(chosen, name, given)
        found = pairs(codes, given, chosen.threshold, earlier)
        chosen.out.mkdir(parents=True, exist_ok=True)
        csvfiles.write(chosen.out / "likeness.csv", rows(found, names), COLUMNS)
        with csvfiles.replacing(chosen.out / "likeness.html") as file:
            file.write(page(name, found, names, codes, chosen.threshold, unread))
    except (ValueError, RuntimeError, OSError) as error:
        print(f"error: {line(error, most=1000)}", file=sys.stderr)
        return 2
    finally:
        opener.close()
    with_earlier = f" and {len(earlier)} earlier ones" if earlier else ""
    print(
        f"{len(codes) - len(earlier)} submissions of {name}{with_earlier}, {_counted(len(found))} above "
        f"{chosen.threshold:.0%}; see {chosen.out / 'likeness.html'}. Likeness is no proof."
    )
    for problem in unread:
        print(f"not compared: {problem}", file=sys.stderr)
    return 1 if unread else 0


if __name__ == "__main__":
    sys.exit(main())
