"""From staged pages to a site: Sphinx, then the checks, then the one move that makes it the site."""

import io
import os
import re
import shutil
import tempfile
from pathlib import Path

from edition import BUILT, FOLDER, ROOT, SiteError, checking, lite, staging
from slides import SlidesError, parts

CONFIGURATION = {
    "project": "Convolutional neural networks for scientific and medical images",
    "html_title": "CNN course",
    "html_theme": "pydata_sphinx_theme",
    "extensions": ["sphinx.ext.autodoc", "myst_nb", "edition.extension"],
    "exclude_patterns": ["extra"],
    "nb_execution_mode": "off",
    "nb_ipywidgets_js": {},  # explorers need no widgets here; these scripts would ask other hosts
    "myst_enable_extensions": ["dollarmath"],
    "myst_update_mathjax": False,
    "myst_heading_anchors": 4,
    "html_favicon": str(FOLDER / "static" / "favicon.svg"),
    "html_math_renderer": "katex",
    "default_role": "code",  # as the docstrings mean it
    "autodoc_member_order": "bysource",
    "autodoc_preserve_defaults": True,
    "autodoc_typehints": "none",
    "html_static_path": [str(FOLDER / "static")],
    "html_css_files": ["katex/katex.min.css", "explorers/explorers.css", "site.css"],
    "html_js_files": ["site.js"],
    "html_context": {"default_mode": "auto"},
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_show_search_summary": False,  # it fetches pages, which a browser forbids where they are opened from a folder
    "html_show_copyright": False,
    "html_show_sphinx": False,
    "html_sidebars": {
        "**": ["sidebar-nav-bs"],
        **dict.fromkeys(
            ("index", "glossary", "data", "lite", "accessibility", "privacy"), []
        ),  # they have no neighbours
    },
    "html_theme_options": {
        "logo": {"text": "CNN course"},
        "navbar_align": "left",
        "search_bar_text": "Search the course …",
        "header_links_before_dropdown": 6,
        "navigation_depth": 2,
        "navigation_with_keys": False,  # arrow keys belong to the explorers
        "show_nav_level": 1,
        "show_toc_level": 1,
        "back_to_top_button": False,
        "pygments_light_style": "a11y-high-contrast-light",
        "pygments_dark_style": "a11y-high-contrast-dark",
        "footer_start": ["theme-version"],
        "footer_end": [],
    },
}


def build(out=BUILT, root=ROOT, described=None):
    """Build the site of the course in the folder `root` and return its folder, `out`.

    It is made beside `out` and takes its place when everything is right. Raises SiteError with all that is wrong;
    then `out` is gone, since an old site beside new lectures would mislead.
    """
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=out.parent) as place:
        place = Path(place)
        try:
            front_end = parts.fetch()
        except SlidesError as error:
            raise SiteError(f"The site sets its formulas as the slides do. {error}") from error
        staging.stage(place / "pages", root, described)
        live = staging.live(place / "pages", root)
        _sphinx(place, front_end, live)
        if lite.notebooks(root):
            lite.write(place / "html" / "lite", root)
        wrong = checking.faults(place / "html")
        if wrong:
            raise SiteError("The pages are not in order:\n" + "\n".join(wrong))
        (place / "html").rename(out)
    return out


def _sphinx(place, front_end, live):
    """Run Sphinx on `place`/pages, into `place`/html. A warning of Sphinx is a fault, and named."""
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    katex = front_end / parts.KATEX
    shutil.copytree(katex, place / "pages" / "extra" / "_static" / "katex", ignore=shutil.ignore_patterns("*.js"))
    settings = CONFIGURATION | {
        "html_extra_path": [str(place / "pages" / "extra")],
        "edition_alts": staging.pictures(place / "pages"),
        "edition_parts": str(front_end),
        "edition_explorers": live,
    }
    warnings = io.StringIO()
    folders = (place / "pages", None, place / "html", place / "doctrees")
    try:
        with patch_docutils(), docutils_namespace():  # so that one process can build several sites
            app = Sphinx(*folders, "html", settings, status=None, warning=warnings, parallel=os.cpu_count() or 1)
            app.build(force_all=True)
    except SphinxError as error:
        raise SiteError(f"Sphinx stopped: {error}") from error
    said = re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue()).replace(str(place / "pages") + "/", "").strip()
    if said:
        raise SiteError(f"Sphinx says:\n{said}")
    shutil.rmtree(place / "html" / ".doctrees", ignore_errors=True)
