"""Laws of the figures, read off what is drawn: data, limits, heights, words. nbval compares no pictures."""

import base64
import io
import subprocess
import sys

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel
from matplotlib import colors
from matplotlib.text import Text
from PIL import Image

import project
from coursekit import plots
from coursekit.plots import pictures

RAMP = np.arange(12.0).reshape(3, 4) - 2  # -2 … 9, neither square nor symmetric about zero
pytestmark = pytest.mark.usefixtures("no_figures_left")


def drawn(ax):
    """The array an Axes shows, and the values of its darkest and brightest colour."""
    (picture,) = ax.images
    return np.asarray(picture.get_array()), picture.get_clim()


def words(ax):
    return [text.get_text() for text in ax.texts]


def labels(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


# ---------------------------------------------------------------- image


@pytest.mark.parametrize("picture", [RAMP, RAMP[..., None], RAMP.tolist(), RAMP.astype(np.float32)])
def test_an_image_shows_its_values_from_its_smallest_to_its_largest(picture):
    got, limits = drawn(plots.image(picture))
    np.testing.assert_array_equal(got, RAMP)
    assert limits == (-2, 9)


def test_row_0_is_on_top_and_pixels_are_square():
    ax = plots.image(RAMP)
    assert ax.yaxis_inverted() and not ax.xaxis_inverted() and ax.get_aspect() == 1


def test_signed_values_diverge_around_zero_and_magnitudes_do_not():
    signed, plain = plots.image(RAMP, signed=True), plots.image(RAMP)
    assert drawn(signed)[1] == (-9, 9) and drawn(plots.image(-RAMP, signed=True))[1] == (-9, 9)
    assert [ax.images[0].get_cmap().name for ax in (signed, plain)] == [plots.SIGNED, plots.MAGNITUDE]
    middle = colors.to_rgb(signed.images[0].get_cmap()(0.5))
    assert min(middle) > 0.9  # zero is white


def test_limits_given_are_limits_used():
    assert drawn(plots.image(RAMP, limits=(0, 1)))[1] == (0, 1)
    assert drawn(plots.image(RAMP, limits=(0, 1), signed=True))[1] == (0, 1)


def test_a_mask_can_be_drawn():
    got, limits = drawn(plots.image(RAMP > 0))
    assert got.dtype == np.uint8 and got.sum() == 9 and limits == (0, 1)


def test_title_unit_and_axes_are_used():
    figure, (left, right) = plt.subplots(1, 2)
    assert plots.image(RAMP, ax=right, title="a title", unit="percent") is right
    assert right.get_title() == "a title" and not left.images
    assert [ax.get_ylabel() for ax in figure.axes] == ["", "", "percent"]
    assert plt.get_fignums() == [figure.number]
    assert len(plots.image(RAMP).figure.axes) == 1  # without a unit, no colour bar


# ---------------------------------------------------------------- images


def stack(count=5):
    """Pictures whose ranges differ: number k has values 0 … k + 1."""
    return np.stack([np.linspace(0, k + 1, 12).reshape(3, 4) for k in range(count)])


def test_images_stand_in_rows_in_their_order():
    axes = plots.images(stack(), titles="abcde", columns=3, size=2)
    assert [ax.get_title() for ax in axes] == list("abcde")
    for ax, picture in zip(axes, stack(), strict=True):
        np.testing.assert_array_equal(drawn(ax)[0], picture)
    places = [(ax.get_subplotspec().rowspan.start, ax.get_subplotspec().colspan.start) for ax in axes]
    assert places == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    every = axes[0].figure.axes
    assert len(every) == 6 and not every[5].axison  # the empty place shows no frame
    assert axes[0].figure.get_size_inches()[0] == 6


def test_six_columns_unless_told_otherwise_or_fewer_pictures():
    for count, columns in ((7, 6), (2, 2)):
        axes = plots.images(stack(count))
        assert len(axes) == count and axes[0].get_gridspec().ncols == columns


def test_paired_pictures_share_one_colour_scale():
    assert {drawn(ax)[1] for ax in plots.images(stack())} == {(0, 5)}
    assert {drawn(ax)[1] for ax in plots.images(-stack(), signed=True)} == {(-5, 5)}


def test_pictures_of_their_own_scale_span_their_own_percentiles():
    for ax, picture in zip(plots.images(stack(), shared=False), stack(), strict=True):
        assert drawn(ax)[1] == pytest.approx(tuple(np.percentile(picture, [1, 99.5])))


def test_a_signed_scale_is_symmetric_even_where_it_is_not_shared():
    for ax in plots.images(stack() - 1, shared=False, signed=True):
        low, high = drawn(ax)[1]
        assert low == -high < 0 and ax.images[0].get_cmap().name == plots.SIGNED


def test_a_unit_labels_the_one_colour_bar_and_a_title_the_figure():
    figure = plots.images(stack(), unit="percent", title="all of them")[0].figure
    assert [ax.get_ylabel() for ax in figure.axes].count("percent") == 1 and len(figure.axes) == 6
    assert figure.get_suptitle() == "all of them"
    plain = plots.images(stack())[0].figure
    assert len(plain.axes) == 5 and not plain.get_suptitle()
    assert figure.get_size_inches()[1] > plain.get_size_inches()[1]


def test_pictures_of_different_shapes_stand_side_by_side():
    axes = plots.images([RAMP, RAMP.T, RAMP[..., None]])
    assert [drawn(ax)[0].shape for ax in axes] == [(3, 4), (4, 3), (3, 4)]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: plots.image(np.zeros(3)),
            ValueError,
            r"picture must have shape \(h, w\) or \(h, w, 1\). Received: .*\(3,\)",
        ),
        (lambda: plots.image(np.zeros((3, 4, 3))), ValueError, r"Received: shape \(3, 4, 3\)"),
        (lambda: plots.image(np.zeros((0, 4))), ValueError, r"Received: shape \(0, 4\)"),
        (lambda: plots.image([[1, np.nan]]), ValueError, r"picture must hold finite numbers only. .* index \(0, 1\)"),
        (lambda: plots.image("picture"), TypeError, "picture must be an array of real numbers. Received: 'picture'"),
        (lambda: plots.images([]), ValueError, "pictures must be one or more, .*Received: 0 pictures, 0 titles"),
        (lambda: plots.images(stack(), titles=["a"]), ValueError, "as many titles. Received: 5 pictures, 1 titles"),
        (lambda: plots.images(stack(), columns=0), ValueError, "columns must be an integer of at least 1. Received: 0"),
        (
            lambda: plots.images(stack(), shared=False, unit="percent"),
            ValueError,
            "unit must be None where the pictures sh",
        ),
    ],
)
def test_bad_pictures_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
    assert plt.get_fignums() == []  # no half-drawn figure is left for the notebook to show


