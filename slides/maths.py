r"""Formulas: LaTeX between dollar signs, set by KaTeX while the slides are built, so that pages need no script.

Each formula becomes HTML for the eye and MathML for screen readers.
"""

import json
import re
import subprocess

from slides import SlidesError
from slides.parts import KATEX, program

# Code is skipped; $$…$$ is a formula on a line of its own.
_FORMULA = re.compile(r"(?P<code>`[^`]*`)|\$\$(?P<display>.+?)\$\$|\$(?P<inline>[^$\n]+?)\$", re.DOTALL)
_SCRIPT = """
const katex = require(process.argv[1]);
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
const set = ([latex, displayMode]) => {
  try { return { html: katex.renderToString(latex, { displayMode, output: "htmlAndMathml", strict: "error" }) }; }
  catch (error) { return { error: error.message }; }
};
process.stdout.write(JSON.stringify(formulas.map(set)));
"""


def take_out(text, formulas):
    r"""Return Markdown with each formula replaced by a placeholder; (LaTeX, on its own line) goes to the list.

    >>> found = []
    >>> take_out("from $x$ to `$5`:\n$$y = 2$$", found), found
    ('from @formula0@ to `$5`:\n@formula1@', [('x', False), ('y = 2', True)])
    """

    def placeholder(match):
        if match["code"]:
            return match["code"]
        formulas.append((match["display"] or match["inline"], match["display"] is not None))
        return f"@formula{len(formulas) - 1}@"

    return _FORMULA.sub(placeholder, text)


def put_back(html, formulas, parts):
    """Return HTML with the placeholders replaced by the formulas. Raises SlidesError for LaTeX that KaTeX refuses."""
    if not formulas:
        return html
    node = program("node", "it sets the formulas of the slides")
    done = subprocess.run(
        [node, "-e", _SCRIPT, str(parts / KATEX / "katex.min.js")],
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SlidesError(f"node could not set the formulas:\n{done.stderr.strip()[-800:]}")
    results = json.loads(done.stdout)
    for (latex, _), result in zip(formulas, results):
        if "error" in result:
            raise SlidesError(f"The formula {latex!r} cannot be set: {result['error']}")
    return re.sub(r"@formula(\d+)@", lambda match: results[int(match[1])]["html"], html)
