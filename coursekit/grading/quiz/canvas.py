"""Writes a quiz for Canvas: a QTI 1.2 archive with a question group for each item, of which Canvas picks one.

The library text2qti writes such archives from text of its own kind. It is not used here: it rounds numbers to four
decimals, so that 0.015625 would be marked wrong, and knows no time limit. A test compares the structure of both.
"""

import hashlib
import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import timedelta, timezone

from coursekit.grading.quiz import grade, texts
from coursekit.grading.quiz.items import LETTERS, plain

OPEN = timedelta(hours=24)  # before the quiz closes
_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
_PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_SETTINGS = {
    "shuffle_answers": "false",
    "scoring_policy": "keep_highest",
    "hide_results": "",
    "quiz_type": "assignment",
    "anonymous_submissions": "false",
    "could_be_locked": "true",
    "allowed_attempts": "1",
    "one_question_at_a_time": "false",
    "cant_go_back": "false",
    "available": "false",
    "one_time_results": "false",
    "show_correct_answers_last_attempt": "false",
    "only_visible_to_overrides": "false",
    "module_locked": "false",
}


def write(settings, groups):
    """Return the bytes of a zip to import into Canvas; `groups` is {item: Questions}. Equal input, equal bytes."""
    name = "quiz_" + _hash(settings, *groups.values())
    files = {
        "imsmanifest.xml": _manifest(name, settings),
        f"{name}/assessment_meta.xml": _meta(name, settings, groups),
        f"{name}/{name}.xml": _assessment(name, settings, groups),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, root in files.items():
            ET.indent(root, " ")
            entry = zipfile.ZipInfo(path)  # of 1980, whenever it is written
            entry.create_system, entry.external_attr, entry.compress_type = 3, 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, ET.tostring(root, encoding="utf-8", xml_declaration=True))
    return made.getvalue()


def _hash(*parts):
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _add(parent, tag, text=None, **attributes):
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def _manifest(name, settings):
    root = ET.Element("manifest", identifier=f"{name}_manifest", xmlns=_PACKAGE)
    about = _add(root, "metadata")
    _add(about, "schema", "IMS Content")
    _add(about, "schemaversion", "1.1.3")
    _add(root, "organizations")
    resources, meta = _add(root, "resources"), f"{name}/assessment_meta.xml"
    quiz = _add(resources, "resource", identifier=name, type="imsqti_xmlv1p2")
    _add(quiz, "file", href=f"{name}/{name}.xml")
    _add(quiz, "dependency", identifierref=f"{name}_meta")
    kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    _add(_add(resources, "resource", identifier=f"{name}_meta", type=kind, href=meta), "file", href=meta)
    return root


def _meta(name, settings, groups):
    """Return the settings of the quiz: the time limit and, where it says when it closes, when it is open."""
    root = ET.Element("quiz", identifier=name, xmlns=_CANVAS)
    title, points = texts.clean(settings.title), texts.number(settings.points * len(groups))
    _add(root, "title", title)
    _add(root, "description", texts.html(texts.rules(settings)))
    closes = grade.closing(settings)
    told = "true" if closes else "false"  # right answers, but not while others still write
    given = {"points_possible": points, "time_limit": str(settings.minutes), "show_correct_answers": told}
    for tag, value in {**_SETTINGS, **given}.items():
        _add(root, tag, value)
    assignment = _add(root, "assignment", identifier=f"{name}_assignment")
    if closes:
        _add(root, "show_correct_answers_at", _utc(closes))
    for parent in (root, assignment):
        for tag, when in (("due_at", closes), ("lock_at", closes), ("unlock_at", closes and closes - OPEN)):
            _add(parent, tag, _utc(when) if when else None)
    given = {"title": title, "points_possible": points, "grading_type": "points", "submission_types": "online_quiz"}
    for tag, value in {**given, "workflow_state": "unpublished", "quiz_identifierref": name}.items():
        _add(assignment, tag, value)
    return root


def _utc(when):
    return when.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")


