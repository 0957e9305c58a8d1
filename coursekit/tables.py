"""A table of rows that prints as text and as HTML and needs no data-frame library."""

import sys
from dataclasses import dataclass
from html import escape

_PLAIN = str.maketrans({"×": "x", "−": "-", "·": "*", "…": "...", "–": "-", "✓": "OK", "✗": "NO", "≈": "~", "→": "->"})
MOST_ROWS = 80  # of a longer table the middle is left out when it is shown


@dataclass(frozen=True)
class Column:
    """How one attribute of the rows is shown: its heading, and whether numbers stand at the right."""

    heading: str
    attribute: str
    right: bool = False


class Table:
    """Rows (any objects) shown in columns, under a title and over a line of summary.

    `rows` is the plain list; `table["conv1"]` is the row of that name, `table[0]` the first. All rows are
    printed up to 80; of longer tables the middle is left out (`text(most=None)` gives every row).

    >>> from types import SimpleNamespace as Row
    >>> print(Table("Layers", [Column("name", "name"), Column("size", "size", right=True)],
    ...             [Row(name="conv1", size=12), Row(name="conv2", size=3)], "2 layers"))
    Layers
    name   size
    -----  ----
    conv1    12
    conv2     3
    2 layers
    """

    def __init__(self, title, columns, rows, summary):
        self.title, self.columns, self.rows, self.summary = title, tuple(columns), list(rows), summary

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        return iter(self.rows)

    def __getitem__(self, key):
        if not isinstance(key, str):
            return self.rows[key]
        for row in self.rows:
            if row.name == key:
                return row
        listed = ", ".join(row.name for row in self.rows)
        raise KeyError(f"no layer is called {key!r}; the layers are {listed}")

    def text(self, most=MOST_ROWS):
        """Return the table as aligned text, with at most `most` rows (None for all)."""
        cells = [[show(getattr(row, column.attribute)) for column in self.columns] for row in self.rows]
        before, left_out, after = _middle_left_out(cells, most)
        shown = before + after
        headings = [column.heading for column in self.columns]
        widths = [max(map(len, column)) for column in zip(headings, *shown)]
        lines = [self._line(row, widths) for row in [headings, ["-" * width for width in widths], *before]]
        lines += [f"… {left_out} more layers …"] if left_out else []
        lines += [self._line(row, widths) for row in after]
        return "\n".join([self.title, *lines, self.summary])

    def _line(self, cells, widths):
        aligned = (
            cell.rjust(width) if column.right else cell.ljust(width)
            for cell, width, column in zip(cells, widths, self.columns)
        )
        return "  ".join(aligned).rstrip()

    def __repr__(self):
        return printable(self.text())

    __str__ = __repr__

    def _repr_html_(self):
        """Return the table as HTML for notebooks: with a caption, headings in scope, numbers at the right."""
        before, left_out, after = _middle_left_out(self.rows, MOST_ROWS)
        headings = (f'<th scope="col"{_style(one)}>{escape(one.heading)}</th>' for one in self.columns)
        across = f'<tr><td colspan="{len(self.columns)}">{{}}</td></tr>'  # one cell over all columns
        gap = [across.format(f"… {left_out} more layers …")] if left_out else []
        body = [*map(self._html_row, before), *gap, *map(self._html_row, after)]
        return (
            f"<table><caption>{escape(self.title)}</caption><thead><tr>{''.join(headings)}</tr></thead>"
            f"<tbody>{''.join(body)}</tbody><tfoot>{across.format(escape(self.summary))}</tfoot></table>"
        )

    def _html_row(self, row):
        cells = []
        for number, column in enumerate(self.columns):
            tag, scope = ("td", "") if number else ("th", ' scope="row"')
            cell = escape(show(getattr(row, column.attribute)))
            cells.append(f"<{tag}{scope}{_style(column)}>{cell}</{tag}>")
        return f"<tr>{''.join(cells)}</tr>"


def printable(text):
    """Return `text` as standard output can take it, which on Windows or in a bare C locale knows few letters.

    >>> printable("3 × 4 − 1")      # where it knows these
    '3 × 4 − 1'
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
        return text
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)


def show(value):
    """Return a cell as people read it: thousands apart, sizes with ×, nothing for None.

    >>> show(61506), show((124, 124, 32)), show(None)
    ('61,506', '124×124×32', '')
    """
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "×".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _middle_left_out(rows, most):
    """Return the first rows, the number left out, and the last rows."""
    if most is None or len(rows) <= most:
        return rows, 0, []
    half = most // 2
    return rows[:half], len(rows) - 2 * half, rows[-half:]


def _style(column):
    return ' style="text-align: right; white-space: nowrap"' if column.right else ' style="text-align: left"'
