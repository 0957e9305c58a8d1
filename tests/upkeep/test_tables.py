"""Laws of the printed tables."""

import subprocess
import sys
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

import project
from coursekit.tables import Column, Table, show


def table(count=2):
    rows = [SimpleNamespace(name=f"conv{n}", size=(n, n), number=1000 * n) for n in range(1, count + 1)]
    return Table("Title", [Column("layer", "name"), Column("size", "size"), Column("n", "number", True)], rows, "end")


class Cells(HTMLParser):
    """Collects the tags and texts of a page, and demands that all tags are closed in order."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.texts = [], [], []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_text_aligns_words_left_and_numbers_right():
    assert str(table()) == (
        "Title\nlayer  size      n\n-----  ----  -----\nconv1  1×1   1,000\nconv2  2×2   2,000\nend"
    )
    assert repr(table()) == str(table())


def test_html_holds_the_same_cells_with_a_caption_and_headings_in_scope():
    page = Cells(table()._repr_html_())
    assert page.texts == ["Title", "layer", "size", "n", "conv1", "1×1", "1,000", "conv2", "2×2", "2,000", "end"]
    tags = [tag for tag, _ in page.tags]
    assert tags.count("caption") == 1 and tags.count("tr") == 4
    assert [attrs.get("scope") for tag, attrs in page.tags if tag == "th"] == ["col"] * 3 + ["row"] * 2
    assert [attrs["style"] for tag, attrs in page.tags if tag == "td" and "style" in attrs][
        1
    ] == "text-align: right; white-space: nowrap"


def test_html_escapes_what_a_layer_is_called():
    risky = Table("<t>", [Column("<c>", "name")], [SimpleNamespace(name="<script>")], "<s>")
    assert Cells(risky._repr_html_()).texts == ["<t>", "<c>", "<script>", "<s>"]


def test_the_middle_of_a_long_table_is_left_out_when_shown_and_kept_in_rows():
    long = table(100)
    for shown in (str(long), long._repr_html_()):
        assert "… 20 more layers …" in shown
        assert "conv40<" in shown or "conv40 " in shown
        assert "conv41<" not in shown and "conv41 " not in shown and "conv60<" not in shown and "conv60 " not in shown
        assert "conv61<" in shown or "conv61 " in shown
    assert len(long) == len(long.rows) == len(list(long)) == 100
    assert "more layers" not in long.text(most=None) and len(long.text(most=None).splitlines()) == 104
    assert len(long.text(most=4).splitlines()) == 9
    assert "more layers" not in str(table(80))


def test_rows_are_found_by_name_and_by_number():
    assert table()["conv2"].number == 2000 and table()[0].name == "conv1" and table()[-1].name == "conv2"
    with pytest.raises(KeyError, match="no layer is called 'conv3'; the layers are conv1, conv2"):
        table()["conv3"]


@pytest.mark.parametrize("value, text", [(None, ""), (1234567, "1,234,567"), ((3, 4), "3×4"), ("x", "x"), ((), "")])
def test_cells_read_as_people_write(value, text):
    assert show(value) == text


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437", "latin-1"])
@pytest.mark.parametrize(
    "source",
    [
        "from coursekit import architectures, receptive_field; print(receptive_field.table(architectures.vgg('D')))",
        "from coursekit import architectures, counting; print(counting.table(architectures.brain_classifier()))",
        "from coursekit.checks import check; print(check('03.by_hand', ...)); print(check('03.by_hand', [[1.5]]))",
        "from coursekit import doctor; print(doctor.report([doctor.Finding('disk', 'good', 'There is room.')]))",
        "from coursekit import images; print(images.describe('retina'))",
        "from coursekit import backprop; print(backprop.gradient_check(lambda x: x.sum(), [1.0], [1.0]))",
    ],
    ids=["receptive field", "counts", "checks", "doctor", "pictures", "gradients"],
)
def test_what_is_printed_fits_an_old_terminal(encoding, source):
    done = subprocess.run(
        [sys.executable, "-c", source],
        capture_output=True,
        cwd=project.ROOT,
        env=project.environment(PYTHONIOENCODING=encoding),
    )
    assert done.returncode == 0 and len(done.stdout) > 10, done.stderr.decode()
    done.stdout.decode(encoding)
