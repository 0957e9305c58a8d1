"""Laws of counting: the numbers are those of Keras, layer by layer and for random networks."""

import keras
import numpy as np
import pytest

from counted import value_of
from coursekit import counting, specs
from keras_networks import freeze_at_random, random_model, random_nested

layers = keras.layers


def model_of(*parts, shape=(12, 15, 6)):
    return keras.Sequential([keras.Input(shape), *parts])


def weights_of(model):
    """Return (trainable, not trainable) as Keras counts them."""
    return tuple(
        sum(int(np.prod(weight.shape)) for weight in group)
        for group in (model.trainable_weights, model.non_trainable_weights)
    )


EVERY_KIND = [
    (layers.Conv1D(4, 3, strides=2, padding="causal"), (20, 3)),
    (layers.Conv2D(4, (3, 5), dilation_rate=(2, 1), groups=2), (12, 15, 6)),
    (layers.Conv3D(4, (1, 2, 3), use_bias=False), (5, 6, 7, 2)),
    (layers.DepthwiseConv1D(3, depth_multiplier=2), (20, 3)),
    (layers.DepthwiseConv2D(3, padding="same", use_bias=False), (12, 15, 6)),
    (layers.SeparableConv1D(4, 3, depth_multiplier=2), (20, 3)),
    (layers.SeparableConv2D(4, 3, strides=2), (12, 15, 6)),
    (layers.Conv1DTranspose(4, 3, strides=2, padding="same"), (20, 3)),
    (layers.Conv2DTranspose(4, (3, 2), strides=(2, 3), output_padding=(1, 2)), (5, 6, 3)),
    (layers.Conv3DTranspose(4, 2, strides=2), (5, 6, 7, 2)),
    (layers.MaxPooling1D(3, strides=2, padding="same"), (20, 3)),
    (layers.AveragePooling2D((2, 3)), (12, 15, 6)),
    (layers.MaxPooling3D(2), (5, 6, 7, 2)),
    (layers.GlobalMaxPooling1D(), (20, 3)),
    (layers.GlobalAveragePooling3D(keepdims=True), (5, 6, 7, 2)),
    (layers.UpSampling1D(3), (20, 3)),
    (layers.UpSampling2D((2, 3), interpolation="bilinear"), (5, 6, 3)),
    (layers.UpSampling3D(2), (5, 6, 7, 2)),
    (layers.ZeroPadding1D((1, 2)), (20, 3)),
    (layers.ZeroPadding2D(((1, 2), (0, 3))), (5, 6, 3)),
    (layers.ZeroPadding3D((1, 2, 3)), (5, 6, 7, 2)),
    (layers.Cropping1D((1, 2)), (20, 3)),
    (layers.Cropping2D(((1, 2), (0, 3))), (5, 6, 3)),
    (layers.Cropping3D(1), (5, 6, 7, 2)),
    (layers.Resizing(7, 8), (5, 6, 3)),
    (layers.Dense(4, use_bias=False), (5, 6, 3)),
    (layers.Flatten(), (5, 6, 3)),
    (layers.Reshape((6, -1)), (5, 6, 3)),
    (layers.Permute((2, 1, 3)), (5, 6, 3)),
    (layers.PReLU(), (5, 6, 3)),
    (layers.PReLU(shared_axes=[1]), (5, 6, 3)),
    (layers.LeakyReLU(), (5, 6, 3)),
    (layers.BatchNormalization(scale=False), (5, 6, 3)),
    (layers.BatchNormalization(axis=1), (5, 6, 3)),
    (layers.LayerNormalization(axis=[1, 2], center=False), (5, 6, 3)),
    (layers.GroupNormalization(groups=3), (5, 6, 3)),
    (layers.GroupNormalization(groups=-1, scale=False), (5, 6, 3)),
    (layers.UnitNormalization(), (5, 6, 3)),
    (layers.Normalization(), (5, 6, 3)),
    (layers.Normalization(axis=(1, 3)), (5, 6, 3)),
    (layers.Normalization(axis=None), (5, 6, 3)),
    (layers.Normalization(mean=[0.5, 0.4, 0.3], variance=[2.0, 1.0, 2.0]), (5, 6, 3)),
    (layers.Rescaling(np.array([1.0, 2.0, 3.0]), offset=[0.0, 1.0, 2.0]), (5, 6, 3)),
    (layers.SpatialDropout2D(0.2), (5, 6, 3)),
    (layers.GaussianNoise(0.2), (5, 6, 3)),
    (layers.RandomFlip(), (5, 6, 3)),
    (layers.RandomRotation(0.1), (5, 6, 3)),
    (layers.Softmax(), (5, 6, 3)),
]
# Layers that came with later versions of Keras than the oldest that the course works with.
EVERY_KIND += [
    (getattr(layers, name)(*settings), shape)
    for name, settings, shape in [
        ("RMSNormalization", (), (5, 6, 3)),
        ("AdaptiveAveragePooling2D", ((2, 3),), (5, 7, 3)),
        ("AdaptiveMaxPooling1D", (4,), (20, 3)),
    ]
    if hasattr(layers, name)
]