def _assessment(name, settings, groups):
    root = ET.Element("questestinterop", xmlns=_QTI)
    assessment = _add(root, "assessment", ident=name, title=texts.clean(settings.title))
    _fields(assessment, {"cc_maxattempts": "1"})
    whole, points = _add(assessment, "section", ident="root_section"), texts.number(settings.points)
    for item, questions in groups.items():
        group = _add(whole, "section", ident=f"group_{_hash(name, item)}", title=item)
        selection = _add(_add(group, "selection_ordering"), "selection")
        _add(selection, "selection_number", "1")
        _add(_add(selection, "selection_extension"), "points_per_item", points)
        for place, question in enumerate(questions, 1):
            ident = f"question_{_hash(name, item, place)}"
            entry = _add(group, "item", ident=ident, title=f"Lecture {question.lecture}, variant {place}")
            (_choice if question.options else _number)(entry, ident, question, points)
    return root


def _fields(parent, fields):
    metadata = _add(parent, "qtimetadata")
    for label, value in fields.items():
        field = _add(metadata, "qtimetadatafield")
        _add(field, "fieldlabel", label)
        _add(field, "fieldentry", value)


def _begin(entry, ident, question, kind, points, answers):
    """Write what all kinds have; return (the question's presentation, the way it is marked)."""
    fields = {"question_type": kind, "points_possible": points, "original_answer_ids": ",".join(answers)}
    _fields(_add(entry, "itemmetadata"), {**fields, "assessment_question_identifierref": f"{ident}_ref"})
    shown = _add(entry, "presentation")
    _html(shown, texts.html(question.text))
    marked = _add(entry, "resprocessing")
    _add(_add(marked, "outcomes"), "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    _said(marked, entry, None, "general_fb", texts.html(question.explanation))
    return shown, marked


def _html(parent, text):
    _add(_add(parent, "material"), "mattext", text, texttype="text/html")


def _said(marked, entry, answer, name, text):
    """Let `text` be said to all who gave `answer`, or to all where it is None."""
    condition = _add(marked, "respcondition", **{"continue": "Yes"})
    test = _add(condition, "conditionvar")
    _add(test, "other") if answer is None else _add(test, "varequal", answer, respident="response1")
    _add(condition, "displayfeedback", feedbacktype="Response", linkrefid=name)
    _html(_add(_add(entry, "itemfeedback", ident=name), "flow_mat"), text)


def _right(marked):
    """Return the condition under which all points are given."""
    condition = _add(marked, "respcondition", **{"continue": "No"})
    test = _add(condition, "conditionvar")
    _add(condition, "setvar", "100", action="Set", varname="SCORE")
    return test


def _choice(entry, ident, question, points):
    idents = {letter: f"{ident}_{letter}" for letter in LETTERS[: len(question.options)]}
    shown, marked = _begin(entry, ident, question, "multiple_choice_question", points, idents.values())
    options = _add(_add(shown, "response_lid", ident="response1", rcardinality="Single"), "render_choice")
    for letter, option in zip(idents, question.options):
        _html(_add(options, "response_label", ident=idents[letter]), texts.option(option))
    for letter, thought in question.wrong:
        _said(marked, entry, idents[letter], f"{idents[letter]}_fb", texts.html(texts.sentence(thought)))
    _add(_right(marked), "varequal", idents[question.answer], respident="response1")


def _number(entry, ident, question, points):
    """Canvas says nothing to single wrong numbers: all of them stand in what it says to a wrong answer."""
    shown, marked = _begin(entry, ident, question, "numerical_question", points, [f"{ident}_number"])
    asked = _add(_add(shown, "response_str", ident="response1", rcardinality="Single"), "render_fib", fibtype="Decimal")
    _add(asked, "response_label", ident="answer1")
    either, (low, high) = _add(_right(marked), "or"), texts.bounds(question)
    _add(either, "varequal", texts.number(question.answer), respident="response1")
    both = _add(either, "and")
    _add(both, "vargte", low, respident="response1")
    _add(both, "varlte", high, respident="response1")
    if question.wrong:
        _said(marked, entry, None, "general_incorrect_fb", _likely(question))


def _likely(question):
    listed = "".join(
        f"<li>{plain(value)}: {texts.option(texts.sentence(thought))}</li>" for value, thought in question.wrong
    )
    return f"{texts.html('Where some wrong answers come from:')}<ul>{listed}</ul>"
