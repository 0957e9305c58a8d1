"""The explorer that counts parameters: the browser counts what coursekit.counting and Keras count."""

import numpy as np
import pytest
import traitlets

import browser
from coursekit import architectures, counting, specs
from coursekit.explorers import ParameterCounter
from coursekit.explorers.parameter_counter import KINDS, PRESETS


def drawn(seed):
    """A random network: every kind of layer and every setting occurs; about every second one does not fit."""
    rng = np.random.default_rng(seed)

    def setting(key, rule):
        if isinstance(rule, dict):
            return int(rng.integers(1, {"filters": 20, "units": 30}.get(key, 6)))
        return rule[rng.integers(len(rule))]

    layers = []
    for _ in range(rng.integers(0, 6)):
        kind = str(rng.choice(["convolution", "convolution", "max pooling", "average pooling", "dense"]))
        layers.append({"kind": kind} | {key: setting(key, rule) for key, rule in KINDS[kind].items()})
    layers.insert(rng.integers(len(layers) + 1), {"kind": str(rng.choice(list(KINDS)[-1:-5:-1]))})
    return ParameterCounter(layers, drawn_dense(rng), input_shape=[int(n) for n in rng.integers(1, 40, 3)])


def drawn_dense(rng):
    return [{"kind": "flatten"}, {"kind": "dense", "units": int(rng.integers(1, 50))}][: rng.integers(3)]


def compare(got, expected):
    """Compare what the browser counted with a counting.table of as many layers."""
    for row, counted in zip(got["rows"], expected, strict=True):
        assert row["name"] == counted.name and tuple(row["shape"]) == counted.shape
        assert (row["parameters"], row["formula"]) == (counted.parameters, counted.formula)
        assert (row["multiply_adds"], row["memory"]) == (counted.multiply_adds, counted.memory)
    for cost, total in got["totals"].items():
        assert total == getattr(expected, cost)


@pytest.mark.parametrize("first", [0, 20])
def test_the_browser_counts_what_python_counts(first, tab):
    faults = 0
    for seed in range(first, first + 20):
        explorer = drawn(seed)
        got = browser.computed(tab.page, explorer)
        compare(got, counting.table(explorer.network[: len(got["rows"])]))
        compare(got["other"], explorer.other_counts)
        if got["error"] is None:
            assert len(got["rows"]) == len(explorer.network) and got["code"] == explorer.code
            continue
        faults += 1
        with pytest.raises(specs.LayerError, match=f"^layer '{got['error']['name']}'"):
            explorer.counts
        assert got["code"].startswith(f"# This network cannot be built: {got['error']['name']} ")
    assert 4 < faults < 16


@pytest.mark.parametrize("name", PRESETS)
def test_named_networks_become_dicts_and_specs_again(name, tab):
    explorer = ParameterCounter(name)
    original = counting.table(PRESETS[name])
    assert explorer.input_shape == PRESETS[name][0].shape
    assert list(explorer.network[1:]) == list(PRESETS[name][1:])
    assert explorer.counts.parameters == original.parameters
    compare(browser.computed(tab.page, explorer), explorer.counts)


def test_every_trait_and_setting_counts(tab):
    kinds = ("convolution", "max pooling", "flatten", "dense")
    first = ParameterCounter([{"kind": kind} for kind in kinds], other=[])
    before = browser.computed(tab.page, first)
    assert browser.computed(tab.page, first, {"input_shape": [32, 31, 1]})["totals"] != before["totals"]
    assert browser.computed(tab.page, first, {"other": first.layers})["other"] != before["other"]
    changes = [
        (0, "filters", 9),
        (0, "kernel", 5),
        (0, "stride", 2),
        (0, "padding", "same"),
        (0, "bias", False),
        (0, "activation", "relu"),
        (1, "size", 3),
        (1, "stride", 1),
        (1, "padding", "same"),
        (3, "units", 11),
        (3, "activation", "softmax"),
        (3, "bias", False),
    ]
    for index, key, value in changes:
        layers = [dict(layer) for layer in first.layers]
        layers[index][key] = value
        changed = browser.computed(tab.page, first, {"layers": layers})
        assert changed["code"] != before["code"], key
        if key not in ("activation", "padding"):
            assert changed["totals"] != before["totals"], key


