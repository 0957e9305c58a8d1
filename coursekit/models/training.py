"""Training and prediction with Keras: batches drawn from memory or disk, and a progress bar."""

import numpy as np
from tqdm.auto import tqdm

from coursekit import arguments
from coursekit.models.backend import keras, tf


def reproducible(seed=0):
    """Make all that follows repeatable: seed Python, NumPy and Keras, and let TensorFlow add in a fixed order.

    Run again on the same machine, the same code gives the same numbers; on another processor they differ in
    the last digits, which training can amplify.
    """
    keras.utils.set_random_seed(arguments.integer("seed", seed, minimum=0))
    tf.config.experimental.enable_op_determinism()


def batches(images, labels, batch_size=32, shuffle=True, seed=0):
    """Return a tf.data.Dataset of (images, labels) batches, prepared while the model computes.

    `images` is an array (n, ...), `labels` an array (n,). Only the images of two batches are in memory
    at once beside the arrays themselves, so `images` may be memory-mapped and larger than the memory.
    With `shuffle` every epoch visits all images once in a new order, which `seed` decides; without
    it the order is kept. Raises ValueError where the lengths differ or nothing is there.

    >>> [x.shape[0] for x, _ in batches(np.zeros((5, 2)), np.arange(5), batch_size=2)]
    [2, 2, 1]
    """
    images, labels = _examples(images, labels)
    batch_size = arguments.integer("batch_size", batch_size, minimum=1)
    indices = tf.data.Dataset.range(len(images))
    if shuffle:
        indices = indices.shuffle(len(images), seed=arguments.integer("seed", seed, minimum=0))

    def take(chosen):
        return np.asarray(images[chosen]), np.asarray(labels[chosen])

    def gather(chosen):
        x, y = tf.numpy_function(take, [chosen], [images.dtype, labels.dtype])
        return tf.ensure_shape(x, (None, *images.shape[1:])), tf.ensure_shape(y, (None, *labels.shape[1:]))

    counted = -(-len(images) // batch_size)
    stream = indices.batch(batch_size).map(gather).prefetch(2)
    return stream.apply(tf.data.experimental.assert_cardinality(counted))


def fit(model, train, validation=None, epochs=2, batch_size=32, seed=0, progress=True):
    """Train a compiled model in place and return its learning curves, {metric: [value of each epoch]}.

    `train` and `validation` are pairs (images, labels), arrays (n, ...) and (n,). It is Keras's own
    `model.fit` on `batches`; `progress` shows a bar with the running loss and accuracy. Raises
    ValueError for a model that is not compiled and for arrays that do not fit together.
    """
    _check_model(model, compiled=True)
    epochs = arguments.integer("epochs", epochs, minimum=1)
    stream = batches(*train, batch_size=batch_size, seed=seed)
    held_out = None if validation is None else batches(*validation, batch_size=128, shuffle=False)
    callbacks = [_Bar(epochs, len(stream))] if progress else []
    history = model.fit(stream, validation_data=held_out, epochs=epochs, callbacks=callbacks, verbose=0)
    return {name: [float(value) for value in values] for name, values in history.history.items()}


def predict(model, images, batch_size=128):
    """Return the model's outputs for images (n, ...), float32 (n, outputs), in the order of the images."""
    _check_model(model)
    stream = batches(images, np.zeros(len(images), np.int8), batch_size, shuffle=False)
    return np.concatenate([np.asarray(model(x, training=False)) for x, _ in stream])


def probabilities(scores):
    """Return softmax probabilities, shape (n, classes), of scores (logits) of that shape.

    >>> probabilities(np.array([[0.0, 0.0], [1000.0, 0.0]])).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    """
    scores = arguments.array("scores", scores, ndim=2)
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))  # the shift avoids overflow
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def activations(model, image):
    """Return every layer's output for one image (h, w, c): {layer name: array without the batch axis}."""
    _check_model(model)
    reader = keras.Model(model.inputs, [layer.output for layer in model.layers])
    outputs = reader(np.asarray(image)[None], training=False)
    return {layer.name: np.asarray(value)[0] for layer, value in zip(model.layers, outputs)}


def saliency(model, image, output):
    """Return how much each pixel moves one output: |∂ score[output] / ∂ pixel|, same shape as `image`.

    Simonyan, Vedaldi and Zisserman (2013), "Deep inside convolutional networks". `image` is (h, w, c),
    `output` the index of the score.
    """
    _check_model(model)
    output = arguments.integer("output", output, 0, model.output_shape[-1] - 1)
    pixels = tf.convert_to_tensor(np.asarray(image, np.float32)[None])
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        score = model(pixels, training=False)[0, output]
    return np.abs(tape.gradient(score, pixels).numpy()[0])


class _Bar(keras.callbacks.Callback):
    """A tqdm progress bar over all batches of all epochs."""

    def __init__(self, epochs, steps):
        super().__init__()
        self.epochs, self.steps = epochs, steps

    def on_train_begin(self, logs=None):
        layout = "{desc} {bar} {n_fmt}/{total_fmt} batches{postfix}"
        self.bar = tqdm(total=self.epochs * self.steps, desc=f"{self.epochs} epochs", bar_format=layout)

    def on_epoch_begin(self, epoch, logs=None):
        self.bar.set_description_str(f"epoch {epoch + 1}/{self.epochs}")

    def on_train_batch_end(self, batch, logs=None):
        self.bar.set_postfix_str(", ".join(f"{name} {value:.2f}" for name, value in (logs or {}).items()))
        self.bar.update()

    def on_train_end(self, logs=None):
        self.bar.close()


def _examples(images, labels):
    if len(images) != len(labels) or not len(images):
        raise ValueError("images and labels must be equally many, and at least one. "
                         f"Received: {len(images)} images, {len(labels)} labels")
    return images, np.asarray(labels)


def _check_model(model, compiled=False):
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model. Received: {arguments.shown(model)}")
    if not model.built:
        raise ValueError("model must be built: begin it with keras.Input. Received: a model without an input shape")
    if compiled and not model.compiled:
        raise ValueError("model must be compiled: call model.compile first. Received: a model that is not")