# ---------------------------------------------------------------- curves

HISTORY = {"accuracy": [0.5, 0.7, 0.8], "val_accuracy": [0.6, 0.65, 0.7], "loss": [3.0, 2.0, 1.0]}


def lines(ax):
    return {line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in ax.lines}


def test_learning_curves_count_epochs_from_1_and_name_both_sets():
    ax = plots.learning_curves(HISTORY)
    assert lines(ax) == {
        "training": ([1, 2, 3], HISTORY["accuracy"]),
        "validation": ([1, 2, 3], HISTORY["val_accuracy"]),
    }
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "validation"]
    assert (ax.get_xlabel(), ax.get_ylabel(), list(ax.get_xticks())) == ("epoch", "accuracy", [1, 2, 3])
    training, validation = ax.lines  # told apart by more than colour
    assert training.get_marker() != validation.get_marker()
    assert training.get_linestyle() != validation.get_linestyle()


def test_another_metric_may_lack_validation_and_chance_is_a_level():
    ax = plt.subplots()[1]
    assert plots.learning_curves(HISTORY, ax=ax, metric="loss", chance=0.5) is ax
    assert lines(ax) == {"training": ([1, 2, 3], HISTORY["loss"]), "guessing": ([0, 1], [0.5, 0.5])}
    assert ax.get_ylabel() == "loss"


