"""Specs built in Keras: as many parameters, the same shapes, the same numbers as everywhere else."""

import runpy
import subprocess
import sys
import types
from dataclasses import replace

import numpy as np
import pytest
from keras.src.backend.common import global_state

import project
from coursekit import architectures, convolution, counting, models, specs
from coursekit.models import backend
from coursekit.models.backend import keras
from coursekit.models.to_keras import make
from coursekit.specs import (
    Activation,
    AdaptivePool,
    Add,
    Average,
    Concatenate,
    Conv,
    ConvTranspose,
    Crop,
    Dense,
    DepthwiseConv,
    Dropout,
    Flatten,
    GlobalPool,
    Input,
    Maximum,
    Multiply,
    Norm,
    Pad,
    Permute,
    Pool,
    PReLU,
    Rescale,
    Reshape,
    Resize,
    Scale,
    SeparableConv,
    TrainingOnly,
    Upsample,
)
from keras_networks import random_model

NETWORKS = {
    "brain": architectures.brain_classifier(),
    "brain in colour": architectures.brain_classifier((128, 128, 3)),
    "deeper brain": architectures.deeper_brain_classifier(),
    "dense CIFAR": architectures.dense_cifar(),
    "convolutional CIFAR": architectures.convolutional_cifar(),
    "LeNet-5": architectures.lenet5(),
    "AlexNet": architectures.alexnet(),
    **{f"VGG {name}": architectures.vgg(name) for name in ("A", "A-LRN", "B", "C", "D", "E")},
    **{f"ResNet-{depth}": architectures.resnet(depth) for depth in (18, 34, 50, 101, 152)},
    "ResNet-18 with biases": architectures.resnet(18, bias=True),
    "U-Net": architectures.unet(),
    "U-Net, same": architectures.unet((64, 96, 1), filters=4, padding="same"),
}


def built_without_weights(network):
    """Build in a scope in which Keras notes the shapes of weights and fills none."""
    with keras.StatelessScope():
        model = models.build(network)
        global_state.set_global_attribute("uninitialized_variables", [])  # or leaving would fill them
    return model


def weights_of(model):
    """Return (trainable, not trainable) as Keras counts them."""
    groups = model.trainable_weights, model.non_trainable_weights
    return tuple(sum(int(np.prod(weight.shape)) for weight in group) for group in groups)


def totals(table):
    return table.trainable, table.non_trainable, table.multiply_adds, table[-1].shape


def numbers_of(model, *pictures):
    return np.asarray(model(pictures[0] if len(pictures) == 1 else list(pictures)))


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


# ---------------------------------------------------------------- counts and shapes


@pytest.mark.parametrize("name", NETWORKS)
def test_every_architecture_has_in_keras_the_layers_shapes_and_parameters_of_its_table(name):
    table, model = counting.table(NETWORKS[name]), built_without_weights(NETWORKS[name])
    assert model.count_params() == table.parameters
    assert weights_of(model) == (table.trainable, table.non_trainable)
    for row in table:
        layer = model.get_layer(row.name)
        assert (layer.count_params(), tuple(layer.output.shape[1:])) == (row.parameters, row.shape)
    assert totals(counting.table(model)) == totals(table)  # and read back from Keras


@pytest.mark.parametrize("seed", range(16))
def test_a_random_network_is_the_same_after_keras_specs_and_keras(seed):
    model = random_model(seed)
    again = models.build(specs.from_keras(model))
    assert [weight.shape for weight in again.weights] == [weight.shape for weight in model.weights]
    again.set_weights(model.get_weights())
    picture = normal(2, *model.input_shape[1:])
    np.testing.assert_allclose(numbers_of(again, picture), numbers_of(model, picture), atol=1e-5)
    assert totals(counting.table(again)) == totals(counting.table(model))


