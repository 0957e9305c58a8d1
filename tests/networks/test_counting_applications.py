"""Every network of keras.applications, built without weights: counts, shapes and receptive fields.

A network is built inside a `StatelessScope`, in which Keras notes the shapes of weights and fills none: all
forty take seconds instead of minutes and no memory.
"""

import keras
import numpy as np
import pytest
from keras.src.backend.common import global_state

from coursekit import counting, receptive_field, specs

APPLICATIONS = sorted(name for name in dir(keras.applications) if name[0].isupper())

# Millions of multiply-adds for one picture, as published, and where.
PUBLISHED_MULTIPLY_ADDS = {
    "MobileNet": 569,  # Howard et al. (2017), table 8
    "MobileNetV2": 300,  # Sandler et al. (2018), table 4
    "EfficientNetB0": 390,  # Tan and Le (2019), table 2
    "DenseNet121": 2_834,  # torchvision, DenseNet121_Weights
    "InceptionV3": 5_720,  # Zoph et al. (2018), table 2; its authors print 4.8 billion
}
# Size and stride of the last field before the global pooling: Araujo, Norris and Sim (2019), Distill.
PUBLISHED_FIELDS = {
    "VGG16": ("block5_pool", 212, 32),
    "ResNet50": ("conv5_block3_out", 483, 32),
    "ResNet101": ("conv5_block3_out", 1027, 32),
    "ResNet152": ("conv5_block3_out", 1507, 32),
    "MobileNet": ("conv_pw_13_relu", 315, 32),
    "InceptionV3": ("mixed10", 1311, 32),
    "InceptionResNetV2": ("conv_7b_ac", 3039, 32),
}


@pytest.fixture(scope="module", params=APPLICATIONS)
def application(request):
    """A network by name, its model and its table; each is built once for all tests."""
    with keras.StatelessScope():
        model = getattr(keras.applications, request.param)(weights=None)
        global_state.set_global_attribute("uninitialized_variables", [])  # or leaving the scope would fill them
    shape = None if model.input_shape[1] else (224, 224, 3)
    yield request.param, model, counting.table(model, shape), shape
    keras.backend.clear_session()


def numbers(weights):
    return sum(int(np.prod(weight.shape)) for weight in weights)


def test_counts_equal_those_of_keras(application):
    _, model, table, _ = application
    assert table.parameters == model.count_params()
    assert (table.trainable, table.non_trainable) == (
        numbers(model.trainable_weights),
        numbers(model.non_trainable_weights),
    )


def test_every_layer_counts_and_has_the_shape_that_keras_reports(application):
    _, model, table, _ = application
    for layer in model.layers:
        if not hasattr(layer, "layers"):  # the layers of a nested model have rows of their own
            row, shape = table[layer.name], tuple(layer.output.shape[1:])
            assert row.parameters == layer.count_params()
            assert None in shape or row.shape == shape


def test_the_specs_alone_give_the_same_numbers(application):
    _, model, table, shape = application
    described = counting.table(specs.from_keras(model), shape)
    assert [row.parameters for row in described] == [row.parameters for row in table]
    assert (described.multiply_adds, described.memory) == (table.multiply_adds, table.memory)


def test_multiply_adds_are_those_published(application):
    name, _, table, _ = application
    if name in PUBLISHED_MULTIPLY_ADDS:
        assert table.multiply_adds / 1e6 == pytest.approx(PUBLISHED_MULTIPLY_ADDS[name], rel=0.02)
    assert table.multiply_adds > table.parameters / 2  # each weight of a kernel is used at least once


def test_every_layer_has_a_receptive_field_and_it_is_the_one_published(application):
    name, _, counts, shape = application
    fields = receptive_field.table(application[1], shape)
    assert [row.name for row in fields] == [row.name for row in counts]
    assert fields[0].size == (1, 1) and fields[-1].stride == (0, 0)
    assert fields[-1].size == fields[0].shape[:-1]  # the classifier sees the whole picture
    if name in PUBLISHED_FIELDS:
        layer, size, stride = PUBLISHED_FIELDS[name]
        assert (fields[layer].size, fields[layer].stride) == ((size, size), (stride, stride))
