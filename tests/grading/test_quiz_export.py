"""Exported quizzes, read back by a reader of the tests' own: each marks right what the bank calls right."""

import html
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz

from coursekit.grading.quiz import __main__ as command
from coursekit.grading.quiz import canvas, drawing, export, items, moodle, plaintext, variants
from coursekit.grading.quiz.items import Question
from coursekit.grading.texts import clean
from project import ROOT

SECRET = "correct horse"
QUIZ = drawing.settings(ROOT / "assignments/quiz1/quiz.json")
ALL = replace(QUIZ, lectures=drawing.LECTURES, questions=len(drawing.LECTURES))
WRITERS = {"canvas": canvas.write, "moodle": moodle.write, "text": plaintext.write}


@pytest.fixture(scope="module")
def every_item():
    """(groups, items left out) of all lectures."""
    return variants.draw(ALL, SECRET, every=True)


def visible(text):
    """Return what a browser shows of HTML, spaces aside."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def squeezed(text):
    """Return a text without spaces and marks, so that HTML and the bank's own marks compare."""
    return re.sub(r"[\s`*\"“”]", "", text)


# ---------------------------------------------------------------- two readers


def local(root):
    """Return the tree without namespaces."""
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
    return root


def canvas_files(data):
    """Return (manifest, settings, questions) of an archive, found as Canvas does: through the manifest."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        manifest = local(ET.fromstring(archive.read("imsmanifest.xml")))
        paths = [file.get("href") for file in manifest.iter("file")]
        assert {*paths, "imsmanifest.xml"} == set(archive.namelist())
        questions, meta = (local(ET.fromstring(archive.read(path))) for path in paths)
    return manifest, meta, questions


def read_canvas(data):
    """Return {item: [(text, options, judge, feedback of an answer)]}; `judge` tells the share an answer gets."""
    _, _, root = canvas_files(data)
    found = {}
    for group in root.findall("assessment/section/section"):
        assert group.findtext("selection_ordering/selection/selection_number") == "1"
        found[group.get("title")] = [canvas_item(item) for item in group.findall("item")]
    return found


def canvas_item(item):
    labels = [label.get("ident") for label in item.iter("response_label")]
    options = [label.findtext("material/mattext") for label in item.iter("response_label")]
    options = options if item.find("presentation/response_lid") is not None else []
    said = {one.get("ident"): one.findtext("flow_mat/material/mattext") for one in item.findall("itemfeedback")}

    def given(answer):
        return labels["abcd".index(answer)] if options else answer

    def judge(answer):
        marked = [
            int(condition.findtext("setvar"))
            for condition in item.findall("resprocessing/respcondition")
            if condition.find("setvar") is not None and holds(condition.find("conditionvar")[0], given(answer))
        ]
        return max(marked, default=0)

    def feedback(answer):
        names = [
            condition.find("displayfeedback").get("linkrefid")
            for condition in item.findall("resprocessing/respcondition")
            if condition.find("displayfeedback") is not None and holds(condition.find("conditionvar")[0], given(answer))
        ]
        return " ".join(said[name] for name in names)

    return item.findtext("presentation/material/mattext"), options, judge, feedback


def holds(node, answer):
    """Return whether a condition of QTI holds; numbers are compared as exact decimals."""
    if node.tag in ("or", "and"):
        return (any if node.tag == "or" else all)(holds(child, answer) for child in node)
    if node.tag == "other":
        return True
    if isinstance(answer, str):
        return node.tag == "varequal" and node.text == answer
    number, answer = Decimal(node.text), Decimal(repr(answer))
    return {"varequal": answer == number, "vargte": answer >= number, "varlte": answer <= number}[node.tag]


def read_moodle(data):
    """The same of Moodle's XML, in which the first answer that fits counts."""
    found, current = {}, None
    for question in ET.fromstring(data):
        if question.get("type") == "category":
            current = question.findtext("category/text").rpartition("/")[2]
        else:
            found.setdefault(current, []).append(moodle_question(question))
    return found


def moodle_question(question):
    answers = question.findall("answer")
    several = question.get("type") == "multichoice"

    def of(answer):
        if several:
            return answers["abcd".index(answer)]
        fits = (
            one
            for one in answers
            if abs(Decimal(one.findtext("text")) - Decimal(repr(answer))) <= Decimal(one.findtext("tolerance"))
        )
        return next(fits, None)

    def judge(answer):
        return 0 if of(answer) is None else int(of(answer).get("fraction"))

    def feedback(answer):
        return question.findtext("generalfeedback/text") + (
            "" if of(answer) is None else of(answer).findtext("feedback/text")
        )

    options = [one.findtext("text") for one in answers] if several else []
    return question.findtext("questiontext/text"), options, judge, feedback