def test_a_metric_that_was_not_measured_is_named():
    with pytest.raises(ValueError, match=r"metric must be one of \['accuracy', 'loss', .*\]. Received: 'auc'"):
        plots.learning_curves(HISTORY, metric="auc")


# ---------------------------------------------------------------- confusion matrix


def test_a_confusion_matrix_shows_counts_and_shares_of_rows():
    ax = plots.confusion_matrix([[30, 10], [0, 80]], ["real", "fake"])
    got, limits = drawn(ax)
    np.testing.assert_allclose(got, [[0.75, 0.25], [0, 1]])
    assert limits == (0, 1) and words(ax) == ["30\n75%", "10\n25%", "0\n0%", "80\n100%"]
    assert [text.get_position() for text in ax.texts] == [(0, 0), (1, 0), (0, 1), (1, 1)]  # column, row
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "truth")
    assert labels(ax.xaxis) == labels(ax.yaxis) == ["real", "fake"]


def test_words_can_be_read_on_dark_and_on_light():
    ax = plots.confusion_matrix([[3, 1], [0, 4]], ["real", "fake"])
    for text, share in zip(ax.texts, (0.75, 0.25, 0.0, 1.0), strict=True):
        background = np.mean(ax.images[0].get_cmap()(share)[:3])
        assert abs(np.mean(colors.to_rgb(text.get_color())) - background) > 0.35


def test_a_class_that_does_not_occur_has_shares_of_zero():
    ax = plots.confusion_matrix(np.array([[0, 0], [1, 3]]), ["real", "fake"])
    assert words(ax) == ["0\n0%", "0\n0%", "1\n25%", "3\n75%"]


def test_three_classes_and_given_axes():
    ax = plt.subplots()[1]
    assert plots.confusion_matrix(np.diag([1, 2, 3]), "abc", ax=ax) is ax and len(ax.texts) == 9


@pytest.mark.parametrize("counts", [np.ones((2, 3)), np.ones((3, 3)), np.ones(4)])
def test_counts_of_another_shape_are_named(counts):
    with pytest.raises(ValueError, match="counts must have"):
        plots.confusion_matrix(counts, ["real", "fake"])


# ---------------------------------------------------------------- bars and points


def test_bars_have_the_heights_of_their_values_and_say_them():
    ax = plots.bars([0.25, 0.5, 1.0], ["a", "b", "c"], ylabel="accuracy", chance=0.5)
    assert [bar.get_height() for bar in ax.patches] == [0.25, 0.5, 1.0]
    assert words(ax)[:3] == ["0.25", "0.50", "1.00"] and words(ax)[3].strip() == "guessing"
    assert labels(ax.xaxis) == ["a", "b", "c"] and ax.get_ylabel() == "accuracy"
    assert list(ax.lines[0].get_ydata()) == [0.5, 0.5]
    low, high = ax.get_ylim()
    assert low == 0 and high > 1  # an accuracy of 1 is not cut


def test_limits_colours_and_axes_of_bars_are_used():
    ax = plt.subplots()[1]
    assert plots.bars([1, 2], ["a", "b"], ax=ax, limits=(0, 5), colors=[plots.REAL, plots.FAKE]) is ax
    assert ax.get_ylim() == (0, 5) and not ax.lines
    assert [colors.to_hex(bar.get_facecolor()).upper() for bar in ax.patches] == [plots.REAL, plots.FAKE]