@pytest.mark.parametrize("layer, shape", EVERY_KIND, ids=[type(layer).__name__ for layer, _ in EVERY_KIND])
def test_every_kind_of_layer_counts_and_has_the_shape_of_keras(layer, shape):
    model = model_of(layer, shape=shape)
    row = counting.table(model)[-1]
    assert ((row.trainable, row.non_trainable), row.shape) == (weights_of(model), model.output_shape[1:])
    # The spec alone, without what Keras reports, gives the same numbers.
    alone = counting.table(specs.from_keras(model))[-1]
    assert (alone.parameters, alone.shape, alone.formula) == (row.parameters, row.shape, row.formula)


@pytest.mark.parametrize("seed", range(40))
def test_random_networks_count_as_keras_counts_them(seed):
    model = random_model(seed)
    table = counting.table(model)
    assert (table.trainable, table.non_trainable) == weights_of(model)
    assert table.parameters == model.count_params()
    described = counting.table(specs.from_keras(model))
    assert [(row.parameters, row.shape) for row in described] == [(row.parameters, row.shape) for row in table]
    for row in table:
        assert row.parameters == value_of(row.formula)


def test_rows_are_called_like_the_layers_and_have_their_numbers():
    model = random_model(3)
    table = counting.table(model)
    for layer in model.layers:
        assert table[layer.name].parameters == layer.count_params()
        assert table[layer.name].shape == tuple(layer.output.shape[1:])


def test_nested_and_shared_models_count_as_keras_counts_them():
    inner = model_of(layers.Conv2D(6, 3, padding="same"), layers.BatchNormalization())
    inner.trainable = False
    left, right = keras.Input((12, 15, 6)), keras.Input((12, 15, 6))
    head = keras.Sequential([layers.Flatten(), layers.Dense(3)])
    model = keras.Model([left, right], head(layers.Subtract()([inner(left), inner(right)])))
    table = counting.table(model)
    assert (table.trainable, table.non_trainable) == weights_of(model)
    assert table.multiply_adds == 2 * 12 * 15 * 9 * 6 * 6 + 12 * 15 * 6 * 3


@pytest.mark.parametrize("seed", range(60))
def test_every_weight_is_trainable_where_keras_says_so_whatever_is_frozen_around_it(seed):
    model = random_model(seed) if seed % 3 == 0 else random_nested(seed)
    freeze_at_random(model, np.random.default_rng(seed))
    table = counting.table(model)
    assert (table.trainable, table.non_trainable) == weights_of(model)
    learned = {id(weight) for weight in model.trainable_weights}
    rows = {row.name.split("/")[-1].split(":")[0]: row for row in reversed(list(table))}  # the first call of each
    for layer in model._flatten_layers():
        if layer.weights and not isinstance(layer, keras.Model):
            held = [int(np.prod(weight.shape)) for weight in layer.weights if id(weight) in learned]
            assert (rows[layer.name].trainable, rows[layer.name].parameters) == (sum(held), layer.count_params())