READERS = {"canvas": read_canvas, "moodle": read_moodle}


def agrees(question, read):
    """Assert that what was read asks, marks and explains as the bank does."""
    text, options, judge, feedback = read
    assert squeezed(visible(text)) == squeezed(question.text)
    assert [squeezed(visible(option)) for option in options] == [squeezed(option) for option in question.options]
    assert judge(question.answer) == 100
    for value, thought in question.wrong:
        assert judge(value) == 0
        assert squeezed(thought[1:]) in squeezed(visible(feedback(value)))
    assert squeezed(question.explanation) in squeezed(visible(feedback(question.answer)))
    if not question.options:
        inside, outside = question.tolerance * 0.98, question.tolerance * 1.02
        for sign in (-1, 1):
            assert judge(question.answer + sign * inside) == 100
            assert judge(question.answer + sign * outside) == 0


# ---------------------------------------------------------------- the bank


@pytest.mark.parametrize("target", READERS)
def test_every_variant_of_every_item_is_read_back_as_the_bank_has_it(every_item, target):
    groups, _ = every_item
    found = READERS[target](WRITERS[target](ALL, groups))
    assert {*found} == {*groups}
    for name, questions in groups.items():
        assert len(found[name]) == len(questions) == variants.FEWEST
        for question, read in zip(questions, found[name]):
            agrees(question, read)


def test_the_bank_asks_for_letters_and_for_whole_rounded_and_exact_numbers(every_item):
    """So that the test above has seen each kind of answer."""
    asked = [question for questions in every_item[0].values() for question in questions]
    kinds = {(bool(one.options), one.tolerance > 1e-6, isinstance(one.answer, int)) for one in asked}
    assert {(True, False, False), (False, False, True), (False, False, False), (False, True, False)} <= kinds
    assert {question.lecture for question in asked} == set(drawing.LECTURES)


def test_variants_of_an_item_differ_in_more_than_the_order_of_options(every_item):
    for questions in every_item[0].values():
        assert len({(one.text, frozenset(one.options)) for one in questions}) == len(questions)


def test_every_item_of_the_bank_is_exported(every_item):
    groups, left = every_item
    assert {*groups} == {*drawing.bank()} and not left


def test_an_item_that_has_fewer_variants_than_wished_is_left_out_and_named_with_their_number():
    few = replace(QUIZ, lectures=("11",), questions=2)
    groups, left = variants.draw(few, SECRET, 60, every=True)
    assert {*groups} | {*left} == {name for name in drawing.bank() if name.startswith("11_")}
    assert not {*groups} & {*left} and left["11_slope_that_vanishes"] == 24


def test_an_item_with_fewer_than_twenty_variants_is_refused_by_name(monkeypatch, capsys, tmp_path, small):
    dull = Question("06_dull", "06", "Which?", (), 1, 1e-6, ((2, "no"),), "It is 1.")
    monkeypatch.setitem(items.BANK, "06_dull", ("06", lambda dice: replace(dull, text=f"Of {dice.integer(1, 19)}?")))
    code, _, err = run(capsys, "--to", "moodle", "--out", tmp_path / "out", "--secret", SECRET, "--settings", small)
    assert code == 2 and "each item must have at least 20 different variants. Received: 06_dull with 19" in err
    assert not (tmp_path / "out").exists()


def test_a_plain_text_holds_every_question_with_its_answer_and_no_line_that_looks_like_a_heading(every_item):
    groups, _ = every_item
    text = plaintext.write(ALL, groups).decode()
    assert text.count("\n--- ") == text.count("\n    answer: ") == sum(map(len, groups.values()))
    for name, questions in groups.items():
        for place, question in enumerate(questions, 1):
            part = text.partition(f"--- {name} · {place:02}\n")[2].partition("\n--- ")[0]
            answer = re.search(r"^    answer: (\S+)", part, re.MULTILINE)[1]
            assert question.is_right(answer if question.options else float(answer))


# ---------------------------------------------------------------- a quiz


@pytest.mark.parametrize("name", ["quiz1", "quiz2"])
def test_a_quiz_has_its_number_of_questions_from_every_lecture(name):
    chosen = drawing.settings(ROOT / f"assignments/{name}/quiz.json")
    groups, _ = variants.draw(chosen, SECRET)
    counts = [sum(item.startswith(f"{lecture}_") for item in groups) for lecture in chosen.lectures]
    assert len(groups) == chosen.questions and max(counts) - min(counts) <= 1 <= min(counts)


@pytest.mark.parametrize("target", WRITERS)
def test_a_secret_makes_the_same_bytes_on_any_day_and_another_secret_makes_others(monkeypatch, target):
    few = replace(QUIZ, lectures=("06",), questions=2)
    first = WRITERS[target](few, variants.draw(few, SECRET)[0])
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert WRITERS[target](few, variants.draw(few, SECRET)[0]) == first
    assert WRITERS[target](few, variants.draw(few, SECRET + "!")[0]) != first


