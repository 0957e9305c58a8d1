"""Writes a quiz as Moodle XML: a category for each item, from which Moodle draws a random question."""

import xml.etree.ElementTree as ET

from coursekit.grading.quiz import texts
from coursekit.grading.quiz.items import LETTERS


def write(settings, groups):
    """Return the bytes of a file to import into Moodle's question bank; `groups` is {item: Questions}.

    Moodle XML holds questions, not a quiz: time limit, opening and number of questions are set in Moodle. What
    students should know beforehand stands in the description of the upper category.
    """
    root = ET.Element("quiz")
    title = _part(settings.title)
    _category(root, title, texts.rules(settings))
    for name, questions in groups.items():
        _category(root, f"{title}/{_part(name)}", f"{len(questions)} variants of one question: draw one at random.")
        for place, question in enumerate(questions, 1):
            _question(root, f"{name} · {place:02}", question, settings)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _part(name):
    """Return a name as one level of a category's path, in which Moodle splits at each / that has no / beside it."""
    doubled = " ".join(texts.clean(name).split()).replace("/", "//")
    return " " * doubled.startswith("/") + doubled + " " * doubled.endswith("/")


def _category(root, path, info):
    question = ET.SubElement(root, "question", type="category")
    _text(question, "category", f"$course$/top/{path}")
    _text(question, "info", texts.html(info), format="html")


def _question(root, name, question, settings):
    entry = ET.SubElement(root, "question", type="multichoice" if question.options else "numerical")
    _text(entry, "name", name)
    _text(entry, "questiontext", texts.html(question.text), format="html")
    _text(entry, "generalfeedback", texts.html(question.explanation), format="html")
    ET.SubElement(entry, "defaultgrade").text = texts.number(settings.points)
    ET.SubElement(entry, "penalty").text = "0"
    ET.SubElement(entry, "hidden").text = "0"
    if question.options:
        for tag, value in {"single": "true", "shuffleanswers": "false", "answernumbering": "abc"}.items():
            ET.SubElement(entry, tag).text = value
        thoughts = dict(question.wrong)
        for letter, option in zip(LETTERS, question.options):
            right = letter == question.answer
            _answer(entry, texts.option(option), right, thoughts.get(letter, ""), format="html")
    else:
        for value, thought in ((question.answer, ""), *question.wrong):  # Moodle takes the first that fits
            answer = _answer(entry, texts.number(value), not thought, thought, format="moodle_auto_format")
            ET.SubElement(answer, "tolerance").text = texts.number(question.tolerance)


def _answer(entry, text, right, thought, format):
    answer = ET.SubElement(entry, "answer", fraction="100" if right else "0", format=format)
    ET.SubElement(answer, "text").text = text
    _text(answer, "feedback", texts.html(texts.sentence(thought)) if thought else "", format="html")
    return answer


def _text(parent, tag, text, **attributes):
    ET.SubElement(ET.SubElement(parent, tag, attributes), "text").text = text