def test_the_fine_tuning_idiom_counts_what_training_changes():
    inputs = keras.Input((16, 16, 3))
    base = keras.Model(inputs, layers.Conv2D(8, 3, name="last")(layers.Conv2D(4, 3)(inputs)))
    base.trainable = False
    base.get_layer("last").trainable = True
    outer = keras.Input((16, 16, 3))
    model = keras.Model(outer, layers.Dense(2)(layers.GlobalAveragePooling2D()(base(outer))))
    assert counting.table(model).trainable == (3 * 3 * 4 + 1) * 8 + (8 + 1) * 2 == 314


def test_a_layer_added_to_a_frozen_stack_learns():
    stack = model_of(layers.Conv2D(4, 3))
    stack.trainable = False
    stack.add(layers.Conv2D(3, 3, name="added"))
    inputs = keras.Input((12, 15, 6))
    table = counting.table(keras.Model(inputs, stack(inputs)))
    assert table.trainable == (3 * 3 * 4 + 1) * 3 and table[-1].trainable == table.trainable


def test_a_layer_of_which_only_some_weights_are_frozen_is_counted_but_has_no_spec():
    model = model_of(layers.Conv2D(4, 3, name="c"), layers.BatchNormalization(name="b"))
    assert specs.from_keras(model)[2].trainable  # the running mean and variance never learn
    model.get_layer("c").kernel.trainable = False
    assert counting.table(model)["c"].trainable == 4 and counting.table(model)["b"].trainable == 8
    with pytest.raises(specs.LayerError, match="layer 'c': only some of its weights are frozen"):
        specs.from_keras(model)


def test_a_layer_without_a_shape_of_its_own_gets_one_from_the_argument():
    model = model_of(layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(), layers.Dense(2), shape=(None, None, 3))
    small, large = (counting.table(model, input_shape=(n, n + 1, 3)) for n in (10, 20))
    assert small.parameters == large.parameters == model.count_params()
    assert (small[1].shape, large[1].shape) == ((8, 9, 4), (18, 19, 4))
    with pytest.raises(ValueError, match="input_shape must say the sizes that the input .* leaves open"):
        counting.table(model)


def test_a_picture_that_the_weights_do_not_fit_is_refused():
    model = model_of(layers.Flatten(), layers.Dense(2, name="d"), shape=(4, 5, 1))
    message = r"layer 'd' \(dense\): the formula gives 62 parameters .* shape \(30,\), but the layer holds 42"
    with pytest.raises(specs.LayerError, match=message):
        counting.table(model, input_shape=(5, 6, 1))


def test_a_formula_that_is_wrong_raises_instead_of_printing(monkeypatch):
    monkeypatch.setattr(counting, "weights", lambda layer, *shapes: [("1", 1, True)] if shapes else [])
    with pytest.raises(specs.LayerError, match="the formula gives 1 parameters .* but the layer holds 14"):
        counting.table(model_of(layers.Dense(2)))


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv2D(3, (2, 3), strides=(2, 1), use_bias=False),
        layers.Conv2D(4, 3, groups=2, dilation_rate=2, use_bias=False),
        layers.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False),
        layers.Conv2DTranspose(3, (2, 3), strides=2, use_bias=False),
        layers.Dense(5, use_bias=False),
    ],
)
def test_multiply_adds_are_the_entries_of_the_layers_matrix_that_are_not_zero(layer):
    model = model_of(layer, shape=(5, 6, 2))
    model.set_weights([np.ones(weight.shape) for weight in model.weights])
    unit_pictures = np.eye(5 * 6 * 2, dtype=np.float32).reshape(-1, 5, 6, 2)
    columns = model(unit_pictures).numpy()  # a linear layer is the matrix of its answers to unit pictures
    assert counting.table(model).multiply_adds == np.count_nonzero(columns)


def test_half_precision_takes_half_the_memory():
    half = model_of(layers.Conv2D(2, 3, dtype="mixed_float16"))
    assert counting.table(half)[-1].memory == 10 * 13 * 2 * 2
    assert counting.table(half, bytes_per_value=4)[-1].memory == 10 * 13 * 2 * 4