def test_canvas_knows_the_minutes_and_when_the_quiz_is_open():
    few = replace(QUIZ, lectures=("06",), questions=2, closes="2026-11-23T10:15+01:00", points=1.5)
    _, meta, questions = canvas_files(canvas.write(few, variants.draw(few, SECRET)[0]))
    assert meta.findtext("time_limit") == "15" and meta.findtext("points_possible") == "3.0"
    assert meta.findtext("unlock_at") == "2026-11-22T09:15:00" and meta.findtext("lock_at") == "2026-11-23T09:15:00"
    assert {one.text for one in questions.iter("points_per_item")} == {"1.5"}
    without = canvas_files(canvas.write(replace(few, closes=""), variants.draw(few, SECRET)[0]))[1]
    assert without.findtext("show_correct_answers") == "false"  # somebody may still be writing
    assert not without.findtext("lock_at") and not without.findtext("unlock_at")


# ---------------------------------------------------------------- any text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40) | st.sampled_from(
    ["1. a", "*a) b", "a) b", "...", "! x", "GROUP", "END_GROUP", "a\n\nb", "= 3", "```python\nx\n```", "]]>", "&amp;",
     "<script>", "</p>", "$x$", "\\(x\\)", "{.python .run}", "%", "--- x", "a\n=== b", "/", "/a", "a/b//c", "::x::", "{=1}", "\x00\x0b", "\ufffe"]
)  # fmt: skip
NUMBERS = st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6).map(lambda value: round(value, 7))


@st.composite
def questions(draw):
    text, why, thought = draw(TEXTS), draw(TEXTS), draw(TEXTS)
    if draw(st.booleans()):
        options = tuple(draw(st.lists(TEXTS, min_size=4, max_size=4, unique=True)))
        answer = draw(st.sampled_from("abcd"))
        wrong = tuple((letter, thought) for letter in "abcd" if letter != answer)
        return Question("01_x", "01", text, options, answer, 0, wrong, why)
    answer, tolerance = draw(NUMBERS), draw(st.sampled_from([1e-6, 1.001e-3, 0.1001]))
    wrong = ((answer + 7, thought), (answer - 1 / 3, thought))
    return Question("01_x", "01", text, (), answer, tolerance, wrong, why)


@settings(max_examples=40, deadline=None)
@given(st.lists(questions(), min_size=2, max_size=3), TEXTS)
def test_no_text_breaks_a_file_or_changes_which_answer_is_right(asked, title):
    chosen, groups = replace(QUIZ, title=title), {"01_x": tuple(asked), "01_y": tuple(asked)}
    for target, read in READERS.items():
        found = read(WRITERS[target](chosen, groups))
        assert [*found] == ["01_x", "01_y"]
        for question, (_, options, judge, _) in zip(2 * asked, found["01_x"] + found["01_y"], strict=True):
            assert [html.unescape(one).replace("\u00a0", " ") for one in options] == [
                clean(one).replace("\u00a0", " ") for one in question.options
            ]
            assert not any("<" in one for one in options)
            rights = [letter for letter in "abcd" if judge(letter) == 100] if options else [question.answer]
            assert rights == [question.answer] and judge(question.answer) == 100
            assert not any(judge(value) for value, _ in question.wrong)
    path = ET.fromstring(moodle.write(chosen, groups)).findtext("question/category/text")
    course, top, name = re.split("(?<!/)/(?!/)", path)  # as Moodle does
    assert name.strip().replace("//", "/") == " ".join(clean(title).split())
    text = plaintext.write(chosen, groups).decode()
    headings = [line for line in text.partition("FOR THE LECTURER")[2].splitlines() if line[:4] in ("--- ", "=== ")]
    assert len(headings) == 2 + 2 * len(asked)


# ---------------------------------------------------------------- the library for such archives


def paths(root):
    """Return every chain of tags and names of attributes in a tree."""

    def walk(node, above):
        here = f"{above}/{node.tag}"
        yield here
        yield from (f"{here}@{name.rpartition('}')[2]}" for name in node.attrib)
        for child in node:
            yield from walk(child, here)

    return set(walk(local(root), ""))


def by_the_library(text):
    with zipfile.ZipFile(io.BytesIO(QTI(Quiz(text, config=Config())).zip_bytes())) as archive:
        name = next(one for one in archive.namelist() if re.search(r"assessment_\w+\.xml$", one) and "meta" not in one)
        meta = next(one for one in archive.namelist() if one.endswith("meta.xml"))
        return [local(ET.fromstring(archive.read(one))) for one in ("imsmanifest.xml", meta, name)]


