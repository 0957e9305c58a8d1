"""What a unit of a trained network answers to: the patches that excite it most, and a picture made for it."""

import numpy as np
import tensorflow as tf

from coursekit import arguments, receptive_field
from coursekit.models import training
from coursekit.models.backend import keras


def responses(model, layer, images):
    """Return the maps of one layer, called by its name, for images (n, h, w, c): (n, rows, columns, units)."""
    training.check_model(model)
    names = [one.name for one in model.layers]
    arguments.choice("layer", layer, names)
    return training.predict(keras.Model(model.inputs[0], model.get_layer(layer).output), images)


def strongest_patches(model, layer, unit, images, count=6):
    """Return the parts of `count` images that excite a unit most, each as large as its field: (count, fh, fw, c).

    One patch for each image, where the unit's map is largest, strongest first; beyond the border stands 0. The layer
    must have maps. Raises ValueError for a unit that the layer has not, and for a `count` above that of the images.
    """
    maps = responses(model, layer, images)
    unit = arguments.integer("unit", unit, 0, maps.shape[-1] - 1)
    count = arguments.integer("count", count, 1, len(images))
    row = next((row for row in receptive_field.table(model) if row.name == layer), None)
    if maps.ndim != 4 or row is None or row.size is None:
        raise ValueError(f"layer must be a layer with maps, and no model of its own. Received: {layer!r}")
    images = arguments.array("images", images)
    best = maps[..., unit].reshape(len(maps), -1)
    patches = []
    for number in np.argsort(-best.max(axis=1), kind="stable")[:count]:
        place = np.unravel_index(best[number].argmax(), maps.shape[1:3])
        patches.append(_cut(images[number], row.at(tuple(map(int, place))), row.size))
    return np.stack(patches)


def _cut(image, ends, size):
    """Return the pixels of an image (h, w, c) from the first of each pair of `ends` on, 0 beyond the border."""
    places = [np.arange(length) + (pair[0] if pair else -length) for pair, length in zip(ends, size)]
    rows, columns = (place.clip(0, side - 1) for place, side in zip(places, image.shape))
    inside = np.logical_and.outer(*((place >= 0) & (place < side) for place, side in zip(places, image.shape)))
    return np.where(inside[..., np.newaxis], image[np.ix_(rows, columns)], 0).astype(image.dtype)


def ascended(model, layer, unit, steps=60, rate=0.5, seed=0):
    """Return a picture, float32 as large as the input, that gradient ascent makes for one unit of a layer.

    It begins with weak noise and climbs the unit's mean answer; each step has the same length, every fourth is
    followed by a slight blur, without which the picture would be fine noise. Values stay between 0 and 1. Erhan,
    Bengio, Courville and Vincent (2009), "Visualizing higher-layer features of a deep network", technical report 1341,
    University of Montreal.
    """
    training.check_model(model)
    arguments.choice("layer", layer, [one.name for one in model.layers])
    reader = keras.Model(model.inputs[0], model.get_layer(layer).output)
    steps, rate = arguments.integer("steps", steps, 0), arguments.real("rate", rate, above=0)
    unit = arguments.integer("unit", unit, 0, reader.output_shape[-1] - 1)
    shape = (1, *model.input_shape[1:])
    seed = arguments.integer("seed", seed, 0)
    picture = tf.constant(np.random.default_rng(seed).uniform(0.3, 0.5, shape), tf.float32)
    blur = tf.constant(np.outer([1, 6, 1], [1, 6, 1])[..., None, None] / 64, tf.float32)
    for step in range(steps):
        with tf.GradientTape() as tape:
            tape.watch(picture)
            answer = tf.reduce_mean(reader(picture, training=False)[..., unit])
        slope = tape.gradient(answer, picture)
        picture = picture + rate * slope / (tf.norm(slope) + 1e-8)
        if step % 4 == 3:
            picture = tf.nn.depthwise_conv2d(picture, tf.repeat(blur, shape[-1], axis=2), [1, 1, 1, 1], "SAME")
        picture = tf.clip_by_value(picture, 0, 1)
    return picture.numpy()[0]


def explained_by_class(values, labels):
    """Return for each unit which share of its variance lies between classes, 0 to 1: (n, units) → (units,).

    >>> explained_by_class([[0.0, 1], [0, 2], [4, 1], [4, 2]], [0, 0, 1, 1]).tolist()
    [1.0, 0.0]
    """
    values, labels = arguments.array("values", values, ndim=2).astype(float), np.asanyarray(labels)
    if labels.shape != values.shape[:1]:
        raise ValueError(f"labels must be {len(values)}, one for each row of values. Received: shape {labels.shape}")
    if np.ma.is_masked(labels) or (labels != labels).any():  # NaN is no class
        raise ValueError("labels must name a class for each row of values. Received: NaN or masked ones among them")
    total = values.var(axis=0)
    within = sum((labels == one).mean() * values[labels == one].var(axis=0) for one in np.unique(labels))
    return 1 - np.divide(within, total, out=np.ones_like(total), where=total > 0)
