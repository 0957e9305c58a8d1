"""The explorer of receptive fields: what the browser computes is what coursekit.receptive_field computes."""

import numpy as np
import pytest
import traitlets

import browser
from coursekit import architectures, receptive_field, specs
from coursekit.explorers import ReceptiveField
from coursekit.explorers.receptive_field import PRESETS

SMALL = np.random.default_rng(0).random((30, 22))


def drawn(seed):
    """A random stack on a random picture: sizes, windows, strides, padding and dilation all differ."""
    rng = np.random.default_rng(seed)
    layers = []
    for _ in range(rng.integers(1, 9)):
        shared = {"stride": int(rng.integers(1, 4)), "padding": str(rng.choice(["valid", "same"]))}
        kernel, dilation, size = (int(rng.integers(1, most)) for most in (6, 4, 4))
        convolution = {"kind": "convolution", "kernel": kernel, "dilation": dilation}
        pooling = {"kind": f"{rng.choice(['max', 'average'])} pooling", "size": size}
        layers.append((convolution if rng.integers(2) else pooling) | shared)
    layer, row, column = (int(rng.integers(0, most)) for most in (9, 60, 60))
    return ReceptiveField(rng.random(rng.integers(20, 70, 2)), layers, layer=layer, row=row, column=column)


@pytest.mark.parametrize("first", [0, 10, 20])
def test_the_browser_computes_what_python_computes(first, tab):
    for seed in range(first, first + 10):
        explorer = drawn(seed)
        compare(browser.computed(tab.page, explorer), explorer)


def compare(got, explorer):
    fitting = explorer.network[: len(got["rows"])]
    for row, expected in zip(got["rows"], receptive_field.table(fitting), strict=True):
        assert row["name"] == expected.name and tuple(row["size"]) == expected.shape[:2]
        assert ((row["field"],) * 2, (row["jump"],) * 2) == (expected.size, expected.stride)
        assert tuple(row["offset"]) == expected.offset
    assert (got["layer"], got["row"], got["column"]) == explorer.unit
    for cells, mask in zip(got["seen"], explorer.seen, strict=True):
        expected = np.zeros_like(mask)
        expected[np.ix_(*cells["inside"])] = True
        np.testing.assert_array_equal(expected, mask)
    assert (got["box"] and tuple(map(tuple, got["box"]))) == explorer.box
    for values, expected in zip(got["maps"], explorer.maps, strict=True):
        np.testing.assert_allclose(np.reshape(values, expected.shape), expected, atol=1e-5)


def test_what_does_not_fit_is_the_layer_that_python_names(tab):
    faults = []
    for seed in range(40, 60):
        explorer = drawn(seed)
        explorer.picture = SMALL[:9, :7]
        faults.append(browser.computed(tab.page, explorer)["error"])
        if faults[-1] is None:
            assert len(explorer.fields) == len(explorer.network)
            continue
        with pytest.raises(specs.LayerError, match=f"^layer '{faults[-1]['name']}'"):
            explorer.fields
    assert 5 < faults.count(None) < 15


def test_every_trait_counts(tab):
    first = ReceptiveField(SMALL, "three 3×3", layer=2, row=5, column=6)
    before = browser.computed(tab.page, first)
    assert browser.computed(tab.page, first, {"layers": [*first.layers[:2]]})["rows"] != before["rows"]
    for change in ({"layer": 3}, {"row": 4}, {"column": 4}):
        assert browser.computed(tab.page, first, change)["box"] != before["box"]
    page = tab.show(first)
    drawn = "document.querySelectorAll('.ck canvas')[1].toDataURL()"
    magnified = page.evaluate(drawn)
    page.get_by_label("magnify around the field").uncheck()
    assert page.evaluate(drawn) != magnified
    first.magnify = False
    assert tab.show(first).evaluate(drawn) != magnified


def test_padding_that_the_unit_asks_for_is_told_apart():
    """By hand: a "same" convolution at the corner asks for row −1; what it sees there is nothing."""
    explorer = ReceptiveField(SMALL, [specs.Conv(1, 3, padding="same")], row=0, column=0)
    assert explorer.box == ((0, 1), (0, 1)) and explorer.fields[-1].at((0, 0)) == ((-1, 1), (-1, 1))


def test_the_browser_lists_the_padding_apart(tab):
    explorer = ReceptiveField(SMALL, [specs.Conv(1, 3, padding="same")], row=0, column=21)
    seen = browser.computed(tab.page, explorer)["seen"]
    assert seen[0] == {"inside": [[0, 1], [20, 21]], "outside": [[-1], [22]]}


def status(page):
    return page.locator(".ck-status").inner_text().replace("\xa0", " ")


def test_a_unit_may_see_nothing_but_padding(tab):
    """By hand: two entries three pixels apart, centred on the only pixel, stand at −1 and 2."""
    explorer = ReceptiveField([[1]], [{"kind": "convolution", "kernel": 2, "dilation": 3, "padding": "same"}])
    assert explorer.box is None
    expected = "Unit (0, 0) of conv1 sees nothing of the picture: its windows meet only padding."
    assert status(tab.show(explorer)) == expected
    assert tab.complaints == []