EVERY_KIND = [
    (Conv(4, (3, 5), stride=(1, 2), padding="full", bias=False, activation="relu"), (9, 11, 6)),
    (Conv(4, 3, padding=((0, 2), 1), dilation=2, groups=2), (9, 11, 6)),
    (Conv(4, 3, padding=((2, 0),), activation="tanh"), (9, 6)),
    (Conv(2, (1, 2, 3), padding=1), (4, 5, 6, 2)),
    (DepthwiseConv(3, padding=1, multiplier=2), (9, 11, 6)),
    (SeparableConv(4, 3, stride=2, padding="same", multiplier=2, bias=False), (9, 11, 6)),
    (ConvTranspose(4, (3, 2), stride=(2, 3), output_padding=(1, 2)), (5, 6, 3)),
    (ConvTranspose(4, 4, stride=2, padding="same", activation="leaky_relu"), (5, 3)),
    (Pool(3, stride=2, padding=1), (9, 11, 6)),
    (Pool((2, 3), kind="average", padding="same"), (9, 11, 6)),
    (AdaptivePool((3, 11)), (9, 11, 6)),
    (AdaptivePool(3, kind="max"), (9, 6)),
    (GlobalPool("max"), (9, 11, 6)),
    (GlobalPool(keepdims=True), (9, 6)),
    (Pad(((0, 2), (1, 1))), (9, 11, 6)),
    (Pad(((1, 2),)), (9, 6)),
    (Crop(((0, 2), (1, 1))), (9, 11, 6)),
    (Crop(1), (9, 6)),
    (Upsample((2, 3), interpolation="bilinear"), (9, 11, 6)),
    (Upsample(2), (9, 6)),
    (Upsample(2), (4, 5, 6, 2)),
    (Resize((4, 7), interpolation="bilinear"), (9, 11, 6)),
    (Dense(4, bias=False, activation="softmax"), (9, 11, 6)),
    (Flatten(), (9, 11, 6)),
    (Reshape((6, -1)), (9, 11, 6)),
    (Permute((2, 1, 3)), (9, 11, 6)),
    (Activation("gelu"), (9, 11, 6)),
    (PReLU(), (9, 11, 6)),
    (PReLU(shared_axes=(1, 2)), (9, 11, 6)),
    (Dropout(0.5), (9, 11, 6)),
    (Rescale(2.0, -1.0), (9, 11, 3)),
    (Rescale((1.0, 2.0, 3.0), (0.0, 1.0, 2.0)), (9, 11, 3)),
    (TrainingOnly(), (9, 11, 6)),
    (Scale(), (9, 11, 6)),
    (Scale(center=False), (9, 11, 6)),
    (Scale(scale=False), (9, 11, 6)),
    *((Norm(kind, groups=3), (9, 11, 6)) for kind in Norm.KINDS if kind != "rms"),
    (Norm("batch", center=False), (9, 11, 6)),
    (Norm("layer", axis=(1, 2), scale=False), (9, 11, 6)),
    (Norm("instance", scale=False), (9, 11, 6)),
    (Norm("dataset", axis=None), (9, 11, 6)),
]


@pytest.mark.parametrize(("layer", "shape"), EVERY_KIND, ids=[str(layer)[:40] for layer, _ in EVERY_KIND])
def test_every_kind_of_layer_has_the_shape_and_parameters_of_its_spec(layer, shape):
    table, model = counting.table((Input(shape), layer)), models.build((layer,), input_shape=shape)
    assert model.output_shape[1:] == table[-1].shape
    assert weights_of(model) == (table.trainable, table.non_trainable)
    assert totals(counting.table(model)) == totals(table)
    again = specs.from_keras(model)
    translated = isinstance(layer, AdaptivePool) or getattr(layer, "kind", "") == "instance"
    if len(again) == 2 and not translated:  # and without a layer of zeros: every setting is kept
        assert specs.trace(again)[-1].kind == specs.trace((Input(shape), layer))[-1].kind
    if isinstance(layer, (Dropout, GlobalPool, Permute, PReLU, Rescale, Reshape, Scale)):
        assert replace(again[-1], name=None) == layer


def test_every_kind_of_layer_is_built_and_tested_here():
    kinds = {kind for name in specs.__all__ if isinstance(kind := getattr(specs, name), type)}
    kinds = {kind for kind in kinds if issubclass(kind, specs.Layer)} - {specs.Layer, Input, specs.Merge}
    assert [kind for kind in kinds if make.dispatch(kind) is make.dispatch(object)] == []
    joining = {kind for kind in kinds if issubclass(kind, (specs.Merge, Concatenate))}
    assert kinds - joining - {type(layer) for layer, _ in EVERY_KIND} == set()


