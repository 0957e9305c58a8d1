"""Laws of training on several devices: what two logical devices learn, one learns, wherever the batches are the same.

Two things make a difference, and both are shown: a strategy rewrites the pipeline of `models.batches`, whose shuffle
then draws another order, so that other examples meet in a batch; and a batch that cannot be halved, since the mean of
the means of 8 and of 7 examples is not the mean of all 15.
"""

import json
import subprocess
import sys

import numpy as np
import pytest

import project

SCRIPT = """
import json
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]  # before anything runs, and importing Keras does run something
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)

import keras, numpy as np
from coursekit import models

def network(strategy):
    models.reproducible(0)
    with strategy.scope():
        layers = [keras.Input((6, 6, 1)), keras.layers.Conv2D(3, 3, activation="relu"),
                  keras.layers.Flatten(), keras.layers.Dense(2)]
        model = keras.Sequential(layers)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.SGD(0.1), loss, metrics=["accuracy"])
        rng = np.random.default_rng(1)
        model.set_weights([rng.normal(size=w.shape) / 5 for w in model.get_weights()])
    return model

def curve(strategy, n, batch_size, shuffle):
    model = network(strategy)
    x = np.random.default_rng(0).normal(size=(n, 6, 6, 1)).astype(np.float32)
    y = (x.mean((1, 2, 3)) > 0).astype(int)
    if shuffle:
        return models.fit(model, (x, y), epochs=3, batch_size=batch_size, progress=False)["loss"]
    stream = models.batches(x, y, batch_size, shuffle=False)
    return model.fit(stream, epochs=3, verbose=0, shuffle=False).history["loss"]

one, two = tf.distribute.get_strategy(), tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
cases = {"whole": (64, 64, True), "batches": (64, 16, False), "uneven": (63, 16, False), "shuffled": (64, 16, True)}
print(json.dumps({name: [curve(one, *case), curve(two, *case)] for name, case in cases.items()}
                 | {"devices": [one.num_replicas_in_sync, two.num_replicas_in_sync]}))
"""


@pytest.fixture(scope="module")
def curves():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=project.ROOT, capture_output=True, text=True, env=project.environment()
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found.pop("devices") == [1, 2] and all(one[-1] < one[0] for one, _ in found.values())
    return found


@pytest.mark.parametrize("case", ["whole", "batches"])
def test_two_devices_have_the_loss_curve_of_one(curves, case):
    np.testing.assert_allclose(*curves[case], rtol=1e-5)


@pytest.mark.parametrize(("case", "most"), [("uneven", 0.01), ("shuffled", 0.05)])
def test_a_batch_that_cannot_be_halved_and_another_order_change_the_curve_a_little(curves, case, most):
    one, two = curves[case]
    np.testing.assert_allclose(one, two, rtol=most)
    assert not np.allclose(one, two, rtol=1e-5)