def test_the_exported_code_runs_in_keras_and_has_the_counted_parameters(capsys):
    from coursekit import models  # noqa: F401  quiet TensorFlow

    small = [name for name in PRESETS if name != "dense, 200×200 in colour"]  # that one has 58 GB of weights
    networks = [ParameterCounter(name) for name in small]
    rest = [
        {"kind": "convolution", "filters": 4, "stride": 2, "padding": "same", "activation": "relu"},
        {"kind": "max pooling", "stride": 1},
        {"kind": "average pooling", "size": 3, "padding": "same"},
        {"kind": "dense", "units": 5, "bias": False},
        {"kind": "global max pooling"},
        {"kind": "dense", "units": 3, "activation": "sigmoid"},
    ]
    networks += [
        ParameterCounter(rest, input_shape=(17, 12, 3)),
        ParameterCounter([*rest[:3], {"kind": "global average pooling"}]),
    ]
    for explorer in networks:
        space = {}
        exec(explorer.code, space)
        model, counts = space["model"], explorer.counts
        assert model.count_params() == counts.parameters
        assert capsys.readouterr().out.strip() == f"{counts.parameters:,} parameters"
        assert explorer.code.splitlines()[-1].endswith(f"# {counts.parameters:,}")
        for layer, row in zip(model.layers, counts[1:], strict=True):
            assert (layer.name, tuple(layer.output.shape[1:])) == (row.name, row.shape)
        assert [row.formula for row in counting.table(model)][1:] == [row.formula for row in counts][1:]


def status(page):
    return page.locator(".ck-status").inner_text().replace("\xa0", " ")


def test_a_network_is_built_by_keyboard_and_counted_live(tab):
    page = tab.show(ParameterCounter([], other=[], input_shape=(28, 28, 1)))
    assert status(page) == "0 parameters; 0 multiply-adds and 3,136 bytes for one picture."
    for kind in ("convolution", "max pooling", "flatten", "dense"):
        page.get_by_label("kind of the new layer").select_option(kind)
        page.get_by_role("button", name="add layer").focus()
        page.keyboard.press("Enter")
    page.get_by_label("kernel of conv1").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    rest = [{"kind": "max pooling"}, {"kind": "flatten"}, {"kind": "dense"}]
    expected = ParameterCounter([{"kind": "convolution", "kernel": 5}, *rest], input_shape=(28, 28, 1))
    assert page.locator(":focus").get_attribute("aria-label") == "kernel of conv1"
    assert page.locator(":focus").input_value() == "5"
    assert status(page).startswith(f"{expected.counts.parameters:,} parameters, 98.2% of them in dense1;")
    assert page.get_by_label("Keras code of this network").input_value() == expected.code
    page.get_by_label("bias of dense1").uncheck()
    page.get_by_label("rows of the input").fill("30")
    expected.layers = [*expected.layers[:3], {"kind": "dense", "bias": False}]
    expected.input_shape = (30, 28, 1)
    assert page.get_by_label("Keras code of this network").input_value() == expected.code


def test_a_pooling_keeps_stride_and_size_equal_until_they_are_set_apart(tab):
    page = tab.show(ParameterCounter([{"kind": "max pooling"}], other=[]))
    page.get_by_label("size of pool1").fill("4")
    assert page.get_by_label("stride of pool1").input_value() == "4"
    page.get_by_label("stride of pool1").fill("1")
    page.get_by_label("size of pool1").fill("3")
    assert page.get_by_label("stride of pool1").input_value() == "1"


def test_two_networks_are_compared_for_the_same_input(tab):
    page = tab.show(ParameterCounter())
    assert status(page).startswith("2,248 parameters, 91.1% of them in W3;")
    assert status(page).endswith("dense, CIFAR size: 562,200 parameters, 250 times as many.")
    page.get_by_label("network", exact=True).select_option("LeNet-5")
    assert status(page).startswith("61,706 parameters, 78.0% of them in C5;")
    page.get_by_role("button", name="compare with this one").click()
    assert page.get_by_label("compare with", exact=True).input_value() == "LeNet-5"
    page.get_by_label("remove F6").click()
    assert status(page).endswith("LeNet-5: 61,706 parameters, 1.19 times as many.")
    page.get_by_label("compare with", exact=True).select_option("none")
    assert "LeNet-5" not in status(page)


