"""What people read in the project's files: text without code, formulas, addresses and titles, to judge its language.

A word of a library, such as `color`, is code: it stands between backticks, in a call, or in a string that is no
sentence, and is left out. Line breaks stay, so that a place can be told.
"""

import ast
import functools
import io
import json
import re
import tokenize

from IPython.core.inputtransformer2 import TransformerManager

import project

SENTENCE = 4  # words; a shorter string is a name, a key or a setting
MADE_BY_OTTER = re.compile(r"data/assignments/|assignments/\w+/student/")  # their masters are read
CODE = (  # counts as one word, as formulas do
    r"``[^`\n]+``|`[^`\n]+`|\$\$[^$]*\$\$|\$[^$\n]+\$|"
    r"\b\w*[a-z][A-Z]\w*|\b[A-Z]{2,}\b"  # BatchNormalization, LICENSE
)
LEFT_OUT = (
    r"(?ms)^ *(```+|~~~+).*?^ *\1",  # code between fences
    r"(?m)^ *(?:>>>|\.\.\. ).*$",  # examples of docstrings
    r"(?s)<style.*?</style>|<script.*?</script>|</?[a-zA-Z][^<>]*>",
    r"\{[^{}]*:[^{}]*\}",  # of style sheets
    r"(?m)^.*(?:arXiv|\bdoi\b|ISBN).*$",  # sources
    r"\"[A-Z][^\"\n]*\"",
    r"https?://\S+|(?<=\])\([^)\s]*\)",  # addresses, bare or of a link
    r"(?<![\w.])--?[a-z][a-z-]*",  # options of commands
    r"\b[\w.-]+\.(?:py|ipynb|json|css|js|md|csv|png|npz|zip)\b",
)
JAVASCRIPT = re.compile(  # two kinds of comment, three of string
    r"""(?s)//([^\n]*)|/\*(.*?)\*/|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`"""
)


def markdown(text):
    r"""Return the words of Markdown or of a docstring.

    >>> markdown("The `color` of [a line](color.md)\nis $c$, says <b class='color'>it</b>.").split()
    ['The', '·', 'of', '[a', 'line]', 'is', '·,', 'says', 'it', '.']
    """
    text = re.split(r"(?m)^#+ References", text)[0]  # titles are spelt as their authors spell them
    for removed in LEFT_OUT:
        text = re.sub(removed, lambda found: " " + "\n" * found.group().count("\n"), text)
    return re.sub(CODE, "·", text)


def python(source, strings=True):
    r"""Return the comments and docstrings of Python code, and with `strings` its sentences, each on its line.

    >>> python('size(color="a")  # the colour of `color`\nraise Error(f"no colour of {color} is right")').split("\n")
    [' the colour of ·', 'no colour of   is right']
    """
    lines = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            lines.setdefault(token.start[0], []).append(markdown(token.string.lstrip("#")))
    tree = ast.parse(source)
    nodes = list(ast.walk(tree)) if strings else [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    inside = {part for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            text = "".join(part.value if isinstance(part, ast.Constant) else " " for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside:
            text = node.value
        else:
            continue
        if len(text.split()) >= SENTENCE:
            for i, line in enumerate(markdown(text).split("\n")):
                lines.setdefault(node.lineno + i, []).append(line)
    return "\n".join(" ".join(lines.get(i + 1, [])) for i in range(max(lines, default=0)))


def javascript(source):
    r"""Return the comments and sentences of JavaScript or of a style sheet, each on its line.

    >>> javascript('line({color}); // a colour\nsay(`No good colour for ${color}.`, "color")').split("\n")
    [' a colour', 'No good colour for  .']
    """
    lines = {}
    for found in JAVASCRIPT.finditer(source):
        number = source.count("\n", 0, found.start())
        said = found[found.lastindex]
        if found.lastindex > 2:
            said = re.sub(r"\$\{[^{}]*\}", " ", said) if len(said.split()) >= SENTENCE else ""
        for i, line in enumerate(markdown(said).split("\n") if said else []):
            lines.setdefault(number + i, []).append(line)
    return "\n".join(" ".join(lines.get(i, [])) for i in range(max(lines, default=-1) + 1))


def notebook(source, code=True):
    """Return the text cells of a notebook, and with `code` the comments and sentences of the others."""
    readers = {"markdown": markdown, "code": lambda text: python(TransformerManager().transform_cell(text))}
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(source)["cells"]]
    kinds = readers if code else ("markdown",)
    return "\n\n".join(readers[kind](text) for kind, text in cells if kind in kinds)


def sentences(text):
    r"""Return the sentences of Markdown without code, each as its words; headings and tables have none.

    >>> sentences("# A title\nOne *short* (see\nbelow). Another, e.g. this; it goes on.\n- An item\n- · more\n| a | b |")
    [['One', '*short*', '(see', 'below).'], ['Another,', 'e.g.', 'this;', 'it', 'goes', 'on.'], ['An', 'item'], ['·', 'more']]
    """
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)|(?m:^\s*[|#:].*$)", text)
    end = r"(?<=[.!?])[\"”)*_\]]*\s+(?=[\"“(*_\[]*[A-ZÀ-Þ·0-9])"
    found = (
        [word for word in part.split() if re.search(r"[\w·]", word)]
        for block in blocks
        for part in re.split(end, block)
    )
    return [words for words in found if words]


READERS = {".md": markdown, ".py": python, ".js": javascript, ".css": javascript, ".ipynb": notebook}


def everywhere():
    """Return {name of a file: its prose} of the project's files."""
    found = {}
    for name in project.files():
        path = project.ROOT / name
        if path.suffix in READERS and not MADE_BY_OTTER.match(name):
            # In the strings of tests stand answers of students, styles and scripts.
            reader = (
                functools.partial(python, strings=False) if re.match(r"tests/.*\.py", name) else READERS[path.suffix]
            )
            found[name] = reader(path.read_text(encoding="utf-8"))
    return found