def test_points_show_every_value_and_the_mean():
    ax = plots.points([[0.8, 0.9], [0.5, 0.6, 1.0]], ["first", "second"], ylabel="accuracy", limits=(0, 2))
    dots, means = ax.lines[::2], ax.lines[1::2]
    assert [(list(line.get_xdata()), list(line.get_ydata())) for line in dots] == [
        ([0, 0], [0.8, 0.9]),
        ([1, 1, 1], [0.5, 0.6, 1.0]),
    ]
    for place, (line, mean) in enumerate(zip(means, (0.85, 0.7), strict=True)):
        assert list(line.get_ydata()) == pytest.approx([mean, mean]) and np.mean(line.get_xdata()) == place
    assert words(ax) == ["0.85", "0.70"] and labels(ax.xaxis) == ["first", "second"]
    assert (ax.get_ylabel(), ax.get_ylim()) == ("accuracy", (0, 2))
    other = plt.subplots()[1]
    assert plots.points([[-1]], ["only"], ax=other) is other and words(other) == ["−1.00"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.bars([1, 2], ["a"]), "names must be 2, one for each value. Received: 1"),
        (lambda: plots.bars([[1, 2]], ["a"]), r"values must have 1 axes. Received: shape \(1, 2\)"),
        (lambda: plots.bars([np.nan], ["a"]), "values must hold finite numbers only"),
        (lambda: plots.points([[1], [2]], ["a"]), "names must be 2, one for each group. Received: 1"),
        (
            lambda: plots.points([[1], []], ["a", "b"]),
            "groups must have at least one value each. Received: none for 'b'",
        ),
        (lambda: plots.points([1, 2], ["a", "b"]), r"groups must have 1 axes. Received: shape \(\)"),
    ],
)
def test_bad_values_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_is_drawn_is_not_changed():
    given = [RAMP.copy(), stack(), np.array([[3, 1], [0, 4]]), np.array([0.2, 0.3])]
    before = [value.copy() for value in given]
    plots.image(given[0], signed=True)
    plots.images(given[1], shared=False)
    plots.confusion_matrix(given[2], "ab")
    plots.bars(given[3], "ab")
    plots.points([given[3]], "a")
    for value, old in zip(given, before, strict=True):
        np.testing.assert_array_equal(value, old)


def test_real_and_fake_differ_in_lightness_as_well():
    luminance = [np.dot(colors.to_rgb(color), [0.2126, 0.7152, 0.0722]) for color in (plots.REAL, plots.FAKE)]
    assert abs(luminance[0] - luminance[1]) > 0.2


# ---------------------------------------------------------------- show


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def outputs(kernel, code):
    """What a notebook would store as outputs of a cell."""
    told = []
    kernel.execute_interactive(code, timeout=120, output_hook=told.append)
    return [
        message["content"] for message in told if message["msg_type"] in ("display_data", "execute_result", "error")
    ]


def picture_of(output):
    return Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"])))


def test_a_notebook_stores_one_picture_with_its_text(kernel):
    alt = "A picture of a staircase, darkest on the left."
    (output,) = outputs(
        kernel,
        "import numpy as np\nfrom coursekit import plots\n"
        "plots.images(np.arange(24).reshape(2, 3, 4), size=2)\n"
        f"plots.show(alt={alt!r})",
    )
    assert set(output["data"]) == {"image/png", "text/plain"}
    assert output["data"]["text/plain"] == alt and output["metadata"] == {"image/png": {"alt": alt}}
    picture = picture_of(output)
    assert picture.format == "PNG" and picture.width == 2 * 2 * 100
    shades = np.unique(np.asarray(picture.convert("RGB")).reshape(-1, 3), axis=0)
    assert 20 < len(shades) <= 256


def test_what_a_notebook_is_told_is_text_as_jupyterlite_encodes_no_bytes(monkeypatch):
    told = []
    plots.image([[0, 1], [2, 3]])
    monkeypatch.setattr("IPython.get_ipython", object)
    monkeypatch.setattr("IPython.display.display", lambda data, **_: told.append(data))
    plots.show(alt="A square of four values, the largest below.")
    (data,) = told
    assert all(isinstance(value, str) for value in data.values())
    assert picture_of({"data": data}).format == "PNG"


