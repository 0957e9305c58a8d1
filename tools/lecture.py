"""`make lecture NUMBER=08`: writes what a new lecture consists of, each part with a gap to fill.

The lecture must stand in coursekit/lectures.py, with its title. Nothing that exists is overwritten, so the command
may be repeated. The tests name what is still empty; CONTRIBUTING.md says how to go on.
"""

import sys

import nbformat
from nbformat import v4

import badges
import project
import teaching
from coursekit import lectures

GAP = "(TO BE WRITTEN)"  # no test passes while a file says so
KERNEL = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}

CHECKS = '''"""Exercises of lecture {number}, {topic}. {gap}"""

from coursekit.checks.exercise import Exercise

EXERCISES = (
    Exercise(name="{number}.first", reference=lambda: 42, misconceptions=(("one too many", lambda: 43),)),
)
'''
ANSWERS = '''"""Answers to the exercises of lecture {number}, {topic}. {gap}"""

from answers import Answers

BANK = {{"{number}.first": Answers(solution=42, stub=..., wrong=((43, "one too many"), (0, "0 is not it")))}}
'''
FACTS = '''"""The numbers of lecture {number}, {topic}. {gap}"""

from facts import Fact

FACTS = (Fact("{number}.first", "What the cell computes, in a sentence.", "first-number", ("42",)),)
'''
QUIZ = '''"""Questions on lecture {number}, {topic}. {gap}"""

from coursekit.grading.quiz.items import item, number


@item("{number}")
def first_question_of_{number}(dice):
    n = dice.integer(2, 40)
    return f"How much is {{n}} + 1?", number(n + 1, {{"you took one away": n - 1}}), f"{{n}} + 1 = {{n + 1}}."
'''
TEACHING = "".join(f"\n## {part}\n\n{GAP}\n" for part in teaching.PARTS)
OPENING = """# {number} · {title}

Why anybody should want to know. {gap}

**After this lecture you can**

1. …
2. …
3. …

*Running time on a laptop with two cores: {runs}. It works without the internet, and needs {memory} of memory.*"""
FIRST_SECTION = "## 1 · A number\n\n**Predict.** What is six times seven?"
EXERCISES = """## Exercises

Each check answers at once. Run it as often as you like.

**Exercise 1 · Read.** How much is six times seven? *You will know by the check mark.*"""
ANSWER = "<details><summary>Answer</summary>\n\n```python\nfirst = 6 * 7\n```\n</details>"
CLOSING = "## What you can do now\n\n1. …\n2. …\n3. …\n\n### References\n\n- …"


def files(lecture):
    """Return {path relative to the course: text} of all that makes up a lecture."""
    said = {"gap": GAP, "topic": lecture.topic, **lecture._asdict()}
    module, slides = f"lecture{lecture.number}.py", deck(lecture, said)
    return {
        f"notebooks/{lecture.stem}.ipynb": nbformat.writes(notebook(lecture, said)) + "\n",
        f"coursekit/checks/{module}": CHECKS.format(**said),
        f"tests/support/answers/{module}": ANSWERS.format(**said),
        f"tests/support/facts/{module}": FACTS.format(**said),
        f"coursekit/grading/quiz/{module}": QUIZ.format(**said),
        f"slides/{lecture.stem}.ipynb": nbformat.writes(slides) + "\n",
        f"slides/teaching/{lecture.stem}.md": teaching.head(lecture, slides) + TEACHING,
    }


def notebook(lecture, said):
    """Return the notebook of a new lecture, with badge and first cell."""
    cells = [
        markdown("opening", OPENING.format(**said)),
        code("imports", "from coursekit.checks import check"),
        markdown("a-number", FIRST_SECTION),
        code("first-number", "print(6 * 7)"),
        markdown("exercises", EXERCISES),
        code("exercise-1", f'first = ...\n\ncheck("{lecture.number}.first", first)'),
        markdown("answer-1", ANSWER),
        markdown("what-you-can-do-now", CLOSING),
    ]
    new = v4.new_notebook(cells=cells, metadata=KERNEL)
    badges.repair_notebook(new, badges.here(), f"{lecture.stem}.ipynb")
    return new


def deck(lecture, said):
    """Return a deck of one slide: title, topic, notes for the speaker."""
    cells = [
        markdown("title", f"# {lecture.title}", slide_type="slide", tags=["title"]),
        markdown("title-2", f"Lecture {lecture.number} · {lecture.topic}"),
        markdown("title-3", "1 min. Welcome. {gap}".format(**said), slide_type="notes"),
    ]
    return v4.new_notebook(cells=cells, metadata=KERNEL)


def markdown(name, text, slide_type=None, **metadata):
    return v4.new_markdown_cell(text, id=name, metadata=_metadata(slide_type, metadata))


def code(name, source, slide_type=None, **metadata):
    return v4.new_code_cell(source, id=name, metadata=_metadata(slide_type, metadata))


def _metadata(slide_type, others):
    return {**({"slideshow": {"slide_type": slide_type}} if slide_type else {}), **others}


def write(lecture, root=project.ROOT):
    """Write what is not there yet of `lecture` below the folder `root`. Return the names of the new files."""
    if not (lecture.title and lecture.runs and lecture.memory):
        raise ValueError(
            f"lecture {lecture.number} needs title, runs and memory in coursekit/lectures.py, its opening's words"
        )
    new = {name: text for name, text in files(lecture).items() if not (root / name).exists()}
    for name, text in new.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return list(new)


def main(number=""):
    try:
        written = write(lectures.find(number))
    except ValueError as error:
        sys.exit(f"make lecture NUMBER=08: {error}\n(A new lecture needs a line in coursekit/lectures.py first.)")
    print("\n".join(f"wrote {name}" for name in written) or "nothing to write: every part is there")
    badges.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
