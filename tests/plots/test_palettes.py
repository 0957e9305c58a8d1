"""Text has a contrast of 4.5 to its ground, lines have 3 (WCAG 2.1, 1.4.3 and 1.4.11), and no eye confuses colours."""

import re
from itertools import combinations

import pytest

import project
from colour_vision import VISIONS, contrast, distance
from coursekit.grading import feedback
from coursekit.plots import pictures

PALETTE = {name: getattr(pictures, name) for name in ("BLUE", "ORANGE", "GREEN", "PURPLE", "GREY", "VIOLET")}
PAPER = "#ffffff"
GROUNDS = (PAPER, "#181818", "#212121")  # of explorers: light, dark, JupyterLab's dark theme


def read(name):
    return (project.ROOT / name).read_text(encoding="utf-8")


def variables(css, start):
    """The colours that the block after `start` in a style sheet gives to its variables, {name: colour}."""
    filled = re.sub(r"\$\{(\w+)\}", lambda found: PALETTE[found[1]], css)
    block = filled[filled.index(start) :].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): *(?:var\([\w-]+, *)?(#[0-9a-fA-F]{3,6})\b", block))


@pytest.mark.parametrize("name", PALETTE)
def test_a_line_stands_out_from_every_ground(name):
    assert min(contrast(PALETTE[name], ground) for ground in GROUNDS) >= 3


@pytest.mark.parametrize("vision", VISIONS)
def test_colours_are_told_apart_with_any_colour_vision(vision):
    close = {pair: distance(*map(PALETTE.get, pair), vision) for pair in combinations(PALETTE, 2)}
    assert {pair: round(found, 2) for pair, found in close.items() if found < 1} == {}


def test_real_and_fake_stand_out_from_paper_and_are_told_apart():
    assert min(contrast(color, PAPER) for color in (pictures.REAL, pictures.FAKE)) >= 3
    assert min(distance(pictures.REAL, pictures.FAKE, vision) for vision in VISIONS) > 1


def test_colours_that_some_eyes_confuse_are_seen():
    red, brown = "#c83200", "#885000"
    assert distance(red, brown) > 3 > 0.1 > distance(red, brown, "protanopia")


def test_explorers_draw_in_the_colours_of_figures():
    script = read("coursekit/explorers/canvas.js")
    constants = dict(re.findall(r'export const ([A-Z]+) = "(#\w{6})"', script))
    assert {name: constants.get(name) for name in PALETTE} == PALETTE
    others = [path for path in (project.ROOT / "coursekit" / "explorers").glob("*.js") if path.name != "canvas.js"]
    named = {color.upper() for color in constants.values()}
    assert [path.name for path in others if named & set(re.findall(r"#\w{6}", path.read_text("utf-8").upper()))] == []


# Where colours are variables: the block of a theme, its grounds, and the variables that colour words and lines.
THEMES = {
    "explorers": ("coursekit/explorers/style.css", ".ck {", ["ck-ground"], "ck-ink ck-faint", "ck-line ck-focus"),
    "explorers, dark": (
        "coursekit/explorers/style.css",
        "body:not([data-jp-theme-light]) .ck {",
        ["ck-ground"],
        "ck-ink ck-faint",
        "ck-line ck-focus",
    ),
    "decks": ("slides/theme/theme.css", ":root", ["ground", "panel", "code"], "ink soft accent ask", "mark good"),
    "decks, dark": (
        "slides/theme/theme.css",
        '[data-theme="dark"]',
        ["ground", "panel", "code"],
        "ink soft accent ask",
        "mark good",
    ),
    "site": (
        "tools/site/static/site.css",
        'html[data-theme="light"]',
        [PAPER],
        "pst-color-link pst-color-link-hover pst-color-secondary pst-color-inline-code",
        "pst-color-primary pst-color-accent",
    ),
    "site, dark": (
        "tools/site/static/site.css",
        'html[data-theme="dark"]',
        ["#14181e"],  # of pydata-sphinx-theme
        "pst-color-link pst-color-link-hover pst-color-secondary pst-color-inline-code",
        "pst-color-primary pst-color-accent",
    ),
}


@pytest.mark.parametrize("theme", THEMES)
def test_words_and_lines_stand_out_in(theme):
    file, start, grounds, words, lines = THEMES[theme]
    colors = variables(read(file), start)
    for ground in grounds:
        ground = colors.get(ground, ground)
        faint = {name: contrast(colors[name], ground) for name in words.split() if contrast(colors[name], ground) < 4.5}
        faint |= {name: contrast(colors[name], ground) for name in lines.split() if contrast(colors[name], ground) < 3}
        assert faint == {}, f"on {ground}"


@pytest.mark.parametrize("start", [":root", "prefers-color-scheme: dark"])
def test_words_of_feedback_stand_out(start):
    colors = variables(read(feedback.__file__), start)
    words = ("ink", "soft", "right", "wrong", "open")
    pairs = [(word, ground) for word in words for ground in ("ground", "card", "code")]
    assert {pair for pair in pairs if contrast(*map(colors.get, pair)) < 4.5} == set()


@pytest.mark.parametrize("name", ["pages", "printed"])
def test_words_of_quizzes_stand_out(name):
    """Every colour of words is dark enough for the darkest ground of its page."""
    css = read(f"coursekit/grading/quiz/{name}.py")
    words = set(re.findall(r"[^-]color: (#\w+)", css))
    grounds = set(re.findall(r"background: (#\w+)", css)) - {
        "#e9e9e9"
    }  # around the sheets on the screen, without words
    assert (
        words
        and {(word, ground) for word in words for ground in {PAPER, *grounds} if contrast(word, ground) < 4.5} == set()
    )