_LIKE_OURS = """GROUP
pick: 1
points per question: 2

1. Which?
... why
a) one
... thought
*b) two

2. How many?
... why
- likely
= 0.015625 +- 0.000001

END_GROUP
"""


def test_the_archive_has_no_element_that_the_library_does_not_write_for_canvas():
    few = replace(QUIZ, lectures=("06",), questions=9, closes="2026-11-23T10:15")
    ours = canvas_files(canvas.write(few, variants.draw(few, SECRET)[0]))
    theirs = by_the_library(_LIKE_OURS)
    manifest, meta, asked = (paths(one) - paths(other) for one, other in zip(ours, theirs))
    assert not manifest and not asked
    assert meta == {
        f"/quiz/{tag}" for tag in ("time_limit", "due_at", "lock_at", "unlock_at", "show_correct_answers_at")
    }


def test_the_library_still_rounds_numbers_so_that_a_right_answer_would_be_wrong():
    """The reason for not writing with it; when this fails, `canvas` may become shorter."""
    item = by_the_library(_LIKE_OURS)[2].findall("assessment/section/section/item")[1]
    _, _, judge, _ = canvas_item(item)
    assert judge(0.015625) == 0


# ---------------------------------------------------------------- the command


def run(capsys, *words):
    code = command.main(["export", *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def small(tmp_path):
    """The settings of a quiz on one lecture, so that drawing takes no time."""
    path = tmp_path / "quiz.json"
    path.write_text('{"name": "q", "title": "Q", "minutes": 15, "questions": 2, "points": 2, "lectures": ["06"]}')
    return path


@pytest.mark.parametrize(
    ("target", "name"), [("canvas", "q_canvas.zip"), ("moodle", "q_moodle.xml"), ("text", "q_text.txt")]
)
def test_the_command_writes_one_file_and_never_over_an_earlier_export(capsys, tmp_path, small, target, name):
    words = "--to", target, "--out", tmp_path / "out", "--secret", SECRET, "--settings", small
    code, out, _ = run(capsys, *words)
    assert code == 0 and name in out and [one.name for one in (tmp_path / "out").iterdir()] == [name]
    before = (tmp_path / "out" / name).read_bytes()
    code, _, err = run(capsys, *words[:-3], "another secret", *words[-2:])
    assert (
        code == 2 and f"out must be a folder without {name}" in err and (tmp_path / "out" / name).read_bytes() == before
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--to": "blackboard"}, "to must be one of canvas, moodle, text. Received: 'blackboard'"),
        ({"--to": "Canvas"}, "to must be one of"),
        ({"--secret": "short"}, "secret must have at least 8 characters. Received: 'short'"),
        ({"--variants": 19}, "variants must be an integer from 20 to 200. Received: 19"),
        ({"--variants": 201}, "variants must be an integer from 20 to 200. Received: 201"),
        ({"--settings": "nowhere.json"}, "settings must be a file"),
        ({"--out": "quiz.json/below"}, "quiz.json"),
        ({"--out": "quiz.json"}, "is a file. Expected: a folder"),
    ],
    ids=str,
)
def test_a_wrong_argument_is_named_and_nothing_is_written(capsys, tmp_path, monkeypatch, small, changed, said):
    monkeypatch.chdir(tmp_path)
    words = {"--to": "moodle", "--out": "out", "--secret": SECRET, "--settings": small, **changed}
    code, _, err = run(capsys, *(word for pair in words.items() for word in pair))
    assert code == 2 and said in err
    assert [one.name for one in tmp_path.iterdir()] == ["quiz.json"]


def test_lectures_without_a_bank_are_refused_by_name(capsys, tmp_path, small):
    small.write_text(small.read_text().replace('"06"', '"00"'))
    code, _, err = run(capsys, "--to", "moodle", "--out", tmp_path / "out", "--secret", SECRET, "--settings", small)
    assert code == 2 and "lectures must be different ones of 01" in err and "Received: ['00']" in err


def test_a_lecture_that_runs_out_of_items_is_named_with_those_that_have_too_few_variants(monkeypatch):
    monkeypatch.setattr(variants, "_TRIES", 2)
    count = sum(lecture == "06" for lecture, _ in drawing.bank().values())
    with pytest.raises(
        ValueError, match=rf"lecture 06 must have {count} items .* 200 variants .*06_field_of_a_stack \(30\)"
    ):
        variants.draw(replace(QUIZ, lectures=("06",), questions=count), SECRET, 200)


def test_an_export_broken_off_leaves_no_half_of_a_file(monkeypatch, tmp_path):
    few = replace(QUIZ, lectures=("06",), questions=2)
    monkeypatch.setattr("os.replace", lambda *paths: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        export.write(few, "moodle", tmp_path, SECRET)
    assert not [*tmp_path.iterdir()]
