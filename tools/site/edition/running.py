"""Run by a Python of its own: the cells that explorers need, lecture by lecture, and the page of each explorer.

It reads {stem: [[id, source, whether an explorer is shown], …]} as JSON from standard input and writes
{stem: {id: {"page", "python"}}}, or {"fault": …}, to the file that it is given.
"""

import ast
import json
import sys


def run(cells):
    """Return {id: {"page": HTML, "python": what only Python can do}} of the explorers that the cells show."""
    names, found = {"__name__": "__main__"}, {}
    for identity, source, shows in cells:
        tree = ast.parse(source)
        last = tree.body.pop() if shows else None
        exec(compile(tree, identity, "exec"), names)
        if shows:
            explorer = eval(compile(ast.Expression(last.value), identity, "eval"), names)
            found[identity] = {"page": explorer.to_html(), "python": explorer.python_only}
    return found


def main(out):
    """Write the pages of all lectures to the file `out`, or the first fault with its place."""
    told = {}
    for stem, cells in json.load(sys.stdin).items():
        try:
            told[stem] = run(cells)
        except Exception as error:
            place = error.__traceback__
            while place.tb_next and not any(place.tb_frame.f_code.co_filename == one for one, *_ in cells):
                place = place.tb_next
            cell = place.tb_frame.f_code.co_filename
            told = {"fault": f"{stem}.ipynb, cell {cell}: {type(error).__name__}: {error}"}
            break
    with open(out, "w", encoding="utf-8") as file:
        json.dump(told, file)


if __name__ == "__main__":
    main(sys.argv[1])