def test_what_does_not_fit_is_told_in_its_row(tab):
    page = tab.show(ParameterCounter([{"kind": "flatten"}, {"kind": "convolution"}, {"kind": "dense"}]))
    rows = page.locator(".ck-layers .ck-error").all_inner_texts()
    assert rows == [
        "needs rows, columns and channels, but flatten1 gives a vector of 1,024 numbers",
        "not counted, because conv1 does not fit",
    ]
    assert status(page).startswith("conv1 needs rows, columns and channels")
    page.get_by_label("move conv1 up").click()
    assert page.locator(".ck-layers .ck-error").count() == 0
    page.get_by_label("kernel of conv1").fill("40")
    assert status(page) == "kernel must be a whole number from 1 to 15."
    page.get_by_label("kernel of conv1").fill("")
    page.get_by_label("rows of the input").fill("2")
    assert "conv1 does not fit: its window is 3×3, but input is 2×32." in status(page)
    assert tab.complaints == []


def test_the_keyboard_stays_with_a_layer_that_is_moved(tab):
    kinds = ("dense", "flatten", "convolution")
    page = tab.show(ParameterCounter([{"kind": kind} for kind in kinds], other=[]))
    focused = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
    page.get_by_label("move conv1 up").focus()
    heard = []
    for key in ("Enter", "Enter", "Enter", "Enter", "Enter"):  # up, up, then remove what is first
        page.keyboard.press(key)
        heard.append(page.evaluate(focused))
    assert heard == ["move conv1 up", "remove conv1", "remove dense1", "remove flatten1", "add layer"]


def test_a_dense_layer_before_flatten_is_counted_and_remarked_on(tab):
    page = tab.show(ParameterCounter([{"kind": "convolution"}, {"kind": "dense"}]))
    assert "reads each place by itself" in page.locator(".ck-remark").all_inner_texts()[1]


def test_the_code_can_be_copied(tab):
    explorer = ParameterCounter("LeNet-5")
    page = tab.show(explorer)
    page.evaluate("document.addEventListener('copy', () => { window.copied = getSelection().toString(); })")
    page.get_by_label("copy the Keras code").click()
    page.get_by_text("The code is copied.").wait_for()
    assert page.evaluate("window.copied ?? navigator.clipboard.readText()") == explorer.code


def test_what_the_browser_sends_is_checked_and_observed():
    explorer, seen = ParameterCounter(), []
    explorer.observe(lambda change: seen.append(change["new"]), ["layers", "input_shape"])
    explorer.set_state({"input_shape": [28, 28, 1], "layers": [{"kind": "flatten"}, {"kind": "dense", "units": 7}]})
    assert (28, 28, 1) in seen and explorer.counts.parameters == 784 * 7 + 7
    with pytest.raises(traitlets.TraitError, match="units"):
        explorer.set_state({"layers": [{"kind": "dense", "units": 0}]})
    assert explorer.counts.parameters == 784 * 7 + 7


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        ({"layers": "VGG"}, "layers must be one of dense, CIFAR size;.*Received: 'VGG'"),
        ({"other": "VGG"}, "other must be one of"),
        ({"layers": [{"kind": "dense", "units": 0}]}, r"\['units'\] must be an integer from 1 to 1000000.*: 0"),
        ({"layers": [{"kind": "dense", "bias": 1}]}, r"layers\[0\]\['bias'\] must be one of True, False.*: 1"),
        ({"layers": [{"kind": "dense", "activation": "swish"}]}, r"\['activation'\] must be one of None, 'relu'"),
        ({"other": [{"kind": "dropout"}]}, r"other\[0\]\['kind'\] must be one of 'convolution'"),
        ({"layers": architectures.alexnet()[:2]}, r"\['padding'\] must be one of 'valid', 'same'.*: 2"),
        ({"layers": [specs.Conv(4, 3, groups=2)]}, r"layers\[0\] must have groups=1 .*Received: groups=2"),
        ({"layers": [specs.Conv(4, 3, dilation=2)]}, "Received: dilation=2"),
        ({"layers": [specs.GlobalPool(keepdims=True)]}, "Received: keepdims=True"),
        ({"layers": [specs.Norm("batch")]}, r"layers\[0\] must be one of convolution.*Received: Norm"),
        ({"layers": [{"kind": "dense"}] * 17}, "layers must be at most 16 layers. Received: 17"),
        ({"input_shape": (32, 32)}, r"input_shape must be \(rows, columns, channels\). Received: \(32, 32\)"),
        ({"input_shape": (32, 0, 1)}, "input_shape must be an integer from 1 to 1024. Received: 0"),
    ],
)
def test_bad_input_is_refused_by_name(state, fault):
    with pytest.raises((ValueError, traitlets.TraitError), match=fault):
        ParameterCounter(**state)