def test_merging_layers_join_what_they_name_in_their_order():
    kinds = [specs.Subtract, Multiply, Average, Maximum, specs.Minimum, Add, Concatenate]
    picture = normal(1, 4, 5, 2)
    for kind in kinds:
        network = (Input((4, 5, 2), name="in"), Rescale(2.0, 1.0, name="other"), kind(inputs=("in", "other")))
        got, other = numbers_of(models.build(network), picture), 2 * picture + 1
        expected = {
            "Subtract": picture - other,
            "Multiply": picture * other,
            "Average": (picture + other) / 2,
            "Maximum": np.maximum(picture, other),
            "Minimum": np.minimum(picture, other),
            "Add": picture + other,
            "Concatenate": np.concatenate([picture, other], -1),
        }
        np.testing.assert_allclose(got, expected[kind.__name__], rtol=1e-5)


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize("padding", ["valid", "same", "full", 2, ((0, 2), (1, 0))])
def test_a_built_convolution_computes_what_conv_layer_computes(padding):
    network = (Input((7, 9, 2)), Conv(3, kernel=(3, 2), stride=(2, 1), padding=padding, name="conv"))
    model, pictures = models.build(network), normal(2, 7, 9, 2, seed=1)
    kernels, bias = normal(3, 2, 2, 3), normal(3)
    model.get_layer("conv").set_weights([kernels, bias])
    expected = convolution.conv_layer(pictures, kernels, bias, stride=(2, 1), padding=padding)
    np.testing.assert_allclose(numbers_of(model, pictures), expected, atol=1e-5)


def test_a_built_network_computes_what_its_layers_compute_one_after_the_other():
    network = (Input((8, 10, 1)), Conv(2, kernel=3, activation="relu"), Pool(2), Flatten(), Dense(3))
    model, picture = models.build(network), normal(2, 8, 10, 1)
    kernels, bias, matrix, shift = weights = [normal(3, 3, 1, 2), normal(2), normal(24, 3), normal(3)]
    model.set_weights(weights)
    maps = np.maximum(convolution.conv_layer(picture, kernels, bias), 0)
    expected = convolution.max_pool(maps, 2).reshape(2, -1) @ matrix + shift
    np.testing.assert_allclose(numbers_of(model, picture), expected, atol=1e-5)


def test_local_response_divides_by_five_neighbouring_channels():
    picture = 30 * normal(1, 2, 3, 7)
    got = numbers_of(models.build((Norm("local response"),), input_shape=(2, 3, 7)), picture)
    for channel in range(7):
        near = picture[..., max(channel - 2, 0) : channel + 3]
        expected = picture[..., channel] / (2 + 1e-4 * np.sum(near**2, axis=-1)) ** 0.75
        np.testing.assert_allclose(got[..., channel], expected, rtol=1e-4)


def test_a_learned_scale_multiplies_and_shifts_each_channel():
    model = models.build((Scale(),), input_shape=(2, 3, 2))
    picture = normal(1, 2, 3, 2)
    np.testing.assert_array_equal(numbers_of(model, picture), picture)
    model.set_weights([np.array([2.0, 3.0]), np.array([0.0, 1.0])])
    np.testing.assert_allclose(numbers_of(model, picture), picture * [2, 3] + [0, 1], rtol=1e-6)


# ---------------------------------------------------------------- names, sharing, inputs and outputs


def test_layers_keep_their_names_and_zeros_get_one_that_is_free():
    network = (Input((6, 6, 1), name="in"), Pool(2, name="c_pad"), Conv(2, 3, padding=1, name="c"), Dense(2))
    assert [layer.name for layer in models.build(network).layers] == ["in", "c_pad", "c_pad_", "c", "dense1"]


def test_layers_of_nested_models_get_names_that_keras_allows():
    inner = keras.Sequential([keras.Input((6, 6, 1)), keras.layers.Conv2D(2, 1, name="c")], name="m")
    x = keras.Input((6, 6, 1), name="in")
    joined = keras.layers.Concatenate(name="m_c")([inner(x), inner(x)])
    built = models.build(keras.Model(x, joined))
    assert [layer.name for layer in built.layers] == ["in", "m_c_", "m_c"]
    assert built.count_params() == inner.count_params()


def test_a_layer_placed_twice_is_one_keras_layer_with_one_set_of_weights():
    twin = {"kernel": 3, "padding": 1}
    network = (
        Input((6, 7, 2), name="left"),
        Input((6, 7, 2), name="right"),
        Conv(4, **twin, name="a", inputs="left"),
        Conv(4, **twin, name="b", inputs="right", shares="a"),
        specs.Subtract(inputs=("a", "b")),
    )
    model, table = models.build(network), counting.table(network)
    assert model.count_params() == table.parameters == (3 * 3 * 2 + 1) * 4
    picture = normal(1, 6, 7, 2)
    assert not numbers_of(model, picture, picture).any() and numbers_of(model, picture, -picture).any()