def test_arrow_keys_move_the_unit_and_page_keys_change_the_layer(tab):
    explorer = ReceptiveField(layers="second brain classifier")
    page = tab.show(explorer)
    assert status(page) == "Unit (5, 4) of pool2 sees 24 × 24 pixels: rows 80–103, columns 64–87."
    page.get_by_label("pool2: the unit sees").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    explorer.row, explorer.column = 4, 8
    (top, bottom), (left, right) = explorer.box
    assert status(page).endswith(f"sees 24 × 24 pixels: rows {top}–{bottom}, columns {left}–{right}.")
    page.keyboard.press("PageDown")
    assert status(page) == "Unit (18, 34) of conv2 sees 12 × 12 pixels: rows 72–83, columns 136–147."
    assert "conv2" in page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_the_pointer_chooses_a_unit_in_the_picture_and_a_cell_in_a_layer(tab):
    page = tab.show(ReceptiveField(layers="three 3×3"))
    box = page.locator("canvas").first.bounding_box()
    page.mouse.click(box["x"] + 50.5 / 160 * box["width"], box["y"] + 100.5 / 192 * box["height"])
    assert status(page) == "Unit (97, 47) of conv3 sees 7 × 7 pixels: rows 97–103, columns 47–53."
    box = page.get_by_label("conv1: the unit sees").bounding_box()  # 11 × 11 pixels around (100.5, 50.5)
    page.mouse.click(box["x"] + 4.5 / 11 * box["width"], box["y"] + 5.5 / 11 * box["height"])
    assert status(page) == "Unit (99, 48) of conv1 sees 3 × 3 pixels: rows 99–101, columns 48–50."


def test_layers_are_added_edited_moved_and_removed(tab):
    page = tab.show(ReceptiveField(layers="three 3×3"))
    page.get_by_label("dilation of conv3").fill("4")
    assert status(page) == "Unit (90, 74) of conv3 sees 13 × 13 pixels: rows 90–102, columns 74–86."
    page.get_by_label("kind of the new layer").select_option("max pooling")
    page.get_by_role("button", name="add layer").click()
    assert "of pool1 sees 14 × 14 pixels" in status(page)
    page.get_by_label("move pool1 up").click()
    page.get_by_label("remove conv1").click()
    names = page.locator(".ck-layers tbody th").all_inner_texts()
    assert [name.split()[0] for name in names] == ["picture", "conv1", "pool1", "conv2"]
    page.get_by_label("conv1", exact=True).check()
    assert "of conv1 sees 3 × 3 pixels" in status(page)
    for _ in range(5):
        page.get_by_role("button", name="add layer").click()
    assert page.get_by_role("button", name="add layer").is_disabled()


def test_presets_are_named_and_chosen_by_name(tab):
    page = tab.show(ReceptiveField(layers="one 7×7"))
    assert page.get_by_label("network").evaluate("e => e.selectedOptions[0].text") == "one 7×7"
    page.get_by_label("network").select_option("dilated 2, 2, 2")
    assert "sees 13 × 13 pixels" in status(page) and "it reads only 49 of these pixels" in status(page)
    page.get_by_label("stride of conv1").fill("2")
    assert page.get_by_label("network").evaluate("e => e.selectedOptions[0].text") == "own"


def test_bad_numbers_and_layers_that_do_not_fit_are_told(tab):
    page = tab.show(ReceptiveField(SMALL, "one 7×7"))
    page.get_by_label("kernel of conv1").fill("0")
    assert status(page) == "kernel must be a whole number from 1 to 15."
    page.get_by_label("kernel of conv1").fill("12")
    page.get_by_label("dilation of conv1").fill("8")
    assert status(page).startswith("conv1 does not fit: its window spans 89 × 89, but picture is 30 × 22.")
    assert tab.complaints == []


def test_the_fields_of_the_presets_are_those_of_the_lecture():
    fields = {name: ReceptiveField(layers=name).fields[-1].size[0] for name in PRESETS}
    assert fields == {
        "three 3×3": 7,
        "one 7×7": 7,
        "brain classifier": 8,
        "second brain classifier": 24,
        "VGG, first two blocks": 16,
        "dilated 1, 2, 4": 15,
        "dilated 2, 2, 2": 13,
    }


def test_specs_may_be_given_and_come_back():
    explorer = ReceptiveField(layers=architectures.deeper_brain_classifier())
    assert [layer["name"] for layer in explorer.layers] == ["conv1", "pool1", "conv2", "pool2"]
    assert explorer.network[2] == specs.Pool(4, name="pool1")


@pytest.mark.parametrize(
    ("layers", "fault"),
    [
        ("vgg", "layers must be one of three 3×3.*Received: 'vgg'"),
        ([{"kind": "dense"}], r"layers\[0\]\['kind'\] must be one of 'convolution'.*Received: 'dense'"),
        ([{"kind": "convolution", "kernel": 0}], r"layers\[0\]\['kernel'\] must be an integer from 1 to 15.*: 0"),
        ([{"kind": "convolution", "size": 3}], r"layers\[0\] must have the settings kernel.*Received: 'size'"),
        ([{"kind": "convolution", "padding": "full"}], r"\['padding'\] must be one of 'valid', 'same'.*: 'full'"),
        ([specs.Conv(1, (3, 5))], "kernel.*Received: .3, 5."),
        ([specs.Norm("batch")], r"layers\[0\] must be one of convolution"),
        ([specs.Conv(1, 3)] * 9, "layers must be at most 8 layers. Received: 9"),
        ([{"kind": "convolution", "name": "a"}] * 2, "layers must give each name once"),
        ([{"kind": "convolution", "name": "a b"}], r"\['name'\] must be letters"),
        (3, "layers must be a list"),
    ],
)
def test_other_layers_are_refused_by_name(layers, fault):
    with pytest.raises((ValueError, traitlets.TraitError), match=fault):
        ReceptiveField(layers=layers)


def test_the_browser_may_ask_for_another_shipped_picture():
    explorer = ReceptiveField()
    explorer._own_wanted = "cat"
    assert explorer.picture.shape == (128, 192) and explorer.box
