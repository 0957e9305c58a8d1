"""What Sphinx reads: a folder with one file a page, made of lectures, assignments and texts of the repository."""

import base64
import functools
import hashlib
import posixpath
import re
import shutil

import nbformat
from mdit_py_plugins.anchors.index import slugify
from nbformat.v4 import new_markdown_cell

import glossary
import teaching
from coursekit.grading import published
from coursekit.lectures import LECTURES, find
from edition import FOLDER, ROOT, SiteError, exercises, explorers, lite
from edition.reference import modules, write_reference

_BADGE = re.compile(r"\[!\[[^]]*\]\([^)]*\)\]\([^)]*\)\s*")
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)\s]+)\)")
_TITLE = "# @title "  # the first words of a cell whose code nobody needs to read
_FOLDED = {"code_prompt_show": "Show what is checked", "code_prompt_hide": "Hide what is checked"}
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_PAGES = (  # a file of the repository, and the page that shows it
    (r"notebooks/(\d\d_.+)", r"lectures/\1"),
    (r"assignments/\w+/student/(\w+\.ipynb)", r"assignments/\1"),
    (r"slides/teaching/(.+)", r"teaching/\1"),
    (r"tools/site/texts/(\w+\.md)", r"\1"),
)
ASSIGNMENTS = ("hw1_numpy_network", "hw2_convolution", "hw3_brain_food", "quiz1", "quiz2")


def stage(folder, root=ROOT, described=None):
    """Write all source pages into `folder`, and what is only copied into `folder`/extra.

    Raises SiteError for a lecture without outputs, since nothing is run here. `described` names the modules of the
    reference; all of them unless given.
    """
    repository = published.read(ROOT)
    written = [lecture for lecture in LECTURES if (root / "notebooks" / f"{lecture.stem}.ipynb").exists()]
    if not written:
        raise SiteError(f"There is no lecture of coursekit/lectures.py in {root / 'notebooks'}.")
    decks = root / "slides" / "_build"
    for lecture in written:
        _stage_lecture(folder, root, lecture, repository, decks)
    for name in ASSIGNMENTS:
        path = root / "assignments" / name / "student" / f"{name}.ipynb"
        if path.exists():
            _stage_assignment(folder, path, repository)
    game = _game(root)
    _write(folder / "index.md", _filled("index.md", map=_course_map(written), first=written[0].stem, game=game))
    _write(folder / "glossary.md", _filled("glossary.md", terms=glossary.page(functools.partial(_linked, written))))
    names = "\n".join(lecture.stem for lecture in written)
    _write(folder / "lectures" / "index.md", _filled("lectures.md", list=names))
    _write(folder / "assignments" / "index.md", _filled("assignments.md", list=_assignment_toctree(folder)))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, title, text = readme.partition("# For lecturers")
    text = re.sub("(?m)^###", "##", text.partition("<!-- /lecturers -->")[0])  # the part is a page of its own
    text = _outward(title + text, "", repository, root)
    _write(folder / "lecturers.md", text + _stage_teaching(folder, root, written, repository))
    data = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    _write(folder / "data.md", _outward(data, "data/", repository, root))
    for name in ("accessibility.md", "privacy.md"):
        _write(folder / name, _filled(name))
    _write(folder / "lite.md", _filled("lite.md", list=_in_browser(root)))
    write_reference(folder / "reference", modules() if described is None else described)


def live(folder, root=ROOT):
    """Write the explorers of the lectures staged in `folder`; return {checksum of a picture: what lives there}."""
    repository = published.read(ROOT)
    lectures = [root / "notebooks" / path.name for path in sorted((folder / "lectures").glob("*.ipynb"))]
    return explorers.write(folder / "extra", lectures, lambda name: repository.colab(f"notebooks/{name}"))


