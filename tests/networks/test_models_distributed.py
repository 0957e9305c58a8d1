"""Law of training on more than one device: two logical devices learn what one learns.

All examples make one batch here, since under a strategy mini-batches come in another order.
"""

import json
import subprocess
import sys

import numpy as np

import project

SCRIPT = """
import json
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]  # before anything runs, and importing Keras does run something
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)

import keras, numpy as np
from coursekit import models

def curve(strategy):
    models.reproducible(0)
    with strategy.scope():
        layers = [keras.Input((6, 6, 1)), keras.layers.Conv2D(3, 3, activation="relu"),
                  keras.layers.Flatten(), keras.layers.Dense(2)]
        model = keras.Sequential(layers)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.SGD(0.1), loss, metrics=["accuracy"])
        rng = np.random.default_rng(1)
        model.set_weights([rng.normal(size=w.shape) / 5 for w in model.get_weights()])
    x = np.random.default_rng(0).normal(size=(64, 6, 6, 1)).astype(np.float32)
    y = (x.mean((1, 2, 3)) > 0).astype(int)
    return models.fit(model, (x, y), epochs=4, batch_size=64, progress=False)["loss"], strategy.num_replicas_in_sync

one, two = curve(tf.distribute.get_strategy()), curve(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]))
print(json.dumps([one, two]))
"""


def test_two_devices_have_the_loss_curve_of_one():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=project.ROOT, capture_output=True, text=True, env=project.environment()
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (one, single), (two, double) = json.loads(done.stdout.splitlines()[-1])
    assert (single, double) == (1, 2) and one[-1] < one[0]
    np.testing.assert_allclose(two, one, rtol=1e-3)