def test_frozen_layers_stay_frozen():
    network = (Input((6, 6, 1)), Conv(2, 3, trainable=False, name="c"), Flatten(), Dense(2))
    model = models.build(network)
    assert not model.get_layer("c").trainable and weights_of(model) == (66, 20)


def test_what_nobody_reads_is_an_output():
    network = (Input((6, 6, 1), name="in"), Conv(2, 3, name="a"), Conv(3, 5, name="b", inputs="in"))
    assert models.build(network).output_shape == [(None, 4, 4, 2), (None, 2, 2, 3)]


# ---------------------------------------------------------------- what cannot be built


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (Activation("custom", name="x"), (6, 6, 1), "its activation is a custom function"),
        (Dense(2, activation="custom", name="x"), (6,), "its activation is a custom function"),
        (Conv(2, 3, activation="custom", name="x"), (6, 6, 1), "its activation is a custom function"),
        (AdaptivePool(4, name="x"), (6, 8, 1), r"\(6, 8\) pixels do not divide into \(4, 4\) bins"),
        (Upsample(2, interpolation="bilinear", name="x"), (6, 1), "with 1 spatial axes Keras enlarges"),
        (Resize(4, name="x"), (6, 1), "Keras resizes pictures with 2 spatial axes, and here are 1"),
        (DepthwiseConv(3, name="x"), (6, 6, 6, 1), "Keras has no DepthwiseConv3D"),
        (TrainingOnly("gaussian noise", name="x"), (6, 6, 1), "the spec does not say how strong it is"),
        (Norm("rms", scale=False, name="x"), (6, 6, 1), "the root-mean-square normalisation of Keras"),
        (Conv(2, 2, stride=2, dilation=2, name="x"), (9, 9, 1), "strides"),
    ],
)
def test_what_keras_cannot_do_is_refused_with_the_layer_and_the_reason(layer, shape, message):
    with pytest.raises(specs.LayerError, match=f"^layer 'x' .*{message}"):
        models.build((layer,), input_shape=shape)


def test_a_layer_with_other_settings_cannot_be_another_called_again():
    network = (Input((6, 6, 1)), Conv(1, 3, name="a"), Conv(1, 3, stride=2, name="b", shares="a"))
    with pytest.raises(specs.LayerError, match="layer 'b' .*: it cannot be 'a' called again"):
        models.build(network)


def test_what_is_no_network_or_has_no_shape_is_refused():
    with pytest.raises(TypeError, match="network must be a tuple of layer specs"):
        models.build("vgg")
    with pytest.raises(ValueError, match="input_shape must be a shape"):
        models.build((Dense(2),))


@pytest.mark.skipif(not hasattr(keras.layers, "RMSNormalization"), reason="this Keras has no such layer")
def test_rms_normalisation_is_built_where_keras_has_it():
    assert models.build((Norm("rms"),), input_shape=(6, 6, 3)).count_params() == 3


PRINTED = (
    "from coursekit import architectures, models; import keras; "
    "print(keras.config.backend(), models.build(architectures.brain_classifier()).output_shape, keras.config.floatx())"
)


@pytest.mark.parametrize("left", ['{"image_data_format": "channels_first", "floatx": "float64"}', '{"backend": "jax"}'])
@pytest.mark.parametrize("variable", [None, "torch"])
def test_what_another_project_left_of_keras_does_not_count(tmp_path, left, variable):
    (tmp_path / "keras.json").write_text(left, encoding="utf-8")
    environment = project.environment(KERAS_HOME=str(tmp_path), **({"KERAS_BACKEND": variable} if variable else {}))
    done = subprocess.run(
        [sys.executable, "-c", PRINTED], env=environment, capture_output=True, text=True, cwd=project.ROOT
    )
    assert done.stdout == "tensorflow (None, 2) float32\n", done.stderr[-2000:]


def test_keras_that_runs_elsewhere_already_is_named(monkeypatch):
    running = types.SimpleNamespace(config=types.SimpleNamespace(backend=lambda: "torch"))
    monkeypatch.setitem(sys.modules, "keras", running)
    with pytest.raises(
        ImportError, match="Keras already runs here on 'torch', .* import coursekit.models before keras"
    ):
        runpy.run_path(backend.__file__)