def pictures(folder):
    """Return {checksum of a picture: its alt text} of every figure in the notebooks below `folder`.

    myst-nb writes a figure to a file that bears its checksum and drops the words, so this finds them again. Raises
    SiteError for a figure without words.
    """
    found = {}
    for path in sorted(folder.rglob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for checksum, alt in figures(cell):
                if not alt:
                    raise SiteError(f'{path.name}, cell {cell.id}: a figure has no alt text. Give plots.show(alt="…").')
                found[checksum] = alt
    return found


def figures(cell):
    """Yield (checksum, alt text) of the PNG pictures that a cell stores."""
    for output in cell.get("outputs", []):
        if "image/png" in output.get("data", {}):
            words = output.get("metadata", {}).get("image/png", {}).get("alt", "")
            yield hashlib.sha256(base64.b64decode(output["data"]["image/png"])).hexdigest(), words


def _stage_lecture(folder, root, lecture, repository, decks):
    name = f"{lecture.stem}.ipynb"
    source = root / "notebooks" / name
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code" and "plots.show(" in cell.source and not any(figures(cell)):
            raise SiteError(
                f"{name}, cell {cell.id}: its figure is not stored, and the site runs nothing. "
                f"Run `make outputs NOTEBOOK={lecture.number}` first."
            )
        if cell.cell_type == "code":
            cell.outputs = _in_one_piece(cell.outputs)
    colab = repository.colab(f"notebooks/{name}")
    notebook.cells = [part for cell in notebook.cells for part in _with_form(cell, colab)]
    links = ['<a href="../lite.html">Run in the browser</a>'] if lecture.number in lite.LECTURES else []
    if (decks / f"{lecture.stem}.html").exists():
        for words, ending in (("Slides", ".html"), ("as PDF", ".pdf"), ("without answers", "-handout.pdf")):
            if (decks / f"{lecture.stem}{ending}").exists():
                links.append(f'<a href="../decks/{lecture.stem}{ending}">{words}</a>')
                _copy(decks / f"{lecture.stem}{ending}", folder / "extra" / "decks")
    more = f"<p>{' · '.join(links)}</p>" if links else ""
    row = _row(colab, name) + more
    _store(notebook, row, folder / "lectures" / name)
    _copy(source, folder / "extra" / "notebooks")


def _in_one_piece(outputs):
    """Return the outputs with neighbouring prints joined: a slow cell stores them as they came, line by line."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" and output.get("name") == last.get("name"):
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _stage_teaching(folder, root, written, repository):
    """Write the pages for those who teach; return the list of them that the page for lecturers ends with, as Markdown.

    In a table of minutes each section becomes a link to itself. A course without such pages has no list.
    """
    stems = ["README", *(lecture.stem for lecture in written)]
    paths = [path for stem in stems if (path := root / "slides" / "teaching" / f"{stem}.md").exists()]
    for path in paths:
        text, notebook = path.read_text(encoding="utf-8"), f"notebooks/{path.stem}.ipynb"
        for name in teaching.sections(root / notebook) if path.stem != "README" else []:
            text = text.replace(f"| {name} |", f"| [{name}](../../{notebook}#{slugify(name)}) |")
        _write(folder / "teaching" / path.name, _outward(text, "slides/teaching/", repository, root))
    names = "\n".join(f"teaching/{path.stem}" for path in paths)
    return f"\n```{{toctree}}\n:hidden:\n\n{names}\n```\n" if paths else ""


def _with_form(cell, colab):
    """Return the cell, and below it, where it checks an exercise, the form that asks for the answer on the page.

    The stored "not answered yet" gives way to it.
    """
    found = exercises.asked(cell.source) if cell.cell_type == "code" else None
    if not found:
        return [cell]
    cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
    return [cell, new_markdown_cell(exercises.form(*found, colab))]


def _stage_assignment(folder, path, repository):
    notebook = nbformat.read(path, as_version=4)
    texts = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    levels = re.findall(r"^(##+) ", "\n".join(cell.source for cell in texts), re.MULTILINE)
    skips = levels[:1] == ["###"]  # a quiz has questions but no parts
    for cell in texts:
        cell.source = _COMMENT.sub("", cell.source)
        cell.source = re.sub(r"^### ", "## ", cell.source, flags=re.MULTILINE) if skips else cell.source
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.startswith(_TITLE):  # Colab folds it, too
            cell.metadata |= {"tags": ["hide-input"], "mystnb": _FOLDED}
    address = repository.colab(path.relative_to(ROOT).as_posix()) if path.is_relative_to(ROOT) else ""
    _store(notebook, _row(address, path.name), folder / "assignments" / path.name)
    _copy(path, folder / "extra" / "notebooks")


def _row(colab, name):
    """Return what a notebook's page offers below its title. Text, no picture: a badge asks another host."""
    return (
        f'<p class="offers"><a href="{colab}">Open in Colab</a> '
        f'<a href="../notebooks/{name}" download>Download notebook</a></p>'
    )


def _store(notebook, row, path):
    """Write the notebook with `row` below its title, where the badge stood."""
    title, _, rest = notebook.cells[0].source.partition("\n")
    notebook.cells[0].source = f"{title}\n\n{row}\n\n{_BADGE.sub('', rest).strip()}\n"
    notebook.metadata.pop("widgets", None)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def _filled(name, **parts):
    text = (FOLDER / "texts" / name).read_text(encoding="utf-8")
    for key, value in parts.items():
        text = text.replace(f"@{key}@", value)
    return text


def _course_map(written):
    lines = ["| No. | Lecture | What it teaches |", "|---|---|---|"]
    for lecture in LECTURES:
        topic, _, teaches = lecture.teaches.partition(": ")
        title = f"[{lecture.title}](lectures/{lecture.stem}.ipynb)" if lecture in written else "planned"
        lines.append(f"| {lecture.number} | {title} | **{topic}:** {teaches} |")
    return "\n".join(lines)


def _in_browser(root):
    names = [path.name for path in lite.notebooks(root)]
    return "\n".join(f'- <a href="{lite.address(name)}">{name[:2]} · {find(name[:2]).topic}</a>' for name in names)


def _linked(written, number):
    """Return a lecture's number, as a link in Markdown where the lecture is written."""
    stems = [lecture.stem for lecture in written if lecture.number == number]
    return f"[{number}](lectures/{stems[0]}.ipynb)" if stems else number


def _game(root):
    """Return the start page's part with the game of lecture 09, in Markdown; nothing where that is not written.

    Its picture has the name under which myst-nb will store it, and comes alive as on the lecture's page.
    """
    path = root / "notebooks" / f"{find('09').stem}.ipynb"
    cells = nbformat.read(path, as_version=4).cells if path.exists() else []
    games = [cell for cell in cells if "RealOrFake(" in cell.source and any(figures(cell))]
    if not games:
        return ""
    picture, words = next(figures(games[0]))
    return _filled("game.md", picture=picture, words=words, lecture=f"lectures/{path.name}")


def _assignment_toctree(folder):
    return "\n".join(name for name in ASSIGNMENTS if (folder / "assignments" / f"{name}.ipynb").exists())


def _outward(text, folder, repository, root):
    """Return Markdown of the repository's `folder` with links that lead to pages of this site.

    A file that has no page here, or does not exist below `root`, is linked where the repository is published.
    """
    here = "teaching" if folder == "slides/teaching/" else "."

    def moved(match):
        name = posixpath.normpath(posixpath.join(folder, match[1]))
        for pattern, page in _PAGES:
            if re.fullmatch(pattern, name) and (root / name.partition("#")[0]).is_file():
                return f"]({posixpath.relpath(re.sub(pattern, page, name), here)})"
        return f"]({repository.address}/blob/{repository.term}/{name})"

    return _LINK.sub(moved, text)


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _copy(path, folder):
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, folder)