def test_rare_colours_survive_among_256():
    rng = np.random.default_rng(0)
    picture = np.repeat(rng.integers(0, 256, (200, 300, 1)), 3, axis=2)  # grey grain
    hues = np.stack([np.linspace(0, 1, 300), np.ones(300), np.ones(300)], axis=-1)
    picture[:4] = np.round(255 * colors.hsv_to_rgb(hues))  # and one strip of the rainbow
    picture = picture.astype(np.uint8)
    few = np.asarray(pictures._few_colors(Image.fromarray(picture)).convert("RGB")).astype(int)
    assert len(np.unique(few.reshape(-1, 3), axis=0)) <= 256
    assert np.abs(few - picture).max() < 50  # median cut: 255, red becomes grey


SOMEBODY_S = """
from coursekit import plots
plots.image([[0, 1], [2, 3]])
import matplotlib.pyplot as plt
top, bottom = plt.gca().transData.transform([(0, 0), (0, 1)])
plots.show(alt="A square of four values, the largest below.")
print(top[1] > bottom[1])
"""


def test_somebody_s_settings_turn_no_picture_over_and_hinder_none(tmp_path):
    (tmp_path / "matplotlibrc").write_text("savefig.format: pdf\nimage.origin: lower\nbackend: pdf\n")
    environment = project.environment(MATPLOTLIBRC=str(tmp_path / "matplotlibrc"))
    environment.pop("MPLBACKEND", None)
    done = subprocess.run([sys.executable, "-c", SOMEBODY_S], env=environment, capture_output=True, text=True)
    assert done.stdout == "True\n", done.stderr


def test_the_figure_is_closed_and_not_shown_again(kernel):
    (output,) = outputs(
        kernel,
        "from coursekit import plots; import matplotlib.pyplot as plt\n"
        "plots.bars([0.5], ['a'])\nplots.show(alt='One bar, half as high as the axis.')\n"
        "len(plt.get_fignums())",
    )[1:]
    assert output["data"] == {"text/plain": "0"}


def test_only_the_current_figure_is_shown(kernel):
    first, second = outputs(
        kernel,
        "plots.bars([0.5], ['a']); plots.bars([0.5, 1], ['a', 'b'])\n"
        "plots.show(alt='Two bars, the second twice as high.')\n"
        "plots.show(alt='One bar, half as high as the axis.')",
    )
    assert [picture_of(output).width for output in (first, second)] == [280, 200]


def test_without_a_notebook_the_figure_is_only_closed(capsys):
    plots.bars([0.5], ["only"])
    plots.show(alt="One bar, half as high as the axis.")
    assert plt.get_fignums() == [] and capsys.readouterr() == ("", "")


@pytest.mark.parametrize("alt", [None, "", "a figure", 3])
def test_a_text_that_tells_nothing_is_refused(alt):
    plots.bars([0.5], ["only"])
    with pytest.raises(ValueError, match="alt must be a sentence of 20 characters or more. Received: "):
        plots.show(alt)


def test_letters_sets_every_word_of_the_current_figure(monkeypatch):
    sizes = []
    monkeypatch.setattr(plt, "close", lambda: sizes.extend(text.get_fontsize() for text in plt.gcf().findobj(Text)))
    plots.bars([0.5, 1.0], ["a", "b"], ylabel="share").set_title("two")
    plots.show(alt="Two bars, the second twice as high.", letters=17.5)
    assert len(sizes) > 6 and set(sizes) == {17.5}
    monkeypatch.undo()
    with pytest.raises(ValueError, match=r"letters must be a finite number greater than 0. Received: 0"):
        plots.show(alt="Two bars, the second twice as high.", letters=0)
    plt.close()


def test_where_there_is_no_figure_none_is_shown():
    with pytest.raises(RuntimeError, match="there is no figure to show: draw one in the same cell"):
        plots.show(alt="One bar, half as high as the axis.")
